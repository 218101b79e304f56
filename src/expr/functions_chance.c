/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Chance, its seeds, uuid. */
#include "expr/expr_functions.h"

#include <math.h>

double expr_random(void)
{
    uint64_t bits;
    random_bytes(&bits, sizeof bits);
    return (double)(bits >> 11) * 0x1p-53;
}

double expr_seed_of(Str text)
{
    double x = expr_number_read(text);
    if (!isnan(x) || !text.len)
        return x;
    Sha256   sum  = sha256(text);
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | sum.at[i];
    return (double)((int64_t)bits % 2147483647);
}

/* uuid(): version 4. uuid(n): n letters and digits of chance. */
ExprValue fn_uuid(ExprRun *run, const ExprValue *args, int n)
{
    static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (!n)
        return expr_string(uuid_v4(run->a));
    double length = expr_to_number(&args[0]);
    size_t count  = length >= 1 && length <= 1000 ? (size_t)length : 0;
    char  *text   = arena_new(run->a, char, count);
    for (size_t i = 0; i < count; i++)
        text[i] = letters[(int)(expr_random() * (double)(sizeof letters - 1))];
    return expr_string((Str){ text, count });
}
