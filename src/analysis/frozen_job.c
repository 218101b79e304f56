/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Freezing as a job: data, codebook and manifest become files by content, then the row that names them. */
#include "analysis/frozen.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct FreezeWork { Arena *a; Round r; FrozenSet set; Buf manifest; bool any; size_t tables; } FreezeWork;

static Err list_excluded(void *self, SubmissionId id, Str reason, Str by)
{
    FreezeWork *w = self;
    Buf        *b = &w->manifest;
    buf_add(b, w->any ? S(",\n{\"record\":") : S("\n{\"record\":"));
    buf_json_str(b, record_code(w->a, id));
    buf_lit(b, ",\"reason\":");
    buf_json_str(b, reason);
    buf_lit(b, ",\"by\":");
    buf_json_str(b, by);
    buf_byte(b, '}');
    w->any = true;
    return OK;
}

/* One of the two tables into a file beside, then among the files by content. */
static Err file_of_table(JobRun *run, RoundId round, ExportFormat format, ExportMade *made, Str *out_hex)
{
    uint8_t token[16];
    Sha256  sum;
    ExportOptions o = { .format = format, .now = time_now() };
    random_bytes(token, sizeof token);
    Str   path   = export_file_path(run->arena, run->app, str_hex(run->arena, token, sizeof token));
    char *folder = arena_c(run->arena, str_concat(run->arena, run->app->data_dir, S("/exports")));
    if (mkdir(folder, 0700) && errno != EEXIST)
        return err_fmt(run->arena, ERR_IO, "the folder of exports cannot be made: %s", strerror(errno));
    int fd = open(arena_c(run->arena, path), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_fmt(run->arena, ERR_IO, "the data set cannot be written: %s", strerror(errno));
    Err e = analysis_export(run->db, run->store, run->arena, &round, 1, &o, fd, made);
    close(fd);
    if (!e)
        e = files_adopt(run->store, run->arena, path, &sum);
    if (e)
        unlink(arena_c(run->arena, path));
    else
        *out_hex = str_hex(run->arena, sum.at, sizeof sum.at);
    return e;
}

static Err write_manifest(JobRun *run, FreezeWork *w, const RuleSet *rules)
{
    FrozenSet *f = &w->set;
    Sha256     sum;
    w->manifest = buf_new(run->arena, 4096);
    Buf *b = &w->manifest;
    buf_lit(b, "{\"round\":");
    buf_json_str(b, w->r.code);
    buf_fmt(b, ",\"number\":%lld,\"simulated\":%s,\"tables\":%zu,\"records\":%lld,\"excluded\":%lld,\"corrected\":%lld,\"versions\":%lld,"
               "\"data_sha256\":\"%.*s\",\"codebook_sha256\":\"%.*s\",\"round_sum\":\"%.*s\",\"made_at\":\"%.*s\","
               "\"program\":\"" THUOCDO_VERSION "\",\"note\":",
            (long long)f->number, w->r.simulated ? "true" : "false", w->tables, (long long)f->records, (long long)f->excluded,
            (long long)f->corrected, (long long)f->versions,
            STR_ARG(f->data_sha), STR_ARG(f->codebook_sha), STR_ARG(f->round_sum), STR_ARG(time_iso(run->arena, f->made_at)));
    buf_json_str(b, f->note);
    buf_fmt(b, ",\n\"rule_set\":%lld,\"rules\":", (long long)rules->number);
    buf_add(b, rules_json(run->arena, &rules->rules));
    buf_lit(b, ",\n\"exclusions\":[");
    TRY(record_excluded(run->db, w->r.id, list_excluded, w));
    buf_lit(b, "\n]}\n");
    TRY(files_save(run->store, run->arena, buf_str(b), &sum));
    f->manifest_sha = str_hex(run->arena, sum.at, sizeof sum.at);
    return OK;
}

/* Inside one read transaction: everything speaks of the same moment. */
static Err prepare(JobRun *run, RoundId round, FreezeWork *w)
{
    FrozenSets   before;
    RecordTotals totals;
    RoundCounts  counts;
    RuleSet      rules;
    ExportMade   made = { 0 };
    TRY(round_load(run->db, run->arena, round, &w->r));
    TRY(frozen_list(run->db, run->arena, round, &before));
    TRY(record_totals(run->db, round, &totals));
    TRY(round_counts(run->db, run->arena, round, (UnitId){ 0 }, &counts));
    TRY(rule_set_load(run->db, run->arena, round, &rules));
    FrozenSet *f = &w->set;
    f->round     = round;
    f->number    = before.len ? before.at[0].number + 1 : 1;
    f->rule_set  = rules.number;
    f->records   = w->r.submissions;
    f->excluded  = totals.excluded;
    f->corrected = totals.corrected;
    f->versions  = totals.versions;
    f->round_sum = round_sum_hex(run->arena, &counts);
    job_total(3 * w->r.submissions);
    TRY(file_of_table(run, round, EXPORT_CSV, &made, &f->data_sha));
    f->archive = made.archive;
    TRY(file_of_table(run, round, EXPORT_DDI, &made, &f->codebook_sha));
    w->tables  = made.tables;
    return write_manifest(run, w, &rules);
}

static Err freeze(JobRun *run)
{
    RoundId    round = { 0 };
    FreezeWork w     = { .a = run->arena, .set = { .id = id_new(), .made_by = run->job->owner,
                         .made_name = job_owner_name(run->db, run->arena, run->job), .made_at = time_now() } };
    if (!json_int(json_get(run->args, S("round")), &round.v))
        return err_new(run->arena, ERR_INVALID, S("no round"));
    json_str(json_get(run->args, S("note")), &w.set.note);
    TRY(db_begin_read(run->db));
    Err e = prepare(run, round, &w);
    db_rollback(run->db);
    if (job_halted())
        return job_halt(run);
    TRY(e);
    TRY(db_begin_write(run->db));
    TRY(frozen_insert(run->db, &w.set));
    TRY(job_audit(run, S("analysis.freeze"), S("round"), round.v, w.r.owner,
                  arena_fmt(run->arena, "{\"number\":%lld,\"sha256\":\"%.*s\"}", (long long)w.set.number, STR_ARG(w.set.data_sha))));
    TRY(job_done(run, arena_fmt(run->arena, "/console/rounds/%lld/frozen", (long long)round.v)));
    return db_commit(run->db);
}

const JobKind analysis_freeze_job = { "analysis.freeze", RIGHT_ANALYSIS_MANAGE, freeze };
