/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the page of a round's weights shows. */
#ifndef EDITION_WEIGHTING_VIEW_H
#define EDITION_WEIGHTING_VIEW_H

#include "edition/weighting.h"
#include "view/chart.h"
#include "view/component.h"

typedef struct WeightsView {
    const Round   *round;
    Weighting      w;                /* in force, or as typed */
    const Dataset *domains;
    Str            cap, action, back, token;
    Choices        designs, units, responses;
    FieldErrors    errors;
    StrList        faults;           /* of the margins, a sentence each */
    WeightReport   report;
    Weightings     versions;         /* newest first */
    int            newest;
    bool           ready, typed, published, may_change, large;   /* ready: report holds weights; typed: not kept */
} WeightsView;

#endif
