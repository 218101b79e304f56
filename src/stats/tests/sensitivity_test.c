/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Composite indices of a few units: by hand, and where it is known beforehand what moves the ranks. */
#include "base/test.h"
#include "stats/sensitivity.h"

enum { UNITS = 3, ITEMS = 3 };
static const uint32_t dim[ITEMS] = { 0, 0, 1 };
static const double   item_weight[ITEMS] = { 1, 3, 5 }, dim_weight[] = { 1, 1 };

static Composite composite(const double *const *score, const double *se)
{
    return (Composite){ .units = UNITS, .items = ITEMS, .dims = 2, .dim = dim, .item_weight = item_weight, .dim_weight = dim_weight, .score = score, .se = se };
}

TEST(sensitivity_values_by_hand)
{
    const double score[] = { 0.4, 0.8, 0.6, 0.2, NAN, 0.6, NAN, NAN, NAN }, se[] = { 0.1, 0, 0.2, 0.1, 0.1, 0, 0, 0, 0 }, *tables[] = { score };
    Composite    c = composite(tables, se);
    double       value[UNITS], error[UNITS], importance[ITEMS];
    composite_values(*a, &c, value, error, importance);
    CHECK_NEAR(value[0], 0.5 * 0.7 + 0.5 * 0.6, 1e-15);
    CHECK_NEAR(value[1], 0.5 * 0.2 + 0.5 * 0.6, 1e-15);          /* the first item alone makes its dimension */
    CHECK(isnan(value[2]) && isnan(error[2]));
    CHECK_NEAR(error[0], sqrt(0.0125 * 0.0125 + 0.01), 1e-15);
    CHECK_NEAR(error[1], 0.05, 1e-15);
    CHECK_NEAR(importance[0], 1, 1e-12);
    CHECK(isnan(importance[2]));
}

TEST(sensitivity_of_units_that_no_choice_can_move)
{
    const double score[] = { 0.9, 0.8, 0.9, 0.5, 0.5, 0.5, 0.2, 0.1, 0.1 }, *tables[] = { score };
    Composite    c = composite(tables, NULL);
    Sensitivity  s = stats_sensitivity(a, &c, (SensitivityPlan){ .vary = ~0u, .runs = 200, .seed = 5 });
    CHECK(s.shift == 0 && isnan(s.first[SENSITIVITY_WEIGHTS]));
    for (int u = 0; u < UNITS; u++)
        CHECK(s.unit[u].rank == u + 1 && s.unit[u].low == u + 1 && s.unit[u].high == u + 1 && s.unit[u].in_group == 1);
}

/* One unit is uneven: by the arithmetic mean it is first, by the geometric one second. The weights cannot change that. */
TEST(sensitivity_finds_the_choice_that_matters)
{
    const double score[] = { 1, 1, 0.1, 0.5, 0.5, 0.5, 0.01, 0.01, 0.01 }, *tables[] = { score };
    Composite    c = composite(tables, NULL);
    SensitivityPlan plan = { .vary = 1u << SENSITIVITY_MEAN | 1u << SENSITIVITY_WEIGHTS, .noise = 0.01, .runs = 2000, .seed = 5 };
    Sensitivity  s = stats_sensitivity(a, &c, plan);
    CHECK_NEAR(s.shift, 1.0 / 3, 0.03);
    CHECK_NEAR(s.first[SENSITIVITY_MEAN], 1, 0.1);
    CHECK_NEAR(s.total[SENSITIVITY_MEAN], 1, 0.1);
    CHECK_NEAR(s.total[SENSITIVITY_WEIGHTS], 0, 1e-12);
    CHECK(isnan(s.first[SENSITIVITY_LEAVE_OUT]) && s.unit[0].low == 1 && s.unit[0].high == 2 && s.unit[2].in_group == 1);
    CHECK_NEAR(s.unit[0].in_group, 0.5, 0.04);
    const uint32_t group[] = { 0, 0, 1 };
    plan.group = group;
    Sensitivity again = stats_sensitivity(a, &c, plan);
    CHECK(again.unit[0].in_group == 1 && again.shift == s.shift && again.first[SENSITIVITY_MEAN] == s.first[SENSITIVITY_MEAN]);
}

/* Two tables of scores that put the first two units the other way round; sampling errors; even weights drawn anew. */
TEST(sensitivity_of_ways_errors_and_weights)
{
    const double one[] = { 0.6, 0.6, 0.6, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1 }, two[] = { 0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.1, 0.1, 0.1 };
    const double se[] = { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0, 0, 0 }, *tables[] = { one, two };
    Composite    c = composite(tables, se);
    c.variants[1] = 2;
    Sensitivity  s = stats_sensitivity(a, &c, (SensitivityPlan){ .vary = 1u << (SENSITIVITY_WAY + 1), .runs = 1000, .seed = 9 });
    CHECK_NEAR(s.unit[0].in_group, 0.5, 0.05);
    CHECK_NEAR(s.first[SENSITIVITY_WAY + 1], 1, 0.15);
    s = stats_sensitivity(a, &c, (SensitivityPlan){ .vary = 1u << SENSITIVITY_SAMPLING, .runs = 2000, .seed = 9 });
    double error = sqrt(2 * 0.01 * (0.25 * 10 / 16 + 0.25));          /* of a difference; each index: (1 + 9) / 16 / 4 + 1 / 4 of 0.01 */
    CHECK_NEAR(s.unit[0].in_group, 0.5 * erfc(-0.1 / error / M_SQRT2), 0.04);
    const double uneven[] = { 0.9, 0.3, 0.6, 0.4, 0.5, 0.6, 0.1, 0.1, 0.1 }, *third[] = { uneven };
    c = composite(third, NULL);
    s = stats_sensitivity(a, &c, (SensitivityPlan){ .vary = 1u << SENSITIVITY_WEIGHTS, .dirichlet = true, .noise = 0.9, .runs = 500, .seed = 9 });
    CHECK(s.unit[0].in_group > 0.05 && s.unit[0].in_group < 0.95 && s.unit[2].in_group == 1);
}
