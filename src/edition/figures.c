/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of a set of answers, their JSON and CSV, and what changed between two editions. */
#include "edition/parts.h"

#include <math.h>

/* What is computed of each tally: its prefix in the figure's name, unit and function. */
typedef struct Measure { const char *prefix, *unit; double (*of)(const Tally *t); bool by_domain; double part[TALLY_CELLS]; } Measure;

static double step_share(const Tally *t, int k)
{
    int64_t n = tally_opinions(t);
    return n ? 100.0 * (double)t->at[k] / (double)n : NAN;
}
static double step1(const Tally *t) { return step_share(t, 0); }
static double step2(const Tally *t) { return step_share(t, 1); }
static double step3(const Tally *t) { return step_share(t, 2); }
static double step4(const Tally *t) { return step_share(t, 3); }
static double step5(const Tally *t) { return step_share(t, 4); }

/* part: what an answer of each cell adds above the line of the weighted ratio; below it stand opinions, for "none" all answers. */
static const Measure measures[] = {
    { "satisfied", "%", tally_satisfied, true, { 0, 0, 0, 100, 100, 0 } }, { "mean", "1-5", tally_mean, true, { 1, 2, 3, 4, 5, 0 } },
    { "step1", "%", step1, false, { 100 } },                               { "step2", "%", step2, false, { 0, 100 } },
    { "step3", "%", step3, false, { 0, 0, 100 } },                         { "step4", "%", step4, false, { 0, 0, 0, 100 } },
    { "step5", "%", step5, false, { 0, 0, 0, 0, 100 } },                   { "none", "%", tally_no_opinion, false, { 0, 0, 0, 0, 0, 100 } },
};

/* The method's own index, where it is more than the plain share. part as above; mean: of steps, as percent of the highest. */
static const double index_parts[TRANSFORM_COUNT][NO_OPINION_COUNT][TALLY_CELLS] = {
    [TRANSFORM_SHARE] = { { 0, 0, 0, 100, 100, 0 }, { 0, 0, 0, 100, 100, 0 } },
    [TRANSFORM_MEAN]  = { { 20, 40, 60, 80, 100, 0 }, { 20, 40, 60, 80, 100, 20 } },
};

/* What figures are of: items in a domain (0: all) of the places or of a breakdown (from 1), by code and names. */
typedef struct Subject {
    Str code; const Str *label; const bool *items; bool pooled; size_t breakdown, domain;
    const FigurePart *parts; size_t n_parts;         /* of the index */
} Subject;
typedef struct Sheet { Arena *a; const Dataset *d; Weigher *weigher; BreakWeigher *breaker; Figures out; } Sheet;
typedef LIST(FigurePart) FigureParts;

static CellSum sum_of(const Tally *t)
{
    CellSum c = { .n = tally_opinions(t), .satisfied = t->at[3] + t->at[4], .none = t->at[TALLY_NONE] };
    for (int k = 0; k < LIKERT_STEPS; k++)
        c.points += (k + 1) * t->at[k];
    return c;
}

static void sum_add(CellSum *to, const CellSum *x)
{
    to->n += x->n;
    to->satisfied += x->satisfied;
    to->points += x->points;
    to->none += x->none;
}

/* Items of the set in one cell; *out_hidden: one of them is hidden there, so the sum would give it back. */
static CellSum cell_sum(const Dataset *d, const bool *items, size_t breakdown, size_t domain, bool *out_hidden)
{
    CellSum sum = { 0 };
    *out_hidden = false;
    for (size_t i = 0; i < d->items.len; i++) {
        if (!items[i])
            continue;
        if (breakdown) {
            *out_hidden |= break_hidden(d, breakdown - 1, i, domain);
            sum_add(&sum, break_cell(d, breakdown - 1, i, domain));
            continue;
        }
        for (size_t k = domain; k < (domain ? domain + 1 : d->domains.len); k++) {
            CellSum c = sum_of(tally_at(&d->table, i, k));
            sum_add(&sum, &c);
        }
    }
    return sum;
}

static double index_of(const SurveyMethod *m, const CellSum *c)
{
    int64_t none = m->no_opinion == NO_OPINION_LOWEST ? c->none : 0, of = c->n + none;
    double  sum  = m->transform == TRANSFORM_SHARE ? 100.0 * (double)c->satisfied : 20.0 * (double)(c->points + none);
    return of ? sum / (double)of : NAN;
}

static double index_value(const Sheet *s, const Subject *x)
{
    double value = 0;
    bool   hidden;
    for (size_t i = 0; i < x->n_parts; i++) {
        CellSum c = cell_sum(s->d, x->parts[i].items, x->breakdown, x->domain, &hidden);
        value += x->parts[i].weight * index_of(dataset_how(s->d), &c);
    }
    return value;
}

