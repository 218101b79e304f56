/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who asks: a phone by the key in its address, or an interviewer by name and password (Basic, over TLS alone). */
#include "openrosa/parts.h"

#include <pthread.h>
#include <sodium.h>

enum { SEEN_EVERY_MS = 60000, KNOWN_MOST = 256, KNOWN_MS = 600000 };

static Err refuse(Ctx *c, int status, bool *out_allowed)
{
    *out_allowed = false;
    if (status == 401)
        answer_header(c, S("www-authenticate"), S("Basic realm=\"thuocdo\""));
    openrosa_fail(c, status);
    return OK;
}

/* ---- Rounds --------------------------------------------------------------------------------------------- */
static Err add_rounds(Ctx *c, const Device *d, const DeviceRoundRows *ids, Caller *out)
{
    for (size_t i = 0; i < ids->len; i++) {
        CallerRound r = { .device = d->id, .form_id = ids->at[i].form_id };
        if (round_info(c->db, c->store, c->arena, ids->at[i].code, &r.info) == OK)
            r.round = r.info->round;
        else
            TRY(round_load(c->db, c->arena, ids->at[i].round, &r.round));
        *list_add(c->arena, &out->rounds) = r;
    }
    return OK;
}

/* Written at most once a minute; a failure costs nothing but a later "last seen". */
static void note_seen(Ctx *c, const Device *d)
{
    if (c->now.ms - d->seen_at.ms < SEEN_EVERY_MS || db_begin_write(c->db))
        return;
    if (device_seen(c->db, d->id, c->now) || db_commit(c->db))
        db_rollback(c->db);
}

/* ---- By key --------------------------------------------------------------------------------------------- */
/* A phone asks several times in a row. What its key opens is kept as rounds in use are: until any commit of this process but
 * those of answers, so that a key that is revoked here opens nothing from the next request on, and for one second at most. */
enum { KEPT_MOST = 128, KEPT_ROUNDS = 4, KEPT_MS = 1000, KEPT_TEXT = 252 };
typedef struct KeptRound { RoundId id; char form_id[KEPT_TEXT], code[KEPT_TEXT]; } KeptRound;
typedef struct Kept { const Store *store; uint64_t generation; int64_t until_ms; Sha256 sum; Device device; char name[KEPT_TEXT]; size_t n;
    KeptRound at[KEPT_ROUNDS]; } Kept;
static Kept            kept[KEPT_MOST];
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

static bool kept_find(Ctx *c, const Sha256 *sum, Kept *out)
{
    pthread_mutex_lock(&kept_lock);
    const Kept *k = &kept[sum->at[0] % KEPT_MOST];
    bool good = k->store == c->store && k->generation == store_generation(c->store) && monotonic_ms() < k->until_ms &&
                memcmp(k->sum.at, sum->at, sizeof sum->at) == 0;
    if (good)
        *out = *k;
    pthread_mutex_unlock(&kept_lock);
    return good;
}

/* With its name, which the offline page shows; nobody who asks reads its other texts. */
static void kept_put(Ctx *c, uint64_t generation, const Sha256 *sum, const Device *d, const DeviceRoundRows *ids)
{
    Kept k = { .store = c->store, .generation = generation, .until_ms = monotonic_ms() + KEPT_MS, .sum = *sum, .device = *d, .n = ids->len };
    k.device.name = k.device.login = k.device.revoke_reason = S("");
    if (ids->len > KEPT_ROUNDS || d->name.len >= KEPT_TEXT)
        return;
    memcpy(k.name, d->name.at, d->name.len);
    for (size_t i = 0; i < ids->len; i++) {
        const DeviceRound *r = &ids->at[i];
        if (r->form_id.len >= KEPT_TEXT || r->code.len >= KEPT_TEXT)
            return;
        k.at[i].id = r->round;
        memcpy(k.at[i].form_id, r->form_id.at, r->form_id.len);
        memcpy(k.at[i].code, r->code.at, r->code.len);
    }
    pthread_mutex_lock(&kept_lock);
    kept[sum->at[0] % KEPT_MOST] = k;
    pthread_mutex_unlock(&kept_lock);
}

