/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Thresholds, runs and findings in the database. */
#include "quality/parts.h"

#include <math.h>

/* ---- Thresholds -------------------------------------------------------------------------------------------------------- */

Err limits_load(Db *db, RoundId round, QualityLimits *out)
{
    for (int i = 0; i < LIMIT_COUNT; i++)
        out->at[i] = quality_thresholds[i].usual;
    AUTO_STMT q = db_prepare(db, SQL("SELECT name, value FROM quality_thresholds WHERE round_id = $1"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        for (int i = 0; i < LIMIT_COUNT; i++)
            if (str_eq(col_str(q, 0), str_from_c(quality_thresholds[i].name)))
                out->at[i] = col_real(q, 1);
    return db_done(q);
}

static Err limits_clear(Db *db, RoundId round)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM quality_thresholds WHERE round_id = $1"));
    bind_int(q, 1, round.v);
    return db_run(q);
}

Err limits_save(Db *db, RoundId round, const QualityLimits *x)
{
    TRY(limits_clear(db, round));
    for (int i = 0; i < LIMIT_COUNT; i++) {
        if (x->at[i] == quality_thresholds[i].usual)
            continue;
        AUTO_STMT q = db_prepare(db, SQL("INSERT INTO quality_thresholds (round_id, name, value) VALUES ($1, $2, $3)"));
        bind_int(q, 1, round.v);
        bind_str(q, 2, str_from_c(quality_thresholds[i].name));
        bind_real(q, 3, x->at[i]);
        TRY(db_run(q));
    }
    return OK;
}

/* ---- Runs ---------------------------------------------------------------------------------------------------------------- */

Err run_save(Db *db, QualityRun *r)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO quality_runs (id, round_id, made_by, made_at, answers, took_ms, figures) VALUES ($1, $2, $3, $4, $5, $6, $7)"));
    r->id = id_new();
    bind_int(q, 1, r->id);
    bind_int(q, 2, r->round.v);
    bind_int(q, 3, r->by.v);
    bind_time(q, 4, r->at);
    bind_int(q, 5, r->answers);
    bind_int(q, 6, r->took_ms);
    bind_str(q, 7, r->figures);
    return db_run(q);
}

Err run_latest(Db *db, Arena *a, RoundId round, QualityRun *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT id, made_by, made_at, answers, took_ms, figures FROM quality_runs WHERE round_id = $1 ORDER BY made_at DESC, id DESC LIMIT 1"));
    bind_int(q, 1, round.v);
    bool found = db_row(q);
    if (found)
        *out = (QualityRun){ .id = col_int(q, 0), .round = round, .by = { col_int(q, 1) }, .at = col_time(q, 2), .answers = col_int(q, 3),
                             .took_ms = col_int(q, 4), .figures = arena_str(a, col_str(q, 5)) };
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("run"));
}

/* ---- Findings ---------------------------------------------------------------------------------------------------------------- */

static Err stale_clear(Db *db, const QualityRun *r)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM quality_flags WHERE round_id = $1 AND state = 'open' AND last_run <> $2"));
    bind_int(q, 1, r->round.v);
    bind_int(q, 2, r->id);
    return db_run(q);
}

Err findings_save(Db *db, const QualityRun *r, const QualityData *d, const Findings *f)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO quality_flags (id, round_id, kind, submission_id, interviewer, detail, score, last_run, state) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open') ON CONFLICT (round_id, kind, submission_id, interviewer) "
        "DO UPDATE SET detail = $6, score = $7, last_run = $8"));
    for (size_t i = 0; i < f->len; i++) {
        const Finding *x   = &f->at[i];
        int32_t        who = x->row >= 0 ? d->interviewer[x->row] : x->interviewer;
        bind_int(q, 1, id_random());
        bind_int(q, 2, r->round.v);
        bind_str(q, 3, quality_code(x->kind));
        bind_int(q, 4, x->row >= 0 ? d->id[x->row].v : 0);
        bind_str(q, 5, who >= 0 ? d->names.at[who] : S(""));
        bind_str(q, 6, x->detail);
        bind_real(q, 7, x->score);
        bind_int(q, 8, r->id);
        TRY(db_run(q));
    }
    return stale_clear(db, r);
}

#define FLAG_SELECT                                                                                                            \
    "SELECT id, round_id, kind, submission_id, interviewer, detail, score, last_run, state, settled_by, settled_at, reason, "   \
    "revision FROM quality_flags "

