/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every element comes as often as its probability says: thousands of draws under numbered seeds, judged in standard errors. */
#include "sample/tests/sample_fixture.h"

enum { DRAWS = 3000, MOST = 400 };

typedef struct Tally { Str name[MOST]; int64_t times[MOST]; double prob[MOST]; int len; double sum, squares; } Tally;

static int tally_at(Arena *a, Tally *t, Str name)
{
    for (int i = 0; i < t->len; i++)
        if (str_eq(t->name[i], name))
            return i;
    t->name[t->len] = arena_str(a, name);
    return t->len++;
}

/* The element of a case: names of all stages. */
static Str element_name(Arena *a, const SampleDraw *d, const SampleCase *x)
{
    Buf b = buf_new(a, 64);
    for (size_t s = 0; s < d->design->stages; s++) {
        buf_byte(&b, '/');
        buf_add(&b, x->part[s].unit);
    }
    return buf_str(&b);
}

static void tally_draw(Arena *a, Arena work, Tally *t, const SampleDraw *d)
{
    t->sum += d->weight_sum;
    t->squares += d->weight_sum * d->weight_sum;
    for (size_t i = 0; i < d->len; i++) {
        if (d->at[i].reserve)
            continue;
        int at = tally_at(a, t, element_name(&work, d, &d->at[i]));
        if (t->times[at]++)
            CHECK_NEAR(t->prob[at], 1 / d->at[i].weight, 1e-9);      /* the same in every draw */
        t->prob[at] = 1 / d->at[i].weight;
    }
}

/* How often each element came fits its probability within 4.4 standard errors (one in 100,000), and the weights add up to
 * the frame on the average. */
static void expect_probabilities(Arena *a, const char *stages, Str frame, int elements)
{
    Tally *t = arena_new(a, Tally, 1);
    Arena  draws = arena_open((size_t)1 << 26);
    for (int run = 0; run < DRAWS; run++) {
        Arena      work = draws;
        SampleDraw d;
        if (!draw_text(&work, stages, frame, arena_fmt(&work, "seed-%d", run), &d))
            break;
        tally_draw(a, work, t, &d);
    }
    arena_close(&draws);
    CHECK_INT(t->len, elements);
    double expected = 0;
    for (int i = 0; i < t->len; i++) {
        double p = t->prob[i], se = sqrt(p * (1 - p) / DRAWS);
        expected += 1;
        if (fabs((double)t->times[i] / DRAWS - p) > 4.4 * se + 1e-12)
            test_fail(__FILE_NAME__, __LINE__, "%.*s: %lld of %d, want %.4f", STR_ARG(t->name[i]), (long long)t->times[i], DRAWS, p);
    }
    double mean = t->sum / DRAWS, var = t->squares / DRAWS - mean * mean;
    CHECK_NEAR(mean, expected, 4.4 * sqrt(fmax(var, 0) / DRAWS) + 1e-6 * expected);
}

/* n rows "id,stratum,area,size" in strata of 12, areas of 4, with sizes that differ. */
static Str rows_frame(Arena *a, int n)
{
    Buf b = buf_new(a, 4096);
    buf_lit(&b, "id,tang,vung,quy_mo,sd\n");
    for (int i = 0; i < n; i++)
        buf_fmt(&b, "%03d,T%d,V%d,%d,%d\n", i, i / 12, i / 4, 3 + (i * i) % 17 + (i % 12 == 5 ? 40 : 0), 1 + i / 12);
    return buf_str(&b);
}

TEST(sample_simple_random_is_fair)
{
    expect_probabilities(a, "{\"unit\":\"id\",\"method\":\"srs\",\"take\":{\"n\":7},\"reserve\":5}", rows_frame(a, 40), 40);
}

TEST(sample_systematic_is_fair)
{
    expect_probabilities(a, "{\"unit\":\"id\",\"method\":\"systematic\",\"take\":{\"n\":7}}", rows_frame(a, 40), 40);
}

TEST(sample_by_size_is_fair_with_certain_units)
{
    expect_probabilities(a, "{\"unit\":\"id\",\"method\":\"pps\",\"size\":\"quy_mo\",\"strata\":[\"tang\"],\"take\":{\"n\":4}}", rows_frame(a, 48), 48);
}

TEST(sample_allocated_by_rule_is_fair)
{
    expect_probabilities(a, "{\"unit\":\"id\",\"method\":\"srs\",\"strata\":[\"tang\"],\"take\":{\"rule\":\"neyman\",\"n\":17,\"sd\":\"sd\"}}",
                         rows_frame(a, 60), 60);
}

