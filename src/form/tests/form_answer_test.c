/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Relevance, calculations, checking and JSON of answers. */
#include "form_test_book.h"

static const char *const desk =
    "[survey]\n"
    "type|name|label::Tiếng Việt (vi)|label::English (en)|required|relevant|constraint|calculation|constraint_message::Tiếng Việt (vi)|required_message\n"
    "begin group|p1|Phần một|Part one\n"
    "select_one yn|used|Ông/bà đã đến chưa?|Have you been there?|yes\n"
    "integer|times|Mấy lần?|How often?|yes|${used} = '1'|. > 0 and . <= 50||Từ 1 đến 50 lần|Ghi số lần\n"
    "end group\n"
    "begin group|p2|Phần hai|Part two||${used} = '1'\n"
    "select_multiple ways|ways|Bằng cách nào?|Which way?|${times} > 1\n"
    "text|other|Cách khác|Other way||selected(${ways}, 'x')\n"
    "calculate|twice||||||${times} * 2\n"
    "note|thanks|Cảm ơn ${used}|Thank you\n"
    "end group\n"
    "select_one m5|m|Mức độ|Level|yes\n"
    "date|d|Ngày|Day|||. <= today()\n"
    "decimal|x|Số|Number\n"
    "[choices]\n"
    "list_name|name|label::Tiếng Việt (vi)|label::English (en)|td_value|td_missing\n"
    "yn|1|Có|Yes\n"
    "yn|0|Chưa|No\n"
    "ways|a|Trực tiếp|In person\n"
    "ways|b|Trên mạng|Online\n"
    "ways|x|Khác|Other\n"
    "m5|1|Kém|Bad|1\n"
    "m5|5|Tốt|Good|5\n"
    "m5|9|Không có ý kiến|No opinion||yes\n"
    "[settings]\n"
    "form_id|version|form_title::Tiếng Việt (vi)|form_title::English (en)\n"
    "desk|1|Một cửa|The desk\n";

static bool relevant(Arena *a, const FormProgram *p, const FormAnswers *x, const char *name)
{
    return form_relevant(p, *a, x, test_now(), form_find(p, str_from_c(name)));
}

TEST(a_questionnaire_reads_into_nodes_lists_and_texts)
{
    FormProgram *p = test_form(a, desk);
    CHECK_STR(p->form_id, S("desk"));
    CHECK_STR(p->title[LANG_EN], S("The desk"));
    CHECK_INT(p->nodes.len, 11);
    CHECK_INT(p->answer_count, 8);
    CHECK_INT(form_question_count(p), 7);
    int times = form_find(p, S("times"));
    CHECK_INT(p->nodes.at[times].row, 4);
    CHECK_STR(form_label(p, times, LANG_EN), S("How often?"));
    CHECK_STR(form_relevant_joined(a, p, form_find(p, S("other"))), S("(${used} = '1') and (selected(${ways}, 'x'))"));
    CHECK_STR(form_relevant_joined(a, p, times), S("${used} = '1'"));
    CHECK_NEAR(form_choice(p, form_find(p, S("m")), S("5"))->value, 5, 0);
    CHECK_INT(form_choice(p, form_find(p, S("m")), S("9"))->missing, CHOICE_MISSING);
    CHECK(!form_choice(p, form_find(p, S("m")), S("7")));
    CHECK_INT(form_find(p, S("nothing")), -1);
    CHECK(p->has_lang[LANG_VI] && p->has_lang[LANG_EN]);
}

TEST(relevance_goes_through_groups_and_answers)
{
    FormProgram *p = test_form(a, desk);
    FormAnswers  x = test_answers(a, p, "used=0;times=3;ways=a x");
    CHECK(!relevant(a, p, &x, "times") && !relevant(a, p, &x, "ways") && !relevant(a, p, &x, "thanks"));
    x = test_answers(a, p, "used=1;times=3;ways=a x");
    CHECK(relevant(a, p, &x, "times") && relevant(a, p, &x, "ways") && relevant(a, p, &x, "other"));
    x = test_answers(a, p, "used=1;times=3;ways=a");
    CHECK(!relevant(a, p, &x, "other"));
    x = test_answers(a, p, "");
    CHECK(!relevant(a, p, &x, "times") && relevant(a, p, &x, "m"));
}

TEST(what_is_not_relevant_is_left_out_and_calculations_are_filled_in)
{
    FormProgram *p = test_form(a, desk);
    FormAnswers  x = test_answers(a, p, "used=1;times=3;ways=a x;other=bưu điện;m=5");
    form_strip_irrelevant(p, a, &x, test_now());
    CHECK_STR(form_answers_json(a, p, &x),
        S("{\"used\":\"1\",\"times\":3,\"ways\":[\"a\",\"x\"],\"other\":\"bưu điện\",\"twice\":\"6\",\"m\":\"5\"}"));
    x = test_answers(a, p, "used=0;times=3;ways=a x;other=y;m=5");
    form_strip_irrelevant(p, a, &x, test_now());
    CHECK_STR(form_answers_json(a, p, &x), S("{\"used\":\"0\",\"m\":\"5\"}"));
}

