/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids and random codes. Where chance and digests come from: chance.c. */
#include "base/ids.h"
#include "base/moment.h"

#include <stdatomic.h>

#define EPOCH_MS INT64_C(1704067200000)    /* 2024-01-01: 41 bits of milliseconds last until 2093 */

int64_t id_new(void)
{
    static _Atomic int64_t last;
    static _Atomic int     salt = -1;
    int                    mine = atomic_load(&salt);
    if (mine < 0) {
        uint16_t r;
        random_bytes(&r, sizeof r);
        int drawn = r & 1023;
        if (atomic_compare_exchange_strong(&salt, &mine, drawn))
            mine = drawn;
    }
    int64_t before = atomic_load(&last), next;
    do {                               /* ms and a 12-bit sequence in one rising counter */
        int64_t now = (time_now().ms - EPOCH_MS) << 12;
        next        = now > before ? now : before + 1;
    } while (!atomic_compare_exchange_weak(&last, &before, next));
    return (next >> 12) << 22 | (int64_t)mine << 12 | (next & 4095);
}

int64_t id_at(int64_t at_ms, int64_t chance)
{
    int64_t since = at_ms - EPOCH_MS;
    return since > 0 && since < INT64_C(1) << 41 && chance >= 0 && chance < 1 << 22 ? since << 22 | chance : 0;
}

void id_parts(int64_t id, int64_t *out_ms, int64_t *out_chance)
{
    *out_ms     = (id >> 22) + EPOCH_MS;
    *out_chance = id & ((1 << 22) - 1);
}

int64_t id_random(void)
{
    int64_t v;
    do {
        random_bytes(&v, sizeof v);
        v &= (INT64_C(1) << 62) - 1;
    } while (v == 0);
    return v;
}

Str random_code(Arena *a, size_t n)
{
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char             *at        = arena_take(a, n, 1, 1);
    random_bytes(at, n);
    for (size_t i = 0; i < n; i++)
        at[i] = letters[at[i] & 31];
    return (Str){ at, n };
}

Str uuid_v4(Arena *a)
{
    uint8_t b[16];
    random_bytes(b, sizeof b);
    b[6]    = (uint8_t)((b[6] & 0x0F) | 0x40);
    b[8]    = (uint8_t)((b[8] & 0x3F) | 0x80);
    Str hex = str_hex(a, b, 16);
    return arena_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.at, hex.at + 8, hex.at + 12, hex.at + 16, hex.at + 20);
}

bool uuid_valid(Str s)
{
    if (s.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c    = s.at[i];
        bool hex  = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

Str sha256_hex(Arena *a, Str bytes)
{
    Sha256 sum = sha256(bytes);
    return str_hex(a, sum.at, sizeof sum.at);
}
