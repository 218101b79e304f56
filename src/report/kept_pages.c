/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Templates of agencies in the console: sent, checked, tried on an edition's figures, put out of use. */
#include "report/console.h"

#include "report_templates.html.h"

#define DOCX_TYPE S("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
enum { TITLE_LETTERS = 200, READING = 1 << 30 };

bool kept_parse(Str kind, int64_t *out_id)
{
    return kind.len > 1 && kind.at[0] == 't' && str_to_i64(str_skip(kind, 1), out_id);
}

Err kept_template(Store *s, Arena *a, const KeptTemplate *t, const Template **out)
{
    Template      *read;
    TemplateFaults faults = { 0 };
    Sha256         sum;
    Str            bytes;
    if (!str_unhex(t->sha256, sum.at, sizeof sum.at))
        return err_new(a, ERR_NOT_FOUND, S("file"));
    TRY(files_load(s, a, sum, &bytes));
    if (!template_read(a, bytes, LANG_VI, report_names(), &read, &faults))
        return err_new(a, ERR_INVALID, template_fault_text(a, LANG_VI, &faults.at[0]));
    *out = read;
    return OK;
}

/* ---- Reading what was sent ------------------------------------------------------------------------------------------------ */

typedef struct Reading { Ctx *c; Str bytes; KeptView *v; Arena own; bool good; } Reading;

/* Texts that stay are copied out of the reading's own memory. */
static Err read_sent(void *with)
{
    Reading       *x = with;
    Template      *t;
    TemplateFaults faults = { 0 };
    x->good = template_read(&x->own, x->bytes, x->c->lang, report_names(), &t, &faults);
    x->v->fault_count = faults.all;
    for (size_t i = 0; i < faults.len; i++)
        *list_add(x->c->arena, &x->v->faults) = arena_str(x->c->arena, template_fault_text(&x->own, x->c->lang, &faults.at[i]));
    for (size_t i = 0; x->good && i < template_uses(t)->len; i++) {
        const TemplateUse *u = &template_uses(t)->at[i];
        *list_add(x->c->arena, &x->v->used) = u->times > 1 ? text_fmt(x->c->arena, x->c->lang, "report.kept.times", ARG_S("name", u->name->name[x->c->lang]),
                                                                      ARG_N("n", (int64_t)u->times)) : u->name->name[x->c->lang];
    }
    return OK;
}

/* False in *out: errors and faults are in the view. */
static Err check_bytes(Ctx *c, KeptView *v, Str bytes, bool *out)
{
    Reading x = { .c = c, .bytes = bytes, .v = v };
    *out = false;
    if (!arena_try(&x.own, READING))
        return err_new(c->arena, ERR_BUSY, S("no room to read a template"));
    Err e = arena_guarded(&x.own, read_sent, &x);
    arena_close(&x.own);
    *out = !e && x.good;
    if (err_is(e, ERR_LIMIT)) {                        /* larger than its limits let think */
        *list_add(c->arena, &v->faults) = text_of(c->lang, "template.fault.large");
        return OK;
    }
    return e;
}

static Err sent_file(Ctx *c, KeptView *v, KeptTemplate *t)
{
    const HttpPart *p = form_file(c, "file");
    bool            good;
    Sha256          sum;
    if (!p || !p->size) {
        field_error(c, &v->errors, S("file"), text_of(c->lang, "report.kept.error.file"));
        return OK;
    }
    if (p->size > TEMPLATE_BYTES) {
        field_error(c, &v->errors, S("file"), text_of(c->lang, "template.fault.large"));
        return OK;
    }
    Str bytes = part_bytes(c->arena, p);
    TRY(check_bytes(c, v, bytes, &good));
    if (!good)
        field_error(c, &v->errors, S("file"), text_fmt(c->arena, c->lang, "report.kept.error.faults", ARG_N("n", (int64_t)v->fault_count)));
    if (v->errors.len)
        return OK;
    TRY(files_save(c->store, c->arena, bytes, &sum));
    if (!text_clean(c->arena, str_take(p->file_name, 200), &t->file_name) || !t->file_name.len)
        t->file_name = S("mau.docx");
    t->sha256 = str_hex(c->arena, sum.at, sizeof sum.at);
    t->size   = (int64_t)bytes.len;
    t->by = c->session.person;
    t->by_name = c->session.who.name;
    t->at = c->now;
    return OK;
}

static Err sent_audit(Ctx *c, const KeptTemplate *t)
{
    return audit_add(c, S("report.template"), S("report_template"), t->id, t->unit,
                     arena_fmt(c->arena, "{\"version\":%lld,\"sha256\":\"%.*s\"}", (long long)t->version, STR_ARG(t->sha256)));
}

