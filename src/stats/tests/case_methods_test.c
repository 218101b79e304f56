/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cases of weights, tables, ranks, regression, scales and quality, from JSON to JSON, on a table of eight rows worked by hand. */
#include "base/json.h"
#include "base/test.h"
#include "stats/case.h"

static const char table[] = "s,g,w,y,x,b,d,v,m\nM,1,1,1,1,1,90,1,1\nM,1,3,0,2,1,300,-Inf,nan\nM,2,2,1,3,2,300,1e400,x\nM,2,2,1,3,,300,1,1\n"
                            "F,1,1,0,2,2,600,1,1\nF,1,1,0,5,5,310,1,1\nF,2,1,1,4,5,130,1,1\nF,2,1,0,4,4,,1,1\n";
#define DESIGN "\"weights\":\"w\",\"lonely_psu\":\"adjust\""
#define CELLS_S "\"cells\":[{\"s\":\"M\",\"N\":16},{\"s\":\"F\",\"N\":4}]"

static Err give_table(void *x, Arena *a, Str name, Str *out)
{
    *out = str_from_c(table);
    return OK;
}

/* The answer to one case: result, or error. */
static const Json *answer(Arena *a, const char *design, const char *statistic)
{
    Str      json = arena_fmt(a, "{\"id\":\"c\",\"input\":\"t.csv\",\"design\":{%s},\"statistic\":{%s}}", design, statistic);
    Buf      out  = buf_new(a, 256);
    Arena    work = arena_open(16 << 20);
    CaseSet *set;
    const Json *got = NULL;
    Err e = case_set_open(a, json, give_table, NULL, &set);
    if (!e) {
        case_run(set, 0, &work, &out);
        e = json_parse(a, buf_str(&out), &got);
    }
    arena_close(&work);
    CHECK(e == OK);
    return json_get(got, json_get(got, S("error")) ? S("error") : S("result"));
}

/* result.key, or the i-th of its list, and so on in lists of lists; NAN: null or not there. */
static double at(const Json *result, const char *key, size_t i)
{
    const Json *j = json_get(result, str_from_c(key));
    double      x = NAN;
    if (json_is(j, JSON_ARRAY))
        j = json_at(j, i);
    json_num(j, &x);
    return x;
}

static void check_error(Arena *a, const char *design, const char *statistic, Str code, Str path)
{
    Str got_code = S("none"), got_path = S("none");
    const Json *e = answer(a, design, statistic);
    json_str(json_get(e, S("code")), &got_code);
    json_str(json_get(e, S("path")), &got_path);
    CHECK_STR(got_code, code);
    CHECK_STR(got_path, path);
}

TEST(case_adjusted_weights_reach_estimates_and_errors)
{
    const Json *r = answer(a, DESIGN ",\"adjust\":[{\"method\":\"poststratify\",\"by\":[\"s\"]," CELLS_S "}]", "\"kind\":\"weights_summary\"");
    CHECK_NEAR(at(r, "sum", 0), 20, 1e-13);
    CHECK_NEAR(at(r, "max_g", 0), 2, 1e-15);
    CHECK_NEAR(at(r, "min_g", 0), 1, 1e-15);
    CHECK_NEAR(at(r, "first10", 1), 6, 1e-15);
    CHECK_NEAR(at(r, "kish_deff", 0), 8 * 76 / 400., 1e-14);
    r = answer(a, DESIGN ",\"adjust\":[{\"method\":\"poststratify\",\"by\":[\"s\"]," CELLS_S "}]", "\"kind\":\"total\",\"vars\":[\"y\"]");
    CHECK_NEAR(at(r, "estimate", 0), 11, 1e-14);
    /* residuals 3/8, -5/8 and -1/4, 3/4 by the old weights; rows are units: 8/7 of the sum of squares */
    CHECK_NEAR(at(r, "se", 0), sqrt(8. / 7 * (0.75 * 0.75 + 3.75 * 3.75 + 2 * 1.5 * 1.5 + 3 * 0.0625 + 0.5625)), 1e-13);
    r = answer(a, DESIGN ",\"adjust\":[{\"method\":\"calibrate\",\"aux\":[{\"const\":1},\"x\"],\"totals\":[24,70],\"distance\":\"linear\",\"bounds\":null}]",
               "\"kind\":\"total\",\"vars\":[\"x\"]");
    CHECK_NEAR(at(r, "estimate", 0), 70, 1e-12);
    CHECK_NEAR(at(r, "se", 0), 0, 1e-12);
}

