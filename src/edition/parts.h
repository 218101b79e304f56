/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of edition share; nobody else includes this. */
#ifndef EDITION_PARTS_H
#define EDITION_PARTS_H

#include "base/csv.h"
#include "base/json.h"
#include "base/zip.h"
#include "edition/edition.h"
#include "edition/look.h"
#include "method/method.h"
#include "stats/stats.h"

enum { LEAST_CELL = 5 };             /* cells with fewer opinions are hidden in every channel */
enum { LEAST_ALIKE = 30 };           /* with fewer, cells where all or none are satisfied are too */

typedef struct DataItem { Str name, code; int node; Str label[LANG_COUNT]; } DataItem;   /* node: its factor, -1: none */
typedef struct DataDomain { Str code; Str label[LANG_COUNT]; } DataDomain;               /* 0: not known */

/* Answers of one item in one cell of a breakdown: opinions, of these 4 and 5, the sum of their steps; no opinion. */
typedef struct CellSum { int64_t n, satisfied, points, none; } CellSum;
/* A question of one choice by which figures are published beside the place (breaks.c). No row of the package says how anybody answered it. */
typedef struct Breakdown {
    Str question; Str label[LANG_COUNT];
    LIST(DataDomain) domains;        /* 0: not known */
    uint8_t *of;                     /* one a record; NULL when read from a package */
    CellSum *at;                     /* items × domains */
    bool    *hidden;                 /* the same */
} Breakdown;

/* Coded answers of an open question, of the whole alone. hidden: under LEAST_CELL, or kept back with such ones. */
typedef struct CodedCode { Str code, parent; Str label[LANG_COUNT]; int64_t n; bool hidden; } CodedCode;
typedef struct CodedTable { Str question; Str label[LANG_COUNT]; LIST(CodedCode) codes; int64_t n; } CodedTable;     /* n: answers coded */

/* Answers as counted, and the plan by which they are pooled. From the database, live counters or a package. */
typedef struct Dataset {
    Str method;                      /* its name */
    const SurveyMethod *how;               /* NULL: none is known */
    MethodNodes nodes;               /* of it: parents before children */
    LIST(DataItem)   items;
    LIST(DataDomain) domains;
    Str by;                          /* question of the domain, "tinh"; empty: none */
    LIST(Str) steps;                 /* names of the choices 1..5 in order, from the first item's list */
    Str step_label[LIKERT_STEPS][LANG_COUNT];
    TallyTable table;
    bool      *hidden;               /* items × domains */
    bool      *few;                  /* items of which not even the whole is told; NULL: those of too few answers */
    Figures    earlier;              /* hidden ones of earlier editions of the round: they stay hidden */
    LIST(Breakdown) breaks;          /* none when made from counters */
    LIST(Breakdown) groups;          /* what weights are raked to beside the place: question, domains and of alone */
    LIST(CodedTable) coded;          /* none when made from counters */
    const struct DataWeights *weights;   /* NULL: unweighted */
    const struct Opened      *opened;    /* with weights: what figures stand on */
    /* One row a respondent, items bytes each: 0 not asked, 1..5, 9 no opinion. NULL when made from counters. */
    uint8_t   *values; uint16_t *domain_of; size_t records;
    TallyTable unplaced;             /* hidden answers, read from a package */
    struct DataSource *source;       /* of each record, from a round only */
} Dataset;

/* Where a record came from in the sample. Keys are hashes of codes under this installation's secret: equal or not is all they tell. */
typedef struct DataSource { int64_t id; double base; uint64_t stratum, unit; uint32_t response; } DataSource;      /* response: class, 0 none */

/* What the package tells (opened.c): values without those of hidden cells, whether anything of a record is left, and the hidden answers by item. */
typedef struct Opened { uint8_t *values; bool *told; TallyTable unplaced; } Opened;
Opened dataset_open(Arena *a, const Dataset *d);

/* How records stand for the population, by record (weigh.c): weights of told records, strata from 1, sampling units from 1 within their
 * stratum (0: the record is a unit of its own). Answers without a place stand in stratum 0, each by itself, with the mean weight. */
typedef struct DataWeights {
    double   *weight, *base;         /* base: before all margins; with steps alone */
    uint32_t *stratum, *unit;
    double    mean;
    bool      probability;           /* false: no standard errors */
    bool      adjusted;              /* weights meet known totals of the domains */
    const struct WeightSteps *steps; /* weights are raked to several margins; NULL: they are not */
} DataWeights;
enum { WEIGHT_COLUMNS = 3 };
extern const Str weight_column[WEIGHT_COLUMNS];                /* weight, stratum, psu: of answers.csv */
void weight_cells(Buf *b, const DataWeights *w, size_t record, bool told);

