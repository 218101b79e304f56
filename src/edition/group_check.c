/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What groups in the rows of a package would tell beside its tables: opinions of a few, in the rows or by subtracting rows from a table. docs/adr/0050. */
#include "edition/weighting.h"

/* Answers of one item by group: opinions in rows that tell their group, and all that no such row holds. */
typedef struct GroupCount { int64_t told, away; } GroupCount;

static void count_item(const Dataset *d, const Breakdown *b, size_t item, GroupCount *of)
{
    memset(of, 0, b->domains.len * sizeof *of);
    for (size_t r = 0; r < d->records; r++) {
        uint8_t v = d->values[r * d->items.len + item], shown = d->opened->values[r * d->items.len + item];
        bool    in_row = shown && d->domain_of[r];
        of[b->of[r]].told += in_row && shown != 9;
        of[b->of[r]].away += v && !in_row;
    }
}

static bool few(int64_t n)
{
    return n > 0 && n < LEAST_CELL;
}

void groups_check(Arena *a, const Dataset *d, MarginFaults *faults)
{
    for (size_t g = 0; g < d->groups.len; g++) {
        const Breakdown *b     = &d->groups.at[g];
        bool             table = break_find(d, b->question) != NULL;
        Arena            work  = arena_open(1 << 20);
        GroupCount      *of    = arena_new(&work, GroupCount, b->domains.len);
        for (size_t i = 0; i < d->items.len; i++) {
            count_item(d, b, i, of);
            for (size_t k = 0; k < b->domains.len; k++) {
                Str code = k ? b->domains.at[k].code : UNANSWERED;
                if (few(of[k].told) || (table && few(of[k].away)))
                    *list_add(a, faults) = (MarginFault){ .key = few(of[k].told) ? "weights.fault.few-told" : "weights.fault.few-away",
                                                          .code = arena_fmt(a, "%.*s: %.*s, %.*s", STR_ARG(b->question), STR_ARG(code),
                                                                            STR_ARG(d->items.at[i].name)),
                                                          .n = few(of[k].told) ? of[k].told : of[k].away };
            }
        }
        arena_close(&work);
    }
}
