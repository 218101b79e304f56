/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cards under schemes: every kind of rule, faults that name their criterion, rescaling, standard errors, working days. */
#include "base/test.h"
#include "scheme/scheme.h"

typedef struct Outcome { bool good; Scheme scheme; SchemeCard card; SchemeResult result; SchemeFaults faults; } Outcome;

static Outcome compute(Arena *a, Str scheme, Str card)
{
    Outcome        x = { 0 };
    SchemeCalendar calendar = { 0 };
    const Json    *s, *c;
    Arena          work = arena_open(1 << 26);
    x.good = !scheme_calendar_load(a, &calendar) && !json_parse(a, scheme, &s) && !json_parse(a, card, &c) &&
             scheme_read(a, work, s, &x.scheme, &x.faults) && scheme_card_read(a, &x.scheme, c, &x.card, &x.faults) &&
             scheme_compute(a, &x.scheme, &x.card, &calendar, (SchemeWords){ LANG_VI, true, false }, &x.result, &x.faults);
    arena_close(&work);
    return x;
}

/* One leaf of 2 points under that rule. */
static Outcome leaf(Arena *a, Str rule, Str inputs)
{
    return compute(a, arena_fmt(a, "{\"code\":\"S\",\"max\":2,\"criteria\":[{\"code\":\"1\",\"max\":2,\"rule\":%.*s}]}", STR_ARG(rule)),
                   arena_fmt(a, "{\"inputs\":{\"1\":%.*s}}", STR_ARG(inputs)));
}

/* The first fault as "kind code", or "fine". */
static Str first(Arena *a, const Outcome *x)
{
    if (!x->faults.len)
        return x->good ? S("fine") : S("?");
    return arena_fmt(a, "%.*s %.*s", STR_ARG(scheme_fault_code(x->faults.at[0].kind)), STR_ARG(x->faults.at[0].code));
}

