/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The council: objections of a card, and what is decided on each. Leaders of the agency that runs the season, and nobody of the unit. */
#include "season/appraise.h"

#include "seasons_council.html.h"

#include <math.h>

static Err council_work(Ctx *c, CardWork *w, bool *told)
{
    bool conflict;
    TRY(card_work(c, RIGHT_CARD_DECIDE, w));
    TRY(right_need(c, RIGHT_CARD_DECIDE, w->s.owner));
    *told = w->told;
    if (*told)
        return OK;
    TRY(season_conflicted(c->db, c->arena, &w->s, c->session.person, c->session.who.unit, w->card.unit, c->today, &conflict));
    *told = conflict;
    return conflict ? redirect_notice(c, card_base(c, w->card.id), NOTICE_WARN,
                                      text_fmt(c->arena, c->lang, "appraise.conflict.blocked", ARG_S("unit", unit_name_today(c, w->card.unit)))) : OK;
}

static Str council_href(Ctx *c, const CardWork *w, Str code)
{
    return arena_fmt(c->arena, "%.*s/decision?code=%.*s", STR_ARG(card_base(c, w->card.id)), STR_ARG(url_encode(c->arena, code)));
}

static CardTag decision_tag(Ctx *c, const CardObjection *x)
{
    static const struct { TagKind kind; Icon icon; } looks[DECISION_COUNT] = {
        { TAG_PLAIN, ICON_RING }, { TAG_OK, ICON_CHECK }, { TAG_OFF, ICON_CLOSE }, { TAG_WARN, ICON_CHECK } };
    Str code = x->decision ? decision_code(x->decision) : S("open");
    return (CardTag){ looks[x->decision].kind, looks[x->decision].icon, text_find(c->lang, str_concat(c->arena, S("council.tag."), code)) };
}

static double council_points(const CardWork *w, int at, const CardObjection *x)
{
    double claimed = w->result.at[at].state == STATE_SCORED ? w->result.at[at].points : NAN, sign = w->scheme.at[at].effect == EFFECT_PENALTY ? -1 : 1;
    const CardVerdict *v = verdict_last(&w->verdicts, x->code);
    return x->decision == DECISION_ACCEPT   ? claimed
           : x->decision == DECISION_POINTS ? sign * x->points
           : x->decision == DECISION_REJECT ? verdict_points(w, at, v) : NAN;
}

Err card_council_page(Ctx *c)
{
    CardWork w;
    bool     told;
    TRY(council_work(c, &w, &told));
    if (told)
        return OK;
    CouncilListView v = { .w = &w, .unit = unit_name_today(c, w.card.unit), .base = card_base(c, w.card.id), .state = card_tag(c, w.card.state) };
    for (size_t i = 0; i < w.objections.len && w.card.state >= CARD_OBJECTED; i++) {
        const CardObjection *x  = &w.objections.at[i];
        int                  at = scheme_find(&w.scheme, x->code);
        if (at < 0)
            continue;
        v.open += !x->decision;
        *list_add(c->arena, &v.lines) = (JudgedLine){ .code = x->code, .name = w.scheme.at[at].name, .href = council_href(c, &w, x->code),
            .max = card_points_text(c, w.scheme.at[at].max), .claimed = card_points_text(c, w.result.at[at].points), .note = x->reason,
            .judged = card_points_text(c, verdict_points(&w, at, verdict_last(&w.verdicts, x->code))), .change = card_points_text(c, council_points(&w, at, x)),
            .state = decision_tag(c, x) };
    }
    card_bar_fill(c, &w.card, &v.bar);
    season_crumbs(c, &w.s, &w.card, text_of(c->lang, "council.title"));
    Out o = page_begin(c, text_of(c->lang, "council.title"));
    seasons_council_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One objection ---------------------------------------------------------------------------------------------------- */

static Err decision_view(Ctx *c, DecisionView *v, CardWork *w, int at, int status)
{
    const CardObjection *x = card_objection_find(&w->objections, w->scheme.at[at].code);
    v->w        = w;
    v->x        = &w->scheme.at[at];
    v->own      = verdict_made_by(&w->verdicts, v->x->code, c->session.person);
    v->editable = w->card.state == CARD_OBJECTED && !v->own;
    v->base     = card_base(c, w->card.id);
    v->action   = str_concat(c->arena, v->base, S("/decision"));
    v->back_href = str_concat(c->arena, v->base, S("/council"));
    v->token    = c->page.form_token;
    v->unit     = unit_name_today(c, w->card.unit);
    v->path     = card_leaf_path(c, &w->scheme, at);
    v->max      = card_points_text(c, v->x->max);
    v->claimed  = card_points_text(c, w->result.at[at].points);
    v->judged   = card_points_text(c, verdict_points(w, at, verdict_last(&w->verdicts, v->x->code)));
    v->words    = scheme_rule_words(c->arena, c->lang, v->x);
    if (!v->revision.len) {
        v->revision = arena_fmt(c->arena, "%lld", (long long)x->revision);
        v->decision = decision_code(x->decision);
        v->points   = isnan(x->points) ? S("") : card_number_shown(c, x->points);
        v->why      = x->why;
    }
    TRY(card_said_fill(c, w, at, true, &v->said));
    TRY(evidence_bench_fill(c, w, v->x->code, str_concat(c->arena, council_href(c, w, v->x->code), S("&e=")), query_int(c, "e", 1), &v->bench));
    c->page.error = v->errors.len > 0;
    season_crumbs(c, &w->s, &w->card, v->x->code);
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v->x->code, v->x->name }, 2, S(" ")));
    seasons_decision_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err decision_work(Ctx *c, Str code, CardWork *w, int *out_at, bool *told)
{
    TRY(council_work(c, w, told));
    if (*told)
        return OK;
    *out_at = scheme_find(&w->scheme, code);
    bool there = *out_at >= 0 && card_objection_find(&w->objections, code) && w->card.state >= CARD_OBJECTED;
    return there ? OK : err_new(c->arena, ERR_NOT_FOUND, S("no such objection before the council"));
}

