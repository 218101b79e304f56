/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "i18n/i18n.h"

TEST(text_clean_makes_nfc)
{
    Str out = S("");
    CHECK(text_clean(a, S("Đu\u031Bo\u031B\u0300ng"), &out));
    CHECK_STR(out, S("Đường"));
    CHECK(text_clean(a, S("e\u0323\u0302"), &out));
    CHECK_STR(out, S("ệ"));
    CHECK(text_clean(a, S("e\u0302\u0323"), &out));     /* marks in the other order */
    CHECK_STR(out, S("ệ"));
    CHECK(text_clean(a, S("\u212B"), &out));             /* the Angstrom sign is the letter */
    CHECK_STR(out, S("Å"));
    CHECK(text_clean(a, S(""), &out));
    CHECK_STR(out, S(""));
}

TEST(text_clean_keeps_lines_and_refuses_controls)
{
    Str out = S("");
    CHECK(text_clean(a, S("một\r\nhai\rba\n\tbốn"), &out));
    CHECK_STR(out, S("một\nhai\nba\n\tbốn"));
    static const Str bad[] = { S_INIT("a\0b"), S_INIT("\x1B[31m"), S_INIT("\x7F"), S_INIT("\xC2\x85"), S_INIT("a\u202Eb"), S_INIT("\u2066"),
                               S_INIT("\uFFFE"), S_INIT("\xC3("), S_INIT("\x08") };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (text_clean(a, bad[i], &out))
            test_fail(__FILE_NAME__, __LINE__, "bad text %zu is taken", i);
}

TEST(text_fold_takes_marks_off)
{
    CHECK_STR(text_fold(a, S("ẲNG ỆCH Ộ Ữ Ỵ ƠỚỢ Đường Nguyễn Thượng Hiền")),
              S("ang ech o u y ooo duong nguyen thuong hien"));
    CHECK_STR(text_fold(a, S("Đu\u031Bo\u031B\u0300ng")), S("duong"));
    CHECK_STR(text_fold(a, S("  Bà Rịa \u00A0–  Vũng\tTàu ")), S("ba ria vung tau"));
    CHECK_STR(text_fold(a, S("Đắk Lắk, Ｈà Nội, ﬁ, Straße")), S("dak lak, ha noi, fi, strasse"));
    CHECK_STR(text_fold(a, S("ភាសាខ្មែរ")), text_fold(a, S("ភាសាខ្មែរ")));
    CHECK_STR(text_fold(a, S("a\xFF" "b")), S("a b"));
    CHECK_STR(text_fold(a, S("")), S(""));
    CHECK_STR(text_fold(a, S("\u0301")), S(""));
}

TEST(text_slug_is_ascii)
{
    CHECK_STR(text_slug(a, S("Chỉ số hài lòng (SIPAS) 2026: Đợt 1")), S("chi-so-hai-long-sipas-2026-dot-1"));
    CHECK_STR(text_slug(a, S("--- ")), S(""));
    CHECK_STR(text_slug(a, S("TP. Đà Nẵng")), S("tp-da-nang"));
}

/* Rows of one list, in the order of the alphabet. */
static void check_order(Arena *a, Lang l, const Str *rows, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        int by_key = str_cmp(text_sort_key(a, l, rows[i]), text_sort_key(a, l, rows[i + 1]));
        if (text_cmp(l, rows[i], rows[i + 1]) >= 0 || text_cmp(l, rows[i + 1], rows[i]) <= 0 || by_key >= 0)
            test_fail(__FILE_NAME__, __LINE__, "%.*s does not stand before %.*s", STR_ARG(rows[i]), STR_ARG(rows[i + 1]));
    }
}

