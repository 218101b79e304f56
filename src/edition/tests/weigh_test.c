/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Margins, sampling units, weights and weighted figures, against numbers made by hand. */
#include "base/test.h"
#include "collect/tests/round_fixture.h"
#include "edition/weighting.h"

#include <math.h>

/* One item; two provinces of `per` answers each. In the first every second answer is satisfied, in the second three of four. Units of `size` answers. */
static Dataset two_provinces(Arena *a, size_t per, size_t size)
{
    Dataset d = { .by = S("tinh"), .records = 2 * per, .values = arena_new(a, uint8_t, 2 * per), .domain_of = arena_new(a, uint16_t, 2 * per),
                  .source = arena_new(a, DataSource, 2 * per) };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("") };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("01") };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("02") };
    *list_add(a, &d.items) = (DataItem){ .name = S("b1"), .code = S("B1"), .node = -1 };
    for (size_t r = 0; r < d.records; r++) {
        d.domain_of[r] = r < per ? 1 : 2;
        d.values[r]    = (r < per ? r % 2 : r % 4) ? 4 : 2;
        d.source[r]    = (DataSource){ .id = (int64_t)r, .base = 1, .unit = 100 + r / size };
    }
    d.table = tally_table_new(a, 1, 3);
    dataset_count(&d);
    dataset_hide(a, &d);
    return d;
}

static Weighting recipe(Arena *a, SampleSource design, Str units, Str csv)
{
    Weighting    w = { .version = 1, .design = design, .units = units, .margins_csv = csv };
    MarginFaults faults = { 0 };
    margins_parse(a, csv, NULL, &w.margins, &faults);
    if (faults.len)
        test_fail(__FILE_NAME__, __LINE__, "margins");
    return w;
}

static const Figure *shares(Arena *a, const Dataset *d, Str province)
{
    Figures *f = arena_new(a, Figures, 1);
    if (figures_compute(a, d, f))
        test_fail(__FILE_NAME__, __LINE__, "figures");
    return figure_find(f, S("satisfied.B1"), province.len ? S("tinh") : S(""), province);
}

TEST(margins_name_line_and_remedy)
{
    Dataset      d = two_provinces(a, 20, 5);
    Margins      m = { 0 };
    MarginFaults f = { 0 };
    margins_parse(a, S("mã,dân số\n01,1.200.000\n\n99,5\n02,không\n01,7\n02,0\n02,\n"), &d, &m, &f);
    CHECK_INT(m.len, 1);
    CHECK_NEAR(m.at[0].population, 1200000, 0);
    CHECK_INT(f.len, 5);
    CHECK_STR(str_from_c(f.at[0].key), S("weights.fault.code"));
    CHECK_INT(f.at[0].line, 4);
    CHECK_STR(str_from_c(f.at[1].key), S("weights.fault.population"));
    CHECK_STR(str_from_c(f.at[2].key), S("weights.fault.twice"));
    CHECK_INT(f.at[2].line, 6);
}

TEST(weights_meet_the_population_of_each_province)
{
    Dataset      d = two_provinces(a, 20, 5);
    Weighting    w = recipe(a, SOURCE_STATED, S(""), S("01,3000\n02,1000"));
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 0);
    CHECK_NEAR(d.weights->weight[0], 150, 1e-9);
    CHECK_NEAR(d.weights->weight[39], 50, 1e-9);
    CHECK_NEAR(r.sum, 4000, 1e-9);
    CHECK_NEAR(r.deff, 1.25, 1e-12);                       /* 40 (20·150² + 20·50²) / 4000² */
    CHECK_NEAR(d.weights->mean, 100, 1e-12);
    CHECK_NEAR(shares(a, &d, S(""))->x, 56.25, 1e-9);      /* (3000·50 + 1000·75) / 4000 */
    CHECK_NEAR(shares(a, &d, S("01"))->x, 50, 1e-9);
    /* Simple random within strata: V = sum (N_h / N)² 20/19 p (1 - p) / 20. */
    CHECK_NEAR(shares(a, &d, S(""))->se, 100 * sqrt(0.5625 * 0.25 / 19 + 0.0625 * 0.1875 / 19), 1e-9);
    CHECK_NEAR(shares(a, &d, S("01"))->se, 100 * sqrt(0.25 / 19), 1e-9);
    CHECK(shares(a, &d, S("01"))->low < 50 && shares(a, &d, S("01"))->high > 50);
}

