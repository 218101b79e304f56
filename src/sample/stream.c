/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A keyed stream for each selection, so that no selection depends on another, and the three selections. All in whole
 * numbers: no rounding, the same on every machine. */
#include "sample/stream.h"

#include <sodium.h>

SampleStream sample_stream(Arena scratch, Str seed, int stage, Str path)
{
    SampleStream s    = { .at = sizeof s.bytes };
    Str          text = arena_fmt(&scratch, SAMPLE_GENERATOR "\n%.*s\n%d\n%.*s", STR_ARG(seed), stage, STR_ARG(path));
    memcpy(s.key, sha256(text).at, sizeof s.key);
    return s;
}

uint64_t stream_u64(SampleStream *s)
{
    static const uint8_t nonce[crypto_stream_chacha20_ietf_NONCEBYTES];
    if (s->at == sizeof s->bytes) {
        memset(s->bytes, 0, sizeof s->bytes);
        crypto_stream_chacha20_ietf_xor_ic(s->bytes, s->bytes, sizeof s->bytes, nonce, s->block, s->key);
        s->block += sizeof s->bytes / 64;
        s->at = 0;
    }
    uint64_t x = 0;
    for (int i = 0; i < 8; i++)
        x |= (uint64_t)s->bytes[s->at++] << (8 * i);
    return x;
}

/* Numbers of the incomplete last run of n are thrown away: the others are equally likely. */
uint64_t stream_below(SampleStream *s, uint64_t n)
{
    uint64_t over = (UINT64_MAX % n + 1) % n, x;
    do
        x = stream_u64(s);
    while (x > UINT64_MAX - over);
    return x % n;
}

/* ---- Simple random ---------------------------------------------------------------------------------- */
typedef struct NumberSet { uint64_t *slot; size_t mask; } NumberSet;       /* number + 1; 0: free */

static bool set_add(NumberSet *set, uint64_t x)
{
    size_t at = (size_t)((x * 0x9E3779B97F4A7C15u) >> 20) & set->mask;
    for (; set->slot[at]; at = (at + 1) & set->mask)
        if (set->slot[at] == x + 1)
            return false;
    set->slot[at] = x + 1;
    return true;
}

void select_simple(Arena scratch, SampleStream *s, uint64_t all, size_t n, uint64_t *out)
{
    size_t room = 16;
    while (room < 2 * n)
        room *= 2;
    NumberSet set = { arena_new(&scratch, uint64_t, room), room - 1 };
    for (size_t i = 0; i < n; i++) {
        uint64_t top = all - n + i, x = stream_below(s, top + 1);
        if (!set_add(&set, x)) {
            x = top;
            set_add(&set, x);
        }
        out[i] = x;
    }
    for (size_t i = n; i > 1; i--) {                 /* Floyd's order is not random */
        size_t   j = (size_t)stream_below(s, i);
        uint64_t x = out[i - 1];
        out[i - 1] = out[j];
        out[j]     = x;
    }
}

void shuffle(SampleStream *s, uint32_t *at, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t   j = (size_t)stream_below(s, i);
        uint32_t x = at[i - 1];
        at[i - 1]  = at[j];
        at[j]      = x;
    }
}

/* ---- Systematic ------------------------------------------------------------------------------------- */

/* Marks r + k·all on a line where each unit is n long, r one of all whole numbers: each unit is met by just n of them. */
void select_systematic(SampleStream *s, uint64_t all, size_t n, uint64_t *out)
{
    uint64_t r = n ? stream_below(s, all) : 0;
    for (size_t k = 0; k < n; k++)
        out[k] = (uint64_t)(((unsigned __int128)r + (unsigned __int128)k * all) / n);
}

/* Takes the units whose size is at least total/n; the rest has fewer to give and a smaller total. */
static size_t take_certain(const uint64_t size[], size_t units, size_t n, SelectSized out[], uint64_t *out_total)
{
    size_t   taken = 0;
    uint64_t total = 0;
    for (size_t i = 0; i < units; i++)
        total += size[i];
    for (bool more = true; more && taken < n;) {
        size_t   left   = n - taken, here = 0;
        uint64_t before = total;
        for (size_t i = 0; i < units; i++)
            if (!out[i].taken && size[i] && (unsigned __int128)size[i] * left >= before) {
                out[i] = (SelectSized){ .taken = true, .certain = true, .prob = 1 };
                total -= size[i];
                here++;
            }
        taken += here;
        more = here > 0;
    }
    *out_total = total;
    return taken;
}

size_t select_by_size(SampleStream *s, const uint64_t size[], size_t units, size_t n, SelectSized out[])
{
    uint64_t total;
    for (size_t i = 0; i < units; i++)
        out[i] = (SelectSized){ 0 };
    size_t taken = take_certain(size, units, n, out, &total);
    size_t left  = taken < n ? n - taken : 0;
    if (!left || !total)
        return taken;
    unsigned __int128 mark = stream_below(s, total), at = 0;
    for (size_t i = 0; i < units; i++) {
        if (out[i].certain || !size[i])
            continue;
        at += (unsigned __int128)size[i] * left;
        out[i].prob = (double)left * (double)size[i] / (double)total;
        if (mark < at) {
            out[i].taken = true;
            mark += total;
            taken++;
        }
    }
    return taken;
}
