/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* methods: CPU time of raking a million persons to three margins and of 10,000 draws of the ranks of 34 provinces, one thread; least of five runs.
 * The yardstick of raking reads the same columns once and adds them up. */
#include "stats/rank.h"
#include "stats/weights.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

enum { PERSONS = 1000000, UNITS = 34, DRAWS = 10000, RUNS = 5 };

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13, *s ^= *s >> 7, *s ^= *s << 17;
    return *s;
}

typedef struct Sample { double *weight; uint32_t *code[3]; double total[3][UNITS]; } Sample;
static const size_t levels[] = { 34, 2, 5 };

static Sample sample_new(Arena *a)
{
    Sample   s = { .weight = arena_new(a, double, PERSONS) };
    uint64_t seed = 88172645463325252u;
    for (int m = 0; m < 3; m++)
        s.code[m] = arena_new(a, uint32_t, PERSONS);
    for (size_t i = 0; i < PERSONS; i++) {
        s.weight[i] = 50 + (double)(next(&seed) % 1000) / 10;
        for (int m = 0; m < 3; m++) {
            s.code[m][i] = (uint32_t)(next(&seed) % levels[m]);
            s.total[m][s.code[m][i]] += s.weight[i];
        }
    }
    for (int m = 0; m < 3; m++) {                       /* the population differs by up to 20 % from what the sample makes it */
        double was = 0, is = 0;
        for (size_t g = 0; g < levels[m]; g++) {
            was += s.total[m][g];
            is += s.total[m][g] *= 0.9 + 0.2 * (double)(next(&seed) % 1000) / 1000;
        }
        for (size_t g = 0; g < levels[m]; g++)
            s.total[m][g] *= was / is;
    }
    return s;
}

static double floor_ms(const Sample *s)
{
    double   began = cpu_ms(), sum = 0;
    uint64_t codes = 0;
    for (size_t i = 0; i < PERSONS; i++) {
        sum += s->weight[i];
        codes += s->code[0][i] + s->code[1][i] + s->code[2][i];
    }
    double took = cpu_ms() - began;
    return sum + (double)codes > 0 ? took : NAN;        /* what is not used is not computed */
}

static double rake_ms(Arena scratch, const Sample *s)
{
    StatsMargin     margin[3];
    StatsAdjustment adj;
    for (int m = 0; m < 3; m++)
        margin[m] = (StatsMargin){ s->code[m], levels[m], s->total[m] };
    double began = cpu_ms();
    Err    e     = stats_rake(&scratch, PERSONS, s->weight, 3, margin, (StatsStop){ 1e-10, 200 }, &adj);
    return e ? NAN : cpu_ms() - began;
}

static double rank_ms(Arena scratch)
{
    double   theta[UNITS], *v = arena_new(&scratch, double, UNITS * UNITS);
    RankDraw out[UNITS];
    for (size_t k = 0; k < UNITS; k++) {
        theta[k] = 0.7 + 0.005 * (double)k;
        for (size_t j = 0; j < UNITS; j++)
            v[k * UNITS + j] = k == j ? 0.0004 : 0.00002;
    }
    double began = cpu_ms();
    return stats_rank_draws(scratch, UNITS, theta, v, 1, DRAWS, out, NULL) ? cpu_ms() - began : NAN;
}

int main(void)
{
    Arena  a = arena_open((size_t)1 << 30);
    Sample s = sample_new(&a);
    double least[3] = { INFINITY, INFINITY, INFINITY };
    rake_ms(a, &s);                                        /* touches the memory */
    for (int run = 0; run < RUNS; run++) {
        least[0] = fmin(least[0], floor_ms(&s));
        least[1] = fmin(least[1], rake_ms(a, &s));
        least[2] = fmin(least[2], rank_ms(a));
    }
    printf("read_ms\t%.2f\nrake_ms\t%.2f\nrank_ms\t%.2f\n", least[0], least[1], least[2]);
    return 0;
}
