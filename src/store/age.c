/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files of age v1: a head with the file's key for whoever may open it, then sealed pieces. */
#include "store/age.h"
#include "store/store_files.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRYPT_LOG2 = 17, SCRYPT_MOST = 20 };      /* 128 MiB; files of others: at most 1 GiB */
#define AGE_VERSION "age-encryption.org/v1\n"

bool age_is(Str first_bytes)
{
    return str_starts(first_bytes, S(AGE_VERSION));
}

static Str base64(Arena *a, const uint8_t *at, size_t n)
{
    size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    char  *out  = arena_new(a, char, room);
    sodium_bin2base64(out, room, at, n, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    return str_from_c(out);
}

/* The one way to write these bytes: libsodium's reader also takes some letters beyond ASCII for others. */
static bool base64_read(Str text, uint8_t *out, size_t n)
{
    char        again[80];
    size_t      got = 0;
    const char *end = NULL;
    if (sodium_base642bin(out, n, text.at, text.len, NULL, &got, &end, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) || got != n || n > 48)
        return false;
    sodium_bin2base64(again, sizeof again, out, n, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    return str_eq(text, str_from_c(again));
}

/* ---- The file's key, wrapped for one who may open it -------------------------------------------- */
enum { WRAPPED = AGE_FILE_KEY + AGE_TAG };
static const uint8_t no_nonce[12];

static void wrap(uint8_t out[WRAPPED], const uint8_t file_key[AGE_FILE_KEY], const uint8_t key[32])
{
    crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, file_key, AGE_FILE_KEY, NULL, 0, NULL, no_nonce, key);
}

static bool unwrap(uint8_t out[AGE_FILE_KEY], Str wrapped, const uint8_t key[32])
{
    uint8_t in[WRAPPED];
    return base64_read(wrapped, in, sizeof in) &&
           !crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, in, sizeof in, NULL, 0, no_nonce, key);
}

/* share: the public half of the sender's passing key. */
static bool shared_key(const uint8_t secret[32], const uint8_t with[32], const uint8_t share[32], const uint8_t recipient[32], uint8_t out[32])
{
    uint8_t shared[32], salt[64];
    if (crypto_scalarmult(shared, secret, with))
        return false;
    memcpy(salt, share, 32);
    memcpy(salt + 32, recipient, 32);
    age_derive(shared, sizeof shared, (Str){ (const char *)salt, sizeof salt }, "age-encryption.org/v1/X25519", out);
    sodium_memzero(shared, sizeof shared);
    return true;
}

static Err stanza_for_key(Arena *a, Str recipient, const uint8_t file_key[AGE_FILE_KEY], Str *out)
{
    uint8_t to[32], passing[32], share[32], key[32], wrapped[WRAPPED];
    if (!age_recipient_read(recipient, to))
        return err_fmt(a, ERR_INVALID, "%.*s is no public key: one begins with age1", STR_ARG(recipient));
    randombytes_buf(passing, sizeof passing);
    if (crypto_scalarmult_base(share, passing) || !shared_key(passing, to, share, to, key))
        return err_new(a, ERR_INVALID, S("the public key is of no use"));
    wrap(wrapped, file_key, key);
    Str share_text = base64(a, share, sizeof share), body = base64(a, wrapped, sizeof wrapped);
    *out = arena_fmt(a, "-> X25519 %.*s\n%.*s\n", STR_ARG(share_text), STR_ARG(body));
    sodium_memzero(passing, sizeof passing);
    return OK;
}

static Err stanza_for_passphrase(Arena *a, Str passphrase, const uint8_t file_key[AGE_FILE_KEY], Str *out)
{
    uint8_t salt[16], key[32], wrapped[WRAPPED];
    randombytes_buf(salt, sizeof salt);
    TRY(age_passphrase_key(a, passphrase, salt, SCRYPT_LOG2, key));
    wrap(wrapped, file_key, key);
    Str salt_text = base64(a, salt, sizeof salt), body = base64(a, wrapped, sizeof wrapped);
    *out = arena_fmt(a, "-> scrypt %.*s %d\n%.*s\n", STR_ARG(salt_text), SCRYPT_LOG2, STR_ARG(body));
    return OK;
}

static void head_sum(Str head, const uint8_t file_key[AGE_FILE_KEY], uint8_t out[32])
{
    uint8_t key[32];
    crypto_auth_hmacsha256_state h;
    age_derive(file_key, AGE_FILE_KEY, S(""), "header", key);
    crypto_auth_hmacsha256_init(&h, key, sizeof key);
    crypto_auth_hmacsha256_update(&h, (const uint8_t *)head.at, head.len);
    crypto_auth_hmacsha256_final(&h, out);
}

