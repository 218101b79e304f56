/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Failures as values. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

Err err_make(Arena *a, ErrKind kind, Str detail, const char *file, int line)
{
    ErrInfo *e = arena_new(a, ErrInfo, 1);
    *e         = (ErrInfo){ kind, arena_str(a, detail), file, line };
    return e;
}

Err err_makef(Arena *a, ErrKind kind, const char *file, int line, const char *format, ...)
{
    char    text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return err_make(a, kind, str_from_c(text), file, line);
}

Err arena_guarded(Arena *a, Err (*work)(void *), void *x)
{
    static const ErrInfo used_up = { ERR_LIMIT, S_INIT("the memory reserve is used up"), __FILE_NAME__, __LINE__ };
    jmp_buf full, *outer = a->full;
    Err     e = &used_up;
    if (setjmp(full) == 0) {
        a->full = &full;
        e       = work(x);
    }
    a->full = outer;
    return e;
}

bool err_is(Err e, ErrKind kind)
{
    return e && e->kind == kind;
}

static const struct { Str name; int exit_code; } kinds[ERR_KIND_COUNT] = {
    [ERR_NOT_FOUND] = { S_INIT("not_found"), 66 }, [ERR_GONE] = { S_INIT("gone"), 66 },
    [ERR_SIGN_IN] = { S_INIT("sign_in"), 77 },     [ERR_FORBIDDEN] = { S_INIT("forbidden"), 77 },
    [ERR_CONFLICT] = { S_INIT("conflict"), 1 },    [ERR_INVALID] = { S_INIT("invalid"), 65 },
    [ERR_TOO_LARGE] = { S_INIT("too_large"), 65 }, [ERR_TOO_MANY] = { S_INIT("too_many"), 75 },
    [ERR_LIMIT] = { S_INIT("limit"), 75 },         [ERR_FULL] = { S_INIT("full"), 74 },
    [ERR_BUSY] = { S_INIT("busy"), 75 },           [ERR_IO] = { S_INIT("io"), 74 },
    [ERR_CONFIG] = { S_INIT("config"), 78 },       [ERR_INTERNAL] = { S_INIT("internal"), 70 },
};

Str err_kind_name(ErrKind kind)
{
    return kind > 0 && kind < ERR_KIND_COUNT ? kinds[kind].name : S("ok");
}

int err_exit_code(Err e)
{
    return e ? kinds[e->kind].exit_code : 0;
}
