/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Carry-out files as a machine makes them, the derivation written out by hand: opened, looked at, imported. */
#include "base/json.h"
#include "offline/p256.h"
#include "openrosa/tests/field_fixture.h"

#include <gmp.h>
#include <nettle/gcm.h>
#include <nettle/hmac.h>

/* ---- A machine ---------------------------------------------------------------------------------------------------- */
static Str gcm(Arena *a, const uint8_t key[32], const uint8_t iv[12], Str text)
{
    struct gcm_aes256_ctx x;
    uint8_t              *at = arena_take(a, text.len + 16, 1, 1);
    gcm_aes256_set_key(&x, key);
    gcm_aes256_set_iv(&x, 12, iv);
    gcm_aes256_encrypt(&x, text.len, at, (const uint8_t *)text.at);
    gcm_aes256_digest(&x, 16, at + text.len);
    return (Str){ (const char *)at, text.len + 16 };
}

static void mac(const uint8_t key[32], Str text, uint8_t out[32])
{
    struct hmac_sha256_ctx x;
    hmac_sha256_set_key(&x, 32, key);
    hmac_sha256_update(&x, text.len, (const uint8_t *)text.at);
    hmac_sha256_digest(&x, 32, out);
}

typedef struct Wrapping { Str point, key; } Wrapping;

/* RFC 5869 written out: extract under zeros, expand one block. The machine's secret is 1 + mark. */
static Wrapping wrap(Arena *a, Str server, const uint8_t key[32], unsigned mark)
{
    static const uint8_t none[32] = { 0 };
    uint8_t point[65], own[65] = { 4 }, x[32], y[32], middle[32], kek[32];
    mpz_t   px, py, number;
    struct ecc_point  theirs, mine, both;
    struct ecc_scalar secret;
    CHECK(str_unhex(server, point, sizeof point));
    mpz_inits(px, py, NULL);
    mpz_init_set_ui(number, 1 + mark);
    mpz_import(px, 32, 1, 1, 1, 0, point + 1);
    mpz_import(py, 32, 1, 1, 1, 0, point + 33);
    ecc_point_init(&theirs, nettle_get_secp_256r1());
    ecc_point_init(&mine, nettle_get_secp_256r1());
    ecc_point_init(&both, nettle_get_secp_256r1());
    ecc_scalar_init(&secret, nettle_get_secp_256r1());
    CHECK(ecc_point_set(&theirs, px, py) && ecc_scalar_set(&secret, number));
    ecc_point_mul_g(&mine, &secret);
    ecc_point_mul(&both, &secret, &theirs);
    p256_point(&mine, own + 1, own + 33);
    p256_point(&both, x, y);
    mac(none, (Str){ (const char *)x, 32 }, middle);
    mac(middle, S("thuocdo carry 1\x01"), kek);
    ecc_scalar_clear(&secret);
    ecc_point_clear(&both);
    ecc_point_clear(&mine);
    ecc_point_clear(&theirs);
    mpz_clears(px, py, number, NULL);
    Str sealed = gcm(a, kek, none, (Str){ (const char *)key, 32 });
    return (Wrapping){ str_hex(a, own, sizeof own), str_hex(a, (const uint8_t *)sealed.at, sealed.len) };
}

typedef struct Packed { Str kind, instance, form_id, text, file_name, file; } Packed;

static void put_piece(Arena *a, Buf *list, Buf *pieces, const uint8_t key[32], Str text, uint8_t mark)
{
    uint8_t iv[12] = { mark };
    Str     box    = gcm(a, key, iv, text);
    buf_fmt(list, "\"iv\":\"%.*s\",\"length\":%zu", STR_ARG(str_hex(a, iv, sizeof iv)), box.len);
    buf_add(pieces, box);
}

static Str carry_file(Arena *a, Str server, const Packed *at, size_t n)
{
    Buf list = buf_new(a, 4096), pieces = buf_new(a, 4096), file = buf_new(a, 8192);
    buf_lit(&list, "{\"made\":1,\"release\":\"x\",\"records\":[");
    for (size_t i = 0; i < n; i++) {
        uint8_t  key[32] = { (uint8_t)(i + 1), 9 };
        Wrapping w       = wrap(a, server, key, (unsigned)i);
        buf_fmt(&list, "%s{\"kind\":\"%.*s\",\"instance\":\"%.*s\",\"form_id\":\"%.*s\","
                "\"wrapped\":{\"point\":\"%.*s\",\"key\":\"%.*s\"},\"xml\":{", i ? "," : "",
                STR_ARG(at[i].kind), STR_ARG(at[i].instance), STR_ARG(at[i].form_id), STR_ARG(w.point), STR_ARG(w.key));
        put_piece(a, &list, &pieces, key, at[i].text, 1);
        buf_lit(&list, "},\"files\":[");
        if (at[i].file.len) {
            buf_fmt(&list, "{\"name\":\"%.*s\",", STR_ARG(at[i].file_name));
            put_piece(a, &list, &pieces, key, at[i].file, 2);
            buf_byte(&list, '}');
        }
        buf_lit(&list, "]}");
    }
    buf_lit(&list, "]}");
    buf_lit(&file, "TDCARRY1");
    for (int i = 0; i < 4; i++)
        buf_byte(&file, (unsigned char)(list.len >> (8 * i)));
    buf_add(&file, buf_str(&list));
    buf_add(&file, buf_str(&pieces));
    return buf_str(&file);
}

