/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cleaning in the console: rules and how much they found. What they found stands with all other findings (module quality). */
#include "analysis/cleaning.h"

#include "analysis_cleaning.html.h"

#include <math.h>

static Str rule_what(Ctx *c, const CleaningRule *r)
{
    if (r->kind == RULE_LOGIC)
        return r->condition;
    if (r->kind == RULE_DUPLICATE)
        return str_join(c->arena, r->questions.at, r->questions.len, S(", "));
    Str low = isnan(r->low) ? S("…") : expr_number_text(c->arena, r->low), high = isnan(r->high) ? S("…") : expr_number_text(c->arena, r->high);
    return str_join(c->arena, (Str[]){ r->questions.at[0], S(": "), low, S(" – "), high }, 5, S(""));
}

static Str kind_text(Lang l, RuleKind k)
{
    return k == RULE_RANGE ? text_of(l, "analysis.rule.range") : k == RULE_LOGIC ? text_of(l, "analysis.rule.logic") : text_of(l, "analysis.rule.duplicate");
}

static Err show_rules(Ctx *c, CleaningPage *v)
{
    RuleCounts counts;
    TRY(finding_counts(c->db, c->arena, v->r->id, &counts));
    for (size_t i = 0; i < v->set.rules.len; i++) {
        const CleaningRule *r = &v->set.rules.at[i];
        RuleShown shown = { .r = r, .kind = kind_text(c->lang, r->kind), .what = rule_what(c, r),
                            .href = str_join(c->arena, (Str[]){ v->findings_href, S("?kind=rule:"), r->code }, 3, S("")) };
        for (size_t k = 0; k < counts.len; k++)
            if (str_eq(counts.at[k].rule, r->code)) {
                shown.open    = counts.at[k].open;
                shown.settled = counts.at[k].settled;
                v->open += counts.at[k].open;
            }
        *list_add(c->arena, &v->rules) = shown;
    }
    return OK;
}

static Err cleaning_page(Ctx *c)
{
    Round        r;
    CleaningShow show;
    CleaningPage v = { .r = &r };
    TRY(analysis_round(c, RIGHT_ANALYSIS_READ, &r));
    TRY(cleaning_show_open(c, &r, &show));
    v.set           = *show.set;
    v.base          = analysis_path(c, &r, "/cleaning");
    v.findings_href = findings_path(c, &r);
    v.token         = form_token(c);
    v.may_manage    = right_has(c, RIGHT_ANALYSIS_MANAGE, r.owner);
    TRY(cleaning_run_load(c->db, c->arena, r.id, &v.run));
    TRY(record_totals(c->db, r.id, &v.totals));
    TRY(show_rules(c, &v));
    page_crumb(c, text_of(c->lang, "analysis.cleaning"), S(""));
    Out o = page_begin(c, text_of(c->lang, "analysis.cleaning"));
    analysis_cleaning(&o, &v);
    return page_end(c, &o);
}

static Err run_action(Ctx *c)
{
    Round r;
    JobId id;
    TRY(analysis_round(c, RIGHT_ANALYSIS_MANAGE, &r));
    TRY(job_add(c, &(JobOrder){ .kind = analysis_clean_job.name, .args = arena_fmt(c->arena, "{\"round\":%lld}", (long long)r.id.v),
                                .subject = round_title(&r, c->lang), .unit = r.owner }, &id));
    return job_show(c, id);
}

const Route analysis_cleaning_routes[] = {
    { GET,  "/rounds/{id}/cleaning",                  RIGHT_ANALYSIS_READ,   cleaning_page, 0 },
    { POST, "/rounds/{id}/cleaning/run",              RIGHT_ANALYSIS_MANAGE, run_action, 0 },
    { GET,  "/rounds/{id}/cleaning/rules",            RIGHT_ANALYSIS_MANAGE, rules_page, 0 },
    { POST, "/rounds/{id}/cleaning/rules",            RIGHT_ANALYSIS_MANAGE, rules_add_action, 0 },
    { POST, "/rounds/{id}/cleaning/rules/remove",     RIGHT_ANALYSIS_MANAGE, rules_remove_action, 0 },
    { GET,  "/rounds/{id}/records/{record}",          RIGHT_ANALYSIS_READ,   record_page, 0 },
    { POST, "/rounds/{id}/records/{record}/correct",  RIGHT_ANALYSIS_MANAGE, record_correct_action, 0 },
    { POST, "/rounds/{id}/records/{record}/decide",   RIGHT_ANALYSIS_MANAGE, record_decide_action, 0 },
    { POST, "/rounds/{id}/records/{record}/undo",     RIGHT_ANALYSIS_MANAGE, record_undo_action, 0 },
    { 0 },
};
