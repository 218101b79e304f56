/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"
#include "base/test.h"

TEST(json_reads_a_submission)
{
    const Json *j = NULL;
    CHECK_OK(json_parse(a, S(" {\"instance_id\":\"u-1\",\"answers\":{\"q1\":[\"a\",\"b\"],\"tuoi\":36,\"diem\":-8.5e-1,"
                             "\"ý kiến\":\"tốt \\u0111\\n\\uD83D\\uDE00\",\"x\":null,\"y\":true}} "), &j));
    Str     text = S("");
    int64_t n    = 0;
    double  x    = 0;
    bool    yes  = false;
    CHECK(json_str(json_get(j, S("instance_id")), &text));
    CHECK_STR(text, S("u-1"));
    const Json *answers = json_get(j, S("answers"));
    CHECK_INT(answers->len, 6);
    CHECK_STR(json_at(json_get(answers, S("q1")), 1)->text, S("b"));
    CHECK(json_at(json_get(answers, S("q1")), 2) == NULL);
    CHECK(json_int(json_get(answers, S("tuoi")), &n) && n == 36);
    CHECK(json_num(json_get(answers, S("tuoi")), &x) && x == 36);
    CHECK(json_num(json_get(answers, S("diem")), &x) && x == -0.85);
    CHECK_STR(json_get(answers, S("diem"))->text, S("-8.5e-1"));
    CHECK(!json_int(json_get(answers, S("diem")), &n));
    CHECK_STR(json_get(answers, S("ý kiến"))->text, S("tốt đ\n😀"));
    CHECK(json_is(json_get(answers, S("x")), JSON_NULL));
    CHECK(json_bool(json_get(answers, S("y")), &yes) && yes);
    CHECK(!json_str(json_get(answers, S("none")), &text) && !json_get(json_get(j, S("instance_id")), S("x")));
    size_t members = 0;
    JSON_EACH(member, answers) members += member->key.len > 0;
    CHECK_INT(members, 6);
}

TEST(json_numbers_keep_what_was_written)
{
    static const struct { Str text; double num; bool whole; int64_t integer; } cases[] = {
        { S_INIT("0"), 0, true, 0 },
        { S_INIT("-1"), -1, true, -1 },
        { S_INIT("9007199254740993"), 9007199254740992.0, true, INT64_C(9007199254740993) },
        { S_INIT("-9223372036854775808"), -9223372036854775808.0, true, INT64_MIN },
        { S_INIT("9223372036854775808"), 9223372036854775808.0, false, 0 },
        { S_INIT("1.0"), 1, false, 0 },
        { S_INIT("1e3"), 1000, false, 0 },
        { S_INIT("1E+3"), 1000, false, 0 },
        { S_INIT("0.1"), 0.1, false, 0 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const Json *j = NULL;
        CHECK_OK(json_parse(a, cases[i].text, &j));
        CHECK(j->num == cases[i].num && j->whole == cases[i].whole);
        CHECK(!j->whole || j->integer == cases[i].integer);
        CHECK_STR(j->text, cases[i].text);
    }
    const Json *zero = NULL;
    CHECK_OK(json_parse(a, S("-0"), &zero));
    CHECK(signbit(zero->num));
}

TEST(json_texts_are_decoded)
{
    static const struct { Str text, want; } cases[] = {
        { S_INIT("\"\""), S_INIT("") },
        { S_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), S_INIT("\"\\/\b\f\n\r\t") },
        { S_INIT("\"\\u0000\""), S_INIT("\0") },
        { S_INIT("\"a\\u00e9\\u1EC7\""), S_INIT("aéệ") },
        { S_INIT("\"\x7F\""), S_INIT("\x7F") },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const Json *j = NULL;
        CHECK_OK(json_parse(a, cases[i].text, &j));
        CHECK_STR(j->text, cases[i].want);
    }
}

TEST(json_refuses_what_rfc_8259_does_not_have)
{
    static const Str bad[] = {
        S_INIT(""), S_INIT(" "), S_INIT("{"), S_INIT("[1,]"), S_INIT("[,1]"), S_INIT("{\"a\":1,}"), S_INIT("{a:1}"), S_INIT("{'a':1}"),
        S_INIT("{\"a\" 1}"), S_INIT("[1 2]"), S_INIT("1 2"), S_INIT("nul"), S_INIT("True"), S_INIT("NaN"), S_INIT("Infinity"), S_INIT("+1"),
        S_INIT("01"), S_INIT("-"), S_INIT("1."), S_INIT(".5"), S_INIT("1e"), S_INIT("1e+"), S_INIT("0x1"), S_INIT("\""), S_INIT("\"\\"),
        S_INIT("\"\\x\""), S_INIT("\"\\u12\""), S_INIT("\"\\u12G4\""), S_INIT("\"\\uD800\""), S_INIT("\"\\uD800x\""), S_INIT("\"\\uDC00\""),
        S_INIT("\"\\uD800\\uD800\""), S_INIT("\"\\uD800\\n\""), S_INIT("\"a\nb\""), S_INIT("\"\x01\\n\""), S_INIT("\"\\n\x01\""),
        S_INIT("\"\xFF\""), S_INIT("\"\xED\xA0\x80\""), S_INIT("\xEF\xBB\xBF{}"), S_INIT("{\"a\":1,\"b\":2,\"a\":3}"),
        S_INIT("{\"a\":1,\"\\u0061\":3}"), S_INIT("// x\n1"), S_INIT("[1]]"), S_INIT("\"a\\\0\""), S_INIT("\0"),
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const Json *j = NULL;
        if (!err_is(json_parse(a, bad[i], &j), ERR_INVALID) || j)
            test_fail(__FILE_NAME__, __LINE__, "%.*s is taken", STR_ARG(bad[i]));
    }
    const Json *j;
    Err e = json_parse(a, S("{\"a\": x}"), &j);
    CHECK_STR(e->detail, S("JSON, byte 7: no such number"));
}

static Str repeated(Arena *a, Str unit, size_t n)
{
    Buf b = buf_new(a, unit.len * n);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, unit);
    return buf_str(&b);
}

TEST(json_keeps_its_limits)
{
    const Json *j = NULL;
    CHECK_OK(json_parse(a, str_concat(a, repeated(a, S("["), 31), repeated(a, S("]"), 31)), &j));
    CHECK_ERR(json_parse(a, repeated(a, S("["), 33), &j), ERR_TOO_LARGE);
    CHECK_ERR(json_parse(a, repeated(a, S("[{\"a\":"), 100000), &j), ERR_TOO_LARGE);
    CHECK_ERR(json_parse(a, str_concat(a, str_concat(a, S("["), repeated(a, S("0,"), 200001)), S("0]")), &j), ERR_TOO_LARGE);
    CHECK_ERR(json_parse(a, S("1e999"), &j), ERR_INVALID);
    CHECK_ERR(json_parse(a, repeated(a, S("1"), 400), &j), ERR_INVALID);
}

TEST(json_finds_a_name_twice_among_many)
{
    Buf b = buf_new(a, 1 << 20);
    buf_byte(&b, '{');
    for (int i = 0; i < 50000; i++)
        buf_fmt(&b, "\"k%d\":0,", i);
    size_t len = b.len;
    buf_lit(&b, "\"last\":0}");
    const Json *j = NULL;
    CHECK_OK(json_parse(a, buf_str(&b), &j));
    CHECK_INT(j->len, 50001);
    b.len = len;
    buf_lit(&b, "\"k49999\":0}");
    CHECK_ERR(json_parse(a, buf_str(&b), &j), ERR_INVALID);
}
