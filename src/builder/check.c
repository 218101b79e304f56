/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A draft through the same reader as every workbook. */
#include "builder/parts.h"

/* Only lists of choices are read while writing; pictures and sounds need not be loaded for that. */
static Err lists_load(Db *db, Store *s, Arena *a, int64_t id, FormFileSet *out)
{
    DraftFiles rows;
    TRY(form_draft_files(db, a, id, &rows));
    FormFile *files = arena_new(a, FormFile, rows.len);
    *out            = (FormFileSet){ files, 0 };
    for (size_t i = 0; i < rows.len; i++) {
        if (!str_ends(rows.at[i].name, S(".csv")) && !str_ends(rows.at[i].name, S(".xml")))
            continue;
        files[out->len].name = rows.at[i].name;
        TRY(files_load(s, a, rows.at[i].sum, &files[out->len++].bytes));
    }
    return OK;
}

Err form_draft_compile(Db *db, Store *s, Arena *a, int64_t id, const Grid *g, FormIssues *issues, FormProgram **out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    FormBook    book = grid_book(a, g);
    FormFileSet files;
    work.full = a->full;
    TRY(lists_load(db, s, a, id, &files));
    FormFinder finder = form_finder(&files);
    *out = form_compile_book(a, work, &book, &finder, issues);
    return OK;
}

int64_t issue_row(const Grid *g, const FormIssue *f)
{
    if (f->sheet_at < 0 || f->sheet_at >= SHEET_OTHER || f->row < 2)
        return 0;
    const GridSheet *s = grid_sheet(g, (SheetId)f->sheet_at);
    return (size_t)f->row - 2 < s->rows.len ? s->rows.at[f->row - 2].id : 0;
}
