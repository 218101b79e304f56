/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of sample share; nobody else includes this. */
#ifndef SAMPLE_PARTS_H
#define SAMPLE_PARTS_H

#include "sample/sample.h"
#include "sample/stream.h"

/* ---- tree.c: the units of the stages above the last, and what each stratum of each unit holds ---------- */
enum { NONE = -1 };
typedef struct Unit_ SampleUnit;
struct Unit_ { Str name; int64_t above, cell, ordinal; uint64_t size; int64_t rows, strata_hash; int line; };
/* One stratum of one unit above (of the whole frame at the first stage). */
typedef struct SampleCell {
    int64_t  above;                   /* index among the units of the stage above; NONE at the first stage */
    Str      stratum;                 /* values joined by '|' */
    int64_t  units;                   /* at the last stage elements: rows, or numbers */
    uint64_t measure;                 /* sum of the column that the allocation goes by */
    double   sd; bool has_sd;
    LIST(int64_t) list;               /* indices of units; not at the last stage */
    LIST(uint64_t) sizes;             /* last stage drawn by size: of each row */
} SampleCell;
typedef LIST(SampleUnit) SampleUnits;
typedef LIST(SampleCell) SampleCells;

/* Where names are found again: (above, text) → index. */
typedef struct NameSlot { uint64_t hash; int64_t above, index; Str name; } NameSlot;
typedef struct NameMap { NameSlot *slot; size_t cap, len; } NameMap;
int64_t name_find(const NameMap *m, int64_t above, Str name);                         /* NONE: not there */
void name_put(Arena *a, NameMap *m, int64_t above, Str name, int64_t index);

typedef struct StageColumns { int unit, count, size, of, sd; int strata[SAMPLE_NAMES]; size_t strata_len; } StageColumns;
typedef struct SampleTree {
    const SampleDesign *design;
    const SampleFrame  *frame;
    StageColumns column[SAMPLE_STAGES];
    int keep[SAMPLE_NAMES];
    SampleUnits units[SAMPLE_STAGES];
    SampleCells cells[SAMPLE_STAGES];
    NameMap unit_names[SAMPLE_STAGES], cell_names[SAMPLE_STAGES];
    int64_t elements;
    uint64_t *seen; size_t seen_mask;   /* hashes of (unit above, name) of the last stage: no element twice */
    SampleFaults *faults;
    Arena *a, *fault_arena;
} SampleTree;
bool frame_tree_read(Arena *a, Arena *keep, const SampleDesign *d, const SampleFrame *f, SampleTree *out, SampleFaults *faults);
/* The last stage's cell of a row that frame_tree_read has read. */
int64_t frame_tree_cell_of(const SampleTree *t, Arena scratch, const CsvRow *row);
Str frame_tree_element_name(const SampleTree *t, Arena *a, const CsvRow *row);
/* Names of a unit and those above it, then the stratum, as netstrings. */
Str frame_tree_path(const SampleTree *t, Arena *a, int stage, const SampleCell *cell);

void sample_faults_read(Arena *a, Str json, SampleFaults *out);   /* as the jobs keep them */

/* frame.c */
typedef struct FrameReader { CsvReader csv; const SampleFrame *frame; const char *kept; } FrameReader;
FrameReader frame_reader(const SampleFrame *f);
bool frame_next(FrameReader *r, Arena *a, CsvRow *out);       /* gives pages behind the reader back */
bool frame_header(Arena *a, SampleFrame *f, SampleFaults *faults);
void frame_csv_fault(Arena *a, const FrameReader *r, SampleFaults *faults);
bool whole_number(Str cell, uint64_t *out);                   /* 0..10^11, blanks around it aside */

#endif
