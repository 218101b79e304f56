/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How nodes lie in groups and repeats: children, repeats around a node, places in the block of one instance. */
#include "form/form_parts.h"

int form_first_child(const struct FormCode *code, int node)
{
    return code->tree.first_child[node + 1];
}

int form_child(const FormProgram *p, const struct FormCode *code, int node, Str name)
{
    int i = form_first_child(code, node);
    while (i >= 0 && !str_eq(p->nodes.at[i].leaf, name))
        i = code->tree.next[i];
    return i;
}

int form_outer_repeat(const FormProgram *p, int repeat)
{
    return p->nodes.at[repeat].parent < 0 ? -1 : p->nodes.at[p->nodes.at[repeat].parent].repeat;
}

static bool has_value(QuestionType t)
{
    return !form_type_holds(t) && t != Q_NOTE && t != Q_EXTERNAL && t != Q_AUDIT;
}

static void link_children(Arena *keep, const FormProgram *p, FormTree *t)
{
    int n          = (int)p->nodes.len;
    t->first_child = arena_new(keep, int, (size_t)n + 1);
    t->next        = arena_new(keep, int, (size_t)n);
    for (int i = 0; i <= n; i++)
        t->first_child[i] = -1;
    for (int i = n; i-- > 0;) {
        int *first     = &t->first_child[p->nodes.at[i].parent + 1];
        t->next[i]     = *first;
        *first         = i;
    }
}

/* Repeats around each node, outermost first; nodes come after their groups. */
static void find_repeats(Arena *keep, FormProgram *p, FormTree *t)
{
    size_t n  = p->nodes.len;
    t->depth  = arena_new(keep, int, n);
    t->around = arena_new(keep, const int *, n);
    for (size_t i = 0; i < n; i++) {
        FormNode *x  = &p->nodes.at[i];
        int       up = x->parent;
        x->repeat    = up < 0 ? -1 : p->nodes.at[up].repeat;
        t->depth[i]  = up < 0 ? 0 : t->depth[up];
        t->around[i] = up < 0 ? NULL : t->around[up];
        if (x->type != Q_REPEAT)
            continue;
        int *around = arena_new(keep, int, (size_t)t->depth[i] + 1);
        for (int k = 0; k < t->depth[i]; k++)
            around[k] = t->around[i][k];
        around[t->depth[i]++] = (int)i;
        t->around[i]          = around;
        x->repeat             = (int)i;
    }
}

/* Places of nodes and answers: in the form, or in the block that each instance of a repeat has. */
static void number_places(Arena *keep, FormProgram *p, FormTree *t)
{
    size_t n         = p->nodes.len;
    t->slot          = arena_new(keep, int, n);
    t->repeat_number = arena_new(keep, int, n);
    t->blocks        = arena_new(keep, FormBlock, n + 1);
    for (size_t i = 0; i < n; i++) {
        FormNode  *x = &p->nodes.at[i];
        FormBlock *b = &t->blocks[x->repeat + 1];
        t->slot[i]   = b->nodes++;
        x->cell      = has_value(x->type) ? b->answers++ : -1;
        x->answer    = x->repeat < 0 ? x->cell : -1;
        t->repeats += x->type == Q_REPEAT;
        if (x->type == Q_REPEAT)
            t->repeat_number[i] = t->blocks[form_outer_repeat(p, (int)i) + 1].repeats++;
    }
    p->answer_count = t->blocks[0].answers;
}

void form_tree(Arena *keep, FormProgram *p, struct FormCode *code)
{
    link_children(keep, p, &code->tree);
    find_repeats(keep, p, &code->tree);
    number_places(keep, p, &code->tree);
}
