/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo report: a report of an edition as a file. */
#include "app/app.h"
#include "report/report.h"

static Err read_order(Cli *c, ReportOrder *o, ReportFormat *format)
{
    o->now  = time_now();
    o->site = c->in->info.public_url;
    *format = REPORT_PDF;
    if (!cli_has(c, "output"))
        return err_new(c->a, ERR_INVALID, S("--output names the file to write"));
    if (cli_has(c, "kind") && !report_kind_parse(cli_option(c, "kind"), &o->kind))
        return err_new(c->a, ERR_INVALID, S("--kind is year, province, press, infographic or book"));
    if (cli_has(c, "format") && (!report_format_parse(cli_option(c, "format"), format) || *format == REPORT_HTML))
        return err_new(c->a, ERR_INVALID, S("--format is pdf, docx, xlsx or csv; the page is at /results/ROUND/NUMBER/reports"));
    if (cli_has(c, "lang") && !lang_parse(cli_option(c, "lang"), &o->lang))
        return err_new(c->a, ERR_INVALID, S("--lang is vi or en"));
    o->province = cli_option(c, "province");
    if (o->kind == REPORT_PROVINCE && !o->province.len)
        return err_new(c->a, ERR_INVALID, S("--province is the code of a province, or all for a .zip of each"));
    return OK;
}

/* "sipas-2026/1"; without a number the newest. */
static Err find_edition(Cli *c, Db *db, EditionRow *out)
{
    StrPair p      = str_cut(cli_arg(c, 0), '/');
    int64_t number = 0;
    if (p.tail.len && !str_to_i64(p.tail, &number))
        return err_new(c->a, ERR_INVALID, S("an edition is written ROUND/NUMBER"));
    return edition_by_number(db, c->a, p.head, number, out);
}

static Err report_run(Cli *c, Db *db)
{
    ReportOrder   order = { 0 };
    ReportFormat  format;
    EditionRow    e;
    ReportSource *s;
    Str           bytes;
    TRY(read_order(c, &order, &format));
    TRY(find_edition(c, db, &e));
    TRY(report_source(db, c->in->store, c->a, &e, &s));
    if (order.kind == REPORT_PROVINCE && str_eq(order.province, S("all"))) {
        TRY(report_each_province(c->a, s, &order, format, &bytes));
    } else {
        Report r;
        TRY(report_build(c->a, s, &order, &r));
        TRY(report_write(c->a, &r, format, &bytes));
    }
    TRY(write_file(c->a, cli_option(c, "output"), bytes, 0644));
    say_open(c);
    say_str(c, "file", cli_option(c, "output"));
    say_int(c, "bytes", (int64_t)bytes.len);
    say_str(c, "sha256", sha256_hex(c->a, bytes));
    say_close(c);
    return OK;
}

static Err report_command(Cli *c) { return cli_db(c, false, report_run); }

const Command report_commands[] = {
    { "report", "ROUND[/NUMBER] --output FILE", "kind=K format=F lang=L province=CODE output=FILE", CMD_READ, report_command,
          "Write a report of an edition: --kind year, province (--province CODE, or all for a .zip), press, infographic, book; --format pdf, docx, xlsx, csv",
          "thuocdo report sipas-2026/1 --kind year --format pdf --output bao-cao.pdf --data DIR" },
    { 0 },
};
