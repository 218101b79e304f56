/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words of the pages of accounts. */
#include "admin/parts.h"
#include "base/test.h"

TEST(a_browser_is_named_as_people_know_it)
{
    static const struct { Str agent; const char *words; } rows[] = {
        { S_INIT("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/128.0.0.0 Safari/537.36"), "Chrome, Linux" },
        { S_INIT("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0.0.0 Safari/537.36 Edg/128.0"), "Edge, Windows" },
        { S_INIT("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 coc_coc_browser/124 Chrome/118 Safari/537.36"), "Cốc Cốc, Windows" },
        { S_INIT("Mozilla/5.0 (Linux; Android 5.1; wv) AppleWebKit/537.36 Version/4.0 Chrome/95 Mobile Safari/537.36 Zalo android/1"), "Zalo, Android" },
        { S_INIT("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile Safari/604.1"), "Safari, iPhone" },
        { S_INIT("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0"), "Firefox, macOS" },
        { S_INIT("Firefox"), "Firefox" },
        { S_INIT("curl/7.88.1"), "curl/7.88.1" },
        { S_INIT(""), "–" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_STR(browser_words(a, rows[i].agent), str_from_c(rows[i].words));
}
