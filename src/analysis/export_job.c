/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An export made in the background: the bytes first, then row, audit record and outcome at once. The folder holds answers: it is
 * no part of backups, and a file goes after seven days. */
#include "analysis/console.h"

#include "jobs/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT_DAYS = 7 };

static Str folder_of(Arena *a, const AppInfo *app)
{
    return str_concat(a, app->data_dir, S("/exports"));
}

Str export_file_path(Arena *a, const AppInfo *app, Str token)
{
    return str_join(a, (Str[]){ folder_of(a, app), token }, 2, S("/"));
}

static Err read_args(JobRun *run, RoundId *round, ExportOptions *o)
{
    Str  format = S(""), labels = S("");
    bool bom = false;
    if (!json_int(json_get(run->args, S("round")), &round->v) || !json_str(json_get(run->args, S("format")), &format) || !export_parse(format, &o->format))
        return err_new(run->arena, ERR_INVALID, S("an export without round or format"));
    json_str(json_get(run->args, S("labels")), &labels);
    json_str(json_get(run->args, S("table")), &o->table);
    json_bool(json_get(run->args, S("bom")), &bom);
    o->labels = lang_parse(labels, &o->lang);
    o->bom    = bom;
    o->now    = time_now();
    return OK;
}

static Err file_sum(Arena *a, int fd, Str *out_hex, int64_t *out_size)
{
    crypto_hash_sha256_state h;
    unsigned char sum[32];
    Arena   work = *a;
    char   *room = arena_take(&work, 1 << 16, 1, 1);
    int64_t at   = 0;
    crypto_hash_sha256_init(&h);
    for (ssize_t n; (n = pread(fd, room, 1 << 16, at)) != 0; at += n) {
        if (n < 0)
            return err_fmt(a, ERR_IO, "the export cannot be read: %s", strerror(errno));
        crypto_hash_sha256_update(&h, (const unsigned char *)room, (unsigned long long)n);
    }
    crypto_hash_sha256_final(&h, sum);
    *out_hex  = str_hex(a, sum, sizeof sum);
    *out_size = at;
    return OK;
}

static Err write_bytes(JobRun *run, RoundId round, const ExportOptions *o, int fd, ExportFile *f, Round *r)
{
    TRY(db_begin_read(run->db));
    ExportMade made = { 0 };
    Err        e    = round_load(run->db, run->arena, round, r);
    if (!e)
        job_total(r->submissions * (o->format == EXPORT_CSV || o->format == EXPORT_XLSX ? 1 : 2));
    if (!e)
        e = analysis_export(run->db, run->store, run->arena, &round, 1, o, fd, &made);
    db_rollback(run->db);
    TRY(e);
    f->archive = made.archive;
    f->records = r->submissions;
    if (fsync(fd))
        return err_fmt(run->arena, ERR_IO, "the export cannot be written: %s", strerror(errno));
    return file_sum(run->arena, fd, &f->sha256, &f->size);
}

static Err save(JobRun *run, const ExportFile *f, const Round *r, StrList *old)
{
    TRY(db_begin_write(run->db));
    TRY(export_files_expire(run->db, run->arena, f->made_at, old));
    TRY(export_file_insert(run->db, f));
    TRY(job_audit(run, S("analysis.export"), S("round"), r->id.v, r->owner,
                  arena_fmt(run->arena, "{\"format\":\"%.*s\",\"archive\":%s,\"records\":%lld,\"sha256\":\"%.*s\"}", STR_ARG(f->format),
                            f->archive ? "true" : "false", (long long)f->records, STR_ARG(f->sha256))));
    TRY(job_done(run, arena_fmt(run->arena, "/console/rounds/%lld/exports", (long long)r->id.v)));
    return db_commit(run->db);
}

static Err export_job(JobRun *run)
{
    RoundId       round = { 0 };
    ExportOptions o     = { 0 };
    Round         r     = { 0 };
    StrList       old   = { 0 };
    uint8_t       token[16];
    TRY(read_args(run, &round, &o));
    random_bytes(token, sizeof token);
    ExportFile f = { .id = id_random(), .token = str_hex(run->arena, token, sizeof token), .round = round, .format = export_code(o.format),
                     .labels = o.labels ? lang_code(o.lang) : S(""), .chosen = o.table,
                     .made_by = run->job->owner, .made_name = job_owner_name(run->db, run->arena, run->job), .made_at = o.now,
                     .expires_at = { o.now.ms + KEPT_DAYS * MS_DAY } };
    char *folder = arena_c(run->arena, folder_of(run->arena, run->app)), *path = arena_c(run->arena, export_file_path(run->arena, run->app, f.token));
    if (mkdir(folder, 0700) && errno != EEXIST)
        return err_fmt(run->arena, ERR_IO, "the folder of exports cannot be made: %s", strerror(errno));
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_fmt(run->arena, ERR_IO, "the export cannot be written: %s", strerror(errno));
    Err e = write_bytes(run, round, &o, fd, &f, &r);
    close(fd);
    if (!e && !job_halted())
        e = save(run, &f, &r, &old);
    else if (!e)
        e = job_halt(run);
    if (e)
        unlink(path);
    for (size_t i = 0; !e && i < old.len; i++)
        unlink(arena_c(run->arena, export_file_path(run->arena, run->app, old.at[i])));
    return e;
}

const JobKind analysis_export_job = { "analysis.export", RIGHT_ANALYSIS_EXPORT, export_job };
