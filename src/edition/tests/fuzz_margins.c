/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Populations as a person types them: each line is refused in words or kept, and what is kept is read again as the same. */
#include "edition/weighting.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    Str uploaded;
    if (!margins_file(&a, (Str){ (const char *)data, size }, &uploaded))
        margins_parse(&a, uploaded, NULL, &(Margins){ 0 }, &(MarginFaults){ 0 });
    Margins      first = { 0 }, again = { 0 };
    MarginFaults faults = { 0 }, none = { 0 };
    margins_parse(&a, (Str){ (const char *)data, size }, NULL, &first, &faults);
    for (size_t i = 0; i < faults.len; i++)
        assert((faults.at[i].line > 0 || faults.at[i].n != faults.at[i].m) && weighting_fault_text(&a, LANG_VI, &faults.at[i]).len &&
               weighting_fault_text(&a, LANG_EN, &faults.at[i]).len);
    Buf b = buf_new(&a, 1024);
    for (size_t i = 0; i < faults.len; i++)
        if (!faults.at[i].line)
            return 0;                   /* margins that do not add up: the lines are understood, the list is refused */
    for (size_t i = 0; i < first.len; i++) {
        assert(first.at[i].population >= 1 && first.at[i].population <= 1e11);
        if (first.at[i].question.len) {
            buf_csv(&b, first.at[i].question);
            buf_byte(&b, ',');
        }
        buf_csv(&b, first.at[i].code);
        buf_fmt(&b, ",%lld\n", (long long)first.at[i].population);
    }
    margins_parse(&a, buf_str(&b), NULL, &again, &none);
    assert(again.len == first.len);
    for (size_t i = 0; i < none.len; i++)
        assert(faults.len && !none.at[i].line);       /* sums are looked at when every line is understood */
    for (size_t i = 0; i < first.len; i++)
        assert(str_eq(again.at[i].question, first.at[i].question) && str_eq(again.at[i].code, first.at[i].code) &&
               again.at[i].population == first.at[i].population);
    return 0;
}
