/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Quality in the console: rounds, one round's figures, findings with settling and undoing, thresholds, results with and without. */
#include "quality/console.h"
#include "quality_finding.html.h"
#include "quality_findings.html.h"
#include "quality_limits.html.h"
#include "quality_list.html.h"
#include "quality_results.html.h"
#include "quality_round.html.h"

#include <math.h>

enum { PAGE_ROWS = 100, REASON_MOST = 1000 };

/* ---- List ------------------------------------------------------------------------------------------------------------- */

static Err list_page(Ctx *c)
{
    QualityListView v = { 0 };
    Rounds          rounds;
    TRY(round_list(c->db, c->arena, &rounds));
    for (size_t i = 0; i < rounds.len; i++) {
        const Round  *r = &rounds.at[i];
        QualityRun    run = { 0 };
        QualityCounts n;
        if (r->state == ROUND_DRAFT || !right_has(c, RIGHT_QUALITY_READ, r->owner))
            continue;
        Err e = run_latest(c->db, c->arena, r->id, &run);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
        TRY(flags_count(c->db, r->id, &n));
        *list_add(c->arena, &v.lines) = (QualityLine){ round_title(r, c->lang), quality_path(c, r, ""), run.at, r->submissions, n.open, n.kept, n.left_out };
    }
    page_crumb(c, text_of(c->lang, "quality.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "quality.title"));
    quality_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One round ----------------------------------------------------------------------------------------------------------- */

static double number_of(const Json *tree, const char *key)
{
    double x = NAN;
    return json_num(json_get(tree, str_from_c(key)), &x) ? x : NAN;
}

static void figure(Ctx *c, QualityView *v, Str label, double x, int decimals)
{
    if (!isnan(x))
        *list_add(c->arena, &v->figures) = (SummaryRow){ .key = label, .value = real_text(c->arena, c->lang, x, decimals) };
}

static void figures_of(Ctx *c, QualityView *v)
{
    const Json *t;
    if (json_parse(c->arena, v->run.figures, &t))
        return;
    figure(c, v, text_of(c->lang, "quality.figure.median"), number_of(t, "median_seconds") / 60, 1);
    figure(c, v, text_of(c->lang, "quality.figure.longstring"), number_of(t, "longstring_mean"), 1);
    figure(c, v, text_of(c->lang, "quality.figure.match"), 100 * number_of(t, "match_threshold"), 1);
    figure(c, v, text_of(c->lang, "quality.figure.icc"), number_of(t, "icc"), 3);
    figure(c, v, text_of(c->lang, "quality.figure.deff"), number_of(t, "icc_deff"), 2);
    figure(c, v, text_of(c->lang, "quality.figure.icc_p"), number_of(t, "icc_p"), 4);
    figure(c, v, text_of(c->lang, "quality.figure.whipple"), number_of(t, "whipple"), 0);
    figure(c, v, text_of(c->lang, "quality.figure.myers"), number_of(t, "myers"), 1);
    json_bool(json_get(t, S("nested")), &v->nested);
    JSON_EACH(j, json_get(t, S("interviewers"))) {
        InterviewerLine *line = list_add(c->arena, &v->interviewers);
        int64_t          n = 0, straight = 0, signs = 0;
        Str              name = S("");
        json_str(json_get(j, S("name")), &name);
        json_int(json_get(j, S("n")), &n);
        json_int(json_get(j, S("straight")), &straight);
        json_int(json_get(j, S("signs")), &signs);
        const Json *mean = json_get(j, S("mean"));
        Str         among = S("nested");
        json_str(json_get(mean, S("among")), &among);
        *line = (InterviewerLine){ .name = name, .n = n, .straight = straight, .signs = signs, .mean = real(number_of(mean, "own"), 2),
                                   .others = real(number_of(mean, "others"), 2),
                                   .p = real(number_of(mean, "p_holm"), 4), .median = real(number_of(j, "median_seconds") / 60, 1),
                                   .missing = real(100 * number_of(j, "missing"), 1), .digits = real(number_of(json_get(j, S("digits")), "p_holm"), 4),
                                   .clock = real(number_of(json_get(j, S("hours")), "p_holm"), 4), .whipple = real(number_of(j, "whipple"), 0),
                                   .among = quality_among_text(c->lang, among),
                                   .href = str_concat(c->arena, v->findings_href, str_concat(c->arena, S("?interviewer="), url_encode(c->arena, name))) };
    }
}

static Err round_page(Ctx *c)
{
    Round       r;
    QualityView v = { .r = &r };
    TRY(quality_round(c, RIGHT_QUALITY_READ, &r));
    Err e = run_latest(c->db, c->arena, r.id, &v.run);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    v.ran = !e;
    TRY(flags_count(c->db, r.id, &v.counts));
    for (int k = 0; k < QUALITY_KIND_COUNT; k++)
        *list_add(c->arena, &v.kinds) = (KindLine){ quality_kind_text(c->lang, (QualityKind)k),
            quality_path(c, &r, arena_c(c->arena, str_concat(c->arena, S("/findings?kind="), quality_code((QualityKind)k)))), v.counts.found[k] };
    v.findings_href = quality_path(c, &r, "/findings");
    if (v.ran)
        figures_of(c, &v);
    v.by            = person_name_of(c, v.run.by);
    v.token         = c->page.form_token;
    v.run_action    = quality_path(c, &r, "/run");
    v.limits_href   = quality_path(c, &r, "/thresholds");
    v.results_href  = quality_path(c, &r, "/results");
    v.may_settle    = right_has(c, RIGHT_QUALITY_SETTLE, r.owner);
    v.recheck_href  = right_has(c, RIGHT_RECHECK_MANAGE, r.owner) ? quality_path(c, &r, "/recheck") : S("");
    c->page.crumbs.at[c->page.crumbs.len - 1].href = S("");
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "quality.round.title", ARG_S("round", round_title(&r, c->lang))));
    quality_round_view(&o, &v);
    return page_end(c, &o);
}

static Err run_action(Ctx *c)
{
    Round r;
    JobId job;
    TRY(quality_round(c, RIGHT_QUALITY_READ, &r));
    TRY(job_add(c, &(JobOrder){ .kind = "quality.run", .args = arena_fmt(c->arena, "{\"round\":%lld}", (long long)r.id.v),
                                .subject = round_title(&r, c->lang), .unit = r.owner }, &job));
    return job_show(c, job);
}

/* ---- Findings -------------------------------------------------------------------------------------------------------------- */

static FlagFilter filter_of(Ctx *c)
{
    FlagFilter f = { .interviewer = query_str(c, "interviewer"), .limit = PAGE_ROWS };
    f.by_kind  = quality_parse(query_str(c, "kind"), &f.kind);
    f.by_state = flag_state_parse(query_str(c, "state"), &f.state);
    f.offset   = (int)(query_page(c) - 1) * PAGE_ROWS;
    return f;
}

static void filter_choices(Ctx *c, const FlagFilter *f, FlagsView *v)
{
    for (int k = 0; k < QUALITY_KIND_COUNT; k++)
        *list_add(c->arena, &v->kinds) = (Choice){ .value = quality_code((QualityKind)k), .label = quality_kind_text(c->lang, (QualityKind)k),
                                                   .chosen = f->by_kind && (int)f->kind == k };
    for (int s = 0; s < FLAG_STATE_COUNT; s++)
        *list_add(c->arena, &v->states) = (Choice){ .value = flag_state_code((FlagState)s), .label = flag_state_text(c->lang, (FlagState)s),
                                                    .chosen = f->by_state && (int)f->state == s };
}

static Str subject_of(Ctx *c, const QualityFlag *f)
{
    if (!f->submission.v)
        return f->interviewer;
    Str record = text_fmt(c->arena, c->lang, "quality.record", ARG_S("id", arena_fmt(c->arena, "%lld", (long long)f->submission.v)));
    return f->interviewer.len ? arena_fmt(c->arena, "%.*s · %.*s", STR_ARG(record), STR_ARG(f->interviewer)) : record;
}

static Str pager_base(Ctx *c, const Round *r, const FlagFilter *f)
{
    Buf b = buf_new(c->arena, 128);
    buf_add(&b, quality_path(c, r, "/findings?kind="));
    buf_add(&b, f->by_kind ? quality_code(f->kind) : S(""));
    buf_lit(&b, "&state=");
    buf_add(&b, f->by_state ? flag_state_code(f->state) : S(""));
    buf_lit(&b, "&interviewer=");
    buf_add(&b, url_encode(c->arena, f->interviewer));
    buf_lit(&b, "&page=");
    return buf_str(&b);
}

static Err findings_page(Ctx *c)
{
    Round        r;
    FlagFilter   f = filter_of(c);
    QualityFlags rows;
    FlagsView    v = { .interviewer = f.interviewer, .filtered = f.by_kind || f.by_state || f.interviewer.len };
    TRY(quality_round(c, RIGHT_QUALITY_READ, &r));
    TRY(flags_list(c->db, c->arena, r.id, &f, &rows, &v.all));
    for (size_t i = 0; i < rows.len; i++) {
        const QualityFlag *x = &rows.at[i];
        *list_add(c->arena, &v.lines) = (FlagLine){ x, quality_kind_text(c->lang, x->kind), subject_of(c, x), flag_detail_text(c, x),
            arena_fmt(c->arena, "/console/quality/findings/%lld", (long long)x->id), flag_state_text(c->lang, x->state), person_name_of(c, x->settled_by),
            flag_state_tag(x->state), flag_state_icon(x->state) };
    }
    filter_choices(c, &f, &v);
    v.action = quality_path(c, &r, "/findings");
    v.pager  = (Pager){ pager_base(c, &r, &f), f.offset / PAGE_ROWS + 1, (v.all + PAGE_ROWS - 1) / PAGE_ROWS };
    page_crumb(c, text_of(c->lang, "quality.findings"), S(""));
    Out o = page_begin(c, text_of(c->lang, "quality.findings"));
    quality_findings_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Settling ------------------------------------------------------------------------------------------------------------------ */

static Err finding_load(Ctx *c, Right right, QualityFlag *f, Round *r)
{
    TRY(flag_load(c->db, c->arena, path_int(c, "id"), f));
    TRY(round_load(c->db, c->arena, f->round, r));
    TRY(right_need(c, right, r->owner));
    page_crumb(c, text_of(c->lang, "quality.title"), S("/console/quality"));
    page_crumb(c, round_title(r, c->lang), quality_path(c, r, ""));
    page_crumb(c, text_of(c->lang, "quality.findings"), quality_path(c, r, "/findings"));
    return OK;
}

static void row(Ctx *c, FlagView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->rows) = (SummaryRow){ .key = key, .value = value };
}

static Err finding_view(Ctx *c, FlagView *v, const Round *r, int status)
{
    const QualityFlag *f = v->f;
    row(c, v, text_of(c->lang, "quality.field.subject"), subject_of(c, f));
    row(c, v, text_of(c->lang, "quality.field.detail"), flag_detail_text(c, f));
    row(c, v, text_of(c->lang, "quality.field.settled_by"), person_name_of(c, f->settled_by));
    row(c, v, text_of(c->lang, "quality.field.settled_at"), f->settled_at.ms ? time_text(c->arena, c->lang, f->settled_at) : S(""));
    row(c, v, text_of(c->lang, "quality.field.reason"), f->reason);
    v->kind          = quality_kind_text(c->lang, f->kind);
    v->state         = flag_state_text(c->lang, f->state);
    v->tag           = flag_state_tag(f->state);
    v->icon          = flag_state_icon(f->state);
    v->token         = c->page.form_token;
    v->action        = arena_fmt(c->arena, "/console/quality/findings/%lld", (long long)f->id);
    v->back_href     = quality_path(c, r, "/findings");
    v->may_settle    = right_has(c, RIGHT_QUALITY_SETTLE, r->owner);
    v->may_leave_out = f->submission.v != 0;
    c->page.error    = v->errors.len > 0;
    page_crumb(c, v->kind, S(""));
    Out o = page_begin(c, v->kind);
    quality_finding_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err finding_page(Ctx *c)
{
    QualityFlag f;
    Round       r;
    FlagView    v = { .f = &f };
    TRY(finding_load(c, RIGHT_QUALITY_READ, &f, &r));
    return finding_view(c, &v, &r, 200);
}

/* Another finding may have left the record out, or still want it out. */
static Err record_follow(Ctx *c, const QualityFlag *f, FlagState to)
{
    RecordView v;
    int64_t    others = 0;
    RecordAct  act    = { .value = to == FLAG_LEFT_OUT ? S("out") : S("in"), .reason = f->reason.len ? f->reason : text_of(c->lang, "quality.undone"),
                          .rule = str_concat(c->arena, S("quality."), quality_code(f->kind)), .person = c->session.person,
                          .person_name = c->session.who.name, .at = c->now };
    if (!f->submission.v)
        return OK;
    TRY(flags_left_out_beside(c->db, f, &others));
    Err e = record_load(c->db, c->store, c->arena, f->submission, &v);
    if (err_is(e, ERR_NOT_FOUND))
        return OK;                                       /* withdrawn meanwhile: nothing counts */
    TRY(e);
    bool out = to == FLAG_LEFT_OUT || others > 0;
    return v.excluded == out ? OK : record_act(c->db, c->store, c->arena, c->app, f->submission, &act);
}

static Err finding_action(Ctx *c)
{
    QualityFlag f;
    Round       r;
    FlagView    v = { .f = &f, .reason = form_str(c, "reason") };
    FlagState   to;
    TRY(finding_load(c, RIGHT_QUALITY_SETTLE, &f, &r));
    if (!flag_state_parse(form_str(c, "state"), &to) || (to == FLAG_LEFT_OUT && !f.submission.v))
        return err_new(c->arena, ERR_INVALID, S("no such decision"));
    if (to != FLAG_OPEN && (!v.reason.len || utf8_count(v.reason) > REASON_MOST)) {
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "quality.fault.reason"));
        return finding_view(c, &v, &r, 422);
    }
    FlagState was = f.state;
    f.state      = to;
    f.reason     = to == FLAG_OPEN ? S("") : v.reason;
    f.settled_by = to == FLAG_OPEN ? (PersonId){ 0 } : c->session.person;
    f.settled_at = to == FLAG_OPEN ? (Time){ 0 } : c->now;
    TRY(flag_save(c->db, &f));
    if (to == FLAG_LEFT_OUT || was == FLAG_LEFT_OUT)
        TRY(record_follow(c, &f, to));
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"kind\":");
    buf_json_str(&detail, quality_code(f.kind));
    buf_lit(&detail, ",\"reason\":");
    buf_json_str(&detail, f.reason);
    buf_byte(&detail, '}');
    Str action = to == FLAG_OPEN ? S("quality.undo") : to == FLAG_KEPT ? S("quality.keep") : S("quality.leave_out");
    TRY(audit_add(c, action, S("quality"), f.id, r.owner, buf_str(&detail)));
    return redirect_notice(c, quality_path(c, &r, "/findings?state=open"), NOTICE_OK, text_of(c->lang, "quality.done"));
}

