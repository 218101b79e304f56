/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in and the console's pages of people, grants and audit, as a browser sees them. */
#include "app/tests/drive.h"

/* root administers the whole, mid the first province; lan works there as an officer. One password for all. */
typedef struct Office { Store *store; DriveUnits u; PersonId root, mid, lan; Str secret; } Office;
#define PASSWORD S("rừng thông 4 mùa")

static void must(Err e, int line)
{
    if (e)
        test_fail(__FILE_NAME__, line, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}
#define MUST(call) must((call), __LINE__)

static PersonId employ(Db *db, Arena *a, const AppInfo *app, const char *login, UnitId unit, Role role, Str hash)
{
    PersonDraft d  = { .login = str_from_c(login), .name = str_from_c(login), .unit = unit };
    PersonId    id = { 0 };
    GrantId     g;
    StrList     codes;
    uint8_t     key[32];
    app_key(app, "totp", key);
    MUST(person_create(db, a, &d, (PersonId){ 0 }, time_now(), &id));
    MUST(password_save(db, id, hash, time_now()));
    GrantDraft gd = { .person = id, .role = role, .unit = unit, .from = date_of(time_now()), .to = DATE_NONE };
    MUST(grant_give(db, a, (PersonId){ 0 }, &gd, gd.from, time_now(), &g));
    MUST(totp_enrol(db, a, id, S("12345678901234567890"), key, 0, time_now(), &codes));
    return id;
}

static Office office(Arena *a, Store *store)
{
    Office  o   = { .store = store, .secret = S("12345678901234567890") };
    Db     *db  = test_take(store, a);
    AppInfo app = drive_app(store);
    Str     hash = S("");
    MUST(password_hash(a, PASSWORD, &hash));
    MUST(db_begin_write(db));
    o.u    = drive_units(db, a);
    o.root = employ(db, a, &app, "root", o.u.nation, ROLE_SYSTEM_ADMIN, hash);
    o.mid  = employ(db, a, &app, "mid", o.u.first, ROLE_UNIT_ADMIN, hash);
    o.lan  = employ(db, a, &app, "lan", o.u.first, ROLE_OFFICER, hash);
    MUST(db_commit(db));
    return o;
}

static void sql(Office *o, Arena *a, Sql text)
{
    Db *db;
    MUST(store_take(o->store, a, &db));
    test_sql(db, text);
    store_give(o->store, &db);
}

static int64_t count(Office *o, Arena *a, Sql text)
{
    Db *db;
    MUST(store_take(o->store, a, &db));
    int64_t n = test_sql_int(db, text);
    store_give(o->store, &db);
    return n;
}

static Drive signed_in(Office *o, Arena *a, const char *login)
{
    Drive d = drive_new(a, o->store);
    sql(o, a, SQL("UPDATE people SET totp_last_step = 0"));
    drive_get(&d, S("/sign-in"));
    CHECK_INT(POST_TO(&d, S("/sign-in"), { "login", str_from_c(login) }, { "password", PASSWORD }).status, 303);
    drive_get(&d, S("/sign-in/code"));
    Seen s = POST_TO(&d, S("/sign-in/code"), { "code", totp_code(a, o->secret, totp_step(time_now())) },
                     { "back", S("/console/account") });
    CHECK_INT(s.status, 303);
    CHECK_STR(s.location, S("/console/account"));
    CHECK_INT(drive_get(&d, S("/console/account")).status, 200);
    return d;
}

/* ---- Signing in ------------------------------------------------------------------------------------------------ */

TEST_EACH_STORE(console_sign_in_takes_password_and_code)
{
    Office o = office(a, store);
    Drive  d = drive_new(a, o.store);
    Seen   s = drive_get(&d, S("/console/users?q=a"));
    CHECK_INT(s.status, 303);
    CHECK_STR(s.location, S("/sign-in?back=%2Fconsole%2Fusers%3Fq%3Da"));
    drive_get(&d, s.location);
    s = POST_TO(&d, S("/sign-in"), { "login", S("root") }, { "password", PASSWORD }, { "back", S("/console/users?q=a") });
    CHECK_INT(s.status, 303);
    Str half = drive_cookie(&d, "td-console");
    CHECK_INT(half.len, 43);
    CHECK(str_starts(s.location, S("/sign-in/code")) && !str_has(s.location, half));
    s = drive_get(&d, S("/console/users"));
    CHECK_STR(s.location, S("/sign-in/code"));                     /* nothing opens yet */
    s = drive_get(&d, S("/sign-in/code?back=/console/users?q=a"));
    CHECK(s.status == 200 && !str_has(s.body, half));
    CHECK_INT(POST_TO(&d, S("/sign-in/code"), { "code", S("000000") }).status, 422);
    s = POST_TO(&d, S("/sign-in/code"), { "code", totp_code(a, o.secret, totp_step(time_now())) },
                { "back", S("/console/users?q=a") });
    CHECK_STR(s.location, S("/console/users?q=a"));
    CHECK(!str_eq(drive_cookie(&d, "td-console"), half));          /* renewed with the second factor */
    Str cookie = http_field(&s.headers, S("set-cookie"));
    CHECK(str_has(cookie, S("HttpOnly")) && str_has(cookie, S("SameSite=Strict")) && str_has(cookie, S("Path=/")));
    CHECK_INT(drive_get(&d, S("/console/users")).status, 200);
}

TEST_EACH_STORE(console_wrong_name_and_wrong_password_look_and_cost_the_same)
{
    Office o = office(a, store);
    Drive  d = drive_new(a, o.store);
    drive_get(&d, S("/sign-in"));
    int64_t before = password_hash_count();
    Seen    known  = POST_TO(&d, S("/sign-in"), { "login", S("root") }, { "password", S("wrong password") });
    int64_t middle = password_hash_count();
    Seen    ghost  = POST_TO(&d, S("/sign-in"), { "login", S("rooo") }, { "password", S("wrong password") });
    CHECK_INT(known.status, 422);
    CHECK_INT(ghost.status, 422);
    CHECK_INT(middle - before, 1);
    CHECK_INT(password_hash_count() - middle, 1);
    CHECK_STR(str_replace(a, ghost.body, S("rooo"), S("root")), known.body);
    CHECK(!str_has(known.body, S("wrong password")));
    CHECK_STR(drive_cookie(&d, "td-console"), S(""));
}

TEST_EACH_STORE(console_five_failures_make_the_account_wait)
{
    Office o = office(a, store);
    Drive  d = drive_new(a, o.store);
    drive_get(&d, S("/sign-in"));
    for (int i = 0; i < 5; i++)
        CHECK_INT(POST_TO(&d, S("/sign-in"), { "login", S("lan") }, { "password", S("wrong password") }).status, 422);
    int64_t before = password_hash_count();
    Seen    s      = POST_TO(&d, S("/sign-in"), { "login", S("lan") }, { "password", PASSWORD });
    CHECK_INT(s.status, 429);
    CHECK(http_field(&s.headers, S("retry-after")).len > 0);
    CHECK_INT(password_hash_count() - before, 0);                  /* no work for somebody who must wait */
    CHECK_INT(POST_TO(&d, S("/sign-in"), { "login", S("mid") }, { "password", PASSWORD }).status, 303);
}

TEST_EACH_STORE(peer_cve_2025_64100_a_planted_session_is_not_taken)
{
    Office o = office(a, store);
    Drive  attacker = signed_in(&o, a, "lan"), victim = drive_new(a, o.store);
    Str    planted  = drive_cookie(&attacker, "td-console");
    sql(&o, a, SQL("UPDATE people SET totp_last_step = 0"));
    *list_add(a, &victim.cookies) = (HttpField){ S("td-console"), S("planted-value-of-an-attacker") };
    drive_get(&victim, S("/sign-in"));
    CHECK_INT(POST_TO(&victim, S("/sign-in"), { "login", S("root") }, { "password", PASSWORD }).status, 303);
    CHECK(!str_eq(drive_cookie(&victim, "td-console"), S("planted-value-of-an-attacker")));
    CHECK(!str_eq(drive_cookie(&victim, "td-console"), planted));
}

TEST_EACH_STORE(console_sign_out_ends_the_session)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "lan"), copy = d;
    drive_get(&d, S("/sign-out"));
    Seen s = POST_TO(&d, S("/sign-out"));
    CHECK_INT(s.status, 303);
    CHECK(str_has(http_field(&s.headers, S("clear-site-data")), S("cache")));
    copy.cookies = (HttpFields){ 0 };
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM sessions")), 0);
    CHECK(str_starts(drive_get(&copy, S("/console/account")).location, S("/sign-in")));
}

