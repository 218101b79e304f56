/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Designs and variances by hand and by what must hold for any design. */
#include "base/test.h"
#include "stats/design.h"
#include "stats/estimate.h"

/* A small generator of its own: tests give the same numbers everywhere. */
static uint64_t lcg = 1;
static double chance(void)
{
    lcg = lcg * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(lcg >> 11) / 9007199254740992.0;
}

/* Strata of 2 to 5 units of 1 to 6 rows, in a random order of rows. */
typedef struct World { size_t n; uint32_t stratum[400], psu[400], ssu[400]; double w[400], y[400], x[400], pop1[400], pop2[400]; bool in[400]; } World;

static World world(uint64_t seed)
{
    static World v;
    v   = (World){ 0 };
    lcg = seed;
    for (uint32_t h = 0; h < 5; h++) {
        uint32_t units = 2 + (uint32_t)(chance() * 4);
        for (uint32_t u = 0; u < units; u++) {
            uint32_t rows = 1 + (uint32_t)(chance() * 6);
            for (uint32_t i = 0; i < rows; i++, v.n++) {
                v.stratum[v.n] = 10 * (h + 1);
                v.psu[v.n]     = u + 7;          /* reused in every stratum */
                v.ssu[v.n]     = i;
                v.w[v.n]       = 1 + 9 * chance();
                v.y[v.n]       = 100 * chance();
                v.x[v.n]       = 1 + chance();
                v.pop1[v.n]    = units + 3 + h;
                v.pop2[v.n]    = rows + 5 + u;
                v.in[v.n]      = chance() < 0.5;
            }
        }
    }
    return v;
}

static StatsSample sample_of(const World *v, size_t stages, bool fpc)
{
    StatsSample s = { .n = v->n, .n_stages = (uint32_t)stages, .probability = true, .weight = v->w, .stratum = v->stratum, .unit = { v->psu, v->ssu } };
    if (fpc) {
        s.pop[0] = v->pop1;
        s.pop[1] = stages > 1 ? v->pop2 : NULL;
    }
    return s;
}

static double variance_of(Arena *a, const StatsDesign *d, StatsTheta *f, const void *what, const double *weight, double *out_estimate)
{
    double  *z = arena_new(a, double, d->n), v = NAN;
    unsigned flags = 0;
    f(what, *a, weight, out_estimate, z);
    Err e = stats_variance(d, a, 1, z, NULL, &v, &flags);
    return e ? NAN : v;
}

TEST(two_strata_by_hand)
{
    /* Stratum 1: totals 2*10 = 20, 2*14 = 28; stratum 2: 3*5 = 15, 3*9 = 27. V = 2 * (16 + 16) + 2 * (36 + 36) = 208. */
    uint32_t  stratum[] = { 1, 1, 2, 2 };
    double    w[] = { 2, 2, 3, 3 }, y[] = { 10, 14, 5, 9 }, estimate;
    StatsPart part = { y, NULL, NULL };
    StatsParts total = { 4, 1, true, &part };
    StatsSample s = { .n = 4, .probability = true, .weight = w, .stratum = stratum };
    StatsDesign d;
    Arena scratch = arena_open(1 << 24);
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    CHECK_NEAR(variance_of(a, &d, stats_parts, &total, w, &estimate), 208, 0);
    CHECK_NEAR(estimate, 90, 0);
    StatsDf df = stats_df(&d, *a, NULL);
    CHECK_INT(df.psu, 4);
    CHECK_INT(df.strata, 2);
    arena_close(&scratch);
}

TEST(two_stages_by_hand)
{
    /* 2 of 4 units; in each 2 of 3 and 2 of 2 rows. Weights 2 * 1.5 = 3 and 2. z: 3, 9 | 8, 12; totals 12, 20.
     * Stage 1: (1 - 1/2) * 2 * (16 + 16) = 32. Stage 2: 1/2 * ((1 - 2/3) * 2 * (9 + 9) + 0) = 6. */
    uint32_t  psu[] = { 1, 1, 2, 2 }, ssu[] = { 1, 2, 1, 2 };
    double    pop1[] = { 4, 4, 4, 4 }, pop2[] = { 3, 3, 2, 2 }, y[] = { 1, 3, 4, 6 }, estimate;
    StatsPart part = { y, NULL, NULL };
    StatsParts total = { 4, 1, true, &part };
    StatsSample s = { .n = 4, .n_stages = 2, .probability = true, .unit = { psu, ssu }, .pop = { pop1, pop2 } };
    StatsDesign d;
    Arena scratch = arena_open(1 << 24);
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    CHECK_NEAR(d.weight[0], 3, 1e-15);
    CHECK_NEAR(d.weight[3], 2, 0);
    CHECK_NEAR(variance_of(a, &d, stats_parts, &total, d.weight, &estimate), 38, 1e-12);
    CHECK_NEAR(estimate, 32, 1e-14);
    arena_close(&scratch);
}

