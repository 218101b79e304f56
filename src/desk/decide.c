/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a question to what may be told of its table: the variables it names by axes and filters, the cells of their cross, and the places of the table, each of
 * which is one cell or, where units of another day are looked at, several. */
#include "desk/desk_parts.h"

enum { LEVELS = DESK_LEVELS_MOST + 2 };
typedef struct LevelSet { uint64_t at[2]; } LevelSet;

static void set_add(LevelSet *s, size_t level)
{
    s->at[level / 64] |= UINT64_C(1) << level % 64;
}

static bool set_has(const LevelSet *s, size_t level)
{
    return s->at[level / 64] >> level % 64 & 1;
}

/* ---- Variables ---------------------------------------------------------------------------------------------------------------- */

/* The question that is asked for, where its choices are groups too: "women" of a spread are the cell "women". */
static Str own_variable(const DeskPlan *p)
{
    Str name = p->thing->kind == DESK_CHOICE ? str_skip(p->thing->key, 2) : S("");
    return desk_axis_thing(p->m, name) ? name : S("");
}

static void add_name(Str names[DESK_VARIABLES], size_t *n, Str name)
{
    size_t at = 0;
    while (at < *n && str_cmp(names[at], name) < 0)
        at++;
    if (!name.len || (at < *n && str_eq(names[at], name)))
        return;
    memmove(&names[at + 1], &names[at], (*n - at) * sizeof *names);
    names[at] = name;
    ++*n;
}

static size_t level_of_choice(const DeskSplit *split, Str choice)
{
    for (size_t k = 0; k < split->axis.levels; k++)
        if (str_eq(split->axis.at[k].key, choice))
            return k + 1;
    return 0;
}

/* Hidden for too few, or for all of a few who said the same: whoever joins them later would tell what they said. */
static void shut_all(const DeskAsk *x, DeskPlan *p, const Figure *f)
{
    for (size_t i = 0; i < p->m->plan.items.len; i++)
        if (str_eq(str_skip(f->name, S("satisfied.").len), p->m->plan.items.at[i].code))
            *list_add(x->a, &p->shut) = (DeskShut){ .item = (int)i };
}

/* In every table of an edition those of unknown place or group stand with the hidden ones: they are told nowhere. */
static void add_shut(const DeskAsk *x, DeskPlan *p, const Figure *f)
{
    for (size_t v = 0; v < p->splits; v++) {
        size_t level = str_eq(f->by, p->split[v].name) ? level_of_choice(&p->split[v], f->value) : 0;
        for (size_t i = 0; level && i < p->m->plan.items.len; i++)
            if (str_eq(str_skip(f->name, S("satisfied.").len), p->m->plan.items.at[i].code)) {
                *list_add(x->a, &p->shut) = (DeskShut){ (int)i, v, level };
                *list_add(x->a, &p->shut) = (DeskShut){ (int)i, v, p->split[v].axis.levels + 1 };
            }
    }
}

static Err read_editions(const DeskAsk *x, const Round *r, DeskPlan *p)
{
    Figures f;
    TRY(editions_hidden(x->db, x->a, x->app, r->id, &f));
    for (size_t i = 0; i < f.len; i++)
        f.at[i].by.len ? add_shut(x, p, &f.at[i]) : shut_all(x, p, &f.at[i]);
    return OK;
}

Err desk_splits(const DeskAsk *x, const Round *r, DeskPlan *p)
{
    Str names[DESK_VARIABLES + 1];
    p->splits = 0;
    for (int k = 0; k < DESK_AXES; k++)
        add_name(names, &p->splits, p->q->by[k]);
    for (int k = 0; k < DESK_FILTERS; k++)
        add_name(names, &p->splits, p->q->filter[k].choice.len ? p->q->filter[k].question : S(""));
    add_name(names, &p->splits, own_variable(p));
    for (size_t v = 0; v < p->splits; v++) {
        p->split[v].name = names[v];
        TRY(desk_axis(x, p->m, r, names[v], S(""), &p->split[v].axis, &p->split[v].map));
    }
    return read_editions(x, r, p);
}

static size_t level_of_code(const DeskSplit *s, size_t code)
{
    const Targets *t = code < s->map.codes ? &s->map.target[code] : &(Targets){ 0 };
    return t->len ? t->at[0].level : s->axis.levels + 1;
}

