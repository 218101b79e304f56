/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/csv.h"
#include "base/test.h"
#include "base/xlsx.h"
#include "i18n/catalogue.h"

TEST(lang_codes_and_names)
{
    Lang l = LANG_EN;
    CHECK(lang_parse(S("vi"), &l) && l == LANG_VI);
    CHECK(lang_parse(S("en"), &l) && l == LANG_EN);
    CHECK(!lang_parse(S("fr"), &l) && !lang_parse(S(""), &l) && !lang_parse(S("VI"), &l) && l == LANG_EN);
    CHECK_STR(lang_own_name(LANG_VI), S("Tiếng Việt"));
    CHECK_STR(lang_code(LANG_EN), S("en"));
}

TEST(text_is_found_by_key_and_by_id)
{
    CHECK_STR(text_of(LANG_VI, "common.save"), S("Lưu"));
    CHECK_STR(text_of(LANG_EN, "common.save"), S("Save"));
    CHECK_STR(text_find(LANG_VI, S("common.back")), S("Quay lại"));
    CHECK_STR(text_find(LANG_VI, S("common.no-such-key")), S(""));
    CHECK_INT(text_id("common.no-such-key"), 0);
    CHECK_STR(text_by_id(LANG_VI, 0), S(""));
    CHECK_STR(text_by_id(LANG_VI, catalogue_count + 1), S(""));
}

TEST(catalogue_is_sorted_and_every_key_is_found)
{
    for (int i = 0; i < catalogue_count; i++)
        CHECK_INT(text_id(catalogue_rows[i].key), i + 1);
}

TEST(catalogue_texts_are_clean)
{
    for (int i = 0; i < catalogue_count; i++)
        for (int l = 0; l < LANG_COUNT; l++) {
            Str text = catalogue_rows[i].text[l], clean = { 0 };
            if (!text.len || !text_clean(a, text, &clean) || !str_eq(text, clean))
                test_fail(__FILE_NAME__, __LINE__, "%s is empty, not NFC or has control characters", catalogue_rows[i].key);
        }
}

/* The rule of wording: no exclamation marks, and the same places to fill in both languages. */
TEST(catalogue_texts_agree_between_languages)
{
    for (int i = 0; i < catalogue_count; i++) {
        Str vi = catalogue_rows[i].text[LANG_VI], en = catalogue_rows[i].text[LANG_EN];
        if (str_has(vi, S("!")) || str_has(en, S("!")))
            test_fail(__FILE_NAME__, __LINE__, "%s has an exclamation mark", catalogue_rows[i].key);
        for (Str rest = vi; rest.len;) {
            StrPair open = str_cut(rest, '{'), close = str_cut(open.tail, '}');
            Str     name = str_cut(close.head, '|').head;
            if (name.len && !str_has(en, str_concat(a, S("{"), name)))
                test_fail(__FILE_NAME__, __LINE__, "%s: {%.*s} is missing in English", catalogue_rows[i].key, STR_ARG(name));
            rest = close.tail;
        }
    }
}

#define FILL(l, pattern, ...)                                                                      \
    text_fill(a, (l), S(pattern), (TextArg[]){ __VA_ARGS__ }, sizeof((TextArg[]){ __VA_ARGS__ }) / sizeof(TextArg))

TEST(text_fill_puts_names_and_numbers)
{
    CHECK_STR(FILL(LANG_VI, "{n} phiếu của {unit}", ARG_N("n", 36525), ARG_S("unit", S("Hà Nội"))),
              S("36.525 phiếu của Hà Nội"));
    CHECK_STR(FILL(LANG_EN, "{n} {n|response|responses}", ARG_N("n", 1)), S("1 response"));
    CHECK_STR(FILL(LANG_EN, "{n} {n|response|responses}", ARG_N("n", 0)), S("0 responses"));
    CHECK_STR(FILL(LANG_EN, "{n} {n|response|responses}", ARG_N("n", 36525)), S("36,525 responses"));
    CHECK_STR(FILL(LANG_VI, "{n|phiếu}", ARG_N("n", 5)), S("phiếu"));
    CHECK_STR(FILL(LANG_EN, "{n|one unit|{n} units} in all", ARG_N("n", 1)), S("one unit in all"));
    CHECK_STR(FILL(LANG_EN, "{n|one unit|{n} units} in all", ARG_N("n", 1200)), S("1,200 units in all"));
}

TEST(text_fill_leaves_what_it_does_not_know)
{
    CHECK_STR(FILL(LANG_VI, "{x} và {y", ARG_S("y", S("không"))), S("{x} và {y"));
    CHECK_STR(FILL(LANG_VI, "{{y}}", ARG_S("y", S("1"))), S("{1}"));
    /* A filled-in text is not filled again. */
    CHECK_STR(FILL(LANG_VI, "{y}{z}", ARG_S("y", S("{z}")), ARG_S("z", S("!"))), S("{z}!"));
    CHECK_STR(text_fill(a, LANG_VI, S(""), NULL, 0), S(""));
}

TEST(every_fault_of_a_file_has_its_text)
{
    for (int f = XLSX_FINE + 1; f < XLSX_FAULT_COUNT; f++)
        CHECK(text_find(LANG_VI, str_concat(a, S("files.xlsx."), xlsx_fault_name((XlsxFaultKind)f))).len > 0);
    for (int f = CSV_FINE + 1; f < CSV_FAULT_COUNT; f++)
        CHECK(text_find(LANG_VI, str_concat(a, S("files.csv."), csv_fault_name((CsvFault)f))).len > 0);
}
