/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shares [ROWS [CASE]]: satisfied shares of 22 items in four breakdowns with standard errors, intervals and design effects over a seeded
 * sample of 34 strata of 98 units, by one thread and by two (medians of 5); beside it what merely reading the columns takes. CASE 1: the
 * breakdowns are crossed with the province. "stages": two stages with populations. Prints name, tab, figure; mib: memory beyond the columns. */
#include "stats/shares.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

enum { ITEMS = 22, STRATA = 34, UNITS = 98, RUNS = 5 };

static uint64_t state = 88172645463325252u;
static uint32_t draw(uint32_t below)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 20) % below;
}

typedef struct World { size_t n; uint32_t *stratum, *psu, *person; double *w, *units, *people; uint8_t *answer[ITEMS]; uint16_t *by[4]; } World;

static World world(Arena *a, size_t n, bool crossed)
{
    static const uint16_t levels[4] = { STRATA, 2, 5, 4 };
    World v = { .n = n, .stratum = arena_new(a, uint32_t, n), .psu = arena_new(a, uint32_t, n),
                .w = arena_new(a, double, n), .person = arena_new(a, uint32_t, n),
                .units = arena_new(a, double, n), .people = arena_new(a, double, n) };
    for (int j = 0; j < ITEMS; j++)
        v.answer[j] = arena_new(a, uint8_t, n);
    for (int x = 0; x < 4; x++)
        v.by[x] = arena_new(a, uint16_t, n);
    for (size_t i = 0; i < n; i++) {
        size_t unit  = i * STRATA * UNITS / n;
        v.stratum[i] = (uint32_t)(unit / UNITS);
        v.psu[i]     = (uint32_t)(unit % UNITS);
        v.person[i]  = (uint32_t)i;
        v.units[i]   = 4 * UNITS;
        v.people[i]  = 20000;
        v.w[i]       = 50 + draw(1000) / 10.0;
        for (int j = 0; j < ITEMS; j++)
            v.answer[j][i] = (uint8_t)(1 + (draw(5) + draw(3) + unit % 2) % 5);
        for (int x = 0; x < 4; x++) {
            uint32_t own = x ? draw(levels[x]) : v.stratum[i];
            v.by[x][i]   = (uint16_t)(crossed && x ? v.stratum[i] * levels[x] + own : own);
        }
    }
    return v;
}

static double seconds(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Every byte the estimates need, read once. */
static double floor_seconds(const World *v)
{
    double   began = seconds(CLOCK_PROCESS_CPUTIME_ID), sum = 0;
    uint64_t bits  = 0, word;
    for (int j = 0; j < ITEMS; j++)
        for (size_t i = 0; i + 8 <= v->n; i += 8) {
            memcpy(&word, v->answer[j] + i, 8);
            bits += word;
        }
    for (size_t i = 0; i < v->n; i++)
        sum += v->w[i] + v->by[0][i] + v->by[1][i] + v->by[2][i] + v->by[3][i];
    volatile double keep = sum + (double)bits;
    (void)keep;
    return seconds(CLOCK_PROCESS_CPUTIME_ID) - began;
}

static void sort_few(double *x)
{
    for (int i = 1; i < RUNS; i++)
        for (int k = i; k > 0 && x[k - 1] > x[k]; k--) {
            double swap = x[k];
            x[k] = x[k - 1], x[k - 1] = swap;
        }
}

/* Seconds of the processor and of the clock. */
static bool run(Arena *a, Arena scratch, const StatsDesign *d, const StatsItem *item, const StatsCodes *by, uint32_t threads, const char *name,
                StatsEstimate *out)
{
    double cpu[RUNS], wall[RUNS];
    for (int r = 0; r < RUNS; r++) {
        cpu[r]  = seconds(CLOCK_PROCESS_CPUTIME_ID);
        wall[r] = seconds(CLOCK_MONOTONIC);
        if (stats_shares(a, scratch, d, ITEMS, item, 4, by, &(StatsOptions){ .threads = threads }, out, NULL))
            return false;
        cpu[r]  = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu[r];
        wall[r] = seconds(CLOCK_MONOTONIC) - wall[r];
    }
    sort_few(cpu);
    sort_few(wall);
    printf("cpu_%s\t%.4f\nwall_%s\t%.4f\n", name, cpu[RUNS / 2], name, wall[RUNS / 2]);
    return true;
}

int main(int argc, char **argv)
{
    int64_t n = 982767, kind = 0;
    Arena   a = arena_open((size_t)1 << 34), scratch = arena_open((size_t)1 << 34);
    if ((argc > 1 && !str_to_i64(str_from_c(argv[1]), &n)) || (argc > 2 && !str_to_i64(str_from_c(argv[2]), &kind)))
        return 64;
    World       v = world(&a, (size_t)n, kind == 1);
    StatsSample s = { .n = v.n, .n_stages = 1, .probability = true, .weight = v.w, .stratum = v.stratum, .unit = { v.psu } };
    StatsItem   item[ITEMS];
    StatsCodes  by[4];
    StatsDesign d;
    for (int j = 0; j < ITEMS; j++)
        item[j] = (StatsItem){ v.answer[j], 4 };
    for (int x = 0; x < 4; x++)
        by[x] = (StatsCodes){ v.by[x], (uint16_t)(x == 0 ? STRATA : (kind == 1 ? STRATA : 1) * (x == 1 ? 2 : x == 2 ? 5 : 4)) };
    double began = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (stats_design_init(&a, scratch, &s, &d))
        return 70;
    double design = seconds(CLOCK_PROCESS_CPUTIME_ID) - began;
    StatsEstimate *out = arena_new(&a, StatsEstimate, ITEMS * stats_cells(4, by));
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    double before = (double)use.ru_maxrss / 1024, least = floor_seconds(&v);
    printf("rows\t%lld\ncells\t%zu\ndesign_s\t%.4f\nread_s\t%.4f\n", (long long)n, stats_cells(4, by), design, least);
    if (!run(&a, scratch, &d, item, by, 1, "1", out) || !run(&a, scratch, &d, item, by, 2, "2", out))
        return 70;
    getrusage(RUSAGE_SELF, &use);
    printf("mib\t%.1f\nshare\t%.6f\nse\t%.6f\n", (double)use.ru_maxrss / 1024 - before, out[0].value, out[0].se);
    s.n_stages = 2;
    s.unit[1]  = v.person;
    s.pop[0]   = v.units;
    s.pop[1]   = v.people;
    if (stats_design_init(&a, scratch, &s, &d) || !run(&a, scratch, &d, item, by, 1, "stages", out))
        return 70;
    return 0;
}
