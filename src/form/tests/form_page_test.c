/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages: their order under conditions, their parts, their markup, and what is read from a posted one. */
#include "form_test_book.h"

static const char *const paged =
    "[survey]\n"
    "type|name|label::Tiếng Việt (vi)|label::English (en)|hint::Tiếng Việt (vi)|required|relevant|appearance|constraint\n"
    "begin group|g1|Phần một|Part one\n"
    "note|hello|Xin chào|Hello\n"
    "select_one m5|a|Mức độ <A>?|Level A?|Gợi ý|yes||likert\n"
    "integer|b|Bao nhiêu?|How many?|||${a} = '1'||. < 100\n"
    "end group\n"
    "begin group|g2|Phần hai|Part two|||${a} = '1'\n"
    "text|c|Vì sao, ${a}?|Why?||||multiline\n"
    "end group\n"
    "begin group|g3|Phần ba|Part three||||field-list\n"
    "note|in3|Ba câu|Three\n"
    "select_multiple w|d|D|D||yes\n"
    "date|e|E|E\n"
    "decimal|f|F|F|||selected(${d}, 'y')\n"
    "end group\n"
    "select_one m5|s|S|S||||minimal\n"
    "note|end|Hết|End\n"
    "[choices]\n"
    "list_name|name|label::Tiếng Việt (vi)|label::English (en)|td_missing\n"
    "m5|1|Kém|Bad\nm5|2|Tốt|Good\nm5|9|Không có ý kiến|No opinion|yes\n"
    "w|x|X|X\nw|y|Y|Y\n";

static Str pages(Arena *a, const FormProgram *p, const char *pairs, bool backwards)
{
    FormAnswers x = test_answers(a, p, pairs);
    Buf         b = buf_new(a, 64);
    int node = backwards ? (int)p->nodes.len : -1;
    while ((node = backwards ? form_prev_page(p, *a, &x, test_now(), node) : form_next_page(p, *a, &x, test_now(), node)) >= 0)
        buf_fmt(&b, "%s%.*s", b.len ? " " : "", STR_ARG(p->nodes.at[node].name));
    return buf_str(&b);
}

TEST(pages_follow_the_answers)
{
    FormProgram *p = test_form(a, paged);
    CHECK_STR(pages(a, p, "", false), S("a g3 s end"));
    CHECK_STR(pages(a, p, "a=1", false), S("a b c g3 s end"));
    CHECK_STR(pages(a, p, "a=2", true), S("end s g3 a"));
    CHECK_STR(pages(a, p, "a=1", true), S("end s g3 c b a"));
}

TEST(each_node_has_the_page_that_shows_it)
{
    FormProgram *p = test_form(a, paged);
    CHECK_STR(p->nodes.at[form_page_of(p, form_find(p, S("hello")))].name, S("a"));
    CHECK_STR(p->nodes.at[form_page_of(p, form_find(p, S("b")))].name, S("b"));
    CHECK_STR(p->nodes.at[form_page_of(p, form_find(p, S("e")))].name, S("g3"));
    CHECK_STR(p->nodes.at[form_page_of(p, form_find(p, S("g2")))].name, S("c"));
    CHECK_STR(p->nodes.at[form_page_of(p, form_find(p, S("end")))].name, S("end"));
}

TEST(parts_are_the_top_groups_that_are_asked)
{
    FormProgram *p    = test_form(a, paged);
    FormAnswers  x    = test_answers(a, p, "a=1");
    FormPart     part = form_part(p, *a, &x, test_now(), LANG_VI, form_find(p, S("g3")));
    CHECK_INT(part.number, 3);
    CHECK_INT(part.total, 3);
    CHECK_STR(part.title, S("Phần ba"));
    x    = test_answers(a, p, "a=2");
    part = form_part(p, *a, &x, test_now(), LANG_EN, form_find(p, S("g3")));
    CHECK_INT(part.number, 2);
    CHECK_INT(part.total, 2);
    CHECK_STR(part.title, S("Part three"));
    CHECK_INT(form_part(p, *a, &x, test_now(), LANG_EN, form_find(p, S("s"))).total, 0);
}

