/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Regression by Newton's method (iteratively reweighted least squares), in coordinates where the columns are orthonormal under the weights. */
#include "stats/glm.h"

#include "stats/design.h"
#include "stats/matrix.h"

#include <math.h>

static const double DEPENDENT = 1e-9, STEP_LEAST = 1e-12, RUNAWAY = 30;
enum { ROUNDS = 100, HALVINGS = 20 };

/* m rows used; basis: p columns of m, orthonormal, of root x; r: x by the basis. */
typedef struct Fit { const Glm *glm; size_t m; const size_t *row; double *root, *basis, *r, *eta, *mu; } Fit;

/* Fills eta and mu for coefficients of the basis; returns the deviance (up to what is constant). */
static double predict(Fit *f, const double *c)
{
    size_t   p   = f->glm->p;
    StatsAcc sum = { 0 };
    for (size_t i = 0; i < f->m; i++) {
        double eta = 0, y = f->glm->y[f->row[i]], w = f->root[i] * f->root[i];
        for (size_t k = 0; k < p; k++)
            eta += c[k] * f->basis[k * f->m + i];
        f->eta[i] = eta /= f->root[i];
        f->mu[i]  = f->glm->family == GLM_BINOMIAL ? 1 / (1 + exp(-eta)) : eta;
        double off = y - eta;
        acc_add(&sum, f->glm->family == GLM_BINOMIAL ? 2 * w * ((eta > 0 ? eta + log1p(exp(-eta)) : log1p(exp(eta))) - y * eta) : w * off * off);
    }
    return acc_value(&sum);
}

/* Information (p × p) and score in the coordinates of the basis. */
static void slopes(const Fit *f, Arena scratch, double *information, double *score)
{
    size_t  p    = f->glm->p;
    double *left = arena_new(&scratch, double, f->m), *v = arena_new(&scratch, double, f->m);
    for (size_t i = 0; i < f->m; i++)
        left[i] = f->root[i] * (f->glm->y[f->row[i]] - f->mu[i]);
    for (size_t k = 0; k < p; k++) {
        score[k] = stats_dot(f->m, left, f->basis + k * f->m);
        for (size_t i = 0; i < f->m; i++)
            v[i] = f->basis[k * f->m + i] * (f->glm->family == GLM_BINOMIAL ? f->mu[i] * (1 - f->mu[i]) : 1);
        for (size_t l = 0; l <= k; l++)
            information[k * p + l] = information[l * p + k] = stats_dot(f->m, v, f->basis + l * f->m);
    }
}

static bool running_away(const Fit *f)
{
    for (size_t i = 0; i < f->m; i++)
        if (fabs(f->eta[i]) > RUNAWAY)
            return true;
    return false;
}

/* The coefficients c; false, with a flag, when there are none. */
static bool solve(Fit *f, Arena scratch, double *c, double *information)
{
    size_t  p = f->glm->p;
    double *score = arena_new(&scratch, double, p), *step = arena_new(&scratch, double, p), *next = arena_new(&scratch, double, p);
    double  deviance = predict(f, c);
    for (int round = 0; round < ROUNDS; round++) {
        double moved = 0, size = 0, was = deviance;
        slopes(f, scratch, information, score);
        if (!matrix_solve(scratch, p, information, 1, score, step))
            break;
        for (int half = 0; half < HALVINGS; half++) {
            for (size_t k = 0; k < p; k++)
                next[k] = c[k] + ldexp(step[k], -half);
            deviance = predict(f, next);
            if (deviance <= was + 1e-10 * fabs(was))
                break;
        }
        for (size_t k = 0; k < p; k++) {
            moved = fmax(moved, fabs(next[k] - c[k]));
            size  = fmax(size, fabs(next[k]));
            c[k]  = next[k];
        }
        if (f->glm->family == GLM_BINOMIAL && deviance < was && running_away(f))
            break;
        if (moved <= STEP_LEAST * size) {
            slopes(f, scratch, information, score);
            return true;
        }
    }
    *f->glm->flags |= STATS_SEPARATED;
    return false;
}

/* out = r^-1 b, r upper triangular, p × m. */
static void back_solve(size_t p, const double *r, size_t m, const double *b, double *out)
{
    for (size_t c = 0; c < m; c++)
        for (size_t k = p; k-- > 0;) {
            double x = b[k * m + c];
            for (size_t l = k + 1; l < p; l++)
                x -= r[k * p + l] * out[l * m + c];
            out[k * m + c] = x / r[k * p + k];
        }
}

/* z = A^-1 x (y - mu) w. */
static void influence(const Fit *f, Arena scratch, const double *information, double *z)
{
    size_t  p = f->glm->p, n = f->glm->n;
    double *inverse = arena_new(&scratch, double, p * p), *back = arena_new(&scratch, double, p * p);
    if (!matrix_inverse(scratch, p, information, inverse, NULL))
        return;
    back_solve(p, f->r, p, inverse, back);
    for (size_t i = 0; i < f->m; i++) {
        double left = f->root[i] * (f->glm->y[f->row[i]] - f->mu[i]);
        for (size_t j = 0; j < p; j++) {
            double sum = 0;
            for (size_t k = 0; k < p; k++)
                sum += back[j * p + k] * f->basis[k * f->m + i];
            z[j * n + f->row[i]] = sum * left;
        }
    }
}

void glm_theta(const void *glm, Arena scratch, const double *weight, double *estimate, double *z)
{
    const Glm *g = glm;
    size_t    *row = arena_new(&scratch, size_t, g->n), m = 0;
    for (size_t i = 0; i < g->n; i++)
        if (g->used[i] && weight[i] > 0)
            row[m++] = i;
    Fit f = { g, m, row, arena_new(&scratch, double, m), arena_new(&scratch, double, m * g->p), arena_new(&scratch, double, g->p * g->p),
              arena_new(&scratch, double, m), arena_new(&scratch, double, m) };
    double   *c    = arena_new(&scratch, double, g->p), *information = arena_new(&scratch, double, g->p * g->p);
    uint32_t *kept = arena_new(&scratch, uint32_t, g->p);
    for (size_t i = 0; i < m; i++) {
        f.root[i] = sqrt(weight[row[i]]);
        for (size_t k = 0; k < g->p; k++)
            f.basis[k * m + i] = f.root[i] * g->x[k * g->n + row[i]];
    }
    for (size_t k = 0; k < g->p; k++)
        estimate[k] = NAN;
    if (!m || matrix_basis(m, g->p, f.basis, DEPENDENT, kept, f.r) < g->p) {
        *g->flags |= m ? STATS_RANK : STATS_EMPTY;
        return;
    }
    if (!solve(&f, scratch, c, information))
        return;
    back_solve(g->p, f.r, 1, c, estimate);
    if (z)
        influence(&f, scratch, information, z);
}
