/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Functions on texts and on space-separated selections. Lengths and places count UTF-16 units, as the
 * engines on phones do; a cut through a pair leaves the half out. */
#include "expr/expr_functions.h"

#include <math.h>

static Str text_arg(ExprRun *run, const ExprValue *v)
{
    Str s = expr_to_text(run->a, v);
    expr_run_work(run, s.len / 16);
    return s;
}

/* ---- Joining ------------------------------------------------------------------------------------------ */

/* Every text of the arguments: of a set its relevant nodes, in order. */
static void texts_of(ExprRun *run, const ExprValue *args, int n, StrList *out)
{
    for (int i = 0; i < n; i++) {
        if (args[i].kind != EXPR_NODES) {
            *list_add(run->a, out) = text_arg(run, &args[i]);
            continue;
        }
        for (int k = 0; k < args[i].set->count && !run->stopped; k++) {
            Str text;
            if (expr_run_node(run, &args[i], k, &text))
                *list_add(run->a, out) = text;
        }
    }
}

static ExprValue joined(ExprRun *run, const StrList *texts, Str between)
{
    for (size_t i = 0; i < texts->len; i++)
        expr_run_work(run, (texts->at[i].len + between.len) / 16);
    return expr_string(run->stopped ? S("") : str_join(run->a, texts->at, texts->len, between));
}

ExprValue fn_concat(ExprRun *run, const ExprValue *args, int n)
{
    StrList texts = { 0 };
    texts_of(run, args, n, &texts);
    return joined(run, &texts, S(""));
}

ExprValue fn_join(ExprRun *run, const ExprValue *args, int n)
{
    StrList texts = { 0 };
    texts_of(run, args + 1, n - 1, &texts);
    return joined(run, &texts, text_arg(run, &args[0]));
}

/* ---- Cutting ------------------------------------------------------------------------------------------ */

static size_t units(Str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.len;)
        n += expr_char(s, &at) > 0xFFFF ? 2 : 1;
    return n;
}

/* Byte before which `want` units lie; inside a pair: after it when after is set, else before it. */
static size_t unit_byte(Str s, size_t want, bool after)
{
    size_t n = 0, at = 0;
    while (at < s.len && n < want) {
        size_t next = at;
        n += expr_char(s, &next) > 0xFFFF ? 2 : 1;
        if (n > want && !after)
            return at;
        at = next;
    }
    return at;
}

/* A place as the function takes it: negative counts from the end, outside is the nearest end. */
static size_t place(double x, size_t length)
{
    x = trunc(x);
    if (x < 0)
        x += (double)length;
    if (isnan(x) || x < 0)
        return 0;
    return x > (double)length ? length : (size_t)x;
}

ExprValue fn_substr(ExprRun *run, const ExprValue *args, int n)
{
    Str    s      = text_arg(run, &args[0]);
    size_t length = units(s);
    size_t from   = place(expr_to_number(&args[1]), length);
    size_t to     = n > 2 ? place(expr_to_number(&args[2]), length) : length;
    if (to <= from)
        return expr_string(S(""));
    size_t first = unit_byte(s, from, true), last = unit_byte(s, to, false);
    return expr_string(last > first ? (Str){ s.at + first, last - first } : S(""));
}

ExprValue fn_substring_before(ExprRun *run, const ExprValue *args, int n)
{
    Str    s = text_arg(run, &args[0]);
    size_t at;
    return expr_string(str_find(s, text_arg(run, &args[1]), &at) ? str_take(s, at) : S(""));
}

ExprValue fn_substring_after(ExprRun *run, const ExprValue *args, int n)
{
    Str    s = text_arg(run, &args[0]), mark = text_arg(run, &args[1]);
    size_t at;
    return expr_string(str_find(s, mark, &at) ? str_skip(s, at + mark.len) : S(""));
}

