/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The desk of an appraiser: cards that wait, the criteria of one card beside each other, acceptance of all that rule and data agree on, and
 * the declaration of a conflict of interest. */
#include "season/appraise.h"

#include "seasons_appraise.html.h"

#include <math.h>

/* ---- Shared ----------------------------------------------------------------------------------------------------- */

void card_bar_fill(Ctx *c, const Card *card, CardBar *out)
{
    static const CardState order[] = { CARD_DRAFT, CARD_SUBMITTED, CARD_EXPLAINING, CARD_SECOND, CARD_APPRAISED, CARD_OBJECTED, CARD_SETTLED };
    for (size_t i = 0; i < COUNT_OF(order) && card->state != CARD_WITHDRAWN; i++)
        *list_add(c->arena, &out->steps) = (StepItem){
            .label = text_find(c->lang, str_concat(c->arena, S("season.bar."), card_state_code(order[i]))),
            .state = card->state == CARD_LOCKED || card->state > order[i] ? STEP_DONE : card->state == order[i] ? STEP_NOW : STEP_LATER };
}

Str scheme_domain(const Scheme *s, int at)
{
    while (s->at[at].up >= 0)
        at = s->at[at].up;
    return s->at[at].code;
}

double verdict_points(const CardWork *w, int at, const CardVerdict *v)
{
    double claimed = w->result.at[at].state == STATE_SCORED ? w->result.at[at].points : NAN;
    if (!v || v->kind == VERDICT_ASK)
        return NAN;
    return v->kind == VERDICT_ACCEPT ? claimed : w->scheme.at[at].effect == EFFECT_PENALTY ? -v->points : v->points;
}

CardTag verdict_tag(Ctx *c, const CardWork *w, Str code, int round)
{
    const CardVerdict *v = verdict_find(&w->verdicts, code, round);
    if (!v || v->score_revision != (card_score_find(&w->scores, code) ? card_score_find(&w->scores, code)->revision : 0))
        return (CardTag){ TAG_PLAIN, ICON_RING, text_of(c->lang, "appraise.open") };
    if (!verdict_stands(v, &w->scores))
        return (CardTag){ TAG_WARN, ICON_CLOCK, text_of(c->lang, "appraise.waits") };
    return v->kind == VERDICT_ASK      ? (CardTag){ TAG_BAD, ICON_BACK, text_of(c->lang, "appraise.asked") }
           : v->kind == VERDICT_POINTS ? (CardTag){ TAG_WARN, ICON_CHECK, text_of(c->lang, "appraise.changed") }
                                       : (CardTag){ TAG_OK, ICON_CHECK, text_of(c->lang, "appraise.accepted") };
}

bool appraiser_covers(const Appraiser *x, const Scheme *s, int at)
{
    return season_leaf_own(&s->at[at]) && assignments_cover(&x->all, x->person, scheme_domain(s, at), x->unit);
}

bool card_leaf_fits(const CardWork *w, int at)
{
    const CardScore   *x = card_score_find(&w->scores, w->scheme.at[at].code);
    const SchemeScore *r = &w->result.at[at];
    const CardVerdict *v = verdict_find(&w->verdicts, w->scheme.at[at].code, 1);
    if (v && x && v->score_revision == x->revision)
        return false;
    return x && !x->not_applicable && r->state == STATE_SCORED && fabs(r->points - x->points) < 1e-9 && card_leaf_evidence(w, x->code) > 0;
}

Str verdict_href(Ctx *c, const CardWork *w, Str code)
{
    return arena_fmt(c->arena, "%.*s/verdict?code=%.*s", STR_ARG(card_base(c, w->card.id)), STR_ARG(url_encode(c->arena, code)));
}

