/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Points of cards after appraisal and council, through the one engine: what a ranking takes. */
#ifndef SEASON_FINAL_H
#define SEASON_FINAL_H

#include "season/verdicts.h"

/* Who had the last word on a criterion. */
typedef enum FinalStage { FINAL_SELF, FINAL_APPRAISED, FINAL_COUNCIL, FINAL_STAGE_COUNT } FinalStage;
Str final_stage_code(FinalStage s);                    /* "self" … */

/* points NAN: accepted, what the rule gives stands; else they stand instead of it, 0 … the maximum, without the sign of a penalty. */
typedef struct FinalVerdict { Str code; FinalStage stage; double points; Str reason; } FinalVerdict;
typedef LIST(FinalVerdict) FinalVerdicts;
/* One a criterion: the council's decision, else the verdict that stands. An accepted objection is what the rule gives. */
FinalVerdicts final_verdicts(Arena *a, const CardScores *scores, const CardVerdicts *verdicts, const CardObjections *objections);
/* {"unit", "inputs", "not_applicable", "manual", "verdicts"}: what scheme_card_read takes. Points for what was said not to apply make it apply. */
Str card_final_json(Arena *a, Str unit, const CardScores *scores, const FinalVerdicts *verdicts);

typedef struct FinalCard {
    Card          card;
    CardScores    scores;                  /* of the unit, and given by whoever runs the season */
    FinalVerdicts verdicts;
    SchemeCard    filled;
    SchemeResult  result;                  /* total NAN while something is missing */
    SchemeFaults  faults;
    FinalStage   *stage;                   /* of each criterion of the scheme */
    bool          settled;                 /* these points are final */
} FinalCard;
typedef LIST(FinalCard) FinalCards;
/* Everything that is said of a card's criteria, by the unit and for it. */
MUST_USE Err card_scores_all(Db *db, Arena *a, const Card *card, CardScores *out);
MUST_USE Err card_final_load(Db *db, Arena *a, const Scheme *s, const SchemeCalendar *k, SchemeWords words, const Card *card, FinalCard *out);
/* Cards that take part, in the order of the opening. */
MUST_USE Err season_final(Db *db, Arena *a, const Season *season, const Scheme *s, const SchemeCalendar *k, SchemeWords words, FinalCards *out);

#endif