TEST_EACH_STORE(console_ways_back_stay_on_this_site)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "lan");
    static const Str away[] = { S_INIT("//evil.example/"), S_INIT("https://evil.example/"), S_INIT("/\\evil.example"),
                                S_INIT("/sign-in"), S_INIT("") };
    for (size_t i = 0; i < COUNT_OF(away); i++) {
        Seen s = drive_get(&d, str_concat(a, S("/sign-in?back="), url_encode(a, away[i])));
        CHECK_INT(s.status, 303);
        CHECK_STR(s.location, S("/console"));
    }
}

TEST_EACH_STORE(console_a_dangerous_act_asks_to_confirm_again)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "root");
    Str    page = arena_fmt(a, "/console/users/%lld/disable", (long long)o.lan.v);
    CHECK_INT(drive_get(&d, page).status, 200);
    sql(&o, a, SQL("UPDATE sessions SET confirmed_at = confirmed_at - 601000"));
    Seen s = drive_get(&d, page);
    CHECK_STR(s.location, str_concat(a, S("/confirm?back="), url_encode(a, page)));
    CHECK(str_starts(POST_TO(&d, page, { "reason", S("left") }).location, S("/confirm")));
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM people WHERE disabled_at IS NOT NULL")), 0);
    CHECK_INT(drive_get(&d, s.location).status, 200);
    CHECK_INT(POST_TO(&d, S("/confirm"), { "password", S("wrong") }, { "code", S("000000") }, { "back", page }).status,
              422);
    sql(&o, a, SQL("UPDATE people SET totp_last_step = 0"));
    s = POST_TO(&d, S("/confirm"), { "password", PASSWORD }, { "code", totp_code(a, o.secret, totp_step(time_now())) },
                { "back", page });
    CHECK_STR(s.location, page);
    CHECK_INT(drive_get(&d, page).status, 200);
}

