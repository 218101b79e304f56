/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Readers of .sav and .dta written from the formats' descriptions, apart from the writers. */
#include "analysis_fixture.h"

#include <float.h>

typedef struct In { Str all; size_t at; } In;

static uint64_t le(In *in, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes && in->at < in->all.len; i++)
        v |= (uint64_t)(unsigned char)in->all.at[in->at++] << (8 * i);
    return v;
}

static int32_t i32(In *in)
{
    return (int32_t)le(in, 4);
}

static double f64(In *in)
{
    uint64_t v = le(in, 8);
    double   x;
    memcpy(&x, &v, 8);
    return x;
}

static Str bytes(In *in, size_t n)
{
    Str s = str_take(str_skip(in->all, in->at), n);
    in->at += n;
    return s;
}

static Str number_text(Arena *a, double x)
{
    Buf b = buf_new(a, 32);
    if (x == -DBL_MAX)
        return S(".");
    buf_f64(&b, x);
    return buf_str(&b);
}

Str read_cell(const ReadBack *r, size_t row, Str name)
{
    for (size_t i = 0; i < r->names.len; i++)
        if (str_eq(r->names.at[i], name))
            return r->rows[row].at[i];
    return S("");
}

bool read_has_label(const ReadBack *r, Str label)
{
    for (size_t i = 0; i < r->labels.len; i++)
        if (str_eq(r->labels.at[i], label))
            return true;
    return false;
}

static void add_label(ReadBack *r, Arena *a, Str variable, Str value, Str label)
{
    *list_add(a, &r->labels) = str_join(a, (Str[]){ variable, value, label }, 3, S("|"));
}

/* ---- SPSS ------------------------------------------------------------------------------------------------ */

typedef struct SavVar { Str short_name, name, label; int width, element; } SavVar;
typedef struct Sav { In in; Arena *a; LIST(SavVar) vars; int elements; ReadBack r; int64_t cases; } Sav;

static SavVar *by_element(Sav *s, int element)
{
    for (size_t i = 0; i < s->vars.len; i++)
        if (s->vars.at[i].element == element)
            return &s->vars.at[i];
    return NULL;
}

static void sav_variable(Sav *s)
{
    int32_t type = i32(&s->in), has_label = i32(&s->in), missing = i32(&s->in);
    s->in.at += 8;
    Str name = str_trim(bytes(&s->in, 8)), label = S("");
    if (has_label) {
        size_t len = (size_t)i32(&s->in);
        label = str_take(bytes(&s->in, (len + 3) / 4 * 4), len);
    }
    s->in.at += 8 * (size_t)missing;
    s->elements++;
    if (type >= 0)
        *list_add(s->a, &s->vars) = (SavVar){ name, name, label, type, s->elements };
}

static void sav_labels(Sav *s)
{
    typedef struct Pair { Str value, label; } Pair;
    int   n  = i32(&s->in);
    Pair *at = arena_new(s->a, Pair, n);
    for (int i = 0; i < n; i++) {
        at[i].value = bytes(&s->in, 8);
        size_t len  = (size_t)le(&s->in, 1);
        at[i].label = str_take(bytes(&s->in, (len + 8) / 8 * 8 - 1), len);
    }
    CHECK_INT(i32(&s->in), 4);
    for (int vars = i32(&s->in); vars > 0; vars--) {
        SavVar *v = by_element(s, i32(&s->in));
        CHECK(v != NULL);
        for (int i = 0; v && i < n; i++) {
            In value = { at[i].value, 0 };
            add_label(&s->r, s->a, v->short_name, v->width ? str_trim(at[i].value) : number_text(s->a, f64(&value)), at[i].label);
        }
    }
}

static void sav_long_names(Sav *s, Str list)
{
    while (list.len) {
        StrPair one = str_cut(list, '\t'), p = str_cut(one.head, '=');
        list = one.tail;
        for (size_t i = 0; i < s->vars.len; i++)
            if (str_eq(s->vars.at[i].short_name, p.head))
                s->vars.at[i].name = p.tail;
    }
}

static void sav_long_widths(Sav *s, Str list)
{
    while (list.len) {
        StrPair one = str_cut(list, '\t'), p = str_cut(one.head, '=');
        int64_t width = 0;
        CHECK(str_to_i64(str_take(p.tail, p.tail.len - 1), &width));
        for (size_t i = 0; i < s->vars.len; i++)
            if (str_eq(s->vars.at[i].short_name, p.head))
                s->vars.at[i].width = (int)width;
        list = one.tail;
    }
}