static Err key_load(Ctx *c, Str key, Device *out, DeviceRoundRows *out_rounds)
{
    Sha256   sum        = sha256(key);
    uint64_t generation = store_generation(c->store);
    Kept    *k          = arena_new(c->arena, Kept, 1);
    if (kept_find(c, &sum, k)) {
        *out      = k->device;
        out->name = str_from_c(k->name);
        for (size_t i = 0; i < k->n; i++)
            *list_add(c->arena, out_rounds) = (DeviceRound){ k->at[i].id, str_from_c(k->at[i].form_id), str_from_c(k->at[i].code) };
        return OK;
    }
    TRY(device_by_key(c->db, c->arena, key, out));
    TRY(device_rounds(c->db, c->arena, out->id, out_rounds));
    kept_put(c, generation, &sum, out, out_rounds);
    return OK;
}

static Err by_key(Ctx *c, Str key, Caller *out, bool *out_allowed)
{
    Device          d;
    DeviceRoundRows rounds = { 0 };
    Err             e      = key_load(c, key, &d, &rounds);
    if (err_is(e, ERR_NOT_FOUND) || (!e && device_state(&d, c->today) != DEVICE_ACTIVE))
        return refuse(c, 403, out_allowed);
    TRY(e);
    *list_add(c->arena, &out->seen) = d;
    out->base = device_url(c->arena, site_base(c), key);
    return add_rounds(c, &d, &rounds, out);
}

/* ---- By name and password ----------------------------------------------------------------------------------
 * A phone sends them with each request, and comparing a password costs 20 ms by design: that a pair fits a stored hash is
 * remembered for ten minutes, under a key of this process. A new password is another stored hash and so another pair. */
typedef struct Known { uint8_t pair[32]; int64_t until_ms; } Known;
static Known           known[KNOWN_MOST];
static uint8_t         known_key[32];
static bool            known_ready;
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;

static void pair_of(Str stored, Str password, uint8_t out[32])
{
    crypto_generichash_state h;
    uint64_t                 len = stored.len;
    crypto_generichash_init(&h, known_key, sizeof known_key, 32);
    crypto_generichash_update(&h, (const unsigned char *)&len, sizeof len);
    crypto_generichash_update(&h, (const unsigned char *)stored.at, stored.len);
    crypto_generichash_update(&h, (const unsigned char *)password.at, password.len);
    crypto_generichash_final(&h, out, 32);
}

/* Looks a pair up, or keeps it. */
static bool pair_known(Str stored, Str password, bool keep)
{
    uint8_t pair[32];
    bool    found = false;
    pthread_mutex_lock(&known_lock);
    if (!known_ready)
        random_bytes(known_key, sizeof known_key);
    known_ready = true;
    pair_of(stored, password, pair);
    Known *at = &known[pair[0]];
    if (keep)
        *at = (Known){ .until_ms = monotonic_ms() + KNOWN_MS };
    if (keep)
        memcpy(at->pair, pair, sizeof pair);
    found = sodium_memcmp(at->pair, pair, sizeof pair) == 0 && monotonic_ms() < at->until_ms;
    pthread_mutex_unlock(&known_lock);
    return found;
}

static bool basic_read(Ctx *c, Str *out_login, Str *out_password)
{
    StrPair p   = str_cut(http_field(&c->req->headers, S("authorization")), ' ');
    Str     in  = str_trim(p.tail);
    char   *at  = arena_take(c->arena, in.len + 1, 1, 1);
    size_t  len = 0;
    if (!str_eq_ascii_nocase(p.head, S("basic")) ||
        sodium_base642bin((unsigned char *)at, in.len + 1, in.at, in.len, NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL))
        return false;
    StrPair pair = str_cut((Str){ at, len }, ':');
    *out_login    = pair.head;
    *out_password = pair.tail;
    return utf8_valid(pair.head) && utf8_valid(pair.tail) && pair.head.len + 1 <= len;
}

