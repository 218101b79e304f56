/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cleaning in the console: what the rules found, decisions about many records at once. */
#include "analysis/cleaning.h"

#include "analysis_cleaning.html.h"

#include <math.h>

enum { PAGE_ROWS = 50 };

Str record_code(Arena *a, SubmissionId id)
{
    return arena_fmt(a, "%011llx", (unsigned long long)(id.v & ((INT64_C(1) << 42) - 1)));
}

Str answer_label(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l)
{
    return x->at[p->nodes.at[node].answer].len ? form_answer_text(a, p, node, x, l) : text_of(l, "analysis.no_answer");
}

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
        RuleShown shown = { .r = r, .kind = kind_text(c->lang, r->kind), .what = rule_what(c, r) };
        for (size_t k = 0; k < counts.len; k++)
            if (str_eq(counts.at[k].rule, r->code)) {
                shown.open    = counts.at[k].open;
                shown.settled = counts.at[k].settled;
            }
        *list_add(c->arena, &v->rules) = shown;
    }
    return OK;
}

/* The answers the rule is about, as they count now. */
static Err show_values(Ctx *c, const FormProgram *p, const CleaningRule *rule, SubmissionId id, Str *out)
{
    RecordView  rec;
    FormAnswers x = form_answers_new(c->arena, p);
    const Json *json;
    Buf         b = buf_new(c->arena, 128);
    Err         e = record_load(c->db, c->store, c->arena, id, &rec);
    *out = text_of(c->lang, "analysis.withdrawn");
    if (err_is(e, ERR_NOT_FOUND) || !rule)
        return OK;
    TRY(e);
    TRY(json_parse(c->arena, rec.answers, &json));
    form_answers_load(c->arena, p, json, &x);
    for (size_t i = 0; i < rule->questions.len; i++) {
        int node = form_find(p, rule->questions.at[i]);
        if (node < 0)
            continue;
        buf_add(&b, b.len ? S("; ") : S(""));
        buf_add(&b, rule->questions.at[i]);
        buf_lit(&b, " = ");
        buf_add(&b, cut_utf8(answer_label(c->arena, p, node, &x, c->lang), 120));
    }
    *out = buf_str(&b);
    return OK;
}

static Err show_findings(Ctx *c, const FormProgram *p, CleaningPage *v)
{
    FindingRows rows;
    TRY(finding_list(c->db, c->arena, v->r->id, v->rule, v->state, (v->page - 1) * PAGE_ROWS, PAGE_ROWS, &rows, &v->total));
    for (size_t i = 0; i < rows.len; i++) {
        int at = rules_find(&v->set.rules, rows.at[i].rule);
        FindingShown *f = list_add(c->arena, &v->findings);
        *f = (FindingShown){ .row = rows.at[i], .record = record_code(c->arena, rows.at[i].id),
                             .rule_text = at >= 0 ? v->set.rules.at[at].text : rows.at[i].rule };
        f->href = arena_fmt(c->arena, "/console/rounds/%lld/records/%lld", (long long)v->r->id.v, (long long)rows.at[i].id.v);
        TRY(show_values(c, p, at >= 0 ? &v->set.rules.at[at] : NULL, rows.at[i].id, &f->values));
    }
    return OK;
}

static Str known_state(Str s)
{
    static const Str states[] = { S_INIT("accepted"), S_INIT("corrected"), S_INIT("excluded") };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (str_eq(s, states[i]))
            return s;
    return S("open");
}

static Err cleaning_view(Ctx *c, const Round *r, CleaningPage *v, int status)
{
    const FormProgram *p;
    TRY(form_program(c->db, c->store, c->arena, r->form, &p));
    TRY(rule_set_load(c->db, c->arena, r->id, &v->set));
    for (size_t i = 0; i < v->set.rules.len; i++) {
        RuleFault fault;                 /* a condition's questions are read off it */
        (void)rule_compile(c->arena, p, &v->set.rules.at[i], &fault);
    }
    v->r          = r;
    v->rule       = query_str(c, "rule");
    v->state      = known_state(query_str(c, "state"));
    v->page       = query_page(c);
    v->base       = analysis_path(c, r, "/cleaning");
    v->token      = form_token(c);
    v->may_manage = right_has(c, RIGHT_ANALYSIS_MANAGE, r->owner);
    TRY(cleaning_run_load(c->db, c->arena, r->id, &v->run));
    TRY(record_totals(c->db, r->id, &v->totals));
    TRY(show_rules(c, v));
    TRY(show_findings(c, p, v));
    page_crumb(c, text_of(c->lang, "analysis.cleaning"), S(""));
    Out o = page_begin(c, text_of(c->lang, "analysis.cleaning"));
    analysis_cleaning(&o, v);
    return page_end_status(c, &o, status);
}

