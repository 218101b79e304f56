/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cookie headers and the parameters of media types. */
#include "http/tests/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena     *a = fuzz_arena();
    Str        s = { (const char *)data, size }, value;
    HttpFields f = { 0 };
    cookies_read(a, s, &f);
    for (size_t i = 0; i < f.len; i++)
        MUST(f.at[i].name.len && !str_has(f.at[i].value, S(";")) && !str_has(f.at[i].name, S("=")));
    if (media_param(a, s, S("boundary"), &value) == 1)
        MUST(value.len <= size);
    MUST(media_type(a, s).len <= size);
    return 0;
}
