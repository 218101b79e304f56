/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ranks, their tests and their simulation. */
#include "stats/rank.h"

#include "stats/matrix.h"
#include "stats/random.h"
#include "stats/special.h"

#include <math.h>
#include <stdlib.h>

enum { PURPOSE_RANKS = 1 };

/* ---- Many tests ---------------------------------------------------------------------------------------------------------------- */

typedef struct Placed { double p; size_t at; } Placed;

static int by_p(const void *x, const void *y)
{
    const Placed *a = x, *b = y;
    return a->p != b->p ? a->p < b->p ? -1 : 1 : (a->at > b->at) - (a->at < b->at);
}

static size_t in_order(Arena *a, size_t n, const double *p, double *out, Placed **sorted)
{
    size_t m = 0;
    *sorted  = arena_new(a, Placed, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = NAN;
        if (!isnan(p[i]))
            (*sorted)[m++] = (Placed){ p[i], i };
    }
    qsort(*sorted, m, sizeof **sorted, by_p);
    return m;
}

void stats_holm(Arena scratch, size_t n, const double *p, double *out)
{
    Placed *sorted;
    size_t  m    = in_order(&scratch, n, p, out, &sorted);
    double  most = 0;
    for (size_t i = 0; i < m; i++)
        out[sorted[i].at] = most = fmin(1, fmax(most, (double)(m - i) * sorted[i].p));
}

void stats_benjamini_hochberg(Arena scratch, size_t n, const double *p, double *out)
{
    Placed *sorted;
    size_t  m     = in_order(&scratch, n, p, out, &sorted);
    double  least = 1;
    for (size_t i = m; i-- > 0;)
        out[sorted[i].at] = least = fmin(least, (double)m / (double)(i + 1) * sorted[i].p);
}

/* ---- Ranks of estimates ------------------------------------------------------------------------------------------------------------ */

/* How many standard errors k is above j; 0 where both are the same. */
static double z_of(size_t units, const double *theta, const double *v, size_t k, size_t j)
{
    double off = theta[k] - theta[j], se2 = v[k * units + k] + v[j * units + j] - v[k * units + j] - v[j * units + k];
    return off == 0 && !isnan(se2) ? 0 : off / sqrt(fmax(0, se2));
}

static size_t below(size_t n, const double *p)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        m += p[i] < 0.05;
    return m;
}

static void unit_rank(const StatsRanks *r, const double *theta, const double *v, size_t k, size_t n, double level)
{
    UnitRank *u    = &r->unit[k];
    double    wide = -normal_quantile((1 - level) / (2 * (double)n));
    *u             = (UnitRank){ 1, 1, 1, (double)n, 1, (double)n };
    for (size_t j = 0; j < r->units; j++) {
        if (j == k || isnan(theta[j]))
            continue;
        double z = z_of(r->units, theta, v, k, j), holm = r->holm[k < j ? stats_pair(r->units, k, j) : stats_pair(r->units, j, k)];
        double gap = wide * (r->se[k] + r->se[j]);
        u->rank += theta[j] > theta[k];
        u->expected += normal_upper(z);
        u->holm_low += holm < 1 - level && theta[j] > theta[k];
        u->holm_high -= holm < 1 - level && theta[j] < theta[k];
        u->joint_low += theta[j] - theta[k] > gap;
        u->joint_high -= theta[k] - theta[j] > gap;
    }
}

StatsRanks stats_ranks(Arena *keep, size_t units, const double *theta, const double *v, double level)
{
    size_t     pairs = units * (units - (units > 0)) / 2, n = 0;
    StatsRanks r = { units, 0, 0, 0, 0, arena_new(keep, UnitRank, units), arena_new(keep, double, units), arena_new(keep, double, pairs),
                     arena_new(keep, double, pairs) };
    for (size_t k = 0; k < units; k++) {
        n += !isnan(theta[k]);
        r.se[k] = sqrt(v[k * units + k]);
        for (size_t j = k + 1; j < units; j++) {
            double p = 2 * normal_upper(fabs(z_of(units, theta, v, k, j)));
            r.p[stats_pair(units, k, j)] = p;
            r.n_pairs += !isnan(p);
        }
    }
    Arena   scratch = *keep;
    double *bh      = arena_new(&scratch, double, pairs);
    stats_holm(scratch, pairs, r.p, r.holm);
    stats_benjamini_hochberg(scratch, pairs, r.p, bh);
    r.below_raw  = below(pairs, r.p);
    r.below_holm = below(pairs, r.holm);
    r.below_bh   = below(pairs, bh);
    for (size_t k = 0; k < units; k++) {
        if (isnan(theta[k]))
            r.unit[k] = (UnitRank){ NAN, NAN, NAN, NAN, NAN, NAN };
        else
            unit_rank(&r, theta, v, k, n, level);
    }
    return r;
}

