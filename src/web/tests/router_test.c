/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Routes and their parameters. */
#include "base/test.h"
#include "web/parts.h"

static Err nothing(Ctx *c)
{
    (void)c;
    return OK;
}

static const Route rows[] = {
    { GET, "/", RIGHT_PUBLIC, nothing, 0 },
    { GET, "/rounds/{id}", RIGHT_PUBLIC, nothing, 0 },
    { POST, "/rounds/{id}/close", RIGHT_PUBLIC, nothing, 0 },
    { GET, "/packages/{id}.zip", RIGHT_PUBLIC, nothing, 0 },
    { 0 },
};
static const Mount   mounts[] = { { "", rows }, { "/console", rows } };
static const AppInfo app      = { .mounts = mounts, .mount_count = 2 };

TEST(route_parameters_are_single_segments)
{
    RouteHit hit = route_find(&app, a, GET, S("/rounds/12"));
    CHECK(hit.route == &rows[1]);
    CHECK_STR(http_field(&hit.params, S("id")), S("12"));
    CHECK(!route_find(&app, a, GET, S("/rounds/12/x")).route);
    CHECK(!route_find(&app, a, GET, S("/rounds/")).route);
    hit = route_find(&app, a, GET, S("/packages/7.1.zip"));
    CHECK_STR(http_field(&hit.params, S("id")), S("7.1"));
    CHECK(!route_find(&app, a, GET, S("/packages/.zip")).route);
}

TEST(route_mounts_and_methods)
{
    CHECK(route_find(&app, a, GET, S("/console")).mount == &mounts[1]);
    CHECK(route_find(&app, a, GET, S("/console/rounds/3")).mount == &mounts[1]);
    CHECK(!route_find(&app, a, GET, S("/consoles")).route);
    RouteHit hit = route_find(&app, a, GET, S("/rounds/3/close"));
    CHECK(!hit.route && hit.methods == 1u << POST);
    CHECK(route_find(&app, a, HEAD, S("/")).route == &rows[0]);
    hit = route_find(&app, a, POST, S("/console/rounds/x-1/close"));
    CHECK_STR(http_field(&hit.params, S("id")), S("x-1"));
}

TEST(only_paths_of_this_site_are_followed)
{
    CHECK_STR(local_path(S("/results?x=1")), S("/results?x=1"));
    CHECK_STR(local_path(S("//evil.example")), S("/"));
    CHECK_STR(local_path(S("/\\evil.example")), S("/"));
    CHECK_STR(local_path(S("https://evil.example")), S("/"));
    CHECK_STR(local_path(S("/a\r\nx: y")), S("/"));
    CHECK_STR(local_path(S("")), S("/"));
}
