/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calibration of weights to totals, by Newton in coordinates where the auxiliaries are orthonormal under the weights before. */
#include "stats/weights.h"

#include "stats/design.h"
#include "stats/matrix.h"

#include <math.h>

static const double DEPENDENT = 1e-8, TOTALS_AGREE = 1e-8;
static const double ROUNDING  = 1e-11;      /* a misfit below it that shrinks no more is met */
enum { HALVINGS = 30 };

/* basis: rank columns of n, orthonormal, of root[i] x_i; goal: their totals. r: each auxiliary (p) by the basis, r[k * p + j]. */
typedef struct Fit {
    size_t n, p, rank;
    double *root, *basis, *r, *goal;
    const double *total;
    StatsCalibration how;
} Fit;

/* g = F(u) and its derivative. */
static double factor(const StatsCalibration *how, double u, double *slope)
{
    bool   bound = how->high > how->low;
    double g     = how->distance == STATS_LINEAR ? 1 + u : exp(u);
    if (how->distance == STATS_LOGIT) {
        double below = 1 - how->low, above = how->high - 1, a = (how->high - how->low) / (below * above);
        g      = how->low + (how->high - how->low) * below / (below + above * exp(-a * u));
        *slope = (g - how->low) * (how->high - g) / (below * above);
        return g;
    }
    *slope = how->distance == STATS_LINEAR ? 1 : g;
    if (bound && (g <= how->low || g >= how->high)) {
        *slope = 0;
        return g <= how->low ? how->low : how->high;
    }
    return g;
}

/* g of each row for eta; false when one is not finite. */
static bool factors(const Fit *f, const double *eta, double *g, double *slope)
{
    for (size_t i = 0; i < f->n; i++) {
        double u = 0;
        for (size_t k = 0; k < f->rank; k++)
            u += eta[k] * f->basis[k * f->n + i];
        g[i] = factor(&f->how, u / f->root[i], &slope[i]);
        if (!isfinite(g[i]))
            return false;
    }
    return true;
}

/* What is missing to the goal in each coordinate; returns the worst misfit of an auxiliary, |misfit| / (1 + |total|), and where. */
static double misfits(const Fit *f, Arena scratch, const double *g, double *missing, size_t *out_worst)
{
    double *w = arena_new(&scratch, double, f->n), worst = 0;
    for (size_t i = 0; i < f->n; i++)
        w[i] = g[i] * f->root[i];
    for (size_t k = 0; k < f->rank; k++)
        missing[k] = f->goal[k] - stats_dot(f->n, w, f->basis + k * f->n);
    for (size_t j = 0; j < f->p; j++) {
        double off = 0;
        for (size_t k = 0; k < f->rank; k++)
            off += f->r[k * f->p + j] * missing[k];
        off = fabs(off) / (1 + fabs(f->total[j]));
        if (!(off <= worst)) {
            worst      = off;
            *out_worst = j;
        }
    }
    return worst;
}

/* Newton's step: (sum of slope q q')^-1 missing. */
static bool newton_step(const Fit *f, Arena scratch, const double *slope, const double *missing, double *step)
{
    double *h = arena_new(&scratch, double, f->rank * f->rank), *sq = arena_new(&scratch, double, f->n);
    for (size_t k = 0; k < f->rank; k++) {
        for (size_t i = 0; i < f->n; i++)
            sq[i] = slope[i] * f->basis[k * f->n + i];
        for (size_t l = 0; l <= k; l++)
            h[k * f->rank + l] = h[l * f->rank + k] = stats_dot(f->n, sq, f->basis + l * f->n);
    }
    return matrix_solve(scratch, f->rank, h, 1, missing, step);
}

/* Steps are halved while a g is not finite or the misfit grows. */
static Err solve(Arena *keep, Arena scratch, const Fit *f, double *g)
{
    double *eta = arena_new(&scratch, double, f->rank), *next = arena_new(&scratch, double, f->rank), *step = arena_new(&scratch, double, f->rank);
    double *slope = arena_new(&scratch, double, f->n), *missing = arena_new(&scratch, double, f->rank);
    double  epsilon = f->how.stop.epsilon > 0 ? f->how.stop.epsilon : 1e-10;
    size_t  at = 0;
    int     most = f->how.stop.most > 0 ? f->how.stop.most : 200;
    factors(f, eta, g, slope);
    double worst = misfits(f, scratch, g, missing, &at);
    for (int round = 0; round < most && !(worst < epsilon); round++) {
        double was = worst;
        if (!newton_step(f, scratch, slope, missing, step))
            break;
        for (int half = 0; half < HALVINGS; half++) {
            for (size_t k = 0; k < f->rank; k++)
                next[k] = eta[k] + ldexp(step[k], -half);
            if (factors(f, next, g, slope) && (worst = misfits(f, scratch, g, missing, &at)) < was)
                break;
        }
        if (!(worst < was))
            break;
        memcpy(eta, next, f->rank * sizeof *eta);
    }
    if (worst < epsilon || (worst < ROUNDING && epsilon < ROUNDING))
        return OK;
    return err_fmt(keep, ERR_INVALID, "not_converged: the total of auxiliary %zu is missed by %.3g of 1 + |total|; are the bounds too narrow?", at + 1, worst);
}

