/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A document of cases, a line of three dashes, and a table that every file name gives. All cases are run; answers must be JSON. */
#include "base/base.h"
#include "base/json.h"
#include "stats/case.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Err give_table(void *x, Arena *a, Str name, Str *out)
{
    *out = *(Str *)x;
    return str_starts(name, S("none")) ? err_new(a, ERR_NOT_FOUND, S("none")) : OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena    a = arena_open((size_t)1 << 28), work = arena_open((size_t)1 << 27), out_arena = arena_open((size_t)1 << 27);
    Str      all = { (const char *)data, size };
    CaseSet *set;
    size_t   at;
    bool     two   = str_find(all, S("\n---\n"), &at);
    Str      json  = two ? str_take(all, at) : all, table = two ? str_skip(all, at + 5) : S("");
    Err      e     = case_set_open(&a, json, give_table, &table, &set);
    for (size_t i = 0; !e && i < case_set_len(set) && i < 64; i++) {
        Buf out = buf_new(&out_arena, 256);
        case_run(set, i, &work, &out);
        const Json *answer;
        if (json_parse_many(&out_arena, buf_str(&out), 1 << 20, &answer))
            abort();
        arena_reset(&work, 1 << 20);
        arena_reset(&out_arena, 1 << 20);
    }
    arena_close(&out_arena);
    arena_close(&work);
    arena_close(&a);
    return 0;
}