TEST(sample_in_two_stages_is_fair)
{
    expect_probabilities(a,
        "{\"unit\":\"vung\",\"method\":\"pps\",\"size\":\"quy_mo\",\"strata\":[\"tang\"],\"shuffle\":true,"
        "\"take\":{\"rule\":\"sqrt\",\"n\":7,\"of\":\"quy_mo\"}},"
        "{\"unit\":\"id\",\"method\":\"srs\",\"take\":{\"n\":2}}", rows_frame(a, 60), 60);
}

TEST(sample_of_numbers_in_three_stages_is_fair)
{
    Str frame = S("tinh,xa,thon,dan\n1,a,x,9\n1,a,y,4\n1,b,x,12\n1,c,x,5\n1,c,y,6\n1,c,z,7\n2,d,x,8\n2,d,y,3\n2,e,x,11\n2,f,x,10\n");
    expect_probabilities(a,
        "{\"unit\":\"xa\",\"method\":\"pps\",\"size\":\"dan\",\"strata\":[\"tinh\"],\"take\":{\"n\":2}},"
        "{\"unit\":\"thon\",\"method\":\"systematic\",\"shuffle\":true,\"take\":{\"n\":1}},"
        "{\"count\":\"dan\",\"method\":\"srs\",\"take\":{\"n\":3},\"reserve\":2}", frame, 75);
}

TEST(sample_of_a_census_stage_is_fair)
{
    expect_probabilities(a, "{\"unit\":\"vung\",\"method\":\"all\"},{\"unit\":\"id\",\"method\":\"srs\",\"take\":{\"rule\":\"rate\",\"rate\":0.5}}",
                         rows_frame(a, 24), 24);
}

/* ---- Allocation and size ----------------------------------------------------------------------------------- */
static void expect_allocation(Arena *a, int64_t n, int64_t least, int64_t most, const double m[4], const int64_t room[4], const int64_t want[4])
{
    int64_t out[4];
    sample_allocate(*a, n, 4, m, room, least, most, out);
    for (int i = 0; i < 4; i++)
        CHECK_INT(out[i], want[i]);
}

TEST(allocation_keeps_floors_rooms_and_the_sum)
{
    int64_t wide[] = { 1000, 1000, 1000, 1000 }, narrow[] = { 5, 1000, 1000, 1000 };
    double  m[] = { 10, 20, 30, 40 }, even[] = { 1, 1, 1, 1 }, none[] = { 0, 1, 1, 2 };
    expect_allocation(a, 10, 1, 0, m, wide, (int64_t[]){ 1, 2, 3, 4 });
    expect_allocation(a, 10, 1, 0, even, wide, (int64_t[]){ 3, 3, 2, 2 });        /* ties to the earlier stratum */
    expect_allocation(a, 10, 3, 0, m, wide, (int64_t[]){ 3, 3, 3, 3 });           /* floors beyond n */
    expect_allocation(a, 100, 1, 0, m, narrow, (int64_t[]){ 5, 21, 32, 42 });     /* what one cannot give, the others do */
    expect_allocation(a, 10, 1, 3, m, wide, (int64_t[]){ 1, 3, 3, 3 });
    expect_allocation(a, 8, 1, 0, none, wide, (int64_t[]){ 0, 2, 2, 4 });
    expect_allocation(a, 9000, 1, 0, m, wide, (int64_t[]){ 1000, 1000, 1000, 1000 });
}

TEST(sample_size_by_margin_and_by_the_rule_of_2012)
{
    CHECK_NEAR(sample_size(0.5, 0.05, 0.95, 1, 0), 384.14588206941, 1e-8);
    CHECK_NEAR(sample_size(0.5, 0.05, 0.99, 1, 0), 663.48966, 1e-4);
    CHECK_NEAR(sample_size(0.5, 0.05, 0.95, 1, 1000), 277.535, 1e-2);
    CHECK_NEAR(sample_size(0.2, 0.03, 0.95, 1.5, 0), 1024.389, 1e-2);
    CHECK_NEAR(sample_margin(0.2, sample_size(0.2, 0.03, 0.95, 1.5, 54321), 0.95, 1.5, 54321), 0.03, 1e-12);
    CHECK_NEAR(sample_size_2012(1000000, 0.05), 399.84006397441, 1e-8);
    CHECK(isnan(sample_size(0.5, 0, 0.95, 1, 0)) && isnan(sample_size(1, 0.05, 0.95, 1, 0)) && isnan(sample_size_2012(0, 0.05)));
}

TEST(case_codes_catch_a_slip)
{
    CHECK_STR(sample_case_code(a, 12), S("00012-5"));
    for (int64_t n = 1; n < 2000; n += 37) {
        Str code = sample_case_code(a, n);
        CHECK(sample_case_code_valid(code));
        for (size_t i = 0; i < code.len; i++) {
            char *wrong = arena_c(a, code);
            wrong[i]    = wrong[i] == '9' ? '0' : (char)(wrong[i] + 1);
            CHECK(!sample_case_code_valid(str_from_c(wrong)));
        }
    }
}
