/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Non-response by class, against numbers made by hand. */
#include "base/test.h"
#include "collect/tests/round_fixture.h"
#include "edition/weighting.h"
#include "field/field.h"

#include <math.h>

static void class_is(const ResponseClass *x, const char *name, int64_t cases, int64_t answers, double rate, double factor)
{
    CHECK_STR(x->name, str_from_c(name));
    CHECK_INT(x->cases, cases);
    CHECK_INT(x->answers, answers);
    CHECK_NEAR(x->rate, rate, 1e-12);
    CHECK_NEAR(x->factor, factor, 1e-12);
}

TEST(those_who_answer_stand_for_the_eligible_of_their_class)
{
    ResponseClass at[] = {
        { .name = S("a"), .main = 10, .answered = 5, .silent = 5 },                            /* half answer: twice */
        { .name = S("b"), .main = 8, .answered = 4, .outside = 4 },                            /* the others are none of the population */
        { .name = S("c"), .main = 12, .answered = 3, .silent = 3, .unknown = 3, .outside = 3 },/* e = 6/9: 8 wanted of 12, 3 answered */
        { .name = S("d"), .main = 9, .answered = 4, .silent = 8 },                             /* a reserve for each refusal: 9 · 12/12 / 4 */
        { .name = S("e"), .main = 5, .unknown = 5 },                                           /* nobody answers: no factor */
        { .name = S("f"), .main = 5, .outside = 5 },                                           /* nobody is wanted */
    };
    ResponseClasses c = { at, COUNT_OF(at), COUNT_OF(at) };
    response_factors(&c);
    CHECK_NEAR(at[0].factor, 2, 1e-12);
    CHECK_NEAR(at[0].rate, 0.5, 1e-12);
    CHECK_NEAR(at[1].factor, 1, 1e-12);
    CHECK_NEAR(at[2].e, 6.0 / 9, 1e-12);
    CHECK_NEAR(at[2].factor, 8.0 / 3, 1e-12);
    CHECK_NEAR(at[3].factor, 9.0 / 4, 1e-12);
    CHECK(isnan(at[4].factor));
    CHECK_NEAR(at[4].e, 32.0 / 44, 1e-12);                 /* what all the known say */
    CHECK_NEAR(at[5].factor, 0, 0);
}

static void sample_rows(Db *db, int64_t round)
{
    test_sql(db, SQL("INSERT INTO frames (id, owner_unit, title, file_name, upload_sha, state, made_at, made_by) "
                     "VALUES (2, 1, 'x', 'x', 'x', 'ready', 1, 1)"));
    test_sql(db, SQL("INSERT INTO samples (id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, document_sha, "
                     "list_file, main_count, reserve_count, drawn_at, drawn_by) "
                     "VALUES (3, 2, 1, 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 1, 1, 1, 1)"));
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO field_rounds (round_id, sample_id, due_day, erase_days, opened_at, opened_by) "
                                     "VALUES ($1, 3, '2026-01-01', 30, 1, 1)"));
    bind_int(q, 1, round);
    CHECK_OK(db_run(q));
}

