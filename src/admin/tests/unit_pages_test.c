/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of units, public and console, driven through the wrapper: what they show, refuse, preview, save and record. */
#include "admin/unit_admin.h"
#include "site/unit_pages.h"
#include "store/test_store.h"

#include <sodium.h>

static const Mount mounts[] = { { "", site_unit_routes }, { "/console", admin_unit_routes } };

typedef struct World { Arena *a; Store *store; Db *db; AppInfo app; Str cookie; } World;

static Err world_fill(Arena *a, Db *db, Str *out_cookie)
{
    static const uint8_t secret[TOTP_SECRET_LEN] = { 7 };
    uint8_t  key[32] = { 1 };
    StrList  codes;
    PersonId id = { 0 };
    GrantId  grant;
    Session  s = { 0 };
    Str      first;
    Time     now = time_now();
    PersonDraft person = { .login = S("quantri"), .name = S("Quản trị"), .unit = { UNIT_ROOT } };
    GrantDraft  gd     = { .role = ROLE_SYSTEM_ADMIN, .unit = { UNIT_ROOT }, .from = date_of(now), .to = DATE_NONE };
    TRY(unit_load_reference(db, a, NULL, NULL));
    TRY(person_create(db, a, &person, (PersonId){ 0 }, now, &id));
    gd.person = id;
    TRY(grant_give(db, a, (PersonId){ 0 }, &gd, date_of(now), now, &grant));
    TRY(totp_enrol(db, a, id, (Str){ (const char *)secret, sizeof secret }, key, 0, now, &codes));
    TRY(session_open(db, a, id, S("127.0.0.1"), S("test"), now, &first));
    TRY(session_load(db, a, first, now, &s));
    return session_pass(db, a, &s, true, now, out_cookie);
}

static World world_new(Arena *a, Store *store)
{
    Db   *db = test_take(store, a);
    World w = { .a = a, .store = store, .db = db };
    log_set(LOG_ERROR, false);
    w.app = (AppInfo){ .store = store, .mounts = mounts, .mount_count = COUNT_OF(mounts), .plain_http = true,
                       .public_url = S("http://localhost:8080"), .key = { 9 } };
    Err e = db_begin_write(db);
    if (!e) e = world_fill(a, db, &w.cookie);
    if (!e) e = db_commit(db);
    if (e) test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    return w;
}

typedef struct Pair { const char *name; Str value; } Pair;

static HttpTask ask(World *w, Method method, Str path, Str query, const Pair *form, size_t n)
{
    HttpTask t = { .arena = w->a,
                   .req = { .method = method,
                            .path = path,
                            .raw_query = query,
                            .host = S("localhost:8080"),
                            .client = S("127.0.0.1"),
                            .id = 1 } };
    *list_add(w->a, &t.req.headers) = (HttpField){ S("sec-fetch-site"), S("same-origin") };
    *list_add(w->a, &t.req.cookies) = (HttpField){ S("td-console"), w->cookie };
    if (query.len &&
        url_form_parse(w->a, query, &(HttpLimits){ .form_fields = 50, .value_bytes = 1000, .form_bytes = 1000 },
                       &t.req.query))
        test_fail(__FILE_NAME__, __LINE__, "query");
    if (method == POST) {
        uint8_t key[32], sum[24];
        app_key(&w->app, "form-token", key);
        crypto_generichash(sum, sizeof sum, (const uint8_t *)w->cookie.at, w->cookie.len, key, sizeof key);
        *list_add(w->a, &t.req.form) = (HttpField){ S("token"), str_hex(w->a, sum, sizeof sum) };
    }
    for (size_t i = 0; i < n; i++) *list_add(w->a, &t.req.form) = (HttpField){ str_from_c(form[i].name), form[i].value };
    web_handle(&w->app, &t);
    return t;
}

static Str get(World *w, Str path, Str query, int want)
{
    HttpTask t = ask(w, GET, path, query, NULL, 0);
    if (t.res.status != want) test_fail(__FILE_NAME__, __LINE__, "%.*s: %d, want %d", STR_ARG(path), t.res.status, want);
    return t.res.body;
}

static void check_has(Str page, Str text)
{
    if (!str_has(page, text)) test_fail(__FILE_NAME__, __LINE__, "the page lacks: %.*s", STR_ARG(text));
}

static int64_t count_of(World *w, Sql sql)
{
    return test_sql_int(w->db, sql);
}

