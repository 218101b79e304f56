/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules of a round in the console. Each change saves another version of all of them. */
#include "analysis/cleaning.h"

#include "analysis_rules.html.h"

#include <math.h>

enum { RULES_MOST = 100 };

static Err rules_view(Ctx *c, const Round *r, RulesPage *v, int status)
{
    v->r      = r;
    v->action = analysis_path(c, r, "/cleaning/rules");
    v->token  = form_token(c);
    TRY(form_program(c->db, c->store, c->arena, r->form, &v->p));
    TRY(rule_set_load(c->db, c->arena, r->id, &v->set));
    page_crumb(c, text_of(c->lang, "analysis.cleaning"), analysis_path(c, r, "/cleaning"));
    page_crumb(c, text_of(c->lang, "analysis.rules"), S(""));
    Out o = page_begin(c, text_of(c->lang, "analysis.rules"));
    analysis_rules(&o, v);
    return page_end_status(c, &o, status);
}

Err rules_page(Ctx *c)
{
    Round     r;
    RulesPage v = { 0 };
    TRY(analysis_round(c, RIGHT_ANALYSIS_MANAGE, &r));
    return rules_view(c, &r, &v, 200);
}

static void read_bound(Ctx *c, Str typed, const char *field, double *out, FieldErrors *errors)
{
    *out = NAN;
    if (typed.len && !real_parse_typed(c->lang, typed, out))
        field_error(c, errors, str_from_c(field), text_of(c->lang, "analysis.error.number"));
}

static void read_rule(Ctx *c, RulesPage *v, FieldErrors *errors)
{
    CleaningRule *t = &v->typed;
    v->question = form_str(c, "question");
    v->low      = form_str(c, "low");
    v->high     = form_str(c, "high");
    v->many     = form_str(c, "many");
    *t = (CleaningRule){ .code = form_str(c, "code"), .text = form_str(c, "text"), .condition = form_str(c, "condition") };
    if (!rule_kind_parse(form_str(c, "kind"), &t->kind))
        field_error(c, errors, S("kind"), text_of(c->lang, "analysis.error.kind"));
    if (!round_code_valid(t->code))
        field_error(c, errors, S("code"), text_of(c->lang, "analysis.error.code"));
    if (!t->text.len)
        field_error(c, errors, S("text"), text_of(c->lang, "analysis.error.text"));
    read_bound(c, v->low, "low", &t->low, errors);
    read_bound(c, v->high, "high", &t->high, errors);
    if (t->kind == RULE_RANGE && v->question.len)
        *list_add(c->arena, &t->questions) = v->question;
    for (Str rest = v->many; t->kind == RULE_DUPLICATE && rest.len;) {
        StrPair p = str_cut(rest, ',');
        rest = p.tail;
        if (str_trim(p.head).len)
            *list_add(c->arena, &t->questions) = str_trim(p.head);
    }
}

static Err save_rules(Ctx *c, const Round *r, const RuleSet *set)
{
    TRY(rule_set_save(c->db, c->arena, r->id, set->number + 1, &set->rules, c->session.person, c->session.who.name, c->now));
    TRY(analysis_audit(c, S("analysis.rules"), r, arena_fmt(c->arena, "{\"version\":%lld,\"rules\":%zu}", (long long)set->number + 1, set->rules.len)));
    return redirect_notice(c, analysis_path(c, r, "/cleaning/rules"), NOTICE_OK,
                           text_fmt(c->arena, c->lang, "analysis.done.rules", ARG_N("n", set->number + 1)));
}

Err rules_add_action(Ctx *c)
{
    Round       r;
    FieldErrors errors = { 0 };
    RuleFault   fault;
    RulesPage   v = { .errors = &errors };
    TRY(analysis_round(c, RIGHT_ANALYSIS_MANAGE, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &v.p));
    TRY(rule_set_load(c->db, c->arena, r.id, &v.set));
    read_rule(c, &v, &errors);
    if (!errors.len && !rule_compile(c->arena, v.p, &v.typed, &fault)) {
        bool many = v.typed.kind == RULE_DUPLICATE && strcmp(fault.field, "question") == 0;
        field_error(c, &errors, many ? S("many") : str_from_c(fault.field), fault.message[c->lang]);
    }
    if (rules_find(&v.set.rules, v.typed.code) >= 0)
        field_error(c, &errors, S("code"), text_of(c->lang, "analysis.error.code_taken"));
    if (v.set.rules.len >= RULES_MOST)
        field_error(c, &errors, S("code"), text_of(c->lang, "analysis.error.rules_most"));
    if (errors.len)
        return rules_view(c, &r, &v, 422);
    *list_add(c->arena, &v.set.rules) = v.typed;
    return save_rules(c, &r, &v.set);
}

Err rules_remove_action(Ctx *c)
{
    Round   r;
    RuleSet set;
    TRY(analysis_round(c, RIGHT_ANALYSIS_MANAGE, &r));
    TRY(rule_set_load(c->db, c->arena, r.id, &set));
    int at = rules_find(&set.rules, form_str(c, "code"));
    if (at < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("rule"));
    memmove(&set.rules.at[at], &set.rules.at[at + 1], (set.rules.len - (size_t)at - 1) * sizeof *set.rules.at);
    set.rules.len--;
    return save_rules(c, &r, &set);
}