/* ---- People and grants -------------------------------------------------------------------------------------------- */

TEST_EACH_STORE(console_makes_an_account_and_its_invitation_sets_the_password)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "mid"), guest = drive_new(a, o.store);
    drive_get(&d, S("/console/users/new"));
    Seen s = POST_TO(&d, S("/console/users/new"), { "login", S("mai") }, { "name", S("Trần Thị Mai") },
                     { "unit", S("ia grai") }, { "lang", S("vi") }, { "role", S("system_admin") },
                     { "disabled_at", S("1") });
    CHECK_INT(s.status, 200);
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM people WHERE login = 'mai' AND disabled_at IS NULL")), 1);
    CHECK_INT(
        count(&o, a, SQL("SELECT COUNT(*) FROM grants g JOIN people p ON p.id = g.person_id WHERE p.login = 'mai'")),
        0);
    size_t at;
    CHECK(str_find(s.body, S("http://localhost:8080/reset/"), &at));
    Str link = str_skip(str_cut(str_skip(s.body, at), '"').head, 21);
    CHECK_INT(drive_get(&guest, link).status, 200);
    CHECK_INT(drive_get(&guest, link).status, 200);                /* looking spends nothing */
    CHECK_INT(POST_TO(&guest, link, { "new", S("12345678") }, { "again", S("12345678") }).status, 422);
    CHECK_INT(POST_TO(&guest, link, { "new", PASSWORD }, { "again", S("other") }).status, 422);
    CHECK_INT(POST_TO(&guest, link, { "new", PASSWORD }, { "again", PASSWORD }).status, 303);
    CHECK_INT(POST_TO(&guest, link, { "new", PASSWORD }, { "again", PASSWORD }).status, 410);
    CHECK_INT(drive_get(&guest, link).status, 410);
}

TEST_EACH_STORE(peer_cve_2022_43685_an_existing_login_is_a_conflict)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "mid");
    drive_get(&d, S("/console/users/new"));
    Seen s = POST_TO(&d, S("/console/users/new"), { "login", S("ROOT") }, { "name", S("Mine now") },
                     { "unit", S("Gia Lai") });
    CHECK_INT(s.status, 409);
    CHECK(str_has(s.body, S("Mine now")));                         /* what was typed is kept */
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM people WHERE name = 'Mine now'")), 0);
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM sign_in_links")), 0);
}

