/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of choices: which there are, where they are used; one list with its words, values and filter columns. */
#include "builder/lists.h"
#include "builder/row.h"
#include "drafts_list_edit.html.h"
#include "drafts_lists.html.h"

#include <stdlib.h>

enum { ROWS_A_PAGE = 50 };

/* ---- All lists ---------------------------------------------------------------------------------------------------------------- */

static Str list_href(Ctx *c, const Work *w, Str list)
{
    return arena_fmt(c->arena, "%.*s/list?name=%.*s", STR_ARG(w->base), STR_ARG(url_encode(c->arena, list)));
}

static Err lists_view(Ctx *c, Work *w, ListsView *v)
{
    DraftHead        head;
    const GridSheet *s     = grid_sheet(w->g, SHEET_CHOICES);
    StrList          names = grid_list_names(c->arena, w->g);
    TRY(head_of(c, w, TAB_LISTS, &head));
    v->head = &head;
    for (size_t i = 0; i < names.len; i++) {
        ListLine line = { .name = names.at[i], .href = list_href(c, w, names.at[i]), .uses = list_uses(c->arena, w->g, names.at[i]) };
        for (size_t k = 0; k < s->rows.len; k++)
            line.n += str_eq(grid_cell(s, &s->rows.at[k], COL_LIST_NAME, S("")), names.at[i]);
        *list_add(c->arena, &v->lines) = line;
    }
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, w, text_of(c->lang, "builder.tab.lists"));
    drafts_lists_view(&o, v);
    return page_end_status(c, &o, v->errors.len ? 422 : 200);
}

Err builder_lists_page(Ctx *c)
{
    Work      w;
    ListsView v = { 0 };
    TRY(work_open(c, &w));
    return lists_view(c, &w, &v);
}

Err builder_lists_action(Ctx *c)
{
    Work      w;
    ListsView v = { .name = form_str(c, "name"), .paste = form_str(c, "paste") };
    TRY(work_open(c, &w));
    if (!expr_is_name(v.name))
        field_error(c, &v.errors, S("name"), text_of(c->lang, "builder.name.bad"));
    StrList names = grid_list_names(c->arena, w.g);
    for (size_t i = 0; i < names.len; i++)
        if (str_eq(names.at[i], v.name))
            field_error(c, &v.errors, S("name"), text_of(c->lang, "builder.list.taken"));
    if (!v.paste.len)
        field_error(c, &v.errors, S("paste"), text_of(c->lang, "builder.list.no_lines"));
    if (v.errors.len)
        return lists_view(c, &w, &v);
    choices_paste(c->arena, w.g, v.name, v.paste);
    TRY(work_save(c, &w, "list", v.name));
    return redirect_notice(c, list_href(c, &w, v.name), NOTICE_OK, text_of(c->lang, "builder.saved"));
}

/* ---- One list --------------------------------------------------------------------------------------------------------------------- */

static StrList filters_of(Ctx *c, const GridSheet *s)
{
    StrList out = { 0 };
    for (size_t i = 0; i < s->columns.len; i++)
        if (s->columns.at[i].is.id == COL_FILTER || (s->columns.at[i].is.id == COL_COUNT && s->columns.at[i].header.len))
            *list_add(c->arena, &out) = s->columns.at[i].header;
    return out;
}

static void add_row(Ctx *c, const Grid *g, const GridRow *row, int64_t order, ListView *v)
{
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES);
    StrList languages  = grid_languages(c->arena, g);
    ChoiceRow k = { .id = row ? arena_fmt(c->arena, "%lld", (long long)row->id) : S("new"), .order = row ? arena_fmt(c->arena, "%lld",
        (long long)order) : S(""),
                    .labels = arena_new(c->arena, Str, languages.len), .filters = arena_new(c->arena, Str, v->filters.len) };
    if (row) {
        k.code    = grid_cell(s, row, COL_NAME, S(""));
        k.value   = grid_cell(s, row, COL_TD_VALUE, S(""));
        k.missing = grid_cell(s, row, COL_TD_MISSING, S(""));
        for (size_t i = 0; i < languages.len; i++)
            k.labels[i] = grid_cell(s, row, COL_LABEL, languages.at[i]);
        for (size_t i = 0; i < v->filters.len; i++)
            k.filters[i] = row->cells[grid_header(s, v->filters.at[i])];
    }
    *list_add(c->arena, &v->rows) = k;
}