Err card_decision_page(Ctx *c)
{
    CardWork     w;
    DecisionView v = { 0 };
    int          at;
    bool         told;
    TRY(decision_work(c, query_str(c, "code"), &w, &at, &told));
    return told ? OK : decision_view(c, &v, &w, at, 200);
}

static void decision_check(Ctx *c, const CardWork *w, int at, CardObjection *x, FieldErrors *errors)
{
    double max = w->scheme.at[at].max;
    if (!decision_parse(form_str(c, "decision"), &x->decision) || !x->decision)
        field_error(c, errors, S("decision"), text_of(c->lang, "council.error.decision"));
    else if (x->decision == DECISION_POINTS && (!real_parse_typed(c->lang, form_str(c, "points"), &x->points) || !(x->points >= 0 && x->points <= max)))
        field_error(c, errors, S("points"), text_fmt(c->arena, c->lang, "appraise.error.points", ARG_S("max", card_points_text(c, max))));
    if (!x->why.len)
        field_error(c, errors, S("why"), text_of(c->lang, "appraise.error.reason"));
    else if (utf8_count(x->why) > CARD_REASON_LETTERS)
        field_error(c, errors, S("why"), text_fmt(c->arena, c->lang, "season.score.long", ARG_N("n", CARD_REASON_LETTERS),
                                                  ARG_N("now", (int64_t)utf8_count(x->why))));
}

static Err decision_audit(Ctx *c, const CardWork *w, const CardObjection *x)
{
    Buf detail = buf_new(c->arena, 512);
    buf_lit(&detail, "{\"code\":");
    buf_json_str(&detail, x->code);
    buf_fmt(&detail, ",\"decision\":\"%.*s\",\"points\":", STR_ARG(decision_code(x->decision)));
    buf_json_f64(&detail, x->points);
    buf_lit(&detail, ",\"why\":");
    buf_json_str(&detail, x->why);
    buf_byte(&detail, '}');
    return audit_add(c, S("card.decide"), S("card"), w->card.id.v, w->card.unit, buf_str(&detail));
}

Err card_decision_action(Ctx *c)
{
    CardWork    w;
    int         at;
    int64_t     seen = 0;
    bool        told;
    FieldErrors errors = { 0 };
    TRY(decision_work(c, form_str(c, "code"), &w, &at, &told));
    if (told)
        return OK;
    const CardObjection *kept = card_objection_find(&w.objections, w.scheme.at[at].code);
    CardObjection x = { .code = kept->code, .points = NAN, .why = form_str(c, "why"), .decided_by = c->session.person, .decided_at = c->now };
    str_to_i64(form_str(c, "revision"), &seen);
    int64_t over = seen;
    if (w.card.state != CARD_OBJECTED) {
        field_error(c, &errors, S("why"), text_of(c->lang, "council.closed"));
    } else if (verdict_made_by(&w.verdicts, x.code, x.decided_by)) {
        field_error(c, &errors, S("why"), text_of(c->lang, "council.own"));
    } else if (kept->revision != seen) {
        over = kept->revision;
        field_error(c, &errors, S("why"), text_fmt(c->arena, c->lang, "appraise.changed_by", ARG_S("who", person_name_of(c, kept->decided_by))));
    } else {
        decision_check(c, &w, at, &x, &errors);
    }
    if (errors.len) {
        DecisionView v = { .errors = errors, .decision = form_str(c, "decision"), .points = form_str(c, "points"), .why = x.why,
                           .revision = arena_fmt(c->arena, "%lld", (long long)over) };
        return decision_view(c, &v, &w, at, 422);
    }
    TRY(card_objection_decide(c->db, c->arena, w.card.id, &x, seen));
    TRY(decision_audit(c, &w, &x));
    return redirect_notice(c, str_concat(c->arena, card_base(c, w.card.id), S("/council")), NOTICE_OK,
                           text_fmt(c->arena, c->lang, "council.saved", ARG_S("code", x.code)));
}
