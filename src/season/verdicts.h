/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Appraisal of a card: who appraises what, verdicts in two rounds, explanations, objections and what the council decides. */
#ifndef SEASON_VERDICTS_H
#define SEASON_VERDICTS_H

#include "season/scores.h"

enum { CARD_REASON_LETTERS = 2000 };

/* ---- Verdicts ------------------------------------------------------------------------------------------------- */
/* ask: the unit is to explain, in the first round alone. */
typedef enum VerdictKind { VERDICT_ACCEPT, VERDICT_POINTS, VERDICT_ASK, VERDICT_KIND_COUNT } VerdictKind;
Str  verdict_code(VerdictKind k);                      /* "accept" … */
bool verdict_parse(Str code, VerdictKind *out);

typedef struct CardVerdict {
    Str         code;
    int         round;                     /* 1, 2 */
    int64_t     revision;                  /* 0: none yet */
    VerdictKind kind;
    double      points, claimed;           /* points NAN but of VERDICT_POINTS; claimed NAN: the unit's inputs gave none */
    Str         reason;
    int64_t     score_revision;            /* of the unit's score that was judged */
    bool        large;                     /* waits for a second appraiser */
    PersonId    by, confirmed_by;
    Time        at, confirmed_at;          /* confirmed_at 0: not confirmed */
} CardVerdict;
typedef LIST(CardVerdict) CardVerdicts;
/* Stands: judged what the unit says now, and confirmed where that is asked for. */
bool verdict_stands(const CardVerdict *v, const CardScores *scores);
/* A change of four_eyes points or more, or points for what was said not to apply. */
bool verdict_large(VerdictKind kind, double points, double claimed, bool not_applicable, double four_eyes);
const CardVerdict *verdict_find(const CardVerdicts *all, Str code, int round);      /* NULL: none */
/* The one that counts: of the second round where the first asks, else of the first. NULL: none. */
const CardVerdict *verdict_last(const CardVerdicts *all, Str code);
/* Made or confirmed a verdict on the criterion in either round: decides no objection to it. */
bool verdict_made_by(const CardVerdicts *all, Str code, PersonId person);

MUST_USE Err card_verdicts(Db *db, Arena *a, CardId card, CardVerdicts *out);       /* by code, round */
/* seen: the revision that was on the page. ERR_CONFLICT: another is kept by now. A change takes the confirmation back. */
MUST_USE Err card_verdict_save(Db *db, Arena *a, CardId card, CardVerdict *x, int64_t seen);
/* ERR_CONFLICT: changed meanwhile, or one's own. */
MUST_USE Err card_verdict_confirm(Db *db, Arena *a, CardId card, const CardVerdict *x, PersonId by, Time at);

/* ---- Explanations ------------------------------------------------------------------------------------------------ */
typedef struct CardAnswer { Str code; int64_t revision; Str answer; PersonId by; Time at; } CardAnswer;
typedef LIST(CardAnswer) CardAnswers;
const CardAnswer *card_answer_find(const CardAnswers *all, Str code);
MUST_USE Err card_answers(Db *db, Arena *a, CardId card, CardAnswers *out);
MUST_USE Err card_answer_save(Db *db, Arena *a, CardId card, CardAnswer *x, int64_t seen);      /* ERR_CONFLICT */

/* ---- Objections ------------------------------------------------------------------------------------------------------ */
/* accept: the points that the unit claims. */
typedef enum Decision { DECISION_NONE, DECISION_ACCEPT, DECISION_REJECT, DECISION_POINTS, DECISION_COUNT } Decision;
Str  decision_code(Decision d);                        /* empty for none */
bool decision_parse(Str code, Decision *out);
typedef struct CardObjection {
    Str      code;
    int64_t  revision;
    Str      reason;
    PersonId by;
    Time     at;
    Decision decision;
    double   points;                       /* NAN but of DECISION_POINTS */
    Str      why;
    PersonId decided_by;
    Time     decided_at;
} CardObjection;
typedef LIST(CardObjection) CardObjections;
const CardObjection *card_objection_find(const CardObjections *all, Str code);
MUST_USE Err card_objections(Db *db, Arena *a, CardId card, CardObjections *out);
/* What the unit says, and what the council decides: each over the revision that was seen. ERR_CONFLICT. */
MUST_USE Err card_objection_save(Db *db, Arena *a, CardId card, CardObjection *x, int64_t seen);
MUST_USE Err card_objection_remove(Db *db, Arena *a, CardId card, const CardObjection *x);
MUST_USE Err card_objection_decide(Db *db, Arena *a, CardId card, CardObjection *x, int64_t seen);
/* What a person judged or confirmed in this round waits for another appraiser: they have a conflict of interest. *out: how many criteria. */
MUST_USE Err card_verdicts_withdraw(Db *db, CardId card, int round, PersonId person, int64_t *out);
/* The card begins anew: what the council decided decides nothing any more (the audit keeps it); what the unit wrote stays. */
MUST_USE Err card_objections_reopen(Db *db, CardId card);

/* ---- Who appraises ----------------------------------------------------------------------------------------------------- */
typedef struct Assignment { PersonId person; Str domain; UnitId unit; } Assignment;     /* domain empty: all; unit 0: all */
typedef LIST(Assignment) Assignments;
MUST_USE Err season_assignments(Db *db, Arena *a, SeasonId season, Assignments *out);   /* by person, domain, unit */
MUST_USE Err season_assign(Db *db, SeasonId season, const Assignment *x, PersonId by, Time at);      /* twice is once */
MUST_USE Err season_unassign(Db *db, SeasonId season, const Assignment *x);
bool assignments_cover(const Assignments *all, PersonId person, Str domain, UnitId unit);
MUST_USE Err season_four_eyes_save(Db *db, SeasonId season, double points);

/* Every verdict of a season, for the counts of its appraisers; sent_at: when the card was last signed before it. */
typedef struct VerdictDone { Str code; VerdictKind kind; double points, claimed; PersonId by, confirmed_by; Time at, sent_at; } VerdictDone;
typedef LIST(VerdictDone) VerdictsDone;
MUST_USE Err season_verdicts_done(Db *db, Arena *a, SeasonId season, VerdictsDone *out);

typedef struct Conflict { PersonId person; UnitId unit; Str reason; Time at; } Conflict;
typedef LIST(Conflict) Conflicts;
MUST_USE Err season_conflicts(Db *db, Arena *a, SeasonId season, Conflicts *out);
MUST_USE Err season_conflict_add(Db *db, SeasonId season, const Conflict *x);            /* a declared one stays */
/* Stays away from the card of this unit: has declared so, works in it or below it, or between it and the season's owner. */
MUST_USE Err season_conflicted(Db *db, Arena *a, const Season *s, PersonId person, UnitId works_in, UnitId unit, Date today, bool *out);

#endif