/* ---- Thresholds ----------------------------------------------------------------------------------------------------------------- */

static Err limits_view(Ctx *c, LimitsView *v, const Round *r, int status)
{
    v->token     = c->page.form_token;
    v->action    = quality_path(c, r, "/thresholds");
    v->back_href = quality_path(c, r, "");
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "quality.limits.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "quality.limits.title"));
    quality_limits_view(&o, v);
    return page_end_status(c, &o, status);
}

static Str limit_typed(Ctx *c, double x)
{
    Buf b = buf_new(c->arena, 32);
    buf_f64(&b, (double)(int64_t)(x * 10000 + 0.5) / 10000);
    return c->lang == LANG_VI ? str_replace(c->arena, buf_str(&b), S("."), S(",")) : buf_str(&b);
}

static void limit_line(Ctx *c, LimitsView *v, int i, Str value)
{
    *list_add(c->arena, &v->lines) = (LimitLine){ str_from_c(quality_thresholds[i].name), quality_limit_text(c->lang, (Threshold)i), value,
                                                  limit_typed(c, quality_thresholds[i].usual) };
}

static Err limits_page(Ctx *c)
{
    Round         r;
    QualityLimits x;
    LimitsView    v = { 0 };
    TRY(quality_round(c, RIGHT_QUALITY_READ, &r));
    TRY(limits_load(c->db, r.id, &x));
    for (int i = 0; i < LIMIT_COUNT; i++)
        limit_line(c, &v, i, limit_typed(c, x.at[i]));
    return limits_view(c, &v, &r, 200);
}