TEST_EACH_STORE(console_units_of_others_are_not_to_be_chosen)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "mid");
    drive_get(&d, S("/console/users/new"));
    CHECK_INT(
        POST_TO(&d, S("/console/users/new"), { "login", S("spy") }, { "name", S("Spy") }, { "unit", S("Đắk Lắk") })
            .status,
        422);
    Str id = arena_fmt(a, "%lld", (long long)o.u.second.v);
    CHECK_INT(POST_TO(&d, S("/console/users/new"), { "login", S("spy") }, { "name", S("Spy") },
                      { "unit", S("Đắk Lắk") }, { "unit_id", id })
                  .status,
              422);
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM people WHERE login = 'spy'")), 0);
    Seen s = drive_get(&d, S("/console/users"));
    CHECK(str_has(s.body, S(">lan<")) && !str_has(s.body, S(">root<")));
}

static Seen grant_post(Drive *d, Str base, Str role, Str unit, Str reason)
{
    return POST_TO(d, str_concat(d->a, base, S("/grants/new")), { "role", role }, { "unit", unit }, { "from_day", S("01") },
                   { "from_month", S("01") }, { "from_year", S("2999") }, { "reason", reason });
}

TEST_EACH_STORE(console_gives_and_revokes_within_what_one_holds)
{
    Office o    = office(a, store);
    Drive  d    = signed_in(&o, a, "mid");
    Str    base = arena_fmt(a, "/console/users/%lld", (long long)o.lan.v), gia_lai = S("Tỉnh Gia Lai");
    CHECK_INT(drive_get(&d, str_concat(a, base, S("/grants/new"))).status, 200);
    Str  check = str_concat(a, base, S("/grants/check?from_day=01&from_month=01&from_year=2999&unit=Gia+Lai&role="));
    Seen s     = drive_get(&d, str_concat(a, check, S("editor")));
    CHECK_INT(s.status, 200);
    CHECK_INT(drive_get(&d, str_concat(a, check, S("auditor"))).status, 422);
    CHECK_INT(drive_get(&d, str_concat(a, check, S("nonsense"))).status, 422);
    CHECK_INT(grant_post(&d, base, S("auditor"), gia_lai, S("x")).status, 422);
    CHECK_INT(grant_post(&d, base, S("editor"), S("Đắk Lắk"), S("x")).status, 422);
    CHECK_INT(grant_post(&d, base, S("editor"), gia_lai, S("")).status, 422);
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM grants")), 3);
    CHECK_INT(grant_post(&d, base, S("editor"), gia_lai, S("new task")).status, 303);
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM grants WHERE role = 'editor' AND reason = 'new task'")), 1);
    CHECK_INT(grant_post(&d, base, S("editor"), gia_lai, S("twice")).status, 422);
    Str own = arena_fmt(a, "/console/users/%lld", (long long)o.mid.v);
    CHECK_INT(grant_post(&d, own, S("officer"), gia_lai, S("me too")).status, 422);
    Str revoke = arena_fmt(a, "%.*s/grants/%lld/revoke", STR_ARG(base),
                           (long long)count(&o, a, SQL("SELECT id FROM grants WHERE role = 'editor'")));
    CHECK_INT(drive_get(&d, revoke).status, 200);
    CHECK_INT(POST_TO(&d, revoke, { "reason", S("over") }).status, 303);
    CHECK_INT(POST_TO(&d, revoke, { "reason", S("over") }).status, 409);
    Str others = arena_fmt(a, "%.*s/grants/%lld/revoke", STR_ARG(base),
                           (long long)count(&o, a, SQL("SELECT id FROM grants WHERE role = 'system_admin'")));
    CHECK_INT(drive_get(&d, others).status, 404);                  /* somebody else's grant under this path */
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM audit_records WHERE action IN ('grant.give', 'grant.revoke')")), 2);
}

TEST_EACH_STORE(console_disabling_stops_the_next_request)
{
    Office o    = office(a, store);
    Drive  lan  = signed_in(&o, a, "lan"), mid = signed_in(&o, a, "mid");
    Str    page = arena_fmt(a, "/console/users/%lld/disable", (long long)o.lan.v);
    drive_get(&mid, page);
    CHECK_INT(POST_TO(&mid, page, { "reason", S("") }).status, 422);
    CHECK_INT(drive_get(&lan, S("/console/account")).status, 200);
    CHECK_INT(POST_TO(&mid, page, { "reason", S("left the office") }).status, 303);
    CHECK(str_starts(drive_get(&lan, S("/console/account")).location, S("/sign-in")));
    drive_get(&lan, S("/sign-in"));
    CHECK_INT(POST_TO(&lan, S("/sign-in"), { "login", S("lan") }, { "password", PASSWORD }).status, 422);
}

