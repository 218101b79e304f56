/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A method as people send it, CSV or XLSX: refused in words, or read; what was read is written and read again as the same bytes. */
#include "method/method.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    SurveyMethod m, again;
    MethodFaults faults = { 0 }, none = { 0 };
    method_read(&a, (Str){ (const char *)data, size }, &m, &faults);
    for (size_t i = 0; i < faults.len; i++)
        for (int l = 0; l < LANG_COUNT; l++)
            assert(method_fault_text(&a, (Lang)l, &faults.at[i]).len && method_fault_place(&a, (Lang)l, &faults.at[i]).len);
    if (faults.len)
        return 0;
    Buf first = buf_new(&a, 8192), second = buf_new(&a, 8192);
    method_csv(&first, &m);
    method_read(&a, buf_str(&first), &again, &none);
    assert(none.len == 0);
    method_csv(&second, &again);
    assert(str_eq(buf_str(&first), buf_str(&second)));
    for (size_t i = 0; i < m.nodes.len; i++)
        assert(m.nodes.at[i].weight > 0 && m.nodes.at[i].weight == again.nodes.at[i].weight);
    return 0;
}
