/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bench-load: sends one request again and again and prints what came back.
 *     bench-load 127.0.0.1:8080 /path [--body FILE] [--connections 250] [--count 100000]
 * In FILE every {id} becomes a new UUID. */
#include "load.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static Str file_text(Arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(66);
    }
    char  *at = arena_new(a, char, 1 << 20);
    size_t n  = fread(at, 1, 1 << 20, f);
    fclose(f);
    return (Str){ at, n };
}

int main(int argc, char **argv)
{
    Arena    a    = arena_open((size_t)1 << 32);
    LoadPlan plan = { .connections = 250, .count = 100000 };
    Str      body = S("");
    int64_t  n    = 0;
    if (argc < 3 || sodium_init() < 0)
        return 64;
    StrPair at   = str_cut_last(str_from_c(argv[1]), ':');
    plan.address = (Str){ arena_c(&a, at.head), at.head.len };
    plan.port    = str_to_i64(at.tail, &n) ? (int)n : 8080;
    for (int i = 3; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--body"))
            body = file_text(&a, argv[i + 1]);
        else if (!strcmp(argv[i], "--connections") && str_to_i64(str_from_c(argv[i + 1]), &n))
            plan.connections = (int)n;
        else if (!strcmp(argv[i], "--count") && str_to_i64(str_from_c(argv[i + 1]), &n))
            plan.count = n;
        else
            return 64;
    }
    plan.request = load_request(&a, str_from_c(argv[1]), str_from_c(argv[2]), body);
    LoadResult r;
    Err        e = load_run(&a, &plan, &r);
    if (e) {
        fprintf(stderr, "bench-load: %.*s\n", STR_ARG(e->detail));
        return err_exit_code(e);
    }
    printf("answered=%lld good=%lld refused=%lld broken=%lld seconds=%.3f per_second=%.0f p50_ms=%.2f p99_ms=%.2f\n",
           (long long)r.answered, (long long)r.good, (long long)r.refused, (long long)r.broken, r.seconds,
           (double)r.answered / r.seconds, r.p50_ms, r.p99_ms);
    return r.good == plan.count ? 0 : 1;
}
