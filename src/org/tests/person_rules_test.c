/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules of accounts that need no database: roles, passwords, codes, waiting after failures. */
#include "base/test.h"
#include "org/org.h"

#include <sodium.h>

TEST(roles_and_rights_read_back_by_code)
{
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++) {
        Role back = ROLE_NONE;
        CHECK(role_parse(role_code((Role)r), &back) && back == (Role)r);
    }
    for (int r = 0; r < RIGHT_COUNT; r++) {
        Right back = RIGHT_COUNT;
        CHECK(right_code((Right)r).len && right_parse(right_code((Right)r), &back) && back == (Right)r);
    }
    Role none = ROLE_NONE;
    CHECK(!role_parse(S("none"), &none) && !role_parse(S(""), &none));
}

TEST(a_role_gives_only_what_stands_in_the_table)
{
    CHECK(role_gives(ROLE_SYSTEM_ADMIN, ROLE_SYSTEM_ADMIN));
    CHECK(role_gives(ROLE_UNIT_ADMIN, ROLE_OFFICER));
    CHECK(!role_gives(ROLE_UNIT_ADMIN, ROLE_SYSTEM_ADMIN));
    CHECK(!role_gives(ROLE_UNIT_ADMIN, ROLE_NATIONAL_ANALYST));
    CHECK(role_gives(ROLE_UNIT_ADMIN, ROLE_APPRAISER));        /* of their own seasons: who appraises what is assigned there */
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++)
        for (int g = ROLE_NONE + 1; g < ROLE_COUNT; g++)
            CHECK(!role_gives((Role)r, (Role)g) || role_holds((Role)r, RIGHT_GRANT_GIVE));
}

TEST(administrators_read_no_answers_and_publish_nothing)
{
    CHECK(!role_holds(ROLE_SYSTEM_ADMIN, RIGHT_SUBMISSION_READ));
    CHECK(!role_holds(ROLE_SYSTEM_ADMIN, RIGHT_ROUND_PUBLISH));
    CHECK(!role_holds(ROLE_OFFICER, RIGHT_ROUND_PUBLISH));     /* who runs a round does not publish it */
    for (int r = RIGHT_UNIT_READ; r < RIGHT_COUNT; r++)
        CHECK(!role_holds(ROLE_LEARNER, (Right)r));
    CHECK(role_needs_second_factor(ROLE_OFFICER) && !role_needs_second_factor(ROLE_LEARNER));
}

TEST(a_grant_holds_from_its_first_day_to_the_day_before_its_last)
{
    Date  d = date_from_ymd(2026, 11, 22);
    Grant g = { .from = d, .to = { d.day + 10 } };
    CHECK(!grant_active(&g, (Date){ d.day - 1 }));
    CHECK(grant_active(&g, d));
    CHECK(grant_active(&g, (Date){ d.day + 9 }));
    CHECK(!grant_active(&g, (Date){ d.day + 10 }));
    g.to = DATE_NONE;
    CHECK(grant_active(&g, (Date){ d.day + 10000 }));
    g.revoked_at = (Time){ 1 };
    CHECK(!grant_active(&g, d));
}

TEST(login_email_and_phone_have_their_letters)
{
    CHECK(login_valid(S("quantri.tinh")) && login_valid(S("a-1")) && login_valid(S("lan@noivu.gov.vn")));
    CHECK(!login_valid(S("ab")) && !login_valid(S("1abc")) && !login_valid(S("Lan")) && !login_valid(S("lan ánh")));
    CHECK(email_valid(S("a@b.vn")) && !email_valid(S("a@@b.vn")) && !email_valid(S("a b@c.vn")) && !email_valid(S("a@b")));
    CHECK(phone_valid(S("+84 (24) 3936 1234")) && !phone_valid(S("1234567")) && !phone_valid(S("0912x45678")));
}

TEST(passwords_of_eight_to_128_characters)
{
    CHECK_INT(password_check(*a, S("gà2 mèo"), S("lan"), S("Lan")), PASSWORD_SHORT);   /* 7 characters, 9 bytes */
    CHECK_INT(password_check(*a, S("gà 2 mèo"), S("lan"), S("Lan")), PASSWORD_GOOD);
    Buf b = buf_new(a, 200);
    for (int i = 0; i < 32; i++)
        buf_fmt(&b, "%c%d%c ", 'a' + i % 26, (i * 7) % 10, 'z' - i % 26);
    CHECK_INT(password_check(*a, buf_str(&b), S("lan"), S("Lan")), PASSWORD_GOOD);      /* 128 */
    buf_lit(&b, "x");
    CHECK_INT(password_check(*a, buf_str(&b), S("lan"), S("Lan")), PASSWORD_LONG);
}

