/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What may be told of every cell of the cross of a question's variables, decided without looking at how the question is put. Knows nothing of rounds. */
#ifndef DESK_SECRET_H
#define DESK_SECRET_H

#include "base/base.h"

enum { DESK_VARIABLES = 5 };
/* level: of each row, 1 … levels; everybody stands somewhere. levels below 256. */
typedef struct DeskVariable { const uint8_t *level; size_t levels; } DeskVariable;
/* What rows say of one thing: kind[code[row]], 0 for no answer, else bits. A group whose answers have one bit between them all say the same.
 * shut[v][level]: what another table that people can read hides of the variable v alone; NULL: nothing. shut_all: it does not even tell of all together. */
typedef struct DeskSaid { const uint8_t *code; const uint64_t *kind; const uint8_t *shut[DESK_VARIABLES]; bool shut_all; } DeskSaid;
/* show: StatsShow of the cell that stands at sum of level × step; level 0 is all. Shown cells may still rest on too little to be reliable. */
typedef struct DeskSecret { size_t k, step[DESK_VARIABLES]; const uint8_t *show; } DeskSecret;

/* A cell is hidden where it is for any of the n things said: what is pooled of several would give away the one. A cell's answer depends on its own
 * variables alone, so tables of different variables agree. Where there is nothing to hide a small
 * cell in, its whole table is hidden. ERR_TOO_LARGE: more than 60,000 cells. ERR_CONFLICT: it takes too long. */
MUST_USE Err desk_secret(Arena *a, size_t rows, size_t k, const DeskVariable v[], size_t n, const DeskSaid said[], DeskSecret *out);

#endif
