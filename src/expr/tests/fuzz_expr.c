/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Any text compiles to faults or to steps that run within the limits, twice to the same value. */
#include "expr/expr.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct { Str name, text; ExprKind kind; } nodes[] = {
    { S_INIT("n"), S_INIT("12.5"), EXPR_NUMBER }, { S_INIT("s"), S_INIT("Đường 1 2"), EXPR_STRING }, { S_INIT("b"), S_INIT("true"), EXPR_BOOLEAN },
    { S_INIT("d"), S_INIT("2026-03-01"), EXPR_DATE }, { S_INIT("e"), S_INIT(""), EXPR_NUMBER },
};

static bool resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault)
{
    Str name = path->variable.len ? path->variable : path->steps[path->step_count - 1].name;
    for (size_t i = 0; i < COUNT_OF(nodes); i++)
        if (str_eq(name, nodes[i].name) || str_eq(name, S("*")))
            *list_add(a, out) = (ExprRef){ .node = (int)i, .kind = nodes[i].kind };
    *fault = (ExprFault){ .code = "E-VAR", .vi = S("không có."), .en = S("none.") };
    return out->len > 0;
}

static bool node_text(void *self, int node, Str *out)
{
    *out = nodes[node].text;
    return node != 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena keep, work;
    if (!keep.base) {
        keep = arena_open((size_t)1 << 28);
        work = arena_open((size_t)1 << 28);
    }
    arena_reset(&keep, 1 << 20);
    ExprNames  names  = { NULL, resolve };
    ExprHost   host   = { .node = node_text, .now = { INT64_C(1795000000000) } };
    ExprFaults faults = { 0 };
    ExprCode   code;
    if (!expr_compile(&keep, work, (Str){ (const char *)data, size }, &names, NULL, &faults, &code)) {
        assert(faults.len > 0 && faults.at[faults.len - 1].vi.len && faults.at[faults.len - 1].at >= 0);
        return 0;
    }
    assert(code.step_count > 0 && code.step_count <= EXPR_MAX_STEPS);
    ExprValue first, second;
    Err       e = expr_eval(&code, &keep, &host, &first), again = expr_eval(&code, &keep, &host, &second);
    assert(!e == !again);
    if (!e)
        assert(str_eq(expr_to_answer(&keep, &first), expr_to_answer(&keep, &second)));
    return 0;
}
