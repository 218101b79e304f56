/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo device …, round rederive: phones of interviewers from the command line. */
#include "app/app.h"
#include "openrosa/openrosa.h"

enum { AFTER_CLOSE_DAYS = 30 };

/* As text: programs that read JSON numbers as doubles would round it. */
static Str id_text(Cli *c, DeviceId id)
{
    return arena_fmt(c->a, "%lld", (long long)id.v);
}

/* --from and --to are days; without --to a phone may send until some weeks after the round closes. */
static Err read_period(Cli *c, const Round *r, Date today, Device *d)
{
    d->from = today;
    d->to   = r->closes_at.ms ? (Date){ date_of(r->closes_at).day + AFTER_CLOSE_DAYS } : DATE_NONE;
    if (cli_has(c, "from") && (!date_parse(cli_option(c, "from"), &d->from) || date_is_none(d->from)))
        return err_new(c->a, ERR_INVALID, S("--from is a day such as 2026-11-22"));
    if (cli_has(c, "to") && !date_parse(cli_option(c, "to"), &d->to))
        return err_new(c->a, ERR_INVALID, S("--to is a day such as 2026-12-31"));
    return date_is_none(d->to) || d->to.day >= d->from.day ? OK : err_new(c->a, ERR_INVALID, S("--to lies before --from"));
}

static Err read_names(Cli *c, Db *db, Device *d)
{
    Person p;
    Str    name = cli_has(c, "name") ? cli_option(c, "name") : S("");
    if (cli_has(c, "login")) {
        TRY(person_by_login(db, c->a, cli_option(c, "login"), &p));
        d->person = p.id;
        d->login  = p.login;
        name      = name.len ? name : p.name;
    }
    if (!text_clean(c->a, name.len ? name : S("Điện thoại"), &d->name) || utf8_count(d->name) > 100)
        return err_new(c->a, ERR_INVALID, S("--name is no clean text of at most 100 characters"));
    return OK;
}

static Err add_run(Cli *c, Db *db)
{
    Round  r;
    Device d   = { 0 };
    Str    key = S("");
    Time   now = time_now();
    bool   by_account = cli_has(c, "basic"), taken;
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    if (round_state_at(&r, now) == ROUND_CLOSED || r.state == ROUND_PUBLISHED)
        return err_new(c->a, ERR_CONFLICT, S("the round is closed"));
    TRY(form_takes(db, c->in->store, c->a, r.form, FORM_FIELD, &taken));
    if (!taken)
        return err_new(c->a, ERR_CONFLICT, S("the questionnaire's td_channels does not name field, so phones are not given it"));
    TRY(read_names(c, db, &d));
    TRY(read_period(c, &r, date_of(now), &d));
    if (by_account && !d.person.v)
        return err_new(c->a, ERR_INVALID, S("--basic needs --login"));
    TRY(device_add(db, c->a, r.id, &d, (PersonId){ 0 }, now, by_account ? NULL : &key));
    TRY(cli_audit(c, db, S("device.add"), S("device"), d.id.v, r.owner));
    say_open(c);
    say_str(c, "id", id_text(c, d.id));
    say_str(c, "round", r.code);
    say_str(c, "name", d.name);
    say_str(c, "url", by_account ? str_concat(c->a, cli_base(c), S("/openrosa")) : device_url(c->a, cli_base(c), key));
    say_close(c);
    return OK;
}

static Err list_run(Cli *c, Db *db)
{
    Round      r;
    DeviceRows rows;
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    TRY(device_list(db, c->a, r.id, &rows));
    say_list_open(c);
    for (size_t i = 0; i < rows.len; i++) {
        const Device *d = &rows.at[i];
        say_open(c);
        say_str(c, "id", id_text(c, d->id));
        say_str(c, "name", d->name);
        say_str(c, "state", device_state_code(device_state(d, date_of(time_now()))));
        say_str(c, "login", d->login);
        say_str(c, "from", date_iso(c->a, d->from));
        say_str(c, "to", date_iso(c->a, d->to));
        say_str(c, "seen_at", d->seen_at.ms ? time_iso(c->a, d->seen_at) : S(""));
        say_close(c);
    }
    say_list_close(c);
    return OK;
}

static Err revoke_run(Cli *c, Db *db)
{
    Device   d;
    DeviceId id = { 0 };
    if (!str_to_i64(cli_arg(c, 0), &id.v))
        return err_new(c->a, ERR_INVALID, S("ID is the number that device list shows"));
    TRY(device_load(db, c->a, id, &d));
    TRY(device_revoke(db, c->a, id, (PersonId){ 0 }, cli_has(c, "reason") ? cli_option(c, "reason") : S("command line"), time_now()));
    TRY(cli_audit(c, db, S("device.revoke"), S("device"), id.v, (UnitId){ UNIT_ROOT }));
    say_open(c);
    say_str(c, "id", id_text(c, id));
    say_str(c, "state", S("revoked"));
    say_close(c);
    return OK;
}

static Err rederive_run(Cli *c, Db *db)
{
    Round          r;
    RederiveResult done;
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    TRY(openrosa_rederive(db, c->in->store, c->a, &c->in->info, &r, &done));
    TRY(cli_audit(c, db, S("round.rederive"), S("round"), r.id.v, r.owner));
    say_open(c);
    say_str(c, "round", r.code);
    say_int(c, "records", done.records);
    say_int(c, "changed", done.changed);
    say_close(c);
    return OK;
}

static Err device_add_command(Cli *c) { return cli_db(c, true, add_run); }
static Err device_list_command(Cli *c) { return cli_db(c, false, list_run); }
static Err device_revoke_command(Cli *c) { return cli_db(c, true, revoke_run); }
static Err rederive_command(Cli *c) { return cli_db(c, true, rederive_run); }

const Command field_commands[] = {
    { "device add", "ROUND", "name=TEXT login=LOGIN from=DAY to=DAY basic", CMD_CHANGE, device_add_command,
      "Add an interviewer's phone to a round and print its address once; --basic: it signs in with its account instead of a key",
      "thuocdo device add mot-cua --name 'Máy 07' --data DIR --json" },
    { "device list", "ROUND", "", CMD_READ, device_list_command, "Phones of a round", "thuocdo device list mot-cua --data DIR" },
    { "device revoke", "ID", "reason=TEXT", CMD_CHANGE, device_revoke_command,
      "Refuse a phone from its next request on", "thuocdo device revoke 12 --data DIR" },
    { "round rederive", "CODE", "", CMD_CHANGE, rederive_command,
      "Make answers, findings and times of what phones sent anew from the bytes; changed is 0 when all are as before",
      "thuocdo round rederive mot-cua --data DIR" },
    { 0 },
};
