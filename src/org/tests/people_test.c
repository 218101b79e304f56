/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Accounts, grants, sessions and sign-in against a store, with a clock of the test's own. */
#include "org/org.h"
#include "store/test_store.h"

#include <sodium.h>

/* nation > provinces a and b; commune in a. People: an administrator of the whole, one of a. */
typedef struct World {
    Db *db;
    Date today;
    Time now;
    UnitId nation, a, b, commune;
    PersonId root, admin_a;
    uint8_t key[32];
} World;

static UnitId world_unit(World *w, Arena *a, UnitKind kind, UnitId parent, Str code, Str name)
{
    UnitDraft d = { .kind = kind,
                    .parent = parent,
                    .code = code,
                    .name_vi = name,
                    .name_en = name,
                    .subtype = S("tỉnh"),
                    .source = S("test") };
    UnitId    id = { 0 };
    Err       e  = unit_create(w->db, a, &d, (Date){ w->today.day - 1000 }, &id);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "unit: %.*s", STR_ARG(e->detail));
    return id;
}

static PersonId world_person(World *w, Arena *a, Str login, UnitId unit)
{
    PersonDraft d  = { .login = login, .name = login, .unit = unit };
    PersonId    id = { 0 };
    Err         e  = person_create(w->db, a, &d, (PersonId){ 0 }, w->now, &id);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "person: %.*s", STR_ARG(e->detail));
    return id;
}

static GrantId world_grant(World *w, Arena *a, PersonId who, Role role, UnitId unit)
{
    GrantDraft d  = { .person = who, .role = role, .unit = unit, .from = w->today, .to = DATE_NONE };
    GrantId    id = { 0 };
    Err        e  = grant_give(w->db, a, (PersonId){ 0 }, &d, w->today, w->now, &id);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "grant: %.*s", STR_ARG(e->detail));
    return id;
}

/* Leaves a write transaction open: the tests read and write in it. */
static World world(Store *store, Arena *a)
{
    World w = {
        .db = test_take(store, a), .today = date_from_ymd(2026, 11, 22), .now = { INT64_C(1795320000000) }, .key = { 9 }
    };
    if (db_begin_write(w.db))
        test_fail(__FILE_NAME__, __LINE__, "no transaction");
    test_sql(w.db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', "
                       "'9999-12-31', '')"));
    test_sql(w.db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, "
                       "full_name_vi, subtype, source) "
                       "VALUES (1, '0001-01-01', '9999-12-31', NULL, 'VN', 'Việt Nam', 'Viet Nam', '', '', 'test')"));
    w.nation  = (UnitId){ UNIT_ROOT };
    w.a       = world_unit(&w, a, UNIT_PROVINCE, w.nation, S("52"), S("Gia Lai"));
    w.b       = world_unit(&w, a, UNIT_PROVINCE, w.nation, S("66"), S("Đắk Lắk"));
    w.commune = world_unit(&w, a, UNIT_COMMUNE, w.a, S("23563"), S("Ia Grai"));
    w.root    = world_person(&w, a, S("root"), w.nation);
    w.admin_a = world_person(&w, a, S("admin-a"), w.a);
    world_grant(&w, a, w.root, ROLE_SYSTEM_ADMIN, w.nation);
    world_grant(&w, a, w.admin_a, ROLE_UNIT_ADMIN, w.a);
    return w;
}

static bool can(World *w, Arena *a, PersonId who, Right right, UnitId unit, int days)
{
    bool yes = false;
    Err  e   = may(w->db, a, who, right, unit, (Date){ w->today.day + days }, &yes);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "may: %.*s", STR_ARG(e->detail));
    return yes;
}

TEST_EACH_STORE(a_right_reaches_the_subtree_and_nothing_else)
{
    World w = world(store, a);
    CHECK(can(&w, a, w.admin_a, RIGHT_PERSON_READ, w.a, 0));
    CHECK(can(&w, a, w.admin_a, RIGHT_PERSON_READ, w.commune, 0));
    CHECK(!can(&w, a, w.admin_a, RIGHT_PERSON_READ, w.b, 0));
    CHECK(!can(&w, a, w.admin_a, RIGHT_PERSON_READ, w.nation, 0));
    CHECK(!can(&w, a, w.admin_a, RIGHT_AUDIT_READ, w.a, 0));
    CHECK(can(&w, a, w.admin_a, RIGHT_PERSON_READ, (UnitId){ 0 }, 0));
    CHECK(can(&w, a, w.root, RIGHT_PERSON_READ, w.commune, 0));
    UnitIds tops = { 0 };
    CHECK_OK(may_where(w.db, a, w.admin_a, RIGHT_PERSON_READ, w.today, &tops));
    CHECK(tops.len == 1 && tops.at[0].v == w.a.v);
}

