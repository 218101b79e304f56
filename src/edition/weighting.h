/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Recipes of weights: what they are, their rows, and weights made by them. For files of edition and the demonstration. */
#ifndef EDITION_WEIGHTING_H
#define EDITION_WEIGHTING_H

#include "edition/parts.h"
#include "stats/weights.h"

/* Where the sample comes from: not known (values without standard errors), drawn elsewhere (strata are the domains), the round's own
 * drawn sample, or made up for a simulated round. */
typedef enum SampleSource { SOURCE_NONE, SOURCE_STATED, SOURCE_SAMPLE, SOURCE_SIMULATED, SOURCE_COUNT } SampleSource;
Str  source_code(SampleSource s);                /* "stated" */
bool source_parse(Str code, SampleSource *out);

enum { GROUPS_MOST = 4 };                        /* questions raked to beside the place */
#define UNANSWERED S("-")                        /* in margins: those who did not answer the question */
typedef struct Margin { Str question, code; double population; int line; } Margin;      /* question empty: the place */
typedef LIST(Margin) Margins;
typedef struct Weighting {
    int64_t id; int version;                     /* 0: none */
    SampleSource design;
    Str     units, margins_csv, source;
    Str     response;                            /* classes of non-response: "stratum", "unit", "column:NAME"; empty: not adjusted */
    double  cap;                                 /* medians of the weights; 0: none */
    Margins margins;
    Time    made_at; PersonId made_by;
} Weighting;

/* What is wrong with margins: a key of the catalogue with line and code. */
typedef struct MarginFault { const char *key; int line; Str code; int64_t n, m; } MarginFault;
typedef LIST(MarginFault) MarginFaults;
void margin_fault(Arena *a, MarginFaults *faults, const char *key, int line, Str code, int64_t n);
/* Lines "code,population" of the place and "question,choice,population"; a first line without a number is a heading. domains NULL: codes are not
 * checked; else its domains and groups. Margins that do not add up to the same are a fault. (margins.c) */
void margins_parse(Arena *a, Str csv, const Dataset *domains, Margins *out, MarginFaults *faults);
StrList weighting_questions(Arena *a, const Margins *m);       /* beside the place, in order */
bool weighting_has(const Margins *m, Str question);
/* A CSV or XLSX file as such lines, the same line numbers. ERR_INVALID, ERR_TOO_LARGE. */
MUST_USE Err margins_file(Arena *a, Str bytes, Str *out_csv);

/* ---- From base weights to weights (steps.c) ------------------------------------------------------------------- */
/* Weights to margins, trimming, margins again: one post-stratification or raking each, over n records that are told with a place. margin: the place
 * first where it has totals. Totals of places that are hidden are left out; the others shrink in proportion. */
typedef struct WeightSteps {
    size_t n; uint32_t *record;
    double *before, *after;
    StatsMargin margin[1 + GROUPS_MOST]; size_t n_margins;
    bool raked;                                  /* to more than the place */
    double cap, bound, moved;                    /* bound: the largest weight that trimming left; moved: share of the sum it cut */
    size_t trimmed;
    StatsSweeps sweeps;                          /* of the last raking */
    StatsAdjustment fit;                         /* raked: for residuals */
} WeightSteps;
void steps_margins(Arena *a, const Margins *margins, const Dataset *d, WeightSteps *s);        /* of its n records; sets margin, n_margins, raked */
MUST_USE Err steps_run(Arena *a, WeightSteps *s);              /* sets after; "not_converged: …" tells where in sweeps */
MUST_USE Err steps_fit(Arena *a, WeightSteps *s);
/* Influence values by record (of all records) less their fit to the margins. */
void steps_residual(const WeightSteps *s, Arena scratch, double *z);
void steps_cells(Buf *b, const Dataset *d, size_t record);     /* of answers.csv: base weight and groups */

/* ---- Non-response (response.c) -------------------------------------------------------------------------------- */
/* Cases of a class and sums of their base weights. main: of the main sample; the others of cases that were used: answered, eligible without a
 * counted answer, of unknown eligibility, not eligible. e: share of the unknown taken as eligible. factor: of the weights of its answers. */
typedef struct ResponseClass { Str name; int64_t cases, answers; double main, answered, silent, unknown, outside, e, rate, factor; } ResponseClass;
typedef LIST(ResponseClass) ResponseClasses;
/* Sets e, rate and factor: those who answer stand for the eligible of their class. A class without an answer: factor NAN where somebody was eligible;
 * of reserves alone: 0.
 * source: docs/adr/0051; AAPOR, e as in RR3 */
