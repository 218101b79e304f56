/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paths and percent coding: a path read, coded and read again stays what it was. */
#include "http/tests/fuzz.h"

static Str path_coded(Arena *a, Str path)
{
    Buf b = buf_new(a, 64);
    for (Str rest = str_skip(path, 1);;) {
        StrPair p = str_cut(rest, '/');
        buf_byte(&b, '/');
        buf_add(&b, url_encode(a, p.head));
        if (p.head.len == rest.len)
            return buf_str(&b);
        rest = p.tail;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a   = fuzz_arena();
    Str    raw = { (const char *)data, size }, path, again, back;
    if (path_read(a, raw, &path) == 0) {
        MUST(path.len && path.at[0] == '/' && utf8_whole(path) && !str_has(path, S("//")) && !str_has(path, S("/../")));
        MUST(path_read(a, path_coded(a, path), &again) == 0 && str_eq(path, again));
    }
    MUST(url_decode(a, url_encode(a, raw), false, &back) && str_eq(raw, back));
    if (url_decode(a, raw, true, &back))
        MUST(back.len <= raw.len);
    host_valid(raw);
    return 0;
}
