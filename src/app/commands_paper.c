/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo form print: a questionnaire as paper forms, from a file or from the data folder. */
#include "app/app.h"
#include "paper/paper.h"

enum { FORM_FILE_MOST = 10 << 20 };

static Err number_option(Cli *c, const char *name, int64_t least, int64_t *out)
{
    if (cli_has(c, name) && (!str_to_i64(cli_option(c, name), out) || *out < least))
        return err_fmt(c->a, ERR_INVALID, "--%s is a number from %lld", name, (long long)least);
    return OK;
}

static Err print_to(Cli *c, const FormProgram *p)
{
    PaperPrint job = { .p = p, .lang = p->has_lang[LANG_VI] ? LANG_VI : LANG_EN, .first = 1, .agency = c->in ? c->in->info.agency : S("") };
    Str        pdf;
    int        pages;
    if (cli_has(c, "lang") && (!lang_parse(cli_option(c, "lang"), &job.lang) || !p->has_lang[job.lang]))
        return err_new(c->a, ERR_INVALID, S("--lang is vi or en, and a language of this form"));
    TRY(number_option(c, "serials", 0, &job.count));
    TRY(number_option(c, "from", 1, &job.first));
    TRY(number_option(c, "rows", 1, &job.rows));
    TRY(paper_print(c->a, &job, &pdf, &pages));
    TRY(write_file(c->a, cli_option(c, "out"), pdf, 0644));
    say_open(c);
    say_str(c, "file", cli_option(c, "out"));
    say_int(c, "copies", job.count ? job.count : 1);
    say_int(c, "pages", pages);
    say_str(c, "first", job.count ? serial_text(c->a, job.first) : S(""));
    say_str(c, "last", job.count ? serial_text(c->a, job.first + job.count - 1) : S(""));
    say_close(c);
    return OK;
}

static Err print_file(Cli *c)
{
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    Str          bytes;
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    TRY(slurp(c->a, cli_arg(c, 0), FORM_FILE_MOST, &bytes));
    TRY(form_read_xlsx(c->a, work, bytes, &issues, &p));
    if (!p)
        return err_fmt(c->a, ERR_INVALID, "%.*s has faults: see thuocdo form check", STR_ARG(cli_arg(c, 0)));
    return print_to(c, p);
}

static Err print_stored(Cli *c, Db *db)
{
    FormRow            row;
    const FormProgram *p;
    TRY(form_by_key(db, c->a, cli_arg(c, 0), cli_option(c, "version"), &row));
    TRY(form_program(db, c->in->store, c->a, row.id, &p));
    return print_to(c, p);
}

static Err form_print_command(Cli *c)
{
    Instance in;
    if (!cli_has(c, "out"))
        return err_new(c->a, ERR_INVALID, S("--out names the PDF to write"));
    if (str_ends(cli_arg(c, 0), S(".xlsx")))
        return print_file(c);
    TRY(instance_open(c->a, c->dir, &c->config_files, &c->flags, USE_READ, &in));
    c->in = &in;
    Err e = cli_db(c, false, print_stored);
    instance_close(&in);
    return e;
}

const Command paper_commands[] = {
    { "form print", "FILE.xlsx|FORM_ID --out FILE.pdf", "out=FILE serials=N from=M rows=R lang=L version=V", CMD_OWN, form_print_command,
          "Print a questionnaire as paper forms, each sheet with serial number, check digit and QR code",
          "thuocdo form print mot-cua --serials 200 --out phieu.pdf --data DIR" },
    { 0 },
};