static void flag_read(Stmt *q, Arena *a, QualityFlag *out)
{
    *out = (QualityFlag){ .id = col_int(q, 0), .round = { col_int(q, 1) }, .submission = { col_int(q, 3) }, .interviewer = arena_str(a, col_str(q, 4)),
                          .detail = arena_str(a, col_str(q, 5)), .score = col_real(q, 6), .last_run = col_int(q, 7), .settled_by = { col_int(q, 9) },
                          .settled_at = col_time(q, 10), .reason = arena_str(a, col_str(q, 11)), .revision = col_int(q, 12) };
    quality_parse(col_str(q, 2), &out->kind);
    flag_state_parse(col_str(q, 8), &out->state);
}

/* $2 kind, $3 state, $4 interviewer: empty takes all. */
#define FLAG_WHERE "WHERE round_id = $1 AND ($2 = '' OR kind = $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR interviewer = $4) "

static void bind_filter(Stmt *q, RoundId round, const FlagFilter *f)
{
    bind_int(q, 1, round.v);
    bind_str(q, 2, f->by_kind ? quality_code(f->kind) : S(""));
    bind_str(q, 3, f->by_state ? flag_state_code(f->state) : S(""));
    bind_str(q, 4, f->interviewer);
}

static Err flags_number(Db *db, RoundId round, const FlagFilter *f, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM quality_flags " FLAG_WHERE));
    bind_filter(q, round, f);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err flags_list(Db *db, Arena *a, RoundId round, const FlagFilter *f, QualityFlags *out, int64_t *out_all)
{
    QualityFlags rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(FLAG_SELECT FLAG_WHERE "ORDER BY kind, score DESC, id LIMIT $5 OFFSET $6"));
    bind_filter(q, round, f);
    bind_int(q, 5, f->limit);
    bind_int(q, 6, f->offset);
    while (db_row(q))
        flag_read(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return flags_number(db, round, f, out_all);
}

Err flag_load(Db *db, Arena *a, int64_t id, QualityFlag *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FLAG_SELECT "WHERE id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        flag_read(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("finding"));
}

Err flag_save(Db *db, QualityFlag *f)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE quality_flags SET state = $1, settled_by = $2, settled_at = $3, reason = $4, revision = revision + 1 WHERE id = $5 AND revision = $6"));
    bind_str(q, 1, flag_state_code(f->state));
    bind_int(q, 2, f->settled_by.v);
    bind_time(q, 3, f->settled_at);
    bind_str(q, 4, f->reason);
    bind_int(q, 5, f->id);
    bind_int(q, 6, f->revision);
    TRY(db_run(q));
    return db_changes(q) ? OK : err_new(db_arena(db), ERR_CONFLICT, S("the finding was settled meanwhile"));
}

Err flags_count(Db *db, RoundId round, QualityCounts *out)
{
    QualityKind   kind;
    FlagState     state;
    QualityCounts c = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT kind, state, COUNT(*) FROM quality_flags WHERE round_id = $1 GROUP BY kind, state"));
    bind_int(q, 1, round.v);
    while (db_row(q)) {
        if (!quality_parse(col_str(q, 0), &kind) || !flag_state_parse(col_str(q, 1), &state))
            continue;
        int64_t n = col_int(q, 2);
        c.found[kind] += n;
        c.open += state == FLAG_OPEN ? n : 0;
        c.kept += state == FLAG_KEPT ? n : 0;
        c.left_out += state == FLAG_LEFT_OUT ? n : 0;
    }
    *out = c;
    return db_done(q);
}

Err flagged_ids(Db *db, Arena *a, RoundId round, bool open, bool left_out, FlaggedIds *out)
{
    FlaggedIds rows = { 0 };
    AUTO_STMT  q = db_prepare(db, SQL(
        "SELECT DISTINCT submission_id FROM quality_flags WHERE round_id = $1 AND submission_id <> 0 AND "
        "((state = 'open' AND $2 = 1) OR (state = 'left_out' AND $3 = 1)) ORDER BY submission_id"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, open);
    bind_int(q, 3, left_out);
    while (db_row(q))
        *list_add(a, &rows) = col_int(q, 0);
    TRY(db_done(q));
    *out = rows;
    return OK;
}