TEST(lonely_units_by_hand)
{
    /* Stratum 1: totals 20, 28 (V 64); stratum 2: one unit of 15. */
    uint32_t  stratum[] = { 1, 1, 2 };
    double    w[] = { 2, 2, 3 }, y[] = { 10, 14, 5 }, z[] = { 20, 28, 15 }, v;
    static const struct { StatsLonely lonely; double v; } want[] = {
        { STATS_ADJUST, 64 + 225 }, { STATS_REMOVE, 64 }, { STATS_CERTAINTY, 64 }, { STATS_AVERAGE, 128 },
    };
    StatsSample s = { .n = 3, .probability = true, .weight = w, .stratum = stratum };
    StatsDesign d;
    Arena scratch = arena_open(1 << 24);
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        unsigned flags = 0;
        d.lonely = want[i].lonely;
        CHECK_OK(stats_variance(&d, a, 1, z, NULL, &v, &flags));
        CHECK_NEAR(v, want[i].v, 1e-12);
        CHECK_INT(flags, STATS_LONELY_PSU);
    }
    unsigned flags = 0;
    bool     used[] = { true, true, false };
    d.lonely = STATS_FAIL;
    CHECK_ERR(stats_variance(&d, a, 1, z, NULL, &v, &flags), ERR_INVALID);
    z[2] = 0;
    CHECK_OK(stats_variance(&d, a, 1, z, used, &v, &flags));         /* nobody of the domain stands there */
    CHECK_NEAR(v, 64, 1e-12);
    d.lonely = STATS_AVERAGE;
    bool alone[] = { false, false, true };
    CHECK_OK(stats_variance(&d, a, 1, z, alone, &v, &flags));
    CHECK(isnan(v));                                                 /* no stratum to take an average of */
    (void)y;
    arena_close(&scratch);
}

TEST(a_lonely_later_unit_is_undefined_under_average)
{
    uint32_t psu[] = { 1, 1, 2 }, ssu[] = { 1, 2, 1 };
    double   pop1[] = { 4, 4, 4 }, pop2[] = { 3, 3, 3 }, z[] = { 1, 2, 3 }, v;
    unsigned flags = 0;
    StatsSample s = { .n = 3, .n_stages = 2, .probability = true, .unit = { psu, ssu }, .pop = { pop1, pop2 } };
    StatsDesign d;
    Arena scratch = arena_open(1 << 24);
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    d.lonely = STATS_AVERAGE;
    CHECK_OK(stats_variance(&d, a, 1, z, NULL, &v, &flags));
    CHECK(isnan(v));
    arena_close(&scratch);
}

TEST(a_census_adds_nothing_at_its_stage)
{
    uint32_t psu[] = { 1, 1, 2, 2 }, ssu[] = { 1, 2, 1, 2 };
    double   pop1[] = { 2, 2, 2, 2 }, pop2[] = { 4, 4, 4, 4 }, z[] = { 1, 3, 10, 10 }, v;
    unsigned flags = 0;
    StatsSample s = { .n = 4, .n_stages = 2, .probability = true, .unit = { psu, ssu }, .pop = { pop1, pop2 } };
    StatsDesign d;
    Arena scratch = arena_open(1 << 24);
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    CHECK_OK(stats_variance(&d, a, 1, z, NULL, &v, &flags));
    CHECK_NEAR(v, 0.5 * 2 * (1 + 1), 1e-14);         /* (1 - 2/4) * 2/1 * (1 + 1) of the first unit; nothing between units */
    arena_close(&scratch);
}

