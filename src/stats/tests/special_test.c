/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Distribution functions against values computed with 40 digits from their definitions, closed forms, and each quantile against its tail. */
#include "base/test.h"
#include "stats/special.h"

#include <math.h>

#define CHECK_REL(got, want) CHECK_NEAR((got) / (want), 1, 1e-13)

TEST(special_normal_keeps_its_digits_far_out)
{
    CHECK_REL(normal_upper(1.96), 0.024997895148220436);
    CHECK_REL(normal_upper(10), 7.6198530241605261e-24);
    CHECK_REL(normal_upper(37), 5.7255712225245768e-300);
    CHECK_REL(normal_upper(-1.96), 1 - 0.024997895148220436);
    CHECK_REL(normal_quantile(0.975), 1.9599639845400543);
    for (double p = 1e-290; p < 0.3; p *= 31)
        CHECK_NEAR(normal_upper(-normal_quantile(p)) / p, 1, 2e-12);     /* a last digit of x counts x^2 times */
    CHECK(normal_quantile(0.5) == 0 && normal_quantile(0) == -INFINITY && normal_quantile(1) == INFINITY);
    CHECK(isnan(normal_quantile(1.5)) && isnan(normal_quantile(NAN)) && isnan(normal_upper(NAN)));
}

TEST(special_t_holds_for_few_and_for_endless_degrees)
{
    CHECK_REL(t_upper(2, 8), 0.040258118978631336);
    CHECK_REL(t_upper(5, 100), 1.2250867067519002e-6);
    CHECK_REL(t_upper(10, 1e6), 7.6393053840891248e-24);
    CHECK_REL(t_upper(0.5, 3.5), 0.32342521966127551);
    CHECK_REL(t_upper(-2, 8), 1 - 0.040258118978631336);
    CHECK_REL(t_quantile(0.025, 1), tan(0.475 * M_PI));
    CHECK_REL(t_quantile(0.025, 8), 2.3060041352041666);
    CHECK_REL(t_quantile(0.025, 297), 1.9679835253762164);
    CHECK_REL(t_quantile(0.025, 1e4), 1.9602012398906262);
    CHECK_REL(t_quantile(0.025, INFINITY), 1.9599639845400543);
    CHECK_REL(t_quantile(0.025, 1e18), 1.9599639845400543);
    CHECK_REL(t_upper(3, INFINITY), normal_upper(3));
    CHECK(t_quantile(0.5, 7) == 0 && t_quantile(0.75, 7) == -t_quantile(0.25, 7));
    CHECK(isnan(t_quantile(0, 7)) && isnan(t_quantile(0.1, 0)) && isnan(t_upper(NAN, 3)) && isnan(t_both(1, -1)));
}

TEST(special_beta_and_f_agree_with_closed_forms)
{
    CHECK_REL(beta_share(2, 3, 0.5), 0.6875);
    CHECK_REL(beta_share(0.5, 0.5, 0.25), 1.0 / 3);
    CHECK_REL(beta_share(10, 1, 0.9), pow(0.9, 10));
    CHECK_REL(beta_share(2e4, 3e4, 0.395), 0.011162446832130863);
    CHECK_REL(beta_share(2e5, 3e5, 0.3975), 0.00015264032085331333);
    CHECK_REL(beta_quantile(2, 3, 0.6875), 0.5);
    CHECK(beta_quantile(2, 3, 0) == 0 && beta_quantile(2, 3, 1) == 1 && isnan(beta_quantile(2, 0, 0.5)));
    CHECK_REL(f_upper(1, 10, 10), 0.5);
    CHECK_REL(f_upper(5.96110331948988, 101, 12578), 3.2520389571901114e-70);
    CHECK_REL(f_upper(1.2, 5000, 5000), 5.9241715609764225e-11);
    CHECK_REL(f_upper(2, 1.84, 362.7), 0.14071977465163738);
    CHECK_REL(f_upper(2, 3, INFINITY), chi_upper(6, 3));
    CHECK_REL(f_upper(2, INFINITY, 3), chi_lower(1.5, 3));
    CHECK(f_upper(-1, 2, 2) == 1 && f_upper(INFINITY, 2, 2) == 0 && isnan(f_upper(NAN, 2, 2)) && f_upper(2, INFINITY, INFINITY) == 0);
}

TEST(special_chi_square_is_that_of_the_tables)
{
    CHECK_REL(chi_upper(3, 1), 0.08326451666355042);
    CHECK_REL(chi_upper(16.918977604620448, 9), 0.05);
    CHECK_REL(chi_upper(200, 2), exp(-100));
    CHECK_REL(chi_upper(200, 23), 3.488571391324091e-30);
    CHECK_REL(chi_upper(1, 0.3), 0.08951759799318475);
    CHECK_REL(chi_upper(105366, 1e5), 2.1439734917510671e-32);
    CHECK_NEAR(chi_upper(0, 5), 1, 0);
    CHECK_REL(chi_quantile(0.05, 9), 16.918977604620448);
    CHECK_REL(chi_quantile(0.05, 1), 3.841458820694124);
    CHECK_REL(chi_quantile(0.01, 23), 41.63839811885848);
    CHECK_REL(gamma_lower(1, 0.7), -expm1(-0.7));
    CHECK_REL(gamma_upper(0.5, 2), erfc(sqrt(2)));
    CHECK(isnan(chi_upper(NAN, 3)) && isnan(chi_upper(1, 0)) && isnan(chi_quantile(0, 3)));
}

TEST(special_quantiles_undo_their_tails)
{
    const double p[] = { 1e-12, 1e-5, 0.025, 0.2, 0.3, 0.6, 0.975, 0.9999 }, df[] = { 0.5, 1, 2, 3.3, 10, 99, 1e4, 1e6 };
    for (size_t i = 0; i < COUNT_OF(p); i++)
        for (size_t j = 0; j < COUNT_OF(df); j++) {
            CHECK_NEAR(t_upper(t_quantile(p[i], df[j]), df[j]) / p[i], 1, 1e-12);
            CHECK_NEAR(chi_upper(chi_quantile(p[i], df[j]), df[j]) / p[i], 1, 2e-11);
            for (size_t k = 0; k < COUNT_OF(df); k++)
                CHECK_NEAR(f_upper(f_quantile(p[i], df[j], df[k]), df[j], df[k]) / p[i], 1, 2e-11);
        }
    for (size_t i = 0; i < COUNT_OF(p); i++)
        CHECK_NEAR(beta_share(87.3, 1.2, beta_quantile(87.3, 1.2, p[i])) / p[i], 1, 1e-12);
}
