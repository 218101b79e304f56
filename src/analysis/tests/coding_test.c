/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "analysis/coding.h"
#include "analysis_fixture.h"

TEST(codes_are_read_line_by_line_and_the_first_fault_is_named)
{
    FrameCodes codes;
    Str        why;
    int        line;
    CHECK(frame_codes_read(a, S("1 | Thời gian | Time\n\n 11|Chờ lâu||1\r\nx | Khác"), &codes, &line, &why));
    CHECK_INT(codes.len, 3);
    CHECK_STR(codes.at[1].parent, S("1"));
    FrameCodes again;
    CHECK(frame_codes_read(a, frame_codes_text(a, &codes), &again, &line, &why));
    CHECK_INT(again.len, 3);
    CHECK_STR(again.at[1].parent, S("1"));
    CHECK(!frame_codes_read(a, S("1 | A\n1 | B"), &codes, &line, &why) && line == 2);
    CHECK(!frame_codes_read(a, S("1 | A\n2"), &codes, &line, &why) && line == 2);
    CHECK(!frame_codes_read(a, S("1 | A\n2 | B | | 1\n3 | C | | 2"), &codes, &line, &why) && line == 3);
    CHECK(!frame_codes_read(a, S(" \n"), &codes, &line, &why));
    CHECK(text_find(LANG_VI, why).len > 0);
}

TEST(a_code_is_final_when_both_agree_or_a_third_settled)
{
    CodedRow same = { .at = { S(""), S("1"), S("1"), S("") } }, differ = { .at = { S(""), S("1"), S("2"), S("") } };
    CodedRow settled = { .at = { S(""), S("1"), S("2"), S("3") } }, half = { .at = { S(""), S("1"), S(""), S("") } };
    CHECK_STR(coded_final(&same), S("1"));
    CHECK(coded_disagree(&differ) && !coded_final(&differ).len);
    CHECK_STR(coded_final(&settled), S("3"));
    CHECK(!coded_disagree(&settled) && !coded_disagree(&half) && !coded_final(&half).len);
}
