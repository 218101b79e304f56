/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Repeats: answers as JSON, changes step by step against a fresh evaluation, loops, limits. */
#include "form_test_book.h"

static const char roster[] =
    "[survey]\ntype|name|label|required|relevant|repeat_count|calculation|constraint|choice_filter\n"
    "integer|n|N||||||\nbegin_repeat|nha|Nhà||||||\ninteger|tuoi|Tuổi|yes||||. > 0|\nselect_one x|chon|Chọn||${tuoi} > 5||||ma = ${tuoi}\n"
    "begin_repeat|con|Con||${tuoi} > 20||||\ntext|ten|Tên||||||\nend_repeat||||||||\ncalculate|so|||||count(${con})||\nend_repeat||||||||\n"
    "calculate|tong|||||sum(${tuoi})||\nbegin_repeat|dem|Đếm|||${n}|||\ntext|ten2|T||||||\nend_repeat||||||||\n"
    "[choices]\nlist_name|name|label|ma\nx|a|A|30\nx|b|B|6\n[settings]\nform_id\nr\n";

static FormAnswers load(Arena *a, const FormProgram *p, const char *json)
{
    const Json *tree = NULL;
    FormAnswers x    = { 0 };
    if (json_parse(a, str_from_c(json), &tree))
        test_fail(__FILE_NAME__, __LINE__, "no JSON");
    form_answers_load(a, p, tree, &x);
    return x;
}

TEST(stored_answers_of_repeats_come_back_as_they_were)
{
    FormProgram *p = test_form(a, roster);
    const char  *text = "{\"n\":\"1\",\"nha\":[{\"tuoi\":\"30\",\"chon\":\"a\",\"con\":[{\"ten\":\"An\"},{}]},{},{\"tuoi\":\"4\"}],\"dem\":[{}]}";
    FormAnswers  x = load(a, p, text);
    CHECK_INT(x.instances.len, 6);
    CHECK_STR(form_answers_texts(a, p, &x), str_from_c(text));
    int second = form_instance_find(&x, form_find(p, S("con")), form_instance_find(&x, form_find(p, S("nha")), 0, 1), 2);
    CHECK_STR(form_cell_label(a, p, &x, form_find(p, S("ten")), second, LANG_VI), S("Nhà 1, Con 2: Tên"));
    CHECK_STR(form_cell_label(a, p, &x, form_find(p, S("n")), 0, LANG_VI), S("N"));
    form_instance_remove(a, &x, form_instance_find(&x, form_find(p, S("nha")), 0, 1));
    CHECK_STR(form_answers_texts(a, p, &x), S("{\"n\":\"1\",\"nha\":[{},{\"tuoi\":\"4\"}],\"dem\":[{}]}"));
    CHECK_INT(form_instance_find(&x, form_find(p, S("nha")), 0, 2), 2);
}

static Str check_api(Arena *a, const FormProgram *p, const char *json, AnswerIssues *issues)
{
    const Json *tree = NULL;
    FormAnswers x;
    if (json_parse(a, str_from_c(json), &tree))
        return S("no JSON");
    form_answers_from_json(a, p, tree, test_now(), &x, issues);
    return form_answers_json(a, p, &x);
}

