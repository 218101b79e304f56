/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures by the rules of a method, in groups too, and what of them is told. */
#include "edition/weighting.h"
#include "store/test_store.h"

#include <math.h>

TEST_EACH_STORE(a_method_that_is_not_known_groups_nothing)
{
    Db    *db = test_take(store, a);
    SurveyMethod known, unknown;
    CHECK_OK(method_load(db, a, S("sipas-2023"), &known));
    CHECK(known.nodes.len > 5 && method_place(&known, S("B2.1.3"), NULL) == method_node(&known, S("B2.1")));
    CHECK_OK(method_load(db, a, S("khong-co"), &unknown));        /* its rounds have results all the same: each question alone */
    CHECK_INT(unknown.nodes.len, 0);
    CHECK_INT(method_place(&unknown, S("B2.1.3"), NULL), -1);
}

static const char table[] =
    "code,parent,kind,name_vi,name_en,source,value\n"
    "T,,index,Chung,Whole,,\nT1,T,factor,Một,One,,1\nT2,T,factor,Hai,Two,,3\n"
    "a,T1,item,,,,\nb,T2,item,,,,\nc,T2,item,,,,\ngioi,,breakdown,Giới,Sex,,\n";

/* Three items, 200 answers in two places; group by row. Item a: satisfied one of two; b and c: three of four; every tenth answer to a is no opinion. */
static Dataset sheet(Arena *a, SurveyMethod *m)
{
    MethodFaults faults = { 0 };
    method_read(a, str_from_c(table), m, &faults);
    if (faults.len)
        test_fail(__FILE_NAME__, __LINE__, "%s", faults.at[0].key);
    Dataset d = { .how = m, .nodes = m->nodes, .by = S("tinh"), .records = 200, .values = arena_new(a, uint8_t, 600),
                  .domain_of = arena_new(a, uint16_t, 200), .source = arena_new(a, DataSource, 200) };
    static const char *const codes[] = { "a", "b", "c" };
    for (size_t k = 0; k < 3; k++)
        *list_add(a, &d.items) = (DataItem){ .name = str_from_c(codes[k]), .code = str_from_c(codes[k]), .node = method_place(m, str_from_c(codes[k]), NULL) };
    for (size_t k = 0; k < 3; k++)
        *list_add(a, &d.domains) = (DataDomain){ .code = k == 0 ? S("") : k == 1 ? S("01") : S("02") };
    Breakdown *b = list_add(a, &d.breaks);
    *b = (Breakdown){ .question = S("gioi") };
    for (size_t k = 0; k < 4; k++)
        *list_add(a, &b->domains) = (DataDomain){ .code = k == 0 ? S("") : k == 1 ? S("nam") : k == 2 ? S("nu") : S("khac") };
    breaks_room(a, &d, 200);
    for (size_t r = 0; r < 200; r++) {
        d.domain_of[r]     = r < 100 ? 1 : 2;
        d.values[3 * r]    = r % 10 == 9 ? 9 : r % 2 ? 4 : 2;
        d.values[3 * r + 1] = r % 4 ? 5 : 1;
        d.values[3 * r + 2] = r % 4 ? 4 : 3;
        d.source[r]        = (DataSource){ .id = (int64_t)r, .base = 1, .unit = 1 + r / 5 };
        b->of[r]           = (uint8_t)(r % 50 == 0 ? 3 : 1 + r % 3 % 2);
    }
    d.table = tally_table_new(a, 3, 3);
    dataset_count(&d);
    breaks_count(&d);
    dataset_hide(a, &d);
    return d;
}

static const Figure *find(Arena *a, const Dataset *d, Str name, Str by, Str value)
{
    Figures *f = arena_new(a, Figures, 1);
    if (figures_compute(a, d, f))
        test_fail(__FILE_NAME__, __LINE__, "figures");
    return figure_find(f, name, by, value);
}

TEST(an_index_pools_and_transforms_as_its_method_says)
{
    SurveyMethod  m;
    Dataset d = sheet(a, &m);
    CHECK(!find(a, &d, S("index.T"), S(""), S("")));                              /* the plain share needs no figure of its own */
    CHECK_NEAR(find(a, &d, S("satisfied.T"), S(""), S(""))->x, 100.0 * 380 / 580, 1e-12);
    m.pooling = POOL_FACTORS;
    double one = 100.0 * 80 / 180, two = 75;
    CHECK_NEAR(find(a, &d, S("index.T"), S(""), S(""))->x, (one + 3 * two) / 4, 1e-12);
    CHECK_NEAR(find(a, &d, S("index.T2"), S(""), S(""))->x, two, 1e-12);
    m.no_opinion = NO_OPINION_LOWEST;
    CHECK_NEAR(find(a, &d, S("index.T1"), S(""), S(""))->x, 40, 1e-12);
    CHECK_INT(find(a, &d, S("index.T1"), S(""), S(""))->n, 200);
    m.transform = TRANSFORM_MEAN;
    CHECK_NEAR(find(a, &d, S("index.a"), S(""), S(""))->x, 20.0 * (80 * 4 + 100 * 2 + 20) / 200, 1e-12);
    m.no_opinion = NO_OPINION_OUT;
    CHECK_NEAR(find(a, &d, S("index.c"), S(""), S(""))->x, 20.0 * (150 * 4 + 50 * 3) / 200, 1e-12);
}

