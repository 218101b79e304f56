/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* "The world said no". OK is null; anything else carries kind, detail, file and line. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/arena.h"

#define MUST_USE __attribute__((warn_unused_result))
#define UNUSED   __attribute__((unused))
/* Runs f on the variable when it goes out of scope: AUTO(file_close) FILE *f = …; */
#define AUTO(f) __attribute__((cleanup(f)))
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

typedef enum ErrKind {
    ERR_NOT_FOUND = 1,   /* 404 */
    ERR_GONE,            /* 410 */
    ERR_SIGN_IN,         /* 401 or a way to the sign-in page */
    ERR_FORBIDDEN,       /* 403 */
    ERR_CONFLICT,        /* 409: lost race, unique key, wrong state */
    ERR_INVALID,         /* 400: input no person typed by mistake; 65 on the command line */
    ERR_TOO_LARGE,       /* 413 */
    ERR_TOO_MANY,        /* 429 */
    ERR_LIMIT,           /* work limit reached: 503 */
    ERR_FULL,            /* disk or quota full: 503, reads go on */
    ERR_BUSY,            /* try later: 503, exit 75 */
    ERR_IO,              /* 500, exit 74 */
    ERR_CONFIG,          /* exit 78 */
    ERR_INTERNAL,        /* 500, exit 70 */
    ERR_KIND_COUNT
} ErrKind;

typedef struct ErrInfo { ErrKind kind; Str detail; const char *file; int line; } ErrInfo;
typedef const ErrInfo *Err;
#define OK ((Err)0)

Err err_make(Arena *a, ErrKind kind, Str detail, const char *file, int line);
Err err_makef(Arena *a, ErrKind kind, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
#define err_new(a, kind, detail) err_make((a), (kind), (detail), __FILE_NAME__, __LINE__)
#define err_fmt(a, kind, ...)    err_makef((a), (kind), __FILE_NAME__, __LINE__, __VA_ARGS__)
#define TRY(call) do { Err try_err_ = (call); if (try_err_) return try_err_; } while (0)

/* Runs work; a used-up reserve ends it as ERR_LIMIT instead of jumping further out. For work under a lock. */
MUST_USE Err arena_guarded(Arena *a, Err (*work)(void *), void *x);

bool err_is(Err e, ErrKind kind);          /* false for OK */
Str  err_kind_name(ErrKind kind);          /* "not_found" … for logs and --json */
int  err_exit_code(Err e);                 /* sysexits: 0, 1, 65, 66, 70, 73, 74, 75, 77, 78 */

#endif