TEST(weights_that_change_change_the_figures)
{
    Dataset      d = two_provinces(a, 20, 5);
    Weighting    w = recipe(a, SOURCE_STATED, S(""), S("01,3000\n02,1000"));
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    double before = shares(a, &d, S(""))->x;
    d.weights->weight[0] += 1;
    CHECK(fabs(shares(a, &d, S(""))->x - before) > 1e-6);
}

TEST(small_sampling_units_are_joined_within_their_stratum)
{
    Dataset      d = two_provinces(a, 20, 2);              /* ten units of two answers a province */
    Weighting    w = recipe(a, SOURCE_STATED, S("xa"), S(""));
    WeightReport r = { 0 };
    d.source[0].base = 3;
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 0);
    CHECK_INT(r.strata, 2);
    CHECK_INT(r.units, 6);                                 /* 6, 6 and 8 answers in each */
    CHECK_INT(r.joined, 20);
    CHECK_INT(d.weights->unit[0], 1);
    CHECK_INT(d.weights->unit[5], 1);
    CHECK_INT(d.weights->unit[6], 2);
    CHECK_INT(d.weights->unit[19], 3);
    CHECK_INT(d.weights->stratum[20], 2);
    CHECK_NEAR(d.weights->weight[0], 8.0 / 6, 1e-12);      /* a weight of its own would tell the joined units apart */
    CHECK_NEAR(d.weights->weight[5], 8.0 / 6, 1e-12);
    CHECK_NEAR(d.weights->weight[6], 1, 1e-12);
}

TEST(a_single_answer_of_a_joined_stratum_has_no_weight_of_its_own)
{
    Dataset      d = two_provinces(a, 20, 5);
    Weighting    w = recipe(a, SOURCE_SAMPLE, S(""), S(""));
    WeightReport r = { 0 };
    for (size_t i = 0; i < d.records; i++)
        d.source[i] = (DataSource){ .id = (int64_t)i, .base = i ? 2 : 10, .stratum = i ? 2 : 1 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.strata, 2);
    CHECK_INT(r.units, 40);
    CHECK_INT(d.weights->stratum[0], 1);
    CHECK_NEAR(d.weights->weight[0], 2.4, 1e-12);          /* (10 + 19·2) / 20 */
    CHECK_NEAR(d.weights->weight[19], 2.4, 1e-12);
    CHECK_NEAR(d.weights->weight[20], 2, 1e-12);
}

TEST(answers_without_a_unit_are_each_by_themselves)
{
    Dataset      d = two_provinces(a, 20, 5);
    Weighting    w = recipe(a, SOURCE_STATED, S("xa"), S(""));
    WeightReport r = { 0 };
    for (size_t i = 0; i < 8; i++)
        d.source[2 * i].unit = 0;                          /* 12 of the first province are left, in units of 2, 3, 2 and 5 */
    for (size_t i = 24; i < 40; i++)
        d.source[i].unit = 0;                              /* and 4 of the second: too few to be told apart */
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.units, 8 + 2 + 20);
    CHECK_INT(d.weights->unit[0], 0);
    CHECK_INT(d.weights->unit[1], 1);
    CHECK_INT(d.weights->unit[7], 1);
    CHECK_INT(d.weights->unit[14], 0);
    CHECK_INT(d.weights->unit[19], 2);
    CHECK_INT(d.weights->unit[20], 0);
}

