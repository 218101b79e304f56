/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One criterion before an appraiser: what the unit says, rule, trace and evidence; the verdict; the second pair of eyes. */
#include "season/appraise.h"
#include "season/tell.h"

#include "seasons_verdict.html.h"

#include <math.h>

/* ---- What has been said ---------------------------------------------------------------------------------------------- */

static Str said_by(Ctx *c, PersonId who, Time at)
{
    Str name = person_name_of(c, who);
    return text_fmt(c->arena, c->lang, "season.event.by", ARG_S("who", name.len ? name : text_of(c->lang, "scheme.by_program")),
                    ARG_S("when", time_text(c->arena, c->lang, at)));
}

static void verdict_said(Ctx *c, const CardWork *w, int at, const CardVerdict *v, SaidList *out)
{
    Str points = card_points_text(c, verdict_points(w, at, v));
    Str what = v->kind == VERDICT_ASK      ? text_of(c->lang, "appraise.said.ask")
               : v->kind == VERDICT_ACCEPT ? text_fmt(c->arena, c->lang, "appraise.said.accept", ARG_S("points", points))
                                           : text_fmt(c->arena, c->lang, "appraise.said.points", ARG_S("points", points));
    Str round = v->round == 2 ? text_of(c->lang, "season.state.second") : text_of(c->lang, "season.state.submitted");
    Str by    = said_by(c, v->by, v->at);
    if (v->large)
        by = str_join(c->arena, (Str[]){ by, !v->confirmed_at.ms ? text_of(c->lang, "appraise.waits")
            : text_fmt(c->arena, c->lang, "appraise.confirmed", ARG_S("who", person_name_of(c, v->confirmed_by))) }, 2, S(" · "));
    *list_add(c->arena, out) = (Said){ str_join(c->arena, (Str[]){ round, what }, 2, S(": ")), v->reason, by,
                                       v->kind == VERDICT_ACCEPT ? TAG_OK : v->kind == VERDICT_ASK ? TAG_BAD : TAG_WARN };
}

static Str decision_text(Ctx *c, const CardWork *w, int at, const CardObjection *x)
{
    double sign = w->scheme.at[at].effect == EFFECT_PENALTY ? -1 : 1;
    Str    key  = str_concat(c->arena, S("council.said."), decision_code(x->decision));
    return x->decision == DECISION_POINTS ? text_fmt(c->arena, c->lang, "council.said.points", ARG_S("points", card_points_text(c, sign * x->points)))
                                          : text_find(c->lang, key);
}

/* A unit reads questions once it is asked, points once they are announced, decisions once the card is settled. */
static bool may_read(const CardWork *w, const CardVerdict *v)
{
    CardState s = w->card.state;
    if (v->kind == VERDICT_ASK && v->round == 1)
        return s >= CARD_EXPLAINING && s != CARD_WITHDRAWN;
    return s >= CARD_APPRAISED && s != CARD_WITHDRAWN;
}

Err card_said_fill(Ctx *c, const CardWork *w, int at, bool all, SaidList *out)
{
    Str code = w->scheme.at[at].code;
    const CardAnswer    *answer    = card_answer_find(&w->answers, code);
    const CardObjection *objection = card_objection_find(&w->objections, code);
    for (int round = 1; round <= 2; round++) {
        const CardVerdict *v = verdict_find(&w->verdicts, code, round);
        if (v && (all || (may_read(w, v) && verdict_stands(v, &w->scores))))
            verdict_said(c, w, at, v, out);
        if (round == 1 && answer)
            *list_add(c->arena, out) = (Said){ text_of(c->lang, "explain.said"), answer->answer, said_by(c, answer->by, answer->at), TAG_INFO };
    }
    if (objection)
        *list_add(c->arena, out) = (Said){ text_of(c->lang, "object.said"), objection->reason, said_by(c, objection->by, objection->at), TAG_INFO };
    if (objection && objection->decision && (all || w->card.state == CARD_SETTLED || w->card.state == CARD_LOCKED))
        *list_add(c->arena, out) = (Said){ decision_text(c, w, at, objection), objection->why, said_by(c, objection->decided_by, objection->decided_at),
                                           objection->decision == DECISION_REJECT ? TAG_WARN : TAG_OK };
    return OK;
}