TEST(the_api_takes_repeats_as_arrays_and_checks_each_instance)
{
    FormProgram *p = test_form(a, roster);
    AnswerIssues issues = { 0 };
    Str json = check_api(a, p, "{\"n\":2,\"nha\":[{\"tuoi\":30,\"chon\":\"a\",\"con\":[{\"ten\":\"An\"}]},{\"tuoi\":3,\"con\":[{\"ten\":\"x\"}]}]}", &issues);
    CHECK_INT(issues.len, 0);
    CHECK_STR(json, S("{\"n\":2,\"nha\":[{\"tuoi\":30,\"chon\":\"a\",\"con\":[{\"ten\":\"An\"}],\"so\":\"1\"},{\"tuoi\":3,\"so\":\"0\"}],"
                      "\"tong\":\"33\",\"dem\":[{},{}]}"));
    check_api(a, p, "{\"nha\":[{\"tuoi\":30,\"chon\":\"b\"},{\"tuoi\":-1},{},{\"zz\":1},{\"tuoi\":\"x\"}],\"con\":[],\"dem\":3}", &issues);
    CHECK_INT(issues.len, 8);
    CHECK_INT(issues.at[0].fault, ANSWER_UNKNOWN);
    CHECK_INT(issues.at[1].fault, ANSWER_TYPE);
    CHECK_INT(issues.at[1].instance, 5);
    CHECK_INT(issues.at[2].fault, ANSWER_UNKNOWN);
    CHECK_INT(issues.at[3].fault, ANSWER_TYPE);
    CHECK_INT(issues.at[4].fault, ANSWER_CONSTRAINT);
    CHECK_INT(issues.at[4].instance, 2);
    CHECK_INT(issues.at[5].fault, ANSWER_REQUIRED);
    CHECK_INT(issues.at[7].fault, ANSWER_CHOICE);
}

/* All of a state as text. */
static Str state_text(Arena *a, const FormState *s)
{
    Buf b = buf_new(a, 1024);
    for (size_t i = 0; i < s->p->nodes.len; i++)
        for (int k = 0; k <= (int)s->x->instances.len; k++)
            if ((s->p->nodes.at[i].repeat < 0) == !k && (!k || s->x->instances.at[k - 1].repeat == s->p->nodes.at[i].repeat))
                buf_fmt(&b, "%zu.%d %d %.*s\n", i, k, form_state_relevant(s, (int)i, k),
                        STR_ARG(form_state_relevant(s, (int)i, k) ? form_state_value(s, (int)i, k) : S("")));
    return buf_str(&b);
}

TEST(evaluating_what_lies_behind_a_change_gives_the_same_as_all)
{
    FormProgram *p    = test_form(a, roster);
    FormAnswers  x    = load(a, p, "{\"n\":\"2\",\"nha\":[{\"con\":[{},{}]},{\"con\":[{}]},{}],\"dem\":[{},{},{}]}");
    FormState    s    = form_state(p, a, &x, test_now());
    unsigned     seed = 7;
    static const char *const texts[] = { "", "1", "6", "25", "a", "3", "30", "2" };
    for (int round = 0; round < 300; round++) {
        seed         = seed * 1103515245 + 12345;
        int  node    = (int)((seed >> 8) % p->nodes.len), instance = (int)((seed >> 16) % (x.instances.len + 1));
        Str *to      = form_cell(p, &x, node, instance);
        if (!to || form_state_value(&s, node, instance).at != to->at)
            continue;
        *to = str_from_c(texts[(seed >> 4) % COUNT_OF(texts)]);
        form_state_change(&s, a, node);
        FormState fresh = form_state(p, a, &x, test_now());
        Str got = state_text(a, &s), want = state_text(a, &fresh);
        if (!str_eq(got, want)) {
            test_fail(__FILE_NAME__, round, "after node %d.%d:\n%.*swant\n%.*s", node, instance, STR_ARG(got), STR_ARG(want));
            return;
        }
    }
}

