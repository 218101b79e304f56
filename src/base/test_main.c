/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs the registered tests; arguments choose by part of the name. */
#include "base/moment.h"
#include "base/test.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static TestCase *first, **last = &first;
static int       faults, skipped;
static bool      skip_this;

void test_add(TestCase *t)
{
    *last = t;
    last  = &t->next;
}

void test_fail(const char *file, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "    %s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    faults++;
}

void test_skip(const char *why)
{
    printf("    skipped: %s\n", why);
    skip_this = true;
}

static struct { void (*run)(void *); void *what; } after[64];
static size_t after_count;

void test_after(void (*f)(void *what), void *what)
{
    if (after_count == COUNT_OF(after))
        abort();
    after[after_count].run    = f;
    after[after_count++].what = what;
}

static void run_after(void)
{
    while (after_count) {
        after_count--;
        after[after_count].run(after[after_count].what);
    }
}

static bool chosen(const TestCase *t, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(t->name, argv[i]) || strstr(t->file, argv[i]))
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0)
        return 70;
    Arena a = arena_open((size_t)1 << 32);
    int   passed = 0, failed = 0;
    for (TestCase *t = first; t; t = t->next) {
        if (!chosen(t, argc, argv))
            continue;
        faults    = 0;
        skip_this = false;
        int64_t begin = monotonic_ms();
        t->run(&a);
        run_after();
        arena_reset(&a, 1 << 20);
        double took = (double)(monotonic_ms() - begin) / 1000;
        if (skip_this && !faults)
            skipped++;
        else if (faults)
            failed++;
        else
            passed++;
        printf("%s %s", faults ? "FAIL" : skip_this ? "skip" : "ok  ", t->name);
        printf(took < 1 ? "\n" : " (%.1f s)\n", took);
        fflush(stdout);
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed ? 1 : 0;
}