TEST_EACH_STORE(a_right_follows_period_revocation_and_disabling)
{
    World      w = world(store, a);
    PersonId   p = world_person(&w, a, S("lan"), w.commune);
    GrantDraft d = {
        .person = p, .role = ROLE_OFFICER, .unit = w.commune, .from = { w.today.day + 5 }, .to = { w.today.day + 10 }
    };
    GrantId    g;
    CHECK_OK(grant_give(w.db, a, w.admin_a, &d, w.today, w.now, &g));
    CHECK(!can(&w, a, p, RIGHT_ROUND_MANAGE, w.commune, 4));
    CHECK(can(&w, a, p, RIGHT_ROUND_MANAGE, w.commune, 5));
    CHECK(can(&w, a, p, RIGHT_ROUND_MANAGE, w.commune, 9));
    CHECK(!can(&w, a, p, RIGHT_ROUND_MANAGE, w.commune, 10));
    CHECK_OK(person_disable(w.db, p, w.now));
    CHECK(!can(&w, a, p, RIGHT_ROUND_MANAGE, w.commune, 5));
    CHECK_OK(person_enable(w.db, p));
    CHECK(can(&w, a, p, RIGHT_ROUND_MANAGE, w.commune, 5));
    CHECK_OK(grant_revoke(w.db, a, g, w.admin_a, S("moved"), w.now));
    CHECK(!can(&w, a, p, RIGHT_ROUND_MANAGE, w.commune, 5));
    CHECK_ERR(grant_revoke(w.db, a, g, w.admin_a, S("again"), w.now), ERR_CONFLICT);
}

static GrantCheck check_grant(World *w, Arena *a, PersonId giver, PersonId who, Role role, UnitId unit, int from, int to)
{
    GrantDraft d = { .person = who,
                     .role = role,
                     .unit = unit,
                     .from = { w->today.day + from },
                     .to = to ? (Date){ w->today.day + to } : DATE_NONE };
    GrantCheck out = GRANT_FITS;
    Date       latest;
    GrantId    id;
    Err        e = grant_check(w->db, a, giver, &d, w->today, &out, &latest);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "grant_check: %.*s", STR_ARG(e->detail));
    if (out != GRANT_FITS)                             /* what the page refuses the store refuses, too */
        CHECK(grant_give(w->db, a, giver, &d, w->today, w->now, &id) != OK);
    return out;
}

TEST_EACH_STORE(nobody_gives_more_than_they_hold)
{
    World    w = world(store, a);
    PersonId p = world_person(&w, a, S("lan"), w.commune);
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_OFFICER, w.commune, 0, 0), GRANT_FITS);
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_OFFICER, w.b, 0, 0), GRANT_BEYOND);            /* sibling */
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_OFFICER, w.nation, 0, 0), GRANT_BEYOND);       /* parent */
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_SYSTEM_ADMIN, w.a, 0, 0), GRANT_BEYOND);       /* role above */
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_AUDITOR, w.a, 0, 0), GRANT_BEYOND);
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_APPRAISER, w.a, 0, 0), GRANT_FITS);
    CHECK_INT(check_grant(&w, a, p, w.admin_a, ROLE_OFFICER, w.commune, 0, 0), GRANT_BEYOND);      /* holds nothing */
    CHECK_INT(check_grant(&w, a, w.admin_a, w.admin_a, ROLE_OFFICER, w.a, 0, 0), GRANT_SELF);
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_OFFICER, w.commune, -1, 0), GRANT_PERIOD);
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_OFFICER, w.commune, 3, 3), GRANT_PERIOD);
    world_grant(&w, a, p, ROLE_OFFICER, w.commune);
    CHECK_INT(check_grant(&w, a, w.admin_a, p, ROLE_OFFICER, w.commune, 0, 5), GRANT_TWICE);
}

