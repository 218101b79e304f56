/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console pages of questionnaires, driven through the wrapper: what they show, refuse, save and record. */
#include "form_test_book.h"
#include "store/test_store.h"

#include <sodium.h>

static const Mount mounts[] = { { "/console", form_routes } };

typedef struct World { Arena *a; Store *store; Db *db; AppInfo app; Str cookie; } World;

static Err world_fill(Arena *a, Db *db, Role role, Str *out_cookie)
{
    static const uint8_t secret[TOTP_SECRET_LEN] = { 7 };
    uint8_t     key[32] = { 1 };
    StrList     codes;
    PersonId    id    = { 0 };
    GrantId     grant = { 0 };
    Session     s     = { 0 };
    Str         first;
    Time        now    = time_now();
    PersonDraft person = { .login = S("phantich"), .name = S("Phân tích"), .unit = { UNIT_ROOT } };
    GrantDraft  gd     = { .role = role, .unit = { UNIT_ROOT }, .from = date_of(now), .to = DATE_NONE };
    TRY(unit_load_reference(db, a, NULL, NULL));
    TRY(person_create(db, a, &person, (PersonId){ 0 }, now, &id));
    gd.person = id;
    TRY(grant_give(db, a, (PersonId){ 0 }, &gd, date_of(now), now, &grant));
    TRY(totp_enrol(db, a, id, (Str){ (const char *)secret, sizeof secret }, key, 0, now, &codes));
    TRY(session_open(db, a, id, S("127.0.0.1"), S("test"), now, &first));
    TRY(session_load(db, a, first, now, &s));
    return session_pass(db, a, &s, true, now, out_cookie);
}

static World world_new(Arena *a, Store *store, Role role)
{
    Db   *db = test_take(store, a);
    World w  = { .a = a, .store = store, .db = db };
    log_set(LOG_ERROR, false);
    w.app = (AppInfo){ .store = store, .mounts = mounts, .mount_count = COUNT_OF(mounts), .plain_http = true,
                       .public_url = S("http://localhost:8080"), .key = { 9 } };
    Err e = db_begin_write(db);
    if (!e)
        e = world_fill(a, db, role, &w.cookie);
    if (!e)
        e = db_commit(db);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    return w;
}

static HttpTask task_new(World *w, Method method, Str path)
{
    HttpTask t = { .arena = w->a, .req = { .method = method, .path = path, .host = S("localhost:8080"), .client = S("127.0.0.1"), .id = 1 } };
    *list_add(w->a, &t.req.headers) = (HttpField){ S("sec-fetch-site"), S("same-origin") };
    *list_add(w->a, &t.req.cookies) = (HttpField){ S("td-console"), w->cookie };
    if (method == POST) {
        uint8_t key[32], sum[24];
        app_key(&w->app, "form-token", key);
        crypto_generichash(sum, sizeof sum, (const uint8_t *)w->cookie.at, w->cookie.len, key, sizeof key);
        *list_add(w->a, &t.req.form) = (HttpField){ S("token"), str_hex(w->a, sum, sizeof sum) };
    }
    return t;
}

/* file: of a POST, as the part "file"; name and value: one field more. */
static HttpTask ask(World *w, Method method, Str path, Str file, const char *name, Str value)
{
    HttpTask t = task_new(w, method, path);
    if (name)
        *list_add(w->a, method == POST ? &t.req.form : &t.req.query) = (HttpField){ str_from_c(name), value };
    if (file.len)
        *list_add(w->a, &t.req.files) = (HttpPart){ .name = S("file"), .file_name = S("f.xlsx"), .bytes = file, .size = (int64_t)file.len };
    web_handle(&w->app, &t);
    return t;
}

static Str get(World *w, Str path, const char *name, Str value, int want)
{
    HttpTask t = ask(w, GET, path, S(""), name, value);
    if (t.res.status != want)
        test_fail(__FILE_NAME__, __LINE__, "%.*s: %d, want %d", STR_ARG(path), t.res.status, want);
    return t.res.body;
}

static void check_has(Str page, Str text)
{
    if (!str_has(page, text))
        test_fail(__FILE_NAME__, __LINE__, "the page lacks: %.*s", STR_ARG(text));
}

static const char *const fine =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|relevant|appearance\n"
    "begin_group|g|Phần một|Part one\nselect_one yn|a|Có <không>?|Yes or no?\nend_group\n"
    "begin_group|h|Phần hai|Part two|${a} = '1'\ninteger|b|Bao nhiêu?|How many?\nend_group\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)\nyn|1|Có|Yes\nyn|0|Không|No\n"
    "[settings]\nform_id|version|form_title::Tiếng Việt (vi)|form_title::English (en)\nthu|1|Phiếu thử|A try\n";

