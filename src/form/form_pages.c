/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questionnaires in the console: list, upload with its faults, one version, preview, files; the route table. */
#include "form/console.h"
#include "form/form_page_list.h"

#include "forms_list.html.h"
#include "forms_preview.html.h"
#include "forms_upload.html.h"
#include "forms_version.html.h"

/* ---- Words ----------------------------------------------------------------------------------------------------------- */

Str form_state_text(Lang l, Str state)
{
    return str_eq(state, S("published")) ? text_of(l, "form.state.published") : str_eq(state, S("closed")) ? text_of(l, "form.state.closed")
        : text_of(l, "form.state.draft");
}

TagKind form_state_tag(Str state)
{
    return str_eq(state, S("published")) ? TAG_OK : str_eq(state, S("closed")) ? TAG_OFF : TAG_PLAIN;
}

Str form_issue_place(Arena *a, Lang l, const FormIssue *f)
{
    Str    parts[3];
    size_t n = 0;
    if (!f->sheet.len)
        return text_of(l, "form.issue.file");
    parts[n++] = f->sheet;
    if (f->row)
        parts[n++] = text_fmt(a, l, "form.issue.row", ARG_N("n", f->row));
    if (f->column.len)
        parts[n++] = text_fmt(a, l, "form.issue.column", ARG_S("column", f->column));
    return str_join(a, parts, n, S(", "));
}

/* Messages follow a place elsewhere; in a cell of their own they begin with a capital. */
Str form_issue_sentence(Arena *a, Lang l, const FormIssue *f)
{
    Str s = l == LANG_EN ? f->message_en : f->message_vi;
    if (str_starts(s, S("đ")))
        return str_concat(a, S("Đ"), str_skip(s, 2));
    if (!s.len || s.at[0] < 'a' || s.at[0] > 'z')
        return s;
    char *at = arena_c(a, s);
    at[0]    = (char)(at[0] - 32);
    return (Str){ at, s.len };
}

static Str title_of(const FormRow *row, Lang l)
{
    return l == LANG_EN && row->title_en.len ? row->title_en : row->title;
}

/* ---- List ------------------------------------------------------------------------------------------------------------- */

enum { FORMS_A_PAGE = 50 };

