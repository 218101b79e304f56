/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Workbook bytes to sheets of clean texts, and these to a program: the one way in. */
#include "form/form_parts.h"

#include "base/xlsx.h"

static void file_issue(Arena *keep, FormIssues *issues, Str sheet, int row, Str column, Str vi, Str en)
{
    *list_add(keep, issues) = (FormIssue){ .sheet = sheet, .row = row, .column = column, .code = S("E-FILE"), .message_vi = vi,
                                           .message_en = en, .sheet_at = -1 };
}

static void xlsx_issue(Arena *keep, FormIssues *issues, const XlsxFault *f)
{
    Str     key    = str_concat(keep, S("files.xlsx."), xlsx_fault_name(f->kind));
    Str     column = f->column ? xlsx_column_name(keep, f->column - 1) : S("");
    TextArg args[] = { ARG_S("sheet", f->sheet), ARG_N("row", (int64_t)f->row), ARG_S("column", column) };
    Str     text[LANG_COUNT];
    for (int l = 0; l < LANG_COUNT; l++)
        text[l] = text_fill(keep, (Lang)l, text_find((Lang)l, key), args, COUNT_OF(args));
    file_issue(keep, issues, f->sheet, (int)f->row, column, text[LANG_VI], text[LANG_EN]);
}

static void book_add(Arena *keep, FormBook *book, const XlsxSheet *from, FormIssues *issues)
{
    FormSheet *to = list_add(keep, &book->sheets);
    *to           = (FormSheet){ .name = from->name };
    for (size_t i = 0; i < from->len; i++) {
        const XlsxRow *row   = &from->at[i];
        Str           *cells = arena_new(keep, Str, row->len);
        bool           any   = false;
        for (size_t k = 0; k < row->len; k++) {
            if (!form_cell_clean(keep, row->at[k], &cells[k])) {
                Str column = xlsx_column_name(keep, k);
                file_issue(keep, issues, from->name, (int)row->number, column,
                           arena_fmt(keep, "ô %.*s%zu có ký tự không dùng được. Gõ lại nội dung ô này.", STR_ARG(column), row->number),
                           arena_fmt(keep, "the cell %.*s%zu holds characters that are not text. Type it again.", STR_ARG(column), row->number));
                cells[k] = S("");
            }
            cells[k] = arena_str(keep, cells[k]);            /* clean text may still lie in the workbook's memory */
            any |= cells[k].len > 0;
        }
        if (any)
            *list_add(keep, &to->rows) = (FormRowCells){ (int)row->number, cells, row->len };
    }
}

Err form_book_read(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormBook *out)
{
    if (form_is_csv(bytes)) {
        form_csv_read(keep, scratch, bytes, issues, out);
        return OK;
    }
    XlsxLimits limits = XLSX_LIMITS;
    XlsxFault  fault  = { 0 };
    XlsxBook   raw;
    limits.cell_bytes = 4 * FORM_MAX_CELL;
    limits.rows       = FORM_MAX_CHOICES + 1000;
    Err e = xlsx_read(&scratch, bytes, limits, &raw, &fault);
    if (e && !err_is(e, ERR_INVALID) && !err_is(e, ERR_TOO_LARGE))
        return e;
    *out = (FormBook){ 0 };
    if (e) {
        fault.sheet = arena_str(keep, fault.sheet);
        xlsx_issue(keep, issues, &fault);
        return OK;
    }
    for (size_t i = 0; i < raw.len; i++) {
        XlsxSheet sheet = raw.at[i];
        sheet.name      = arena_str(keep, sheet.name);
        book_add(keep, out, &sheet, issues);
    }
    return OK;
}

/* ---- Sheets ---------------------------------------------------------------------------------------------- */

static const FormSheet *sheet_find(const FormBook *book, const char *name)
{
    for (size_t i = 0; i < book->sheets.len; i++)
        if (str_eq_ascii_nocase(str_trim(book->sheets.at[i].name), str_from_c(name)))
            return &book->sheets.at[i];
    return NULL;
}