TEST_EACH_STORE(unit_pages_show_the_day)
{
    World w = world_new(a, store);
    check_has(get(&w, S("/units"), S(""), 200), S("34 tỉnh, thành phố và 3.321 xã"));
    Str page = get(&w, S("/units"), S("on=2025-06-30"), 200);
    check_has(page, S("63 tỉnh, thành phố và 696 quận"));
    check_has(page, S("Tỉnh Bắc Giang"));
    check_has(get(&w, S("/units"), S("on=31/02/2025"), 200), S("Ngày phải có dạng"));
    check_has(get(&w, S("/units"), S("q=thua+thien+hue"), 200), S("Tên cũ: Thừa Thiên Huế"));
    check_has(get(&w, S("/units"), S("q=zzzz"), 200), S("Không có đơn vị nào"));
    page = get(&w, S("/units/3024"), S(""), 200);
    check_has(page, S("Mang mã 24, mã trước đây của tỉnh Bắc Giang, thay cho mã 27."));
    check_has(page,
              S("Hình thành ngày 01/07/2025 từ tỉnh Bắc Giang và tỉnh Bắc Ninh. Gồm 33 phường, 66 xã. Mã đơn vị 24."));
    check_has(get(&w, S("/units/2024"), S(""), 200), S("đã nhập vào tỉnh Bắc Ninh"));
    check_has(get(&w, S("/en/units/3024"), S(""), 200), S("formerly the code of Tỉnh Bắc Giang"));
    get(&w, S("/units/999"), S(""), 404);
    get(&w, S("/units/x"), S(""), 404);
    get(&w, S("/units/3024"), S("on=never"), 400);
}

TEST_EACH_STORE(unit_pages_follow_a_code_of_a_day)
{
    World    w = world_new(a, store);
    HttpTask t = ask(&w, GET, S("/units/code/24"), S("on=2025-06-30"), NULL, 0);
    CHECK_INT(t.res.status, 303);
    CHECK_STR(http_field(&t.res.headers, S("location")), S("/units/2024?on=2025-06-30"));
    t = ask(&w, GET, S("/units/code/24"), S(""), NULL, 0);
    CHECK_STR(http_field(&t.res.headers, S("location")), S("/units/3024"));
    get(&w, S("/units/code/27"), S("kind=province"), 404);
    get(&w, S("/units/code/24"), S("kind=planet"), 400);
}

TEST_EACH_STORE(unit_change_is_previewed_then_saved_and_recorded)
{
    World w = world_new(a, store);
    Pair form[] = { { "name_vi", S("Bắc Ninh <b>Mới</b>") },
                    { "code", S("24") },
                    { "subtype", S("tỉnh") },
                    { "on_day", S("1") },
                    { "on_month", S("1") },
                    { "on_year", S("2030") },
                    { "source", S("Thử") },
                    { "confirm", S("1") } };
    int64_t before = count_of(&w, SQL("SELECT COUNT(*) FROM audit_records"));
    HttpTask t = ask(&w, POST, S("/console/units/3024/change"), S(""), form, COUNT_OF(form) - 1);
    CHECK_INT(t.res.status, 200);
    check_has(t.res.body, S("những thay đổi sau sẽ được ghi"));
    check_has(t.res.body, S("Bắc Ninh &lt;b&gt;Mới&lt;/b&gt;"));
    CHECK_INT(count_of(&w, SQL("SELECT COUNT(*) FROM unit_versions WHERE unit_id = 3024")), 1);
    t = ask(&w, POST, S("/console/units/3024/change"), S(""), form, COUNT_OF(form));
    CHECK_INT(t.res.status, 303);
    CHECK_INT(count_of(&w, SQL("SELECT COUNT(*) FROM unit_versions WHERE unit_id = 3024")), 2);
    CHECK_INT(count_of(&w, SQL("SELECT COUNT(*) FROM audit_records")), before + 1);
    Str page = get(&w, S("/units/3024"), S("on=2030-01-01"), 200);
    check_has(page, S("Bắc Ninh &lt;b&gt;Mới&lt;/b&gt;"));
    CHECK(!str_has(page, S("<b>Mới</b>")));
    check_has(get(&w, S("/units/3024"), S("on=2029-12-31"), 200), S("<h1>Tỉnh Bắc Ninh</h1>"));
}