Err appraiser_work(Ctx *c, CardWork *w, Appraiser *who, bool *told)
{
    bool conflict, assigned = false;
    TRY(card_work(c, RIGHT_CARD_APPRAISE, w));
    *told = w->told;
    if (*told)
        return OK;
    *who = (Appraiser){ .person = c->session.person, .unit = w->card.unit };
    TRY(season_assignments(c->db, c->arena, w->s.id, &who->all));
    TRY(season_conflicted(c->db, c->arena, &w->s, c->session.person, c->session.who.unit, w->card.unit, c->today, &conflict));
    for (size_t i = 0; i < who->all.len; i++)
        assigned |= who->all.at[i].person.v == who->person.v && (!who->all.at[i].unit.v || who->all.at[i].unit.v == w->card.unit.v);
    *told = conflict || !assigned;
    Str unit = unit_name_today(c, w->card.unit);
    return !*told ? OK : redirect_notice(c, S("/console/appraisal"), NOTICE_WARN,
        conflict ? text_fmt(c->arena, c->lang, "appraise.conflict.blocked", ARG_S("unit", unit))
                 : text_fmt(c->arena, c->lang, "appraise.not_assigned", ARG_S("unit", unit)));
}

/* ---- What waits ------------------------------------------------------------------------------------------------------ */

/* What of a card the reader appraises in its present round, and how much of that is done; nothing with a conflict of interest. */
typedef struct Share { int64_t all, done, confirm; } Share;

static Err share_of(Ctx *c, const Season *s, const Scheme *scheme, Appraiser *who, const Card *card, Share *out)
{
    CardWork w = { .s = *s, .card = *card, .scheme = *scheme };
    int      round = card_round(card->state);
    bool     conflict;
    *out      = (Share){ 0 };
    who->unit = card->unit;
    TRY(season_conflicted(c->db, c->arena, s, who->person, c->session.who.unit, card->unit, c->today, &conflict));
    if (conflict)
        return OK;
    TRY(card_scores(c->db, c->arena, card->id, &w.scores));
    TRY(card_verdicts(c->db, c->arena, card->id, &w.verdicts));
    for (int i = 0; i < (int)scheme->len; i++) {
        Str code = scheme->at[i].code;
        if (!appraiser_covers(who, scheme, i) || (round == 2 && !card_leaf_asked(&w, code)))
            continue;
        const CardVerdict *v = verdict_find(&w.verdicts, code, round);
        bool waits = v && v->large && !v->confirmed_at.ms;
        out->all++;
        out->done    += card_leaf_judged(&w, code, round) || (waits && v->by.v == who->person.v);
        out->confirm += waits && v->by.v != who->person.v;
    }
    return OK;
}

/* *mine: the reader is assigned in the season. The scheme is read then; faults, if any, are told elsewhere. */
static Err appraiser_season(Ctx *c, const Season *s, Appraiser *who, Scheme *scheme, SchemeFaults *faults, bool *mine)
{
    *who  = (Appraiser){ .person = c->session.person };
    *mine = false;
    TRY(season_assignments(c->db, c->arena, s->id, &who->all));
    for (size_t i = 0; i < who->all.len; i++)
        *mine |= who->all.at[i].person.v == who->person.v;
    return *mine ? scheme_definition_read(c->db, c->arena, season_work(c), s->scheme, s->scheme_version, scheme, faults) : OK;
}

Err appraiser_open(Ctx *c, const Season *s, const Cards *cards, RightScope *scope, int64_t *out, const Card **out_first)
{
    Appraiser    who;
    Scheme       scheme;
    SchemeFaults faults = { 0 };
    Share        x;
    bool         mine;
    *out       = 0;
    *out_first = NULL;
    TRY(appraiser_season(c, s, &who, &scheme, &faults, &mine));
    for (size_t i = 0; mine && !faults.len && i < cards->len; i++) {
        const Card *card = &cards->at[i];
        if (!card_round(card->state) || !scope_has(scope, card->unit))
            continue;
        TRY(share_of(c, s, &scheme, &who, card, &x));
        if (x.done >= x.all && !x.confirm)
            continue;
        *out_first = !*out_first || card_due(s, card).day < card_due(s, *out_first).day ? card : *out_first;
        (*out)++;
    }
    return OK;
}