static Figure *figure_new(Sheet *s, const Subject *x, const char *prefix, const char *unit, int64_t n, double value, bool small)
{
    const Dataset *d = s->d;
    Figure        *f = list_add(s->a, &s->out);
    *f = (Figure){ .name = str_join(s->a, (Str[]){ str_from_c(prefix), x->code }, 2, S(".")), .label_vi = x->label[LANG_VI], .label_en = x->label[LANG_EN],
                   .unit = str_from_c(unit), .n = small ? 0 : n, .x = small ? NAN : value, .se = NAN, .low = NAN, .high = NAN, .suppressed = small };
    if (x->domain) {
        f->by    = x->breakdown ? d->breaks.at[x->breakdown - 1].question : d->by;
        f->value = x->breakdown ? d->breaks.at[x->breakdown - 1].domains.at[x->domain].code : d->domains.at[x->domain].code;
    }
    return f;
}

/* The weighted estimate in place of the plain one, where there are weights. */
static Err weighted(Sheet *s, const Subject *x, WeighOrder *order, Figure *f)
{
    order->domain = x->domain;
    order->pooled = x->pooled;
    if (x->breakdown)
        return s->breaker && s->d->breaks.at[x->breakdown - 1].of ? weigh_break(s->breaker, order, x->breakdown - 1, f) : OK;
    return s->weigher ? weigh_figure(s->weigher, order, s->out.len - 1, f) : OK;
}

static Err add_index(Sheet *s, const Subject *x, const CellSum *c, bool small)
{
    const SurveyMethod *m     = dataset_how(s->d);
    WeighOrder    order = { .of = x->parts, .parts = x->n_parts, .part = index_parts[m->transform][m->no_opinion],
                            .none = m->no_opinion == NO_OPINION_LOWEST, .share = m->transform == TRANSFORM_SHARE };
    Figure *f = figure_new(s, x, "index", "%", c->n + (order.none ? c->none : 0), small ? NAN : index_value(s, x), small);
    return small ? OK : weighted(s, x, &order, f);
}

static bool cell_few(const CellSum *c)
{
    return (c->n > 0 && c->n < LEAST_CELL) || (c->n + c->none > 0 && c->n + c->none < LEAST_CELL);
}

/* t: the tally of the whole or of a place; NULL in breakdowns, of which steps are not known. */
static Err add_figures(Sheet *s, const Subject *x, const CellSum *c, const Tally *t, bool hidden)
{
    bool       small = hidden || cell_few(c);
    FigurePart all   = { x->items, 1 };
    if (!method_plain(dataset_how(s->d)))
        TRY(add_index(s, x, c, small));
    for (size_t m = 0; m < COUNT_OF(measures); m++) {
        if (x->domain && !measures[m].by_domain)
            continue;
        double value = t ? measures[m].of(t) : !c->n ? NAN : m ? (double)c->points / (double)c->n : 100.0 * (double)c->satisfied / (double)c->n;
        WeighOrder order = { .of = &all, .parts = 1, .part = measures[m].part, .none = measures[m].part[TALLY_NONE] > 0, .share = measures[m].unit[0] == '%' };
        Figure    *f     = figure_new(s, x, measures[m].prefix, measures[m].unit, c->n, value, small);
        if (!small)
            TRY(weighted(s, x, &order, f));
    }
    return OK;
}

static Err figures_of_breaks(Sheet *s, Subject *x)
{
    const Dataset *d = s->d;
    for (x->breakdown = 1; x->breakdown <= d->breaks.len; x->breakdown++)
        for (x->domain = 1; x->domain < d->breaks.at[x->breakdown - 1].domains.len; x->domain++) {
            bool    hidden;
            CellSum c = cell_sum(d, x->items, x->breakdown, x->domain, &hidden);
            if (hidden || c.n || c.none)
                TRY(add_figures(s, x, &c, NULL, hidden));
        }
    return OK;
}

/* A pooled cell is hidden when any of its items is: the sum would otherwise give the item back. */
static Tally pooled(const Dataset *d, const bool *items, size_t domain, bool *out_hidden)
{
    Tally sum   = { 0 };
    *out_hidden = false;
    for (size_t i = 0; i < d->items.len; i++) {
        if (!items[i])
            continue;
        Tally cell = { 0 };
        for (size_t k = domain; k < (domain ? domain + 1 : d->domains.len); k++)
            tally_add(&cell, tally_at(&d->table, i, k));
        *out_hidden |= domain ? d->hidden[i * d->domains.len + domain] : (d->few && d->few[i]) || tally_few(&cell, LEAST_CELL);
        tally_add(&sum, &cell);
    }
    return sum;
}

