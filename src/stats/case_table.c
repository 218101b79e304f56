/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A CSV file as columns of numbers and levels. */
#include "stats/case_parts.h"

#include "base/csv.h"

#include <math.h>
#include <stdlib.h>

static CsvReader reader(Str bytes)
{
    CsvReader r = csv_open(bytes, ',');
    r.limits    = (CsvLimits){ .rows = CASE_ROWS_MOST + 1, .columns = CASE_COLUMNS_MOST, .cell_bytes = CASE_CELL_MOST };
    return r;
}

static Err csv_broken(Arena *a, Str name, const CsvReader *r)
{
    bool past = r->fault == CSV_TOO_MANY_CELLS || r->fault == CSV_TOO_MANY_ROWS || r->fault == CSV_CELL_TOO_LONG;
    Str  what = csv_fault_name(r->fault);
    return err_fmt(a, past ? ERR_TOO_LARGE : ERR_INVALID, "%s: %.*s, line %d, column %d: %.*s", past ? "too_large" : "bad_csv", STR_ARG(name), r->fault_line,
                   r->fault_column, STR_ARG(what));
}

/* Rows after the header, all as long as it. */
static Err count_rows(Arena *a, Str name, Str bytes, size_t columns, size_t *out)
{
    CsvReader r = reader(bytes);
    CsvRow    row;
    size_t    n = 0;
    for (Arena line = *a; csv_next(&r, &line, &row); line = *a, n++)
        if (row.len != columns)
            return err_fmt(a, ERR_INVALID, "bad_csv: %.*s, line %d: %zu fields, the header has %zu", STR_ARG(name), row.line, row.len, columns);
    if (r.fault)
        return csv_broken(a, name, &r);
    *out = n - 1;
    return OK;
}

/* A cell in quotes is text whatever it holds. Cells without doubled quotes are slices of the bytes; the others were copied and hold a quote. */
static bool quoted(Str bytes, Str cell)
{
    return cell.at > bytes.at && cell.at <= bytes.at + bytes.len ? cell.at[-1] == '"' : false;
}

typedef struct Valued { double value; uint32_t row; } Valued;

static int by_value(const void *x, const void *y)
{
    const Valued *p = x, *q = y;
    return (p->value > q->value) - (p->value < q->value);
}

static void number_levels(Arena *keep, Arena scratch, size_t n, CaseColumn *col)
{
    Valued   *v     = arena_new(&scratch, Valued, n + 1);
    double   *level = arena_new(&scratch, double, n + 1);
    uint32_t *code  = arena_new(keep, uint32_t, n + 1);
    size_t    m     = 0;
    for (size_t i = 0; i < n; i++) {
        code[i] = CASE_NONE;
        if (!isnan(col->value[i]))
            v[m++] = (Valued){ col->value[i], (uint32_t)i };
    }
    qsort(v, m, sizeof *v, by_value);
    for (size_t i = 0; i < m; i++) {
        if (i == 0 || v[i].value != v[i - 1].value)
            level[col->n_levels++] = v[i].value;
        code[v[i].row] = (uint32_t)col->n_levels - 1;
    }
    double *kept = arena_new(keep, double, col->n_levels + 1);
    memcpy(kept, level, col->n_levels * sizeof *kept);
    col->code         = code;
    col->level_number = kept;
}

typedef struct Texted { Str text; uint32_t row; } Texted;

static int by_text(const void *x, const void *y)
{
    const Texted *p = x, *q = y;
    return str_cmp(p->text, q->text);
}

static void text_levels(Arena *keep, Arena scratch, size_t n, const Str *cell, CaseColumn *col)
{
    Texted   *t     = arena_new(&scratch, Texted, n + 1);
    Str      *level = arena_new(&scratch, Str, n + 1);
    uint32_t *code  = arena_new(keep, uint32_t, n + 1);
    double   *value = arena_new(keep, double, n + 1);
    size_t    m     = 0;
    for (size_t i = 0; i < n; i++) {
        code[i]  = CASE_NONE;
        value[i] = NAN;
        if (cell[i].len)
            t[m++] = (Texted){ cell[i], (uint32_t)i };
    }
    qsort(t, m, sizeof *t, by_text);
    for (size_t i = 0; i < m; i++) {
        if (i == 0 || !str_eq(t[i].text, t[i - 1].text))
            level[col->n_levels++] = t[i].text;
        code[t[i].row]  = (uint32_t)col->n_levels - 1;
        value[t[i].row] = (double)col->n_levels - 1;
    }
    Str *kept = arena_new(keep, Str, col->n_levels + 1);
    for (size_t i = 0; i < col->n_levels; i++)
        kept[i] = arena_str(keep, level[i]);
    col->code       = code;
    col->value      = value;
    col->level_text = kept;
}

