/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Url-encoded forms: what is accepted is clean text within the limits, and reads the same when written again. */
#include "http/tests/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena     *a = fuzz_arena();
    HttpLimits l = { .form_fields = 50, .value_bytes = 300 };
    http_limits_default(&l);
    HttpFields f = { 0 }, again = { 0 };
    if (url_form_parse(a, (Str){ (const char *)data, size }, &l, &f))
        return 0;
    MUST(f.len <= 50);
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < f.len; i++) {
        MUST(f.at[i].value.len <= 300 && utf8_whole(f.at[i].name) && utf8_whole(f.at[i].value));
        MUST(!f.at[i].value.len || !memchr(f.at[i].value.at, '\0', f.at[i].value.len));
        buf_add(&b, url_encode(a, f.at[i].name));
        buf_byte(&b, '=');
        buf_add(&b, url_encode(a, f.at[i].value));
        buf_byte(&b, '&');
    }
    MUST(!url_form_parse(a, buf_str(&b), &l, &again) && again.len == f.len);
    for (size_t i = 0; i < f.len; i++)
        MUST(str_eq(f.at[i].name, again.at[i].name) && str_eq(f.at[i].value, again.at[i].value));
    return 0;
}