static Str drawn(Arena *a, const FormProgram *p, const char *pairs, const char *page, const FormAnswers *typed, const AnswerIssues *issues)
{
    FormAnswers x = test_answers(a, p, pairs);
    Out         o = out_new(a, LANG_VI, 4096);
    form_render_question(&o, &(FormPage){ .p = p, .x = &x, .typed = typed, .issues = issues, .now = test_now() }, form_find(p, str_from_c(page)));
    return str_replace(a, out_text(&o), S("\n"), S(""));
}

TEST(five_steps_are_rows_and_no_opinion_stands_apart)
{
    FormProgram *p = test_form(a, paged);
    CHECK_STR(drawn(a, p, "a=2", "a", NULL, NULL),
              S("<div class=\"inset\"><p>Xin chào</p></div><div class=\"mt\"><fieldset aria-describedby=\"q.a-hint\">"
                "<legend><h1 class=\"q\">Mức độ &lt;A&gt;?</h1></legend>"
                "<p class=\"q-hint\" id=\"q.a-hint\">Gợi ý</p><ul class=\"likert\">"
                "<li class=\"opt\"><input type=\"radio\" name=\"q.a\" id=\"q.a\" value=\"1\"><label for=\"q.a\">Kém</label></li>"
                "<li class=\"opt\"><input type=\"radio\" name=\"q.a\" id=\"q.a-2\" value=\"2\" checked><label for=\"q.a-2\">Tốt</label></li></ul>"
                "<div class=\"opt-apart\"><div class=\"opt\"><input type=\"radio\" name=\"q.a\" id=\"q.a-3\" value=\"9\">"
                "<label for=\"q.a-3\">Không có ý kiến</label></div></div>"
                "</fieldset></div>"));
}

TEST(an_error_stands_beside_its_question_and_what_was_typed_stays)
{
    FormProgram *p      = test_form(a, paged);
    FormAnswers  typed  = form_answers_new(a, p);
    AnswerIssues issues = { 0 };
    int          b      = form_find(p, S("b"));
    typed.at[p->nodes.at[b].answer] = S("nhiều \"lắm\"");
    form_issue_answer(p, a, b, ANSWER_TYPE, &issues);
    Str html = drawn(a, p, "a=1", "b", &typed, &issues);
    CHECK(str_has(html, S("<div class=\"has-error mt\"><h1 class=\"q\"><label for=\"q.b\">Bao nhiêu?")));
    CHECK(str_has(html, S("<p class=\"error-msg\" id=\"q.b-error\"><span class=\"vh\">Lỗi: </span>Ghi một số nguyên, ví dụ 12</p>")));
    CHECK(str_has(html, S("value=\"nhiều &quot;lắm&quot;\"")));
    CHECK(str_has(html, S("inputmode=\"numeric\"")) && str_has(html, S("aria-invalid=\"true\"")));
    CHECK(str_has(html, S("aria-describedby=\"q.b-error\"")));
}

TEST(a_long_text_a_list_and_a_group_page_have_their_controls)
{
    FormProgram *p = test_form(a, paged);
    Str text = drawn(a, p, "a=1;c=</textarea>", "c", NULL, NULL), select = drawn(a, p, "s=2", "s", NULL, NULL);
    CHECK(str_has(text, S("<textarea class=\"in\" id=\"q.c\"")) && str_has(text, S(">&lt;/textarea&gt;</textarea>")));
    CHECK(str_has(text, S("Vì sao, Kém?")));
    CHECK(str_has(select, S("<select class=\"in\" id=\"q.s\"")) && str_has(select, S("<option value=\"2\" selected>Tốt</option>")));
    Str group = drawn(a, p, "d=y;e=2026-01-05;f=2.5", "g3", NULL, NULL);
    CHECK(str_has(group, S("<h1 class=\"q\">Phần ba</h1>")) && str_has(group, S("<legend class=\"label\">D</legend>")));
    CHECK(str_has(group, S("type=\"checkbox\" name=\"q.d\" id=\"q.d-2\" value=\"y\" checked")));
    CHECK(str_has(group, S("name=\"q.e_month\" value=\"1\"")) && str_has(group, S("value=\"2,5\"")));
    CHECK(str_has(drawn(a, p, "", "end", NULL, NULL), S("<h1 class=\"q\">Hết</h1>")));
}

