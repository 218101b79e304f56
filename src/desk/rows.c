/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The columns of a snapshot as rows of the engine: places, what a filter leaves out, what is measured. */
#include "desk/desk_parts.h"

/* ---- What is measured ---------------------------------------------------------------------------------------------------- */

static void want(DeskPlan *p, Arena *a, size_t n)
{
    p->wanted   = arena_new(a, DeskWanted, n + 1);
    p->names    = arena_new(a, Str, n + 1);
    p->n_wanted = n;
}

/* Category of each choice from 1: plain choices in order; of items the steps 1 to 5. */
uint8_t desk_category(const DeskPlan *p, const FormList *list, size_t choice)
{
    const FormChoice *c = &list->choices.at[choice];
    uint8_t n = 0;
    if (c->missing != CHOICE_PLAIN)
        return 0;
    if (p->thing->kind == DESK_ITEM)
        return c->value >= 1 && c->value <= 5 ? (uint8_t)c->value : 0;
    for (size_t k = 0; k <= choice; k++)
        n += list->choices.at[k].missing == CHOICE_PLAIN;
    return n;
}

static Str category_name(const DeskAsk *x, const DeskPlan *p, const FormList *list, uint8_t category)
{
    for (size_t k = 0; k < list->choices.len; k++)
        if (desk_category(p, list, k) == category) {
            const FormChoice *c = &list->choices.at[k];
            return c->label[x->lang].len ? c->label[x->lang] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->name;
        }
    return S("");
}

static void want_spread(const DeskAsk *x, DeskPlan *p, const FormList *list)
{
    want(p, x->a, p->categories);
    for (size_t k = 0; k < p->categories; k++) {
        double *c = arena_new(x->a, double, p->categories + 1);
        c[k + 1]     = 1;
        p->wanted[k] = (DeskWanted){ c, true };
        p->names[k]  = category_name(x, p, list, (uint8_t)(k + 1));
    }
}

Err desk_plan(const DeskAsk *x, const DeskMenu *m, const DeskQuery *q, DeskPlan *out)
{
    static const double satisfied[] = { 0, 0, 0, 0, 1, 1 }, mean[] = { 0, 1, 2, 3, 4, 5 }, chosen[] = { 0, 0, 1 };
    const DeskThing *thing = desk_thing(m, q->what);
    if (!thing || !desk_measure_fits(thing->kind, q->measure))
        return err_new(x->a, ERR_INVALID, S("no such indicator"));
    *out = (DeskPlan){ .m = m, .thing = thing, .q = q };
    const FormList *list = thing->kind == DESK_ITEM || thing->kind == DESK_CHOICE ? desk_choice_list(m, thing->variable) : NULL;
    for (size_t k = 0; thing->kind == DESK_CHOICE && k < list->choices.len; k++)
        out->categories += list->choices.at[k].missing == CHOICE_PLAIN;
    if (thing->kind == DESK_ITEM)
        out->categories = 5;
    if (thing->kind == DESK_MARK)
        out->categories = 2;
    if (q->measure == DESK_SPREAD) {
        want_spread(x, out, list);
        return OK;
    }
    want(out, x->a, 1);
    out->wanted[0].share = q->measure == DESK_SATISFIED;
    if (thing->kind == DESK_ITEM)
        out->wanted[0].coefficient = q->measure == DESK_MEAN ? mean : satisfied;
    else if (thing->kind == DESK_MARK)
        out->wanted[0].coefficient = chosen;
    return OK;
}

Err desk_column(Arena *a, const Snapshot *s, Str name, ColumnType type, const void **out)
{
    return column_read(a, &s->file, column_find(&s->file, name), type, out);
}

/* Codes of a choice as categories. */
static Err fill_categories(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out)
{
    const SnapVariable *v = &p->m->variables.at[p->thing->variable];
    const FormList     *list = p->thing->kind == DESK_MARK ? NULL : desk_choice_list(p->m, p->thing->variable);
    const uint8_t      *code;
    uint8_t             of[256] = { 0, 1, 2 };
    TRY(desk_column(a, s, v->column, COLUMN_U8, (const void **)&code));
    if (p->thing->kind == DESK_MARK) {
        out->cat = code;
        return OK;
    }
    for (size_t k = 0; k < 255; k++)
        of[k + 1] = k < list->choices.len ? desk_category(p, list, k) : 0;
    uint8_t *cat = arena_new(a, uint8_t, s->rows + 1);
    for (size_t r = 0; r < s->rows; r++)
        cat[r] = of[code[r]];
    out->cat = cat;
    return OK;
}

