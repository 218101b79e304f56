/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pass over all items and cells against each item and cell by itself, through the routine of every other statistic. */
#include "base/test.h"
#include "stats/estimate.h"
#include "stats/shares.h"

enum { ROWS = 3000, ITEMS = 40 };

/* A survey of 9 strata with 1 to 8 units each; a stratum may be lonely. */
typedef struct Survey {
    size_t   n;
    uint32_t stratum[ROWS], psu[ROWS], person[ROWS];
    double   w[ROWS], pop1[ROWS], pop2[ROWS];
    uint8_t  answer[ITEMS][ROWS];
    uint16_t sex[ROWS], age[ROWS], place[ROWS];
} Survey;

static uint64_t state = 7;
static uint32_t draw(uint32_t below)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % below);
}

static Survey *survey_new(Arena *a, size_t n, uint32_t units_least, uint32_t missing)
{
    Survey *s = arena_new(a, Survey, 1);
    s->n = n;
    for (size_t i = 0; i < n; i++) {
        s->stratum[i] = draw(9);
        s->psu[i]     = draw(units_least + s->stratum[i] % 8);
        s->person[i]  = (uint32_t)i;
        s->w[i]       = 1 + draw(1000) / 100.0;
        s->pop1[i]    = 20 + s->stratum[i];
        s->pop2[i]    = 5000;
        s->sex[i]     = draw(20) ? (uint16_t)draw(2) : UINT16_MAX;
        s->age[i]     = (uint16_t)draw(5);
        s->place[i]   = (uint16_t)s->stratum[i];
        for (size_t j = 0; j < ITEMS; j++)
            s->answer[j][i] = missing && draw(100) < missing ? 0 : (uint8_t)(1 + draw(5));
    }
    return s;
}

static StatsDesign design_of(Arena *a, const Survey *s, uint32_t stages, bool fpc, StatsLonely lonely)
{
    Arena       scratch = arena_open(1 << 26);
    StatsSample sample  = { .n = s->n, .n_stages = stages, .probability = true, .weight = s->w, .stratum = s->stratum, .unit = { s->psu, s->person } };
    StatsDesign d       = { 0 };
    sample.pop[0] = fpc ? s->pop1 : NULL;
    sample.pop[1] = fpc && stages > 1 ? s->pop2 : NULL;
    Err e = stats_design_init(a, scratch, &sample, &d);
    CHECK(!e);
    arena_close(&scratch);
    d.lonely = lonely;
    return d;
}

static const StatsItem *items_of(Arena *a, const Survey *s)
{
    StatsItem *item = arena_new(a, StatsItem, ITEMS);
    for (size_t j = 0; j < ITEMS; j++)
        item[j] = (StatsItem){ s->answer[j], (uint8_t)(2 + j % 4) };
    return item;
}

/* One item in one cell by itself. */
static void check_cell(Arena *a, const StatsDesign *d, const Survey *s, const StatsItem *item, const uint16_t *code, uint16_t level, const StatsEstimate *got)
{
    bool    *in = arena_new(a, bool, s->n), *used = arena_new(a, bool, s->n);
    double  *y  = arena_new(a, double, s->n), *z = arena_new(a, double, s->n), p, v;
    unsigned flags = 0;
    for (size_t i = 0; i < s->n; i++) {
        in[i]   = !code || code[i] == level;
        used[i] = in[i] && item->answer[i];
        y[i]    = item->answer[i] >= item->satisfied_from;
    }
    StatsPart  part  = { y, NULL, used };
    StatsParts parts = { s->n, 1, false, &part };
    stats_parts(&parts, *a, d->weight, &p, z);
    CHECK_OK(stats_variance(d, a, 1, z, used, &v, &flags));
    StatsDf own = stats_df(d, *a, used), all = stats_df(d, *a, in);
    CHECK_INT(got->n, own.n);
    CHECK_INT(got->n_psu, own.psu);
    CHECK_INT(got->n_strata, own.strata);
    CHECK_NEAR(got->df, all.df, 0);
    if (!own.n) {
        CHECK(isnan(got->value) && isnan(got->se) && got->flags & STATS_EMPTY);
        return;
    }
    CHECK_NEAR(got->value, p, 1e-13);
    if (p > 0 && p < 1 && v > 1e-25) {
        CHECK_NEAR(got->se / sqrt(v), 1, 1e-11);
        CHECK_NEAR(got->deff / stats_deff(s->n, y, used, d->weight, v, false, false), 1, 1e-10);
        StatsBounds b = stats_share_interval(STATS_CI_LOGIT, p, sqrt(v), all.n, all.df, 0.95);
        CHECK(isnan(b.low) ? isnan(got->low) : fabs(got->low - b.low) < 1e-11 && fabs(got->high - b.high) < 1e-11);
    } else {
        CHECK(isnan(got->se));
    }
    CHECK_INT(!!(got->flags & STATS_LONELY_PSU), !!(flags & STATS_LONELY_PSU));
}

