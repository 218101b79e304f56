/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The files shipped with the product, and what happens to wrong ones. */
#include "indices/parts.h"
#include "store/test_store.h"

static PublishedBook shipped(Arena *a)
{
    PublishedBook b = { 0 };
    Err           e = published_read_embedded(a, &b);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return b;
}

static const PublishedValue *find(const PublishedBook *b, Str index, int year, PublishedLevel level, Str unit, Str component)
{
    static const PublishedValue none = { .score = -1 };
    for (size_t i = 0; i < b->values.len; i++) {
        const PublishedValue *v = &b->values.at[i];
        if (str_eq(v->index, index) && v->year == year && v->level == level && str_eq(v->unit[LANG_VI], unit) && str_eq(v->component, component))
            return v;
    }
    return &none;
}

/* Spot checks against the printed figures. */
TEST(published_files_hold_the_printed_figures)
{
    PublishedBook b = shipped(a);
    Str           p = S("par-index-provinces"), m = S("par-index-ministries"), s = S("sipas");
    CHECK_NEAR(find(&b, p, 2024, LEVEL_AVERAGE, S(""), S(""))->score, 88.37, 0);
    CHECK_NEAR(find(&b, p, 2012, LEVEL_UNIT, S("Đà Nẵng"), S(""))->score, 87.14, 0);
    CHECK_INT(find(&b, p, 2023, LEVEL_UNIT, S("An Giang"), S(""))->rank, 63);
    CHECK_NEAR(find(&b, p, 2024, LEVEL_REGION, S("Tây Nguyên"), S(""))->score, 85.63, 0);
    CHECK_NEAR(find(&b, p, 2020, LEVEL_UNIT, S("Quảng Ninh"), S("sipas"))->score, 9.56, 0);
    CHECK_NEAR(find(&b, m, 2023, LEVEL_UNIT, S("Bộ Tư pháp"), S(""))->score, 89.95, 0);
    double appraisal = find(&b, m, 2023, LEVEL_UNIT, S("Bộ Tư pháp"), S("appraisal"))->score;
    CHECK_NEAR(appraisal + find(&b, m, 2023, LEVEL_UNIT, S("Bộ Tư pháp"), S("survey"))->score, 89.96, 1e-9);
    CHECK_NEAR(find(&b, s, 2024, LEVEL_AVERAGE, S(""), S(""))->score, 83.94, 0);
    CHECK_NEAR(find(&b, S("766"), 2025, LEVEL_UNIT, S("Sơn La"), S(""))->score, 86.94, 0);
    CHECK(isnan(find(&b, p, 2024, LEVEL_UNIT, S("Cao Bằng"), S(""))->score));     /* a rank without a score is a gap, not zero */
    CHECK_INT(find(&b, p, 2024, LEVEL_UNIT, S("Cao Bằng"), S(""))->rank, 63);
}

TEST(published_files_are_whole)
{
    PublishedBook b = shipped(a);
    CHECK_INT(b.indices.len, 5);
    CHECK_INT(b.values.len, 328);
    for (size_t i = 0; i < b.values.len; i++) {
        const PublishedValue *v = &b.values.at[i];
        bool good = (isnan(v->score) || (v->score > 0 && v->score <= 100)) && (!isnan(v->score) || v->rank || v->note[LANG_VI].len) &&
                    (v->note[LANG_VI].len > 0) == (v->note[LANG_EN].len > 0) && (!v->derived || v->note[LANG_VI].len) &&
                    (isnan(v->max_points) || v->score <= v->max_points) && v->year >= 2012 && v->year <= 2025;
        Str clean;
        good = good && text_clean(a, v->unit[LANG_VI], &clean) && str_eq(clean, v->unit[LANG_VI]);
        if (!good)
            test_fail(__FILE_NAME__, __LINE__, "%.*s %d %.*s", STR_ARG(v->index), v->year, STR_ARG(v->unit[LANG_VI]));
        if (v->component.len && str_eq(published_part_name(LANG_VI, v->component), v->component))
            test_fail(__FILE_NAME__, __LINE__, "component %.*s has no name", STR_ARG(v->component));
    }
}

#define SOURCES "key,title_vi,title_en,url\nk,Nguồn,Source,\n"
#define INDICES "code,position,unit_kind,name_vi,name_en,about_vi,about_en,value_vi,value_en,max_points\nx,1,,X,X,,,%,%,100\n"
#define VALUES  "index,year,period_vi,period_en,level,unit,unit_en,unit_id,area,component,score,max_points,rank,rank_of,note_vi,note_en,derived,source\n"
#define FACTS   "index,year,kind,text_vi,text_en,source\n"

TEST(published_files_that_are_wrong_name_their_line)
{
    static const struct { Str value, want; } cases[] = {
        { S_INIT(VALUES "x,2020,,,unit,A,A,,,,abc,,,,,,0,k\n"), S_INIT("values.csv, line 2: no number \"abc\"") },
        { S_INIT(VALUES "x,2020,,,unit,A,A,,,,1,,,,,,0,k\ny,2020,,,unit,A,A,,,,1,,,,,,0,k\n"), S_INIT("values.csv, line 3: unknown index \"y\"") },
        { S_INIT(VALUES "x,2020,,,town,A,A,,,,1,,,,,,0,k\n"), S_INIT("values.csv, line 2: unknown level \"town\"") },
        { S_INIT(VALUES "x,2020,,,unit,A,A,,,,1,,,,,,0,q\n"), S_INIT("values.csv, line 2: unknown source \"q\"") },
        { S_INIT(VALUES "x,2020,,,unit,A,A,,,,1,,-1,,,,0,k\n"), S_INIT("values.csv, line 2: no count \"-1\"") },
        { S_INIT("index,year\n"), S_INIT("") },
        { S_INIT(""), S_INIT("values.csv: empty") },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        PublishedBook b = { 0 };
        Err           e = published_read(a, S(INDICES), S(SOURCES), cases[i].value, S(FACTS), &b);
        if (!cases[i].want.len) {
            CHECK(!e);     /* a heading alone: no rows, nothing wrong */
            continue;
        }
        CHECK(err_is(e, ERR_CONFIG));
        if (e)
            CHECK_STR(e->detail, cases[i].want);
    }
}

