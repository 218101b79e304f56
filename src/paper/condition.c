/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Conditions and labels as they read on paper: questions by their numbers, choices by their words. */
#include "paper/paper.h"

static Str number_of(Arena *a, const PaperMap *m, int node, Lang l)
{
    if (m->number[node])
        return text_fmt(a, l, "paper.print.question", ARG_N("n", m->number[node]));
    return m->p->nodes.at[node].leaf;
}

/* ${name} in a text becomes the number of its question. */
static Str with_numbers(Arena *a, const PaperMap *m, Str text, Lang l, bool bracketed)
{
    size_t at;
    Buf    b = buf_new(a, text.len + 64);
    while (str_find(text, S("${"), &at)) {
        StrPair cut  = str_cut(str_skip(text, at + 2), '}');
        int     node = form_find(m->p, str_trim(cut.head));
        Str     name = node >= 0 ? number_of(a, m, node, l) : str_trim(cut.head);
        buf_add(&b, str_take(text, at));
        buf_add(&b, bracketed ? arena_fmt(a, "[%.*s]", STR_ARG(name)) : name);
        text = cut.tail;
    }
    buf_add(&b, text);
    return buf_str(&b);
}

Str paper_label(Arena *a, const PaperMap *m, int node, Lang l)
{
    return with_numbers(a, m, form_label(m->p, node, l), l, true);
}

static Str quoted(Arena *a, const FormChoice *c, Lang l)
{
    Str label = c->label[l].len ? c->label[l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN];
    return text_fmt(a, l, "paper.print.quoted", ARG_S("text", label));
}

static Str spaced(Arena *a, Str word)
{
    return arena_fmt(a, " %.*s ", STR_ARG(word));
}

static bool in_order(double x, ExprOrder order, double y)
{
    switch (order) {
    case ORDER_LT: return x < y;
    case ORDER_LE: return x <= y;
    case ORDER_GT: return x > y;
    case ORDER_GE: return x >= y;
    default: return false;
    }
}

/* "“1” hoặc “2”": the choices whose names are numbers that fit; empty when the question has no choices. */
static Str choices_that_fit(Arena *a, const PaperMap *m, int node, ExprOrder order, Str value, Lang l)
{
    int     list  = m->p->nodes.at[node].list;
    StrList words = { 0 };
    double  x, y  = expr_number_read(value);
    for (size_t i = 0; list >= 0 && i < m->p->lists.at[list].choices.len; i++)
        if (str_to_f64(m->p->lists.at[list].choices.at[i].name, &x) && in_order(x, order, y))
            *list_add(a, &words) = quoted(a, &m->p->lists.at[list].choices.at[i], l);
    return str_join(a, words.at, words.len, spaced(a, text_of(l, "paper.print.if.or")));
}

/* The words of a value: a choice by its label, a number as the language writes it. */
static Str value_words(Arena *a, const PaperMap *m, int node, Str value, Lang l)
{
    const FormChoice *c = m->p->nodes.at[node].list >= 0 ? form_choice(m->p, node, value) : NULL;
    if (!c)
        return l == LANG_VI && m->p->nodes.at[node].type == Q_DECIMAL ? str_replace(a, value, S("."), S(",")) : value;
    return quoted(a, c, l);
}

/* One comparison about the question that q names. */
static Str compared_as(Arena *a, const PaperMap *m, const ExprClause *c, bool negated, Str q, Lang l)
{
    static const ExprOrder opposite[ORDER_COUNT] = { ORDER_NE, ORDER_EQ, ORDER_GE, ORDER_GT, ORDER_LE, ORDER_LT };
    ExprOrder order = negated ? opposite[c->order] : c->order;
    Str       v = value_words(a, m, c->node, c->value, l), fit = choices_that_fit(a, m, c->node, order, c->value, l);
    if (fit.len)
        return text_fmt(a, l, "paper.print.if.chosen", ARG_S("q", q), ARG_S("v", fit));
    bool choice = m->p->nodes.at[c->node].list >= 0;
    if (!c->value.len && order <= ORDER_NE)
        return order == ORDER_EQ ? text_fmt(a, l, "paper.print.if.empty", ARG_S("q", q)) : text_fmt(a, l, "paper.print.if.given", ARG_S("q", q));
    if (choice && order <= ORDER_NE)
        return order == ORDER_EQ ? text_fmt(a, l, "paper.print.if.chosen", ARG_S("q", q), ARG_S("v", v))
                                 : text_fmt(a, l, "paper.print.if.unchosen", ARG_S("q", q), ARG_S("v", v));
    switch (order) {
    case ORDER_EQ: return text_fmt(a, l, "paper.print.if.is", ARG_S("q", q), ARG_S("v", v));
    case ORDER_NE: return text_fmt(a, l, "paper.print.if.not", ARG_S("q", q), ARG_S("v", v));
    case ORDER_LT: return text_fmt(a, l, "paper.print.if.below", ARG_S("q", q), ARG_S("v", v));
    case ORDER_LE: return text_fmt(a, l, "paper.print.if.most", ARG_S("q", q), ARG_S("v", v));
    case ORDER_GT: return text_fmt(a, l, "paper.print.if.above", ARG_S("q", q), ARG_S("v", v));
    default: return text_fmt(a, l, "paper.print.if.least", ARG_S("q", q), ARG_S("v", v));
    }
}

static bool is_choice_of(const ExprClause *c, int node)
{
    return c->node == node && (c->kind == CLAUSE_SELECTED || (c->kind == CLAUSE_COMPARE && c->order == ORDER_EQ && c->value.len));
}

