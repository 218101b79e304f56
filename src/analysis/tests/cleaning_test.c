/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules read back, compile or say why not, and find what they should in a round. */
#include "analysis/cleaning.h"
#include "analysis_fixture.h"

static CleaningRules three_rules(Arena *a)
{
    CleaningRules rules = { 0 };
    CHECK(rules_parse(a, S("[{\"code\":\"tuoi-cao\",\"kind\":\"range\",\"text\":\"Tuổi trên 100\","
                           ""
                           "\"questions\":[\"tuoi\"],\"low\":null,\"high\":100},"
                           "{\"code\":\"vui\",\"kind\":\"logic\",\"text\":\"Hài lòng mà chờ lâu\","
                           "\"condition\":\"${hai_long} = '3' and ${gio} > 5\",\"questions\":[]},"
                           "{\"code\":\"giong\",\"kind\":\"duplicate\",\"text\":\"Giống hệt\",\"questions\":[\"gop_y\",\"tinh\"]}]"), &rules) == OK);
    return rules;
}

TEST(rules_read_back_as_they_were_written)
{
    CleaningRules rules = three_rules(a), again;
    CHECK_INT(rules.len, 3);
    CHECK_OK(rules_parse(a, rules_json(a, &rules), &again));
    CHECK_STR(rules_json(a, &again), rules_json(a, &rules));
    CHECK(isnan(again.at[0].low) && again.at[0].high == 100);
    CHECK_STR(again.at[1].condition, S("${hai_long} = '3' and ${gio} > 5"));
    CHECK_INT(again.at[2].questions.len, 2);
    CHECK_INT(rules_find(&again, S("giong")), 2);
    CHECK_INT(rules_find(&again, S("khac")), -1);
}

TEST_EACH_STORE(a_search_finds_each_kind_and_leaves_the_rest)
{
    AnalysisFixture f = analysis_fixture(store, a);
    CleaningRules   rules = three_rules(a);
    CleaningFound   found;
    RuleFault       fault;
    Round           r;
    fixture_add(&f, a, f.round, (const char *const[]){ "tuoi", "100", "gio", "6", "hai_long", "3", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "tuoi", "101", "hai_long", "3", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "gop_y", "tốt", "tinh", "01", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "gop_y", "tốt", "tinh", "01", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "gop_y", "tốt", "tinh", "24", NULL });
    fixture_add(&f, a, f.round, (const char *const[]){ "gop_y", "tốt", NULL });
    for (size_t i = 0; i < rules.len; i++)
        CHECK(rule_compile(a, f.form, &rules.at[i], &fault));
    CHECK_OK(round_load(f.db, a, f.round, &r));
    CHECK_OK(cleaning_search(f.db, a, &r, f.form, &rules, f.now, &found));
    CHECK_INT(found.records, 6);
    CHECK_INT(found.by_rule[0], 1);
    CHECK_INT(found.by_rule[1], 1);
    CHECK_INT(found.by_rule[2], 2);
    CHECK_INT(found.findings.len, 4);
}

TEST_EACH_STORE(rules_that_cannot_be_asked_say_why)
{
    AnalysisFixture f = analysis_fixture(store, a);
    RuleFault       fault = { 0 };
    StrList         number = { 0 }, text = { 0 };
    *list_add(a, &number) = S("tuoi");
    *list_add(a, &text)   = S("gop_y");
    CleaningRule bad[] = {
        { .code = S("x"), .kind = RULE_LOGIC, .condition = S("${khong_co} = 1") },
        { .code = S("x"), .kind = RULE_LOGIC, .condition = S("${tuoi} >") },
        { .code = S("x"), .kind = RULE_LOGIC, .condition = S("1 = 1") },
        { .code = S("x"), .kind = RULE_RANGE, .questions = text, .low = 1, .high = 2 },
        { .code = S("x"), .kind = RULE_RANGE, .questions = number, .low = NAN, .high = NAN },
        { .code = S("x"), .kind = RULE_RANGE, .questions = number, .low = 3, .high = 2 },
        { .code = S("x"), .kind = RULE_DUPLICATE },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        fault = (RuleFault){ 0 };
        CHECK(!rule_compile(a, f.form, &bad[i], &fault));
        CHECK(fault.field && fault.message[LANG_VI].len && fault.message[LANG_EN].len);
    }
}
