/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Indices side by side: gaps stay gaps, changes are told only between whole years under the same rules. */
#include "base/test.h"
#include "indices/compare.h"

#include <math.h>

static PublishedValue value(Str index, int year, Str unit, int64_t id, double score, int rank)
{
    return (PublishedValue){ .index = index, .year = year, .level = LEVEL_UNIT, .unit = { unit, unit }, .unit_id = { id },
                             .score = score, .max_points = NAN, .rank = rank };
}

static PublishedIndices three(Arena *a)
{
    PublishedIndices x  = { 0 };
    *list_add(a, &x)    = (PublishedIndex){ .code = S("p"), .unit_kind = S("province") };
    *list_add(a, &x)    = (PublishedIndex){ .code = S("m"), .unit_kind = S("ministry") };
    *list_add(a, &x)    = (PublishedIndex){ .code = S("s"), .unit_kind = S("province") };
    return x;
}

static PublishedValues figures(Arena *a)
{
    PublishedValues v = { 0 };
    PublishedValue  half = value(S("s"), 2021, S("Cà Mau"), 3, 70, 0);
    half.period[LANG_VI] = S("sáu tháng");
    *list_add(a, &v) = value(S("p"), 2020, S("Đà Nẵng"), 1, 80, 2);
    *list_add(a, &v) = value(S("p"), 2021, S("Đà Nẵng"), 1, 83.5, 1);
    *list_add(a, &v) = value(S("p"), 2021, S("An Giang"), 2, NAN, 63);
    *list_add(a, &v) = value(S("p"), 2021, S("Bắc Ninh"), 9, 82, 0);       /* another unit than that of 2020 */
    *list_add(a, &v) = value(S("p"), 2020, S("Bắc Ninh"), 8, 60, 0);
    *list_add(a, &v) = value(S("m"), 2021, S("Bộ Tư pháp"), 5, 90, 1);
    *list_add(a, &v) = value(S("s"), 2021, S("(không ghi)"), 0, 99, 1);    /* no known unit: no row */
    *list_add(a, &v) = half;
    *list_add(a, &v) = value(S("s"), 2020, S("Cà Mau"), 3, 60, 0);
    return v;
}

TEST(indices_side_by_side_keep_gaps_and_units_apart)
{
    PublishedIndices x = three(a);
    PublishedValues  v = figures(a);
    PublishedFacts   f = { 0 };
    Years            y = compare_years(a, &x, &v, S("province"));
    CHECK(y.len == 2 && y.at[0] == 2021 && y.at[1] == 2020);
    CompareTable t = compare_table(a, &x, &v, &f, S("province"), 2021, LANG_VI);
    CHECK(t.indices.len == 2 && str_eq(t.indices.at[1]->code, S("s")));
    CHECK_INT(t.rows.len, 4);
    CHECK_STR(t.rows.at[0].any->unit[LANG_VI], S("An Giang"));
    CHECK(t.rows.at[0].cells[0] && !t.rows.at[0].cells[1] && isnan(t.rows.at[0].change[0]));
    CHECK(isnan(t.rows.at[1].change[0]));                                   /* a merged unit has no year before */
    CHECK_NEAR(t.rows.at[2].cells[1]->score, 70, 0);
    CHECK(isnan(t.rows.at[2].change[1]));                                   /* half a year against a year */
    CHECK_STR(t.rows.at[3].any->unit[LANG_VI], S("Đà Nẵng"));
    CHECK_NEAR(t.rows.at[3].change[0], 3.5, 1e-12);
    *list_add(a, &f) = (PublishedFact){ .index = S("p"), .year = 2021, .kind = FACT_SCHEME };
    t = compare_table(a, &x, &v, &f, S("province"), 2021, LANG_VI);
    CHECK(isnan(t.rows.at[3].change[0]));                                   /* other rules */
}

TEST(indices_side_by_side_are_ordered_by_one_of_them)
{
    PublishedIndices x = three(a);
    PublishedValues  v = figures(a);
    PublishedFacts   f = { 0 };
    CompareTable     t = compare_table(a, &x, &v, &f, S("province"), 2021, LANG_VI);
    compare_sort(&t, 0);
    static const Str want[] = { S_INIT("Đà Nẵng"), S_INIT("Bắc Ninh"), S_INIT("An Giang"), S_INIT("Cà Mau") };
    for (size_t i = 0; i < COUNT_OF(want); i++)
        CHECK_STR(t.rows.at[i].any->unit[LANG_VI], want[i]);
    CHECK_STR(index_short_name(S("Chỉ số hài lòng (SIPAS)")), S("SIPAS"));
    CHECK_STR(index_short_name(S("Chỉ số")), S("Chỉ số"));
    CHECK_STR(index_short_name(S(")")), S(")"));
}