double stats_pair_df(double v_a, double df_a, double v_b, double df_b)
{
    double v = v_a + v_b;
    return v > 0 ? v * v / (v_a * v_a / df_a + v_b * v_b / df_b) : NAN;
}

void stats_against(Arena scratch, size_t units, const double *theta, const double *v, const double *df, double level, UnitStanding *out, double *out_p)
{
    double *p = arena_new(&scratch, double, units);
    size_t  n = units + 1;
    for (size_t k = 0; k < units; k++) {
        double z = z_of(n, theta, v, k, units), pair = df ? stats_pair_df(v[k * n + k], df[k], v[units * n + units], df[units]) : INFINITY;
        p[k] = df ? t_both(z, pair) : 2 * normal_upper(fabs(z));
    }
    stats_holm(scratch, units, p, out_p);
    for (size_t k = 0; k < units; k++)
        out[k] = !(out_p[k] < 1 - level) ? UNIT_NOT_DISTINGUISHED : theta[k] > theta[units] ? UNIT_ABOVE : UNIT_BELOW;
}

/* ---- Simulation ----------------------------------------------------------------------------------------------------------------------- */

/* Sorts units by value, largest first, from the order they had in the draw before: not many change places. */
static void sort_units(size_t units, const double *x, uint32_t *at)
{
    for (size_t i = 1; i < units; i++) {
        uint32_t unit = at[i];
        size_t   j    = i;
        for (; j > 0 && x[at[j - 1]] < x[unit]; j--)
            at[j] = at[j - 1];
        at[j] = unit;
    }
}

/* How many draws put each unit at each rank: count[k * units + rank - 1]. low: the covariance's root, as matrix_cholesky leaves it. */
static void count_draws(Arena scratch, size_t units, const double *theta, const double *low, const uint32_t *order, size_t rank, uint64_t seed,
                        size_t draws, uint32_t *count)
{
    double   *e  = arena_new(&scratch, double, units), *x = arena_new(&scratch, double, units);
    uint32_t *at = arena_new(&scratch, uint32_t, units);
    for (size_t k = 0; k < units; k++)
        at[k] = (uint32_t)k;
    for (size_t run = 0; run < draws; run++) {
        stats_draw_normals((StatsStream){ seed, PURPOSE_RANKS }, run, rank, e);
        for (size_t i = 0; i < units; i++) {
            double sum = theta[order[i]];
            for (size_t c = 0; c < rank && c <= i; c++)
                sum += e[c] * low[i * units + c];
            x[order[i]] = sum;
        }
        sort_units(units, x, at);
        for (size_t m = 0, place = 0; m < units; m++) {
            place = m && x[at[m]] == x[at[m - 1]] ? place : m;
            count[at[m] * units + place]++;
        }
    }
}

/* The smallest rank that at least a share of the draws does not pass. */
static double rank_at(size_t units, const uint32_t *count, double share, size_t draws)
{
    double sum = 0;
    for (size_t m = 0; m < units; m++)
        if ((sum += count[m]) >= share * (double)draws)
            return (double)m + 1;
    return (double)units;
}

bool stats_rank_draws(Arena scratch, size_t units, const double *theta, const double *v, uint64_t seed, size_t draws, RankDraw *out, double *chance)
{
    double   *low = arena_new(&scratch, double, units * units);
    uint32_t *order = arena_new(&scratch, uint32_t, units), *count = arena_new(&scratch, uint32_t, units * units);
    for (size_t k = 0; k < units; k++)
        for (size_t j = 0; j < units; j++) {
            low[k * units + j] = v[k * units + j];
            if (!isfinite(v[k * units + j]) || !isfinite(theta[k]))
                return false;
        }
    size_t rank = matrix_cholesky(units, low, order);
    count_draws(scratch, units, theta, low, order, rank, seed, draws, count);
    for (size_t k = 0; k < units; k++) {
        const uint32_t *c = count + k * units;
        double sum = 0;
        out[k] = (RankDraw){ rank_at(units, c, 0.5, draws), rank_at(units, c, 0.05, draws), rank_at(units, c, 0.95, draws) };
        for (size_t m = 0; m < units && chance; m++)
            chance[k * units + m] = (sum += c[m]) / (double)draws;
    }
    return true;
}
