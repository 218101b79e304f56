/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What of a round can be asked: index and factors of its method, questions; and by what it can be broken down. */
#include "desk/desk_parts.h"

enum { LABEL_MOST = 110, CATEGORIES_MOST = 40, MARKS_OFFERED = 20 };

static Str short_label(Arena *a, Str code, Str label)
{
    Str cut = label;
    if (label.len > LABEL_MOST) {
        size_t n = LABEL_MOST;
        while (n > 0 && ((unsigned char)label.at[n] & 0xC0) == 0x80)
            n--;
        cut = str_concat(a, str_trim(str_take(label, n)), S("…"));
    }
    return code.len ? str_join(a, (Str[]){ code, cut }, 2, S(" – ")) : cut;
}

static Str label_in(const Str label[LANG_COUNT], Lang l)
{
    return label[l].len ? label[l] : label[LANG_VI];
}

static int item_of(const EditionPlan *p, Str name)
{
    for (size_t i = 0; i < p->items.len; i++)
        if (str_eq(p->items.at[i].name, name))
            return (int)i;
    return -1;
}

const FormList *desk_choice_list(const DeskMenu *m, int variable)
{
    return &m->p->lists.at[m->p->nodes.at[m->variables.at[variable].node].list];
}

static size_t plain_choices(const FormList *list)
{
    size_t n = 0;
    for (size_t k = 0; k < list->choices.len; k++)
        n += list->choices.at[k].missing == CHOICE_PLAIN;
    return n;
}

static void add_variable(const DeskAsk *x, DeskMenu *m, int at)
{
    const SnapVariable *v = &m->variables.at[at];
    const FormNode     *n = &m->p->nodes.at[v->node];
    Str  label = form_label_plain(x->a, m->p, v->node, x->lang), name = str_skip(v->column, 2);
    bool item  = item_of(&m->plan, n->name) >= 0;
    Str  shown = short_label(x->a, n->code.len && !str_eq(n->code, n->name) ? n->code : S(""), label.len ? label : n->name);
    if (v->kind == SNAP_MARK) {
        const FormChoice *c = &desk_choice_list(m, at)->choices.at[v->choice];
        if (v->choice < MARKS_OFFERED)
            *list_add(x->a, &m->things) = (DeskThing){ str_concat(x->a, S("m."), name),
                                                       str_join(x->a, (Str[]){ shown, label_in(c->label, x->lang) }, 2, S(": ")), DESK_MARK, at, -1 };
        return;
    }
    size_t choices = v->kind == SNAP_CHOICE ? plain_choices(desk_choice_list(m, at)) : 0;
    if (v->kind == SNAP_NUMBER || item || (choices > 1 && choices <= CATEGORIES_MOST))
        *list_add(x->a, &m->things) = (DeskThing){ v->column, shown, item ? DESK_ITEM : v->kind == SNAP_NUMBER ? DESK_NUMBER : DESK_CHOICE, at, -1 };
    if (!item && choices > 1 && choices <= DESK_LEVELS_MOST)
        *list_add(x->a, &m->axes) = (DeskThing){ name, shown, DESK_CHOICE, at, -1 };
}

static bool node_asked(const EditionPlan *p, int node)
{
    for (size_t i = 0; i < p->items.len; i++)
        if (edition_plan_below(p, p->items.at[i].node, node))
            return true;
    return false;
}

Err desk_menu(const DeskAsk *x, const Round *r, DeskMenu *out)
{
    DeskMenu m = { 0 };
    TRY(form_program(x->db, x->store, x->a, r->form, &m.p));
    m.variables = snapshot_variables(x->a, m.p);
    TRY(edition_plan(x->db, x->a, m.p, r, &m.plan));
    for (size_t i = 0; i < m.plan.nodes.len; i++) {
        const PlanNode *n = &m.plan.nodes.at[i];
        if (node_asked(&m.plan, (int)i))
            *list_add(x->a, &m.things) = (DeskThing){ str_concat(x->a, S("n."), n->code),
                                                      short_label(x->a, n->code, label_in(n->label, x->lang)), DESK_NODE, -1, (int)i };
    }
    *list_add(x->a, &m.axes) = (DeskThing){ S("td.channel"), text_of(x->lang, "desk.axis.channel"), DESK_CHOICE, -1, -1 };
    for (size_t i = 0; i < m.variables.len; i++)
        add_variable(x, &m, (int)i);
    *out = m;
    return OK;
}

const DeskThing *desk_thing(const DeskMenu *m, Str key)
{
    for (size_t i = 0; i < m->things.len; i++)
        if (str_eq(m->things.at[i].key, key))
            return &m->things.at[i];
    return NULL;
}

const DeskThing *desk_axis_thing(const DeskMenu *m, Str name)
{
    for (size_t i = 0; i < m->axes.len; i++)
        if (str_eq(m->axes.at[i].key, name))
            return &m->axes.at[i];
    return NULL;
}

bool desk_measure_fits(DeskKind kind, DeskMeasure measure)
{
    switch (kind) {
    case DESK_NODE: return measure != DESK_SPREAD;
    case DESK_ITEM: return true;
    case DESK_CHOICE: return measure == DESK_SPREAD;
    case DESK_MARK: return measure == DESK_SATISFIED;      /* the share of those who chose it */
    case DESK_NUMBER: return measure == DESK_MEAN;
    }
    return false;
}