TEST_EACH_STORE(a_grant_ends_no_later_than_the_givers)
{
    World      w   = world(store, a);
    PersonId   mid = world_person(&w, a, S("mid"), w.a), p = world_person(&w, a, S("lan"), w.commune);
    GrantDraft d   = { .person = mid, .role = ROLE_UNIT_ADMIN, .unit = w.a, .from = w.today, .to = { w.today.day + 30 } };
    GrantId    g;
    CHECK_OK(grant_give(w.db, a, w.admin_a, &d, w.today, w.now, &g));
    CHECK_INT(check_grant(&w, a, mid, p, ROLE_CLERK, w.commune, 0, 30), GRANT_FITS);
    CHECK_INT(check_grant(&w, a, mid, p, ROLE_CLERK, w.commune, 0, 31), GRANT_PERIOD);
    CHECK_INT(check_grant(&w, a, mid, p, ROLE_CLERK, w.commune, 0, 0), GRANT_PERIOD);
    CHECK_INT(check_grant(&w, a, mid, p, ROLE_CLERK, w.commune, 30, 40), GRANT_BEYOND);
    CHECK_OK(grant_revoke(w.db, a, g, w.admin_a, S(""), w.now));
    CHECK_INT(check_grant(&w, a, mid, p, ROLE_CLERK, w.commune, 0, 30), GRANT_BEYOND);
}

TEST_EACH_STORE(nobody_manages_a_stronger_account)
{
    World  w = world(store, a);
    Person chief = { 0 }, lan = { 0 };
    bool   yes;
    PersonId strong = world_person(&w, a, S("strong"), w.commune), weak = world_person(&w, a, S("weak"), w.commune);
    world_grant(&w, a, strong, ROLE_AUDITOR, w.nation);            /* works in the commune, holds more */
    world_grant(&w, a, weak, ROLE_OFFICER, w.commune);
    CHECK_OK(person_load(w.db, a, strong, &chief));
    CHECK_OK(person_load(w.db, a, weak, &lan));
    CHECK_OK(person_may_manage(w.db, a, w.admin_a, &chief, w.today, &yes));
    CHECK(!yes);
    CHECK_OK(person_may_manage(w.db, a, w.admin_a, &lan, w.today, &yes));
    CHECK(yes);
    CHECK_OK(person_may_manage(w.db, a, w.root, &chief, w.today, &yes));
    CHECK(yes);
    CHECK_OK(person_may_manage(w.db, a, weak, &lan, w.today, &yes));
    CHECK(!yes);
}

TEST_EACH_STORE(an_existing_login_is_never_taken_over)
{
    World       w = world(store, a);
    PersonDraft d = { .login = S("root"), .name = S("Somebody else"), .unit = w.b };
    PersonId    id = { 0 };
    Person      p  = { 0 };
    CHECK_ERR(person_create(w.db, a, &d, w.admin_a, w.now, &id), ERR_CONFLICT);
    CHECK_OK(person_by_login(w.db, a, S("ROOT"), &p));
    CHECK_STR(p.name, S("root"));
    CHECK_INT(p.unit.v, w.nation.v);
}

TEST_EACH_STORE(the_list_shows_people_of_ones_own_units)
{
    World        w      = world(store, a);
    UnitIds      within = { 0 };
    People       list   = { 0 };
    int64_t      all;
    PersonDraft  d      = { .login = S("phuong"), .name = S("Nguyễn Thị Phượng"), .unit = w.commune };
    PersonId     id;
    CHECK_OK(person_create(w.db, a, &d, (PersonId){ 0 }, w.now, &id));
    world_person(&w, a, S("other"), w.b);
    CHECK_OK(may_where(w.db, a, w.admin_a, RIGHT_PERSON_READ, w.today, &within));
    PersonFilter f = { .within = &within, .today = w.today, .limit = 10 };
    CHECK_OK(person_list(w.db, a, &f, &list, &all));
    CHECK_INT(all, 2);                                             /* admin-a and phuong */
    f.text = S("phuong");
    CHECK_OK(person_list(w.db, a, &f, &list, &all));
    CHECK(all == 1 && list.at[0].id.v == id.v);
    f.text = S("Phượng");
    CHECK_OK(person_list(w.db, a, &f, &list, &all));
    CHECK_INT(all, 1);
    f = (PersonFilter){ .within = &within, .today = w.today, .limit = 10, .role = ROLE_UNIT_ADMIN };
    CHECK_OK(person_list(w.db, a, &f, &list, &all));
    CHECK(all == 1 && list.at[0].id.v == w.admin_a.v);
    f = (PersonFilter){ .within = &within, .today = w.today, .limit = 1, .offset = 1 };
    CHECK_OK(person_list(w.db, a, &f, &list, &all));
    CHECK(all == 2 && list.len == 1);
}

