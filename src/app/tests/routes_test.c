/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One address, one handler: of two rows that claim the same, the second would never be asked. */
#include "app/app.h"
#include "base/test.h"

#include <string.h>

typedef struct Claim { Method method; Str path; } Claim;

/* "/rounds/{id}/x" and "/rounds/{code}/x" are the same address. */
static Str pattern(Arena *a, const char *prefix, const char *path)
{
    Buf b = buf_new(a, 64);
    buf_add(&b, str_from_c(prefix));
    for (const char *p = path; *p; p++) {
        buf_byte(&b, *p);
        if (*p == '{')
            p += strcspn(p, "}") - 1;
    }
    return buf_str(&b);
}

TEST(no_two_routes_claim_one_method_and_address)
{
    LIST(Claim) all = { 0 };
    for (size_t m = 0; m < app_mount_count; m++)
        for (const Route *r = app_mounts[m].routes; r->path; r++) {
            Claim c = { r->method, pattern(a, app_mounts[m].prefix, r->path) };
            for (size_t i = 0; i < all.len; i++)
                if (all.at[i].method == c.method && str_eq(all.at[i].path, c.path))
                    test_fail(__FILE_NAME__, __LINE__, "%.*s is claimed twice", STR_ARG(c.path));
            *list_add(a, &all) = c;
        }
    CHECK(all.len > 100);
    CHECK_STR(pattern(a, "/console", "/rounds/{id}/x/{n}"), S("/console/rounds/{}/x/{}"));
}