static void queue_card(Ctx *c, const Season *s, const Card *card, const Share *x, QueueSeason *out)
{
    *list_add(c->arena, &out->lines) = (QueueLine){ .unit = unit_name_today(c, card->unit),
        .href = str_concat(c->arena, card_base(c, card->id), S("/appraise")),
        .open = text_fmt(c->arena, c->lang, "season.sign.of", ARG_N("n", x->done), ARG_N("all", x->all)), .share = (double)x->done / (double)x->all,
        .confirm = x->confirm ? text_fmt(c->arena, c->lang, "appraise.queue.confirm", ARG_N("n", x->confirm)) : S(""),
        .due = date_text(c->arena, c->lang, card_due(s, card)), .state = card_tag(c, card->state), .late = card_late(s, card, c->today) };
}

static Err queue_season(Ctx *c, const Season *s, RightScope *scope, QueueView *v)
{
    Scheme       scheme;
    Cards        cards;
    SchemeFaults faults = { 0 };
    Appraiser    who;
    Share        x;
    bool         mine;
    TRY(appraiser_season(c, s, &who, &scheme, &faults, &mine));
    v->any |= mine;
    if (!mine || faults.len)
        return OK;
    QueueSeason line = { .s = s, .href = season_base(c, s->id) };
    TRY(season_cards(c->db, c->arena, s->id, &cards));
    for (size_t i = 0; i < cards.len; i++) {
        if (!card_round(cards.at[i].state) || !scope_has(scope, cards.at[i].unit))
            continue;
        TRY(share_of(c, s, &scheme, &who, &cards.at[i], &x));
        if (x.all)
            queue_card(c, s, &cards.at[i], &x, &line);
    }
    *list_add(c->arena, &v->seasons) = line;
    return OK;
}

