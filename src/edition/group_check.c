/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What groups in the rows of a package would tell beside its tables: opinions of a few, in the rows or by subtracting rows from a table, and what a table
 * hides. docs/adr/0050. */
#include "edition/weighting.h"

#include <stdlib.h>

/* Answers of one item by group. In rows that tell their group: all, opinions, the satisfied. In no such row: all, opinions. */
typedef struct GroupCount { int64_t rows, told, satisfied, away, away_told; } GroupCount;

static void count_item(const Dataset *d, const Breakdown *b, size_t item, GroupCount *of)
{
    memset(of, 0, b->domains.len * sizeof *of);
    for (size_t r = 0; r < d->records; r++) {
        uint8_t     v = d->values[r * d->items.len + item];
        bool        in_row = d->opened->values[r * d->items.len + item] && d->domain_of[r], opinion = v && v != 9;
        GroupCount *x = &of[b->of[r]];
        x->rows += in_row;
        x->told += in_row && opinion;
        x->satisfied += in_row && (v == 4 || v == 5);
        x->away += v && !in_row;
        x->away_told += opinion && !in_row;
    }
}

static bool few(int64_t n)
{
    return n > 0 && n < LEAST_CELL;
}

/* The key of what is wrong with a group, *out_n: of how many; NULL: nothing. Tables tell of opinions, some of all answers. */
static const char *fault_of(const GroupCount *x, bool table, bool hidden, int64_t *out_n)
{
    *out_n = x->told;
    if (few(x->told))
        return "weights.fault.few-told";
    *out_n = few(x->away_told) ? x->away_told : x->away;
    if (table && few(*out_n))
        return "weights.fault.few-away";
    *out_n = x->rows;
    if (hidden && x->rows)
        return "weights.fault.hidden-told";
    *out_n = x->told;
    bool alike = x->told && x->told < LEAST_ALIKE && (x->satisfied == 0 || x->satisfied == x->told);
    return alike && !table ? "weights.fault.alike-told" : NULL;
}

static void check_item(Arena *a, const Dataset *d, const Breakdown *b, size_t item, const GroupCount *of, MarginFaults *faults)
{
    const Breakdown *table = break_find(d, b->question);
    for (size_t k = 0; k < b->domains.len; k++) {
        int64_t     n;
        const char *key = fault_of(&of[k], table, table && table->hidden[item * table->domains.len + k], &n);
        if (key)
            *list_add(a, faults) = (MarginFault){ .key = key, .n = n, .m = LEAST_ALIKE,
                                                  .code = arena_fmt(a, "%.*s: %.*s, %.*s", STR_ARG(b->question),
                                                                    STR_ARG(k ? b->domains.at[k].code : UNANSWERED), STR_ARG(d->items.at[item].name)) };
    }
}

void groups_check(Arena *a, const Dataset *d, MarginFaults *faults)
{
    for (size_t g = 0; g < d->groups.len; g++) {
        const Breakdown *b    = &d->groups.at[g];
        Arena            work = arena_open(1 << 20);
        GroupCount      *of   = arena_new(&work, GroupCount, b->domains.len);
        for (size_t i = 0; i < d->items.len; i++) {
            count_item(d, b, i, of);
            check_item(a, d, b, i, of, faults);
        }
        arena_close(&work);
    }
}

/* ---- Groups within a place ------------------------------------------------------------------------------------------------------ */

typedef struct InPlace { uint32_t domain, crowd, record; } InPlace;

static int by_crowd(const void *x, const void *y)
{
    const InPlace *p = x, *q = y;
    if (p->domain != q->domain)
        return p->domain < q->domain ? -1 : 1;
    if (p->crowd != q->crowd)
        return p->crowd < q->crowd ? -1 : 1;
    return (p->record > q->record) - (p->record < q->record);
}

/* The rows p[0] … p[n - 1] of one crowd in one place. The largest such cell stands as the example. */
static void look_at_crowd(const Dataset *d, const InPlace *p, size_t n, GroupsAlike *out)
{
    for (size_t i = 0; i < d->items.len; i++) {
        size_t told = 0, satisfied = 0;
        for (size_t k = 0; k < n; k++) {
            uint8_t v = d->opened->values[p[k].record * d->items.len + i];
            told += v >= 1 && v <= LIKERT_STEPS;
            satisfied += v == 4 || v == 5;
        }
        bool alike = told < LEAST_ALIKE && (satisfied == 0 || satisfied == told);
        if (!told || (told >= LEAST_CELL && !alike))
            continue;
        out->cells++;
        if (told > out->n)
            *out = (GroupsAlike){ out->cells, told, p->record, i };
    }
}

GroupsAlike groups_alike(const Dataset *d, const uint32_t *crowd)
{
    Arena       work = arena_open((size_t)1 << 30);
    InPlace    *p    = arena_new(&work, InPlace, d->records + 1);
    GroupsAlike out  = { 0 };
    size_t      n    = 0;
    for (size_t r = 0; r < d->records; r++)
        if (d->domain_of[r] && d->opened->told[r])
            p[n++] = (InPlace){ d->domain_of[r], crowd[r], (uint32_t)r };
    qsort(p, n, sizeof *p, by_crowd);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i + 1; k < n && p[k].domain == p[i].domain && p[k].crowd == p[i].crowd;)
            k++;
        look_at_crowd(d, p + i, k - i, &out);
    }
    arena_close(&work);
    return out;
}
