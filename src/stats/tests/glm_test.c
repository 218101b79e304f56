/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Regression where the answer is known in closed form, and where there is none. */
#include "base/test.h"
#include "stats/design.h"
#include "stats/glm.h"

enum { N = 8 };

/* A constant and a group: the logits of the groups' shares, weighted. */
TEST(glm_logistic_of_two_groups_is_their_odds)
{
    const double x[2 * N] = { 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1 }, y[N] = { 1, 0, 0, 0, 1, 1, 0, 1 };
    const double w[N] = { 2, 1, 1, 2, 1, 1, 2, 4 };                       /* shares 1/3 and 3/4 */
    const bool   used[N] = { true, true, true, true, true, true, true, true };
    unsigned     flags = 0;
    double       b[2], z[2 * N] = { 0 };
    glm_theta(&(Glm){ N, 2, x, y, used, GLM_BINOMIAL, &flags }, *a, w, b, z);
    CHECK_NEAR(b[0], log(0.5), 1e-13);
    CHECK_NEAR(b[1], log(3) - log(0.5), 1e-13);
    for (int i = 0; i < 4; i++)                                               /* z of the constant: w (y - p) / (W p (1 - p)) */
        CHECK_NEAR(z[i], w[i] * (y[i] - 1. / 3) / (6 * 2. / 9), 1e-13);
    CHECK_INT(flags, 0);
}

TEST(glm_linear_does_not_mind_units)
{
    double       x[2 * N], y[N], w[N], b[2], z[2 * N] = { 0 };
    bool         used[N];
    unsigned     flags = 0;
    for (int i = 0; i < N; i++) {
        x[i]     = 1;
        x[N + i] = 1e9 + 1e3 * i;
        y[i]     = 5 + 1e-3 * x[N + i];
        w[i]     = 1 + i;
        used[i]  = i != 3;
    }
    y[3] = NAN;
    glm_theta(&(Glm){ N, 2, x, y, used, GLM_GAUSSIAN, &flags }, *a, w, b, z);
    CHECK_NEAR(b[1], 1e-3, 1e-12);
    CHECK_NEAR(b[0], 5, 1e-3);
    CHECK(z[3] == 0 && z[N + 3] == 0 && flags == 0);
}

TEST(glm_says_separation_and_dependence)
{
    const double x[2 * N] = { 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1 }, y[N] = { 0, 0, 0, 0, 1, 1, 0, 1 };
    const double same[2 * N] = { 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2 }, w[N] = { 1, 1, 1, 1, 1, 1, 1, 1 };
    bool         used[N] = { true, true, true, true, true, true, true, true };
    unsigned     flags = 0;
    double       b[2];
    glm_theta(&(Glm){ N, 2, x, y, used, GLM_BINOMIAL, &flags }, *a, w, b, NULL);
    CHECK(flags == STATS_SEPARATED && isnan(b[0]) && isnan(b[1]));
    flags = 0;
    glm_theta(&(Glm){ N, 2, same, y, used, GLM_GAUSSIAN, &flags }, *a, w, b, NULL);
    CHECK(flags == STATS_RANK && isnan(b[0]));
    flags = 0;
    memset(used, 0, sizeof used);
    glm_theta(&(Glm){ N, 2, x, y, used, GLM_BINOMIAL, &flags }, *a, w, b, NULL);
    CHECK(flags == STATS_EMPTY && isnan(b[1]));
}