/* One adjustment of the members given. */
static void check_adjust(Arena *a, const char *members, Str code, Str path)
{
    Str design = arena_fmt(a, DESIGN ",\"adjust\":[{%s}]", members);
    check_error(a, arena_c(a, design), "\"kind\":\"weights_summary\"", code, path);
}

TEST(case_adjustments_that_cannot_be_made_say_why)
{
    check_adjust(a, "\"method\":\"poststratify\",\"by\":[\"s\"],\"cells\":[{\"s\":\"M\",\"N\":16}]",
                 S("cells_mismatch"), S("design.adjust[0].cells"));
    check_adjust(a, "\"method\":\"poststratify\",\"by\":[\"s\"],\"cells\":[{\"s\":\"M\",\"N\":-1},{\"s\":\"F\",\"N\":4}]", S("bad_value"),
                 S("design.adjust[0].cells[0].N"));
    check_adjust(a, "\"method\":\"poststratify\",\"by\":[\"b\"],\"cells\":[{\"b\":1,\"N\":3},{\"b\":2,\"N\":3},{\"b\":4,\"N\":3},{\"b\":5,\"N\":3}]",
                 S("missing_values"), S("design.adjust[0]"));
    check_adjust(a, "\"method\":\"rake\",\"margins\":[{\"by\":[\"s\"]," CELLS_S "},{\"by\":[\"g\"],\"cells\":[{\"g\":1,\"N\":9},{\"g\":2,\"N\":12}]}]",
                 S("margins_disagree"), S("design.adjust[0]"));
    check_adjust(a, "\"method\":\"calibrate\",\"distance\":\"logit\",\"bounds\":[0.9,1.1],\"aux\":[\"x\"],\"totals\":[90]", S("not_converged"),
                 S("design.adjust[0]"));
    check_adjust(a, "\"method\":\"calibrate\",\"bounds\":[2,3],\"aux\":[\"x\"],\"totals\":[90]",
                 S("bad_value"), S("design.adjust[0].bounds"));
    check_adjust(a, "\"method\":\"calibrate\",\"aux\":[\"x\",\"z\"],\"totals\":[90,1]",
                 S("unknown_column"), S("design.adjust[0].aux[1]"));
    check_adjust(a, "\"method\":\"trim\"", S("bad_value"), S("design.adjust[0].method"));
    check_adjust(a, "\"method\":\"rake\",\"margins\":[],\"sweeps\":3", S("unknown_key"), S("design.adjust[0].sweeps"));
}

TEST(case_tables_and_ranks)
{
    const Json *r = answer(a, DESIGN, "\"kind\":\"chisq\",\"row\":\"s\",\"col\":\"g\",\"method\":\"Wald\"");
    const Json *rows = json_get(r, S("table_weighted"));
    double      x = 0;
    CHECK(json_num(json_at(json_at(rows, 1), 0), &x) && x == 4);
    CHECK(at(r, "parameter", 0) == 1 && at(r, "parameter", 1) == 7);
    CHECK_NEAR(at(r, "statistic", 0), 0, 1e-28);                           /* both rows are half and half */
    CHECK_NEAR(at(r, "p_value", 0), 1, 1e-13);
    r = answer(a, DESIGN, "\"kind\":\"ranks\",\"vars\":[\"y\"],\"by\":\"g\"");
    CHECK(at(r, "rank", 0) == 2 && at(r, "rank", 1) == 1 && at(r, "n_pairs", 0) == 1);
    CHECK_NEAR(at(r, "estimate", 1), 5. / 6, 1e-15);
    CHECK_NEAR(at(r, "expected_rank", 0) + at(r, "expected_rank", 1), 3, 1e-14);
    CHECK_NEAR(at(r, "p_raw_first_row", 0), at(r, "p_holm_first_row", 0), 0);
}

