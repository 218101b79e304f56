/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What of seasons waits for a person. */
#include "season/waiting.h"

#include "season/appraise.h"

static void wait_add(Ctx *c, const Season *s, const Card *card, Str note, Str href, Str next, SeasonWaits *out)
{
    CardTag x = card_tag(c, card->state);
    *list_add(c->arena, out) = (SeasonWait){ .title = unit_name_today(c, card->unit), .note = note, .href = href, .from = s->title,
                                             .next = next, .state = x.label,
                                             .due = card_due(s, card), .kind = x.kind, .icon = x.icon };
}

/* The unit's own card: whoever works there and scores or signs. */
static Err unit_waits(Ctx *c, const Season *s, const Card *card, RightScope *score, RightScope *sign, SeasonWaits *out)
{
    bool within, draft = card->state == CARD_DRAFT && c->today.day >= s->calendar.starts.day;
    if ((!draft && card->state != CARD_EXPLAINING && card->state != CARD_APPRAISED) || (!scope_has(score, card->unit) && !scope_has(sign, card->unit)))
        return OK;
    TRY(unit_within(c->db, c->session.who.unit, card->unit, c->today, &within));
    if (within)
        wait_add(c, s, card, S(""), card_base(c, card->id),
                 draft ? text_of(c->lang, "wait.score")
                 : card->state == CARD_EXPLAINING ? text_of(c->lang, "wait.explain") : text_of(c->lang, "wait.object"), out);
    return OK;
}

/* Cards whose round runs, as one thing to do a season. */
static Err appraiser_waits(Ctx *c, const Season *s, const Cards *cards, RightScope *appraise, SeasonWaits *out)
{
    int64_t     n;
    const Card *first;
    TRY(appraiser_open(c, s, cards, appraise, &n, &first));
    if (!n)
        return OK;
    *list_add(c->arena, out) = (SeasonWait){ .title = s->title, .note = text_fmt(c->arena, c->lang, "wait.cards", ARG_N("n", n)),
        .href = S("/console/appraisal"),
        .from = unit_name_today(c, s->owner), .next = text_of(c->lang, "wait.appraise"), .due = card_due(s, first), .state = card_tag(c, first->state).label,
        .kind = TAG_WARN, .icon = ICON_HALF };
    return OK;
}

Err season_waits(Ctx *c, SeasonWaits *out)
{
    Seasons    rows;
    Cards      cards;
    RightScope score, sign, appraise, decide;
    TRY(season_list(c->db, c->arena, &rows));
    TRY(right_scope(c, RIGHT_CARD_SCORE, &score));
    TRY(right_scope(c, RIGHT_CARD_SIGN, &sign));
    TRY(right_scope(c, RIGHT_CARD_APPRAISE, &appraise));
    TRY(right_scope(c, RIGHT_CARD_DECIDE, &decide));
    if (!score.tops.len && !sign.tops.len && !appraise.tops.len && !decide.tops.len && !score.all && !sign.all && !appraise.all && !decide.all)
        return OK;
    for (size_t i = 0; i < rows.len; i++) {
        const Season *s = &rows.at[i];
        TRY(season_cards(c->db, c->arena, s->id, &cards));
        TRY(appraiser_waits(c, s, &cards, &appraise, out));
        for (size_t k = 0; k < cards.len; k++) {
            const Card *x = &cards.at[k];
            TRY(unit_waits(c, s, x, &score, &sign, out));
            if (x->state == CARD_OBJECTED && scope_has(&decide, s->owner))
                wait_add(c, s, x, S(""), str_concat(c->arena, card_base(c, x->id), S("/council")), text_of(c->lang, "wait.decide"), out);
        }
    }
    return OK;
}