TEST(scheme_rules_give_points)
{
    static const struct { const char *rule, *inputs; double points; } cases[] = {
        { "{'kind':'yes_no','of':'x'}", "{'x':true}", 2 },
        { "{'kind':'yes_no','of':'x','points':1.5}", "{'x':'có'}", 1.5 },
        { "{'kind':'yes_no','of':'x','points':1.5}", "{'x':'không'}", 0 },
        { "{'kind':'yes_no','of':'x > 3 and y'}", "{'x':4,'y':true}", 2 },
        { "{'kind':'choice','of':'x','points':{'A':2,'B':1,'3':0.5}}", "{'x':'B'}", 1 },
        { "{'kind':'choice','of':'x','points':{'A':2,'B':1,'3':0.5}}", "{'x':3}", 0.5 },
        { "{'kind':'thresholds','of':'a / b * 100','steps':[[100,2],[80,1],[0,0]]}", "{'a':17149,'b':18402}", 1 },
        { "{'kind':'thresholds','of':'a / b * 100','steps':[[100,2],[80,1],[0,0]]}", "{'a':5,'b':5}", 2 },
        { "{'kind':'thresholds','of':'a-b','steps':[[100,2],[80,1]]}", "{'a':100,'b':30}", 0 },
        { "{'kind':'proportional','of':'x','floor':0,'full':100}", "{'x':86.42}", 1.7284 },
        { "{'kind':'proportional','of':'x','floor':80,'full':100}", "{'x':79.9}", 0 },
        { "{'kind':'proportional','of':'x','floor':80,'full':95}", "{'x':95}", 2 },
        { "{'kind':'count','of':'n','each':0.5,'cap':1}", "{'n':1}", 0.5 },
        { "{'kind':'count','of':'n','each':0.5,'cap':1}", "{'n':7}", 1 },
        { "{'kind':'sum','rules':[{'kind':'yes_no','of':'x','points':0.5},{'kind':'count','of':'n','each':0.25,'cap':1}]}", "{'x':true,'n':3}", 1.25 },
        { "{'kind':'sum','rules':[{'kind':'formula','of':'n'},{'kind':'yes_no','of':'x'}]}", "{'x':true,'n':1}", 2 },
        { "{'kind':'formula','of':'min(a, b) * 0.5 + 0.25'}", "{'a':2,'b':3}", 1.25 },
        { "{'kind':'formula','of':'a - 10'}", "{'a':3}", 0 },
        { "{'kind':'formula','of':'floor(a / 2) - ceil(a / 4) + round(0.4)'}", "{'a':5}", 0 },
        { "{'kind':'formula','of':'floor(a / 2) * 0.5'}", "{'a':5}", 1 },
        { "{'kind':'formula','of':'if(a > 2, 1, 2 div a)'}", "{'a':3}", 1 },
        { "{'kind':'deadline','of':'d','due':'2026-02-13','each':0.5}", "{'d':'2026-02-13'}", 2 },
        { "{'kind':'deadline','of':'d','due':'2026-02-13','each':0.5}", "{'d':'2026-02-22'}", 2 },       /* Tết and two weekends */
        { "{'kind':'deadline','of':'d','due':'2026-02-13','each':0.5}", "{'d':'2026-02-24'}", 1 },
        { "{'kind':'deadline','of':'d','due':'2026-01-01','each':0.5}", "{'d':'2026-01-10'}", 0 },       /* the Saturday worked in exchange counts */
        { "{'kind':'deadline','of':'d','due':'han','each':0.5,'points':1}", "{'d':'2026-03-03','han':'2026-03-02'}", 0.5 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Outcome x = leaf(a, str_replace(a, str_from_c(cases[i].rule), S("'"), S("\"")), str_replace(a, str_from_c(cases[i].inputs), S("'"), S("\"")));
        if (!x.good)
            test_fail(__FILE_NAME__, __LINE__, "%s %s: %.*s", cases[i].rule, cases[i].inputs, STR_ARG(first(a, &x)));
        else if (fabs(x.result.total - cases[i].points) > 1e-12)
            test_fail(__FILE_NAME__, __LINE__, "%s %s: %.17g", cases[i].rule, cases[i].inputs, x.result.total);
    }
}

TEST(scheme_faults_name_the_criterion_and_never_score_zero)
{
    static const struct { const char *rule, *inputs, *fault; } cases[] = {
        { "{'kind':'thresholds','of':'a / b','steps':[[1,2]]}", "{'a':1,'b':0}", "by_zero 1" },
        { "{'kind':'yes_no','of':'a / b > 0.5'}", "{'a':0,'b':0}", "by_zero 1" },
        { "{'kind':'formula','of':'min(1, a / b)'}", "{'a':1,'b':0}", "by_zero 1" },
        { "{'kind':'formula','of':'a mod b'}", "{'a':1,'b':0}", "by_zero 1" },
        { "{'kind':'formula','of':'1 / 0'}", "{}", "by_zero 1" },
        { "{'kind':'formula','of':'a + b'}", "{'a':1}", "input 1" },
        { "{'kind':'formula','of':'a + b'}", "{'a':1,'b':null}", "input 1" },
        { "{'kind':'formula','of':'min(a, 1)'}", "{'a':'nhiều'}", "no_number 1" },
        { "{'kind':'formula','of':'a'}", "{'a':true}", "no_number 1" },
        { "{'kind':'thresholds','of':'a','steps':[[1,2]]}", "{'a':'x'}", "no_number 1" },
        { "{'kind':'yes_no','of':'a'}", "{'a':'có lẽ'}", "yes_no 1" },
        { "{'kind':'choice','of':'a','points':{'A':1}}", "{'a':'B'}", "choice 1" },
        { "{'kind':'count','of':'a','each':1}", "{'a':-1}", "count 1" },
        { "{'kind':'deadline','of':'d','due':'2026-02-13','each':0.5}", "{'d':'13/02/2026'}", "day 1" },
        { "{'kind':'deadline','of':'d','due':'2039-02-13','each':0.5}", "{'d':'2039-02-20'}", "calendar 1" },
        { "{'kind':'proportional','of':'x'}", "{'x':50,'x_se':-1}", "se 1" },
        { "{'kind':'proportional','of':'x'}", "{'x':50,'y_se':1}", "se 1" },
        { "{'kind':'formula','of':'a +'}", "{}", "expr 1" },
        { "{'kind':'formula','of':'a/b/../c'}", "{}", "expr 1" },
        { "{'kind':'formula','of':'today() - a'}", "{'a':1}", "clock 1" },
        { "{'kind':'guess','of':'a'}", "{}", "rule 1" },
        { "{'kind':'formula','of':'a','cap':1}", "{}", "key 1" },
        { "{'kind':'yes_no','of':'a','points':3}", "{}", "rule_points 1" },
        { "{'kind':'count','of':'a'}", "{}", "parameter 1" },
        { "{'kind':'thresholds','of':'a','steps':[]}", "{}", "parameter 1" },
        { "{'kind':'thresholds','of':'a','steps':[[50,0.5],[80,1]]}", "{'a':90}", "steps 1" },
        { "{'kind':'thresholds','of':'a','steps':[[80,1],[80,0.5]]}", "{'a':90}", "steps 1" },
        { "{'kind':'sum','rules':[{'kind':'thresholds','of':'a','steps':[[9,1],[0,0],[5,1]]}]}", "{'a':90}", "steps 1" },
        { "{'kind':'proportional','of':'a','floor':-10}", "{'a':-5}", "parameter 1" },
        { "{'kind':'sum','rules':[{'kind':'manual'}]}", "{}", "part 1" },
        { "{'kind':'manual'}", "{}", "manual 1" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Outcome x = leaf(a, str_replace(a, str_from_c(cases[i].rule), S("'"), S("\"")), str_replace(a, str_from_c(cases[i].inputs), S("'"), S("\"")));
        if (x.good || !str_eq(first(a, &x), str_from_c(cases[i].fault)))
            test_fail(__FILE_NAME__, __LINE__, "%s %s: %.*s", cases[i].rule, cases[i].inputs, STR_ARG(first(a, &x)));
        for (size_t k = 0; k < x.faults.len; k++)
            CHECK(scheme_fault_text(a, LANG_VI, &x.faults.at[k]).len > 5 && scheme_fault_text(a, LANG_EN, &x.faults.at[k]).len > 5);
    }
}

TEST(scheme_trees_are_checked_as_a_whole)
{
    static const struct { const char *criteria, *fault; } cases[] = {
        { "{'code':'1','max':1},{'code':'1','max':1}", "twice 1" },
        { "{'code':'1','max':1},{'code':'2','parent':'9','max':1}", "parent 2" },
        { "{'code':'1','max':2},{'code':'a','parent':'b','max':1},{'code':'b','parent':'a','max':1}", "cycle a" },
        { "{'code':'a','parent':'a','max':2}", "cycle a" },
        { "{'code':'1','max':2},{'code':'1.1','parent':'1','max':1.5}", "points 1" },
        { "{'code':'1','max':1}", "total S" },
        { "{'code':'1'},{'code':'2','max':2}", "max 1" },
        { "{'code':'','max':2}", "code " },
        { "{'code':'1','max':2,'rule':{'kind':'yes_no','of':'x'}},{'code':'1.1','parent':'1','max':2}", "group_rule 1" },
        { "{'code':'1','max':2,'colour':1}", "key 1" },
        { "{'code':'1','max':2,'method':'guess'}", "method 1" },
        { "{'code':'1','max':2},{'code':'T','max':5,'effect':'bonus'},{'code':'T1','parent':'T','max':1,'effect':'penalty'}", "effect T1" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str     criteria = str_replace(a, str_from_c(cases[i].criteria), S("'"), S("\""));
        Outcome x = compute(a, arena_fmt(a, "{\"code\":\"S\",\"max\":2,\"criteria\":[%.*s]}", STR_ARG(criteria)), S("{}"));
        if (x.good || !str_eq(first(a, &x), str_from_c(cases[i].fault)))
            test_fail(__FILE_NAME__, __LINE__, "%s: %.*s", cases[i].criteria, STR_ARG(first(a, &x)));
    }
}

#define TREE "{\"code\":\"S\",\"max\":10,\"rescale_not_applicable\":true,\"criteria\":["                                               \
    "{\"code\":\"2.1\",\"parent\":\"2\",\"max\":4,\"rule\":{\"kind\":\"proportional\",\"of\":\"x\"}},"                                  \
    "{\"code\":\"1\"},{\"code\":\"1.1\",\"parent\":\"1\",\"max\":1},{\"code\":\"1.2\",\"parent\":\"1\",\"max\":3},"                     \
    "{\"code\":\"2\",\"max\":6},{\"code\":\"2.2\",\"parent\":\"2\"},"                                                                  \
    "{\"code\":\"2.2.1\",\"parent\":\"2.2\",\"max\":2,\"rule\":{\"kind\":\"formula\",\"of\":\"x * y / 100\"}},"                        \
    "{\"code\":\"B\",\"max\":1,\"effect\":\"bonus\"},{\"code\":\"B.1\",\"parent\":\"B\",\"max\":1},{\"code\":\"B.2\",\"parent\":\"B\",\"max\":1}," \
    "{\"code\":\"P\",\"max\":2,\"effect\":\"penalty\",\"rule\":{\"kind\":\"count\",\"of\":\"n\",\"each\":0.5}}]}"

TEST(scheme_tree_order_parents_and_rescaling)
{
    Outcome x = compute(a, S(TREE), S("{\"unit\":\"U\",\"inputs\":{\"2.1\":{\"x\":50,\"x_se\":2},\"2.2.1\":{\"x\":50,\"x_se\":2,\"y\":2,\"y_se\":0.5},"
                                      "\"P\":{\"n\":1}},\"manual\":{\"1.1\":1,\"1.2\":1.5,\"B.1\":0.75,\"B.2\":1}}"));
    CHECK_STR(first(a, &x), S("fine"));
    const char *order[] = { "1", "1.1", "1.2", "2", "2.1", "2.2", "2.2.1", "B", "B.1", "B.2", "P" };
    const double points[] = { 2.5, 1, 1.5, 3, 2, 1, 1, 1, 0.75, 1, -0.5 }, max[] = { 4, 1, 3, 6, 4, 2, 2, 1, 1, 1, 2 };
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        CHECK_STR(x.scheme.at[i].code, str_from_c(order[i]));
        CHECK_NEAR(x.result.at[i].points, points[i], 1e-12);
        CHECK_NEAR(x.result.at[i].max, max[i], 1e-12);
        CHECK(x.result.at[i].trace.len > 0);
    }
    CHECK_NEAR(x.result.total, 2.5 + 3 + 1 - 0.5, 1e-12);                        /* the bonus is capped */
    CHECK_NEAR(x.result.percent, 60, 1e-12);
    /* 2.1: 4/100 * 2; 2.2.1: sqrt((y/100 * 2)² + (x/100 * 0.5)²). */
    CHECK_NEAR(x.result.at[4].se, 0.08, 1e-14);
    CHECK_NEAR(x.result.at[6].se, sqrt(0.04 * 0.04 + 0.25 * 0.25), 1e-12);
    CHECK_NEAR(x.result.se, sqrt(0.08 * 0.08 + 0.04 * 0.04 + 0.25 * 0.25), 1e-12);
    CHECK(isnan(x.result.at[0].se));
    /* The whole of 2.2 and 1.2 are left out: 5 of 10 points stay, the normal part doubles. */
    x = compute(a, S(TREE), S("{\"inputs\":{\"2.1\":{\"x\":50,\"x_se\":2},\"P\":{\"n\":9}},\"manual\":{\"1.1\":0.5,\"B.1\":0,\"B.2\":0},"
                              "\"not_applicable\":[\"2.2\",\"1.2\"]}"));
    CHECK_STR(first(a, &x), S("fine"));
    CHECK_NEAR(x.result.total, 2.5 * 2 - 2, 1e-12);
    CHECK_NEAR(x.result.se, 0.16, 1e-14);
    CHECK_INT(x.result.at[5].state, STATE_NOT_APPLICABLE);
    CHECK_INT(x.result.at[6].state, STATE_NOT_APPLICABLE);
    CHECK_INT(x.result.at[3].state, STATE_SCORED);
    x = compute(a, S(TREE), S("{\"not_applicable\":[\"1\",\"2\"],\"inputs\":{\"P\":{\"n\":0}},\"manual\":{\"B.1\":0,\"B.2\":0}}"));
    CHECK_STR(first(a, &x), S("nothing_left S"));
    x = compute(a, S(TREE), S("{\"not_applicable\":[\"7\"]}"));
    CHECK_STR(first(a, &x), S("unknown 7"));
    x = compute(a, S(TREE), S("{\"manual\":{\"1.1\":1.5}}"));
    CHECK_STR(first(a, &x), S("manual_range 1.1"));
    CHECK(isnan(x.result.total));
    CHECK_INT(x.result.at[1].state, STATE_MISSING);
    x = compute(a, S(TREE), S("{\"manual\":{\"2.1\":1.5}}"));
    CHECK_STR(first(a, &x), S("manual_rule 2.1"));
}

TEST(scheme_errors_stop_at_floor_and_full_and_follow_ratios)
{
    Outcome x = leaf(a, S("{\"kind\":\"proportional\",\"of\":\"x\",\"full\":90}"), S("{\"x\":89.99,\"x_se\":0.9}"));
    CHECK_NEAR(x.result.se, 0.02, 1e-12);
    x = leaf(a, S("{\"kind\":\"proportional\",\"of\":\"x\",\"full\":90}"), S("{\"x\":91,\"x_se\":0.9}"));
    CHECK_NEAR(x.result.se, 0, 0);
    x = leaf(a, S("{\"kind\":\"formula\",\"of\":\"a / b\"}"), S("{\"a\":3,\"a_se\":0.1,\"b\":7,\"b_se\":0.2}"));
    CHECK_NEAR(x.result.se, sqrt(pow(0.1 / 7, 2) + pow(3.0 / 49 * 0.2, 2)), 1e-12);
    x = leaf(a, S("{\"kind\":\"thresholds\",\"of\":\"x\",\"steps\":[[1,1]]}"), S("{\"x\":3,\"x_se\":0.1}"));
    CHECK(x.good && isnan(x.result.se));
}

TEST(scheme_errors_stay_where_a_sum_within_a_sum_is_full)
{
    Outcome x = leaf(a, S("{\"kind\":\"sum\",\"rules\":[{\"kind\":\"formula\",\"of\":\"x\"},{\"kind\":\"sum\",\"rules\":["
                          "{\"kind\":\"formula\",\"of\":\"2 * y\"},{\"kind\":\"formula\",\"of\":\"y\"}]}]}"),
                     S("{\"x\":0,\"x_se\":0.1,\"y\":1,\"y_se\":0.2}"));
    CHECK_NEAR(x.result.total, 2, 0);
    CHECK_NEAR(x.result.se, 0.1, 1e-12);
}

TEST(scheme_written_is_read_back_the_same)
{
    Outcome x   = compute(a, S(TREE), S("{}"));
    Buf     one = buf_new(a, 4096), two = buf_new(a, 4096);
    Arena   work = arena_open(1 << 26);
    const Json *json;
    Scheme  again;
    SchemeFaults faults = { 0 };
    scheme_write(&one, &x.scheme);
    CHECK_OK(json_parse(a, buf_str(&one), &json));
    CHECK(scheme_read(a, work, json, &again, &faults));
    scheme_write(&two, &again);
    CHECK_STR(buf_str(&two), buf_str(&one));
    arena_close(&work);
}

TEST(scheme_calendar_knows_tet_and_exchanged_days)
{
    SchemeCalendar c;
    int            year = 0;
    CHECK_OK(scheme_calendar_load(a, &c));
    CHECK(!scheme_calendar_works(&c, date_from_ymd(2026, 2, 17)));
    CHECK(!scheme_calendar_works(&c, date_from_ymd(2026, 1, 2)));
    CHECK(scheme_calendar_works(&c, date_from_ymd(2026, 1, 10)));
    CHECK(!scheme_calendar_works(&c, date_from_ymd(2026, 11, 22)));              /* a Sunday */
    CHECK(scheme_calendar_works(&c, date_from_ymd(2026, 11, 23)));
    CHECK_INT(scheme_days_late(&c, date_from_ymd(2025, 1, 24), date_from_ymd(2025, 2, 3), &year), 1);
    CHECK_INT(scheme_days_late(&c, date_from_ymd(2025, 1, 24), date_from_ymd(2025, 1, 20), &year), 0);
    CHECK_INT(scheme_days_late(&c, date_from_ymd(2019, 1, 24), date_from_ymd(2019, 2, 20), &year), -1);
    CHECK_INT(year, 2019);
}

TEST(scheme_verdicts_stand_instead_of_the_rule)
{
    Outcome x = compute(a, S("{\"code\":\"S\",\"max\":3,\"criteria\":[{\"code\":\"2\",\"max\":1},"
                             "{\"code\":\"1\",\"max\":2,\"rule\":{\"kind\":\"count\",\"of\":\"n\",\"each\":1}}]}"),
                        S("{\"inputs\":{\"1\":{\"n\":2}},\"manual\":{\"2\":1},\"verdicts\":{\"1\":0.5}}"));
    CHECK(x.good && x.result.total == 1.5 && x.result.at[1].points == 0.5 && str_has(x.result.at[1].trace.at[0], S("0.5")));
    x = compute(a, S("{\"code\":\"S\",\"max\":2,\"criteria\":[{\"code\":\"1\",\"max\":2}]}"), S("{\"verdicts\":{\"1\":2.5}}"));
    CHECK_STR(first(a, &x), S("manual_range 1"));
    x = compute(a, S("{\"code\":\"S\",\"max\":2,\"criteria\":[{\"code\":\"1\",\"max\":2}]}"), S("{\"verdicts\":{\"2\":1}}"));
    CHECK_STR(first(a, &x), S("unknown 2"));
}