static Str bytes_with(Arena *a, Str what, Str with)
{
    Str lines = str_from_c(fine);
    return test_xlsx(a, arena_c(a, what.len ? str_replace(a, lines, what, with) : lines));
}

TEST_EACH_STORE(a_questionnaire_is_uploaded_shown_and_closed)
{
    World w = world_new(a, store, ROLE_NATIONAL_ANALYST);
    check_has(get(&w, S("/console/forms"), NULL, S(""), 200), S("Chưa có mẫu phiếu nào"));
    check_has(get(&w, S("/console/forms/new"), NULL, S(""), 200), S("sipas-2023.xlsx"));
    Str      bytes = bytes_with(a, S(""), S(""));
    HttpTask t     = ask(&w, POST, S("/console/forms/new"), bytes, NULL, S(""));
    CHECK_INT(t.res.status, 303);
    Str path = http_field(&t.res.headers, S("location"));
    CHECK(str_starts(path, S("/console/forms/")));
    check_has(get(&w, S("/console/forms"), NULL, S(""), 200), S("Phiếu thử"));
    Str page = get(&w, path, NULL, S(""), 200);
    check_has(page, S("Có &lt;không&gt;?"));
    check_has(page, S("${a} = &#39;1&#39;"));
    check_has(page, sha256_hex(a, bytes));
    page = get(&w, str_concat(a, path, S("/preview")), "part", S("2"), 200);
    check_has(page, S("<form method=\"get\" class=\"phone\" lang=\"vi\">"));
    check_has(page, S("id=\"q.b\""));
    CHECK(!str_has(page, S("id=\"q.a\"")));
    check_has(get(&w, str_concat(a, path, S("/preview")), "lang", S("en"), 200), S("Yes or no?"));
    CHECK_STR(get(&w, str_concat(a, path, S("/file")), NULL, S(""), 200), bytes);
    check_has(get(&w, str_concat(a, path, S("/questions.json")), NULL, S(""), 200), S("\"relevant\":\"${a} = '1'\""));
    t = ask(&w, POST, str_concat(a, path, S("/state")), S(""), "state", S("closed"));
    CHECK_INT(t.res.status, 303);
    check_has(get(&w, path, NULL, S(""), 200), S("Ngừng dùng"));
    CHECK_INT(ask(&w, POST, str_concat(a, path, S("/state")), S(""), "state", S("closed")).res.status, 409);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action IN ('form.publish', 'form.close')")), 2);
}

TEST_EACH_STORE(a_faulty_workbook_is_refused_with_its_cells_and_nothing_is_kept)
{
    World    w = world_new(a, store, ROLE_NATIONAL_ANALYST);
    HttpTask t = ask(&w, POST, S("/console/forms/new"), bytes_with(a, S("${a} = '1'"), S("${b} = '1'")), NULL, S(""));
    CHECK_INT(t.res.status, 422);
    check_has(t.res.body, S("survey, hàng 5, cột relevant"));
    check_has(t.res.body, S("E-CYCLE"));
    check_has(t.res.body, S("<title>Lỗi: "));
    t = ask(&w, POST, S("/console/forms/new"), S("no workbook"), NULL, S(""));
    CHECK_INT(t.res.status, 422);
    check_has(t.res.body, S("Đây không phải tệp .xlsx, cũng không phải .csv"));
    CHECK_INT(ask(&w, POST, S("/console/forms/new"), S(""), NULL, S("")).res.status, 422);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM form_versions")), 0);
}

TEST_EACH_STORE(warnings_wait_for_a_confirmation)
{
    World    w     = world_new(a, store, ROLE_NATIONAL_ANALYST);
    Str      bytes = bytes_with(a, S("integer|b|Bao nhiêu?|How many?"), S("integer|b|Bao nhiêu?|How many?||likertt"));
    HttpTask t     = ask(&w, POST, S("/console/forms/new"), bytes, NULL, S(""));
    CHECK_INT(t.res.status, 200);
    check_has(t.res.body, S("W-APPEAR"));
    check_has(t.res.body, sha256_hex(a, bytes));
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM form_versions")), 0);
    CHECK_INT(ask(&w, POST, S("/console/forms/confirm"), S(""), "sha", S("00")).res.status, 400);
    CHECK_INT(ask(&w, POST, S("/console/forms/confirm"), S(""), "sha", sha256_hex(a, bytes)).res.status, 303);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM form_versions")), 1);
    t = ask(&w, POST, S("/console/forms/new"), bytes_with(a, S("Phiếu thử"), S("Phiếu khác")), NULL, S(""));
    CHECK_INT(t.res.status, 422);
    check_has(t.res.body, S("đã có với nội dung khác"));
}

