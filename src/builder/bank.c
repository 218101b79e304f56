/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cutting a question or a group out of a questionnaire and putting it into another. */
#include "builder/bank.h"
#include "builder/lists.h"
#include "builder/outline.h"

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

/* ---- Cutting out ------------------------------------------------------------------------------------------------------- */

static bool among(const StrList *names, Str name)
{
    for (size_t i = 0; i < names->len; i++)
        if (str_eq(names->at[i], name))
            return true;
    return false;
}

static StrList names_of_rows(Arena *a, const GridSheet *s, size_t from, size_t end)
{
    StrList out = { 0 };
    for (size_t i = from; i <= end; i++)
        if (grid_cell(s, &s->rows.at[i], COL_NAME, S("")).len)
            *list_add(a, &out) = grid_cell(s, &s->rows.at[i], COL_NAME, S(""));
    return out;
}

/* An absolute path names the questionnaire it was written for. */
static bool names_others(const StrList *own, Str source)
{
    Str name, rest = source;
    while (grid_next_name(&rest, &name))
        if (!among(own, name))
            return true;
    return str_starts(str_trim(source), S("/")) || str_has(source, S(" /")) || str_has(source, S("(/"));
}

static void leave_behind(Arena *a, GridSheet *to, GridRow *row, const StrList *own, int64_t from, BankLefts *left)
{
    static const ColumnId columns[] = { COL_RELEVANT, COL_CHOICE_FILTER, COL_REQUIRED, COL_REPEAT_COUNT, COL_READ_ONLY, COL_TRIGGER };
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        Str source = grid_cell(to, row, columns[i], S(""));
        if (!names_others(own, source))
            continue;
        grid_put(a, to, row, columns[i], S(""), S(""));
        if (left)
            *list_add(a, left) = (BankLeft){ from, columns[i], source };
    }
}

/* "instance('muc5')" in either kind of quotes. */
static Str list_called(Arena *a, Str list, char quote)
{
    return arena_fmt(a, "instance(%c%.*s%c)", quote, STR_ARG(list), quote);
}

static bool asks_from(Arena *a, const GridSheet *s, size_t from, size_t end, Str list)
{
    Str one = list_called(a, list, '\''), two = list_called(a, list, '"');
    for (size_t i = from; i <= end; i++) {
        TypeCell t = type_read(a, grid_cell(s, &s->rows.at[i], COL_TYPE, S("")));
        if (t.word && t.word->shape == TYPE_LIST && str_eq(t.list, list))
            return true;
        for (size_t k = 0; k < s->columns.len; k++)
            if (str_has(s->rows.at[i].cells[k], one) || str_has(s->rows.at[i].cells[k], two))
                return true;
    }
    return false;
}

Grid *bank_cut(Arena *a, const Grid *g, int64_t id, BankLefts *left)
{
    const GridSheet   *s = grid_sheet(g, SHEET_SURVEY), *choices = grid_sheet(g, SHEET_CHOICES);
    Outline            o = outline_of(a, g);
    const OutlineItem *x = &o.items.at[outline_find(&o, id)];
    StrList   own = names_of_rows(a, s, x->at, x->end), lists = grid_list_names(a, g);
    Grid      *out = grid_bare(a);
    GridSheet *to  = grid_sheet(out, SHEET_SURVEY);
    grid_set_setting(a, out, COL_DEFAULT_LANGUAGE, S(""), grid_setting(g, COL_DEFAULT_LANGUAGE, S("")));
    for (size_t i = x->at; i <= x->end; i++) {
        GridRow *row = grid_insert(a, out, to, to->rows.len);
        copy_row(a, out, to, row, g, s, &s->rows.at[i]);
        leave_behind(a, to, row, &own, s->rows.at[i].id, left);
    }
    grid_put_header(a, to, &to->rows.at[0], str_from_c(BANK_COLUMN), S(""));
    to = grid_sheet(out, SHEET_CHOICES);
    for (size_t l = 0; l < lists.len; l++) {
        bool asked = asks_from(a, s, x->at, x->end, lists.at[l]);
        for (size_t i = 0; asked && i < choices->rows.len; i++)
            if (list_row(choices, i, lists.at[l]))
                copy_row(a, out, to, grid_insert(a, out, to, to->rows.len), g, choices, &choices->rows.at[i]);
    }
    return out;
}

bool bank_is_group(Str type)
{
    return str_starts(type, S("begin"));
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
static Str same_list(Arena *a, const Grid *g, const Grid *content, Str list)
{
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES), *t = grid_sheet(content, SHEET_CHOICES);
    StrList names = grid_list_names(a, g);
    for (size_t n = 0; n < names.len; n++) {
        size_t at = 0;
        bool   same = true;
        for (size_t i = 0; same && i < s->rows.len; i++) {
            if (!list_row(s, i, names.at[n]))
                continue;
            while (at < t->rows.len && !list_row(t, at, list))
                at++;
            same = at < t->rows.len && same_but_name(s, &s->rows.at[i], t, &t->rows.at[at]);
            at++;
        }
        while (at < t->rows.len && !list_row(t, at, list))
            at++;
        if (same && at >= t->rows.len)
            return names.at[n];
    }
    return S("");
}