static void sav_long_labels(Sav *s, Str block)
{
    In in = { block, 0 };
    while (in.at < in.all.len) {
        Str name = bytes(&in, (size_t)i32(&in));
        i32(&in);
        for (int n = i32(&in); n > 0; n--) {
            Str value = bytes(&in, (size_t)i32(&in));
            add_label(&s->r, s->a, name, str_trim(value), bytes(&in, (size_t)i32(&in)));
        }
    }
}

static void sav_extension(Sav *s)
{
    int32_t kind = i32(&s->in), size = i32(&s->in), count = i32(&s->in);
    Str     all  = bytes(&s->in, (size_t)size * (size_t)count);
    if (kind == 13)
        sav_long_names(s, all);
    if (kind == 14)
        sav_long_widths(s, all);
    if (kind == 21)
        sav_long_labels(s, all);
    if (kind == 20)
        CHECK_STR(all, S("UTF-8"));
    if (kind == 11)
        CHECK_INT(count, 3 * (int)s->vars.len);
}

/* All elements of all cases, unpacked. */
static Str sav_unpack(Sav *s)
{
    Buf out = buf_new(s->a, 1 << 16);
    while (s->in.at < s->in.all.len) {
        Str codes = bytes(&s->in, 8);
        for (size_t i = 0; i < codes.len; i++) {
            int    c = (unsigned char)codes.at[i];
            double x = c == 255 ? -DBL_MAX : c - 100;
            if (c == 253)
                buf_add(&out, bytes(&s->in, 8));
            else if (c == 254)
                buf_lit(&out, "        ");
            else if (c)
                buf_add(&out, (Str){ (const char *)&x, 8 });
        }
    }
    return buf_str(&out);
}

static Str right_trim(Str s)
{
    while (s.len && s.at[s.len - 1] == ' ')
        s.len--;
    return s;
}

static Str sav_cell(Sav *s, In *in, size_t *var)
{
    const SavVar *v = &s->vars.at[*var];
    *var += 1;
    if (!v->width)
        return number_text(s->a, f64(in));
    Buf text = buf_new(s->a, (size_t)v->width);
    int segments = v->width > 255 ? (v->width + 251) / 252 : 1;
    for (int k = 0; k < segments; k++) {
        int width = k + 1 < segments ? 255 : v->width - 252 * k;
        Str all   = bytes(in, (size_t)(width + 7) / 8 * 8);
        buf_add(&text, str_take(all, k + 1 < segments ? 255 : all.len));
    }
    *var += (size_t)segments - 1;
    return right_trim(buf_str(&text));
}

ReadBack read_sav(Arena *a, Str file)
{
    Sav s = { .in = { file, 0 }, .a = a };
    CHECK_STR(bytes(&s.in, 4), S("$FL2"));
    s.in.at = 68;
    int elements = i32(&s.in);
    CHECK_INT(i32(&s.in), 1);
    i32(&s.in);
    s.cases  = i32(&s.in);
    s.in.at  = 176;
    for (int kind; (kind = i32(&s.in)) != 999 && s.in.at < file.len;) {
        if (kind == 2)
            sav_variable(&s);
        else if (kind == 3)
            sav_labels(&s);
        else if (kind == 7)
            sav_extension(&s);
        else
            test_fail(__FILE_NAME__, __LINE__, "record %d at %zu", kind, s.in.at);
    }
    i32(&s.in);
    CHECK_INT(s.elements, elements);
    In data = { sav_unpack(&s), 0 };
    CHECK_INT(data.all.len, 8 * (int64_t)elements * s.cases);
    s.r.rows      = arena_new(a, StrList, s.cases + 1);
    s.r.row_count = (size_t)s.cases;
    for (int64_t row = 0; row < s.cases; row++)
        for (size_t v = 0; v < s.vars.len;) {
            if (row == 0) {
                *list_add(a, &s.r.names)           = s.vars.at[v].name;
                *list_add(a, &s.r.variable_labels) = s.vars.at[v].label;
            }
            *list_add(a, &s.r.rows[row]) = sav_cell(&s, &data, &v);
        }
    for (size_t i = 0; i < s.r.labels.len; i++)          /* short names to long ones */
        for (size_t v = 0; v < s.vars.len; v++) {
            StrPair p = str_cut(s.r.labels.at[i], '|');
            if (str_eq(p.head, s.vars.at[v].short_name))
                s.r.labels.at[i] = str_join(a, (Str[]){ s.vars.at[v].name, p.tail }, 2, S("|"));
        }
    return s.r;
}

/* ---- Stata ------------------------------------------------------------------------------------------------- */

static void tag(In *in, Str want)
{
    CHECK_STR(bytes(in, want.len), want);
}

static Str zero_ended(Str room)
{
    return str_cut(room, 0).head;
}

