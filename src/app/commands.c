/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The verbs: one row each with what it needs, its help and an example. Help and manual are made from it. */
#include "app/app.h"

#include "audit/audit.h"
#include "edition/edition.h"
#include "league/store.h"
#include "openrosa/openrosa.h"

extern char **environ;

static StoreFaults found;            /* of the check running: a process runs one */

static Err audit_run(Cli *c, Db *db)
{
    int64_t count = 0, bad = 0;
    TRY(audit_verify(db, c->a, &count, &bad));
    if (bad)
        *list_add(c->a, &found) = arena_fmt(c->a, "audit record %lld does not fit the chain", (long long)bad);
    return OK;
}

static Err audit_all(Cli *c, Db *db)
{
    TRY(audit_run(c, db));
    return checkpoint_check(db, c->a, c->in, &found);
}

/* Everything that is stored against everything it must agree with. */
static Err check_run(Cli *c, Db *db)
{
    TRY(audit_all(c, db));
    TRY(collect_check(db, c->in->store, c->a, &c->in->info, &found));
    TRY(openrosa_check(db, c->in->store, c->a, &found));
    TRY(edition_check(db, c->in->store, c->a, &found));
    return league_check(db, c->in->store, c->a, &found);
}

static Err command_check(Cli *c)
{
    TRY(store_check(c->in->store, c->a, &found));
    if (!found.len)
        TRY(cli_db(c, false, check_run));
    return faults_say(c, &found, "check");
}

static Err command_audit_verify(Cli *c)
{
    TRY(cli_db(c, false, audit_all));
    return faults_say(c, &found, "audit");
}

static Err command_migrate(Cli *c)
{
    int n;
    TRY(store_migrate(c->in->store, c->a, &n));
    TRY(instance_fill(c->a, c->in));
    if (c->json)
        buf_fmt(&c->out, "{\"applied\":%d}\n", n);
    else
        buf_fmt(&c->out, "%d migrations applied\n", n);
    return OK;
}

static Err load_config(Cli *c, Config *out)
{
    StrList files = { 0 };
    for (size_t i = 0; i < c->config_files.len; i++)
        *list_add(c->a, &files) = c->config_files.at[i];
    if (c->dir.len)
        *list_add(c->a, &files) = str_concat(c->a, c->dir, S("/thuocdo.conf"));
    return config_load(c->a, &files, environ, &c->flags, out);
}

static Err command_config_show(Cli *c)
{
    Config config;
    TRY(load_config(c, &config));
    config_show(&config, c->json, &c->out);
    return OK;
}

static Err command_config_test(Cli *c)
{
    Config config;
    TRY(load_config(c, &config));
    buf_fmt(&c->out, c->json ? "{\"ok\":true}\n" : "configuration: good\n");
    return OK;
}

/* Every row of every route table as GET and POST see it: what the browser tests must have visited. */
static Err command_routes(Cli *c)
{
    say_list_open(c);
    for (size_t i = 0; i < app_mount_count; i++)
        for (const Route *r = app_mounts[i].routes; r->path; r++) {
            say_open(c);
            say_str(c, "method", r->method == GET ? S("GET") : S("POST"));
            say_str(c, "path", str_concat(c->a, str_from_c(app_mounts[i].prefix), str_from_c(r->path)));
            say_str(c, "right", r->right == RIGHT_PUBLIC ? S("public") : r->right == RIGHT_SIGNED_IN ? S("signed-in") : right_code(r->right));
            say_close(c);
        }
    say_list_close(c);
    return OK;
}

static const Command commands[] = {
    { "init", "", "demo", CMD_OWN, command_init, "Create a data folder; --demo fills it with the demonstration", "thuocdo init --data demo-data --demo" },
    { "serve", "", "", CMD_OWN, command_serve, "Run the server", "thuocdo serve --data demo-data --listen 127.0.0.1:8080" },
    { "migrate", "", "", CMD_ALONE, command_migrate, "Bring the database to this version", "thuocdo migrate --data DIR" },
    { "check", "", "", CMD_READ, command_check, "Verify database, files, chains and editions; exit 0 when whole", "thuocdo check --data DIR" },
    { "config show", "", "", CMD_NONE, command_config_show, "Every setting with its value, where it comes from and what it means",
          "thuocdo config show --data DIR" },
    { "config test", "", "", CMD_NONE, command_config_test, "Check the configuration; exit 78 when it is wrong", "thuocdo config test --data DIR" },
    { "routes", "", "", CMD_NONE, command_routes, "Every address the program answers, with the right it needs", "thuocdo routes --json" },
    { "audit verify", "", "", CMD_READ, command_audit_verify, "Walk the chain of the audit record", "thuocdo audit verify --data DIR" },
    { "user add", "LOGIN", "name=TEXT role=ROLE unit=KIND:CODE", CMD_CHANGE, command_user_add,
      "Make an account and print its invitation; without --unit the role holds everywhere",
              "thuocdo user add lan --name 'Lê Thị Lan' --role officer --unit province:52 --data DIR" },
    { "user list", "", "", CMD_READ, command_user_list, "Accounts with their roles", "thuocdo user list --data DIR --json" },
    { "user reset", "LOGIN", "", CMD_CHANGE, command_user_reset,
          "Print a one-time link to set the password (30 minutes; 24 hours for an account that never had one)", "thuocdo user reset lan --data DIR" },
    { "user mfa-reset", "LOGIN", "", CMD_CHANGE, command_user_mfa_reset, "Take the second factor away; it is asked for anew at the next sign-in",
          "thuocdo user mfa-reset lan --data DIR" },
    { "user disable", "LOGIN", "", CMD_CHANGE, command_user_disable, "Refuse sign-in and end every session at once", "thuocdo user disable lan --data DIR" },
    { "user enable", "LOGIN", "", CMD_CHANGE, command_user_enable, "Let a disabled account sign in again", "thuocdo user enable lan --data DIR" },
    { "user code", "LOGIN", "", CMD_READ, command_user_code, "Print the current second-factor code of a demonstration account",
          "thuocdo user code quantri --data demo-data" },
    { 0 },
};

const Command *command_at(size_t i)
{
    const Command *const tables[] = {
        commands,
        backup_commands,
        unit_commands,
        survey_commands,
        code_commands,
        paper_commands,
        quality_commands,
        sample_commands,
        analysis_commands,
        stats_commands,
        field_commands,
        index_commands,
        mail_commands,
        season_commands,
        service_commands,
        report_commands,
    };
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (const Command *row = tables[t]; row->verbs; row++)
            if (i-- == 0)
                return row;
    return NULL;
}