/* 63 provinces into 34: every figure stands once, nothing is lost. */
TEST_EACH_STORE(published_figures_of_old_provinces_stand_in_those_of_today)
{
    Db             *db = test_take(store, a);
    Successions     merger;
    Units           old, today;
    ValueRefs       refs = { 0 };
    size_t          parts = 0;
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK_OK(unit_successions(db, a, UNIT_PROVINCE, date_from_ymd(2025, 7, 1), &merger));
    CHECK_OK(unit_list(db, a, UNIT_PROVINCE, date_from_ymd(2025, 6, 30), &old));
    CHECK_OK(unit_list(db, a, UNIT_PROVINCE, date_from_ymd(2025, 7, 1), &today));
    CHECK_INT(old.len, 63);
    PublishedValue *v = arena_new(a, PublishedValue, old.len);
    double          sum = 0, again = 0;
    for (size_t i = 0; i < old.len; i++) {
        v[i] = (PublishedValue){ .level = LEVEL_UNIT, .unit_id = old.at[i].id, .score = 60 + (double)i / 4 };
        sum += v[i].score;
        *list_add(a, &refs) = &v[i];
    }
    MergedUnits m = series_merged(a, &refs, &merger);
    CHECK_INT(m.len, 34);
    for (size_t i = 0; i < m.len; i++) {
        bool known = false;
        for (size_t k = 0; k < today.len; k++)
            known |= today.at[k].id.v == m.at[i].unit.v;
        CHECK(known && m.at[i].mean >= 60 && m.at[i].mean <= 76);
        for (size_t k = 0; k < m.at[i].parts.len; k++)
            again += m.at[i].parts.at[k].value->score * m.at[i].parts.at[k].share;
        parts += m.at[i].parts.len;
    }
    CHECK_INT(parts, 63);
    CHECK_NEAR(again, sum, 1e-9);
    refs.len = 0;                                  /* one of three alone: the other two are named, and there is no mean */
    for (size_t i = 0; i < old.len; i++)
        if (str_eq(old.at[i].name_vi, S("Hòa Bình")))
            *list_add(a, &refs) = &v[i];
    m = series_merged(a, &refs, &merger);
    CHECK(m.len == 1 && m.at[0].parts.len == 3 && isnan(m.at[0].mean));
    ValueRefs after = { 0 };
    PublishedValue whole = { .level = LEVEL_UNIT, .unit_id = today.at[0].id, .score = 80 };
    *list_add(a, &after) = &whole;
    CHECK_INT(series_merged(a, &after, &merger).len, 0);
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(published_figures_are_loaded_twice_without_harm)
{
    Db *db = test_take(store, a);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK_OK(indices_load_published(db, a));
    CHECK_OK(indices_load_published(db, a));
    PublishedBook    b = shipped(a);
    PublishedValues  v = { 0 };
    PublishedIndices x = { 0 };
    PublishedFacts   f = { 0 };
    PublishedSources s = { 0 };
    CHECK_OK(published_values(db, a, S(""), &v));
    CHECK_INT(v.len, b.values.len);
    CHECK_OK(published_indices(db, a, &x));
    CHECK_STR(x.at[0].code, S("par-index-provinces"));
    CHECK_OK(published_facts(db, a, S("sipas"), &f));
    CHECK(f.len >= 4 && f.at[0].kind == FACT_SAMPLE);
    CHECK_OK(published_sources(db, a, &s));
    CHECK_INT(s.len, b.sources.len);
    PublishedIndex one = { 0 };
    CHECK_OK(published_index(db, a, S("sipas"), &one));
    CHECK_STR(one.value[LANG_VI], S("%"));
    CHECK_ERR(published_index(db, a, S("none"), &one), ERR_NOT_FOUND);
}

/* Names as printed are the names the units had at the end of that year. */
TEST_EACH_STORE(published_units_are_those_of_their_year)
{
    Db             *db = test_take(store, a);
    PublishedBook   b  = shipped(a);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    for (size_t i = 0; i < b.values.len; i++) {
        const PublishedValue *v = &b.values.at[i];
        Unit                  u = { 0 };
        if (!v->unit_id.v)
            continue;
        Date on = date_from_ymd(v->year, 12, 31);
        CHECK_OK(unit_load(db, a, v->unit_id, on, &u));
        if (!str_eq(u.name_vi, v->unit[LANG_VI]) || (!date_is_none(u.to) && u.to.day <= on.day) || (!date_is_none(u.from) && u.from.day > on.day))
            test_fail(__FILE_NAME__, __LINE__, "%d %.*s is %.*s", v->year, STR_ARG(v->unit[LANG_VI]), STR_ARG(u.name_vi));
    }
    CHECK_OK(indices_load_published(db, a));
    PublishedValues of = { 0 };
    CHECK_OK(published_of_unit(db, a, (UnitId){ 2022 }, &of));     /* Quảng Ninh */
    CHECK(of.len >= 12 && str_eq(of.at[0].unit[LANG_VI], S("Quảng Ninh")));
}
