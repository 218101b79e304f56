/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Values: texts to numbers and back, days, rounding by decimal digits. */
#include "expr/expr_parts.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Characters --------------------------------------------------------------------------------- */

uint32_t expr_char(Str s, size_t *at)
{
    unsigned char c = (unsigned char)s.at[(*at)++];
    int           more = c >= 0xF0 && c < 0xF8 ? 3 : c >= 0xE0 && c < 0xF0 ? 2 : c >= 0xC0 && c < 0xE0 ? 1 : 0;
    if (c < 0x80)
        return c;
    if (!more || s.len - *at < (size_t)more)
        return 0xFFFD;
    uint32_t x = c & (0x3Fu >> more);
    for (int i = 0; i < more; i++) {
        unsigned char d = (unsigned char)s.at[*at + (size_t)i];
        if ((d & 0xC0) != 0x80)
            return 0xFFFD;
        x = x << 6 | (d & 0x3F);
    }
    *at += (size_t)more;
    return x;
}

size_t expr_char_count(Str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.len; n++)
        expr_char(s, &at);
    return n;
}

bool expr_name_start(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

bool expr_name_part(unsigned char c)
{
    return expr_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool expr_is_name(Str s)
{
    if (!s.len || !expr_name_start((unsigned char)s.at[0]))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        /* U+00A0 and the general punctuation (curly quotes, long dashes, ellipsis) are no letters. */
        if (!expr_name_part(c) || (c == 0xC2 && i + 1 < s.len && (unsigned char)s.at[i + 1] < 0xC0) ||
            (c == 0xE2 && i + 1 < s.len && (unsigned char)s.at[i + 1] <= 0x81))
            return false;
    }
    return true;
}

/* ---- Numbers to text ------------------------------------------------------------------------------ */

/* |x| as digits d1d2… with the point after `point` of them: 0.0012 is "12", point -2. No trailing zeros. */
typedef struct Decimal { char digits[20]; int count, point; } Decimal;

static Decimal decimal_of(double x)
{
    char text[40];
    x = fabs(x);
    for (int digits = 14; digits <= 16; digits++) {
        snprintf(text, sizeof text, "%.*e", digits, x);
        if (strtod(text, NULL) == x)
            break;
    }
    Decimal d = { 0 };
    char   *e = strchr(text, 'e');
    d.point   = (int)strtol(e + 1, NULL, 10) + 1;
    for (char *p = text; p < e; p++)
        if (*p != '.')
            d.digits[d.count++] = *p;
    while (d.count > 0 && d.digits[d.count - 1] == '0')
        d.count--;
    return d;
}

Str expr_number_text(Arena *a, double x)
{
    if (isnan(x))
        return S("NaN");
    if (isinf(x))
        return x < 0 ? S("-Infinity") : S("Infinity");
    double whole = trunc(x);
    if (fabs(x - whole) < 1e-12)
        x = whole;
    if (x == 0)
        return S("0");
    Decimal d = decimal_of(x);
    Buf     b = buf_new(a, 32);
    if (x < 0)
        buf_byte(&b, '-');
    if (d.point <= 0)
        buf_lit(&b, "0.");
    for (int i = d.point; i < 0; i++)
        buf_byte(&b, '0');
    for (int i = 0; i < d.count || i < d.point; i++) {
        if (i == d.point && i > 0)
            buf_byte(&b, '.');
        buf_byte(&b, i < d.count ? d.digits[i] : '0');
    }
    return buf_str(&b);
}

/* ---- Rounding ------------------------------------------------------------------------------------- */

/* One more in the last of the first n digits. */
static void decimal_up(Decimal *d, int n)
{
    d->count = n;
    for (int i = n - 1; i >= 0; i--) {
        if (d->digits[i] < '9') {
            d->digits[i]++;
            return;
        }
        d->digits[i] = '0';
    }
    memmove(d->digits + 1, d->digits, (size_t)n);
    d->digits[0] = '1';
    d->count     = n + 1;
    d->point++;
}

static double round_decimal(double x, int places)
{
    Decimal d    = decimal_of(x);
    int     keep = d.point + places;
    if (keep >= d.count)
        return x;
    if (keep < 0)
        return 0;
    bool half = d.digits[keep] == '5' && keep + 1 == d.count;
    bool away = half ? x > 0 : d.digits[keep] >= '5';
    if (away)
        decimal_up(&d, keep);
    else
        d.count = keep;
    if (!d.count)
        return 0;
    char text[48];
    snprintf(text, sizeof text, "%s%.*se%d", x < 0 ? "-" : "", d.count, d.digits, d.point - d.count);
    return strtod(text, NULL);
}

double expr_round(double x, double places)
{
    if (isnan(x) || isinf(x) || isnan(places))
        return isnan(places) ? NAN : x;
    if (places > 30)
        return NAN;
    if (places < -400)
        return 0;
    if ((int)places == 0) {
        double below = floor(x);
        return x - below >= 0.5 ? below + 1 : below;
    }
    return round_decimal(x, (int)places);
}

/* ---- Days ----------------------------------------------------------------------------------------- */

enum { ZONE_MS = 7 * 3600 * 1000 };

bool expr_day_read(Str s, double *out, bool *out_time)
{
    Date d;
    Time t;
    if (s.len == 10 && date_parse(s, &d)) {
        *out      = d.day;
        *out_time = false;
        return true;
    }
    if (s.len > 10 && s.at[4] == '-' && s.at[10] == 'T' && time_parse_iso(s, &t)) {
        *out      = (double)(t.ms + ZONE_MS) / (double)MS_DAY;
        *out_time = true;
        return true;
    }
    return false;
}

Str expr_day_text(Arena *a, ExprKind kind, double days)
{
    if (!(fabs(days) < 1e7))
        return S("");
    double whole = floor(days);
    Ymd    y     = date_ymd((Date){ (int32_t)whole });
    if (y.year < 0 || y.year > 9999)
        return S("");
    if (kind == EXPR_DATE)
        return arena_fmt(a, "%04d-%02d-%02d", y.year, y.month, y.day);
    int64_t ms = (int64_t)llround((days - whole) * (double)MS_DAY);
    ms         = ms >= MS_DAY ? MS_DAY - 1 : ms;
    return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+07:00", y.year, y.month, y.day, (int)(ms / MS_HOUR),
                     (int)(ms / MS_MINUTE % 60), (int)(ms / MS_SECOND % 60), (int)(ms % 1000));
}

