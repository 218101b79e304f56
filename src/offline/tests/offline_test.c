/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the page asks, over a real server, by the key of its device. */
#include "base/json.h"
#include "offline/parts.h"
#include "openrosa/tests/field_fixture.h"

#include <sodium.h>

static const Mount mounts[] = { { "", offline_routes }, { "/openrosa", openrosa_routes, openrosa_fail } };

static FieldFixture *fixture(Store *store, Arena *a)
{
    FieldFixture *f    = field_fixture(store, a, (HttpLimits){ 0 });
    f->app.mounts      = mounts;
    f->app.mount_count = COUNT_OF(mounts);
    return f;
}

/* A POST of fields; the answer as bytes. */
static Str asked(FieldFixture *f, Arena *a, const char *what, Str key, Str body)
{
    return field_send(f, a, arena_fmt(a, "POST /field/api/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %.*s\r\n"
                                         "Content-Type: application/x-www-form-urlencoded\r\n"
                                         "Content-Length: %zu\r\nConnection: close\r\n\r\n%.*s", what, STR_ARG(key), body.len, STR_ARG(body)));
}

static const Json *told(FieldFixture *f, Arena *a, const char *what, Str body)
{
    const Json *j      = NULL;
    Str         answer = asked(f, a, what, f->key, body);
    CHECK_INT(answer_status(answer), 200);
    CHECK(!json_parse(a, answer_body(answer), &j));
    return j;
}

static Str text_in(const Json *j, const char *name)
{
    Str s = S("");
    json_str(json_get(j, str_from_c(name)), &s);
    return s;
}

static void same_key_signed(Arena *a, const Json *held, Str public_key)
{
    uint8_t key[32], signature[64];
    Str     text = text_in(held, "receipt");
    CHECK(str_unhex(public_key, key, sizeof key) && str_unhex(text_in(held, "signature"), signature, sizeof signature));
    CHECK(crypto_sign_verify_detached(signature, (const uint8_t *)text.at, text.len, key) == 0);
}

TEST_EACH_STORE(offline_work_names_rounds_questionnaires_and_keys)
{
    FieldFixture *f = fixture(store, a);
    const Json   *w = told(f, a, "work", S(""));
    CHECK_STR(text_in(json_at(json_get(w, S("rounds")), 0), "code"), f->round.code);
    CHECK_INT(text_in(w, "receipt_key").len, 64);
    CHECK_INT(text_in(w, "carry_key").len, 130);
    const Json *form = json_at(json_get(w, S("forms")), 0);
    Str         body = arena_fmt(a, "form_id=%.*s&version=%.*s", STR_ARG(text_in(form, "form_id")), STR_ARG(text_in(form, "version")));
    CHECK(str_starts(text_in(told(f, a, "form", body), "form"), S("[\"\",\"+\"")));
    CHECK_INT(answer_status(asked(f, a, "work", S("nobody"), S(""))), 403);
    CHECK_INT(answer_status(asked(f, a, "form", f->key, S("form_id=x&version=y"))), 404);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(offline_receipts_name_every_byte_and_come_when_all_is_here)
{
    FieldFixture *f   = fixture(store, a);
    Str           xml = field_xml_of(f, a, S("uuid:o"), 3, S("nha.jpg"), S(""));
    Str           form_id = text_in(json_at(json_get(told(f, a, "work", S("")), S("forms")), 0), "form_id");
    Str           ask = arena_fmt(a, "form_id=%.*s&instance=uuid%%3Ao", STR_ARG(form_id));
    TestPart      photo = test_part(S("nha.jpg"), S("\xFF\xD8\xFF pixels"));
    bool          known = true;
    json_bool(json_get(told(f, a, "held", ask), S("known")), &known);
    CHECK(!known);
    CHECK_INT(answer_status(field_post(f, a, xml, NULL, 0, true)), 201);
    const Json *part = told(f, a, "held", ask);
    CHECK(!text_in(part, "receipt").len);                            /* the picture has not come */
    CHECK_STR(text_in(part, "xml"), sha256_hex(a, xml));
    CHECK_INT(answer_status(field_post(f, a, xml, &photo, 1, false)), 201);
    const Json *all = told(f, a, "held", ask);
    CHECK(str_has(text_in(all, "receipt"), arena_fmt(a, "xml %.*s\n", STR_ARG(sha256_hex(a, xml)))));
    CHECK(str_has(text_in(all, "receipt"), arena_fmt(a, "file %.*s nha.jpg\n", STR_ARG(sha256_hex(a, photo.bytes)))));
    same_key_signed(a, all, offline_receipt_key(a, &f->app));
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(offline_pages_tell_what_they_keep)
{
    FieldFixture *f = fixture(store, a);
    OfflineState  s;
    CHECK(err_is(offline_state_load(f->db, a, f->device.id, &s), ERR_NOT_FOUND));
    told(f, a, "state", S("unsent=3&drafts=1&conflicts=1&bytes=5000&oldest=1795312800000&persistent=1&release=0.1.0-a&clock=1"));
    told(f, a, "state", S("unsent=2&drafts=1&conflicts=-4&bytes=x&persistent=7&release=0.1.0-a"));
    CHECK(!offline_state_load(f->db, a, f->device.id, &s));
    CHECK_INT(s.unsent, 2);
    CHECK_INT(s.drafts, 1);
    CHECK_INT(s.conflicts + s.bytes + s.oldest_at.ms + s.persistent, 0);
    field_fixture_whole(f, a);
}
