/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a recipe to weights: small sampling units joined, base weights, what steps.c makes of them, and what is told of it. */
#include "edition/weighting.h"

#include <math.h>
#include <stdlib.h>

const double weight_bin[WEIGHT_BINS - 1] = { 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5 };
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

/* ---- Sampling units ------------------------------------------------------------------------------------------------- */

/* crowd: the groups that weights go by, crossed. A row of the package tells it, so it is shared by LEAST_CELL in every unit that is told. */
typedef struct Place { uint32_t record, domain, crowd, response; uint64_t stratum, unit; } Place;

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

/* Records that stand together, counted by crowd; rare: crowds of fewer than LEAST_CELL. */
typedef struct Crowds { uint32_t *count; size_t n, rare; } Crowds;

static void crowds_add(Crowds *c, const Place *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t now = ++c->count[p[i].crowd];
        c->rare += now == 1;
        c->rare -= now == LEAST_CELL;
    }
    c->n += n;
}

static void crowds_clear(Crowds *c, const Place *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        c->count[p[i].crowd] = 0;
    c->n = c->rare = 0;
}

static bool crowds_small(const Crowds *c)
{
    return c->n < LEAST_CELL || c->rare;
}

static bool all_small(Crowds *c, const Place *p, size_t n)
{
    crowds_add(c, p, n);
    bool small = crowds_small(c);
    crowds_clear(c, p, n);
    return small;
}

/* Numbers runs of places that are the same, from 1: small runs are joined to what follows, at the end to what came before.
 * joined[i] is set for places of runs that were joined. Returns how many numbers there are. */
static uint32_t number_runs(Arena scratch, Crowds *crowds, const Place *p, size_t n, bool (*same)(const Place *, const Place *), uint32_t *number, bool *joined)
{
    size_t  *begin = arena_new(&scratch, size_t, n + 2), start = 0, counted = 0;
    uint32_t next = 1;
    bool     several = false;
    for (size_t i = 1; i <= n; i++) {
        if (i < n && same(&p[i], &p[i - 1]))
            continue;
        crowds_add(crowds, p + counted, i - counted);
        counted = i;
        if (i < n && crowds_small(crowds)) {
            several = true;
            continue;
        }
        for (; crowds_small(crowds) && next > 1; several = true) {
            size_t before = begin[--next];
            crowds_add(crowds, p + before, start - before);
            start = before;
        }
        for (size_t k = start; k < i; k++) {
            number[k] = next;
            joined[k] |= several;
        }
        begin[next++] = start;
        crowds_clear(crowds, p + start, i - start);
        start   = i;
        several = false;
    }
    return next - 1;
}

/* Whether a class of non-response is held by fewer than LEAST_CELL of these: the weight of its own would tell them. */
static bool response_rare(uint32_t *count, const Place *p, size_t n)
{
    bool rare = false;
    for (size_t i = 0; count && i < n; i++)
        count[p[i].response]++;
    for (size_t i = 0; count && i < n; i++)
        rare |= count[p[i].response] < LEAST_CELL;
    for (size_t i = 0; count && i < n; i++)
        count[p[i].response] = 0;
    return rare;
}

/* A weight of its own would tell the units of a joined one apart again, or a rare class of non-response. responses: of response_rare, or NULL. */
static void share_weights(const Place *p, size_t n, const uint32_t *unit, const bool *joined, uint32_t *responses, double *base)
{
    for (size_t i = 0, k; i < n; i = k) {
        double sum = 0;
        for (k = i; k < n && unit[k] == unit[i]; k++)
            sum += base[p[k].record];
        bool shared = joined[i] || response_rare(responses, p + i, k - i);
        for (size_t j = i; shared && j < k; j++)
            base[p[j].record] = sum / (double)(k - i);
    }
}

