/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people read of a rule: its inputs by their labels, and what it gives in sentences. */
#include "scheme/parts.h"

#include <string.h>

/* ---- Labels ------------------------------------------------------------------------------------------------------------ */

static Str label_of(const SchemeCriterion *x, Str name)
{
    for (size_t i = 0; i < x->labels.len; i++)
        if (str_eq(x->labels.at[i].name, name))
            return x->labels.at[i].text;
    return S("");
}

Str scheme_input_label(Arena *a, Lang l, const SchemeCriterion *x, Str name)
{
    Str own = label_of(x, name);
    if (own.len || !str_ends(name, S("_se")))
        return own.len ? own : name;
    own = label_of(x, str_take(name, name.len - 3));
    return own.len ? scheme_text(a, l, "scheme.label.se", (TextArg[]){ ARG_S("name", own) }, 1) : name;
}

static bool in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

Str scheme_expr_words(Arena *a, const SchemeCriterion *x, Str expr)
{
    Buf  b     = buf_new(a, expr.len + 128);
    char quote = 0;
    Str  alone = label_of(x, str_trim(expr));
    if (alone.len || !x->labels.len)
        return alone.len ? alone : expr;
    for (size_t i = 0, end; i < expr.len; i = end) {
        char c = expr.at[i];
        for (end = i + 1; !quote && in_name(c) && end < expr.len && (in_name(expr.at[end]) || strchr("-.", expr.at[end])); end++) {}
        Str label = !quote && in_name(c) ? label_of(x, str_take(str_skip(expr, i), end - i)) : S("");
        quote     = quote ? (c == quote ? 0 : quote) : c == '"' || c == '\'' ? c : 0;
        if (label.len)
            buf_fmt(&b, "“%.*s”", STR_ARG(label));
        else if (c == '*' && !quote)
            buf_lit(&b, "×");
        else
            buf_add(&b, str_take(str_skip(expr, i), end - i));
    }
    return buf_str(&b);
}

/* ---- Rules in words ----------------------------------------------------------------------------------------------------------- */

typedef struct Saying { Arena *a; SchemeWords w; const SchemeCriterion *c; StrList *out; } Saying;
#define TELL(x, key, ...)                                                                                        \
    *list_add((x)->a, (x)->out) = scheme_text((x)->a, (x)->w.lang, (key), (TextArg[]){ __VA_ARGS__ },                         \
                                              sizeof((TextArg[]){ __VA_ARGS__ }) / sizeof(TextArg))

#define OF(x, r) scheme_expr_words((x)->a, (x)->c, (r)->of)

static void tell_steps(Saying *x, const SchemeRule *r)
{
    TELL(x, r->kind == RULE_CHOICE ? "scheme.words.choice" : "scheme.words.thresholds", ARG_S("of", OF(x, r)));
    for (size_t i = 0; i < r->step_count; i++) {
        Str bound = r->kind == RULE_CHOICE ? r->steps[i].value : scheme_num(x->a, x->w, r->steps[i].bound);
        TELL(x, r->kind == RULE_CHOICE ? "scheme.words.value" : "scheme.words.step", ARG_S("bound", bound),
             ARG_S("points", scheme_num(x->a, x->w, r->steps[i].points)));
    }
}

static void tell_deadline(Saying *x, const SchemeRule *r)
{
    Date due;
    bool day = date_parse(r->due, &due) && !date_is_none(due);
    TELL(x, "scheme.words.deadline", ARG_S("of", OF(x, r)), ARG_S("due", day ? date_text(x->a, x->w.lang, due) : scheme_expr_words(x->a, x->c, r->due)),
         ARG_S("points", scheme_num(x->a, x->w, isnan(r->points) ? r->max : r->points)), ARG_S("each", scheme_num(x->a, x->w, r->each)));
}

static void tell(Saying *x, const SchemeRule *r)
{
    Arena *a = x->a;
    switch (r->kind) {
    case RULE_MANUAL: TELL(x, "scheme.words.manual", ARG_S("max", scheme_num(a, x->w, r->max))); break;
    case RULE_YES_NO:
        TELL(x, "scheme.words.yes_no", ARG_S("of", OF(x, r)), ARG_S("points", scheme_num(a, x->w, isnan(r->points) ? r->max : r->points)));
        break;
    case RULE_CHOICE:
    case RULE_THRESHOLDS: tell_steps(x, r); break;
    case RULE_PROPORTIONAL:
        TELL(x, "scheme.words.proportional", ARG_S("of", OF(x, r)), ARG_S("full", scheme_num(a, x->w, isnan(r->full) ? 100 : r->full)),
             ARG_S("max", scheme_num(a, x->w, r->max)));
        if (r->floor > 0)
            TELL(x, "scheme.words.floor", ARG_S("floor", scheme_num(a, x->w, r->floor)));
        break;
    case RULE_COUNT:
        TELL(x, "scheme.words.count", ARG_S("of", OF(x, r)), ARG_S("each", scheme_num(a, x->w, r->each)),
             ARG_S("cap", scheme_num(a, x->w, isnan(r->cap) ? r->max : r->cap)));
        break;
    case RULE_SUM:
        TELL(x, "scheme.words.sum", ARG_S("max", scheme_num(a, x->w, r->max)));
        for (size_t i = 0; i < r->part_count; i++)
            tell(x, &r->parts[i]);
        break;
    case RULE_DEADLINE: tell_deadline(x, r); break;
    default: TELL(x, "scheme.words.formula", ARG_S("of", OF(x, r)), ARG_S("max", scheme_num(a, x->w, r->max))); break;
    }
}

StrList scheme_rule_words(Arena *a, Lang l, const SchemeCriterion *x)
{
    StrList out = { 0 };
    tell(&(Saying){ a, { .lang = l }, x, &out }, &x->rule);
    return out;
}
