/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a clerk or a scanner types, a line a question: read, stored and loaded it is the same, and typed again as shown it reads the
 * same. Serial numbers that are understood are written back as the same number. */
#include "paper/parts.h"
#include "form/tests/fuzz_program.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    const FormProgram *p = fuzz_program();
    PaperMap           m = paper_map(&a, p);
    Keyed              k = keyed_new(&a, p), again, shown = keyed_new(&a, p);
    PaperIssues        issues = { 0 };
    int64_t            serial, same;
    Str                rest = { (const char *)data, size };
    for (int i = 0; i < (int)p->nodes.len; i++) {
        if (!m.number[i])
            continue;
        StrPair line = str_cut(rest, '\n');
        keyed_read(&a, &m, i, LANG_VI, line.head, &k);
        if (serial_parse(line.head, &serial))
            assert(serial_parse(serial_text(&a, serial), &same) && same == serial);
        rest = line.tail;
    }
    Err e = keyed_load(&a, p, keyed_json(&a, p, &k.x), keyed_json(&a, p, &k.typed), &again);
    assert(!e && keyed_differences(&a, &m, &k, &again).len == 0);
    for (int i = 0; i < (int)p->nodes.len; i++)
        if (m.number[i])
            keyed_read(&a, &m, i, LANG_VI, keyed_text(&a, &m, i, &k, LANG_VI), &shown);
    assert(keyed_differences(&a, &m, &k, &shown).len == 0);
    keyed_faults(&a, &m, &k, (Time){ INT64_C(1795000000000) }, LANG_VI, &issues);
    return 0;
}