/* ---- The page ------------------------------------------------------------------------------------------------------------- */

static Str neighbour(Ctx *c, const CardWork *w, const Appraiser *who, int at, int step)
{
    int round = card_round(w->card.state);
    for (at += step; at >= 0 && at < (int)w->scheme.len; at += step)
        if (appraiser_covers(who, &w->scheme, at) && (round != 2 || card_leaf_asked(w, w->scheme.at[at].code)))
            return verdict_href(c, w, w->scheme.at[at].code);
    return S("");
}

static void inputs_fill(Ctx *c, VerdictView *v, const CardScore *kept)
{
    const Json *json = NULL;
    if (!kept || json_parse(c->arena, kept->inputs, &json))
        json = NULL;
    for (size_t i = 0; i < v->x->input_count; i++) {
        Str value = card_value_shown(c, json_get(json, v->x->inputs[i]));
        *list_add(c->arena, &v->inputs) = (SummaryRow){
            .key = scheme_input_label(c->arena, c->lang, v->x, v->x->inputs[i]), .value = value.len ? value : S("–") };
    }
}

static void result_fill(Ctx *c, VerdictView *v, int at)
{
    SchemeFaults faults = { 0 };
    SchemeScore  score  = { .points = NAN };
    const CardWork *w   = v->w;
    if (v->not_applicable)
        return;
    bool scored = scheme_compute_leaf(c->arena, &w->scheme, at, &w->filled, &w->calendar, (SchemeWords){ .lang = c->lang, .plain = true }, &score, &faults);
    v->claimed = scored ? card_points_text(c, score.points) : S("");
    v->trace   = score.trace;
    for (size_t i = 0; i < faults.len; i++) {
        faults.at[i].code = S("");
        *list_add(c->arena, &v->faults) = scheme_fault_text(c->arena, c->lang, &faults.at[i]);
    }
}

/* What is kept goes into the form, unless something was typed. */
static void form_fill(Ctx *c, VerdictView *v, const CardVerdict *mine)
{
    if (v->revision.len)
        return;
    v->revision = arena_fmt(c->arena, "%lld", mine ? (long long)mine->revision : 0LL);
    v->kind     = mine ? verdict_code(mine->kind) : S("");
    v->points   = mine && !isnan(mine->points) ? card_number_shown(c, mine->points) : S("");
    v->reason   = mine ? mine->reason : S("");
}

static Err verdict_view(Ctx *c, VerdictView *v, CardWork *w, const Appraiser *who, int at, int status)
{
    const CardScore   *kept = card_score_find(&w->scores, w->scheme.at[at].code);
    const CardVerdict *mine = verdict_find(&w->verdicts, w->scheme.at[at].code, card_round(w->card.state));
    v->w        = w;
    v->x        = &w->scheme.at[at];
    v->round    = card_round(w->card.state);
    v->editable = v->round && (v->round == 1 || card_leaf_asked(w, v->x->code));
    v->base     = card_base(c, w->card.id);
    v->action   = str_concat(c->arena, v->base, S("/verdict"));
    v->token    = c->page.form_token;
    v->unit     = unit_name_today(c, w->card.unit);
    v->max      = card_points_text(c, v->x->max);
    v->limit    = card_points_text(c, w->s.four_eyes);
    v->penalty  = v->x->effect == EFFECT_PENALTY;
    v->words    = scheme_rule_words(c->arena, c->lang, v->x);
    v->path     = card_leaf_path(c, &w->scheme, at);
    v->back_href = arena_fmt(c->arena, "%.*s/appraise?domain=%.*s", STR_ARG(v->base), STR_ARG(url_encode(c->arena, scheme_domain(&w->scheme, at))));
    v->prev_href = neighbour(c, w, who, at, -1);
    v->next_href = neighbour(c, w, who, at, 1);
    v->not_applicable = kept && kept->not_applicable;
    v->unit_note      = kept ? kept->note : S("");
    v->may_confirm    = v->editable && mine && mine->large && !mine->confirmed_at.ms && mine->by.v != who->person.v;
    form_fill(c, v, mine);
    inputs_fill(c, v, kept);
    result_fill(c, v, at);
    TRY(card_said_fill(c, w, at, true, &v->said));
    TRY(evidence_bench_fill(c, w, v->x->code, str_concat(c->arena, verdict_href(c, w, v->x->code), S("&e=")), query_int(c, "e", 1), &v->bench));
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "appraise.title"), S("/console/appraisal"));
    page_crumb(c, v->unit, v->back_href);
    page_crumb(c, v->x->code, S(""));
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v->x->code, v->x->name }, 2, S(" ")));
    seasons_verdict_view(&o, v);
    return page_end_status(c, &o, status);
}

