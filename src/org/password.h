/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passwords: what may be chosen, and argon2id. No database. */
#ifndef ORG_PASSWORD_H
#define ORG_PASSWORD_H

#include "i18n/i18n.h"

/* OWASP's least for argon2id: 19 MiB, 2 passes, 1 lane. */
#define PASSWORD_OPS 2
#define PASSWORD_MEM ((size_t)19 * 1024 * 1024)
#define PASSWORD_AT_ONCE 4

typedef enum PasswordFault { PASSWORD_GOOD, PASSWORD_SHORT, PASSWORD_LONG, PASSWORD_COMMON, PASSWORD_CONTEXT, PASSWORD_PATTERN } PasswordFault;
/* 8-128 characters; not on the list of common ones, no run or repetition, not built on the words around it
 * (product, provinces, login, name). No rule of composition. */
PasswordFault password_check(Arena scratch, Str password, Str login, Str name);

/* argon2id text with its parameters. ERR_LIMIT when memory is short. At most four run at once; others wait. */
MUST_USE Err password_hash(Arena *a, Str password, Str *out);
bool password_fits(Str stored, Str password);
bool password_stale(Str stored);                         /* made with other parameters than today's */
/* A well-formed hash that no password fits: an unknown account costs the same. */
Str  password_nobody(void);
int64_t password_hash_count(void);                       /* hashes and comparisons since the start, for tests */

#endif
