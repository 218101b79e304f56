/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* States of a card and the one table of steps: who may do what from where. */
#include "season/season.h"

static const struct { Str code; SeasonWindow window; } states[CARD_STATE_COUNT] = {
    [CARD_DRAFT]     = { S_INIT("draft"),     WINDOW_SELF },
    [CARD_SUBMITTED] = { S_INIT("submitted"), WINDOW_COUNT },
    [CARD_WITHDRAWN] = { S_INIT("withdrawn"), WINDOW_COUNT },
};

static const Str steps[CARD_STEP_COUNT] = {
    [CARD_STEP_SIGN]     = S_INIT("sign"),
    [CARD_STEP_RETURN]   = S_INIT("return"),
    [CARD_STEP_WITHDRAW] = S_INIT("withdraw"),
    [CARD_STEP_REJOIN]   = S_INIT("rejoin"),
};

/* from, step; then the rule. A pair that is not here cannot be done by anybody. */
static const struct { CardState from; CardStep step; CardRule rule; } rules[] = {
    { CARD_DRAFT,     CARD_STEP_SIGN,     { .to = CARD_SUBMITTED, .right = RIGHT_CARD_SIGN, .of_unit = true } },
    { CARD_SUBMITTED, CARD_STEP_RETURN,   { .to = CARD_DRAFT,     .right = RIGHT_SEASON_MANAGE, .reason = true } },
    { CARD_SUBMITTED, CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN, .right = RIGHT_SEASON_MANAGE, .reason = true } },
    { CARD_DRAFT,     CARD_STEP_WITHDRAW, { .to = CARD_WITHDRAWN, .right = RIGHT_SEASON_MANAGE, .reason = true } },
    { CARD_WITHDRAWN, CARD_STEP_REJOIN,   { .to = CARD_DRAFT,     .right = RIGHT_SEASON_MANAGE, .reason = true } },
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