TEST(order_of_tones_and_letters)
{
    static const Str tones[]   = { S_INIT("ma"), S_INIT("mà"), S_INIT("mả"), S_INIT("mã"), S_INIT("má"), S_INIT("mạ") };
    static const Str letters[] = { S_INIT("ạ"), S_INIT("ă"), S_INIT("ặ"), S_INIT("â"), S_INIT("b"), S_INIT("d"), S_INIT("dz"), S_INIT("đ"),
                                   S_INIT("e"), S_INIT("ê"), S_INIT("g"), S_INIT("o"), S_INIT("ô"), S_INIT("ơ"), S_INIT("p"), S_INIT("u"),
                                   S_INIT("ư"), S_INIT("v"), S_INIT("y") };
    check_order(a, LANG_VI, tones, COUNT_OF(tones));
    check_order(a, LANG_VI, letters, COUNT_OF(letters));
}

TEST(order_of_names)
{
    static const Str names[] = { S_INIT("An Giang"), S_INIT("Bà Rịa - Vũng Tàu"), S_INIT("Bắc Giang"), S_INIT("Bắc Ninh"),
                                 S_INIT("Cà Mau"), S_INIT("Cao Bằng"), S_INIT("Cần Thơ"), S_INIT("Dương"), S_INIT("Đà Nẵng"), S_INIT("Đắk Lắk"),
                                 S_INIT("Điện Biên"), S_INIT("Đồng Nai"), S_INIT("Đồng Tháp"), S_INIT("Gia Lai"), S_INIT("Hà Nội"),
                                 S_INIT("Hà Tĩnh"), S_INIT("Hải Phòng"), S_INIT("Huế"), S_INIT("Hưng Yên"), S_INIT("Quảng Ngãi"),
                                 S_INIT("Quảng Ninh"), S_INIT("Quận 2"), S_INIT("Quận 10"), S_INIT("Vĩnh Long") };
    check_order(a, LANG_VI, names, COUNT_OF(names));
    CHECK_INT(text_cmp(LANG_VI, S("Huế"), S("Hue\u0302\u0301")), 0);
    CHECK_INT(text_cmp(LANG_VI, S(""), S("")), 0);
}

TEST(search_ranks_exact_marks_first)
{
    CHECK_INT(text_match(*a, S("Đường Nguyễn Thượng Hiền"), S("duong")), 1);
    CHECK_INT(text_match(*a, S("Đường Nguyễn Thượng Hiền"), S("đường")), 3);
    CHECK_INT(text_match(*a, S("Phố Đường Thành"), S("đường")), 2);
    CHECK(text_match(*a, S("Hải Dương"), S("đường")) < text_match(*a, S("Phố Đường Thành"), S("đường")));
    CHECK_INT(text_match(*a, S("Hải Dương"), S("hải dương")), 3);
    CHECK_INT(text_match(*a, S("Hải Dương"), S("hai duong")), 1);
    CHECK_INT(text_match(*a, S("Hải Dương"), S("hà nội")), 0);
    CHECK_INT(text_match(*a, S("Hải Dương"), S("")), 0);
    CHECK_INT(text_match(*a, S("Bà Rịa - Vũng Tàu"), S("ba ria vung tau")), 1);
}

TEST(search_takes_both_places_of_the_tone)
{
    CHECK_INT(text_match(*a, S("Hòa Bình"), S("hoà bình")), 3);
    CHECK_INT(text_match(*a, S("Hoà Bình"), S("hòa")), 3);
    CHECK_INT(text_match(*a, S("Thuỷ Nguyên"), S("thủy")), 3);
    CHECK_INT(text_match(*a, S("Xã Khoẻ"), S("khỏe")), 2);
    CHECK_INT(text_match(*a, S("Hòa Bình"), S("hoá")), 1);
    CHECK_INT(text_match(*a, S("Hoà Bình"), S("hoa")), 1);      /* no mark typed: not the exact one */
    CHECK_INT(text_match(*a, S("Hoà Bình, Hoa Lư"), S("hoa")), 2);
    CHECK_INT(text_match(*a, S("Của"), S("cua")), 1);
}
