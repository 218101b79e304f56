/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of field share; nobody else includes this. */
#ifndef FIELD_PARTS_H
#define FIELD_PARTS_H

#include "field/field.h"
#include "view/component.h"

typedef struct Contact { Str name, address, phone; } Contact;

/* ---- contact.c: sealed at rest, shown to the assigned person only ------------------------------------------- */
Str  contact_seal(Arena *a, const AppInfo *app, CaseId id, const Contact *x);          /* empty when there is nothing to keep */
bool contact_open(Arena *a, const AppInfo *app, CaseId id, Str box, Contact *out);
Str  phone_clean(Arena *a, Str typed);               /* digits with a leading + at most; empty when it is no number */
Str  phone_tail(Str clean);                          /* last three digits */

/* ---- field_store.c -------------------------------------------------------------------------------------------- */
MUST_USE Err field_round_add(Db *db, const FieldRound *f);                              /* ERR_CONFLICT: has fieldwork */
MUST_USE Err field_case_add(Db *db, FieldCase *c, Str box);                             /* queued; db_flush after the last */
MUST_USE Err field_contact_load(Db *db, Arena *a, CaseId id, Str *out_box);
/* interviewer, unit: 0 any; -1 for interviewer: nobody. state: "" all in use, "open", "fresh", "callback", "done", "lost", "reserve".
 * first and most count the cases within the scope. */
typedef struct CaseFilter { RoundId round; PersonId interviewer; UnitId unit; Str state; int64_t first, most; RightScope *scope; } CaseFilter;
MUST_USE Err field_case_list(Db *db, Arena *a, const CaseFilter *f, FieldCases *out);
/* Counts for every figure of the progress pages: one row a unit, interviewer and outcome. */
typedef struct CaseCount { UnitId unit; PersonId interviewer; Outcome outcome; int64_t n, attempted, linked, callbacks; double weight; } CaseCount;
typedef LIST(CaseCount) CaseCounts;
MUST_USE Err field_case_counts(Db *db, Arena *a, RoundId round, CaseCounts *out);
MUST_USE Err field_case_assign(Db *db, CaseId id, RoundId round, PersonId to, bool *out_changed);
/* For many at once (assign_store.c): the unit of each case by its id; a case the round does not have gets round 0. */
MUST_USE Err field_cases_units(Db *db, RoundId round, FieldCases *cases);
MUST_USE Err field_cases_assign(Db *db, RoundId round, const FieldCases *cases, PersonId to, int64_t *out_changed);   /* active ones alone */
MUST_USE Err field_main_cases(Db *db, Arena *a, RoundId round, FieldCases *out);          /* id and code, by number */
/* The case's outcome is that of its latest attempt, whatever order they come in. */
MUST_USE Err field_attempt_add(Db *db, const Attempt *x);
MUST_USE Err field_attempt_load(Db *db, Arena *a, int64_t id, Attempt *out);            /* ERR_NOT_FOUND */
MUST_USE Err field_attempt_list(Db *db, Arena *a, CaseId id, Attempts *out);            /* newest first */
/* The next reserve of the cell takes the case's place. ERR_NOT_FOUND: none is left. */
MUST_USE Err field_reserve_use(Db *db, Arena *a, const FieldCase *c, Str reason, FieldCase *out);

/* ---- Views -------------------------------------------------------------------------------------------------------- */
typedef struct OpenView { const Round *r; FieldErrors errors; Str action, token, back_href, erase_days, why_not; Choices samples, columns[4];
    TypedDate due; } OpenView;
typedef enum Pace { PACE_ON, PACE_BEHIND, PACE_LATE, PACE_DONE, PACE_COUNT } Pace;     /* late: past the last day of fieldwork */
/* key: unit or person. final: nothing more is to be done, whether answered or not. */
typedef struct GroupLine { Str label, href; int64_t key, cases, attempted, done, final, callbacks; Pace pace; } GroupLine;
typedef LIST(GroupLine) GroupLines;
typedef struct OutcomeLine { Outcome o; int64_t n; } OutcomeLine;
typedef struct RateLine { Str name, meaning; double value, weighted; } RateLine;
typedef struct MapTile { Str name, href; int64_t cases, final; Pace pace; int step; } MapTile;
typedef struct MapGroup { Str name; LIST(MapTile) tiles; } MapGroup;
/* provinces: too many places for tiles, so each tile is a province. all_href: back from one of them. */
typedef struct FieldMap { LIST(MapGroup) groups; int64_t places, counts[PACE_COUNT]; double even; bool over, provinces; Str all_href; } FieldMap;
typedef struct ProgressBoard {
    FieldMap map;
    const Round *r; const FieldRound *f; Date today; int64_t cases, attempted, done, final, unassigned, callbacks, reserves, days_left, claims;
        GroupLines units, people;
    LIST(OutcomeLine) outcomes; LIST(RateLine) rates; double e; Str cases_href, csv_href, sample_href, claims_href, erase_note; bool may_manage, whole;
} ProgressBoard;
typedef struct CaseLine { const FieldCase *x; Str unit, interviewer, href; bool late; } CaseLine;
typedef struct CasesView {
    const Round *r; LIST(CaseLine) rows; Choices units, people, states, interviewers; Str action, token, base, unit, who, state; FieldErrors errors;
        Pager pager;
    bool may_manage, more;
} CasesView;
typedef struct AttemptLine { const Attempt *x; Str who; } AttemptLine;
typedef struct CaseView {
    const FieldCase *x; const Round *r; Str unit, interviewer, token, base, back_href, replaces_href, reserve_reason; Contact contact; bool shown,
        mine, may_manage,
        may_work, may_replace, over, open; LIST(AttemptLine) attempts; Choices outcomes, interviewers, modes; FieldErrors errors; Str outcome, mode,
            note, time; TypedDate day;
} CaseView;
typedef struct MineView { LIST(CaseLine) due, rest; LIST(Str) rounds; int64_t open, callbacks; } MineView;

/* ---- pace.c ------------------------------------------------------------------------------------------------------- */
double field_even_share(Date from, Date due, Date today);     /* 0..1 of the work when each day does as much; both days are worked */
Pace field_pace(int64_t cases, int64_t final, double even, bool over);
int  field_share_step(int64_t cases, int64_t final);          /* 0 none, 1 below a third, 2 below two, 3 below all, 4 all */

/* ---- map_pages.c: lines are places; board: the page's address ------------------------------------------------------- */
MUST_USE Err field_map(Ctx *c, const GroupLines *lines, Str board, double even, bool over, FieldMap *out);

Str  field_unit_text(Ctx *c, UnitId id);
Str  field_person_text(Ctx *c, PersonId id);
/* tell.c: notices to interviewers, in the transaction of the act. stepped fits CaseFinder. */
MUST_USE Err field_tell_given(Ctx *c, const Round *r, PersonId to, int64_t n);
MUST_USE Err field_tell_stepped(Ctx *c, const Round *r, RoundState to);
/* assign_store.c: who has open or done cases of a round. */
typedef LIST(PersonId) FieldWorkers;
MUST_USE Err field_workers(Db *db, Arena *a, RoundId round, FieldWorkers *out);
bool field_case_late(const FieldCase *x, const FieldRound *f, Date today);
MUST_USE Err field_interviewers(Ctx *c, PersonId chosen, Choices *out);

Err case_page(Ctx *c);
Err case_contact_action(Ctx *c);
Err case_attempt_action(Ctx *c);
Err case_interview_action(Ctx *c);
Err case_reserve_action(Ctx *c);
Err case_assign_action(Ctx *c);
Err mine_page(Ctx *c);

#endif
