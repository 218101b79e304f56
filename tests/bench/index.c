/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* index [UNITS LEAVES ROUNDS]: how long computing cards under a scheme and ranking the units takes on one core, without and with traces. The
 * yardstick reads the same inputs and adds them up. */
#include "league/league.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

enum { TURNS = 5 };

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

/* Every input read once, in the same order: what no engine can do without. */
static double read_once(const Scheme *s, const SchemeCard *cards, size_t n, int rounds, double *sum)
{
    clock_t began = clock();
    for (int r = 0; r < rounds; r++)
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < s->len; k++)
                for (size_t j = 0; j < cards[i].inputs[k].len; j++)
                    *sum += cards[i].inputs[k].at[j].value.number;
    return (double)(clock() - began) * 1000 / CLOCKS_PER_SEC;
}

static double run(const Scheme *s, const SchemeCard *cards, size_t n, int rounds, bool silent, double *sum)
{
    Arena   work  = arena_open((size_t)1 << 32);
    LeagueRules rules = league_rules_default(&work, 2026);
    LeagueRow  *rows  = arena_new(&work, LeagueRow, n);
    char       *from  = work.at;
    clock_t     began = clock();
    for (int r = 0; r < rounds; r++) {
        League league;
        work.at = from;
        for (size_t i = 0; i < n; i++) {
            SchemeFaults faults = { 0 };
            rows[i] = (LeagueRow){ .unit = (int64_t)i };
            if (scheme_compute(&work, s, &cards[i], NULL, (SchemeWords){ LANG_VI, true, silent }, &rows[i].result, &faults))
                *sum += rows[i].result.total;
        }
        league_rank(&work, s, &rules, rows, n, &league);
        *sum += league.at[0].rank - 1;
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
    double read = 0, once = 0, silent = 0;
    for (int turn = 0; turn < TURNS; turn++) {               /* the least of several, so that other work on the machine hurts both alike */
        double x = read_once(&s, cards, (size_t)units, (int)rounds, &read), y = run(&s, cards, (size_t)units, (int)rounds, true, &sum);
        once   = turn && once < x ? once : x;
        silent = turn && silent < y ? silent : y;
    }
    double told = run(&s, cards, (size_t)units, (int)rounds, false, &sum);
    printf("%lld units x %lld leaves x %lld rounds: %.2f ms of one core, with traces %.2f ms, inputs read once %.3f ms (mean %.3f)\n", (long long)units,
           (long long)leaves, (long long)rounds, silent, told, once, sum / (double)((TURNS + 1) * units * rounds));
    return read < 0;
}
