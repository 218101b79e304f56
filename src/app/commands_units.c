/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo unit …: units of any day from the command line. */
#include "app/app.h"
#include "org/unit_import.h"

static Err day_option(Cli *c, Date *out)
{
    *out = date_of(time_now());
    if (cli_has(c, "on") && !date_parse(cli_option(c, "on"), out))
        return err_new(c->a, ERR_INVALID, S("--on is a day such as 2026-11-22"));
    return OK;
}

static void say_unit(Cli *c, const Unit *u)
{
    say_open(c);
    say_int(c, "id", u->id.v);
    say_str(c, "kind", unit_kind_code(u->kind));
    say_str(c, "code", u->code);
    say_str(c, "name", u->name_vi);
    say_str(c, "subtype", u->subtype);
    say_str(c, "from", date_iso(c->a, u->from));
    say_str(c, "to", date_iso(c->a, u->to));
    say_close(c);
}

static void say_units(Cli *c, const Units *units)
{
    say_list_open(c);
    for (size_t i = 0; i < units->len; i++)
        say_unit(c, &units->at[i]);
    say_list_close(c);
}

static Err list_run(Cli *c, Db *db)
{
    Units    units;
    Date     on;
    UnitKind kind = UNIT_PROVINCE;
    TRY(day_option(c, &on));
    if (cli_arg(c, 0).len) {
        for (kind = 0; kind < UNIT_KIND_COUNT && !str_eq(unit_kind_code(kind), cli_arg(c, 0)); kind++) {}
        if (kind == UNIT_KIND_COUNT)
            return err_new(c->a, ERR_INVALID, S("a kind is nation, ministry, province, district, commune, department or other"));
    }
    TRY(unit_list(db, c->a, kind, on, &units));
    say_units(c, &units);
    return OK;
}

static Err search_run(Cli *c, Db *db)
{
    Units units;
    Date  on;
    TRY(day_option(c, &on));
    TRY(unit_search(db, c->a, cli_arg(c, 0), on, 50, &units));
    say_units(c, &units);
    return OK;
}

static Err show_run(Cli *c, Db *db)
{
    Unit    u;
    Date    on;
    int64_t id;
    TRY(day_option(c, &on));
    if (!str_to_i64(cli_arg(c, 0), &id))
        return err_new(c->a, ERR_INVALID, S("a unit is named by its number, see: thuocdo unit search NAME"));
    TRY(unit_load(db, c->a, (UnitId){ id }, on, &u));
    say_unit(c, &u);
    return OK;
}

static void say_faults(Cli *c, const UnitImport *import)
{
    say_list_open(c);
    for (size_t i = 0; i < import->plan.faults.len; i++) {
        const UnitFault *f = &import->plan.faults.at[i];
        say_open(c);
        say_int(c, "line", f->line);
        say_int(c, "column", f->column);
        say_str(c, "message", unit_fault_text(c->a, LANG_VI, f));
        say_close(c);
    }
    say_list_close(c);
}

static Err import_run(Cli *c, Db *db)
{
    Str        bytes;
    UnitImport import = { 0 };
    TRY(slurp(c->a, cli_arg(c, 0), 64 << 20, &bytes));
    TRY(unit_import_try(db, c->a, bytes, (UnitId){ UNIT_ROOT }, &import));
    if (import.plan.faults.len) {
        say_faults(c, &import);
        c->exit = 65;
        return OK;
    }
    if (!cli_has(c, "dry-run")) {
        TRY(unit_plan_save(db, &import.plan));
        TRY(cli_audit(c, db, S("unit.import"), S("unit"), UNIT_ROOT, (UnitId){ UNIT_ROOT }));
    }
    say_open(c);
    say_int(c, "created", import.count[UNIT_IMPORT_CREATE]);
    say_int(c, "changed", import.count[UNIT_IMPORT_CHANGE]);
    say_int(c, "merged", import.count[UNIT_IMPORT_MERGE]);
    say_int(c, "ended", import.count[UNIT_IMPORT_END]);
    say_int(c, "same", import.count[UNIT_IMPORT_SAME]);
    say_close(c);
    return OK;
}

static Err export_run(Cli *c, Db *db)
{
    Date on;
    Str  text;
    TRY(day_option(c, &on));
    TRY(unit_export(db, c->a, UNIT_KIND_COUNT, on, LANG_VI, &text));
    buf_add(&c->out, text);
    return OK;
}

static Err merge_run(Cli *c, Db *db)
{
    Date    on;
    UnitId  old[64], id;
    size_t  n = 0;
    TRY(day_option(c, &on));
    for (size_t i = 0; i < c->args.len && n < COUNT_OF(old); i++, n++)
        if (!str_to_i64(c->args.at[i], &old[n].v))
            return err_fmt(c->a, ERR_INVALID, "\"%.*s\" is no number of a unit", STR_ARG(c->args.at[i]));
    Unit first;
    TRY(unit_load(db, c->a, old[0], on, &first));
    UnitDraft into = { .kind = first.kind, .parent = first.parent, .code = cli_option(c, "code"), .name_vi = cli_option(c, "name"),
                       .name_en = cli_option(c, "name-en"), .full_name_vi = cli_option(c, "full-name"), .subtype = first.subtype,
                       .source = cli_option(c, "source") };
    TRY(unit_merge(db, c->a, old, n, &into, (UnitId){ 0 }, on, &id));
    TRY(cli_audit(c, db, S("unit.merge"), S("unit"), id.v, id));
    say_open(c);
    say_int(c, "id", id.v);
    say_close(c);
    return OK;
}

static Err unit_list_command(Cli *c) { return cli_db(c, false, list_run); }
static Err unit_search_command(Cli *c) { return cli_db(c, false, search_run); }
static Err unit_show_command(Cli *c) { return cli_db(c, false, show_run); }
static Err unit_export_command(Cli *c) { return cli_db(c, false, export_run); }
static Err unit_import_command(Cli *c) { return cli_db(c, true, import_run); }
static Err unit_merge_command(Cli *c) { return cli_db(c, true, merge_run); }

const Command unit_commands[] = {
    { "unit list", "[KIND]", "on=DAY", CMD_READ, unit_list_command, "Units of one kind (provinces by default) on a day",
          "thuocdo unit list ministry --on 2024-01-01 --data DIR" },
    { "unit search", "TEXT", "on=DAY", CMD_READ, unit_search_command, "Units by name, with or without marks, old names too",
          "thuocdo unit search 'bac giang' --data DIR" },
    { "unit show", "ID", "on=DAY", CMD_READ, unit_show_command, "One unit as it was on a day", "thuocdo unit show 34024 --on 2025-07-01 --data DIR" },
    { "unit export", "", "on=DAY", CMD_READ, unit_export_command, "All units of a day as CSV", "thuocdo unit export --data DIR" },
    { "unit import", "FILE.csv", "dry-run", CMD_CHANGE, unit_import_command, "Carry out a list of changes, as a whole or not at all",
          "thuocdo unit import units.csv --dry-run --data DIR" },
    { "unit merge", "ID ID", "on=DAY code=C name=N name-en=N full-name=N source=S", CMD_CHANGE, unit_merge_command,
          "Merge units into a new one from a day on", "thuocdo unit merge 1 2 --on 2027-01-01 --code 99 --name 'Tên mới' --data DIR" },
    { 0 },
};