static Str compared(Arena *a, const PaperMap *m, const ExprClause *c, bool negated, Lang l)
{
    return compared_as(a, m, c, negated, number_of(a, m, c->node, l), l);
}

/* Parts of parts of the same kind: "a or b or c" is read as "(a or b) or c". */
typedef LIST(const ExprClause *) Clauses;
static void flatten(Arena *a, const ExprClause *c, ExprClauseKind kind, Clauses *out)
{
    for (int i = 0; i < c->part_count; i++)
        if (c->parts[i].kind == kind)
            flatten(a, &c->parts[i], kind, out);
        else
            *list_add(a, out) = &c->parts[i];
}

/* "một trong các câu 7, 8, 9 chọn “A”" when every part says the same of another question; empty otherwise. */
static Str same_of_several(Arena *a, const PaperMap *m, const Clauses *parts, Lang l)
{
    const ExprClause *first   = parts->at[0];
    StrList           numbers = { 0 };
    for (size_t i = 0; i < parts->len; i++) {
        const ExprClause *c = parts->at[i];
        if (c->kind != CLAUSE_COMPARE || c->order != first->order || !str_eq(c->value, first->value) || !m->number[c->node] ||
            m->p->nodes.at[c->node].list != m->p->nodes.at[first->node].list)
            return S("");
        *list_add(a, &numbers) = arena_fmt(a, "%d", m->number[c->node]);
    }
    Str q = text_fmt(a, l, "paper.print.any", ARG_S("numbers", str_join(a, numbers.at, numbers.len, S(", "))));
    return parts->len > 2 ? compared_as(a, m, first, false, q, l) : S("");
}

/* "câu 3 chọn “A” hoặc “B”" when every part asks for a choice of one question; empty otherwise. */
static Str one_of(Arena *a, const PaperMap *m, const Clauses *parts, Lang l)
{
    StrList words = { 0 };
    int     node  = parts->at[0]->node;
    for (size_t i = 0; i < parts->len; i++) {
        if (!is_choice_of(parts->at[i], node))
            return S("");
        *list_add(a, &words) = value_words(a, m, node, parts->at[i]->value, l);
    }
    Str joined = str_join(a, words.at, words.len, spaced(a, text_of(l, "paper.print.if.or")));
    return text_fmt(a, l, "paper.print.if.chosen", ARG_S("q", number_of(a, m, node, l)), ARG_S("v", joined));
}

/* The empty text when a part has no shape. */
static Str words_of(Arena *a, const PaperMap *m, const ExprClause *c, bool negated, bool inside, Lang l)
{
    if (c->kind == CLAUSE_COMPARE)
        return compared(a, m, c, negated, l);
    if (c->kind == CLAUSE_SELECTED)
        return compared(a, m, &(ExprClause){ .kind = CLAUSE_COMPARE, .order = ORDER_EQ, .node = c->node, .value = c->value }, negated, l);
    if (c->kind == CLAUSE_NOT)
        return words_of(a, m, &c->parts[0], !negated, inside, l);
    if (c->kind == CLAUSE_OTHER || c->kind > CLAUSE_SELECTED)      /* no words for these yet: the expression is printed */
        return S("");
    Clauses clauses = { 0 };
    flatten(a, c, c->kind, &clauses);
    if (c->kind == CLAUSE_ANY && !negated) {
        Str short_form = one_of(a, m, &clauses, l);
        short_form     = short_form.len ? short_form : same_of_several(a, m, &clauses, l);
        if (short_form.len)
            return short_form;
    }
    StrList parts = { 0 };
    for (size_t i = 0; i < clauses.len; i++) {
        Str part = words_of(a, m, clauses.at[i], negated, true, l);
        if (!part.len)
            return S("");
        *list_add(a, &parts) = part;
    }
    bool all    = (c->kind == CLAUSE_ALL) != negated;
    Str  joined = str_join(a, parts.at, parts.len, spaced(a, all ? text_of(l, "paper.print.if.and") : text_of(l, "paper.print.if.or")));
    return inside ? arena_fmt(a, "(%.*s)", STR_ARG(joined)) : joined;
}

enum { CLAUSE_ROOM = 1 << 20 };

/* The clause and its working memory share what is free in a: what is kept grows from below, scratch lies above it. */
static bool clause_of(Arena *a, const PaperMap *m, int node, ExprClause *out)
{
    Arena keep = *a, work = *a;
    ptrdiff_t half = (a->end - a->at) / 2;
    keep.end = work.at = a->at + (half < CLAUSE_ROOM ? half : CLAUSE_ROOM);
    bool shaped = form_relevant_clause(&keep, work, m->p, node, out);
    a->at       = keep.at;
    return shaped;
}

Str paper_condition(Arena *a, const PaperMap *m, int node, Lang l)
{
    const FormNode *n = &m->p->nodes.at[node];
    ExprClause      c;
    if (!n->relevant_src.len || str_eq(n->relevant_src, S("true()")))
        return S("");
    Str words = clause_of(a, m, node, &c) ? words_of(a, m, &c, false, false, l) : S("");
    if (!words.len)
        words = with_numbers(a, m, n->relevant_src, l, false);
    return n->type == Q_GROUP ? text_fmt(a, l, "paper.print.if.group", ARG_S("what", words)) : text_fmt(a, l, "paper.print.if", ARG_S("what", words));
}
