/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of files: of drafts, of records, and of bytes to be erased. */
#include "collect/parts.h"

static Str sum_str(const Sha256 *s)
{
    return (Str){ (const char *)s->at, sizeof s->at };
}

static Err files_of(Stmt *q, Arena *a, AnswerFiles *out)
{
    *out = (AnswerFiles){ 0 };
    while (db_row(q)) {
        Str         sum = col_blob(q, 1);
        AnswerFile *f   = list_add(a, out);
        *f = (AnswerFile){ .name = arena_str(a, col_str(q, 0)), .size = col_int(q, 2), .type = arena_str(a, col_str(q, 3)) };
        if (sum.len == sizeof f->sum.at)
            memcpy(f->sum.at, sum.at, sum.len);
    }
    return db_done(q);
}

Err draft_files(Db *db, Arena *a, int64_t draft, AnswerFiles *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT name, sha256, size, type FROM draft_files WHERE draft_id = $1 ORDER BY name"));
    bind_int(q, 1, draft);
    return files_of(q, a, out);
}

Err record_files(Db *db, Arena *a, SubmissionId id, AnswerFiles *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT name, sha256, size, type FROM submission_files WHERE submission_id = $1 AND beside = 0 ORDER BY name"));
    bind_int(q, 1, id.v);
    return files_of(q, a, out);
}

Err draft_file_find(Db *db, Arena *a, int64_t draft, Str name, AnswerFile *out)
{
    AnswerFiles all;
    TRY(draft_files(db, a, draft, &all));
    for (size_t i = 0; i < all.len; i++)
        if (str_eq(all.at[i].name, name)) {
            *out = all.at[i];
            return OK;
        }
    return err_new(a, ERR_NOT_FOUND, S("file"));
}

Err draft_file_add(Db *db, int64_t draft, const AnswerFile *f)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO draft_files (draft_id, name, sha256, size, type) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, draft);
    bind_str(q, 2, f->name);
    bind_blob(q, 3, sum_str(&f->sum));
    bind_int(q, 4, f->size);
    bind_str(q, 5, f->type);
    return db_run(q);
}

Err draft_file_drop(Db *db, int64_t draft, Str name)
{
    AUTO_STMT e = db_prepare(db, SQL("INSERT INTO erasable_files (sha256) SELECT sha256 FROM draft_files WHERE draft_id = $1 AND name = $2 "
                                     "ON CONFLICT DO NOTHING"));
    bind_int(e, 1, draft);
    bind_str(e, 2, name);
    TRY(db_run(e));
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM draft_files WHERE draft_id = $1 AND name = $2"));
    bind_int(d, 1, draft);
    bind_str(d, 2, name);
    return db_run(d);
}

/* The day alone: a record of a page holds no finer time. */
static Err send_file(Db *db, SubmissionId id, Date day, const AnswerFile *f)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO submission_files (submission_id, name, sha256, sent_name, size, type, beside, received_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, 0, $7)"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, f->name);
    bind_blob(q, 3, sum_str(&f->sum));
    bind_str(q, 4, f->name);
    bind_int(q, 5, f->size);
    bind_str(q, 6, f->type);
    bind_time(q, 7, date_start(day));
    return db_run(q);
}

Err draft_files_send(Db *db, int64_t draft, SubmissionId id, Date day, const AnswerFiles *files)
{
    for (size_t i = 0; i < files->len; i++)
        TRY(send_file(db, id, day, &files->at[i]));
    AUTO_STMT e = db_prepare(db, SQL("INSERT INTO erasable_files (sha256) SELECT DISTINCT sha256 FROM draft_files WHERE draft_id = $1 ON CONFLICT DO NOTHING"));
    bind_int(e, 1, draft);
    TRY(db_run(e));
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM draft_files WHERE draft_id = $1"));
    bind_int(d, 1, draft);
    return db_run(d);
}

Err record_files_forget(Db *db, SubmissionId id)
{
    AUTO_STMT e = db_prepare(db, SQL("INSERT INTO erasable_files (sha256) SELECT DISTINCT sha256 FROM submission_files WHERE submission_id = $1 "
                                     "ON CONFLICT DO NOTHING"));
    bind_int(e, 1, id.v);
    TRY(db_run(e));
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM submission_files WHERE submission_id = $1"));
    bind_int(d, 1, id.v);
    return db_run(d);
}

