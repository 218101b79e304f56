/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page from which a round's data leave: what can be made, what is ready. */
#include "analysis/console.h"

#include "analysis_exports.html.h"
#include "jobs/jobs.h"

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
    if (!export_parse(form_str(c, "format"), &v.chosen))
        field_error(c, &errors, S("format"), text_of(c->lang, "analysis.exports.error.format"));
    if (labels.len && !lang_parse(labels, &l))
        field_error(c, &errors, S("labels"), text_of(c->lang, "analysis.exports.error.labels"));
    if (errors.len)
        return exports_view(c, &r, &v, 422);
    Str args = arena_fmt(c->arena, "{\"round\":%lld,\"format\":\"%.*s\",\"labels\":\"%.*s\",\"bom\":%s}", (long long)r.id.v, STR_ARG(export_code(v.chosen)),
                         STR_ARG(labels), form_has(c, "bom") ? "true" : "false");
    TRY(job_add(c, &(JobOrder){ .kind = analysis_export_job.name, .args = args, .subject = round_title(&r, c->lang), .unit = r.owner }, &id));
    return job_show(c, id);
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
    Str name = str_concat(c->arena, r.code, export_ending(format));
    TRY(answer_file(c, export_type(format), name, S("")));
    c->task->res.file = export_file_path(c->arena, c->app, f.token);
    return OK;
}

const Route analysis_export_routes[] = {
    { GET,  "/rounds/{id}/exports",        RIGHT_ANALYSIS_EXPORT, exports_page, 0 },
    { POST, "/rounds/{id}/exports",        RIGHT_ANALYSIS_EXPORT, exports_action, ROUTE_CONFIRM },
    { POST, "/rounds/{id}/exports/{file}", RIGHT_ANALYSIS_EXPORT, download_action, ROUTE_CONFIRM },
    { 0 },
};