static Err list_view(Ctx *c, Work *w, ListView *v, int status)
{
    DraftHead        head;
    const GridSheet *s = grid_sheet(w->g, SHEET_CHOICES);
    TRY(head_of(c, w, TAB_LISTS, &head));
    v->head    = &head;
    v->filters = filters_of(c, s);
    v->uses    = list_uses(c->arena, w->g, v->list);
    lang_boxes(c, w->g, s, NULL, &v->langs);
    for (size_t i = 0; i < s->rows.len; i++)
        if (str_eq(grid_cell(s, &s->rows.at[i], COL_LIST_NAME, S("")), v->list)) {
            if (v->total >= v->from && v->total < v->from + ROWS_A_PAGE)
                add_row(c, w->g, &s->rows.at[i], v->total + 1, v);
            v->total++;
        }
    v->page_base = arena_fmt(c->arena, "%.*s&page=", STR_ARG(list_href(c, w, v->list)));
    v->pager     = (Pager){ v->page_base, v->from / ROWS_A_PAGE + 1, (v->total + ROWS_A_PAGE - 1) / ROWS_A_PAGE };
    if (!v->name.len)
        v->name = v->list;
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, w, v->list);
    drafts_list_edit_view(&o, v);
    return page_end_status(c, &o, status);
}

static int64_t page_from(int64_t page)
{
    return page > 1 && page < 10000 ? (page - 1) * ROWS_A_PAGE : 0;
}

Err builder_list_page(Ctx *c)
{
    Work     w;
    ListView v = { .list = query_str(c, "name"), .from = page_from(query_int(c, "page", 1)) };
    TRY(work_open(c, &w));
    return list_view(c, &w, &v, 200);
}

/* The page carries the numbers of its rows in the fields "row". */
static void rows_put(Ctx *c, Work *w, ListView *v, const StrList *ids)
{
    GridSheet *s         = grid_sheet(w->g, SHEET_CHOICES);
    StrList    languages = grid_languages(c->arena, w->g), filters = filters_of(c, s);
    for (size_t i = 0; i < ids->len; i++) {
        int64_t id = 0;
        str_to_i64(ids->at[i], &id);
        GridRow *row = grid_row(s, id);
        if (!row && id > 0 && id <= w->g->next) {            /* deleted by somebody else: comes back with what was typed */
            row     = grid_insert(c->arena, w->g, s, list_end(s, v->list));
            row->id = id;
            grid_put(c->arena, s, row, COL_LIST_NAME, S(""), v->list);
        }
        if (!row)
            continue;
        grid_put(c->arena, s, row, COL_NAME, S(""), field_part(c, "code", (size_t)id));
        grid_put(c->arena, s, row, COL_TD_VALUE, S(""), field_part(c, "value", (size_t)id));
        grid_put(c->arena, s, row, COL_TD_MISSING, S(""), field_part(c, "missing", (size_t)id));
        for (size_t k = 0; k < languages.len; k++)
            grid_put(c->arena, s, row, COL_LABEL, languages.at[k], form_str(c, arena_c(c->arena, arena_fmt(c->arena, "label_%lld_%zu", (long long)id, k))));
        for (size_t k = 0; k < filters.len; k++)
            grid_put_header(c->arena, s, row, filters.at[k], form_str(c, arena_c(c->arena, arena_fmt(c->arena, "filter_%lld_%zu", (long long)id, k))));
    }
}

typedef struct Placed { double order; size_t at; GridRow row; } Placed;
static int by_order(const void *x, const void *y)
{
    const Placed *p = x, *q = y;
    return p->order < q->order ? -1 : p->order > q->order ? 1 : p->at < q->at ? -1 : 1;
}