/* "Inf", "-infinity", "NaN", or more than a double holds, as 1e400. */
static bool is_unbounded(Str cell)
{
    static const Str words[] = { S_INIT("inf"), S_INIT("infinity"), S_INIT("nan") };
    char   text[64], *end = text;
    size_t sign = cell.len && (cell.at[0] == '-' || cell.at[0] == '+');
    if (cell.len <= sign || cell.len >= sizeof text)
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_ascii_nocase(str_skip(cell, sign), words[i]))
            return true;
    memcpy(text, cell.at, cell.len);
    text[cell.len] = '\0';
    return strchr("0123456789.", cell.at[sign]) && isinf(strtod(text, &end)) && !*end;
}

/* What keeps a column from being one of numbers. */
static void odd_fields(Arena *keep, Str bytes, size_t n, const Str *cell, CaseColumn *col)
{
    double x;
    col->unbounded = true;
    for (size_t i = n; i-- > 0;) {
        bool text = quoted(bytes, cell[i]);
        if (!cell[i].len || (!text && str_to_f64(cell[i], &x)))
            continue;
        col->unbounded &= !text && is_unbounded(cell[i]);
        col->odd_row = i + 1;
    }
    col->odd = arena_str(keep, str_take(cell[col->odd_row - 1], 40));
}

static void column_of(Arena *keep, Arena scratch, Str bytes, size_t n, const Str *cell, CaseColumn *col)
{
    double *value = arena_new(keep, double, n + 1);
    col->numeric  = true;
    for (size_t i = 0; i < n && col->numeric; i++) {
        value[i] = NAN;
        if (cell[i].len)
            col->numeric = !quoted(bytes, cell[i]) && str_to_f64(cell[i], &value[i]);
    }
    if (col->numeric) {
        col->value = value;
        number_levels(keep, scratch, n, col);
    } else {
        odd_fields(keep, bytes, n, cell, col);
        text_levels(keep, scratch, n, cell, col);
    }
}

static Err header_read(Arena *keep, Str name, const CsvRow *row, CaseColumn *col)
{
    for (size_t i = 0; i < row->len; i++) {
        col[i].name = arena_str(keep, row->at[i]);
        for (size_t j = 0; j < i; j++)
            if (row->at[i].len && str_eq(col[j].name, col[i].name))
                return err_fmt(keep, ERR_INVALID, "bad_csv: %.*s, line 1: column '%.*s' stands twice", STR_ARG(name), STR_ARG(row->at[i]));
    }
    return OK;
}

static Err table_fill(Arena *keep, Arena *work, Str name, Str bytes, CaseTable *t)
{
    CsvReader r = reader(bytes);
    CsvRow    row;
    if (!csv_next(&r, work, &row))
        return r.fault ? csv_broken(keep, name, &r) : err_fmt(keep, ERR_INVALID, "bad_csv: %.*s, line 1: no header", STR_ARG(name));
    CaseColumn *col = arena_new(keep, CaseColumn, row.len);
    t->n_columns    = row.len;
    TRY(header_read(keep, name, &row, col));
    TRY(count_rows(keep, name, bytes, row.len, &t->n));
    Str *cell = arena_new(work, Str, t->n * row.len + 1);
    for (size_t i = 0; csv_next(&r, work, &row); i++)
        for (size_t j = 0; j < row.len; j++)
            cell[j * t->n + i] = row.at[j];
    for (size_t j = 0; j < t->n_columns; j++)
        column_of(keep, *work, bytes, t->n, cell + j * t->n, &col[j]);
    t->column = col;
    return OK;
}

Err case_table_read(Arena *keep, Str name, Str bytes, CaseTable *out)
{
    Arena work;
    if (!arena_try(&work, bytes.len * 64 + (1 << 20)))
        return err_fmt(keep, ERR_TOO_LARGE, "too_large: %.*s: no memory", STR_ARG(name));
    CaseTable t = { .name = name };
    work.full   = keep->full;
    Err e = table_fill(keep, &work, name, bytes, &t);
    arena_close(&work);
    TRY(e);
    *out = t;
    return OK;
}

Str case_level_text(Arena *a, const CaseColumn *col, size_t level)
{
    if (!col->numeric)
        return col->level_text[level];
    Buf b = buf_new(a, 32);
    buf_f64(&b, col->level_number[level]);
    return buf_str(&b);
}
