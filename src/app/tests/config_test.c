/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings: order of sources, unknown keys, ranges. */
#include "app/config.h"
#include "base/test.h"

#include <stdlib.h>
#include <unistd.h>

static Str temp_file(Arena *a, const char *text)
{
    char path[] = "/tmp/thuocdo-config-XXXXXX";
    int  fd     = mkstemp(path);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    return arena_str(a, str_from_c(path));
}

TEST(flag_beats_environment_beats_file_beats_default)
{
    Config  c;
    StrList files = { 0 }, flags = { 0 };
    *list_add(a, &files) = temp_file(a, "[http]\nlisten = file:1\nworkers = 3\n# note\nio_threads=2\n");
    char *env[] = { "THUOCDO_HTTP_LISTEN=env:1", "THUOCDO_HTTP_WORKERS=4", "PATH=/bin", NULL };
    *list_add(a, &flags) = S("http.listen=flag:1");
    CHECK_OK(config_load(a, &files, env, &flags, &c));
    CHECK_STR(config_str(&c, "http.listen"), S("flag:1"));
    CHECK_INT(config_int(&c, "http.workers"), 4);
    CHECK_INT(config_int(&c, "http.io_threads"), 2);
    CHECK_STR(config_str(&c, "log.level"), S("info"));
    unlink(arena_c(a, files.at[0]));
}

TEST(unknown_keys_are_refused_with_line_and_nearest_name)
{
    Config  c;
    StrList files = { 0 }, flags = { 0 };
    *list_add(a, &files) = temp_file(a, "\nhttp.lisen = x\n");
    Err e = config_load(a, &files, NULL, &flags, &c);
    CHECK(err_is(e, ERR_CONFIG) && str_has(e->detail, S(":2")) && str_has(e->detail, S("http.listen")));
    unlink(arena_c(a, files.at[0]));
    char *env[] = { "THUOCDO_HTTP_LISEN=1", NULL };
    files.len   = 0;
    CHECK_ERR(config_load(a, &files, env, &flags, &c), ERR_CONFIG);
}

TEST(numbers_keep_their_range_and_switches_their_words)
{
    Config  c;
    StrList files = { 0 }, flags = { 0 };
    *list_add(a, &flags) = S("limits.files=0");
    CHECK_ERR(config_load(a, &files, NULL, &flags, &c), ERR_CONFIG);
    flags.at[0] = S("limits.files=1");
    CHECK_OK(config_load(a, &files, NULL, &flags, &c));
    flags.at[0] = S("http.plain=maybe");
    CHECK_ERR(config_load(a, &files, NULL, &flags, &c), ERR_CONFIG);
}

TEST(the_public_address_is_a_scheme_and_a_host)
{
    static const struct { const char *url; bool good; } table[] = {
        { "", true }, { "https://thuocdo.gov.vn", true }, { "http://10.0.0.1:8080", true }, { "https://[::1]", true }, { "https://[2001:db8::1]:8443", true },
        { "thuocdo.gov.vn", false }, { "ftp://thuocdo.gov.vn", false }, { "https://thuocdo.gov.vn/", false }, { "https://thuocdo.gov.vn/a", false },
        { "https://thuocdo.gov.vn?a", false }, { "https://", false }, { "https://:80", false }, { "https://a:0", false }, { "https://a:65536", false },
        { "https://a:", false }, { "https://[::1", false }, { "https://a b", false }, { "https://user@a", false }, { "HTTPS://a", false },
    };
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        Config  c;
        StrList files = { 0 }, flags = { 0 };
        *list_add(a, &flags) = str_concat(a, S("http.public_url="), str_from_c(table[i].url));
        Err e = config_load(a, &files, NULL, &flags, &c);
        if ((e == OK) != table[i].good)
            test_fail(__FILE_NAME__, __LINE__, "%s is %s", table[i].url, e ? "refused" : "taken");
    }
}
