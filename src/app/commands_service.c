/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo service …: counters of the live index of service quality. */
#include "app/app.h"
#include "service/service.h"

static Err recompute_run(Cli *c, Db *db)
{
    ServiceRecount r;
    bool           check = cli_has(c, "check");
    TRY(service_recompute(db, c->a, check, &r));
    say_open(c);
    say_int(c, "files", r.files);
    say_int(c, "events", r.events);
    say_int(c, "rows", r.rows);
    say_int(c, "differing", r.differing);
    say_close(c);
    if (r.differing && check)
        c->exit = 65;
    return OK;
}

/* Only where no agency has sent events: every page then says that figures are simulated. */
static Err generate_run(Cli *c, Db *db)
{
    uint8_t key[32];
    int64_t files = 0, seed = 1, events;
    if (!str_to_i64(cli_option(c, "files"), &files) || files < 1 || files > 100000000)
        return err_new(c->a, ERR_INVALID, S("--files is a number from 1 to 100000000"));
    if (cli_has(c, "seed") && !str_to_i64(cli_option(c, "seed"), &seed))
        return err_new(c->a, ERR_INVALID, S("--seed is a number"));
    app_key(&c->in->info, SERVICE_FILE_KEY, key);
    TRY(service_generate(db, c->a, key, files, (uint64_t)seed, date_of(time_now()), &events));
    say_open(c);
    say_int(c, "files", files);
    say_int(c, "events", events);
    say_close(c);
    return OK;
}

/* A key for a system that sends events; it is shown this once. */
static Err token_run(Cli *c, Db *db)
{
    ServiceToken t = { .made_at = time_now() };
    Str          key;
    if (!text_clean(c->a, cli_arg(c, 0), &t.name) || !t.name.len || t.name.len > 200)
        return err_new(c->a, ERR_INVALID, S("NAME is a clean text of at most 200 letters"));
    TRY(cli_unit_option(c, db, date_of(t.made_at), &t.unit));
    TRY(service_token_add(db, c->a, &t, (PersonId){ 0 }, &key));
    TRY(cli_audit(c, db, S("service_token.add"), S("service_token"), t.id, t.unit));
    say_open(c);
    say_str(c, "key", key);
    say_close(c);
    return OK;
}

static Err token_command(Cli *c) { return cli_db(c, true, token_run); }
/* One chunk a transaction: answers and other agencies go on in between. */
static Err import_chunks(Cli *c, Db *db, EventsCsv *csv, UnitId unit, ServiceImport *done)
{
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 28);
    uint8_t key[32];
    Err     e = OK;
    app_key(&c->in->info, SERVICE_FILE_KEY, key);
    for (bool more = true; more && !e; arena_reset(&work, (size_t)1 << 22)) {
        TRY(db_begin_write(db));
        e = service_import_some(db, c->a, &work, csv, unit, key, date_of(time_now()), done, &more);
        if (!e)
            e = db_commit(db);
        else
            db_rollback(db);
    }
    return e;
}

static Err import_say(Cli *c, Db *db, const ServiceImport *done, UnitId unit, Str bytes)
{
    TRY(db_begin_write(db));
    TRY(cli_audit_with(c, db, S("service_file.send"), S("unit"), unit.v, unit, service_import_json(c->a, done, str_cut_last(cli_arg(c, 0), '/').tail, bytes)));
    TRY(db_commit(db));
    say_open(c);
    say_int(c, "accepted", done->accepted);
    say_int(c, "duplicate", done->duplicate);
    say_int(c, "rejected", done->rejected);
    say_close(c);
    for (size_t i = 0; i < done->faults.len; i++)
        buf_fmt(&c->err, "%.*s:%d: %.*s%s%.*s\n", STR_ARG(cli_arg(c, 0)), done->faults.at[i].line, STR_ARG(done->faults.at[i].name),
                done->faults.at[i].name.len ? ": " : "", STR_ARG(text_find(LANG_VI, done->faults.at[i].reason)));
    c->exit = done->rejected ? 65 : 0;
    return OK;
}

static Err import_run(Cli *c, Arena *room)
{
    Db           *db;
    EventsCsv    *csv;
    Str           bytes, why;
    UnitId        unit = { UNIT_ROOT };
    ServiceImport done = { 0 };
    TRY(slurp(room, cli_arg(c, 0), (int64_t)256 << 20, &bytes));
    if (!service_csv_open(c->a, LANG_VI, bytes, &csv, &why))
        return err_new(c->a, ERR_INVALID, why);
    TRY(store_take(c->in->store, c->a, &db));
    Err e = db_begin_read(db);
    if (!e)
        e = cli_unit_option(c, db, date_of(time_now()), &unit);
    if (!e)
        e = db_commit(db);
    if (!e)
        e = import_chunks(c, db, csv, unit, &done);
    if (!e)
        e = import_say(c, db, &done, unit, bytes);
    store_give(c->in->store, &db);
    if (!e && service_csv_refused(c->a, LANG_VI, csv, &why))
        return err_new(c->a, ERR_INVALID, why);
    return e;
}

static Err import_command(Cli *c)
{
    Arena room = arena_open((size_t)1 << 30);
    Err   e    = import_run(c, &room);
    if (e)
        e = err_make(c->a, e->kind, arena_str(c->a, e->detail), e->file, e->line);
    arena_close(&room);
    return e;
}

static Err generate_command(Cli *c) { return cli_db(c, true, generate_run); }
static Err recompute_command(Cli *c) { return cli_db(c, true, recompute_run); }

const Command service_commands[] = {
    { "service recompute", "", "check", CMD_CHANGE, recompute_command,
      "Count everything anew from the events of all files and put right counters that differ; --check only tells, and ends with 65 when some do",
      "thuocdo service recompute --check" },
    { "service token", "NAME", "unit=KIND:CODE", CMD_CHANGE, token_command,
      "A key for a system that sends events of a unit and of those below it; shown this once, taken back in the console",
      "thuocdo service token 'Cổng dịch vụ công Gia Lai' --unit province:52" },
    { "service import", "FILE.csv", "unit=KIND:CODE", CMD_CHANGE, import_command,
      "Events of a CSV file (headings as in the console's template) of a unit and of those below it; the same file again changes nothing; "
      "rows that are refused are named and the command ends with 65",
      "thuocdo service import su-kien.csv --unit province:52" },
    { "service generate", "", "files=NUMBER seed=NUMBER", CMD_CHANGE, generate_command,
      "Simulated events of the last ninety days, where no agency has sent any; pages say so; the same seed gives the same files",
      "thuocdo service generate --files 100000 --seed 7" },
    { 0 },
};
