/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words for people (receipts, codes, resume codes) and the keyed hashes kept in their place. */
#include "collect/keys.h"

#include <sodium.h>

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void keyed(const uint8_t key[32], int64_t number, Str text, uint8_t *out, size_t n)
{
    crypto_generichash_state state;
    uint8_t                  head[8];
    memcpy(head, &number, sizeof head);
    crypto_generichash_init(&state, key, 32, n);
    crypto_generichash_update(&state, head, sizeof head);
    crypto_generichash_update(&state, (const unsigned char *)text.at, text.len);
    crypto_generichash_final(&state, out, n);
}

Hash keyed_hash(const uint8_t key[32], int64_t number, Str text)
{
    Hash h;
    keyed(key, number, text, h.at, sizeof h.at);
    return h;
}

int64_t submission_place(const CollectKeys *k, const Sha256 *receipt_hash)
{
    uint8_t  bytes[16];
    uint64_t v;
    keyed(k->record, 0, (Str){ (const char *)receipt_hash->at, 32 }, bytes, sizeof bytes);
    memcpy(&v, bytes, sizeof v);
    return (int64_t)(v % (uint64_t)(SLOT_SIZE - SLOT_PLACES + 1));
}

InstanceKey instance_key(Arena *a, const CollectKeys *k, const Round *round, Str uuid)
{
    InstanceKey x;
    uint8_t     bytes[INSTANCE_LEN + 12];
    int         year = date_ymd(date_of(round->created_at)).year;
    keyed(k->instance, round->id.v, str_lower_ascii(a, uuid), bytes, sizeof bytes);
    memcpy(x.instance, bytes, INSTANCE_LEN);
    char *at = arena_take(a, 19, 1, 1);
    memcpy(at, "TD00-", 5);
    at[2] = (char)('0' + year / 10 % 10);
    at[3] = (char)('0' + year % 10);
    for (int i = 0, to = 5; i < 12; i++) {
        if (i == 4 || i == 8)
            at[to++] = '-';
        at[to++] = letters[bytes[INSTANCE_LEN + i] & 31];
    }
    x.receipt      = (Str){ at, 19 };
    x.receipt_hash = sha256(x.receipt);
    x.id           = (SubmissionId){ round->slot * SLOT_SIZE + submission_place(k, &x.receipt_hash) };
    return x;
}

bool word_clean(Arena *a, Str typed, Str *out)
{
    if (typed.len > 200)
        return false;
    char  *at  = arena_take(a, typed.len ? typed.len : 1, 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.at[i];
        if (c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r' || c == '.')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
        if (c == 0 || !strchr(letters, c))
            return false;
        at[len++] = c;
    }
    *out = (Str){ at, len };
    return len > 0;
}

bool receipt_clean(Arena *a, Str typed, Str *out)
{
    Str word;
    if (!word_clean(a, typed, &word) || word.len != 16 || !str_starts(word, S("TD")))
        return false;
    *out = word_grouped(a, word);
    return true;
}

void word_group(Buf *b, Str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (i && i % 4 == 0)
            buf_byte(b, '-');
        buf_byte(b, word.at[i]);
    }
}

Str word_grouped(Arena *a, Str word)
{
    Buf b = buf_new(a, word.len + word.len / 4 + 1);
    word_group(&b, word);
    return buf_str(&b);
}

Hash code_hash(const CollectKeys *k, RoundId round, Str clean)
{
    return keyed_hash(k->code, clean.len == CODE_LONG_LEN ? 0 : round.v, clean);
}

Str draft_token(Arena *a)
{
    return str_take(random_token(a), 22);                  /* 132 random bits */
}

Str draft_instance(Arena *a, const CollectKeys *k, Str token)
{
    Hash h = keyed_hash(k->draft, 1, token);
    h.at[6] = (uint8_t)((h.at[6] & 0x0F) | 0x40);
    h.at[8] = (uint8_t)((h.at[8] & 0x3F) | 0x80);
    Str hex = str_hex(a, h.at, 16);
    return arena_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.at, hex.at + 8, hex.at + 12, hex.at + 16, hex.at + 20);
}
