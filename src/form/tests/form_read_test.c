/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the reader refuses: a case a code, with sheet, row and column; all faults at once, in order. */
#include "form_test_book.h"

/* Issues as "survey:3:relevant:E-VAR …", warnings included. */
static Str issues_text(Arena *a, const FormIssues *issues)
{
    Buf b = buf_new(a, 128);
    for (size_t i = 0; i < issues->len; i++) {
        const FormIssue *f = &issues->at[i];
        buf_fmt(&b, "%s%.*s:%d:%.*s:%.*s", i ? " " : "", STR_ARG(f->sheet), f->row, STR_ARG(f->column), STR_ARG(f->code));
    }
    return buf_str(&b);
}

static Str read_issues(Arena *a, const char *lines)
{
    FormIssues issues = { 0 };
    test_form_issues(a, lines, &issues);
    return issues_text(a, &issues);
}

typedef struct Case { const char *lines, *want; } Case;

#define LISTS "[choices]\nlist_name|name|label\nl|1|One\nl|2|Two\n"

static const Case cases[] = {
    { "[survey]\ntype|name|label\ntext|a|A\n", "" },
    /* the file and its headers */
    { "[sheet1]\ntype|name\n", "survey:0::E-HEADER" },
    { "[Survey]\ntype|name|label\ntext|a|A\n", "" },
    { "[survey]\ntype|label\ntext|A\n", "survey:1:name:E-HEADER" },
    { "[survey]\ntyp|nam|label\ntext|a|A\n", "survey:1:typ:W-COLUMN survey:1:type:E-HEADER survey:1:name:E-HEADER survey:1:nam:W-COLUMN" },
    { "[survey]\ntype|name|label|label\ntext|a|A|B\n", "survey:1:label:E-HEADER" },
    { "[survey]\ntype|name|label|relevant|relevance\ntext|a|A\n", "survey:1:relevance:E-HEADER" },
    { "[survey]\ntype|name|label::Tiếng Việt (vi)|label:: tiếng việt (vi)\ntext|a|A|A\n", "survey:1:label:: tiếng việt (vi):E-HEADER" },
    { "[survey]\nType|NAME|Label\ntext|a|A\n", "" },
    { "[survey]\ntype|name|label|labell\ntext|a|A|x\n", "survey:1:labell:W-COLUMN" },
    { "[survey]\ntype|name|label::English\ntext|a|A\n", "survey:1:label::English:W-LANG" },
    { "[survey]\ntype|name|label::Français (fr)\ntext|a|A\n", "" },
    { "[survey]\ntype|name|label\ntext|a|A\n[choices]\nlist|name|label\nl|1|x\n", "choices:1:list_name:E-HEADER" },
    { "[survey]\ntype|name|label\ntext|a|A\n[choice]\nlist_name|name|label\nl|1|x\n", "choice:0::W-SHEET" },
    { "[survey]\ntype|name|label\ntext|a|A\n[entities]\nlist_name|label\np|x\n", "entities:0::E-TYPE" },
    /* types */
    { "[survey]\ntype|name|label\ntextt|a|A\n", "survey:2:type:E-TYPE" },
    { "[survey]\ntype|name|label\n|a|A\n", "survey:2:type:E-TYPE" },
    { "[survey]\ntype|name|label\ngeopoint|a|A\ntext|b|B\n", "" },
    { "[survey]\ntype|name|label\nstart-geopoint|a|A\ntext|b|B\n", "survey:2:type:E-TYPE" },
    { "[survey]\ntype|name|label\nbackground-audio|a|A\n", "survey:2:type:E-TYPE" },
    { "[survey]\ntype|name|label\nbegin repeat|r|R\ntext|b|B\nend repeat\n", "" },
    { "[survey]\ntype|name|label\nselect_one l or_other|a|A\n" LISTS, "" },
    { "[survey]\ntype|name|label\nselect_one l or_other|a|A\ntext|a_other|B\n" LISTS, "survey:3:name:E-DUP" },
    { "[survey]\ntype|name|label|save_to\ntext|a|A|x\n", "survey:2:save_to:E-TYPE" },
    { "[survey]\ntype|name|label|default\ntext|a|A|x\n", "" },
    { "[survey]\ntype|name|label|default\ntext|a|A|concat('x', ${c})\n", "survey:2:default:E-VAR" },
    { "[survey]\ntype|name|label|parameters\nrange|a|A|start=1 end=5 step=0.5\nrange|b|B|start=5 end=1\nimage|c|C|max-pixel=5\ntext|d|D|rows=x\n",
      "survey:3:parameters:E-ARG survey:4:parameters:E-ARG survey:5:parameters:E-ARG" },
    { "[survey]\ntype|name|label|trigger|calculation\ntext|a|A||\ncalculate|b||${a}|now()\ncalculate|c||${x}|now()\ncalculate|d||a|1\n",
      "survey:4:trigger:E-VAR survey:5:trigger:E-VAR" },
    { "[survey]\ntype|name|label\nselect_one_from_file xa.csv|a|A\nselect_one_from_file xa.txt|b|B\nselect_one_from_file x.geojson|c|C\n",
      "survey:2:type:E-LIST survey:3:type:E-LIST survey:4:type:E-LIST" },
    { "[survey]\ntype|name|label\naudit|audit|\naudit|nhat_ky|\ntext|b|B\n", "survey:3:name:E-NAME" },
    { "[survey]\ntype|name|label|bind::odk:length|bind::foo:bar\ntext|a|A|3|4\n", "survey:1:bind::foo:bar:E-HEADER" },
    { "[survey]\ntype|name|label\nselect one l|a|A\nselect all that apply from l|b|B\nstring|c|C\nint|d|D\n" LISTS, "" },
    { "[survey]\ntype|name|label\n", "survey:1:type:E-TYPE" },
    { "[survey]\ntype|name|label|disabled\ntextt|a|A|yes\ntext|b|B\n", "" },
    /* names */
    { "[survey]\ntype|name|label\ntext||A\n", "survey:2:name:E-NAME" },
    { "[survey]\ntype|name|label\ntext|1a|A\n", "survey:2:name:E-NAME" },
    { "[survey]\ntype|name|label\ntext|a b|A\n", "survey:2:name:E-NAME" },
    { "[survey]\ntype|name|label\nnote||A\ntext|b|B\n", "" },
    { "[survey]\ntype|name|label\ntext|a|A\ntext|a|A\n", "survey:3:name:E-DUP" },
    { "[survey]\ntype|name|label\ntext|meta|A\n", "survey:2:name:E-DUP" },
    { "[survey]\ntype|name|label\ntext|a|A\ntext|A|A\n", "survey:3:name:W-CASE" },
    { "[survey]\ntype|name|label\nbegin group|g|G\ntext|a|A\nend group\ntext|a|A\n", "" },
    { "[survey]\ntype|name|label|td_code\ntext|a|A|x\ntext|b|B|x\n", "survey:3:td_code:E-DUP" },
    /* lists and choices */
    { "[survey]\ntype|name|label\nselect_one m|a|A\n" LISTS, "survey:2:type:E-LIST" },
    { "[survey]\ntype|name|label\nselect_one|a|A\n" LISTS, "survey:2:type:E-LIST" },
    { "[survey]\ntype|name|label\nselect_one l|a|A\n[choices]\nlist_name|name|label\nl|1|x\nl||y\n|3|z\nl|1|w\n",
      "choices:3:name:E-CHOICE choices:4:list_name:E-CHOICE choices:5:name:E-CHOICE" },
    { "[survey]\ntype|name|label\nselect_one l|a|A\n[choices]\nlist_name|name|label\nl|1|x\nl|1|w\n[settings]\nallow_choice_duplicates\nyes\n", "" },
    { "[survey]\ntype|name|label\nselect_multiple l|a|A\nrank l|b|B\nselect_one m|c|C\n"
      "[choices]\nlist_name|name|label\nl|a b|x\nl|c|y\nl|d e|z\nm|f g|z\n", "choices:2:name:E-CHOICE choices:4:name:E-CHOICE" },
    { "[survey]\ntype|name|label|choice_filter\ntext|t|T|\nselect_one l or_other|a|A|f = ${t}\n"
      "[choices]\nlist_name|name|label|f\nl|a|x|1\n", "survey:3:choice_filter:E-CHOICE" },
    { "[survey]\ntype|name|label|hint\ntext|a||Gợi ý\n", "survey:2:label:W-LABEL" },
    { "[survey]\ntype|name|label\nsimsrial|a|\nstart-geopoint|b|\n", "survey:2:type:E-TYPE survey:3:type:E-TYPE" },
    { "[survey]\ntype|name|label|parameters\naudit|||location-priority=fast location-min-interval=60 location-max-age=30\n"
      "select_one l|s|S|seed=4\ngeopoint|g|G|capture-accuracy=x warning-accuracy=9 allow-mock-accuracy=maybe\ngeotrace|t|T|incremental=true\n"
      "[choices]\nlist_name|name|label\nl|1|x\n",
      "survey:2:parameters:E-ARG survey:2:parameters:E-ARG survey:3:parameters:E-ARG survey:4:parameters:E-ARG survey:4:parameters:E-ARG" },
    { "[survey]\ntype|name|label|parameters\naudit|||location-min-interval=60\ntext|a|A|\n", "survey:2:parameters:E-ARG" },
    { "[survey]\ntype|name|label|choice_filter|calculation|relevant\nselect_one_from_file xa.csv|x|X|tinh = '01'||\n"
      "calculate|c|||instance('xa')/root/item[ma = ${x}]/ten|\ntext|t|T|||${khong} = 'xa'\ncalculate|d|||pulldata('xb', 'a', 'b', ${x})|\n",
      "survey:2:type:E-LIST survey:4:relevant:E-VAR survey:5:calculation:E-LIST" },
    { "[survey]\ntype|name|label|parameters\nrange|r|R|start=5 end=1 step=-1\nrange|s|S|start=5 end=1 step=2\n"
      "range|t|T|start=1 end=5 step=0\nrange|u|U|start=3 end=3\n",
      "survey:3:parameters:E-ARG survey:4:parameters:E-ARG survey:5:parameters:E-ARG" },
    /* names in texts: every kind, every language, and all of one text */
    { "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|hint|guidance_hint|required_message|constraint_message|appearance\n"
      "text|a|A ${x1} ${x2}|A ${x3}|${x4}|${x5}|${x6}|${x7}|ex:a(b='${x8}')\nselect_one l|b|B ${a}|B|||||\n"
      "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)\nl|1|x ${a}|y ${x9}\n",
      "survey:2:label::Tiếng Việt (vi):E-VAR survey:2:label::Tiếng Việt (vi):E-VAR survey:2:label::English (en):E-VAR survey:2:hint:E-VAR "
      "survey:2:guidance_hint:E-VAR survey:2:required_message:E-VAR survey:2:constraint_message:E-VAR survey:2:appearance:E-VAR "
      "choices:2:label::English (en):E-VAR" },
    { "[survey]\ntype|name|label|default\ntext|a|A|${last-saved#a}\n", "survey:2:default:E-VAR" },
    { "[survey]\ntype|name|label\nselect_one l|a|A\n[choices]\nlist_name|name|label|td_value|td_missing\nl|1|x|one|\nl|2|y|2|maybe\nl|3||3|\n",
      "choices:2:td_value:E-CHOICE choices:3:td_missing:E-CHOICE choices:4:label:W-LABEL" },
    /* groups */
    { "[survey]\ntype|name|label\nbegin group|g|G\ntext|a|A\n", "survey:2:type:E-NEST" },
    { "[survey]\ntype|name|label\ntext|a|A\nend group\n", "survey:3:type:E-NEST" },
    { "[survey]\ntype|name|label\nbegin group|g|G\ntext|a|A\nend repeat\n", "survey:4:type:E-NEST" },
    { "[survey]\ntype|name\nbegin group|a\nbegin group|b\nbegin group|c\nbegin group|d\nbegin group|e\nbegin group|f\nbegin group|g\nbegin group|h\n"
      "begin group|i\nend group\nend group\nend group\nend group\nend group\nend group\nend group\nend group\nend group\nnote|n\n",
      "survey:10:type:E-LIMIT survey:20:label:E-LABEL" },
    /* calculations and expressions */
    { "[survey]\ntype|name|label\ncalculate|a\ntext|b|B\n", "survey:2:calculation:E-CALC" },
    { "[survey]\ntype|name|label|calculation\ninteger|a|A|\ncalculate|b||if(${a} = 1, 2, null)\n", "" },
    { "[survey]\ntype|name|label|calculation\ncalculate|a||1 > 2\n", "survey:2:calculation:W-BOOL" },
    { "[survey]\ntype|name|label|relevant\ntext|a|A\ntext|b|B|${c} = 1\n", "survey:3:relevant:E-VAR" },
    { "[survey]\ntype|name|label|relevant\nbegin group|g|G\ntext|a|A\nend group\ntext|a|A\ntext|b|B|${a} = 1\n", "survey:6:relevant:E-VAR" },
    { "[survey]\ntype|name|label|relevant\nbegin group|g|G\ntext|a|A\nend group\ntext|a|A\ntext|b|B|/data/g/a = 1\n", "" },
    { "[survey]\ntype|name|label|relevant\ntext|a|A|${b\ntext|b|B\n", "survey:2:relevant:E-XPATH" },
    { "[survey]\ntype|name|label|relevant\ntext|a|A\ntext|b|B|/data/x = 1\n", "survey:3:relevant:E-PATH" },
    { "[survey]\ntype|name|label|relevant\ntext|a|A\ntext|b|B|/form/a = 1\n", "survey:3:relevant:E-PATH" },
    { "[survey]\ntype|name|label|constraint\ntext|a|A|selectd(., '1')\ntext|b|B|geofence(., 'x')\n",
        "survey:2:constraint:E-FUNC survey:3:constraint:E-FUNC" },
    { "[survey]\ntype|name|label|constraint\ntext|a|A|substr(.)\n", "survey:2:constraint:E-ARG" },
    { "[survey]\ntype|name|label|constraint\ntext|a|A|regex(., '(a')\n", "survey:2:constraint:E-REGEX" },
    { "[survey]\ntype|name|label|constraint\ntext|a|A|regex(., 'a')\n", "survey:2:constraint:W-REGEX" },
    { "[survey]\ntype|name|label|constraint\ndate|a|A|. > date('2026-02-30')\n", "survey:2:constraint:E-DATE" },
    { "[survey]\ntype|name|label|constraint\ndate|a|A|. > '2026-02-03'\n", "survey:2:constraint:W-PORT" },
    { "[survey]\ntype|name|label|constraint\ndate|a|A|. > '2026-02-03'\n[settings]\ntd_channels\nonline\n", "" },
    { "[survey]\ntype|name|label|constraint\ndate|a|A|. > '2026-02-03'\n[settings]\ntd_channels\nPaper, fields\n", "settings:2:td_channels:W-COLUMN" },
    { "[survey]\ntype|name|label|constraint\ndate|a|A|. > '2026-02-03'\n[settings]\ntd_channels\nonline field\n", "survey:2:constraint:E-PORT" },
    { "[survey]\ntype|name|label|relevant\ntext|a|A\ntext|b|B|${a} = “x”\n", "survey:3:relevant:W-QUOTE" },
    { "[survey]\ntype|name|label|required\ntext|a|A|maybe\n", "survey:2:required:E-PATH" },
    { "[survey]\ntype|name|label\ntext|a|A ${zz}?\n", "survey:2:label:E-VAR" },
    /* cycles */
    { "[survey]\ntype|name|label|relevant\ntext|a|A|${b} = 1\ntext|b|B|${a} = 1\n", "survey:2:relevant:E-CYCLE" },
    { "[survey]\ntype|name|label|calculation\ncalculate|a||. + 1\n", "survey:2:calculation:E-CYCLE" },
    { "[survey]\ntype|name|label|calculation\ncalculate|a||once(today())\n", "" },
    { "[survey]\ntype|name|label|relevant\nbegin group|g|G|${a} = 1\ntext|a|A\nend group\n", "survey:2:relevant:E-CYCLE" },
    { "[survey]\ntype|name|label|constraint\ntext|a|A|. != ''\n", "" },
    { "[survey]\ntype|name|label|required\ntext|a|A|${b} = ''\ntext|b|B|${a} = ''\n", "survey:2:required:E-CYCLE" },
    /* our own columns, texts, appearance */
    { "[survey]\ntype|name|label|td_role\ntext|a|A|opinion\n", "survey:2:td_role:E-ARG" },
    { "[survey]\ntype|name|label|appearance\ntext|a|A|multilin\n", "survey:2:appearance:W-APPEAR" },
    { "[survey]\ntype|name|label\ntext|a|\n", "survey:2:label:E-LABEL" },
    { "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)\ntext|a|A|\ntext|b||B\n",
        "survey:2:label::English (en):W-LANG survey:3:label::Tiếng Việt (vi):E-LABEL" },
    { "[survey]\ntype|name|label\ntext|a|A\n[settings]\nform_id|submission_url|auto_send|name\nf|https://x.test/|maybe|goc\n",
      "settings:2:submission_url:E-ARG settings:2:auto_send:E-ARG settings:2:name:W-COLUMN" },
    { "[survey]\ntype|name|label\ntext|a|A\n[settings]\nform_id|td_kind\na/b|game\n", "settings:2:form_id:E-NAME settings:2:td_kind:E-ARG" },
};

