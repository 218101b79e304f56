/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The steps from base weights to weights: margins, trimming, margins again. The same code makes them and computes them again from a package.
 * Source: docs/statistics.md section 5; docs/adr/0050. */
#include "edition/weighting.h"

#include <math.h>
#include <stdlib.h>

/* Totals by domain of one margin; those without a record are 0. *out_all: as given, of all. Returns the sum of what is left. */
static double totals_of(const Margins *margins, Str question, const Dataset *d, const Breakdown *b, const bool *seen, double *total, double *out_all)
{
    double left = 0;
    *out_all = 0;
    for (size_t i = 0; i < margins->len; i++) {
        const Margin *m = &margins->at[i];
        if (!str_eq(m->question, question))
            continue;
        size_t k = !b ? (size_t)dataset_domain(d, m->code) : breakdown_domain(b, m->code);
        *out_all += m->population;
        if (!seen[k])
            continue;
        total[k] += m->population;
        left += m->population;
    }
    return left;
}

/* One margin; *scale: of the totals of those after the place, set by it. */
static void margin_add(Arena *a, const Margins *margins, const Dataset *d, const Breakdown *b, WeightSteps *s, double *scale)
{
    size_t    n     = b ? b->domains.len : d->domains.len;
    uint32_t *code  = arena_new(a, uint32_t, s->n + 1);
    double   *total = arena_new(a, double, n), all;
    bool     *seen  = arena_new(a, bool, n);
    for (size_t i = 0; i < s->n; i++) {
        code[i] = b ? b->of[s->record[i]] : d->domain_of[s->record[i]];
        seen[code[i]] = true;
    }
    double left = totals_of(margins, b ? b->question : S(""), d, b, seen, total, &all);
    if (!b)
        *scale = left / all;
    for (size_t k = 0; b && k < n; k++)
        total[k] *= *scale;
    s->margin[s->n_margins++] = (StatsMargin){ code, n, total };
}

void steps_margins(Arena *a, const Margins *margins, const Dataset *d, WeightSteps *s)
{
    double scale = 1;
    s->n_margins = 0;
    if (weighting_has(margins, S("")))
        margin_add(a, margins, d, NULL, s, &scale);
    for (size_t g = 0; g < d->groups.len && s->n_margins <= GROUPS_MOST; g++)
        if (weighting_has(margins, d->groups.at[g].question))
            margin_add(a, margins, d, &d->groups.at[g], s, &scale);
    s->raked = weighting_questions(a, margins).len > 0;
}

/* Weights that meet the margins, in place. Without margins: that add up to `sum`. */
static Err meet(Arena *a, WeightSteps *s, double *weight, double sum)
{
    StatsAdjustment made;
    if (!s->n_margins) {
        double now = 0;
        for (size_t i = 0; i < s->n; i++)
            now += weight[i];
        for (size_t i = 0; i < s->n; i++)
            weight[i] *= sum / now;
        return OK;
    }
    if (s->raked)
        TRY(stats_rake(a, s->n, weight, s->n_margins, s->margin, (StatsStop){ .told = &s->sweeps }, &made));
    else
        TRY(stats_poststratify(a, s->n, weight, &s->margin[0], &made));
    memcpy(weight, made.after, s->n * sizeof *weight);
    return OK;
}

static double sum_of(const WeightSteps *s, const double *weight)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += weight[i];
    return sum;
}

Err steps_run(Arena *a, WeightSteps *s)
{
    s->after = arena_new(a, double, s->n + 1);
    memcpy(s->after, s->before, s->n * sizeof *s->after);
    if (s->n_margins)
        TRY(meet(a, s, s->after, 0));
    if (!(s->cap > 0))
        return OK;
    double *full = arena_new(a, double, s->n + 1), sum = sum_of(s, s->after);
    memcpy(full, s->after, s->n * sizeof *full);
    s->moved = stats_trim(*a, s->n, s->after, s->cap, s->after);
    for (size_t i = 0; i < s->n; i++)
        if (s->after[i] < full[i]) {
            s->trimmed++;
            s->bound = s->after[i];
        }
    return s->trimmed ? meet(a, s, s->after, sum) : OK;
}

Err steps_fit(Arena *a, WeightSteps *s)
{
    return stats_rake_fit(a, s->n, s->before, s->after, s->n_margins, s->margin, &s->fit);
}

void steps_residual(const WeightSteps *s, Arena scratch, double *z)
{
    double *of = arena_new(&scratch, double, s->n + 1);
    for (size_t i = 0; i < s->n; i++)
        of[i] = z[s->record[i]];
    s->fit.residual(&s->fit, scratch, s->n, 1, of);
    for (size_t i = 0; i < s->n; i++)
        z[s->record[i]] = of[i];
}

void steps_cells(Buf *b, const Dataset *d, size_t record)
{
    bool placed = d->opened->told[record] && d->domain_of[record];
    buf_byte(b, ',');
    if (placed)
        buf_f64(b, d->weights->base[record]);
    for (size_t g = 0; g < d->groups.len; g++) {
        const Breakdown *x = &d->groups.at[g];
        if (placed && x->of[record])
            csv_field(b, x->domains.at[x->of[record]].code);
        else
            buf_byte(b, ',');
    }
}
