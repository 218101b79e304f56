/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Request heads: the same verdict however the bytes are cut, and what is let in keeps the promises of http.h. */
#include "http/tests/fuzz.h"

static int scan(Str bytes, size_t step, const HttpLimits *l, size_t *end)
{
    HeadScan s   = { 0 };
    int      bad = 0;
    *end         = 0;
    for (size_t n = 0; n < bytes.len && !bad && !*end;) {
        n   = bytes.len - n > step ? n + step : bytes.len;
        bad = head_scan(&s, str_take(bytes, n), l, end);
    }
    return bad;
}

static size_t named(const HttpFields *f, Str name)
{
    size_t n = 0;
    for (size_t i = 0; i < f->len; i++)
        n += str_eq(f->at[i].name, name);
    return n;
}

static void promises(const Head *h)
{
    MUST(h->path.len && h->path.at[0] == '/' && utf8_whole(h->path) && !memchr(h->path.at, '\0', h->path.len));
    MUST(!str_has(h->path, S("/../")) && !str_has(h->path, S("//")) && !str_ends(h->path, S("/..")));
    MUST(named(&h->fields, S("host")) <= 1 && named(&h->fields, S("content-length")) <= 1);
    size_t codings = named(&h->fields, S("transfer-encoding"));
    MUST(codings <= 1 && (codings == 1) == (h->length == -1));
    MUST(!codings || !named(&h->fields, S("content-length")));
    MUST(!h->host.len || host_valid(h->host));
    for (size_t i = 0; i < h->fields.len; i++)
        for (size_t k = 0; k < h->fields.at[i].value.len; k++)
            MUST((unsigned char)h->fields.at[i].value.at[k] >= 0x20 || h->fields.at[i].value.at[k] == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena     *a = fuzz_arena();
    HttpLimits l = { .line_bytes = 300, .header_bytes = 1000, .header_fields = 20, .cookie_bytes = 200 };
    http_limits_default(&l);
    Str    bytes = { (const char *)data, size };
    size_t whole, pieces;
    Head   h;
    int    bad = scan(bytes, size ? size : 1, &l, &whole);
    int    cut = scan(bytes, 1, &l, &pieces);
    /* A line that is too long may be found out before what is wrong behind it. */
    MUST((bad != 0) == (cut != 0) && whole == pieces);
    if (!bad && whole && head_read(a, str_take(bytes, whole), &l, &h) == 0)
        promises(&h);
    return 0;
}
