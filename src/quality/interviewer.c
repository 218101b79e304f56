/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of each interviewer, the interviewer effect of the round, heaped ages; findings about interviewers. */
#include "quality/parts.h"
#include "stats/special.h"

#include <math.h>
#include <stdlib.h>

enum { AGES_LEAST = 50, MYERS_FROM = 20 };

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

static void figures_of(Arena *a, const QualityData *d, const bool *straight, QualityFigures *f)
{
    double *missed = arena_new(a, double, d->names.len + 1), *known = arena_new(a, double, d->names.len + 1);
    for (size_t i = 0; i < d->names.len; i++) {
        InterviewerFigures *x = list_add(a, &f->interviewers);
        int64_t             count[120];
        *x = (InterviewerFigures){ .name = d->names.at[i], .median_seconds = median_by(*a, d, (int32_t)i) };
        x->whipple = ages_of(d, (int32_t)i, count) >= AGES_LEAST ? whipple(count) : NAN;
    }
    for (size_t i = 0; i < d->n; i++) {
        int32_t who = d->interviewer[i];
        if (who < 0)
            continue;
        f->interviewers.at[who].n++;
        f->interviewers.at[who].straight += straight[i];
        if (d->missing && !isnan(d->missing[i])) {
            missed[who] += d->missing[i];
            known[who]++;
        }
    }
    for (size_t i = 0; i < d->names.len; i++)
        f->interviewers.at[i].missing = known[i] > 0 ? missed[i] / known[i] : NAN;
    compare_interviewers(a, d, straight, f);
}

static Str detail_of(Arena *a, double mean, double others, int decimals, double p, Among among)
{
    return arena_fmt(a, "{\"mean\":%.*f,\"others\":%.*f,\"p\":%.4f,\"among\":\"%.*s\"}", decimals, mean, decimals, others, p, STR_ARG(among_code(among)));
}

/* sign: +1 more than the others is doubtful, -1 less, 0 either. */
typedef struct MeasureFinding { QualityKind kind; Threshold limit; Measure of; int sign; double scale; int decimals; } MeasureFinding;
static const MeasureFinding measured[] = {
    { QUALITY_EFFECT, LIMIT_EFFECT_P, MEASURE_MEAN, 0, 1, 2 },
    { QUALITY_LINES, LIMIT_COMPARE_P, MEASURE_STRAIGHT, 1, 100, 1 },
    { QUALITY_MISSING, LIMIT_COMPARE_P, MEASURE_MISSING, 1, 100, 1 },
};

static void find_measures(Arena *a, const InterviewerFigures *x, size_t at, const QualityLimits *l, Findings *out)
{
    for (size_t i = 0; i < COUNT_OF(measured); i++) {
        const MeasureFinding *m = &measured[i];
        const Within         *w = &x->within[m->of];
        if (x->holm[m->of] < l->at[m->limit] && w->diff * m->sign >= 0)
            about(a, out, m->kind, at, fabs(w->t), detail_of(a, m->scale * w->mean, m->scale * w->others_mean, m->decimals, x->holm[m->of], x->among[m->of]));
    }
    const Within *pace = &x->within[MEASURE_PACE];          /* of logarithms: geometric means, a ratio */
    if (x->holm[MEASURE_PACE] < l->at[LIMIT_COMPARE_P] && pace->diff < 0)
        about(a, out, QUALITY_PACE, at, fabs(pace->t),
              detail_of(a, exp(pace->mean) / 60, exp(pace->others_mean) / 60, 1, x->holm[MEASURE_PACE], x->among[MEASURE_PACE]));
}

/* The critical value of the test itself stands beside the figure. */
static void find_profiles(Arena *a, const InterviewerFigures *x, size_t at, const QualityLimits *l, Findings *out)
{
    static const QualityKind kinds[PROFILE_COUNT] = { [PROFILE_DIGITS] = QUALITY_DIGITS, [PROFILE_HOURS] = QUALITY_CLOCK };
    for (int p = 0; p < PROFILE_COUNT; p++) {
        const ChiTest *t = &x->profile[p];
        if (x->profile_holm[p] < l->at[LIMIT_COMPARE_P])
            about(a, out, kinds[p], at, t->chi2 / t->df, arena_fmt(a, "{\"chi2\":%.1f,\"df\":%.0f,\"critical\":%.1f,\"p\":%.4f,\"n\":%lld}", t->chi2, t->df,
                  chi_quantile(l->at[LIMIT_COMPARE_P], t->df), x->profile_holm[p], (long long)t->n));
    }
}

void check_interviewers(Arena *a, const QualityData *d, const bool *straight, const QualityLimits *l, Findings *out, QualityFigures *f)
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
    figures_of(a, d, straight, f);
    for (size_t i = 0; i < f->interviewers.len; i++) {
        const InterviewerFigures *x = &f->interviewers.at[i];
        find_measures(a, x, i, l, out);
        find_profiles(a, x, i, l, out);
        if (x->whipple > l->at[LIMIT_WHIPPLE])
            about(a, out, QUALITY_AGES, i, x->whipple, arena_fmt(a, "{\"whipple\":%.0f}", x->whipple));
    }
}