static Str kept_href(Arena *a, int64_t id)
{
    return arena_fmt(a, "/console/report-templates/%lld", (long long)id);
}

/* ---- The list --------------------------------------------------------------------------------------------------------------- */

static void kept_crumbs(Ctx *c, Str last)
{
    page_crumb(c, text_of(c->lang, "report.title"), S("/console/reports"));
    page_crumb(c, text_of(c->lang, "report.kept.title"), last.len ? S("/console/report-templates") : S(""));
    if (last.len)
        page_crumb(c, last, S(""));
}

static Err list_view(Ctx *c, KeptView *v, UnitId owner, int status)
{
    RightScope    scope;
    KeptTemplates all;
    TRY(right_scope(c, RIGHT_EDITION_READ, &scope));
    TRY(kept_list(c->db, c->arena, &scope, &all));
    v->all     = &all;
    v->token   = form_token(c);
    v->may_add = right_has(c, RIGHT_ROUND_MANAGE, (UnitId){ 0 });
    for (size_t i = 0; i < all.len; i++)
        *list_add(c->arena, &v->units) = unit_name_today(c, all.at[i].unit);
    if (v->may_add)
        TRY(owner_choices(c, RIGHT_ROUND_MANAGE, owner, &v->owners));
    c->page.error = v->errors.len > 0;
    kept_crumbs(c, S(""));
    Out o = page_begin(c, text_of(c->lang, "report.kept.title"));
    report_templates_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err list_page(Ctx *c)
{
    KeptView v = { 0 };
    return list_view(c, &v, (UnitId){ 0 }, 200);
}

static Err add_action(Ctx *c)
{
    KeptView     v = { .title = form_str(c, "title") };
    KeptTemplate t = { .title = v.title };
    str_to_i64(form_str(c, "owner"), &t.unit.v);
    if (!t.title.len || utf8_count(t.title) > TITLE_LETTERS)
        field_error(c, &v.errors, S("title"), text_of(c->lang, "report.kept.error.title"));
    if (!t.unit.v || !right_has(c, RIGHT_ROUND_MANAGE, t.unit))
        field_error(c, &v.errors, S("owner"), text_of(c->lang, "report.error.unit"));
    TRY(sent_file(c, &v, &t));
    if (v.errors.len)
        return list_view(c, &v, t.unit, 422);
    TRY(kept_add(c->db, &t));
    TRY(sent_audit(c, &t));
    return redirect_notice(c, kept_href(c->arena, t.id), NOTICE_OK, text_of(c->lang, "report.kept.added"));
}

/* ---- One template ------------------------------------------------------------------------------------------------------------ */

static Err load_kept(Ctx *c, Right right, int64_t version, KeptTemplate *t)
{
    RightScope scope;
    TRY(kept_load(c->db, c->arena, path_int(c, "id"), version, t));
    if (right != RIGHT_EDITION_READ)
        return right_need(c, right, t->unit);
    TRY(right_scope(c, right, &scope));
    return scope_reaches(&scope, t->unit) ? OK : right_need(c, right, t->unit);
}

static Err show_view(Ctx *c, KeptView *v, const KeptTemplate *t, int status)
{
    bool   good;
    Sha256 sum;
    Str    bytes;
    v->t     = t;
    v->token = form_token(c);
    v->unit  = unit_name_today(c, t->unit);
    v->seen  = num_text(c->arena, LANG_EN, t->version);
    v->may_change = right_has(c, RIGHT_ROUND_MANAGE, t->unit);
    TRY(kept_versions(c->db, c->arena, t->id, &v->versions));
    if (!v->errors.len && str_unhex(t->sha256, sum.at, sizeof sum.at)) {
        TRY(files_load(c->store, c->arena, sum, &bytes));
        TRY(check_bytes(c, v, bytes, &good));
    }
    c->page.error = v->errors.len > 0;
    kept_crumbs(c, t->title);
    Out o = page_begin(c, t->title);
    report_template_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err show_page(Ctx *c)
{
    KeptView     v = { 0 };
    KeptTemplate t;
    TRY(load_kept(c, RIGHT_EDITION_READ, 0, &t));
    return show_view(c, &v, &t, 200);
}

static Err version_action(Ctx *c)
{
    KeptView     v = { 0 };
    KeptTemplate now, t;
    TRY(load_kept(c, RIGHT_ROUND_MANAGE, 0, &now));
    t = now;
    if (!str_to_i64(form_str(c, "seen"), &t.version))
        return err_new(c->arena, ERR_INVALID, S("seen is a version"));
    TRY(sent_file(c, &v, &t));
    if (!v.errors.len && t.version != now.version)
        field_error(c, &v.errors, S("file"), text_fmt(c->arena, c->lang, "report.kept.error.newer", ARG_N("n", now.version), ARG_S("name", now.by_name)));
    if (v.errors.len)
        return show_view(c, &v, &now, 422);
    TRY(kept_add_version(c->db, c->arena, &t));
    TRY(sent_audit(c, &t));
    return redirect_notice(c, kept_href(c->arena, t.id), NOTICE_OK, text_fmt(c->arena, c->lang, "report.kept.changed", ARG_N("n", t.version)));
}

static Err retire_action(Ctx *c)
{
    KeptTemplate t;
    TRY(load_kept(c, RIGHT_ROUND_MANAGE, 0, &t));
    bool retired = str_eq(form_str(c, "retired"), S("1"));
    TRY(kept_retire(c->db, t.id, retired));
    TRY(audit_add(c, retired ? S("report.template-retire") : S("report.template-use"), S("report_template"), t.id, t.unit, S("{}")));
    return redirect_notice(c, kept_href(c->arena, t.id), NOTICE_OK,
                           retired ? text_of(c->lang, "report.kept.retired-done") : text_of(c->lang, "report.kept.used-done"));
}

static Err kept_file(Ctx *c)
{
    KeptTemplate t;
    Sha256       sum;
    Str          bytes;
    TRY(load_kept(c, RIGHT_EDITION_READ, query_int(c, "version", 0), &t));
    if (!str_unhex(t.sha256, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_NOT_FOUND, S("file"));
    TRY(files_load(c->store, c->arena, sum, &bytes));
    return answer_file(c, DOCX_TYPE, t.file_name, bytes);
}

/* ---- Names ---------------------------------------------------------------------------------------------------------------------- */

static Err name_lines(Ctx *c, KeptView *v, const ReportSource *s, const ReportOrder *o, TemplateNames names, int depth)
{
    for (size_t i = 0; i < names.len; i++) {
        const TemplateName *n = &names.at[i];
        NameLine *line = list_add(c->arena, &v->names);
        *line = (NameLine){ .name = n->name[c->lang], .other = n->name[c->lang == LANG_VI ? LANG_EN : LANG_VI], .kind = n->kind, .depth = depth };
        Str value = S("");
        if (s && !depth)
            TRY(report_name_value(c->arena, s, o, n, &value));
        v->names.at[v->names.len - 1].value = value;
        if (depth < 3)
            TRY(name_lines(c, v, s, o, n->in, depth + 1));
    }
    return OK;
}

/* The newest edition shows what the names say. */
static Err names_page(Ctx *c)
{
    KeptView      v = { 0 };
    EditionRows   rows;
    ReportSource *s = NULL;
    ReportOrder   o = { .lang = c->lang, .site = site_base(c), .now = c->now, .head = { .on = c->today } };
    TRY(edition_list(c->db, c->arena, &rows));
    if (rows.len) {
        TRY(report_source(c->db, c->store, c->arena, &rows.at[0], &s));
        v.title = text_fmt(c->arena, c->lang, "results.page.title", ARG_S("title", edition_title(&rows.at[0], c->lang)), ARG_N("number", rows.at[0].number));
    }
    Err e = name_lines(c, &v, s, &o, report_names(), 0);
    if (err_is(e, ERR_NOT_FOUND)) {                    /* an edition without an index */
        v = (KeptView){ 0 };
        e = name_lines(c, &v, NULL, &o, report_names(), 0);
    }
    TRY(e);
    kept_crumbs(c, text_of(c->lang, "report.kept.names"));
    Out out = page_begin(c, text_of(c->lang, "report.kept.names"));
    report_names_view(&out, &v);
    return page_end(c, &out);
}

static Err example_file(Ctx *c)
{
    Str bytes;
    TRY(report_form_example(c->arena, c->lang, &bytes));
    return answer_file(c, DOCX_TYPE, S("mau-bao-cao.docx"), bytes);
}

const Route kept_console_routes[] = {
    { GET,  "/report-templates",             RIGHT_EDITION_READ, list_page, 0 },
    { POST, "/report-templates",             RIGHT_ROUND_MANAGE, add_action, ROUTE_UPLOAD },
    { GET,  "/report-templates/names",       RIGHT_EDITION_READ, names_page, 0 },
    { GET,  "/report-templates/example",     RIGHT_EDITION_READ, example_file, 0 },
    { GET,  "/report-templates/{id}",        RIGHT_EDITION_READ, show_page, 0 },
    { POST, "/report-templates/{id}",        RIGHT_ROUND_MANAGE, version_action, ROUTE_UPLOAD },
    { POST, "/report-templates/{id}/retire", RIGHT_ROUND_MANAGE, retire_action, 0 },
    { GET,  "/report-templates/{id}/file",   RIGHT_EDITION_READ, kept_file, 0 },
    { 0 },
};
