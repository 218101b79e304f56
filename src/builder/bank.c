/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cutting a question out of a questionnaire and putting it into another. */
#include "builder/bank.h"

static const char BANK_COLUMN[] = "td_bank";

/* "label" of a questionnaire in Vietnamese is "label::Tiếng Việt (vi)" of another. -1: no column for it yet. */
static int column_of_meaning(const Grid *g, const GridSheet *to, const Grid *of, const FormHeader *is)
{
    for (size_t i = 0; is->translated && i < to->columns.len; i++)
        if (to->columns.at[i].is.id == is->id && str_eq(grid_language_name(g, to->columns.at[i].is.language), grid_language_name(of, is->language)))
            return (int)i;
    return -1;
}

static void copy_row(Arena *a, const Grid *g, GridSheet *to, GridRow *row, const Grid *of, const GridSheet *from, const GridRow *source)
{
    for (size_t i = 0; i < from->columns.len; i++) {
        int at = column_of_meaning(g, to, of, &from->columns.at[i].is);
        if (at >= 0)
            row->cells[at] = arena_str(a, source->cells[i]);
        else if (from->columns.at[i].header.len)
            grid_put_header(a, to, row, from->columns.at[i].header, source->cells[i]);
    }
}

Grid *bank_cut(Arena *a, const Grid *g, int64_t id)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY), *choices = grid_sheet(g, SHEET_CHOICES);
    const GridRow   *q = grid_row(s, id);
    Grid            *out = grid_bare(a);
    GridSheet       *to  = grid_sheet(out, SHEET_SURVEY);
    TypeCell         t   = type_read(a, grid_cell(s, q, COL_TYPE, S("")));
    grid_set_setting(a, out, COL_DEFAULT_LANGUAGE, S(""), grid_setting(g, COL_DEFAULT_LANGUAGE, S("")));
    copy_row(a, out, to, grid_insert(a, out, to, 0), g, s, q);
    grid_put(a, to, &to->rows.at[0], COL_RELEVANT, S(""), S(""));        /* conditions name questions of their questionnaire */
    grid_put(a, to, &to->rows.at[0], COL_CHOICE_FILTER, S(""), S(""));
    grid_put_header(a, to, &to->rows.at[0], str_from_c(BANK_COLUMN), S(""));
    to = grid_sheet(out, SHEET_CHOICES);
    for (size_t i = 0; t.list.len && i < choices->rows.len; i++)
        if (str_eq(grid_cell(choices, &choices->rows.at[i], COL_LIST_NAME, S("")), t.list))
            copy_row(a, out, to, grid_insert(a, out, to, to->rows.len), g, choices, &choices->rows.at[i]);
    return out;
}

bool bank_source(const Grid *g, const GridRow *row, int64_t *item, int64_t *version)
{
    const GridSheet *s  = grid_sheet(g, SHEET_SURVEY);
    int              at = grid_header(s, str_from_c(BANK_COLUMN));
    StrPair          cut = str_cut(at < 0 ? S("") : row->cells[at], '.');
    return str_to_i64(cut.head, item) && str_to_i64(cut.tail, version);
}

/* ---- Lists ------------------------------------------------------------------------------------------------------------- */

static bool same_but_name(const GridSheet *s, const GridRow *x, const GridSheet *t, const GridRow *y)
{
    for (size_t i = 0; i < t->columns.len; i++) {
        int at = grid_header(s, t->columns.at[i].header);
        if (t->columns.at[i].is.id != COL_LIST_NAME && !str_eq(y->cells[i], at < 0 ? S("") : x->cells[at]))
            return false;
    }
    return true;
}

/* A list of g with the same choices in the same order; empty: none. */
static Str same_list(Arena *a, const Grid *g, const Grid *content)
{
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES), *t = grid_sheet(content, SHEET_CHOICES);
    StrList names = grid_list_names(a, g);
    for (size_t n = 0; n < names.len; n++) {
        size_t k = 0, mine = 0;
        for (size_t i = 0; i < s->rows.len; i++) {
            if (!str_eq(grid_cell(s, &s->rows.at[i], COL_LIST_NAME, S("")), names.at[n]))
                continue;
            mine++;
            k += k < t->rows.len && same_but_name(s, &s->rows.at[i], t, &t->rows.at[k]);
        }
        if (mine && mine == t->rows.len && k == mine)
            return names.at[n];
    }
    return S("");
}

static Str free_list(Arena *a, const Grid *g, Str wish)
{
    StrList names = grid_list_names(a, g);
    Str     name  = wish;
    for (int n = 2;; n++) {
        bool taken = false;
        for (size_t i = 0; i < names.len; i++)
            taken |= str_eq(names.at[i], name);
        if (!taken)
            return name;
        name = arena_fmt(a, "%.*s_%d", STR_ARG(wish), n);
    }
}

static Str list_paste(Arena *a, Grid *g, const Grid *content, Str wish)
{
    const GridSheet *t    = grid_sheet(content, SHEET_CHOICES);
    GridSheet       *s    = grid_sheet(g, SHEET_CHOICES);
    Str              name = same_list(a, g, content);
    if (name.len || !t->rows.len)
        return name.len ? name : wish;
    name = free_list(a, g, wish);
    for (size_t i = 0; i < t->rows.len; i++) {
        GridRow *row = grid_insert(a, g, s, s->rows.len);
        copy_row(a, g, s, row, content, t, &t->rows.at[i]);
        grid_put(a, s, row, COL_LIST_NAME, S(""), name);
    }
    return name;
}

int64_t bank_paste(Arena *a, Grid *g, const Grid *content, int64_t item, int64_t version, int64_t after)
{
    const GridSheet *t  = grid_sheet(content, SHEET_SURVEY);
    GridSheet       *s  = grid_sheet(g, SHEET_SURVEY);
    int              at = grid_row_at(s, after);
    TypeCell         type = type_read(a, grid_cell(t, &t->rows.at[0], COL_TYPE, S("")));
    Str              name = grid_free_name(a, g, grid_cell(t, &t->rows.at[0], COL_NAME, S("")));
    GridRow         *row  = grid_insert(a, g, s, at < 0 ? s->rows.len : (size_t)at + 1);
    copy_row(a, g, s, row, content, t, &t->rows.at[0]);
    grid_put(a, s, row, COL_NAME, S(""), name);
    grid_put_header(a, s, row, str_from_c(BANK_COLUMN), arena_fmt(a, "%lld.%lld", (long long)item, (long long)version));
    if (type.word && type.word->shape == TYPE_LIST)
        grid_put(a, s, row, COL_TYPE, S(""), arena_fmt(a, "%s %.*s%s", type.word->word, STR_ARG(list_paste(a, g, content, type.list)),
                                                       type.or_other ? " or_other" : ""));
    return row->id;
}