static Err limits_action(Ctx *c)
{
    Round         r;
    QualityLimits x;
    LimitsView    v = { 0 };
    TRY(quality_round(c, RIGHT_QUALITY_SETTLE, &r));
    for (int i = 0; i < LIMIT_COUNT; i++) {
        const ThresholdRow *t    = &quality_thresholds[i];
        Str                 text = form_str(c, t->name);
        limit_line(c, &v, i, text);
        if (!text.len)
            x.at[i] = t->usual;
        else if (!real_parse_typed(c->lang, text, &x.at[i]) || !(x.at[i] >= t->low && x.at[i] <= t->high))
            field_error(c, &v.errors, str_from_c(t->name), text_fmt(c->arena, c->lang, "quality.fault.limit", ARG_S("low", limit_typed(c, t->low)),
                                                                    ARG_S("high", limit_typed(c, t->high))));
        if (str_eq(text, limit_typed(c, t->usual)))
            x.at[i] = t->usual;                          /* a third is shown rounded */
    }
    if (v.errors.len)
        return limits_view(c, &v, &r, 422);
    TRY(limits_save(c->db, r.id, &x));
    TRY(audit_add(c, S("quality.limits"), S("round"), r.id.v, r.owner, S("")));
    return redirect_notice(c, quality_path(c, &r, ""), NOTICE_OK, text_of(c->lang, "quality.limits.done"));
}

