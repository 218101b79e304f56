/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page from which a round's data leave: what can be made, what is ready. */
#include "analysis/console.h"

#include "analysis_exports.html.h"
#include "jobs/jobs.h"

/* Names of repeats, as the select offers them. */
static Err tables_of(Ctx *c, const Round *r, ExportsPage *v)
{
    const FormProgram *p;
    TRY(form_program(c->db, c->store, c->arena, r->form, &p));
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->type != Q_REPEAT)
            continue;
        if (!v->tables.len)
            *list_add(c->arena, &v->tables) = (Choice){ .value = S("-"), .label = text_of(c->lang, "analysis.exports.table.records"),
                                                        .chosen = str_eq(v->table, S("-")) };
        Str label = form_label_plain(c->arena, p, (int)i, c->lang);
        *list_add(c->arena, &v->tables) = (Choice){ .value = n->name, .chosen = str_eq(v->table, n->name),
            .label = text_fmt(c->arena, c->lang, "analysis.exports.table.one", ARG_S("name", label.len ? label : n->name)) };
    }
    return OK;
}

static bool table_known(const ExportsPage *v)
{
    for (size_t i = 0; i < v->tables.len; i++)
        if (str_eq(v->tables.at[i].value, v->table))
            return true;
    return !v->table.len;
}

static Err exports_view(Ctx *c, const Round *r, ExportsPage *v, int status)
{
    ExportFiles files;
    TRY(export_file_list(c->db, c->arena, r->id, c->now, &files));
    v->r      = r;
    v->files  = &files;
    v->action = analysis_path(c, r, "/exports");
    v->token  = form_token(c);
    page_crumb(c, text_of(c->lang, "analysis.exports"), S(""));
    Out o = page_begin(c, text_of(c->lang, "analysis.exports"));
    analysis_exports(&o, v);
    return page_end_status(c, &o, status);
}

static Err exports_page(Ctx *c)
{
    Round       r;
    ExportsPage v = { .chosen = EXPORT_CSV };
    TRY(analysis_round(c, RIGHT_ANALYSIS_EXPORT, &r));
    TRY(tables_of(c, &r, &v));
    return exports_view(c, &r, &v, 200);
}

static Err exports_action(Ctx *c)
{
    Round       r;
    FieldErrors errors = { 0 };
    ExportsPage v      = { .errors = &errors };
    JobId       id;
    Lang        l;
    TRY(analysis_round(c, RIGHT_ANALYSIS_EXPORT, &r));
    Str labels = form_str(c, "labels");
    v.table    = form_str(c, "table");
    TRY(tables_of(c, &r, &v));
    if (!table_known(&v))
        field_error(c, &errors, S("table"), text_of(c->lang, "analysis.exports.error.table"));
    if (!export_parse(form_str(c, "format"), &v.chosen))
        field_error(c, &errors, S("format"), text_of(c->lang, "analysis.exports.error.format"));
    if (labels.len && !lang_parse(labels, &l))
        field_error(c, &errors, S("labels"), text_of(c->lang, "analysis.exports.error.labels"));
    if (errors.len)
        return exports_view(c, &r, &v, 422);
    Buf args = buf_new(c->arena, 256);
    buf_fmt(&args, "{\"round\":%lld,\"format\":\"%.*s\",\"labels\":\"%.*s\",\"bom\":%s,\"table\":", (long long)r.id.v, STR_ARG(export_code(v.chosen)),
            STR_ARG(labels), form_has(c, "bom") ? "true" : "false");
    buf_json_str(&args, v.table);
    buf_byte(&args, '}');
    TRY(job_add(c, &(JobOrder){ .kind = analysis_export_job.name, .args = buf_str(&args), .subject = round_title(&r, c->lang), .unit = r.owner }, &id));
    return job_show(c, id);
}

/* "mot-cua.csv.zip"; of one table alone "mot-cua-nha.csv". */
static Str export_download_name(Arena *a, const Round *r, const ExportFile *f)
{
    ExportFormat format = EXPORT_CSV;
    export_parse(f->format, &format);
    bool repeat = f->chosen.len && !str_eq(f->chosen, S("-"));
    Str  name   = repeat ? str_join(a, (Str[]){ r->code, str_replace(a, f->chosen, S("/"), S("_")) }, 2, S("-")) : r->code;
    return str_concat(a, name, export_made_ending(format, f->archive));
}

/* A post, so that each download is recorded. */
static Err download_action(Ctx *c)
{
    Round        r;
    ExportFile   f;
    ExportFormat format = EXPORT_CSV;
    TRY(analysis_round(c, RIGHT_ANALYSIS_EXPORT, &r));
    TRY(export_file_load(c->db, c->arena, path_int(c, "file"), &f));
    if (f.round.v != r.id.v || f.expires_at.ms <= c->now.ms)
        return err_new(c->arena, ERR_NOT_FOUND, S("export"));
    export_parse(f.format, &format);
    TRY(analysis_audit(c, S("analysis.download"), &r, arena_fmt(c->arena, "{\"format\":\"%.*s\",\"sha256\":\"%.*s\"}", STR_ARG(f.format), STR_ARG(f.sha256))));
    Str name = export_download_name(c->arena, &r, &f);
    TRY(answer_file(c, export_made_type(format, f.archive), name, S("")));
    c->task->res.file = export_file_path(c->arena, c->app, f.token);
    return OK;
}

const Route analysis_export_routes[] = {
    { GET,  "/rounds/{id}/exports",        RIGHT_ANALYSIS_EXPORT, exports_page, 0 },
    { POST, "/rounds/{id}/exports",        RIGHT_ANALYSIS_EXPORT, exports_action, ROUTE_CONFIRM },
    { POST, "/rounds/{id}/exports/{file}", RIGHT_ANALYSIS_EXPORT, download_action, ROUTE_CONFIRM },
    { 0 },
};