TEST_EACH_STORE(unit_change_keeps_what_was_typed)
{
    World w = world_new(a, store);
    Pair form[] = { { "name_vi", S("") },  { "code", S("4") },     { "subtype", S("loại \"lạ\"") },
                    { "on_day", S("31") }, { "on_month", S("2") }, { "on_year", S("2030") } };
    HttpTask t = ask(&w, POST, S("/console/units/3024/change"), S(""), form, COUNT_OF(form));
    CHECK_INT(t.res.status, 422);
    check_has(t.res.body, S("Nhập ngày có hiệu lực"));
    check_has(t.res.body, S("value=\"loại &quot;lạ&quot;\""));
    check_has(t.res.body, S("value=\"31\""));
    form[3].value = S("1");
    t = ask(&w, POST, S("/console/units/3024/change"), S(""), form, COUNT_OF(form));
    CHECK_INT(t.res.status, 422);
    check_has(t.res.body, S("href=\"#name_vi\""));
    check_has(t.res.body, S("href=\"#code\""));
}

TEST_EACH_STORE(unit_merge_page_merges)
{
    World w = world_new(a, store);
    Pair form[] = { { "kind", S("province") }, { "old", S("2004") },         { "old", S("2020") },
                    { "into", S("") },         { "name_vi", S("Cao Lạng") }, { "code", S("20") },
                    { "subtype", S("tỉnh") },  { "on_day", S("1") },         { "on_month", S("1") },
                    { "on_year", S("2030") },  { "confirm", S("1") } };
    HttpTask t = ask(&w, POST, S("/console/units/1/merge"), S(""), form, COUNT_OF(form) - 1);
    CHECK_INT(t.res.status, 200);
    check_has(t.res.body, S("121 đơn vị chuyển sang Tỉnh Cao Lạng"));
    check_has(t.res.body, S("name=\"old\" value=\"2020\""));
    t = ask(&w, POST, S("/console/units/1/merge"), S(""), form, COUNT_OF(form));
    CHECK_INT(t.res.status, 303);
    CHECK_INT(count_of(&w, SQL("SELECT COUNT(*) FROM unit_successions WHERE on_day = '2030-01-01'")), 2);
    form[1].value = S("100004");                       /* a commune of Hà Nội does not stand below the nation */
    t = ask(&w, POST, S("/console/units/1/merge"), S(""), form, COUNT_OF(form));
    CHECK_INT(t.res.status, 403);
}

TEST_EACH_STORE(unit_list_is_looked_at_before_it_is_carried_out)
{
    World w = world_new(a, store);
    Str list =
        S("kind,code,name_vi,subtype,parent_code,from\ncommune,99001,<img src=x onerror=alert(1)>,xã,01,2030-01-01\n");
    HttpTask t = { .arena = a,
                   .req = { .method = POST,
                            .path = S("/console/units/1/import"),
                            .host = S("localhost:8080"),
                            .client = S("127.0.0.1"),
                            .id = 1 } };
    uint8_t key[32], sum[24];
    app_key(&w.app, "form-token", key);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)w.cookie.at, w.cookie.len, key, sizeof key);
    *list_add(a, &t.req.headers) = (HttpField){ S("sec-fetch-site"), S("same-origin") };
    *list_add(a, &t.req.cookies) = (HttpField){ S("td-console"), w.cookie };
    *list_add(a, &t.req.form)    = (HttpField){ S("token"), str_hex(a, sum, sizeof sum) };
    *list_add(a, &t.req.files) =
        (HttpPart){ .name = S("list"), .file_name = S("<b>.csv"), .bytes = list, .size = (int64_t)list.len };
    web_handle(&w.app, &t);
    CHECK_INT(t.res.status, 303);
    Str preview = http_field(&t.res.headers, S("location"));
    Str page    = get(&w, preview, S(""), 200);
    check_has(page, S("1 đơn vị mới"));
    check_has(page, S("&lt;img src=x onerror=alert(1)&gt;"));
    CHECK(!str_has(page, S("<img src=x")) && !str_has(page, S("<b>.csv")));
    CHECK_INT(count_of(&w, SQL("SELECT COUNT(*) FROM unit_versions WHERE code = '99001'")), 0);
    CHECK_INT(ask(&w, POST, preview, S(""), NULL, 0).res.status, 303);
    CHECK_INT(count_of(&w, SQL("SELECT COUNT(*) FROM unit_versions WHERE code = '99001'")), 1);
    CHECK_INT(ask(&w, POST, preview, S(""), NULL, 0).res.status, 303);                  /* once only */
    CHECK_INT(count_of(&w, SQL("SELECT COUNT(*) FROM unit_versions WHERE code = '99001'")), 1);
    check_has(get(&w, S("/units"), S("q=99001&on=2030-01-01"), 200), S("&lt;img src=x"));
}