/* The criterion named, for an appraiser whose domains cover it. */
static Err verdict_work(Ctx *c, Str code, CardWork *w, Appraiser *who, int *out_at, bool *told)
{
    TRY(appraiser_work(c, w, who, told));
    if (*told)
        return OK;
    *out_at = scheme_find(&w->scheme, code);
    if (*out_at < 0 || w->scheme.at[*out_at].group)
        return err_new(c->arena, ERR_NOT_FOUND, S("no such criterion to be judged"));
    return appraiser_covers(who, &w->scheme, *out_at) ? OK : err_new(c->arena, ERR_FORBIDDEN, S("the criterion lies in a domain of other appraisers"));
}

Err card_verdict_page(Ctx *c)
{
    CardWork    w;
    Appraiser   who;
    VerdictView v = { 0 };
    int         at;
    bool        told;
    TRY(verdict_work(c, query_str(c, "code"), &w, &who, &at, &told));
    return told ? OK : verdict_view(c, &v, &w, &who, at, 200);
}

/* ---- Saving ---------------------------------------------------------------------------------------------------------------- */

static void typed_check(Ctx *c, const CardWork *w, int at, CardVerdict *x, FieldErrors *errors)
{
    const SchemeCriterion *leaf = &w->scheme.at[at];
    if (!verdict_parse(form_str(c, "kind"), &x->kind) || (x->kind == VERDICT_ASK && x->round == 2)) {
        field_error(c, errors, S("kind"), text_of(c->lang, "appraise.error.kind"));
        return;
    }
    if (x->kind == VERDICT_ACCEPT && w->result.at[at].state == STATE_MISSING)
        field_error(c, errors, S("kind"), text_of(c->lang, "appraise.error.accept"));
    if (x->kind == VERDICT_POINTS && (!real_parse_typed(c->lang, form_str(c, "points"), &x->points) || !(x->points >= 0 && x->points <= leaf->max)))
        field_error(c, errors, S("points"), text_fmt(c->arena, c->lang, "appraise.error.points", ARG_S("max", card_points_text(c, leaf->max))));
    if (x->kind != VERDICT_ACCEPT && !x->reason.len)
        field_error(c, errors, S("reason"), text_of(c->lang, "appraise.error.reason"));
    if (utf8_count(x->reason) > CARD_REASON_LETTERS)
        field_error(c, errors, S("reason"), text_fmt(c->arena, c->lang, "season.score.long", ARG_N("n", CARD_REASON_LETTERS),
                                                     ARG_N("now", (int64_t)utf8_count(x->reason))));
}

/* Who cannot save at all, or would overwrite another, is told that before any field; what was typed stays. */
static Err verdict_check(Ctx *c, CardWork *w, const Appraiser *who, int at, CardVerdict *x, int64_t seen, bool *told)
{
    FieldErrors        errors = { 0 };
    const CardVerdict *kept   = verdict_find(&w->verdicts, x->code, x->round);
    int64_t            newest = kept ? kept->revision : 0, over = seen;
    if (!x->round || (x->round == 2 && !card_leaf_asked(w, x->code))) {
        field_error(c, &errors, S("reason"), text_of(c->lang, "appraise.closed"));
    } else if (newest != seen) {
        over = newest;
        field_error(c, &errors, S("reason"), text_fmt(c->arena, c->lang, "appraise.changed_by", ARG_S("who", kept ? person_name_of(c, kept->by) : S("–"))));
    } else {
        typed_check(c, w, at, x, &errors);
    }
    *told = errors.len > 0;
    if (!*told)
        return OK;
    VerdictView v = { .errors = errors, .kind = form_str(c, "kind"), .points = form_str(c, "points"), .reason = x->reason,
                      .revision = arena_fmt(c->arena, "%lld", (long long)over) };
    return verdict_view(c, &v, w, who, at, 422);
}

