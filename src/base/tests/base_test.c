/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Slices, arenas, days and instants. */
#include "base/test.h"

TEST(str_cut_without_mark_keeps_all_in_head)
{
    StrPair p = str_cut(S("abc"), ',');
    CHECK_STR(p.head, S("abc"));
    CHECK_INT(p.tail.len, 0);
}

TEST(numbers_are_read_whole_or_not_at_all)
{
    int64_t n = 7;
    CHECK(str_to_i64(S("-9223372036854775808"), &n) && n == INT64_MIN);
    CHECK(!str_to_i64(S("9223372036854775808"), &n));
    CHECK(!str_to_i64(S("12x"), &n));
    CHECK(!str_to_i64(S(""), &n));
    double x;
    CHECK(str_to_f64(S("84.35"), &x) && x == 84.35);
    CHECK(!str_to_f64(S("nan"), &x));
    CHECK(!str_to_f64(S("0x10"), &x));
}

TEST(scratch_by_value_is_given_back)
{
    Arena scratch = *a;
    arena_new(&scratch, char, 1000);
    CHECK(arena_used(&scratch) >= 1000);
    CHECK_INT(arena_used(a), 0);
}

TEST(list_keeps_values_when_it_grows)
{
    LIST(int) list = { 0 };
    for (int i = 0; i < 100; i++)
        *list_add(a, &list) = i;
    CHECK_INT(list.len, 100);
    for (int i = 0; i < 100; i++)
        CHECK_INT(list.at[i], i);
}

TEST(days_round_trip_over_four_centuries)
{
    Date d = date_from_ymd(1900, 1, 1);
    for (int i = 0; i < 146097; i++, d.day++) {
        Ymd x = date_ymd(d);
        if (date_from_ymd(x.year, x.month, x.day).day != d.day) {
            CHECK_INT(date_from_ymd(x.year, x.month, x.day).day, d.day);
            return;
        }
    }
    CHECK(date_is_none(date_from_ymd(2026, 2, 29)));
    CHECK(!date_is_none(date_from_ymd(2024, 2, 29)));
}

TEST(a_day_begins_at_seventeen_hours_utc_of_the_day_before)
{
    Time t;
    CHECK(time_parse_iso(S("2026-11-21T17:00:00Z"), &t));
    CHECK_STR(date_iso(a, date_of(t)), S("2026-11-22"));
    CHECK_STR(time_iso(a, date_start(date_of(t))), S("2026-11-21T17:00:00.000Z"));
    CHECK(time_parse_iso(S("2026-11-22T00:00:00.250+07:00"), &t));
    CHECK_STR(time_iso(a, t), S("2026-11-21T17:00:00.250Z"));
    CHECK_STR(time_http(a, (Time){ 784111777000 }), S("Sun, 06 Nov 1994 08:49:37 GMT"));
}

TEST(json_text_escapes_what_could_end_a_script_or_a_line)
{
    Buf b = buf_new(a, 8);
    buf_json_str(&b, S("a\"b\\c\n</script>\x01"));
    CHECK_STR(buf_str(&b), S("\"a\\\"b\\\\c\\n\\u003c/script>\\u0001\""));
}

TEST(ids_rise_and_are_positive)
{
    int64_t last = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t id = id_new();
        CHECK(id > last);
        last = id;
    }
    CHECK(id_random() > 0);
    CHECK(uuid_valid(uuid_v4(a)));
    CHECK(!uuid_valid(S("not-a-uuid")));
}

TEST(md5_gives_the_sums_of_its_specification)
{
    static const struct { Str text; const char *sum; } rows[] = {               /* RFC 1321, A.5, and both sides of the padding */
        { S_INIT(""), "d41d8cd98f00b204e9800998ecf8427e" }, { S_INIT("abc"), "900150983cd24fb0d6963f7d28e17f72" },
        { S_INIT("12345678901234567890123456789012345678901234567890123456789012345678901234567890"), "57edf4a22be3c955ac49da2e2107b67a" },
        { S_INIT("1234567890123456789012345678901234567890123456789012345"), "c9ccf168914a1bcfc3229f1948e67da0" },
        { S_INIT("12345678901234567890123456789012345678901234567890123456"), "49f193adce178490e34d1b3a4ec0064c" } };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Md5 sum = md5(rows[i].text);
        CHECK_STR(str_hex(a, sum.at, sizeof sum.at), str_from_c(rows[i].sum));
    }
}

TEST(str_has_word_finds_whole_words_only)
{
    CHECK(str_has_word(S("tot kha"), S("tot")) && str_has_word(S("tot kha"), S("kha")) && str_has_word(S("tot"), S("tot")));
    CHECK(!str_has_word(S("tot kha"), S("to")) && !str_has_word(S("tot kha"), S("tot kha")) && !str_has_word(S(""), S("tot")));
}