/* weigh.c: estimates of figures. */
typedef struct Weigher Weigher;
MUST_USE Err weigher_new(Arena *a, const Dataset *d, Weigher **out);
/* A set of items that pool, and what it weighs in a mean of several. */
typedef struct FigurePart { const bool *items; double weight; } FigurePart;
/* One figure: over rows of the domain (0: all), the weighted mean over its parts of sum w·part / sum w·answers; none: answers of no opinion count below
 * the line too. Sets x, se, low, high; share: percent. Figures at 0 or 100 get their interval from weigher_bounds, when all others are made. */
typedef struct WeighOrder { size_t domain; const FigurePart *of; size_t parts; bool pooled; const double *part; bool none, share; } WeighOrder;
MUST_USE Err weigh_figure(Weigher *w, const WeighOrder *x, size_t at, Figure *out);
void weigher_bounds(const Weigher *w, Figures *f);
/* Percent by logit, or Korn and Graubard where few answered or the share is extreme; means: x ± t se. f->x and f->se are set. */
void weigh_interval(Figure *f, bool share, double df, double rows);

/* weigh_breaks.c: the same in a cell of a breakdown, which cuts across strata and units. */
typedef struct BreakWeigher BreakWeigher;
MUST_USE Err break_weigher_new(Arena *a, const Dataset *d, BreakWeigher **out);
MUST_USE Err weigh_break(BreakWeigher *w, const WeighOrder *x, size_t breakdown, Figure *out);      /* domain: of the breakdown, from 1 */

/* breaks.c. false: the question is none of one choice that people are grouped by. Its label is the question's. */
bool breakdown_plan(Arena *a, const FormProgram *p, Str question, Breakdown *out);
size_t breakdown_domain(const Breakdown *b, Str code);                      /* 0 when unknown */
void breaks_plan(Arena *a, const FormProgram *p, Dataset *d);
void breaks_room(Arena *a, Dataset *d, size_t records);
void breaks_read(const Dataset *d, const Json *answers, size_t record);
void cell_add(CellSum *c, uint8_t value);                                   /* one answer, as values of a Dataset */
void breaks_count(Dataset *d);
CellSum *break_cell(const Dataset *d, size_t breakdown, size_t item, size_t domain);
bool break_hidden(const Dataset *d, size_t breakdown, size_t item, size_t domain);
Breakdown *break_find(const Dataset *d, Str question);                      /* NULL: none */
Str  breaks_csv(Arena *a, const Dataset *d);                                /* counts of cells that are told */
MUST_USE Err breaks_parse(Arena *a, Str csv, Dataset *d);                   /* ERR_INVALID: what cannot have been published */

/* figures_cache.c: figures and groups read from the file of that sum, copied into a; false: they are not kept. */
bool figures_cached(Arena *a, Str sha, Figures *f, EditionGroups *g);
void figures_cache(Str sha, const Figures *f, const EditionGroups *g);
size_t figures_cache_bytes(void);

/* hide.c, hidden.c: what is told of items in places and breakdowns, decided together; what an earlier edition hid stays hidden. */
void dataset_hide(Arena *a, Dataset *d);
bool hidden_earlier(const Figures *earlier, Str name, Str by, Str value);

/* dataset.c: the plan from a form and a method; then the answers. */
MUST_USE Err dataset_plan(Db *db, Arena *a, const FormProgram *p, Str method, Str unit_question, Dataset *out);
const SurveyMethod *dataset_how(const Dataset *d);             /* never NULL */
/* units: question that names the sampling unit, or empty; key: of the hashes. earlier: see Dataset. groups: questions that weights are raked to. */
MUST_USE Err dataset_from_round(Db *db, Arena *a, const FormProgram *p, const Round *r, Str units, const uint8_t key[16], const Figures *earlier,
                                const StrList *groups, Dataset *out);
MUST_USE Err dataset_from_counters(Db *db, Arena *a, const FormProgram *p, const Round *r, Dataset *out);
MUST_USE Err live_dataset(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, Dataset *out);   /* live.c */
/* SipHash of a code below another hash; never 0. */
uint64_t secret_hash(const uint8_t key[16], uint64_t above, Str code);
void dataset_count(Dataset *d);      /* table from values */
int  dataset_item(const Dataset *d, Str name);
int  dataset_domain(const Dataset *d, Str code);         /* 0 when unknown */
bool node_within(const Dataset *d, int node, int top);   /* node is top or below it */

/* edition_pages.c: the files of an edition, as they are handed out. */
Str edition_csv_bytes(Arena *a, const Figures *f);
Str edition_json_bytes(Arena *a, const EditionRow *e, const Figures *f, Lang lang);

/* coded.c */
void coded_hide(CodedTable *t);
MUST_USE Err coded_from_round(Db *db, Arena *a, const FormProgram *p, RoundId round, const SubmissionId *ids, size_t n, Dataset *d);
void coded_figures(Arena *a, const Dataset *d, Figures *out);               /* "coded.gop_y" (n), "coded.gop_y:cho-lau" (%) */
Str  coded_csv(Arena *a, const Dataset *d);
bool coded_codebook(Arena *a, Str kind, Str question, Str name, Str parent, Str vi, Str en, Dataset *d);
MUST_USE Err coded_read(Arena *a, Str csv, Dataset *d);                     /* ERR_INVALID: what cannot have been published */

