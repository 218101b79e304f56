/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frozen, numbered publications: figures, open package, seal, list of changes, verification. */
#ifndef EDITION_EDITION_H
#define EDITION_EDITION_H

#include "collect/collect.h"
#include "jobs/jobs.h"

/* One figure, as in the public JSON: {"name","label","unit","domain":{…},"n","value","se","low","high","suppressed"}. */
typedef struct Figure {
    Str name, label_vi, label_en, unit;          /* "satisfied.B2.1", "Tiếp cận dịch vụ", "%" */
    Str by, value;                               /* domain: question and choice, "tinh" = "24"; empty: all */
    int64_t n;                                   /* answers with an opinion; 0 when suppressed */
    double x, se, low, high;                     /* NAN: undefined */
    bool suppressed;
} Figure;
typedef LIST(Figure) Figures;
const Figure *figure_find(const Figures *f, Str name, Str by, Str value);   /* NULL: none */

typedef struct EditionRow {
    EditionId id; RoundId round; Str round_code;
    int number; Str title_vi, title_en;
    Str label;                                   /* "unweighted", "weighted", "simulated-unweighted", "simulated-weighted" */
    int64_t weighting;                           /* its recipe; 0: unweighted */
    Str place;                                   /* the round's question of the province; empty: none is set */
    Time opened; Date on; UnitId owner;          /* of the round: when it opened, the day whose units it names; whose it is */
    Str method, reason, package_sha, figures_sha, fingerprint;
    Time published_at; int64_t n; bool simulated;
    EditionId superseded_by; int superseded_number;   /* 0: the latest */
    Str csv_sha; int64_t csv_bytes, json_bytes[LANG_COUNT];      /* empty, 0: an edition of before; computed when asked for */
} EditionRow;
typedef LIST(EditionRow) EditionRows;
Str edition_title(const EditionRow *e, Lang l);
Str edition_path(Arena *a, const EditionRow *e);                         /* "/results/sipas-2026/1": short, and the same for ever */
Str edition_package_path(Arena *a, const EditionRow *e);                 /* of its open package, .zip */

MUST_USE Err edition_list(Db *db, Arena *a, EditionRows *out);           /* newest first */
MUST_USE Err edition_of_round(Db *db, Arena *a, RoundId round, EditionRows *out);   /* by number */
MUST_USE Err edition_load(Db *db, Arena *a, EditionId id, EditionRow *out);
/* Number 0: the newest of the round. */
MUST_USE Err edition_by_number(Db *db, Arena *a, Str round_code, int64_t number, EditionRow *out);
MUST_USE Err edition_figures(Db *db, Store *s, Arena *a, const EditionRow *e, Figures *out);
/* Figures "satisfied.ITEM" and "coded.QUESTION:CODE" that any edition of the round hides: name, by and value. */
MUST_USE Err editions_hidden(Db *db, Arena *a, const AppInfo *app, RoundId round, Figures *out);
/* Groups that figures are published by beside the place, with their names, as the questionnaire has them: first the question (value empty), then its
 * choices. Figure.by and .value name them. None in editions of before. */
typedef struct EditionGroup { Str by, value; Str label[LANG_COUNT]; } EditionGroup;
typedef LIST(EditionGroup) EditionGroups;
MUST_USE Err edition_groups(Db *db, Store *s, Arena *a, const EditionRow *e, EditionGroups *out);
/* True when the receipt's hash was counted in an edition; *out the first one. */
MUST_USE Err edition_counts_receipt(Db *db, Arena *a, Str receipt_hash, bool *out, EditionId *out_edition);

/* Publishes a closed round (number 1), or a correction of a published one (next number, reason required; the round's
 * answers as they are now). Inside a write transaction. ERR_CONFLICT: wrong state or nothing to publish;
 * ERR_INVALID: a correction without a reason. */
MUST_USE Err edition_publish(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, Str reason, PersonId by, Time now, EditionId *out);

/* The same in two steps: prepare reads in any transaction and writes the files; save writes the rows in a write transaction.
 * ERR_BUSY: answers changed between them. */
/* receipts_written: those of row.id stand already, written in pieces by the job. */
typedef struct EditionWork { EditionRow row; EditionId last; UnitId owner; Str round_code; int64_t revision; bool receipts_written; } EditionWork;
MUST_USE Err edition_prepare(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, Str reason, Time now, EditionWork *out);
MUST_USE Err edition_save(Db *db, Arena *a, const EditionWork *w, PersonId by);

/* The same as a job (args: {"round":N,"reason":"…"}), for what is too much for one request: figures and package are made
 * from one view of the answers while others write, and stand only if the answers are the same when they are saved. */
extern const JobKind edition_publish_job, edition_correct_job;

