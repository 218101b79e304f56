/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What changed between two texts, by the longest common run of words (lines when the texts are long). */
#include "view/component.h"

enum { WORDS_MOST = 600, LINES_MOST = 800 };

/* Pieces that join to the text again: words with the blanks after them, or lines. */
static StrList pieces(Arena *a, Str s, bool lines)
{
    StrList list = { 0 };
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        while (i < s.len && s.at[i] != '\n' && (lines || s.at[i] != ' '))
            i++;
        while (i < s.len && (s.at[i] == '\n' || (!lines && s.at[i] == ' ')))
            i++;
        *list_add(a, &list) = (Str){ s.at + from, i - from };
    }
    return list;
}

/* A run of pieces inside one element; blanks at its end stay outside. */
static void mark(Out *o, const char *element, const StrList *list, size_t from, size_t to)
{
    if (from == to)
        return;
    Str run = { list->at[from].at, (size_t)(list->at[to - 1].at + list->at[to - 1].len - list->at[from].at) };
    size_t end = run.len;
    while (end && (run.at[end - 1] == ' ' || run.at[end - 1] == '\n'))
        end--;
    buf_fmt(&o->buf, "<%s>", element);
    out_html(o, str_take(run, end));
    buf_fmt(&o->buf, "</%s>", element);
    out_html(o, str_skip(run, end));
}

/* Length of the longest common subsequence of x[i..] and y[j..], for all i and j. */
static uint16_t *common_table(Arena *a, const StrList *x, const StrList *y)
{
    size_t    width = y->len + 1;
    uint16_t *best = arena_new(a, uint16_t, (x->len + 1) * width);
    for (size_t i = x->len; i-- > 0;)
        for (size_t j = y->len; j-- > 0;) {
            uint16_t down = best[(i + 1) * width + j], right = best[i * width + j + 1];
            best[i * width + j] = str_eq(str_trim(x->at[i]), str_trim(y->at[j])) ? (uint16_t)(best[(i + 1) * width + j + 1] + 1)
                                  : down > right ? down : right;
        }
    return best;
}

static void write_changes(Out *o, const StrList *x, const StrList *y, const uint16_t *best)
{
    size_t width = y->len + 1;
    for (size_t i = 0, j = 0; i < x->len || j < y->len;) {
        if (i < x->len && j < y->len && str_eq(str_trim(x->at[i]), str_trim(y->at[j]))) {
            out_html(o, y->at[j]);
            i++, j++;
            continue;
        }
        size_t i0 = i, j0 = j;
        while ((i < x->len || j < y->len) && !(i < x->len && j < y->len && str_eq(str_trim(x->at[i]), str_trim(y->at[j])))) {
            if (j == y->len || (i < x->len && best[(i + 1) * width + j] >= best[i * width + j + 1]))
                i++;
            else
                j++;
        }
        mark(o, "del", x, i0, i);
        if (i > i0 && j > j0 && o->buf.at[o->buf.len - 1] == '>')
            out_raw(o, S(" "));
        mark(o, "ins", y, j0, j);
    }
}

static void changes(Out *o, Str before, Str after)
{
    Arena *a = o->buf.a;
    StrList x = pieces(a, before, false), y = pieces(a, after, false);
    if (x.len > WORDS_MOST || y.len > WORDS_MOST) {
        x = pieces(a, before, true);
        y = pieces(a, after, true);
    }
    if (x.len > LINES_MOST || y.len > LINES_MOST) {        /* more than a page can show: old, then new */
        mark(o, "del", &x, 0, x.len);
        mark(o, "ins", &y, 0, y.len);
        return;
    }
    write_changes(o, &x, &y, common_table(a, &x, &y));
}

void diff_view(Out *o, Str before, Str after)
{
    out_raw(o, S("<p class=\"diff\">"));
    changes(o, before, after);
    out_raw(o, S("</p>\n"));
}
