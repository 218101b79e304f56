/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers of questions, codes of choices, tables of questions: what the printed form and the entry page have in common. */
#include "paper/paper.h"

enum { GRID_CHOICES = 7, CODE_DIGITS = 3 };

static bool is_code(Str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] < '0' || name.at[i] > '9')
            return false;
    return name.len > 0 && name.len <= CODE_DIGITS;
}

static Str unpadded(Str code)
{
    while (code.len > 1 && code.at[0] == '0')
        code = str_skip(code, 1);
    return code;
}

static bool code_taken(const Str *codes, size_t n, Str code)
{
    for (size_t i = 0; i < n; i++)
        if (codes[i].len && str_eq(unpadded(codes[i]), unpadded(code)))
            return true;
    return false;
}

/* Names that are short numbers are their own codes; the others get the lowest numbers that are free. */
static Str *codes_of(Arena *a, const FormList *list)
{
    size_t n     = list->choices.len;
    Str   *codes = arena_new(a, Str, n + 1);
    for (size_t i = 0; i < n; i++)
        if (is_code(list->choices.at[i].name) && !code_taken(codes, i, list->choices.at[i].name))
            codes[i] = list->choices.at[i].name;
    int64_t next = 1;
    for (size_t i = 0; i < n; i++)
        for (; !codes[i].len; next++) {
            Str code = arena_fmt(a, "%lld", (long long)next);
            if (!code_taken(codes, n, code))
                codes[i] = code;
        }
    return codes;
}

static bool asked_in_row(const FormProgram *p, const FormNode *n)
{
    return form_node_answered(n) && n->cell >= 0 && n->repeat >= 0 && form_repeat_around(p, n->repeat) < 0;
}

PaperMap paper_map(Arena *a, const FormProgram *p)
{
    PaperMap m = { p, arena_new(a, int, p->nodes.len + 1), arena_new(a, Str *, p->lists.len + 1) };
    int      number = 0;
    for (size_t i = 0; i < p->nodes.len; i++)
        if (form_node_asks(&p->nodes.at[i]) || asked_in_row(p, &p->nodes.at[i]))
            m.number[i] = ++number;
    for (size_t i = 0; i < p->lists.len; i++)
        m.code[i] = codes_of(a, &p->lists.at[i]);
    return m;
}

const FormChoice *paper_choice(const PaperMap *m, int node, Str code)
{
    int list = m->p->nodes.at[node].list;
    if (list < 0 || !code.len)
        return NULL;
    const FormList *l = &m->p->lists.at[list];
    for (size_t i = 0; i < l->choices.len; i++)
        if (str_eq(unpadded(m->code[list][i]), unpadded(code)))
            return &l->choices.at[i];
    return NULL;
}

Str paper_code(const PaperMap *m, int node, Str choice_name)
{
    int list = m->p->nodes.at[node].list;
    for (size_t i = 0; list >= 0 && i < m->p->lists.at[list].choices.len; i++)
        if (str_eq(m->p->lists.at[list].choices.at[i].name, choice_name))
            return m->code[list][i];
    return S("");
}

static bool same_row(const FormNode *x, const FormNode *y)
{
    return y->type == Q_SELECT_ONE && x->list == y->list && x->parent == y->parent && str_eq(x->relevant_src, y->relevant_src);
}

int paper_grid(const PaperMap *m, int node, int *out_end)
{
    const FormNode *first = &m->p->nodes.at[node];
    int             n = 1, at = node + 1;
    bool fits = first->repeat < 0 && first->type == Q_SELECT_ONE && m->p->lists.at[first->list].choices.len <= GRID_CHOICES;
    for (*out_end = at; fits && at < (int)m->p->nodes.len; at++) {
        const FormNode *next = &m->p->nodes.at[at];
        if (m->number[at] && same_row(first, next))
            n++;
        else if (m->number[at] || next->type == Q_GROUP || next->type == Q_REPEAT || next->type == Q_NOTE)
            break;
        *out_end = at + 1;
    }
    return n;
}

bool paper_rows_at(const PaperMap *m, int node)
{
    return m->p->nodes.at[node].type == Q_REPEAT && form_repeat_around(m->p, node) < 0;
}

int paper_rows_end(const PaperMap *m, int repeat)
{
    int at = repeat + 1;
    for (; at < (int)m->p->nodes.len; at++) {
        int up = m->p->nodes.at[at].parent;
        while (up > repeat)
            up = m->p->nodes.at[up].parent;
        if (up != repeat)
            break;
    }
    return at;
}