static Err list_page(Ctx *c)
{
    FormRows      rows;
    RightScope    scope;
    int64_t       page = query_page(c);
    ScopePage     p = { &scope, (page - 1) * FORMS_A_PAGE, FORMS_A_PAGE, 0 };
    FormsListView v = { .may_add = right_has(c, RIGHT_FORM_MANAGE, (UnitId){ 0 }) };
    TRY(right_scope(c, RIGHT_FORM_READ, &scope));
    TRY(form_page_list(c->db, c->arena, &p, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const FormRow *row = &rows.at[i];
        *list_add(c->arena, &v.lines) = (FormLine){ row, title_of(row, c->lang), unit_name_today(c, row->owner), form_base(c, row->id) };
    }
    v.all   = p.all;
    v.pager = (Pager){ S("/console/forms?page="), page, (p.all + FORMS_A_PAGE - 1) / FORMS_A_PAGE };
    page_crumb(c, text_of(c->lang, "form.list.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "form.list.title"));
    forms_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Upload ------------------------------------------------------------------------------------------------------------ */

static Err upload_view(Ctx *c, FormsUploadView *v, int status)
{
    v->token         = c->page.form_token;
    v->shipped_count = form_shipped(&v->shipped);
    for (size_t i = 0; v->issues && i < v->issues->len; i++)
        v->error_count += !v->issues->at[i].warning;
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, text_of(c->lang, "form.upload.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "form.upload.title"));
    forms_upload_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err upload_page(Ctx *c)
{
    return upload_view(c, &(FormsUploadView){ 0 }, 200);
}

static Err upload_refused(Ctx *c, Str message, const FormIssues *issues)
{
    FormsUploadView v = { .issues = issues };
    field_error(c, &v.errors, S("file"), message);
    return upload_view(c, &v, 422);
}

/* Saves, or shows why not. */
static Err save_bytes(Ctx *c, Str bytes, const FormFileSet *files, Str reason)
{
    FormIssues issues = { 0 };
    FormId     id     = { 0 };
    Err e = form_save(c->db, c->store, c->arena, bytes, files, c->session.main_unit, c->session.person, c->now, &issues, &id);
    if (err_is(e, ERR_INVALID))
        return upload_refused(c, text_of(c->lang, "form.upload.bad"), &issues);
    if (err_is(e, ERR_CONFLICT))
        return upload_refused(c, text_of(c->lang, "form.upload.conflict"), NULL);
    TRY(e);
    FormRow row;
    TRY(form_load(c->db, c->arena, id, &row));
    if (row.created_at.ms != c->now.ms)
        return redirect_notice(c, form_base(c, id), NOTICE_INFO, text_of(c->lang, "form.upload.known"));
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"form_id\":");
    buf_json_str(&detail, row.form_id);
    buf_lit(&detail, ",\"version\":");
    buf_json_str(&detail, row.version);
    if (reason.len) {
        buf_lit(&detail, ",\"reason\":");
        buf_json_str(&detail, reason);
    }
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("form.publish"), S("form"), id.v, row.owner, buf_str(&detail)));
    return redirect_notice(c, form_base(c, id), NOTICE_OK, text_of(c->lang, "form.upload.done"));
}

/* Files beside the workbook, as they were sent. */
static FormFileSet media_of(Ctx *c)
{
    FormFile *files = arena_new(c->arena, FormFile, c->req->files.len);
    size_t    n     = 0;
    for (size_t i = 0; i < c->req->files.len; i++) {
        const HttpPart *part = &c->req->files.at[i];
        if (str_eq(part->name, S("media")) && part->size && form_file_name(c->arena, part->file_name, &files[n].name))
            files[n++].bytes = part_bytes(c->arena, part);
    }
    return (FormFileSet){ files, n };
}

/* Warnings wait for a confirmation, and the bytes wait among the files. */
static Err ask_to_confirm(Ctx *c, Str bytes, const FormFileSet *files, const FormIssues *issues, bool reason_missing)
{
    Sha256 sum;
    TRY(files_save(c->store, c->arena, bytes, &sum));
    FormsUploadView v = { .issues = issues, .sha = str_hex(c->arena, sum.at, sizeof sum.at), .reason = form_needs_reason(issues) };
    for (size_t i = 0; i < files->len; i++) {
        TRY(files_save(c->store, c->arena, files->at[i].bytes, &sum));
        *list_add(c->arena, &v.media) = str_join(c->arena, (Str[]){ str_hex(c->arena, sum.at, sizeof sum.at), files->at[i].name }, 2, S(" "));
    }
    if (reason_missing)
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "form.upload.reason.missing"));
    return upload_view(c, &v, reason_missing ? 422 : 200);
}

/* Reads a form with its files and compares it with the versions before it. *out NULL: the page with the faults is answered. */
static Err read_upload(Ctx *c, Str bytes, FormFileSet *files, FormIssues *issues, FormProgram **out)
{
    FormFinder finder = form_finder(files);
    TRY(form_read(c->arena, *c->arena, bytes, &finder, issues, out));
    if (*out && (*out)->form_id.len)
        TRY(form_check_versions(c->db, c->store, c->arena, *out, issues));
    if (form_issues_bad(issues))
        *out = NULL;
    return *out ? OK : upload_refused(c, text_of(c->lang, "form.upload.bad"), issues);
}

/* Faults are shown at once. */
static Err upload_action(Ctx *c)
{
    const HttpPart *part   = form_file(c, "file");
    FormIssues      issues = { 0 };
    FormProgram    *p      = NULL;
    TRY(right_need(c, RIGHT_FORM_MANAGE, c->session.main_unit));
    if (!part)
        return upload_refused(c, text_of(c->lang, "form.upload.missing"), NULL);
    if (part->size > FORM_MAX_FILE)
        return upload_refused(c, text_of(c->lang, "form.upload.large"), NULL);
    Str         bytes = part_bytes(c->arena, part);
    FormFileSet files = media_of(c);
    TRY(read_upload(c, bytes, &files, &issues, &p));
    if (!p)
        return OK;
    return issues.len ? ask_to_confirm(c, bytes, &files, &issues, false) : save_bytes(c, bytes, &files, S(""));
}

/* Files that waited: "sha256 name". */
static Err media_waiting(Ctx *c, FormFileSet *out)
{
    FormFile *files = arena_new(c->arena, FormFile, c->req->form.len);
    size_t    n     = 0;
    for (size_t i = 0; i < c->req->form.len; i++) {
        StrPair cut = str_cut(c->req->form.at[i].value, ' ');
        Sha256  sum;
        if (!str_eq(c->req->form.at[i].name, S("media")))
            continue;
        if (!str_unhex(cut.head, sum.at, sizeof sum.at) || !form_file_name(c->arena, cut.tail, &files[n].name))
            return err_new(c->arena, ERR_INVALID, S("no such file waits"));
        TRY(files_load(c->store, c->arena, sum, &files[n++].bytes));
    }
    *out = (FormFileSet){ files, n };
    return OK;
}

static Err confirm_action(Ctx *c)
{
    Sha256       sum;
    Str          bytes, reason = str_trim(form_str(c, "reason"));
    FormFileSet  files;
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    TRY(right_need(c, RIGHT_FORM_MANAGE, c->session.main_unit));
    if (!str_unhex(form_str(c, "sha"), sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_INVALID, S("no such file waits"));
    TRY(files_load(c->store, c->arena, sum, &bytes));
    TRY(media_waiting(c, &files));
    TRY(read_upload(c, bytes, &files, &issues, &p));
    if (!p)
        return OK;
    if (form_needs_reason(&issues) && !reason.len)
        return ask_to_confirm(c, bytes, &files, &issues, true);
    return save_bytes(c, bytes, &files, reason);
}

static Err example_file(Ctx *c)
{
    const ShippedForm *f = form_shipped_find(path_str(c, "name"));
    if (!f)
        return err_new(c->arena, ERR_NOT_FOUND, S("no such example"));
    return answer_file(c, S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), str_concat(c->arena, f->name, S(".xlsx")),
        f->bytes);
}

/* ---- One version -------------------------------------------------------------------------------------------------------- */

static Str language_names(Ctx *c, const FormProgram *p)
{
    StrList names = { 0 };
    for (int l = 0; l < LANG_COUNT; l++)
        if (p->has_lang[l])
            *list_add(c->arena, &names) = lang_own_name((Lang)l);
    return str_join(c->arena, names.at, names.len, S(", "));
}

static Err version_page(Ctx *c)
{
    FormRow row;
    FormVersionView v = { .row = &row };
    TRY(form_row_of_path(c, RIGHT_FORM_READ, &row));
    TRY(form_program(c->db, c->store, c->arena, row.id, &v.p));
    v.title      = title_of(&row, c->lang);
    v.owner      = unit_name_today(c, row.owner);
    v.base       = form_base(c, row.id);
    v.token      = c->page.form_token;
    v.size       = size_text(c->arena, c->lang, row.file_size);
    v.sha        = str_hex(c->arena, row.sum.at, sizeof row.sum.at);
    v.languages  = language_names(c, v.p);
    FormXform xform;
    Err       e  = form_xform_row(c->db, c->arena, row.id, &xform);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    if (!e) {
        v.xform_md5  = str_hex(c->arena, xform.md5.at, sizeof xform.md5.at);
        v.xform_size = size_text(c->arena, c->lang, xform.size);
    }
    TRY(form_media_lines(c, row.id, v.p, &v.media));
    TRY(form_earlier(c, &row, &v.earlier));
    v.may_manage = right_has(c, RIGHT_FORM_MANAGE, row.owner);
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, v.title, S(""));
    Out o = page_begin(c, v.title);
    forms_version_view(&o, &v);
    return page_end(c, &o);
}

