/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any bytes as a submission: an error, or answers that are checked within the limits, written again and read as the same. */
#include "form/form_parts.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_sheet(Arena *keep, FormBook *book, const char *name, const char *const *texts, size_t rows, size_t columns)
{
    FormSheet *sheet = list_add(keep, &book->sheets);
    *sheet = (FormSheet){ .name = str_from_c(name) };
    for (size_t i = 0; i < rows; i++) {
        Str *cells = arena_new(keep, Str, columns);
        for (size_t k = 0; k < columns; k++)
            cells[k] = str_from_c(texts[i * columns + k]);
        *list_add(keep, &sheet->rows) = (FormRowCells){ (int)i + 1, cells, columns };
    }
}

/* A questionnaire with one of everything, built without a spreadsheet's bytes. */
static FormProgram *program(Arena *keep, Arena work)
{
    static const char *const rows[][7] = {
        { "type", "name", "label", "relevant", "calculation", "constraint", "repeat_count" },
        { "integer", "n", "N", "", "", ". < 50", "" }, { "begin_repeat", "r", "R", "${n} > 1", "", "", "" },
        { "text", "t", "T", "", "", "", "" },
        { "begin_repeat", "s", "S", "", "", "", "${n}" }, { "decimal", "d", "D", "", "", "", "" },
        { "calculate", "e", "", "", "${d} + position(..)", "", "" },
        { "end_repeat", "", "", "", "", "", "" }, { "calculate", "sum", "", "", "sum(${d})", "", "" }, { "end_repeat", "", "", "", "", "", "" },
        { "select_multiple l", "m", "M", "", "", "count-selected(.) < 2", "" }, { "geoshape", "g", "G", "", "", "", "" },
        { "dateTime", "w", "W", "", "", "", "" },
        { "calculate", "all", "", "", "concat(${t}, area(${g}), ${w})", "", "" } };
    static const char *const choices[][3] = { { "list_name", "name", "label" }, { "l", "1", "A" }, { "l", "2", "B" } };
    FormBook   book   = { 0 };
    FormIssues issues = { 0 };
    add_sheet(keep, &book, "survey", rows[0], COUNT_OF(rows), 7);
    add_sheet(keep, &book, "choices", choices[0], COUNT_OF(choices), 3);
    return form_compile_book(keep, work, &book, NULL, &issues);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena keep, a, work;
    static FormProgram *p;
    if (!p) {
        keep = arena_open((size_t)1 << 28);
        a    = arena_open((size_t)1 << 30);
        work = arena_open((size_t)1 << 28);
        p    = program(&keep, work);
        assert(p);
    }
    arena_reset(&a, 1 << 20);
    FormAnswers  x, y;
    FormMeta     meta, again;
    FormFindings f = { 0 }, g = { 0 };
    Time         now = { INT64_C(1795000000000) };
    if (form_instance_read(&a, p, (Str){ (const char *)data, size }, &x, &meta, &f) || meta.encrypted)
        return 0;
    form_recheck(&a, p, &x, now, &f);
    for (size_t i = 0; i < f.len; i++)
        assert(f.at[i].path.len && form_finding_code(f.at[i].kind).len);
    form_settle(p, &a, &x, now);
    Str xml = form_instance_write(&a, p, &x, &meta, now);
    if (xml.len > 1 << 20)
        return 0;
    Err e = form_instance_read(&a, p, xml, &y, &again, &g);
    assert(!e && g.len == 0);
    Str twice = form_instance_write(&a, p, &y, &again, now);
    assert(str_eq(xml, twice));
    return 0;
}