/* The name the list has in g, where it is made unless the same choices are there. */
static Str list_taken_in(Arena *a, Grid *g, const Grid *content, Str list)
{
    const GridSheet *t    = grid_sheet(content, SHEET_CHOICES);
    GridSheet       *s    = grid_sheet(g, SHEET_CHOICES);
    Str              name = same_list(a, g, content, list);
    if (name.len)
        return name;
    name = list_free(a, g, list);
    for (size_t i = 0; i < t->rows.len; i++) {
        if (!list_row(t, i, list))
            continue;
        GridRow *row = grid_insert(a, g, s, s->rows.len);
        copy_row(a, g, s, row, content, t, &t->rows.at[i]);
        grid_put(a, s, row, COL_LIST_NAME, S(""), name);
    }
    return name;
}

/* ---- Putting in --------------------------------------------------------------------------------------------------------- */

static void type_follow(Arena *a, GridSheet *s, GridRow *row, const StrList *from, const StrList *to)
{
    TypeCell t = type_read(a, grid_cell(s, row, COL_TYPE, S("")));
    for (size_t i = 0; i < from->len; i++)
        if (t.word && t.word->shape == TYPE_LIST && str_eq(t.list, from->at[i]))
            grid_put(a, s, row, COL_TYPE, S(""), list_type(a, &t, to->at[i]));
}

/* instance('x') of all lists at once, for a fresh name may be the old one of another list. */
static Str lists_renamed(Arena *a, Str text, const StrList *from, const StrList *to)
{
    size_t at;
    Str    rest = text;
    if (!str_has(text, S("instance(")))
        return text;
    Buf b = buf_new(a, text.len + 64);
    while (str_find(rest, S("instance("), &at)) {
        at += S("instance(").len;
        buf_add(&b, str_take(rest, at));
        rest = str_skip(rest, at);
        char    quote = rest.len ? rest.at[0] : ')';
        StrPair list  = str_cut(str_skip(rest, 1), quote);
        size_t  i     = 0;
        while (i < from->len && !str_eq(from->at[i], list.head))
            i++;
        if ((quote != '\'' && quote != '"') || i == from->len || !str_starts(list.tail, S(")")))
            continue;
        buf_fmt(&b, "%c%.*s%c", quote, STR_ARG(to->at[i]), quote);
        rest = list.tail;
    }
    buf_add(&b, rest);
    return buf_str(&b);
}

/* Cells that name a question or a list of content by the names they have now. */
static void cells_follow(Arena *a, GridSheet *s, GridRow *row, const StrList *old, const StrList *fresh, const StrList *lists, const StrList *named)
{
    for (size_t k = 0; k < s->columns.len; k++)
        row->cells[k] = lists_renamed(a, grid_renamed(a, row->cells[k], old, fresh), lists, named);
    type_follow(a, s, row, lists, named);
}

int64_t bank_paste(Arena *a, Grid *g, const Grid *content, int64_t item, int64_t version, int64_t after, bool inside)
{
    const GridSheet *t = grid_sheet(content, SHEET_SURVEY);
    GridSheet       *s = grid_sheet(g, SHEET_SURVEY);
    Outline          o = outline_of(a, g);
    size_t           at = outline_place(&o, g, after ? outline_find(&o, after) : -1, inside);
    StrList old = { 0 }, fresh = { 0 }, lists = grid_list_names(a, content), named = { 0 };
    for (size_t i = 0; i < lists.len; i++)
        *list_add(a, &named) = list_taken_in(a, g, content, lists.at[i]);
    for (size_t i = 0; i < t->rows.len; i++) {
        Str      wish = grid_cell(t, &t->rows.at[i], COL_NAME, S("")), name = wish.len ? grid_free_name(a, g, wish) : wish;
        GridRow *row  = grid_insert(a, g, s, at + i);
        copy_row(a, g, s, row, content, t, &t->rows.at[i]);
        grid_put(a, s, row, COL_NAME, S(""), name);
        *list_add(a, &old)   = wish;
        *list_add(a, &fresh) = name;
    }
    for (size_t i = 0; i < t->rows.len; i++)
        cells_follow(a, s, &s->rows.at[at + i], &old, &fresh, &lists, &named);
    grid_put_header(a, s, &s->rows.at[at], str_from_c(BANK_COLUMN), arena_fmt(a, "%lld.%lld", (long long)item, (long long)version));
    return s->rows.at[at].id;
}
