/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures kept by the sum of their file: what comes back is what was read, and is the reader's own. */
#include "base/test.h"
#include "edition/parts.h"

#include <math.h>
#include <pthread.h>

/* The sum of file number n, and figures that say so in every field. */
static Str sum_of(Arena *a, int n)
{
    return arena_fmt(a, "%064d", n);
}

static Figures figures_of(Arena *a, int n, size_t count)
{
    Figures f = { 0 };
    for (size_t i = 0; i < count; i++)
        *list_add(a, &f) = (Figure){ .name = arena_fmt(a, "satisfied.B%zu", i / 3), .label_vi = arena_fmt(a, "Bậc %d", n), .label_en = S("Step"),
                                     .unit = S("%"), .by = i % 3 ? S("tinh") : S(""), .value = i % 3 ? arena_fmt(a, "%02zu", i % 3) : S(""),
                                     .n = n, .x = n + (double)i / 8, .se = 0.5, .low = NAN, .high = 1, .suppressed = i % 7 == 0 };
    return f;
}

static bool same(const Figures *f, Arena *a, int n, size_t count)
{
    Figures want = figures_of(a, n, count);
    bool    fine = f->len == want.len;
    for (size_t i = 0; fine && i < want.len; i++) {
        const Figure *x = &f->at[i], *y = &want.at[i];
        fine = str_eq(x->name, y->name) && str_eq(x->label_vi, y->label_vi) && str_eq(x->label_en, y->label_en) && str_eq(x->unit, y->unit) &&
               str_eq(x->by, y->by) && str_eq(x->value, y->value) && x->n == y->n && x->x == y->x && isnan(x->low) && x->suppressed == y->suppressed;
    }
    return fine;
}

TEST(figures_kept_come_back_as_they_were_read)
{
    Figures       f = figures_of(a, 1001, 50), got = { 0 };
    EditionGroup  group = { .by = S_INIT("gioi_tinh"), .value = S_INIT("nu"), .label = { S_INIT("Nữ"), S_INIT("Female") } };
    EditionGroups g = { &group, 1, 1 }, groups = { 0 };
    CHECK(!figures_cached(a, sum_of(a, 1001), &got, &groups));
    figures_cache(sum_of(a, 1001), &f, &g);
    for (size_t i = 0; i < f.len; i++)
        f.at[i].x = -1;                                    /* the caller's own may change */
    CHECK(figures_cached(a, sum_of(a, 1001), &got, &groups));
    CHECK(same(&got, a, 1001, 50));
    CHECK_INT((int)groups.len, 1);
    CHECK_STR(groups.at[0].label[LANG_VI], S("Nữ"));
    got.at[0].name = S("another");                         /* and what a reader got is his alone */
    CHECK(figures_cached(a, sum_of(a, 1001), &got, &groups) && same(&got, a, 1001, 50));
    CHECK(!figures_cached(a, S("1001"), &got, &groups));
}

TEST(figures_kept_give_way_to_newer_ones_within_their_bounds)
{
    Figures       held = { 0 }, got;
    EditionGroups none = { 0 };
    Figures       first = figures_of(a, 2000, 40);
    figures_cache(sum_of(a, 2000), &first, &none);
    CHECK(figures_cached(a, sum_of(a, 2000), &held, &none));
    for (int n = 2001; n < 2100; n++) {
        Arena work = arena_open(16 << 20);
        Figures f = figures_of(&work, n, 5000);
        figures_cache(sum_of(&work, n), &f, &(EditionGroups){ 0 });
        arena_close(&work);
        CHECK(figures_cache_bytes() <= (size_t)48 << 20);
    }
    CHECK(!figures_cached(a, sum_of(a, 2000), &got, &none));
    CHECK(same(&held, a, 2000, 40));                       /* what was handed out before stands */
    CHECK(figures_cached(a, sum_of(a, 2099), &got, &none) && same(&got, a, 2099, 5000));
}

typedef struct Racer { int from; bool fine; } Racer;

static void *race(void *self)
{
    Racer *r = self;
    r->fine  = true;
    for (int k = 0; k < 400; k++) {
        Arena         work = arena_open(8 << 20);
        int           n    = 3000 + (r->from + k * 7) % 90;
        Figures       f;
        EditionGroups g = { 0 };
        if (figures_cached(&work, sum_of(&work, n), &f, &g)) {
            r->fine &= same(&f, &work, n, 60);
        } else {
            f = figures_of(&work, n, 60);
            figures_cache(sum_of(&work, n), &f, &g);
        }
        arena_close(&work);
    }
    return NULL;
}

TEST(figures_kept_are_read_and_replaced_by_several_threads)
{
    pthread_t thread[4];
    Racer     racer[4];
    for (int i = 0; i < 4; i++) {
        racer[i] = (Racer){ .from = i * 13 };
        pthread_create(&thread[i], NULL, race, &racer[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        CHECK(racer[i].fine);
    }
}