Err appraisal_page(Ctx *c)
{
    Seasons    rows;
    RightScope scope;
    QueueView  v = { 0 };
    TRY(season_list(c->db, c->arena, &rows));
    TRY(right_scope(c, RIGHT_CARD_APPRAISE, &scope));
    for (size_t i = 0; i < rows.len; i++)
        TRY(queue_season(c, &rows.at[i], &scope, &v));
    page_crumb(c, text_of(c->lang, "appraise.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "appraise.title"));
    seasons_queue_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One card -------------------------------------------------------------------------------------------------------------- */

typedef struct Sums { double max, claimed, judged; } Sums;

static void judged_line(Ctx *c, const CardWork *w, int at, int round, AppraiseView *v, Sums *sum)
{
    const SchemeCriterion *x  = &w->scheme.at[at];
    const SchemeScore     *r  = &w->result.at[at];
    const CardVerdict     *last = verdict_find(&w->verdicts, x->code, round);
    bool    open = !last || !card_leaf_judged(w, x->code, round);
    int64_t n    = card_leaf_evidence(w, x->code);
    double  claimed = r->state == STATE_SCORED ? r->points : NAN, judged = verdict_points(w, at, last), change = judged - (isnan(claimed) ? 0 : claimed);
    StrList words = scheme_rule_words(c->arena, c->lang, x);
    JudgedLine l = { .code = x->code, .name = x->name, .href = verdict_href(c, w, x->code), .rule = str_join(c->arena, words.at, words.len, S(" ")),
        .max = card_points_text(c, x->max),
        .claimed = r->state == STATE_NOT_APPLICABLE ? text_of(c->lang, "season.leaf.not_applicable") : card_points_text(c, claimed),
        .judged = card_points_text(c, judged), .change = isnan(judged) ? S("–") : card_points_text(c, change), .lower = change < -1e-9,
        .evidence = n ? num_text(c->arena, c->lang, n) : text_of(c->lang, "appraise.note_only"), .note = last ? last->reason : S(""),
        .state = verdict_tag(c, w, x->code, round), .fits = round == 1 && card_leaf_fits(w, at) };
    v->all++;
    v->done += !open;
    v->fits += l.fits;
    if (open && !v->first_href.len)
        v->first_href = l.href;
    sum->max     += x->effect == EFFECT_POINTS ? x->max : 0;
    sum->claimed += isnan(claimed) ? 0 : claimed;
    sum->judged  += isnan(judged) ? 0 : judged;
    *list_add(c->arena, &v->lines) = l;
}

static void lines_fill(Ctx *c, const CardWork *w, const Appraiser *who, int round, AppraiseView *v)
{
    Sums sum = { 0 };
    for (int i = 0; i < (int)w->scheme.len; i++) {
        const SchemeCriterion *x = &w->scheme.at[i];
        if (!str_eq(scheme_domain(&w->scheme, i), v->domain))
            continue;
        if (x->group && x->level > 0)
            *list_add(c->arena, &v->lines) = (JudgedLine){ .code = x->code, .name = x->name, .group = true };
        else if (appraiser_covers(who, &w->scheme, i) && (round != 2 || card_leaf_asked(w, x->code)))
            judged_line(c, w, i, round ? round : 1, v, &sum);
    }
    v->max     = card_points_text(c, sum.max);
    v->claimed = card_points_text(c, sum.claimed);
    v->judged  = card_points_text(c, sum.judged);
}

/* Domains that the reader judges something in; the one asked for, else the first. */
static void domains_fill(Ctx *c, const CardWork *w, const Appraiser *who, AppraiseView *v)
{
    Str asked = c->req->method == POST ? form_str(c, "domain") : query_str(c, "domain");
    for (int top = 0; top < (int)w->scheme.len; top++) {
        bool any = false;
        if (w->scheme.at[top].level)
            continue;
        for (int i = top; i < (int)w->scheme.len && (i == top || w->scheme.at[i].level > 0); i++)
            any |= appraiser_covers(who, &w->scheme, i);
        if (!any)
            continue;
        Str code = w->scheme.at[top].code;
        if (!v->domain.len || str_eq(asked, code)) {
            v->domain      = code;
            v->domain_name = w->scheme.at[top].name;
        }
        *list_add(c->arena, &v->domains) = (TabItem){ .label = code,
            .href = arena_fmt(c->arena, "%.*s/appraise?domain=%.*s", STR_ARG(v->base), STR_ARG(url_encode(c->arena, code))) };
    }
    for (size_t i = 0; i < v->domains.len; i++)
        v->domains.at[i].current = str_eq(v->domains.at[i].label, v->domain);
}

static void appraise_fill(Ctx *c, const CardWork *w, const Appraiser *who, AppraiseView *v)
{
    Date due = card_due(&w->s, &w->card);
    *v = (AppraiseView){ .w = w, .unit = unit_name_today(c, w->card.unit), .base = card_base(c, w->card.id), .token = c->page.form_token,
                         .state = card_tag(c, w->card.state), .due = date_is_none(due) ? S("") : date_text(c->arena, c->lang, due) };
    v->action        = str_concat(c->arena, v->base, S("/appraise"));
    v->conflict_href = str_concat(c->arena, v->base, S("/conflict"));
    card_bar_fill(c, &w->card, &v->bar);
    domains_fill(c, w, who, v);
    lines_fill(c, w, who, card_round(w->card.state), v);
    v->says = text_fmt(c->arena, c->lang, "appraise.says", ARG_N("done", v->done), ARG_N("all", v->all));
}

Err card_appraise_page(Ctx *c)
{
    CardWork     w;
    Appraiser    who;
    AppraiseView v;
    bool         told;
    TRY(appraiser_work(c, &w, &who, &told));
    if (told)
        return OK;
    appraise_fill(c, &w, &who, &v);
    page_crumb(c, text_of(c->lang, "appraise.title"), S("/console/appraisal"));
    page_crumb(c, v.unit, S(""));
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v.unit, v.domain_name }, 2, S(" – ")));
    seasons_appraise_view(&o, &v);
    return page_end(c, &o);
}