/* ---- Writing ------------------------------------------------------------------------------------ */
Err age_begin(AgeOut *out, const BackupLock *lock, uint8_t file_key[AGE_FILE_KEY])
{
    Arena  *a = out->a;
    uint8_t sum[32], nonce[16];
    Str     stanza;
    randombytes_buf(file_key, AGE_FILE_KEY);
    TRY(lock->recipient.len ? stanza_for_key(a, lock->recipient, file_key, &stanza) : stanza_for_passphrase(a, lock->passphrase, file_key, &stanza));
    Str head = str_join(a, (Str[]){ S(AGE_VERSION), stanza, S("---") }, 3, S(""));
    head_sum(head, file_key, sum);
    randombytes_buf(nonce, sizeof nonce);
    age_derive(file_key, AGE_FILE_KEY, (Str){ (const char *)nonce, sizeof nonce }, "payload", out->key);
    out->room   = arena_new(a, char, AGE_PIECE);
    out->sealed = arena_new(a, char, AGE_PIECE + AGE_TAG);
    Str sum_text = base64(a, sum, sizeof sum);
    TRY(fd_write(a, out->fd, out->path, arena_fmt(a, "%.*s %.*s\n", STR_ARG(head), STR_ARG(sum_text))));
    return fd_write(a, out->fd, out->path, (Str){ (const char *)nonce, sizeof nonce });
}

/* 11 bytes count, highest first; the last says whether the piece is the last. */
static void nonce_step(uint8_t nonce[12])
{
    for (int i = 10; i >= 0 && ++nonce[i] == 0; i--)
        ;
}

static Err piece_write(AgeOut *out, bool last)
{
    unsigned long long n = 0;
    out->nonce[11] = last;
    crypto_aead_chacha20poly1305_ietf_encrypt((uint8_t *)out->sealed, &n, (const uint8_t *)out->room, out->len, NULL, 0, NULL, out->nonce, out->key);
    nonce_step(out->nonce);
    out->len = 0;
    return fd_write(out->a, out->fd, out->path, (Str){ out->sealed, (size_t)n });
}

/* A full piece is written once more comes: until then it may be the last. */
Err age_write(AgeOut *out, Str bytes)
{
    while (bytes.len) {
        if (out->len == AGE_PIECE)
            TRY(piece_write(out, false));
        size_t n = bytes.len < AGE_PIECE - out->len ? bytes.len : AGE_PIECE - out->len;
        memcpy(out->room + out->len, bytes.at, n);
        out->len += n;
        bytes = str_skip(bytes, n);
    }
    return OK;
}

Err age_end(AgeOut *out)
{
    Err e = piece_write(out, true);
    sodium_memzero(out->key, sizeof out->key);
    return e;
}

/* ---- Reading ------------------------------------------------------------------------------------ */
static Err damaged(Arena *a, const char *what)
{
    return err_fmt(a, ERR_INVALID, "the encrypted backup is damaged: %s", what);
}

typedef struct Stanza { Str kind, first, second, body; } Stanza;
typedef LIST(Stanza) Stanzas;

static Str line_take(Str *rest)
{
    StrPair p = str_cut(*rest, '\n');
    *rest = p.tail;
    return p.head;
}

/* One line of body each: what a stanza of these kinds has. Others are passed over line by line. */
static bool stanzas_read(Arena *a, Str text, Stanzas *out)
{
    while (text.len) {
        Str line = line_take(&text);
        if (!str_starts(line, S("-> ")))
            return false;
        StrPair kind = str_cut(str_skip(line, 3), ' '), args = str_cut(kind.tail, ' ');
        Stanza  s    = { kind.head, args.head, args.tail, line_take(&text) };
        for (Str body = s.body; body.len == 64;)
            body = line_take(&text);
        *list_add(a, out) = s;
    }
    return out->len > 0;
}

static bool open_by_identity(const Stanza *s, Str identity, uint8_t file_key[AGE_FILE_KEY])
{
    uint8_t secret[32], own[32], share[32], key[32];
    bool    opens = age_identity_read(identity, secret) && base64_read(s->first, share, sizeof share) && !s->second.len &&
                 !crypto_scalarmult_base(own, secret) && shared_key(secret, share, share, own, key) && unwrap(file_key, s->body, key);
    sodium_memzero(secret, sizeof secret);
    return opens;
}

static Err open_by_passphrase(Arena *a, const Stanza *s, Str passphrase, uint8_t file_key[AGE_FILE_KEY], bool *out)
{
    uint8_t salt[16], key[32];
    int64_t log2_n;
    if (!base64_read(s->first, salt, sizeof salt) || !str_to_i64(s->second, &log2_n) || log2_n < 1 || log2_n > SCRYPT_MOST)
        return damaged(a, "its passphrase line");
    TRY(age_passphrase_key(a, passphrase, salt, (int)log2_n, key));
    *out = unwrap(file_key, s->body, key);
    return OK;
}

