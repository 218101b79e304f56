/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is told of what happens to a card: the unit that waits for its answer, appraisers and council whose turn it is. */
#include "season/tell.h"

#include "season/appraise.h"

typedef enum Audience { TO_NOBODY, TO_UNIT, TO_APPRAISERS, TO_COUNCIL } Audience;

static const struct { Audience to; NoticeTopic topic; } telling[CARD_STEP_COUNT] = {
    [CARD_STEP_SIGN]     = { TO_APPRAISERS, TOPIC_CARD_SIGNED },
    [CARD_STEP_ASK]      = { TO_UNIT,       TOPIC_CARD_ASKED },
    [CARD_STEP_ANSWER]   = { TO_APPRAISERS, TOPIC_CARD_ANSWERED },
    [CARD_STEP_CLOSE]    = { TO_UNIT,       TOPIC_CARD_CLOSED },
    [CARD_STEP_ANNOUNCE] = { TO_UNIT,       TOPIC_CARD_APPRAISED },
    [CARD_STEP_OBJECT]   = { TO_COUNCIL,    TOPIC_CARD_OBJECTED },
    [CARD_STEP_SETTLE]   = { TO_UNIT,       TOPIC_CARD_SETTLED },
    [CARD_STEP_RETURN]   = { TO_UNIT,       TOPIC_CARD_RETURNED },
    [CARD_STEP_WITHDRAW] = { TO_UNIT,       TOPIC_CARD_WITHDRAWN },
    [CARD_STEP_REJOIN]   = { TO_UNIT,       TOPIC_CARD_REJOINED },
};

Teller teller_of(Ctx *c)
{
    return (Teller){ .db = c->db, .a = c->arena, .by = c->session.person, .at = c->now };
}

Notice card_notice(const Teller *t, const Season *s, const Card *card, NoticeTopic topic, int64_t n)
{
    return (Notice){ .topic = topic, .href = card_path(t->a, card->id), .title = s->title, .unit = card->unit, .day = card_due(s, card), .n = n };
}

Err card_tell_people(const Teller *t, const Card *card, const Notice *n)
{
    return notice_add_all(t->db, t->a, &(NoticeAudience){ .right = RIGHT_CARD_SCORE, .other = RIGHT_CARD_SIGN, .unit = card->unit, .working = true,
                                                     .by = t->by }, n, t->at);
}

Err card_tell_council(const Teller *t, const Season *s, const Notice *n)
{
    return notice_add_all(t->db, t->a, &(NoticeAudience){ .right = RIGHT_CARD_DECIDE, .unit = s->owner, .by = t->by }, n, t->at);
}

static bool covers(const Assignment *x, UnitId unit, Str domain)
{
    return (!x->unit.v || x->unit.v == unit.v) && (!domain.len || !x->domain.len || str_eq(x->domain, domain));
}

Err card_tell_appraisers(const Teller *t, const Season *s, const Card *card, Str domain, const Notice *n)
{
    Assignments all;
    TRY(season_assignments(t->db, t->a, s->id, &all));        /* by person */
    PersonId last = { 0 };
    for (size_t i = 0; i < all.len; i++) {
        const Assignment *x = &all.at[i];
        Person p;
        bool   away;
        if (!covers(x, card->unit, domain) || x->person.v == last.v || x->person.v == t->by.v)
            continue;
        last = x->person;
        TRY(person_load(t->db, t->a, x->person, &p));
        TRY(season_conflicted(t->db, t->a, s, x->person, p.unit, card->unit, date_of(t->at), &away));
        if (!away && !p.disabled)
            TRY(notice_add(t->db, x->person, n, t->at));
    }
    return OK;
}

static int64_t differing(const CardWork *w)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->scheme.len; i++) {
        const CardVerdict *v = season_leaf_own(&w->scheme.at[i]) ? verdict_last(&w->verdicts, w->scheme.at[i].code) : NULL;
        n += v && v->kind == VERDICT_POINTS && !(v->points == v->claimed);
    }
    return n;
}

Err card_tell_step(Ctx *c, const CardWork *w, CardStep step)
{
    Teller t = teller_of(c);
    Notice n = card_notice(&t, &w->s, &w->card, telling[step].topic, 0);
    if (step == CARD_STEP_ASK)
        n.n = card_round_count(w).asked;
    else if (step == CARD_STEP_OBJECT || step == CARD_STEP_SETTLE)
        n.n = (int64_t)w->objections.len;
    else if (step == CARD_STEP_ANNOUNCE)
        n.n = differing(w);
    if (n.n && step != CARD_STEP_ASK && step != CARD_STEP_OBJECT)
        n.topic = step == CARD_STEP_SETTLE ? TOPIC_CARD_DECIDED : TOPIC_CARD_DIFFERS;
    switch (telling[step].to) {
    case TO_UNIT:
        return card_tell_people(&t, &w->card, &n);
    case TO_APPRAISERS:
        n.href = str_concat(c->arena, n.href, S("/appraise"));
        return card_tell_appraisers(&t, &w->s, &w->card, S(""), &n);
    case TO_COUNCIL:
        n.href = str_concat(c->arena, n.href, S("/council"));
        return card_tell_council(&t, &w->s, &n);
    default:
        return OK;
    }
}

Err card_tell_extended(Ctx *c, const Season *s, const Card *card)
{
    Teller t = teller_of(c);
    Notice n = card_notice(&t, s, card, TOPIC_CARD_EXTENDED, 0);
    return card_tell_people(&t, card, &n);
}

Err card_tell_second(Ctx *c, const CardWork *w, int at)
{
    Teller t      = teller_of(c);
    Notice n      = card_notice(&t, &w->s, &w->card, TOPIC_VERDICT_SECOND, 0);
    Str    domain = scheme_domain(&w->scheme, at);
    n.href = arena_fmt(c->arena, "%.*s/appraise?domain=%.*s", STR_ARG(n.href), STR_ARG(url_encode(c->arena, domain)));
    n.once = arena_fmt(c->arena, "second:%lld:%d", (long long)w->card.id.v, card_round(w->card.state));
    return card_tell_appraisers(&t, &w->s, &w->card, domain, &n);
}

Err season_tell_open(Ctx *c, const Season *s)
{
    Cards  cards;
    Teller t = teller_of(c);
    TRY(season_cards(c->db, c->arena, s->id, &cards));
    for (size_t i = 0; i < cards.len; i++) {
        Notice n = card_notice(&t, s, &cards.at[i], TOPIC_SEASON_OPEN, 0);
        TRY(card_tell_people(&t, &cards.at[i], &n));
    }
    return OK;
}

Err season_tell_assigned(Ctx *c, const Season *s, PersonId who)
{
    return notice_add(c->db, who, &(Notice){ .topic = TOPIC_ASSIGNED, .href = S("/console/appraisal"), .title = s->title,
                                             .once = arena_fmt(c->arena, "assigned:%lld", (long long)s->id.v) }, c->now);
}
