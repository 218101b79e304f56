/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any text compiles to faults or to steps that run within the limits, twice to the same value; inside a repeat, with tables. */
#include "expr/tests/expr_host.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ANSWERS "@=r[2]/o;n:n=12.5;s=Đường 1 2;b:b=true;d:d=2026-03-01;e:n=;h:h=08:30:00.000+07:00;p=21 105.8 0 0;" \
    "r[1]/m:n=1;r[1]/o=x1;r[2]/m:n=2;r[2]/o=x2;r[3]/m:n=~;r[1]/k[1]/v:n=1;r[1]/k[2]/v:n=2;r[2]/k[1]/v:n=3"

/* Both values of one code are the same; sets by their size. */
static void run_twice(Arena *a, const ExprCode *code, const ExprHost *host)
{
    ExprValue first, second;
    Err       e = expr_eval(code, a, host, &first), again = expr_eval(code, a, host, &second);
    assert(!e == !again);
    if (e || (code->uses & EXPR_USES_RANDOM))
        return;
    if (first.kind == EXPR_NODES)
        assert(second.kind == EXPR_NODES && first.set->count == second.set->count);
    else
        assert(str_eq(expr_to_answer(a, &first), expr_to_answer(a, &second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena keep, work;
    if (!keep.base) {
        keep = arena_open((size_t)1 << 28);
        work = arena_open((size_t)1 << 28);
    }
    arena_reset(&keep, 1 << 20);
    Answers    x      = answers_read(&keep, S(ANSWERS));
    ExprNames  names  = answers_names(&x);
    ExprHost   host   = answers_host(&x);
    Str        source = { (const char *)data, size };
    ExprFaults faults[3] = { 0 };
    ExprCode   code[3];
    bool       ok[3] = { expr_compile(&keep, work, source, &names, NULL, &faults[0], &code[0]),
                         expr_compile_set(&keep, work, source, &names, NULL, &faults[1], &code[1]),
                         expr_compile_filter(&keep, work, source, names.table(&x, S("xa")), &names, NULL, &faults[2], &code[2]) };
    for (int i = 0; i < 3; i++) {
        if (!ok[i]) {
            assert(faults[i].len > 0 && faults[i].at[faults[i].len - 1].vi.len && faults[i].at[faults[i].len - 1].at >= 0);
            continue;
        }
        assert(code[i].step_count > 0 && code[i].step_count <= EXPR_MAX_STEPS);
        run_twice(&keep, &code[i], &host);
    }
    return 0;
}
