/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Weights by hand, and what must hold for any weights: raking by table is calibration by raking, bounds hold, fitted totals have no variance. */
#include "base/test.h"
#include "stats/weights.h"

enum { N = 60 };
typedef struct World { double weight[N], x[4 * N], total[4]; uint32_t group[N], other[N]; double group_total[3], other_total[2]; } World;

/* Groups 3 × 2, a constant beside dummies of the groups but the first and of the second of the others. */
static World *world(Arena *a)
{
    World   *w = arena_new(a, World, 1);
    uint64_t s = 88172645463325252u;
    for (int i = 0; i < N; i++) {
        s ^= s << 13, s ^= s >> 7, s ^= s << 17;
        w->weight[i]    = 1 + (double)(s % 100) / 10;
        w->group[i]     = (uint32_t)(s / 128 % 3);
        w->other[i]     = (uint32_t)(s / 1024 % 2);
        w->x[i]         = 1;
        w->x[N + i]     = w->group[i] == 1;
        w->x[2 * N + i] = w->group[i] == 2;
        w->x[3 * N + i] = w->other[i] == 1;
    }
    memcpy(w->group_total, (double[]){ 60, 150, 160 }, sizeof w->group_total);
    memcpy(w->other_total, (double[]){ 220, 150 }, sizeof w->other_total);
    memcpy(w->total, (double[]){ 370, 150, 160, 150 }, sizeof w->total);
    return w;
}

static void check_totals(const World *w, const double *after, double tolerance)
{
    for (int j = 0; j < 4; j++) {
        double sum = 0;
        for (int i = 0; i < N; i++)
            sum += after[i] * w->x[j * N + i];
        CHECK_NEAR(sum, w->total[j], tolerance);
    }
}

TEST(weights_post_strata_by_hand)
{
    const double   w[] = { 1, 3, 2, 2 }, total[] = { 8, 2 };
    const uint32_t g[] = { 0, 0, 1, 1 };
    double         z[] = { 2 * 1, 6 * 5, 1 * 7, 1 * 9 };         /* w' y: the residual of y is taken by old weights, mean 4 and 8 */
    StatsAdjustment adj;
    CHECK_OK(stats_poststratify(a, 4, w, &(StatsMargin){ g, 2, total }, &adj));
    CHECK(adj.after[0] == 2 && adj.after[1] == 6 && adj.after[2] == 1 && adj.after[3] == 1);
    adj.residual(&adj, *a, 4, 1, z);
    CHECK_NEAR(z[0], 2 * -3, 1e-14);
    CHECK_NEAR(z[1], 6 * 1, 1e-14);
    CHECK_NEAR(z[2], 1 * -1, 1e-14);
    CHECK_NEAR(z[3], 1, 1e-14);
    StatsWeightSummary s = stats_weights_summary(4, w, adj.after);
    CHECK_NEAR(s.sum, 10, 0);
    CHECK_NEAR(s.min_g, 0.5, 0);
    CHECK_NEAR(s.max_g, 2, 0);
    CHECK_NEAR(s.kish_deff, 4 * 42 / 100.0, 1e-15);
    CHECK(isnan(stats_weights_summary(0, w, w).sum));
}

/* Two rows of one auxiliary: w' = w (1 + u x), u = (T - sum w x) / sum w x^2. */
TEST(weights_linear_calibration_by_hand)
{
    const double w[] = { 10, 20 }, x[] = { 1, 2 }, total[] = { 68 };
    double       z[2];
    StatsAdjustment adj;
    CHECK_OK(stats_calibrate(a, 2, w, 1, x, total, (StatsCalibration){ 0 }, &adj));
    CHECK_NEAR(adj.after[0], 12, 1e-13);
    CHECK_NEAR(adj.after[1], 28, 1e-13);
    z[0] = adj.after[0] * 3, z[1] = adj.after[1] * 1;             /* B = (10 * 3 + 20 * 2) / 90 */
    adj.residual(&adj, *a, 2, 1, z);
    CHECK_NEAR(z[0], 12 * (3 - 7.0 / 9), 1e-13);
    CHECK_NEAR(z[1], 28 * (1 - 14.0 / 9), 1e-13);
}

TEST(weights_raking_by_table_is_calibration_by_raking)
{
    World *w = world(a);
    StatsMargin margin[] = { { w->group, 3, w->group_total }, { w->other, 2, w->other_total } };
    StatsAdjustment by_table, by_newton;
    CHECK_OK(stats_rake(a, N, w->weight, 2, margin, (StatsStop){ 1e-13, 0 }, &by_table));
    CHECK_OK(stats_calibrate(a, N, w->weight, 4, w->x, w->total, (StatsCalibration){ STATS_RAKING, 0, 0, { 1e-13, 0 } }, &by_newton));
    check_totals(w, by_table.after, 1e-10);
    double y[N], z[N];
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(by_table.after[i] / by_newton.after[i], 1, 1e-11);
        y[i] = by_table.after[i] * (i % 7);
        z[i] = by_newton.after[i] * (i % 7);
    }
    by_table.residual(&by_table, *a, N, 1, y);
    by_newton.residual(&by_newton, *a, N, 1, z);
    for (int i = 0; i < N; i++)
        CHECK_NEAR(y[i], z[i], 1e-9);
}

