/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every page of a draft does: load, save, head, what others changed meanwhile. */
#include "builder/console.h"

Str work_path(Ctx *c, const Work *w, const char *rest)
{
    return arena_fmt(c->arena, "/console/drafts/%lld%s", (long long)w->d.id, rest);
}

Str work_row_path(Ctx *c, const Work *w, int64_t row, const char *rest)
{
    return arena_fmt(c->arena, "/console/drafts/%lld/rows/%lld%s", (long long)w->d.id, (long long)row, rest);
}

Str person_text(Ctx *c, PersonId id)
{
    Person p;
    return id.v && person_load(c->db, c->arena, id, &p) == OK ? p.name : text_of(c->lang, "builder.nobody");
}

Err work_open(Ctx *c, Work *w)
{
    *w = (Work){ 0 };
    TRY(form_draft_load(c->db, c->arena, path_int(c, "id"), &w->d));
    TRY(right_need(c, RIGHT_FORM_MANAGE, w->d.owner));
    if (w->d.state != DRAFT_OPEN)
        return err_new(c->arena, ERR_GONE, S("the draft is open no more"));
    TRY(form_draft_content(c->db, c->arena, &w->d, w->d.revision, &w->g, NULL));
    w->base = work_path(c, w, "");
    w->seen = w->d.revision;
    if (c->req->method == POST)
        str_to_i64(form_str(c, "revision"), &w->seen);
    return OK;
}

Err work_save(Ctx *c, Work *w, const char *act, Str subject)
{
    return form_draft_save(c->db, c->arena, &w->d, w->g, act, subject, c->session.person, c->now);
}

Err work_before(Ctx *c, const Work *w, Grid **out, bool *out_lost)
{
    *out      = NULL;
    *out_lost = false;
    if (w->seen == w->d.revision)
        return OK;
    Err e = form_draft_content(c->db, c->arena, &w->d, w->seen, out, NULL);
    *out_lost = err_is(e, ERR_NOT_FOUND);
    return *out_lost ? OK : e;
}

Str work_title(Ctx *c, const Work *w)
{
    Str title = grid_title(w->g, c->lang);
    return title.len ? title : text_of(c->lang, "builder.untitled");
}

/* ---- Head ------------------------------------------------------------------------------------------------------------- */

Str act_text(Ctx *c, const DraftRevision *r)
{
    Str key  = str_concat(c->arena, S("builder.act."), r->act);
    Str text = text_find(c->lang, key);
    return text_fill(c->arena, c->lang, text.len ? text : r->act, (TextArg[]){ ARG_S("what", r->subject) }, 1);
}

static Err undo_texts(Ctx *c, const Work *w, DraftHead *h)
{
    DraftRevisions rows;
    DraftRevision  now = { 0 };
    TRY(form_draft_revisions(c->db, c->arena, w->d.id, DRAFT_REVISIONS, &rows));
    if (rows.len)
        now = rows.at[0];
    for (size_t i = 0; i < rows.len; i++) {
        if (rows.at[i].revision == now.undo_to)
            h->undo = str_eq(now.act, S("undo")) ? text_of(c->lang, "builder.undo.earlier") : act_text(c, &now);
        if (rows.at[i].revision == now.redo_to)
            h->redo = act_text(c, &rows.at[i]);
    }
    return OK;
}

Err head_of(Ctx *c, const Work *w, DraftTab tab, DraftHead *out)
{
    static const struct { const char *key, *path; } tabs[TAB_NONE] = {
        { "builder.tab.questions", "" }, { "builder.tab.lists", "/lists" }, { "builder.tab.settings", "/settings" },
        { "builder.tab.files", "/files" }, { "builder.tab.history", "/history" }, { "builder.tab.phone", "/preview" } };
    *out = (DraftHead){ .title = work_title(c, w), .base = w->base, .token = c->page.form_token, .revision = w->d.revision };
    out->changed = text_fmt(c->arena, c->lang, "builder.changed", ARG_S("who", person_text(c, w->d.changed_by)),
                            ARG_S("time", time_text(c->arena, c->lang, w->d.changed_at)));
    for (int i = 0; i < TAB_NONE; i++)
        out->tabs[out->tab_count++] = (TabItem){ text_find(c->lang, str_from_c(tabs[i].key)), work_path(c, w, tabs[i].path), (int)tab == i };
    return undo_texts(c, w, out);
}

Out work_page_begin(Ctx *c, const Work *w, Str title)
{
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, text_of(c->lang, "builder.drafts"), S("/console/drafts"));
    page_crumb(c, work_title(c, w), title.len ? w->base : S(""));
    if (title.len)
        page_crumb(c, title, S(""));
    return page_begin(c, title.len ? title : work_title(c, w));
}

/* ---- What others changed ------------------------------------------------------------------------------------------------ */

static Str cell_named(const GridSheet *s, const GridRow *row, Str header)
{
    int at = row ? grid_header(s, header) : -1;
    return at < 0 ? S("") : row->cells[at];
}

static void clash(Arena *a, Str header, Str before, Str now, Clashes *out)
{
    for (size_t i = 0; i < out->list.len; i++)
        if (str_eq(out->list.at[i].column, header))
            return;
    if (!str_eq(before, now))
        *list_add(a, &out->list) = (Clash){ header, before, now };
}

void clash_rows(Arena *a, const GridSheet *was, const GridRow *x, const GridSheet *is, const GridRow *y, Clashes *out)
{
    for (size_t i = 0; i < was->columns.len; i++)
        clash(a, was->columns.at[i].header, x ? x->cells[i] : S(""), cell_named(is, y, was->columns.at[i].header), out);
    for (size_t i = 0; i < is->columns.len; i++)
        clash(a, is->columns.at[i].header, cell_named(was, x, is->columns.at[i].header), y ? y->cells[i] : S(""), out);
}
