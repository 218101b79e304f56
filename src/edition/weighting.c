/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a recipe to weights: small sampling units joined, base weights, post-strata of the domains, trimming. */
#include "edition/weighting.h"

#include "stats/weights.h"

#include <math.h>
#include <stdlib.h>

static const Str source_codes[SOURCE_COUNT] = { S_INIT("none"), S_INIT("stated"), S_INIT("sample"), S_INIT("simulated") };

Str source_code(SampleSource s)
{
    return source_codes[s];
}

bool source_parse(Str code, SampleSource *out)
{
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (str_eq(code, source_codes[s])) {
            *out = (SampleSource)s;
            return true;
        }
    return false;
}

/* ---- Margins ------------------------------------------------------------------------------------------------------ */

static void margin_fault(Arena *a, MarginFaults *faults, const char *key, int line, Str code, int64_t n)
{
    *list_add(a, faults) = (MarginFault){ key, line, code, n };
}

static bool margin_known(const Margins *m, Str code)
{
    for (size_t i = 0; i < m->len; i++)
        if (str_eq(m->at[i].code, code))
            return true;
    return false;
}

/* "1.234.567" and "1 234 567" are how people write it. */
static bool population_read(Arena *a, Str cell, double *out)
{
    Buf b = buf_new(a, cell.len + 1);
    for (size_t i = 0; i < cell.len; i++)
        if (cell.at[i] != ' ' && cell.at[i] != '.')
            buf_byte(&b, cell.at[i]);
    int64_t n;
    bool fine = str_to_i64(buf_str(&b), &n) && n > 0 && n <= 100000000000;
    *out = fine ? (double)n : NAN;
    return fine;
}

void margins_parse(Arena *a, Str csv, const Dataset *domains, Margins *out, MarginFaults *faults)
{
    CsvTable  t;
    CsvLimits limits = { .rows = 10000, .columns = 20, .cell_bytes = 200 };
    if (csv_read(a, csv, limits, &t)) {
        margin_fault(a, faults, "weights.fault.csv", 1, S(""), 0);
        return;
    }
    for (size_t i = 0; i < t.len; i++) {
        Str    code = str_trim(csv_cell(&t.at[i], 0)), cell = str_trim(csv_cell(&t.at[i], 1));
        double population;
        bool   fine = population_read(a, cell, &population);
        bool   heading = i == 0 && !fine && !(domains && dataset_domain(domains, code));
        if ((!code.len && !cell.len) || heading)
            continue;
        int line = (int)t.at[i].line;
        if (!fine)
            margin_fault(a, faults, "weights.fault.population", line, code, 0);
        else if (domains && !dataset_domain(domains, code))
            margin_fault(a, faults, "weights.fault.code", line, code, 0);
        else if (margin_known(out, code))
            margin_fault(a, faults, "weights.fault.twice", line, code, 0);
        else
            *list_add(a, out) = (Margin){ arena_str(a, code), population, line };
    }
}

/* ---- Sampling units ------------------------------------------------------------------------------------------------- */

typedef struct Place { uint32_t record, domain; uint64_t stratum, unit; } Place;

static int by_place(const void *x, const void *y)
{
    const Place *p = x, *q = y;
    if (p->domain != q->domain)
        return p->domain < q->domain ? -1 : 1;
    if (p->stratum != q->stratum)
        return p->stratum < q->stratum ? -1 : 1;
    if (p->unit != q->unit)
        return p->unit < q->unit ? -1 : 1;
    return (p->record > q->record) - (p->record < q->record);
}

static bool same_unit(const Place *p, const Place *q)
{
    return p->stratum == q->stratum && p->unit == q->unit;
}

static bool same_stratum(const Place *p, const Place *q)
{
    return p->stratum == q->stratum;
}

/* Numbers runs of places that are the same, from 1: runs of fewer than LEAST_CELL are joined to what follows, at the end to what came before.
 * joined[i] is set for places of runs that were joined. Returns how many numbers there are. */
static uint32_t number_runs(const Place *p, size_t n, bool (*same)(const Place *, const Place *), uint32_t *number, bool *joined)
{
    uint32_t next = 1;
    size_t   start = 0, last = 0;
    bool     several = false;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && same(&p[i], &p[i - 1]))
            continue;
        if (i < n && i - start < LEAST_CELL) {
            several = true;
            continue;
        }
        bool back = i - start < LEAST_CELL && next > 1;
        several |= back;
        for (size_t k = back ? last : start; k < i; k++) {
            number[k] = back ? next - 1 : next;
            joined[k] |= several;
        }
        next += !back;
        last    = start;
        start   = i;
        several = false;
    }
    return next - 1;
}