TEST(designs_refuse_what_is_wrong)
{
    uint32_t psu[] = { 1, 1, 2, 2 };
    double   w[] = { 1, 1, 1, 1 }, pop[] = { 5, 5, 5, 5 };
    static const double bad[] = { 0, -1, NAN, INFINITY, -INFINITY };
    StatsSample s = { .n = 4, .n_stages = 1, .probability = true, .weight = w, .unit = { psu } };
    StatsDesign d;
    Arena scratch = arena_open(1 << 24);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        w[2] = bad[i];
        Err e = stats_design_init(a, scratch, &s, &d);
        CHECK_ERR(e, ERR_INVALID);
        CHECK(e && str_starts(e->detail, S("bad_weight: row 3")));
    }
    w[2] = 1;
    s.pop[0] = pop;
    static const double wrong[] = { 1, 4, NAN, 0, -3, INFINITY };     /* below the sample, not the same everywhere, missing … */
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        pop[3] = wrong[i];
        Err e = stats_design_init(a, scratch, &s, &d);
        CHECK_ERR(e, ERR_INVALID);
        CHECK(e && str_starts(e->detail, S("bad_fpc: row")));
    }
    pop[3] = 5;
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    s.n = 0;
    CHECK_OK(stats_design_init(a, scratch, &s, &d));                  /* nobody: a design all the same */
    CHECK_INT(stats_df(&d, *a, NULL).psu, 0);
    arena_close(&scratch);
}

TEST(no_probability_sample_has_no_variance)
{
    double   w[] = { 1, 1 }, z[] = { 1, 2 }, v = 0;
    unsigned flags = 0;
    StatsSample s = { .n = 2, .weight = w };
    StatsDesign d;
    Arena scratch = arena_open(1 << 24);
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    CHECK_OK(stats_variance(&d, a, 1, z, NULL, &v, &flags));
    CHECK(isnan(v));
    CHECK_INT(flags, STATS_NONPROB);
    arena_close(&scratch);
}

/* ---- What holds for any design ------------------------------------------------------------------------------------------ */

TEST(scaling_weights_leaves_means)
{
    Arena scratch = arena_open(1 << 24);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        World       v = world(seed);
        double      heavy[400], one, two;
        StatsPart   part = { v.y, NULL, v.in };
        StatsParts  mean = { v.n, 1, false, &part };
        StatsSample s = sample_of(&v, 1, false);
        StatsDesign d;
        for (size_t i = 0; i < v.n; i++)
            heavy[i] = 37.5 * v.w[i];
        CHECK_OK(stats_design_init(a, scratch, &s, &d));
        double v1 = variance_of(a, &d, stats_parts, &mean, v.w, &one), v2 = variance_of(a, &d, stats_parts, &mean, heavy, &two);
        CHECK_NEAR(two / one, 1, 1e-13);
        CHECK_NEAR(v2 / v1, 1, 1e-12);
    }
    arena_close(&scratch);
}

/* Values beside 1e12: the mean is rounded to 1e-4, its variance and that of the spread keep their digits. */
TEST(a_large_mean_takes_nothing_from_the_variance)
{
    Arena scratch = arena_open(1 << 24);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        World       v = world(seed);
        StatsSample s = sample_of(&v, 1, false);
        StatsDesign d;
        double     *small = arena_new(a, double, v.n), *large = arena_new(a, double, v.n), one, two;
        CHECK_OK(stats_design_init(a, scratch, &s, &d));
        for (size_t i = 0; i < v.n; i++) {
            small[i] = round(v.y[i] * 1024) / 1024;      /* exact beside 1e12 too */
            large[i] = small[i] + 1e12;
        }
        StatsPart   part[2]   = { { small, NULL, v.in }, { large, NULL, v.in } };
        StatsParts  mean[2]   = { { v.n, 1, false, &part[0] }, { v.n, 1, false, &part[1] } };
        StatsSpread spread[2] = { { v.n, v.n, small, v.in }, { v.n, v.n, large, v.in } };
        double v1 = variance_of(a, &d, stats_parts, &mean[0], v.w, &one), v2 = variance_of(a, &d, stats_parts, &mean[1], v.w, &two);
        CHECK_NEAR(v2 / v1, 1, 1e-11);
        CHECK_NEAR(stats_deff(v.n, small, v.in, v.w, 1, false, false) / stats_deff(v.n, large, v.in, v.w, 1, false, false), 1, 1e-11);
        v1 = variance_of(a, &d, stats_spread, &spread[0], v.w, &one);
        v2 = variance_of(a, &d, stats_spread, &spread[1], v.w, &two);
        CHECK_NEAR(two / one, 1, 1e-11);
        CHECK_NEAR(v2 / v1, 1, 1e-11);
    }
    arena_close(&scratch);
}