static void case_row(Db *db, Arena *a, int64_t round, int number, const char *stratum, const char *sex, int reserve, bool active,
                     const char *outcome, int64_t answer)
{
    AUTO_STMT s = db_prepare(db, SQL("INSERT INTO sample_cases (sample_id, number, code, reserve, cell, line, weight, parts, keep) "
                                     "VALUES (3, $1, 'x', $2, 'x', 1, 2.5, $3, $4)"));
    bind_int(s, 1, number);
    bind_int(s, 2, reserve);
    bind_str(s, 3, arena_fmt(a, "[{\"stratum\":\"%s\",\"unit\":\"u%d\",\"n\":1,\"pop\":2,\"prob\":0.5}]", stratum, number));
    bind_str(s, 4, arena_fmt(a, "{\"gioi\":\"%s\"}", sex));
    CHECK_OK(db_run(s));
    AUTO_STMT f = db_prepare(db, SQL("INSERT INTO field_cases (id, round_id, number, code, cell, place, reserve, active, weight, disposition) "
                                     "VALUES ($1, $2, $3, 'x', 'x', 'x', $4, $5, 2.5, $6)"));
    bind_int(f, 1, 100 + number);
    bind_int(f, 2, round);
    bind_int(f, 3, number);
    bind_int(f, 4, reserve);
    bind_int(f, 5, active);
    bind_str(f, 6, str_from_c(outcome));
    CHECK_OK(db_run(f));
    if (!answer)
        return;
    AUTO_STMT l = db_prepare(db, SQL("INSERT INTO case_links (case_id, round_id, submission_id) VALUES ($1, $2, $3)"));
    bind_int(l, 1, 100 + number);
    bind_int(l, 2, round);
    bind_int(l, 3, answer);
    CHECK_OK(db_run(l));
}

/* Class A: of two and a reserve in use two answer. B: four, one is not eligible, one is not known; an answer that does not count is none. */
static Dataset outcomes(Db *db, Arena *a, int64_t round)
{
    sample_rows(db, round);
    case_row(db, a, round, 1, "A", "nu", 0, true, "complete", 11);
    case_row(db, a, round, 2, "A", "nam", 0, true, "refused", 0);
    case_row(db, a, round, 3, "A", "nu", 2, false, "", 0);
    case_row(db, a, round, 4, "A", "nu", 1, true, "complete", 12);
    case_row(db, a, round, 5, "B", "nu", 0, true, "complete", 13);
    case_row(db, a, round, 6, "B", "nam", 0, true, "vacant", 0);
    case_row(db, a, round, 7, "B", "nu", 0, true, "", 0);
    case_row(db, a, round, 8, "B", "nu", 0, true, "complete", 14);
    case_row(db, a, round, 9, "C", "nu", 0, true, "complete", 15);
    case_row(db, a, round, 10, "C", "nu", 0, true, "complete", 99);
    Dataset d = { .records = 5, .source = arena_new(a, DataSource, 5) };
    for (int i = 0; i < 5; i++)
        d.source[i] = (DataSource){ .id = 15 - i, .base = 2.5 };
    return d;
}

TEST_EACH_STORE(base_weights_take_the_outcomes_of_fieldwork)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    WeightReport r = { 0 };
    CHECK_OK(db_begin_write(f.db));
    Dataset d = outcomes(f.db, a, f.round.id.v);
    CHECK_OK(weighting_responses(f.db, a, f.round.id, S("stratum"), &d, &r));
    CHECK_INT(r.faults.len, 0);
    CHECK_INT(r.classes.len, 3);
    class_is(&r.classes.at[0], "A", 3, 2, 2.0 / 3, 1);                       /* 5 · 7,5/7,5 / 5 */
    class_is(&r.classes.at[1], "B", 4, 2, 0.75, 4.0 / 3);                    /* e = 2/3: 10 · 6,667/10 / 5 */
    class_is(&r.classes.at[2], "C", 2, 1, 0.5, 2);
    CHECK_NEAR(d.source[0].base, 5, 1e-12);
    CHECK_NEAR(d.source[1].base, 10.0 / 3, 1e-12);
    CHECK_NEAR(d.source[4].base, 2.5, 1e-12);
    CHECK_INT(d.source[4].response, 1);
    db_rollback(f.db);
}

/* A reserve of another stratum stands for nobody of the main sample: its answer would weigh nothing. */
TEST_EACH_STORE(a_class_of_reserves_alone_is_named)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    WeightReport r = { 0 };
    CHECK_OK(db_begin_write(f.db));
    Dataset d = outcomes(f.db, a, f.round.id.v);
    case_row(f.db, a, f.round.id.v, 11, "D", "nu", 1, true, "complete", 16);
    DataSource six[6] = { { .id = 16, .base = 2.5 } };
    memcpy(six + 1, d.source, 5 * sizeof *six);
    d.source  = six;
    d.records = 6;
    CHECK_OK(weighting_responses(f.db, a, f.round.id, S("stratum"), &d, &r));
    CHECK_INT(r.faults.len, 1);
    CHECK_STR(str_from_c(r.faults.at[0].key), S("weights.fault.no-main"));
    CHECK_STR(r.faults.at[0].code, S("D"));
    CHECK_INT(r.faults.at[0].n, 1);
    db_rollback(f.db);
}

