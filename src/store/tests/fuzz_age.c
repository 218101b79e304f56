/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The head of an encrypted backup: read to its first fault, within its own length. */
#include "store/age.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 26);
    arena_reset(&a, 1 << 20);
    BackupKeys keys = { 0 };
    uint8_t    key[AGE_FILE_KEY];
    size_t     len = 0;
    *list_add(&a, &keys.identities) = S("AGE-SECRET-KEY-1CMTPMPC7DY0ANRSJ3EL6YFE9CTZAX3Y3ZK8Y3WG7DQK4TXQ902SQR27VAK");
    Err e = age_head_read(&a, (Str){ (const char *)data, size }, &keys, key, &len);
    assert(!e || e->kind == ERR_INVALID || e->kind == ERR_SIGN_IN);
    assert(len <= size);
    return 0;
}
