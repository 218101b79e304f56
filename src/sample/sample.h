/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frames, designs, draws. A draw is a function of design, frame and seed: the same three give the same list, byte for
 * byte, on any machine. README.md describes the design's JSON, the generator and the columns of the list. */
#ifndef SAMPLE_SAMPLE_H
#define SAMPLE_SAMPLE_H

#include "base/csv.h"
#include "base/json.h"
#include "i18n/i18n.h"

enum { SAMPLE_STAGES = 6, SAMPLE_FAULTS = 100, SAMPLE_NAMES = 20, SAMPLE_SEED_BYTES = 200 };
enum { SAMPLE_ROWS = 10000000 };                     /* of a frame */
#define SAMPLE_CASES 2000000                         /* of a drawn list, reserves included */

/* ---- The design ------------------------------------------------------------------------------------ */
typedef enum SampleMethod { SAMPLE_ALL, SAMPLE_SRS, SAMPLE_SYSTEMATIC, SAMPLE_PPS, SAMPLE_METHOD_COUNT } SampleMethod;
typedef enum SampleRule {
    SAMPLE_FIXED, SAMPLE_PROPORTIONAL, SAMPLE_EQUAL, SAMPLE_SQRT, SAMPLE_NEYMAN, SAMPLE_RATE, SAMPLE_RULE_COUNT
} SampleRule;
Str  sample_method_code(SampleMethod m);             /* "pps" */
Str  sample_rule_code(SampleRule r);                 /* "sqrt" */
bool sample_method_parse(Str code, SampleMethod *out);
bool sample_rule_parse(Str code, SampleRule *out);

typedef struct SampleShare { Str stratum; int64_t n; } SampleShare;
/* How many units each stratum gets within one unit of the stage above. */
typedef struct SampleTake {
    SampleRule rule;
    int64_t n;                        /* fixed: of each stratum; SAMPLE_RATE: unused; else of all strata together */
    double  rate;                     /* 0..1, SAMPLE_RATE */
    Str     of;                       /* column whose sum is a stratum's size; empty: number of units */
    Str     sd;                       /* Neyman: column with the standard deviation, the same in all rows of a stratum */
    int64_t least, most;              /* of each stratum; most 0: no limit */
    LIST(SampleShare) by;             /* fixed: strata that get another number than n */
} SampleTake;
typedef struct SampleStage {
    Str     label;                    /* for people */
    Str     unit;                     /* column that names the unit; last stage: empty means each row */
    Str     count;                    /* last stage: each row of the frame holds numbers 1..count, which are drawn */
    StrList strata;                   /* columns */
    SampleMethod method;
    Str     size;                     /* PPS: column with the measure of size */
    bool    size_each;                /* every row of a unit holds the unit's size; else the rows' sizes add up */
    bool    shuffle;                  /* units are put into random order before systematic or PPS selection */
    SampleTake take;
    int64_t reserve;                  /* last stage: kept in reserve, in each stratum of each unit above */
} SampleStage;
typedef struct SampleDesign { Str title; SampleStage stage[SAMPLE_STAGES]; size_t stages; StrList keep; } SampleDesign;

/* ---- What is wrong with a design or a frame ---------------------------------------------------------- */
typedef enum SampleFaultKind {
    SAMPLE_FAULT_JSON, SAMPLE_FAULT_KEY, SAMPLE_FAULT_VALUE, SAMPLE_FAULT_STAGES, SAMPLE_FAULT_COLUMN, SAMPLE_FAULT_LAST,
    SAMPLE_FAULT_SIZE_COLUMN, SAMPLE_FAULT_SD_COLUMN, SAMPLE_FAULT_KEEP, SAMPLE_FAULT_CSV, SAMPLE_FAULT_NO_ROWS,
    SAMPLE_FAULT_HEADING, SAMPLE_FAULT_HEADING_TWICE, SAMPLE_FAULT_CELLS, SAMPLE_FAULT_EMPTY, SAMPLE_FAULT_NUMBER,
    SAMPLE_FAULT_TWICE, SAMPLE_FAULT_MOVED, SAMPLE_FAULT_DIFFERS, SAMPLE_FAULT_STRATUM, SAMPLE_FAULT_NO_SIZE,
    SAMPLE_FAULT_TOO_MANY, SAMPLE_FAULT_SEED, SAMPLE_FAULT_XLSX, SAMPLE_FAULT_COUNT
} SampleFaultKind;
/* stage from 1, 0: none; line of the file from 1, 0: none; value: what was found there. */
typedef struct SampleFault { SampleFaultKind kind; int stage, line; Str column, value; } SampleFault;
typedef struct SampleFaults { SampleFault *at; size_t len, cap; int64_t all; } SampleFaults;   /* the first SAMPLE_FAULTS are kept */
void sample_fault(Arena *a, SampleFaults *f, SampleFault x);
Str  sample_fault_code(SampleFaultKind k);           /* "number": the catalogue has sample.fault.<code> */
Str  sample_fault_text(Arena *a, Lang l, const SampleFault *f);

/* Reads and checks a design as far as it can be without its frame. False: faults say why. */
bool sample_design_read(Arena *a, Str json, SampleDesign *out, SampleFaults *faults);
bool sample_design_of(Arena *a, const Json *tree, SampleDesign *out, SampleFaults *faults);
/* The one text of a design: every field, in order, no blanks. Its SHA-256 names the design. */
void sample_design_write(Buf *b, const SampleDesign *d);

