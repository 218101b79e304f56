/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A finding as a person reads it: the question's own words, and in place of a rule's code what ought to stand there. */
#include "openrosa/pages.h"

static Str by_language(const Str at[LANG_COUNT], Lang l)
{
    return at[l].len ? at[l] : at[LANG_VI];
}

/* A computed value: a choice by its label, truth in words. */
static Str value_text(const FormProgram *p, int node, Str value, Lang l)
{
    const FormChoice *c = node >= 0 && p->nodes.at[node].type == Q_SELECT_ONE ? form_choice(p, node, value) : NULL;
    if (c)
        return by_language(c->label, l);
    return str_eq(value, S("true")) ? text_of(l, "phone.expected.true") : str_eq(value, S("false")) ? text_of(l, "phone.expected.false") : value;
}

static Str rule_text(Arena *a, const FormNode *n, Str rule, Lang l)
{
    Str message = n ? by_language(n->constraint_message, l) : S("");
    return message.len ? message : text_fmt(a, l, "phone.expected.constraint", ARG_S("rule", rule));
}

static Str expected_text(Arena *a, const FormProgram *p, int node, const FlagRow *f, Lang l)
{
    const FormNode *n = node >= 0 ? &p->nodes.at[node] : NULL;
    if (str_eq(f->flag, S("required_missing"))) {
        Str message = n ? by_language(n->required_message, l) : S("");
        return message.len ? message : text_of(l, "phone.expected.answer");
    }
    if (str_eq(f->flag, S("constraint")))
        return rule_text(a, n, f->expected, l);
    if (str_eq(f->flag, S("irrelevant_value")))
        return text_of(l, "phone.expected.empty");
    if (str_eq(f->flag, S("choice_unknown")))
        return text_of(l, "phone.expected.choice");
    if (str_eq(f->flag, S("type")))
        return n ? form_type_words(l, n->type) : f->expected;
    if (str_eq(f->flag, S("repeat_count")))
        return text_fmt(a, l, "phone.expected.entries", ARG_S("n", f->expected));
    if (str_eq(f->flag, S("not_checked")))
        return text_of(l, "phone.expected.short");
    if (str_eq(f->flag, S("calc_differs")) && !f->expected.len)
        return text_of(l, "phone.expected.empty");
    return value_text(p, node, f->expected, l);
}

FlagLine flag_line(Arena *a, Lang l, const FormProgram *p, const FlagRow *f)
{
    int      node = p ? form_find(p, f->node) : -1;       /* -1: a file, or an element that is not of the questionnaire */
    FlagLine line = { .f = f, .question = node >= 0 ? form_label_plain(a, p, node, l) : S(""), .expected = expected_text(a, p, node, f, l),
                      .found = str_eq(f->flag, S("repeat_count")) ? text_fmt(a, l, "phone.expected.entries", ARG_S("n", f->found))
                                                                   : value_text(p, node, f->found, l) };
    return line;
}
