/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Adjustment for non-response by class, from the outcomes of fieldwork. docs/adr/0051. */
#include "edition/weighting.h"

#include "field/field.h"

#include <math.h>
#include <stdlib.h>

static double eligible_share(double eligible, double outside, double otherwise)
{
    return eligible + outside > 0 ? eligible / (eligible + outside) : otherwise;
}

void response_factors(ResponseClasses *c)
{
    double eligible = 0, outside = 0;
    for (size_t i = 0; i < c->len; i++) {
        eligible += c->at[i].answered + c->at[i].silent;
        outside += c->at[i].outside;
    }
    double all = eligible_share(eligible, outside, 1);
    for (size_t i = 0; i < c->len; i++) {
        ResponseClass *x = &c->at[i];
        x->e = eligible_share(x->answered + x->silent, x->outside, all);
        double wanted = x->answered + x->silent + x->e * x->unknown, used = x->answered + x->silent + x->unknown + x->outside;
        x->rate   = wanted > 0 ? x->answered / wanted : NAN;
        x->factor = wanted > 0 ? (used > 0 ? x->main * wanted / used : 0) / x->answered : 0;
        if (wanted > 0 && !(x->answered > 0))
            x->factor = NAN;
    }
}

bool response_class(Arena *a, Str rule, const Json *parts, const Json *keep, Str *out)
{
    Str stratum = S(""), unit = S("");
    if (str_starts(rule, S("column:")))
        return json_str(json_get(keep, str_skip(rule, 7)), out);
    JSON_EACH(stage, parts) {
        (void)json_str(json_get(stage, S("stratum")), &stratum);
        (void)json_str(json_get(stage, S("unit")), &unit);
        break;
    }
    *out = str_eq(rule, S("unit")) ? str_join(a, (Str[]){ stratum, unit }, 2, S(" / ")) : stratum;
    return true;
}

/* ---- From fieldwork ---------------------------------------------------------------------------------------------- */

typedef struct Responses {
    Arena *a, *work; Str rule; const Dataset *d; DataSource **by_id; ResponseClasses *out; ResponseClass *last; bool missing;
} Responses;

static int by_id(const void *x, const void *y)
{
    const DataSource *p = *(DataSource *const *)x, *q = *(DataSource *const *)y;
    return (p->id > q->id) - (p->id < q->id);
}

/* Cases of a class come together more often than not. Its number, from 1. */
static uint32_t class_of(Responses *r, Str name)
{
    ResponseClasses *c = r->out;
    if (r->last && str_eq(r->last->name, name))
        return (uint32_t)(r->last - c->at) + 1;
    size_t i = 0;
    while (i < c->len && !str_eq(c->at[i].name, name))
        i++;
    if (i == c->len)
        *list_add(r->a, c) = (ResponseClass){ .name = arena_str(r->a, name) };
    r->last = &c->at[i];
    return (uint32_t)i + 1;
}

static void count_case(ResponseClass *x, const CaseOutcome *c, bool answered)
{
    FieldGroup g = outcome_group(c->outcome);
    x->main += c->reserve ? 0 : c->weight;
    if (!c->active && !answered)
        return;
    x->cases++;
    x->answers += answered;
    if (answered)
        x->answered += c->weight;
    else if (g == GROUP_NE)
        x->outside += c->weight;
    else if (g == GROUP_UH || g == GROUP_UO)
        x->unknown += c->weight;
    else
        x->silent += c->weight;
}

static Err read_case(void *self, const CaseOutcome *c)
{
    Responses   *r      = self;
    Arena        work   = *r->work;
    DataSource   wanted = { .id = c->id.v }, *at = &wanted, **found;
    const Json  *parts, *keep;
    Str          name = S("");
    TRY(json_parse(&work, c->parts, &parts));
    TRY(json_parse(&work, c->keep, &keep));
    if (!response_class(&work, r->rule, parts, keep, &name)) {
        r->missing = true;
        return OK;
    }
    uint32_t n = class_of(r, name);
    found = c->id.v ? bsearch(&at, r->by_id, r->d->records, sizeof *r->by_id, by_id) : NULL;
    if (found)
        (*found)->response = n;
    count_case(&r->out->at[n - 1], c, found != NULL);
    return OK;
}

static void tell_classes(Arena *a, WeightReport *report)
{
    for (size_t i = 0; i < report->classes.len; i++) {
        const ResponseClass *x = &report->classes.at[i];
        if (isnan(x->factor))
            *list_add(a, &report->faults) = (MarginFault){ .key = "weights.fault.silent", .code = x->name, .n = x->cases };
        else if (x->answered > 0 && !(x->main > 0))
            *list_add(a, &report->faults) = (MarginFault){ .key = "weights.fault.no-main", .code = x->name, .n = x->answers };
    }
}

Err weighting_responses(Db *db, Arena *a, RoundId round, Str rule, Dataset *d, WeightReport *report)
{
    Arena     work = arena_open(64 << 20);
    Responses r    = { .a = a, .work = &work, .rule = rule, .d = d, .by_id = arena_new(a, DataSource *, d->records + 1), .out = &report->classes };
    for (size_t i = 0; i < d->records; i++)
        r.by_id[i] = &d->source[i];
    qsort(r.by_id, d->records, sizeof *r.by_id, by_id);
    Err e = case_outcome_each(db, round, read_case, &r);
    if (e)
        e = err_new(a, e->kind, e->detail);
    arena_close(&work);
    TRY(e);
    if (r.missing) {
        *list_add(a, &report->faults) = (MarginFault){ .key = "weights.fault.column", .code = str_skip(rule, 7) };
        return OK;
    }
    response_factors(&report->classes);
    tell_classes(a, report);
    for (size_t i = 0; i < d->records && !report->faults.len; i++)
        if (d->source[i].response)
            d->source[i].base *= report->classes.at[d->source[i].response - 1].factor;
    return OK;
}
