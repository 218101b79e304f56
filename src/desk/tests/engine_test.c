/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of groups against the same figures of rows, by the estimator itself; letters, tests and suppression. */
#include "base/test.h"
#include "desk/engine.h"
#include "stats/contingency.h"
#include "stats/shares.h"
#include "stats/weights.h"

#include <stdlib.h>

enum { N = 4000, STRATA = 8, UNITS = 10, GROUPS = 3 };

typedef struct Sample { double w[N]; uint32_t stratum[N], unit[N]; uint16_t post[N], cell[N], two[N], num[N], den[N]; uint8_t answer[N], out[N]; } Sample;

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return (uint32_t)(*state >> 20) % below;
}

/* Rows by stratum and unit; groups 1 to 3 with satisfaction that rises, some without an answer or a group. */
static Sample *sample(Arena *a)
{
    Sample  *s = arena_new(a, Sample, 1);
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < N; i++) {
        size_t unit   = i * STRATA * UNITS / N;
        s->stratum[i] = (uint32_t)(unit / UNITS) + 1;
        s->unit[i]    = (uint32_t)(unit % UNITS) + 1;
        s->post[i]    = (uint16_t)s->stratum[i];
        s->w[i]       = 1 + draw(&state, 100) / 10.0;
        uint32_t group = draw(&state, 40) ? 1 + draw(&state, GROUPS) : GROUPS + 1;
        s->cell[i]    = (uint16_t)group;
        s->answer[i]  = (uint8_t)(draw(&state, 12) ? 1 + (draw(&state, 5) + draw(&state, group + 1) + unit % 2) % 5 : 0);
        s->den[i]     = (uint16_t)draw(&state, 4);
        s->num[i]     = (uint16_t)draw(&state, s->den[i] + 1u);
        s->out[i]     = draw(&state, 3) == 0;
        s->two[i]     = (uint16_t)(group * 4 + 1 + draw(&state, 2));
    }
    return s;
}

static const uint8_t all_shown[64] = { STATS_SHOWN };

static DeskRows rows_of(const Sample *s)
{
    return (DeskRows){ .n = N, .show = all_shown, .weight = s->w, .stratum = s->stratum, .unit = s->unit, .post = s->post, .probability = true, .cell = s->cell,
                       .levels = { GROUPS, 0 }, .cat = s->answer };
}

static const double top_two[] = { 0, 0, 0, 0, 1, 1 };

TEST(desk_figures_are_those_of_the_estimator)
{
    Sample     *s = sample(a);
    DeskRows    r = rows_of(s);
    DeskResult  d;
    StatsDesign design;
    StatsSample rows = { .n = N, .n_stages = 1, .probability = true, .weight = s->w, .stratum = s->stratum, .unit = { s->unit } };
    uint16_t    level[N];
    Arena       scratch = arena_open((size_t)1 << 30);
    for (size_t i = 0; i < N; i++)
        level[i] = s->cell[i] > GROUPS ? 65535 : (uint16_t)(s->cell[i] - 1);
    StatsEstimate e[GROUPS], whole;
    CHECK_OK(stats_design_init(a, scratch, &rows, &design));
    CHECK_OK(stats_shares(a, scratch, &design, 1, &(StatsItem){ s->answer, 4 }, 1, &(StatsCodes){ level, GROUPS }, &(StatsOptions){ 0 }, e, NULL));
    CHECK_OK(stats_shares(a, scratch, &design, 1, &(StatsItem){ s->answer, 4 }, 0, NULL, &(StatsOptions){ 0 }, &whole, NULL));
    CHECK_OK(desk_compute(a, &r, 5, &(DeskWanted){ top_two, true }, 1, true, &d));
    CHECK_INT(d.rows, GROUPS + 2);
    CHECK_NEAR(desk_at(&d, 0, 0, 0)->x, whole.value, 1e-12);
    CHECK_NEAR(desk_at(&d, 0, 0, 0)->se, whole.se, 1e-12);
    for (size_t k = 0; k < GROUPS; k++) {
        const DeskFigure *f = desk_at(&d, 0, k + 1, 0);
        CHECK_NEAR(f->x, e[k].value, 1e-12);
        CHECK_NEAR(f->se, e[k].se, 1e-12);
        CHECK_NEAR(f->deff, e[k].deff, 1e-9);
        CHECK_NEAR(f->low, e[k].low, 1e-9);
        CHECK_NEAR(f->high, e[k].high, 1e-9);
        CHECK_INT(f->n, e[k].n);
        CHECK_INT(f->n_psu, e[k].n_psu);
    }
    uint32_t        *cell = arena_new(a, uint32_t, N);
    ContingencyTable t = { .n = N, .rows = GROUPS, .columns = 5, .cell = cell, .method = CONTINGENCY_F };
    double          *share = arena_new(a, double, 15), *z = arena_new(a, double, 15 * N), *v = arena_new(a, double, 15 * 15);
    unsigned         flags = 0;
    for (size_t i = 0; i < N; i++)
        cell[i] = s->answer[i] && s->cell[i] <= GROUPS ? (s->cell[i] - 1u) * 5 + s->answer[i] - 1 : UINT32_MAX;
    contingency_theta(&t, *a, s->w, share, z);
    CHECK_OK(stats_variance(&design, a, 15, z, NULL, v, &flags));
    Contingency c = contingency_test(&t, *a, share, v, STRATA * UNITS - STRATA, N);
    CHECK(d.test.done);
    CHECK_NEAR(d.test.statistic, c.statistic, 1e-9);
    CHECK_NEAR(d.test.p, c.p, 1e-9);
    arena_close(&scratch);
}