typedef struct Making {
    Arena *a; const Weighting *recipe; Dataset *d; DataWeights *w; WeightReport *report; Place *place; size_t n; double *base;
    uint32_t *crowd; size_t n_crowds; Crowds crowds;
    uint32_t *responses;             /* a count by class of non-response; NULL: there are none */
} Making;

static int alone_first(const void *x, const void *y)
{
    const Place *p = x, *q = y;
    return !p->unit == !q->unit ? by_place(x, y) : p->unit ? 1 : -1;
}

/* Sorts records of one stratum: first those by themselves, without a unit, whose number is returned. Where either part is too small to be told, all are. */
static size_t sort_alone(Making *m, Place *p, size_t n, bool units)
{
    size_t alone = 0;
    qsort(p, n, sizeof *p, alone_first);
    for (size_t i = 0; i < n; i++)
        alone += !p[i].unit;
    if (!units)
        return n;
    bool rest  = alone && all_small(&m->crowds, p + alone, n - alone);
    bool part  = alone && m->n_crowds > 1 && all_small(&m->crowds, p, alone);
    return rest || part ? n : alone;
}

static void number_domain(Making *m, size_t from, size_t to, bool units)
{
    size_t    n       = to - from;
    Place    *p       = m->place + from;
    Arena     scratch = *m->a;
    uint32_t *stratum = arena_new(&scratch, uint32_t, n), *unit = arena_new(&scratch, uint32_t, n);
    bool     *merged  = arena_new(&scratch, bool, n), *joined = arena_new(&scratch, bool, n);
    number_runs(scratch, &m->crowds, p, n, same_stratum, stratum, merged);
    for (size_t i = 0, k; i < n; i = k) {
        for (k = i; k < n && stratum[k] == stratum[i]; k++)
            continue;
        m->report->strata++;
        size_t alone = sort_alone(m, p + i, k - i, units), at = i + alone;
        m->report->units += alone + number_runs(scratch, &m->crowds, p + at, k - at, same_unit, unit + at, joined + at);
        if (alone)
            share_weights(p + i, k - i, stratum + i, merged + i, m->responses, m->base);
        share_weights(p + at, k - at, unit + at, joined + at, m->responses, m->base);
        for (size_t j = i; j < k; j++) {
            m->w->stratum[p[j].record] = (uint32_t)m->report->strata;
            m->w->unit[p[j].record]    = unit[j];
            m->report->joined += joined[j] && (j == at || !same_unit(&p[j], &p[j - 1]));
        }
    }
}

/* The groups of records, crossed and numbered in the order they come. false: too many to be told apart. */
static bool cross_groups(Making *m)
{
    enum { CROSSED_MOST = 1 << 20 };
    const Dataset *d = m->d;
    m->crowd    = arena_new(m->a, uint32_t, d->records + 1);
    m->n_crowds = 1;
    for (size_t g = 0; g < d->groups.len; g++) {
        Arena     scratch = *m->a;
        size_t    of = d->groups.at[g].domains.len, next = 0;
        if (m->n_crowds * of > CROSSED_MOST)
            return false;
        uint32_t *number = arena_new(&scratch, uint32_t, m->n_crowds * of);
        for (size_t r = 0; r < d->records; r++) {
            uint32_t *at = &number[m->crowd[r] * of + d->groups.at[g].of[r]];
            if (!*at)
                *at = (uint32_t)++next;
            m->crowd[r] = *at - 1;
        }
        m->n_crowds = next ? next : 1;
    }
    m->crowds.count = arena_new(m->a, uint32_t, m->n_crowds);
    return true;
}

/* "Nam, 18–29" of a record, in the words of the questionnaire. */
static Str crowd_text(const Making *m, size_t record)
{
    Buf b = buf_new(m->a, 64);
    for (size_t g = 0; g < m->d->groups.len; g++) {
        const Breakdown *x = &m->d->groups.at[g];
        buf_add(&b, g ? S(", ") : S(""));
        buf_add(&b, x->of[record] ? x->domains.at[x->of[record]].label[LANG_VI] : UNANSWERED);
    }
    return buf_str(&b);
}