TEST(common_and_patterned_passwords_are_refused)
{
    static const Str common[] = { S_INIT("12345678"),    S_INIT("Password1"), S_INIT("P@ssw0rd!"), S_INIT("Mật Khẩu"),
                                  S_INIT("matkhau2026"), S_INIT("1qaz2wsx"),  S_INIT("iloveyou"),  S_INIT("Anh yêu em"),
                                  S_INIT("qwerty123"),   S_INIT("admin@2026") };
    for (size_t i = 0; i < COUNT_OF(common); i++)
        if (password_check(*a, common[i], S("lan"), S("Lan")) == PASSWORD_GOOD)
            test_fail(__FILE_NAME__, __LINE__, "%.*s is taken", STR_ARG(common[i]));
    static const Str patterns[] = { S_INIT("aaaaaaaaaa"),  S_INIT("xyxyxyxyxy"), S_INIT("fghijklmno"),
                                    S_INIT("76543210987"), S_INIT("lkjhgfdsaa"), S_INIT("30041975"),
                                    S_INIT("19750430"),    S_INIT("k9k9k9k9") };
    for (size_t i = 0; i < COUNT_OF(patterns); i++)
        if (password_check(*a, patterns[i], S("lan"), S("Lan")) == PASSWORD_GOOD)
            test_fail(__FILE_NAME__, __LINE__, "%.*s is taken", STR_ARG(patterns[i]));
}

TEST(passwords_built_on_the_words_around_are_refused)
{
    CHECK_INT(password_check(*a, S("thuocdo-2026"), S("lan"), S("Lan")), PASSWORD_CONTEXT);
    CHECK_INT(password_check(*a, S("Gia Lai 2026!"), S("lan"), S("Lan")), PASSWORD_CONTEXT);
    CHECK_INT(password_check(*a, S("chuyenvien#77"), S("chuyenvien"), S("Lan")), PASSWORD_CONTEXT);
    CHECK_INT(password_check(*a, S("phuong.nguyen7"), S("cv01"), S("Nguyễn Thị Phượng")), PASSWORD_CONTEXT);
    CHECK_INT(password_check(*a, S("gialai con trâu tím"), S("lan"), S("Lan")), PASSWORD_GOOD);
    CHECK_INT(password_check(*a, S("rừng thông 4 mùa"), S("lan"), S("Lan")), PASSWORD_GOOD);
    CHECK_INT(password_check(*a, S("9F2K-QX7M-4ZPT-A1RD"), S("quantri"), S("Trần Quốc Bảo")), PASSWORD_GOOD);
}

