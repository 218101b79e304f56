/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of quality share; nobody else includes this. */
#ifndef QUALITY_PARTS_H
#define QUALITY_PARTS_H

#include "quality/quality.h"

/* ---- Records as the checks see them (source.c) --------------------------------------------------------------------- */
enum { LIKERT_MOST = 200, MATCH_MOST = 512, MATCH_CHOICES = 64 };
typedef struct QualityData {
    size_t n, cap;
    SubmissionId *id;
    int32_t *interviewer;                /* index of names; -1: none */
    double  *seconds, *pause;            /* NAN: not known */
    Time    *began, *ended;              /* 0: not known */
    double  *lat, *lon;                  /* NAN: none */
    double  *mean;                       /* of the Likert items, 1..5; NAN without */
    double  *missing;                    /* share of the questions put to everybody that were not answered, 0..1; NAN without such questions */
    int32_t *psu, *stratum;              /* where the interview was: index of a place; -1: not known. NULL: everywhere is one place */
    size_t   psus, strata;
    int16_t *age;                        /* -1: none */
    int16_t *likert; size_t likert_items;           /* n rows */
    int16_t *items; size_t item_count; int codes;   /* n rows: what near-duplicates are looked for in */
    LIST(Str) names;                     /* interviewers */
} QualityData;
MUST_USE Err quality_read(Db *db, Store *s, Arena *a, const Round *r, QualityData *out);

/* ---- Checks (check.c, interviewer.c): values in, values out ----------------------------------------------------------- */
typedef struct Finding { QualityKind kind; int64_t row; int32_t interviewer; double score; Str detail; } Finding;   /* row -1: about an interviewer */
typedef LIST(Finding) Findings;
/* What is compared of an interviewer with those of the same places, and whose counts with those of the rest. */
typedef enum Measure { MEASURE_MEAN, MEASURE_STRAIGHT, MEASURE_PACE, MEASURE_MISSING, MEASURE_COUNT } Measure;
typedef enum Profile { PROFILE_DIGITS, PROFILE_HOURS, PROFILE_COUNT } Profile;
/* Among whom: the same primary unit of the sample, the same stratum, or nobody (NESTED: place and interviewer cannot be told apart). */
typedef enum Among { AMONG_PSU, AMONG_STRATUM, AMONG_NOBODY } Among;
typedef struct InterviewerFigures {
    Str name; int64_t n, straight, findings; int signs;        /* signs: kinds of findings about the interviewer or a record */
    double median_seconds, missing, whipple;
    Within within[MEASURE_COUNT]; Among among[MEASURE_COUNT]; double holm[MEASURE_COUNT];
    ChiTest profile[PROFILE_COUNT]; double profile_holm[PROFILE_COUNT];
} InterviewerFigures;
Str among_code(Among x);                 /* "psu", "stratum", "nested" */
enum { MATCH_BINS = 20 };
typedef struct QualityFigures {
    int64_t n, timed, straight; double median_seconds, longstring_mean;
    bool matched; double match_threshold; int64_t same[MATCH_BINS + 1], other[MATCH_BINS + 1];     /* by 5 points of share, 1 apart */
    bool nested;                                   /* no two interviewers share a primary unit */
    Icc icc; LIST(InterviewerFigures) interviewers;
    int64_t ages; double whipple, myers, digit[10];
} QualityFigures;
void quality_check(Arena *a, const QualityData *d, const QualityLimits *limits, Findings *out, QualityFigures *figures);
void check_interviewers(Arena *a, const QualityData *d, const bool *straight, const QualityLimits *limits, Findings *out, QualityFigures *figures);
void compare_interviewers(Arena *a, const QualityData *d, const bool *straight, QualityFigures *figures);   /* compare_interviewers.c */
void check_match(Arena *a, const QualityData *d, const bool *straight, const QualityLimits *limits, Findings *out, QualityFigures *figures);
double median_of(Arena scratch, const double *x, size_t n);            /* of those that are no NAN; NAN without */
void quality_figures_json(Buf *b, const QualityFigures *f);

