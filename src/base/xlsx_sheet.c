/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One sheet of a workbook: rows and cells as texts. */
#include "base/xlsx_parts.h"

#include <math.h>
#include <stdio.h>

/* ---- Numbers, days and times -------------------------------------------------------------------- */

XlsxStyle xlsx_format_kind(int64_t id, Str code)
{
    bool day = false, time = false, quoted = false, bracket = false;
    if (!code.len) {
        if (id == 22)
            return STYLE_DAY_TIME;
        if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
            return STYLE_DAY;
        return (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) ? STYLE_TIME : STYLE_PLAIN;
    }
    for (size_t i = 0; i < code.len && (quoted || bracket || code.at[i] != ';'); i++) {
        char c = code.at[i];
        if (c == '"')
            quoted = !quoted;
        else if (quoted || bracket)
            bracket = bracket && c != ']';
        else if (c == '[')
            bracket = true;
        else if (c == '\\' || c == '_' || c == '*')
            i++;
        else if (strchr("yYdD", c))
            day = true;
        else if (strchr("hHsS", c))
            time = true;
        else if (c == 'G' || c == 'g')     /* "General" has no letters of a day but for this */
            i += 6;
    }
    return day && time ? STYLE_DAY_TIME : day ? STYLE_DAY : time ? STYLE_TIME : STYLE_PLAIN;
}