TEST_EACH_STORE(console_a_new_password_ends_other_sessions)
{
    Office o   = office(a, store);
    Drive  one = signed_in(&o, a, "lan"), two = signed_in(&o, a, "lan");
    drive_get(&one, S("/sign-in/password"));
    Str fresh = S("trâu đen gặm cỏ non");
    CHECK_INT(POST_TO(&one, S("/sign-in/password"), { "old", S("wrong") }, { "new", fresh }, { "again", fresh }).status,
              422);
    CHECK_INT(POST_TO(&one, S("/sign-in/password"), { "old", PASSWORD }, { "new", fresh }, { "again", fresh }).status, 303);
    CHECK_INT(drive_get(&one, S("/console/account")).status, 200);
    CHECK(str_starts(drive_get(&two, S("/console/account")).location, S("/sign-in")));
}

TEST_EACH_STORE(console_follows_the_persons_language)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "lan");
    CHECK(str_has(drive_get(&d, S("/console/account")).body, S("Tài khoản của tôi")));
    CHECK_INT(POST_TO(&d, S("/console/account/language"), { "lang", S("en") }).status, 303);
    CHECK(str_has(drive_get(&d, S("/console/account")).body, S("My account")));
}

/* ---- Audit ----------------------------------------------------------------------------------------------------------- */

TEST_EACH_STORE(console_audit_lists_verifies_and_exports)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "root");
    drive_get(&d, S("/console/users/new"));
    POST_TO(&d, S("/console/users/new"), { "login", S("mai") }, { "name", S("<img src=x onerror=alert(1)>") },
            { "unit", S("Gia Lai") });
    Seen s = drive_get(&d, S("/console/audit?action=person"));
    CHECK(s.status == 200 && str_has(s.body, S("Tạo tài khoản")) && !str_has(s.body, S("Đăng nhập bằng mật khẩu")));
    s = POST_TO(&d, S("/console/audit/verify"));
    CHECK(s.status == 200 && str_has(s.body, S("note-ok")));
    s = POST_TO(&d, S("/console/audit/export"), { "action", S("person") });
    CHECK_INT(s.status, 200);
    CHECK(str_has(http_field(&s.headers, S("content-disposition")), S("attachment")));
    CHECK(str_has(s.body, S("person.create")) && !str_has(s.body, S("session.password")));
    CHECK(!str_has(s.body, PASSWORD));
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'audit.export'")), 1);
}

TEST_EACH_STORE(console_refusals_are_recorded)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "lan");
    CHECK_INT(drive_get(&d, S("/console/audit")).status, 403);
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'access.refused'")), 1);
}

TEST(every_role_right_and_recorded_act_has_its_words)
{
    static const char *const acts[] = { "session.password",
                                        "session.refused",
                                        "session.wait",
                                        "session.code",
                                        "session.recovery",
                                        "session.confirm",
                                        "session.end",
                                        "session.ended_by_other",
                                        "person.create",
                                        "person.save",
                                        "person.contact",
                                        "person.password",
                                        "person.password_reset",
                                        "person.invitation_taken",
                                        "person.reset_link",
                                        "person.invite_link",
                                        "person.second_factor_on",
                                        "person.second_factor_off",
                                        "person.recovery_codes",
                                        "person.sessions_end",
                                        "person.disable",
                                        "person.enable",
                                        "grant.give",
                                        "grant.revoke",
                                        "audit.verify",
                                        "audit.export",
                                        "access.refused" };
    for (int l = 0; l < LANG_COUNT; l++) {
        for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++)
            CHECK(text_find((Lang)l, str_concat(a, S("role."), role_code((Role)r))).len > 0);
        for (int r = 0; r < RIGHT_COUNT; r++)
            CHECK(text_find((Lang)l, str_concat(a, S("right."), right_code((Right)r))).len > 0);
        for (size_t i = 0; i < COUNT_OF(acts); i++)
            CHECK(text_find((Lang)l, arena_fmt(a, "audit.action.%s", acts[i])).len > 0);
    }
}

/* ---- E-mail and telephone -------------------------------------------------------------------------------------- */