/* figures.c */
MUST_USE Err figures_compute(Arena *a, const Dataset *d, Figures *out);      /* of the records of weighted data; else of the table alone */
bool figures_have_se(const Figures *f);                                     /* some figure has an interval */
void figures_json(Buf *b, const Figures *f, Lang lang);                     /* the array of "indicators" */
void figures_csv(Buf *b, const Figures *f);
MUST_USE Err figures_parse(Arena *a, const Json *indicators, Figures *out);
/* One change between two editions. before or after NAN: hidden or not there. */
typedef struct FigureChange { Figure before, after; } FigureChange;
typedef LIST(FigureChange) FigureChanges;
FigureChanges figures_diff(Arena *a, const Figures *before, const Figures *after);

/* receipt_store.c: hashes of the receipts an edition counts. They are seen from the commit on that makes the edition. */
extern size_t receipts_a_piece;       /* written by one transaction; tests take fewer */
typedef LIST(EditionId) EditionIds;
MUST_USE Err receipts_copy(Db *db, Arena *a, RoundId round, EditionId edition);         /* in the caller's write transaction */
/* Read in from's transaction, written through another connection in transactions of `piece` rows; ERR_BUSY when the job was halted. */
MUST_USE Err receipts_stream(Db *from, Db *to, Arena *a, RoundId round, EditionId edition, size_t piece);
MUST_USE Err work_begin(Db *db, EditionId edition, Time now);
MUST_USE Err work_end(Db *db, EditionId edition);
/* What was written for an edition that did not come, in transactions of its own; nothing when it did come. */
MUST_USE Err work_drop(Db *db, EditionId edition, size_t piece);

/* package.c */
struct Weighting;
typedef struct PackageInfo {
    Str round, title_vi, title_en, label, reason, version; int number; Time at; int64_t n; bool simulated;
    const struct Weighting *weighting;   /* of weighted data */
} PackageInfo;
MUST_USE Err package_write(Arena *a, const AppInfo *app, const PackageInfo *info, const Dataset *d, const Figures *f,
                           const Figures *before, Str *out_zip, Str *out_fingerprint);
Str seal_fingerprint(Arena *a, const uint8_t public_key[32]);
void results_json(Buf *b, const PackageInfo *info, Str method, const Figures *f, Lang lang);

/* results.c: the charts of one set of figures, for editions and for live rounds. */
typedef struct ResultsView {
    const Figures *figures;
    SurveyMethod how;
    MethodNodes nodes;               /* of the method, parents first */
    Look look;                       /* the same figures by name */
    Str unit_note, csv_href;
    EditionGroups groups;            /* set by the caller; none: no charts of them */
    Units provinces;                 /* on the day of the figures: names and codes */
    Date on;
    Str steps[LIKERT_STEPS];
    bool weighted, intervals;        /* of the figures */
    bool simulated;                  /* set by the caller */
    Str mine;                        /* code of the province to mark; empty: none */
    const EditionRow *e, *earlier;   /* set by the caller where the round before is told; else NULL, and so are these: */
    StatsChange *change, *moved;     /* since then, by look.nodes and look.provinces */
} ResultsView;
Str results_value_label(const Out *o, const ResultsView *v);         /* of the column of the index */
/* weighted is set by the caller. look: of the same figures, when it was made before; else NULL. */
MUST_USE Err results_view(Db *db, Arena *a, Lang l, const Figures *f, Str method, Str place, Date on, const Look *look, Str unit_note, Str csv_href,
                          ResultsView *out);
void results_groups(Out *o, const ResultsView *v);                          /* results_groups.c */
Str  results_group_anchor(Arena *a, Str by);
void results_kpis(Out *o, const ResultsView *v);
void results_charts(Out *o, const ResultsView *v);
void results_map(Out *o, const ResultsView *v);
void results_rank(Out *o, const ResultsView *v);

/* What the page of one edition shows beside the charts. */
typedef struct EditionPage {
    const EditionRow *e, *before;
    EditionRows all;
    Str title, package_href, csv_href, json_href, prefix;
    int64_t package_bytes, csv_bytes, json_bytes;
    FigureChanges changes;
    Str weights, population;         /* how the figures are weighted, and the source of the population */
} EditionPage;
Str edition_note(Ctx *c, const EditionRow *e);

typedef struct LivePage { const Round *round; Str publish_href; bool may_publish; } LivePage;
typedef struct FigureKpi { Str id, name; double x, low, high, mean, from, last; int64_t n; bool suppressed, weighted; ChangeTag change; } FigureKpi;

#endif
