/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of offline share; nobody else includes this. */
#ifndef OFFLINE_PARTS_H
#define OFFLINE_PARTS_H

#include "offline/offline.h"
#include "view/component.h"

/* ---- carry_key.c: what interviews are sealed with on their way ------------------------------------------ */
Str  carry_key(Arena *a, const AppInfo *app);                               /* hex of the public point, 04 x y */
/* An interview's key from its wrapping (both hex); false: not sealed for this installation, or changed. */
bool carry_unwrap(Arena *a, const AppInfo *app, Str point, Str wrapped, uint8_t out[32]);
bool carry_open(Arena *a, const uint8_t key[32], const uint8_t iv[12], Str box, Str *out);   /* false: changed */

/* ---- carry_file.c: what a machine carried out; slices of the bytes that were read ------------------------ */
typedef struct CarryPiece { uint8_t iv[12]; Str box; } CarryPiece;
typedef struct CarryFile { Str name; CarryPiece piece; } CarryFile;
typedef struct CarryRecord { Str instance, form_id, point, wrapped; CarryPiece xml; LIST(CarryFile) files; } CarryRecord;
typedef LIST(CarryRecord) CarryRecords;
MUST_USE Err carry_read(Arena *a, Str bytes, CarryRecords *out);           /* ERR_INVALID says where */

/* ---- carry_pages.c -------------------------------------------------------------------------------------------- */
typedef enum CarryKind { CARRY_NEW, CARRY_SAME, CARRY_CONFLICT, CARRY_UNKNOWN, CARRY_SEALED } CarryKind;   /* SEALED: not ours, or changed */
typedef struct CarryResult { Str instance; int64_t files; CarryKind kind; } CarryResult;
typedef struct MachineRow { const Device *d; OfflineState s; bool told; Str receipts_href; } MachineRow;
typedef struct MachinesView {
    const Round *r; LIST(MachineRow) rows; LIST(CarryResult) results; FieldErrors errors; Str token, action, back_href; DeviceId chosen; Time now; bool done;
} MachinesView;
/* Whole records of a device in a round, newest first, 5,000 at most. */
typedef struct OfflineName { Str form_id, instance; } OfflineName;
typedef LIST(OfflineName) OfflineNames;
MUST_USE Err offline_names(Db *db, Arena *a, RoundId round, DeviceId device, OfflineNames *out);

/* ---- shell.c: the page itself, its worker and its manifest ---------------------------------------------- */
Err offline_page(Ctx *c);
Err offline_worker(Ctx *c);
Err offline_manifest(Ctx *c);

typedef struct ShellView { Str release, texts, help_phone; bool demo; } ShellView;      /* texts: JSON */

#endif