ExprValue fn_string_length(ExprRun *run, const ExprValue *args, int n)
{
    return expr_number((double)units(text_arg(run, &args[0])));
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

ExprValue fn_normalize_space(ExprRun *run, const ExprValue *args, int n)
{
    Str s = text_arg(run, &args[0]);
    Buf b = buf_new(run->a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        if (!blank(s.at[i]))
            buf_byte(&b, s.at[i]);
        else if (b.len && b.at[b.len - 1] != ' ')
            buf_byte(&b, ' ');
    }
    return expr_string(str_trim(buf_str(&b)));
}

/* Characters of s that stand in from become the one at the same place of to, or vanish. */
ExprValue fn_translate(ExprRun *run, const ExprValue *args, int n)
{
    Str s = text_arg(run, &args[0]), from = text_arg(run, &args[1]), to = text_arg(run, &args[2]);
    Buf b = buf_new(run->a, s.len + 1);
    expr_run_work(run, s.len * (1 + from.len / 16));
    for (size_t at = 0; at < s.len && !run->stopped;) {
        size_t   begin = at;
        uint32_t ch    = expr_char(s, &at);
        size_t   f = 0, t = 0;
        Str      with = { s.at + begin, at - begin };
        while (f < from.len) {
            size_t   t_begin = t;
            uint32_t x       = expr_char(from, &f);
            if (t < to.len)
                expr_char(to, &t);
            if (x == ch) {
                with = (Str){ to.at + t_begin, t - t_begin };
                break;
            }
        }
        buf_add(&b, with);
    }
    return expr_string(buf_str(&b));
}

/* ---- Looking for -------------------------------------------------------------------------------------- */

ExprValue fn_contains(ExprRun *run, const ExprValue *args, int n)
{
    return expr_boolean(str_has(text_arg(run, &args[0]), text_arg(run, &args[1])));
}

ExprValue fn_starts_with(ExprRun *run, const ExprValue *args, int n)
{
    return expr_boolean(str_starts(text_arg(run, &args[0]), text_arg(run, &args[1])));
}

ExprValue fn_ends_with(ExprRun *run, const ExprValue *args, int n)
{
    return expr_boolean(str_ends(text_arg(run, &args[0]), text_arg(run, &args[1])));
}

/* A pattern that is no literal: compiled for this one match; a faulty one matches nothing. */
ExprValue fn_regex(ExprRun *run, const ExprValue *args, int n)
{
    Str         text = text_arg(run, &args[0]), pattern = text_arg(run, &args[1]), vi, en;
    const char *code;
    Arena       keep = *run->a, work = *run->a;
    /* States are built at the arena's end of use, the pattern's tree further on, where they do not meet. */
    size_t room = (size_t)(work.end - work.at), apart = pattern.len * 64 + (1 << 20);
    expr_run_work(run, 100 + pattern.len);
    if (run->stopped || room < 2 * apart)
        return expr_boolean(false);
    work.at += apart;
    const ExprRegex *re = regex_compile(&keep, work, pattern, &code, &vi, &en);
    if (!re)
        return expr_boolean(false);
    ExprRun inner = *run;
    inner.a       = &keep;
    bool hit      = regex_match(&inner, re, text);
    run->work     = inner.work;
    run->stopped  = inner.stopped;
    return expr_boolean(hit);
}

/* ---- Selections: names joined by spaces ------------------------------------------------------------------- */

/* As phones do it: " list " contains " name ". */
ExprValue fn_selected(ExprRun *run, const ExprValue *args, int n)
{
    Str    list = text_arg(run, &args[0]), name = str_trim(text_arg(run, &args[1]));
    size_t at;
    if (!name.len)
        return expr_boolean(!list.len);
    for (Str rest = list; str_find(rest, name, &at); rest = str_skip(rest, at + 1)) {
        size_t begin = (size_t)(rest.at - list.at) + at, end = begin + name.len;
        if ((begin == 0 || list.at[begin - 1] == ' ') && (end == list.len || list.at[end] == ' '))
            return expr_boolean(true);
    }
    return expr_boolean(false);
}

/* The i-th name from 0, empty outside; out_count: how many there are. */
static Str selection_at(Str list, double want, int *out_count)
{
    Str found = S("");
    int i     = 0;
    while ((list = str_trim(list)).len) {
        size_t end = 0;
        while (end < list.len && !blank(list.at[end]))
            end++;
        if (i++ == want)
            found = str_take(list, end);
        list = str_skip(list, end);
    }
    *out_count = i;
    return found;
}

ExprValue fn_selected_at(ExprRun *run, const ExprValue *args, int n)
{
    int count;
    return expr_string(selection_at(text_arg(run, &args[0]), trunc(expr_to_number(&args[1])), &count));
}

ExprValue fn_count_selected(ExprRun *run, const ExprValue *args, int n)
{
    int count;
    selection_at(text_arg(run, &args[0]), -1, &count);
    return expr_number(count);
}