/* ---- carry_key.c ---------------------------------------------------------------------------------------------------- */
TEST(carry_keys_open_what_was_sealed_for_them_and_nothing_else)
{
    AppInfo  app = { .key = { 7 } }, other = { .key = { 8 } };
    uint8_t  key[32] = { 1, 2, 3 }, out[32], iv[12] = { 5 };
    Wrapping w = wrap(a, carry_key(a, &app), key, 41);
    Str      text, box = gcm(a, key, iv, S("Nguyễn Văn An"));
    CHECK(carry_unwrap(a, &app, w.point, w.key, out) && memcmp(out, key, 32) == 0);
    CHECK(!carry_unwrap(a, &other, w.point, w.key, out));
    CHECK(carry_open(a, key, iv, box, &text));
    CHECK_STR(text, S("Nguyễn Văn An"));
    CHECK(carry_open(a, key, iv, gcm(a, key, iv, S("")), &text) && text.len == 0);
    for (size_t i = 0; i < box.len; i += 7) {
        char *bytes = arena_take(a, box.len, 1, 1);
        memcpy(bytes, box.at, box.len);
        bytes[i] ^= 1;
        CHECK(!carry_open(a, key, iv, (Str){ bytes, box.len }, &text));
    }
    iv[0] = 6;
    CHECK(!carry_open(a, key, iv, box, &text));
    CHECK(!carry_open(a, key, iv, S("short"), &text));
}

TEST(carry_keys_refuse_points_that_are_none)
{
    AppInfo  app     = { .key = { 7 } };
    uint8_t  key[32] = { 1 }, out[32];
    Wrapping w       = wrap(a, carry_key(a, &app), key, 3);
    char    *point   = arena_take(a, 130, 1, 1);
    memcpy(point, w.point.at, 130);
    CHECK(!carry_unwrap(a, &app, str_take(w.point, 128), w.key, out));
    CHECK(!carry_unwrap(a, &app, w.point, str_take(w.key, 94), out));
    point[129] = point[129] == '0' ? '1' : '0';                          /* beside the curve */
    CHECK(!carry_unwrap(a, &app, (Str){ point, 130 }, w.key, out));
    memcpy(point, w.point.at, 130);
    point[1] = '3';                                                      /* a packed point */
    CHECK(!carry_unwrap(a, &app, (Str){ point, 130 }, w.key, out));
    memset(point + 2, '0', 128);                                         /* at infinity */
    point[1] = '4';
    CHECK(!carry_unwrap(a, &app, (Str){ point, 130 }, w.key, out));
    CHECK_STR(carry_key(a, &app), carry_key(a, &app));
}

/* ---- carry_file.c ---------------------------------------------------------------------------------------------------- */
TEST(carry_files_are_read_whole_or_refused)
{
    AppInfo      app   = { .key = { 7 } };
    Packed       at[2] = { { S(""), S("uuid:1"), S("thu"), S("<a/>"), S("anh.jpg"), S("pixels") }, { S("visit"), S("5-6"), S("-"), S("{}"), S(""), S("") } };
    Str          file  = carry_file(a, carry_key(a, &app), at, 2);
    CarryRecords r;
    CHECK_OK(carry_read(a, file, &r));
    CHECK_INT(r.len, 2);
    CHECK(!r.at[0].visit && r.at[1].visit && r.at[0].files.len == 1);
    CHECK_STR(r.at[0].instance, S("uuid:1"));
    CHECK_STR(r.at[0].files.at[0].name, S("anh.jpg"));
    CHECK_INT(r.at[0].files.at[0].piece.box.len, 6 + 16);
    for (size_t n = 0; n < file.len; n++)
        CHECK_ERR(carry_read(a, str_take(file, n), &r), ERR_INVALID);
    CHECK_ERR(carry_read(a, str_concat(a, file, S("x")), &r), ERR_INVALID);
    CHECK_ERR(carry_read(a, S("TDCARRY1\xff\xff\xff\xff{}"), &r), ERR_INVALID);
    CHECK_ERR(carry_read(a, S("TDCARRY1\x02\0\0\0{}x"), &r), ERR_INVALID);
}

/* ---- The import -------------------------------------------------------------------------------------------------------- */
typedef struct Import { FieldFixture *f; Arena *a; Ctx c; CarryResults got; } Import;