/* Items of a node: how many were answered, and what stands above the line; column by column, which processors like. */
static Err fill_pooled(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out)
{
    uint16_t *num = arena_new(a, uint16_t, s->rows + 1), *den = arena_new(a, uint16_t, s->rows + 1);
    for (size_t i = 0; i < p->m->plan.items.len; i++) {
        const PlanItem *item = &p->m->plan.items.at[i];
        const uint8_t  *code;
        uint8_t         above[256] = { 0 }, below[256] = { 0 };
        int at = snapshot_variable(&p->m->variables, str_concat(a, S("q."), item->name));
        if (at < 0 || !edition_plan_below(&p->m->plan, item->node, p->thing->node))
            continue;
        const FormList *list = desk_choice_list(p->m, at);
        for (size_t k = 0; k < list->choices.len && k < 255; k++) {
            double value = list->choices.at[k].missing == CHOICE_PLAIN ? list->choices.at[k].value : 0;
            below[k + 1] = value >= 1 && value <= 5;
            above[k + 1] = !below[k + 1] ? 0 : p->q->measure == DESK_MEAN ? (uint8_t)value : value >= 4;
        }
        TRY(desk_column(a, s, p->m->variables.at[at].column, COLUMN_U8, (const void **)&code));
        for (size_t r = 0; r < s->rows; r++) {
            num[r] = (uint16_t)(num[r] + above[code[r]]);
            den[r] = (uint16_t)(den[r] + below[code[r]]);
        }
    }
    out->num = num;
    out->den = den;
    return OK;
}

static Err fill_measured(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out)
{
    if (p->thing->kind == DESK_NODE)
        return fill_pooled(a, s, p, out);
    if (p->thing->kind == DESK_NUMBER)
        return desk_column(a, s, p->m->variables.at[p->thing->variable].column, COLUMN_F64, (const void **)&out->value);
    return fill_categories(a, s, p, out);
}

/* ---- Places and filters -------------------------------------------------------------------------------------------------- */

Err desk_codes(Arena *a, const Snapshot *s, const DeskMenu *m, Str name, Codes *out)
{
    const DeskThing *thing = desk_axis_thing(m, name);
    *out = (Codes){ 0 };
    if (!thing)
        return err_new(a, ERR_INVALID, S("no such breakdown"));
    if (thing->variable < 0)
        return desk_column(a, s, S(SNAP_CHANNEL), COLUMN_U8, (const void **)&out->small);
    const SnapVariable *v = &m->variables.at[thing->variable];
    return desk_column(a, s, v->column, v->type, v->type == COLUMN_U8 ? (const void **)&out->small : (const void **)&out->wide);
}

size_t desk_code(const Codes *c, size_t row)
{
    return c->small ? c->small[row] : c->wide[row];
}

/* The place each code adds to the cell when it stands for one level: level × step. */
static void add_places(const Codes *c, const AxisMap *map, size_t levels, size_t step, size_t n, uint16_t *cell)
{
    uint16_t place[65536 / 64] = { 0 };
    for (size_t k = 0; k < COUNT_OF(place); k++)
        place[k] = (uint16_t)((k < map->codes && map->target[k].len ? map->target[k].at[0].level : levels + 1) * step);
    for (size_t r = 0; r < n; r++) {
        size_t code = desk_code(c, r);
        cell[r] = (uint16_t)(cell[r] + place[code < COUNT_OF(place) ? code : 0]);
    }
}

