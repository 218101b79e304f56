/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file of a scheme: read or refused with faults, never both; what is read is written as rows and read back the same. */
#include "scheme/scheme.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Str json_of(Arena *a, const Scheme *s)
{
    Buf b = buf_new(a, 4096);
    scheme_write(&b, s);
    return buf_str(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena keep, work;
    if (!keep.base) {
        keep = arena_open((size_t)1 << 34);
        work = arena_open((size_t)1 << 34);
    }
    arena_reset(&keep, 1 << 20);
    arena_reset(&work, 1 << 20);
    Scheme       s, again;
    SchemeFaults faults = { 0 };
    if (size > 60000)
        return 0;
    bool good = scheme_file_read(&keep, work, (Str){ (const char *)data, size }, &s, &faults);
    assert(good == (faults.all == 0));
    for (size_t i = 0; i < faults.len; i++)
        assert(scheme_fault_text(&keep, LANG_VI, &faults.at[i]).len);
    if (!good)
        return 0;
    const Json *json;
    assert(!json_parse(&keep, json_of(&keep, &s), &json));
    good = scheme_read(&keep, work, json, &again, &faults);
    assert(good && str_eq(json_of(&keep, &s), json_of(&keep, &again)));
    for (size_t i = 0; i < s.len; i++)
        assert(s.at[i].group || scheme_rule_words(&keep, LANG_VI, &s.at[i]).len);
    Buf csv = buf_new(&keep, 4096);
    scheme_file_csv(&keep, &csv, LANG_VI, &s);
    return 0;
}
