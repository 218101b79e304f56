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
    CHECK(str_has(b.page, S("name=\"find\"")) && !str_has(b.page, S("<option")) && b.page.len < 6000);
    get(&b, "/s/thu-2026/question/xa?find=duong");
    CHECK(str_has(b.page, S("Đường Lâm")) && str_has(b.page, S("Dương Nội")));
    get(&b, "/s/thu-2026/question/xa?find=%C4%91%C6%B0%E1%BB%9Dng");
    CHECK(str_has(b.page, S("Đường Lâm")) && !str_has(b.page, S("Dương Nội")));        /* marks that are typed count */
    get(&b, "/s/thu-2026/question/xa?find=so");
    CHECK(str_has(b.page, S("240")) && str_has(b.page, S("Xã số 19<")) && !str_has(b.page, S("Xã số 20<")));
    get(&b, "/s/thu-2026/question/xa?find=%3Cb%3E");
    CHECK(str_has(b.page, S("&lt;b&gt;")) && !str_has(b.page, S("<b>")));
    post(&b, "/s/thu-2026/question/xa", "");
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("error-summary")));
    post(&b, "/s/thu-2026/question/xa", "q.xa=999");
    CHECK_INT(b.status, 422);
    post(&b, "/s/thu-2026/question/xa", "q.xa=d1");
    CHECK_STR(b.location, S("/s/thu-2026/question/gop_y"));
    get(&b, "/s/thu-2026/question/xa?find=noi");
    CHECK(str_has(b.page, S("Dương Nội")) && str_has(b.page, S("value=\"d1\" checked")));
    get(&b, "/s/thu-2026/question/xa?find=*");
    CHECK(str_has(b.page, S("<option value=\"d2\"")));
    http_stop(x->server);
}
