/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Recipes of weights: what they are, their rows, and weights made by them. For files of edition and the demonstration. */
#ifndef EDITION_WEIGHTING_H
#define EDITION_WEIGHTING_H

#include "edition/parts.h"

/* Where the sample comes from: not known (values without standard errors), drawn elsewhere (strata are the domains), the round's own
 * drawn sample, or made up for a simulated round. */
typedef enum SampleSource { SOURCE_NONE, SOURCE_STATED, SOURCE_SAMPLE, SOURCE_SIMULATED, SOURCE_COUNT } SampleSource;
Str  source_code(SampleSource s);                /* "stated" */
bool source_parse(Str code, SampleSource *out);

typedef struct Margin { Str code; double population; int line; } Margin;
typedef LIST(Margin) Margins;
typedef struct Weighting {
    int64_t id; int version;                     /* 0: none */
    SampleSource design;
    Str     units, margins_csv, source;
    double  cap;                                 /* medians of the weights; 0: none */
    Margins margins;
    Time    made_at; PersonId made_by;
} Weighting;

/* What is wrong with margins: a key of the catalogue with line and code. */
typedef struct MarginFault { const char *key; int line; Str code; int64_t n; } MarginFault;
typedef LIST(MarginFault) MarginFaults;
/* Lines "code,population"; a first line without a number is a heading. domains NULL: codes are not checked. */
void margins_parse(Arena *a, Str csv, const Dataset *domains, Margins *out, MarginFaults *faults);

/* ---- Weights (weighting.c) ------------------------------------------------------------------------------------ */
typedef struct WeightCell { size_t domain, n; double before, population; } WeightCell;    /* before: sum of base weights */
typedef struct WeightReport {
    MarginFaults faults;                         /* with any of them there are no weights */
    LIST(WeightCell) cells;
    size_t n, unplaced, strata, units, joined;   /* records told; without a domain; joined: units too small to be told apart */
    double sum, min, max, deff, deff_before, min_g, max_g, moved;      /* moved: share of the sum that trimming cut */
} WeightReport;
/* Records of a round, hidden cells known, to weights: d->opened and d->weights are set unless the report has faults. */
MUST_USE Err weights_make(Arena *a, const Weighting *w, Dataset *d, WeightReport *out);
void weighting_json(Buf *b, const Weighting *w, const Dataset *d);             /* of the package */

/* ---- Rows (weighting_store.c) --------------------------------------------------------------------------------- */
MUST_USE Err weighting_current(Db *db, Arena *a, RoundId round, Weighting *out);      /* version 0: none */
MUST_USE Err weighting_load(Db *db, Arena *a, int64_t id, Weighting *out);
MUST_USE Err weighting_add(Db *db, Arena *a, RoundId round, Weighting *w);            /* id and version are set here */
MUST_USE Err weighting_published(Db *db, Arena *a, RoundId round, bool *out);         /* an edition was made with one */
MUST_USE Err weightings_remove(Db *db, Arena *a, RoundId round);                      /* ERR_CONFLICT: published */
/* The first stage that was drawn from more units than one taken for certain makes the sampling unit; certain units are strata. */
void weighting_place(const uint8_t key[16], const Json *parts, DataSource *out);
/* Answers of the round with their place in its drawn sample; *out_missing: answers of no case. */
MUST_USE Err weighting_sources(Db *db, Arena *a, RoundId round, const uint8_t key[16], Dataset *d, int64_t *out_missing);
/* All together: the records of a round as the recipe has them. */
MUST_USE Err weighting_dataset(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, const Weighting *w, Dataset *out,
                               WeightReport *report);
Str weighting_fault_text(Arena *a, Lang l, const MarginFault *f);

#endif
