/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "i18n/i18n.h"

TEST(num_text_groups_by_language)
{
    CHECK_STR(num_text(a, LANG_VI, 36525), S("36.525"));
    CHECK_STR(num_text(a, LANG_EN, 36525), S("36,525"));
    CHECK_STR(num_text(a, LANG_VI, 0), S("0"));
    CHECK_STR(num_text(a, LANG_VI, 999), S("999"));
    CHECK_STR(num_text(a, LANG_VI, -1000), S("−1.000"));
    CHECK_STR(num_text(a, LANG_VI, INT64_MIN), S("−9.223.372.036.854.775.808"));
    CHECK_STR(num_text(a, LANG_EN, INT64_MAX), S("9,223,372,036,854,775,807"));
}

TEST(real_text_writes_the_mark_of_the_language)
{
    CHECK_STR(real_text(a, LANG_VI, 84.38, 2), S("84,38"));
    CHECK_STR(real_text(a, LANG_EN, 84.38, 2), S("84.38"));
    CHECK_STR(real_text(a, LANG_VI, 1234567.5, 1), S("1.234.567,5"));
    CHECK_STR(real_text(a, LANG_VI, 83.94, 0), S("84"));
    CHECK_STR(real_text(a, LANG_VI, -0.25, 2), S("−0,25"));
    CHECK_STR(real_text(a, LANG_VI, -0.001, 2), S("0,00"));
    CHECK_STR(real_text(a, LANG_VI, NAN, 2), S("–"));
    CHECK_STR(real_text(a, LANG_VI, -INFINITY, 2), S("−∞"));
    CHECK_INT(real_text(a, LANG_VI, 1e300, 2).len, 301 + 100 + 3);
}

TEST(sizes_of_files)
{
    CHECK_STR(size_text(a, LANG_VI, 0), S("0,0\u00a0kB"));
    CHECK_STR(size_text(a, LANG_VI, 1), S("0,1\u00a0kB"));
    CHECK_STR(size_text(a, LANG_EN, 1550), S("1.6\u00a0kB"));
    CHECK_STR(size_text(a, LANG_VI, 87600), S("88\u00a0kB"));
    CHECK_STR(size_text(a, LANG_VI, 4200000), S("4,2\u00a0MB"));
}

TEST(dates_and_times_in_both_languages)
{
    Date d = date_from_ymd(2026, 11, 22), early = date_from_ymd(2026, 2, 3);
    CHECK_STR(date_text(a, LANG_VI, d), S("22/11/2026"));
    CHECK_STR(date_text(a, LANG_EN, d), S("22\u00a0Nov\u00a02026"));
    CHECK_STR(date_text(a, LANG_VI, DATE_NONE), S("–"));
    CHECK_STR(date_long_text(a, LANG_VI, d), S("ngày 22 tháng 11 năm 2026"));
    CHECK_STR(date_long_text(a, LANG_VI, early), S("ngày 03 tháng 02 năm 2026"));
    CHECK_STR(date_long_text(a, LANG_EN, early), S("3 February 2026"));
    Time t = { date_start(d).ms + 17 * MS_HOUR + 5 * MS_MINUTE };
    CHECK_STR(time_text(a, LANG_VI, t), S("17:05 22/11/2026"));
    CHECK_STR(time_text(a, LANG_EN, t), S("17:05, 22\u00a0Nov\u00a02026"));
    CHECK_STR(time_text(a, LANG_VI, (Time){ 0 }), S("–"));
}

static const struct { Lang lang; Str typed; double want; } good[] = {
    { LANG_VI, S_INIT("1.234,5"), 1234.5 },        { LANG_VI, S_INIT("1234.5"), 1234.5 },
    { LANG_VI, S_INIT("1234,5"), 1234.5 },         { LANG_VI, S_INIT("36525"), 36525 },
    { LANG_VI, S_INIT("1.500.000"), 1500000 },     { LANG_VI, S_INIT("1,500,000"), 1500000 },
    { LANG_VI, S_INIT("0,25"), 0.25 },             { LANG_VI, S_INIT("0.125"), 0.125 },
    { LANG_VI, S_INIT("84,385"), 84.385 },         { LANG_VI, S_INIT("1,234.5"), 1234.5 },
    { LANG_VI, S_INIT(" -12,5 "), -12.5 },         { LANG_VI, S_INIT("−12,5"), -12.5 },
    { LANG_VI, S_INIT("36 525"), 36525 },          { LANG_VI, S_INIT("1\u00A0234\u202F567,25"), 1234567.25 },
    { LANG_VI, S_INIT("+7"), 7 },                  { LANG_VI, S_INIT("12.50"), 12.5 },
    { LANG_VI, S_INIT("1234.567"), 1234.567 },     { LANG_VI, S_INIT("0"), 0 },
    { LANG_EN, S_INIT("1,234.5"), 1234.5 },        { LANG_EN, S_INIT("84.385"), 84.385 },
    { LANG_EN, S_INIT("84,38"), 84.38 },           { LANG_EN, S_INIT("1.234,5"), 1234.5 },
};

TEST(real_parse_typed_reads_what_people_type)
{
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        double x = NAN;
        if (!real_parse_typed(good[i].lang, good[i].typed, &x) || x != good[i].want)
            test_fail(__FILE_NAME__, __LINE__, "\"%.*s\" reads as %g, want %g", STR_ARG(good[i].typed), x, good[i].want);
    }
}

static const struct { Lang lang; Str typed; } bad[] = {
    { LANG_VI, S_INIT("36.525") },       /* a count, or a decimal from another keyboard */
    { LANG_EN, S_INIT("36,525") },       { LANG_VI, S_INIT("") },          { LANG_VI, S_INIT(" ") },
    { LANG_VI, S_INIT("-") },            { LANG_VI, S_INIT("12a") },       { LANG_VI, S_INIT("1e5") },
    { LANG_VI, S_INIT("0x10") },         { LANG_VI, S_INIT("nan") },       { LANG_VI, S_INIT("1.23.456") },
    { LANG_VI, S_INIT("1.234.56") },     { LANG_VI, S_INIT(",5") },        { LANG_VI, S_INIT("5,") },
    { LANG_VI, S_INIT("1,2,3") },        { LANG_VI, S_INIT("1.234,5,6") }, { LANG_VI, S_INIT("12 34") },
    { LANG_VI, S_INIT("1 2345") },       { LANG_VI, S_INIT("1,5 000") },   { LANG_VI, S_INIT("--1") },
    { LANG_VI, S_INIT("1..5") },         { LANG_VI, S_INIT("1.,5") },      { LANG_VI, S_INIT("12 34,5") },
    { LANG_VI, S_INIT("12345678901234567890123456789012345678901") },      { LANG_VI, S_INIT("１２") },
};

TEST(real_parse_typed_refuses_the_rest)
{
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        double x = 7;
        if (real_parse_typed(bad[i].lang, bad[i].typed, &x) || x != 7)
            test_fail(__FILE_NAME__, __LINE__, "\"%.*s\" reads as %g", STR_ARG(bad[i].typed), x);
    }
}

/* What the program writes it also reads, but for the one form that is ambiguous. */
TEST(real_text_reads_back)
{
    static const double values[] = { 0, 0.5, 84.38, 1234.56, -99999.99, 1234567.89, 100, 0.01 };
    for (size_t i = 0; i < COUNT_OF(values); i++)
        for (int l = 0; l < LANG_COUNT; l++) {
            double x = NAN;
            CHECK(real_parse_typed((Lang)l, real_text(a, (Lang)l, values[i], 2), &x));
            CHECK_NEAR(x, values[i], 1e-9);
        }
}