/* Sheets that are known and refused, and names that are nearly ours. */
static void check_sheets(Reader *r, const FormBook *book)
{
    static const char *const refused[] = { "entities", "osm", "external_choices" };
    static const Str ours[] = { S_INIT("survey"), S_INIT("choices"), S_INIT("settings") };
    for (size_t i = 0; i < book->sheets.len; i++) {
        const FormSheet *s    = &book->sheets.at[i];
        Str              name = str_lower_ascii(r->scratch, str_trim(s->name));
        bool             none = true;
        for (size_t k = 0; k < COUNT_OF(refused); k++)
            if (str_eq(name, str_from_c(refused[k])) && s->rows.len > 1) {
                form_issue(r, (Place){ SHEET_OTHER, 0, 0, S("") }, "E-TYPE",
                           SAY("trang tính “%.*s” không hỗ trợ. Chuyển các lựa chọn sang “choices” và xóa trang này.", STR_ARG(s->name)),
                           SAY("the sheet “%.*s” is not supported. Move its choices to “choices” and delete it.", STR_ARG(s->name)));
                r->issues->at[r->issues->len - 1].sheet = s->name;
            }
        for (size_t k = 0; k < COUNT_OF(ours); k++)
            none &= !str_eq(name, ours[k]);
        Str near = none ? expr_nearest(name, ours, COUNT_OF(ours)) : S("");
        if (near.len && !sheet_find(book, arena_c(r->scratch, near))) {
            form_issue(r, (Place){ SHEET_OTHER, 0, 0, S("") }, "W-SHEET",
                       SAY("trang tính “%.*s” được bỏ qua. Có phải “%.*s”?", STR_ARG(s->name), STR_ARG(near)),
                       SAY("the sheet “%.*s” is passed over. Did you mean “%.*s”?", STR_ARG(s->name), STR_ARG(near)));
            r->issues->at[r->issues->len - 1].sheet = s->name;
        }
    }
}

static void read_sheets(Reader *r, const FormBook *book)
{
    const FormSheet *survey = sheet_find(book, "survey"), *choices = sheet_find(book, "choices"), *settings = sheet_find(book, "settings");
    check_sheets(r, book);
    if (!survey) {
        form_issue(r, (Place){ SHEET_SURVEY, 0, 0, S("") }, "E-HEADER", S("thiếu trang tính “survey”. Đặt các câu hỏi vào trang tính tên là survey."),
                   S("the sheet “survey” is missing. Put the questions on a sheet of that name."));
        return;
    }
    /* A row of choices opens a list at most, a row of the survey too, and an expression may name files in pulldata. */
    r->list_room = (int)((choices ? choices->rows.len : 0) + survey->rows.len) + FORM_MAX_FILES;
    r->lists     = name_set_new(r->scratch, (size_t)r->list_room);
    if (settings && settings->rows.len)
        read_settings(r, settings);
    const FormRowCells *headers[] = { survey->rows.len ? &survey->rows.at[0] : NULL, choices && choices->rows.len ? &choices->rows.at[0] : NULL };
    languages_find(r, headers, COUNT_OF(headers));
    if (choices && choices->rows.len)
        read_choices(r, choices);
    read_survey(r, survey);
    read_pulldata(r);
}

FormProgram *form_compile_book(Arena *keep, Arena scratch, const FormBook *book, const FormFinder *files, FormIssues *issues)
{
    FormProgram *p = arena_new(keep, FormProgram, 1);
    Reader       r = { .keep = keep, .scratch = &scratch, .issues = issues, .p = p, .default_lang = LANG_VI, .files = files };
    p->form_kind   = S("survey");
    p->root        = S("data");
    read_sheets(&r, book);
    form_compile(&r);
    form_issues_sort(scratch, issues);
    return form_issues_bad(issues) ? NULL : p;
}

Err form_read(Arena *keep, Arena scratch, Str bytes, const FormFinder *files, FormIssues *issues, FormProgram **out)
{
    FormBook book;
    *out = NULL;
    /* Working memory must not lie where the program grows. */
    AUTO(arena_close) Arena own = { 0 };
    if (scratch.base == keep->base) {
        own      = arena_open((size_t)512 << 20);
        own.full = keep->full;
        scratch  = own;
    }
    if (form_is_xml(bytes))
        return form_read_xform(keep, scratch, bytes, files, issues, NULL, out);
    TRY(form_book_read(keep, scratch, bytes, issues, &book));
    if (book.sheets.len)                                 /* else an issue says why */
        *out = form_compile_book(keep, scratch, &book, files, issues);
    return OK;
}

Err form_read_xlsx(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormProgram **out)
{
    return form_read(keep, scratch, bytes, NULL, issues, out);
}
