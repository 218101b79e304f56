/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bytes become a program or issues, never both; a program walks its pages without answers. Bytes that are no archive
 * are read as lines of cells ("[survey]" opens a sheet, '|' parts cells), so that the reader itself is reached. */
#include "form/form_parts.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_row(Arena *a, FormSheet *sheet, Str line, int number)
{
    StrList cells = { 0 };
    while (line.len) {
        StrPair cut = str_cut(line, '|');
        Str     clean;
        *list_add(a, &cells) = form_cell_clean(a, cut.head, &clean) ? clean : S("");
        line = cut.tail;
    }
    if (cells.len)
        *list_add(a, &sheet->rows) = (FormRowCells){ number, cells.at, cells.len };
}

static FormBook lines_book(Arena *a, Str text)
{
    FormBook   book  = { 0 };
    FormSheet *sheet = NULL;
    int        row   = 0;
    while (text.len) {
        StrPair cut = str_cut(text, '\n');
        text        = cut.tail;
        if (str_starts(cut.head, S("[")) && str_ends(cut.head, S("]"))) {
            sheet  = list_add(a, &book.sheets);
            *sheet = (FormSheet){ .name = str_take(str_skip(cut.head, 1), cut.head.len - 2) };
            row    = 0;
        } else if (sheet) {
            add_row(a, sheet, cut.head, ++row);
        }
    }
    return book;
}

static void walk(Arena *a, const FormProgram *p)
{
    FormAnswers  x      = form_answers_new(a, p);
    AnswerIssues issues = { 0 };
    Time         now    = { INT64_C(1795000000000) };
    for (int node = -1, last = -2; (node = form_next_page(p, *a, &x, now, node)) >= 0; last = node) {
        Out o = out_new(a, LANG_VI, 1 << 12);
        assert(node > last);
        form_render_question(&o, &(FormPage){ .p = p, .x = &x, .now = now, .media = S("/m/"), .files = S("/f/") }, node);
    }
    form_check(p, a, &x, now, -1, &issues);
    form_strip_irrelevant(p, a, &x, now);
    Buf b = buf_new(a, 1 << 12);
    form_questions_json(&b, p, LANG_EN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena keep, work;
    if (!keep.base) {
        keep = arena_open((size_t)1 << 32);
        work = arena_open((size_t)1 << 32);
    }
    arena_reset(&keep, 1 << 20);
    Str          bytes  = { (const char *)data, size };
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    if (str_starts(bytes, S("[")) && size < 20000) {
        FormBook book = lines_book(&keep, bytes);
        p             = form_compile_book(&keep, work, &book, NULL, &issues);
    } else if (form_read_xlsx(&keep, work, bytes, &issues, &p)) {
        return 0;
    }
    assert((p != NULL) != form_issues_bad(&issues));
    for (size_t i = 0; i < issues.len; i++)
        assert(issues.at[i].code.len && issues.at[i].message_vi.len && issues.at[i].message_en.len);
    if (p && p->nodes.len < 200)
        walk(&keep, p);
    return 0;
}