static Err cleaning_page(Ctx *c)
{
    Round r;
    TRY(analysis_round(c, RIGHT_ANALYSIS_READ, &r));
    return cleaning_view(c, &r, &(CleaningPage){ 0 }, 200);
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

/* "rule:id" as the list sends them. */
static bool read_chosen(Str sent, Str *rule, SubmissionId *id)
{
    StrPair p = str_cut_last(sent, ':');
    *rule = p.head;
    return p.tail.len && str_to_i64(p.tail, &id->v);
}

static Err decide_one(Ctx *c, const Round *r, Str rule, SubmissionId id, bool out, Str reason, int64_t batch, int64_t *done)
{
    RecordView rec;
    RecordAct  act = { .value = S("out"), .reason = reason, .rule = rule, .batch = batch, .person = c->session.person,
                       .person_name = c->session.who.login, .at = c->now };
    Err e = record_load(c->db, c->store, c->arena, id, &rec);
    if (err_is(e, ERR_NOT_FOUND) || (!e && rec.round.v != r->id.v))
        return OK;
    TRY(e);
    ++*done;
    if (!out)
        return finding_settle(c->db, r->id, rule, id, S("accepted"), reason, act.person_name, c->now);
    if (!rec.excluded)
        TRY(record_act(c->db, c->store, c->arena, c->app, id, &act));
    return finding_settle_record(c->db, id, S("excluded"), reason, act.person_name, c->now);
}

static Err decide_action(Ctx *c)
{
    Round        r;
    StrList      chosen = { 0 };
    FieldErrors  errors = { 0 };
    SubmissionId id;
    Str          rule;
    int64_t      done = 0, batch = id_new();
    CleaningPage v    = { .errors = &errors, .reason = form_str(c, "reason") };
    TRY(analysis_round(c, RIGHT_ANALYSIS_MANAGE, &r));
    form_all(c, "chosen", &chosen);
    bool out = str_eq(form_str(c, "act"), S("exclude"));
    if (!chosen.len)
        field_error(c, &errors, S("chosen"), text_of(c->lang, "analysis.error.chosen"));
    if (!v.reason.len)
        field_error(c, &errors, S("reason"), text_of(c->lang, "analysis.error.reason"));
    if (errors.len)
        return cleaning_view(c, &r, &v, 422);
    for (size_t i = 0; i < chosen.len && i < PAGE_ROWS; i++)
        if (read_chosen(chosen.at[i], &rule, &id))
            TRY(decide_one(c, &r, rule, id, out, v.reason, batch, &done));
    Buf detail = buf_new(c->arena, 128);
    buf_fmt(&detail, "{\"records\":%lld,\"batch\":%lld,\"reason\":", (long long)done, (long long)batch);
    buf_json_str(&detail, v.reason);
    buf_byte(&detail, '}');
    TRY(analysis_audit(c, out ? S("analysis.exclude") : S("analysis.accept"), &r, buf_str(&detail)));
    return redirect_notice(c, analysis_path(c, &r, "/cleaning"), NOTICE_OK,
                           out ? text_fmt(c->arena, c->lang, "analysis.done.excluded", ARG_N("n", done))
                               : text_fmt(c->arena, c->lang, "analysis.done.accepted", ARG_N("n", done)));
}

const Route analysis_cleaning_routes[] = {
    { GET,  "/rounds/{id}/cleaning",                  RIGHT_ANALYSIS_READ,   cleaning_page, 0 },
    { POST, "/rounds/{id}/cleaning/run",              RIGHT_ANALYSIS_MANAGE, run_action, 0 },
    { POST, "/rounds/{id}/cleaning",                  RIGHT_ANALYSIS_MANAGE, decide_action, 0 },
    { GET,  "/rounds/{id}/cleaning/rules",            RIGHT_ANALYSIS_MANAGE, rules_page, 0 },
    { POST, "/rounds/{id}/cleaning/rules",            RIGHT_ANALYSIS_MANAGE, rules_add_action, 0 },
    { POST, "/rounds/{id}/cleaning/rules/remove",     RIGHT_ANALYSIS_MANAGE, rules_remove_action, 0 },
    { GET,  "/rounds/{id}/records/{record}",          RIGHT_ANALYSIS_READ,   record_page, 0 },
    { POST, "/rounds/{id}/records/{record}/correct",  RIGHT_ANALYSIS_MANAGE, record_correct_action, 0 },
    { POST, "/rounds/{id}/records/{record}/decide",   RIGHT_ANALYSIS_MANAGE, record_decide_action, 0 },
    { POST, "/rounds/{id}/records/{record}/undo",     RIGHT_ANALYSIS_MANAGE, record_undo_action, 0 },
    { 0 },
};
