/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo export: answers of one or more rounds as a file for analysts. */
#include "app/app.h"

#include "analysis/analysis.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int out_fd;                       /* of the export running: a process runs one */

static Err read_options(Cli *c, ExportOptions *o)
{
    *o = (ExportOptions){ .format = EXPORT_CSV, .now = time_now(), .bom = cli_has(c, "bom") };
    if (cli_has(c, "format") && !export_parse(cli_option(c, "format"), &o->format))
        return err_new(c->a, ERR_INVALID, S("--format is csv, xlsx, sav, dta or ddi"));
    o->labels = cli_has(c, "labels");
    if (o->labels && !lang_parse(cli_option(c, "labels"), &o->lang))
        return err_new(c->a, ERR_INVALID, S("--labels is vi or en"));
    return OK;
}

static Err export_run(Cli *c, Db *db)
{
    ExportOptions o;
    RoundId *ids = arena_new(c->a, RoundId, c->args.len);
    TRY(read_options(c, &o));
    for (size_t i = 0; i < c->args.len; i++) {
        Round r;
        TRY(round_by_code(db, c->a, c->args.at[i], &r));
        ids[i] = r.id;
    }
    return analysis_export(db, c->in->store, c->a, ids, c->args.len, &o, out_fd);
}

static Err io_error(Cli *c, Str path)
{
    return err_fmt(c->a, ERR_IO, "%.*s: %s", STR_ARG(path), strerror(errno));
}

/* Beside the file asked for until it is whole: nobody takes half an export for all of it. */
static Err export_to_file(Cli *c, Str path)
{
    char *final = arena_c(c->a, path), *part = arena_c(c->a, str_concat(c->a, path, S(".part")));
    out_fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out_fd < 0)
        return io_error(c, path);
    Err e = cli_db(c, false, export_run);
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
    Err   e  = cli_db(c, false, export_run);
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
    { "export", "ROUND [ROUND…]", "format=F labels=L out=FILE bom", CMD_READ, export_command,
      "Answers that count, as csv, xlsx, sav (SPSS), dta (Stata) or ddi (codebook); several rounds share one table. --labels vi|en: labels, "
      "not codes, in csv and xlsx, and their language; --bom: for spreadsheets", "thuocdo export mot-cua --format sav --out mot-cua.sav --data DIR" },
    { 0 },
};
