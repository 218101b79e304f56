/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One unit's card: where it stands, its timeline; extensions and steps of the season's manager. */
#include "season/appraise.h"
#include "season/tell.h"

#include "seasons_card.html.h"

Err card_of_path(Ctx *c, Right right, Season *s, Card *card)
{
    TRY(card_load(c->db, c->arena, (CardId){ path_int(c, "id") }, card));
    TRY(right_need(c, right, card->unit));
    return season_load(c->db, c->arena, card->season, s);
}

/* For acts of the manager: the right on the season's owner, so that nobody extends the deadline of their own unit. */
static Err managed_card(Ctx *c, Season *s, Card *card)
{
    TRY(card_of_path(c, RIGHT_SEASON_MANAGE, s, card));
    return right_need(c, RIGHT_SEASON_MANAGE, s->owner);
}

static void fact(Ctx *c, CardView *v, Str key, Str value)
{
    *list_add(c->arena, &v->facts) = (SummaryRow){ .key = key, .value = value };
}

static Err events_fill(Ctx *c, CardView *v)
{
    CardEvents events;
    TRY(card_events(c->db, c->arena, v->card->id, &events));
    for (size_t i = 0; i < events.len; i++) {
        const CardEvent *e = &events.at[i];
        Str who  = person_name_of(c, e->by), what = text_find(c->lang, str_concat(c->arena, S("season.event."), e->step));
        Str head = date_is_none(e->until) ? what : text_fmt(c->arena, c->lang, "season.event.until", ARG_S("what", what),
                                                            ARG_S("day", date_text(c->arena, c->lang, e->until)));
        Str by   = text_fmt(c->arena, c->lang, "season.event.by", ARG_S("who", who.len ? who : text_of(c->lang, "scheme.by_program")),
                            ARG_S("when", time_text(c->arena, c->lang, e->at)));
        *list_add(c->arena, &v->events) = (TimelineItem){ .title = head, .state = i + 1 < events.len ? STEP_DONE : STEP_NOW,
            .text = e->reason.len ? str_join(c->arena, (Str[]){ by, e->reason }, 2, S(". ")) : by };
    }
    return OK;
}

/* Of the two ends of the first round the one that fits. */
static bool suits(const CardWork *w, CardStep step)
{
    bool asked = card_round_count(w).asked > 0;
    return w->card.state != CARD_SUBMITTED || (step != CARD_STEP_ASK && step != CARD_STEP_ANNOUNCE) || asked == (step == CARD_STEP_ASK);
}

static void acts_fill(Ctx *c, CardView *v, const CardWork *w)
{
    if (!right_has(c, RIGHT_SEASON_MANAGE, v->s->owner))
        return;
    if (card_state_window(v->card->state) < WINDOW_COUNT)
        *list_add(c->arena, &v->acts) = (Button){ .label = text_of(c->lang, "season.extend"), .href = str_concat(c->arena, v->base, S("/extend")) };
    for (int s = 0; s < CARD_STEP_COUNT; s++) {
        const CardRule *rule = card_rule(v->card->state, (CardStep)s);
        Str             code = card_step_code((CardStep)s);
        if (rule && rule->right == RIGHT_SEASON_MANAGE && suits(w, (CardStep)s))
            *list_add(c->arena, &v->acts) = (Button){ .label = text_find(c->lang, str_concat(c->arena, S("season.step."), code)),
                .href = str_join(c->arena, (Str[]){ v->base, code }, 2, S("/")), .kind = BUTTON_SECOND };
    }
}

static void view_of(Ctx *c, CardView *v, const Season *s, const Card *card)
{
    *v = (CardView){ .s = s, .card = card, .unit = unit_name_today(c, card->unit), .base = card_base(c, card->id), .season_href = season_base(c, s->id),
                     .state = card_tag(c, card->state), .late = card_late(s, card, c->today) };
    v->title = v->unit;
}

