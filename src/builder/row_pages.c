/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of one row share: finding it, even when others moved or deleted it, its tabs, its faults, saving. */
#include "builder/row.h"

static Err issues_of_row(Ctx *c, RowWork *r, RowHead *h)
{
    FormIssues   issues = { 0 }, mine = { 0 };
    FormProgram *p;
    TRY(form_draft_compile(c->db, c->store, c->arena, r->w.d.id, r->w.g, &issues, &p));
    for (size_t i = 0; i < issues.len; i++)
        if (issues.at[i].sheet_at == SHEET_SURVEY && issue_row(r->w.g, &issues.at[i]) == r->id)
            *list_add(c->arena, &mine) = issues.at[i];
    TRY(issue_lines(c, &r->w, &mine, false, &h->issues));
    return issue_lines(c, &r->w, &mine, true, &h->issues);
}

static void neighbours(Ctx *c, RowWork *r, RowHead *h)
{
    Outline o  = outline_of(c->arena, r->w.g);
    int     at = outline_find(&o, r->id);
    if (at > 0)
        h->back = work_row_path(c, &r->w, o.items.at[at - 1].id, "");
    if (at >= 0 && (size_t)at + 1 < o.items.len)
        h->next = work_row_path(c, &r->w, o.items.at[at + 1].id, "");
}

Err row_head(Ctx *c, RowWork *r, int tab, DraftHead *head, RowHead *out)
{
    static const struct { const char *key, *path; } tabs[] = {
        { "builder.row.content", "" }, { "builder.row.logic", "/logic" }, { "builder.row.rules", "/rules" }, { "builder.row.cells", "/cells" } };
    TRY(head_of(c, &r->w, TAB_NONE, head));
    *out = (RowHead){ .head = head, .label = row_label(c, r->w.g, r->row, c->lang), .type = type_words(c->lang, &r->type), .clashes = r->clashes,
                      .name = grid_cell(r->s, r->row, COL_NAME, S("")), .base = work_row_path(c, &r->w, r->id, ""), .gone = r->gone };
    for (int i = 0; i < (int)COUNT_OF(tabs); i++)
        out->tabs[i] = (TabItem){ text_find(c->lang, str_from_c(tabs[i].key)), work_row_path(c, &r->w, r->id, tabs[i].path), i == tab };
    neighbours(c, r, out);
    return issues_of_row(c, r, out);
}

static void find_row(RowWork *r)
{
    r->s   = grid_sheet(r->w.g, SHEET_SURVEY);
    r->row = grid_row(r->s, r->id);
}

void row_type(Ctx *c, RowWork *r)
{
    r->type = type_read(c->arena, grid_cell(r->s, r->row, COL_TYPE, S("")));
}

/* A row that somebody else deleted comes back at the end, as it was, so that what was typed has a place. */
static bool bring_back(Ctx *c, RowWork *r, const Grid *before)
{
    const GridSheet *s   = before ? grid_sheet(before, SHEET_SURVEY) : NULL;
    const GridRow   *old = s ? grid_row(s, r->id) : NULL;
    if (!old)
        return false;
    r->row     = grid_insert(c->arena, r->w.g, r->s, r->s->rows.len);
    r->row->id = r->id;
    for (size_t i = 0; i < s->columns.len; i++)
        grid_put_header(c->arena, r->s, r->row, s->columns.at[i].header, old->cells[i]);
    r->gone = true;
    return true;
}

static void compare(Ctx *c, RowWork *r, const Grid *before, bool lost)
{
    const GridSheet *s   = before ? grid_sheet(before, SHEET_SURVEY) : NULL;
    const GridRow   *old = s ? grid_row(s, r->id) : NULL;
    r->clashes.lost = lost;
    if (old && !r->gone)
        clash_rows(c->arena, s, old, r->s, r->row, &r->clashes);
    if (r->clashes.list.len || lost)
        r->clashes.who = person_text(c, r->w.d.changed_by);
    r->stale = r->clashes.list.len || lost;
}

Err row_open(Ctx *c, RowWork *r)
{
    Grid *before;
    bool  lost;
    *r = (RowWork){ .id = path_int(c, "row") };
    TRY(work_open(c, &r->w));
    TRY(work_before(c, &r->w, &before, &lost));
    find_row(r);
    if (!r->row && !bring_back(c, r, before))
        return err_new(c->arena, ERR_NOT_FOUND, S("no such row in this draft"));
    row_type(c, r);
    compare(c, r, before, lost);
    return OK;
}

Err row_saved(Ctx *c, RowWork *r, const char *act, const char *tab)
{
    TRY(work_save(c, &r->w, act, row_label(c, r->w.g, r->row, c->lang)));
    Str to = form_has(c, "leave") ? arena_fmt(c->arena, "%.*s#r%lld", STR_ARG(r->w.base), (long long)r->id) : work_row_path(c, &r->w, r->id, tab);
    return redirect_notice(c, to, NOTICE_OK, r->gone ? text_of(c->lang, "builder.row.back") : text_of(c->lang, "builder.saved"));
}