static Import import_new(Store *store, Arena *a)
{
    Import x = { .f = field_fixture(store, a, (HttpLimits){ 0 }), .a = a };
    x.c = (Ctx){ .arena = a, .db = x.f->db, .store = store, .app = &x.f->app, .now = time_now(), .lang = LANG_VI };
    x.c.today = date_of(x.c.now);
    return x;
}

static CarryKind kind_of(Import *x, Str file, bool write, size_t i)
{
    CarryIn in = { &x->f->round, &x->f->device, write };
    x->got     = (CarryResults){ 0 };
    Err e      = carry_in(&x->c, &in, file, &x->got);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    return i < x->got.len ? x->got.at[i].kind : CARRY_KIND_COUNT;
}

static int64_t stored(Import *x)
{
    return field_sql(x->f, SQL("SELECT COUNT(*) FROM field_records"));
}

TEST_EACH_STORE(carry_files_are_looked_at_before_they_are_taken_and_taken_once)
{
    Import  x    = import_new(store, a);
    Packed  one  = { S(""), S("uuid:c"), S("thu-may"), field_xml_of(x.f, a, S("uuid:c"), 3, S("nha.jpg"), S("")), S("nha.jpg"), S("\xFF\xD8\xFF pixels") };
    Str     file = carry_file(a, carry_key(a, &x.f->app), &one, 1);
    CHECK_INT(kind_of(&x, file, false, 0), CARRY_NEW);
    CHECK_STR(x.got.at[0].title, S("Phiếu <thử> & máy"));
    CHECK_INT(stored(&x), 0);                                            /* looking writes nothing */
    CHECK_INT(kind_of(&x, file, true, 0), CARRY_NEW);
    CHECK_INT(stored(&x), 1);
    CHECK_INT(kind_of(&x, file, false, 0), CARRY_SAME);
    CHECK_INT(kind_of(&x, file, true, 0), CARRY_SAME);
    CHECK_INT(stored(&x), 1);
    Packed other = one;
    other.text   = field_xml_of(x.f, a, S("uuid:c"), 1, S("nha.jpg"), S(""));
    file         = carry_file(a, carry_key(a, &x.f->app), &other, 1);
    CHECK_INT(kind_of(&x, file, false, 0), CARRY_CONFLICT);
    CHECK_INT(field_sql(x.f, SQL("SELECT COUNT(*) FROM submission_quarantine")), 0);
    CHECK_INT(kind_of(&x, file, true, 0), CARRY_CONFLICT);
    CHECK_INT(stored(&x), 1);
    CHECK_INT(field_sql(x.f, SQL("SELECT COUNT(*) FROM submission_quarantine")), 1);
    field_fixture_check(x.f, a);
    field_fixture_whole(x.f, a);
}

TEST_EACH_STORE(carry_files_bring_what_a_broken_line_left_behind)
{
    Import x   = import_new(store, a);
    Str    xml = field_xml_of(x.f, a, S("uuid:d"), 3, S("nha.jpg"), S(""));
    CHECK_INT(answer_status(field_post(x.f, a, xml, NULL, 0, true)), 201);
    Packed one  = { S(""), S("uuid:d"), S("thu-may"), xml, S("nha.jpg"), S("\xFF\xD8\xFF pixels") };
    Str    file = carry_file(a, carry_key(a, &x.f->app), &one, 1);
    CHECK_INT(kind_of(&x, file, false, 0), CARRY_MORE);
    CHECK_INT(kind_of(&x, file, true, 0), CARRY_MORE);
    CHECK_INT(field_sql(x.f, SQL("SELECT COUNT(*) FROM field_records WHERE state = 'whole'")), 1);
    CHECK_INT(kind_of(&x, file, false, 0), CARRY_SAME);
    field_fixture_check(x.f, a);
    field_fixture_whole(x.f, a);
}

TEST_EACH_STORE(carry_files_of_strangers_and_other_rounds_change_nothing)
{
    Import  x     = import_new(store, a);
    AppInfo other = { .key = { 99 } };
    Packed  at[3] = { { S(""), S("uuid:e"), S("la"), S("<la xmlns=\"x\" id=\"la\"><meta><instanceID>uuid:e</instanceID></meta></la>"), S(""), S("") },
                      { S(""), S("uuid:f"), S("thu-may"), S("no xml"), S(""), S("") }, { S("visit"), S("5-6"), S("-"), S("{}"), S(""), S("") } };
    Str     file  = carry_file(a, carry_key(a, &x.f->app), at, 3);
    CHECK_INT(kind_of(&x, file, true, 0), CARRY_UNKNOWN);
    CHECK_INT(x.got.at[1].kind, CARRY_UNKNOWN);
    CHECK_INT(x.got.at[2].kind, CARRY_WRONG);
    CHECK_INT(kind_of(&x, carry_file(a, carry_key(a, &other), at, 1), true, 0), CARRY_SEALED);
    CHECK_INT(stored(&x), 0);
    field_fixture_whole(x.f, a);
}
