/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A method beside a questionnaire: is every item placed, and once? */
#include "method/method.h"

int method_break_node(const FormProgram *p, Str question)
{
    int node = question.len ? form_find(p, question) : -1;
    if (node < 0)
        return -1;
    const FormNode *n = &p->nodes.at[node];
    bool good = n->type == Q_SELECT_ONE && n->list >= 0 && n->answer >= 0 && n->role != QR_SATISFACTION && p->lists.at[n->list].choices.len <= 200;
    return good ? node : -1;
}

static bool meets(const MethodPlace *place, const MethodCheck *c)
{
    for (size_t i = 0; i < c->items.len; i++) {
        Str code = c->items.at[i].code;
        if (str_eq(place->code, code) || (str_ends(place->code, S("*")) && str_starts(code, str_take(place->code, place->code.len - 1))))
            return true;
    }
    return false;
}

/* Some item hangs on the node or below it. */
static bool holds(const SurveyMethod *m, const MethodCheck *c, int top)
{
    for (size_t i = 0; i < c->items.len; i++)
        for (int node = c->items.at[i].node; node >= 0; node = method_node(m, m->nodes.at[node].parent))
            if (node == top)
                return true;
    return false;
}

void method_check(Arena *a, Lang l, const SurveyMethod *m, const FormProgram *p, MethodCheck *out)
{
    MethodCheck c = { 0 };
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->role != QR_SATISFACTION || n->type != Q_SELECT_ONE)
            continue;
        MethodItem x = { .name = n->name, .code = n->code, .label = form_label_plain(a, p, (int)i, l) };
        x.node = method_place(m, n->code, &x.times);
        c.unplaced += x.node < 0;
        c.twice += x.times > 1;
        *list_add(a, &c.items) = x;
    }
    for (size_t i = 0; i < m->places.len; i++)
        if (!meets(&m->places.at[i], &c))
            *list_add(a, &c.unknown) = m->places.at[i].code;
    for (size_t i = 0; i < m->nodes.len; i++)
        if (!holds(m, &c, (int)i))
            *list_add(a, &c.bare) = m->nodes.at[i].code;
    for (size_t i = 0; i < m->breaks.len; i++)
        if (method_break_node(p, m->breaks.at[i].question) < 0)
            *list_add(a, &c.breaks) = m->breaks.at[i].question;
    c.whole = c.items.len && !c.unplaced && !c.twice && !c.unknown.len;
    *out    = c;
}
