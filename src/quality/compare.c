/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Share satisfied, question by question: all answers, and without those that have a finding. Records that were left out count in
 * "all" as well, so that the effect of every decision shows. */
#include "quality/parts.h"

#include <math.h>

typedef struct Tallied { int64_t n, satisfied; } Tallied;
typedef struct Compare {
    const FormProgram *p; const FlaggedIds *ids; int node[LIKERT_MOST]; size_t items; Tallied all[LIKERT_MOST], clean[LIKERT_MOST];
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
    Arena       work = arena_open((size_t)1 << 24);
    const Json *tree;
    Err         e = json_parse(&work, json, &tree);
    for (size_t i = 0; i < c->items && !e; i++) {
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
    arena_close(&work);
    return e;
}

static Err tally_row(void *self, const SubmissionRow *row)
{
    Compare *c = self;
    return tally(c, row->answers_json, has(c->ids, row->id.v));
}

static Err tally_left_out(Db *db, Store *s, Arena *a, const Round *r, Compare *c)
{
    FlaggedIds ids;
    TRY(flagged_ids(db, a, r->id, false, true, &ids));
    for (size_t i = 0; i < ids.len; i++) {
        RecordView v;
        Err        e = record_load(db, s, a, (SubmissionId){ ids.at[i] }, &v);
        if (!e && v.excluded)
            e = tally(c, v.answers, true);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
    }
    return OK;
}

Err results_compare(Db *db, Store *s, Arena *a, const Round *r, Lang l, ResultRows *out)
{
    FlaggedIds ids;
    Compare   *c = arena_new(a, Compare, 1);
    TRY(form_program(db, s, a, r->form, &c->p));
    TRY(flagged_ids(db, a, r->id, true, true, &ids));
    c->ids = &ids;
    for (int i = 0; i < (int)c->p->nodes.len && c->items < LIKERT_MOST; i++)
        if (c->p->nodes.at[i].type == Q_SELECT_ONE && c->p->nodes.at[i].role == QR_SATISFACTION)
            c->node[c->items++] = i;
    Arena scratch = arena_open((size_t)1 << 24);
    Err   e       = submission_each(db, scratch, r->id, tally_row, c);
    arena_close(&scratch);
    TRY(e);
    TRY(tally_left_out(db, s, a, r, c));
    for (size_t i = 0; i < c->items; i++)
        if (c->all[i].n)
            *list_add(a, out) = (ResultRow){ form_label_plain(a, c->p, c->node[i], l), c->all[i].n, c->clean[i].n,
                                             100.0 * (double)c->all[i].satisfied / (double)c->all[i].n,
                                             c->clean[i].n ? 100.0 * (double)c->clean[i].satisfied / (double)c->clean[i].n : NAN };
    return OK;
}
