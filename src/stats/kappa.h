/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cohen's kappa of two coders. */
#ifndef STATS_KAPPA_H
#define STATS_KAPPA_H

#include "base/base.h"

/* Shares 0..1. kappa and what follows from it are NAN when nothing was coded twice, or both used a single code. low, high: 95 %. */
typedef struct Kappa { int64_t n; double kappa, se, low, high, agreement, expected; } Kappa;
/* table[i * levels + j]: how many got code i from the first coder and j from the second.
 * Source: Cohen 1960; standard error of Fleiss, Cohen and Everitt 1969. */
Kappa kappa_of(size_t levels, const int64_t *table);

#endif