TEST(desk_letters_need_a_clear_difference)
{
    Sample    *s = sample(a);
    DeskRows   r = rows_of(s);
    DeskResult d;
    for (size_t i = 0; i < N; i++)       /* the first two groups alike, the third far above */
        s->answer[i] = (uint8_t)(s->cell[i] == 3 ? 5 - i % 3 % 2 : 3 + i % 2);
    CHECK_OK(desk_compute(a, &r, 5, &(DeskWanted){ (double[]){ 0, 1, 2, 3, 4, 5 }, false }, 1, false, &d));
    CHECK_INT(desk_at(&d, 0, 3, 0)->above, 3);
    CHECK_INT(desk_at(&d, 0, 1, 0)->above, 0);
    CHECK_INT(desk_at(&d, 0, 2, 0)->above, 0);
}

TEST(desk_pooled_items_take_residuals_of_met_totals)
{
    Sample    *s = sample(a);
    DeskRows   r = rows_of(s);
    DeskResult plain, met;
    StatsAdjustment made;
    double   total[STRATA], *after = arena_new(a, double, N), *z = arena_new(a, double, N), v;
    uint32_t code[N];
    unsigned flags = 0;
    for (int k = 0; k < STRATA; k++)
        total[k] = 1000 * (k + 1);
    for (size_t i = 0; i < N; i++)
        code[i] = s->stratum[i] - 1;
    CHECK_OK(stats_poststratify(a, N, s->w, &(StatsMargin){ code, STRATA, total }, &made));
    memcpy(after, made.after, N * sizeof *after);
    r.weight = after;
    r.cat = NULL;
    r.num = s->num;
    r.den = s->den;
    CHECK_OK(desk_compute(a, &r, 0, &(DeskWanted){ NULL, true }, 1, false, &plain));
    r.adjusted = true;
    CHECK_OK(desk_compute(a, &r, 0, &(DeskWanted){ NULL, true }, 1, false, &met));
    double num = 0, den = 0;
    for (size_t i = 0; i < N; i++) {
        num += after[i] * s->num[i];
        den += after[i] * s->den[i];
    }
    for (size_t i = 0; i < N; i++)
        z[i] = after[i] * (s->num[i] - num / den * s->den[i]) / den;
    made.residual(&made, *a, N, 1, z);
    StatsDesign design;
    StatsSample rows = { .n = N, .n_stages = 1, .probability = true, .weight = after, .stratum = s->stratum, .unit = { s->unit } };
    Arena scratch = arena_open((size_t)1 << 30);
    CHECK_OK(stats_design_init(a, scratch, &rows, &design));
    CHECK_OK(stats_variance(&design, a, 1, z, NULL, &v, &flags));
    arena_close(&scratch);
    CHECK_NEAR(desk_at(&met, 0, 0, 0)->x, num / den, 1e-12);
    CHECK_NEAR(desk_at(&met, 0, 0, 0)->se, sqrt(v), 1e-12);
    CHECK(fabs(desk_at(&met, 0, 0, 0)->se - desk_at(&plain, 0, 0, 0)->se) > 1e-9);
}

