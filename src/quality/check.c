/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Checks of single answers: speed, straight lines, near-duplicates, place, hour, pauses. A finding is a reason to look, never a verdict. */
#include "quality/parts.h"

#include <math.h>
#include <stdlib.h>

/* The country with its islands; a point outside is a fault of the device or of the interviewer. */
static const struct { double south, north, west, east; } country = { 6.5, 23.4, 102.1, 117.9 };

static void add(Arena *a, Findings *out, QualityKind kind, size_t row, double score, Str detail)
{
    *list_add(a, out) = (Finding){ .kind = kind, .row = (int64_t)row, .interviewer = -1, .score = score, .detail = detail };
}

static int by_number(const void *x, const void *y)
{
    const double *p = x, *q = y;
    return (*p > *q) - (*p < *q);
}

double median_of(Arena scratch, const double *x, size_t n)
{
    double *known = arena_new(&scratch, double, n);
    size_t  m     = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            known[m++] = x[i];
    qsort(known, m, sizeof *known, by_number);
    return m ? (known[(m - 1) / 2] + known[m / 2]) / 2 : NAN;
}

static void check_speed(Arena *a, const QualityData *d, const QualityLimits *l, Findings *out, QualityFigures *f)
{
    f->median_seconds = median_of(*a, d->seconds, d->n);
    for (size_t i = 0; i < d->n; i++) {
        f->timed += !isnan(d->seconds[i]);
        if (d->seconds[i] < f->median_seconds * l->at[LIMIT_FAST_SHARE])
            add(a, out, QUALITY_FAST, i, f->median_seconds / (d->seconds[i] > 1 ? d->seconds[i] : 1),
                arena_fmt(a, "{\"seconds\":%.0f,\"median\":%.0f}", d->seconds[i], f->median_seconds));
    }
}

static bool *check_lines(Arena *a, const QualityData *d, const QualityLimits *l, Findings *out, QualityFigures *f)
{
    bool  *straight = arena_new(a, bool, d->n + 1);
    double runs     = 0;
    for (size_t i = 0; i < d->n; i++) {
        const int16_t *codes = d->likert + i * (d->likert_items + 1);
        runs += longstring(codes, d->likert_items);
        straight[i] = straight_line(codes, d->likert_items, (size_t)l->at[LIMIT_STRAIGHT_ITEMS]);
        f->straight += straight[i];
        if (straight[i])
            add(a, out, QUALITY_STRAIGHT, i, longstring(codes, d->likert_items),
                arena_fmt(a, "{\"items\":%d}", longstring(codes, d->likert_items)));
    }
    f->longstring_mean = d->n ? runs / (double)d->n : NAN;
    return straight;
}

/* ---- Near-duplicates ------------------------------------------------------------------------------------------------------ */

static double percentile(Arena scratch, const Match *m, size_t n, double percent)
{
    double *share = arena_new(&scratch, double, n);
    size_t  known = 0;
    for (size_t i = 0; i < n; i++)
        if (m[i].partner >= 0)
            share[known++] = match_share(&m[i]);
    if (!known)
        return NAN;
    qsort(share, known, sizeof *share, by_number);
    size_t at = (size_t)ceil(percent / 100 * (double)known);
    return share[at ? at - 1 : 0];
}

/* Equal answers in one place are likelier than in two. */
static bool one_psu(const QualityData *d, size_t x, size_t y)
{
    return d->psu && d->psu[x] >= 0 && d->psu[x] == d->psu[y];
}

static void add_match(Arena *a, const QualityData *d, Findings *out, size_t row, const Match *m, bool same)
{
    add(a, out, QUALITY_MATCH, row, match_share(m),
        arena_fmt(a, "{\"equal\":%d,\"both\":%d,\"partner\":%lld,\"same\":%s,\"psu\":%s}", m->equal, m->both, (long long)d->id[m->partner].v,
                  same ? "true" : "false", one_psu(d, row, (size_t)m->partner) ? "true" : "false"));
}