TEST_EACH_STORE(holders_of_a_right_come_from_the_unit_and_above)
{
    World    w = world(store, a);
    Holders  h = { 0 };
    PersonId p = world_person(&w, a, S("lan"), w.commune);
    world_grant(&w, a, p, ROLE_UNIT_ADMIN, w.commune);
    CHECK_OK(right_holders(w.db, a, RIGHT_PERSON_READ, w.commune, w.today, &h));
    CHECK(h.len == 3 && h.at[0].person.v == p.v);                  /* lan, admin-a, root */
    CHECK_OK(right_holders(w.db, a, RIGHT_PERSON_READ, w.b, w.today, &h));
    CHECK(h.len == 1 && h.at[0].person.v == w.root.v);
}

/* ---- Sessions ------------------------------------------------------------------------------------------- */

static SessionStep step_of(World *w, Arena *a, Str token, Time now)
{
    Session s = { 0 };
    Err     e = session_load(w->db, a, token, now, &s);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "session_load: %.*s", STR_ARG(e->detail));
    return s.step;
}

static Time later(World *w, int64_t ms) { return (Time){ w->now.ms + ms }; }

TEST_EACH_STORE(a_session_ends_after_thirty_idle_minutes)
{
    World    w = world(store, a);
    PersonId p = world_person(&w, a, S("learner"), w.a);
    Str      token;
    CHECK_OK(session_open(w.db, a, p, S("203.0.113.7"), S("test"), w.now, &token));
    CHECK_INT(step_of(&w, a, token, later(&w, 30 * MS_MINUTE - 1)), SESSION_FULL);
    CHECK_INT(step_of(&w, a, token, later(&w, 30 * MS_MINUTE)), SESSION_NONE);
    CHECK_INT(step_of(&w, a, S("guess"), w.now), SESSION_NONE);
    CHECK_INT(step_of(&w, a, S(""), w.now), SESSION_NONE);
}

TEST_EACH_STORE(a_used_session_ends_after_twelve_hours)
{
    World    w = world(store, a);
    PersonId p = world_person(&w, a, S("learner"), w.a);
    Str      token;
    CHECK_OK(session_open(w.db, a, p, S("203.0.113.7"), S("test"), w.now, &token));
    Session s = { 0 };
    for (int64_t ms = 0; ms < 12 * MS_HOUR; ms += 20 * MS_MINUTE) {
        CHECK_OK(session_load(w.db, a, token, later(&w, ms), &s));
        CHECK_INT(s.step, SESSION_FULL);
        if (session_touch_due(&s, later(&w, ms)))
            CHECK_OK(session_touch(w.db, &s, later(&w, ms)));
    }
    CHECK_INT(step_of(&w, a, token, later(&w, 12 * MS_HOUR - 1)), SESSION_FULL);
    CHECK_INT(step_of(&w, a, token, later(&w, 12 * MS_HOUR)), SESSION_NONE);
}

TEST_EACH_STORE(a_session_is_renewed_and_the_old_token_is_dead)
{
    World   w = world(store, a);
    Str     old, token;
    Session s = { 0 };
    StrList codes;
    CHECK_OK(session_open(w.db, a, w.root, S("203.0.113.7"), S("test"), w.now, &old));
    CHECK_INT(step_of(&w, a, old, w.now), SESSION_ENROL_TOTP);     /* the role asks for it */
    CHECK_OK(totp_enrol(w.db, a, w.root, S("12345678901234567890"), w.key, 0, w.now, &codes));
    CHECK_INT(codes.len, 10);
    CHECK_INT(step_of(&w, a, old, w.now), SESSION_SECOND_FACTOR);
    CHECK_OK(session_load(w.db, a, old, w.now, &s));
    CHECK_INT(s.confirmed_at.ms, w.now.ms);
    CHECK_OK(session_pass(w.db, a, &s, true, w.now, &token));
    CHECK_INT(step_of(&w, a, old, w.now), SESSION_NONE);
    CHECK_INT(step_of(&w, a, token, w.now), SESSION_FULL);
    CHECK_ERR(session_pass(w.db, a, &s, true, w.now, &token), ERR_SIGN_IN);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM sessions")), 1);
}

