/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names, addresses and telephone numbers of cases: sealed with a key of the installation and tied to their case, so that
 * neither a dump nor a swap of rows shows or moves them. */
#include "field/parts.h"

#include <sodium.h>

static void key_of(const AppInfo *app, CaseId id, uint8_t key[32])
{
    uint8_t base[32];
    app_key(app, "field-contact", base);
    crypto_generichash(key, 32, (const uint8_t *)&id.v, sizeof id.v, base, sizeof base);
}

Str contact_seal(Arena *a, const AppInfo *app, CaseId id, const Contact *x)
{
    uint8_t key[32];
    Buf     b = buf_new(a, 256);
    if (!x->name.len && !x->address.len && !x->phone.len)
        return S("");
    buf_lit(&b, "{\"name\":");
    buf_json_str(&b, x->name);
    buf_lit(&b, ",\"address\":");
    buf_json_str(&b, x->address);
    buf_lit(&b, ",\"phone\":");
    buf_json_str(&b, x->phone);
    buf_byte(&b, '}');
    size_t   n   = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + b.len;
    uint8_t *box = arena_new(a, uint8_t, n);
    key_of(app, id, key);
    random_bytes(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const uint8_t *)b.at, b.len, box, key);
    return (Str){ (const char *)box, n };
}

bool contact_open(Arena *a, const AppInfo *app, CaseId id, Str box, Contact *out)
{
    uint8_t     key[32];
    size_t      head = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    const Json *tree;
    if (box.len < head)
        return false;
    char          *text = arena_new(a, char, box.len - head + 1);
    const uint8_t *at   = (const uint8_t *)box.at;
    key_of(app, id, key);
    if (crypto_secretbox_open_easy((uint8_t *)text, at + crypto_secretbox_NONCEBYTES, box.len - crypto_secretbox_NONCEBYTES, at, key))
        return false;
    if (json_parse(a, (Str){ text, box.len - head }, &tree))
        return false;
    *out = (Contact){ S(""), S(""), S("") };
    json_str(json_get(tree, S("name")), &out->name);
    json_str(json_get(tree, S("address")), &out->address);
    json_str(json_get(tree, S("phone")), &out->phone);
    return true;
}

Str phone_clean(Arena *a, Str typed)
{
    Buf b = buf_new(a, 24);
    for (size_t i = 0; i < typed.len; i++) {
        char ch = typed.at[i];
        if (ch >= '0' && ch <= '9')
            buf_byte(&b, ch);
        else if (ch == '+' && !b.len)
            buf_byte(&b, ch);
        else if (!memchr(" .-()", ch, 5))
            return S("");
    }
    return b.len >= 8 && b.len <= 16 ? buf_str(&b) : S("");
}

Str phone_tail(Str clean)
{
    return clean.len >= 8 ? str_skip(clean, clean.len - 3) : S("");
}
