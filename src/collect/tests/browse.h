/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A browser without scripts for tests of the respondent's pages: keeps cookies, follows redirects, remembers the last page. */
#ifndef COLLECT_TESTS_BROWSE_H
#define COLLECT_TESTS_BROWSE_H

#include "round_fixture.h"

#include "http/http.h"

typedef struct Browser { HttpServer *server; Arena *a; HttpFields cookies; Str page, location, refresh, type; int status; } Browser;
typedef struct Site { RoundFixture f; HttpServer *server; } Site;

Site *site_open(Store *store, Arena *a, RoundIdentity identity);
Site *site_with(Arena *a, RoundFixture f);               /* the same for a round of the caller's */
Browser browser(Site *x, Arena *a);
void request(Browser *b, const char *method, Str path, Str body);
void get(Browser *b, const char *path);
/* Posts with the form token of the page shown last; follows redirects; location is where they led. */
void post(Browser *b, const char *path, const char *fields);
/* The same as multipart/form-data with one file. */
void post_file(Browser *b, const char *path, const char *field, Str file_name, Str bytes);
Str  value_of(Str page, const char *name, Arena *a);     /* what stands in value="…" of the control of that name */

#endif