static Err fill_variable(Arena *a, const Snapshot *s, const DeskPlan *p, const DeskSplit *split, DeskVariable *out)
{
    Codes    codes;
    uint8_t *level = arena_new(a, uint8_t, s->rows + 1), small[256];
    TRY(desk_codes(a, s, p->m, split->name, &codes));
    for (size_t k = 0; k < COUNT_OF(small); k++)
        small[k] = (uint8_t)level_of_code(split, k);
    for (size_t r = 0; r < s->rows; r++)
        level[r] = codes.small ? small[codes.small[r]] : (uint8_t)level_of_code(split, codes.wide[r]);
    *out = (DeskVariable){ level, split->axis.levels + 1 };
    return OK;
}

/* ---- What is said --------------------------------------------------------------------------------------------------------------- */

static int plan_item(const DeskPlan *p, int variable)
{
    Str name = str_skip(p->m->variables.at[variable].column, 2);
    for (size_t i = 0; i < p->m->plan.items.len; i++)
        if (str_eq(p->m->plan.items.at[i].name, name))
            return (int)i;
    return -1;
}

static void shut_levels(Arena *a, const DeskPlan *p, int variable, DeskSaid *out)
{
    int      item = plan_item(p, variable);
    uint8_t *level[DESK_VARIABLES] = { 0 };
    for (size_t i = 0; i < p->shut.len; i++) {
        const DeskShut *s = &p->shut.at[i];
        out->shut_all |= s->item == item && !s->level;
        if (s->item != item || !s->level)
            continue;
        if (!level[s->split])
            out->shut[s->split] = level[s->split] = arena_new(a, uint8_t, p->split[s->split].axis.levels + 2);
        level[s->split][s->level] = 1;
    }
}

/* Whatever is measured of an item, satisfied or not decides whether all say the same, so that its measures agree. */
static Err said_item(Arena *a, const Snapshot *s, const DeskPlan *p, int variable, DeskSaid *out)
{
    const FormList *list = desk_choice_list(p->m, variable);
    uint64_t       *kind = arena_new(a, uint64_t, 256);
    for (size_t k = 0; k < list->choices.len && k < 255; k++) {
        const FormChoice *c = &list->choices.at[k];
        bool plain = c->missing == CHOICE_PLAIN && c->value >= 1 && c->value <= 5;
        kind[k + 1] = !plain ? 0 : c->value >= 4 ? 2 : 1;
    }
    out->kind = kind;
    shut_levels(a, p, variable, out);
    return desk_column(a, s, p->m->variables.at[variable].column, COLUMN_U8, (const void **)&out->code);
}

static Err said_number(Arena *a, const Snapshot *s, const DeskPlan *p, DeskSaid *out)
{
    const double *x;
    uint8_t      *code = arena_new(a, uint8_t, s->rows + 1);
    uint64_t     *kind = arena_new(a, uint64_t, 256);
    TRY(desk_column(a, s, p->m->variables.at[p->thing->variable].column, COLUMN_F64, (const void **)&x));
    for (size_t k = 1; k < 64; k++)
        kind[k] = UINT64_C(1) << k;
    for (size_t r = 0; r < s->rows; r++) {
        uint64_t bits;
        memcpy(&bits, &x[r], sizeof bits);
        code[r] = isnan(x[r]) ? 0 : (uint8_t)(1 + (bits * UINT64_C(0x9E3779B97F4A7C15) >> 32) % 63);
    }
    *out = (DeskSaid){ .code = code, .kind = kind };
    return OK;
}

static Err said_choice(Arena *a, const Snapshot *s, const DeskPlan *p, DeskSaid *out)
{
    const FormList *list = p->thing->kind == DESK_MARK ? NULL : desk_choice_list(p->m, p->thing->variable);
    uint64_t       *kind = arena_new(a, uint64_t, 256);
    for (size_t k = 0; k < 255; k++)     /* groups of a question by itself are alike by nature */
        kind[k + 1] = !list ? (k < 2 ? k + 1 : 0) : k < list->choices.len && desk_category(p, list, k) ? 3 : 0;
    out->kind = kind;
    return desk_column(a, s, p->m->variables.at[p->thing->variable].column, COLUMN_U8, (const void **)&out->code);
}