TEST(desk_shows_nothing_of_fewer_than_five)
{
    Sample    *s = sample(a);
    DeskRows   r = rows_of(s);
    DeskResult d;
    size_t     left = 3;
    for (size_t i = 0; i < N; i++) {     /* three people of group 2, and one by one what a subtraction would need */
        if (s->cell[i] == 2 && s->answer[i] && left)
            left--;
        else if (s->cell[i] == 2)
            s->cell[i] = 1;
        if (s->cell[i] == GROUPS + 1)
            s->cell[i] = 3;
    }
    CHECK_OK(desk_compute(a, &r, 5, &(DeskWanted){ top_two, true }, 1, false, &d));
    const DeskFigure *few = desk_at(&d, 0, 2, 0);
    CHECK_INT(few->show, STATS_SECRET);
    CHECK_INT(few->n, 0);
    CHECK(isnan(few->x) && isnan(few->se));
    uint8_t show[GROUPS + 2] = { [1] = STATS_COMPLEMENT };      /* as it was decided for all tables */
    r.show = show;
    CHECK_OK(desk_compute(a, &r, 5, &(DeskWanted){ top_two, true }, 1, true, &d));
    CHECK_INT(desk_at(&d, 0, 1, 0)->show, STATS_COMPLEMENT);
    CHECK(isnan(desk_at(&d, 0, 1, 0)->x) && desk_at(&d, 0, 1, 0)->n == 0);
    CHECK_INT(desk_at(&d, 0, 3, 0)->show, STATS_SHOWN);
}

TEST(desk_without_a_probability_sample_gives_no_errors)
{
    Sample    *s = sample(a);
    DeskRows   r = rows_of(s);
    DeskResult d;
    r.probability = false;
    r.cell      = s->two;
    r.levels[1] = 2;
    CHECK_OK(desk_compute(a, &r, 5, &(DeskWanted){ top_two, true }, 1, true, &d));
    CHECK_INT(d.columns, 4);
    for (size_t i = 0; i < d.rows; i++) {
        CHECK(isnan(desk_at(&d, 0, i, 0)->se) && isnan(desk_at(&d, 0, i, 0)->low));
        CHECK_INT(desk_at(&d, 0, i, 0)->above, 0);
    }
    CHECK(!d.test.done);
    CHECK(desk_at(&d, 0, 0, 0)->x > 0.1);
}

/* Unit 1 was divided: three parts of ten went to place 2. Sums of weights are kept. */
TEST(desk_divided_units_keep_their_totals)
{
    Sample    *s = sample(a);
    DeskRows   r = rows_of(s);
    DeskResult whole, d;
    uint32_t  *row = arena_new(a, uint32_t, 2 * N);
    uint16_t  *cell = arena_new(a, uint16_t, 2 * N);
    double    *share = arena_new(a, double, 2 * N), ones[] = { 0, 1, 1, 1, 1, 1 };
    size_t     n = 0;
    for (size_t i = 0; i < N; i++)
        for (int k = 0; k < (s->cell[i] == 1 ? 2 : 1); k++, n++) {
            row[n]   = (uint32_t)i;
            cell[n]  = k ? 2 : s->cell[i];
            share[n] = s->cell[i] != 1 ? 1 : k ? 0.3 : 0.7;
        }
    CHECK_OK(desk_compute(a, &r, 5, &(DeskWanted){ top_two, true }, 1, false, &whole));
    r.entries = n;
    r.row = row;
    r.entry_cell = cell;
    r.share = share;
    CHECK_OK(desk_compute(a, &r, 5, &(DeskWanted){ top_two, true }, 1, false, &d));
    (void)ones;
    CHECK_NEAR(desk_at(&d, 0, 0, 0)->x, desk_at(&whole, 0, 0, 0)->x, 1e-12);
    CHECK_NEAR(desk_at(&d, 0, 0, 0)->se, desk_at(&whole, 0, 0, 0)->se, 1e-12);
    CHECK(llabs((long long)desk_at(&d, 0, 0, 0)->n - (long long)desk_at(&whole, 0, 0, 0)->n) <= 2);
    CHECK(desk_at(&d, 0, 2, 0)->n > desk_at(&whole, 0, 2, 0)->n);
}

TEST(desk_lists_the_sampling_units_of_a_place)
{
    Sample      *s = sample(a);
    DeskRows     r = rows_of(s);
    DeskUnitRow *u;
    size_t       n, people = 0, answered = 0;
    CHECK_OK(desk_units(a, &r, 2, 0, &u, &n));
    CHECK_INT(n, STRATA * UNITS);
    for (size_t i = 0; i < n; i++)
        people += u[i].n;
    for (size_t i = 0; i < N; i++)
        answered += s->cell[i] == 2 && s->answer[i];
    CHECK_INT(people, answered);
}