Err draft_files_sweep(Db *db)
{
    AUTO_STMT e = db_prepare(db, SQL("INSERT INTO erasable_files (sha256) SELECT DISTINCT f.sha256 FROM draft_files f "
                                     "WHERE NOT EXISTS (SELECT 1 FROM drafts d WHERE d.id = f.draft_id) ON CONFLICT DO NOTHING"));
    TRY(db_run(e));
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM draft_files WHERE NOT EXISTS (SELECT 1 FROM drafts d WHERE d.id = draft_files.draft_id)"));
    return db_run(d);
}

/* ---- Erasing --------------------------------------------------------------------------------------------------------- */

/* Whoever keeps bytes takes them off the list first and in the same transaction; so they and collect_erase wait for each other. */
Err file_wanted_again(Db *db, const Sha256 *sum)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM erasable_files WHERE sha256 = $1"));
    bind_blob(q, 1, sum_str(sum));
    return db_run(q);
}

Err file_for_now(Db *db, const Sha256 *sum)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO erasable_files (sha256) VALUES ($1) ON CONFLICT DO NOTHING"));
    bind_blob(q, 1, sum_str(sum));
    return db_run(q);
}

/* By any table that keeps bytes among the files: a stranger may have sent a copy of something public. */
static Err named(Db *db, Arena *a, const Sha256 *sum, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM draft_files WHERE sha256 = $1) OR EXISTS (SELECT 1 FROM submission_files WHERE sha256 = $1) "
        "OR EXISTS (SELECT 1 FROM submission_quarantine WHERE sha256 = $1) OR EXISTS (SELECT 1 FROM form_files WHERE sha256 = $1) "
        "OR EXISTS (SELECT 1 FROM form_draft_files WHERE sha256 = $1) OR EXISTS (SELECT 1 FROM card_files WHERE sha256 = $1) "
        "OR EXISTS (SELECT 1 FROM form_versions WHERE sha256 = $1 OR xform_sha256 = $1) OR EXISTS (SELECT 1 FROM frames WHERE sha256 = $2) "
        "OR EXISTS (SELECT 1 FROM editions WHERE package_sha = $2 OR figures_sha = $2 OR csv_sha = $2) "
        "OR EXISTS (SELECT 1 FROM reports WHERE sha256 = $2) OR EXISTS (SELECT 1 FROM league_editions WHERE package_sha = $2) "
        "OR EXISTS (SELECT 1 FROM report_template_files WHERE sha256 = $2) "
        "OR EXISTS (SELECT 1 FROM frozen_sets WHERE data_sha = $2 OR codebook_sha = $2 OR manifest_sha = $2)"));
    bind_blob(q, 1, sum_str(sum));
    bind_str(q, 2, str_hex(a, sum->at, sizeof sum->at));
    *out = db_row(q);
    return db_done(q);
}

static Err erase_one(Db *db, Store *s, Arena *a, const Sha256 *sum)
{
    bool kept;
    TRY(file_wanted_again(db, sum));
    TRY(named(db, a, sum, &kept));
    return kept ? OK : files_remove(s, a, *sum);
}

Err collect_erase(Db *db, Store *s, Arena *a)
{
    AnswerFiles due = { 0 };
    AUTO_STMT   q   = db_prepare(db, SQL("SELECT '', sha256, 0, '' FROM erasable_files LIMIT 1000"));
    TRY(files_of(q, a, &due));
    for (size_t i = 0; i < due.len; i++)
        TRY(erase_one(db, s, a, &due.at[i].sum));
    return OK;
}

Err round_files_list(Db *db, Arena *a, RoundId round, int64_t most, RoundFiles *out, int64_t *out_all)
{
    RoundFiles rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL(
        "SELECT f.submission_id, f.name, f.type, f.size, s.day, s.channel, COUNT(*) OVER () "
        "FROM submission_files f JOIN submissions s ON s.id = f.submission_id "
        "WHERE f.submission_id BETWEEN $1 AND $2 AND f.beside = 0 ORDER BY f.submission_id, f.name LIMIT $3"));
    TRY(round_id_range(q, db, round, 1));
    bind_int(q, 3, most);
    *out_all = 0;
    while (db_row(q)) {
        RoundFile *f = list_add(a, &rows);
        *f = (RoundFile){ .of = { col_int(q, 0) }, .name = arena_str(a, col_str(q, 1)), .type = arena_str(a, col_str(q, 2)), .size = col_int(q, 3),
                          .day = col_date(q, 4), .channel = CHANNEL_WEB };
        channel_parse(col_str(q, 5), &f->channel);
        *out_all = col_int(q, 6);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}