TEST(a_mean_in_a_domain_is_a_ratio_to_its_indicator)
{
    Arena scratch = arena_open(1 << 24);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        World       v = world(seed);
        double      num[400], den[400], one, two;
        StatsPart   part = { v.y, NULL, v.in }, whole = { num, den, NULL };
        StatsParts  mean = { v.n, 1, false, &part }, ratio = { v.n, 1, false, &whole };
        StatsSample s = sample_of(&v, 2, true);
        StatsDesign d;
        for (size_t i = 0; i < v.n; i++) {
            den[i] = v.in[i];
            num[i] = v.in[i] ? v.y[i] : 0;
        }
        CHECK_OK(stats_design_init(a, scratch, &s, &d));
        double v1 = variance_of(a, &d, stats_parts, &mean, v.w, &one), v2 = variance_of(a, &d, stats_parts, &ratio, v.w, &two);
        CHECK_NEAR(one, two, 1e-12);
        CHECK_NEAR(v1, v2, 1e-12);
    }
    arena_close(&scratch);
}

TEST(stages_with_endless_frames_are_sampling_with_replacement)
{
    Arena scratch = arena_open(1 << 24);
    for (uint64_t seed = 1; seed <= 20; seed++) {
        World       v = world(seed);
        double      one, two;
        StatsPart   part = { v.y, v.x, v.in };
        StatsParts  ratio = { v.n, 1, false, &part };
        StatsSample s = sample_of(&v, 1, false), endless = sample_of(&v, 2, true);
        StatsDesign d, e;
        for (size_t i = 0; i < v.n; i++)
            v.pop1[i] = v.pop2[i] = 1e17;
        CHECK_OK(stats_design_init(a, scratch, &s, &d));
        CHECK_OK(stats_design_init(a, scratch, &endless, &e));
        CHECK_NEAR(variance_of(a, &d, stats_parts, &ratio, v.w, &one) / variance_of(a, &e, stats_parts, &ratio, v.w, &two), 1, 1e-12);
    }
    arena_close(&scratch);
}

TEST(rows_in_any_order_give_the_same_bits_with_keys)
{
    Arena scratch = arena_open(1 << 24);
    World       v = world(5), w = v;
    uint64_t    key[400], other[400];
    double      one, two;
    for (size_t i = 0; i < v.n; i++)
        key[i] = i;
    for (size_t i = 0; i < v.n; i++) {           /* turned round */
        size_t j = v.n - 1 - i;
        w.stratum[i] = v.stratum[j], w.psu[i] = v.psu[j], w.w[i] = v.w[j], w.y[i] = v.y[j], other[i] = key[j];
    }
    StatsSample s = sample_of(&v, 1, false), t = sample_of(&w, 1, false);
    StatsDesign d, e;
    s.row_key = key;
    t.row_key = other;
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    CHECK_OK(stats_design_init(a, scratch, &t, &e));
    double   z[400], u[400], v1, v2;
    unsigned flags = 0;
    for (size_t i = 0; i < v.n; i++) {
        z[i] = v.w[i] * v.y[i];
        u[i] = w.w[i] * w.y[i];
    }
    CHECK_OK(stats_variance(&d, a, 1, z, NULL, &v1, &flags));
    CHECK_OK(stats_variance(&e, a, 1, u, NULL, &v2, &flags));
    CHECK(v1 == v2);
    one = two = 0;
    (void)one, (void)two;
    arena_close(&scratch);
}