TEST(answers_without_a_unit_beside_units_of_a_joined_stratum)
{
    Dataset      d = two_provinces(a, 20, 5);
    Weighting    w = recipe(a, SOURCE_SAMPLE, S(""), S(""));
    WeightReport r = { 0 };
    for (size_t i = 0; i < d.records; i++)
        d.source[i].stratum = 1;
    d.source[12] = (DataSource){ .id = 12, .base = 20, .stratum = 2 };       /* sorted behind: joined to what came before */
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(d.weights->unit[12], 0);
    CHECK_INT(d.weights->unit[0], 1);
    CHECK_INT(d.weights->unit[10], d.weights->unit[19]);   /* the four of its former unit with the last */
    CHECK_NEAR(d.weights->weight[12], 39.0 / 20, 1e-12);
    CHECK_NEAR(d.weights->weight[0], 39.0 / 20, 1e-12);
}

static DataSource placed(Arena *a, const char *parts)
{
    static const uint8_t key[16] = { 7 };
    const Json *json;
    DataSource  out = { 0 };
    if (json_parse(a, str_from_c(parts), &json))
        test_fail(__FILE_NAME__, __LINE__, "parts");
    weighting_place(key, json, &out);
    return out;
}

TEST(strata_taken_whole_stay_apart)
{
    DataSource x = placed(a, "[{\"stratum\":\"01\",\"unit\":\"a\",\"prob\":1},{\"stratum\":\"s\",\"unit\":\"1\",\"prob\":1}]");
    DataSource y = placed(a, "[{\"stratum\":\"01\",\"unit\":\"b\",\"prob\":1},{\"stratum\":\"s\",\"unit\":\"1\",\"prob\":1}]");
    DataSource z = placed(a, "[{\"stratum\":\"01\",\"unit\":\"b\",\"prob\":1},{\"stratum\":\"s\",\"unit\":\"2\",\"prob\":0.5}]");
    CHECK(x.stratum && x.stratum != y.stratum && y.stratum == z.stratum);
    CHECK(!x.unit && !y.unit && !z.unit);
    x = placed(a, "[{\"stratum\":\"01\",\"unit\":\"a\",\"prob\":0.5},{\"stratum\":\"s\",\"unit\":\"1\",\"prob\":1}]");
    CHECK(x.stratum && x.unit);
}

TEST(without_a_random_sample_there_are_values_and_no_errors)
{
    Dataset      d = two_provinces(a, 20, 5);
    Weighting    w = recipe(a, SOURCE_NONE, S(""), S("01,3000\n02,1000"));
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    const Figure *f = shares(a, &d, S(""));
    CHECK_NEAR(f->x, 56.25, 1e-9);
    CHECK(isnan(f->se) && isnan(f->low) && isnan(f->high));
}

TEST(margins_must_fit_the_answers)
{
    Dataset      d = two_provinces(a, 20, 5);
    Weighting    w = recipe(a, SOURCE_STATED, S(""), S("01,3000\n03,1000"));
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 2);
    CHECK_STR(str_from_c(r.faults.at[0].key), S("weights.fault.code"));
    CHECK_STR(str_from_c(r.faults.at[1].key), S("weights.fault.missing"));
    CHECK_STR(r.faults.at[1].code, S("02"));
    CHECK_INT(r.faults.at[1].n, 20);
    CHECK(d.weights == NULL);
}

TEST(hidden_answers_carry_the_mean_weight)
{
    Dataset d = two_provinces(a, 20, 5);
    for (size_t r = 0; r < 17; r++)
        d.domain_of[r] = 2;                                /* three are left in the first: hidden, and with them the second */
    d.table = tally_table_new(a, 1, 3);
    dataset_count(&d);
    dataset_hide(a, &d);
    Opened o = dataset_open(a, &d);
    CHECK_INT(tally_opinions(tally_at(&o.unplaced, 0, 0)), 40);
    for (size_t r = 0; r < d.records; r++)
        CHECK(!o.told[r]);
}