static Err state_action(Ctx *c)
{
    FormRow row;
    bool    close = str_eq(form_str(c, "state"), S("closed"));
    TRY(form_row_of_path(c, RIGHT_FORM_MANAGE, &row));
    TRY(form_set_state(c->db, c->arena, row.id, close ? FORM_CLOSED : FORM_PUBLISHED));
    TRY(audit_add(c, close ? S("form.close") : S("form.open"), S("form"), row.id.v, row.owner, S("")));
    return redirect_notice(c, form_base(c, row.id), NOTICE_OK, close ? text_of(c->lang, "form.version.closed")
        : text_of(c->lang, "form.version.opened"));
}

static Err version_file(Ctx *c)
{
    FormRow row;
    Str     bytes;
    TRY(form_row_of_path(c, RIGHT_FORM_READ, &row));
    TRY(files_load(c->store, c->arena, row.sum, &bytes));
    const char *ending = form_is_xml(bytes) ? "xml" : form_is_csv(bytes) ? "csv" : "xlsx";
    Str         type   = form_is_xml(bytes) ? S("application/xml") : form_is_csv(bytes) ? S("text/csv")
                       : S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return answer_file(c, type, arena_fmt(c->arena, "%.*s-%.*s.%s", STR_ARG(row.form_id), STR_ARG(row.version), ending), bytes);
}

static Err version_json(Ctx *c)
{
    FormRow row;
    const FormProgram *p;
    TRY(form_row_of_path(c, RIGHT_FORM_READ, &row));
    TRY(form_program(c->db, c->store, c->arena, row.id, &p));
    Buf b = buf_new(c->arena, 1 << 14);
    form_questions_json(&b, p, c->lang);
    return answer_json(c, 200, buf_str(&b));
}

/* ---- Preview ------------------------------------------------------------------------------------------------------------- */

static int top_of(const FormProgram *p, int node)
{
    while (p->nodes.at[node].parent >= 0)
        node = p->nodes.at[node].parent;
    return node;
}

