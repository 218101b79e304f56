/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Interviewers beside the others of the same primary unit, else of the same stratum; last digits of ages and hours of the day beside those of
 * all the rest. Source: docs/statistics.md, section 9. */
#include "quality/parts.h"

#include <math.h>
#include <stdlib.h>

enum { DIGITS = 10, HOURS = 24 };
static const double expected_least = 5;

Str among_code(Among x)
{
    static const Str codes[] = { S_INIT("psu"), S_INIT("stratum"), S_INIT("nested") };
    return codes[x];
}

/* ---- Holm ------------------------------------------------------------------------------------------------------------- */

typedef struct Ranked { double p, *out; } Ranked;

static int by_p(const void *x, const void *y)
{
    const Ranked *p = x, *q = y;
    return (p->p > q->p) - (p->p < q->p);
}

/* Running maximum of p_(i) * (m - i + 1), at most 1; those without a p are left out. */
static void holm(Ranked *at, size_t n)
{
    double most = 0;
    qsort(at, n, sizeof *at, by_p);
    for (size_t i = 0; i < n; i++) {
        double p = at[i].p * (double)(n - i);
        most     = p > most ? p : most;
        *at[i].out = most < 1 ? most : 1;
    }
}

/* ---- Measures within places ------------------------------------------------------------------------------------------------- */

static double value_of(const QualityData *d, const bool *straight, Measure m, size_t row)
{
    switch (m) {
    case MEASURE_MEAN: return d->mean[row];
    case MEASURE_STRAIGHT: return d->likert_items ? straight[row] : NAN;
    case MEASURE_PACE: return d->seconds[row] > 0 ? log(d->seconds[row]) : NAN;
    default: return d->missing ? d->missing[row] : NAN;
    }
}

static void compare(Arena scratch, const QualityData *d, const bool *straight, Measure m, QualityFigures *f)
{
    size_t  n = d->names.len, k = 0;
    double *y = arena_new(&scratch, double, d->n + 1);
    Within *near = arena_new(&scratch, Within, n + 1), *wide = arena_new(&scratch, Within, n + 1);
    Ranked *rank = arena_new(&scratch, Ranked, n + 1);
    for (size_t i = 0; i < d->n; i++)
        y[i] = value_of(d, straight, m, i);
    within_places(scratch, y, d->interviewer, d->psu, d->n, n, d->psu ? d->psus : 1, near);
    within_places(scratch, y, d->interviewer, d->stratum, d->n, n, d->stratum ? d->strata : 1, wide);
    for (size_t i = 0; i < n; i++) {
        InterviewerFigures *x = &f->interviewers.at[i];
        x->among[m]  = near[i].places ? AMONG_PSU : wide[i].places ? AMONG_STRATUM : AMONG_NOBODY;
        x->within[m] = x->among[m] == AMONG_PSU ? near[i] : wide[i];
        x->holm[m]   = NAN;
        if (!isnan(x->within[m].p))
            rank[k++] = (Ranked){ x->within[m].p, &x->holm[m] };
        f->nested = f->nested && !near[i].places;
    }
    holm(rank, k);
}

/* ---- Profiles -------------------------------------------------------------------------------------------------------------------- */

static int cell_of(const QualityData *d, Profile p, size_t row)
{
    if (p == PROFILE_DIGITS)
        return d->age[row] >= 0 ? d->age[row] % 10 : -1;
    return d->began[row].ms ? time_of_day(d->began[row]).hour : -1;
}

static void compare_profile(Arena scratch, const QualityData *d, Profile p, QualityFigures *f)
{
    size_t   n = d->names.len, cells = p == PROFILE_DIGITS ? DIGITS : HOURS, k = 0;
    int64_t *own = arena_new(&scratch, int64_t, (n + 1) * cells), *all = arena_new(&scratch, int64_t, cells);
    int64_t *rest = arena_new(&scratch, int64_t, cells);
    Ranked  *rank = arena_new(&scratch, Ranked, n + 1);
    for (size_t i = 0; i < d->n; i++) {
        int cell = cell_of(d, p, i);
        if (cell < 0 || d->interviewer[i] < 0)
            continue;
        own[(size_t)d->interviewer[i] * cells + (size_t)cell]++;
        all[cell]++;
    }
    for (size_t i = 0; i < n; i++) {
        InterviewerFigures *x = &f->interviewers.at[i];
        for (size_t c = 0; c < cells; c++)
            rest[c] = all[c] - own[i * cells + c];
        x->profile[p]      = profile_test(own + i * cells, rest, cells, expected_least);
        x->profile_holm[p] = NAN;
        if (!isnan(x->profile[p].p))
            rank[k++] = (Ranked){ x->profile[p].p, &x->profile_holm[p] };
    }
    holm(rank, k);
}

void compare_interviewers(Arena *a, const QualityData *d, const bool *straight, QualityFigures *f)
{
    f->nested = d->names.len > 0;
    for (int m = 0; m < MEASURE_COUNT; m++)
        compare(*a, d, straight, (Measure)m, f);
    for (int p = 0; p < PROFILE_COUNT; p++)
        compare_profile(*a, d, (Profile)p, f);
}
