/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules as stored or sent: read or refused; what was read is written, read again and written the same; compiling against a questionnaire
 * takes any names and conditions, and says why when it does not. */
#include "analysis/cleaning.h"
#include "form/tests/fuzz_program.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    CleaningRules rules, again;
    if (rules_parse(&a, (Str){ (const char *)data, size }, &rules))
        return 0;
    Str written = rules_json(&a, &rules);
    Err e       = rules_parse(&a, written, &again);
    assert(!e && again.len == rules.len);
    assert(str_eq(rules_json(&a, &again), written));
    for (size_t i = 0; i < rules.len; i++) {
        RuleFault fault = { 0 };
        if (!rule_compile(&a, fuzz_program(), &rules.at[i], &fault))
            assert(fault.field && fault.message[LANG_VI].len && fault.message[LANG_EN].len);
    }
    return 0;
}
