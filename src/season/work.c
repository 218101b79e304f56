/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A card with everything said so far, scored by the one engine. */
#include "season/work.h"

#include "scheme/console.h"

#include <math.h>

enum { WORK_ROOM = 1 << 20 };

Arena season_work(Ctx *c)
{
    char *at = arena_new(c->arena, char, WORK_ROOM);
    return (Arena){ .at = at, .end = at + WORK_ROOM, .base = at, .full = c->arena->full };
}

Err season_scheme(Ctx *c, const Season *s, Scheme *out, bool *told)
{
    SchemeRow row;
    TRY(scheme_load(c->db, c->arena, s->scheme, &row));
    return scheme_opened(c, &row, s->scheme_version, out, told);
}

Err season_own_leaves(Ctx *c, const Season *s, int64_t *out, bool *told)
{
    Scheme scheme;
    *out = 0;
    TRY(season_scheme(c, s, &scheme, told));
    for (size_t i = 0; !*told && i < scheme.len; i++)
        *out += season_leaf_own(&scheme.at[i]);
    return OK;
}

int64_t card_leaf_evidence(const CardWork *w, Str code)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->evidence.len; i++)
        n += str_eq(w->evidence.at[i].code, code);
    return n;
}

bool card_leaf_done(const CardWork *w, int at)
{
    return w->result.at[at].state == STATE_SCORED || w->result.at[at].state == STATE_NOT_APPLICABLE;
}

bool card_leaf_ready(const CardWork *w, int at)
{
    const CardScore *x = card_score_find(&w->scores, w->scheme.at[at].code);
    bool proved = w->result.at[at].state == STATE_SCORED && card_leaf_evidence(w, w->scheme.at[at].code) > 0;
    return card_leaf_done(w, at) && (proved || (x && x->note.len > 0));
}

/* Who acts on a card works in its unit. */
static Err insider(Ctx *c, CardWork *w)
{
    bool within = false, draft = w->card.state == CARD_DRAFT, speaks = w->card.state == CARD_EXPLAINING || w->card.state == CARD_APPRAISED;
    if (draft || speaks)
        TRY(unit_within(c->db, c->session.who.unit, w->card.unit, c->today, &within));
    bool score = within && right_has(c, RIGHT_CARD_SCORE, w->card.unit), sign = within && right_has(c, RIGHT_CARD_SIGN, w->card.unit);
    w->may_score  = draft && score;
    w->may_sign   = draft && sign;
    w->may_answer = speaks && score;
    w->may_close  = speaks && sign;
    return OK;
}

static void sum(CardWork *w)
{
    for (int i = 0; i < (int)w->scheme.len; i++) {
        if (!season_leaf_own(&w->scheme.at[i]))
            continue;
        w->own++;
        w->done  += card_leaf_done(w, i);
        w->ready += card_leaf_ready(w, i);
        if (w->scheme.at[i].effect == EFFECT_POINTS)
            w->max += w->scheme.at[i].max;
        if (w->result.at[i].state == STATE_SCORED)
            w->points += w->result.at[i].points;
    }
}

/* Who runs the season reads points as they stand; a unit reads them once they are announced, the council's once they are settled. */
static Err final_fill(Ctx *c, CardWork *w)
{
    bool        settled = w->card.state == CARD_SETTLED || w->card.state == CARD_LOCKED;
    SchemeCard  filled;
    SchemeFaults faults = { 0 };
    const Json *json;
    w->manages = right_has(c, RIGHT_SEASON_MANAGE, w->s.owner);
    if (w->card.state == CARD_DRAFT || w->card.state == CARD_WITHDRAWN || (!w->manages && w->card.state < CARD_APPRAISED))
        return OK;
    FinalVerdicts verdicts = final_verdicts(c->arena, &w->scores, &w->verdicts, settled || w->manages ? &w->objections : &(CardObjections){ 0 });
    TRY(json_parse(c->arena, card_final_json(c->arena, S(""), &w->scores, &verdicts), &json));
    scheme_card_read(c->arena, &w->scheme, json, &filled, &faults);
    scheme_compute(c->arena, &w->scheme, &filled, &w->calendar, (SchemeWords){ .lang = c->lang, .silent = true }, &w->final, &faults);
    return OK;
}

Err card_work(Ctx *c, Right right, CardWork *w)
{
    const Json  *json;
    SchemeFaults faults = { 0 };
    *w = (CardWork){ 0 };
    TRY(card_of_path(c, right, &w->s, &w->card));
    TRY(season_scheme(c, &w->s, &w->scheme, &w->told));
    if (w->told)
        return OK;
    TRY(card_scores_all(c->db, c->arena, &w->card, &w->scores));
    TRY(card_files(c->db, c->arena, w->card.id, &w->files));
    TRY(card_evidence(c->db, c->arena, w->card.id, &w->evidence));
    TRY(card_verdicts(c->db, c->arena, w->card.id, &w->verdicts));
    TRY(card_answers(c->db, c->arena, w->card.id, &w->answers));
    TRY(card_objections(c->db, c->arena, w->card.id, &w->objections));
    TRY(scheme_calendar_load(c->arena, &w->calendar));
    TRY(json_parse(c->arena, card_json(c->arena, S(""), &w->scores), &json));
    scheme_card_read(c->arena, &w->scheme, json, &w->filled, &faults);
    scheme_compute(c->arena, &w->scheme, &w->filled, &w->calendar, (SchemeWords){ .lang = c->lang }, &w->result, &faults);
    TRY(insider(c, w));
    sum(w);
    return final_fill(c, w);
}

