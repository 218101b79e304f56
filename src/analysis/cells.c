/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cells as labels, numbers and days. */
#include "analysis/parts.h"

#include <math.h>

Str cut_utf8(Str s, size_t most_bytes)
{
    if (s.len <= most_bytes)
        return s;
    size_t n = most_bytes;
    while (n > 0 && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n--;
    return str_take(s, n);
}

Str cell_label(Arena *a, const Variable *v, Str cell, Lang l)
{
    if (v->kind == VAR_CHOICE && cell.len) {
        const Category *c = category_find(v, cell);
        Str label = c ? label_of(c->label, l) : S("");
        return label.len ? label : cell;
    }
    if (v->kind != VAR_SEVERAL)
        return cell;
    StrList labels = { 0 };
    for (Str rest = cell; rest.len;) {
        StrPair p = str_cut(rest, ' ');
        rest = p.tail;
        const Category *c = category_find(v, p.head);
        *list_add(a, &labels) = c && label_of(c->label, l).len ? label_of(c->label, l) : p.head;
    }
    return str_join(a, labels.at, labels.len, S("; "));
}

/* One to fifteen digits without point or exponent, which nearly every answer is. */
static bool small_whole(Str s, double *out)
{
    bool   minus = s.len && s.at[0] == '-';
    size_t i     = minus;
    if (s.len == i || s.len > 15)
        return false;
    int64_t n = 0;
    for (; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        n = n * 10 + (s.at[i] - '0');
    }
    *out = (double)(minus ? -n : n);
    return true;
}

bool cell_number(const Variable *v, Str cell, double *out)
{
    if (!cell.len)
        return false;
    if (v->kind == VAR_CHOICE) {
        const Category *c = category_find(v, cell);
        *out = c ? c->number : NAN;
        return c != NULL;
    }
    return small_whole(cell, out) || (str_to_f64(cell, out) && isfinite(*out));
}

bool cell_day(Str cell, Date *out)
{
    return cell.len && date_parse(cell, out) && !date_is_none(*out);
}

Str table_title(Arena *a, const AnalysisTable *t, Lang l)
{
    StrList titles = { 0 };
    for (size_t i = 0; i < t->round_count; i++)
        *list_add(a, &titles) = round_title(&t->rounds[i].round, l);
    Str title = str_join(a, titles.at, titles.len, S("; "));
    return t->repeat.len ? str_join(a, (Str[]){ title, table_label(t, l) }, 2, S(" – ")) : title;
}

Str table_label(const AnalysisTable *t, Lang l)
{
    Str label = label_of(t->label, l);
    return label.len ? label : t->repeat;
}

Str table_file(Arena *a, const AnalysisTable *t)
{
    Str code = t->rounds[0].round.code;
    return t->repeat.len ? str_join(a, (Str[]){ code, str_replace(a, t->repeat, S("/"), S("_")) }, 2, S("-")) : code;
}
