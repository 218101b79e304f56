/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The collector's own copies of packed counters: a batch adds to them and writes each changed row once. */
#ifndef COLLECT_SUBMIT_COUNTS_H
#define COLLECT_SUBMIT_COUNTS_H

#include "collect/parts.h"

/* 100 refused codes of one round within ten minutes are put on record. */
MUST_USE Err code_alarm(Db *db, Arena *scratch, Submission **items, size_t n);

#endif