TEST(a_share_of_all_has_an_interval_but_no_error)
{
    Dataset d = two_provinces(a, 20, 5);
    for (size_t r = 0; r < 20; r++)
        d.values[r] = 5;
    d.table = tally_table_new(a, 1, 3);
    dataset_count(&d);
    Weighting    w = recipe(a, SOURCE_STATED, S(""), S("01,3000\n02,1000"));
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    const Figure *f = shares(a, &d, S("01"));
    CHECK_NEAR(f->x, 100, 0);
    CHECK(isnan(f->se));
    CHECK_NEAR(f->low, 100 * pow(0.025, 1.5 / 20), 1e-9);  /* Clopper–Pearson with n = 20 / 1.5 */
    CHECK_NEAR(f->high, 100, 0);
}

TEST_EACH_STORE(a_recipe_changed_while_an_edition_is_made_stops_it)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    RoundCounts  counts;
    Weighting    r = { .design = SOURCE_STATED, .margins_csv = S("01,5"), .source = S("Thử"), .made_at = { 1 } };
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(round_counts(f.db, a, f.round.id, (UnitId){ 0 }, &counts));
    EditionWork w = { .row = { .id = { id_new() }, .round = f.round.id, .number = 1 }, .revision = counts.revision };
    CHECK_OK(weighting_add(f.db, a, f.round.id, &r));
    Err e = edition_save(f.db, a, &w, (PersonId){ 0 });
    CHECK_ERR(e, ERR_CONFLICT);
    CHECK(str_has(e->detail, S("recipe")));
    w.row.weighting = r.id;
    CHECK_OK(weighting_add(f.db, a, f.round.id, &r));
    CHECK_ERR(edition_save(f.db, a, &w, (PersonId){ 0 }), ERR_CONFLICT);
    db_rollback(f.db);
}

/* Its versions, and that it goes only while nothing was published with it. */
TEST_EACH_STORE(recipes_have_versions_and_go_while_nothing_is_published)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Weighting    w = { .design = SOURCE_STATED, .margins_csv = S("01,5\n02,7"), .source = S("Thử"), .cap = 3.5, .made_at = { 1 } }, got;
    bool         published;
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(weighting_current(f.db, a, f.round.id, &got));
    CHECK_INT(got.version, 0);
    CHECK_OK(weighting_add(f.db, a, f.round.id, &w));
    CHECK_OK(weighting_add(f.db, a, f.round.id, &w));
    CHECK_OK(weighting_current(f.db, a, f.round.id, &got));
    CHECK_INT(got.version, 2);
    CHECK_INT(got.design, SOURCE_STATED);
    CHECK_INT(got.margins.len, 2);
    CHECK_NEAR(got.margins.at[1].population, 7, 0);
    CHECK_NEAR(got.cap, 3.5, 0);
    CHECK_OK(weighting_published(f.db, a, f.round.id, &published));
    CHECK(!published);
    CHECK_OK(weightings_remove(f.db, a, f.round.id));
    CHECK_OK(weighting_current(f.db, a, f.round.id, &got));
    CHECK_INT(got.version, 0);
    CHECK_OK(weighting_add(f.db, a, f.round.id, &w));
    AUTO_STMT q = db_prepare(f.db, SQL("INSERT INTO editions (id, round_id, number, title_vi, title_en, label, method, n, simulated, package_sha, figures_sha, "
        "fingerprint, published_at, published_by, weighting_id) VALUES (1, $1, 1, 'x', 'x', 'weighted', '', 1, 0, '', '', '', 1, 0, $2)"));
    bind_int(q, 1, f.round.id.v);
    bind_int(q, 2, w.id);
    CHECK_OK(db_run(q));
    CHECK_ERR(weightings_remove(f.db, a, f.round.id), ERR_CONFLICT);
    db_rollback(f.db);
}
