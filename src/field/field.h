/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fieldwork: cases, interviewers, attempts, dispositions and response rates. */
#ifndef FIELD_FIELD_H
#define FIELD_FIELD_H

#include "collect/collect.h"
#include "sample/store.h"

typedef struct CaseId { int64_t v; } CaseId;

/* ---- Dispositions: AAPOR Standard Definitions, in-person and telephone ---------------------------------- */
typedef enum FieldGroup {           /* the letters of the rates */
    GROUP_I, GROUP_P, GROUP_R, GROUP_NC, GROUP_O, GROUP_UH, GROUP_UO, GROUP_NE, GROUP_COUNT
} FieldGroup;
typedef enum Outcome {
    OUTCOME_NONE, OUTCOME_COMPLETE, OUTCOME_PARTIAL, OUTCOME_REFUSED_HOUSE, OUTCOME_REFUSED, OUTCOME_BREAK_OFF,
    OUTCOME_AWAY, OUTCOME_CALLBACK, OUTCOME_MACHINE_KNOWN, OUTCOME_NO_ENTRY, OUTCOME_DEAD, OUTCOME_UNABLE, OUTCOME_LANGUAGE, OUTCOME_OTHER,
    OUTCOME_BUSY, OUTCOME_NO_ANSWER, OUTCOME_MACHINE, OUTCOME_BARRED, OUTCOME_UNSAFE, OUTCOME_NOT_FOUND, OUTCOME_NO_SCREENER,
    OUTCOME_OUT_OF_SAMPLE, OUTCOME_NOT_WORKING, OUTCOME_NOT_DWELLING, OUTCOME_VACANT, OUTCOME_NO_ELIGIBLE,
    OUTCOME_UNUSABLE,               /* nobody notes it: the case's answer was left out of the results, and nobody tried again since */
    OUTCOME_COUNT
} Outcome;
Str  outcome_code(Outcome o);                        /* "refused": kept in the database and in files */
Str  outcome_aapor(Outcome o);                       /* "2.112" */
Str  outcome_text(Lang l, Outcome o);
bool outcome_parse(Str code, Outcome *out);
bool outcome_final(Outcome o);                       /* nothing more is tried; others are tried again */
bool outcome_on(Outcome o, bool phone);              /* can it happen by telephone, at the door; neither: nobody notes it */
FieldGroup outcome_group(Outcome o);                 /* OUTCOME_NONE is 3.11, not attempted: unknown */

/* Counts, or sums of weights, by group. e: share of the unknown that are eligible; NAN: what the known say,
 * eligible / (eligible + NE). Rates are shares 0..1; NAN where the denominator is 0.
 * source: AAPOR Standard Definitions, 9th edition (2016), pages 61-66 */
typedef struct FieldRates { double rr[6], coop[4], ref[3], con[3], e; } FieldRates;
FieldRates field_rates(const double n[GROUP_COUNT], double e);

/* ---- Rounds in the field ----------------------------------------------------------------------------------- */
typedef struct FieldRound { RoundId round; SampleId sample; Date due; int64_t erase_days; Time erased_at, opened_at; PersonId opened_by; } FieldRound;
MUST_USE Err field_round_load(Db *db, Arena *a, RoundId id, FieldRound *out);     /* ERR_NOT_FOUND: no fieldwork */
/* When contact data of the round must be gone: erase_days after its end; 0 while it has no end. */
Time field_erase_at(const FieldRound *f, const Round *r);
/* Erases contact data that is due, of all rounds; in a write transaction. Every act of fieldwork calls it first. */
MUST_USE Err field_tidy(Db *db, Arena *a, Time now, int64_t *out_rounds);

/* ---- Cases ------------------------------------------------------------------------------------------------- */
typedef struct FieldCase {
    CaseId id; RoundId round; int64_t number, reserve, attempts; Str code, cell, place, reason, phone_tail; UnitId unit; bool active, linked, has_contact;
    CaseId replaces; double weight; PersonId interviewer; Outcome outcome; Time last_at, callback_at;
} FieldCase;
typedef LIST(FieldCase) FieldCases;
MUST_USE Err field_case_load(Db *db, Arena *a, CaseId id, FieldCase *out);
MUST_USE Err field_case_mine(Db *db, Arena *a, PersonId who, FieldCases *out);      /* that wait for this interviewer, newest round first */
/* Of one round by its code ("00012-5"); ERR_NOT_FOUND. */
MUST_USE Err field_case_by_code(Db *db, Arena *a, RoundId round, Str code, FieldCase *out);
/* Ties a stored answer to the case it came from, whatever its channel; in a write transaction. A second answer for a
 * case is ERR_CONFLICT, the same one again is OK. The case is complete (1.1) from then on. */
MUST_USE Err field_case_link(Db *db, Arena *a, RoundId round, Str code, SubmissionId answer);