static Err verdict_audit(Ctx *c, const CardWork *w, Str act, const CardVerdict *x)
{
    Buf detail = buf_new(c->arena, 512);
    buf_lit(&detail, "{\"code\":");
    buf_json_str(&detail, x->code);
    buf_fmt(&detail, ",\"round\":%d,\"revision\":%lld,\"kind\":\"%.*s\",\"points\":", x->round, (long long)x->revision, STR_ARG(verdict_code(x->kind)));
    buf_json_f64(&detail, x->points);
    buf_lit(&detail, ",\"claimed\":");
    buf_json_f64(&detail, x->claimed);
    buf_lit(&detail, ",\"reason\":");
    buf_json_str(&detail, x->reason);
    buf_byte(&detail, '}');
    return audit_add(c, act, S("card"), w->card.id.v, w->card.unit, buf_str(&detail));
}

/* The second pair of eyes: the same verdict, by another appraiser. */
static Err confirm(Ctx *c, const CardWork *w, const Appraiser *who, int at, int64_t seen)
{
    const CardVerdict *kept = verdict_find(&w->verdicts, w->scheme.at[at].code, card_round(w->card.state));
    Str back = verdict_href(c, w, w->scheme.at[at].code);
    if (!kept || kept->revision != seen || !kept->large || kept->confirmed_at.ms || kept->by.v == who->person.v)
        return redirect_notice(c, back, NOTICE_WARN, text_of(c->lang, "appraise.confirm.gone"));
    TRY(card_verdict_confirm(c->db, c->arena, w->card.id, kept, who->person, c->now));
    TRY(verdict_audit(c, w, S("card.confirm"), kept));
    return redirect_notice(c, back, NOTICE_OK, text_of(c->lang, "appraise.confirm.done"));
}

Err card_verdict_action(Ctx *c)
{
    CardWork  w;
    Appraiser who;
    int       at;
    int64_t   seen = 0;
    bool      told;
    TRY(verdict_work(c, form_str(c, "code"), &w, &who, &at, &told));
    if (told)
        return OK;
    const CardScore *kept = card_score_find(&w.scores, w.scheme.at[at].code);
    CardVerdict x = { .code = w.scheme.at[at].code, .round = card_round(w.card.state), .points = NAN, .reason = form_str(c, "reason"),
                      .claimed = w.result.at[at].state == STATE_SCORED ? w.result.at[at].points : NAN, .score_revision = kept ? kept->revision : 0,
                      .by = who.person, .at = c->now };
    str_to_i64(form_str(c, "revision"), &seen);
    if (form_has(c, "confirm"))
        return confirm(c, &w, &who, at, seen);
    TRY(verdict_check(c, &w, &who, at, &x, seen, &told));
    if (told)
        return OK;
    x.large = verdict_large(x.kind, x.points, x.claimed, kept && kept->not_applicable, w.s.four_eyes);
    TRY(card_verdict_save(c->db, c->arena, w.card.id, &x, seen));
    TRY(verdict_audit(c, &w, S("card.verdict"), &x));
    if (x.large)
        TRY(card_tell_second(c, &w, at));
    Str to = form_has(c, "next") ? neighbour(c, &w, &who, at, 1) : S("");
    return redirect_notice(c, to.len ? to : verdict_href(c, &w, x.code), NOTICE_OK,
                           x.large ? text_fmt(c->arena, c->lang, "appraise.saved.large", ARG_S("code", x.code))
                                   : text_fmt(c->arena, c->lang, "appraise.saved", ARG_S("code", x.code)));
}
