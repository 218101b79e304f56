/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Serial numbers of paper forms with a check digit by Damm's method (H. M. Damm, 2004): every wrong digit and every two
 * neighbours changed round are noticed. */
#include "paper/paper.h"

/* A totally anti-symmetric quasigroup of order 10, as printed in Damm's dissertation. */
static const uint8_t damm[10][10] = {
    { 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 }, { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 }, { 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 },
    { 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 }, { 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 }, { 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
    { 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 }, { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 }, { 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 },
    { 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
};

static uint8_t check_of(Str digits)
{
    uint8_t interim = 0;
    for (size_t i = 0; i < digits.len; i++)
        interim = damm[interim][digits.at[i] - '0'];
    return interim;
}

Str serial_text(Arena *a, int64_t serial)
{
    Str digits = arena_fmt(a, "%0*lld", SERIAL_DIGITS, (long long)serial);
    return arena_fmt(a, "%.*s-%d", STR_ARG(digits), check_of(digits));
}

bool serial_parse(Str typed, int64_t *out)
{
    char   digits[SERIAL_DIGITS + 1];
    size_t n = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c == ' ' || c == '-' || c == '.')
            continue;
        if (c < '0' || c > '9' || n == sizeof digits)
            return false;
        digits[n++] = c;
    }
    if (n < 2 || check_of((Str){ digits, n }) != 0)
        return false;
    int64_t serial = 0;
    for (size_t i = 0; i + 1 < n; i++)
        serial = serial * 10 + (digits[i] - '0');
    if (serial < 1)
        return false;
    *out = serial;
    return true;
}
