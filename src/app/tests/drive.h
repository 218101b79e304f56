/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A browser for tests: requests go through the wrapper in this process, cookies are kept, forms carry their token. */
#ifndef APP_TESTS_DRIVE_H
#define APP_TESTS_DRIVE_H

#include "app/app.h"
#include "store/test_store.h"

typedef struct Drive {
    Arena     *a;
    AppInfo    app;
    HttpFields cookies;
    Str        token;            /* of the last page with a form */
} Drive;
typedef struct Seen { int status; Str body, location; HttpFields headers; } Seen;
typedef struct Sent { const char *name; Str value; } Sent;

AppInfo drive_app(Store *store);
Drive   drive_new(Arena *a, Store *store);
Seen    drive_get(Drive *d, Str path);
/* The token of the last page is added; fields end with a NULL name. */
Seen    drive_post(Drive *d, Str path, const Sent *fields);
#define POST_TO(d, path, ...) drive_post((d), (path), (Sent[]){ __VA_ARGS__ __VA_OPT__(,) { NULL, { NULL, 0 } } })
Str     drive_cookie(const Drive *d, const char *name);
/* The nation (UNIT_ROOT) with two provinces and a commune of the first, in an open write transaction. */
typedef struct DriveUnits { UnitId nation, first, second, commune; } DriveUnits;
DriveUnits drive_units(Db *db, Arena *a);

#endif
