/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Why a number is what it is: one page for figures of the desk, one for figures of published editions. */
#ifndef DESK_WHY_H
#define DESK_WHY_H

#include "desk/pages.h"

typedef struct WhyUnit { uint32_t stratum, unit; Str n; } WhyUnit;       /* unit 0: people by themselves */
typedef LIST(SummaryRow) WhyFacts;
typedef struct WhyPage {
    Str title, subject, value, back, formula, symbols, query_href, query_text;
    WhyFacts facts, sample, design;
    StrList notes;
    WhyUnit *units; size_t unit_count, unit_all;         /* unit_all: of these the first unit_count are listed */
    bool hidden;                     /* the figure may not be shown */
} WhyPage;

#endif
