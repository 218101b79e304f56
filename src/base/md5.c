/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* MD5 (RFC 1321). Telephones compare forms by it; it protects nothing, SHA-256 does. */
#include "base/ids.h"

#include <nettle/md5.h>

Md5 md5(Str bytes)
{
    struct md5_ctx c;
    Md5            out;
    md5_init(&c);
    md5_update(&c, bytes.len, (const uint8_t *)bytes.at);
    md5_digest(&c, sizeof out.at, out.at);
    return out;
}