static Err file_key_find(Arena *a, const Stanzas *list, const BackupKeys *keys, uint8_t file_key[AGE_FILE_KEY])
{
    bool found = keys && keys->has_file_key;
    if (found)
        memcpy(file_key, keys->file_key, AGE_FILE_KEY);
    for (size_t i = 0; i < list->len && keys && !found; i++) {
        const Stanza *s = &list->at[i];
        for (size_t k = 0; k < keys->identities.len && !found && str_eq(s->kind, S("X25519")); k++)
            found = open_by_identity(s, keys->identities.at[k], file_key);
        if (!found && keys->passphrase.len && list->len == 1 && str_eq(s->kind, S("scrypt")))
            TRY(open_by_passphrase(a, s, keys->passphrase, file_key, &found));
    }
    if (found)
        return OK;
    return keys && (keys->identities.len || keys->passphrase.len)
               ? err_new(a, ERR_SIGN_IN, S("this key or passphrase does not open the backup"))
               : err_new(a, ERR_SIGN_IN, S("the backup is encrypted: name the key with --identity FILE or the passphrase with --passphrase FILE"));
}

/* The head up to its last line, which holds its sum. */
static bool head_cut(Str bytes, Str *out_stanzas, Str *out_head, Str *out_sum, size_t *out_len)
{
    size_t mark, end;
    if (!str_find(bytes, S("\n--- "), &mark))
        return false;
    Str rest = str_skip(bytes, mark + 5);
    if (!str_find(rest, S("\n"), &end))
        return false;
    *out_stanzas = str_skip(str_take(bytes, mark), strlen(AGE_VERSION));
    *out_head    = str_take(bytes, mark + 4);
    *out_sum     = str_take(rest, end);
    *out_len     = mark + 5 + end + 1;
    return true;
}

Err age_head_read(Arena *a, Str bytes, const BackupKeys *keys, uint8_t file_key[AGE_FILE_KEY], size_t *out_len)
{
    Str     text, head, sum;
    Stanzas list = { 0 };
    uint8_t said[32], want[32];
    if (!age_is(bytes) || !head_cut(bytes, &text, &head, &sum, out_len) || !stanzas_read(a, text, &list))
        return damaged(a, "its head");
    TRY(file_key_find(a, &list, keys, file_key));
    head_sum(head, file_key, want);
    return base64_read(sum, said, sizeof said) && !sodium_memcmp(said, want, sizeof want) ? OK : damaged(a, "the sum of its head");
}

Err age_open(AgeIn *in, int64_t size, const BackupKeys *keys, int64_t *out_plain)
{
    uint8_t file_key[AGE_FILE_KEY];
    char    nonce[16], *room = arena_new(in->a, char, AGE_HEAD_MOST);
    size_t  got = 0, head = 0;
    TRY(fd_read(in->a, in->fd, in->path, room, AGE_HEAD_MOST, &got));
    TRY(age_head_read(in->a, (Str){ room, got }, keys, file_key, &head));
    if (lseek(in->fd, (off_t)head, SEEK_SET) < 0)
        return file_err(in->a, "seek", in->path);
    TRY(fd_read(in->a, in->fd, in->path, nonce, sizeof nonce, &got));
    in->sealed_left = size - (int64_t)head - (int64_t)sizeof nonce;
    int64_t whole = in->sealed_left / (AGE_PIECE + AGE_TAG), rest = in->sealed_left % (AGE_PIECE + AGE_TAG);
    if (got < sizeof nonce || in->sealed_left < AGE_TAG || (rest && rest < AGE_TAG) || (rest == AGE_TAG && whole))
        return damaged(in->a, "it is cut off");
    age_derive(file_key, sizeof file_key, (Str){ nonce, sizeof nonce }, "payload", in->key);
    sodium_memzero(file_key, sizeof file_key);
    in->room   = arena_new(in->a, char, AGE_PIECE);
    in->sealed = arena_new(in->a, char, AGE_PIECE + AGE_TAG);
    *out_plain = in->sealed_left - AGE_TAG * (whole + (rest > 0));
    return OK;
}

static Err piece_read(AgeIn *in)
{
    size_t             want = in->sealed_left < AGE_PIECE + AGE_TAG ? (size_t)in->sealed_left : AGE_PIECE + AGE_TAG, got = 0;
    unsigned long long n    = 0;
    TRY(fd_read(in->a, in->fd, in->path, in->sealed, want, &got));
    if (got < want)
        return damaged(in->a, "it is cut off");
    in->sealed_left -= (int64_t)want;
    in->nonce[11] = in->sealed_left == 0;
    if (crypto_aead_chacha20poly1305_ietf_decrypt((uint8_t *)in->room, &n, NULL, (const uint8_t *)in->sealed, want, NULL, 0, in->nonce, in->key))
        return damaged(in->a, "a piece has another sum");
    nonce_step(in->nonce);
    in->at  = 0;
    in->len = (size_t)n;
    return OK;
}

Err age_read(AgeIn *in, char *to, size_t n, size_t *out_got)
{
    size_t got = 0;
    while (got < n) {
        if (in->at == in->len) {
            if (!in->sealed_left)
                break;
            TRY(piece_read(in));
        }
        size_t piece = in->len - in->at < n - got ? in->len - in->at : n - got;
        memcpy(to + got, in->room + in->at, piece);
        in->at += piece;
        got += piece;
    }
    *out_got = got;
    return OK;
}
