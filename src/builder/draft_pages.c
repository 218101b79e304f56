/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drafts in the console: list, beginning one, its history, its workbook, giving it up; the route table. */
#include "builder/console.h"
#include "drafts_history.html.h"
#include "drafts_list.html.h"
#include "drafts_new.html.h"
#include "paper/paper.h"

#define XLSX_TYPE S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
static const char VI_COLUMN[] = "Tiếng Việt (vi)", EN_COLUMN[] = "English (en)";

/* ---- List ------------------------------------------------------------------------------------------------------------- */

static Err drafts_page(Ctx *c)
{
    FormDrafts rows;
    DraftsView v = { 0 };
    TRY(form_draft_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const FormDraft *d = &rows.at[i];
        if (!right_has(c, RIGHT_FORM_MANAGE, d->owner))
            continue;
        *list_add(c->arena, &v.lines) = (DraftLine){ d->title.len ? d->title : text_of(c->lang, "builder.untitled"), d->form_id,
            unit_name_today(c, d->owner), text_fmt(c->arena, c->lang, "builder.changed", ARG_S("who", person_text(c, d->changed_by)),
            ARG_S("time", time_text(c->arena, c->lang, d->changed_at))), arena_fmt(c->arena, "/console/drafts/%lld", (long long)d->id) };
    }
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, text_of(c->lang, "builder.drafts"), S(""));
    Out o = page_begin(c, text_of(c->lang, "builder.drafts"));
    drafts_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Beginning -------------------------------------------------------------------------------------------------------------- */

static Err from_version(Ctx *c, DraftNewView *v)
{
    FormRow row;
    if (!v->from)
        return OK;
    TRY(form_load(c->db, c->arena, (FormId){ v->from }, &row));
    TRY(right_need(c, RIGHT_FORM_READ, row.owner));
    v->from_title   = c->lang == LANG_EN && row.title_en.len ? row.title_en : row.title;
    v->from_version = row.version;
    return OK;
}

