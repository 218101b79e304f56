/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sign-in and second factor against the database: counting failures, opening sessions, using up codes. */
#include "org/org.h"

/* ---- Counters ------------------------------------------------------------------------------------- */

static Err limit_load(Db *db, Str subject, LimitState *out)
{
    AUTO_STMT  q = db_prepare(db, SQL("SELECT failures, first_at, last_at FROM sign_in_limits WHERE subject = $1"));
    LimitState s = { 0 };
    bind_str(q, 1, subject);
    if (db_row(q))
        s = (LimitState){ col_int(q, 0), col_time(q, 1), col_time(q, 2) };
    TRY(db_done(q));
    *out = s;
    return OK;
}

static Err limit_count(Db *db, const LimitRule *rule, Str subject, Time now)
{
    LimitState s;
    TRY(limit_load(db, subject, &s));
    s           = limit_failed(rule, &s, now);
    AUTO_STMT q =
        db_prepare(db, SQL("INSERT INTO sign_in_limits (subject, failures, first_at, last_at) VALUES ($1, $2, $3, $4) "
                           "ON CONFLICT (subject) DO UPDATE SET failures = $2, first_at = $3, last_at = $4"));
    bind_str(q, 1, subject);
    bind_int(q, 2, s.failures);
    bind_time(q, 3, s.first_at);
    bind_time(q, 4, s.last_at);
    return db_run(q);
}

static Err limit_clear(Db *db, Str subject, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM sign_in_limits WHERE subject = $1 OR last_at < $2"));
    bind_str(q, 1, subject);
    bind_int(q, 2, now.ms - MS_DAY);
    return db_run(q);
}

static Err limit_wait(Db *db, const LimitRule *rule, Str subject, Time now, Time *wait)
{
    LimitState s;
    TRY(limit_load(db, subject, &s));
    Time until = limit_until(rule, &s, now);
    if (until.ms > wait->ms)
        *wait = until;
    return OK;
}

/* ---- Password ------------------------------------------------------------------------------------- */

static Err place_known(Db *db, PersonId person, Str prefix, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM sign_in_places WHERE person_id = $1 AND prefix = $2"));
    bind_int(q, 1, person.v);
    bind_str(q, 2, prefix);
    *out = db_row(q);
    return db_done(q);
}

static Err place_save(Db *db, PersonId person, Str prefix, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO sign_in_places (person_id, prefix, last_at) VALUES ($1, $2, $3) "
                                     "ON CONFLICT (person_id, prefix) DO UPDATE SET last_at = $3"));
    bind_int(q, 1, person.v);
    bind_str(q, 2, prefix);
    bind_time(q, 3, now);
    return db_run(q);
}

static Err sign_in_person(Db *db, Arena *a, SignIn *s, Str login)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, password_hash, disabled_at FROM people WHERE login = $1"));
    s->stored   = password_nobody();
    bind_str(q, 1, login);
    if (db_row(q)) {
        s->person   = (PersonId){ col_int(q, 0) };
        s->disabled = !col_null(q, 2);
        if (!col_null(q, 1))
            s->stored = arena_str(a, col_str(q, 1));
    }
    return db_done(q);
}

static Err sign_in_wait(Db *db, SignIn *s)
{
    s->wait_until = s->now;
    TRY(limit_wait(db, &s->limits.account, s->subject_account, s->now, &s->wait_until));
    if (!s->exempt)
        TRY(limit_wait(db, &s->limits.network, s->subject_prefix, s->now, &s->wait_until));
    s->state = s->wait_until.ms > s->now.ms ? SIGN_IN_WAIT : SIGN_IN_OPEN;
    return OK;
}