/* ---- Conversions ------------------------------------------------------------------------------------ */

double expr_number_read(Str s)
{
    s = str_trim(s);
    char   text[400];
    size_t digits = 0, marks = 0;
    if (!s.len || s.len >= sizeof text)
        return NAN;
    for (size_t i = 0; i < s.len; i++) {
        char c  = s.at[i];
        text[i] = c == ',' ? '.' : c;
        if (c >= '0' && c <= '9')
            digits++;
        else if (c == '.' || c == ',')
            marks++;
        else if (c != '-' || i > 0) {
            double days;
            bool   time;
            return expr_day_read(s, &days, &time) ? days : NAN;
        }
    }
    text[s.len] = '\0';
    return digits && marks <= 1 ? strtod(text, NULL) : NAN;
}

ExprValue expr_read(ExprKind kind, Str text)
{
    ExprValue v = { .kind = kind, .text = text };
    if (!text.len || kind == EXPR_STRING || kind == EXPR_TIME || kind == EXPR_ANY)
        return expr_string(text);
    if (kind == EXPR_BOOLEAN)
        v.number = str_eq(text, S("1")) || str_eq(text, S("true"));
    else
        v.number = expr_number_read(text);
    return v;
}

double expr_to_number(const ExprValue *v)
{
    return v->kind == EXPR_STRING ? expr_number_read(v->text) : v->number;
}

bool expr_to_boolean(const ExprValue *v)
{
    return v->kind == EXPR_STRING ? v->text.len > 0 : v->number != 0 && !isnan(v->number);
}

Str expr_to_text(Arena *a, const ExprValue *v)
{
    assert(v->kind != EXPR_NODES);
    if (v->kind == EXPR_STRING || v->text.len)
        return v->text;
    if (v->kind == EXPR_BOOLEAN)
        return v->number != 0 ? S("true") : S("false");
    if (v->kind == EXPR_NUMBER)
        return expr_number_text(a, v->number);
    return expr_day_text(a, v->kind, v->number);
}

Str expr_to_answer(Arena *a, const ExprValue *v)
{
    return v->kind == EXPR_NUMBER && isnan(v->number) ? S("") : expr_to_text(a, v);
}

/* ---- Near names ------------------------------------------------------------------------------------- */

/* Edits between two short words; a swap of neighbours counts one. */
static int word_distance(Str x, Str y)
{
    enum { MAX = 64 };
    int rows[3][MAX + 1];
    if (x.len > MAX || y.len > MAX)
        return MAX;
    int *before2 = rows[0], *before = rows[1], *now = rows[2];
    for (size_t j = 0; j <= y.len; j++)
        before[j] = (int)j;
    for (size_t i = 1; i <= x.len; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j <= y.len; j++) {
            int best = before[j - 1] + (x.at[i - 1] != y.at[j - 1]);
            best     = before[j] + 1 < best ? before[j] + 1 : best;
            best     = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x.at[i - 1] == y.at[j - 2] && x.at[i - 2] == y.at[j - 1] && before2[j - 2] + 1 < best)
                best = before2[j - 2] + 1;
            now[j] = best;
        }
        int *spare = before2;
        before2 = before, before = now, now = spare;
    }
    return before[y.len];
}

Str expr_nearest(Str word, const Str *names, size_t count)
{
    int best = (int)(word.len + 2) / 3, found = -1;
    for (size_t i = 0; i < count; i++) {
        int gap = (int)word.len - (int)names[i].len;
        if (gap > best || -gap > best)
            continue;
        int d = word_distance(word, names[i]);
        if (d > 0 && (d < best || (d == best && found < 0))) {
            best  = d;
            found = (int)i;
        }
    }
    return found < 0 ? S("") : names[found];
}