TEST_EACH_STORE(disabling_ends_every_session_at_once)
{
    World    w = world(store, a);
    PersonId p = world_person(&w, a, S("learner"), w.a);
    Str      one, two;
    int64_t  ended;
    CHECK_OK(session_open(w.db, a, p, S("203.0.113.7"), S("x"), w.now, &one));
    CHECK_OK(session_open(w.db, a, p, S("203.0.113.8"), S("y"), w.now, &two));
    Sessions list = { 0 };
    CHECK_OK(session_list(w.db, a, p, w.now, &list));
    CHECK_INT(list.len, 2);
    CHECK_OK(session_end_all(w.db, p, sha256_hex(a, one), &ended));
    CHECK_INT(ended, 1);
    CHECK_INT(step_of(&w, a, one, w.now), SESSION_FULL);
    CHECK_INT(step_of(&w, a, two, w.now), SESSION_NONE);
    CHECK_OK(person_disable(w.db, p, w.now));
    CHECK_INT(step_of(&w, a, one, w.now), SESSION_NONE);
}

TEST_EACH_STORE(a_new_role_asks_an_open_session_for_the_second_factor)
{
    World    w = world(store, a);
    PersonId p = world_person(&w, a, S("lan"), w.a);
    Str      token;
    world_grant(&w, a, p, ROLE_LEARNER, w.a);
    CHECK_OK(session_open(w.db, a, p, S("203.0.113.7"), S("x"), w.now, &token));
    CHECK_INT(step_of(&w, a, token, w.now), SESSION_FULL);
    world_grant(&w, a, p, ROLE_OFFICER, w.a);
    CHECK_INT(step_of(&w, a, token, w.now), SESSION_ENROL_TOTP);
}

/* ---- Signing in ------------------------------------------------------------------------------------------ */

static PersonId with_password(World *w, Arena *a, Str login, Str password)
{
    PersonId p = world_person(w, a, login, w->a);
    Str      hash;
    Err      e = password_hash(a, password, &hash);
    if (!e)
        e = password_save(w->db, p, hash, w->now);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "password: %.*s", STR_ARG(e->detail));
    return p;
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

TEST_EACH_STORE(the_right_password_opens_a_session)
{
    World  w = world(store, a);
    PersonId p = with_password(&w, a, S("lan"), S("rừng thông 4 mùa"));
    SignIn s = { .login = S(" LAN "), .address = S("203.0.113.7"), .agent = S("test"), .now = w.now };
    int64_t before = password_hash_count();
    CHECK_OK(sign_in_load(w.db, a, &s));
    CHECK_INT(s.person.v, p.v);
    bool fits = password_fits(s.stored, S("rừng thông 4 mùa"));
    CHECK(fits && !password_fits(s.stored, S("rừng thông 4 mua")));
    CHECK_INT(password_hash_count() - before, 2);
    CHECK_OK(sign_in_done(w.db, a, &s, fits, S("")));
    CHECK_INT(s.state, SIGN_IN_PASSED);
    CHECK_INT(step_of(&w, a, s.token, w.now), SESSION_FULL);
    SignIn ghost = { .login = S("nobody"), .address = S("203.0.113.7"), .now = w.now };
    CHECK_OK(sign_in_load(w.db, a, &ghost));
    CHECK_STR(ghost.stored, password_nobody());                    /* compared all the same: one hash */
}