/* Faults as "name:fault …". */
static Str faults(Arena *a, const AnswerIssues *issues)
{
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < issues->len; i++)
        buf_fmt(&b, "%s%.*s:%d", i ? " " : "", STR_ARG(issues->at[i].name), (int)issues->at[i].fault);
    return buf_str(&b);
}

static Str checked(Arena *a, const FormProgram *p, const char *pairs)
{
    FormAnswers  x      = test_answers(a, p, pairs);
    AnswerIssues issues = { 0 };
    form_check(p, a, &x, test_now(), -1, &issues);
    return faults(a, &issues);
}

TEST(checking_names_what_is_missing_and_what_breaks_a_rule)
{
    FormProgram *p = test_form(a, desk);
    CHECK_STR(checked(a, p, "used=1;times=3;ways=a;m=5"), S(""));
    CHECK_STR(checked(a, p, ""), S("used:1 m:1"));
    CHECK_STR(checked(a, p, "used=1;m=5"), S("times:1"));                       /* ways is required from the second time on */
    CHECK_STR(checked(a, p, "used=1;times=2;m=5"), S("ways:1"));
    CHECK_STR(checked(a, p, "used=1;times=0;m=5"), S("times:4"));
    CHECK_STR(checked(a, p, "used=1;times=51;ways=a;m=5"), S("times:4"));
    CHECK_STR(checked(a, p, "used=0;times=51;m=5"), S(""));                     /* not relevant, not checked */
    CHECK_STR(checked(a, p, "used=2;m=5"), S("used:3"));
    CHECK_STR(checked(a, p, "used=0;m=5;d=2026-11-23"), S("d:4"));
    CHECK_STR(checked(a, p, "used=0;m=5;d=2026-11-22"), S(""));
    CHECK_STR(checked(a, p, "used=1;times=1;ways=a q;m=5"), S("ways:3"));
}

TEST(messages_are_the_authors_or_the_usual_ones)
{
    FormProgram *p      = test_form(a, desk);
    FormAnswers  x      = test_answers(a, p, "used=1;times=99");
    AnswerIssues issues = { 0 };
    form_check(p, a, &x, test_now(), -1, &issues);
    CHECK_STR(issues.at[0].message[LANG_VI], S("Từ 1 đến 50 lần"));
    CHECK_STR(issues.at[0].message[LANG_EN], S("Từ 1 đến 50 lần"));
    x      = test_answers(a, p, "used=1");
    issues = (AnswerIssues){ 0 };
    form_check(p, a, &x, test_now(), -1, &issues);
    CHECK_STR(issues.at[0].message[LANG_VI], S("Ghi số lần"));
    CHECK_STR(issues.at[1].message[LANG_VI], S("Chọn một câu trả lời, hoặc chọn “Không có ý kiến”"));
    CHECK_STR(issues.at[1].message[LANG_EN], S("Choose one answer, or choose “No opinion”"));
}

static Str typed(Arena *a, const FormProgram *p, const char *name, Lang l, const char *text)
{
    Str         out;
    AnswerFault f = form_answer_read(a, p, form_find(p, str_from_c(name)), l, str_from_c(text), &out);
    return f == ANSWER_OK ? out : arena_fmt(a, "fault %d", (int)f);
}