static int bin_of(const Match *m)
{
    return (int)(match_share(m) * MATCH_BINS);
}

void check_match(Arena *a, const QualityData *d, const bool *straight, const QualityLimits *l, Findings *out, QualityFigures *f)
{
    Match     *same = arena_new(a, Match, d->n + 1), *other = arena_new(a, Match, d->n + 1);
    MatchTable t    = match_table(a, d->n, d->item_count, d->codes);
    size_t     least = d->item_count * 3 / 4 > 10 ? d->item_count * 3 / 4 : 10;
    if (d->item_count < 10)
        return;
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < d->item_count; k++)
            if (d->items[i * (d->item_count + 1) + k] >= 0)
                match_set(&t, i, k, d->items[i * (d->item_count + 1) + k]);
    match_maxima(&t, d->names.len ? d->interviewer : NULL, straight, least, same, other);
    f->matched         = true;
    f->match_threshold = percentile(*a, d->names.len > 1 ? other : same, d->n, l->at[LIMIT_MATCH_PERCENTILE]);
    for (size_t i = 0; i < d->n; i++) {
        f->same[same[i].partner >= 0 ? bin_of(&same[i]) : 0] += same[i].partner >= 0;
        f->other[other[i].partner >= 0 ? bin_of(&other[i]) : 0] += other[i].partner >= 0;
        if (same[i].partner >= 0 && match_share(&same[i]) > f->match_threshold)
            add_match(a, d, out, i, &same[i], true);
        else if (other[i].partner >= 0 && match_share(&other[i]) > f->match_threshold)
            add_match(a, d, out, i, &other[i], false);
    }
}

/* ---- Place, hour, pauses ------------------------------------------------------------------------------------------------------ */

typedef struct Spot { int32_t interviewer, lat, lon; size_t row; } Spot;

static int by_spot(const void *x, const void *y)
{
    const Spot *p = x, *q = y;
    if (p->interviewer != q->interviewer)
        return p->interviewer < q->interviewer ? -1 : 1;
    if (p->lat != q->lat)
        return p->lat < q->lat ? -1 : 1;
    if (p->lon != q->lon)
        return p->lon < q->lon ? -1 : 1;
    return (p->row > q->row) - (p->row < q->row);
}

static bool one_spot(const Spot *x, const Spot *y)
{
    return x->interviewer == y->interviewer && x->lat == y->lat && x->lon == y->lon;
}

/* Many interviews of one interviewer within 0.0001 degrees. */
static void check_spots(Arena *a, const QualityData *d, const QualityLimits *l, Findings *out)
{
    Spot  *spot = arena_new(a, Spot, d->n + 1);
    size_t n    = 0;
    for (size_t i = 0; i < d->n; i++)
        if (!isnan(d->lat[i]) && d->interviewer[i] >= 0)
            spot[n++] = (Spot){ d->interviewer[i], (int32_t)lround(d->lat[i] * 1e4), (int32_t)lround(d->lon[i] * 1e4), i };
    qsort(spot, n, sizeof *spot, by_spot);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && one_spot(&spot[from], &spot[to]); to++) {}
        for (size_t i = from; (double)(to - from) >= l->at[LIMIT_SAME_PLACE] && i < to; i++)
            add(a, out, QUALITY_SAME_PLACE, spot[i].row, (double)(to - from), arena_fmt(a, "{\"interviews\":%zu}", to - from));
    }
}

static void check_places(Arena *a, const QualityData *d, const QualityLimits *l, Findings *out)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->lat[i] < country.south || d->lat[i] > country.north || d->lon[i] < country.west || d->lon[i] > country.east)
            add(a, out, QUALITY_PLACE, i, 1, arena_fmt(a, "{\"lat\":%.5f,\"lon\":%.5f}", d->lat[i], d->lon[i]));
    check_spots(a, d, l, out);
}

