/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Share satisfied, question by question: all answers, and without those that have a finding. Records that were left out count in
 * "all" as well, so that the effect of every decision shows. */
#include "quality/parts.h"

#include <math.h>

typedef struct Tallied { int64_t n, satisfied; } Tallied;
typedef struct Compare {
    const FormProgram *p; const FlaggedIds *ids, *left_out; int node[LIKERT_MOST]; size_t items; Tallied all[LIKERT_MOST], clean[LIKERT_MOST]; Arena work;
} Compare;

static bool has(const FlaggedIds *ids, int64_t id)
{
    size_t low = 0, high = ids->len;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (ids->at[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < ids->len && ids->at[low] == id;
}

static Err tally(Compare *c, Str json, bool flagged)
{
    const Json *tree;
    TRY(json_parse(&c->work, json, &tree));
    for (size_t i = 0; i < c->items; i++) {
        Str name = S("");
        if (!json_str(json_get(tree, c->p->nodes.at[c->node[i]].name), &name))
            continue;
        const FormChoice *k = form_choice(c->p, c->node[i], name);
        if (!k || k->missing != CHOICE_PLAIN || !(k->value >= 1 && k->value <= 5))
            continue;
        c->all[i].n++;
        c->all[i].satisfied += k->value >= 4;
        c->clean[i].n += !flagged;
        c->clean[i].satisfied += !flagged && k->value >= 4;
    }
    arena_reset(&c->work, 1 << 20);
    return OK;
}

static Err tally_counting(void *self, const SubmissionRow *row)
{
    Compare *c = self;
    return tally(c, row->answers_json, has(c->ids, row->id.v));
}

static Err tally_left_out(void *self, const SubmissionRow *row)
{
    Compare *c = self;
    return has(c->left_out, row->id.v) ? tally(c, row->answers_json, true) : OK;
}

static Err read_all(Db *db, Arena *a, RoundId round, Compare *c)
{
    Arena scratch = arena_open((size_t)1 << 24);
    c->work       = arena_open((size_t)1 << 24);
    Err e = submission_each(db, scratch, round, tally_counting, c);
    if (!e)
        e = submission_each_excluded(db, scratch, round, tally_left_out, c);
    if (e)
        e = err_make(a, e->kind, e->detail, e->file, e->line);
    arena_close(&c->work);
    arena_close(&scratch);
    return e;
}

Err results_compare(Db *db, Store *s, Arena *a, const Round *r, Lang l, ResultRows *out)
{
    FlaggedIds ids, left_out;
    Compare   *c = arena_new(a, Compare, 1);
    TRY(form_program(db, s, a, r->form, &c->p));
    TRY(flagged_ids(db, a, r->id, true, true, &ids));
    TRY(flagged_ids(db, a, r->id, false, true, &left_out));
    c->ids      = &ids;
    c->left_out = &left_out;
    for (int i = 0; i < (int)c->p->nodes.len && c->items < LIKERT_MOST; i++)
        if (c->p->nodes.at[i].type == Q_SELECT_ONE && c->p->nodes.at[i].role == QR_SATISFACTION)
            c->node[c->items++] = i;
    TRY(read_all(db, a, r->id, c));
    for (size_t i = 0; i < c->items; i++)
        if (c->all[i].n)
            *list_add(a, out) = (ResultRow){ form_label_plain(a, c->p, c->node[i], l), c->all[i].n, c->clean[i].n,
                                             100.0 * (double)c->all[i].satisfied / (double)c->all[i].n,
                                             c->clean[i].n ? 100.0 * (double)c->clean[i].satisfied / (double)c->clean[i].n : NAN };
    return OK;
}
