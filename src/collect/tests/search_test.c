/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A question with hundreds of choices is searched on its page, with and without marks, and answered without scripts. */
#include "browse.h"

static const char *book(Arena *a)
{
    Buf b = buf_new(a, 1 << 14);
    buf_lit(&b, "[survey]\ntype|name|label::Tiếng Việt (vi)|required\nselect_one xa|xa|Ông/bà ở xã nào?|yes\ntext|gop_y|Góp ý|no\n"
                "[choices]\nlist_name|name|label::Tiếng Việt (vi)\n");
    for (int i = 0; i < 240; i++)
        buf_fmt(&b, "xa|%d|Xã số %d\n", i, i);
    buf_lit(&b, "xa|d1|Phường Đường Lâm\nxa|d2|Phường Dương Nội\n[settings]\nform_id|version|form_title|default_language\nxa|1|Xã|Tiếng Việt (vi)\n");
    return arena_c(a, buf_str(&b));
}

TEST_EACH_STORE(search_a_long_list_is_searched_with_and_without_marks)
{
    Site   *x = site_with(a, round_fixture_of(store, a, book(a)));
    Browser b = browser(x, a);
    get(&b, "/s/thu-2026");
    post(&b, "/s/thu-2026", "consent=yes&c=web");
    CHECK_STR(b.location, S("/s/thu-2026/question/xa"));
    CHECK(str_has(b.page, S("name=\"find.q.xa\"")) && !str_has(b.page, S("<option")) && b.page.len < 6000);
    post(&b, "/s/thu-2026/question/xa", "look=q.xa&find.q.xa=duong");
    CHECK_INT(b.status, 200);
    CHECK(str_has(b.page, S("Đường Lâm")) && str_has(b.page, S("Dương Nội")));
    post(&b, "/s/thu-2026/question/xa", "look=q.xa&find.q.xa=%C4%91%C6%B0%E1%BB%9Dng");
    CHECK(str_has(b.page, S("Đường Lâm")) && !str_has(b.page, S("Dương Nội")));        /* marks that are typed count */
    post(&b, "/s/thu-2026/question/xa", "find.q.xa=so&found.q.xa=");                    /* going on with words nobody searched by: they are searched */
    CHECK_INT(b.status, 200);
    CHECK(str_has(b.page, S("240")) && str_has(b.page, S("Xã số 19<")) && !str_has(b.page, S("Xã số 20<")));
    post(&b, "/s/thu-2026/question/xa", "look=q.xa&find.q.xa=%3Cb%3E");
    CHECK(str_has(b.page, S("&lt;b&gt;")) && !str_has(b.page, S("<b>")));
    post(&b, "/s/thu-2026/question/xa", "find.q.xa=%3Cb%3E&found.q.xa=%3Cb%3E");
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("error-summary")));
    post(&b, "/s/thu-2026/question/xa", "q.xa=999");
    CHECK_INT(b.status, 422);
    post(&b, "/s/thu-2026/question/xa", "q.xa=d1");
    CHECK_STR(b.location, S("/s/thu-2026/question/gop_y"));
    post(&b, "/s/thu-2026/question/xa", "look=q.xa&q.xa=d1&find.q.xa=noi");
    CHECK(str_has(b.page, S("Dương Nội")) && str_has(b.page, S("value=\"d1\" checked")));
    post(&b, "/s/thu-2026/question/xa", "all=q.xa&q.xa=d1");
    CHECK(str_has(b.page, S("<option value=\"d2\"")) && str_has(b.page, S("<option value=\"d1\" selected")));
    http_stop(x->server);
}

static const char *together(Arena *a)
{
    Buf b = buf_new(a, 1 << 14);
    buf_lit(&b, "[survey]\ntype|name|label::Tiếng Việt (vi)|required|appearance\nbegin group|g|Nơi ở||field-list\ntext|ten|Tên|yes|\n"
                "select_multiple xa|xa|Những xã nào?|yes|\n"
                "geopoint|noi|Chỗ nào?||\nselect_one it|it|Bao lâu?||columns-3\nselect_one it|hay|Hay không?||likert\nend group|||\n"
                "[choices]\nlist_name|name|label::Tiếng Việt (vi)\nit|1|Ít\nit|2|Nhiều\n");
    for (int i = 0; i < 240; i++)
        buf_fmt(&b, "xa|%d|Xã số %d\n", i, i);
    buf_lit(&b, "[settings]\nform_id|version|form_title|default_language\nxa|1|Xã|Tiếng Việt (vi)\n");
    return arena_c(a, buf_str(&b));
}

TEST_EACH_STORE(search_among_other_questions_keeps_what_was_chosen_and_typed)
{
    Site   *x = site_with(a, round_fixture_of(store, a, together(a)));
    Browser b = browser(x, a);
    get(&b, "/s/thu-2026");
    post(&b, "/s/thu-2026", "consent=yes&c=web");
    CHECK(str_has(b.page, S("name=\"find.q.xa\"")) && str_has(b.page, S("pick-tile pick-3")) && str_has(b.page, S("pick-likert")));
    Str at = b.location;
    const char *here = arena_c(a, at);
    post(&b, here, "look=q.xa&find.q.xa=so+7&q.ten=An");
    CHECK_INT(b.status, 200);                                          /* nothing is asked for yet */
    CHECK(str_has(b.page, S("value=\"An\"")) && str_has(b.page, S("Xã số 77<")) && !str_has(b.page, S("Xã số 12<")));
    post(&b, here, "look=q.xa&find.q.xa=so+12&found.q.xa=so+7&q.ten=An&q.xa=7&q.xa=77");
    CHECK(str_has(b.page, S("value=\"77\" checked")) && str_has(b.page, S("Xã số 12<")));
    post(&b, here, "q.ten=An&q.xa=7&q.xa=77&q.xa=12&find.q.xa=so+12&found.q.xa=so+12&q.noi_lat=21,5&q.noi_lon=105,25&q.noi_fix=21.5+105.25+12.0+8.4");
    CHECK(!str_eq(b.location, at));
    get(&b, "/s/thu-2026/check");
    CHECK(str_has(b.page, S("Xã số 7; Xã số 12; Xã số 77")) && str_has(b.page, S("21,5; 105,25 (sai số khoảng 8")));
    post(&b, here, "q.ten=An&q.xa=7&q.noi_lat=21,6&q.noi_lon=105,25&q.noi_fix=21.5+105.25+12.0+8.4");
    get(&b, "/s/thu-2026/check");
    CHECK(str_has(b.page, S("21,6; 105,25<")));                        /* typed anew: no accuracy */
    http_stop(x->server);
}