/* Groups that hold fewer than LEAST_CELL of a place: their weight would tell of a person. */
static void check_crowds(Making *m, size_t from, size_t to)
{
    crowds_add(&m->crowds, m->place + from, to - from);
    for (size_t i = from; i < to; i++) {
        uint32_t *n = &m->crowds.count[m->place[i].crowd];
        if (m->n_crowds == 1 || *n >= LEAST_CELL || !*n)
            continue;
        Str text = arena_fmt(m->a, "%.*s: %.*s", STR_ARG(m->d->domains.at[m->place[i].domain].code), STR_ARG(crowd_text(m, m->place[i].record)));
        margin_fault(m->a, &m->report->faults, "weights.fault.rare", 0, text, *n);
        *n = 0;
    }
    crowds_clear(&m->crowds, m->place + from, to - from);
}

static void number_places(Making *m)
{
    bool units = m->recipe->design == SOURCE_SAMPLE || m->recipe->design == SOURCE_SIMULATED || (m->recipe->design == SOURCE_STATED && m->recipe->units.len);
    for (size_t r = 0; r < m->d->records; r++) {
        const DataSource *s = &m->d->source[r];
        m->base[r] = s->base;
        m->report->unplaced += m->d->opened->told[r] && !m->d->domain_of[r];
        if (m->d->opened->told[r] && m->d->domain_of[r])
            m->place[m->n++] = (Place){ (uint32_t)r, m->d->domain_of[r], m->crowd[r], s->response, s->stratum, s->unit };
    }
    qsort(m->place, m->n, sizeof *m->place, by_place);
    for (size_t i = 0, k; i < m->n; i = k) {
        for (k = i; k < m->n && m->place[k].domain == m->place[i].domain; k++)
            continue;
        check_crowds(m, i, k);
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
    bool           place   = weighting_has(margins, S(""));
    double        *total   = arena_new(m->a, double, m->d->domains.len);
    for (size_t i = 0; i < margins->len; i++) {
        if (margins->at[i].question.len)
            continue;
        int k = dataset_domain(m->d, margins->at[i].code);
        total[k] = margins->at[i].population;
        if (k == 0)
            margin_fault(m->a, &m->report->faults, "weights.fault.code", margins->at[i].line, margins->at[i].code, 0);
        else if (domain_answers(m->d, (size_t)k) == 0)
            margin_fault(m->a, &m->report->faults, "weights.fault.empty", margins->at[i].line, margins->at[i].code, 0);
    }
    for (size_t i = 0, k; i < m->n; i = k) {
        WeightCell c = { .domain = m->place[i].domain, .population = place ? total[m->place[i].domain] : NAN };
        for (k = i; k < m->n && m->place[k].domain == c.domain; k++)
            c.before += m->base[m->place[k].record];
        c.n = k - i;
        if (place && !(c.population > 0))
            margin_fault(m->a, &m->report->faults, "weights.fault.missing", 0, m->d->domains.at[c.domain].code, (int64_t)domain_answers(m->d, c.domain));
        *list_add(m->a, &m->report->cells) = c;
    }
}

/* The groups of one question with their totals; s: its margin. */
static void make_groups(Making *m, size_t g, const StatsMargin *s)
{
    const Breakdown *b = &m->d->groups.at[g];
    WeightCell      *c = arena_new(m->a, WeightCell, b->domains.len);
    for (size_t i = 0; i < m->n; i++) {
        c[s->code[i]].n++;
        c[s->code[i]].before += m->base[m->place[i].record];
    }
    for (size_t k = 0; k < b->domains.len; k++) {
        Str  code  = k ? b->domains.at[k].code : UNANSWERED, name = arena_fmt(m->a, "%.*s: %.*s", STR_ARG(b->question), STR_ARG(code));
        bool wants = false;
        for (size_t i = 0; i < m->recipe->margins.len; i++)
            wants |= str_eq(m->recipe->margins.at[i].question, b->question) && str_eq(m->recipe->margins.at[i].code, code);
        if (!c[k].n && wants)
            margin_fault(m->a, &m->report->faults, "weights.fault.group-empty", 0, name, 0);
        else if (c[k].n && !wants)
            margin_fault(m->a, &m->report->faults, k ? "weights.fault.group-missing" : "weights.fault.unanswered", 0, k ? name : b->question, (int64_t)c[k].n);
        if (c[k].n)
            *list_add(m->a, &m->report->cells) = (WeightCell){ g + 1, k, c[k].n, c[k].before, s->total[k] };
    }
}

static void make_margins(Making *m, WeightSteps *s)
{
    s->n      = m->n;
    s->cap    = m->recipe->cap;
    s->record = arena_new(m->a, uint32_t, m->n + 1);
    s->before = arena_new(m->a, double, m->n + 1);
    for (size_t i = 0; i < m->n; i++) {
        s->record[i] = m->place[i].record;
        s->before[i] = m->base[m->place[i].record];
    }
    steps_margins(m->a, &m->recipe->margins, m->d, s);
    for (size_t g = 0; g < m->d->groups.len; g++) {
        m->report->question[m->report->margins++] = m->d->groups.at[g].question;
        make_groups(m, g, &s->margin[s->n_margins - m->d->groups.len + g]);
    }
}

static void count_bins(const double *weight, size_t n, int64_t bins[WEIGHT_BINS])
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weight[i];
    for (size_t i = 0; i < n; i++) {
        int k = 0;
        while (k < WEIGHT_BINS - 1 && weight[i] * (double)n > weight_bin[k] * sum)
            k++;
        bins[k]++;
    }
}

