/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Counts of Likert answers, what is computed from them, and suppression. */
#include "stats/stats.h"

#include <math.h>

TallyTable tally_table_new(Arena *a, size_t items, size_t domains)
{
    return (TallyTable){ arena_new(a, Tally, items * domains), items, domains };
}

Tally *tally_at(const TallyTable *t, size_t item, size_t domain)
{
    return &t->at[item * t->domains + domain];
}

void tally_add(Tally *to, const Tally *from)
{
    for (int k = 0; k < TALLY_CELLS; k++)
        to->at[k] += from->at[k];
}

int64_t tally_opinions(const Tally *t)
{
    int64_t n = 0;
    for (int k = 0; k < LIKERT_STEPS; k++)
        n += t->at[k];
    return n;
}

double tally_satisfied(const Tally *t)
{
    int64_t n = tally_opinions(t);
    return n ? 100.0 * (double)(t->at[3] + t->at[4]) / (double)n : NAN;
}

double tally_mean(const Tally *t)
{
    int64_t n = tally_opinions(t), sum = 0;
    for (int k = 0; k < LIKERT_STEPS; k++)
        sum += (k + 1) * t->at[k];
    return n ? (double)sum / (double)n : NAN;
}

double tally_no_opinion(const Tally *t)
{
    int64_t n = tally_opinions(t) + t->at[TALLY_NONE];
    return n ? 100.0 * (double)t->at[TALLY_NONE] / (double)n : NAN;
}

bool tally_few(const Tally *t, int64_t least)
{
    int64_t n = tally_opinions(t), all = n + t->at[TALLY_NONE];
    return (n > 0 && n < least) || (all > 0 && all < least);
}

/* The shown domain with the fewest opinions (but at least one); 0 when none is left. */
static size_t smallest_shown(const TallyTable *t, size_t item, const bool *hidden)
{
    size_t  best   = 0;
    int64_t fewest = INT64_MAX;
    for (size_t d = 1; d < t->domains; d++) {
        int64_t n = tally_opinions(tally_at(t, item, d));
        if (!hidden[d] && n > 0 && n < fewest) {
            best   = d;
            fewest = n;
        }
    }
    return best;
}

void tally_suppress(const TallyTable *t, int64_t least, bool *hidden)
{
    for (size_t i = 0; i < t->items; i++) {
        bool   *row   = hidden + i * t->domains;
        int64_t rest  = tally_opinions(tally_at(t, i, 0));
        size_t  cells = rest > 0;
        row[0]        = true;
        for (size_t d = 1; d < t->domains; d++) {
            int64_t n = tally_opinions(tally_at(t, i, d));
            row[d]    = tally_few(tally_at(t, i, d), least);
            rest += row[d] ? n : 0;
            cells += row[d];
        }
        bool unknown_only = cells == 1 && tally_opinions(tally_at(t, i, 0)) > 0;
        while (cells > 0 && (rest < least || (cells < 2 && !unknown_only))) {
            size_t d = smallest_shown(t, i, row);
            if (d == 0)
                break;
            row[d] = true;
            rest += tally_opinions(tally_at(t, i, d));
            cells++;
        }
    }
}