/* Takes away what publications that were cut off for good left behind, a day later; no transaction is open. */
MUST_USE Err edition_tidy(Db *db, Arena *a, Time now);

/* Recomputes from the package alone. pinned_key: hex of the public key, or empty. Faults are one line each. again: figures shown that were computed again;
 * bounded: weighted ones of groups that no row tells, of which number of answers and bounds were checked; groups: questions of these. */
typedef struct EditionVerdict { bool ok; Str fingerprint, title; int number; StoreFaults faults; size_t again, bounded; StrList groups; } EditionVerdict;
MUST_USE Err edition_verify(Arena *a, Str zip_bytes, Str pinned_key, EditionVerdict *out);
/* For packages of other modules: the list of sums and the seal over it, in room for two more parts; and both checked. */
struct ZipPart;
struct ZipReader;
void package_seal(Arena *a, const AppInfo *app, struct ZipPart *parts, size_t *n, Str *out_fingerprint);
MUST_USE Err package_check(Arena *a, struct ZipReader *zip, Str pinned_key, Str *out_fingerprint, StoreFaults *out);
/* Every edition's package is there, whole and agrees with itself: for `thuocdo check`. */
MUST_USE Err edition_check(Db *db, Store *s, Arena *a, StoreFaults *out);
/* Fingerprint of this installation's seal, shown on /about. */
Str edition_seal_fingerprint(Arena *a, const AppInfo *app);
Str edition_seal_key(Arena *a, const AppInfo *app);                      /* hex */

/* Demonstration: weights of a simulated round to populations ("code,population" lines) on a simulated sample; in a write transaction. */
MUST_USE Err edition_demo_weights(Db *db, Arena *a, RoundId round, Str margins, Time now);

/* The share of the satisfied by province in the newest edition that has it, for the home page. */
struct Look;
typedef struct EditionHeadline { EditionRow row; Figures figures; const struct Look *look; bool any; } EditionHeadline;      /* look NULL: made when drawn */
MUST_USE Err edition_headline(Db *db, Store *s, Arena *a, EditionHeadline *out);
/* The charts of one edition or live round; see results.c. id is a prefix for ids on the page. */
void edition_map(Out *o, Db *db, const EditionHeadline *h);
/* Provinces by their index with intervals and ranges of ranks. mine: code of one to mark, or empty. */
void edition_rank(Out *o, Db *db, const EditionHeadline *h, Str mine);
/* Figures of a round as it runs, in steps of LEAST_CELL answers a cell (live.c): the only ones that may be shown of it. */
MUST_USE Err edition_live(Db *db, Store *s, Arena *a, const AppInfo *app, const Round *r, Figures *out);

/* ---- For modules that estimate from the records themselves (outside.c) ------------------------------------ */
/* What a round's method makes of its questionnaire: nodes (index, contents, factors; parents first) and items. node: its factor, -1 none. */
typedef struct PlanNode { Str code, kind; int parent; Str label[LANG_COUNT]; } PlanNode;
typedef struct PlanItem { Str name, code; int node; Str label[LANG_COUNT]; } PlanItem;
typedef struct EditionPlan { LIST(PlanNode) nodes; LIST(PlanItem) items; } EditionPlan;
MUST_USE Err edition_plan(Db *db, Arena *a, const FormProgram *p, const Round *r, EditionPlan *out);       /* without items: empty */
bool edition_plan_below(const EditionPlan *p, int node, int top);       /* node is top or lies below it */
/* The recipe in force. version 0: none. design: "none", "stated", "sample", "simulated"; margins: domains with a known total. */
typedef struct RecipeFacts { int64_t id; int version; Str design, source, units, response; double cap; size_t margins; Time made_at; } RecipeFacts;
MUST_USE Err edition_recipe(Db *db, Arena *a, RoundId round, int64_t id, RecipeFacts *out);         /* id 0: the one in force */
/* Weights of the records that count, by id. n 0: there is no recipe, or its margins do not fit these answers. stratum and unit 0: none is known;
 * post: post-stratum from 1, 0 none. */
typedef struct RecordWeights {
    size_t n; int64_t *id; const double *weight; const uint32_t *stratum, *unit; uint16_t *post;
    bool probability, adjusted;
} RecordWeights;
MUST_USE Err edition_record_weights(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, RecordWeights *out);

/* A recipe computed again on the answers that count. version 0: the newest. faults: why there are no weights. fingerprint: SHA-256 of the weights' bits. */
typedef struct WeightsReplay {
    int version; size_t n; double sum, min, max, deff; Str fingerprint; StrList faults;
    size_t records; const int64_t *id; const double *weight;
} WeightsReplay;
MUST_USE Err edition_weights_replay(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, int version, WeightsReplay *out);

extern const Route edition_public_routes[], edition_console_routes[], weighting_routes[], edition_api_routes[];

#endif