static void facts_fill(Ctx *c, CardView *v, const CardWork *w)
{
    SeasonWindow window = card_state_window(w->card.state);
    if (window < WINDOW_COUNT) {
        Str day = date_text(c->arena, c->lang, card_due(&w->s, &w->card)), calendar = date_text(c->arena, c->lang, w->s.calendar.until[window]);
        fact(c, v, text_of(c->lang, "season.card.waits"), text_find(c->lang, str_concat(c->arena, S("season.window."), season_window_code(window))));
        fact(c, v, text_of(c->lang, "season.due"), date_is_none(w->card.extended) ? day
            : text_fmt(c->arena, c->lang, "season.due.extended", ARG_S("day", day), ARG_S("calendar", calendar)));
    }
    fact(c, v, text_of(c->lang, "season.sign.criteria"), text_fmt(c->arena, c->lang, "season.sign.of", ARG_N("n", w->ready), ARG_N("all", w->own)));
    if (w->final.len && w->final.total == w->final.total)      /* a number once nothing is missing */
        fact(c, v, text_of(c->lang, "appraise.total"), text_fmt(c->arena, c->lang, "season.points.of", ARG_S("points", card_points_text(c, w->final.total)),
                                                                ARG_S("max", card_points_text(c, w->final.max))));
    fact(c, v, text_of(c->lang, "season.sign.points"), text_fmt(c->arena, c->lang, "season.points.of", ARG_S("points", card_points_text(c, w->points)),
                                                                ARG_S("max", card_points_text(c, w->max))));
}

static void act_add(Ctx *c, CardView *v, Str label, const char *tail, ButtonKind kind)
{
    *list_add(c->arena, &v->acts) = (Button){ .label = label, .href = str_concat(c->arena, v->base, str_from_c(tail)), .kind = kind };
}

/* What the unit says of its appraisal, and what its leader sends; the council's way to the objections. */
static void spoken_acts_fill(Ctx *c, CardView *v, const CardWork *w)
{
    for (int i = 0; i < (int)w->scheme.len && w->may_answer && w->card.state == CARD_EXPLAINING; i++)
        if (card_leaf_asked(w, w->scheme.at[i].code) && !card_answer_find(&w->answers, w->scheme.at[i].code)) {
            *list_add(c->arena, &v->acts) = (Button){ .label = text_of(c->lang, "explain.go_on"), .href = card_leaf_href(c, w, w->scheme.at[i].code) };
            break;
        }
    for (int s = 0; s < CARD_STEP_COUNT && w->may_close; s++) {
        const CardRule *rule = card_rule(w->card.state, (CardStep)s);
        Str             code = card_step_code((CardStep)s);
        if (rule && rule->of_unit)
            act_add(c, v, text_find(c->lang, str_concat(c->arena, S("season.step."), code)), arena_c(c->arena, str_concat(c->arena, S("/"), code)),
                    s == CARD_STEP_ACCEPT ? BUTTON_SECOND : BUTTON_MAIN);
    }
    if (w->card.state >= CARD_OBJECTED && w->card.state != CARD_WITHDRAWN && w->objections.len && right_has(c, RIGHT_CARD_DECIDE, w->s.owner))
        act_add(c, v, text_of(c->lang, "council.title"), "/council", w->card.state == CARD_OBJECTED ? BUTTON_MAIN : BUTTON_SECOND);
}

/* What the unit does next: the first criterion that is not ready, or the signature. */
static void own_acts_fill(Ctx *c, CardView *v, const CardWork *w)
{
    for (int i = 0; i < (int)w->scheme.len && w->may_score; i++)
        if (season_leaf_own(&w->scheme.at[i]) && !card_leaf_ready(w, i)) {
            *list_add(c->arena, &v->acts) = (Button){ .label = text_of(c->lang, "season.go_on"), .href = card_leaf_href(c, w, w->scheme.at[i].code) };
            break;
        }
    spoken_acts_fill(c, v, w);
    if (w->may_sign)
        *list_add(c->arena, &v->acts) = (Button){ .label = text_of(c->lang, "season.step.sign"), .href = str_concat(c->arena, v->base, S("/sign")) };
    *list_add(c->arena, &v->acts) = (Button){ .label = text_of(c->lang, "season.print"), .href = str_concat(c->arena, v->base, S("/print")),
                                                .kind = BUTTON_SECOND };
}