TEST(each_fault_has_its_code_and_its_cell)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Arena scratch = *a;
        Str   got     = read_issues(&scratch, cases[i].lines);
        if (!str_eq(got, str_from_c(cases[i].want)))
            test_fail(__FILE_NAME__, (int)i, "%s\n    gives %.*s\n    want  %s", cases[i].lines, STR_ARG(got), cases[i].want);
    }
}

TEST(faults_come_in_order_of_sheet_row_and_column)
{
    CHECK_STR(read_issues(a, "[settings]\nform_id|td_kind\nf|game\n[choices]\nlist_name|name|label\nl||x\n"
                             "[survey]\ntype|name|label|relevant|constraint\ntextt|1a|A|${x}|sum(\ntext|b|B\n\nselect_one m|c|C\n"),
              S("survey:2:type:E-TYPE survey:2:name:E-NAME survey:2:relevant:E-VAR survey:2:constraint:E-XPATH survey:5:type:E-LIST "
                "choices:2:name:E-CHOICE settings:2:td_kind:E-ARG"));
}

TEST(messages_end_with_the_remedy_in_both_languages)
{
    FormIssues issues = { 0 };
    test_form_issues(a, "[survey]\ntype|name|label|calculation\ncalculate|tong||${diem} + 1\ncalculate|diem||${tong} + 1\n", &issues);
    CHECK_INT(issues.len, 1);
    CHECK_STR(issues.at[0].message_vi, S("vòng lặp ở hàng 2 -> 3 -> 2: “tong” cần “diem”, “diem” cần “tong”. Bỏ một trong các điều kiện này."));
    issues = (FormIssues){ 0 };
    test_form_issues(a, "[survey]\ntype|name|label\nselect_oen l|a|A\nselect_one ll|b|B\n" LISTS, &issues);
    CHECK_STR(issues.at[0].message_vi, S("không có kiểu câu hỏi “select_oen l”. Có phải “select_one”?"));
    CHECK_STR(issues.at[0].message_en, S("there is no question type “select_oen l”. Did you mean “select_one”?"));
    CHECK_STR(issues.at[1].message_vi, S("không có danh sách “ll” trên trang choices. Có phải “l”?"));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        issues = (FormIssues){ 0 };
        test_form_issues(a, cases[i].lines, &issues);
        for (size_t k = 0; k < issues.len; k++) {
            Str vi = issues.at[k].message_vi, en = issues.at[k].message_en;
            CHECK(str_has(vi, S(". ")) && (str_ends(vi, S(".")) || str_ends(vi, S("?"))));
            CHECK(str_has(en, S(" ")) && (str_ends(en, S(".")) || str_ends(en, S("?"))));
        }
    }
}

