/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Quality in the console: rounds, one round's figures, thresholds, results with and without. */
#include "quality/console.h"

#include "collect/round_list.h"
#include "quality_limits.html.h"
#include "quality_list.html.h"
#include "quality_results.html.h"
#include "quality_round.html.h"

#include <math.h>

/* ---- List ------------------------------------------------------------------------------------------------------------- */

enum { ROUNDS_A_PAGE = 50 };

static Err list_page(Ctx *c)
{
    QualityListView v      = { 0 };
    Rounds          rounds = { 0 };
    RightScope      scope;
    int64_t         page   = query_page(c);
    ScopePage       p      = { &scope, (page - 1) * ROUNDS_A_PAGE, ROUNDS_A_PAGE, 0 };
    TRY(right_scope(c, RIGHT_QUALITY_READ, &scope));
    TRY(round_page_list(c->db, c->arena, &(RoundFilter){ .begun = true, .now = c->now }, &p, &rounds));
    v.pager = (Pager){ S("/console/quality?page="), page, (p.all + ROUNDS_A_PAGE - 1) / ROUNDS_A_PAGE };
    for (size_t i = 0; i < rounds.len; i++) {
        const Round  *r = &rounds.at[i];
        QualityRun    run = { 0 };
        FindingCounts n;
        Err e = run_latest(c->db, c->arena, r->id, &run);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
        TRY(findings_count(c->db, c->arena, r->id, &n));
        *list_add(c->arena, &v.lines) = (QualityLine){ round_title(r, c->lang), quality_path(c, r, ""), run.at, r->submissions, n.state[FLAG_OPEN],
                                                       n.state[FLAG_KEPT], n.state[FLAG_LEFT_OUT] };
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
        *line = (InterviewerLine){ .name = interviewer_text(c, name), .n = n, .straight = straight, .signs = signs, .mean = real(number_of(mean, "own"), 2),
                                   .others = real(number_of(mean, "others"), 2),
                                   .p = real(number_of(mean, "p_holm"), 4), .median = real(number_of(j, "median_seconds") / 60, 1),
                                   .missing = real(100 * number_of(j, "missing"), 1), .digits = real(number_of(json_get(j, S("digits")), "p_holm"), 4),
                                   .clock = real(number_of(json_get(j, S("hours")), "p_holm"), 4), .whipple = real(number_of(j, "whipple"), 0),
                                   .among = quality_among_text(c->lang, among),
                                   .href = str_concat(c->arena, v->findings_href, str_concat(c->arena, S("?interviewer="), url_encode(c->arena, name))) };
    }
}

/* Every check, and the rules of cleaning that are there or found something. */
static Err kind_lines(Ctx *c, const Round *r, QualityView *v)
{
    CleaningShow rules;
    TRY(findings_count(c->db, c->arena, r->id, &v->counts));
    TRY(cleaning_show_open(c, r, &rules));
    Str href = str_concat(c->arena, v->findings_href, S("?kind="));
    for (int k = 0; k < QUALITY_KIND_COUNT; k++)
        *list_add(c->arena, &v->kinds) = (KindLine){ quality_kind_text(c->lang, (QualityKind)k), str_concat(c->arena, href, quality_code((QualityKind)k)),
                                                     finding_kind_count(&v->counts, quality_code((QualityKind)k)) };
    for (size_t i = 0; i < cleaning_show_count(&rules); i++) {
        Str code = str_concat(c->arena, S(RULE_MARK), cleaning_show_code(&rules, i));
        *list_add(c->arena, &v->kinds) = (KindLine){ cleaning_rule_text(&rules, cleaning_show_code(&rules, i)), str_concat(c->arena, href, code),
                                                     finding_kind_count(&v->counts, code) };
    }
    for (int i = 0; i < 2; i++) {
        Str code = i ? S(CASE_TWICE) : S(CASE_CLAIMED);
        int64_t n = finding_kind_count(&v->counts, code);
        if (n)
            *list_add(c->arena, &v->kinds) = (KindLine){ finding_case_text(c->lang, code), str_concat(c->arena, href, code), n };
    }
    return OK;
}

static Err round_page(Ctx *c)
{
    Round       r;
    QualityView v = { .r = &r };
    TRY(quality_round(c, RIGHT_QUALITY_READ, &r));
    Err e = run_latest(c->db, c->arena, r.id, &v.run);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    v.ran           = !e;
    v.findings_href = quality_path(c, &r, "/findings");
    TRY(kind_lines(c, &r, &v));
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
    { GET,  "/quality/rounds/{id}/findings",   RIGHT_QUALITY_READ,   quality_findings_page },
    { POST, "/quality/rounds/{id}/findings",   RIGHT_QUALITY_SETTLE, quality_findings_action },
    { GET,  "/quality/rounds/{id}/thresholds", RIGHT_QUALITY_READ,   limits_page },
    { POST, "/quality/rounds/{id}/thresholds", RIGHT_QUALITY_SETTLE, limits_action },
    { GET,  "/quality/rounds/{id}/results",    RIGHT_QUALITY_READ,   results_page },
    { GET,  "/quality/findings/{id}",          RIGHT_QUALITY_READ,   quality_finding_page },
    { POST, "/quality/findings/{id}",          RIGHT_QUALITY_SETTLE, quality_finding_action },
    { 0 },
};