TEST_EACH_STORE(old_parameters_are_rehashed_at_sign_in)
{
    World w = world(store, a);
    PersonId p = with_password(&w, a, S("lan"), S("rừng thông 4 mùa"));
    char  weak[crypto_pwhash_STRBYTES];
    Str   password = S("rừng thông 4 mùa"), fresh, stored;
    CHECK_INT(crypto_pwhash_str_alg(weak, password.at, password.len, 1, 8 << 20, crypto_pwhash_ALG_ARGON2ID13), 0);
    CHECK_OK(password_save(w.db, p, str_from_c(weak), w.now));
    SignIn s = { .login = S("lan"), .address = S("203.0.113.7"), .now = w.now };
    CHECK_OK(sign_in_load(w.db, a, &s));
    CHECK(password_fits(s.stored, password) && password_stale(s.stored));
    CHECK_OK(password_hash(a, password, &fresh));
    CHECK_OK(sign_in_done(w.db, a, &s, true, fresh));
    CHECK_OK(password_stored(w.db, a, p, &stored));
    CHECK(!password_stale(stored) && password_fits(stored, password));
}

TEST_EACH_STORE(many_addresses_on_one_account_wait_and_the_owner_does_not)
{
    World w = world(store, a);
    with_password(&w, a, S("lan"), S("x"));
    CHECK_INT(sign_in(&w, a, S("lan"), true, S("198.51.100.1"), w.now).state, SIGN_IN_PASSED);     /* the owner's place */
    int tried = 0;
    for (int i = 0; i < 1000; i++) {
        Str address = arena_fmt(a, "10.%d.%d.1", i / 250, i % 250);
        tried += sign_in(&w, a, S("lan"), false, address, w.now).state == SIGN_IN_WRONG;
    }
    CHECK_INT(tried, 5);
    CHECK_INT(sign_in(&w, a, S("lan"), true, S("203.0.113.9"), w.now).state,
              SIGN_IN_WAIT); /* right, but from elsewhere */
    CHECK_INT(sign_in(&w, a, S("lan"), true, S("198.51.100.77"), w.now).state,
              SIGN_IN_PASSED); /* same prefix as before */
    CHECK_INT(sign_in(&w, a, S("lan"), true, S("203.0.113.9"), later(&w, 31 * MS_SECOND)).state, SIGN_IN_PASSED);
}

TEST_EACH_STORE(one_address_on_many_accounts_waits)
{
    World w = world(store, a);
    with_password(&w, a, S("lan"), S("x"));
    int tried = 0;
    for (int i = 0; i < 1000; i++)
        tried += sign_in(&w, a, arena_fmt(a, "guess%d", i), false, arena_fmt(a, "10.1.1.%d", i % 250), w.now).state ==
                 SIGN_IN_WRONG;
    CHECK_INT(tried, 50);
    CHECK_INT(sign_in(&w, a, S("lan"), true, S("10.1.1.9"), w.now).state, SIGN_IN_WAIT);
    CHECK_INT(sign_in(&w, a, S("lan"), true, S("10.1.2.9"), w.now).state, SIGN_IN_PASSED);
    SignIn exempt = { .login = S("lan"), .address = S("10.1.1.9"), .exempt = true, .now = w.now };
    CHECK_OK(sign_in_load(w.db, a, &exempt));
    CHECK_INT(exempt.state, SIGN_IN_OPEN);
    CHECK_INT(sign_in(&w, a, S("lan"), true, S("10.1.1.9"), later(&w, MS_HOUR)).state, SIGN_IN_PASSED);
}

TEST_EACH_STORE(what_is_typed_as_a_name_is_kept_as_a_hash)
{
    World w = world(store, a);
    sign_in(&w, a, S("my-secret-password"), false, S("203.0.113.9"), w.now);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM sign_in_limits WHERE subject LIKE '%secret%'")), 0);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM sign_in_limits")), 2);
}

TEST_EACH_STORE(a_code_works_once_and_guessing_waits)
{
    World     w = world(store, a);
    StrList   codes;
    CodeCheck c;
    Str       secret = S("12345678901234567890");
    CHECK_OK(totp_enrol(w.db, a, w.root, secret, w.key, 0, w.now, &codes));
    CHECK_ERR(totp_enrol(w.db, a, w.root, secret, w.key, 0, w.now, &codes), ERR_CONFLICT);
    Str code = totp_code(a, secret, totp_step(w.now));
    CHECK_OK(code_check(w.db, a, w.root, code, w.key, NULL, w.now, &c));
    CHECK_INT(c.state, SIGN_IN_PASSED);
    CHECK_OK(code_check(w.db, a, w.root, code, w.key, NULL, w.now, &c));
    CHECK_INT(c.state, SIGN_IN_WRONG);                             /* the same code again */
    for (int i = 0; i < 4; i++)
        CHECK_OK(code_check(w.db, a, w.root, S("000000"), w.key, NULL, w.now, &c));
    CHECK_INT(c.state, SIGN_IN_WRONG);
    Str next = totp_code(a, secret, totp_step(w.now) + 1);
    CHECK_OK(code_check(w.db, a, w.root, next, w.key, NULL, w.now, &c));
    CHECK_INT(c.state, SIGN_IN_WAIT);
    CHECK_OK(code_check(w.db, a, w.root, next, w.key, NULL, later(&w, 30 * MS_SECOND), &c));
    CHECK_INT(c.state, SIGN_IN_PASSED);
}