TEST_EACH_STORE(classes_come_from_columns_of_the_sample)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    WeightReport r = { 0 }, s = { 0 };
    StrList      columns = { 0 };
    bool         any;
    CHECK_OK(db_begin_write(f.db));
    Dataset d = outcomes(f.db, a, f.round.id.v);
    CHECK_OK(case_columns(f.db, a, f.round.id, &columns, &any));
    CHECK(any && columns.len == 1);
    CHECK_OK(weighting_responses(f.db, a, f.round.id, S("column:gioi"), &d, &r));
    CHECK_INT(r.faults.len, 1);                            /* one man refused, one is not eligible, none answered */
    CHECK_STR(str_from_c(r.faults.at[0].key), S("weights.fault.silent"));
    CHECK_STR(r.faults.at[0].code, S("nam"));
    CHECK_NEAR(d.source[0].base, 2.5, 0);
    CHECK_OK(weighting_responses(f.db, a, f.round.id, S("column:tuoi"), &d, &s));
    CHECK_STR(str_from_c(s.faults.at[0].key), S("weights.fault.column"));
    CHECK_STR(s.faults.at[0].code, S("tuoi"));
    db_rollback(f.db);
}

TEST_EACH_STORE(the_classes_of_a_recipe_are_kept_with_it_and_go_with_it)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Weighting    w = { .design = SOURCE_SAMPLE, .response = S("column:gioi"), .made_at = { 1 } }, got;
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(weighting_add(f.db, a, f.round.id, &w));
    CHECK_OK(weighting_current(f.db, a, f.round.id, &got));
    CHECK_STR(got.response, S("column:gioi"));
    CHECK_OK(weightings_remove(f.db, a, f.round.id));
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM weighting_responses")), 0);
    db_rollback(f.db);
}

/* One unit of ten: four of a class share the unit's mean, else their weight would tell them. */
TEST(a_rare_class_of_a_unit_has_no_weight_of_its_own)
{
    Dataset d = { .by = S("tinh"), .records = 20, .values = arena_new(a, uint8_t, 20), .domain_of = arena_new(a, uint16_t, 20),
                  .source = arena_new(a, DataSource, 20) };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("") };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("01") };
    *list_add(a, &d.items)   = (DataItem){ .name = S("b1"), .code = S("B1"), .node = -1 };
    for (size_t r = 0; r < d.records; r++) {
        bool few       = r < 10 ? r < 4 : r < 15;
        d.domain_of[r] = 1;
        d.values[r]    = r % 2 ? 4 : 2;
        d.source[r]    = (DataSource){ .id = (int64_t)r, .base = few ? 6 : 1, .unit = 1 + r / 10, .response = few ? 1 : 2 };
    }
    d.table = tally_table_new(a, 1, 2);
    dataset_count(&d);
    dataset_hide(a, &d);
    Weighting    w = { .version = 1, .design = SOURCE_SAMPLE };
    WeightReport r = { 0 };
    *list_add(a, &r.classes) = (ResponseClass){ .name = S("x") };
    *list_add(a, &r.classes) = (ResponseClass){ .name = S("y") };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_NEAR(d.weights->weight[0], 3, 1e-12);            /* (4 · 6 + 6) / 10 */
    CHECK_NEAR(d.weights->weight[9], 3, 1e-12);
    CHECK_NEAR(d.weights->weight[10], 6, 1e-12);           /* five of each: as they are */
    CHECK_NEAR(d.weights->weight[19], 1, 1e-12);
}