/* One try, counted as one at the sign-in page; no session is opened. */
static Err password_tried(Ctx *c, SignIn *s, Str password, bool *out_fits)
{
    *out_fits = false;
    if (s->state == SIGN_IN_WAIT)
        return OK;
    if (!s->disabled && pair_known(s->stored, password, false)) {
        *out_fits = true;
        return OK;
    }
    bool fits = password_fits(s->stored, password);
    db_rollback(c->db);
    TRY(db_begin_write(c->db));
    TRY(sign_in_done(c->db, c->arena, s, fits, S("")));
    TRY(db_commit(c->db));
    TRY(db_begin_read(c->db));
    *out_fits = fits && s->state == SIGN_IN_PASSED;
    if (*out_fits)
        pair_known(s->stored, password, true);
    return OK;
}

Err caller_interviewer(Ctx *c, PersonId person, bool *out)
{
    Grants grants;
    *out = false;
    TRY(person_grants(c->db, c->arena, person, &grants));
    for (size_t i = 0; i < grants.len; i++)
        *out |= grants.at[i].role == ROLE_INTERVIEWER && grant_active(&grants.at[i], c->today);
    return OK;
}

static Err rounds_of_person(Ctx *c, PersonId person, Caller *out)
{
    DeviceRows devices;
    TRY(device_of_person(c->db, c->arena, person, &devices));
    for (size_t i = 0; i < devices.len; i++) {
        if (device_state(&devices.at[i], c->today) != DEVICE_ACTIVE)
            continue;
        *list_add(c->arena, &out->seen) = devices.at[i];
        DeviceRoundRows rounds;
        TRY(device_rounds(c->db, c->arena, devices.at[i].id, &rounds));
        TRY(add_rounds(c, &devices.at[i], &rounds, out));
    }
    return OK;
}

static Err by_account(Ctx *c, Caller *out, bool *out_allowed)
{
    Str    password;
    bool   fits = false;
    SignIn s = { .limits = c->app->sign_in, .address = c->req->client, .agent = http_field(&c->req->headers, S("user-agent")),
                 .confirm_only = true, .now = c->now, .exempt = http_listed(*c->arena, &c->app->exempt, c->req->client) };
    if (!c->req->https || !basic_read(c, &s.login, &password))
        return refuse(c, 401, out_allowed);
    TRY(sign_in_load(c->db, c->arena, &s));
    TRY(password_tried(c, &s, password, &fits));
    if (fits)
        TRY(caller_interviewer(c, s.person, &fits));
    if (!fits)
        return refuse(c, 401, out_allowed);
    out->base = str_concat(c->arena, site_base(c), S("/openrosa"));
    return rounds_of_person(c, s.person, out);
}

/* The offline page keeps its key out of addresses. */
static Str bearer_key(const Ctx *c)
{
    StrPair p = str_cut(http_field(&c->req->headers, S("authorization")), ' ');
    return str_eq_ascii_nocase(p.head, S("bearer")) ? str_trim(p.tail) : S("");
}

Err caller_load(Ctx *c, Caller *out, bool *out_allowed)
{
    Str    key    = path_str(c, "key").len ? path_str(c, "key") : bearer_key(c);
    Caller caller = { 0 };
    *out_allowed  = true;
    TRY(db_begin_read(c->db));
    Err e = key.len ? by_key(c, key, &caller, out_allowed) : by_account(c, &caller, out_allowed);
    db_rollback(c->db);
    TRY(e);
    for (size_t i = 0; i < caller.seen.len; i++)
        note_seen(c, &caller.seen.at[i]);
    *out = caller;
    return OK;
}