/* All domains of one subject: the whole, places, breakdowns. */
static Err figures_of(Sheet *s, Subject *x)
{
    const Dataset *d = s->d;
    bool           hidden;
    for (x->domain = 0; x->domain < d->domains.len; x->domain++) {
        Tally   t = pooled(d, x->items, x->domain, &hidden);
        CellSum c = sum_of(&t);
        TRY(add_figures(s, x, &c, &t, hidden));
    }
    return figures_of_breaks(s, x);
}

/* ---- Parts of the index ----------------------------------------------------------------------------------------------------- */

static bool *items_below(const Sheet *s, int node)
{
    bool *items = arena_new(s->a, bool, s->d->items.len);
    for (size_t i = 0; i < s->d->items.len; i++)
        items[i] = node_within(s->d, s->d->items.at[i].node, node);
    return items;
}

/* The questionnaire asks it. */
static bool asked(const Sheet *s, const bool *items)
{
    bool    hidden;
    CellSum c = cell_sum(s->d, items, 0, 0, &hidden);
    return c.n || c.none;
}

/* The factors below a node with what each weighs in it; nodes that were not asked weigh nothing. */
static void add_parts(const Sheet *s, int node, const bool *items, double weight, FigureParts *out)
{
    const MethodNodes *nodes = &s->d->nodes;
    double             sum   = 0;
    bool             **below = arena_new(s->a, bool *, nodes->len);
    for (size_t i = 0; i < nodes->len; i++)
        if (str_eq(nodes->at[i].parent, nodes->at[node].code)) {
            below[i] = items_below(s, (int)i);
            below[i] = asked(s, below[i]) ? below[i] : NULL;
            sum += below[i] ? nodes->at[i].weight : 0;
        }
    if (!(sum > 0))
        *list_add(s->a, out) = (FigurePart){ items, weight };
    for (size_t i = 0; i < nodes->len; i++)
        if (below[i])
            add_parts(s, (int)i, below[i], weight * nodes->at[i].weight / sum, out);
}

static Err figures_of_node(Sheet *s, int node)
{
    const MethodNode *m     = &s->d->nodes.at[node];
    FigureParts       parts = { 0 };
    Subject           x     = { .code = m->code, .label = m->label, .items = items_below(s, node), .pooled = true };
    if (!asked(s, x.items))
        return OK;
    if (dataset_how(s->d)->pooling == POOL_FACTORS)
        add_parts(s, node, x.items, 1, &parts);
    else
        *list_add(s->a, &parts) = (FigurePart){ x.items, 1 };
    x.parts   = parts.at;
    x.n_parts = parts.len;
    return figures_of(s, &x);
}

static Err figures_of_item(Sheet *s, size_t i)
{
    bool *items = arena_new(s->a, bool, s->d->items.len);
    items[i]    = true;
    FigurePart part = { items, 1 };
    Subject    x    = { .code = s->d->items.at[i].code, .label = s->d->items.at[i].label, .items = items, .parts = &part, .n_parts = 1 };
    return figures_of(s, &x);
}

Err figures_compute(Arena *a, const Dataset *d, Figures *out)
{
    Sheet s = { .a = a, .d = d };
    if (d->weights)
        TRY(weigher_new(a, d, &s.weigher));
    bool told = false;                 /* a package tells few groups or none */
    for (size_t i = 0; i < d->breaks.len; i++)
        told |= d->breaks.at[i].of != NULL;
    if (d->weights && told)
        TRY(break_weigher_new(a, d, &s.breaker));
    for (size_t i = 0; i < d->nodes.len; i++)
        TRY(figures_of_node(&s, (int)i));
    for (size_t i = 0; i < d->items.len; i++)
        TRY(figures_of_item(&s, i));
    if (s.weigher)
        weigher_bounds(s.weigher, &s.out);
    coded_figures(a, d, &s.out);
    *out = s.out;
    return OK;
}

const Figure *figure_find(const Figures *f, Str name, Str by, Str value)
{
    for (size_t i = 0; i < f->len; i++) {
        const Figure *x = &f->at[i];
        if (str_eq(x->name, name) && str_eq(x->value, value) && str_eq(x->by, by))
            return x;
    }
    return NULL;
}