Err card_page(Ctx *c)
{
    CardWork  w;
    CardView  v;
    CardSheet sheet = { 0 };
    CardBar   bar   = { 0 };
    TRY(card_work(c, RIGHT_SEASON_READ, &w));
    if (w.told)
        return OK;
    view_of(c, &v, &w.s, &w.card);
    facts_fill(c, &v, &w);
    TRY(events_fill(c, &v));
    own_acts_fill(c, &v, &w);
    acts_fill(c, &v, &w);
    card_sheet_fill(c, &w, &sheet);
    card_bar_fill(c, &w.card, &bar);
    v.sheet = &sheet;
    v.bar   = bar.steps.at;
    v.bars  = bar.steps.len;
    season_crumbs(c, &w.s, &w.card, S(""));
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v.unit, w.s.title }, 2, S(" – ")));
    seasons_card_view(&o, &v);
    return page_end(c, &o);
}

/* ---- More time ---------------------------------------------------------------------------------------------------- */

static Err extend_view(Ctx *c, CardExtendView *v, int status)
{
    Str title = text_of(c->lang, "season.extend");
    const Season *s = v->card->s;
    v->token      = c->page.form_token;
    v->action     = str_concat(c->arena, v->card->base, S("/extend"));
    v->lead       = text_fmt(c->arena, c->lang, "season.extend.lead", ARG_S("unit", v->card->unit),
                             ARG_S("day", date_text(c->arena, c->lang, card_due(s, v->card->card))),
                             ARG_S("last", date_text(c->arena, c->lang, s->calendar.until[WINDOW_COUNCIL])));
    c->page.error = v->errors.len > 0;
    season_crumbs(c, s, v->card->card, title);
    Out o = page_begin(c, title);
    seasons_extend_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err waiting_card(Ctx *c, Season *s, Card *card, bool *out_waits)
{
    TRY(managed_card(c, s, card));
    *out_waits = card_state_window(card->state) < WINDOW_COUNT;
    return OK;
}

Err card_extend_page(Ctx *c)
{
    Season   s;
    Card     card;
    CardView v;
    bool     waits;
    TRY(waiting_card(c, &s, &card, &waits));
    if (!waits)
        return redirect_notice(c, card_base(c, card.id), NOTICE_INFO, text_of(c->lang, "season.extend.nothing"));
    view_of(c, &v, &s, &card);
    return extend_view(c, &(CardExtendView){ .card = &v }, 200);
}

Err card_extend_action(Ctx *c)
{
    Season         s;
    Card           card;
    CardView       card_view;
    CardExtendView v = { .card = &card_view, .reason = form_str(c, "reason") };
    Date           until;
    bool           waits;
    TRY(waiting_card(c, &s, &card, &waits));
    if (!waits)
        return redirect_notice(c, card_base(c, card.id), NOTICE_INFO, text_of(c->lang, "season.extend.nothing"));
    view_of(c, &card_view, &s, &card);
    Date calendar = s.calendar.until[card_state_window(card.state)];
    if (!date_typed(c, form_str, "until", &v.until, &until) || date_is_none(until) || until.day <= calendar.day || until.day < c->today.day ||
        until.day > s.calendar.until[WINDOW_COUNCIL].day)
        field_error(c, &v.errors, S("until_day"), text_of(c->lang, "season.extend.error"));
    if (!v.reason.len)
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "season.reason.error"));
    if (v.errors.len)
        return extend_view(c, &v, 422);
    TRY(card_extend(c->db, c->arena, &card, until, v.reason, c->session.person, c->now));
    TRY(card_tell_extended(c, &s, &card));
    Buf detail = buf_new(c->arena, 256);
    buf_fmt(&detail, "{\"until\":\"%.*s\",\"reason\":", STR_ARG(date_iso(c->arena, until)));
    buf_json_str(&detail, v.reason);
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("card.extend"), S("card"), card.id.v, card.unit, buf_str(&detail)));
    return redirect_notice(c, card_base(c, card.id), NOTICE_OK, text_of(c->lang, "season.extend.done"));
}

