/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) where libsodium is not: seeds of randomize() and digest(). The round constants are the first 32 bits
 * of the fractional parts of cube roots of primes, so they are computed, once. */
#include "base/ids.h"

#include <math.h>

static uint32_t rounds[64];
static uint32_t begin[8];

static uint32_t fraction(double root)
{
    return (uint32_t)(int64_t)((root - floor(root)) * 0x1p32);
}

static void constants(void)
{
    int found = 0;
    for (int p = 2; found < 64; p++) {
        bool prime = true;
        for (int d = 2; d * d <= p; d++)
            prime &= p % d != 0;
        if (!prime)
            continue;
        if (found < 8)
            begin[found] = fraction(sqrt(p));
        rounds[found++] = fraction(cbrt(p));
    }
}

static uint32_t turn(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void block(uint32_t h[8], const uint8_t *at)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)at[4 * i] << 24 | (uint32_t)at[4 * i + 1] << 16 | (uint32_t)at[4 * i + 2] << 8 | at[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t one = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + rounds[i] + w[i];
        uint32_t two = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += one;
        v[0]  = one + two;
    }
    for (int i = 0; i < 8; i++)
        h[i] += v[i];
}

Sha256 sha256(Str bytes)
{
    Sha256   sum;
    uint32_t h[8];
    uint8_t  last[128] = { 0 };
    size_t   whole = bytes.len / 64 * 64, rest = bytes.len - whole, end = rest < 56 ? 64 : 128;
    if (!rounds[0])
        constants();
    memcpy(h, begin, sizeof h);
    for (size_t i = 0; i < whole; i += 64)
        block(h, (const uint8_t *)bytes.at + i);
    if (rest)
        memcpy(last, bytes.at + whole, rest);
    last[rest] = 0x80;
    for (int i = 0; i < 8; i++)
        last[end - 1 - i] = (uint8_t)((uint64_t)bytes.len * 8 >> 8 * i);
    for (size_t i = 0; i < end; i += 64)
        block(h, last + i);
    for (int i = 0; i < 32; i++)
        sum.at[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
    return sum;
}