static Str whole_text(Arena *a, int64_t v, int64_t missing)
{
    return v == missing ? S(".") : v > missing ? arena_fmt(a, ".%c", (char)('a' + v - missing - 1)) : arena_fmt(a, "%lld", (long long)v);
}

static Str long_text(const In *strls, uint64_t v, uint64_t o)
{
    In in = *strls;
    while (str_eq(bytes(&in, 3), S("GSO"))) {
        uint64_t gv = le(&in, 4), go = le(&in, 8);
        CHECK_INT(le(&in, 1), 130);
        size_t len = (size_t)le(&in, 4);
        Str    s   = bytes(&in, len);
        if (gv == v && go == o)
            return str_take(s, len - 1);
    }
    return S("?");
}

static Str dta_cell(Arena *a, In *in, int type, const In *strls)
{
    switch (type) {
    case 65530: return whole_text(a, (int8_t)le(in, 1), 101);
    case 65529: return whole_text(a, (int16_t)le(in, 2), 32741);
    case 65528: return whole_text(a, (int32_t)le(in, 4), 2147483621);
    case 65526: {
        double x = f64(in);
        return x >= 8.9884656743115795e307 ? S(".") : number_text(a, x);
    }
    case 32768: {
        uint64_t v = le(in, 2), o = le(in, 6);
        return v ? long_text(strls, v, o) : S("");
    }
    default: return zero_ended(bytes(in, (size_t)type));
    }
}

static void dta_labels(Arena *a, ReadBack *r, In *in)
{
    while (str_starts(str_skip(in->all, in->at), S("<lbl>"))) {
        in->at += 5;
        i32(in);
        Str name = zero_ended(bytes(in, 129));
        in->at += 3;
        int n = i32(in), room = i32(in);
        In  offsets = { in->all, in->at }, values = { in->all, in->at + 4 * (size_t)n };
        Str texts   = str_take(str_skip(in->all, in->at + 8 * (size_t)n), (size_t)room);
        for (int i = 0; i < n; i++) {
            Str label = zero_ended(str_skip(texts, (size_t)i32(&offsets)));
            add_label(r, a, name, whole_text(a, i32(&values), 2147483621), label);
        }
        in->at += 8 * (size_t)n + (size_t)room;
        tag(in, S("</lbl>"));
    }
}

ReadBack read_dta(Arena *a, Str file)
{
    ReadBack r = { 0 };
    In in = { file, 0 };
    tag(&in, S("<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>"));
    size_t k = (size_t)le(&in, 2);
    tag(&in, S("</K><N>"));
    r.row_count = (size_t)le(&in, 8);
    tag(&in, S("</N><label>"));
    bytes(&in, (size_t)le(&in, 2));
    tag(&in, S("</label><timestamp>"));
    bytes(&in, (size_t)le(&in, 1));
    tag(&in, S("</timestamp></header><map>"));
    uint64_t map[14];
    for (int i = 0; i < 14; i++)
        map[i] = le(&in, 8);
    CHECK_INT(map[0], 0);
    CHECK_INT(map[13], file.len);
    static const Str tags[] = { S_INIT("<stata_dta>"), S_INIT("<map>"), S_INIT("<variable_types>"), S_INIT("<varnames>"), S_INIT("<sortlist>"),
        S_INIT("<formats>"), S_INIT("<value_label_names>"), S_INIT("<variable_labels>"), S_INIT("<characteristics>"), S_INIT("<data>"), S_INIT("<strls>"),
        S_INIT("<value_labels>"), S_INIT("</stata_dta>") };
    for (size_t i = 0; i < COUNT_OF(tags); i++)
        CHECK_STR(str_take(str_skip(file, map[i]), tags[i].len), tags[i]);
    int *types = arena_new(a, int, k);
    In   at    = { file, map[2] + 16 };
    for (size_t i = 0; i < k; i++)
        types[i] = (int)le(&at, 2);
    at.at = map[3] + 10;
    for (size_t i = 0; i < k; i++)
        *list_add(a, &r.names) = zero_ended(bytes(&at, 129));
    tag(&at, S("</varnames>"));
    at.at = map[7] + 17;
    for (size_t i = 0; i < k; i++)
        *list_add(a, &r.variable_labels) = zero_ended(bytes(&at, 321));
    In strls = { file, map[10] + 7 };
    at.at    = map[9] + 6;
    r.rows   = arena_new(a, StrList, r.row_count + 1);
    for (size_t row = 0; row < r.row_count; row++)
        for (size_t i = 0; i < k; i++)
            *list_add(a, &r.rows[row]) = dta_cell(a, &at, types[i], &strls);
    tag(&at, S("</data>"));
    at.at = map[11] + 14;
    dta_labels(a, &r, &at);
    tag(&at, S("</value_labels></stata_dta>"));
    return r;
}
