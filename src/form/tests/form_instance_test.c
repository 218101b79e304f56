/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as XML: written and read back, what phones send, and the findings of each broken rule. */
#include "form_test_book.h"

static const char sheet[] =
    "[survey]\ntype|name|label|relevant|required|constraint|calculation|repeat_count|choice_filter\nstart|bd|||||||\nend|kt|||||||\n"
    "select_one tinh|tinh|Tỉnh||yes||||\nselect_one xa|xa|Xã||||||tinh = ${tinh}\nbegin_group|g|Nhóm||||||\ninteger|tuoi|Tuổi|||. >= 18|||\n"
    "text|ten|Tên|${tuoi} > 20|||||\nnote|loi|Lời||||||\nend_group||||||||\nbegin_repeat|con|Con||||||\ntext|ten2|Tên||yes||||\n"
    "calculate|so|||||position(..)||\nend_repeat||||||||\ninteger|n|N||||||\nbegin_repeat|dem|Đếm|||||${n}|\ntext|t|T||||||\nend_repeat||||||||\n"
    "calculate|tong|||||${tuoi} * 2||\ncalculate|dung|||||${tuoi} > 20||\ncalculate|ngay|||||today()||\ncalculate|may|||||once(random())||\n"
    "[choices]\nlist_name|name|label|tinh\ntinh|01|A|\ntinh|02|B|\nxa|a|Xã A|01\nxa|b|Xã B|02\n"
    "[settings]\nform_id|version|instance_name\nphieu|7|concat(${ten}, ' <', ${tuoi}, '>')\n";

static FormAnswers filled(Arena *a, const FormProgram *p)
{
    FormAnswers x;
    form_begin(p, a, &x, test_now());
    form_put(p, a, &x, test_now(), form_find(p, S("tinh")), 0, S("01"));
    form_put(p, a, &x, test_now(), form_find(p, S("xa")), 0, S("a"));
    form_put(p, a, &x, test_now(), form_find(p, S("tuoi")), 0, S("30"));
    form_put(p, a, &x, test_now(), form_find(p, S("ten")), 0, S("Đỗ & \"An\""));
    form_put(p, a, &x, test_now(), form_find(p, S("n")), 0, S("2"));
    form_put(p, a, &x, test_now(), form_find(p, S("ten2")), form_instance_find(&x, form_find(p, S("con")), 0, 1), S("Bi"));
    return x;
}

TEST(answers_written_as_xml_come_back_without_findings)
{
    FormProgram *p    = test_form(a, sheet);
    FormAnswers  x    = filled(a, p), y;
    FormMeta     meta = { .instance_id = S("uuid:1"), .end = { test_now().ms + 600000 } }, got;
    FormFindings f    = { 0 };
    Str xml = form_instance_write(a, p, &x, &meta, test_now());
    CHECK(str_starts(xml, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data id=\"phieu\" version=\"7\"><bd>2026-11-22T08:30:00.000+07:00</bd>"
                            "<kt>2026-11-22T08:40:00.000+07:00</kt><tinh>01</tinh><xa>a</xa><g><tuoi>30</tuoi><ten>Đỗ &amp; ")));
    CHECK(str_has(xml, S("<loi/></g><con><ten2>Bi</ten2><so>1</so></con><n>2</n><dem><t/></dem><dem><t/></dem><tong>60</tong><dung>true</dung>")));
    CHECK(str_has(xml, S("<instanceID>uuid:1</instanceID><instanceName>Đỗ &amp; ")));
    CHECK_OK(form_instance_read(a, p, xml, &y, &got, &f));
    CHECK_STR(got.form_id, S("phieu"));
    CHECK_STR(got.instance_id, S("uuid:1"));
    CHECK_STR(got.instance_name, S("Đỗ & \"An\" <30>"));
    CHECK_INT(got.end.ms, meta.end.ms);
    form_recheck(a, p, &y, got.end, &f);
    for (size_t i = 0; i < f.len; i++)
        test_fail(__FILE_NAME__, __LINE__, "%.*s %.*s", STR_ARG(form_finding_code(f.at[i].kind)), STR_ARG(f.at[i].path));
    form_settle(p, a, &x, test_now());
    *form_cell(p, &x, form_find(p, S("kt")), 0) = S("2026-11-22T08:40:00.000+07:00");
    CHECK_STR(form_answers_texts(a, p, &y), form_answers_texts(a, p, &x));
}