TEST(at_most_two_hundred_errors_are_listed)
{
    Buf b = buf_new(a, 1 << 16);
    buf_lit(&b, "[survey]\ntype|name|label\n");
    for (int i = 0; i < 300; i++)
        buf_fmt(&b, "textt|a%d|A\n", i);
    buf_byte(&b, '\0');
    FormIssues issues = { 0 };
    test_form_issues(a, b.at, &issues);
    CHECK_INT(issues.len, 200);
}

TEST(names_in_two_groups_are_told_apart_by_their_path)
{
    FormProgram *p = test_form(a, "[survey]\ntype|name|label\nbegin group|g|G\ntext|a|A\nend group\ntext|a|A\ntext|b|B\n");
    CHECK(form_find(p, S("g/a")) == 1 && form_find(p, S("a")) == 2 && form_find(p, S("b")) == 3);
}

TEST(decomposed_names_are_the_same_as_composed_ones)
{
    /* "địa" with i and a combining mark, as some keyboards send it */
    FormProgram *p = test_form(a, "[survey]\ntype|name|label|relevant\ntext|ti\xCC\x89nh|A\ntext|b|B|${tỉnh} = 'x'\n");
    CHECK(form_find(p, S("tỉnh")) == 0);
}

/* ---- Bytes of workbooks ------------------------------------------------------------------------------------------ */