static void tell(Making *m, const WeightSteps *s)
{
    WeightReport      *r = m->report;
    StatsWeightSummary x = stats_weights_summary(s->n, s->before, s->after);
    r->deff_before = stats_weights_summary(s->n, s->before, s->before).kish_deff;
    r->n       = s->n;
    r->sum     = x.sum;
    for (size_t i = 0; i < s->n; i++)
        r->before += s->before[i];
    r->min     = x.min;
    r->max     = x.max;
    r->deff    = x.kish_deff;
    r->min_g   = x.min_g;
    r->max_g   = x.max_g;
    r->moved   = s->moved;
    r->bound   = s->bound;
    r->trimmed = s->trimmed;
    r->sweeps  = s->sweeps.sweeps;
    r->misfit  = s->sweeps.misfit;
    count_bins(s->before, s->n, r->bins_before);
    count_bins(s->after, s->n, r->bins_after);
    m->w->mean = x.sum / (double)s->n;
    for (size_t i = 0; i < m->d->records; i++)
        m->w->weight[i] = m->w->mean;
    for (size_t i = 0; i < s->n; i++)
        m->w->weight[s->record[i]] = s->after[i];
    Str hex = sha256_hex(m->a, (Str){ (const char *)m->w->weight, m->d->records * sizeof *m->w->weight });
    memcpy(r->fingerprint, hex.at, hex.len < 64 ? hex.len : 64);
}

/* Margins that cannot be met together: which one is furthest off. */
static void tell_worst(Making *m, const WeightSteps *s)
{
    bool   place = weighting_has(&m->recipe->margins, S(""));
    size_t at    = s->sweeps.margin;
    Str    name;
    if (place && at == 0) {
        name = m->d->domains.at[s->sweeps.group].code;
    } else {
        const Breakdown *b = &m->d->groups.at[at - place];
        name = arena_fmt(m->a, "%.*s: %.*s", STR_ARG(b->question), STR_ARG(s->sweeps.group ? b->domains.at[s->sweeps.group].code : UNANSWERED));
    }
    *list_add(m->a, &m->report->faults) = (MarginFault){ .key = "weights.fault.converge", .code = name, .n = (int64_t)ceil(s->sweeps.misfit * 1e6),
                                                          .m = s->sweeps.sweeps };
}