TEST_EACH_STORE(console_contact_is_shown_changed_and_found_but_stored_sealed)
{
    Office o    = office(a, store);
    Drive  d    = signed_in(&o, a, "mid");
    Str    base = arena_fmt(a, "/console/users/%lld", (long long)o.lan.v), edit = str_concat(a, base, S("/edit"));
    drive_get(&d, edit);
    Seen s = POST_TO(&d, edit, { "name", S("Lan") }, { "unit", S("Gia Lai") }, { "email", S("lan@") }, { "phone", S("0905123457") });
    CHECK(s.status == 422 && str_has(s.body, S("0905123457")));    /* what was typed is kept */
    s = POST_TO(&d, edit, { "name", S("Lan") }, { "unit", S("Gia Lai") }, { "email", S("lan@vidu.gov.vn") }, { "phone", S("0905123457") });
    CHECK_INT(s.status, 303);
    s = drive_get(&d, base);
    CHECK(str_has(s.body, S("lan@vidu.gov.vn")) && str_has(s.body, S("0905123457")));
    s = drive_get(&d, edit);
    CHECK(str_has(s.body, S("value=\"lan@vidu.gov.vn\"")) && str_has(s.body, S("value=\"0905123457\"")));
    CHECK(str_has(drive_get(&d, S("/console/users?q=LAN%40vidu.gov.vn")).body, base));
    CHECK(!str_has(drive_get(&d, S("/console/users?q=lam%40vidu.gov.vn")).body, base));
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM people WHERE email <> '' OR phone <> '' OR search LIKE '%vidu%'")), 0);
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM people WHERE contact_box IS NOT NULL AND email_key IS NOT NULL")), 1);
    Drive own = signed_in(&o, a, "lan");
    CHECK(str_has(drive_get(&own, S("/console/account")).body, S("lan@vidu.gov.vn")));
    CHECK(str_has(drive_get(&own, S("/console/account/contact")).body, S("value=\"0905123457\"")));
    CHECK_INT(POST_TO(&own, S("/console/account/contact"), { "email", S("moi@vidu.gov.vn") }, { "phone", S("") }).status, 303);
    s = drive_get(&own, S("/console/account"));
    CHECK(str_has(s.body, S("moi@vidu.gov.vn")) && !str_has(s.body, S("0905123457")));
}

TEST_EACH_STORE(console_contact_of_a_new_account_is_kept)
{
    Office o = office(a, store);
    Drive  d = signed_in(&o, a, "mid");
    drive_get(&d, S("/console/users/new"));
    Seen s = POST_TO(&d, S("/console/users/new"), { "login", S("mai") }, { "name", S("Mai") }, { "unit", S("Gia Lai") },
                     { "email", S("mai@vidu.gov.vn") }, { "phone", S("+84 905 123 457") });
    CHECK_INT(s.status, 200);
    int64_t id = count(&o, a, SQL("SELECT id FROM people WHERE login = 'mai'"));
    s = drive_get(&d, arena_fmt(a, "/console/users/%lld", (long long)id));
    CHECK(str_has(s.body, S("mai@vidu.gov.vn")) && str_has(s.body, S("+84 905 123 457")));
}

TEST_EACH_STORE(a_start_seals_contacts_of_older_versions_and_refuses_another_key)
{
    Office   o  = office(a, store);
    Instance in = { .dir = S("D"), .store = store, .info = drive_app(store), .lock_fd = -1 };
    sql(&o, a, SQL("UPDATE people SET email = 'lan@vidu.gov.vn', phone = '0905123457', search = 'lan lan lan@vidu.gov.vn' WHERE login = 'lan'"));
    CHECK_OK(instance_fill(a, &in));
    CHECK_INT(count(&o, a, SQL("SELECT COUNT(*) FROM people WHERE email <> '' OR phone <> '' OR search LIKE '%vidu%'")), 0);
    Drive own = signed_in(&o, a, "lan");
    Seen  s   = drive_get(&own, S("/console/account"));
    CHECK(str_has(s.body, S("lan@vidu.gov.vn")) && str_has(s.body, S("0905123457")));
    CHECK_OK(key_check(a, &in));
    in.info.key[0] ^= 1;
    Err e = key_check(a, &in);
    CHECK_ERR(e, ERR_CONFIG);
    CHECK(e && str_has(e->detail, S("master.key is not the key these data were made with")));
}
