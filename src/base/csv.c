/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A strict reader: a quote opens a cell only at its beginning and must be closed, rows end at CRLF, LF or CR. */
#include "base/csv.h"

static char csv_guess_mark(Str s)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') break;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
    }
    if (tabs > commas && tabs > semicolons) return '\t';
    return semicolons > commas ? ';' : ',';
}

CsvReader csv_open(Str bytes, char mark)
{
    if (str_starts(bytes, S("\xEF\xBB\xBF"))) bytes = str_skip(bytes, 3);
    return (CsvReader){ .rest = bytes, .mark = mark ? mark : csv_guess_mark(bytes), .line = 1 };
}

static bool csv_broken(CsvReader *r, CsvFault fault, int line)
{
    r->fault = fault;
    r->fault_line = line;
    return false;
}

/* The cell that starts with a quote; rest is left at the mark, line end or end of text after it. */
static bool csv_quoted(CsvReader *r, Arena *a, Str *out)
{
    int line = r->line;
    size_t i = 1, doubled = 0;
    for (;; i++) {
        if (i >= r->rest.len) return csv_broken(r, CSV_QUOTE_OPEN, line);
        char c = r->rest.at[i];
        if (c == 0) return csv_broken(r, CSV_NUL, r->line);
        if (c == '\n') r->line++;
        if (c != '"') continue;
        if (i + 1 >= r->rest.len || r->rest.at[i + 1] != '"') break;
        doubled++;
        i++;
    }
    Str inner = { r->rest.at + 1, i - 1 };
    if (inner.len > CSV_CELL_BYTES_MAX) return csv_broken(r, CSV_CELL_TOO_LONG, line);
    *out = doubled ? str_replace(a, inner, S("\"\""), S("\"")) : inner;
    r->rest = str_skip(r->rest, i + 1);
    if (r->rest.len && r->rest.at[0] != r->mark && r->rest.at[0] != '\n' && r->rest.at[0] != '\r')
        return csv_broken(r, CSV_QUOTE_INSIDE, r->line);
    return true;
}

static bool csv_plain(CsvReader *r, Str *out)
{
    size_t i = 0;
    for (; i < r->rest.len; i++) {
        char c = r->rest.at[i];
        if (c == r->mark || c == '\n' || c == '\r') break;
        if (c == '"') return csv_broken(r, CSV_QUOTE_INSIDE, r->line);
        if (c == 0) return csv_broken(r, CSV_NUL, r->line);
    }
    if (i > CSV_CELL_BYTES_MAX) return csv_broken(r, CSV_CELL_TOO_LONG, r->line);
    *out = str_take(r->rest, i);
    r->rest = str_skip(r->rest, i);
    return true;
}

/* Passes one line end; true when there was one. */
static bool csv_line_end(CsvReader *r)
{
    if (!r->rest.len || (r->rest.at[0] != '\n' && r->rest.at[0] != '\r')) return false;
    r->rest = str_skip(r->rest, str_starts(r->rest, S("\r\n")) ? 2 : 1);
    r->line++;
    return true;
}

bool csv_next(CsvReader *r, Arena *a, CsvRow *out)
{
    if (r->fault) return false;
    while (csv_line_end(r)) {}
    if (!r->rest.len) return false;
    CsvRow row = { .line = r->line };
    StrList cells = { 0 };
    for (;;) {
        if (cells.len == CSV_CELLS_MAX) return csv_broken(r, CSV_TOO_MANY_CELLS, r->line);
        Str cell = { 0 };
        bool quoted = r->rest.len && r->rest.at[0] == '"';
        if (!(quoted ? csv_quoted(r, a, &cell) : csv_plain(r, &cell))) return false;
        *list_add(a, &cells) = cell;
        if (!r->rest.len || r->rest.at[0] != r->mark) break;
        r->rest = str_skip(r->rest, 1);
    }
    csv_line_end(r);
    row.at = cells.at;
    row.len = cells.len;
    *out = row;
    return true;
}

Str csv_cell(const CsvRow *row, size_t at)
{
    return at < row->len ? row->at[at] : S("");
}

void buf_csv(Buf *b, Str cell)
{
    bool quote = cell.len && (cell.at[0] == ' ' || cell.at[cell.len - 1] == ' ');
    for (size_t i = 0; i < cell.len && !quote; i++)
        quote = strchr("\",;\t\r\n", cell.at[i]) != NULL;
    if (!quote) {
        buf_add(b, cell);
        return;
    }
    buf_byte(b, '"');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"') buf_byte(b, '"');
        buf_byte(b, cell.at[i]);
    }
    buf_byte(b, '"');
}
