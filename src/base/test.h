/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Unit tests: TEST(name) { CHECK(…); } registers itself; the runner (base/test_main.c) prints a line a
 * test and ends with "N passed, N failed, N skipped". */
#ifndef BASE_TEST_H
#define BASE_TEST_H

#include "base/base.h"

#include <math.h>

typedef struct TestCase { const char *name, *file; void (*run)(Arena *a); struct TestCase *next; } TestCase;
void test_add(TestCase *t);
void test_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
void test_skip(const char *why);
/* Runs f(what) when the test that runs now is over, whatever its outcome; last in, first out. */
void test_after(void (*f)(void *what), void *what);

/* The body sees Arena *a, emptied after each test. */
#define TEST(id)                                                                                   \
    static void test_##id(Arena *a UNUSED);                                                        \
    __attribute__((constructor)) static void test_add_##id(void)                                   \
    {                                                                                              \
        static TestCase t = { #id, __FILE_NAME__, test_##id, NULL };                               \
        test_add(&t);                                                                              \
    }                                                                                              \
    static void test_##id(Arena *a UNUSED)

#define CHECK(x)                                                                                   \
    do { if (!(x)) test_fail(__FILE_NAME__, __LINE__, "%s", #x); } while (0)
#define CHECK_INT(got, want)                                                                       \
    do {                                                                                           \
        long long g_ = (long long)(got), w_ = (long long)(want);                                   \
        if (g_ != w_) test_fail(__FILE_NAME__, __LINE__, "%s is %lld, want %lld", #got, g_, w_);   \
    } while (0)
#define CHECK_STR(got, want)                                                                       \
    do {                                                                                           \
        Str g_ = (got), w_ = (want);                                                               \
        if (!str_eq(g_, w_))                                                                       \
            test_fail(__FILE_NAME__, __LINE__, "%s is \"%.*s\", want \"%.*s\"", #got, STR_ARG(g_), STR_ARG(w_)); \
    } while (0)
#define CHECK_NEAR(got, want, tolerance)                                                           \
    do {                                                                                           \
        double g_ = (got), w_ = (want);                                                            \
        if (!(fabs(g_ - w_) <= (tolerance)))                                                       \
            test_fail(__FILE_NAME__, __LINE__, "%s is %.17g, want %.17g", #got, g_, w_);           \
    } while (0)
#define CHECK_OK(call)                                                                             \
    do {                                                                                           \
        Err e_ = (call);                                                                           \
        if (e_) {                                                                                  \
            test_fail(__FILE_NAME__, __LINE__, "%s: %.*s (%s:%d)", #call, STR_ARG(e_->detail), e_->file, e_->line); \
            return;                                                                                \
        }                                                                                          \
    } while (0)
#define CHECK_ERR(call, want)                                                                      \
    do {                                                                                           \
        Err e_ = (call);                                                                           \
        if (!err_is(e_, (want)))                                                                   \
            test_fail(__FILE_NAME__, __LINE__, "%s: kind %d, want %s", #call, e_ ? (int)e_->kind : 0, #want); \
    } while (0)

#endif