/* A weight of its own would tell the units of a joined one apart again. */
static void share_weights(const Place *p, size_t n, const uint32_t *unit, const bool *joined, double *base)
{
    for (size_t i = 0, k; i < n; i = k) {
        double sum = 0;
        for (k = i; k < n && unit[k] == unit[i]; k++)
            sum += base[p[k].record];
        for (size_t j = i; joined[i] && j < k; j++)
            base[p[j].record] = sum / (double)(k - i);
    }
}

typedef struct Making { Arena *a; const Weighting *recipe; Dataset *d; DataWeights *w; WeightReport *report; Place *place; size_t n; double *base; } Making;

static int alone_first(const void *x, const void *y)
{
    const Place *p = x, *q = y;
    return !p->unit == !q->unit ? by_place(x, y) : p->unit ? 1 : -1;
}

/* Sorts records of one stratum: first those by themselves, without a unit, whose number is returned. With fewer than LEAST_CELL left all are. */
static size_t sort_alone(Place *p, size_t n, bool units)
{
    size_t alone = 0;
    qsort(p, n, sizeof *p, alone_first);
    for (size_t i = 0; i < n; i++)
        alone += !p[i].unit;
    return units && (!alone || n - alone >= LEAST_CELL) ? alone : n;
}

static void number_domain(Making *m, size_t from, size_t to, bool units)
{
    size_t    n       = to - from;
    Place    *p       = m->place + from;
    Arena     scratch = *m->a;
    uint32_t *stratum = arena_new(&scratch, uint32_t, n), *unit = arena_new(&scratch, uint32_t, n);
    bool     *merged  = arena_new(&scratch, bool, n), *joined = arena_new(&scratch, bool, n);
    number_runs(p, n, same_stratum, stratum, merged);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i; k < n && stratum[k] == stratum[i]; k++)
            continue;
        m->report->strata++;
        size_t alone = sort_alone(p + i, k - i, units), at = i + alone;
        m->report->units += alone + number_runs(p + at, k - at, same_unit, unit + at, joined + at);
        if (alone)
            share_weights(p + i, k - i, stratum + i, merged + i, m->base);
        share_weights(p + at, k - at, unit + at, joined + at, m->base);
        for (size_t j = i; j < k; j++) {
            m->w->stratum[p[j].record] = (uint32_t)m->report->strata;
            m->w->unit[p[j].record]    = unit[j];
            m->report->joined += joined[j] && (j == at || !same_unit(&p[j], &p[j - 1]));
        }
    }
}

static void number_places(Making *m)
{
    bool units = m->recipe->design == SOURCE_SAMPLE || m->recipe->design == SOURCE_SIMULATED || (m->recipe->design == SOURCE_STATED && m->recipe->units.len);
    for (size_t r = 0; r < m->d->records; r++) {
        const DataSource *s = &m->d->source[r];
        m->base[r] = s->base;
        m->report->unplaced += m->d->opened->told[r] && !m->d->domain_of[r];
        if (m->d->opened->told[r] && m->d->domain_of[r])
            m->place[m->n++] = (Place){ (uint32_t)r, m->d->domain_of[r], s->stratum, s->unit };
    }
    qsort(m->place, m->n, sizeof *m->place, by_place);
    for (size_t i = 0, k; i < m->n; i = k) {
        for (k = i; k < m->n && m->place[k].domain == m->place[i].domain; k++)
            continue;
        number_domain(m, i, k, units);
    }
}

/* ---- Weights ----------------------------------------------------------------------------------------------------------- */

static size_t domain_answers(const Dataset *d, size_t domain)
{
    size_t n = 0;
    for (size_t r = 0; r < d->records; r++)
        n += d->domain_of[r] == domain;
    return n;
}

/* Each domain that is told, with its total. A domain of which nothing is told needs none. */
static void make_cells(Making *m)
{
    const Margins *margins = &m->recipe->margins;
    double        *total   = arena_new(m->a, double, m->d->domains.len);
    for (size_t i = 0; i < margins->len; i++) {
        int k = dataset_domain(m->d, margins->at[i].code);
        total[k] = margins->at[i].population;
        if (k == 0)
            margin_fault(m->a, &m->report->faults, "weights.fault.code", margins->at[i].line, margins->at[i].code, 0);
        else if (domain_answers(m->d, (size_t)k) == 0)
            margin_fault(m->a, &m->report->faults, "weights.fault.empty", margins->at[i].line, margins->at[i].code, 0);
    }
    for (size_t i = 0, k; i < m->n; i = k) {
        WeightCell c = { .domain = m->place[i].domain, .population = margins->len ? total[m->place[i].domain] : NAN };
        for (k = i; k < m->n && m->place[k].domain == c.domain; k++)
            c.before += m->base[m->place[k].record];
        c.n = k - i;
        if (margins->len && !(c.population > 0))
            margin_fault(m->a, &m->report->faults, "weights.fault.missing", 0, m->d->domains.at[c.domain].code, (int64_t)domain_answers(m->d, c.domain));
        *list_add(m->a, &m->report->cells) = c;
    }
}

