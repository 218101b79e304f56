/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as a tree: the form's own cells, and a block of cells for each instance of a repeat. */
#include "form/form_parts.h"

static Str *cells_new(Arena *a, int n)
{
    Str *cells = arena_new(a, Str, (size_t)n);
    for (int i = 0; i < n; i++)
        cells[i] = S("");
    return cells;
}

FormAnswers form_answers_new(Arena *a, const FormProgram *p)
{
    return (FormAnswers){ .at = cells_new(a, p->answer_count) };
}

static Str *cells_copy(Arena *a, const Str *from, int n)
{
    Str *cells = arena_new(a, Str, (size_t)n);
    memcpy(cells, from, sizeof *cells * (size_t)n);
    return cells;
}

static int cells_of(const FormProgram *p, int repeat)
{
    return p->code->tree.blocks[repeat + 1].answers;
}

FormAnswers form_answers_copy(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    FormAnswers y = { .at = cells_copy(a, x->at, p->answer_count), .mix = x->mix };
    for (size_t i = 0; i < x->instances.len; i++) {
        FormInstance *to = list_add(a, &y.instances);
        *to    = x->instances.at[i];
        to->at = cells_copy(a, x->instances.at[i].at, cells_of(p, to->repeat));
    }
    return y;
}

Str *form_cell(const FormProgram *p, const FormAnswers *x, int node, int instance)
{
    const FormNode *n = &p->nodes.at[node];
    if (n->cell < 0)
        return NULL;
    if (!instance)
        return n->repeat < 0 ? &x->at[n->cell] : NULL;
    return n->repeat == x->instances.at[instance - 1].repeat ? &x->instances.at[instance - 1].at[n->cell] : NULL;
}

int form_instance_find(const FormAnswers *x, int repeat, int parent, int position)
{
    for (size_t i = 0; i < x->instances.len; i++) {
        const FormInstance *n = &x->instances.at[i];
        if (n->repeat == repeat && n->parent == parent && n->position == position)
            return (int)i + 1;
    }
    return 0;
}

int form_instance_count(const FormAnswers *x, int repeat, int parent)
{
    int n = 0;
    for (size_t i = 0; i < x->instances.len; i++)
        n += x->instances.at[i].repeat == repeat && x->instances.at[i].parent == parent;
    return n;
}

/* All cells, empty ones too; a repeat without answers counts one. */
static int cells_in_all(const FormProgram *p, const FormAnswers *x)
{
    int n = p->answer_count;
    for (size_t i = 0; i < x->instances.len; i++)
        n += cells_of(p, x->instances.at[i].repeat) + 1;
    return n;
}

int form_instance_add(Arena *a, const FormProgram *p, FormAnswers *x, int repeat, int parent)
{
    int count = form_instance_count(x, repeat, parent), cells = cells_of(p, repeat);
    if (count >= FORM_MAX_INSTANCES || cells_in_all(p, x) + cells + 1 > FORM_MAX_CELLS)
        return 0;
    *list_add(a, &x->instances) = (FormInstance){ repeat, parent, count + 1, cells_new(a, cells) };
    return (int)x->instances.len;
}

void form_instance_remove(Arena *a, FormAnswers *x, int instance)
{
    size_t       n    = x->instances.len, kept = 0;
    FormInstance gone = x->instances.at[instance - 1];
    int         *to   = arena_new(a, int, n + 1);        /* new numbers; 0 for what goes */
    for (size_t i = 0; i < n; i++) {
        FormInstance y = x->instances.at[i];
        if ((int)i + 1 == instance || (y.parent && !to[y.parent]))
            continue;
        if (y.repeat == gone.repeat && y.parent == gone.parent && y.position > gone.position)
            y.position--;
        y.parent                = to[y.parent];
        x->instances.at[kept++] = y;
        to[i + 1]               = (int)kept;
    }
    x->instances.len = kept;
}
