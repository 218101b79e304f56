/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the page calls: room for a request, and the call. The answer lies in memory until the next one. */
#include "engine/engine.h"

enum { CALL_ROOM = 48 << 20 };

static Engine engine;
static Arena  work;
static Str    answer;

__attribute__((export_name("room"))) char *offline_room(size_t len)
{
    if (!work.base)
        work = arena_open(CALL_ROOM);
    arena_reset(&work, 0);
    return arena_take(&work, len, 1, 16);
}

__attribute__((export_name("call"))) size_t offline_call(const char *request, size_t len)
{
    answer = engine_call(&engine, &work, (Str){ request, len });
    return answer.len;
}

__attribute__((export_name("answer"))) const char *offline_answer(void)
{
    return answer.at;
}

/* Never reached: a questionnaire that names them is refused (engine.c). */
#include "expr/expr_functions.h"

ExprValue fn_digest(ExprRun *run, const ExprValue *args, int n)
{
    __builtin_trap();
}

ExprValue fn_base64_decode(ExprRun *run, const ExprValue *args, int n)
{
    __builtin_trap();
}
