/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A new method: from nothing, as a copy, or from a file; and a file for a draft. What is wrong in a file is told by line and column. */
#include "method/console.h"

#include "methods_new.html.h"

static Err new_view(Ctx *c, MethodNewView *v, UnitId owner, Str from, int status)
{
    Str title = v->row ? text_of(c->lang, "method.import") : text_of(c->lang, "method.new");
    v->token  = c->page.form_token;
    v->action = v->row ? str_concat(c->arena, method_base(c, v->row), S("/import")) : S("/console/methods/new");
    v->back   = v->row ? method_base(c, v->row) : S("/console/methods");
    if (!v->row) {
        TRY(owner_choices(c, RIGHT_FORM_MANAGE, owner, &v->owners));
        TRY(method_choices(c->db, c->arena, c->lang, &v->from));
        for (size_t i = 0; i < v->from.len; i++)
            v->from.at[i].chosen = str_eq(v->from.at[i].value, from);
    }
    c->page.error = v->errors.len > 0;
    method_crumbs(c, v->row, title);
    Out o = page_begin(c, title);
    methods_new_view(&o, v);
    return page_end_status(c, &o, status);
}

/* The kept or shipped method to begin with; nothing: an empty one. */
static Err source_of(Ctx *c, Str from, SurveyMethod *m)
{
    MethodRow row;
    if (!from.len)
        return OK;
    TRY(method_row_of(c->db, c->arena, from, &row));
    if (!row.approved_at.ms)
        TRY(right_need(c, RIGHT_FORM_READ, row.unit));
    return method_load(c->db, c->arena, from, m);
}

Err method_new_page(Ctx *c)
{
    MethodNewView v = { 0 };
    SurveyMethod  m = { 0 };
    TRY(source_of(c, query_str(c, "from"), &m));
    v.code  = m.code;
    v.title = m.title[LANG_VI];
    return new_view(c, &v, (UnitId){ 0 }, query_str(c, "from"), 200);
}

/* The file of the form, if one was sent; false: it has faults. */
static bool file_read(Ctx *c, MethodNewView *v, bool needed, SurveyMethod *m, bool *out_any)
{
    const HttpPart *part = form_file(c, "file");
    *out_any = part && part->size;
    if (!*out_any) {
        if (needed)
            field_error(c, &v->errors, S("file"), text_of(c->lang, "method.error.file"));
        return !needed;
    }
    if (part->size > METHOD_BYTES) {
        field_error(c, &v->errors, S("file"), text_of(c->lang, "method.error.large"));
        return false;
    }
    method_read(c->arena, part_bytes(c->arena, part), m, &v->faults);
    if (v->faults.len)
        field_error(c, &v->errors, S("file"), text_fmt(c->arena, c->lang, "method.error.faults", ARG_N("n", (int64_t)v->faults.len)));
    return v->faults.len == 0;
}

Err method_new_action(Ctx *c)
{
    MethodNewView v = { .code = form_str(c, "code"), .title = form_str(c, "title") };
    SurveyMethod  m = { 0 };
    int64_t       owner = 0;
    bool          any;
    Str           from = form_str(c, "from");
    str_to_i64(form_str(c, "owner"), &owner);
    if (!owner || !right_has(c, RIGHT_FORM_MANAGE, (UnitId){ owner }))
        field_error(c, &v.errors, S("owner"), text_of(c->lang, "method.error.owner"));
    if (file_read(c, &v, false, &m, &any) && !any)
        TRY(source_of(c, from, &m));
    m.code            = v.code.len ? v.code : m.code;
    m.title[LANG_VI]  = v.title.len ? v.title : m.title[LANG_VI];
    if (!method_code_good(m.code))
        field_error(c, &v.errors, S("code"), text_of(c->lang, "method.error.ref"));
    UnitId holder;
    TRY(method_holder(c->db, m.code, &holder));
    if (holder.v && !right_has(c, RIGHT_FORM_MANAGE, holder))
        field_error(c, &v.errors, S("code"), text_of(c->lang, "method.error.held"));
    if (!m.title[LANG_VI].len)
        field_error(c, &v.errors, S("title"), text_of(c->lang, "method.error.title"));
    if (v.errors.len)
        return new_view(c, &v, (UnitId){ owner }, from, 422);
    MethodRow row = { .unit = { owner }, .from_ref = any ? S("") : from, .made_at = c->now, .made_by = c->session.person };
    TRY(method_add(c->db, c->arena, &m, &row));
    TRY(audit_add(c, S("method.create"), S("method"), row.id, row.unit, arena_fmt(c->arena, "{\"ref\":\"%.*s\"}", STR_ARG(row.ref))));
    return redirect_notice(c, method_base(c, &row), NOTICE_OK, text_fmt(c->arena, c->lang, "method.created", ARG_S("ref", row.ref)));
}

Err method_import_page(Ctx *c)
{
    MethodRow     row;
    SurveyMethod  m;
    TRY(method_draft_of_path(c, &row, &m));
    MethodNewView v = { .row = &row };
    return new_view(c, &v, row.unit, S(""), 200);
}

Err method_import_action(Ctx *c)
{
    MethodRow    row;
    SurveyMethod before, m = { 0 };
    bool         any;
    TRY(method_draft_of_path(c, &row, &before));
    MethodNewView v = { .row = &row };
    if (!file_read(c, &v, true, &m, &any))
        return new_view(c, &v, row.unit, S(""), 422);
    m.code = row.code;
    for (int l = 0; l < LANG_COUNT; l++)
        m.title[l] = m.title[l].len ? m.title[l] : before.title[l];
    return method_keep(c, &m, &row, text_of(c->lang, "method.imported"));
}
