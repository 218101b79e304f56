/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The default of every limit. README.md says what lies beyond each. */
#include "http/http.h"

#define MIB (INT64_C(1) << 20)

void http_limits_default(HttpLimits *l)
{
    static const HttpLimits defaults = {
        .line_bytes = 8192, .header_bytes = 32768, .header_fields = 100, .cookie_bytes = 8192,
        .form_bytes = MIB, .form_fields = 2000, .value_bytes = 65536,
        .file_bytes = 50 * MIB, .request_bytes = 200 * MIB, .files = 20,
        .connection_requests = 100, .header_ms = 10000, .body_grace_ms = 10000, .body_min_bytes_s = 1024,
        .write_ms = 60000, .connections = 20000, .connections_per_address = 50,
        .arena_bytes = 32 * MIB, .wall_ms = 30000, .upload_ms = 600000, .idle_ms = 75000,
    };
    const int64_t *from = (const int64_t *)&defaults;
    int64_t       *to   = (int64_t *)l;
    for (size_t i = 0; i < sizeof defaults / sizeof *from; i++)
        if (to[i] == 0)
            to[i] = from[i];
}