TEST(case_regression_names_its_terms)
{
    const Json *r = answer(a, DESIGN, "\"kind\":\"glm\",\"family\":\"binomial\",\"vars\":[\"y\"],\"r_rhs\":\"factor(g)\"");
    Str name = S("");
    CHECK_NEAR(at(r, "estimate", 0), log(1. / 5), 1e-12);
    CHECK_NEAR(at(r, "estimate", 1), log(5) - log(1. / 5), 1e-12);
    CHECK(json_str(json_at(json_get(r, S("terms")), 1), &name) && str_eq(name, S("factor(g)2")));
    CHECK(at(r, "df_residual", 0) == 6);
    r = answer(a, DESIGN, "\"kind\":\"glm\",\"family\":\"gaussian\",\"vars\":[\"y\"],\"r_rhs\":\"s + g\"");
    CHECK(json_str(json_at(json_get(r, S("terms")), 1), &name) && str_eq(name, S("sM")));
    check_error(a, DESIGN, "\"kind\":\"glm\",\"family\":\"binomial\",\"vars\":[\"x\"],\"r_rhs\":\"g\"", S("bad_value"), S("statistic.vars[0]"));
    check_error(a, DESIGN, "\"kind\":\"glm\",\"family\":\"binomial\",\"vars\":[\"y\"],\"r_rhs\":\"g * s\"", S("unknown_column"), S("statistic.r_rhs"));
}

TEST(case_scales_agreement_and_quality)
{
    const Json *r = answer(a, DESIGN, "\"kind\":\"kappa\",\"a\":\"x\",\"b\":\"b\"");        /* 1, 2, 5 and 4 agree, of seven */
    CHECK(at(r, "n", 0) == 7 && at(r, "levels", 4) == 5);
    CHECK_NEAR(at(r, "agreement", 0), 4. / 7, 1e-15);
    CHECK_NEAR(at(r, "expected_agreement", 0), (1 * 2 + 2 * 2 + 2 * 1 + 1 * 2) / 49., 1e-15);
    r = answer(a, DESIGN, "\"kind\":\"icc_anova\",\"vars\":[\"x\"],\"group\":\"s\"");           /* means 9/4 and 15/4; within 11/4 + 19/4 */
    CHECK_NEAR(at(r, "msb", 0), 4.5, 1e-14);
    CHECK_NEAR(at(r, "msw", 0), 7.5 / 6, 1e-14);
    CHECK_NEAR(at(r, "icc", 0), (4.5 - 1.25) / (4.5 + 3 * 1.25), 1e-14);
    r = answer(a, DESIGN, "\"kind\":\"cor\",\"vars\":[\"x\",\"b\"],\"method\":\"spearman\"");
    CHECK(at(r, "n", 0) == 7 && at(r, "r", 0) > 0.7 && at(r, "r", 0) < 1);
    r = answer(a, DESIGN, "\"kind\":\"cralpha\",\"items\":[\"x\",\"b\"]");
    CHECK(at(r, "n", 0) == 7 && isnan(at(r, "alpha_if_deleted", 0)) && at(r, "alpha", 0) > 0.8);
    r = answer(a, DESIGN, "\"kind\":\"quality\",\"items\":[\"g\",\"x\",\"b\"],\"min_answered\":2,\"duration\":\"d\"");
    CHECK(at(r, "straightliners", 0) == 1 && at(r, "longstring_max", 0) == 3 && at(r, "duplicate_rows", 0) == 0 && at(r, "rows_half_missing", 0) == 0);
    CHECK_NEAR(at(r, "item_missing_rate", 0), 1. / 24, 1e-15);
    CHECK(at(r, "median_duration", 0) == 300 && at(r, "speeders_third_median", 0) == 1 && at(r, "speeders_half_median", 0) == 2);
    check_error(a, DESIGN, "\"kind\":\"kappa\",\"a\":\"x\",\"b\":\"s\"", S("not_numeric"), S("statistic.b"));
    check_error(a, DESIGN, "\"kind\":\"pca\",\"items\":[\"x\"]", S("bad_value"), S("statistic.items"));
}

/* A weight or a population that is not finite is a bad one; as a variable it is no number. A single text says that the column is of texts. */
TEST(case_numbers_that_are_not_finite_are_named_with_their_row)
{
    check_error(a, "\"weights\":\"v\"", "\"kind\":\"weights_summary\"", S("bad_weight"), S("design.weights"));
    check_error(a, "\"fpc\":[\"v\"]", "\"kind\":\"weights_summary\"", S("bad_fpc"), S("design.fpc[0]"));
    check_error(a, "\"weights\":\"m\"", "\"kind\":\"weights_summary\"", S("not_numeric"), S("design.weights"));
    check_error(a, DESIGN, "\"kind\":\"mean\",\"vars\":[\"v\"]", S("not_numeric"), S("statistic.vars[0]"));
    Str message = S("");
    json_str(json_get(answer(a, "\"weights\":\"v\"", "\"kind\":\"weights_summary\""), S("message")), &message);
    CHECK_STR(message, S("column 'v' holds what is not finite, as '-Inf' in row 2; numbers are wanted"));
}