TEST(weights_bounds_of_g_hold_and_totals_are_met)
{
    World *w = world(a);
    const StatsCalibration how[] = { { STATS_LINEAR, 0.4, 2.5, { 0 } }, { STATS_LOGIT, 0.4, 2.5, { 0 } }, { STATS_RAKING, 0.4, 2.5, { 0 } },
                                     { STATS_LINEAR, 0, 0, { 0 } } };
    for (size_t k = 0; k < COUNT_OF(how); k++) {
        StatsAdjustment adj;
        CHECK_OK(stats_calibrate(a, N, w->weight, 4, w->x, w->total, how[k], &adj));
        check_totals(w, adj.after, 1e-7);
        StatsWeightSummary s = stats_weights_summary(N, w->weight, adj.after);
        CHECK(k == 3 || (s.min_g >= 0.4 && s.max_g <= 2.5));
        for (int j = 0; j < 4; j++) {                             /* a total that is fitted has no variance */
            double z[N];
            for (int i = 0; i < N; i++)
                z[i] = adj.after[i] * w->x[j * N + i];
            adj.residual(&adj, *a, N, 1, z);
            for (int i = 0; i < N; i++)
                CHECK_NEAR(z[i], 0, 1e-10);
        }
    }
}

TEST(weights_dependent_auxiliaries_are_left_out_when_their_totals_agree)
{
    World *w = world(a);
    double x[5 * N], total[5];
    StatsAdjustment plain, more;
    memcpy(x, w->x, sizeof w->x);
    memcpy(total, w->total, sizeof w->total);
    for (int i = 0; i < N; i++)
        x[4 * N + i] = w->group[i] == 0;
    total[4] = 60;
    CHECK_OK(stats_calibrate(a, N, w->weight, 4, w->x, w->total, (StatsCalibration){ 0 }, &plain));
    CHECK_OK(stats_calibrate(a, N, w->weight, 5, x, total, (StatsCalibration){ 0 }, &more));
    for (int i = 0; i < N; i++)
        CHECK_NEAR(plain.after[i], more.after[i], 1e-11);
    total[4] = 61;
    Err e = stats_calibrate(a, N, w->weight, 5, x, total, (StatsCalibration){ 0 }, &more);
    CHECK(e && str_starts(e->detail, S("margins_disagree:")));
}

static void check_code(Err e, Str code)
{
    CHECK_STR(e ? str_cut(e->detail, ':').head : S("OK"), code);
}

TEST(weights_errors_have_names)
{
    World *w = world(a);
    StatsMargin margin[] = { { w->group, 3, w->group_total }, { w->other, 2, w->other_total } };
    StatsAdjustment adj;
    w->other_total[0] = 221;
    check_code(stats_rake(a, N, w->weight, 2, margin, (StatsStop){ 0 }, &adj), S("margins_disagree"));
    w->other_total[0] = 220;
    check_code(stats_rake(a, N, w->weight, 2, margin, (StatsStop){ 1e-13, 1 }, &adj), S("not_converged"));
    check_code(stats_rake(a, N, w->weight, 0, margin, (StatsStop){ 0 }, &adj), S("bad_value"));
    w->group_total[1] = 0;
    check_code(stats_poststratify(a, N, w->weight, &margin[0], &adj), S("cells_mismatch"));
    w->group_total[1] = -3;
    check_code(stats_poststratify(a, N, w->weight, &margin[0], &adj), S("bad_value"));
    w->group_total[1] = 150;
    const double four[] = { 60, 150, 160, 5 };
    check_code(stats_poststratify(a, N, w->weight, &(StatsMargin){ w->group, 4, four }, &adj), S("cells_mismatch"));
    w->group[7] = UINT32_MAX;
    check_code(stats_poststratify(a, N, w->weight, &margin[0], &adj), S("missing_values"));
    const StatsCalibration narrow = { STATS_LOGIT, 0.99, 1.01, { 0 } }, none = { STATS_LOGIT, 0, 0, { 0 } }, odd = { STATS_LINEAR, 1.1, 2, { 0 } };
    check_code(stats_calibrate(a, N, w->weight, 4, w->x, w->total, narrow, &adj), S("not_converged"));
    check_code(stats_calibrate(a, N, w->weight, 4, w->x, w->total, none, &adj), S("bad_value"));
    check_code(stats_calibrate(a, N, w->weight, 4, w->x, w->total, odd, &adj), S("bad_value"));
    w->x[N + 3] = NAN;
    check_code(stats_calibrate(a, N, w->weight, 4, w->x, w->total, (StatsCalibration){ 0 }, &adj), S("missing_values"));
    w->weight[3] = 0;
    check_code(stats_calibrate(a, N, w->weight, 4, w->x, w->total, (StatsCalibration){ 0 }, &adj), S("bad_weight"));
}

TEST(weights_trimming_says_what_it_moved)
{
    double w[] = { 1, 2, 3, 4, 90 };
    CHECK_NEAR(stats_trim(*a, 5, w, 3.5, w), (90 - 10.5) / 100, 1e-15);
    CHECK_NEAR(w[4], 10.5, 0);
    CHECK_NEAR(w[3], 4, 0);
}