/* ---- Steps that ask for a reason -------------------------------------------------------------------------------------- */

static bool step_of_path(const Ctx *c, CardStep *out)
{
    Str code = str_cut_last(c->req->path, '/').tail;
    for (int s = 0; s < CARD_STEP_COUNT; s++)
        if (str_eq(code, card_step_code((CardStep)s))) {
            *out = (CardStep)s;
            return true;
        }
    return false;
}

static Err step_view(Ctx *c, const CardWork *w, CardStep step, Str reason, const FieldErrors *errors, int status)
{
    Str code = card_step_code(step), title = text_find(c->lang, str_concat(c->arena, S("season.step."), code)), base = card_base(c, w->card.id);
    Str waits = card_step_waits(c, w, step);
    c->page.error = errors && errors->len > 0;
    season_crumbs(c, &w->s, &w->card, title);
    Out o = page_begin(c, title);
    if (waits.len)
        seasons_waits_view(&o, title, waits, base);
    else
        confirm_page(&o, &(ConfirmPage){ .title = title, .text = text_find(c->lang, arena_fmt(c->arena, "season.step.%.*s.text", STR_ARG(code))),
            .rows = (SummaryRow[]){ { .key = text_of(c->lang, "season.unit"), .value = unit_name_today(c, w->card.unit) } }, .n = 1,
            .action = str_join(c->arena, (Str[]){ base, code }, 2, S("/")), .token = c->page.form_token, .back_href = base, .button = title,
            .ask_reason = card_rule(w->card.state, step)->reason, .reason = reason, .errors = errors });
    return page_end_status(c, &o, status);
}

/* A step of the path that can be done from the card's state, by the manager or, with the rule of the unit, by its leader. */
static Err step_ready(Ctx *c, CardWork *w, CardStep *step, bool *out_fits)
{
    *out_fits = false;
    if (!step_of_path(c, step))
        return err_new(c->arena, ERR_NOT_FOUND, S("no such step"));
    TRY(card_work(c, c->route->right, w));
    const CardRule *rule = card_rule(w->card.state, *step);
    if (c->route->right == RIGHT_SEASON_MANAGE)
        TRY(right_need(c, RIGHT_SEASON_MANAGE, w->s.owner));
    if (w->told)
        return OK;
    *out_fits = rule && rule->right == c->route->right;
    return *out_fits ? OK : redirect_notice(c, card_base(c, w->card.id), NOTICE_INFO, text_of(c->lang, "season.step.gone"));
}

Err card_step_page(Ctx *c)
{
    CardWork w;
    CardStep step;
    bool     fits;
    TRY(step_ready(c, &w, &step, &fits));
    return fits ? step_view(c, &w, step, S(""), NULL, 200) : OK;
}

Err card_step_action(Ctx *c)
{
    CardWork    w;
    CardStep    step;
    bool        fits;
    Str         reason = form_str(c, "reason");
    FieldErrors errors = { 0 };
    TRY(step_ready(c, &w, &step, &fits));
    if (!fits)
        return OK;
    if (card_step_waits(c, &w, step).len)
        return step_view(c, &w, step, reason, NULL, 422);
    if (!reason.len && card_rule(w.card.state, step)->reason) {
        field_error(c, &errors, S("reason"), text_of(c->lang, "season.reason.error"));
        return step_view(c, &w, step, reason, &errors, 422);
    }
    TRY(card_step(c->db, c->arena, &w.card, step, reason, c->session.person, c->now));
    TRY(card_tell_step(c, &w, step));
    Buf detail = buf_new(c->arena, 256);
    buf_lit(&detail, "{\"reason\":");
    buf_json_str(&detail, reason);
    buf_byte(&detail, '}');
    TRY(audit_add(c, str_concat(c->arena, S("card."), card_step_code(step)), S("card"), w.card.id.v, w.card.unit, buf_str(&detail)));
    return redirect_notice(c, card_base(c, w.card.id), NOTICE_OK, text_of(c->lang, "season.step.done"));
}
