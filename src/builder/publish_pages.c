/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Publishing a draft: faults, warnings to be confirmed, what changes since the version before. */
#include "builder/console.h"
#include "drafts_publish.html.h"

typedef struct Ready { FormProgram *p; FormIssues issues; FormRow before; bool has_before; Str free_version; FormFileSet files; } Ready;

/* YYYYMMDDnn, the first of the day that is free. */
static Err version_free(Ctx *c, Str form_id, Str *out)
{
    Ymd d = date_ymd(c->today);
    for (int n = 1; n < 100; n++) {
        FormRow row;
        *out  = arena_fmt(c->arena, "%04d%02d%02d%02d", d.year, d.month, d.day, n);
        Err e = form_by_key(c->db, c->arena, form_id, *out, &row);
        if (err_is(e, ERR_NOT_FOUND))
            return OK;
        TRY(e);
    }
    return err_new(c->arena, ERR_CONFLICT, S("99 versions of this questionnaire were made today"));
}

static void own_issue(Ctx *c, Ready *r, const char *code, const char *column, const char *key)
{
    *list_add(c->arena, &r->issues) = (FormIssue){ .sheet = S("settings"), .row = 2, .column = str_from_c(column), .code = str_from_c(code),
        .sheet_at = SHEET_SETTINGS, .message_vi = text_find(LANG_VI, str_from_c(key)), .message_en = text_find(LANG_EN, str_from_c(key)) };
}

/* The same checks as of an uploaded workbook, and whether this form_id is ours. */
static Err check_all(Ctx *c, Work *w, Ready *r)
{
    *r = (Ready){ 0 };
    TRY(form_draft_compile(c->db, c->store, c->arena, w->d.id, w->g, &r->issues, &r->p));
    Str form_id = grid_setting(w->g, COL_FORM_ID, S(""));
    if (!form_id.len) {
        own_issue(c, r, "E-HEADER", "form_id", "builder.publish.no_id");
        r->p = NULL;
        return OK;
    }
    Err e = form_by_key(c->db, c->arena, form_id, S(""), &r->before);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    r->has_before = !e;
    if (r->has_before && !right_has(c, RIGHT_FORM_MANAGE, r->before.owner)) {
        own_issue(c, r, "E-VERSION", "form_id", "builder.publish.other_unit");
        r->p = NULL;
    }
    TRY(version_free(c, form_id, &r->free_version));
    return r->p ? form_check_versions(c->db, c->store, c->arena, r->p, &r->issues) : OK;
}

static Err publish_view(Ctx *c, Work *w, Ready *r, PublishView *v, int status)
{
    DraftHead          head;
    const FormProgram *before;
    TRY(head_of(c, w, TAB_NONE, &head));
    v->head   = &head;
    v->issues = &r->issues;
    for (size_t i = 0; i < r->issues.len; i++)
        *(r->issues.at[i].warning ? &v->warnings : &v->errors) += 1;
    TRY(issue_lines(c, w, &r->issues, false, &v->lines));
    TRY(issue_lines(c, w, &r->issues, true, &v->lines));
    v->reason = form_needs_reason(&r->issues);
    v->first  = !r->has_before;
    if (!v->version.len)
        v->version = r->free_version;
    if (r->has_before && r->p && right_has(c, RIGHT_FORM_READ, r->before.owner)) {
        TRY(form_program(c->db, c->store, c->arena, r->before.id, &before));
        v->changes = form_changes(c->arena, before, r->p, c->lang);
        v->since   = r->before.version;
    }
    c->page.error = v->errs.len > 0;
    Out o = work_page_begin(c, w, text_of(c->lang, "builder.publish.title"));
    drafts_publish_view(&o, v);
    return page_end_status(c, &o, status);
}

Err builder_publish_page(Ctx *c)
{
    Work        w;
    Ready       r;
    PublishView v = { 0 };
    TRY(work_open(c, &w));
    TRY(check_all(c, &w, &r));
    v.version = grid_setting(w.g, COL_VERSION, S(""));
    return publish_view(c, &w, &r, &v, 200);
}

static bool version_good(Str s)
{
    return s.len && s.len <= 60 && !str_has(s, S(" ")) && !str_has(s, S("\n"));
}

static Err published(Ctx *c, Work *w, FormId id, Str reason)
{
    FormRow row;
    TRY(form_load(c->db, c->arena, id, &row));
    TRY(form_draft_end(c->db, &w->d, DRAFT_PUBLISHED, id, c->session.person, c->now));
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"form_id\":");
    buf_json_str(&detail, row.form_id);
    buf_lit(&detail, ",\"version\":");
    buf_json_str(&detail, row.version);
    buf_fmt(&detail, ",\"draft\":\"%lld\"", (long long)w->d.id);
    if (reason.len) {
        buf_lit(&detail, ",\"reason\":");
        buf_json_str(&detail, reason);
    }
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("form.publish"), S("form"), id.v, row.owner, buf_str(&detail)));
    return redirect_notice(c, form_base(c, id), NOTICE_OK, text_of(c->lang, "builder.published"));
}

static Err save_version(Ctx *c, Work *w, Ready *r, PublishView *v)
{
    FormIssues issues = { 0 };
    FormId     id;
    Str        bytes;
    grid_set_setting(c->arena, w->g, COL_VERSION, S(""), v->version);
    TRY(grid_xlsx(c->arena, w->g, &bytes));
    TRY(form_draft_files_load(c->db, c->store, c->arena, w->d.id, &r->files));
    Err e = form_save(c->db, c->store, c->arena, bytes, &r->files, w->d.owner, c->session.person, c->now, &issues, &id);
    if (err_is(e, ERR_CONFLICT))
        field_error(c, &v->errs, S("version"), text_of(c->lang, "builder.publish.taken"));
    if (err_is(e, ERR_INVALID))
        field_error(c, &v->errs, S("version"), text_of(c->lang, "form.upload.bad"));
    if (v->errs.len)
        return publish_view(c, w, r, v, 422);
    TRY(e);
    return published(c, w, id, v->typed_reason);
}

Err builder_publish_action(Ctx *c)
{
    Work        w;
    Ready       r;
    PublishView v = { .version = form_str(c, "version"), .typed_reason = form_str(c, "reason"), .agreed = form_has(c, "agree") };
    TRY(work_open(c, &w));
    TRY(check_all(c, &w, &r));
    bool warned = r.issues.len > 0;
    if (w.seen != w.d.revision) {
        field_error(c, &v.errs, S("version"), text_fmt(c->arena, c->lang, "builder.publish.changed", ARG_S("who", person_text(c, w.d.changed_by))));
        return publish_view(c, &w, &r, &v, 409);
    }
    if (!r.p || form_issues_bad(&r.issues))
        return publish_view(c, &w, &r, &v, 422);
    if (!version_good(v.version))
        field_error(c, &v.errs, S("version"), text_of(c->lang, "builder.publish.version.bad"));
    if (warned && !v.agreed)
        field_error(c, &v.errs, S("agree"), text_of(c->lang, "builder.publish.agree.missing"));
    if (form_needs_reason(&r.issues) && !v.typed_reason.len)
        field_error(c, &v.errs, S("reason"), text_of(c->lang, "form.upload.reason.missing"));
    return v.errs.len ? publish_view(c, &w, &r, &v, 422) : save_version(c, &w, &r, &v);
}
