/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Queries as texts: fields of an address, and back. */
#include "desk/desk_parts.h"

static const Str measure_codes[DESK_MEASURE_COUNT] = { S_INIT("satisfied"), S_INIT("mean"), S_INIT("spread") };

Str desk_measure_code(DeskMeasure m)
{
    return measure_codes[m];
}

/* "tinh:24": the first colon parts them; names of questions hold none. */
static DeskFilter filter_read(Str text)
{
    StrPair p = str_cut(text, ':');
    return p.head.len && p.tail.len ? (DeskFilter){ p.head, p.tail } : (DeskFilter){ .question = p.head };
}

void desk_query_read(Str (*field)(const void *self, const char *name), const void *self, DeskQuery *out)
{
    static const char *const filter_name[DESK_FILTERS] = { "f", "g" };
    static const char *const question_name[DESK_FILTERS] = { "fq", "gq" };
    DeskQuery q = { .round = field(self, "round"), .what = field(self, "what"), .by = { field(self, "by"), field(self, "by2") }, .view = field(self, "view"),
                    .with = field(self, "with") };
    Str measure = field(self, "m");
    for (int k = 0; k < DESK_MEASURE_COUNT; k++)
        if (str_eq(measure, measure_codes[k]))
            q.measure = (DeskMeasure)k;
    if (str_eq(q.by[0], q.by[1]))
        q.by[1] = S("");
    if (!q.by[0].len) {
        q.by[0] = q.by[1];
        q.by[1] = S("");
    }
    for (int k = 0; k < DESK_FILTERS; k++) {
        Str asked   = field(self, question_name[k]);
        q.filter[k] = filter_read(field(self, filter_name[k]));
        if (asked.len && !str_eq(asked, q.filter[k].question))       /* another question was chosen: its choices are offered next */
            q.filter[k] = (DeskFilter){ .question = asked };
    }
    *out = q;
}

typedef struct Fields { const Json *at; StrList names, values; } Fields;

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Str decoded(Arena *a, Str s)
{
    char  *to = arena_take(a, s.len + 1, 1, 1);
    size_t n  = 0;
    for (size_t i = 0; i < s.len; i++) {
        int high = s.at[i] == '%' && i + 2 < s.len ? hex_digit(s.at[i + 1]) : -1, low = high >= 0 ? hex_digit(s.at[i + 2]) : -1;
        if (low >= 0)
            i += 2;
        to[n++] = low >= 0 ? (char)(high * 16 + low) : s.at[i];
    }
    return (Str){ to, n };
}

static Str field_of(const void *self, const char *name)
{
    const Fields *f = self;
    for (size_t i = 0; i < f->names.len; i++)
        if (str_eq(f->names.at[i], str_from_c(name)))
            return f->values.at[i];
    return S("");
}

Err desk_query_parse(Arena *a, Str text, DeskQuery *out)
{
    Fields f = { 0 };
    if (text.len > 4000 || !utf8_valid(text))
        return err_new(a, ERR_INVALID, S("a query of the analysis desk is not understood"));
    for (Str rest = text; rest.len;) {
        StrPair p = str_cut(rest, '&'), q = str_cut(p.head, '=');
        rest = p.tail;
        *list_add(a, &f.names)  = q.head;
        *list_add(a, &f.values) = decoded(a, q.tail);
    }
    for (size_t i = 0; i < f.values.len; i++)
        if (!utf8_valid(f.values.at[i]))
            return err_new(a, ERR_INVALID, S("a query of the analysis desk is not understood"));
    desk_query_read(field_of, &f, out);
    return OK;
}

static void put(Out *o, const char *name, Str value)
{
    if (!value.len)
        return;
    out_raw(o, o->buf.len ? S("&") : S(""));
    out_raw(o, str_from_c(name));
    out_raw(o, S("="));
    out_url_part(o, value);
}

Str desk_query_text(Arena *a, const DeskQuery *q)
{
    Out o = out_new(a, LANG_VI, 256);
    put(&o, "round", q->round);
    put(&o, "what", q->what);
    put(&o, "m", q->measure == DESK_SATISFIED ? S("") : measure_codes[q->measure]);
    put(&o, "by", q->by[0]);
    put(&o, "by2", q->by[1]);
    for (int k = 0; k < DESK_FILTERS; k++)
        if (q->filter[k].choice.len)
            put(&o, k ? "g" : "f", str_join(a, (Str[]){ q->filter[k].question, q->filter[k].choice }, 2, S(":")));
    put(&o, "view", q->view);
    put(&o, "with", q->with);
    return out_text(&o);
}
