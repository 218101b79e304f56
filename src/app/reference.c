/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every new data folder holds: the units, published figures, and a way in for the first administrator. */
#include "app/app.h"
#include "form/form.h"
#include "indices/indices.h"

#include <stdio.h>

static void seen(void *by, Str file, int64_t rows)
{
    const Cli *c = by;
    if (!c->quiet && !c->json)
        fprintf(stderr, "  %.*s: %lld rows\n", STR_ARG(file), (long long)rows);
}

/* The questionnaires shipped with the program, so that a first round can be made at once. */
static Err load_forms(Cli *c, Db *db)
{
    const ShippedForm *all;
    size_t             n = form_shipped(&all);
    for (size_t i = 0; i < n; i++) {
        FormIssues issues = { 0 };
        FormId     id;
        TRY(form_save_xlsx(db, c->in->store, c->a, all[i].bytes, (UnitId){ UNIT_ROOT }, (PersonId){ 0 }, time_now(), &issues, &id));
    }
    seen(c, S("forms"), (int64_t)n);
    return OK;
}

static Err load_reference(Cli *c, Db *db)
{
    TRY(unit_load_reference(db, c->a, seen, c));
    TRY(indices_load_published(db, c->a));
    return load_forms(c, db);
}

Err init_reference(Cli *c)
{
    return cli_db(c, true, load_reference);
}

static Err invite(Cli *c, Db *db)
{
    Str         token;
    PersonDraft d = { .login = S("admin"), .name = S("Quản trị hệ thống"), .unit = { UNIT_ROOT }, .lang = LANG_VI };
    Time        now = time_now();
    TRY(person_invite_first_admin(db, c->a, &d, date_of(now), now, &token));
    Str url = cli_base(c);
    buf_fmt(&c->out, c->json ? "{\"login\":\"admin\",\"link\":\"%.*s/reset/%.*s\"}\n"
                             : "Account admin; set its password within 24 hours at %.*s/reset/%.*s\n", STR_ARG(url), STR_ARG(token));
    return OK;
}

Err init_first_admin(Cli *c)
{
    return cli_db(c, true, invite);
}