/* Findings as "code path expected>found;…". */
static Str findings_of(Arena *a, const FormProgram *p, const char *inside)
{
    FormAnswers  x;
    FormMeta     meta;
    FormFindings f   = { 0 };
    Buf          b   = buf_new(a, 256);
    Str          xml = arena_fmt(a, "<data xmlns:orx=\"http://openrosa.org/xforms\" id=\"phieu\" version=\"7\">%s</data>", inside);
    Err          e   = form_instance_read(a, p, xml, &x, &meta, &f);
    if (e)
        return e->detail;
    form_recheck(a, p, &x, test_now(), &f);
    for (size_t i = 0; i < f.len; i++)
        buf_fmt(&b, "%.*s %.*s %.*s>%.*s;", STR_ARG(form_finding_code(f.at[i].kind)), STR_ARG(f.at[i].path), STR_ARG(f.at[i].expected),
                STR_ARG(f.at[i].found));
    return buf_str(&b);
}

#define FINE "<tinh>01</tinh><g><tuoi>30</tuoi></g><tong>60</tong><dung>true</dung><ngay>2026-11-22</ngay><may>0.5</may>"

TEST(each_broken_rule_of_a_phones_answers_is_a_finding)
{
    static const struct { const char *xml, *want; } cases[] = {
        { FINE "<orx:meta><orx:instanceID>uuid:9</orx:instanceID></orx:meta>", "" },
        { "<tinh>01</tinh><g><tuoi>30</tuoi></g><tong>60.0000000001</tong><dung>1</dung><ngay>2026-11-22T00:00:00.000+07:00</ngay>", "" },
        { "<tinh>01</tinh><xa>b</xa><g><tuoi>17</tuoi><ten>x</ten></g><tong>35</tong><dung>0</dung><ngay>2026-11-21</ngay>",
          "choice_unknown /data/xa tinh = ${tinh}>b;constraint /data/g/tuoi . >= 18>17;irrelevant_value /data/g/ten >x;"
          "calc_differs /data/tong 34>35;calc_differs /data/ngay 2026-11-22>2026-11-21;" },
        { "<tinh/><g><tuoi>30</tuoi></g><tong>60</tong><dung>true</dung><ngay>2026-11-22</ngay>", "required_missing /data/tinh true()>;" },
        { FINE "<con><ten2/><so>1</so></con><con><ten2>x</ten2><so>3</so></con>",
          "required_missing /data/con[1]/ten2 true()>;calc_differs /data/con[2]/so 2>3;" },
        { FINE "<n>2</n><dem><t/></dem>", "repeat_count /data/dem 2>1;" },
        { FINE "<n>2</n>", "repeat_count /data/dem 2>0;" },
        { FINE "<n>1</n><dem><t/></dem>", "" },
        { FINE "<la>z</la><con><ten2>x</ten2><so>1</so><zz>q</zz></con><tinh>02</tinh>",
          "element_unknown /data/la >z;element_unknown /data/con[1]/zz >q;element_unknown /data/tinh >02;" },
        { "<tinh>09</tinh><g><tuoi>3x</tuoi></g><tong></tong><dung>false</dung><ngay>2026-11-22</ngay>",
          "choice_unknown /data/tinh select_one tinh>09;type /data/g/tuoi integer>3x;" },
        { FINE "<xa><b>1</b></xa>", "element_unknown /data/xa >1;" },
        { "<tinh>", "XML is not well formed" },
    };
    FormProgram *p = test_form(a, sheet);
    for (size_t i = 0; i + 1 < COUNT_OF(cases); i++) {
        Str got = findings_of(a, p, cases[i].xml);
        if (!str_eq(got, str_from_c(cases[i].want)))
            test_fail(__FILE_NAME__, (int)i, "%s\n  gives %.*s\n  want %s", cases[i].xml, STR_ARG(got), cases[i].want);
    }
    FormAnswers  x;
    FormMeta     meta;
    FormFindings f = { 0 };
    CHECK_ERR(form_instance_read(a, p, S("<data id=\"phieu\"><tinh>"), &x, &meta, &f), ERR_INVALID);
}

TEST(values_of_chance_are_taken_as_they_came)
{
    FormProgram *p = test_form(a, "[survey]\ntype|name|label|calculation\ncalculate|a||random()\ncalculate|b||int(${a} * 10)\ncalculate|c||now()\n"
                                  "[settings]\nform_id\nphieu\n");
    CHECK_STR(findings_of(a, p, "<a>0.73</a><b>7</b><c>2020-01-01T00:00:00.000+07:00</c>"), S(""));
    CHECK_STR(findings_of(a, p, "<a>0.73</a><b>6</b><c/>"), S("calc_differs /data/b 7>6;"));
}
