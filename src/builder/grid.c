/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sheets, columns, rows and cells of a questionnaire being changed. */
#include "builder/grid.h"

static const struct { ColumnId id; const char *name; } headers[] = {
    { COL_TYPE, "type" }, { COL_NAME, "name" }, { COL_REQUIRED, "required" }, { COL_RELEVANT, "relevant" }, { COL_CONSTRAINT, "constraint" },
    { COL_CALCULATION, "calculation" }, { COL_READ_ONLY, "read_only" }, { COL_CHOICE_FILTER, "choice_filter" },
    { COL_REPEAT_COUNT, "repeat_count" }, { COL_DEFAULT, "default" }, { COL_TRIGGER, "trigger" }, { COL_APPEARANCE, "appearance" },
    { COL_PARAMETERS, "parameters" }, { COL_TD_CODE, "td_code" }, { COL_TD_ROLE, "td_role" }, { COL_LABEL, "label" }, { COL_HINT, "hint" },
    { COL_GUIDANCE, "guidance_hint" }, { COL_REQUIRED_MESSAGE, "required_message" }, { COL_CONSTRAINT_MESSAGE, "constraint_message" },
    { COL_IMAGE, "image" }, { COL_BIG_IMAGE, "big-image" }, { COL_AUDIO, "audio" }, { COL_VIDEO, "video" }, { COL_LIST_NAME, "list_name" },
    { COL_TD_VALUE, "td_value" }, { COL_TD_MISSING, "td_missing" }, { COL_FORM_ID, "form_id" }, { COL_VERSION, "version" },
    { COL_FORM_TITLE, "form_title" }, { COL_DEFAULT_LANGUAGE, "default_language" }, { COL_TD_KIND, "td_kind" }, { COL_TD_LAYOUT, "td_layout" },
    { COL_TD_CHANNELS, "td_channels" }, { COL_INSTANCE_NAME, "instance_name" }, { COL_ALLOW_CHOICE_DUPLICATES, "allow_choice_duplicates" } };

/* ---- Sheets and columns --------------------------------------------------------------------------------------------- */

GridSheet *grid_sheet(const Grid *g, SheetId which)
{
    for (size_t i = 0; i < g->sheets.len; i++)
        if (g->sheets.at[i].which == which)
            return &g->sheets.at[i];
    return NULL;
}

int grid_column(const GridSheet *s, ColumnId id, Str language)
{
    for (size_t i = 0; i < s->columns.len; i++)
        if (s->columns.at[i].is.id == id && str_eq(s->columns.at[i].is.language, language))
            return (int)i;
    return -1;
}

int grid_header(const GridSheet *s, Str header)
{
    for (size_t i = 0; i < s->columns.len; i++)
        if (str_eq(s->columns.at[i].header, header))
            return (int)i;
    return -1;
}

int grid_header_need(Arena *a, GridSheet *s, Str header)
{
    int at = grid_header(s, header);
    if (at >= 0)
        return at;
    header = arena_str(a, header);
    FormHeader is = form_header(a, s->which, header);
    *list_add(a, &s->columns) = (GridColumn){ header, is };
    for (size_t i = 0; i < s->rows.len; i++) {
        Str *cells = arena_new(a, Str, s->columns.len);
        memcpy(cells, s->rows.at[i].cells, (s->columns.len - 1) * sizeof *cells);
        s->rows.at[i].cells = cells;
    }
    return (int)s->columns.len - 1;
}

int grid_column_need(Arena *a, GridSheet *s, ColumnId id, Str language)
{
    int at = grid_column(s, id, language);
    for (size_t i = 0; at < 0 && i < COUNT_OF(headers); i++)
        if (headers[i].id == id) {
            Str name = str_from_c(headers[i].name);
            at = grid_header_need(a, s, language.len ? str_join(a, (Str[]){ name, language }, 2, S("::")) : name);
        }
    return at;
}

/* ---- Cells -------------------------------------------------------------------------------------------------------------- */

Str grid_cell(const GridSheet *s, const GridRow *row, ColumnId id, Str language)
{
    int at = grid_column(s, id, language);
    return at < 0 ? S("") : row->cells[at];
}

