/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Counter-based random numbers. */
#include "stats/random.h"

#include "stats/special.h"

#include <math.h>

void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

/* A block of counter (item pair, run, purpose) holds two numbers. */
static void pair(StatsStream s, uint64_t run, uint32_t item, double out[2])
{
    const uint32_t counter[] = { item / 2, (uint32_t)run, (uint32_t)(run >> 32), s.purpose }, key[] = { (uint32_t)s.seed, (uint32_t)(s.seed >> 32) };
    uint32_t bits[4];
    philox(counter, key, bits);
    for (int i = 0; i < 2; i++)
        out[i] = ldexp((double)(((uint64_t)bits[2 * i + 1] << 32 | bits[2 * i]) >> 11) + 0.5, -53);
}

double stats_draw_unit(StatsStream s, uint64_t run, uint32_t item)
{
    double two[2];
    pair(s, run, item, two);
    return two[item % 2];
}

double stats_draw_normal(StatsStream s, uint64_t run, uint32_t item)
{
    return normal_quantile(stats_draw_unit(s, run, item));
}

void stats_draw_normals(StatsStream s, uint64_t run, size_t n, double *out)
{
    for (size_t i = 0; i < n; i += 2) {
        double two[2];
        pair(s, run, (uint32_t)i, two);
        out[i] = normal_quantile(two[0]);
        if (i + 1 < n)
            out[i + 1] = normal_quantile(two[1]);
    }
}
