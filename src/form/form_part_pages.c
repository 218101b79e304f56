/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What belongs to a version in the console: its XForm, the files it names, what changed since an earlier version. */
#include "form/console.h"
#include "form/form_page_list.h"

#include "forms_changes.html.h"

Err form_row_of_path(Ctx *c, Right right, FormRow *out)
{
    TRY(form_load(c->db, c->arena, (FormId){ path_int(c, "id") }, out));
    return right_need(c, right, out->owner);
}

Str form_base(Ctx *c, FormId id)
{
    return arena_fmt(c->arena, "/console/forms/%lld", (long long)id.v);
}

/* ---- XForm and files ----------------------------------------------------------------------------------------------- */

Err form_xform_file(Ctx *c)
{
    FormRow row;
    Str     bytes;
    TRY(form_row_of_path(c, RIGHT_FORM_READ, &row));
    TRY(form_xform(c->db, c->store, c->arena, row.id, &bytes));
    return answer_file(c, S("application/xml"), arena_fmt(c->arena, "%.*s-%.*s.xml", STR_ARG(row.form_id), STR_ARG(row.version)), bytes);
}

/* Files by name: what the questionnaire asks for, there or missing, and what was sent besides. */
Err form_media_lines(Ctx *c, FormId id, const FormProgram *p, FormMediaLines *out)
{
    FormFileRows rows;
    StrList      named = form_files_named(c->arena, p);
    TRY(form_file_list(c->db, c->arena, id, &rows));
    for (size_t i = 0; i < named.len; i++) {
        FormMediaLine line = { .name = named.at[i] };
        for (size_t k = 0; k < rows.len; k++)
            if (str_eq(rows.at[k].name, named.at[i]))
                line.size = size_text(c->arena, c->lang, rows.at[k].size);
        *list_add(c->arena, out) = line;
    }
    for (size_t k = 0; k < rows.len; k++) {
        bool asked = false;
        for (size_t i = 0; i < named.len; i++)
            asked |= str_eq(rows.at[k].name, named.at[i]);
        if (!asked)
            *list_add(c->arena, out) = (FormMediaLine){ rows.at[k].name, size_text(c->arena, c->lang, rows.at[k].size) };
    }
    return OK;
}

Err form_media_file(Ctx *c)
{
    FormRow row;
    Str     bytes, name = query_str(c, "name");
    TRY(form_row_of_path(c, RIGHT_FORM_READ, &row));
    TRY(form_file_load(c->db, c->store, c->arena, row.id, name, &bytes));
    return answer_file(c, S("application/octet-stream"), name, bytes);
}

Err form_media_action(Ctx *c)
{
    FormRow row;
    int64_t saved = 0;
    TRY(form_row_of_path(c, RIGHT_FORM_MANAGE, &row));
    for (size_t i = 0; i < c->req->files.len; i++) {
        const HttpPart *part = &c->req->files.at[i];
        if (!str_eq(part->name, S("media")) || !part->size)
            continue;
        FormFile file = { part->file_name, part_bytes(c->arena, part) };
        Err      e    = form_file_save(c->db, c->store, c->arena, row.id, &file, c->session.person, c->now);
        if (err_is(e, ERR_CONFLICT) || err_is(e, ERR_INVALID) || err_is(e, ERR_TOO_LARGE))
            return redirect_notice(c, form_base(c, row.id), NOTICE_WARN, err_is(e, ERR_CONFLICT)
                ? text_fmt(c->arena, c->lang, "form.media.other", ARG_S("name", part->file_name))
                : text_fmt(c->arena, c->lang, "form.media.bad", ARG_S("name", part->file_name)));
        TRY(e);
        Buf detail = buf_new(c->arena, 64);
        buf_lit(&detail, "{\"name\":");
        buf_json_str(&detail, file.name);
        buf_byte(&detail, '}');
        TRY(audit_add(c, S("form.media"), S("form"), row.id.v, row.owner, buf_str(&detail)));
        saved++;
    }
    return redirect_notice(c, form_base(c, row.id), saved ? NOTICE_OK : NOTICE_INFO,
                           saved ? text_fmt(c->arena, c->lang, "form.media.saved", ARG_N("n", saved)) : text_of(c->lang, "form.media.none"));
}

/* ---- Changes --------------------------------------------------------------------------------------------------------- */

Str form_change_text(Lang l, FormChangeKind kind)
{
    static const char *const keys[CHANGE_KIND_COUNT] = {
        "form.change.added", "form.change.removed", "form.change.type", "form.change.list", "form.change.label", "form.change.hint",
        "form.change.required", "form.change.relevant", "form.change.constraint", "form.change.calculation", "form.change.filter",
        "form.change.default", "form.change.choice_added", "form.change.choice_removed", "form.change.choice_label",
        "form.change.message", "form.change.look", "form.change.role", "form.change.code", "form.change.count" };
    return text_find(l, str_from_c(keys[kind]));
}

Err form_earlier(Ctx *c, const FormRow *row, FormRows *out)
{
    FormRows   all;
    RightScope scope;
    TRY(right_scope(c, RIGHT_FORM_READ, &scope));
    TRY(form_page_list(c->db, c->arena, &(ScopePage){ .scope = &scope, .most = INT64_MAX }, &all));
    for (size_t i = 0; i < all.len; i++)
        if (str_eq(all.at[i].form_id, row->form_id) && all.at[i].id.v != row->id.v && all.at[i].created_at.ms <= row->created_at.ms)
            *list_add(c->arena, out) = all.at[i];
    return OK;
}

Err form_changes_page(Ctx *c)
{
    FormRow         row, from;
    FormChangesView v = { .row = &row, .from = &from };
    const FormProgram *before, *after;
    TRY(form_row_of_path(c, RIGHT_FORM_READ, &row));
    TRY(form_load(c->db, c->arena, (FormId){ query_int(c, "from", 0) }, &from));
    TRY(right_need(c, RIGHT_FORM_READ, from.owner));
    if (!str_eq(from.form_id, row.form_id))
        return err_new(c->arena, ERR_NOT_FOUND, S("not a version of this questionnaire"));
    TRY(form_program(c->db, c->store, c->arena, from.id, &before));
    TRY(form_program(c->db, c->store, c->arena, row.id, &after));
    v.changes = form_changes(c->arena, before, after, c->lang);
    v.base    = form_base(c, row.id);
    Str title = c->lang == LANG_EN && row.title_en.len ? row.title_en : row.title;
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, title, v.base);
    page_crumb(c, text_of(c->lang, "form.change.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "form.change.title"));
    forms_changes_view(&o, &v);
    return page_end(c, &o);
}