TEST_EACH_STORE(a_recovery_code_works_once_and_new_ones_replace_the_old)
{
    World     w = world(store, a);
    StrList   codes = { 0 }, fresh = { 0 };
    CodeCheck c;
    CHECK_OK(totp_enrol(w.db, a, w.root, S("12345678901234567890"), w.key, 0, w.now, &codes));
    CHECK_OK(code_check(w.db, a, w.root, str_lower_ascii(a, codes.at[3]), w.key, NULL, w.now, &c));
    CHECK(c.state == SIGN_IN_PASSED && c.by_recovery && c.recovery_left == 9);
    CHECK_OK(code_check(w.db, a, w.root, codes.at[3], w.key, NULL, w.now, &c));
    CHECK_INT(c.state, SIGN_IN_WRONG);
    CHECK_OK(recovery_renew(w.db, a, w.root, w.key, &fresh));
    CHECK_OK(code_check(w.db, a, w.root, codes.at[4], w.key, NULL, w.now, &c));
    CHECK_INT(c.state, SIGN_IN_WRONG);
    CHECK_OK(code_check(w.db, a, w.root, fresh.at[0], w.key, NULL, w.now, &c));
    CHECK_INT(c.state, SIGN_IN_PASSED);
    CHECK_OK(totp_remove(w.db, w.root));
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM recovery_codes")), 0);
}

TEST_EACH_STORE(a_reset_link_works_once_within_thirty_minutes)
{
    World      w = world(store, a);
    PersonId   p = with_password(&w, a, S("lan"), S("x"));
    Str        token, second, session;
    SignInLink l = { 0 };
    CHECK_OK(session_open(w.db, a, p, S("203.0.113.7"), S("x"), w.now, &session));
    CHECK_OK(link_make(w.db, a, p, LINK_RESET, w.root, w.now, &token));
    CHECK(token.len >= 43);
    CHECK_ERR(link_load(w.db, a, S("wrong"), w.now, &l), ERR_GONE);
    CHECK_ERR(link_load(w.db, a, token, later(&w, 30 * MS_MINUTE), &l), ERR_GONE);
    CHECK_OK(link_load(w.db, a, token, later(&w, 30 * MS_MINUTE - 1), &l));
    CHECK_OK(link_make(w.db, a, p, LINK_RESET, w.root, w.now, &second));
    CHECK_ERR(link_load(w.db, a, token, w.now, &l), ERR_GONE);     /* replaced */
    CHECK_OK(link_load(w.db, a, second, w.now, &l));
    CHECK_OK(link_use(w.db, a, &l, S("$argon2id$new"), w.now));
    CHECK_ERR(link_use(w.db, a, &l, S("$argon2id$new"), w.now), ERR_GONE);
    CHECK_INT(step_of(&w, a, session, w.now), SESSION_NONE);
    CHECK_OK(link_make(w.db, a, p, LINK_RESET, w.root, w.now, &token));
    CHECK_ERR(link_make(w.db, a, p, LINK_RESET, w.root, w.now, &token), ERR_TOO_MANY);
    CHECK_OK(link_make(w.db, a, p, LINK_RESET, w.root, later(&w, MS_HOUR + 1), &token));
}

