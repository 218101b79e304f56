/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A day of stuffing names and passwords from many networks: the clock is passed in, no password is compared. */
#include "org/org.h"
#include "store/test_store.h"

typedef struct World { Db *db; Time now; } World;

static Time later(const World *w, int64_t ms)
{
    return (Time){ w->now.ms + ms };
}

static SignIn sign_in(World *w, Arena *a, Str login, bool fits, Str address, Time now)
{
    SignIn s = { .login = login, .address = address, .agent = S("test"), .now = now };
    Err    e = sign_in_load(w->db, a, &s);
    if (!e && s.state == SIGN_IN_OPEN)
        e = sign_in_done(w->db, a, &s, fits, S(""));
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "sign_in: %.*s", STR_ARG(e->detail));
    return s;
}

TEST_EACH_STORE(stuffing_from_many_addresses_is_slowed_and_locks_nobody_out)
{
    enum { NAMES = 20, NETWORKS = 100, ROUNDS = 24 };
    World w = { test_take(store, a), { INT64_C(1795320000000) } };
    int   compared[NAMES] = { 0 };
    CHECK_OK(db_begin_write(w.db));
    test_sql(w.db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    for (int n = 0; n < NAMES; n++) {
        Str         login = arena_fmt(a, "user-%d", n);
        PersonDraft d     = { .login = login, .name = login, .unit = { UNIT_ROOT } };
        PersonId    id    = { 0 };
        CHECK_OK(person_create(w.db, a, &d, (PersonId){ 0 }, w.now, &id));
        CHECK_OK(password_save(w.db, id, password_nobody(), w.now));
        CHECK_INT(sign_in(&w, a, login, true, arena_fmt(a, "198.51.%d.1", n), w.now).state, SIGN_IN_PASSED);
    }
    Arena keep = *a;
    for (int r = 0; r < ROUNDS; r++) {                       /* each hour every network tries every name once, a try a second */
        for (int k = 0; k < NETWORKS; k++, *a = keep) {
            Str address = arena_fmt(a, "10.%d.%d.1", r % 7, k);
            for (int n = 0; n < NAMES; n++) {
                Time at = later(&w, r * MS_HOUR + (k * NAMES + n) * MS_SECOND);
                compared[n] += sign_in(&w, a, arena_fmt(a, "user-%d", n), false, address, at).state == SIGN_IN_WRONG;
            }
        }
        for (int n = 0; n < NAMES; n++, *a = keep)           /* in the middle of it their owners sign in as ever */
            CHECK_INT(sign_in(&w, a, arena_fmt(a, "user-%d", n), true, arena_fmt(a, "198.51.%d.1", n),
                              later(&w, r * MS_HOUR + NETWORKS * NAMES * MS_SECOND)).state, SIGN_IN_PASSED);
    }
    for (int n = 0; n < NAMES; n++) {
        if (compared[n] < 5 || compared[n] > 15 * ROUNDS)              /* of 2,400 tries */
            test_fail(__FILE_NAME__, __LINE__, "%d tries of user-%d were compared", compared[n], n);
        CHECK_INT(sign_in(&w, a, arena_fmt(a, "user-%d", n), true, S("203.0.113.77"), later(&w, (ROUNDS + 1) * MS_HOUR)).state, SIGN_IN_PASSED);
        *a = keep;
    }
}