Err sign_in_load(Db *db, Arena *a, SignIn *s)
{
    if (s->limits.account.failures == 0)
        s->limits = sign_in_limits(0, 0, 0);
    Str  login  = str_lower_ascii(a, str_trim(s->login));
    Str  prefix = address_prefix(a, s->address);
    bool known  = false;
    TRY(sign_in_person(db, a, s, login));
    if (s->person.v)
        TRY(place_known(db, s->person, prefix, &known));
    /* What was typed as a name may be a password: only its hash is kept. */
    s->subject_account = arena_fmt(a, "a:%.32s%s%.*s", sha256_hex(a, login).at, known ? "@" : "",
                                   known ? (int)prefix.len : 0, prefix.at);
    s->subject_prefix  = arena_fmt(a, "p:%.*s", STR_ARG(prefix));
    return sign_in_wait(db, s);
}

Err sign_in_done(Db *db, Arena *a, SignIn *s, bool fits, Str rehashed)
{
    TRY(sign_in_wait(db, s));                          /* others may have failed while we compared */
    if (s->state == SIGN_IN_WAIT)
        return OK;
    if (!fits || s->person.v == 0 || s->disabled) {
        s->state = SIGN_IN_WRONG;
        TRY(limit_count(db, &s->limits.account, s->subject_account, s->now));
        return s->exempt ? OK : limit_count(db, &s->limits.network, s->subject_prefix, s->now);
    }
    if (rehashed.len) {
        AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET password_hash = $2 WHERE id = $1 AND password_hash = $3"));
        bind_int(q, 1, s->person.v);
        bind_str(q, 2, rehashed);
        bind_str(q, 3, s->stored);
        TRY(db_run(q));
    }
    TRY(limit_clear(db, s->subject_account, s->now));
    s->state = SIGN_IN_PASSED;
    if (s->confirm_only)
        return OK;
    AUTO_STMT seen = db_prepare(
        db,
        SQL("UPDATE people SET last_sign_in = $2 WHERE id = $1 AND password_hash IS NOT NULL AND disabled_at IS NULL"));
    bind_int(seen, 1, s->person.v);
    bind_time(seen, 2, s->now);
    TRY(db_run(seen));
    TRY(session_open(db, a, s->person, s->address, s->agent, s->now, &s->token));
    return place_save(db, s->person, address_prefix(a, s->address), s->now);
}

/* ---- Second factor -------------------------------------------------------------------------------- */

static Err totp_row(Db *db, Arena *a, PersonId person, Str *out_box, int64_t *out_last)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT totp_box, totp_last_step FROM people WHERE id = $1"));
    bind_int(q, 1, person.v);
    *out_box = S("");
    if (db_row(q)) {
        *out_box  = arena_str(a, col_blob(q, 0));
        *out_last = col_int(q, 1);
    }
    return db_done(q);
}

static Err secret_open(Arena *a, PersonId person, const uint8_t key[32], Str box, Str *out, bool *out_old)
{
    if (box.len == 0)
        return err_new(a, ERR_NOT_FOUND, S("the account has no second factor"));
    return totp_open(a, key, person.v, box, out, out_old) ? OK : err_new(a, ERR_INTERNAL, S("a second-factor secret does not open with this key"));
}

Err totp_secret_load(Db *db, Arena *a, PersonId person, const uint8_t key[32], Str *out)
{
    Str     box;
    int64_t last = 0;
    bool    old;
    TRY(totp_row(db, a, person, &box, &last));
    return secret_open(a, person, key, box, out, &old);
}

Err totp_last_step(Db *db, PersonId person, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT totp_last_step FROM people WHERE id = $1"));
    bind_int(q, 1, person.v);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

/* Marks the step as used; false when another request was first. */
static Err step_use(Db *db, PersonId person, int64_t step, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2"));
    bind_int(q, 1, person.v);
    bind_int(q, 2, step);
    TRY(db_run(q));
    *out = db_changes(q) == 1;
    return OK;
}

static Err secret_reseal(Db *db, PersonId person, Str box)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET totp_box = $2 WHERE id = $1"));
    bind_int(q, 1, person.v);
    bind_blob(q, 2, box);
    return db_run(q);
}

static Err recovery_use(Db *db, Arena *a, PersonId person, Str typed, const uint8_t key[32], Time now, bool *out)
{
    AUTO_STMT q = db_prepare(
        db, SQL("UPDATE recovery_codes SET used_at = $3 WHERE person_id = $1 AND code_hash = $2 AND used_at IS NULL"));
    bind_int(q, 1, person.v);
    bind_str(q, 2, recovery_hash(a, key, typed));
    bind_time(q, 3, now);
    TRY(db_run(q));
    *out = db_changes(q) == 1;
    return OK;
}

