/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* index [UNITS LEAVES ROUNDS]: how long computing cards under a scheme takes on one core, without and with traces. */
#include "scheme/scheme.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static Str scheme_text(Arena *a, int leaves)
{
    static const char *const rules[] = {
        "{\"kind\":\"thresholds\",\"of\":\"a / b * 100\",\"steps\":[[100,1],[80,0.5],[0,0]]}",
        "{\"kind\":\"proportional\",\"of\":\"a / b * 100\",\"floor\":50}",
        "{\"kind\":\"count\",\"of\":\"a\",\"each\":0.001}",
        "{\"kind\":\"yes_no\",\"of\":\"a <= b\"}",
        "{\"kind\":\"formula\",\"of\":\"1 - a * 0.001\"}",
    };
    Buf b = buf_new(a, 65536);
    buf_fmt(&b, "{\"code\":\"B\",\"max\":%d,\"criteria\":[", leaves);
    for (int i = 0; i < leaves / 10; i++)
        buf_fmt(&b, "%s{\"code\":\"%d\"}", i ? "," : "", i);
    for (int i = 0; i < leaves; i++)
        buf_fmt(&b, ",{\"code\":\"%d.%d\",\"parent\":\"%d\",\"max\":1,\"rule\":%s}", i / 10, i % 10, i / 10, rules[i % 5]);
    buf_lit(&b, "]}");
    return buf_str(&b);
}

static double run(const Scheme *s, const SchemeCard *cards, size_t n, int rounds, bool silent, double *sum)
{
    Arena   work  = arena_open((size_t)1 << 32);
    clock_t began = clock();
    for (int r = 0; r < rounds; r++)
        for (size_t i = 0; i < n; i++) {
            SchemeResult result;
            SchemeFaults faults = { 0 };
            arena_reset(&work, 1 << 20);
            if (scheme_compute(&work, s, &cards[i], NULL, (SchemeWords){ LANG_VI, true, silent }, &result, &faults))
                *sum += result.total;
        }
    double ms = (double)(clock() - began) * 1000 / CLOCKS_PER_SEC;
    arena_close(&work);
    return ms;
}

int main(int argc, char **argv)
{
    int64_t      units = 63, leaves = 200, rounds = 3;
    Arena        a = arena_open((size_t)1 << 34), work = arena_open(1 << 26);
    const Json  *json;
    Scheme       s;
    SchemeFaults faults = { 0 };
    double       sum = 0;
    if (argc == 4 && (!str_to_i64(str_from_c(argv[1]), &units) || !str_to_i64(str_from_c(argv[2]), &leaves) || !str_to_i64(str_from_c(argv[3]), &rounds)))
        return 64;
    leaves -= leaves % 10;
    if (json_parse(&a, scheme_text(&a, (int)leaves), &json) || !scheme_read(&a, work, json, &s, &faults))
        return 70;
    SchemeCard *cards = arena_new(&a, SchemeCard, (size_t)units);
    for (int64_t u = 0; u < units; u++) {
        scheme_card_init(&a, &s, &cards[u]);
        for (size_t i = 0; i < s.len; i++) {
            SchemeInputs *in = &cards[u].inputs[i];
            in->at  = arena_new(&a, SchemeInput, s.at[i].input_count);
            in->len = in->cap = s.at[i].input_count;
            for (size_t k = 0; k < in->len; k++)
                in->at[k] = (SchemeInput){ s.at[i].inputs[k],
                    { .kind = EXPR_NUMBER, .number = str_eq(s.at[i].inputs[k], S("b")) ? 1000 : 700 + (double)((u * 7 + (int64_t)i) % 300) } };
        }
    }
    double silent = run(&s, cards, (size_t)units, (int)rounds, true, &sum), told = run(&s, cards, (size_t)units, (int)rounds, false, &sum);
    printf("%lld units x %lld leaves x %lld rounds: %.1f ms of one core, with traces %.1f ms (mean %.3f)\n", (long long)units, (long long)leaves,
           (long long)rounds, silent, told, sum / (double)(2 * units * rounds));
    return 0;
}