bool xlsx_day_text(Arena *a, double serial, XlsxStyle style, bool from_1904, Str *out)
{
    if (!(serial >= 0 && serial < 2958466))     /* 9999-12-31 */
        return false;
    int64_t seconds = llround(serial * 86400), day = seconds / 86400, rest = seconds % 86400;
    Str     clock   = arena_fmt(a, "%02d:%02d:%02d", (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    if (day == 0 && style != STYLE_DAY) {
        *out = clock;
        return true;
    }
    /* Serial 60 is 1900-02-29, which never was; days before it count from one day later. */
    Date first = from_1904 ? date_from_ymd(1904, 1, 1) : date_from_ymd(1899, 12, day < 60 ? 31 : 30);
    Str  date  = date_iso(a, (Date){ first.day + (int32_t)day });
    *out       = rest ? arena_fmt(a, "%.*sT%.*s", STR_ARG(date), STR_ARG(clock)) : date;
    return true;
}

Str xlsx_number_text(Arena *a, Str raw, double x)
{
    if (x == floor(x) && fabs(x) < 1e15)
        return arena_fmt(a, "%.0f", x == 0 ? 0.0 : x);
    /* Spreadsheets show 15 digits; 0.1 is kept as 0.10000000000000001. */
    char text[40];
    int  len = snprintf(text, sizeof text, "%.15g", x);
    return arena_str(a, (Str){ text, (size_t)len });
}

/* ---- Cells -------------------------------------------------------------------------------------- */

typedef struct Placed { size_t column; Str text; } Placed;

typedef struct SheetRead {
    XlsxPack  *p;
    XlsxSheet *sheet;
    LIST(XlsxRow) rows;
    LIST(Placed) cells;         /* of the row at hand, those with something in them */
    size_t     row, column;     /* at hand, from 1 */
    Str        type;            /* of the cell at hand: one of the words below */
    size_t     style;
    Buf        value;
    bool       in_cell, in_value, in_reading;
} SheetRead;

static const Str cell_types[] = { S_INIT("n"), S_INIT("s"), S_INIT("str"), S_INIT("inlineStr"), S_INIT("b"), S_INIT("e"), S_INIT("d") };

/* "AB12" gives column 28; 0 when it is no reference. */
static size_t column_of(Str ref)
{
    size_t n = 0, i = 0;
    for (; i < ref.len && i < 4 && ref.at[i] >= 'A' && ref.at[i] <= 'Z'; i++)
        n = n * 26 + (size_t)(ref.at[i] - 'A' + 1);
    return i < ref.len && ref.at[i] >= '0' && ref.at[i] <= '9' ? n : 0;
}

static Err row_open(SheetRead *s, const XmlAttr *attrs, size_t n)
{
    int64_t number = 0;
    if (str_to_i64(xml_attr_of(attrs, n, S("r")), &number)) {
        if (number <= (int64_t)s->row || number > 1048576)
            return xlsx_fail(s->p, XLSX_DAMAGED, s->sheet->name, (size_t)(number > 0 ? number : 0), 0);
        s->row = (size_t)number;
    } else {
        s->row++;
    }
    s->column    = 0;
    s->cells.len = 0;
    return OK;
}

static Err cell_open(SheetRead *s, const XmlAttr *attrs, size_t n)
{
    int64_t style  = 0;
    size_t  column = column_of(xml_attr_of(attrs, n, S("r")));
    if (column && column <= s->column)
        return xlsx_fail(s->p, XLSX_DAMAGED, s->sheet->name, s->row, column);
    s->column = column ? column : s->column + 1;
    str_to_i64(xml_attr_of(attrs, n, S("s")), &style);
    s->style     = style < 0 ? 0 : (size_t)style;
    s->type      = S("n");
    Str type     = xml_attr_of(attrs, n, S("t"));
    for (size_t i = 0; i < COUNT_OF(cell_types); i++)
        if (str_eq(type, cell_types[i]))
            s->type = cell_types[i];
    s->value.len = 0;
    s->in_cell   = true;
    return OK;
}

static Err on_open(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    SheetRead *s = with;
    if (str_eq(name, S("row")))
        return row_open(s, attrs, n);
    if (str_eq(name, S("c")))
        return cell_open(s, attrs, n);
    if (str_eq(name, S("rPh")))
        s->in_reading = true;
    else if (s->in_cell && (str_eq(name, S("v")) || str_eq(name, S("t"))))
        s->in_value = !s->in_reading;
    return OK;
}

static Err on_text(void *with, Str text)
{
    SheetRead *s = with;
    if (s->in_value && s->value.len <= s->p->limits.cell_bytes)
        buf_add(&s->value, text);
    return OK;
}

static Err number_read(SheetRead *s, Str raw, Str *out)
{
    double x;
    if (!raw.len)
        return OK;
    if (!str_to_f64(raw, &x))
        return xlsx_fail(s->p, XLSX_DAMAGED, s->sheet->name, s->row, s->column);
    XlsxStyle style = s->style < s->p->style_count ? (XlsxStyle)s->p->styles[s->style] : STYLE_PLAIN;
    if (style == STYLE_PLAIN || !xlsx_day_text(s->p->a, x, style, s->p->days_from_1904, out))
        *out = xlsx_number_text(s->p->a, raw, x);
    return OK;
}

/* What the cell at hand says. */
static Err value_read(SheetRead *s, Str *out)
{
    Str     raw = buf_str(&s->value);
    int64_t i;
    *out = S("");
    if (str_eq(s->type, S("n")))
        return number_read(s, str_trim(raw), out);
    if (str_eq(s->type, S("b"))) {
        *out = str_eq(str_trim(raw), S("1")) ? S("TRUE") : raw.len ? S("FALSE") : S("");
        return OK;
    }
    if (!str_eq(s->type, S("s")))
        return xlsx_keep(s->p, raw, s->sheet->name, s->row, s->column, out);
    if (!raw.len)
        return OK;
    if (!str_to_i64(str_trim(raw), &i) || i < 0 || (size_t)i >= s->p->shared.len)
        return xlsx_fail(s->p, XLSX_DAMAGED, s->sheet->name, s->row, s->column);
    *out = s->p->shared.at[i];
    return OK;
}

static Err cell_close(SheetRead *s)
{
    Str text;
    s->in_cell = false;
    TRY(value_read(s, &text));
    if (!text.len)
        return OK;
    if (s->column > s->p->limits.columns)
        return xlsx_fail(s->p, XLSX_TOO_MANY_COLUMNS, s->sheet->name, s->row, s->column);
    *list_add(s->p->a, &s->cells) = (Placed){ s->column - 1, text };
    return OK;
}

static Err row_close(SheetRead *s)
{
    if (!s->cells.len)
        return OK;
    if (s->rows.len == s->p->limits.rows)
        return xlsx_fail(s->p, XLSX_TOO_MANY_ROWS, s->sheet->name, s->row, 0);
    size_t len = s->cells.at[s->cells.len - 1].column + 1;
    s->p->places += len;
    if (s->p->places > s->p->limits.places)
        return xlsx_fail(s->p, XLSX_TOO_LARGE, s->sheet->name, s->row, 0);
    Str *at = arena_new(s->p->a, Str, len);
    for (size_t i = 0; i < len; i++)
        at[i] = S("");
    for (size_t i = 0; i < s->cells.len; i++)
        at[s->cells.at[i].column] = s->cells.at[i].text;
    *list_add(s->p->a, &s->rows) = (XlsxRow){ s->row, at, len };
    return OK;
}

static Err on_close(void *with, Str ns, Str name)
{
    SheetRead *s = with;
    if (str_eq(name, S("v")) || str_eq(name, S("t")))
        s->in_value = false;
    else if (str_eq(name, S("rPh")))
        s->in_reading = false;
    else if (s->in_cell && str_eq(name, S("c")))
        return cell_close(s);
    else if (str_eq(name, S("row")))
        return row_close(s);
    return OK;
}

Err xlsx_sheet_read(XlsxPack *p, size_t part, XlsxSheet *sheet)
{
    SheetRead s      = { .p = p, .sheet = sheet, .value = buf_new(p->a, 1024) };
    XmlEvents events = { &s, on_open, on_close, on_text };
    Err       e      = xlsx_walk(p, part, &events);
    if (e && !p->fault->sheet.len)
        p->fault->sheet = sheet->name;
    TRY(e);
    sheet->at  = s.rows.at;
    sheet->len = s.rows.len;
    return OK;
}
