/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* audit.csv: whatever comes, times are not negative and the JSON made of them can be read. */
#include "base/json.h"
#include "openrosa/audit_log.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    FieldTimes  t;
    const Json *tree;
    if (!audit_log_read(&a, (Str){ (const char *)data, size }, &t))
        return 0;
    assert(t.interview_ms >= 0 && t.pause_ms >= 0 && t.ended_at.ms >= t.started_at.ms);
    for (size_t i = 0; i < t.questions.len; i++)
        assert(t.questions.at[i].ms >= 0 && t.questions.at[i].visits > 0);
    Err e = json_parse(&a, audit_log_json(&a, &t), &tree);
    assert(!e && tree->len == t.questions.len);
    return 0;
}
