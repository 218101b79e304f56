/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A strict reader (a quote opens a cell only at its beginning and must be closed; rows end at CRLF, LF or CR)
 * and a writer that keeps spreadsheets from computing texts. */
#include "base/csv.h"
#include "base/utf8.h"

#include <math.h>

#define BOM S("\xEF\xBB\xBF")

/* ---- Reading ------------------------------------------------------------------------------------ */

static char guess_mark(Str s)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool   quoted = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (c == '\n' || c == '\r')
            break;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
    }
    if (tabs > commas && tabs > semicolons)
        return '\t';
    return semicolons > commas ? ';' : ',';
}

CsvReader csv_open(Str bytes, char mark)
{
    if (str_starts(bytes, BOM))
        bytes = str_skip(bytes, BOM.len);
    return (CsvReader){ .rest = bytes, .mark = mark ? mark : guess_mark(bytes), .line = 1, .limits = CSV_LIMITS };
}

static bool refuse(CsvReader *r, CsvFault fault, int line, size_t column)
{
    r->fault        = fault;
    r->fault_line   = line;
    r->fault_column = (int)column;
    return false;
}

/* Passes one line end; true when there was one. */
static bool take_end(CsvReader *r)
{
    if (!r->rest.len || (r->rest.at[0] != '\n' && r->rest.at[0] != '\r'))
        return false;
    r->rest = str_skip(r->rest, str_starts(r->rest, S("\r\n")) ? 2 : 1);
    r->line++;
    return true;
}

static int lines_in(Str s)
{
    int n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.at[i] == '\n' || (s.at[i] == '\r' && (i + 1 == s.len || s.at[i + 1] != '\n'));
    return n;
}

/* The cell that starts with a quote; rest is left at the mark, line end or end of text after it. */
static bool take_quoted(CsvReader *r, Arena *a, size_t column, Str *out)
{
    Str    body = str_skip(r->rest, 1);
    size_t n = 0, doubled = 0;
    for (; n < body.len; n++) {
        if (body.at[n] != '"')
            continue;
        if (n + 1 == body.len || body.at[n + 1] != '"')
            break;
        doubled++;
        n++;
    }
    if (n == body.len)
        return refuse(r, CSV_QUOTE_OPEN, r->line, column);
    Str inner = str_take(body, n);
    if (inner.len > r->limits.cell_bytes)
        return refuse(r, CSV_CELL_TOO_LONG, r->line, column);
    *out    = doubled ? str_replace(a, inner, S("\"\""), S("\"")) : inner;
    r->rest = str_skip(body, n + 1);
    r->line += lines_in(inner);
    if (r->rest.len && r->rest.at[0] != r->mark && r->rest.at[0] != '\n' && r->rest.at[0] != '\r')
        return refuse(r, CSV_QUOTE_INSIDE, r->line, column);
    return true;
}

static bool take_plain(CsvReader *r, size_t column, Str *out)
{
    size_t n = 0;
    for (; n < r->rest.len; n++) {
        char c = r->rest.at[n];
        if (c == r->mark || c == '\n' || c == '\r')
            break;
        if (c == '"')
            return refuse(r, CSV_QUOTE_INSIDE, r->line, column);
    }
    *out    = str_take(r->rest, n);
    r->rest = str_skip(r->rest, n);
    return n <= r->limits.cell_bytes || refuse(r, CSV_CELL_TOO_LONG, r->line, column);
}

static bool take_cell(CsvReader *r, Arena *a, size_t column, Str *out)
{
    int  line   = r->line;
    bool quoted = r->rest.len && r->rest.at[0] == '"';
    if (!(quoted ? take_quoted(r, a, column, out) : take_plain(r, column, out)))
        return false;
    size_t      right = utf8_fault(*out);
    const char *nul   = out->len ? memchr(out->at, '\0', out->len) : NULL;
    if (right < out->len)
        return refuse(r, CSV_NOT_UTF8, line + lines_in(str_take(*out, right)), column);
    return !nul || refuse(r, CSV_NUL, line + lines_in(str_take(*out, (size_t)(nul - out->at))), column);
}

bool csv_next(CsvReader *r, Arena *a, CsvRow *out)
{
    if (r->fault)
        return false;
    while (take_end(r)) {
    }
    if (!r->rest.len)
        return false;
    if (r->rows++ == r->limits.rows)
        return refuse(r, CSV_TOO_MANY_ROWS, r->line, 1);
    StrList cells = { 0 };
    int     line  = r->line;
    for (;;) {
        Str cell = { 0 };
        if (cells.len == r->limits.columns)
            return refuse(r, CSV_TOO_MANY_CELLS, r->line, cells.len + 1);
        if (!take_cell(r, a, cells.len + 1, &cell))
            return false;
        *list_add(a, &cells) = cell;
        if (!r->rest.len || r->rest.at[0] != r->mark)
            break;
        r->rest = str_skip(r->rest, 1);
    }
    take_end(r);
    *out = (CsvRow){ cells.at, cells.len, line };
    return true;
}