/* ---- The frame: comma-separated text in memory or mapped, read from the beginning to the end ------------ */
typedef struct SampleFrame { Str name, bytes, sha256; StrList columns; int64_t rows; bool mapped; } SampleFrame;
/* Maps a file; pages behind the reader are given back, so that a large frame takes little memory.
 * ERR_NOT_FOUND, ERR_IO. Close it. */
MUST_USE Err sample_frame_open(Arena *a, Str path, SampleFrame *out);
void sample_frame_close(SampleFrame *f);
/* Tells how many bytes of the whole are read; false stops. May be NULL. */
typedef bool (*SampleSeen)(void *by, int64_t rows, size_t bytes, size_t all);
typedef struct SampleColumn {
    Str name; int64_t empty, longest; bool whole, negative;   /* whole: every cell that is not empty is a whole number */
    Str seen[5]; int seen_len; int64_t distinct;              /* the first values; distinct: at most 1,000 are told apart */
    uint64_t sum;
} SampleColumn;
typedef LIST(SampleColumn) SampleColumns;
/* Headings, shape and contents of the columns; faults by line and column. False when there are faults. */
bool sample_frame_check(Arena *a, Arena scratch, SampleFrame *f, SampleSeen seen, void *by, SampleColumns *out, SampleFaults *faults);
/* Headings alone, into f->columns. False: they cannot be read. */
bool sample_frame_columns(Arena *a, SampleFrame *f);
/* Every row below the heading, until each returns false; the row lives as long as the call. */
void sample_frame_each(const SampleFrame *f, bool (*each)(void *by, const CsvRow *row), void *by);
/* The first n rows below the heading, for a preview. */
void sample_frame_head(Arena *a, const SampleFrame *f, size_t n, CsvTable *out);

/* ---- The draw ------------------------------------------------------------------------------------------ */
typedef struct SamplePart {            /* one stage of one case */
    Str stratum, unit;
    int64_t n, pop;                    /* drawn, and in the frame, of the same stratum of the same unit above */
    double  prob;                      /* of inclusion, given the unit above */
    bool    certain, sized;            /* taken for certain because of its size; drawn by size */
} SamplePart;
typedef struct SampleCase {
    Str code;                          /* "00012-5": number in the list and a check digit */
    int64_t reserve;                   /* 0: main sample; else its turn in the reserve of its stratum and unit */
    const SamplePart *part;            /* stages */
    double  weight;                    /* product of 1 / prob */
    int     line;                      /* of the frame */
    const Str *keep;                   /* the design's keep columns */
} SampleCase;
typedef struct SampleStageSum { int64_t frame, drawn, certain, strata, unsized; } SampleStageSum;
typedef struct SampleDraw {
    const SampleDesign *design;
    Str seed, frame_name, frame_sha256; int64_t frame_rows;
    SampleCase *at; size_t len;
    int64_t main, reserve, short_cells;   /* short_cells: strata with fewer units than asked for */
    double  weight_sum;                   /* of the main sample: estimates the number of elements in the frame */
    int64_t elements;                     /* in the frame */
    SampleStageSum sum[SAMPLE_STAGES];
} SampleDraw;
/* The list lives in a; scratch holds counts of units above the last stage, never rows. False: faults say why. */
bool sample_draw(Arena *a, Arena *scratch, const SampleDesign *d, const SampleFrame *f, Str seed, SampleDraw *out, SampleFaults *faults);
/* ASCII letters, digits and marks, 1-SAMPLE_SEED_BYTES of them. */
bool sample_seed_valid(Str seed);
Str  sample_case_code(Arena *a, int64_t number);     /* 12 → "00012-5" */
bool sample_case_code_valid(Str code);

/* ---- The document of a draw --------------------------------------------------------------------------- */
void sample_list_csv(Buf *b, const SampleDraw *d);   /* its SHA-256 is the list's */
typedef struct SampleHashes { Str design, list, whole; } SampleHashes;
SampleHashes sample_hashes(Arena *a, const SampleDraw *d);
void sample_document(Arena *a, Buf *b, const SampleDraw *d, Str program);
/* Draws again from the document and the frame and compares. faults: in English, what does not agree; none: it holds.
 * ERR_INVALID when the bytes are no document. */
typedef LIST(Str) SampleDisagreements;
MUST_USE Err sample_verify(Arena *a, Arena *scratch, Str document, const SampleFrame *f, SampleDisagreements *out);

/* ---- How many: values in, values out -------------------------------------------------------------------- */
/* Respondents for a share p known within ±margin: n0 = z² p (1 - p) deff / margin², n = n0 / (1 + n0 / population).
 * level 0..1 two-sided; population 0: very large; deff >= 1. NAN when an argument makes no sense. docs/statistics.md §4 */
double sample_size(double p, double margin, double level, double deff, double population);
/* The rule of 2012 (Decision 1383/QĐ-BNV): n = N / (1 + N e²), for comparison only. */
double sample_size_2012(double population, double margin);
/* The margin that n gives: the other way round. */
double sample_margin(double p, double n, double level, double deff, double population);
/* n over strata by measure m, floors and ceilings kept, remainders to the largest, ties to the earlier stratum.
 * room: units there are. A sum that cannot be reached gives as many as there is room for. */
void sample_allocate(Arena scratch, int64_t n, size_t strata, const double m[], const int64_t room[], int64_t least, int64_t most, int64_t out[]);

#endif
