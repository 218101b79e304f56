/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drafts: what a respondent has typed so far. They end with sending, and with their round. */
#include "collect/parts.h"

Err draft_create(Db *db, Arena *a, Draft *d, Hash token, Hash resume)
{
    d->id       = id_random();
    d->revision = 1;
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO drafts (id, round_id, token_hash, resume_hash, form_id, answers, page, channel, started_at, saved_at, revision, case_id, desk_id, visit) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13)"));
    bind_int(q, 1, d->id);
    bind_int(q, 2, d->round.v);
    bind_blob(q, 3, hash_str(&token));
    bind_blob(q, 4, hash_str(&resume));
    bind_int(q, 5, d->form.v);
    bind_str(q, 6, d->answers_json);
    bind_str(q, 7, d->page);
    bind_str(q, 8, channel_code(d->channel));
    bind_time(q, 9, d->started_at);
    bind_time(q, 10, d->saved_at);
    bind_int(q, 11, d->case_id);
    bind_int(q, 12, d->desk);
    bind_str(q, 13, d->visit);
    return db_run(q);
}

#define DRAFT_SELECT "SELECT id, round_id, form_id, answers, page, channel, started_at, saved_at, revision, case_id, desk_id, visit FROM drafts "

static Err draft_one(Stmt *q, Db *db, Arena *a, Draft *out)
{
    Draft d = { 0 };
    while (db_row(q)) {
        d = (Draft){ .id = col_int(q, 0), .round = { col_int(q, 1) }, .form = { col_int(q, 2) }, .answers_json = arena_str(a, col_str(q, 3)),
                     .page = arena_str(a, col_str(q, 4)), .started_at = col_time(q, 6), .saved_at = col_time(q, 7), .revision = col_int(q, 8),
                     .case_id = col_int(q, 9), .desk = col_int(q, 10), .visit = arena_str(a, col_str(q, 11)) };
        channel_parse(col_str(q, 5), &d.channel);
    }
    TRY(db_done(q));
    if (!d.id)
        return err_new(db_arena(db), ERR_NOT_FOUND, S("draft"));
    *out = d;
    return OK;
}

Err draft_by_token(Db *db, Arena *a, Hash token, Draft *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DRAFT_SELECT "WHERE token_hash = $1"));
    bind_blob(q, 1, hash_str(&token));
    return draft_one(q, db, a, out);
}

Err draft_save(Db *db, Draft *d)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE drafts SET answers = $1, page = $2, saved_at = $3, revision = revision + 1 WHERE id = $4"));
    bind_str(q, 1, d->answers_json);
    bind_str(q, 2, d->page);
    bind_time(q, 3, d->saved_at);
    bind_int(q, 4, d->id);
    TRY(db_run(q));
    d->revision++;
    return db_changes(q) == 1 ? OK : err_new(db_arena(db), ERR_NOT_FOUND, S("draft"));
}

Err draft_resume(Db *db, Arena *a, RoundId round, Hash resume, Hash token, Draft *out)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE drafts SET token_hash = $1 WHERE resume_hash = $2 AND round_id = $3"));
    bind_blob(q, 1, hash_str(&token));
    bind_blob(q, 2, hash_str(&resume));
    bind_int(q, 3, round.v);
    TRY(db_run(q));
    return draft_by_token(db, a, token, out);
}

/* What ends with a round: drafts that can no longer be sent. A day is left for those who were told so on paper. */
Err collect_tidy(Db *db, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "DELETE FROM drafts WHERE round_id IN (SELECT id FROM rounds WHERE state = 'published' OR closed_at < $1 OR closes_at < $1)"));
    bind_int(q, 1, now.ms - MS_DAY);
    TRY(db_run(q));
    return draft_files_sweep(db);
}
