/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* MD5 (RFC 1321). Telephones compare forms by it; it protects nothing, SHA-256 does. */
#include "base/ids.h"

#include <math.h>

static uint32_t turn(uint32_t x, unsigned by)
{
    return x << by | x >> (32 - by);
}

static uint32_t word_at(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* One block of 64 bytes (RFC 1321, 3.4). table: floor(2^32 · |sin(i + 1)|). */
static void block_add(uint32_t sum[4], const uint8_t *block, const uint32_t table[64])
{
    static const uint8_t turns[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };
    uint32_t a = sum[0], b = sum[1], c = sum[2], d = sum[3];
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t round = i / 16, f, g;
        switch (round) {
        case 0: f = (b & c) | (~b & d); g = i; break;
        case 1: f = (d & b) | (~d & c); g = (5 * i + 1) % 16; break;
        case 2: f = b ^ c ^ d; g = (3 * i + 5) % 16; break;
        default: f = c ^ (b | ~d); g = 7 * i % 16; break;
        }
        f = a + f + table[i] + word_at(block + 4 * g);
        a = d;
        d = c;
        c = b;
        b += turn(f, turns[round][i % 4]);
    }
    sum[0] += a;
    sum[1] += b;
    sum[2] += c;
    sum[3] += d;
}

Md5 md5(Str bytes)
{
    uint32_t       sum[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 }, table[64];
    const uint8_t *at     = (const uint8_t *)bytes.at;
    size_t         left   = bytes.len;
    uint8_t        tail[128] = { 0 };
    Md5            out;
    for (int i = 0; i < 64; i++)
        table[i] = (uint32_t)(fabs(sin(i + 1)) * 4294967296.0);
    for (; left >= 64; left -= 64, at += 64)
        block_add(sum, at, table);
    if (left)
        memcpy(tail, at, left);
    tail[left]  = 0x80;
    size_t size = left < 56 ? 64 : 128;
    for (int i = 0; i < 8; i++)
        tail[size - 8 + (size_t)i] = (uint8_t)((uint64_t)bytes.len * 8 >> 8 * i);
    for (size_t i = 0; i < size; i += 64)
        block_add(sum, tail + i, table);
    for (int i = 0; i < 16; i++)
        out.at[i] = (uint8_t)(sum[i / 4] >> 8 * (i % 4));
    return out;
}
