/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of each interviewer beside the others, the interviewer effect of the round, heaped ages. */
#include "quality/parts.h"

#include <math.h>
#include <stdlib.h>

enum { AGES_LEAST = 50, MYERS_FROM = 20 };

typedef struct Sums { double n, sum, squares; } Sums;

/* Welch's test of one interviewer's mean against that of all others together: two-sided p. */
static void against_others(const Sums *one, const Sums *all, InterviewerFigures *f)
{
    double n = one->n, m = all->n - one->n;
    f->t = f->p = NAN;
    f->mean   = n > 0 ? one->sum / n : NAN;
    f->others = m > 0 ? (all->sum - one->sum) / m : NAN;
    if (n < 2 || m < 2)
        return;
    double vx = (one->squares - n * f->mean * f->mean) / (n - 1) / n;
    double vy = (all->squares - one->squares - m * f->others * f->others) / (m - 1) / m;
    double v  = (vx > 0 ? vx : 0) + (vy > 0 ? vy : 0);
    if (v <= 0)
        return;
    double df = v * v / ((vx > 0 ? vx * vx / (n - 1) : 0) + (vy > 0 ? vy * vy / (m - 1) : 0));
    f->t = (f->mean - f->others) / sqrt(v);
    f->p = beta_share(df / 2, 0.5, df / (df + f->t * f->t));
}

static int by_p(const void *x, const void *y)
{
    const InterviewerFigures *const *p = x, *const *q = y;
    return ((*p)->p > (*q)->p) - ((*p)->p < (*q)->p);
}

/* Holm's steps over those with a p: running maximum of p_(i) * (m - i + 1), at most 1. */
static void holm(Arena scratch, InterviewerFigures *f, size_t n)
{
    InterviewerFigures **at = arena_new(&scratch, InterviewerFigures *, n + 1);
    size_t               m  = 0;
    for (size_t i = 0; i < n; i++) {
        f[i].p_holm = NAN;
        if (!isnan(f[i].p))
            at[m++] = &f[i];
    }
    qsort(at, m, sizeof *at, by_p);
    double most = 0;
    for (size_t i = 0; i < m; i++) {
        double p      = at[i]->p * (double)(m - i);
        most          = p > most ? p : most;
        at[i]->p_holm = most < 1 ? most : 1;
    }
}

static void about(Arena *a, Findings *out, QualityKind kind, size_t interviewer, double score, Str detail)
{
    *list_add(a, out) = (Finding){ .kind = kind, .row = -1, .interviewer = (int32_t)interviewer, .score = score, .detail = detail };
}

static int64_t ages_of(const QualityData *d, int32_t interviewer, int64_t count[120])
{
    int64_t n = 0;
    memset(count, 0, 120 * sizeof *count);
    for (size_t i = 0; i < d->n; i++)
        if (d->age[i] >= 0 && (interviewer < 0 || d->interviewer[i] == interviewer)) {
            count[d->age[i]]++;
            n += d->age[i] >= 23 && d->age[i] <= 62;
        }
    return n;
}

static double median_by(Arena scratch, const QualityData *d, int32_t interviewer)
{
    double *x = arena_new(&scratch, double, d->n + 1);
    size_t  n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (d->interviewer[i] == interviewer)
            x[n++] = d->seconds[i];
    return median_of(scratch, x, n);
}

static void figures_of(Arena *a, const QualityData *d, const Findings *found, QualityFigures *f)
{
    Sums *sums = arena_new(a, Sums, d->names.len + 1), all = { 0 };
    for (size_t i = 0; i < d->n; i++)
        if (!isnan(d->mean[i]) && d->interviewer[i] >= 0) {
            Sums *s = &sums[d->interviewer[i]];
            s->n++, s->sum += d->mean[i], s->squares += d->mean[i] * d->mean[i];
            all.n++, all.sum += d->mean[i], all.squares += d->mean[i] * d->mean[i];
        }
    for (size_t i = 0; i < d->names.len; i++) {
        InterviewerFigures *x = list_add(a, &f->interviewers);
        int64_t             count[120];
        *x = (InterviewerFigures){ .name = d->names.at[i], .median_seconds = median_by(*a, d, (int32_t)i) };
        x->whipple = ages_of(d, (int32_t)i, count) >= AGES_LEAST ? whipple(count) : NAN;
        against_others(&sums[i], &all, x);
    }
    for (size_t i = 0; i < d->n; i++)
        if (d->interviewer[i] >= 0)
            f->interviewers.at[d->interviewer[i]].n++;
    for (size_t i = 0; i < found->len; i++)
        if (found->at[i].kind == QUALITY_STRAIGHT && d->interviewer[found->at[i].row] >= 0)
            f->interviewers.at[d->interviewer[found->at[i].row]].straight++;
    holm(*a, f->interviewers.at, f->interviewers.len);
}

void check_interviewers(Arena *a, const QualityData *d, const QualityLimits *l, Findings *out, QualityFigures *f)
{
    int64_t  count[120];
    int32_t *group = arena_new(a, int32_t, d->n + 1);
    double  *mean  = arena_new(a, double, d->n + 1);
    f->ages    = ages_of(d, -1, count);
    f->whipple = f->ages ? whipple(count) : NAN;
    f->myers   = myers(count, MYERS_FROM, f->digit);
    for (size_t i = 0; i < d->n; i++) {
        group[i] = d->interviewer[i] < 0 ? 0 : d->interviewer[i];
        mean[i]  = d->interviewer[i] < 0 ? NAN : d->mean[i];
    }
    f->icc = icc_anova(*a, mean, group, d->n, d->names.len + 1);
    figures_of(a, d, out, f);
    for (size_t i = 0; i < f->interviewers.len; i++) {
        const InterviewerFigures *x = &f->interviewers.at[i];
        if (x->p_holm < l->at[LIMIT_EFFECT_P])
            about(a, out, QUALITY_EFFECT, i, fabs(x->t), arena_fmt(a, "{\"mean\":%.2f,\"others\":%.2f,\"p\":%.4f}", x->mean, x->others, x->p_holm));
        if (x->whipple > l->at[LIMIT_WHIPPLE])
            about(a, out, QUALITY_AGES, i, x->whipple, arena_fmt(a, "{\"whipple\":%.0f}", x->whipple));
    }
}