TEST(groups_have_figures_of_their_own_and_small_ones_are_hidden_with_another)
{
    SurveyMethod        m;
    Dataset       d = sheet(a, &m);
    const Figure *f = find(a, &d, S("satisfied.b"), S("gioi"), S("khac"));         /* four people */
    CHECK(f && f->suppressed && isnan(f->x) && f->n == 0);
    size_t shown = !find(a, &d, S("satisfied.b"), S("gioi"), S("nam"))->suppressed + !find(a, &d, S("satisfied.b"), S("gioi"), S("nu"))->suppressed;
    CHECK_INT(shown, 1);                                                            /* the whole less the two would give them away */
    CHECK(find(a, &d, S("satisfied.T"), S("gioi"), S("khac"))->suppressed);
    CHECK(!find(a, &d, S("satisfied.b"), S("tinh"), S("01"))->suppressed);
}

/* What an edition hid stays hidden in the next, though answers changed and another cell would do now. */
TEST(what_an_earlier_edition_hid_stays_hidden)
{
    SurveyMethod m;
    Dataset      d = sheet(a, &m);
    bool         men = find(a, &d, S("satisfied.b"), S("gioi"), S("nam"))->suppressed;
    Str          other = men ? S("nu") : S("nam");
    CHECK(!find(a, &d, S("satisfied.b"), S("tinh"), S("01"))->suppressed);
    *list_add(a, &d.earlier) = (Figure){ .name = S("satisfied.b"), .by = S("tinh"), .value = S("01"), .suppressed = true };
    *list_add(a, &d.earlier) = (Figure){ .name = S("satisfied.b"), .by = S("gioi"), .value = other, .suppressed = true };
    dataset_hide(a, &d);
    CHECK(find(a, &d, S("satisfied.b"), S("tinh"), S("01"))->suppressed);
    CHECK(find(a, &d, S("satisfied.b"), S("tinh"), S("02"))->suppressed);           /* the whole less it would be the other */
    CHECK(find(a, &d, S("satisfied.b"), S("gioi"), other)->suppressed);
    CHECK(find(a, &d, S("satisfied.b"), S("gioi"), S("khac"))->suppressed);
    CHECK(!find(a, &d, S("satisfied.b"), S(""), S(""))->suppressed);
}

/* All people in one group: its weighted figure, error and interval are those of the whole. */
TEST(a_group_of_everybody_has_the_figures_of_the_whole)
{
    SurveyMethod       m;
    Dataset      d = sheet(a, &m);
    Weighting    w = { .version = 1, .design = SOURCE_STATED, .units = S("xa") };
    WeightReport r = { 0 };
    MarginFaults faults = { 0 };
    margins_parse(a, S("01,3000\n02,1000"), NULL, &w.margins, &faults);
    memset(d.breaks.at[0].of, 2, 200);
    breaks_room(a, &d, 200);
    memset(d.breaks.at[0].of, 2, 200);
    breaks_count(&d);
    dataset_hide(a, &d);
    CHECK_OK(weights_make(a, &w, &d, &r));
    m.pooling = POOL_FACTORS;
    static const char *const names[] = { "satisfied.T", "mean.T1", "satisfied.b", "index.T" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const Figure *whole = find(a, &d, str_from_c(names[i]), S(""), S("")), *group = find(a, &d, str_from_c(names[i]), S("gioi"), S("nu"));
        CHECK_NEAR(group->x, whole->x, 1e-9);
        CHECK_NEAR(group->se, whole->se, 1e-9);
        CHECK_NEAR(group->low, whole->low, 1e-9);
        CHECK(whole->se > 0 && whole->low < whole->x && whole->x < whole->high);
    }
}

TEST(counts_of_groups_come_back_from_the_package)
{
    SurveyMethod  m;
    Dataset d = sheet(a, &m), again = d;
    again.breaks.at  = arena_new(a, Breakdown, 1);
    again.breaks.at[0] = d.breaks.at[0];
    again.breaks.at[0].of = NULL;
    CHECK_OK(breaks_parse(a, breaks_csv(a, &d), &again));
    CHECK_NEAR(find(a, &again, S("mean.b"), S("gioi"), S("nam"))->x, find(a, &d, S("mean.b"), S("gioi"), S("nam"))->x, 0);
    CHECK(find(a, &again, S("mean.b"), S("gioi"), S("khac"))->suppressed);
    CHECK_ERR(breaks_parse(a, S("by,value_of_by,item,n,satisfied,points,none\r\ngioi,nam,b,4,1,9,\r\n"), &again), ERR_INVALID);
    CHECK_ERR(breaks_parse(a, S("by,value_of_by,item,n,satisfied,points,none\r\ngioi,nam,b,40,41,90,\r\n"), &again), ERR_INVALID);
    CHECK_ERR(breaks_parse(a, S("by,value_of_by,item,n,satisfied,points,none\r\ntuoi,nam,b,40,4,90,\r\n"), &again), ERR_INVALID);
}