TEST_EACH_STORE(disabling_kills_open_links_for_good)
{
    World      w = world(store, a);
    PersonId   p = with_password(&w, a, S("lan"), S("x"));
    Str        token;
    SignInLink l = { 0 };
    CHECK_OK(link_make(w.db, a, p, LINK_RESET, w.root, w.now, &token));
    CHECK_OK(person_disable(w.db, p, w.now));
    CHECK_ERR(link_load(w.db, a, token, w.now, &l), ERR_GONE);
    CHECK_ERR(link_make(w.db, a, p, LINK_RESET, w.root, w.now, &token), ERR_CONFLICT);
    CHECK_OK(person_enable(w.db, p));
    CHECK_ERR(link_load(w.db, a, token, w.now, &l), ERR_GONE);
}

TEST_EACH_STORE(peer_cve_2023_48220_a_reset_does_not_revive_an_expired_invitation)
{
    World      w = world(store, a);
    PersonId   p = world_person(&w, a, S("invited"), w.a);
    Str        token;
    SignInLink l = { 0 };
    CHECK_OK(link_make(w.db, a, p, LINK_INVITE, w.root, w.now, &token));
    CHECK_OK(link_load(w.db, a, token, later(&w, 24 * MS_HOUR - 1), &l));
    CHECK_ERR(link_load(w.db, a, token, later(&w, 24 * MS_HOUR), &l), ERR_GONE);
    CHECK_ERR(link_make(w.db, a, p, LINK_RESET, w.root, later(&w, 25 * MS_HOUR), &token), ERR_CONFLICT);
}

TEST_EACH_STORE(a_reset_leaves_the_second_factor_as_it_was)
{
    World      w = world(store, a);
    StrList    codes;
    SignInLink l = { 0 };
    Person     p = { 0 };
    Str        token;
    PersonId   who = with_password(&w, a, S("lan"), S("x"));
    world_grant(&w, a, who, ROLE_OFFICER, w.a);
    CHECK_OK(totp_enrol(w.db, a, who, S("12345678901234567890"), w.key, 0, w.now, &codes));
    CHECK_OK(link_make(w.db, a, who, LINK_RESET, w.root, w.now, &token));
    CHECK_OK(link_load(w.db, a, token, w.now, &l));
    CHECK_OK(link_use(w.db, a, &l, S("$argon2id$new"), w.now));
    CHECK_OK(person_load(w.db, a, who, &p));
    CHECK(p.has_totp);
    CHECK_OK(session_open(w.db, a, who, S("203.0.113.7"), S("x"), w.now, &token));
    CHECK_INT(step_of(&w, a, token, w.now), SESSION_SECOND_FACTOR);
}

TEST_EACH_STORE(the_first_administrator_comes_by_an_invitation)
{
    World       w = world(store, a);
    PersonDraft d = { .login = S("chief"), .name = S("Chief"), .unit = w.nation };
    Str         token;
    SignInLink  l = { 0 };
    Person      p = { 0 };
    CHECK_OK(person_invite_first_admin(w.db, a, &d, w.today, w.now, &token));
    CHECK_OK(person_by_login(w.db, a, S("chief"), &p));
    CHECK(!p.has_password && can(&w, a, p.id, RIGHT_SYSTEM_MANAGE, w.nation, 0));
    CHECK_OK(link_load(w.db, a, token, later(&w, 23 * MS_HOUR), &l));
    CHECK_INT(l.purpose, LINK_INVITE);
}

TEST_EACH_STORE(the_demonstration_has_an_account_for_every_role)
{
    World      w = world(store, a);
    DemoPeople people = { 0 };
    bool       seen[ROLE_COUNT] = { false };
    CHECK_OK(person_create_demo(w.db, a, w.key, w.nation, w.a, w.today, w.now, &people));
    CHECK_INT(people.len, ROLE_COUNT + 2);             /* two clerks, two leaders, two appraisers: what two people have to agree on */
    for (size_t i = 0; i < people.len; i++) {
        Str stored, secret;
        const DemoPerson *p = &people.at[i];
        seen[p->role] = true;
        CHECK_OK(password_stored(w.db, a, p->id, &stored));
        CHECK_INT(password_check(*a, p->password, p->login, p->name), PASSWORD_GOOD);
        if (i == 0)
            CHECK(password_fits(stored, p->password));
        if (p->role != ROLE_LEARNER) {
            CHECK_OK(totp_secret_load(w.db, a, p->id, w.key, &secret));
            CHECK_STR(secret, p->totp_secret);
        }
    }
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++)
        CHECK(seen[r]);
}
