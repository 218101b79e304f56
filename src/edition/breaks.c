/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Breakdowns of the method beside the place: sex, age group, field of service. Read and counted with the answers; the package holds their counts
 * by item alone, for a row that told traits would tell of a person. docs/adr/0040-methods.md. */
#include "edition/parts.h"

#include <math.h>

bool breakdown_plan(Arena *a, const FormProgram *p, Str question, Breakdown *out)
{
    int node = method_break_node(p, question);
    if (node < 0)
        return false;
    Breakdown       b    = { .question = arena_str(a, question) };
    const FormList *list = &p->lists.at[p->nodes.at[node].list];
    for (int l = 0; l < LANG_COUNT; l++)
        b.label[l] = form_label(p, node, (Lang)l);
    *list_add(a, &b.domains) = (DataDomain){ .code = S("") };
    for (size_t k = 0; k < list->choices.len; k++) {
        const FormChoice *c = &list->choices.at[k];
        if (c->missing == CHOICE_PLAIN)
            *list_add(a, &b.domains) = (DataDomain){ c->name, { c->label[LANG_VI], c->label[LANG_EN].len ? c->label[LANG_EN] : c->label[LANG_VI] } };
    }
    *out = b;
    return true;
}

void breaks_plan(Arena *a, const FormProgram *p, Dataset *d)
{
    const SurveyMethod *m = dataset_how(d);
    for (size_t i = 0; i < m->breaks.len; i++) {
        const MethodBreak *x = &m->breaks.at[i];
        Breakdown          b;
        if (str_eq(x->question, d->by) || !breakdown_plan(a, p, x->question, &b))
            continue;
        memcpy(b.label, x->label, sizeof b.label);
        *list_add(a, &d->breaks) = b;
    }
}

static void cells_new(Arena *a, const Dataset *d, Breakdown *b)
{
    b->at     = arena_new(a, CellSum, d->items.len * b->domains.len);
    b->hidden = arena_new(a, bool, d->items.len * b->domains.len);
}

void breaks_room(Arena *a, Dataset *d, size_t records)
{
    for (size_t i = 0; i < d->breaks.len; i++) {
        cells_new(a, d, &d->breaks.at[i]);
        d->breaks.at[i].of = arena_new(a, uint8_t, records + 1);
    }
    for (size_t i = 0; i < d->groups.len; i++)
        d->groups.at[i].of = arena_new(a, uint8_t, records + 1);
}

size_t breakdown_domain(const Breakdown *b, Str code)
{
    for (size_t k = 1; k < b->domains.len; k++)
        if (str_eq(b->domains.at[k].code, code))
            return k;
    return 0;
}

void breaks_read(const Dataset *d, const Json *answers, size_t record)
{
    Str text;
    for (size_t i = 0; i < d->breaks.len; i++)
        if (json_str(json_get(answers, d->breaks.at[i].question), &text))
            d->breaks.at[i].of[record] = (uint8_t)breakdown_domain(&d->breaks.at[i], text);
    for (size_t i = 0; i < d->groups.len; i++)
        if (json_str(json_get(answers, d->groups.at[i].question), &text))
            d->groups.at[i].of[record] = (uint8_t)breakdown_domain(&d->groups.at[i], text);
}

CellSum *break_cell(const Dataset *d, size_t breakdown, size_t item, size_t domain)
{
    const Breakdown *b = &d->breaks.at[breakdown];
    return &b->at[item * b->domains.len + domain];
}

bool break_hidden(const Dataset *d, size_t breakdown, size_t item, size_t domain)
{
    const Breakdown *b = &d->breaks.at[breakdown];
    return b->hidden[item * b->domains.len + domain];
}

Breakdown *break_find(const Dataset *d, Str question)
{
    for (size_t i = 0; i < d->breaks.len; i++)
        if (str_eq(d->breaks.at[i].question, question))
            return &d->breaks.at[i];
    return NULL;
}