void grid_put(Arena *a, GridSheet *s, GridRow *row, ColumnId id, Str language, Str text)
{
    int at = text.len ? grid_column_need(a, s, id, language) : grid_column(s, id, language);
    if (at >= 0)
        row->cells[at] = arena_str(a, text);
}

void grid_put_header(Arena *a, GridSheet *s, GridRow *row, Str header, Str text)
{
    int at = text.len ? grid_header_need(a, s, header) : grid_header(s, header);
    if (at >= 0)
        row->cells[at] = arena_str(a, text);
}

/* ---- Rows ---------------------------------------------------------------------------------------------------------------- */

int grid_row_at(const GridSheet *s, int64_t id)
{
    for (size_t i = 0; i < s->rows.len; i++)
        if (s->rows.at[i].id == id)
            return (int)i;
    return -1;
}

GridRow *grid_row(const GridSheet *s, int64_t id)
{
    int at = grid_row_at(s, id);
    return at < 0 ? NULL : &s->rows.at[at];
}

GridRow *grid_insert(Arena *a, Grid *g, GridSheet *s, size_t at)
{
    (void)*list_add(a, &s->rows);
    memmove(&s->rows.at[at + 1], &s->rows.at[at], (s->rows.len - 1 - at) * sizeof *s->rows.at);
    s->rows.at[at] = (GridRow){ ++g->next, arena_new(a, Str, s->columns.len) };
    return &s->rows.at[at];
}

GridRow *grid_copy_row(Arena *a, Grid *g, GridSheet *s, size_t from, size_t at)
{
    const Str *cells = s->rows.at[from].cells;
    GridRow   *row   = grid_insert(a, g, s, at);
    memcpy(row->cells, cells, s->columns.len * sizeof *cells);
    return row;
}

void grid_remove(GridSheet *s, size_t from, size_t n)
{
    memmove(&s->rows.at[from], &s->rows.at[from + n], (s->rows.len - from - n) * sizeof *s->rows.at);
    s->rows.len -= n;
}

void grid_move(Arena *a, GridSheet *s, size_t from, size_t n, size_t to)
{
    GridRow *block = arena_new(a, GridRow, n);
    memcpy(block, &s->rows.at[from], n * sizeof *block);
    if (to > from)
        memmove(&s->rows.at[from], &s->rows.at[from + n], (to - from - n) * sizeof *block);
    else
        memmove(&s->rows.at[to + n], &s->rows.at[to], (from - to) * sizeof *block);
    memcpy(&s->rows.at[to > from ? to - n : to], block, n * sizeof *block);
}

static Str cell_of_header(const GridSheet *s, const GridRow *row, Str header)
{
    int at = grid_header(s, header);
    return at < 0 ? S("") : row->cells[at];
}

bool grid_row_same(const GridSheet *s, const GridRow *x, const GridSheet *t, const GridRow *y)
{
    for (size_t i = 0; i < s->columns.len; i++)
        if (!str_eq(x->cells[i], cell_of_header(t, y, s->columns.at[i].header)))
            return false;
    for (size_t i = 0; i < t->columns.len; i++)
        if (!str_eq(y->cells[i], cell_of_header(s, x, t->columns.at[i].header)))
            return false;
    return true;
}

/* ---- The questionnaire ------------------------------------------------------------------------------------------------ */

/* Once each. */
static void add_once(Arena *a, StrList *out, Str language)
{
    for (size_t i = 0; i < out->len; i++)
        if (str_eq(out->at[i], language))
            return;
    *list_add(a, out) = language;
}

StrList grid_languages(Arena *a, const Grid *g)
{
    StrList out = { 0 };
    for (size_t i = 0; i < g->sheets.len; i++)
        for (size_t k = 0; g->sheets.at[i].which <= SHEET_CHOICES && k < g->sheets.at[i].columns.len; k++)
            if (g->sheets.at[i].columns.at[k].is.translated && g->sheets.at[i].columns.at[k].is.id == COL_LABEL)
                add_once(a, &out, g->sheets.at[i].columns.at[k].is.language);
    if (!out.len)
        add_once(a, &out, S(""));
    return out;
}

Str grid_language_name(const Grid *g, Str language)
{
    return language.len ? language : grid_setting(g, COL_DEFAULT_LANGUAGE, S(""));
}

