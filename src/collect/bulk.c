/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers from a program (demonstration, import): the same records, receipts, counters and sum as from a request. */
#include "collect/submit_counts.h"

enum { BULK = 1000 };

/* The database's own arena may be the caller's: working memory is another one. */
typedef struct Bulk {
    Db *db; Arena work; const CollectKeys *keys; const RoundInfo *info; const SubmissionDraft *drafts; size_t n; Submission *x;
} Bulk;

static void draft_fill(Bulk *b, const SubmissionDraft *d, Submission *x)
{
    x->at      = date_start(d->day);
    x->channel = d->channel;
    x->media   = S("application/json");
    Str body = submission_body(&b->work, d->instance_id, record_json(&b->work, b->info->program, d->answers));
    submission_fill(x, &b->work, b->keys, b->info, d->instance_id, d->answers, body);
    x->flagged     = d->flag_reason.len > 0;
    x->flag_reason = d->flag_reason;
    submission_seal(x, &b->work);
}

static Err bulk_insert(void *self)
{
    Bulk        *b     = self;
    Submission **items = arena_new(&b->work, Submission *, b->n);
    b->x = arena_new(&b->work, Submission, b->n);
    for (size_t i = 0; i < b->n; i++) {
        items[i] = &b->x[i];
        draft_fill(b, &b->drafts[i], items[i]);
    }
    return submission_insert(b->db, &b->work, items, b->n);
}

static Err tell_ids(Db *db, const Bulk *b)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->drafts[i].out_id && b->x[i].outcome == SUBMIT_OTHER_BYTES)
            return err_new(db_arena(db), ERR_CONFLICT, S("this id was used for other answers"));
        if (b->drafts[i].out_id)
            *b->drafts[i].out_id = b->x[i].key.id;
    }
    return OK;
}

Err submission_load_many(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId id, const SubmissionDraft *drafts, size_t n)
{
    Bulk  b = { .db = db, .keys = collect_keys(app) };
    Round round;
    Err   e = OK;
    TRY(round_load(db, a, id, &round));
    TRY(round_info(db, s, a, round.code, &b.info));
    b.work = arena_open((size_t)1 << 28);
    for (size_t from = 0; from < n && !e; from += BULK) {
        b.drafts = drafts + from;
        b.n      = n - from < BULK ? n - from : BULK;
        submission_forget_counts();            /* the caller's transaction may have been rolled back, or may be yet */
        e = arena_guarded(&b.work, bulk_insert, &b);
        if (e)                                 /* its words may lie in working memory */
            e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
        submission_forget_counts();
        e = e ? e : tell_ids(db, &b);
        arena_reset(&b.work, 1 << 20);
    }
    arena_close(&b.work);
    return e;
}
