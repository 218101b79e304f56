/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers, days and times as people read and type them. */
#include "i18n/i18n.h"

#include <math.h>
#include <stdio.h>

#define NO_VALUE S("–")

static const struct { char group, decimal; } marks[LANG_COUNT] = {
    [LANG_VI] = { '.', ',' },
    [LANG_EN] = { ',', '.' },
};

/* Digits in groups of three, from the left. */
static void group_digits(Buf *b, Lang l, Str digits)
{
    for (size_t i = 0; i < digits.len; i++) {
        if (i && (digits.len - i) % 3 == 0)
            buf_byte(b, marks[l].group);
        buf_byte(b, digits.at[i]);
    }
}

Str num_text(Arena *a, Lang l, int64_t n)
{
    char     text[24];
    uint64_t size = n < 0 ? -(uint64_t)n : (uint64_t)n;
    int      len  = snprintf(text, sizeof text, "%llu", (unsigned long long)size);
    Buf      b    = buf_new(a, 32);
    if (n < 0)
        buf_lit(&b, "−");
    group_digits(&b, l, (Str){ text, (size_t)len });
    return buf_str(&b);
}

static bool all_zero(Str digits)
{
    for (size_t i = 0; i < digits.len; i++)
        if (digits.at[i] >= '1' && digits.at[i] <= '9')
            return false;
    return true;
}

Str real_text(Arena *a, Lang l, double x, int decimals)
{
    char text[400];     /* the largest double has 309 digits */
    if (isnan(x))
        return NO_VALUE;
    if (isinf(x))
        return x > 0 ? S("∞") : S("−∞");
    decimals      = decimals < 0 ? 0 : decimals > 15 ? 15 : decimals;
    int     len   = snprintf(text, sizeof text, "%.*f", decimals, fabs(x));
    StrPair parts = str_cut((Str){ text, (size_t)len }, '.');
    Buf     b     = buf_new(a, 32);
    if (x < 0 && !(all_zero(parts.head) && all_zero(parts.tail)))
        buf_lit(&b, "−");
    group_digits(&b, l, parts.head);
    if (parts.tail.len) {
        buf_byte(&b, marks[l].decimal);
        buf_add(&b, parts.tail);
    }
    return buf_str(&b);
}

static const char *const months[] = { "January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December" };

Str date_text(Arena *a, Lang l, Date d)
{
    if (date_is_none(d))
        return NO_VALUE;
    Ymd x = date_ymd(d);
    return l == LANG_VI ? arena_fmt(a, "%02d/%02d/%04d", x.day, x.month, x.year)
                        : arena_fmt(a, "%d\u00a0%.3s\u00a0%04d", x.day, months[x.month - 1], x.year);
}

Str date_long_text(Arena *a, Lang l, Date d)
{
    if (date_is_none(d))
        return NO_VALUE;
    Ymd x = date_ymd(d);
    /* Decree 30/2020/ND-CP writes days under 10 and the months January and February with a leading zero. */
    return l == LANG_VI ? arena_fmt(a, "ngày %02d tháng %0*d năm %04d", x.day, x.month < 3 ? 2 : 1, x.month, x.year)
                        : arena_fmt(a, "%d %s %04d", x.day, months[x.month - 1], x.year);
}

Str clock_text(Arena *a, Time t)
{
    Hms h = time_of_day(t);
    return arena_fmt(a, "%02d:%02d", h.hour, h.minute);
}

Str time_text(Arena *a, Lang l, Time t)
{
    if (t.ms == 0)
        return NO_VALUE;
    return str_join(a, (Str[]){ clock_text(a, t), date_text(a, l, date_of(t)) }, 2, l == LANG_VI ? S(" ") : S(", "));
}

/* ---- Typed numbers ---------------------------------------------------------------------------- */

enum { TYPED_MAX = 40 };

