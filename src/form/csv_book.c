/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A questionnaire as one .csv: a name alone in the first column opens a sheet, whose rows start one column later. */
#include "form/form_parts.h"

#include "base/csv.h"
#include "base/utf8.h"

bool form_is_csv(Str bytes)
{
    return bytes.len && !str_starts(bytes, S("PK")) && utf8_valid(bytes) && !memchr(bytes.at, 0, bytes.len);
}

static void fault(Arena *keep, FormIssues *issues, int row, Str vi, Str en)
{
    *list_add(keep, issues) = (FormIssue){ .sheet = S(""), .row = row, .column = S(""), .code = S("E-FILE"), .message_vi = vi,
                                           .message_en = en, .sheet_at = -1 };
}

static void csv_fault(Arena *keep, FormIssues *issues, const CsvReader *in)
{
    Str     key    = str_concat(keep, S("files.csv."), csv_fault_name(in->fault)), text[LANG_COUNT];
    TextArg args[] = { ARG_N("line", in->fault_line), ARG_N("column", in->fault_column) };
    for (int l = 0; l < LANG_COUNT; l++)
        text[l] = text_fill(keep, (Lang)l, text_find((Lang)l, key), args, COUNT_OF(args));
    fault(keep, issues, in->fault_line, text[LANG_VI], text[LANG_EN]);
}

static bool row_clean(Arena *keep, const CsvRow *row, FormRowCells *out)
{
    Str   *cells = arena_new(keep, Str, row->len);
    size_t len   = 0;
    for (size_t i = 1; i < row->len; i++) {
        Str clean;
        if (!form_cell_clean(keep, row->at[i], &clean))
            return false;
        cells[i - 1] = arena_str(keep, clean);
        len          = clean.len ? i : len;
    }
    *out = (FormRowCells){ row->line, cells, len };
    return true;
}

static void no_form(Arena *keep, FormIssues *issues, int row)
{
    fault(keep, issues, row, S("đây không phải tệp .xlsx, cũng không phải .csv có tên trang tính ở cột đầu. Lưu phiếu thành .xlsx rồi gửi lại."),
          S("this is no .xlsx, and no .csv with the name of a sheet in its first column. Save the form as .xlsx and send it again."));
}

static void add_row(Arena *keep, FormBook *book, const CsvRow *row, FormIssues *issues)
{
    Str          name;
    FormRowCells cells;
    if (!form_cell_clean(keep, csv_cell(row, 0), &name) || !row_clean(keep, row, &cells)) {
        fault(keep, issues, row->line, S("hàng này có ký tự không dùng được. Gõ lại hàng này."),
              S("this row holds characters that are not text. Type it again."));
        return;
    }
    if (name.len) {
        *list_add(keep, &book->sheets) = (FormSheet){ .name = arena_str(keep, name) };
        if (cells.len)
            fault(keep, issues, row->line, S("cột đầu chỉ ghi tên trang tính, đứng một mình. Chuyển các ô còn lại xuống hàng sau."),
                  S("the first column holds the name of a sheet, alone. Move the other cells to the next row."));
        return;
    }
    if (!book->sheets.len)
        no_form(keep, issues, row->line);
    else if (cells.len)
        *list_add(keep, &book->sheets.at[book->sheets.len - 1].rows) = cells;
}

void form_csv_read(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormBook *out)
{
    CsvReader in    = csv_open(bytes, 0);
    FormBook  book  = { 0 };
    CsvRow    row;
    in.limits = (CsvLimits){ .rows = FORM_MAX_CHOICES + FORM_MAX_ROWS + 1000, .columns = FORM_MAX_COLUMNS + 1, .cell_bytes = 4 * FORM_MAX_CELL };
    *out      = book;
    if (bytes.len > FORM_MAX_FILE) {
        fault(keep, issues, 0, S("tệp lớn hơn 10 MB. Chia thành nhiều phiếu."), S("the file is larger than 10 MB. Split the questionnaire."));
        return;
    }
    while (!issues->len && csv_next(&in, &scratch, &row))
        add_row(keep, &book, &row, issues);
    if (in.fault != CSV_FINE)
        csv_fault(keep, issues, &in);
    bool survey = false;
    for (size_t i = 0; i < book.sheets.len; i++)
        survey |= str_eq_ascii_nocase(book.sheets.at[i].name, S("survey"));
    if (!issues->len && !survey)
        no_form(keep, issues, 0);
    if (!issues->len)
        *out = book;
}
