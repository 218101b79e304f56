/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds of findings and the thresholds behind them, as tables. */
#include "quality/parts.h"

static const Str kinds[QUALITY_KIND_COUNT] = { S_INIT("fast"), S_INIT("straight"), S_INIT("match"), S_INIT("place"), S_INIT("same_place"), S_INIT("hour"),
                                               S_INIT("overlap"), S_INIT("pause"), S_INIT("effect"), S_INIT("ages"),
                                               S_INIT("missing"), S_INIT("pace"), S_INIT("lines"), S_INIT("digits"), S_INIT("clock") };

const ThresholdRow quality_thresholds[LIMIT_COUNT] = {
    [LIMIT_FAST_SHARE]       = { "fast_share", 1.0 / 3, 0, 1 },              /* of the median duration */
    [LIMIT_STRAIGHT_ITEMS]   = { "straight_items", 8, 3, 200 },              /* equal answers at least */
    [LIMIT_MATCH_PERCENTILE] = { "match_percentile", 99.9, 50, 100 },        /* of the maxima between different interviewers */
    [LIMIT_SAME_PLACE]       = { "same_place", 5, 2, 1000 },                 /* interviews within some 11 m */
    [LIMIT_HOUR_FROM]        = { "hour_from", 6, 0, 24 },                    /* o'clock in Viet Nam */
    [LIMIT_HOUR_TO]          = { "hour_to", 22, 0, 24 },
    [LIMIT_PAUSE_MINUTES]    = { "pause_minutes", 60, 1, 1440 },
    [LIMIT_EFFECT_P]         = { "effect_p", 0.05, 0, 1 },                   /* after Holm */
    [LIMIT_COMPARE_P]        = { "compare_p", 0.01, 0, 1 },                  /* the same of pace, lines, empty answers, digits and hours */
    [LIMIT_WHIPPLE]          = { "whipple", 175, 100, 500 },                 /* of one interviewer's ages */
};

Str quality_code(QualityKind k)
{
    return kinds[k];
}

bool quality_parse(Str code, QualityKind *out)
{
    for (int k = 0; k < QUALITY_KIND_COUNT; k++)
        if (str_eq(code, kinds[k])) {
            *out = (QualityKind)k;
            return true;
        }
    return false;
}