/* Takes off a sign and blanks between digits; only digits, '.' and ',' remain. */
static bool typed_strip(Str s, char *out, size_t *out_len, bool *out_minus)
{
    static const Str blanks[] = { S_INIT(" "), S_INIT("\u00A0"), S_INIT("\u202F") };
    *out_len   = 0;
    *out_minus = false;
    s          = str_trim(s);
    if (str_starts(s, S("-")) || str_starts(s, S("+"))) {
        *out_minus = s.at[0] == '-';
        s          = str_skip(s, 1);
    } else if (str_starts(s, S("−"))) {
        *out_minus = true;
        s          = str_skip(s, S("−").len);
    }
    size_t digits_since = 0;
    bool   blank_seen   = false;
    while (s.len) {
        size_t blank = 0;
        for (size_t i = 0; i < COUNT_OF(blanks); i++)
            if (str_starts(s, blanks[i]))
                blank = blanks[i].len;
        if (blank) {     /* a blank groups digits, so three follow each and one to three stand before the first */
            if (digits_since < 1 || digits_since > 3 || (blank_seen && digits_since != 3))
                return false;
            blank_seen   = true;
            digits_since = 0;
            s            = str_skip(s, blank);
            continue;
        }
        char c     = s.at[0];
        bool digit = c >= '0' && c <= '9';
        if ((!digit && c != '.' && c != ',') || *out_len == TYPED_MAX)
            return false;
        if (!digit && blank_seen && digits_since != 3)
            return false;
        if (!digit)
            blank_seen = false, digits_since = 4;     /* no blank after a mark */
        else
            digits_since++;
        out[(*out_len)++] = c;
        s                 = str_skip(s, 1);
    }
    return !blank_seen || digits_since == 3;
}

/* "1.234.567": one to three digits, then groups of three. */
static bool grouped(Str s, char mark)
{
    StrPair p     = str_cut(s, mark);
    bool    first = true;
    for (;; p = str_cut(p.tail, mark), first = false) {
        bool last = p.head.len == s.len || p.head.at + p.head.len == s.at + s.len;
        if (first ? p.head.len < 1 || p.head.len > 3 : p.head.len != 3)
            return false;
        if (last)
            return true;
    }
}

static size_t count_of(Str s, char c)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.at[i] == c;
    return n;
}

/* Which mark is the decimal one: sets *out to it, or to 0 when there is none. */
static bool decimal_mark(Lang l, Str s, char *out)
{
    char   group = marks[l].group, own = marks[l].decimal;
    size_t groups = count_of(s, group), owns = count_of(s, own);
    *out = 0;
    if (groups && owns) {     /* the later one is the decimal mark and stands once; the other groups */
        char last = str_cut_last(s, '.').head.len > str_cut_last(s, ',').head.len ? '.' : ',';
        *out      = last;
        return count_of(s, last) == 1 && grouped(str_cut(s, last).head, last == '.' ? ',' : '.');
    }
    if (owns == 1 || groups == 1) {
        char    mark = owns ? own : group;
        StrPair p    = str_cut(s, mark);
        *out         = mark;
        /* "36.525" in Vietnamese may be a count or a decimal typed on another keyboard: ask again. */
        return owns || p.tail.len != 3 || p.head.len > 3 || str_eq(p.head, S("0")) || p.head.len == 0;
    }
    return owns + groups == 0 || grouped(s, owns ? own : group);
}

bool real_parse_typed(Lang l, Str s, double *out)
{
    char   kept[TYPED_MAX], plain[TYPED_MAX + 1];
    size_t len, n = 0;
    bool   minus;
    char   decimal;
    if (!typed_strip(s, kept, &len, &minus) || len == 0 || !decimal_mark(l, (Str){ kept, len }, &decimal))
        return false;
    if (minus)
        plain[n++] = '-';
    bool digit_last = false;
    for (size_t i = 0; i < len; i++) {
        digit_last = kept[i] >= '0' && kept[i] <= '9';
        if (!digit_last && kept[i] != decimal)
            continue;
        if (!digit_last && (i == 0 || i + 1 == len))     /* ".5" and "5." are slips of the finger */
            return false;
        plain[n++] = digit_last ? kept[i] : '.';
    }
    return digit_last && str_to_f64((Str){ plain, n }, out);
}

/* A file that is not empty is never "0,0 kB". */
Str size_text(Arena *a, Lang l, int64_t bytes)
{
    double kb = bytes > 0 && bytes < 100 ? 0.1 : (double)bytes / 1000;
    return kb < 1000 ? str_concat(a, real_text(a, l, kb, kb < 10 ? 1 : 0), S("\u00a0kB"))
                     : str_concat(a, real_text(a, l, kb / 1000, 1), S("\u00a0MB"));
}
