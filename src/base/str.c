/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Slices: comparing, cutting and reading numbers. */
#include "base/str.h"
#include "base/ids.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

Str str_from_c(const char *s)
{
    return s ? (Str){ s, strlen(s) } : S("");
}

bool str_eq(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_ascii_nocase(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

int str_cmp(Str a, Str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int    c = n ? memcmp(a.at, b.at, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(Str s, Str prefix)
{
    return s.len >= prefix.len && str_eq((Str){ s.at, prefix.len }, prefix);
}

bool str_ends(Str s, Str suffix)
{
    return s.len >= suffix.len && str_eq((Str){ s.at + s.len - suffix.len, suffix.len }, suffix);
}

bool str_find(Str s, Str needle, size_t *out_at)
{
    if (needle.len > s.len)
        return false;
    const char *hit = needle.len ? memmem(s.at, s.len, needle.at, needle.len) : s.at;
    if (!hit)
        return false;
    *out_at = (size_t)(hit - s.at);
    return true;
}

bool str_has(Str s, Str needle)
{
    size_t at;
    return needle.len == 0 || str_find(s, needle, &at);
}

bool str_has_word(Str words, Str word)
{
    while (words.len) {
        StrPair cut = str_cut(words, ' ');
        if (str_eq(cut.head, word))
            return true;
        words = cut.tail;
    }
    return false;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

Str str_trim(Str s)
{
    while (s.len && blank(s.at[0]))
        s = str_skip(s, 1);
    while (s.len && blank(s.at[s.len - 1]))
        s.len--;
    return s;
}

Str str_skip(Str s, size_t n)
{
    return n >= s.len ? (Str){ s.at + s.len, 0 } : (Str){ s.at + n, s.len - n };
}

Str str_take(Str s, size_t n)
{
    return n >= s.len ? s : (Str){ s.at, n };
}

StrPair str_cut(Str s, char mark)
{
    const char *hit = s.len ? memchr(s.at, mark, s.len) : NULL;
    if (!hit)
        return (StrPair){ s, S("") };
    size_t i = (size_t)(hit - s.at);
    return (StrPair){ { s.at, i }, { s.at + i + 1, s.len - i - 1 } };
}

StrPair str_cut_last(Str s, char mark)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.at[i - 1] == mark)
            return (StrPair){ { s.at, i - 1 }, { s.at + i, s.len - i } };
    return (StrPair){ s, S("") };
}

bool str_to_i64(Str s, int64_t *out)
{
    bool   minus = s.len && s.at[0] == '-';
    size_t i     = minus;
    if (i == s.len)
        return false;
    int64_t n = 0;
    for (; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, s.at[i] - '0', &n))
            return false;
    }
    if (!minus && __builtin_sub_overflow((int64_t)0, n, &n))
        return false;
    *out = n;
    return true;
}

bool str_to_f64(Str s, double *out)
{
    char text[64];
    if (s.len == 0 || s.len >= sizeof text)
        return false;
    for (size_t i = 0; i < s.len; i++)     /* strtod also reads blanks, hex, inf and nan */
        if (!strchr("0123456789+-.eE", s.at[i]) || s.at[i] == '\0')
            return false;
    memcpy(text, s.at, s.len);
    text[s.len] = '\0';
    char  *end;
    double x = strtod(text, &end);
    if (*end != '\0' || !isfinite(x))
        return false;
    *out = x;
    return true;
}

static uint64_t hash_key[2];

static void hash_key_draw(void)
{
    random_bytes(hash_key, sizeof hash_key);
}

uint64_t str_hash(Str s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, hash_key_draw);
    /* Multiply-fold over 8-byte words, keyed; outsiders do not see the key or the hash. */
    uint64_t h = hash_key[0] ^ (s.len * UINT64_C(0x9E3779B97F4A7C15));
    size_t   i = 0;
    for (; i + 8 <= s.len; i += 8) {
        uint64_t w;
        memcpy(&w, s.at + i, 8);
        unsigned __int128 m = (unsigned __int128)(h ^ w) * (hash_key[1] | 1);
        h                   = (uint64_t)m ^ (uint64_t)(m >> 64);
    }
    uint64_t tail = 0;
    if (i < s.len)
        memcpy(&tail, s.at + i, s.len - i);
    unsigned __int128 m = (unsigned __int128)(h ^ tail) * (hash_key[1] | 1);
    h                   = (uint64_t)m ^ (uint64_t)(m >> 64);
    return h ^ (h >> 29);
}
