/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names, addresses and telephone numbers of cases: sealed with a key of the installation and tied to their case, so that
 * neither a dump nor a swap of rows shows or moves them. */
#include "field/parts.h"

#include "base/sealed.h"

#include <sodium.h>

static const char column[] = "field_cases.contact";

/* Boxes of before were tied to their case by a key of its own. */
static void old_key_of(const uint8_t base[32], CaseId id, uint8_t key[32])
{
    crypto_generichash(key, 32, (const uint8_t *)&id.v, sizeof id.v, base, 32);
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
    app_key(app, "field-contact", key);
    return sealed(a, &(SealPlace){ key, column, id.v }, buf_str(&b));
}

bool contact_open(Arena *a, const AppInfo *app, CaseId id, Str box, Contact *out)
{
    uint8_t     key[32], old_key[32];
    Str         text;
    const Json *tree;
    app_key(app, "field-contact", key);
    old_key_of(key, id, old_key);
    if (!sealed_open(a, &(SealPlace){ key, column, id.v }, old_key, box, &text) || json_parse(a, text, &tree))
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