typedef struct Span { int32_t interviewer; int64_t began, ended; size_t row; } Span;

static int by_begin(const void *x, const void *y)
{
    const Span *p = x, *q = y;
    if (p->interviewer != q->interviewer)
        return p->interviewer < q->interviewer ? -1 : 1;
    return (p->began > q->began) - (p->began < q->began);
}

/* Nobody asks two people at once. */
static void check_overlap(Arena *a, const QualityData *d, Findings *out)
{
    Span  *span = arena_new(a, Span, d->n + 1);
    size_t n    = 0;
    for (size_t i = 0; i < d->n; i++)
        if (!isnan(d->seconds[i]) && d->interviewer[i] >= 0)
            span[n++] = (Span){ d->interviewer[i], d->began[i].ms, d->ended[i].ms, i };
    qsort(span, n, sizeof *span, by_begin);
    for (size_t i = 1; i < n; i++)
        if (span[i].interviewer == span[i - 1].interviewer && span[i].began < span[i - 1].ended)
            add(a, out, QUALITY_OVERLAP, span[i].row, (double)(span[i - 1].ended - span[i].began) / 60000,
                arena_fmt(a, "{\"minutes\":%.1f,\"with\":%lld}", (double)(span[i - 1].ended - span[i].began) / 60000, (long long)d->id[span[i - 1].row].v));
}

static void check_hours(Arena *a, const QualityData *d, const QualityLimits *l, Findings *out)
{
    for (size_t i = 0; i < d->n; i++) {
        if (d->began[i].ms) {
            Hms    t    = time_of_day(d->began[i]);
            double hour = t.hour + t.minute / 60.0;
            if (hour < l->at[LIMIT_HOUR_FROM] || hour >= l->at[LIMIT_HOUR_TO])
                add(a, out, QUALITY_HOUR, i, 1, arena_fmt(a, "{\"hour\":\"%02d:%02d\"}", t.hour, t.minute));
        }
        if (d->pause[i] > 60 * l->at[LIMIT_PAUSE_MINUTES])
            add(a, out, QUALITY_PAUSE, i, d->pause[i] / 60, arena_fmt(a, "{\"minutes\":%.0f}", d->pause[i] / 60));
    }
    check_overlap(a, d, out);
}

/* Whom to look at first: by how many kinds of findings, then by how many findings. */
static int by_signs(const void *x, const void *y)
{
    const InterviewerFigures *p = x, *q = y;
    if (p->signs != q->signs)
        return p->signs > q->signs ? -1 : 1;
    if (p->findings != q->findings)
        return p->findings > q->findings ? -1 : 1;
    return str_cmp(p->name, q->name);
}

static void rank_interviewers(Arena scratch, const QualityData *d, const Findings *found, QualityFigures *f)
{
    uint32_t *kinds = arena_new(&scratch, uint32_t, f->interviewers.len + 1);
    for (size_t i = 0; i < found->len; i++) {
        const Finding *x   = &found->at[i];
        int32_t        who = x->row >= 0 ? d->interviewer[x->row] : x->interviewer;
        if (who < 0)
            continue;
        f->interviewers.at[who].signs += !(kinds[who] >> x->kind & 1);
        f->interviewers.at[who].findings++;
        kinds[who] |= 1u << x->kind;
    }
    qsort(f->interviewers.at, f->interviewers.len, sizeof *f->interviewers.at, by_signs);
}

void quality_check(Arena *a, const QualityData *d, const QualityLimits *limits, Findings *out, QualityFigures *f)
{
    *f = (QualityFigures){ .n = (int64_t)d->n };
    check_speed(a, d, limits, out, f);
    bool *straight = check_lines(a, d, limits, out, f);
    check_match(a, d, straight, limits, out, f);
    check_places(a, d, limits, out);
    check_hours(a, d, limits, out);
    check_interviewers(a, d, straight, limits, out, f);
    rank_interviewers(*a, d, out, f);
}
