/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of a questionnaire: which questions stand together, what comes next, which part a page belongs to. */
#include "form/form_parts.h"

static int after_group(const FormProgram *p, int group)
{
    int i = group + 1;
    while (i < (int)p->nodes.len && p->nodes.at[i].depth > p->nodes.at[group].depth)
        i++;
    return i;
}

static bool holds_repeat(const FormProgram *p, int group)
{
    for (int i = group + 1; i < after_group(p, group); i++)
        if (p->nodes.at[i].type == Q_REPEAT)
            return true;
    return false;
}

/* A group that is one page: marked so, or any top group where the layout says so. A repeat has pages of its own, so a group
 * around one has several. */
bool form_field_list(const FormProgram *p, int node)
{
    const FormNode *n = &p->nodes.at[node];
    if (n->type != Q_GROUP || holds_repeat(p, node))
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

static int outer_repeat(const FormProgram *p, int node)
{
    int found = -1;
    for (int i = node; i >= 0; i = p->nodes.at[i].parent)
        if (p->nodes.at[i].type == Q_REPEAT)
            found = i;
    return found;
}

int form_page_of(const FormProgram *p, int node)
{
    for (int i = node; i < (int)p->nodes.len; i++) {
        int repeat = outer_repeat(p, i);
        if (repeat >= 0)
            return repeat;
        int group = page_group(p, i);
        if (group >= 0)
            return group;
        if ((p->nodes.at[i].repeat < 0 && form_node_answered(&p->nodes.at[i])))
            return i;
    }
    return p->nodes.at[node].type == Q_NOTE ? node : -1;
}

bool form_page_takes_files(const FormProgram *p, int page)
{
    bool group = form_type_holds(p->nodes.at[page].type);
    int  repeat = p->nodes.at[page].repeat;
    for (int i = page; i < (group ? after_group(p, page) : page + 1); i++)
        if (p->nodes.at[i].repeat == repeat && form_type_file(p->nodes.at[i].type))
            return true;
    return false;
}

/* ---- Pages in order ------------------------------------------------------------------------------------------------ */

/* Goes through the pages; page is its name, notes the first of the notes before a question (-1: none). */
typedef struct PageWalk { const FormProgram *p; const FormState *s; int next, page, notes; Arena scratch; } PageWalk;

static bool asks_something(const PageWalk *w, int group)
{
    for (int i = group + 1; i < after_group(w->p, group); i++)
        if (w->s->relevant[i] && (form_node_answered(&w->p->nodes.at[i]) || w->p->nodes.at[i].type == Q_NOTE))
            return true;
    return false;
}

static bool page_walk(PageWalk *w)
{
    w->notes = -1;
    for (int i = w->next; i < (int)w->p->nodes.len; i++) {
        const FormNode *n = &w->p->nodes.at[i];
        if (n->type == Q_REPEAT) {
            w->page = i;
            w->next = after_group(w->p, i);
            if (form_repeat_open(w->s, w->scratch, i, 0))
                return true;
            i = w->next - 1;
            continue;
        }
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
        } else if (form_node_answered(n)) {
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
    PageWalk  w = { p, &s, 0, -1, -1, scratch };
    while (page_walk(&w))
        if (w.page > node)
            return w.page;
    return -1;
}

int form_prev_page(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node)
{
    FormState s      = form_state(p, &scratch, x, now);
    PageWalk  w      = { p, &s, 0, -1, -1, scratch };
    int       before = -1;
    while (page_walk(&w) && w.page < node)
        before = w.page;
    return before;
}

static void add_shown(Arena *a, const FormProgram *p, const FormState *s, int from, int to, PageNodes *out)
{
    out->at = out->at ? out->at : arena_new(a, int, p->nodes.len);
    for (int i = from; i < to; i++)
        if (s->relevant[i] && ((p->nodes.at[i].repeat < 0 && form_node_answered(&p->nodes.at[i])) || p->nodes.at[i].type == Q_NOTE))
            out->at[out->len++] = i;
}

PageNodes form_page_nodes(const FormProgram *p, Arena *a, const FormState *s, int page)
{
    PageNodes nodes = { 0 };
    PageWalk  w     = { p, s, 0, -1, -1, *a };
    if (p->nodes.at[page].type == Q_REPEAT)
        return nodes;
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

PageNodes form_entry_nodes(const FormProgram *p, Arena *a, const FormState *s, int instance)
{
    int       repeat = s->x->instances.at[instance - 1].repeat;
    PageNodes nodes  = { .at = arena_new(a, int, p->nodes.len) };
    for (int i = repeat + 1; i < after_group(p, repeat); i++)
        if (p->nodes.at[i].repeat == repeat && (form_node_answered(&p->nodes.at[i]) || p->nodes.at[i].type == Q_NOTE) &&
            form_state_relevant(s, i, instance))
            nodes.at[nodes.len++] = i;
    return nodes;
}

int form_entry_repeat(const FormProgram *p, Arena scratch, const FormState *s, int instance, int after)
{
    int repeat = s->x->instances.at[instance - 1].repeat;
    for (int i = (after < repeat ? repeat : after) + 1; i < after_group(p, repeat); i++)
        if (p->nodes.at[i].type == Q_REPEAT && form_repeat_around(p, i) == repeat && form_repeat_open(s, scratch, i, instance))
            return i;
    return -1;
}

int form_repeat_around(const FormProgram *p, int repeat)
{
    int i = p->nodes.at[repeat].parent;
    while (i >= 0 && p->nodes.at[i].type != Q_REPEAT)
        i = p->nodes.at[i].parent;
    return i;
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
    PageWalk  w = { p, &s, 0, -1, -1, scratch };
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
