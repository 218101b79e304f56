/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What phones fetch, and who may: each row of the tables of requests, headers, lists and keys. */
#include "field_fixture.h"

#include "base/xml.h"

#include <sodium.h>

static void check_headers(Str answer)
{
    CHECK_STR(answer_field(answer, S("x-openrosa-version")), S("1.0"));
    CHECK_STR(answer_field(answer, S("content-language")), S("vi"));
    CHECK(answer_field(answer, S("Date")).len > 0);
    CHECK(!answer_field(answer, S("location")).len && !answer_field(answer, S("set-cookie")).len);
    CHECK_STR(answer_field(answer, S("cache-control")), S("private, no-cache"));
    if (answer_status(answer) < 300)
        CHECK_STR(answer_field(answer, S("x-openrosa-accept-content-length")), S("104857600"));
}

static Str element(Arena *a, const Xml *x, const char *name)
{
    const Xml *child = xml_child(x, str_from_c(name));
    return child ? xml_text(a, child) : S("");
}

static Xml *tree_of(Arena *a, Str answer)
{
    Xml *root = NULL;
    Err  e    = xml_parse(a, answer_body(answer), XML_LIMITS, &root);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return root;
}

static int entries(const Xml *root)
{
    int n = 0;
    XML_EACH(x, root)
        n += x->name.len > 0;
    return n;
}

/* The path behind the key in an address of ours. */
static Str path_in(FieldFixture *f, Str url)
{
    size_t at;
    return str_find(url, f->key, &at) ? str_skip(url, at + f->key.len) : S("");
}

TEST_EACH_STORE(field_list_has_every_element_and_leads_to_the_exact_bytes)
{
    FieldFixture *f    = field_fixture(store, a, (HttpLimits){ 0 });
    Str           list = field_get(f, a, "GET", S("/formList?deviceID=collect%3AABC"), S("Date: nonsense 13:99 CH\r\n"));
    CHECK_INT(answer_status(list), 200);
    check_headers(list);
    CHECK(str_starts(answer_field(list, S("Content-Type")), S("text/xml")));
    Xml *root = tree_of(a, list), *entry = xml_child(root, S("xform"));
    CHECK_STR(root->ns, S("http://openrosa.org/xforms/xformsList"));
    CHECK_INT(entries(root), 1);
    CHECK_STR(element(a, entry, "formID"), S("thu-may"));
    CHECK_STR(element(a, entry, "name"), S("Phiếu <thử> & máy"));
    CHECK_STR(element(a, entry, "version"), S("1"));
    CHECK(str_starts(element(a, entry, "hash"), S("md5:")) && element(a, entry, "hash").len == 36);
    CHECK(!xml_child(entry, S("manifestUrl")) && !xml_child(entry, S("descriptionText")));
    CHECK(str_starts(element(a, entry, "downloadUrl"), arena_fmt(a, "http://localhost/openrosa/%.*s/forms/", STR_ARG(f->key))));
    Str form = field_get(f, a, "GET", path_in(f, element(a, entry, "downloadUrl")), S(""));
    CHECK_INT(answer_status(form), 200);
    Md5 sum = md5(answer_body(form));
    CHECK_STR(str_concat(a, S("md5:"), str_hex(a, sum.at, sizeof sum.at)), element(a, entry, "hash"));
    CHECK_STR(answer_body(field_get(f, a, "GET", S("/formList?deviceID=other"), S(""))), answer_body(list));
    CHECK(xml_child(xml_child(tree_of(a, field_get(f, a, "GET", S("/formList?verbose=true"), S(""))), S("xform")), S("descriptionText")));
}

TEST_EACH_STORE(field_list_takes_its_parameters)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    field_fixture_version(f, a, "2");
    CHECK_INT(entries(tree_of(a, field_get(f, a, "GET", S("/formList?formID=thu-may"), S("")))), 1);
    CHECK_INT(entries(tree_of(a, field_get(f, a, "GET", S("/formList?formID=khong-co"), S("")))), 0);
    Xml *newest = xml_child(tree_of(a, field_get(f, a, "GET", S("/formList"), S(""))), S("xform"));
    CHECK_STR(element(a, newest, "version"), S("2"));
    CHECK_INT(entries(tree_of(a, field_get(f, a, "GET", S("/formList?listAllVersions=true"), S("")))), 2);
    CHECK_INT(answer_status(field_get(f, a, "GET", S("/forms/thu-may/1/manifest"), S(""))), 200);       /* older ones too */
    field_fixture_step(f, a, ROUND_CLOSED);
    CHECK_INT(entries(tree_of(a, field_get(f, a, "GET", S("/formList"), S("")))), 0);                   /* nobody begins any more */
    CHECK_INT(answer_status(field_get(f, a, "GET", S("/forms/thu-may/1/manifest"), S(""))), 200);
}

static bool takes(FieldFixture *f, Arena *a, FormId id, FormChannel channel)
{
    bool yes = false;
    return !form_takes(f->db, f->store, a, id, channel, &yes) && yes;
}

