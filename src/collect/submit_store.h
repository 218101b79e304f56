/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Statements of submit.c; nobody else includes this. All run in the collector's transaction. */
#ifndef COLLECT_SUBMIT_STORE_H
#define COLLECT_SUBMIT_STORE_H

#include "collect/submit_counts.h"

Str submission_instance(const Submission *x);
Str sha_text(const Sha256 *s);                            /* the 32 bytes */
/* Where the search for this answer begins; its own id may be one of the next places. */
int64_t submission_first_place(const Submission *x);
/* For db_send or db_run after record_bind; a place that is taken changes nothing. */
Stmt *record_insert(Db *db);
void  record_bind(Stmt *q, const Submission *x);
MUST_USE Err record_delete(Db *db, const Submission *x);
/* False: there was none any more. */
MUST_USE Err code_spend(Db *db, const Submission *x, bool *out_spent);
MUST_USE Err draft_drop(Db *db, const Submission *x, bool *out_dropped);
/* False: the device has sent as many as the round lets it. */
MUST_USE Err device_turn_take(Db *db, const Submission *x, bool *out_taken);
MUST_USE Err device_turn_give(Db *db, const Submission *x);

#endif
