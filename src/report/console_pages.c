/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports in the console: what was made, asking for another, taking it home. */
#include "report/console.h"

#include "report_console.html.h"
#include "view/component.h"

enum { ROWS_A_PAGE = 50 };

static Choice choice(Ctx *c, const char *key, Str code, Str chosen)
{
    Str label = text_find(c->lang, str_concat(c->arena, str_from_c(key), code));
    return (Choice){ .value = code, .label = label, .chosen = str_eq(code, chosen) };
}

static Err fill_provinces(Ctx *c, ReportsPage *v)
{
    Units all;
    TRY(unit_list(c->db, c->arena, UNIT_PROVINCE, c->today, &all));
    *list_add(c->arena, &v->provinces) = (Choice){ .value = S("all"), .label = text_of(c->lang, "report.province.all"),
                                                   .chosen = str_eq(v->f.province, S("all")) };
    for (size_t i = 0; i < all.len; i++)
        *list_add(c->arena, &v->provinces) = (Choice){ .value = all.at[i].code, .label = province_label(&all.at[i], c->lang),
                                                       .chosen = str_eq(all.at[i].code, v->f.province) };
    return OK;
}

/* Templates in use, of one's own units and those above. */
static Err kept_choices(Ctx *c, ReportsPage *v)
{
    RightScope    scope;
    KeptTemplates all;
    TRY(right_scope(c, RIGHT_EDITION_READ, &scope));
    TRY(kept_list(c->db, c->arena, &scope, &all));
    for (size_t i = 0; i < all.len; i++) {
        const KeptTemplate *t = &all.at[i];
        Str value = arena_fmt(c->arena, "t%lld", (long long)t->id);
        if (!t->retired)
            *list_add(c->arena, &v->kinds) = (Choice){ .value = value, .label = t->title, .chosen = str_eq(value, v->f.kind),
                .hint = text_fmt(c->arena, c->lang, "report.kept.choice", ARG_S("unit", unit_name_today(c, t->unit)), ARG_N("n", t->version)) };
    }
    return OK;
}

/* Editions are public, so everybody who may make reports may choose any. */
static Err fill_choices(Ctx *c, ReportsPage *v)
{
    EditionRows rows;
    TRY(edition_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        Str label = text_fmt(c->arena, c->lang, "results.page.title", ARG_S("title", edition_title(&rows.at[i], c->lang)), ARG_N("number", rows.at[i].number));
        *list_add(c->arena, &v->editions) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)rows.at[i].id.v), .label = label,
                                                      .chosen = rows.at[i].id.v == v->f.edition };
    }
    TRY(fill_provinces(c, v));
    for (int k = 0; k < REPORT_KIND_COUNT; k++) {
        Str code = report_kind_code((ReportKind)k);
        Choice one = choice(c, "report.kind.", code, v->f.kind);
        one.hint   = text_find(c->lang, str_concat(c->arena, S("report.about."), code));
        *list_add(c->arena, &v->kinds) = one;
    }
    TRY(kept_choices(c, v));
    for (int f = REPORT_PDF; f < REPORT_FORMAT_COUNT; f++)
        *list_add(c->arena, &v->formats) = choice(c, "report.format.", report_format_code((ReportFormat)f), v->f.format);
    for (int l = 0; l < LANG_COUNT; l++)
        *list_add(c->arena, &v->langs) = (Choice){ .value = lang_code((Lang)l), .label = lang_own_name((Lang)l),
                                                   .chosen = str_eq(lang_code((Lang)l), v->f.lang) };
    return owner_choices(c, RIGHT_ROUND_MANAGE, (UnitId){ v->f.unit }, &v->units);
}