static Str bytes_issues(Arena *a, Str bytes)
{
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    CHECK(!form_read_xlsx(a, *a, bytes, &issues, &p));
    CHECK((p != NULL) == !form_issues_bad(&issues));
    return issues_text(a, &issues);
}

TEST(a_workbook_cut_anywhere_is_refused_with_one_issue)
{
    Str bytes = test_xlsx(a, "[survey]\ntype|name|label\ntext|a|A\n");
    CHECK_STR(bytes_issues(a, bytes), S(""));
    for (size_t n = 0; n < bytes.len; n += 97) {
        Arena scratch = *a;
        CHECK_STR(bytes_issues(&scratch, str_take(bytes, n)), S(":0::E-FILE"));
    }
    CHECK_STR(bytes_issues(a, S("type,name\ntext,a\n")), S(":1::E-FILE"));
    CHECK_STR(bytes_issues(a, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on, the format before 2007")), S(":0::E-FILE"));
}

TEST(every_shipped_questionnaire_is_free_of_faults_and_warnings)
{
    const ShippedForm *all;
    size_t             n = form_shipped(&all);
    CHECK_INT(n, 2);
    for (size_t i = 0; i < n; i++)
        CHECK_STR(bytes_issues(a, all[i].bytes), S(""));
    CHECK(!form_shipped_find(S("none")));
}

static int count_role(const FormProgram *p, QuestionRole role)
{
    int found = 0;
    for (size_t i = 0; i < p->nodes.len; i++)
        found += p->nodes.at[i].role == role;
    return found;
}

TEST(the_questionnaire_of_the_method_has_its_contents_factors_and_groups)
{
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    CHECK_OK(form_read_xlsx(a, *a, form_shipped_find(S("sipas-2023"))->bytes, &issues, &p));
    CHECK_STR(p->form_id, S("sipas-2023"));
    CHECK_INT(form_question_count(p), 73);
    CHECK_INT(count_role(p, QR_SATISFACTION), 51);
    CHECK_INT(p->lists.at[p->nodes.at[form_find(p, S("tinh"))].list].choices.len, 34);
    int item = form_find(p, S("b12_s4"));
    CHECK_STR(p->nodes.at[item].code, S("B1.2.S4"));
    CHECK_STR(form_relevant_joined(a, p, item), S("(not(selected(${a8}, 'khong'))) and (selected(${a8}, 's4'))"));
    CHECK_INT(form_choice(p, item, S("9"))->missing, CHOICE_MISSING);
    CHECK_NEAR(form_choice(p, item, S("4"))->value, 4, 0);
    for (size_t i = 0; i < p->nodes.len; i++)
        CHECK(p->nodes.at[i].label[LANG_VI].len && p->nodes.at[i].label[LANG_EN].len);
}
