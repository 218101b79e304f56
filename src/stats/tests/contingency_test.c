/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* With one observation a draw, the tests of tables are the ones of textbooks. */
#include "base/test.h"
#include "stats/contingency.h"
#include "stats/design.h"
#include "stats/special.h"

enum { N = 120 };

static ContingencyTable table(uint32_t *cell, ContingencyMethod method)
{
    static const int count[] = { 10, 20, 30, 25, 25, 10 };
    int n = 0;
    for (uint32_t k = 0; k < 6; k++)
        for (int i = 0; i < count[k]; i++)
            cell[n++] = k;
    return (ContingencyTable){ N, 2, 3, cell, method };
}

/* Rows as units drawn with replacement, all of weight 3. */
static Contingency run(Arena *a, uint32_t *cell, ContingencyMethod method)
{
    ContingencyTable t = table(cell, method);
    double   weight[N], est[6], v[36], *z = arena_new(a, double, 6 * N);
    unsigned flags = 0;
    StatsDesign d;
    for (int i = 0; i < N; i++)
        weight[i] = 3;
    Arena room = arena_open(1 << 20);
    CHECK(stats_design_init(a, room, &(StatsSample){ .n = N, .probability = true, .weight = weight }, &d) == OK);
    arena_close(&room);
    contingency_theta(&t, *a, weight, est, z);
    Arena work = *a;
    CHECK(stats_variance(&d, &work, contingency_parts(&t), z, NULL, v, &flags) == OK);
    return contingency_test(&t, *a, est, v, N - 1, N);
}

/* Both orders of Rao and Scott come down to Pearson's test. */
TEST(contingency_simple_samples_give_pearsons_test)
{
    uint32_t    cell[N];
    Contingency chisq = run(a, cell, CONTINGENCY_CHISQ), f = run(a, cell, CONTINGENCY_F);
    Contingency wald = run(a, cell, CONTINGENCY_WALD), adjusted = run(a, cell, CONTINGENCY_ADJ_WALD);
    double pearson = 0;
    const double count[] = { 10, 20, 30, 25, 25, 10 }, column[] = { 35, 45, 40 };
    for (int k = 0; k < 6; k++)
        pearson += (count[k] - column[k % 3] / 2) * (count[k] - column[k % 3] / 2) / (column[k % 3] / 2);
    CHECK_NEAR(chisq.statistic, pearson, 1e-11);
    CHECK(chisq.df1 == 2 && isnan(chisq.df2));
    CHECK_NEAR(chisq.p / chi_upper(pearson * (N - 1) / N, 2), 1, 1e-11);          /* V is the multinomial one times N / (N - 1) */
    CHECK_NEAR(f.df1, 2, 1e-11);
    CHECK_NEAR(f.p / f_upper(pearson * (N - 1) / N / 2, 2, 2 * (N - 1)), 1, 1e-11);
    CHECK(wald.df1 == 2 && wald.df2 == N - 1 && adjusted.df2 == N - 2);
    CHECK_NEAR(adjusted.statistic, wald.statistic * (N - 2) / (N - 1), 1e-12);
}

TEST(contingency_is_undefined_for_one_row)
{
    uint32_t cell[] = { 0, 1, 1, 0 };
    double   est[2] = { 0.5, 0.5 }, v[4] = { 0 };
    ContingencyTable t = { 4, 1, 2, cell, CONTINGENCY_F };
    CHECK(isnan(contingency_test(&t, *a, est, v, 3, 4).p));
    t = (ContingencyTable){ 4, 2, 2, cell, CONTINGENCY_WALD };
    CHECK(contingency_test(&t, *a, est, v, 3, 4).singular);          /* no covariance at all */
}