/* One thing, or all items that are pooled. */
static Err fill_said(Arena *a, const Snapshot *s, const DeskPlan *p, DeskSaid *said, size_t *n)
{
    *n = 1;
    switch (p->thing->kind) {
    case DESK_ITEM: return said_item(a, s, p, p->thing->variable, said);
    case DESK_NUMBER: return said_number(a, s, p, said);
    case DESK_NODE: break;
    default: return said_choice(a, s, p, said);
    }
    *n = 0;
    for (size_t i = 0; i < p->m->plan.items.len; i++) {
        const PlanItem *item = &p->m->plan.items.at[i];
        int at = snapshot_variable(&p->m->variables, str_concat(a, S("q."), item->name));
        if (at >= 0 && edition_plan_below(&p->m->plan, item->node, p->thing->node))
            TRY(said_item(a, s, p, at, &said[(*n)++]));
    }
    return OK;
}

/* ---- Places ------------------------------------------------------------------------------------------------------------------------ */

/* Levels of one variable that a place stands for. */
typedef struct Place { LevelSet of[DESK_VARIABLES]; } Place;

static void narrow(LevelSet *s, const LevelSet *to)
{
    if (set_has(s, 0))
        *s = *to;
    s->at[0] &= to->at[0];
    s->at[1] &= to->at[1];
}

static LevelSet levels_seen(const DeskSplit *split, const AxisMap *seen, size_t unknown, size_t at)
{
    LevelSet s = { 0 };
    for (size_t code = 0; code < split->map.codes; code++) {
        const Targets *t = code < seen->codes ? &seen->target[code] : &(Targets){ 0 };
        bool in = !t->len && at == unknown;
        for (size_t k = 0; k < t->len; k++)
            in |= t->at[k].level == at;
        if (in)
            set_add(&s, level_of_code(split, code));
    }
    return s;
}

static LevelSet filtered(const DeskSplit *split, Str choice)
{
    LevelSet s = { 0 };
    size_t   level = level_of_choice(split, choice);
    if (level)
        set_add(&s, level);
    return s;
}

static Place place_of(const DeskPlan *p, size_t figure, const size_t at[DESK_AXES])
{
    Place place = { 0 };
    Str   own   = own_variable(p);
    for (size_t v = 0; v < p->splits; v++) {
        const DeskSplit *split = &p->split[v];
        LevelSet *s = &place.of[v], only = { 0 };
        set_add(s, 0);
        for (int k = 0; k < DESK_AXES; k++)
            if (at[k] && str_eq(p->q->by[k], split->name)) {
                only = levels_seen(split, &p->map[k], p->axis[k].levels + 1, at[k]);
                narrow(s, &only);
            }
        for (int k = 0; k < DESK_FILTERS; k++)
            if (p->q->filter[k].choice.len && str_eq(p->q->filter[k].question, split->name)) {
                only = filtered(split, p->q->filter[k].choice);
                narrow(s, &only);
            }
        if (p->n_wanted > 1 && str_eq(own, split->name)) {
            only = (LevelSet){ 0 };
            set_add(&only, figure + 1);
            narrow(s, &only);
        }
    }
    return place;
}

/* The worst of all cells the place is made of: one that is hidden could be taken from the others. */
static StatsShow worst(const DeskSecret *s, const Place *place, size_t v, size_t cell)
{
    StatsShow all = STATS_NO_DATA;
    if (v == s->k)
        return (StatsShow)s->show[cell];
    for (size_t level = 0; level < LEVELS; level++) {
        if (!set_has(&place->of[v], level))
            continue;
        StatsShow one = worst(s, place, v + 1, cell + level * s->step[v]);
        if (one != STATS_SHOWN && one != STATS_NO_DATA)
            return one;
        all = one == STATS_SHOWN ? one : all;
    }
    return all;
}

Err desk_decide(Arena *a, const Snapshot *s, const DeskPlan *p, DeskRows *out)
{
    DeskVariable variable[DESK_VARIABLES];
    DeskSecret   secret;
    DeskSaid    *said = arena_new(a, DeskSaid, p->m->plan.items.len + 1);
    size_t       n, rows = p->axis[0].levels ? p->axis[0].levels + 2 : 1, columns = p->axis[1].levels ? p->axis[1].levels + 2 : 1;
    uint8_t     *show = arena_new(a, uint8_t, p->n_wanted * rows * columns);
    for (size_t v = 0; v < p->splits; v++)
        TRY(fill_variable(a, s, p, &p->split[v], &variable[v]));
    TRY(fill_said(a, s, p, said, &n));
    TRY(desk_secret(a, s->rows, p->splits, variable, n, said, &secret));
    for (size_t f = 0; f < p->n_wanted; f++)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++) {
                Place place = place_of(p, f, (size_t[]){ i, j });
                show[(f * rows + i) * columns + j] = (uint8_t)worst(&secret, &place, 0, 0);
            }
    out->show = show;
    return OK;
}
