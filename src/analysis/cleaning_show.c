/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Findings of rules as others show and settle them. */
#include "analysis/cleaning.h"

Str answer_label(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l)
{
    return x->at[p->nodes.at[node].answer].len ? form_answer_text(a, p, node, x, l) : text_of(l, "analysis.no_answer");
}

Str findings_path(Ctx *c, const Round *r)
{
    return arena_fmt(c->arena, "/console/quality/rounds/%lld/findings", (long long)r->id.v);
}

Err cleaning_show_open(Ctx *c, const Round *r, CleaningShow *out)
{
    CleaningShow s = { .set = arena_new(c->arena, RuleSet, 1) };
    TRY(form_program(c->db, c->store, c->arena, r->form, &s.p));
    TRY(rule_set_load(c->db, c->arena, r->id, s.set));
    for (size_t i = 0; i < s.set->rules.len; i++) {
        RuleFault fault;                 /* a condition's questions are read off it */
        (void)rule_compile(c->arena, s.p, &s.set->rules.at[i], &fault);
    }
    *out = s;
    return OK;
}

size_t cleaning_show_count(const CleaningShow *s)
{
    return s->set->rules.len;
}

Str cleaning_show_code(const CleaningShow *s, size_t at)
{
    return s->set->rules.at[at].code;
}

Str cleaning_rule_text(const CleaningShow *s, Str rule)
{
    int at = rules_find(&s->set->rules, rule);
    return at >= 0 ? s->set->rules.at[at].text : rule;
}

Err cleaning_values(Ctx *c, const CleaningShow *s, Str rule, SubmissionId id, Str *out)
{
    RecordView  rec;
    FormAnswers x  = form_answers_new(c->arena, s->p);
    int         at = rules_find(&s->set->rules, rule);
    const Json *json;
    Buf         b = buf_new(c->arena, 128);
    Err         e = record_load(c->db, c->store, c->arena, id, &rec);
    *out = text_of(c->lang, "analysis.withdrawn");
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    TRY(json_parse(c->arena, rec.answers, &json));
    form_answers_load(c->arena, s->p, json, &x);
    for (size_t i = 0; at >= 0 && i < s->set->rules.at[at].questions.len; i++) {
        Str name = s->set->rules.at[at].questions.at[i];
        int node = form_find(s->p, name);
        if (node < 0 || s->p->nodes.at[node].answer < 0)
            continue;
        buf_add(&b, b.len ? S("; ") : S(""));
        buf_add(&b, name);
        buf_lit(&b, " = ");
        buf_add(&b, cut_utf8(answer_label(c->arena, s->p, node, &x, c->lang), 120));
    }
    *out = buf_str(&b);
    return OK;
}

Err cleaning_settle(Ctx *c, const Round *r, Str rule, SubmissionId id, Str state, Str reason, int64_t batch, bool hold)
{
    RecordView rec;
    bool       back = str_eq(state, S("open"));
    RecordAct  act  = { .value = back ? S("in") : S("out"), .reason = reason, .rule = rule, .batch = batch, .person = c->session.person,
                        .person_name = c->session.who.name, .at = c->now };
    Err e = record_load(c->db, c->store, c->arena, id, &rec);
    if (err_is(e, ERR_NOT_FOUND) || (!e && rec.round.v != r->id.v))
        return OK;
    TRY(e);
    if (str_eq(state, S("kept")))
        return finding_settle(c->db, r->id, rule, id, S("accepted"), reason, act.person_name, c->now);
    if (rec.excluded == back && !(back && hold))
        TRY(record_act(c->db, c->store, c->arena, c->app, id, &act));
    if (!back)
        return finding_settle_record(c->db, id, S("excluded"), reason, act.person_name, c->now);
    TRY(finding_settle(c->db, r->id, rule, id, S("open"), S(""), S(""), c->now));
    return finding_settle_record(c->db, id, S("open"), S(""), S(""), c->now);
}
