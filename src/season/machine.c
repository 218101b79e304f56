/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* States of a card and the one table of steps: who may do what from where. */
#include "season/season.h"

static const struct { Str code; SeasonWindow window; } states[CARD_STATE_COUNT] = {
    [CARD_DRAFT]      = { S_INIT("draft"),      WINDOW_SELF },
    [CARD_SUBMITTED]  = { S_INIT("submitted"),  WINDOW_APPRAISAL },
    [CARD_EXPLAINING] = { S_INIT("explaining"), WINDOW_EXPLANATION },
    [CARD_SECOND]     = { S_INIT("second"),     WINDOW_EXPLANATION },
    [CARD_APPRAISED]  = { S_INIT("appraised"),  WINDOW_OBJECTION },
    [CARD_OBJECTED]   = { S_INIT("objected"),   WINDOW_COUNCIL },
    [CARD_SETTLED]    = { S_INIT("settled"),    WINDOW_COUNT },
    [CARD_LOCKED]     = { S_INIT("locked"),     WINDOW_COUNT },
    [CARD_WITHDRAWN]  = { S_INIT("withdrawn"),  WINDOW_COUNT },
};

static const Str steps[CARD_STEP_COUNT] = {
    [CARD_STEP_SIGN]     = S_INIT("sign"),
    [CARD_STEP_ASK]      = S_INIT("ask"),
    [CARD_STEP_ANSWER]   = S_INIT("answer"),
    [CARD_STEP_CLOSE]    = S_INIT("close"),
    [CARD_STEP_ANNOUNCE] = S_INIT("announce"),
    [CARD_STEP_ACCEPT]   = S_INIT("accept"),
    [CARD_STEP_OBJECT]   = S_INIT("object"),
    [CARD_STEP_SETTLE]   = S_INIT("settle"),
    [CARD_STEP_LOCK]     = S_INIT("lock"),
    [CARD_STEP_RETURN]   = S_INIT("return"),
    [CARD_STEP_WITHDRAW] = S_INIT("withdraw"),
    [CARD_STEP_REJOIN]   = S_INIT("rejoin"),
};

#define MANAGER .right = RIGHT_SEASON_MANAGE
#define LEADER  .right = RIGHT_CARD_SIGN, .of_unit = true

/* from, step; then the rule. A pair that is not here cannot be done by anybody. */
static const struct { CardState from; CardStep step; CardRule rule; } rules[] = {
    { CARD_DRAFT,      CARD_STEP_SIGN,     { .to = CARD_SUBMITTED,  LEADER } },
    { CARD_SUBMITTED,  CARD_STEP_ASK,      { .to = CARD_EXPLAINING, MANAGER } },
    { CARD_SUBMITTED,  CARD_STEP_ANNOUNCE, { .to = CARD_APPRAISED,  MANAGER } },
    { CARD_SUBMITTED,  CARD_STEP_RETURN,   { .to = CARD_DRAFT,      MANAGER, .reason = true } },
    { CARD_EXPLAINING, CARD_STEP_ANSWER,   { .to = CARD_SECOND,     LEADER } },
    { CARD_EXPLAINING, CARD_STEP_CLOSE,    { .to = CARD_SECOND,     MANAGER, .reason = true } },
    { CARD_SECOND,     CARD_STEP_ANNOUNCE, { .to = CARD_APPRAISED,  MANAGER } },
    { CARD_APPRAISED,  CARD_STEP_ACCEPT,   { .to = CARD_SETTLED,    LEADER } },
    { CARD_APPRAISED,  CARD_STEP_OBJECT,   { .to = CARD_OBJECTED,   LEADER } },
    { CARD_APPRAISED,  CARD_STEP_SETTLE,   { .to = CARD_SETTLED,    MANAGER } },
    { CARD_OBJECTED,   CARD_STEP_SETTLE,   { .to = CARD_SETTLED,    MANAGER } },
    { CARD_SETTLED,    CARD_STEP_LOCK,     { .to = CARD_LOCKED,     MANAGER } },
    { CARD_DRAFT,      CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN,  MANAGER, .reason = true } },
    { CARD_SUBMITTED,  CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN,  MANAGER, .reason = true } },
    { CARD_EXPLAINING, CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN,  MANAGER, .reason = true } },
    { CARD_SECOND,     CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN,  MANAGER, .reason = true } },
    { CARD_APPRAISED,  CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN,  MANAGER, .reason = true } },
    { CARD_OBJECTED,   CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN,  MANAGER, .reason = true } },
    { CARD_WITHDRAWN,  CARD_STEP_REJOIN,   { .to = CARD_DRAFT,      MANAGER, .reason = true } },
};

Str card_state_code(CardState s)
{
    return s < CARD_STATE_COUNT ? states[s].code : S("");
}

bool card_state_parse(Str code, CardState *out)
{
    for (int s = 0; s < CARD_STATE_COUNT; s++)
        if (str_eq(code, states[s].code)) {
            *out = (CardState)s;
            return true;
        }
    return false;
}

Str card_step_code(CardStep s)
{
    return s < CARD_STEP_COUNT ? steps[s] : S("");
}

SeasonWindow card_state_window(CardState s)
{
    return s < CARD_STATE_COUNT ? states[s].window : WINDOW_COUNT;
}

const CardRule *card_rule(CardState from, CardStep step)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (rules[i].from == from && rules[i].step == step)
            return &rules[i].rule;
    return NULL;
}