/* Accepts what rule and data agree on in one domain. */
Err card_appraise_action(Ctx *c)
{
    CardWork     w;
    Appraiser    who;
    AppraiseView v;
    bool         told;
    Buf          detail = buf_new(c->arena, 512);
    int64_t      n      = 0;
    TRY(appraiser_work(c, &w, &who, &told));
    if (told)
        return OK;
    appraise_fill(c, &w, &who, &v);
    buf_lit(&detail, "{\"codes\":[");
    for (size_t i = 0; i < v.lines.len && card_round(w.card.state) == 1; i++) {
        if (!v.lines.at[i].fits)
            continue;
        int at = scheme_find(&w.scheme, v.lines.at[i].code);
        const CardVerdict *kept = verdict_find(&w.verdicts, w.scheme.at[at].code, 1);
        CardVerdict x = { .code = w.scheme.at[at].code, .round = 1, .kind = VERDICT_ACCEPT, .points = NAN, .claimed = w.result.at[at].points,
                          .score_revision = card_score_find(&w.scores, w.scheme.at[at].code)->revision, .by = c->session.person, .at = c->now };
        TRY(card_verdict_save(c->db, c->arena, w.card.id, &x, kept ? kept->revision : 0));
        buf_add(&detail, n++ ? S(",") : S(""));
        buf_json_str(&detail, x.code);
    }
    buf_lit(&detail, "]}");
    Str back = arena_fmt(c->arena, "%.*s/appraise?domain=%.*s", STR_ARG(v.base), STR_ARG(url_encode(c->arena, v.domain)));
    if (!n)
        return redirect_notice(c, back, NOTICE_INFO, text_of(c->lang, "appraise.fits.none"));
    TRY(audit_add(c, S("card.verdicts"), S("card"), w.card.id.v, w.card.unit, buf_str(&detail)));
    return redirect_notice(c, back, NOTICE_OK, text_fmt(c->arena, c->lang, "appraise.fits.done", ARG_N("n", n)));
}

/* ---- Conflicts of interest ---------------------------------------------------------------------------------------------- */

static Err conflict_view(Ctx *c, ConflictView *v, int status)
{
    Str title = text_of(c->lang, "appraise.conflict");
    v->unit   = unit_name_today(c, v->w->card.unit);
    v->base   = str_concat(c->arena, card_base(c, v->w->card.id), S("/appraise"));
    v->action = str_concat(c->arena, card_base(c, v->w->card.id), S("/conflict"));
    v->token  = c->page.form_token;
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "appraise.title"), S("/console/appraisal"));
    page_crumb(c, v->unit, v->base);
    page_crumb(c, title, S(""));
    Out o = page_begin(c, title);
    seasons_conflict_view(&o, v);
    return page_end_status(c, &o, status);
}

Err card_conflict_page(Ctx *c)
{
    CardWork  w;
    Appraiser who;
    bool      told;
    TRY(appraiser_work(c, &w, &who, &told));
    return told ? OK : conflict_view(c, &(ConflictView){ .w = &w }, 200);
}

Err card_conflict_action(Ctx *c)
{
    CardWork     w;
    Appraiser    who;
    bool         told;
    ConflictView v = { .w = &w, .reason = form_str(c, "reason") };
    TRY(appraiser_work(c, &w, &who, &told));
    if (told)
        return OK;
    if (!v.reason.len || utf8_count(v.reason) > CARD_REASON_LETTERS) {
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "season.reason.error"));
        return conflict_view(c, &v, 422);
    }
    Conflict x = { c->session.person, w.card.unit, v.reason, c->now };
    int64_t  again = 0;
    TRY(season_conflict_add(c->db, w.s.id, &x));
    TRY(card_verdicts_withdraw(c->db, w.card.id, card_round(w.card.state), c->session.person, &again));
    Buf detail = buf_new(c->arena, 256);
    buf_lit(&detail, "{\"reason\":");
    buf_json_str(&detail, v.reason);
    buf_fmt(&detail, ",\"judged_again\":%lld}", (long long)again);
    TRY(audit_add(c, S("card.conflict"), S("card"), w.card.id.v, w.card.unit, buf_str(&detail)));
    return redirect_notice(c, S("/console/appraisal"), NOTICE_OK,
                           again ? text_fmt(c->arena, c->lang, "appraise.conflict.again", ARG_N("n", again)) : text_of(c->lang, "appraise.conflict.done"));
}
