/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Receipts: only with one does a page let go of its copy. Plain lines, so that a person can read what was promised. */
#include "offline/p256.h"

#include <sodium.h>

static void keys(const AppInfo *app, uint8_t public_key[32], uint8_t secret[64])
{
    uint8_t seed[32];
    app_key(app, "offline-receipt", seed);
    crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_memzero(seed, sizeof seed);
}

static const char purpose_p256[] = "offline-receipt-p256";

Str offline_receipt_p256(Arena *a, const AppInfo *app)
{
    return p256_key(a, app, purpose_p256);
}

Str offline_receipt_key(Arena *a, const AppInfo *app)
{
    uint8_t public_key[32], secret[64];
    keys(app, public_key, secret);
    sodium_memzero(secret, sizeof secret);
    return str_hex(a, public_key, sizeof public_key);
}

/* Names come from the phone: a line is one line. */
static void line(Buf *b, const char *what, Str text)
{
    buf_fmt(b, "%s ", what);
    for (size_t i = 0; i < text.len; i++)
        buf_byte(b, (unsigned char)text.at[i] < 0x20 ? ' ' : text.at[i]);
    buf_byte(b, '\n');
}

static OfflineReceipt signed_text(Arena *a, const AppInfo *app, Str text)
{
    uint8_t public_key[32], secret[64], signature[64];
    keys(app, public_key, secret);
    crypto_sign_detached(signature, NULL, (const uint8_t *)text.at, text.len, secret);
    sodium_memzero(secret, sizeof secret);
    return (OfflineReceipt){ text, str_hex(a, signature, sizeof signature), p256_sign(a, app, purpose_p256, text) };
}

OfflineReceipt offline_receipt(Arena *a, const AppInfo *app, Str form_id, Str instance_id, const FieldHeld *held)
{
    Buf b = buf_new(a, 512);
    buf_lit(&b, "thuocdo receipt 1\n");
    line(&b, "form", form_id);
    line(&b, "version", held->version);
    line(&b, "instance", instance_id);
    line(&b, "code", held->code);
    line(&b, "received", time_iso(a, held->received_at));
    line(&b, "xml", str_hex(a, held->xml.at, sizeof held->xml.at));
    for (size_t i = 0; i < held->files.len; i++)
        line(&b, "file", arena_fmt(a, "%.*s %.*s", STR_ARG(str_hex(a, held->files.at[i].sum.at, sizeof held->files.at[i].sum.at)),
                                   STR_ARG(held->files.at[i].name)));
    return signed_text(a, app, buf_str(&b));
}

OfflineReceipt offline_visit_receipt(Arena *a, const AppInfo *app, Str round, Str code, const Attempt *x, bool note_gone)
{
    Buf     b = buf_new(a, 512);
    int64_t ms, chance;
    id_parts(x->id, &ms, &chance);
    buf_lit(&b, "thuocdo visit 1\n");
    line(&b, "visit", arena_fmt(a, "%lld-%lld", (long long)ms, (long long)chance));
    line(&b, "round", round);
    line(&b, "case", code);
    line(&b, "mode", x->mode);
    line(&b, "outcome", outcome_code(x->outcome));
    line(&b, "callback", arena_fmt(a, "%lld", (long long)x->callback_at.ms));
    line(&b, "note", note_gone ? S("erased") : sha256_hex(a, x->note));
    return signed_text(a, app, buf_str(&b));
}