TEST_EACH_STORE(who_may_only_read_uploads_nothing)
{
    World w = world_new(a, store, ROLE_AUDITOR);
    CHECK(!str_has(get(&w, S("/console/forms"), NULL, S(""), 200), S("/console/forms/new")));
    CHECK_INT(ask(&w, POST, S("/console/forms/new"), bytes_with(a, S(""), S("")), NULL, S("")).res.status, 403);
    get(&w, S("/console/forms/999"), NULL, S(""), 404);
}

/* Sends a version and its confirmation; the path of the page it leads to, or the status as text. */
static Str send(World *w, Str bytes, Str reason)
{
    HttpTask t = ask(w, POST, S("/console/forms/new"), bytes, NULL, S(""));
    size_t   at;
    if (t.res.status == 303)
        return http_field(&t.res.headers, S("location"));
    if (!str_find(t.res.body, S("name=\"sha\" value=\""), &at))
        return arena_fmt(w->a, "%d", t.res.status);
    HttpTask again = task_new(w, POST, S("/console/forms/confirm"));
    *list_add(w->a, &again.req.form) = (HttpField){ S("sha"), str_take(str_skip(t.res.body, at + 18), 64) };
    *list_add(w->a, &again.req.form) = (HttpField){ S("reason"), reason };
    web_handle(&w->app, &again);
    return again.res.status == 303 ? http_field(&again.res.headers, S("location")) : arena_fmt(w->a, "%d", again.res.status);
}

TEST_EACH_STORE(a_name_keeps_its_meaning_from_version_to_version)
{
    World w = world_new(a, store, ROLE_NATIONAL_ANALYST);
    Str   one = send(&w, bytes_with(a, S(""), S("")), S(""));
    CHECK(str_starts(one, S("/console/forms/")));
    /* another type under the same name: only with a reason */
    Str lines = str_replace(a, str_from_c(fine), S("thu|1|"), S("thu|2|"));
    lines     = str_replace(a, lines, S("integer|b|Bao nhiêu?"), S("decimal|b|Bao nhiêu tất cả?"));
    CHECK_STR(send(&w, test_xlsx(a, arena_c(a, lines)), S("")), S("422"));
    Str two = send(&w, test_xlsx(a, arena_c(a, lines)), S("đo chính xác hơn"));
    CHECK(str_starts(two, S("/console/forms/")));
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'form.publish' AND detail LIKE '%đo chính xác hơn%'")), 1);
    Str page = get(&w, two, NULL, S(""), 200);
    check_has(page, S("/changes?from="));
    check_has(page, S("/xform"));
    page = get(&w, str_concat(a, two, S("/changes")), "from", str_cut_last(one, '/').tail, 200);
    check_has(page, S("Bao nhiêu tất cả?"));
    check_has(page, S("Số có phần lẻ"));
    CHECK(str_has(get(&w, str_concat(a, two, S("/xform")), NULL, S(""), 200), S("<data id=\"thu\" version=\"2\">")));
    /* given up, then back with another type: never */
    Str three = str_replace(a, str_replace(a, lines, S("thu|2|"), S("thu|3|")), S("decimal|b|"), S("decimal|c|"));
    CHECK(str_starts(send(&w, test_xlsx(a, arena_c(a, three)), S("")), S("/console/forms/")));
    Str four = str_replace(a, str_replace(a, lines, S("thu|2|"), S("thu|4|")), S("decimal|b|"), S("date|b|"));
    HttpTask t = ask(&w, POST, S("/console/forms/new"), test_xlsx(a, arena_c(a, four)), NULL, S(""));
    CHECK_INT(t.res.status, 422);
    check_has(t.res.body, S("E-REUSED"));
}

TEST_EACH_STORE(files_of_a_version_are_added_and_fetched)
{
    World w    = world_new(a, store, ROLE_NATIONAL_ANALYST);
    Str   with = str_replace(a, str_replace(a, str_from_c(fine), S("|appearance\n"), S("|appearance|image\n")), S("integer|b|Bao nhiêu?|How many?\n"),
                             S("integer|b|Bao nhiêu?|How many?|||anh.png\n"));
    Str   path = send(&w, test_xlsx(a, arena_c(a, with)), S("")), media = str_concat(a, path, S("/media"));
    check_has(get(&w, path, NULL, S(""), 200), S("Chưa có"));
    HttpTask t = task_new(&w, POST, media);
    *list_add(a, &t.req.files) = (HttpPart){ .name = S("media"), .file_name = S("anh.png"), .bytes = S("\x89PNG"), .size = 4 };
    web_handle(&w.app, &t);
    CHECK_INT(t.res.status, 303);
    CHECK(!str_has(get(&w, path, NULL, S(""), 200), S("Chưa có")));
    CHECK_STR(get(&w, media, "name", S("anh.png"), 200), S("\x89PNG"));
    get(&w, media, "name", S("khac.png"), 404);
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM form_files")), 1);
}
