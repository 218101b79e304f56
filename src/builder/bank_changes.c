/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two versions of an item by the comparison of questionnaires: each is compiled as a questionnaire of its own, in which a name that lies
 * outside the item is a question without words and a file of choices has every column that is asked for. */
#include "builder/bank.h"

static void once(Arena *a, StrList *to, Str word)
{
    for (size_t i = 0; i < to->len; i++)
        if (str_eq(to->at[i], word))
            return;
    *list_add(a, to) = word;
}

static bool has_row(const Grid *g, Str name)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    for (size_t i = 0; i < s->rows.len; i++)
        if (str_eq(grid_cell(s, &s->rows.at[i], COL_NAME, S("")), name))
            return true;
    return false;
}

static void add_outside(Arena *a, const Grid *g, StrList *out)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    Str              name;
    for (size_t i = 0; i < s->rows.len; i++)
        for (size_t k = 0; k < s->columns.len; k++)
            for (Str rest = s->rows.at[i].cells[k]; grid_next_name(&rest, &name);)
                if (expr_is_name(name) && !has_row(g, name))
                    once(a, out, name);
}

/* ---- Files that are not at hand -------------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Any word of these cells may be a column of a file. */
static StrList words_of(Arena *a, const Grid *g)
{
    static const ColumnId columns[] = { COL_CHOICE_FILTER, COL_PARAMETERS, COL_CALCULATION, COL_RELEVANT, COL_CONSTRAINT };
    const GridSheet *s   = grid_sheet(g, SHEET_SURVEY);
    StrList          out = { 0 };
    once(a, &out, S("name"));
    once(a, &out, S("label"));
    for (size_t i = 0; i < s->rows.len; i++)
        for (size_t k = 0; k < COUNT_OF(columns); k++)
            for (Str rest = grid_cell(s, &s->rows.at[i], columns[k], S("")); rest.len && out.len < FORM_MAX_COLUMNS;) {
                size_t n = 0;
                while (n < rest.len && is_word(rest.at[n]))
                    n++;
                if (n && expr_is_name(str_take(rest, n)))
                    once(a, &out, str_take(rest, n));
                rest = str_skip(rest, n ? n : 1);
            }
    return out;
}

static bool any_file(void *self, Arena *a, Str name, Str *out)
{
    const StrList *words = self;
    bool xml = str_ends(name, S(".xml"));
    Buf  b   = buf_new(a, 1024);
    if (!xml) {
        *out = str_concat(a, str_join(a, words->at, words->len, S(",")), S("\n"));
        return true;
    }
    buf_lit(&b, "<root><item>");
    for (size_t i = 0; i < words->len; i++)
        buf_fmt(&b, "<%.*s>1</%.*s>", STR_ARG(words->at[i]), STR_ARG(words->at[i]));
    buf_lit(&b, "</item></root>");
    *out = buf_str(&b);
    return true;
}

/* ---- Comparing ------------------------------------------------------------------------------------------------------------ */

static FormProgram *program_of(Arena *a, const Grid *g, const StrList *outside, FormIssues *issues)
{
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    const GridSheet *s     = grid_sheet(g, SHEET_SURVEY);
    FormBook         book  = grid_book(a, g);
    FormSheet       *rows  = &book.sheets.at[s - g->sheets.at];
    StrList          words = words_of(a, g);
    FormFinder       files = { any_file, &words };
    work.full = a->full;
    for (size_t i = 0; i < outside->len; i++) {
        if (has_row(g, outside->at[i]))
            continue;
        Str *cells = arena_new(a, Str, s->columns.len);
        cells[grid_column(s, COL_TYPE, S(""))] = S("hidden");
        cells[grid_column(s, COL_NAME, S(""))] = outside->at[i];
        *list_add(a, &rows->rows) = (FormRowCells){ (int)(s->rows.len + i) + 2, cells, s->columns.len };
    }
    return form_compile_book(a, work, &book, &files, issues);
}

bool bank_changes(Arena *a, const Grid *before, const Grid *after, Lang l, FormIssues *issues, FormChanges *out)
{
    StrList outside = { 0 };
    add_outside(a, before, &outside);
    add_outside(a, after, &outside);
    const FormProgram *p = program_of(a, before, &outside, issues), *q = p ? program_of(a, after, &outside, issues) : NULL;
    if (p && q)
        *out = form_changes(a, p, q, l);
    return p && q;
}