/* The places' weights after the cells' populations are met; weight is changed in place. Without margins nothing is to be met. */
static Err meet_margins(const Making *m, double *weight)
{
    StatsAdjustment made;
    size_t          cells = m->report->cells.len, at = 0;
    uint32_t       *code  = arena_new(m->a, uint32_t, m->n);
    double         *total = arena_new(m->a, double, cells);
    if (!m->recipe->margins.len)
        return OK;
    for (size_t c = 0; c < cells; c++) {
        total[c] = m->report->cells.at[c].population;
        for (size_t i = 0; i < m->report->cells.at[c].n; i++)
            code[at++] = (uint32_t)c;
    }
    TRY(stats_poststratify(m->a, m->n, weight, &(StatsMargin){ code, cells, total }, &made));
    memcpy(weight, made.after, m->n * sizeof *weight);
    return OK;
}

static Err make_weights(Making *m)
{
    double *before = arena_new(m->a, double, m->n + 1), *after = arena_new(m->a, double, m->n + 1);
    for (size_t i = 0; i < m->n; i++)
        before[i] = after[i] = m->base[m->place[i].record];
    TRY(meet_margins(m, after));
    if (m->recipe->cap > 0) {
        m->report->moved = stats_trim(*m->a, m->n, after, m->recipe->cap, after);
        TRY(meet_margins(m, after));
    }
    StatsWeightSummary s = stats_weights_summary(m->n, before, after);
    m->report->deff_before = stats_weights_summary(m->n, before, before).kish_deff;
    m->report->n     = m->n;
    m->report->sum   = s.sum;
    m->report->min   = s.min;
    m->report->max   = s.max;
    m->report->deff  = s.kish_deff;
    m->report->min_g = s.min_g;
    m->report->max_g = s.max_g;
    m->w->mean       = s.sum / (double)m->n;
    for (size_t r = 0; r < m->d->records; r++)
        m->w->weight[r] = m->w->mean;
    for (size_t i = 0; i < m->n; i++)
        m->w->weight[m->place[i].record] = after[i];
    return OK;
}

Err weights_make(Arena *a, const Weighting *recipe, Dataset *d, WeightReport *out)
{
    DataWeights *w      = arena_new(a, DataWeights, 1);
    Opened      *opened = arena_new(a, Opened, 1);
    *opened   = dataset_open(a, d);
    d->opened = opened;
    *w = (DataWeights){ .weight = arena_new(a, double, d->records + 1), .stratum = arena_new(a, uint32_t, d->records + 1),
                        .unit = arena_new(a, uint32_t, d->records + 1), .probability = recipe->design != SOURCE_NONE,
                        .adjusted = recipe->margins.len > 0 };
    Making m = { .a = a, .recipe = recipe, .d = d, .w = w, .report = out, .place = arena_new(a, Place, d->records + 1),
                 .base = arena_new(a, double, d->records + 1) };
    number_places(&m);
    make_cells(&m);
    if (m.n == 0)
        margin_fault(a, &out->faults, "weights.fault.nobody", 0, S(""), 0);
    if (out->faults.len)
        return OK;
    TRY(make_weights(&m));
    d->weights = w;
    return OK;
}

void weighting_json(Buf *b, const Weighting *w, const Dataset *d)
{
    buf_fmt(b, "{\"version\":%d,\"design\":", w->version);
    buf_json_str(b, source_code(w->design));
    buf_fmt(b, ",\"probability\":%s,\"adjusted\":%s,\"mean\":", d->weights->probability ? "true" : "false", d->weights->adjusted ? "true" : "false");
    buf_json_f64(b, d->weights->mean);
    buf_lit(b, ",\"cap\":");
    buf_json_f64(b, w->cap);
    buf_lit(b, ",\"units\":");
    buf_json_str(b, w->units);
    buf_lit(b, ",\"source\":");
    buf_json_str(b, w->source);
    buf_lit(b, ",\"margins\":{");
    for (size_t i = 0; i < w->margins.len; i++) {
        buf_add(b, i ? S(",") : S(""));
        buf_json_str(b, w->margins.at[i].code);
        buf_byte(b, ':');
        buf_json_f64(b, w->margins.at[i].population);
    }
    buf_lit(b, "}}\n");
}
