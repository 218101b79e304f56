/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of choices in the rows of a questionnaire. */
#include "builder/lists.h"

bool list_row(const GridSheet *s, size_t at, Str list)
{
    return str_eq(grid_cell(s, &s->rows.at[at], COL_LIST_NAME, S("")), list);
}

static bool code_taken(const GridSheet *s, Str list, Str code)
{
    for (size_t i = 0; i < s->rows.len; i++)
        if (list_row(s, i, list) && str_eq(grid_cell(s, &s->rows.at[i], COL_NAME, S("")), code))
            return true;
    return false;
}

static Str code_free(Arena *a, const GridSheet *s, Str list)
{
    for (int n = 1;; n++) {
        Str code = arena_fmt(a, "%d", n);
        if (!code_taken(s, list, code))
            return code;
    }
}

size_t list_end(const GridSheet *s, Str list)
{
    for (size_t i = s->rows.len; i > 0; i--)
        if (list_row(s, i - 1, list))
            return i;
    return s->rows.len;
}

static void paste_line(Arena *a, Grid *g, Str list, Str line)
{
    GridSheet *s         = grid_sheet(g, SHEET_CHOICES);
    StrList    languages = grid_languages(a, g), parts = { 0 };
    char       mark      = str_has(line, S("\t")) ? '\t' : '|';
    for (StrPair cut = str_cut(line, mark); parts.len < 20; cut = str_cut(cut.tail, mark)) {
        *list_add(a, &parts) = str_trim(cut.head);
        if (!cut.tail.len)
            break;
    }
    bool     coded = parts.len > 1;
    Str      code  = coded && parts.at[0].len ? parts.at[0] : code_free(a, s, list);
    GridRow *row   = grid_insert(a, g, s, list_end(s, list));
    grid_put(a, s, row, COL_LIST_NAME, S(""), list);
    grid_put(a, s, row, COL_NAME, S(""), code);
    for (size_t i = 0; i < languages.len && i + coded < parts.len; i++)
        grid_put(a, s, row, COL_LABEL, languages.at[i], parts.at[i + coded]);
}

int choices_paste(Arena *a, Grid *g, Str list, Str text)
{
    int n = 0;
    while (text.len) {
        StrPair cut = str_cut(text, '\n');
        if (str_trim(cut.head).len) {
            paste_line(a, g, list, str_trim(cut.head));
            n++;
        }
        text = cut.tail;
    }
    return n;
}

Str list_uses(Arena *a, const Grid *g, Str list)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    StrList names = { 0 };
    for (size_t i = 0; i < s->rows.len; i++) {
        TypeCell t = type_read(a, grid_cell(s, &s->rows.at[i], COL_TYPE, S("")));
        if (t.word && t.word->shape == TYPE_LIST && str_eq(t.list, list))
            *list_add(a, &names) = grid_cell(s, &s->rows.at[i], COL_NAME, S(""));
    }
    return str_join(a, names.at, names.len, S(", "));
}

Str list_type(Arena *a, const TypeCell *t, Str list)
{
    return arena_fmt(a, "%s %.*s%s", t->word->word, STR_ARG(list), t->or_other ? " or_other" : "");
}

void list_rename(Arena *a, Grid *g, Str from, Str to)
{
    GridSheet *choices = grid_sheet(g, SHEET_CHOICES), *survey = grid_sheet(g, SHEET_SURVEY);
    for (size_t i = 0; i < choices->rows.len; i++)
        if (list_row(choices, i, from))
            grid_put(a, choices, &choices->rows.at[i], COL_LIST_NAME, S(""), to);
    for (size_t i = 0; i < survey->rows.len; i++) {
        TypeCell t = type_read(a, grid_cell(survey, &survey->rows.at[i], COL_TYPE, S("")));
        if (t.word && t.word->shape == TYPE_LIST && str_eq(t.list, from))
            grid_put(a, survey, &survey->rows.at[i], COL_TYPE, S(""), list_type(a, &t, to));
    }
}

Str list_free(Arena *a, const Grid *g, Str wish)
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
