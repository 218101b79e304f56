/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of offline share; nobody else includes this. */
#ifndef OFFLINE_PARTS_H
#define OFFLINE_PARTS_H

#include "offline/offline.h"
#include "view/component.h"

/* ---- visit.c: attempts at cases, noted without a line -------------------------------------------------------- */
/* {"visit":"MS-CHANCE","round","case","mode","outcome","callback_at","note"}. False: not of this shape. round: its code. */
bool visit_read(Arena *a, Str json, Str *out_round, FieldVisit *out);
Str  visit_kind_code(VisitKind kind);                                       /* "stored" */
MUST_USE Err visit_tell(Ctx *c, const Caller *caller);                      /* by the key of a device */

/* ---- carry_key.c: what interviews are sealed with on their way ------------------------------------------ */
Str  carry_key(Arena *a, const AppInfo *app);                               /* hex of the public point, 04 x y */
/* An interview's key from its wrapping (both hex); false: not sealed for this installation, or changed. */
bool carry_unwrap(Arena *a, const AppInfo *app, Str point, Str wrapped, uint8_t out[32]);
bool carry_open(Arena *a, const uint8_t key[32], const uint8_t iv[12], Str box, Str *out);   /* false: changed */

/* ---- carry_file.c: what a machine carried out; slices of the bytes that were read. visit: an attempt, its xml is JSON ------------------------ */
typedef struct CarryPiece { uint8_t iv[12]; Str box; } CarryPiece;
typedef struct CarryFile { Str name; CarryPiece piece; } CarryFile;
typedef struct CarryRecord { bool visit; Str instance, form_id, point, wrapped; CarryPiece xml; LIST(CarryFile) files; } CarryRecord;
typedef LIST(CarryRecord) CarryRecords;
MUST_USE Err carry_read(Arena *a, Str bytes, CarryRecords *out);           /* ERR_INVALID says where */

/* ---- carry_in.c, carry_pages.c -------------------------------------------------------------------------------------------- */
/* MORE: here already, but for files of it. SEALED: not ours, or changed. FOREIGN, WRONG: attempts that are not taken. */
typedef enum CarryKind {
    CARRY_NEW, CARRY_MORE, CARRY_SAME, CARRY_CONFLICT, CARRY_UNKNOWN, CARRY_SEALED, CARRY_FOREIGN, CARRY_WRONG, CARRY_KIND_COUNT
} CarryKind;
typedef struct CarryResult { Str instance, title, code; int64_t files; CarryKind kind; bool visit; } CarryResult;
typedef LIST(CarryResult) CarryResults;
/* What a file is taken for: its machine, the round. write false: nothing is written, results say what would come of each record. */
typedef struct CarryIn { const Round *round; const Device *device; bool write; } CarryIn;
/* ERR_INVALID: no carry-out file. No transaction may be open. */
MUST_USE Err carry_in(Ctx *c, const CarryIn *in, Str bytes, CarryResults *out);
typedef struct MachineRow { const Device *d; OfflineState s; bool told; Str receipts_href; } MachineRow;
typedef struct MachinesView {
    const Round *r; LIST(MachineRow) rows; CarryResults results; FieldErrors errors; Str token, action, back_href, file_sum, from;
    DeviceId chosen; Time now; bool looked, done;
} MachinesView;

/* ---- shell.c: the page itself, its worker and its manifest ---------------------------------------------- */
Err offline_page(Ctx *c);
Err offline_worker(Ctx *c);
Err offline_manifest(Ctx *c);

typedef struct ShellView { Str release, texts, help_phone; bool demo; } ShellView;      /* texts: JSON */

#endif
