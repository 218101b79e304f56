/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digest and base64-decode. */
#include "expr/expr_functions.h"

#include "base/utf8.h"

#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

/* ---- Digests ------------------------------------------------------------------------------------------------ */

#define DIGEST(name, kind, size)                                                            \
    static void name##_of(Str s, uint8_t *out)                                              \
    {                                                                                       \
        struct kind##_ctx x;                                                                \
        name##_init(&x);                                                                    \
        name##_update(&x, s.len, (const uint8_t *)s.at);                                    \
        name##_digest(&x, size, out);                                                       \
    }
DIGEST(md5, md5, MD5_DIGEST_SIZE)
DIGEST(sha1, sha1, SHA1_DIGEST_SIZE)
DIGEST(sha256, sha256, SHA256_DIGEST_SIZE)
DIGEST(sha384, sha512, SHA384_DIGEST_SIZE)
DIGEST(sha512, sha512, SHA512_DIGEST_SIZE)

typedef struct Digest { const char *name; size_t size; void (*of)(Str s, uint8_t *out); } Digest;
static const Digest digests[] = {
    { "MD5", MD5_DIGEST_SIZE, md5_of }, { "SHA-1", SHA1_DIGEST_SIZE, sha1_of }, { "SHA-256", SHA256_DIGEST_SIZE, sha256_of },
    { "SHA-384", SHA384_DIGEST_SIZE, sha384_of }, { "SHA-512", SHA512_DIGEST_SIZE, sha512_of },
};

/* digest(text, algorithm, 'base64' or 'hex'); an unknown algorithm gives the empty text. */
ExprValue fn_digest(ExprRun *run, const ExprValue *args, int n)
{
    Str     text = expr_to_text(run->a, &args[0]), name = expr_to_text(run->a, &args[1]);
    Str     form = n > 2 ? expr_to_text(run->a, &args[2]) : S("base64");
    uint8_t sum[SHA512_DIGEST_SIZE];
    expr_run_work(run, text.len / 16);
    for (size_t i = 0; i < COUNT_OF(digests); i++) {
        if (!str_eq_ascii_nocase(name, str_from_c(digests[i].name)))
            continue;
        digests[i].of(text, sum);
        if (str_eq_ascii_nocase(form, S("hex")))
            return expr_string(str_hex(run->a, sum, digests[i].size));
        size_t length = BASE64_ENCODE_RAW_LENGTH(digests[i].size);
        char  *out    = arena_new(run->a, char, length);
        base64_encode_raw(out, digests[i].size, sum);
        return expr_string((Str){ out, length });
    }
    return expr_string(S(""));
}

/* Text that is no base64, or whose bytes are no UTF-8, gives the empty text. */
ExprValue fn_base64_decode(ExprRun *run, const ExprValue *args, int n)
{
    Str    text = expr_to_text(run->a, &args[0]);
    size_t size = BASE64_DECODE_LENGTH(text.len);
    struct base64_decode_ctx x;
    uint8_t *out = arena_new(run->a, uint8_t, size + 1);
    expr_run_work(run, text.len / 16);
    base64_decode_init(&x);
    if (!base64_decode_update(&x, &size, out, text.len, text.at) || !base64_decode_final(&x))
        return expr_string(S(""));
    Str bytes = { (const char *)out, size };
    return expr_string(utf8_valid(bytes) ? bytes : S(""));
}