/* Rows whose unit was divided become an entry for each part. */
static void divide(Arena *a, const Codes *codes, const DeskPlan *p, DeskRows *out, const size_t step[DESK_AXES])
{
    size_t    most = 1, n = 0;
    int       at   = p->map[0].divided ? 0 : 1;
    for (size_t k = 0; k < p->map[at].codes; k++)
        most = p->map[at].target[k].len > most ? p->map[at].target[k].len : most;
    uint32_t *row   = arena_new(a, uint32_t, out->n * most + 1);
    uint16_t *cell  = arena_new(a, uint16_t, out->n * most + 1);
    double   *share = arena_new(a, double, out->n * most + 1);
    for (size_t r = 0; r < out->n; r++) {
        size_t code = desk_code(&codes[at], r);
        const Targets *t = code < p->map[at].codes ? &p->map[at].target[code] : &(Targets){ 0 };
        size_t first = t->len ? t->at[0].level * step[at] : 0;
        for (size_t k = 0; k < (t->len ? t->len : 1); k++, n++) {
            row[n]   = (uint32_t)r;
            cell[n]  = (uint16_t)(out->cell[r] - first + (t->len ? t->at[k].level * step[at] : 0));
            share[n] = t->len ? t->at[k].share : 1;
        }
    }
    out->entries    = n;
    out->row        = row;
    out->entry_cell = cell;
    out->share      = share;
}

static Err fill_places(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out)
{
    uint16_t *cell = arena_new(a, uint16_t, s->rows + 1);
    Codes     codes[DESK_AXES] = { 0 };
    size_t    step[DESK_AXES] = { p->axis[1].levels ? p->axis[1].levels + 2 : 1, 1 };
    for (int k = 0; k < DESK_AXES; k++) {
        out->levels[k] = p->axis[k].levels;
        if (!p->axis[k].levels)
            continue;
        TRY(desk_codes(a, s, p->m, p->axis[k].name, &codes[k]));
        add_places(&codes[k], &p->map[k], p->axis[k].levels, step[k], s->rows, cell);
    }
    out->cell = cell;
    if (p->map[0].divided || p->map[1].divided)
        divide(a, codes, p, out, step);
    return OK;
}

static Err fill_filter(Arena *a, const Snapshot *s, const DeskPlan *p, const DeskFilter *f, uint8_t *left_out)
{
    const DeskThing *thing = desk_axis_thing(p->m, f->question);
    Codes   codes;
    size_t  wanted = 0;
    Channel channel;
    if (!thing)
        return err_new(a, ERR_NOT_FOUND, S("no such filter"));
    if (thing->variable < 0 && channel_parse(f->choice, &channel))
        wanted = (size_t)channel + 1;
    for (size_t k = 0; thing->variable >= 0 && k < desk_choice_list(p->m, thing->variable)->choices.len; k++)
        if (str_eq(desk_choice_list(p->m, thing->variable)->choices.at[k].name, f->choice) &&
            desk_choice_list(p->m, thing->variable)->choices.at[k].missing == CHOICE_PLAIN)
            wanted = k + 1;
    if (!wanted)
        return err_new(a, ERR_NOT_FOUND, S("no such filter"));
    TRY(desk_codes(a, s, p->m, f->question, &codes));
    for (size_t r = 0; r < s->rows; r++)
        left_out[r] |= desk_code(&codes, r) != wanted;
    return OK;
}

Err desk_rows(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out)
{
    DeskRows r = { .n = s->rows, .probability = s->probability, .adjusted = s->adjusted };
    uint8_t *left_out = NULL;
    TRY(desk_column(a, s, S(SNAP_WEIGHT), COLUMN_F64, (const void **)&r.weight));
    TRY(desk_column(a, s, S(SNAP_STRATUM), COLUMN_U32, (const void **)&r.stratum));
    TRY(desk_column(a, s, S(SNAP_UNIT), COLUMN_U32, (const void **)&r.unit));
    TRY(desk_column(a, s, S(SNAP_POST), COLUMN_U16, (const void **)&r.post));
    for (int k = 0; k < DESK_FILTERS; k++)
        if (p->q->filter[k].choice.len) {
            if (!left_out)
                left_out = arena_new(a, uint8_t, s->rows + 1);
            TRY(fill_filter(a, s, p, &p->q->filter[k], left_out));
        }
    r.left_out = left_out;
    TRY(fill_places(a, s, p, &r));
    TRY(fill_measured(a, s, p, &r));
    *out = r;
    return OK;
}
