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

/* What figures are of: a set of items in a domain (0: all), by its code and names. */
typedef struct Subject { Str code; const Str *label; const bool *items; bool pooled; size_t domain; } Subject;
typedef struct Sheet { Arena *a; const Dataset *d; Weigher *weigher; Figures out; } Sheet;

static Err add_figures(Sheet *s, const Subject *x, const Tally *t, bool hidden)
{
    int64_t n     = tally_opinions(t);
    bool    small = hidden || tally_few(t, LEAST_CELL);
    for (size_t m = 0; m < COUNT_OF(measures); m++) {
        if (x->domain && !measures[m].by_domain)
            continue;
        Figure *f = list_add(s->a, &s->out);
        *f = (Figure){ .name = str_join(s->a, (Str[]){ str_from_c(measures[m].prefix), x->code }, 2, S(".")),
                       .label_vi = x->label[LANG_VI], .label_en = x->label[LANG_EN], .unit = str_from_c(measures[m].unit),
                       .by = x->domain ? s->d->by : S(""), .value = x->domain ? s->d->domains.at[x->domain].code : S(""),
                       .n = small ? 0 : n, .x = small ? NAN : measures[m].of(t), .se = NAN, .low = NAN, .high = NAN, .suppressed = small };
        WeighOrder order = { .domain = x->domain, .items = x->items, .pooled = x->pooled, .part = measures[m].part,
                             .none = measures[m].part[TALLY_NONE] > 0, .share = measures[m].unit[0] == '%' };
        if (s->weigher && !small)
            TRY(weigh_figure(s->weigher, &order, s->out.len - 1, f));
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
        *out_hidden |= domain ? d->hidden[i * d->domains.len + domain] : tally_few(&cell, LEAST_CELL);
        tally_add(&sum, &cell);
    }
    return sum;
}

static Err figures_of_node(Sheet *s, int node)
{
    const Dataset    *d     = s->d;
    const MethodNode *m     = &d->nodes.at[node];
    bool             *items = arena_new(s->a, bool, d->items.len), hidden;
    for (size_t i = 0; i < d->items.len; i++)
        items[i] = node_within(d, d->items.at[i].node, node);
    Subject x = { .code = m->code, .label = m->label, .items = items, .pooled = true };
    Tally   t = pooled(d, items, 0, &hidden);
    if (tally_opinions(&t) == 0 && t.at[TALLY_NONE] == 0)
        return OK;                     /* the questionnaire does not ask it */
    TRY(add_figures(s, &x, &t, hidden));
    for (x.domain = 1; x.domain < d->domains.len; x.domain++) {
        t = pooled(d, items, x.domain, &hidden);
        TRY(add_figures(s, &x, &t, hidden));
    }
    return OK;
}

static Err figures_of_item(Sheet *s, size_t i)
{
    const Dataset *d     = s->d;
    bool          *items = arena_new(s->a, bool, d->items.len);
    Tally          t     = { 0 };
    Subject        x     = { .code = d->items.at[i].code, .label = d->items.at[i].label, .items = items };
    items[i] = true;
    for (size_t k = 0; k < d->domains.len; k++)
        tally_add(&t, tally_at(&d->table, i, k));
    TRY(add_figures(s, &x, &t, false));
    for (x.domain = 1; x.domain < d->domains.len; x.domain++)
        TRY(add_figures(s, &x, tally_at(&d->table, i, x.domain), d->hidden[i * d->domains.len + x.domain]));
    return OK;
}

Err figures_compute(Arena *a, const Dataset *d, Figures *out)
{
    Sheet s = { .a = a, .d = d };
    if (d->weights)
        TRY(weigher_new(a, d, &s.weigher));
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