void response_factors(ResponseClasses *c);
/* The class of a case: false: the sample kept no such column. */
bool response_class(Arena *a, Str rule, const Json *parts, const Json *keep, Str *out);

/* ---- Weights (weighting.c) ------------------------------------------------------------------------------------ */
enum { WEIGHT_BINS = 10 };                       /* of weights over their mean: to 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, above */
extern const double weight_bin[WEIGHT_BINS - 1];
/* before: sum of base weights; margin: 0 the place, then the group's number. */
typedef struct WeightCell { size_t margin, domain, n; double before, population; } WeightCell;
typedef struct WeightReport {
    MarginFaults faults;                         /* with any of them there are no weights */
    LIST(WeightCell) cells;
    ResponseClasses classes;                     /* of non-response, by name */
    size_t n, unplaced, strata, units, joined;   /* records told; without a domain; joined: units too small to be told apart */
    double sum, min, max, deff, deff_before, min_g, max_g, moved;      /* moved: share of the sum that trimming cut */
    double bound, misfit; size_t trimmed; int sweeps;                  /* bound: of trimming; sweeps 0: not raked */
    int64_t bins_before[WEIGHT_BINS], bins_after[WEIGHT_BINS];
    double  before;                  /* sum of base weights */
    size_t  alike; Str alike_text;   /* answers by place and groups that tell what each person said; the largest, in words */
    Str     question[GROUPS_MOST]; size_t margins;                     /* beside the place, as cells number them */
    char    fingerprint[65];         /* SHA-256 of the weights' bits in the order of answers: the same weights, the same text */
} WeightReport;
/* Records of a round, hidden cells known, to weights: d->opened and d->weights are set unless the report has faults. */
MUST_USE Err weights_make(Arena *a, const Weighting *w, Dataset *d, WeightReport *out);
/* Groups of which rows of the package would tell opinions of fewer than LEAST_CELL, what its tables hide, or that a few are alike: faults. (group_check.c) */
void groups_check(Arena *a, const Dataset *d, MarginFaults *faults);
/* Of the rows: answers to an item by one crowd (all groups crossed) in one place, fewer than LEAST_CELL opinions or fewer than LEAST_ALIKE that are all
 * satisfied or none. cells: how many such; the largest as an example: n opinions, one of its records, the item. docs/adr/0057 */
typedef struct GroupsAlike { size_t cells, n, record, item; } GroupsAlike;
GroupsAlike groups_alike(const Dataset *d, const uint32_t *crowd);
void weighting_json(Buf *b, const Weighting *w, const Dataset *d);             /* of the package */

/* ---- Rows (weighting_store.c) --------------------------------------------------------------------------------- */
MUST_USE Err weighting_current(Db *db, Arena *a, RoundId round, Weighting *out);      /* version 0: none */
typedef LIST(Weighting) Weightings;
MUST_USE Err weighting_versions(Db *db, Arena *a, RoundId round, Weightings *out);   /* newest first; without their margins */
MUST_USE Err weighting_version(Db *db, Arena *a, RoundId round, int version, Weighting *out);      /* ERR_NOT_FOUND */
MUST_USE Err weighting_load(Db *db, Arena *a, int64_t id, Weighting *out);
MUST_USE Err weighting_add(Db *db, Arena *a, RoundId round, Weighting *w);            /* id and version are set here */
MUST_USE Err weighting_published(Db *db, Arena *a, RoundId round, bool *out);         /* an edition was made with one */
MUST_USE Err weightings_remove(Db *db, Arena *a, RoundId round);                      /* ERR_CONFLICT: published */
/* The first stage that was drawn from more units than one taken for certain makes the sampling unit; certain units are strata. */
void weighting_place(const uint8_t key[16], const Json *parts, DataSource *out);
/* Answers of the round with their place in its drawn sample; *out_missing: answers of no case. */
MUST_USE Err weighting_sources(Db *db, Arena *a, RoundId round, const uint8_t key[16], Dataset *d, int64_t *out_missing);
/* Base weights times the factors of their classes; faults where a class has none or 0. After weighting_sources. */
MUST_USE Err weighting_responses(Db *db, Arena *a, RoundId round, Str rule, Dataset *d, WeightReport *report);
/* All together: the records of a round as the recipe has them. */
MUST_USE Err weighting_dataset(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, const Weighting *w, Dataset *out,
                               WeightReport *report);
Str weighting_fault_text(Arena *a, Lang l, const MarginFault *f);

#endif
