/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index as data: points add up, formulas read; a value by hand; simulated events agree with their recount. */
#include "service/parts.h"

#include "base/test.h"
#include "store/test_store.h"

#include <math.h>

TEST(points_of_the_groups_add_up_to_a_hundred)
{
    ServiceIndex x;
    double       groups = 0, leaves = 0;
    CHECK_OK(service_index(a, date_from_ymd(2026, 11, 1), &x));
    for (size_t i = 0; i < x.criteria.len; i++) {
        const ServiceCriterion *k = &x.criteria.at[i];
        *(k->parent.len ? &leaves : &groups) += k->points;
        CHECK((k->parent.len > 0) == (k->numerator != 0 && k->denominator != 0));
    }
    CHECK_NEAR(groups, 100, 1e-9);
    CHECK_NEAR(leaves, 100, 1e-9);
}

TEST(an_index_by_hand)
{
    ServiceIndex  x;
    ServiceScore  s;
    ServiceCounts c = { 0 };
    CHECK_OK(service_index(a, date_from_ymd(2026, 11, 1), &x));
    service_score(a, &x, &c, &s);
    CHECK(isnan(s.value));
    c.n[M_ON_TIME] = 9;
    c.n[M_LATE] = 1;                                     /* 18 of 20 */
    c.n[M_RATED] = 4;
    c.n[M_SATISFIED] = 3;                                /* 4,5 of 6 */
    service_score(a, &x, &c, &s);
    CHECK_NEAR(s.measured, 26, 1e-9);
    CHECK_NEAR(s.value, 100 * 22.5 / 26, 1e-9);
}

TEST_EACH_STORE(simulated_events_are_labelled_repeatable_and_equal_to_their_recount)
{
    static const uint8_t key[32] = { 1 };
    Db            *db = test_take(store, a);
    ServiceRecount r;
    int64_t        events = 0, again = 0;
    bool           simulated = false;
    Date           today = date_from_ymd(2026, 11, 23);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK_OK(service_generate(db, a, key, 3000, 7, today, &events));
    CHECK(events > 6000);
    CHECK_OK(service_simulated(db, &simulated));
    CHECK(simulated);
    CHECK_OK(service_recompute(db, a, true, &r));
    CHECK_INT(r.differing, 0);
    CHECK_INT(r.events, events);
    CHECK_OK(service_generate(db, a, key, 3000, 7, today, &again));
    CHECK_INT(again, 0);                                 /* the same files: all known */
    test_sql(db, SQL("DELETE FROM service_simulations"));
    CHECK(err_is(service_generate(db, a, key, 10, 7, today, &again), ERR_CONFLICT));
    CHECK_OK(db_commit(db));
}
