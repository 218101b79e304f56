/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The sampling design and the one routine that makes every variance: statistics are linearised to influence values z, and V(z) follows
 * from strata, units and population sizes. New statistic = new z, never a new variance formula.
 *
 * Pure: values in, values out. An Err says that the call is wrong (its detail starts with a code of docs/statistics.md section 14 and a colon,
 * "bad_fpc: …"); what statistics cannot give is NAN with a flag. Source of all: docs/statistics.md, sections 2 to 4 and 13. */
#ifndef STATS_DESIGN_H
#define STATS_DESIGN_H

#include "base/base.h"

enum { STATS_STAGES = 4 };

/* What a stratum or parent unit with a single sampled unit adds (section 3.3). Zero is the product's default. */
typedef enum StatsLonely { STATS_ADJUST, STATS_FAIL, STATS_REMOVE, STATS_CERTAINTY, STATS_AVERAGE } StatsLonely;

/* Marks beside a result; stats_flag_name gives the text. */
enum {
    STATS_LONELY_PSU = 1 << 0,   /* a single unit stood for a stratum or a parent unit */
    STATS_DF_LE_0    = 1 << 1,   /* no degrees of freedom: no interval */
    STATS_P_AT_BOUND = 1 << 2,   /* a share of 0 or 1: its plain standard error is 0 and says nothing */
    STATS_SMALL_N    = 1 << 3,
    STATS_NONPROB    = 1 << 4,   /* no probability sample: no standard errors */
    STATS_RANK       = 1 << 5,   /* columns depend on each other */
    STATS_EMPTY      = 1 << 6,   /* nobody in the domain */
    STATS_SEPARATED  = 1 << 7,   /* a model whose estimates run away */
    STATS_FLAG_COUNT = 8
};
const char *stats_flag_name(unsigned bit);   /* of the flag 1 << bit: "LONELY_PSU" */

/* The sample, by columns. Arrays belong to the caller and outlive the design.
 * n         rows, one per person
 * weight    n, > 0, persons a row stands for; NULL: product over the stages with pop of pop / sampled units, without pop 1
 * row_key   n unique, NULL = row number: rows of one unit are summed in this order
 * stratum   n codes, NULL = one stratum                n_stages 0 (rows are PSUs) .. STATS_STAGES
 * unit[s]   n codes, unique within the parent; reuse in another parent is another unit
 * pop[s]    n, units in the frame, equal within a parent; NULL = with replacement from here. With n_stages 0 pop[0] counts rows. */
typedef struct StatsSample {
    size_t n;
    uint32_t n_stages;
    bool probability;
    const double   *weight;
    const uint64_t *row_key;
    const uint32_t *stratum, *unit[STATS_STAGES];
    const double   *pop[STATS_STAGES];
} StatsSample;

/* One level of the tree strata > primary units > … > rows. first[g] … first[g + 1] - 1 are group g's members at the next level (positions in
 * the order of rows for the last level). pop[g]: how many members the frame holds; INFINITY: with replacement. */
typedef struct StatsLevel { size_t len; uint32_t *first; double *pop; } StatsLevel;

typedef struct StatsDesign {
    size_t n, n_strata, n_psu;
    const double *weight;            /* n, in the caller's order of rows */
    uint32_t     *order;             /* n: rows by stratum, units, key. order[position] = row */
    uint32_t     *psu;               /* n: primary unit of each position, 0 … n_psu - 1 ascending */
    uint32_t     *psu_stratum;       /* n_psu: its stratum, ascending */
    uint32_t     *leaf;              /* n: unit of the last level that counts, of each position */
    StatsLevel    level[STATS_STAGES + 1];   /* as many as count for the variance */
    size_t        n_levels;          /* >= 1 */
    StatsLonely   lonely;
    bool          adjust_domain_lonely, probability;
} StatsDesign;

/* Sorts and checks. "bad_weight", "bad_fpc" or "bad_value", with the row (from 1). */
MUST_USE Err stats_design_init(Arena *keep, Arena scratch, const StatsSample *sample, StatsDesign *out);

/* Covariance of p totals of influence values.
 * z         p columns of n, z[j * n + row]; the weight is in it; 0 outside the domain
 * used      n, rows in the domain and not missing; NULL = all. Says which lonely units matter, nothing else
 * out_v     p × p; NAN where undefined (STATS_AVERAGE with a lonely later unit)
 * flags     STATS_LONELY_PSU and STATS_NONPROB (then all is NAN) are added
 * errors    "lonely_psu" under STATS_FAIL                                                                          */
MUST_USE Err stats_variance(const StatsDesign *d, Arena *a, size_t p, const double *z, const bool *used, double *out_v, unsigned *flags);

/* Primary units and strata that hold rows used; df = psu - strata. used NULL: all. */
typedef struct StatsDf { uint32_t n, psu, strata; double df; } StatsDf;
StatsDf stats_df(const StatsDesign *d, Arena scratch, const bool *used);

/* A statistic of p parts as a function of the weights: writes the estimates and, unless z is NULL, the influence values of each part
 * (p columns of n, zeroed before the call, rows in the caller's order). Replicates call it with z NULL. */
typedef void StatsTheta(const void *what, Arena scratch, const double *weight, double *estimate, double *z);

/* ---- Replicate weights (replicate.c, section 6) -------------------------------------------------------------------- */
/* factor n_psu × len: weights of replicate r are weight[row] * factor[psu[row] * len + r]. rscale NULL: all 1. */
typedef struct StatsReplicates {
    size_t n, len, n_psu;
    const double *weight, *factor, *rscale;
    const uint32_t *psu;
    double scale;
    bool   mse;
} StatsReplicates;
/* Replicates in which a part is undefined that the whole sample defines are left out; returns how many (all of them: out_v is NAN). */
size_t stats_replicate_variance(const StatsReplicates *r, Arena scratch, size_t p, StatsTheta *f, const void *what, double *out_estimate, double *out_v);
/* Rank of the factors over units that hold rows used, less 1. */
double stats_replicate_df(const StatsReplicates *r, Arena scratch, const bool *used);

/* ---- Sums (sum.c) ----------------------------------------------------------------------------------------------------- */
/* Pairwise in blocks of 128; the shape depends on n alone, so the bits do too. */
double stats_sum(size_t n, const double *x);
double stats_dot(size_t n, const double *x, const double *y);
/* A running sum that carries what rounding lost (Neumaier); read as sum + lost. */
typedef struct StatsAcc { double sum, lost; } StatsAcc;
static inline void acc_add(StatsAcc *s, double x)
{
    double t = s->sum + x;
    s->lost += (s->sum < 0 ? -s->sum : s->sum) >= (x < 0 ? -x : x) ? (s->sum - t) + x : (x - t) + s->sum;
    s->sum = t;
}
static inline double acc_value(const StatsAcc *s) { return s->sum + s->lost; }

#endif