Str card_leaf_href(Ctx *c, const CardWork *w, Str code)
{
    return arena_fmt(c->arena, "%.*s/criteria?code=%.*s", STR_ARG(card_base(c, w->card.id)), STR_ARG(url_encode(c->arena, code)));
}

Str card_points_text(Ctx *c, double x)
{
    return isnan(x) ? S("–") : real_text(c->arena, c->lang, x, 2);
}

Str card_closed_text(Ctx *c, const Card *card)
{
    return card->state == CARD_WITHDRAWN ? text_of(c->lang, "season.score.withdrawn") : text_of(c->lang, "season.score.signed");
}

/* What appraisal made of a criterion, as far as it may be read. */
static bool judged_tag(Ctx *c, const CardWork *w, int at, CardTag *out)
{
    Str code = w->scheme.at[at].code;
    if (card_leaf_asked(w, code) && w->card.state == CARD_EXPLAINING) {
        *out = card_answer_find(&w->answers, code) ? (CardTag){ TAG_OK, ICON_CHECK, text_of(c->lang, "explain.done") }
                                                   : (CardTag){ TAG_BAD, ICON_BACK, text_of(c->lang, "explain.todo") };
        return true;
    }
    if (card_objection_find(&w->objections, code) && w->final.len) {
        *out = (CardTag){ TAG_INFO, ICON_INFO, text_of(c->lang, "object.tag") };
        return true;
    }
    const CardVerdict *v = w->final.len ? verdict_last(&w->verdicts, code) : NULL;
    if (!v || !verdict_stands(v, &w->scores) || v->kind == VERDICT_ASK)
        return false;
    *out = v->kind == VERDICT_ACCEPT ? (CardTag){ TAG_OK, ICON_CHECK, text_of(c->lang, "appraise.accepted") }
                                     : (CardTag){ TAG_WARN, ICON_CHECK, text_of(c->lang, "appraise.changed") };
    return true;
}

static CardTag leaf_tag(Ctx *c, const CardWork *w, int at)
{
    CardTag judged;
    if (judged_tag(c, w, at, &judged))
        return judged;
    if (!season_leaf_own(&w->scheme.at[at]) && card_leaf_done(w, at))
        return (CardTag){ TAG_OK, ICON_LOCK, text_of(c->lang, "season.leaf.known") };
    if (!season_leaf_own(&w->scheme.at[at]))
        return (CardTag){ TAG_OFF, ICON_LOCK, text_of(c->lang, "season.leaf.given") };
    if (w->result.at[at].state == STATE_NOT_APPLICABLE)
        return card_leaf_ready(w, at) ? (CardTag){ TAG_OFF, ICON_CHECK, text_of(c->lang, "season.leaf.not_applicable") }
                                      : (CardTag){ TAG_WARN, ICON_WARN, text_of(c->lang, "season.leaf.unexplained") };
    if (!card_leaf_done(w, at))
        return (CardTag){ TAG_PLAIN, ICON_RING, text_of(c->lang, "season.leaf.open") };
    return card_leaf_ready(w, at) ? (CardTag){ TAG_OK, ICON_CHECK, text_of(c->lang, "season.leaf.done") }
                                  : (CardTag){ TAG_WARN, ICON_WARN, text_of(c->lang, "season.leaf.unproved") };
}

static void leaf_line(Ctx *c, const CardWork *w, int at, LeafDomain *d)
{
    const SchemeCriterion *x = &w->scheme.at[at];
    LeafLine l = { .code = x->code, .name = x->name, .group = x->group };
    if (!x->group) {
        int64_t n = card_leaf_evidence(w, x->code);
        l.href     = card_leaf_href(c, w, x->code);
        l.max      = card_points_text(c, x->max);
        l.points   = w->result.at[at].state == STATE_SCORED ? card_points_text(c, w->result.at[at].points) : S("–");
        l.judged   = w->final.len && w->final.at[at].state == STATE_SCORED ? card_points_text(c, w->final.at[at].points) : S("–");
        l.evidence = n ? num_text(c->arena, c->lang, n) : S("–");
        l.state    = leaf_tag(c, w, at);
    }
    *list_add(c->arena, &d->lines) = l;
}

void card_sheet_fill(Ctx *c, const CardWork *w, CardSheet *out)
{
    out->judged = w->final.len > 0;
    for (int i = 0; i < (int)w->scheme.len; ) {
        const SchemeCriterion *top = &w->scheme.at[i];
        LeafDomain d   = { .code = top->code, .name = top->name };
        int64_t    own = 0, done = 0;
        double     points = 0, max = 0;
        int        first = i;
        for (; i < (int)w->scheme.len && (i == first || w->scheme.at[i].level > 0); i++) {
            if (i > first || !top->group)
                leaf_line(c, w, i, &d);
            if (!season_leaf_own(&w->scheme.at[i]))
                continue;
            own++;
            done   += card_leaf_done(w, i);
            max    += w->scheme.at[i].max;
            points += w->result.at[i].state == STATE_SCORED ? w->result.at[i].points : 0;
        }
        d.points = card_points_text(c, points);
        d.max    = card_points_text(c, max);
        d.done   = own ? text_fmt(c->arena, c->lang, "season.sheet.done", ARG_N("done", done), ARG_N("all", own), ARG_S("points", d.points),
                                  ARG_S("max", d.max))
                       : text_of(c->lang, "season.sheet.given");
        *list_add(c->arena, &out->domains) = d;
    }
}