TEST_EACH_STORE(field_list_has_only_questionnaires_for_phones)
{
    FieldFixture *f     = field_fixture(store, a, (HttpLimits){ 0 });
    FormId        paper = field_fixture_for(f, a, "2", "online, Paper"), field = field_fixture_for(f, a, "3", "field");
    CHECK(takes(f, a, f->form, FORM_ONLINE) && takes(f, a, f->form, FORM_FIELD) && takes(f, a, f->form, FORM_PAPER) && takes(f, a, (FormId){ 0 }, FORM_FIELD));
    CHECK(takes(f, a, paper, FORM_ONLINE) && !takes(f, a, paper, FORM_FIELD) && takes(f, a, paper, FORM_PAPER));
    CHECK(!takes(f, a, field, FORM_ONLINE) && takes(f, a, field, FORM_FIELD) && !takes(f, a, field, FORM_PAPER));
    Str all = answer_body(field_get(f, a, "GET", S("/formList?listAllVersions=true"), S("")));
    CHECK(str_has(all, S("<version>1</version>")) && !str_has(all, S("<version>2</version>")) && str_has(all, S("<version>3</version>")));
}

TEST_EACH_STORE(field_manifest_leads_to_files)
{
    FieldFixture *f    = field_fixture(store, a, (HttpLimits){ 0 });
    Str           none = field_get(f, a, "GET", S("/forms/thu-may/1/manifest"), S(""));
    CHECK_INT(entries(tree_of(a, none)), 0);
    CHECK_STR(tree_of(a, none)->ns, S("http://openrosa.org/xforms/xformsManifest"));
    FormFile picture = { S("hình 1.png"), S("\x89PNG\r\n\x1A\nxxxx") };
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(form_file_save(f->db, store, a, f->form, &picture, (PersonId){ 1 }, time_now()));
    CHECK_OK(db_commit(f->db));
    CHECK(xml_child(xml_child(tree_of(a, field_get(f, a, "GET", S("/formList"), S(""))), S("xform")), S("manifestUrl")));
    Str  some  = field_get(f, a, "GET", S("/forms/thu-may/1/manifest"), S(""));
    Xml *media = xml_child(tree_of(a, some), S("mediaFile"));
    CHECK_STR(element(a, media, "filename"), S("hình 1.png"));
    Str file = field_get(f, a, "GET", path_in(f, element(a, media, "downloadUrl")), S(""));
    CHECK_INT(answer_status(file), 200);
    CHECK_STR(answer_field(file, S("Content-Type")), S("image/png"));
    CHECK_STR(answer_body(file), picture.bytes);
    CHECK_STR(answer_body(field_get(f, a, "GET", S("/forms/thu-may/1/manifest"), S(""))), answer_body(some));
    static const char *const missing[] = { "/forms/thu-may/9/manifest", "/forms/khac/1/manifest", "/forms/thu-may/1/00000000000000000000000000000000.xml",
                                           "/forms/thu-may/1/media/00000000000000000000000000000000/a.png", "/forms/thu-may/1/media/x/%C3%A1" };
    for (size_t i = 0; i < COUNT_OF(missing); i++) {
        Str answer = field_get(f, a, "GET", str_from_c(missing[i]), S(""));
        CHECK_INT(answer_status(answer), 404);
        CHECK(field_message(answer).len > 0);
    }
}

TEST_EACH_STORE(field_head_says_204_and_nothing_else)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    static const char *const methods[] = { "HEAD", "GET" };
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        Str answer = field_get(f, a, methods[i], S("/submission?deviceID=x"), S(""));
        CHECK_INT(answer_status(answer), 204);
        check_headers(answer);
    }
    Str bare = field_send(f, a, arena_fmt(a, "HEAD /openrosa/%.*s/submission HTTP/1.1\r\nHost: localhost\r\n\r\n", STR_ARG(f->key)));
    CHECK_INT(answer_status(bare), 204);                       /* without X-OpenRosa-Version */
    Str english = field_get(f, a, "GET", S("/submission"), S("Accept-Language: en-GB,en;q=0.8\r\n"));
    CHECK_STR(answer_field(english, S("content-language")), S("en"));
}

/* ---- Keys ---------------------------------------------------------------------------------------------------------- */
TEST_EACH_STORE(field_key_opens_only_what_it_is_for)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           key = f->key;
    CHECK_INT(key.len, 43);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM devices WHERE name LIKE '%Máy%' AND seen_at IS NULL")), 1);
    f->key    = S("lhGD62f6KBo9XErO78sfcPGn7Hvins-FM4Vjyddk8mw");
    Str wrong = field_get(f, a, "GET", S("/formList"), S(""));
    CHECK_INT(answer_status(wrong), 403);
    CHECK(field_message(wrong).len > 0 && !answer_field(wrong, S("www-authenticate")).len);
    f->key = key;
    CHECK_INT(answer_status(field_get(f, a, "GET", S("/formList"), S(""))), 200);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM devices WHERE seen_at IS NOT NULL")), 1);
    CHECK_OK(db_begin_write(f->db));
    test_sql(f->db, SQL("UPDATE devices SET to_day = '2020-01-02', from_day = '2020-01-01'"));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(answer_status(field_get(f, a, "HEAD", S("/submission"), S(""))), 403);
}