/* How the case of an answer was drawn: parts is a JSON list by stage of {stratum, unit, n, pop, prob}, as the sample holds it; interviewer:
 * the account that holds the case, or empty. Answers of cases come by id; texts last as long as the call. */
typedef struct CaseDesign { SubmissionId id; double weight; Str parts, interviewer; } CaseDesign;
MUST_USE Err case_design_each(Db *db, RoundId round, Err (*each)(void *self, const CaseDesign *c), void *self);

/* Every case of the round's sample by number: its answer (0: none), outcome, and what the sample kept of it (JSON: parts as above, keep an object
 * of columns). active: of the main sample, or a reserve that was used. Texts last as long as the call. */
typedef struct CaseOutcome { SubmissionId id; double weight; bool active, reserve; Outcome outcome; Str parts, keep; } CaseOutcome;
MUST_USE Err case_outcome_each(Db *db, RoundId round, Err (*each)(void *self, const CaseOutcome *c), void *self);
/* Attempts noted in a round, corrections too, and cases in use. It only grows: while it stays, so do the outcomes. */
MUST_USE Err outcomes_noted(Db *db, RoundId round, int64_t *out);
/* The columns that the round's sample kept of its frame; *out_any: it has one with cases. */
MUST_USE Err case_columns(Db *db, Arena *a, RoundId round, StrList *out, bool *out_any);

/* What became of a province's cases in use; final: nothing more is tried, answered or not. province 0: of places in none. */
typedef struct FieldSum { UnitId province; int64_t cases, attempted, final, outcome[OUTCOME_COUNT]; } FieldSum;
typedef LIST(FieldSum) FieldSums;
/* Of a round, by its provinces of that day. None: it has no fieldwork. */
MUST_USE Err field_sums(Db *db, Arena *a, RoundId round, Date on, FieldSums *out);
void field_sum_add(FieldSum *sum, const FieldSum *more);
FieldRates field_sum_rates(const FieldSum *s);                                   /* unweighted; e: what the known say */

/* ---- Attempts ---------------------------------------------------------------------------------------------- */
/* mode: "visit", "phone", or "desk": a supervisor's correction. id 0: made when it is added. */
typedef struct Attempt { int64_t id; CaseId of; PersonId person; Time at, callback_at; Str mode, note; Outcome outcome; } Attempt;
typedef LIST(Attempt) Attempts;
/* What a person can mend, as keys of the catalogue; empty where nothing is wrong. One rule for the case's page and for what was
 * noted without a line: the outcome happens that way, a call-back has a time after the attempt, the note is short, a desk's has one. */
typedef struct AttemptFaults { Str outcome, note, callback; } AttemptFaults;
AttemptFaults attempt_check(const Attempt *x);

/* An attempt noted without a line, on the offline page. x.id: id_at of its name, so that it is one however often it comes; x.of is
 * found by the code. In a write transaction; what was stored is in the audit record. An attempt that comes late does not undo
 * a later one's outcome. out: the attempt as it stands, where it is stored or was before. */
typedef enum VisitKind { VISIT_STORED, VISIT_SAME, VISIT_CONFLICT, VISIT_UNKNOWN, VISIT_FOREIGN, VISIT_WRONG, VISIT_KIND_COUNT } VisitKind;
typedef struct FieldVisit { RoundId round; Str code; Attempt x; } FieldVisit;
MUST_USE Err field_visit_add(Ctx *c, const FieldVisit *v, VisitKind *out_kind, Attempt *out);
/* What would come of it, nothing written. FOREIGN: not, or no longer, this person's case. WRONG: attempt_check. */
MUST_USE Err field_visit_look(Ctx *c, const FieldVisit *v, VisitKind *out);
/* Attempts of a person in a round with their cases' codes, newest first, 5,000 at most. */
typedef LIST(FieldVisit) FieldVisits;
MUST_USE Err field_visits_of(Db *db, Arena *a, RoundId round, PersonId person, FieldVisits *out);

/* Demonstration (field_demo.c): the first cases were interviewed by the supervisor, complete with these answers; the next ones are the
 * interviewer's work of the day, some tried before; in a write transaction. */
typedef struct FieldDemo { RoundId round; PersonId supervisor, interviewer; Time now; size_t answers; const SubmissionId *answer; } FieldDemo;
MUST_USE Err field_demo(Db *db, Arena *a, const FieldDemo *d);

/* What an interviewer takes along: open cases of his in these rounds, with contact data as long as they may be seen. */
typedef struct CarriedCase { FieldCase x; Date due; Str unit, name, address, phone; } CarriedCase;
typedef LIST(CarriedCase) CarriedCases;
MUST_USE Err field_cases_carried(Ctx *c, PersonId who, const RoundId *rounds, size_t n, CarriedCases *out);

extern const JobKind field_open_job;
extern const CaseFinder field_case_finder;           /* for paper, and for marks on answers of the public interface */
extern const Route field_console_routes[];           /* under /console */

#endif