static const Str fault_names[CSV_FAULT_COUNT] = {
    [CSV_FINE]           = S_INIT("fine"),
    [CSV_QUOTE_OPEN]     = S_INIT("quote_open"),
    [CSV_QUOTE_INSIDE]   = S_INIT("quote_inside"),
    [CSV_TOO_MANY_CELLS] = S_INIT("too_many_cells"),
    [CSV_CELL_TOO_LONG]  = S_INIT("cell_too_long"),
    [CSV_NUL]            = S_INIT("nul"),
    [CSV_NOT_UTF8]       = S_INIT("not_utf8"),
    [CSV_TOO_MANY_ROWS]  = S_INIT("too_many_rows"),
};

Str csv_fault_name(CsvFault fault)
{
    return fault_names[fault];
}

Str csv_cell(const CsvRow *row, size_t at)
{
    return at < row->len ? row->at[at] : S("");
}

int csv_column(const CsvRow *header, Str name)
{
    for (size_t i = 0; i < header->len; i++)
        if (str_eq_ascii_nocase(str_trim(header->at[i]), name))
            return (int)i;
    return -1;
}

Err csv_read(Arena *a, Str bytes, CsvLimits limits, CsvTable *out)
{
    LIST(CsvRow) rows = { 0 };
    CsvReader r       = csv_open(bytes, 0);
    r.limits          = limits;
    for (CsvRow row; csv_next(&r, a, &row);)
        *list_add(a, &rows) = row;
    if (r.fault) {
        bool past = r.fault == CSV_TOO_MANY_CELLS || r.fault == CSV_TOO_MANY_ROWS || r.fault == CSV_CELL_TOO_LONG;
        return err_fmt(a, past ? ERR_TOO_LARGE : ERR_INVALID, "CSV line %d, column %d: %.*s", r.fault_line,
                       r.fault_column, STR_ARG(fault_names[r.fault]));
    }
    *out = (CsvTable){ rows.at, rows.len };
    return OK;
}

/* ---- Writing ------------------------------------------------------------------------------------ */

static bool needs_quotes(Str s)
{
    static const bool special[256] = { ['"'] = true, [','] = true, [';'] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true };
    for (size_t i = 0; i < s.len; i++)
        if (special[(unsigned char)s.at[i]])
            return true;
    return s.len && (s.at[0] == ' ' || s.at[s.len - 1] == ' ');
}

static void add_cell(Buf *b, Str prefix, Str cell)
{
    if (!needs_quotes(cell)) {
        buf_add(b, prefix);
        buf_add(b, cell);
        return;
    }
    buf_byte(b, '"');
    buf_add(b, prefix);
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, cell.at[i]);
    }
    buf_byte(b, '"');
}

void buf_csv(Buf *b, Str cell)
{
    add_cell(b, S(""), cell);
}

/* Texts that a spreadsheet would compute: = + - @ TAB CR LF NUL and the full-width signs. */
static bool looks_like_formula(Str s)
{
    static const Str wide[] = { S_INIT("＝"), S_INIT("＋"), S_INIT("－"), S_INIT("＠") };
    if (!s.len)
        return false;
    if (memchr("=+-@\t\r\n\0", s.at[0], 8))
        return true;
    for (size_t i = 0; i < COUNT_OF(wide); i++)
        if (str_starts(s, wide[i]))
            return true;
    return false;
}

/* Puts the comma; true when the cell is the first of its row. */
static bool cell_begin(Buf *b)
{
    if (b->len == 0 || b->at[b->len - 1] == '\n' || str_eq(buf_str(b), BOM))
        return true;
    buf_byte(b, ',');
    return false;
}

void csv_field(Buf *b, Str text)
{
    bool first = cell_begin(b);
    if (first && !text.len)
        buf_lit(b, "\"\"");     /* the next cell must see that this one was there */
    add_cell(b, looks_like_formula(text) ? S("'") : S(""), text);
}

void csv_num(Buf *b, int64_t n)
{
    cell_begin(b);
    buf_i64(b, n);
}

void csv_real(Buf *b, double x)
{
    if (!isfinite(x)) {
        csv_field(b, S(""));
        return;
    }
    cell_begin(b);
    buf_f64(b, x);
}

void csv_typed(Buf *b, Str number)
{
    bool digits = number.len > 0;
    for (size_t i = 0; i < number.len; i++)
        digits = digits && ((number.at[i] >= '0' && number.at[i] <= '9') || (number.at[i] == '.' && i) || (number.at[i] == '-' && i == 0 && number.len > 1));
    if (!digits) {
        csv_field(b, number);
        return;
    }
    cell_begin(b);
    buf_add(b, number);
}

void csv_end(Buf *b)
{
    buf_lit(b, "\r\n");
}

void csv_bom(Buf *b)
{
    buf_add(b, BOM);
}