/* ---- Store (quality_store.c) ---------------------------------------------------------------------------------------------- */
typedef enum FlagState { FLAG_OPEN, FLAG_KEPT, FLAG_LEFT_OUT, FLAG_CORRECTED, FLAG_STATE_COUNT } FlagState;     /* corrected: of rules alone */
Str  flag_state_code(FlagState s);
bool flag_state_parse(Str code, FlagState *out);
typedef struct QualityFlag {
    int64_t id; RoundId round; QualityKind kind; SubmissionId submission; Str interviewer, detail; double score; int64_t last_run; FlagState state;
    PersonId settled_by; Time settled_at; Str reason; int64_t revision;
} QualityFlag;
typedef LIST(QualityFlag) QualityFlags;
typedef struct FlagFilter { bool by_kind, by_state; QualityKind kind; FlagState state; Str interviewer; int limit, offset; } FlagFilter;
MUST_USE Err limits_load(Db *db, RoundId round, QualityLimits *out);
MUST_USE Err limits_save(Db *db, RoundId round, const QualityLimits *x);
MUST_USE Err run_save(Db *db, QualityRun *r);                                      /* id is set */
MUST_USE Err run_latest(Db *db, Arena *a, RoundId round, QualityRun *out);         /* ERR_NOT_FOUND: none yet */
/* Adds what is new, renews what is there; open findings that the run did not make again go. */
MUST_USE Err findings_save(Db *db, const QualityRun *r, const QualityData *d, const Findings *f);
MUST_USE Err flags_list(Db *db, Arena *a, RoundId round, const FlagFilter *f, QualityFlags *out, int64_t *out_all);
MUST_USE Err flag_load(Db *db, Arena *a, int64_t id, QualityFlag *out);
MUST_USE Err flag_save(Db *db, QualityFlag *f);                                    /* state, who, when, why; ERR_CONFLICT */
MUST_USE Err flags_count(Db *db, RoundId round, QualityCounts *out);
/* Ids of answers with a finding in one of these states, rising. */
typedef LIST(int64_t) FlaggedIds;
MUST_USE Err flagged_ids(Db *db, Arena *a, RoundId round, bool open, bool left_out, FlaggedIds *out);

/* ---- All findings in one list (findings_store.c) ----------------------------------------------------------------------------- */
#define RULE_MARK "rule:"                /* kind of a finding of a rule of cleaning: "rule:tuoi-cao" */
#define CASE_MARK "case:"                /* an answer that names a case: settled on the pages of fieldwork; detail is the case's id */
#define CASE_CLAIMED CASE_MARK "claimed"
#define CASE_TWICE CASE_MARK "twice"
typedef struct FindingRow {
    int64_t id;                          /* of quality_flags; 0: of a rule or a case, told by kind and record */
    Str kind, interviewer, detail, reason, settled_name; SubmissionId submission; FlagState state; PersonId settled_by; Time settled_at;
} FindingRow;
typedef LIST(FindingRow) FindingRows;
typedef struct FindingFilter {
    Str kind, interviewer, source; bool by_state; FlagState state; int64_t record; int limit, offset;    /* record -1: all */
} FindingFilter;
MUST_USE Err findings_list(Db *db, Arena *a, RoundId round, const FindingFilter *f, FindingRows *out, int64_t *out_all);
typedef struct FindingCount { Str kind; FlagState state; int64_t n; } FindingCount;
typedef struct FindingCounts { LIST(FindingCount) kinds; int64_t state[FLAG_STATE_COUNT]; } FindingCounts;
MUST_USE Err findings_count(Db *db, Arena *a, RoundId round, FindingCounts *out);
int64_t finding_kind_count(const FindingCounts *n, Str kind);
/* Whether a finding other than this one (of the checks; or all those of rules) wants the record left out. */
MUST_USE Err finding_holds_out(Db *db, SubmissionId id, int64_t but_flag, bool but_rules, bool *out);

/* ---- Results with and without (compare.c) --------------------------------------------------------------------------------- */
typedef struct ResultRow { Str label; int64_t n_all, n_without; double all, without; } ResultRow;     /* share satisfied, percent */
typedef LIST(ResultRow) ResultRows;
MUST_USE Err results_compare(Db *db, Store *s, Arena *a, const Round *r, Lang l, ResultRows *out);

#endif
