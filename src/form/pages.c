/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of a questionnaire: which questions stand together, what comes next, which part a page belongs to. */
#include "form/form_parts.h"

/* A group that is one page: marked so, or any top group where the layout says so. */
bool form_field_list(const FormProgram *p, int node)
{
    const FormNode *n = &p->nodes.at[node];
    if (n->type != Q_GROUP)
        return false;
    return (p->by_group && n->parent < 0) || str_has(n->appearance, S("field-list"));
}

/* The outermost group around a node that is one page; -1: none. */
static int page_group(const FormProgram *p, int node)
{
    int found = -1;
    for (int i = node; i >= 0; i = p->nodes.at[i].parent)
        if (form_field_list(p, i))
            found = i;
    return found;
}

int form_page_of(const FormProgram *p, int node)
{
    for (int i = node; i < (int)p->nodes.len; i++) {
        int group = page_group(p, i);
        if (group >= 0)
            return group;
        if (form_node_asks(&p->nodes.at[i]))
            return i;
    }
    return p->nodes.at[node].type == Q_NOTE ? node : -1;
}

/* ---- Pages in order ------------------------------------------------------------------------------------------------ */

/* Goes through the pages; page is its name, notes the first of the notes before a question (-1: none). */
typedef struct PageWalk { const FormProgram *p; const FormState *s; int next, page, notes; } PageWalk;

static int after_group(const FormProgram *p, int group)
{
    int i = group + 1;
    while (i < (int)p->nodes.len && p->nodes.at[i].depth > p->nodes.at[group].depth)
        i++;
    return i;
}

static bool asks_something(const PageWalk *w, int group)
{
    for (int i = group + 1; i < after_group(w->p, group); i++)
        if (w->s->relevant[i] && (form_node_asks(&w->p->nodes.at[i]) || w->p->nodes.at[i].type == Q_NOTE))
            return true;
    return false;
}

static bool page_walk(PageWalk *w)
{
    w->notes = -1;
    for (int i = w->next; i < (int)w->p->nodes.len; i++) {
        const FormNode *n = &w->p->nodes.at[i];
        if (!w->s->relevant[i])
            continue;
        if (form_field_list(w->p, i)) {
            if (asks_something(w, i)) {
                w->page = i;
                w->next = after_group(w->p, i);
                return true;
            }
            i = after_group(w->p, i) - 1;
        } else if (n->type == Q_NOTE) {
            w->notes = w->notes < 0 ? i : w->notes;
        } else if (form_node_asks(n)) {
            w->page = i;
            w->next = i + 1;
            return true;
        }
    }
    w->next = (int)w->p->nodes.len;
    w->page = w->notes;
    /* Notes before questions that are not asked now are left out with them. */
    return w->notes >= 0 && form_page_of(w->p, w->notes) == w->notes;
}

int form_next_page(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node)
{
    FormState s = form_state(p, &scratch, x, now);
    PageWalk  w = { p, &s, 0, -1, -1 };
    while (page_walk(&w))
        if (w.page > node)
            return w.page;
    return -1;
}

int form_prev_page(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node)
{
    FormState s      = form_state(p, &scratch, x, now);
    PageWalk  w      = { p, &s, 0, -1, -1 };
    int       before = -1;
    while (page_walk(&w) && w.page < node)
        before = w.page;
    return before;
}

static void add_shown(Arena *a, const FormProgram *p, const FormState *s, int from, int to, PageNodes *out)
{
    out->at = out->at ? out->at : arena_new(a, int, p->nodes.len);
    for (int i = from; i < to; i++)
        if (s->relevant[i] && (form_node_asks(&p->nodes.at[i]) || p->nodes.at[i].type == Q_NOTE))
            out->at[out->len++] = i;
}

PageNodes form_page_nodes(const FormProgram *p, Arena *a, const FormState *s, int page)
{
    PageNodes nodes = { 0 };
    PageWalk  w     = { p, s, 0, -1, -1 };
    while (page_walk(&w)) {
        if (w.page != page)
            continue;
        if (w.notes >= 0)
            add_shown(a, p, s, w.notes, form_field_list(p, page) ? page : page + 1, &nodes);
        else if (!form_field_list(p, page))
            add_shown(a, p, s, page, page + 1, &nodes);
        if (form_field_list(p, page))
            add_shown(a, p, s, page + 1, after_group(p, page), &nodes);
        break;
    }
    return nodes;
}

/* ---- Parts ---------------------------------------------------------------------------------------------------------- */

static int top_of(const FormProgram *p, int node)
{
    while (p->nodes.at[node].parent >= 0)
        node = p->nodes.at[node].parent;
    return node;
}

FormPart form_part(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, Lang l, int node)
{
    FormPart part = { 0 };
    int      top  = top_of(p, node), last = -1;
    if (p->nodes.at[top].type != Q_GROUP)
        return part;
    FormState s = form_state(p, &scratch, x, now);
    PageWalk  w = { p, &s, 0, -1, -1 };
    while (page_walk(&w)) {
        int t = top_of(p, w.page);
        if (t == last || p->nodes.at[t].type != Q_GROUP)
            continue;
        last = t;
        part.total++;
        if (t <= top)
            part.number = part.total;
    }
    part.title = form_label(p, top, l);
    return part;
}
