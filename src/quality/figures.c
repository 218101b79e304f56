/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The figures of a run as JSON: what is stored, printed by the command and shown on the page. */
#include "quality/parts.h"

#include <math.h>

static void pair(Buf *b, const char *key, double x, int decimals)
{
    buf_fmt(b, ",\"%s\":", key);
    if (isnan(x) || isinf(x))
        buf_lit(b, "null");
    else
        buf_fmt(b, "%.*f", decimals, x);
}

static void counts(Buf *b, const char *key, const int64_t *at, size_t n)
{
    buf_fmt(b, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++)
        buf_fmt(b, i ? ",%lld" : "%lld", (long long)at[i]);
    buf_byte(b, ']');
}

static void one_interviewer(Buf *b, const InterviewerFigures *x, bool first)
{
    buf_add(b, first ? S("{\"name\":") : S(",{\"name\":"));
    buf_json_str(b, x->name);
    buf_fmt(b, ",\"n\":%lld,\"straight\":%lld,\"signs\":%d,\"findings\":%lld", (long long)x->n, (long long)x->straight, x->signs,
            (long long)x->findings);
    pair(b, "median_seconds", x->median_seconds, 0);
    pair(b, "missing", x->missing, 4);
    pair(b, "whipple", x->whipple, 1);
    for (int m = 0; m < MEASURE_COUNT; m++) {
        static const char *const names[MEASURE_COUNT] = { "mean", "straight_share", "log_seconds", "missing_share" };
        const Within *w = &x->within[m];
        buf_fmt(b, ",\"%s\":{\"among\":\"%.*s\",\"places\":%lld", names[m], STR_ARG(among_code(x->among[m])), (long long)w->places);
        pair(b, "own", w->mean, 4);
        pair(b, "others", w->others_mean, 4);
        pair(b, "t", w->t, 3);
        pair(b, "df", w->df, 0);
        pair(b, "p_holm", x->holm[m], 5);
        buf_byte(b, '}');
    }
    for (int p = 0; p < PROFILE_COUNT; p++) {
        const ChiTest *t = &x->profile[p];
        buf_fmt(b, ",\"%s\":{\"n\":%lld", p == PROFILE_DIGITS ? "digits" : "hours", (long long)t->n);
        pair(b, "chi2", t->chi2, 3);
        pair(b, "df", t->df, 0);
        pair(b, "p_holm", x->profile_holm[p], 5);
        buf_byte(b, '}');
    }
    buf_byte(b, '}');
}

void quality_figures_json(Buf *b, const QualityFigures *f)
{
    buf_fmt(b, "{\"answers\":%lld,\"timed\":%lld,\"straight\":%lld", (long long)f->n, (long long)f->timed, (long long)f->straight);
    pair(b, "median_seconds", f->median_seconds, 0);
    pair(b, "longstring_mean", f->longstring_mean, 2);
    pair(b, "match_threshold", f->matched ? f->match_threshold : NAN, 4);
    counts(b, "match_same", f->same, MATCH_BINS + 1);
    counts(b, "match_other", f->other, MATCH_BINS + 1);
    buf_add(b, f->nested ? S(",\"nested\":true") : S(",\"nested\":false"));
    pair(b, "icc", f->icc.icc, 4);
    pair(b, "icc_f", f->icc.f, 3);
    pair(b, "icc_p", f->icc.p, 5);
    pair(b, "icc_deff", f->icc.deff, 3);
    buf_fmt(b, ",\"icc_groups\":%lld,\"ages\":%lld", (long long)f->icc.groups, (long long)f->ages);
    pair(b, "whipple", f->whipple, 1);
    pair(b, "myers", f->myers, 1);
    buf_lit(b, ",\"interviewers\":[");
    for (size_t i = 0; i < f->interviewers.len; i++)
        one_interviewer(b, &f->interviewers.at[i], i == 0);
    buf_lit(b, "]}");
}