/* Tabs of the top groups; questions outside any group belong to the part before them. */
static void add_parts(Ctx *c, FormPreviewView *v, int64_t part)
{
    for (size_t i = 0; i < v->p->nodes.len; i++) {
        const FormNode *n = &v->p->nodes.at[i];
        if (n->parent >= 0 || n->type != Q_GROUP)
            continue;
        int64_t number = (int64_t)v->parts.len + 1;
        *list_add(c->arena, &v->parts) = (TabItem){ form_label(v->p, (int)i, v->lang),
            arena_fmt(c->arena, "%.*s/preview?part=%lld&lang=%.*s", STR_ARG(v->base), (long long)number, STR_ARG(lang_code(v->lang))),
                number == part };
    }
}

static void add_languages(Ctx *c, FormPreviewView *v, int64_t part)
{
    for (int l = 0; l < LANG_COUNT; l++)
        if (v->p->has_lang[l])
            *list_add(c->arena, &v->languages) = (TabItem){ lang_own_name((Lang)l),
                arena_fmt(c->arena, "%.*s/preview?part=%lld&lang=%.*s", STR_ARG(v->base), (long long)part, STR_ARG(lang_code((Lang)l))),
                    (Lang)l == v->lang };
}

/* Pages of one part, whatever their conditions. */
static void add_phones(Ctx *c, FormPreviewView *v, int64_t part)
{
    int64_t at = v->parts.len ? 0 : part;
    int     last = -1;
    for (int i = 0; i < (int)v->p->nodes.len; i++) {
        const FormNode *n    = &v->p->nodes.at[i];
        int             page = form_page_of(v->p, i);
        at += n->parent < 0 && n->type == Q_GROUP;
        bool mine = at == part || (at == 0 && part == 1);
        if (!mine || page == last || page < 0 || n->type == Q_GROUP || (!form_node_asks(n) && n->type != Q_NOTE) || top_of(v->p,
            page) != top_of(v->p, i))
            continue;
        last = page;
        *list_add(c->arena, &v->phones) = (FormPhone){ page, form_relevant_joined(c->arena, v->p, page) };
    }
}

static Err preview_page(Ctx *c)
{
    FormRow         row;
    FormPreviewView v    = { .lang = c->lang };
    int64_t         part = query_int(c, "part", 1);
    TRY(form_row_of_path(c, RIGHT_FORM_READ, &row));
    TRY(form_program(c->db, c->store, c->arena, row.id, &v.p));
    if (!lang_parse(query_str(c, "lang"), &v.lang) || !v.p->has_lang[v.lang])
        v.lang = v.p->has_lang[c->lang] ? c->lang : LANG_VI;
    FormAnswers x = form_answers_new(c->arena, v.p);
    FormState   s = form_state(v.p, c->arena, &x, c->now);
    memset(s.relevant, true, v.p->nodes.len);
    v.x     = &x;
    v.s     = &s;
    v.title = title_of(&row, c->lang);
    v.base  = form_base(c, row.id);
    add_parts(c, &v, part);
    if (part < 1 || part > (int64_t)v.parts.len)
        part = 1;
    v.part   = arena_fmt(c->arena, "%lld", (long long)part);
    v.fields = &c->req->query;
    add_languages(c, &v, part);
    add_phones(c, &v, part);
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, v.title, v.base);
    page_crumb(c, text_of(c->lang, "form.version.preview"), S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "form.preview.title", ARG_S("title", v.title)));
    forms_preview_view(&o, &v);
    return page_end(c, &o);
}

const Route form_routes[] = {
    { GET,  "/forms",                       RIGHT_FORM_READ,   list_page },
    { GET,  "/forms/new",                   RIGHT_FORM_MANAGE, upload_page },
    { POST, "/forms/new",                   RIGHT_FORM_MANAGE, upload_action, ROUTE_UPLOAD },
    { POST, "/forms/confirm",               RIGHT_FORM_MANAGE, confirm_action },
    { GET,  "/forms/examples/{name}.xlsx",  RIGHT_FORM_READ,   example_file },
    { GET,  "/forms/{id}",                  RIGHT_FORM_READ,   version_page },
    { GET,  "/forms/{id}/preview",          RIGHT_FORM_READ,   preview_page },
    { GET,  "/forms/{id}/file",             RIGHT_FORM_READ,   version_file },
    { GET,  "/forms/{id}/questions.json",   RIGHT_FORM_READ,   version_json },
    { GET,  "/forms/{id}/xform",            RIGHT_FORM_READ,   form_xform_file },
    { GET,  "/forms/{id}/changes",          RIGHT_FORM_READ,   form_changes_page },
    { GET,  "/forms/{id}/media",            RIGHT_FORM_READ,   form_media_file },
    { POST, "/forms/{id}/media",            RIGHT_FORM_MANAGE, form_media_action, ROUTE_UPLOAD },
    { POST, "/forms/{id}/state",            RIGHT_FORM_MANAGE, state_action },
    { 0 },
};
