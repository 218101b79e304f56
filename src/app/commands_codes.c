/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo code …: one-time codes of a round, a handful or millions. */
#include "app/app.h"
#include "collect/collect.h"

static Err until_option(Cli *c, Date *out)
{
    *out = DATE_NONE;
    if (cli_has(c, "until") && !date_parse(cli_option(c, "until"), out))
        return err_new(c->a, ERR_INVALID, S("--until is a day such as 2026-12-31"));
    return OK;
}

/* Takes the writer piece by piece, so that answers go on being stored; hence no cli_db. */
static Err make_in(Cli *c, Db *db)
{
    Round     r;
    int64_t   batch = 0;
    CodeOrder o     = { .label = cli_option(c, "label") };
    if (!o.label.len)
        o.label = date_iso(c->a, date_of(time_now()));
    TRY(until_option(c, &o.valid_to));
    if (!str_to_i64(cli_option(c, "count"), &o.count))
        return err_new(c->a, ERR_INVALID, S("--count is a number"));
    if (cli_has(c, "unit") && !str_to_i64(cli_option(c, "unit"), &o.unit.v))
        return err_new(c->a, ERR_INVALID, S("--unit is the number of a unit"));
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    o.round = r.id;
    TRY(codes_make(db, c->a, &c->in->info, &o, cli_base(c), time_now(), &c->out, &batch));
    TRY(db_begin_write(db));
    TRY(cli_audit(c, db, S("round.codes_make"), S("round"), r.id.v, r.owner));
    return db_commit(db);
}

static Err code_make_command(Cli *c)
{
    Db *db;
    TRY(store_take(c->in->store, c->a, &db));
    Err e = make_in(c, db);
    if (e)
        c->out.len = 0;                                 /* codes that were taken back are not handed out */
    store_give(c->in->store, &db);
    return e;
}

static Err list_run(Cli *c, Db *db)
{
    Round       r;
    CodeBatches batches;
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    TRY(code_batch_list(db, c->a, r.id, &batches));
    say_list_open(c);
    for (size_t i = 0; i < batches.len; i++) {
        const CodeBatch *b = &batches.at[i];
        say_open(c);
        say_int(c, "id", b->id);
        say_str(c, "label", b->label);
        say_int(c, "made", b->made);
        say_int(c, "left", b->left);
        say_str(c, "made_on", date_iso(c->a, b->made_on));
        say_str(c, "until", date_is_none(b->valid_to) ? S("") : date_iso(c->a, b->valid_to));
        say_close(c);
    }
    say_list_close(c);
    return OK;
}

static Err void_run(Cli *c, Db *db)
{
    Round     r;
    CodeBatch b;
    int64_t   id = 0, voided;
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    str_to_i64(cli_arg(c, 1), &id);
    TRY(code_batch_load(db, c->a, r.id, id, &b));
    TRY(code_batch_void(db, b.id, &voided));
    TRY(cli_audit(c, db, S("round.codes_void"), S("round"), r.id.v, r.owner));
    say_open(c);
    say_int(c, "voided", voided);
    say_close(c);
    return OK;
}

static Err code_list_command(Cli *c) { return cli_db(c, false, list_run); }
static Err code_void_command(Cli *c) { return cli_db(c, true, void_run); }

/* ---- Cards ------------------------------------------------------------------------------------------------ */
typedef struct Sheets { Cli *c; Str stem; size_t files; } Sheets;

static Err save_sheets(void *self, size_t number, Str pdf)
{
    Sheets *s = self;
    s->files = number;
    return write_file(s->c->a, arena_fmt(s->c->a, "%.*s-%04zu.pdf", STR_ARG(s->stem), number), pdf, 0600);
}

static Err print_run(Cli *c, Db *db)
{
    Round     r;
    Unit      u;
    Str       csv;
    CodePrint x = { .base = cli_base(c), .per_file = 6000 };
    Sheets    s = { .c = c, .stem = cli_has(c, "out") ? cli_option(c, "out") : S("codes") };
    TRY(until_option(c, &x.valid_to));
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    TRY(unit_load(db, c->a, r.owner, date_of(time_now()), &u));
    TRY(slurp(c->a, cli_arg(c, 1), INT64_C(1) << 30, &csv));
    x.round  = r.id;
    x.agency = u.kind == UNIT_NATION && c->in->info.agency.len ? c->in->info.agency : u.name_vi;
    TRY(codes_print(db, c->a, &x, csv, save_sheets, &s));
    say_open(c);
    say_int(c, "files", (int64_t)s.files);
    say_close(c);
    return OK;
}

static Err code_print_command(Cli *c) { return cli_db(c, false, print_run); }

const Command code_commands[] = {
    { "code make", "ROUND --count N", "count=N label=L unit=U until=DAY", CMD_CHANGE, code_make_command,
          "Make one-time codes; the table for mail merge goes to standard output and exists nowhere else",
          "thuocdo code make par-2026 --count 1000000 --label 'Đợt 1' --data DIR > codes.csv" },
    { "code print", "ROUND FILE.csv", "out=STEM until=DAY", CMD_READ, code_print_command, "Cards of that table to cut out: STEM-0001.pdf …, 6,000 codes each",
          "thuocdo code print par-2026 codes.csv --out cards --data DIR" },
    { "code list", "ROUND", "", CMD_READ, code_list_command, "Batches of codes and how many are unspent", "thuocdo code list par-2026 --data DIR --json" },
    { "code void", "ROUND BATCH", "", CMD_CHANGE, code_void_command, "Void what is unspent of a batch", "thuocdo code void par-2026 123 --data DIR" },
    { 0 },
};