static Err new_view(Ctx *c, DraftNewView *v)
{
    TRY(from_version(c, v));
    v->token      = c->page.form_token;
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, text_of(c->lang, "builder.drafts"), S("/console/drafts"));
    page_crumb(c, text_of(c->lang, "builder.new.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "builder.new.title"));
    drafts_new_view(&o, v);
    return page_end_status(c, &o, v->errors.len ? 422 : 200);
}

static Err new_page(Ctx *c)
{
    DraftNewView v = { .start = S("empty"), .from = query_int(c, "from", 0) };
    if (v.from)
        v.start = S("version");
    return new_view(c, &v);
}

/* Rows out of a workbook's bytes; a fault is added to the errors of field and *out stays NULL. */
static Err grid_of_bytes(Ctx *c, Str bytes, Str field, FieldErrors *errors, Grid **out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    FormIssues issues = { 0 };
    FormBook   book   = { 0 };
    work.full = c->arena->full;
    *out      = NULL;
    if (form_is_xml(bytes)) {
        field_error(c, errors, field, text_of(c->lang, "builder.new.xform"));
        return OK;
    }
    TRY(form_book_read(c->arena, work, bytes, &issues, &book));
    if (!book.sheets.len) {
        field_error(c, errors, field, issues.len ? form_issue_sentence(c->arena, c->lang, &issues.at[0]) : text_of(c->lang, "form.upload.bad"));
        return OK;
    }
    *out = grid_of_book(c->arena, &book);
    if (!*out)
        field_error(c, errors, field, text_of(c->lang, "builder.new.large"));
    return OK;
}

/* The new version gets another key than the one it comes from. */
static Err grid_of_version(Ctx *c, int64_t from, FieldErrors *errors, Grid **out)
{
    Str bytes;
    TRY(form_bytes(c->db, c->store, c->arena, (FormId){ from }, &bytes));
    TRY(grid_of_bytes(c, bytes, S("start"), errors, out));
    if (*out)
        grid_set_setting(c->arena, *out, COL_VERSION, S(""), S(""));
    return OK;
}

static Grid *grid_empty(Ctx *c, const DraftNewView *v)
{
    Grid *g = grid_new(c->arena, str_from_c(VI_COLUMN));
    grid_set_setting(c->arena, g, COL_FORM_TITLE, str_from_c(VI_COLUMN), v->title);
    grid_set_setting(c->arena, g, COL_FORM_ID, S(""), text_slug(c->arena, v->title));
    if (v->english) {
        grid_column_need(c->arena, grid_sheet(g, SHEET_SURVEY), COL_LABEL, str_from_c(EN_COLUMN));
        grid_column_need(c->arena, grid_sheet(g, SHEET_CHOICES), COL_LABEL, str_from_c(EN_COLUMN));
    }
    return g;
}

static Err grid_begun(Ctx *c, DraftNewView *v, Grid **out)
{
    const HttpPart *part = form_file(c, "file");
    *out = NULL;
    if (str_eq(v->start, S("version")))
        return grid_of_version(c, v->from, &v->errors, out);
    if (str_eq(v->start, S("file"))) {
        if (!part || !part->size)
            field_error(c, &v->errors, S("file"), text_of(c->lang, "form.upload.missing"));
        else if (part->size > FORM_MAX_FILE)
            field_error(c, &v->errors, S("file"), text_of(c->lang, "form.upload.large"));
        else
            return grid_of_bytes(c, part_bytes(c->arena, part), S("file"), &v->errors, out);
        return OK;
    }
    if (!v->title.len)
        field_error(c, &v->errors, S("title"), text_of(c->lang, "builder.new.title.missing"));
    else
        *out = grid_empty(c, v);
    return OK;
}

static Err copy_files(Ctx *c, int64_t draft, int64_t from)
{
    FormFileRows rows;
    TRY(form_file_list(c->db, c->arena, (FormId){ from }, &rows));
    for (size_t i = 0; i < rows.len; i++)
        TRY(form_draft_file_save(c->db, draft, &(DraftFile){ rows.at[i].name, rows.at[i].sum, rows.at[i].size }));
    return OK;
}

static Err new_action(Ctx *c)
{
    DraftNewView v = { .start = form_str(c, "start"), .title = form_str(c, "title"), .english = form_has(c, "english") };
    Grid        *g;
    TRY(right_need(c, RIGHT_FORM_MANAGE, c->session.main_unit));
    str_to_i64(form_str(c, "from"), &v.from);
    TRY(from_version(c, &v));
    TRY(grid_begun(c, &v, &g));
    if (!g)
        return new_view(c, &v);
    bool      version = str_eq(v.start, S("version"));
    FormDraft d = { .owner = c->session.main_unit, .base = { version ? v.from : 0 }, .created_by = c->session.person, .created_at = c->now };
    if (grid_json(c->arena, g).len > GRID_MAX_BYTES) {
        field_error(c, &v.errors, version ? S("start") : S("file"), text_of(c->lang, "builder.new.large"));
        return new_view(c, &v);
    }
    TRY(form_draft_add(c->db, c->arena, &d, g));
    if (version)
        TRY(copy_files(c, d.id, v.from));
    TRY(audit_add(c, S("form_draft.create"), S("form_draft"), d.id, d.owner, S("")));
    return redirect(c, arena_fmt(c->arena, "/console/drafts/%lld", (long long)d.id));
}

/* ---- One draft ----------------------------------------------------------------------------------------------------------------- */

static Err history_page(Ctx *c)
{
    Work           w;
    DraftHead      head;
    DraftRevisions rows;
    HistoryView    v = { .head = &head };
    TRY(work_open(c, &w));
    TRY(head_of(c, &w, TAB_HISTORY, &head));
    TRY(form_draft_revisions(c->db, c->arena, w.d.id, DRAFT_REVISIONS, &rows));
    for (size_t i = 0; i < rows.len; i++)
        *list_add(c->arena, &v.lines) = (HistoryLine){ act_text(c, &rows.at[i]), person_text(c, rows.at[i].by), rows.at[i].at, rows.at[i].revision };
    Out o = work_page_begin(c, &w, text_of(c->lang, "builder.tab.history"));
    drafts_history_view(&o, &v);
    return page_end(c, &o);
}

static Err workbook_file(Ctx *c)
{
    Work w;
    Str  bytes, name;
    TRY(work_open(c, &w));
    TRY(grid_xlsx(c->arena, w.g, &bytes));
    name = text_slug(c->arena, w.d.form_id.len ? w.d.form_id : work_title(c, &w));
    return answer_file(c, XLSX_TYPE, arena_fmt(c->arena, "%.*s-%s.xlsx", STR_ARG(name), c->lang == LANG_VI ? "ban-nhap" : "draft"), bytes);
}

/* The rows as they are, on paper, marked as a draft; faults are told on the draft's page instead. */
Err builder_paper_file(Ctx *c)
{
    Work         w;
    FormIssues   issues = { 0 };
    FormProgram *p;
    PaperPrint   job = { .lang = c->lang, .agency = c->app->agency };
    Str          pdf;
    int          pages;
    TRY(work_open(c, &w));
    TRY(form_draft_compile(c->db, c->store, c->arena, w.d.id, w.g, &issues, &p));
    if (!p)
        return redirect_notice(c, w.base, NOTICE_WARN, text_of(c->lang, "builder.paper.faulty"));
    for (int l = 0; l < LANG_COUNT; l++)
        if (p->title[l].len)
            p->title[l] = text_fmt(c->arena, (Lang)l, "builder.paper.title", ARG_S("title", p->title[l]));
    p->version = text_of(c->lang, "builder.paper.version");
    job.p      = p;
    if (!p->has_lang[job.lang])
        job.lang = LANG_VI;
    TRY(paper_print(c->arena, &job, &pdf, &pages));
    return answer_file(c, S("application/pdf"), arena_fmt(c->arena, "%.*s.pdf", STR_ARG(text_slug(c->arena, work_title(c, &w)))), pdf);
}

static Err drop_page(Ctx *c)
{
    Work w;
    TRY(work_open(c, &w));
    Out o = work_page_begin(c, &w, text_of(c->lang, "builder.drop.title"));
    confirm_page(&o, &(ConfirmPage){ .title = text_of(c->lang, "builder.drop.title"), .text = text_fmt(c->arena, c->lang, "builder.drop.text",
        ARG_S("title", work_title(c, &w))), .warning = text_of(c->lang, "builder.drop.warning"), .action = work_path(c, &w, "/drop"),
        .token = c->page.form_token, .back_href = w.base, .button = text_of(c->lang, "builder.drop"), .danger = true });
    return page_end(c, &o);
}

static Err drop_action(Ctx *c)
{
    Work w;
    TRY(work_open(c, &w));
    TRY(form_draft_end(c->db, &w.d, DRAFT_DROPPED, (FormId){ 0 }, c->session.person, c->now));
    TRY(audit_add(c, S("form_draft.drop"), S("form_draft"), w.d.id, w.d.owner, S("")));
    return redirect_notice(c, S("/console/drafts"), NOTICE_OK, text_of(c->lang, "builder.dropped"));
}

const Route builder_routes[] = {
    { GET,  "/drafts",                          RIGHT_FORM_MANAGE, drafts_page },
    { GET,  "/drafts/new",                      RIGHT_FORM_MANAGE, new_page },
    { POST, "/drafts/new",                      RIGHT_FORM_MANAGE, new_action, ROUTE_UPLOAD },
    { GET,  "/drafts/{id}",                     RIGHT_FORM_MANAGE, builder_outline_page },
    { POST, "/drafts/{id}/act",                 RIGHT_FORM_MANAGE, builder_outline_action },
    { GET,  "/drafts/{id}/add",                 RIGHT_FORM_MANAGE, builder_add_page },
    { POST, "/drafts/{id}/add",                 RIGHT_FORM_MANAGE, builder_add_action },
    { GET,  "/drafts/{id}/rows/{row}",          RIGHT_FORM_MANAGE, builder_question_page },
    { POST, "/drafts/{id}/rows/{row}",          RIGHT_FORM_MANAGE, builder_question_action },
    { GET,  "/drafts/{id}/rows/{row}/logic",    RIGHT_FORM_MANAGE, builder_logic_page },
    { POST, "/drafts/{id}/rows/{row}/logic",    RIGHT_FORM_MANAGE, builder_logic_action },
    { GET,  "/drafts/{id}/rows/{row}/rules",    RIGHT_FORM_MANAGE, builder_rules_page },
    { POST, "/drafts/{id}/rows/{row}/rules",    RIGHT_FORM_MANAGE, builder_rules_action },
    { GET,  "/drafts/{id}/rows/{row}/cells",    RIGHT_FORM_MANAGE, builder_cells_page },
    { POST, "/drafts/{id}/rows/{row}/cells",    RIGHT_FORM_MANAGE, builder_cells_action },
    { GET,  "/drafts/{id}/lists",               RIGHT_FORM_MANAGE, builder_lists_page },
    { POST, "/drafts/{id}/lists",               RIGHT_FORM_MANAGE, builder_lists_action },
    { GET,  "/drafts/{id}/list",                RIGHT_FORM_MANAGE, builder_list_page },
    { POST, "/drafts/{id}/list",                RIGHT_FORM_MANAGE, builder_list_action },
    { GET,  "/drafts/{id}/settings",            RIGHT_FORM_MANAGE, builder_settings_page },
    { POST, "/drafts/{id}/settings",            RIGHT_FORM_MANAGE, builder_settings_action },
    { GET,  "/drafts/{id}/files",               RIGHT_FORM_MANAGE, builder_files_page },
    { POST, "/drafts/{id}/files",               RIGHT_FORM_MANAGE, builder_files_action, ROUTE_UPLOAD },
    { GET,  "/drafts/{id}/history",             RIGHT_FORM_MANAGE, history_page },
    { GET,  "/drafts/{id}/preview",             RIGHT_FORM_MANAGE, builder_phone_tab_page },
    { GET,  "/drafts/{id}/phone",               RIGHT_FORM_MANAGE, builder_phone_page, ROUTE_FRAMED },
    { POST, "/drafts/{id}/phone",               RIGHT_FORM_MANAGE, builder_phone_action, ROUTE_FRAMED },
    { GET,  "/drafts/{id}/media/{name}",        RIGHT_FORM_MANAGE, builder_media_file },
    { GET,  "/drafts/{id}/workbook",            RIGHT_FORM_MANAGE, workbook_file },
    { GET,  "/drafts/{id}/paper",               RIGHT_FORM_MANAGE, builder_paper_file },
    { GET,  "/drafts/{id}/publish",             RIGHT_FORM_MANAGE, builder_publish_page },
    { POST, "/drafts/{id}/publish",             RIGHT_FORM_MANAGE, builder_publish_action },
    { GET,  "/drafts/{id}/drop",                RIGHT_FORM_MANAGE, drop_page },
    { POST, "/drafts/{id}/drop",                RIGHT_FORM_MANAGE, drop_action },
    { 0 },
};