static void field(Arena *a, HttpFields *f, const char *name, const char *value)
{
    *list_add(a, f) = (HttpField){ str_from_c(name), str_from_c(value) };
}

TEST(a_posted_page_is_read_and_checked)
{
    FormProgram *p      = test_form(a, paged);
    FormAnswers  x      = test_answers(a, p, "a=1;s=2"), typed = form_answers_new(a, p);
    HttpFields   f      = { 0 };
    AnswerIssues issues = { 0 };
    field(a, &f, "q.d", "y");
    field(a, &f, "q.d", "x");
    field(a, &f, "q.e_day", "5");
    field(a, &f, "q.e_month", "13");
    field(a, &f, "q.e_year", "2026");
    field(a, &f, "q.s", "1");                            /* stands on another page: not read */
    form_page_read(p, a, LANG_VI, &f, test_now(), form_find(p, S("g3")), &x, &typed, &issues);
    CHECK_STR(form_answers_json(a, p, &x), S("{\"a\":\"1\",\"d\":[\"x\",\"y\"],\"s\":\"2\"}"));
    CHECK_INT(issues.len, 1);
    CHECK_STR(issues.at[0].name, S("e"));
    CHECK_STR(typed.at[p->nodes.at[form_find(p, S("e"))].answer], S("5/13/2026"));
    issues = (AnswerIssues){ 0 };
    f      = (HttpFields){ 0 };
    form_page_read(p, a, LANG_VI, &f, test_now(), form_find(p, S("g3")), &x, &typed, &issues);
    CHECK_STR(form_answers_json(a, p, &x), S("{\"a\":\"1\",\"s\":\"2\"}"));
    CHECK_INT(issues.len, 1);
    CHECK_INT(issues.at[0].fault, ANSWER_REQUIRED);
    issues = (AnswerIssues){ 0 };
    field(a, &f, "q.b", "100");
    form_page_read(p, a, LANG_VI, &f, test_now(), form_find(p, S("b")), &x, &typed, &issues);
    CHECK_INT(issues.at[0].fault, ANSWER_CONSTRAINT);
}

TEST(names_in_choices_and_messages_become_answers)
{
    FormProgram *p = test_form(a,
        "[survey]\ntype|name|label|constraint|constraint_message|required|required_message\ntext|ten|Tên||||\n"
        "integer|luong|Lương|. > 5|${ten} ghi quá ít|yes|Lương của ${ten}?\nselect_one l|q|Chọn||||\n"
        "[choices]\nlist_name|name|label\nl|1|Của ${ten}\nl|2|Như ${q}\n");
    FormAnswers  x      = test_answers(a, p, "ten=An <b>;luong=3;q=2");
    AnswerIssues issues = { 0 };
    form_check(p, a, &x, test_now(), -1, &issues);
    CHECK_STR(issues.at[0].message[LANG_VI], S("An <b> ghi quá ít"));
    CHECK(str_has(drawn(a, p, "ten=An <b>;q=2", "q", NULL, NULL), S("Của An &lt;b&gt;")));
    CHECK_STR(form_answer_text(a, p, form_find(p, S("q")), &x, LANG_VI), S("Như Như ${q}"));      /* a label that names itself ends */
    x = test_answers(a, p, "ten=Bình;q=1");
    issues = (AnswerIssues){ 0 };
    form_check(p, a, &x, test_now(), -1, &issues);
    CHECK_STR(issues.at[0].message[LANG_VI], S("Lương của Bình?"));
    CHECK_STR(form_answer_text(a, p, form_find(p, S("q")), &x, LANG_VI), S("Của Bình"));
}