void lang_boxes(Ctx *c, const Grid *g, const GridSheet *s, const GridRow *row, LangBoxes *out)
{
    StrList languages = grid_languages(c->arena, g);
    for (size_t i = 0; i < languages.len; i++) {
        Str l = languages.at[i], name = grid_language_name(g, l);
        Str code = str_ends(name, S(")")) ? str_cut_last(str_take(name, name.len - 1), '(').tail : S("");
        LangBox b = { .language = language_words(c, g, l), .id = arena_fmt(c->arena, "%zu", i), .tag = code };
        if (row) {
            b.label      = grid_cell(s, row, s->which == SHEET_SETTINGS ? COL_FORM_TITLE : COL_LABEL, l);
            b.hint       = grid_cell(s, row, COL_HINT, l);
            b.guidance   = grid_cell(s, row, COL_GUIDANCE, l);
            b.image      = grid_cell(s, row, COL_IMAGE, l);
            b.audio      = grid_cell(s, row, COL_AUDIO, l);
            b.required   = grid_cell(s, row, COL_REQUIRED_MESSAGE, l);
            b.constraint = grid_cell(s, row, COL_CONSTRAINT_MESSAGE, l);
        }
        *list_add(c->arena, out) = b;
    }
}

Str field_part(const Ctx *c, const char *name, size_t n)
{
    return form_str(c, arena_c(c->arena, arena_fmt(c->arena, "%s_%zu", name, n)));
}

void texts_put(Ctx *c, RowWork *r, const char *name, ColumnId id)
{
    StrList languages = grid_languages(c->arena, r->w.g);
    for (size_t i = 0; i < languages.len; i++)
        if (form_has(c, arena_c(c->arena, arena_fmt(c->arena, "%s_%zu", name, i))))
            grid_put(c->arena, r->s, r->row, id, languages.at[i], field_part(c, name, i));
}

/* ---- Every other column ------------------------------------------------------------------------------------------------- */

#include "drafts_cells.html.h"

static bool shown_elsewhere(ColumnId id)
{
    switch (id) {
    case COL_TYPE: case COL_NAME: case COL_LABEL: case COL_HINT: case COL_GUIDANCE: case COL_REQUIRED: case COL_RELEVANT: case COL_CONSTRAINT:
    case COL_CALCULATION: case COL_CHOICE_FILTER: case COL_REPEAT_COUNT: case COL_DEFAULT: case COL_TRIGGER: case COL_APPEARANCE: case COL_TD_CODE:
    case COL_TD_ROLE: case COL_REQUIRED_MESSAGE: case COL_CONSTRAINT_MESSAGE: case COL_READ_ONLY: case COL_IMAGE: case COL_AUDIO:
        return true;
    default: return false;
    }
}

static Err cells_view(Ctx *c, RowWork *r, CellsView *v, int status)
{
    DraftHead head;
    RowHead   row;
    TRY(row_head(c, r, 3, &head, &row));
    v->row = &row;
    for (size_t i = 0; i < r->s->columns.len; i++)
        if (!shown_elsewhere(r->s->columns.at[i].is.id) && r->s->columns.at[i].header.len)
            *list_add(c->arena, &v->cells) = (CellBox){ arena_fmt(c->arena, "x_%zu", i), r->s->columns.at[i].header, r->row->cells[i] };
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, &r->w, row.label);
    drafts_cells_view(&o, v);
    return page_end_status(c, &o, status);
}

Err builder_cells_page(Ctx *c)
{
    RowWork   r;
    CellsView v = { 0 };
    TRY(row_open(c, &r));
    return cells_view(c, &r, &v, 200);
}

Err builder_cells_action(Ctx *c)
{
    RowWork   r;
    CellsView v = { .added = form_str(c, "column") };
    TRY(row_open(c, &r));
    size_t known = r.s->columns.len;
    for (size_t i = 0; i < known; i++) {
        Str header = field_part(c, "h", i);                 /* columns are named, since others may have added some */
        if (header.len && grid_header(r.s, header) >= 0 && !shown_elsewhere(r.s->columns.at[grid_header(r.s, header)].is.id))
            r.row->cells[grid_header(r.s, header)] = field_part(c, "x", i);
    }
    if (v.added.len && (v.added.len > 100 || str_has(v.added, S("\n")) || r.s->columns.len >= FORM_MAX_COLUMNS))
        field_error(c, &v.errors, S("column"), text_of(c->lang, "builder.cells.bad"));
    if (v.errors.len || r.stale)
        return cells_view(c, &r, &v, v.errors.len ? 422 : 409);
    if (v.added.len)
        grid_header_need(c->arena, r.s, v.added);
    return row_saved(c, &r, "cells", "/cells");
}