void figures_json(Buf *b, const Figures *f, Lang lang)
{
    buf_byte(b, '[');
    for (size_t i = 0; i < f->len; i++) {
        const Figure *x = &f->at[i];
        buf_add(b, i ? S(",\n{\"name\":") : S("\n{\"name\":"));
        buf_json_str(b, x->name);
        buf_lit(b, ",\"label\":");
        buf_json_str(b, lang == LANG_EN ? x->label_en : x->label_vi);
        buf_lit(b, ",\"unit\":");
        buf_json_str(b, x->unit);
        buf_lit(b, ",\"domain\":{");
        if (x->by.len) {
            buf_json_str(b, x->by);
            buf_byte(b, ':');
            buf_json_str(b, x->value);
        }
        buf_lit(b, "},\"n\":");
        buf_json_f64(b, x->suppressed ? NAN : (double)x->n);
        buf_lit(b, ",\"value\":");
        buf_json_f64(b, x->x);
        buf_lit(b, ",\"se\":");
        buf_json_f64(b, x->se);
        buf_lit(b, ",\"low\":");
        buf_json_f64(b, x->low);
        buf_lit(b, ",\"high\":");
        buf_json_f64(b, x->high);
        buf_add(b, x->suppressed ? S(",\"suppressed\":true}") : S(",\"suppressed\":false}"));
    }
    buf_lit(b, "\n]");
}

bool figures_have_se(const Figures *f)
{
    for (size_t i = 0; i < f->len; i++)
        if (!isnan(f->at[i].low))
            return true;
    return false;
}

void figures_csv(Buf *b, const Figures *f)
{
    static const Str heads[] = { S_INIT("name"), S_INIT("label_vi"), S_INIT("label_en"), S_INIT("unit"), S_INIT("by"), S_INIT("value_of_by"),
                                 S_INIT("n"), S_INIT("value"), S_INIT("suppressed"), S_INIT("se"), S_INIT("low"), S_INIT("high") };
    bool wide = figures_have_se(f);    /* columns of unweighted editions stay as they were */
    for (size_t i = 0; i < COUNT_OF(heads) - (wide ? 0 : 3); i++)
        csv_field(b, heads[i]);
    csv_end(b);
    for (size_t i = 0; i < f->len; i++) {
        const Figure *x = &f->at[i];
        const Str cells[] = { x->name, x->label_vi, x->label_en, x->unit, x->by, x->value };
        for (size_t k = 0; k < COUNT_OF(cells); k++)
            csv_field(b, cells[k]);
        csv_real(b, x->suppressed ? NAN : (double)x->n);
        csv_real(b, x->x);
        csv_num(b, x->suppressed);
        if (wide) {
            csv_real(b, x->se);
            csv_real(b, x->low);
            csv_real(b, x->high);
        }
        csv_end(b);
    }
}

static double num_or_nan(const Json *j)
{
    double x;
    return json_num(j, &x) ? x : NAN;
}

Err figures_parse(Arena *a, const Json *indicators, Figures *out)
{
    if (!json_is(indicators, JSON_ARRAY))
        return err_new(a, ERR_INVALID, S("\"indicators\" is not an array"));
    JSON_EACH(j, indicators) {
        Figure f = { .n = 0 };
        if (!json_str(json_get(j, S("name")), &f.name))
            return err_new(a, ERR_INVALID, S("an indicator has no name"));
        (void)json_str(json_get(j, S("label")), &f.label_vi);
        (void)json_str(json_get(j, S("unit")), &f.unit);
        const Json *domain = json_get(j, S("domain"));
        if (domain && domain->first) {
            f.by = domain->first->key;
            (void)json_str(domain->first, &f.value);
        }
        (void)json_int(json_get(j, S("n")), &f.n);
        f.x    = num_or_nan(json_get(j, S("value")));
        f.se   = num_or_nan(json_get(j, S("se")));
        f.low  = num_or_nan(json_get(j, S("low")));
        f.high = num_or_nan(json_get(j, S("high")));
        (void)json_bool(json_get(j, S("suppressed")), &f.suppressed);
        f.label_en = f.label_vi;
        *list_add(a, out) = f;
    }
    return OK;
}

static bool differs(const Figure *x, const Figure *y)
{
    bool same = ((isnan(x->x) && isnan(y->x)) || x->x == y->x) && ((isnan(x->se) && isnan(y->se)) || x->se == y->se);
    return !same || x->n != y->n || x->suppressed != y->suppressed;
}

FigureChanges figures_diff(Arena *a, const Figures *before, const Figures *after)
{
    FigureChanges out = { 0 };
    for (size_t i = 0; i < after->len; i++) {
        const Figure *new = &after->at[i];
        /* The same questionnaire gives the same order: look there first. */
        const Figure *old = i < before->len && str_eq(before->at[i].name, new->name) && str_eq(before->at[i].value, new->value)
                                ? &before->at[i] : figure_find(before, new->name, new->by, new->value);
        Figure none = *new;
        none.x = NAN;
        none.n = 0;
        if (differs(old ? old : &none, new))
            *list_add(a, &out) = (FigureChange){ old ? *old : none, *new };
    }
    return out;
}
