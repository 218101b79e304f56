/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A questionnaire being changed, to and from a workbook and the text that is stored. */
#include "builder/grid.h"

#include "base/json.h"
#include "base/xlsx.h"

static GridSheet *add_sheet(Arena *a, Grid *g, Str name)
{
    static const Str names[] = { S_INIT("survey"), S_INIT("choices"), S_INIT("settings") };
    GridSheet *s = list_add(a, &g->sheets);
    *s = (GridSheet){ .name = arena_str(a, name), .which = SHEET_OTHER };
    for (int i = 0; i < SHEET_OTHER; i++)
        if (str_eq_ascii_nocase(str_trim(name), names[i]))
            s->which = (SheetId)i;
    for (size_t i = 0; i + 1 < g->sheets.len; i++)
        if (g->sheets.at[i].which == s->which && s->which != SHEET_OTHER)
            s->which = SHEET_OTHER;                      /* the reader takes the first of a name */
    return s;
}

static void add_header(Arena *a, GridSheet *s, Str header)
{
    header = arena_str(a, header);
    *list_add(a, &s->columns) = (GridColumn){ header, form_header(a, s->which, header) };
}

/* The three sheets and the columns nothing can do without. */
static void complete(Arena *a, Grid *g)
{
    static const Str names[] = { S_INIT("survey"), S_INIT("choices"), S_INIT("settings") };
    for (int i = 0; i < SHEET_OTHER; i++)
        if (!grid_sheet(g, (SheetId)i))
            add_sheet(a, g, names[i]);
    grid_column_need(a, grid_sheet(g, SHEET_SURVEY), COL_TYPE, S(""));
    grid_column_need(a, grid_sheet(g, SHEET_SURVEY), COL_NAME, S(""));
    grid_column_need(a, grid_sheet(g, SHEET_CHOICES), COL_LIST_NAME, S(""));
    grid_column_need(a, grid_sheet(g, SHEET_CHOICES), COL_NAME, S(""));
}

Grid *grid_bare(Arena *a)
{
    Grid *g = arena_new(a, Grid, 1);
    complete(a, g);
    return g;
}

Grid *grid_new(Arena *a, Str language)
{
    Grid *g = grid_bare(a);
    grid_column_need(a, grid_sheet(g, SHEET_SURVEY), COL_LABEL, language);
    grid_column_need(a, grid_sheet(g, SHEET_CHOICES), COL_LABEL, language);
    grid_set_setting(a, g, COL_DEFAULT_LANGUAGE, S(""), language);
    return g;
}

/* ---- Workbook --------------------------------------------------------------------------------------------------------- */

static size_t cells_of(const FormBook *book)
{
    size_t n = 0;
    for (size_t i = 0; i < book->sheets.len; i++)
        for (size_t k = 0; k < book->sheets.at[i].rows.len; k++)
            n += book->sheets.at[i].rows.at[k].len;
    return n;
}

/* Rows may be longer than their header: the cells behind it keep a column without a name. */
static void sheet_in(Arena *a, Grid *g, const FormSheet *from)
{
    GridSheet *s    = add_sheet(a, g, from->name);
    size_t     wide = 0;
    for (size_t i = 0; i < from->rows.len; i++)
        wide = from->rows.at[i].len > wide ? from->rows.at[i].len : wide;
    for (size_t k = 0; k < wide; k++)
        add_header(a, s, from->rows.len && k < from->rows.at[0].len ? from->rows.at[0].cells[k] : S(""));
    for (size_t i = 1; i < from->rows.len; i++) {
        GridRow *row = grid_insert(a, g, s, s->rows.len);
        for (size_t k = 0; k < from->rows.at[i].len; k++)
            row->cells[k] = arena_str(a, from->rows.at[i].cells[k]);
    }
}

Grid *grid_of_book(Arena *a, const FormBook *book)
{
    Grid *g = arena_new(a, Grid, 1);
    if (cells_of(book) > GRID_MAX_CELLS)
        return NULL;
    for (size_t i = 0; i < book->sheets.len; i++)
        sheet_in(a, g, &book->sheets.at[i]);
    complete(a, g);
    return g;
}

FormBook grid_book(Arena *a, const Grid *g)
{
    FormBook book = { 0 };
    for (size_t i = 0; i < g->sheets.len; i++) {
        const GridSheet *s  = &g->sheets.at[i];
        FormSheet       *to = list_add(a, &book.sheets);
        *to = (FormSheet){ .name = s->name };
        Str *head = arena_new(a, Str, s->columns.len);
        for (size_t k = 0; k < s->columns.len; k++)
            head[k] = s->columns.at[k].header;
        *list_add(a, &to->rows) = (FormRowCells){ 1, head, s->columns.len };
        for (size_t r = 0; r < s->rows.len; r++) {
            bool any = false;
            for (size_t k = 0; k < s->columns.len; k++)
                any |= s->rows.at[r].cells[k].len > 0;
            if (any)
                *list_add(a, &to->rows) = (FormRowCells){ (int)r + 2, s->rows.at[r].cells, s->columns.len };
        }
    }
    return book;
}

