/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demonstration: accounts for every role, rounds and editions on simulated answers. Everything simulated says so. */
#include "app/app.h"

#include "collect/collect.h"
#include "edition/edition.h"

#include <stdio.h>

static void say(const Cli *c, const char *what)
{
    if (!c->quiet && !c->json)
        fprintf(stderr, "  %s\n", what);
}

static Str sign_in_text(Cli *c, const DemoPeople *people)
{
    Buf b = buf_new(c->a, 4096);
    for (size_t i = 0; i < people->len; i++) {
        const DemoPerson *p = &people->at[i];
        buf_fmt(&b, "  %-20.*s %-20.*s %.*s\n", STR_ARG(p->login), STR_ARG(p->password), STR_ARG(p->name));
    }
    buf_fmt(&b, "\n  The second factor of an account is printed by:  build/thuocdo user code LOGIN --data %.*s\n", STR_ARG(c->in->dir));
    return buf_str(&b);
}

static Err demo_people(Cli *c, Db *db)
{
    DemoPeople people = { 0 };
    uint8_t    key[32];
    Unit       province;
    Time       now = time_now();
    app_key(&c->in->info, "totp", key);
    TRY(unit_by_code(db, c->a, UNIT_PROVINCE, S("52"), date_of(now), &province));
    TRY(person_create_demo(db, c->a, key, (UnitId){ UNIT_ROOT }, province.id, date_of(now), now, &people));
    return write_file(c->a, str_concat(c->a, c->in->dir, S("/sign-in.txt")), sign_in_text(c, &people), 0600);
}

Err demo_fill(Cli *c)
{
    say(c, "accounts");
    return cli_db(c, true, demo_people);
}