static void check_all(Arena *a, const Survey *s, const StatsDesign *d, size_t n_items)
{
    Arena            scratch = arena_open((size_t)1 << 30);
    const StatsItem *item    = items_of(a, s);
    StatsCodes       by[]    = { { s->sex, 2 }, { s->age, 6 }, { s->place, 9 } };          /* nobody has age 5 */
    size_t           cells   = stats_cells(3, by);
    StatsEstimate   *got     = arena_new(a, StatsEstimate, n_items * cells);
    CHECK_OK(stats_shares(a, scratch, d, n_items, item, 3, by, NULL, got, NULL));
    for (size_t j = 0; j < n_items; j++)
        for (size_t x = 0, c = 0; x < 3; x++)
            for (uint16_t l = 0; l < by[x].n_levels; l++, c++) {
                Arena one = *a;
                check_cell(&one, d, s, &item[j], by[x].code, l, &got[j * cells + c]);
            }
    arena_close(&scratch);
}

TEST(the_pass_agrees_with_each_item_and_cell_alone)
{
    Survey     *s = survey_new(a, ROWS, 2, 8);
    StatsDesign d = design_of(a, s, 1, false, STATS_ADJUST);
    check_all(a, s, &d, ITEMS);
}

TEST(the_pass_knows_populations_and_lonely_units)
{
    static const StatsLonely lonely[] = { STATS_ADJUST, STATS_CERTAINTY, STATS_AVERAGE };
    for (size_t k = 0; k < COUNT_OF(lonely); k++) {
        Survey     *s = survey_new(a, 400, 1, 30);
        StatsDesign d = design_of(a, s, 1, true, lonely[k]);
        check_all(a, s, &d, 5);
        d.adjust_domain_lonely = true;
        check_all(a, s, &d, 5);
    }
    Survey     *s = survey_new(a, 400, 1, 0);
    StatsDesign d = design_of(a, s, 1, false, STATS_FAIL);
    StatsEstimate got[ITEMS];
    Arena scratch = arena_open((size_t)1 << 26);
    CHECK_ERR(stats_shares(a, scratch, &d, ITEMS, items_of(a, s), 0, NULL, NULL, got, NULL), ERR_INVALID);
    arena_close(&scratch);
}

TEST(designs_of_two_stages_and_of_rows_alone)
{
    Survey     *s = survey_new(a, 300, 2, 10);
    StatsDesign d = design_of(a, s, 2, true, STATS_ADJUST), rows = design_of(a, s, 0, false, STATS_ADJUST);
    check_all(a, s, &d, 3);
    check_all(a, s, &rows, 3);
}

TEST(second_stages_of_few_rows)
{
    static const StatsLonely lonely[] = { STATS_ADJUST, STATS_CERTAINTY };
    for (size_t k = 0; k < 2 * COUNT_OF(lonely); k++) {
        Survey *s = survey_new(a, 90, 2, 20);
        for (size_t i = 0; i < s->n; i++)
            s->pop2[i] = 20 + s->psu[i];
        StatsDesign d = design_of(a, s, 2, true, lonely[k / 2]);
        d.adjust_domain_lonely = k % 2;
        check_all(a, s, &d, 6);
    }
    Survey     *s = survey_new(a, 90, 2, 20);
    StatsDesign d = design_of(a, s, 2, true, STATS_FAIL);
    StatsEstimate got[ITEMS];
    Arena scratch = arena_open((size_t)1 << 26);
    CHECK_ERR(stats_shares(a, scratch, &d, ITEMS, items_of(a, s), 0, NULL, NULL, got, NULL), ERR_INVALID);
    arena_close(&scratch);
}

TEST(threads_change_no_bit)
{
    for (uint32_t stages = 1; stages <= 2; stages++) {
        Survey     *s = survey_new(a, ROWS, 2, 5);
        StatsDesign d = design_of(a, s, stages, stages > 1, STATS_ADJUST);
        StatsCodes  by[] = { { s->age, 5 } };
        StatsEstimate *one = arena_new(a, StatsEstimate, ITEMS * 5), *many = arena_new(a, StatsEstimate, ITEMS * 5);
        Arena scratch = arena_open((size_t)1 << 28);
        CHECK_OK(stats_shares(a, scratch, &d, ITEMS, items_of(a, s), 1, by, NULL, one, NULL));
        for (uint32_t threads = 2; threads <= 7; threads += 5) {
            CHECK_OK(stats_shares(a, scratch, &d, ITEMS, items_of(a, s), 1, by, &(StatsOptions){ .threads = threads }, many, NULL));
            CHECK(memcmp(one, many, ITEMS * 5 * sizeof *one) == 0);
        }
        arena_close(&scratch);
    }
}

TEST(covariances_stand_beside_the_errors)
{
    Survey     *s = survey_new(a, 600, 2, 5);
    StatsDesign d[] = { design_of(a, s, 1, false, STATS_ADJUST), design_of(a, s, 2, true, STATS_ADJUST) };
    StatsCodes  by[] = { { s->sex, 2 } };
    StatsEstimate got[6];
    double      cov[36];
    Arena scratch = arena_open((size_t)1 << 28);
    for (size_t k = 0; k < 2; k++) {
        CHECK_OK(stats_shares(a, scratch, &d[k], 3, items_of(a, s), 1, by, NULL, got, cov));
        for (size_t i = 0; i < 6; i++)
            CHECK_NEAR(cov[i * 6 + i] / (got[i].se * got[i].se), 1, 1e-11);
        CHECK(cov[1] == cov[6]);
    }
    CHECK_ERR(stats_shares(a, scratch, &d[1], ITEMS, items_of(a, s), 1, &(StatsCodes){ s->age, 60000 }, NULL, got, cov), ERR_TOO_LARGE);
    arena_close(&scratch);
}
