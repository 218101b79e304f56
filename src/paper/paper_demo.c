/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A batch for the demonstration: forms in every state before acceptance, one number missing, one page missing. */
#include "paper/parts.h"

enum { UNTOUCHED = 2, VOIDED = 1, FIRST_ONLY = 1, DIFFERING = 2 };

static Err typed_by(Db *db, Arena *a, const PaperMap *m, PaperForm *f, int pass, PersonId who, const FormAnswers *x, Time now)
{
    PaperEntry e = { .form = f->id, .pass = pass, .person = who, .started_at = now };
    TRY(entry_begin(db, &e));
    TRY(entry_load(db, a, f->id, pass, &e));
    e.answers  = keyed_json(a, m->p, x);
    e.typed    = S("{}");
    e.saved_at = e.done_at = now;
    e.done     = true;
    return entry_save(db, &e);
}

/* The second clerk reads the first question with choices differently. */
static FormAnswers misread(Arena *a, const PaperMap *m, const FormAnswers *x)
{
    FormAnswers y = form_answers_new(a, m->p);
    bool        changed = false;
    for (size_t i = 0; i < m->p->nodes.len; i++) {
        const FormNode *n = &m->p->nodes.at[i];
        if (n->answer < 0)
            continue;
        y.at[n->answer] = x->at[n->answer];
        const FormList *list = n->list >= 0 ? &m->p->lists.at[n->list] : NULL;
        if (!changed && n->type == Q_SELECT_ONE && n->role == QR_SATISFACTION && list->choices.len > 1 && y.at[n->answer].len) {
            y.at[n->answer] = str_eq(y.at[n->answer], list->choices.at[0].name) ? list->choices.at[1].name : list->choices.at[0].name;
            changed         = true;
        }
    }
    return y;
}

static Err fill(Db *db, Arena *a, const PaperMap *m, const PaperDemo *d, PaperForm *f, size_t at)
{
    FormAnswers wrong = misread(a, m, &d->answers[at]);
    if (at < UNTOUCHED)
        return OK;
    if (at < UNTOUCHED + VOIDED) {
        f->state       = PAPER_VOID;
        f->void_reason = S("Phiếu trắng");
        return paper_form_save(db, f);
    }
    TRY(typed_by(db, a, m, f, 1, d->clerks[at % 2], &d->answers[at], d->now));
    if (at < UNTOUCHED + VOIDED + FIRST_ONLY) {
        f->state         = PAPER_FIRST;
        f->missing_pages = S("3");
        return paper_form_save(db, f);
    }
    bool same = at >= UNTOUCHED + VOIDED + FIRST_ONLY + DIFFERING;
    TRY(typed_by(db, a, m, f, 2, d->clerks[1 - at % 2], same ? &d->answers[at] : &wrong, d->now));
    return passes_compare(db, a, m, f, d->now);
}

Err paper_demo(Db *db, Arena *a, const PaperDemo *d)
{
    PaperMap   m = paper_map(a, d->p);
    PaperRun   r = { .round = d->round, .unit = d->unit, .by = d->supervisor, .at = d->now };
    TRY(run_make(db, a, 50, &r));
    PaperBatch b = { .round = d->round, .unit = d->unit, .label = S("Phường Quy Nhơn, lần 1"), .handed_by = S("Bưu điện phường"), .first = r.first,
                     .last = r.first + (int64_t)d->n, .stated = (int64_t)d->n + 1, .received_by = d->supervisor, .received_at = d->now };
    TRY(batch_save(db, &b));
    for (size_t i = 0; i < d->n; i++) {
        PaperForm f;
        bool      fresh;
        TRY(paper_form_add(db, &b, r.first + (int64_t)i + (i > 2), &fresh));     /* the fourth number is missing */
        TRY(paper_form_by_serial(db, a, d->round, r.first + (int64_t)i + (i > 2), &f));
        TRY(fill(db, a, &m, d, &f, i));
    }
    return OK;
}
