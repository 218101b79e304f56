/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "base/utf8.h"

TEST(utf8_takes_only_rfc_3629)
{
    CHECK(utf8_valid(S("ẲNG ỆCH Ộ Ữ Ỵ ƠỚỢ Đường Nguyễn Thượng Hiền")));
    CHECK(utf8_valid(S("")) && utf8_valid(S("\xF0\x9F\x98\x80")) && utf8_valid(S("\xF4\x8F\xBF\xBF")));
    static const Str bad[] = { S_INIT("\x80"), S_INIT("\xC0\xAF"), S_INIT("\xC1\xBF"), S_INIT("\xE0\x80\xAF"),
                               S_INIT("\xED\xA0\x80"), S_INIT("\xF0\x80\x80\x80"), S_INIT("\xF4\x90\x80\x80"),
                               S_INIT("\xF5\x80\x80\x80"), S_INIT("\xC3"), S_INIT("\xE1\xBA"), S_INIT("\xF0\x9F\x98"),
                               S_INIT("\xFF"), S_INIT("a\xC3("), S_INIT("12345678\x80"), S_INIT("1234567812345\xFF") };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (utf8_valid(bad[i]))
            test_fail(__FILE_NAME__, __LINE__, "bad text %zu is taken", i);
    CHECK_INT(utf8_fault(S("12345678ab\xFFxyz")), 10);
    CHECK_INT(utf8_fault(S("Đường")), S("Đường").len);
}

TEST(utf8_code_points_go_in_and_out)
{
    static const int32_t points[] = { 0, 'a', 0x7F, 0x80, 0x111, 0x7FF, 0x800, 0x1EC7, 0xFFFD, 0x10000, 0x1F600, 0x10FFFF };
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        char   text[4];
        Str    s = { text, utf8_put(text, points[i]) };
        CHECK(utf8_valid(s));
        CHECK_INT(utf8_count(s), 1);
        CHECK_INT(utf8_next(&s), points[i]);
        CHECK_INT(s.len, 0);
    }
}
