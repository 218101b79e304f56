/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo report: a report of an edition as a file. */
#include "app/app.h"
#include "report/report.h"
#include "store/store_files.h"

/* All faults of a template; *out_form NULL when it has any. */
static Err check_template(Cli *c, Str path, const Template **out_form)
{
    Template      *t;
    TemplateFaults faults = { 0 };
    Str            bytes;
    TRY(file_read_all(c->a, path, &bytes));
    bool good = template_read(c->a, bytes, LANG_VI, report_names(), &t, &faults);
    *out_form = good ? t : NULL;
    if (!good)
        c->exit = err_exit_code(err_new(c->a, ERR_INVALID, S("template")));
    for (size_t i = 0; i < faults.len && !c->json; i++)
        buf_fmt(&c->out, "%.*s\n", STR_ARG(template_fault_text(c->a, LANG_VI, &faults.at[i])));
    if (!c->json)
        return OK;
    buf_fmt(&c->out, "{\"ok\":%s,\"errors\":[", good ? "true" : "false");
    for (size_t i = 0; i < faults.len; i++) {
        buf_fmt(&c->out, "%s{\"code\":\"%.*s\",\"name\":", i ? "," : "", STR_ARG(template_fault_code(faults.at[i].kind)));
        buf_json_str(&c->out, faults.at[i].name);
        for (int l = 0; l < LANG_COUNT; l++) {
            buf_fmt(&c->out, ",\"message_%.*s\":", STR_ARG(lang_code((Lang)l)));
            buf_json_str(&c->out, template_fault_text(c->a, (Lang)l, &faults.at[i]));
        }
        buf_byte(&c->out, '}');
    }
    buf_lit(&c->out, "]}\n");
    return OK;
}

static Err template_check_command(Cli *c)
{
    const Template *form;
    return check_template(c, cli_arg(c, 0), &form);
}

static Err template_example_command(Cli *c)
{
    Str  bytes;
    Lang lang = LANG_VI;
    if (!cli_has(c, "output") || (cli_has(c, "lang") && !lang_parse(cli_option(c, "lang"), &lang)))
        return err_new(c->a, ERR_INVALID, S("--output names the file to write, --lang is vi or en"));
    TRY(report_form_example(c->a, lang, &bytes));
    return write_file(c->a, cli_option(c, "output"), bytes, 0644);
}

/* A filled template is a DOCX; with --province of one province, or of each. */
static Err read_template(Cli *c, ReportOrder *o, ReportFormat *format)
{
    if (cli_has(c, "kind") || (cli_has(c, "format") && *format != REPORT_DOCX))
        return err_new(c->a, ERR_INVALID, S("a template is filled to docx, without --kind"));
    *format = REPORT_DOCX;
    o->kind = o->province.len ? REPORT_PROVINCE : REPORT_YEAR;
    TRY(check_template(c, cli_option(c, "template"), &o->form));
    return o->form ? OK : err_new(c->a, ERR_INVALID, S("the template has faults: see thuocdo template check"));
}

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
    if (cli_has(c, "template"))
        return read_template(c, o, format);
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
        TRY(report_file(c->a, s, &order, format, &bytes));
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
    { "report", "ROUND[/NUMBER] --output FILE", "kind=K template=FILE.docx format=F lang=L province=CODE output=FILE", CMD_READ, report_command,
          "Write a report of an edition: --kind year, province (--province CODE, or all for a .zip), press, infographic, book; --format pdf, docx, xlsx, "
                "csv; or --template FILE.docx with fields, filled",
          "thuocdo report sipas-2026/1 --kind year --format pdf --output bao-cao.pdf --data DIR" },
    { "template check", "FILE.docx", "", CMD_NONE, template_check_command,
          "All faults of a report template: fields nobody knows, lists that do not close, what must not be in it; exit 65 when there are any",
          "thuocdo template check mau.docx --json" },
    { "template example", "--output FILE.docx", "lang=L output=FILE", CMD_NONE, template_example_command,
          "Write a report template to begin with", "thuocdo template example --output mau.docx" },
    { 0 },
};
