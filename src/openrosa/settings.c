/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a phone is set up with: Collect's settings as the text of a QR code, base64 of a zlib stream of JSON. */
#include "openrosa/settings.h"

#include <sodium.h>
#include <zlib.h>

Str collect_settings_json(Arena *a, const CollectSettings *s)
{
    Buf b = buf_new(a, 512);
    buf_lit(&b, "{\"general\":{\"server_url\":");
    buf_json_str(&b, s->server_url);
    buf_lit(&b, ",\"form_update_mode\":\"match_exactly\",\"autosend\":\"wifi_and_cellular\",\"app_language\":\"vi\",\"metadata_username\":");
    buf_json_str(&b, s->user);
    buf_lit(&b, ",\"delete_send\":false},\"admin\":{\"change_server\":false},\"project\":{\"name\":");
    buf_json_str(&b, s->project);
    buf_lit(&b, ",\"icon\":");
    buf_json_str(&b, s->icon);
    buf_lit(&b, ",\"color\":\"#123B66\"}}");
    return buf_str(&b);
}

Str collect_settings_code(Arena *a, const CollectSettings *s)
{
    Str            json = collect_settings_json(a, s);
    uLongf         len  = compressBound(json.len);
    unsigned char *at   = arena_take(a, len, 1, 1);
    if (compress2(at, &len, (const Bytef *)json.at, json.len, Z_BEST_COMPRESSION) != Z_OK)
        return S("");
    size_t room = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
    char  *text = arena_take(a, room, 1, 1);
    sodium_bin2base64(text, room, at, len, sodium_base64_VARIANT_ORIGINAL);
    return (Str){ text, room - 1 };
}
