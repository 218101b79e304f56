/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* match [ROWS ITEMS]: how long the exact maximum percent match takes on one core, and what memory it needs. */
#include "stats/quality.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

int main(int argc, char **argv)
{
    int64_t rows = 40000, items = 60, found = 0;
    Arena   a    = arena_open((size_t)1 << 32);
    if (argc == 3 && (!str_to_i64(str_from_c(argv[1]), &rows) || !str_to_i64(str_from_c(argv[2]), &items)))
        return 64;
    MatchTable t     = match_table(&a, (size_t)rows, (size_t)items, 6);
    int32_t   *group = arena_new(&a, int32_t, (size_t)rows);
    Match     *same  = arena_new(&a, Match, (size_t)rows), *other = arena_new(&a, Match, (size_t)rows);
    uint64_t   s     = 88172645463325252u;
    for (int64_t r = 0; r < rows; r++) {
        group[r] = (int32_t)(r % 300);
        for (int64_t i = 0; i < items; i++) {
            s ^= s << 13, s ^= s >> 7, s ^= s << 17;
            if (s % 10)
                match_set(&t, (size_t)r, (size_t)i, (int)(s / 16 % 6));
        }
    }
    int64_t began = monotonic_ms();
    clock_t work  = clock();
    match_maxima(&t, group, NULL, (size_t)(items * 3 / 4), same, other);
    int64_t took = monotonic_ms() - began, cpu = (int64_t)(clock() - work) * 1000 / CLOCKS_PER_SEC;
    for (int64_t r = 0; r < rows; r++)
        found += other[r].partner >= 0;
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("%lld rows of %lld items: %lld ms of one core (%lld ms passed), %.0f million pairs a second, %.1f MiB; %lld rows have a partner\n",
           (long long)rows, (long long)items,
           (long long)cpu, (long long)took, (double)rows * (double)rows / 2e3 / (double)(cpu ? cpu : 1), (double)use.ru_maxrss / 1024, (long long)found);
    return 0;
}