static Err reports_view(Ctx *c, ReportsPage *v, int status)
{
    MadeReports made = { 0 };
    RightScope  scope;
    int64_t     at = query_page(c);
    ScopePage page = { .scope = &scope, .first = (at - 1) * ROWS_A_PAGE, .most = ROWS_A_PAGE };
    TRY(right_scope(c, RIGHT_EDITION_READ, &scope));
    TRY(made_list(c->db, c->arena, &page, &made));
    v->made     = &made;
    v->pager    = (Pager){ .base = S("/console/reports?page="), .page = at, .pages = (page.all + ROWS_A_PAGE - 1) / ROWS_A_PAGE };
    v->token    = form_token(c);
    v->may_make = right_has(c, RIGHT_ROUND_MANAGE, (UnitId){ 0 });
    if (v->may_make)
        TRY(fill_choices(c, v));
    Out o = page_begin(c, text_of(c->lang, "report.title"));
    report_console_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err reports_page(Ctx *c)
{
    ReportsPage v = { .f = { .kind = S("year"), .lang = lang_code(c->lang), .format = S("pdf"), .day = c->today, .agency = c->app->agency } };
    v.f.on      = date_boxes(c->arena, c->today);
    v.f.edition = query_int(c, "edition", 0);
    if (query_int(c, "template", 0)) {
        v.f.kind   = arena_fmt(c->arena, "t%lld", (long long)query_int(c, "template", 0));
        v.f.format = S("docx");
    }
    return reports_view(c, &v, 200);
}

static void read_form(Ctx *c, ReportForm *f, FieldErrors *errors)
{
    ReportKind   kind;
    ReportFormat format;
    Lang         lang;
    *f = (ReportForm){ .kind = form_str(c, "kind"), .province = form_str(c, "province"), .lang = form_str(c, "lang"), .format = form_str(c, "format"),
                       .superior = form_str(c, "superior"), .agency = form_str(c, "agency"), .number = form_str(c, "number"), .place = form_str(c, "place"),
                       .office = form_str(c, "office"), .name = form_str(c, "name"), .to = form_str(c, "to"), .day = DATE_NONE };
    str_to_i64(form_str(c, "edition"), &f->edition);
    str_to_i64(form_str(c, "unit"), &f->unit);
    int64_t template;
    bool    kept = kept_parse(f->kind, &template);
    if (kept)
        f->format = str_eq(f->format, S("pdf")) ? S("docx") : f->format;       /* the box's first choice is no wish */
    else if (!report_kind_parse(f->kind, &kind))
        field_error(c, errors, S("kind"), text_of(c->lang, "report.error.kind"));
    else if (kind != REPORT_PROVINCE)
        f->province = S("");
    else if (!f->province.len)
        field_error(c, errors, S("province"), text_of(c->lang, "report.error.province"));
    if (!report_format_parse(f->format, &format) || format == REPORT_HTML)
        field_error(c, errors, S("format"), text_of(c->lang, "report.error.format"));
    else if (kept && format != REPORT_DOCX)
        field_error(c, errors, S("format"), text_of(c->lang, "report.error.kept-format"));
    if (!lang_parse(f->lang, &lang))
        field_error(c, errors, S("lang"), text_of(c->lang, "report.error.lang"));
    if (!date_typed(c, form_str, "on", &f->on, &f->day))
        field_error(c, errors, S("on_day"), text_of(c->lang, "report.error.date"));
    if (f->number.len && !f->agency.len)
        field_error(c, errors, S("agency"), text_of(c->lang, "report.error.agency"));
}

/* A template has to be in use and within reach. */
static Err check_kept(Ctx *c, const ReportForm *f, FieldErrors *errors)
{
    RightScope   scope;
    KeptTemplate t;
    int64_t      id;
    if (!kept_parse(f->kind, &id))
        return OK;
    Err e = kept_load(c->db, c->arena, id, 0, &t);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    TRY(right_scope(c, RIGHT_EDITION_READ, &scope));
    if (e || t.retired || !scope_reaches(&scope, t.unit))
        field_error(c, errors, S("kind"), text_of(c->lang, "report.error.kind"));
    return OK;
}

static Err check_objects(Ctx *c, const ReportForm *f, FieldErrors *errors, EditionRow *e)
{
    Err bad = edition_load(c->db, c->arena, (EditionId){ f->edition }, e);
    if (bad && bad->kind != ERR_NOT_FOUND)
        return bad;
    if (bad)
        field_error(c, errors, S("edition"), text_of(c->lang, "report.error.edition"));
    if (!f->unit || !right_has(c, RIGHT_ROUND_MANAGE, (UnitId){ f->unit }))
        field_error(c, errors, S("unit"), text_of(c->lang, "report.error.unit"));
    TRY(check_kept(c, f, errors));
    if (bad || errors->len || !f->province.len || str_eq(f->province, S("all")))
        return OK;
    ReportSource *s;
    TRY(report_source(c->db, c->store, c->arena, e, &s));
    if (!province_of(s, f->province))
        field_error(c, errors, S("province"), text_of(c->lang, "report.error.no-province"));
    return OK;
}

/* The title of what was chosen. */
static Str kind_title(Ctx *c, ReportsPage *v)
{
    KeptTemplate t;
    int64_t      id;
    if (!kept_parse(v->f.kind, &id))
        return text_find(c->lang, str_concat(c->arena, S("report.kind."), v->f.kind));
    return kept_load(c->db, c->arena, id, 0, &t) ? text_of(c->lang, "report.kept.title") : t.title;
}

static Err make_action(Ctx *c)
{
    FieldErrors errors = { 0 };
    ReportsPage v      = { .errors = &errors };
    EditionRow  e;
    JobId       id;
    read_form(c, &v.f, &errors);
    TRY(check_objects(c, &v.f, &errors, &e));
    if (errors.len)
        return reports_view(c, &v, 422);
    Str subject = str_join(c->arena, (Str[]){ kind_title(c, &v), edition_title(&e, c->lang) }, 2, S(": "));
    TRY(job_add(c, &(JobOrder){ .kind = report_make_job.name, .args = asked_args(c->arena, &v.f), .subject = subject, .unit = { v.f.unit } }, &id));
    return job_show(c, id);
}

static Err load_made(Ctx *c, MadeReport *r)
{
    TRY(made_load(c->db, c->arena, path_int(c, "id"), r));
    return right_need(c, RIGHT_EDITION_READ, r->unit);
}

static Err made_page(Ctx *c)
{
    MadeReport r;
    TRY(load_made(c, &r));
    EditionRow e = { .round_code = r.round_code, .number = r.number };
    MadePage   v = { .r = &r, .file_href = arena_fmt(c->arena, "/console/reports/%lld/file", (long long)r.id), .edition_href = edition_path(c->arena, &e),
                     .unit = unit_name_today(c, r.unit),
                     .province = str_eq(r.province, S("all")) ? text_of(c->lang, "report.province.all") : tile_name(r.province) };
    page_crumb(c, text_of(c->lang, "report.title"), S("/console/reports"));
    page_crumb(c, made_file_name(c->arena, &r), S(""));
    Out o = page_begin(c, made_file_name(c->arena, &r));
    report_made_view(&o, &v);
    return page_end(c, &o);
}

static Err made_file(Ctx *c)
{
    MadeReport r;
    Sha256     sum;
    Str        bytes;
    TRY(load_made(c, &r));
    if (!str_unhex(r.sha256, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_NOT_FOUND, S("file"));
    TRY(files_load(c->store, c->arena, sum, &bytes));
    return answer_file(c, made_is_archive(&r) ? S("application/zip") : report_format_type(r.format), made_file_name(c->arena, &r), bytes);
}

const Route report_console_routes[] = {
    { GET,  "/reports",           RIGHT_EDITION_READ, reports_page, 0 },
    { POST, "/reports",           RIGHT_ROUND_MANAGE, make_action, 0 },
    { GET,  "/reports/{id}",      RIGHT_EDITION_READ, made_page, 0 },
    { GET,  "/reports/{id}/file", RIGHT_EDITION_READ, made_file, 0 },
    { 0 },
};
