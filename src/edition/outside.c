/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Plan and weights of a round for modules that estimate from the records themselves: the same as editions stand on. */
#include "edition/weighting.h"

static int node_place(const Dataset *d, Str code)
{
    for (size_t i = 0; code.len && i < d->nodes.len; i++)
        if (str_eq(d->nodes.at[i].code, code))
            return (int)i;
    return -1;
}

Err edition_plan(Db *db, Arena *a, const FormProgram *p, const Round *r, EditionPlan *out)
{
    Dataset d = { 0 };
    *out = (EditionPlan){ 0 };
    Err e = dataset_plan(db, a, p, r->method, r->unit_question, &d);
    if (e && e->kind == ERR_CONFLICT)
        return OK;                     /* no five steps of satisfaction are asked */
    TRY(e);
    for (size_t i = 0; i < d.nodes.len; i++) {
        const MethodNode *n = &d.nodes.at[i];
        *list_add(a, &out->nodes) = (PlanNode){ n->code, n->kind, node_place(&d, n->parent), { n->label[LANG_VI], n->label[LANG_EN] } };
    }
    for (size_t i = 0; i < d.items.len; i++) {
        const DataItem *x = &d.items.at[i];
        *list_add(a, &out->items) = (PlanItem){ x->name, x->code, x->node, { x->label[LANG_VI], x->label[LANG_EN] } };
    }
    return OK;
}

bool edition_plan_below(const EditionPlan *p, int node, int top)
{
    for (size_t steps = 0; node >= 0 && node != top && steps < p->nodes.len; steps++)
        node = p->nodes.at[node].parent;
    return node >= 0 && node == top;
}

Err edition_recipe(Db *db, Arena *a, RoundId round, int64_t id, RecipeFacts *out)
{
    Weighting w;
    TRY(id ? weighting_load(db, a, id, &w) : weighting_current(db, a, round, &w));
    *out = (RecipeFacts){ .id = w.id, .version = w.version, .design = source_code(w.design), .source = w.source, .units = w.units, .response = w.response,
                          .cap = w.cap, .margins = w.margins.len, .made_at = w.made_at };
    return OK;
}

Err edition_record_weights(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, RecordWeights *out)
{
    Weighting    w;
    Dataset      d;
    WeightReport report;
    *out = (RecordWeights){ 0 };
    TRY(weighting_current(db, a, r->id, &w));
    if (!w.version)
        return OK;
    TRY(weighting_dataset(db, a, app, p, r, &w, &d, &report));
    if (!d.weights || report.faults.len)
        return OK;
    *out = (RecordWeights){ .n = d.records, .id = arena_new(a, int64_t, d.records + 1), .post = arena_new(a, uint16_t, d.records + 1),
                            .weight = d.weights->weight, .stratum = d.weights->stratum, .unit = d.weights->unit,
                            .probability = d.weights->probability, .adjusted = d.weights->adjusted };
    if (d.weights->steps)
        out->adjusted = false;         /* raked: without residuals, errors are rather too large */
    for (size_t i = 0; i < d.records; i++) {
        out->id[i]   = d.source[i].id;
        out->post[i] = d.opened->told[i] ? d.domain_of[i] : 0;
    }
    return OK;
}

Err edition_weights_replay(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, int version, WeightsReplay *out)
{
    Weighting    w;
    Dataset      d;
    WeightReport report;
    TRY(version ? weighting_version(db, a, r->id, version, &w) : weighting_current(db, a, r->id, &w));
    if (!w.version)
        return err_new(a, ERR_NOT_FOUND, S("the round has no recipe of weights"));
    TRY(weighting_dataset(db, a, app, p, r, &w, &d, &report));
    WeightsReplay x  = { .version = w.version, .n = report.n, .sum = report.sum, .min = report.min, .max = report.max, .deff = report.deff,
                         .fingerprint = arena_str(a, str_from_c(report.fingerprint)) };
    int64_t      *id = arena_new(a, int64_t, d.records + 1);
    for (size_t i = 0; i < report.faults.len; i++)
        *list_add(a, &x.faults) = weighting_fault_text(a, LANG_EN, &report.faults.at[i]);
    for (size_t i = 0; i < d.records; i++)
        id[i] = d.source[i].id;
    x.id      = id;
    x.records = d.weights ? d.records : 0;
    x.weight  = d.weights ? d.weights->weight : NULL;
    *out = x;
    return OK;
}