TEST_EACH_STORE(field_key_revoked_between_head_and_post_sends_nothing)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    CHECK_INT(answer_status(field_get(f, a, "HEAD", S("/submission"), S(""))), 204);
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(device_revoke(f->db, a, f->device.id, (PersonId){ 0 }, S("mất máy"), time_now()));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(answer_status(field_post(f, a, field_xml_of(f, a, S("uuid:1"), 3, S(""), S("")), NULL, 0, false)), 403);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM field_records")), 0);
    CHECK_OK(db_begin_write(f->db));
    CHECK_ERR(device_revoke(f->db, a, f->device.id, (PersonId){ 0 }, S("lại"), time_now()), ERR_CONFLICT);
    db_rollback(f->db);
}

/* ---- Name and password ------------------------------------------------------------------------------------------------ */
static Str basic_get(FieldFixture *f, Arena *a, const char *pair, bool https)
{
    char   text[200];
    size_t n = strlen(pair);
    sodium_bin2base64(text, sizeof text, (const unsigned char *)pair, n, sodium_base64_VARIANT_ORIGINAL);
    return field_send(f, a, arena_fmt(a, "GET /openrosa/formList HTTP/1.1\r\nHost: localhost\r\nX-OpenRosa-Version: 1.0\r\n%s%s%s%s\r\n",
                                      https ? "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n" : "",
                                      n ? "Authorization: Basic " : "", n ? text : "", n ? "\r\n" : ""));
}

static void add_interviewer(FieldFixture *f, Arena *a, Role role, bool assigned)
{
    PersonDraft p = { .login = S("dtv012"), .name = S("Nguyễn Thị Hoa"), .unit = { UNIT_ROOT } };
    PersonId    id;
    GrantId     grant;
    Str         hash;
    Date        today = date_of(time_now());
    CHECK_OK(password_hash(a, S("mật khẩu rất dài 1"), &hash));
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(person_create(f->db, a, &p, (PersonId){ 0 }, time_now(), &id));
    CHECK_OK(password_save(f->db, id, hash, time_now()));
    GrantDraft g = { .person = id, .role = role, .unit = { UNIT_ROOT }, .from = today, .to = DATE_NONE };
    CHECK_OK(grant_give(f->db, a, (PersonId){ 0 }, &g, today, time_now(), &grant));
    Device d = { .name = S("Hoa"), .person = id, .from = today, .to = DATE_NONE };
    if (assigned)
        CHECK_OK(device_add(f->db, a, f->round.id, &d, (PersonId){ 0 }, time_now(), NULL));
    CHECK_OK(db_commit(f->db));
}

TEST_EACH_STORE(field_basic_counts_over_tls_alone)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    add_interviewer(f, a, ROLE_INTERVIEWER, true);
    static const char good[] = "dtv012:mật khẩu rất dài 1";
    Str none = basic_get(f, a, "", false);
    CHECK_INT(answer_status(none), 401);
    CHECK_STR(answer_field(none, S("www-authenticate")), S("Basic realm=\"thuocdo\""));
    CHECK(field_message(none).len > 0);
    CHECK_INT(answer_status(basic_get(f, a, good, false)), 401);         /* plain http */
    CHECK_INT(answer_status(basic_get(f, a, good, true)), 401);          /* a header that no proxy of ours wrote */
}

static void stop_extra(void *server)
{
    http_stop(server);
}

TEST_EACH_STORE(field_basic_is_for_interviewers_of_the_round)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    add_interviewer(f, a, ROLE_INTERVIEWER, true);
    HttpConfig c = { .handle = web_handle, .fast = web_fast, .admit = web_admit, .app = &f->app, .workers = 2, .temp_dir = test_folder(a) };
    *list_add(a, &c.proxies) = S("127.0.0.1");
    HttpServer *own = f->server;
    f->server = test_server(a, c);
    test_after(stop_extra, f->server);
    Str list = basic_get(f, a, "dtv012:mật khẩu rất dài 1", true);
    CHECK_INT(answer_status(list), 200);
    CHECK(str_has(answer_body(list), S("https://localhost/openrosa/forms/thu-may/1/")));
    int64_t hashes = password_hash_count();
    CHECK_INT(answer_status(basic_get(f, a, "dtv012:mật khẩu rất dài 1", true)), 200);
    CHECK_INT(password_hash_count(), hashes);                            /* remembered: no second hash */
    CHECK_INT(answer_status(basic_get(f, a, "dtv012:sai", true)), 401);
    CHECK_INT(answer_status(basic_get(f, a, "khong:co", true)), 401);
    CHECK_INT(answer_status(basic_get(f, a, "khong", true)), 401);
    CHECK_OK(db_begin_write(f->db));
    test_sql(f->db, SQL("UPDATE grants SET role = 'clerk'"));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(answer_status(basic_get(f, a, "dtv012:mật khẩu rất dài 1", true)), 401);   /* no interviewer any more */
    f->server = own;
}
