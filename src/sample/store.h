/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kept frames, designs and drawn samples. */
#ifndef SAMPLE_STORE_H
#define SAMPLE_STORE_H

#include "jobs/jobs.h"
#include "sample/sample.h"
#include "org/scope_page.h"

typedef struct FrameId { int64_t v; } FrameId;
typedef struct DesignId { int64_t v; } DesignId;
typedef struct SampleId { int64_t v; } SampleId;

typedef struct FrameRow {
    FrameId id; UnitId owner; Str title, file_name, upload_sha, sha256, state; int64_t rows, fault_count;
    Str columns, faults; Time made_at, erased_at; PersonId made_by;
} FrameRow;
typedef LIST(FrameRow) FrameRows;
MUST_USE Err frame_add(Db *db, FrameRow *f);                            /* id is set here */
MUST_USE Err frame_load(Db *db, Arena *a, FrameId id, FrameRow *out);   /* ERR_NOT_FOUND */
MUST_USE Err frame_list(Db *db, Arena *a, ScopePage *p, FrameRows *out);              /* newest first, without columns and faults */
MUST_USE Err frame_read_done(Db *db, const FrameRow *f);                /* state, rows, columns, faults, sha256 */
/* ERR_CONFLICT: erased already. *out_last: no other frame has the same files. */
MUST_USE Err frame_erase(Db *db, Arena *a, const FrameRow *f, Time now, bool *out_last);
MUST_USE Err frame_open(Store *s, Arena *a, const FrameRow *f, SampleFrame *out);   /* ready frames; close it */

typedef struct DesignRow { DesignId id; FrameId frame; UnitId owner; Str design, faults; int64_t revision; Time made_at; PersonId made_by; } DesignRow;
typedef LIST(DesignRow) DesignRows;
MUST_USE Err design_add(Db *db, DesignRow *d);
MUST_USE Err design_load(Db *db, Arena *a, DesignId id, DesignRow *out);
MUST_USE Err design_list(Db *db, Arena *a, ScopePage *p, DesignRows *out);           /* newest first */
MUST_USE Err design_refused(Db *db, DesignId id, Str faults);            /* why a draw was refused; the design stays as it is */
MUST_USE Err design_save(Db *db, DesignRow *d);                         /* ERR_CONFLICT: changed meanwhile */

typedef struct SampleRow {
    SampleId id; FrameId frame; UnitId owner; Str title, design, seed, program, design_sha, frame_sha, list_sha, sha256, document_sha, list_file;
    int64_t main, reserve; Time drawn_at; PersonId drawn_by;
} SampleRow;
typedef LIST(SampleRow) SampleRows;
MUST_USE Err sample_add(Db *db, Arena *a, SampleRow *r, const SampleDraw *d);      /* with its cases */
MUST_USE Err sample_load(Db *db, Arena *a, SampleId id, SampleRow *out);
MUST_USE Err sample_list(Db *db, Arena *a, ScopePage *p, SampleRows *out);            /* newest first, without designs */
typedef struct SampleCaseRow { int64_t number, reserve, line; Str code, cell, parts, keep; double weight; } SampleCaseRow;
typedef LIST(SampleCaseRow) SampleCaseRows;
/* Cases from number first on, at most n of them. */
MUST_USE Err sample_cases(Db *db, Arena *a, SampleId id, int64_t first, int64_t n, SampleCaseRows *out);

extern const JobKind frame_read_job, sample_draw_job;
extern const Route sample_console_routes[];                             /* under /console */

#endif