static bool language_is(Str language, Lang l)
{
    Lang of;
    Str  code = str_ends(language, S(")")) ? str_take(str_cut_last(language, '(').tail, str_cut_last(language, '(').tail.len - 1) : language;
    return lang_parse(str_trim(code), &of) && of == l;
}

Str grid_text(const Grid *g, const GridSheet *s, const GridRow *row, ColumnId id, Lang l)
{
    Str first = S("");
    for (size_t i = 0; i < s->columns.len; i++) {
        if (s->columns.at[i].is.id != id || !row->cells[i].len)
            continue;
        if (language_is(grid_language_name(g, s->columns.at[i].is.language), l))
            return row->cells[i];
        if (!first.len)
            first = row->cells[i];
    }
    return first;
}

Str grid_setting(const Grid *g, ColumnId id, Str language)
{
    const GridSheet *s = grid_sheet(g, SHEET_SETTINGS);
    return s->rows.len ? grid_cell(s, &s->rows.at[0], id, language) : S("");
}

void grid_set_setting(Arena *a, Grid *g, ColumnId id, Str language, Str text)
{
    GridSheet *s = grid_sheet(g, SHEET_SETTINGS);
    if (!s->rows.len)
        grid_insert(a, g, s, 0);
    grid_put(a, s, &s->rows.at[0], id, language, text);
}

Str grid_title(const Grid *g, Lang l)
{
    const GridSheet *s = grid_sheet(g, SHEET_SETTINGS);
    Str title = s->rows.len ? grid_text(g, s, &s->rows.at[0], COL_FORM_TITLE, l) : S("");
    return title.len ? title : grid_setting(g, COL_FORM_ID, S(""));
}

bool grid_next_name(Str *text, Str *out)
{
    size_t at, end;
    if (!str_find(*text, S("${"), &at) || !str_find(str_skip(*text, at), S("}"), &end))
        return false;
    *out  = str_trim(str_take(str_skip(*text, at + 2), end - 2));
    *text = str_skip(*text, at + end + 1);
    return true;
}

Str grid_renamed(Arena *a, Str text, const StrList *from, const StrList *to)
{
    Str    name, rest = text;
    size_t at;
    if (!str_find(text, S("${"), &at))
        return text;
    Buf b = buf_new(a, text.len + 64);
    for (Str left = text; grid_next_name(&rest, &name); left = rest) {
        size_t i = 0;
        while (i < from->len && !str_eq(from->at[i], name))
            i++;
        str_find(left, S("${"), &at);
        buf_add(&b, str_take(left, at + 2));
        buf_add(&b, i < from->len ? to->at[i] : name);
        buf_byte(&b, '}');
    }
    buf_add(&b, rest);
    return buf_str(&b);
}

void grid_rename(Arena *a, Grid *g, Str from, Str to)
{
    Str old = arena_fmt(a, "${%.*s}", STR_ARG(from)), with = arena_fmt(a, "${%.*s}", STR_ARG(to));
    for (size_t i = 0; i < g->sheets.len; i++) {
        GridSheet *s = &g->sheets.at[i];
        for (size_t r = 0; s->which != SHEET_OTHER && r < s->rows.len; r++)
            for (size_t k = 0; k < s->columns.len; k++)
                if (str_has(s->rows.at[r].cells[k], old))
                    s->rows.at[r].cells[k] = str_replace(a, s->rows.at[r].cells[k], old, with);
    }
}

static bool name_taken(const Grid *g, Str name)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    for (size_t i = 0; i < s->rows.len; i++)
        if (str_eq_ascii_nocase(grid_cell(s, &s->rows.at[i], COL_NAME, S("")), name))
            return true;
    return false;
}

Str grid_free_name(Arena *a, const Grid *g, Str wish)
{
    Str name = wish;
    for (int n = 2; name_taken(g, name); n++)
        name = arena_fmt(a, "%.*s_%d", STR_ARG(wish), n);
    return name;
}

StrList grid_list_names(Arena *a, const Grid *g)
{
    const GridSheet *s   = grid_sheet(g, SHEET_CHOICES);
    StrList          out = { 0 };
    for (size_t i = 0; i < s->rows.len; i++) {
        Str name = grid_cell(s, &s->rows.at[i], COL_LIST_NAME, S(""));
        if (name.len)
            add_once(a, &out, name);
    }
    return out;
}
