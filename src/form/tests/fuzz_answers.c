/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any JSON is refused or becomes answers that, written back, read as the same answers. */
#include "form/form_parts.h"
#include "form/tests/fuzz_program.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    const FormProgram *p   = fuzz_program();
    Time               now = { INT64_C(1795000000000) };
    const Json        *j, *again;
    FormAnswers        x, y;
    AnswerIssues       issues = { 0 }, none = { 0 };
    if (json_parse(&a, (Str){ (const char *)data, size }, &j) || !json_is(j, JSON_OBJECT))
        return 0;
    form_answers_from_json(&a, p, j, now, &x, &issues);
    for (size_t i = 0; i < issues.len; i++)
        assert(issues.at[i].fault != ANSWER_OK && issues.at[i].message[LANG_VI].len && issues.at[i].message[LANG_EN].len);
    if (issues.len)
        return 0;
    Str text = form_answers_json(&a, p, &x);
    Err e    = json_parse(&a, text, &again);
    assert(!e);
    form_answers_from_json(&a, p, again, now, &y, &none);
    assert(!none.len && str_eq(text, form_answers_json(&a, p, &y)));
    return 0;
}
