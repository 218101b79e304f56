/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frozen data sets of a round in the console. */
#include "analysis/frozen.h"

#include "analysis_frozen.html.h"

static Err frozen_view(Ctx *c, const Round *r, FrozenPage *v, int status)
{
    RoundCounts counts;
    v->r          = r;
    v->action     = analysis_path(c, r, "/frozen");
    v->token      = form_token(c);
    v->may_manage = right_has(c, RIGHT_ANALYSIS_MANAGE, r->owner);
    v->may_export = right_has(c, RIGHT_ANALYSIS_EXPORT, r->owner);
    TRY(frozen_list(c->db, c->arena, r->id, &v->sets));
    TRY(record_totals(c->db, r->id, &v->totals));
    TRY(rule_set_load(c->db, c->arena, r->id, &v->rules));
    TRY(round_counts(c->db, c->arena, r->id, (UnitId){ 0 }, &counts));
    v->same = v->sets.len && str_eq(v->sets.at[0].round_sum, round_sum_hex(c->arena, &counts));
    page_crumb(c, text_of(c->lang, "analysis.frozen"), S(""));
    Out o = page_begin(c, text_of(c->lang, "analysis.frozen"));
    analysis_frozen(&o, v);
    return page_end_status(c, &o, status);
}

static Err frozen_page(Ctx *c)
{
    Round r;
    TRY(analysis_round(c, RIGHT_ANALYSIS_READ, &r));
    return frozen_view(c, &r, &(FrozenPage){ 0 }, 200);
}

static Err frozen_action(Ctx *c)
{
    Round       r;
    FieldErrors errors = { 0 };
    FrozenPage  v      = { .errors = &errors, .note = form_str(c, "note") };
    JobId       id;
    TRY(analysis_round(c, RIGHT_ANALYSIS_MANAGE, &r));
    if (!v.note.len)
        field_error(c, &errors, S("note"), text_of(c->lang, "analysis.error.note"));
    if (!r.submissions)
        field_error(c, &errors, S("note"), text_of(c->lang, "analysis.exports.none"));
    if (errors.len)
        return frozen_view(c, &r, &v, 422);
    Buf args = buf_new(c->arena, 256);
    buf_fmt(&args, "{\"round\":%lld,\"note\":", (long long)r.id.v);
    buf_json_str(&args, v.note);
    buf_byte(&args, '}');
    TRY(job_add(c, &(JobOrder){ .kind = analysis_freeze_job.name, .args = buf_str(&args), .subject = round_title(&r, c->lang), .unit = r.owner }, &id));
    return job_show(c, id);
}

/* "data", "codebook" or "manifest" of one set; a post, so that each download is recorded. */
static Err frozen_download_action(Ctx *c)
{
    Round      r;
    FrozenSets sets;
    int64_t    number = path_int(c, "number");
    Str        what = form_str(c, "file"), hex = S("");
    Sha256     sum;
    bool       archive = false;
    TRY(analysis_round(c, RIGHT_ANALYSIS_EXPORT, &r));
    TRY(frozen_list(c->db, c->arena, r.id, &sets));
    for (size_t i = 0; i < sets.len; i++)
        if (sets.at[i].number == number) {
            archive = sets.at[i].archive;
            hex     = str_eq(what, S("codebook")) ? sets.at[i].codebook_sha : str_eq(what, S("manifest")) ? sets.at[i].manifest_sha : sets.at[i].data_sha;
        }
    if (!str_unhex(hex, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_NOT_FOUND, S("frozen set"));
    bool book = str_eq(what, S("codebook")), list = str_eq(what, S("manifest"));
    TRY(analysis_audit(c, S("analysis.download"), &r, arena_fmt(c->arena, "{\"frozen\":%lld,\"sha256\":\"%.*s\"}", (long long)number, STR_ARG(hex))));
    Str name = arena_fmt(c->arena, "%.*s-%lld%s", STR_ARG(r.code), (long long)number, book ? ".xml" : list ? ".json" : archive ? ".csv.zip" : ".csv");
    TRY(answer_file(c, book ? S("application/xml") : list ? S("application/json") : export_made_type(EXPORT_CSV, archive), name, S("")));
    c->task->res.file = files_path(c->store, c->arena, sum);
    return OK;
}

const Route analysis_frozen_routes[] = {
    { GET,  "/rounds/{id}/frozen",          RIGHT_ANALYSIS_READ,   frozen_page, 0 },
    { POST, "/rounds/{id}/frozen",          RIGHT_ANALYSIS_MANAGE, frozen_action, 0 },
    { POST, "/rounds/{id}/frozen/{number}", RIGHT_ANALYSIS_EXPORT, frozen_download_action, ROUTE_CONFIRM },
    { 0 },
};
