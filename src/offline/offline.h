/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The offline page: interviews in a browser without a line. Its shell, what it fetches and tells, receipts. */
#ifndef OFFLINE_OFFLINE_H
#define OFFLINE_OFFLINE_H

#include "field/field.h"
#include "openrosa/openrosa.h"

/* A receipt: who holds what from when, as lines of text, signed by keys of this installation: Ed25519, and ECDSA on P-256 for
 * browsers that lack the former. */
typedef struct OfflineReceipt { Str text, signature, p256; } OfflineReceipt;      /* signatures: hex */
OfflineReceipt offline_receipt(Arena *a, const AppInfo *app, Str form_id, Str instance_id, const FieldHeld *held);
/* That an attempt is here as it was noted; made of the row, so at any time again. note_gone: notes of its round are erased. */
OfflineReceipt offline_visit_receipt(Arena *a, const AppInfo *app, Str round, Str code, const Attempt *x, bool note_gone);
Str offline_receipt_key(Arena *a, const AppInfo *app);                      /* hex of the public keys */
Str offline_receipt_p256(Arena *a, const AppInfo *app);                     /* 04 x y */

/* What a page told of itself last. */
typedef struct OfflineState {
    DeviceId device; Time told_at, oldest_at; int64_t unsent, drafts, conflicts, bytes, clock_off_ms; bool persistent; Str release;
} OfflineState;
MUST_USE Err offline_state_save(Db *db, const OfflineState *s);
MUST_USE Err offline_state_load(Db *db, Arena *a, DeviceId device, OfflineState *out);   /* ERR_NOT_FOUND: never told anything */

extern const Route offline_routes[], offline_console_routes[];

#endif
