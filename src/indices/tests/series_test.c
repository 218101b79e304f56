/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Series keep their gaps, units stay apart, years are ranked. */
#include "base/test.h"
#include "indices/parts.h"

static PublishedValue value(int year, PublishedLevel level, Str unit, int64_t id, double score, int rank)
{
    return (PublishedValue){ .index = S("x"), .year = year, .level = level, .unit = { unit, unit }, .unit_id = { id },
                             .score = score, .max_points = NAN, .rank = rank };
}

static PublishedValues sample(Arena *a)
{
    PublishedValues v = { 0 };
    *list_add(a, &v)  = value(2018, LEVEL_AVERAGE, S(""), 0, 76.92, 0);
    *list_add(a, &v)  = value(2020, LEVEL_AVERAGE, S(""), 0, 81.15, 0);
    *list_add(a, &v)  = value(2018, LEVEL_UNIT, S("Đà Nẵng"), 1, 83.7, 4);
    *list_add(a, &v)  = value(2018, LEVEL_UNIT, S("An Giang"), 2, NAN, 1);
    *list_add(a, &v)  = value(2021, LEVEL_UNIT, S("Đà Nẵng"), 1, 90, 0);
    *list_add(a, &v)  = value(2021, LEVEL_UNIT, S("Cà Mau"), 3, 91, 0);
    *list_add(a, &v)  = value(2021, LEVEL_UNIT, S("Đà Nẵng"), 9, 80, 2);     /* another unit of that name */
    *list_add(a, &v)  = value(2021, LEVEL_UNIT, S(""), 0, 70, 63);
    PublishedValue part = value(2021, LEVEL_UNIT, S("Cà Mau"), 3, 9, 0);
    part.component  = S("sipas");
    part.max_points = 10;
    *list_add(a, &v)    = part;
    return v;
}

TEST(series_leave_gaps)
{
    PublishedValues v = sample(a);
    LinePoints      p = series_average(a, &v);
    CHECK_INT(p.len, 4);
    CHECK_INT(p.at[1].year, 2019);
    CHECK(p.at[0].x == 76.92 && isnan(p.at[1].x) && p.at[2].x == 81.15 && isnan(p.at[3].x));
    LinePoint from = { 0 }, to = { 0 };
    CHECK(series_ends(&p, &from, &to) && from.year == 2018 && to.year == 2020);
    p = series_first(a, &v);
    CHECK(isnan(p.at[0].x));     /* first by rank, its score not published */
    CHECK(!series_ends(&p, &from, &to));
    PublishedValues none = { 0 };
    CHECK_INT(series_average(a, &none).len, 0);
}

TEST(series_of_units_keep_units_apart)
{
    PublishedValues v    = sample(a);
    YearSpan        span = series_span(&v);
    UnitSeriesList  u    = series_units(a, &v, span, LANG_VI);
    CHECK_INT(span.first, 2018);
    CHECK_INT(span.last, 2021);
    CHECK_INT(u.len, 4);
    CHECK_STR(u.at[0].any->unit[LANG_VI], S("An Giang"));
    CHECK_STR(u.at[1].any->unit[LANG_VI], S("Cà Mau"));
    CHECK(u.at[1].years[3]->score == 91 && !u.at[1].years[0]);     /* the part of a score is not a score */
    size_t both = u.at[2].any->unit_id.v == 1 ? 2 : 3;
    CHECK(u.at[both].years[0] && u.at[both].years[3] && !u.at[both].years[1] && !u.at[both].years[2]);
}

TEST(series_of_a_year_put_ranks_first)
{
    PublishedValues v = sample(a);
    ValueRefs       y = series_year(a, &v, 2021, LEVEL_BIT(LEVEL_UNIT), LANG_VI);
    CHECK_INT(y.len, 4);
    CHECK_INT(y.at[0]->rank, 2);
    CHECK_INT(y.at[1]->rank, 63);
    CHECK(y.at[2]->score == 91 && y.at[3]->score == 90);
    CHECK_INT(series_year(a, &v, 2019, LEVEL_BIT(LEVEL_UNIT), LANG_VI).len, 0);
    CHECK(series_has_year(&v, 2021) && !series_has_year(&v, 2019));
}

TEST(series_of_components_name_their_most)
{
    PublishedValues v = sample(a);
    ComponentTable  t = series_components(a, &v, 2021);
    CHECK_INT(t.units.len, 1);
    CHECK_INT(t.components.len, 1);
    CHECK(t.cells[0]->score == 9 && t.max[0] == 10);
    CHECK_INT(series_components(a, &v, 2018).units.len, 0);
}
