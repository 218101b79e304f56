/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The browser of drive.h. */
#include "app/tests/drive.h"

AppInfo drive_app(Store *store)
{
    return (AppInfo){ .store = store, .mounts = app_mounts, .mount_count = app_mount_count, .plain_http = true,
                      .public_url = S("http://localhost:8080"), .key = { 5 } };
}

Drive drive_new(Arena *a, Store *store)
{
    log_set(LOG_ERROR, false);
    return (Drive){ .a = a, .app = drive_app(store) };
}

Str drive_cookie(const Drive *d, const char *name)
{
    return http_field(&d->cookies, str_from_c(name));
}

static void cookie_keep(Drive *d, Str header)
{
    StrPair p = str_cut(str_cut(header, ';').head, '=');
    bool  ends = str_has(header, S("Max-Age=0"));
    for (size_t i = 0; i < d->cookies.len; i++)
        if (str_eq(d->cookies.at[i].name, p.head)) {
            d->cookies.at[i].value = ends ? S("") : p.tail;
            return;
        }
    *list_add(d->a, &d->cookies) = (HttpField){ p.head, p.tail };
}

static void token_keep(Drive *d, Str body)
{
    size_t at;
    Str    mark = S("name=\"token\" value=\"");
    if (str_find(body, mark, &at))
        d->token = str_cut(str_skip(body, at + mark.len), '"').head;
}

static Seen answer(Drive *d, HttpTask *t)
{
    for (size_t i = 0; i < d->cookies.len; i++)
        if (d->cookies.at[i].value.len)
            *list_add(d->a, &t->req.cookies) = d->cookies.at[i];
    *list_add(d->a, &t->req.headers) = (HttpField){ S("sec-fetch-site"), S("same-origin") };
    web_handle(&d->app, t);
    for (size_t i = 0; i < t->res.headers.len; i++)
        if (str_eq(t->res.headers.at[i].name, S("set-cookie")))
            cookie_keep(d, t->res.headers.at[i].value);
    token_keep(d, t->res.body);
    return (Seen){ t->res.status, t->res.body, http_field(&t->res.headers, S("location")), t->res.headers };
}

static HttpTask task_of(Drive *d, Method method, Str path)
{
    StrPair  p = str_cut(path, '?');
    HttpTask t = { .arena = d->a,
                   .req = { .method = method,
                            .path = p.head,
                            .raw_query = p.tail,
                            .host = S("localhost:8080"),
                            .client = S("127.0.0.1"),
                            .id = 1 } };
    for (Str rest = p.tail; rest.len;) {
        StrPair one = str_cut(rest, '&'), field = str_cut(one.head, '=');
        Str     value;
        if (url_decode(d->a, field.tail, true, &value))
            *list_add(d->a, &t.req.query) = (HttpField){ field.head, value };
        rest = one.tail;
    }
    return t;
}

Seen drive_get(Drive *d, Str path)
{
    HttpTask t = task_of(d, GET, path);
    return answer(d, &t);
}

Seen drive_post(Drive *d, Str path, const Sent *fields)
{
    HttpTask t = task_of(d, POST, path);
    *list_add(d->a, &t.req.form) = (HttpField){ S("token"), d->token };
    for (; fields->name; fields++)
        *list_add(d->a, &t.req.form) = (HttpField){ str_from_c(fields->name), fields->value };
    return answer(d, &t);
}

static UnitId unit_made(Db *db, Arena *a, UnitKind kind, UnitId parent, const char *code, const char *name)
{
    UnitDraft d = { .kind = kind,
                    .parent = parent,
                    .code = str_from_c(code),
                    .name_vi = str_from_c(name),
                    .name_en = str_from_c(name),
                    .subtype = kind == UNIT_COMMUNE ? S("xã") : S("tỉnh"),
                    .source = S("test") };
    UnitId    id = { 0 };
    Err       e  = unit_create(db, a, &d, (Date){ date_of(time_now()).day - 1000 }, &id);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "unit: %.*s", STR_ARG(e->detail));
    return id;
}

DriveUnits drive_units(Db *db, Arena *a)
{
    DriveUnits u = { .nation = { UNIT_ROOT } };
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', "
                     "'9999-12-31', '')"));
    test_sql(db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, "
                     "full_name_vi, subtype, source) "
                     "VALUES (1, '0001-01-01', '9999-12-31', NULL, 'VN', 'Việt Nam', 'Viet Nam', '', '', 'test')"));
    u.first   = unit_made(db, a, UNIT_PROVINCE, u.nation, "52", "Gia Lai");
    u.second  = unit_made(db, a, UNIT_PROVINCE, u.nation, "66", "Đắk Lắk");
    u.commune = unit_made(db, a, UNIT_COMMUNE, u.first, "23563", "Ia Grai");
    return u;
}