TEST(several_statistics_at_once_are_each_alone)
{
    Arena scratch = arena_open(1 << 24);
    World       v = world(9);
    double      z[800], both[4], alone;
    unsigned    flags = 0;
    StatsSample s = sample_of(&v, 2, true);
    StatsDesign d;
    CHECK_OK(stats_design_init(a, scratch, &s, &d));
    for (size_t i = 0; i < v.n; i++) {
        z[i]       = v.w[i] * v.y[i];
        z[v.n + i] = v.w[i] * v.x[i];
    }
    CHECK_OK(stats_variance(&d, a, 2, z, NULL, both, &flags));
    CHECK_OK(stats_variance(&d, a, 1, z + v.n, NULL, &alone, &flags));
    CHECK(both[3] == alone);
    CHECK(both[1] == both[2]);
    arena_close(&scratch);
}

/* Leaving out one unit at a time, in each stratum, is linearisation for totals. */
TEST(stratified_jackknife_is_linearisation_for_totals)
{
    Arena scratch = arena_open(1 << 24);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        World       v = world(seed);
        StatsPart   part = { v.y, NULL, v.in };
        StatsParts  total = { v.n, 1, true, &part };
        StatsSample s = sample_of(&v, 1, false);
        StatsDesign d;
        CHECK_OK(stats_design_init(a, scratch, &s, &d));
        size_t    k = d.n_psu;
        double   *factor = arena_new(a, double, k * k), *rscale = arena_new(a, double, k), est, one, two;
        uint32_t *psu = arena_new(a, uint32_t, v.n);
        for (size_t i = 0; i < v.n; i++)
            psu[d.order[i]] = d.psu[i];
        for (size_t r = 0; r < k; r++) {
            double n = 0;
            for (size_t g = 0; g < k; g++)
                n += d.psu_stratum[g] == d.psu_stratum[r];
            rscale[r] = (n - 1) / n;
            for (size_t g = 0; g < k; g++)
                factor[g * k + r] = g == r ? 0 : d.psu_stratum[g] == d.psu_stratum[r] ? n / (n - 1) : 1;
        }
        StatsReplicates rep = { v.n, k, k, v.w, factor, rscale, psu, 1, false };
        stats_replicate_variance(&rep, *a, 1, stats_parts, &total, &est, &one);
        CHECK_NEAR(one / variance_of(a, &d, stats_parts, &total, v.w, &two), 1, 1e-11);
        CHECK_NEAR(est, two, 1e-9);
        CHECK_NEAR(stats_replicate_df(&rep, *a, NULL), (double)(k - d.n_strata), 0);
    }
    arena_close(&scratch);
}

TEST(items_of_an_index_are_each_over_those_who_answered)
{
    World    v = world(3);
    double   item[2][400], one[2], two[2], index, weight[] = { 1, 3 }, z[400], z1[400], z2[400];
    double  *at[] = { item[0], item[1] };
    uint32_t code[400] = { 0 };
    bool     used[400], in[2][400];
    for (size_t i = 0; i < v.n; i++) {
        used[i] = true;
        for (int j = 0; j < 2; j++) {
            item[j][i] = chance() < 0.2 ? NAN : chance() < 0.6;
            in[j][i]   = !isnan(item[j][i]);
        }
        z[i] = z1[i] = z2[i] = 0;
    }
    StatsIndex x = { v.n, 2, 1, at, weight, code, used };
    StatsPart  p1 = { item[0], NULL, in[0] }, p2 = { item[1], NULL, in[1] };
    StatsParts m1 = { v.n, 1, false, &p1 }, m2 = { v.n, 1, false, &p2 };
    stats_index(&x, *a, v.w, &index, z);
    stats_parts(&m1, *a, v.w, one, z1);
    stats_parts(&m2, *a, v.w, two, z2);
    CHECK_NEAR(index, (one[0] + 3 * two[0]) / 4, 1e-15);
    for (size_t i = 0; i < v.n; i++)
        CHECK_NEAR(z[i], (z1[i] + 3 * z2[i]) / 4, 1e-15);
}

TEST(sums_keep_what_rounding_would_lose)
{
    double x[1000];
    StatsAcc acc = { 0 };
    for (size_t i = 0; i < 1000; i++) {
        x[i] = 0.1;
        acc_add(&acc, i == 0 ? 1e16 : i == 999 ? -1e16 : 1);
    }
    CHECK_NEAR(stats_sum(1000, x), 100, 1e-13);
    CHECK_NEAR(stats_dot(1000, x, x), 10, 1e-14);
    CHECK_NEAR(acc_value(&acc), 998, 0);
}