/* ---- Results with and without ------------------------------------------------------------------------------------------------------ */

static Err results_page(Ctx *c)
{
    Round      r;
    ResultRows rows = { 0 };
    FlaggedIds ids;
    TRY(quality_round(c, RIGHT_QUALITY_READ, &r));
    TRY(flagged_ids(c->db, c->arena, r.id, true, true, &ids));
    TRY(results_compare(c->db, c->store, c->arena, &r, c->lang, &rows));
    page_crumb(c, text_of(c->lang, "quality.results.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "quality.results.title"));
    quality_results_view(&o, &(ResultsView){ &rows, (int64_t)ids.len });
    return page_end(c, &o);
}

const Route quality_routes[] = {
    { GET,  "/quality",                        RIGHT_QUALITY_READ,   list_page },
    { GET,  "/quality/rounds/{id}",            RIGHT_QUALITY_READ,   round_page },
    { POST, "/quality/rounds/{id}/run",        RIGHT_QUALITY_READ,   run_action },
    { GET,  "/quality/rounds/{id}/findings",   RIGHT_QUALITY_READ,   findings_page },
    { GET,  "/quality/rounds/{id}/thresholds", RIGHT_QUALITY_READ,   limits_page },
    { POST, "/quality/rounds/{id}/thresholds", RIGHT_QUALITY_SETTLE, limits_action },
    { GET,  "/quality/rounds/{id}/results",    RIGHT_QUALITY_READ,   results_page },
    { GET,  "/quality/findings/{id}",          RIGHT_QUALITY_READ,   finding_page },
    { POST, "/quality/findings/{id}",          RIGHT_QUALITY_SETTLE, finding_action },
    { 0 },
};
