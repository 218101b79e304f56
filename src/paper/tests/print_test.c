/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Serial numbers, numbers and codes of questions, conditions in words, printed sheets. */
#include "base/test.h"
#include "paper/parts.h"

TEST(paper_serials_notice_wrong_digits_and_swaps)
{
    int64_t got;
    int     missed = 0;
    for (int64_t n = 1; n < SERIAL_MOST; n += 9973) {
        Str s = serial_text(a, n);
        CHECK(serial_parse(s, &got));
        CHECK_INT(got, n);
        char *c = arena_c(a, str_replace(a, s, S("-"), S("")));
        for (int i = 0; i < SERIAL_DIGITS + 1; i++) {
            char was = c[i];
            for (char d = '0'; d <= '9'; d++) {
                c[i] = d;
                missed += d != was && serial_parse((Str){ c, SERIAL_DIGITS + 1 }, &got);
            }
            c[i] = was;
            if (i == SERIAL_DIGITS || c[i] == c[i + 1])
                continue;
            c[i] = c[i + 1], c[i + 1] = was;
            missed += serial_parse((Str){ c, SERIAL_DIGITS + 1 }, &got);
            c[i + 1] = c[i], c[i] = was;
        }
    }
    CHECK_INT(missed, 0);
}

TEST(paper_serials_are_read_as_people_type_them)
{
    int64_t got = 0;
    Str     s   = serial_text(a, 123);
    CHECK_INT(s.len, SERIAL_DIGITS + 2);
    CHECK(serial_parse(arena_fmt(a, " 0000 123 %c ", s.at[SERIAL_DIGITS + 1]), &got));
    CHECK_INT(got, 123);
    got = 0;
    CHECK(serial_parse(arena_fmt(a, "123%c", s.at[SERIAL_DIGITS + 1]), &got));
    CHECK_INT(got, 123);
    CHECK(!serial_parse(S(""), &got) && !serial_parse(S("7"), &got) && !serial_parse(S("12a4"), &got) && !serial_parse(S("0000000-0"), &got));
    CHECK(!serial_parse(S("12345678901234567890"), &got));
}

static const FormProgram *shipped(Arena *a, const char *name)
{
    AUTO(arena_close) Arena work = arena_open((size_t)64 << 20);
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    Err          e      = form_read_xlsx(a, work, form_shipped_find(str_from_c(name))->bytes, &issues, &p);
    return e ? NULL : p;
}

TEST(paper_numbers_and_codes_are_unique)
{
    const FormProgram *p = shipped(a, "sipas-2023");
    PaperMap           m = paper_map(a, p);
    int                last = 0;
    for (int i = 0; i < (int)p->nodes.len; i++) {
        CHECK_INT(m.number[i], form_node_asks(&p->nodes.at[i]) ? ++last : 0);
        for (size_t k = 0; p->nodes.at[i].list >= 0 && k < p->lists.at[p->nodes.at[i].list].choices.len; k++) {
            const FormChoice *c = &p->lists.at[p->nodes.at[i].list].choices.at[k];
            CHECK(paper_choice(&m, i, paper_code(&m, i, c->name)) == c);
        }
    }
    CHECK_INT(last, form_question_count(p));
}

TEST(paper_conditions_are_told_in_words)
{
    const FormProgram *p = shipped(a, "sipas-2023");
    PaperMap           m = paper_map(a, p);
    int                told = 0;
    for (int i = 0; i < (int)p->nodes.len; i++) {
        Str vi = paper_condition(a, &m, i, LANG_VI), en = paper_condition(a, &m, i, LANG_EN);
        CHECK((vi.len > 0) == (p->nodes.at[i].relevant_src.len > 0));
        CHECK(!str_has(vi, S("$")) && !str_has(vi, S("selected(")) && !str_has(vi, S("'")));
        CHECK(!str_has(en, S("$")));
        told += vi.len > 0;
    }
    CHECK(told > 5);
}

TEST(paper_conditions_name_questions_and_choices)
{
    const FormProgram *p = shipped(a, "mot-cua");
    PaperMap           m = paper_map(a, p);
    Str                texts[2] = { S(""), S("") };
    for (int i = 0; i < (int)p->nodes.len; i++)
        if (m.number[i] == 4 || m.number[i] == 12)
            texts[m.number[i] == 12] = paper_condition(a, &m, i, LANG_VI);
    CHECK_STR(texts[0], S("Chỉ trả lời nếu câu 3 chọn “Đến tận nơi”"));
    CHECK_STR(texts[1], S("Chỉ trả lời nếu một trong các câu 7, 8, 9, 10, 11 chọn “Rất không hài lòng” hoặc “Không hài lòng”"));
}

TEST(paper_forms_have_a_page_for_each_sheet_and_serial)
{
    PaperPrint job = { .p = shipped(a, "mot-cua"), .lang = LANG_VI, .first = 7, .count = 3, .agency = S("Sở Nội vụ") };
    Str        pdf;
    int        pages;
    CHECK_OK(paper_print(a, &job, &pdf, &pages));
    CHECK(pages >= 1 && str_has(pdf, arena_fmt(a, "/Count %d", 3 * pages)));
    job.first = SERIAL_MOST - 2;
    CHECK_OK(paper_print(a, &job, &pdf, &pages));
    job.first = SERIAL_MOST - 1;                             /* the third copy would have no number */
    CHECK_ERR(paper_print(a, &job, &pdf, &pages), ERR_INVALID);
    job.first = 0;
    CHECK_ERR(paper_print(a, &job, &pdf, &pages), ERR_INVALID);
}

/* Every question that is asked on paper stands in one section, in order. */
TEST(paper_sections_hold_each_question_once)
{
    PaperMap m    = paper_map(a, shipped(a, "mot-cua"));
    Sections s    = paper_sections(a, &m, LANG_VI);
    int      next = 0;
    CHECK(s.len > 1);
    for (size_t i = 0; i < s.len; i++) {
        int asked = 0;
        for (; next < s.at[i].first; next++)
            CHECK(!m.number[next]);
        for (; next < s.at[i].end; next++)
            asked += m.number[next] > 0;
        CHECK(asked > 0);
    }
    CHECK_INT(next, (int)m.p->nodes.len);
}

/* Rows need room: more of them need more sheets; a table is never longer than the limit. */
TEST(paper_prints_a_table_of_rows_for_a_repeat)
{
    static const char sheet[] = "survey,,,\n,type,name,label\n,begin_repeat,nguoi,Người trong nhà\n,text,ten,Tên\n,select_one g,gioi,Giới\n,end_repeat,,\n"
                                "choices,,,\n,list_name,name,label\n,g,nam,Nam\n,g,nu,Nữ\nsettings,,,\n,form_id,version,form_title\n,ho,1,Hộ\n";
    Arena        work   = arena_open((size_t)1 << 28);
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    Str          pdf;
    int          few, many;
    CHECK_OK(form_read(a, work, (Str){ sheet, sizeof sheet - 1 }, NULL, &issues, &p));
    arena_close(&work);
    PaperPrint job = { .p = p, .lang = LANG_VI, .rows = 5 };
    CHECK_OK(paper_print(a, &job, &pdf, &few));
    job.rows = 60;
    CHECK_OK(paper_print(a, &job, &pdf, &many));
    CHECK(few == 1 && many == 3);
    job.rows = ROWS_MOST + 1;
    CHECK_ERR(paper_print(a, &job, &pdf, &many), ERR_INVALID);
}