void cell_add(CellSum *c, uint8_t v)
{
    c->n += v >= 1 && v <= LIKERT_STEPS;
    c->satisfied += v == 4 || v == 5;
    c->points += v <= LIKERT_STEPS ? v : 0;
    c->none += v == 9;
}

void breaks_count(Dataset *d)
{
    for (size_t i = 0; i < d->breaks.len; i++)
        for (size_t r = 0; r < d->records; r++)
            for (size_t k = 0; k < d->items.len; k++)
                cell_add(break_cell(d, i, k, d->breaks.at[i].of[r]), d->values[r * d->items.len + k]);
}

/* ---- In the package ---------------------------------------------------------------------------------------------------------- */

static const Str heads[] = { S_INIT("by"), S_INIT("value_of_by"), S_INIT("item"), S_INIT("n"), S_INIT("satisfied"), S_INIT("points"), S_INIT("none") };

static void cell_row(Buf *out, const Breakdown *b, size_t domain, const DataItem *item, const CellSum *c, bool none)
{
    csv_field(out, b->question);
    csv_field(out, b->domains.at[domain].code);
    csv_field(out, item->name);
    csv_num(out, c->n);
    csv_num(out, c->satisfied);
    csv_num(out, c->points);
    csv_real(out, none ? (double)c->none : NAN);
    csv_end(out);
}

/* Cells nobody answered are told, for those that are missing are hidden. "none" is told only where the method counts those without an opinion. */
Str breaks_csv(Arena *a, const Dataset *d)
{
    Buf  out  = buf_new(a, 65536);
    bool none = dataset_how(d)->no_opinion == NO_OPINION_LOWEST;
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        csv_field(&out, heads[i]);
    csv_end(&out);
    for (size_t i = 0; i < d->breaks.len; i++)
        for (size_t k = 1; k < d->breaks.at[i].domains.len; k++)
            for (size_t item = 0; item < d->items.len; item++) {
                if (!break_hidden(d, i, item, k))
                    cell_row(&out, &d->breaks.at[i], k, &d->items.at[item], break_cell(d, i, item, k), none);
            }
    return buf_str(&out);
}

static bool whole_number(Str cell, int64_t *out)
{
    return str_to_i64(cell, out) && *out >= 0 && *out <= 20000000 * LIKERT_STEPS;
}

static bool sum_read(const CsvRow *row, CellSum *out)
{
    CellSum c = { 0 };
    if (!whole_number(csv_cell(row, 3), &c.n) || !whole_number(csv_cell(row, 4), &c.satisfied) || !whole_number(csv_cell(row, 5), &c.points))
        return false;
    if (csv_cell(row, 6).len && !whole_number(csv_cell(row, 6), &c.none))
        return false;
    *out = c;
    return (!c.n || c.n >= LEAST_CELL) && c.satisfied <= c.n && c.points >= c.n + 3 * c.satisfied && c.points <= 3 * c.n + 2 * c.satisfied;
}

Err breaks_parse(Arena *a, Str csv, Dataset *d)
{
    CsvTable t;
    TRY(csv_read(a, csv, CSV_LIMITS, &t));
    for (size_t i = 0; i < d->breaks.len; i++) {
        cells_new(a, d, &d->breaks.at[i]);
        memset(d->breaks.at[i].hidden, true, d->items.len * d->breaks.at[i].domains.len);
    }
    for (size_t i = 1; i < t.len; i++) {
        Breakdown *b    = break_find(d, csv_cell(&t.at[i], 0));
        size_t     k    = b ? breakdown_domain(b, csv_cell(&t.at[i], 1)) : 0;
        int        item = dataset_item(d, csv_cell(&t.at[i], 2));
        CellSum    c;
        if (!k || item < 0 || !sum_read(&t.at[i], &c))
            return err_fmt(a, ERR_INVALID, "breakdowns.csv:%d: no count of the codebook, or one under %d", t.at[i].line, LEAST_CELL);
        b->at[(size_t)item * b->domains.len + k]     = c;
        b->hidden[(size_t)item * b->domains.len + k] = false;
    }
    return OK;
}