TEST(a_password_fits_its_hash_and_no_other)
{
    Str hash = S("");
    int64_t before = password_hash_count();
    CHECK_OK(password_hash(a, S("rừng thông 4 mùa"), &hash));
    CHECK(str_starts(hash, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    CHECK(password_fits(hash, S("rừng thông 4 mùa")));
    CHECK(!password_fits(hash, S("rừng thông 4 mùa ")));
    CHECK(!password_stale(hash));
    CHECK_INT(password_hash_count() - before, 3);
    char weak[crypto_pwhash_STRBYTES];
    CHECK_INT(crypto_pwhash_str_alg(weak, "x", 1, 1, 8 << 20, crypto_pwhash_ALG_ARGON2ID13), 0);
    CHECK(password_stale(str_from_c(weak)) && password_fits(str_from_c(weak), S("x")));
}

TEST(nobody_has_a_well_formed_hash_at_todays_cost)
{
    CHECK(!password_fits(password_nobody(), S("")));
    CHECK(!password_fits(password_nobody(), S("rừng thông 4 mùa")));
    CHECK(!password_stale(password_nobody()));
}

/* RFC 6238 appendix B, SHA-1, the last six digits. */
TEST(totp_gives_the_codes_of_rfc_6238)
{
    Str secret = S("12345678901234567890");
    CHECK_STR(totp_code(a, secret, totp_step((Time){ 59 * MS_SECOND })), S("287082"));
    CHECK_STR(totp_code(a, secret, totp_step((Time){ INT64_C(1111111109) * MS_SECOND })), S("081804"));
    CHECK_STR(totp_code(a, secret, totp_step((Time){ INT64_C(20000000000) * MS_SECOND })), S("353130"));
    CHECK_STR(totp_base32(a, secret), S("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"));
}

TEST(a_code_fits_one_step_either_way_and_once)
{
    Str     secret = S("12345678901234567890");
    Time    now    = { INT64_C(1800000015000) };
    int64_t step   = totp_step(now), used = 0;
    for (int64_t d = -2; d <= 2; d++)
        CHECK_INT(totp_fits(secret, totp_code(a, secret, step + d), now, 0, &used), d >= -1 && d <= 1);
    CHECK(totp_fits(secret, totp_code(a, secret, step), now, 0, &used) && used == step);
    CHECK(!totp_fits(secret, totp_code(a, secret, step), now, used, &used));
    CHECK(!totp_fits(secret, totp_code(a, secret, step - 1), now, used, &used));
    CHECK(totp_fits(secret, totp_code(a, secret, step + 1), now, used, &used));
    CHECK(!totp_fits(S(""), S("123456"), now, 0, &used) && !totp_fits(secret, S("12345"), now, 0, &used));
}

TEST(a_sealed_secret_opens_with_its_key_only)
{
    uint8_t key[32] = { 1 }, other[32] = { 2 };
    bool    old;
    Str     secret  = S("12345678901234567890"), box = totp_seal(a, key, 7, secret), back = S("");
    CHECK(totp_open(a, key, 7, box, &back, &old) && !old);
    CHECK(!totp_open(a, key, 8, box, &back, &old));                        /* another account's row */
    CHECK_STR(back, secret);
    CHECK(!str_has(box, secret));
    CHECK(!totp_open(a, other, 7, box, &back, &old));
    char *bent = arena_c(a, box);
    bent[box.len - 1] ^= 1;
    CHECK(!totp_open(a, key, 7, (Str){ bent, box.len }, &back, &old));
    CHECK(!totp_open(a, key, 7, S("short"), &back, &old));
}

TEST(a_recovery_code_is_read_with_and_without_its_dash)
{
    uint8_t key[32] = { 7 };
    Str     code    = recovery_code(a);
    CHECK_INT(code.len, 11);
    CHECK_STR(recovery_hash(a, key, code), recovery_hash(a, key, str_lower_ascii(a, str_replace(a, code, S("-"), S(" ")))));
    CHECK(!str_eq(recovery_hash(a, key, code), recovery_hash(a, key, recovery_code(a))));
}

TEST(the_wait_begins_at_the_limit_grows_and_ends)
{
    LimitRule  rule = sign_in_limits(0, 0, 0).account;
    Time       now = { INT64_C(1800000000000) };
    LimitState s   = { 0 };
    for (int i = 0; i < 4; i++)
        s = limit_failed(&rule, &s, now);
    CHECK_INT(limit_until(&rule, &s, now).ms, now.ms);                        /* limit - 1 */
    s = limit_failed(&rule, &s, now);
    CHECK_INT(limit_until(&rule, &s, now).ms - now.ms, 30 * MS_SECOND);       /* limit */
    s = limit_failed(&rule, &s, now);
    CHECK_INT(limit_until(&rule, &s, now).ms - now.ms, 60 * MS_SECOND);       /* limit + 1 */
    for (int i = 0; i < 1000; i++)
        s = limit_failed(&rule, &s, now);
    CHECK_INT(limit_until(&rule, &s, now).ms - now.ms, 15 * MS_MINUTE);       /* never for good */
    Time later = { now.ms + 15 * MS_MINUTE };
    CHECK_INT(limit_until(&rule, &s, later).ms, later.ms);
    CHECK_INT(limit_failed(&rule, &s, later).failures, 1);
}

TEST(failures_far_apart_do_not_add_up)
{
    LimitRule  rule = sign_in_limits(0, 0, 0).account;
    Time       now = { INT64_C(1800000000000) };
    LimitState s   = { 0 };
    for (int i = 0; i < 20; i++, now.ms += 5 * MS_MINUTE) {
        s = limit_failed(&rule, &s, now);
        CHECK_INT(limit_until(&rule, &s, now).ms, now.ms);
    }
}

TEST(the_failures_allowed_are_settings)
{
    LimitRule  rule = sign_in_limits(7, 0, 0).account;
    Time       now  = { INT64_C(1800000000000) };
    LimitState s    = { 6, now, now };
    CHECK_INT(limit_until(&rule, &s, now).ms, now.ms);
    s = limit_failed(&rule, &s, now);
    CHECK_INT(limit_until(&rule, &s, now).ms - now.ms, 30 * MS_SECOND);
    CHECK_INT(sign_in_limits(0, 9, 0).network.failures, 9);
    CHECK_INT(sign_in_limits(0, 0, 3).code.failures, 3);
}

TEST(addresses_count_by_their_prefix)
{
    CHECK_STR(address_prefix(a, S("203.0.113.77")), S("203.0.113.0/24"));
    CHECK_STR(address_prefix(a, S("::ffff:203.0.113.77")), S("203.0.113.0/24"));
    CHECK_STR(address_prefix(a, S("2001:db8:1:2ff:3::9")), S("2001:db8:1:200::/56"));
    CHECK_STR(address_prefix(a, S("unix")), S("unix"));
}

TEST(steps_of_a_sign_in_come_in_their_order)
{
    CHECK_INT(session_step(false, true, true, true), SESSION_SECOND_FACTOR);
    CHECK_INT(session_step(false, false, true, false), SESSION_ENROL_TOTP);
    CHECK_INT(session_step(true, true, true, true), SESSION_CHANGE_PASSWORD);
    CHECK_INT(session_step(true, true, true, false), SESSION_FULL);
    CHECK_INT(session_step(false, false, false, false), SESSION_FULL);             /* a learner */
    CHECK_INT(session_step(false, true, false, false), SESSION_SECOND_FACTOR);     /* who has one uses it */
}