static Err make_weights(Making *m, WeightSteps *s)
{
    Err e = steps_run(m->a, s);
    if (e && str_starts(e->detail, S("not_converged"))) {
        tell_worst(m, s);
        return OK;
    }
    TRY(e);
    tell(m, s);
    if (s->raked) {
        TRY(steps_fit(m->a, s));
        m->w->steps = s;
        m->w->base  = m->base;
    }
    m->d->weights = m->w;
    return OK;
}

/* What rows tell of groups within a place is the publisher's to weigh: it is told before anything is kept. */
static void tell_alike(Making *m)
{
    const Dataset *d = m->d;
    GroupsAlike    x = d->groups.len ? groups_alike(d, m->crowd) : (GroupsAlike){ 0 };
    m->report->alike = x.cells;
    if (x.cells)
        m->report->alike_text = arena_fmt(m->a, "%.*s: %.*s; %.*s", STR_ARG(d->domains.at[d->domain_of[x.record]].code), STR_ARG(crowd_text(m, x.record)),
                                          STR_ARG(d->items.at[x.item].code));
}

Err weights_make(Arena *a, const Weighting *recipe, Dataset *d, WeightReport *out)
{
    DataWeights *w      = arena_new(a, DataWeights, 1);
    Opened      *opened = arena_new(a, Opened, 1);
    WeightSteps *steps  = arena_new(a, WeightSteps, 1);
    *opened   = dataset_open(a, d);
    d->opened = opened;
    *w = (DataWeights){ .weight = arena_new(a, double, d->records + 1), .stratum = arena_new(a, uint32_t, d->records + 1),
                        .unit = arena_new(a, uint32_t, d->records + 1), .probability = recipe->design != SOURCE_NONE,
                        .adjusted = recipe->margins.len > 0 };
    Making m = { .a = a, .recipe = recipe, .d = d, .w = w, .report = out, .place = arena_new(a, Place, d->records + 1),
                 .base = arena_new(a, double, d->records + 1) };
    if (d->groups.len != weighting_questions(a, &recipe->margins).len || !cross_groups(&m)) {
        margin_fault(a, &out->faults, "weights.fault.crossed", 0, S(""), 0);
        return OK;
    }
    if (out->classes.len)
        m.responses = arena_new(a, uint32_t, out->classes.len + 1);
    number_places(&m);
    make_cells(&m);
    if (m.n == 0)
        margin_fault(a, &out->faults, "weights.fault.nobody", 0, S(""), 0);
    else
        make_margins(&m, steps);
    groups_check(a, d, &out->faults);
    tell_alike(&m);
    return out->faults.len ? OK : make_weights(&m, steps);
}

static void group_json(Buf *b, const Margins *m, Str question)
{
    bool next = false;
    for (size_t i = 0; i < m->len; i++) {
        if (!str_eq(m->at[i].question, question))
            continue;
        buf_add(b, next ? S(",") : S(""));
        buf_json_str(b, m->at[i].code);
        buf_byte(b, ':');
        buf_json_f64(b, m->at[i].population);
        next = true;
    }
    buf_byte(b, '}');
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
    if (w->response.len) {
        buf_lit(b, ",\"response\":");
        buf_json_str(b, w->response);
    }
    buf_lit(b, ",\"source\":");
    buf_json_str(b, w->source);
    buf_lit(b, ",\"margins\":{");
    group_json(b, &w->margins, S(""));
    for (size_t g = 0; g < d->groups.len; g++) {
        buf_add(b, g ? S(",") : S(",\"groups\":{"));
        buf_json_str(b, d->groups.at[g].question);
        buf_lit(b, ":{");
        group_json(b, &w->margins, d->groups.at[g].question);
    }
    buf_add(b, d->groups.len ? S("}}\n") : S("}\n"));
}
