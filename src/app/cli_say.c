/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What commands share: a connection in a transaction, the audit record of a change, output as text or JSON. */
#include "app/app.h"

#include <pwd.h>
#include <unistd.h>

Err cli_db(Cli *c, bool write, Err (*act)(Cli *c, Db *db))
{
    Db *db;
    TRY(store_take(c->in->store, c->a, &db));
    Err e = write ? db_begin_write(db) : db_begin_read(db);
    if (!e)
        e = act(c, db);
    if (!e)
        e = db_commit(db);
    store_give(c->in->store, &db);
    return e;
}

Str cli_base(Cli *c)
{
    if (c->in->info.public_url.len)
        return c->in->info.public_url;
    Str  url, listen = config_str(&c->in->config, "http.listen");
    /* The usual address is said as people type it, design of forms, 5.1. */
    bool anywhere = str_starts(listen, S("0.0.0.0:")) || str_starts(listen, S("[::]:")) || str_eq(listen, S("127.0.0.1:8080"));
    url = str_concat(c->a, S("http://"), anywhere ? str_concat(c->a, S("localhost:"), str_cut_last(listen, ':').tail) : listen);
    buf_fmt(&c->err, "http.public_url is not set: links start with %.*s, which other machines may not reach\n", STR_ARG(url));
    return url;
}

Err cli_audit(Cli *c, Db *db, Str action, Str noun, int64_t id, UnitId unit)
{
    return cli_audit_with(c, db, action, noun, id, unit, S(""));
}

Err cli_audit_with(Cli *c, Db *db, Str action, Str noun, int64_t id, UnitId unit, Str detail)
{
    char           room[1024];
    struct passwd  entry, *found = NULL;
    Str            name = S("?");
    if (getpwuid_r(getuid(), &entry, room, sizeof room, &found) == 0 && found)
        name = arena_str(c->a, str_from_c(entry.pw_name));
    AuditEvent e = { .at = time_now(), .actor_name = str_concat(c->a, S("command line: "), name), .unit = unit, .action = action,
                     .object = arena_fmt(c->a, "%.*s:%lld", STR_ARG(noun), (long long)id), .detail = detail };
    return audit_append(db, c->a, &e);
}

/* listed: 0 outside a list, else one more than the objects written. */
void say_list_open(Cli *c)
{
    c->listed = 1;
    if (c->json)
        buf_byte(&c->out, '[');
}

void say_list_close(Cli *c)
{
    if (c->json)
        buf_lit(&c->out, "]\n");
    c->listed = 0;
}

void say_open(Cli *c)
{
    if (c->json)
        buf_add(&c->out, c->listed > 1 ? S(",\n{") : S("{"));
    c->said = 0;
}

static void key_before(Cli *c, const char *key)
{
    if (c->json) {
        if (c->said)
            buf_byte(&c->out, ',');
        buf_json_str(&c->out, str_from_c(key));
        buf_byte(&c->out, ':');
    } else if (c->said) {
        buf_byte(&c->out, '\t');
    }
    c->said++;
}

void say_str(Cli *c, const char *key, Str value)
{
    key_before(c, key);
    if (c->json)
        buf_json_str(&c->out, value);
    else
        buf_add(&c->out, value.len ? value : S("-"));
}

void say_int(Cli *c, const char *key, int64_t value)
{
    key_before(c, key);
    buf_i64(&c->out, value);
}

void say_close(Cli *c)
{
    if (c->json)
        buf_byte(&c->out, '}');
    if (!c->json || !c->listed)
        buf_byte(&c->out, '\n');
    c->listed += c->listed > 0;
}