/* The totals in the basis' coordinates; an auxiliary left out must have the total that the others give it. */
static Err goals(Arena *keep, Fit *f, const uint32_t *kept)
{
    size_t k = 0;
    for (size_t j = 0; j < f->p; j++) {
        double given = 0;
        bool   own   = k < f->rank && kept[k] == j;
        for (size_t l = 0; l < k; l++)
            given += f->r[l * f->p + j] * f->goal[l];
        if (own) {
            f->goal[k] = (f->total[j] - given) / f->r[k * f->p + j];
            k++;
        } else if (fabs(given - f->total[j]) > TOTALS_AGREE * (1 + fabs(f->total[j])))
            return err_fmt(keep, ERR_INVALID, "margins_disagree: auxiliary %zu depends on those before it, which make its total %.15g, not %.15g", j + 1,
                           given, f->total[j]);
    }
    return OK;
}

static void residual(const StatsAdjustment *adj, Arena scratch, size_t n, size_t p, double *z)
{
    const Fit *f = adj->state;
    for (size_t j = 0; j < p; j++, z += n) {
        for (size_t i = 0; i < n; i++)
            z[i] = adj->after[i] != 0 ? z[i] / adj->after[i] * f->root[i] : 0;
        matrix_residual(n, f->rank, f->basis, z);
        for (size_t i = 0; i < n; i++)
            z[i] *= adj->after[i] / f->root[i];
    }
}

static Err inputs_check(Arena *keep, size_t n, const double *weight, size_t p, const double *x, const double *total, const StatsCalibration *how)
{
    bool bound = how->low != 0 || how->high != 0;
    if (bound ? !(how->low < 1 && how->high > 1 && isfinite(how->low) && isfinite(how->high)) : how->distance == STATS_LOGIT)
        return err_new(keep, ERR_INVALID, S("bad_value: the bounds of g must lie below and above 1, and logit needs them"));
    for (size_t i = 0; i < n; i++)
        if (!(weight[i] > 0) || isinf(weight[i]))
            return err_fmt(keep, ERR_INVALID, "bad_weight: the weight of row %zu is not above 0", i + 1);
    if (!p)
        return err_new(keep, ERR_INVALID, S("bad_value: no auxiliary to calibrate to"));
    for (size_t j = 0; j < p; j++) {
        if (!isfinite(total[j]))
            return err_fmt(keep, ERR_INVALID, "bad_value: the total of auxiliary %zu is not a number", j + 1);
        for (size_t i = 0; i < n; i++)
            if (!isfinite(x[j * n + i]))
                return err_fmt(keep, ERR_INVALID, "missing_values: row %zu has no value of auxiliary %zu", i + 1, j + 1);
    }
    return OK;
}

Err stats_calibrate(Arena *keep, size_t n, const double *weight, size_t p, const double *x, const double *total, StatsCalibration how, StatsAdjustment *out)
{
    TRY(inputs_check(keep, n, weight, p, x, total, &how));
    Fit *f = arena_new(keep, Fit, 1);
    *f     = (Fit){ n, p, 0, arena_new(keep, double, n), arena_new(keep, double, n * p), arena_new(keep, double, p * p),
                    arena_new(keep, double, p), total, how };
    double *after = arena_new(keep, double, n);
    Arena   scratch = *keep;
    uint32_t *kept  = arena_new(&scratch, uint32_t, p);
    for (size_t i = 0; i < n; i++)
        f->root[i] = sqrt(weight[i]);
    for (size_t j = 0; j < p; j++)
        for (size_t i = 0; i < n; i++)
            f->basis[j * n + i] = f->root[i] * x[j * n + i];
    f->rank = matrix_basis(n, p, f->basis, DEPENDENT, kept, f->r);
    TRY(goals(keep, f, kept));
    TRY(solve(keep, scratch, f, after));
    for (size_t i = 0; i < n; i++)
        after[i] *= weight[i];
    *out = (StatsAdjustment){ residual, f, weight, after };
    return OK;
}
