/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plan of a round (items, factors, domains) and its counted answers. */
#include "edition/parts.h"

#include <math.h>
#include <sodium.h>

const SurveyMethod *dataset_how(const Dataset *d)
{
    static const SurveyMethod none = { 0 };
    return d->how ? d->how : &none;
}

bool node_within(const Dataset *d, int node, int top)
{
    for (size_t steps = d->nodes.len; node >= 0 && node != top && steps; steps--) {      /* in a package of outsiders parents may go round */
        Str parent = d->nodes.at[node].parent;
        int up     = -1;
        for (size_t i = 0; parent.len && i < d->nodes.len; i++)
            if (str_eq(d->nodes.at[i].code, parent))
                up = (int)i;
        node = up;
    }
    return node == top && node >= 0;
}

static void plan_steps(Arena *a, const FormProgram *p, const FormNode *n, Dataset *d)
{
    const FormList *list = &p->lists.at[n->list];
    for (size_t k = 0; k < list->choices.len && d->steps.len < LIKERT_STEPS; k++) {
        const FormChoice *c = &list->choices.at[k];
        if (c->missing != CHOICE_PLAIN)
            continue;
        for (int l = 0; l < LANG_COUNT; l++)
            d->step_label[d->steps.len][l] = c->label[l].len ? c->label[l] : c->label[LANG_VI];
        *list_add(a, &d->steps) = c->name;
    }
}

static void plan_domains(Arena *a, const FormProgram *p, Str question, Dataset *d)
{
    *list_add(a, &d->domains) = (DataDomain){ .code = S("") };
    int node = question.len ? form_find(p, question) : -1;
    if (node < 0 || p->nodes.at[node].list < 0)
        return;
    d->by = question;
    const FormList *list = &p->lists.at[p->nodes.at[node].list];
    for (size_t k = 0; k < list->choices.len; k++) {
        const FormChoice *c = &list->choices.at[k];
        if (c->missing == CHOICE_PLAIN)
            *list_add(a, &d->domains) = (DataDomain){ c->name, { c->label[LANG_VI], c->label[LANG_EN].len ? c->label[LANG_EN] : c->label[LANG_VI] } };
    }
}

Err dataset_plan(Db *db, Arena *a, const FormProgram *p, Str method, Str unit_question, Dataset *out)
{
    Dataset d   = { .method = method };
    SurveyMethod *how = arena_new(a, SurveyMethod, 1);
    TRY(method_load(db, a, method, how));
    d.how   = how;
    d.nodes = how->nodes;
    plan_domains(a, p, unit_question, &d);
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->role != QR_SATISFACTION || n->type != Q_SELECT_ONE)
            continue;
        if (d.steps.len == 0)
            plan_steps(a, p, n, &d);
        DataItem *item = list_add(a, &d.items);
        *item = (DataItem){ .name = n->name, .code = n->code, .node = method_place(how, n->code, NULL) };
        item->label[LANG_VI] = form_label(p, (int)i, LANG_VI);
        item->label[LANG_EN] = form_label(p, (int)i, LANG_EN);
    }
    if (d.items.len == 0)
        return err_new(a, ERR_CONFLICT, S("the questionnaire has no satisfaction items"));
    if (d.steps.len != LIKERT_STEPS)
        return err_new(a, ERR_CONFLICT, S("satisfaction items need five steps"));
    d.table = tally_table_new(a, d.items.len, d.domains.len);
    *out    = d;
    return OK;
}

int dataset_item(const Dataset *d, Str name)
{
    for (size_t i = 0; i < d->items.len; i++)
        if (str_eq(d->items.at[i].name, name))
            return (int)i;
    return -1;
}

int dataset_domain(const Dataset *d, Str code)
{
    for (size_t i = 1; i < d->domains.len; i++)
        if (str_eq(d->domains.at[i].code, code))
            return (int)i;
    return 0;
}

/* 1..5 by the choice's value, 9 for a choice that is no opinion. */
static uint8_t value_of(const FormProgram *p, int node, Str name)
{
    const FormChoice *c = form_choice(p, node, name);
    if (!c)
        return 0;
    if (c->missing != CHOICE_PLAIN)
        return 9;
    return c->value >= 1 && c->value <= LIKERT_STEPS ? (uint8_t)c->value : 0;
}

void dataset_count(Dataset *d)
{
    for (size_t r = 0; r < d->records; r++)
        for (size_t i = 0; i < d->items.len; i++) {
            uint8_t v = d->values[r * d->items.len + i];
            if (v)
                tally_at(&d->table, i, d->domain_of[r])->at[v == 9 ? TALLY_NONE : v - 1]++;
        }
}

typedef struct Reading { Arena *a; const FormProgram *p; Dataset *d; int *form_node; Str units; const uint8_t *key; size_t cap; SubmissionId *ids; } Reading;

uint64_t secret_hash(const uint8_t key[16], uint64_t above, Str code)
{
    uint8_t  text[8 + 256], out[crypto_shorthash_BYTES];
    uint64_t hash;
    Str      s = str_take(code, 256);
    memcpy(text, &above, 8);
    memcpy(text + 8, s.at, s.len);
    crypto_shorthash(out, text, 8 + s.len, key);
    memcpy(&hash, out, sizeof hash);
    return hash ? hash : 1;
}