TEST(answers_read_as_people_write_them)
{
    FormProgram *p = test_form(a, paged);
    FormAnswers  x = test_answers(a, p, "a=1;b=12345;d=x y;e=2026-01-05;f=2.5;c=abc");
    CHECK_STR(form_answer_text(a, p, form_find(p, S("a")), &x, LANG_EN), S("Bad"));
    CHECK_STR(form_answer_text(a, p, form_find(p, S("b")), &x, LANG_VI), S("12.345"));
    int year = p->nodes.at[form_find(p, S("b"))].answer;
    Str held = x.at[year];
    x.at[year] = S("2015");
    CHECK_STR(form_answer_text(a, p, form_find(p, S("b")), &x, LANG_VI), S("2015"));
    x.at[year] = held;
    CHECK_STR(form_answer_text(a, p, form_find(p, S("d")), &x, LANG_VI), S("X; Y"));
    CHECK_STR(form_answer_text(a, p, form_find(p, S("e")), &x, LANG_VI), S("05/01/2026"));
    CHECK_STR(form_answer_text(a, p, form_find(p, S("f")), &x, LANG_VI), S("2,5"));
}

static const char *const khmer =
    "[survey]\n"
    "type|name|label::Tiếng Việt (vi)|label::English (en)|label::ភាសាខ្មែរ (km)|hint::Tiếng Việt (vi)|constraint|"
    "constraint_message::Tiếng Việt (vi)|constraint_message::ភាសាខ្មែរ (km)\n"
    "select_one m|a|Hài lòng?|Satisfied?|ពេញចិត្ត?|Gợi ý\n"
    "integer|b|Tuổi?|Age?|||. < 100|Dưới 100|ក្រោម 100\n"
    "[choices]\n"
    "list_name|name|label::Tiếng Việt (vi)|label::English (en)|label::ភាសាខ្មែរ (km)\n"
    "m|1|Có|Yes|បាទ\nm|2|Không|No|ទេ\n";

TEST(a_form_is_read_in_a_language_our_pages_do_not_have)
{
    FormProgram       *p      = test_form(a, khmer);
    FormLanguages      others = form_other_languages(a, p);
    const FormProgram *q      = form_in_language(a, p, S("ភាសាខ្មែរ (km)"));
    CHECK_INT((int64_t)others.len, 1);
    CHECK_STR(others.at[0].name, S("ភាសាខ្មែរ"));
    CHECK_STR(others.at[0].code, S("km"));
    CHECK_STR(form_label(q, 0, LANG_VI), S("ពេញចិត្ត?"));
    CHECK_STR(form_label(q, 0, LANG_EN), S("ពេញចិត្ត?"));
    CHECK_STR(form_label(q, 1, LANG_VI), S("Tuổi?"));                        /* not translated: ours stays */
    CHECK_STR(form_label(q, 1, LANG_EN), S("Age?"));
    CHECK_STR(q->nodes.at[0].hint[LANG_VI], S("Gợi ý"));
    CHECK_STR(q->nodes.at[1].constraint_message[LANG_VI], S("ក្រោម 100"));
    CHECK_STR(q->lists.at[q->nodes.at[0].list].choices.at[0].label[LANG_EN], S("បាទ"));
    CHECK_STR(form_spoken(q).code, S("km"));
    CHECK_STR(form_label(p, 0, LANG_VI), S("Hài lòng?"));                     /* shared by all threads: untouched */
    CHECK_STR(p->lists.at[p->nodes.at[0].list].choices.at[0].label[LANG_EN], S("Yes"));
    CHECK(!form_spoken(p).code.len);
    CHECK(form_in_language(a, p, S("Français (fr)")) == p && form_in_language(a, p, S("")) == p);
}
