/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writers of values by place. */
#include "base/test.h"
#include "view/view.h"

static Out new_out(Arena *a) { return out_new(a, LANG_VI, 64); }

TEST(out_text_escapes_every_mark_that_could_end_text_or_a_quoted_value)
{
    Out o = new_out(a);
    OUT_TEXT(&o, S("<b>\"x\" & 'y'</b>"));
    CHECK_STR(out_text(&o), S("&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/b&gt;"));
}

TEST(out_text_lets_only_safe_html_pass)
{
    Out o = new_out(a);
    OUT_TEXT(&o, ((SafeHtml){ S("<b>x</b>") }));
    OUT_TEXT(&o, S("Đường Nguyễn Thượng Hiền"));
    CHECK_STR(out_text(&o), S("<b>x</b>Đường Nguyễn Thượng Hiền"));
}

TEST(out_text_groups_numbers_and_attributes_do_not)
{
    Out o = new_out(a);
    OUT_TEXT(&o, (int64_t)36525);
    OUT_ATTR(&o, S("|"));
    OUT_ATTR(&o, (size_t)36525);
    OUT_URL_PART(&o, S("|"));
    OUT_URL_PART(&o, -7);
    CHECK_STR(out_text(&o), S("36.525|36525%7C-7"));
}

TEST(out_real_follows_the_reader_and_stays_plain_in_attributes)
{
    Out o = new_out(a);
    OUT_TEXT(&o, real(84.345, 1));
    OUT_ATTR(&o, S(" "));
    OUT_ATTR(&o, real(84.50, 2));
    OUT_ATTR(&o, S(" "));
    OUT_ATTR(&o, real(-0.001, 1));
    OUT_ATTR(&o, real(NAN, 1));
    CHECK_STR(out_text(&o), S("84,3 84.5 0"));
}

TEST(out_days_are_iso_in_attributes)
{
    Out o = new_out(a);
    OUT_TEXT(&o, date_from_ymd(2026, 11, 22));
    OUT_ATTR(&o, S("|"));
    OUT_ATTR(&o, date_from_ymd(2026, 11, 22));
    OUT_TEXT(&o, DATE_NONE);
    OUT_TEXT(&o, (Time){ 0 });
    OUT_ATTR(&o, (Time){ 0 });
    CHECK_STR(out_text(&o), S("22/11/2026|2026-11-22"));
}

TEST(out_url_refuses_what_could_run_or_leave)
{
    static const struct { Str in, want; } rows[] = {
        { S_INIT("/units/5?q=a&b=c#d"), S_INIT("/units/5?q=a&amp;b=c#d") },
        { S_INIT("https://example.gov.vn/a"), S_INIT("https://example.gov.vn/a") },
        { S_INIT("HTTP://example.gov.vn"), S_INIT("HTTP://example.gov.vn") },
        { S_INIT("mailto:a@example.gov.vn"), S_INIT("mailto:a@example.gov.vn") },
        { S_INIT("tel:18000000"), S_INIT("tel:18000000") },
        { S_INIT("a/b:c"), S_INIT("a/b:c") },
        { S_INIT("?t=10:30"), S_INIT("?t=10:30") },
        { S_INIT("#a:b"), S_INIT("#a:b") },
        { S_INIT(""), S_INIT("") },
        { S_INIT("javascript:alert(1)"), S_INIT("#") },
        { S_INIT("JaVaScRiPt:alert(1)"), S_INIT("#") },
        { S_INIT("java\tscript:alert(1)"), S_INIT("#") },
        { S_INIT(" javascript:alert(1)"), S_INIT("#") },
        { S_INIT("\x01javascript:alert(1)"), S_INIT("#") },
        { S_INIT("data:text/html,x"), S_INIT("#") },
        { S_INIT("vbscript:x"), S_INIT("#") },
        { S_INIT("//evil.example"), S_INIT("#") },
        { S_INIT("/\\evil.example"), S_INIT("#") },
        { S_INIT(":x"), S_INIT("#") },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Out o = new_out(a);
        OUT_URL(&o, rows[i].in);
        CHECK_STR(out_text(&o), rows[i].want);
    }
}

TEST(out_url_part_encodes_all_but_unreserved_bytes)
{
    Out o = new_out(a);
    OUT_URL_PART(&o, S("a/b?c&d=e f:\"Đ-_.~9"));
    CHECK_STR(out_text(&o), S("a%2Fb%3Fc%26d%3De%20f%3A%22%C4%90-_.~9"));
}

TEST(out_maybe_writes_an_attribute_only_when_there_is_something)
{
    Out o = new_out(a);
    OUT_MAYBE(&o, S(" checked"), 1 == 1);
    OUT_MAYBE(&o, S(" disabled"), false);
    OUT_MAYBE(&o, S(" title"), S("a\"b"));
    OUT_MAYBE(&o, S(" lang"), S(""));
    OUT_MAYBE_URL(&o, S(" href"), S("javascript:x"));
    CHECK_STR(out_text(&o), S(" checked title=\"a&quot;b\" href=\"#\""));
}