static Err read_record(void *self, const SubmissionRow *row)
{
    Reading *r = self;
    if (r->d->records == r->cap)
        return err_new(r->a, ERR_CONFLICT, S("answers arrived while reading"));
    Arena       scratch = *r->a;
    const Json *json;
    TRY(json_parse(&scratch, row->answers_json, &json));
    uint8_t    *values = r->d->values + r->d->records * r->d->items.len;
    DataSource *source = &r->d->source[r->d->records];
    Str      text;
    if (r->d->by.len && json_str(json_get(json, r->d->by), &text))
        r->d->domain_of[r->d->records] = (uint16_t)dataset_domain(r->d, text);
    breaks_read(r->d, json, r->d->records);
    *source = (DataSource){ .id = row->id.v, .base = 1 };
    if (r->units.len && json_str(json_get(json, r->units), &text) && text.len)
        source->unit = secret_hash(r->key, 0, text);
    JSON_EACH(member, json) {
        int i = json_str(member, &text) ? dataset_item(r->d, member->key) : -1;
        if (i >= 0)
            values[i] = value_of(r->p, r->form_node[i], text);
    }
    r->ids[r->d->records++] = row->id;
    job_tick(1);
    return OK;
}

Err dataset_from_round(Db *db, Arena *a, const FormProgram *p, const Round *round, Str units, const uint8_t key[16], const Figures *earlier,
                       const StrList *groups, Dataset *out)
{
    Dataset d;
    TRY(dataset_plan(db, a, p, round->method, round->unit_question, &d));
    d.earlier = *earlier;
    Reading r = { .a = a, .p = p, .d = &d, .units = units, .key = key, .cap = (size_t)round->submissions };
    d.source    = arena_new(a, DataSource, r.cap + 1);
    d.values    = arena_new(a, uint8_t, r.cap * d.items.len);
    d.domain_of = arena_new(a, uint16_t, r.cap);
    r.form_node = arena_new(a, int, d.items.len);
    breaks_plan(a, p, &d);
    for (size_t i = 0; i < groups->len; i++) {
        Breakdown b;
        if (breakdown_plan(a, p, groups->at[i], &b))
            *list_add(a, &d.groups) = b;
    }
    breaks_room(a, &d, r.cap);
    r.ids       = arena_new(a, SubmissionId, r.cap);
    for (size_t i = 0; i < d.items.len; i++)
        r.form_node[i] = form_find(p, d.items.at[i].name);
    Arena scratch = arena_open(64 << 20), mine = arena_open(64 << 20);
    Arena *keep = r.a;
    r.a   = &mine;
    Err e = submission_each(db, scratch, round->id, read_record, &r);
    if (e)
        e = err_new(keep, e->kind, e->detail);
    arena_close(&mine);
    arena_close(&scratch);
    TRY(e);
    dataset_count(&d);
    breaks_count(&d);
    dataset_hide(a, &d);
    TRY(coded_from_round(db, a, p, round->id, r.ids, d.records, &d));
    *out = d;
    return OK;
}

/* Adds the choices of one packed row to one domain of the table. */
static void add_counts(const FormProgram *p, const RoundCounts *counts, const CountSlots *slots, Dataset *d, int domain, int sign)
{
    for (size_t i = 0; i < d->items.len; i++) {
        int             node  = form_find(p, d->items.at[i].name);
        const FormNode *n     = &p->nodes.at[node];
        const FormList *list  = &p->lists.at[n->list];
        int             first = n->answer >= 0 ? slots->first[n->answer] : -1;
        Tally          *to    = tally_at(&d->table, i, (size_t)domain);
        for (size_t k = 0; first >= 0 && k < list->choices.len && first + (int)k < counts->slots; k++) {
            uint8_t v = value_of(p, node, list->choices.at[k].name);
            if (v)
                to->at[v == 9 ? TALLY_NONE : v - 1] += sign * counts->options[first + (int)k];
        }
    }
}

Err dataset_from_counters(Db *db, Arena *a, const FormProgram *p, const Round *round, Dataset *out)
{
    Dataset d;
    TRY(dataset_plan(db, a, p, round->method, round->unit_question, &d));
    RoundCountsList rows = { 0 };
    TRY(round_counts_list(db, a, round->id, &rows));
    CountSlots slots = count_slots(a, p);
    for (size_t i = 0; i < rows.len; i++) {
        bool whole  = rows.at[i].unit.v == 0;
        Unit unit   = { 0 };
        if (!whole)
            TRY(unit_load(db, a, rows.at[i].unit, round_day(round), &unit));
        int domain = whole ? 0 : dataset_domain(&d, unit.code);
        add_counts(p, &rows.at[i], &slots, &d, domain, 1);
        if (domain)            /* domain 0 is the whole less the known units */
            add_counts(p, &rows.at[i], &slots, &d, 0, -1);
    }
    dataset_hide(a, &d);
    *out = d;
    return OK;
}
