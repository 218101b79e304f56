/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo export: answers of one or more rounds as a file for analysts. What leaves is recorded before it is handed out: by the
 * server where one runs, for the export itself only reads. */
#include "app/app.h"

#include "analysis/analysis.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

static int out_fd;                       /* of the export running: a process runs one */

static Err read_options(Cli *c, ExportOptions *o)
{
    *o = (ExportOptions){ .format = EXPORT_CSV, .now = time_now(), .bom = cli_has(c, "bom") };
    if (cli_has(c, "format") && !export_parse(cli_option(c, "format"), &o->format))
        return err_new(c->a, ERR_INVALID, S("--format is csv, xlsx, sav, dta or ddi"));
    o->table  = cli_option(c, "repeat");
    o->labels = cli_has(c, "labels");
    if (o->labels && !lang_parse(cli_option(c, "labels"), &o->lang))
        return err_new(c->a, ERR_INVALID, S("--labels is vi or en"));
    return OK;
}

static Err export_run(Cli *c, Db *db)
{
    ExportOptions o;
    ExportMade    made;
    RoundId *ids = arena_new(c->a, RoundId, c->args.len);
    TRY(read_options(c, &o));
    for (size_t i = 0; i < c->args.len; i++) {
        Round r;
        TRY(round_by_code(db, c->a, c->args.at[i], &r));
        ids[i] = r.id;
    }
    return analysis_export(db, c->in->store, c->a, ids, c->args.len, &o, out_fd, &made);
}

static Err io_error(Cli *c, Str path)
{
    return err_fmt(c->a, ERR_IO, "%.*s: %s", STR_ARG(path), strerror(errno));
}

static Err sum_of(Cli *c, Str *out_hex)
{
    crypto_hash_sha256_state h;
    unsigned char sum[crypto_hash_sha256_BYTES];
    char   *room = arena_take(c->a, 1 << 16, 1, 1);
    off_t   at   = 0;
    ssize_t n;
    crypto_hash_sha256_init(&h);
    for (; (n = pread(out_fd, room, 1 << 16, at)) > 0; at += n)
        crypto_hash_sha256_update(&h, (const unsigned char *)room, (unsigned long long)n);
    crypto_hash_sha256_final(&h, sum);
    *out_hex = str_hex(c->a, sum, sizeof sum);
    return n < 0 ? io_error(c, S("the export")) : OK;
}

/* ---- The record of an export ------------------------------------------------------------------------------- */

static Err exported_run(Cli *c, Db *db)
{
    Str hex = cli_option(c, "sha256");
    ExportFormat format;
    uint8_t      sum[32];
    if (!str_unhex(hex, sum, sizeof sum) || !export_parse(cli_option(c, "format"), &format))
        return err_new(c->a, ERR_INVALID, S("--format and --sha256 say what was exported"));
    for (size_t i = 0; i < c->args.len; i++) {
        Round r;
        TRY(round_by_code(db, c->a, c->args.at[i], &r));
        TRY(cli_audit_with(c, db, S("analysis.export"), S("round"), r.id.v, r.owner,
                           arena_fmt(c->a, "{\"format\":\"%.*s\",\"records\":%lld,\"sha256\":\"%.*s\"}", STR_ARG(export_code(format)),
                                     (long long)r.submissions, STR_ARG(hex))));
    }
    return OK;
}

static Err exported_command(Cli *c)
{
    return cli_db(c, true, exported_run);
}

static Err record_alone(Cli *c)
{
    Instance in;
    TRY(instance_open(c->a, c->dir, &c->config_files, &c->flags, USE_ALONE, &in));
    c->in = &in;
    Err e = cli_db(c, true, exported_run);
    instance_close(&in);
    c->in = NULL;
    return e;
}

static Err record_export(Cli *c)
{
    Str     out, err, hex;
    int     code;
    StrList words = { 0 };
    ExportOptions o;
    TRY(read_options(c, &o));
    TRY(sum_of(c, &hex));
    const Str first[] = { S("round"), S("exported"), S("--format"), export_code(o.format), S("--sha256"), hex };
    for (size_t i = 0; i < COUNT_OF(first); i++)
        *list_add(c->a, &words) = first[i];
    for (size_t i = 0; i < c->args.len; i++)
        *list_add(c->a, &words) = c->args.at[i];
    if (c->dir.len && admin_ask(c->a, c->dir, &words, &out, &err, &code))
        return code ? err_fmt(c->a, ERR_IO, "the server did not record the export: %.*s", STR_ARG(str_trim(err))) : OK;
    *list_add(c->a, &c->options) = (HttpField){ S("sha256"), hex };
    if (!cli_has(c, "format"))
        *list_add(c->a, &c->options) = (HttpField){ S("format"), export_code(o.format) };
    return record_alone(c);
}

/* ---- Where it goes ----------------------------------------------------------------------------------------- */

static Err write_and_record(Cli *c)
{
    Instance in;
    TRY(instance_open(c->a, c->dir, &c->config_files, &c->flags, USE_READ, &in));
    c->in = &in;
    Err e = cli_db(c, false, export_run);
    instance_close(&in);
    c->in = NULL;
    TRY(e);
    return record_export(c);
}

/* Beside the file asked for until it is whole: nobody takes half an export for all of it. */
static Err export_to_file(Cli *c, Str path)
{
    char *final = arena_c(c->a, path), *part = arena_c(c->a, str_concat(c->a, path, S(".part")));
    out_fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out_fd < 0)
        return io_error(c, path);
    Err e = write_and_record(c);
    if (!e && (fsync(out_fd) || rename(part, final)))
        e = io_error(c, path);
    close(out_fd);
    if (e)
        unlink(part);
    return e;
}

/* SPSS and Stata need places filled in later, which a pipe cannot have. */
static Err export_to_output(Cli *c)
{
    FILE *whole = tmpfile();
    if (!whole)
        return io_error(c, S("temporary file"));
    out_fd = fileno(whole);
    Err   e  = write_and_record(c);
    char *room = arena_take(c->a, 1 << 16, 1, 1);
    off_t at   = 0;
    for (ssize_t n; !e && (n = pread(out_fd, room, 1 << 16, at)) > 0; at += n)
        for (ssize_t done = 0, put; done < n && !e; done += put)
            if ((put = write(STDOUT_FILENO, room + done, (size_t)(n - done))) <= 0)
                e = io_error(c, S("standard output"));
    fclose(whole);
    return e;
}

static Err export_command(Cli *c)
{
    ExportOptions o;
    TRY(read_options(c, &o));
    return cli_has(c, "out") ? export_to_file(c, cli_option(c, "out")) : export_to_output(c);
}

const Command analysis_commands[] = {
    { "export", "ROUND [ROUND…]", "format=F labels=L repeat=NAME out=FILE bom", CMD_OWN, export_command,
      "Answers that count, as csv, xlsx, sav (SPSS), dta (Stata) or ddi (codebook); several rounds share one table. --labels vi|en: labels, "
      "not codes, in csv and xlsx, and their language; --bom: for spreadsheets. A questionnaire with repeats has a table of each: csv, sav and dta "
      "are then a .zip; --repeat NAME is one table alone, --repeat - the records. The export is recorded",
      "thuocdo export mot-cua --format sav --out mot-cua.sav --data DIR" },
    { "round exported", "ROUND [ROUND…]", "format=F sha256=HEX", CMD_CHANGE, exported_command,
      "Record that answers were taken out; `thuocdo export` does it by itself", "thuocdo round exported mot-cua --format csv --sha256 HEX --data DIR" },
    { 0 },
};