Err recovery_left(Db *db, PersonId person, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM recovery_codes WHERE person_id = $1 AND used_at IS NULL"));
    bind_int(q, 1, person.v);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err code_check(Db *db, Arena *a, PersonId person, Str typed, const uint8_t key[32], const LimitRule *rule, Time now,
               CodeCheck *out)
{
    CodeCheck c       = { .wait_until = now };
    LimitRule initial = sign_in_limits(0, 0, 0).code;
    if (!rule || rule->failures == 0)
        rule = &initial;
    Str       subject = arena_fmt(a, "c:%lld", (long long)person.v), secret, code = code_digits(a, typed);
    int64_t   last    = 0, step = 0;
    bool      fits    = false;
    TRY(limit_wait(db, rule, subject, now, &c.wait_until));
    if (c.wait_until.ms > now.ms) {
        c.state = SIGN_IN_WAIT;
        *out    = c;
        return OK;
    }
    Str  box;
    bool old;
    TRY(totp_row(db, a, person, &box, &last));
    TRY(secret_open(a, person, key, box, &secret, &old));
    if (totp_fits(secret, code, now, last, &step))
        TRY(step_use(db, person, step, &fits));
    else if (code.len == 10) {
        TRY(recovery_use(db, a, person, code, key, now, &fits));
        c.by_recovery = fits;
    }
    c.state = fits ? SIGN_IN_PASSED : SIGN_IN_WRONG;
    if (fits && old)
        TRY(secret_reseal(db, person, totp_seal(a, key, person.v, secret)));
    TRY(fits ? limit_clear(db, subject, now) : limit_count(db, rule, subject, now));
    TRY(recovery_left(db, person, &c.recovery_left));
    *out = c;
    return OK;
}

Err recovery_renew(Db *db, Arena *a, PersonId person, const uint8_t key[32], StrList *out_codes)
{
    StrList   codes = { 0 };
    AUTO_STMT old   = db_prepare(db, SQL("DELETE FROM recovery_codes WHERE person_id = $1"));
    bind_int(old, 1, person.v);
    TRY(db_run(old));
    for (int i = 0; i < RECOVERY_CODES; i++) {
        Str       code = recovery_code(a);
        AUTO_STMT q    = db_prepare(db, SQL("INSERT INTO recovery_codes (person_id, code_hash) VALUES ($1, $2)"));
        bind_int(q, 1, person.v);
        bind_str(q, 2, recovery_hash(a, key, code));
        TRY(db_run(q));
        *list_add(a, &codes) = code;
    }
    *out_codes = codes;
    return OK;
}

Err totp_enrol(Db *db, Arena *a, PersonId person, Str secret, const uint8_t key[32], int64_t step, Time now,
               StrList *out_codes)
{
    AUTO_STMT q = db_prepare(
        db,
        SQL("UPDATE people SET totp_box = $2, totp_at = $3, totp_last_step = $4 WHERE id = $1 AND totp_box IS NULL"));
    bind_int(q, 1, person.v);
    bind_blob(q, 2, totp_seal(a, key, person.v, secret));
    bind_time(q, 3, now);
    bind_int(q, 4, step);
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(a, ERR_CONFLICT, S("the account has a second factor already"));
    return recovery_renew(db, a, person, key, out_codes);
}

Err totp_remove(Db *db, PersonId person)
{
    AUTO_STMT q =
        db_prepare(db, SQL("UPDATE people SET totp_box = NULL, totp_at = NULL, totp_last_step = 0 WHERE id = $1"));
    bind_int(q, 1, person.v);
    TRY(db_run(q));
    AUTO_STMT codes = db_prepare(db, SQL("DELETE FROM recovery_codes WHERE person_id = $1"));
    bind_int(codes, 1, person.v);
    return db_run(codes);
}
