/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a step of a card waits for: verdicts, answers, decisions, days. The table of who may do it from where is machine.c. */
#include "season/work.h"

int card_round(CardState s)
{
    return s == CARD_SUBMITTED ? 1 : s == CARD_SECOND ? 2 : 0;
}

bool card_leaf_asked(const CardWork *w, Str code)
{
    const CardVerdict *v = verdict_find(&w->verdicts, code, 1);
    return v && v->kind == VERDICT_ASK && verdict_stands(v, &w->scores);
}

bool card_leaf_open(const CardWork *w, int at)
{
    if (!season_leaf_own(&w->scheme.at[at]))
        return false;
    return w->may_score || (w->may_answer && (w->card.state == CARD_APPRAISED || card_leaf_asked(w, w->scheme.at[at].code)));
}

bool card_leaf_judged(const CardWork *w, Str code, int round)
{
    const CardVerdict *v = verdict_find(&w->verdicts, code, round);
    return v && verdict_stands(v, &w->scores);
}

CardRound card_round_count(const CardWork *w)
{
    CardRound n     = { 0 };
    int       round = card_round(w->card.state);
    for (size_t i = 0; i < w->scheme.len; i++) {
        Str code = w->scheme.at[i].code;
        if (!season_leaf_own(&w->scheme.at[i]))
            continue;
        bool asked = card_leaf_asked(w, code);
        const CardVerdict *v = verdict_find(&w->verdicts, code, round);
        n.asked    += asked;
        n.answered += asked && card_answer_find(&w->answers, code) != NULL;
        if (round == 0 || (round == 2 && !asked))
            continue;
        n.all++;
        n.done    += card_leaf_judged(w, code, round);
        n.waiting += v && v->large && !v->confirmed_at.ms && !card_leaf_judged(w, code, round);
    }
    return n;
}

static Str open_objections(Ctx *c, const CardWork *w)
{
    int64_t open = 0;
    for (size_t i = 0; i < w->objections.len; i++)
        open += w->objections.at[i].decision == DECISION_NONE;
    return open ? text_fmt(c->arena, c->lang, "season.wait.council", ARG_N("n", open)) : S("");
}

static Str open_verdicts(Ctx *c, const CardRound *n)
{
    if (n->waiting)
        return text_fmt(c->arena, c->lang, "season.wait.second", ARG_N("n", n->all - n->done), ARG_N("second", n->waiting));
    return n->done < n->all ? text_fmt(c->arena, c->lang, "season.wait.verdicts", ARG_N("n", n->all - n->done)) : S("");
}

/* Who sends something for the unit does so in time; the manager gives more of it. */
static Str too_late(Ctx *c, const CardWork *w)
{
    Date due = card_due(&w->s, &w->card);
    return !date_is_none(due) && c->today.day > due.day
               ? text_fmt(c->arena, c->lang, "season.wait.late", ARG_S("day", date_text(c->arena, c->lang, due))) : S("");
}

static Str settle_wait(Ctx *c, const CardWork *w)
{
    Date due = card_due(&w->s, &w->card);
    if (w->card.state == CARD_OBJECTED)
        return open_objections(c, w);
    return c->today.day <= due.day ? text_fmt(c->arena, c->lang, "season.wait.window", ARG_S("day", date_text(c->arena, c->lang, due))) : S("");
}

static Str unit_wait(Ctx *c, const CardWork *w, CardStep step, const CardRound *n)
{
    if (!w->may_close)
        return text_of(c->lang, "season.sign.outsider");
    if (step == CARD_STEP_ANSWER && n->answered < n->asked)
        return text_fmt(c->arena, c->lang, "season.wait.answers", ARG_N("n", n->asked - n->answered));
    if (step == CARD_STEP_OBJECT && !w->objections.len)
        return text_of(c->lang, "season.wait.objection");
    if (step == CARD_STEP_ACCEPT && w->objections.len)
        return text_fmt(c->arena, c->lang, "season.wait.objected", ARG_N("n", (int64_t)w->objections.len));
    return step == CARD_STEP_ACCEPT ? S("") : too_late(c, w);
}

Str card_step_waits(Ctx *c, const CardWork *w, CardStep step)
{
    CardRound n = card_round_count(w);
    Str       open;
    switch (step) {
    case CARD_STEP_ASK:
        open = open_verdicts(c, &n);
        return open.len || n.asked ? open : text_of(c->lang, "season.wait.nothing_asked");
    case CARD_STEP_ANNOUNCE:
        open = open_verdicts(c, &n);
        return open.len || w->card.state == CARD_SECOND || !n.asked ? open : text_fmt(c->arena, c->lang, "season.wait.asked", ARG_N("n", n.asked));
    case CARD_STEP_SETTLE:
        return settle_wait(c, w);
    case CARD_STEP_ANSWER: case CARD_STEP_OBJECT: case CARD_STEP_ACCEPT:
        return unit_wait(c, w, step, &n);
    default:
        return S("");
    }
}