Err grid_xlsx(Arena *a, const Grid *g, Str *out)
{
    XlsxOut *sheets = arena_new(a, XlsxOut, g->sheets.len);
    for (size_t i = 0; i < g->sheets.len; i++) {
        const GridSheet *s    = &g->sheets.at[i];
        XlsxCells       *rows = arena_new(a, XlsxCells, s->rows.len + 1);
        for (size_t r = 0; r <= s->rows.len; r++) {
            XlsxCell *cells = arena_new(a, XlsxCell, s->columns.len);
            for (size_t k = 0; k < s->columns.len; k++)
                cells[k] = XLSX_TEXT(r ? s->rows.at[r - 1].cells[k] : s->columns.at[k].header);
            rows[r] = (XlsxCells){ cells, s->columns.len };
        }
        sheets[i] = (XlsxOut){ s->name, rows, s->rows.len + 1 };
    }
    return xlsx_write(a, sheets, g->sheets.len, out);
}

/* ---- Stored text --------------------------------------------------------------------------------------------------------- */

Str grid_json(Arena *a, const Grid *g)
{
    Buf b = buf_new(a, 1 << 14);
    buf_fmt(&b, "{\"next\":%lld,\"sheets\":[", (long long)g->next);
    for (size_t i = 0; i < g->sheets.len; i++) {
        const GridSheet *s = &g->sheets.at[i];
        buf_add(&b, i ? S(",{\"name\":") : S("{\"name\":"));
        buf_json_str(&b, s->name);
        buf_lit(&b, ",\"columns\":[");
        for (size_t k = 0; k < s->columns.len; k++) {
            buf_add(&b, k ? S(",") : S(""));
            buf_json_str(&b, s->columns.at[k].header);
        }
        buf_lit(&b, "],\"rows\":[");
        for (size_t r = 0; r < s->rows.len; r++) {
            size_t len = s->columns.len;
            while (len && !s->rows.at[r].cells[len - 1].len)
                len--;
            buf_fmt(&b, r ? ",\n[%lld" : "\n[%lld", (long long)s->rows.at[r].id);
            for (size_t k = 0; k < len; k++) {
                buf_byte(&b, ',');
                buf_json_str(&b, s->rows.at[r].cells[k]);
            }
            buf_byte(&b, ']');
        }
        buf_lit(&b, "]}");
    }
    buf_lit(&b, "]}");
    return buf_str(&b);
}

static bool row_in(Arena *a, Grid *g, GridSheet *s, const Json *from)
{
    int64_t id;
    size_t  at = 0;
    if (!json_int(json_at(from, 0), &id))
        return false;
    GridRow *row = list_add(a, &s->rows);
    *row         = (GridRow){ id, arena_new(a, Str, s->columns.len) };
    g->next      = id > g->next ? id : g->next;
    for (const Json *cell = from->first->next; cell && at < s->columns.len; cell = cell->next, at++)
        if (json_str(cell, &row->cells[at]))
            row->cells[at] = arena_str(a, row->cells[at]);
        else
            return false;
    return true;
}

Err grid_parse(Arena *a, Str json, Grid **out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)256 << 20);
    const Json *root;
    Grid       *g = arena_new(a, Grid, 1);
    Str         text;
    work.full = a->full;
    if (json_parse_many(&work, json, 3 * GRID_MAX_CELLS, &root) != OK)       /* its words lie in work */
        return err_new(a, ERR_INTERNAL, S("a stored draft cannot be read"));
    json_int(json_get(root, S("next")), &g->next);
    JSON_EACH(sheet, json_get(root, S("sheets"))) {
        if (!json_str(json_get(sheet, S("name")), &text))
            return err_new(a, ERR_INTERNAL, S("a stored sheet has no name"));
        GridSheet *s = add_sheet(a, g, text);
        JSON_EACH(header, json_get(sheet, S("columns")))
            if (json_str(header, &text))
                add_header(a, s, text);
        JSON_EACH(row, json_get(sheet, S("rows")))
            if (!row_in(a, g, s, row))
                return err_new(a, ERR_INTERNAL, S("a stored row is damaged"));
    }
    complete(a, g);
    *out = g;
    return OK;
}