/* Rows of this page by the numbers typed; the places they take are the places they had. Ticked ones go. */
static void rows_arrange(Ctx *c, Work *w, const StrList *ids)
{
    GridSheet *s      = grid_sheet(w->g, SHEET_CHOICES);
    Placed    *placed = arena_new(c->arena, Placed, ids->len);
    size_t    *places = arena_new(c->arena, size_t, ids->len), n = 0;
    for (size_t i = 0; i < s->rows.len; i++)
        for (size_t k = 0; k < ids->len && n < ids->len; k++) {
            int64_t id = 0;
            double  x  = (double)n + 1;
            if (!str_to_i64(ids->at[k], &id) || s->rows.at[i].id != id)
                continue;
            str_to_f64(str_replace(c->arena, field_part(c, "order", (size_t)id), S(","), S(".")), &x);
            places[n] = i;
            placed[n] = (Placed){ x, n, s->rows.at[i] };
            n++;
        }
    if (n)
        qsort(placed, n, sizeof *placed, by_order);
    for (size_t i = 0; i < n; i++)
        s->rows.at[places[i]] = placed[i].row;
    for (size_t i = 0; i < ids->len; i++) {
        int64_t id = 0;
        str_to_i64(ids->at[i], &id);
        if (form_has(c, arena_c(c->arena, arena_fmt(c->arena, "drop_%lld", (long long)id))) && grid_row_at(s, id) >= 0)
            grid_remove(s, (size_t)grid_row_at(s, id), 1);
    }
}

/* Rows of this list that others changed since the page was made. */
static Err list_clashes(Ctx *c, Work *w, const StrList *ids, Clashes *out)
{
    Grid *before;
    TRY(work_before(c, w, &before, &out->lost));
    const GridSheet *is = grid_sheet(w->g, SHEET_CHOICES), *was = before ? grid_sheet(before, SHEET_CHOICES) : NULL;
    for (size_t i = 0; was && i < ids->len; i++) {
        int64_t id = 0;
        str_to_i64(ids->at[i], &id);
        const GridRow *x = grid_row(was, id), *y = grid_row(is, id);
        if (x && (!y || !grid_row_same(was, x, is, y)))
            *list_add(c->arena, &out->list) = (Clash){ grid_cell(was, x, COL_NAME, S("")), grid_text(before, was, x, COL_LABEL, c->lang),
                y ? grid_text(w->g, is, y, COL_LABEL, c->lang) : text_of(c->lang, "builder.clash.removed") };
    }
    if (out->list.len || out->lost)
        out->who = person_text(c, w->d.changed_by);
    return OK;
}

static void list_faults(Ctx *c, Work *w, ListView *v)
{
    StrList names = grid_list_names(c->arena, w->g);
    if (!expr_is_name(v->name))
        field_error(c, &v->errors, S("name"), text_of(c->lang, "builder.name.bad"));
    for (size_t i = 0; i < names.len; i++)
        if (str_eq(names.at[i], v->name) && !str_eq(v->name, v->list))
            field_error(c, &v->errors, S("name"), text_of(c->lang, "builder.list.taken"));
    if (v->new_column.len && (!expr_is_name(v->new_column) || str_starts(v->new_column, S("td_"))))
        field_error(c, &v->errors, S("new_column"), text_of(c->lang, "builder.name.bad"));
}

Err builder_list_action(Ctx *c)
{
    Work     w;
    StrList  ids  = { 0 };
    int64_t  page = 1;
    ListView v    = { .list = form_str(c, "list"), .name = form_str(c, "name"), .paste = form_str(c, "paste"), .new_column = form_str(c, "new_column") };
    TRY(work_open(c, &w));
    form_all(c, "row", &ids);
    str_to_i64(form_str(c, "page"), &page);
    v.from = page_from(page);
    TRY(list_clashes(c, &w, &ids, &v.clashes));
    rows_put(c, &w, &v, &ids);
    list_faults(c, &w, &v);
    if (v.errors.len || v.clashes.who.len)
        return list_view(c, &w, &v, v.errors.len ? 422 : 409);
    rows_arrange(c, &w, &ids);
    choices_paste(c->arena, w.g, v.list, v.paste);
    if (v.new_column.len)
        grid_header_need(c->arena, grid_sheet(w.g, SHEET_CHOICES), v.new_column);
    if (!str_eq(v.name, v.list))
        list_rename(c->arena, w.g, v.list, v.name);
    TRY(work_save(c, &w, "list", v.name));
    return redirect_notice(c, form_has(c, "leave") ? work_path(c, &w, "/lists") : list_href(c, &w, v.name), NOTICE_OK, text_of(c->lang, "builder.saved"));
}