TEST(loops_are_refused_and_what_only_looks_like_one_is_not)
{
    static const struct { const char *rows, *code; } cases[] = {
        { "calculate|x||. + 1||\n", "E-CYCLE" },
        { "calculate|x||${y} + 1||\ncalculate|y||${x} + 1||\n", "E-CYCLE" },
        { "begin_group|g|G||${b} = 1|\ninteger|b|B|||\nend_group|||||\n", "E-CYCLE" },
        { "begin_repeat|n|N|||${m}\ninteger|m|M|||\nend_repeat|||||\n", "E-CYCLE" },
        { "begin_repeat|r|R|||\ncalculate|m||indexed-repeat(${m}, ${r}, position(..) - 1)||\nend_repeat|||||\n", "E-CYCLE" },
        { "begin_repeat|r|R|||\ncalculate|m||sum(../../r/m)||\nend_repeat|||||\n", "E-CYCLE" },
        { "begin_repeat|r|R|||\ncalculate|m||1 + sum(../../r[position() < position(current()/..)]/m)||\nend_repeat|||||\n", "" },
        { "begin_repeat|r|R|||\ncalculate|m||1 + sum(${r}[position() < position(current()/..)]/m)||\nend_repeat|||||\n", "" },
        { "begin_repeat|r|R|||\ncalculate|m||1 + sum(../../r[position() <= position(current()/..)]/m)||\nend_repeat|||||\n", "E-CYCLE" },
        { "calculate|x||once(. + 1)||\n", "E-CYCLE" },
        { "calculate|x||once(random())||\n", "" },
        { "calculate|x||position(..)||\n", "" },
        { "begin_repeat|r|R|||\ninteger|m|M|||\ncalculate|t||sum(${m})||\nend_repeat|||||\ninteger|k|K||sum(${m}) > 1|\n", "" },
        { "begin_repeat|r|R|||\ninteger|m|M|||\nend_repeat|||||\ncalculate|t||${m} + 1||\n", "E-PATH" },
        { "begin_repeat|r|R|||\ninteger|m|M|||\nend_repeat|||||\ncalculate|t||indexed-repeat(${m}, ${m}, 1)||\n", "E-ARG" },
        { "integer|m|M|||\ncalculate|t||pulldata('xb', 'a', 'b', 'c')||\n", "E-LIST" },
        { "time|m|M|||\ncalculate|t||if(${m} < '08:00', 1, 2)||\n", "E-ARG" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        FormIssues issues = { 0 };
        Str        code   = S("");
        Str        text   = arena_fmt(a, "[survey]\ntype|name|label|calculation|relevant|repeat_count\n%s[settings]\nform_id\nr\n", cases[i].rows);
        test_form_issues(a, arena_c(a, text), &issues);
        for (size_t k = 0; k < issues.len && !code.len; k++)
            if (!issues.at[k].warning)
                code = issues.at[k].code;
        if (!str_eq(code, str_from_c(cases[i].code)))
            test_fail(__FILE_NAME__, (int)i, "%s gives %.*s, want %s", cases[i].rows, STR_ARG(code), cases[i].code);
    }
}

TEST(a_repeat_holds_a_thousand_instances_and_no_more)
{
    FormProgram *p = test_form(a, "[survey]\ntype|name|label|calculation\nbegin_repeat|r|R|\ninteger|m|M|\nend_repeat|||\ncalculate|t||sum(${m})\n"
                                  "[settings]\nform_id\nr\n");
    FormAnswers  x = form_answers_new(a, p);
    int          r = form_find(p, S("r"));
    for (int i = 1; i <= 1000; i++)
        *form_cell(p, &x, form_find(p, S("m")), form_instance_add(a, p, &x, r, 0)) = S("2");
    CHECK_INT(form_instance_add(a, p, &x, r, 0), 0);
    FormState s = form_state(p, a, &x, test_now());
    CHECK_STR(form_state_value(&s, form_find(p, S("t")), 0), S("2000"));
}

TEST(a_label_without_answers_names_the_question_meant)
{
    FormProgram *p = test_form(a, "[survey]\ntype|name|label\ninteger|tuoi|Tuổi\ntext|dai|Câu hỏi dài đến mức không đọc được khi nằm trong một câu khác?\n"
                                  "text|x|Khi ${tuoi}, ${ dai } và 5$?\ntext|y|Vì sao ${x}?\n[settings]\nform_id\nr\n");
    CHECK_STR(form_label_plain(a, p, form_find(p, S("x")), LANG_VI), S("Khi “Tuổi”, “dai” và 5$?"));
    CHECK_STR(form_label_plain(a, p, form_find(p, S("y")), LANG_EN), S("Vì sao “x”?"));
    CHECK_STR(form_label_plain(a, p, form_find(p, S("tuoi")), LANG_VI), S("Tuổi"));
}