TEST(typed_values_become_canonical)
{
    FormProgram *p = test_form(a, desk);
    CHECK_STR(typed(a, p, "times", LANG_VI, " 1.234 "), S("1234"));
    CHECK_STR(typed(a, p, "times", LANG_VI, "-1.234.567"), S("-1234567"));
    CHECK_STR(typed(a, p, "times", LANG_VI, "12.34"), S("fault 2"));
    CHECK_STR(typed(a, p, "times", LANG_VI, "12,5"), S("fault 2"));
    CHECK_STR(typed(a, p, "times", LANG_VI, "abc"), S("fault 2"));
    CHECK_STR(typed(a, p, "x", LANG_VI, "1.234,5"), S("1234.5"));
    CHECK_STR(typed(a, p, "x", LANG_EN, "1,234.5"), S("1234.5"));
    CHECK_STR(typed(a, p, "x", LANG_VI, "-0"), S("0"));
    CHECK_STR(typed(a, p, "d", LANG_VI, "5/1/2026"), S("2026-01-05"));
    CHECK_STR(typed(a, p, "d", LANG_VI, "2026-01-05"), S("2026-01-05"));
    CHECK_STR(typed(a, p, "d", LANG_VI, "31/2/2026"), S("fault 2"));
    CHECK_STR(typed(a, p, "ways", LANG_VI, "x a"), S("a x"));
    CHECK_STR(typed(a, p, "ways", LANG_VI, "x z"), S("fault 3"));
    CHECK_STR(typed(a, p, "used", LANG_VI, "7"), S("fault 3"));
    CHECK_STR(typed(a, p, "other", LANG_VI, " Lào  "), S("Lào"));
    CHECK_STR(typed(a, p, "other", LANG_VI, "La\xCC\x80o"), S("Lào"));           /* NFD */
    CHECK_STR(typed(a, p, "other", LANG_VI, "a\x01"), S("fault 2"));
    CHECK_STR(typed(a, p, "other", LANG_VI, ""), S(""));
    CHECK_STR(typed(a, p, "twice", LANG_VI, "1"), S("fault 6"));
    char *text = arena_take(a, 5002, 1, 1);
    memset(text, 'x', 5001);
    CHECK_STR(typed(a, p, "other", LANG_VI, text), S("fault 5"));
    text[5000] = '\0';
    CHECK_INT(typed(a, p, "other", LANG_VI, text).len, 5000);
}

static Str from_json(Arena *a, const FormProgram *p, const char *text)
{
    const Json  *j = NULL;
    FormAnswers  x;
    AnswerIssues issues = { 0 };
    Err e = json_parse(a, str_from_c(text), &j);
    if (e)
        return S("no JSON");
    form_answers_from_json(a, p, j, test_now(), &x, &issues);
    return issues.len ? faults(a, &issues) : form_answers_json(a, p, &x);
}

TEST(answers_of_the_api_are_read_strictly)
{
    FormProgram *p = test_form(a, desk);
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"1\",\"times\":2,\"ways\":[\"x\",\"a\"],\"other\":\" y \"}"),
              S("{\"used\":\"1\",\"times\":2,\"ways\":[\"a\",\"x\"],\"other\":\"y\",\"twice\":\"4\",\"m\":\"5\"}"));
    CHECK_STR(from_json(a, p, "{\"m\":5,\"used\":\"0\",\"times\":2}"), S("{\"used\":\"0\",\"m\":\"5\"}"));   /* left out */
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"0\",\"times\":\"two\"}"), S("{\"used\":\"0\",\"m\":\"5\"}"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"1\",\"times\":\"two\"}"), S("times:2"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"1\",\"times\":2.5}"), S("times:2"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"1\",\"times\":1,\"ways\":\"a\"}"), S("ways:2"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"1\",\"times\":1,\"ways\":[\"a\",\"a\"]}"), S("ways:3"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"1\",\"times\":1,\"ways\":[\"q\"]}"), S("ways:3"));
    CHECK_STR(from_json(a, p, "{\"m\":[\"5\"],\"used\":\"0\"}"), S("m:2"));      /* one fault, not required as well */
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"0\",\"nope\":1}"), S("nope:6"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"0\",\"twice\":\"1\"}"), S("twice:6"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"0\",\"p1\":\"1\"}"), S("p1:6"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"0\",\"x\":1e3}"), S("{\"used\":\"0\",\"m\":\"5\",\"x\":1000}"));
    CHECK_STR(from_json(a, p, "{\"m\":\"5\",\"used\":\"0\",\"x\":null}"), S("{\"used\":\"0\",\"m\":\"5\"}"));
    CHECK_STR(from_json(a, p, "{}"), S("used:1 m:1"));
}

TEST(stored_answers_load_again)
{
    FormProgram *p = test_form(a, desk);
    const Json  *j;
    FormAnswers  x;
    CHECK_OK(json_parse(a, S("{\"used\":\"1\",\"times\":\"2\",\"ways\":\"a x\",\"gone\":\"1\",\"m\":3}"), &j));
    form_answers_load(a, p, j, &x);
    CHECK_STR(form_answers_json(a, p, &x), S("{\"used\":\"1\",\"times\":2,\"ways\":[\"a\",\"x\"]}"));
}

TEST(an_expression_past_the_work_limit_is_an_issue_not_a_loop)
{
    FormProgram *p = test_form(a, "[survey]\ntype|name|label|constraint\ntext|t|T|regex(., '^.*.{0,900}b$')\n");
    FormAnswers  x = form_answers_new(a, p);
    char        *text = arena_take(a, 5000, 1, 1);
    memset(text, 'a', 4999);
    x.at[0] = (Str){ text, 4999 };
    AnswerIssues issues = { 0 };
    form_check(p, a, &x, test_now(), -1, &issues);
    CHECK_STR(faults(a, &issues), S("t:7"));
}
