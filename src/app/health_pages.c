/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* /healthz: the process answers. /readyz: it can store. Neither says anything else. */
#include "app/app.h"

#include <sys/statvfs.h>

static Err healthz(Ctx *c)
{
    return answer_bytes(c, 200, S("text/plain; charset=utf-8"), S("ok\n"));
}

static bool disk_has_room(Ctx *c)
{
    struct statvfs disk;
    return statvfs(arena_c(c->arena, c->app->data_dir), &disk) == 0 && disk.f_blocks > 0 &&
           (double)disk.f_bavail / (double)disk.f_blocks > 0.05;
}

static Err readyz(Ctx *c)
{
    bool ready = !server_draining() && disk_has_room(c) && store_ready(c->store, c->arena) == OK;
    return answer_bytes(c, ready ? 200 : 503, S("text/plain; charset=utf-8"), ready ? S("ready\n") : S("not ready\n"));
}

const Route app_health_routes[] = {
    { GET, "/healthz", RIGHT_PUBLIC, healthz, ROUTE_API | ROUTE_NO_TX },
    { GET, "/readyz", RIGHT_PUBLIC, readyz, ROUTE_API | ROUTE_NO_TX },
    { 0 },
};
