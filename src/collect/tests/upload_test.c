/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files as answers on pages: taken, refused, replaced, removed, kept with the draft, sent with the record, erased with it. */
#include "browse.h"

#include <unistd.h>

static const char *const with_files =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|required|relevant|parameters\n"
    "select_one co|co|Có giấy hẹn không?|yes||\n"
    "image|anh|Ảnh giấy hẹn|yes|${co} = '1'|\n"
    "file|don|Đơn gửi kèm|no||\n"
    "select_one dai|dai|Việc nào?|no||randomize=true\n"
    "begin_repeat|lan|Lần đến|||\nimage|bien|Ảnh biển số|no||\nend_repeat||||\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)\nco|1|Có\nco|2|Không\n"
    "dai|a|Việc A\ndai|b|Việc B\ndai|c|Việc C\ndai|d|Việc D\ndai|e|Việc E\ndai|f|Việc F\ndai|g|Việc G\n"
    "[settings]\nform_id|version|form_title|default_language\nco-tep|1|Có tệp|Tiếng Việt (vi)\n";

#define HEAD "\xFF\xD8"
#define PLACE "\xFF\xFE\x00\x0D" "21.03 105.8"
#define PICTURE "\xFF\xC0\x00\x0B\x08\x00\x02\x00\x03\x01\x01\x11\x00\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00" "abc\xFF\xD9"
#define PDF "%PDF-1.4 don xin\n"

static int64_t rows(Site *x, const char *of)
{
    return str_eq(str_from_c(of), S("draft")) ? test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM draft_files"))
         : str_eq(str_from_c(of), S("record")) ? test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM submission_files"))
                                               : test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM erasable_files"));
}

static bool kept(Site *x, Arena *a, Str bytes)
{
    Str got;
    return files_load(x->f.store, a, sha256(bytes), &got) == OK && str_eq(got, bytes);
}

static void erase(Site *x, Arena *a)
{
    Err e = db_begin_write(x->f.db);
    if (!e) e = collect_erase(x->f.db, x->f.store, a);
    if (!e) e = db_commit(x->f.db);
    CHECK_OK(e);
}

static Site *begun(Store *store, Arena *a, Browser *b)
{
    Site *x = site_with(a, round_fixture_of(store, a, with_files));
    *b = browser(x, a);
    get(b, "/s/thu-2026");
    post(b, "/s/thu-2026", "consent=yes&c=web");
    CHECK_STR(b->location, S("/s/thu-2026/question/co"));
    post(b, "/s/thu-2026/question/co", "q.co=1");
    CHECK_STR(b->location, S("/s/thu-2026/question/anh"));
    return x;
}

TEST_EACH_STORE(upload_a_picture_loses_its_traces_and_goes_with_the_record)
{
    Browser b;
    Site   *x = begun(store, a, &b);
    CHECK(str_has(b.page, S("enctype=\"multipart/form-data\"")) && str_has(b.page, S("accept=\"image/jpeg,image/png,image/webp\"")));
    post_file(&b, "/s/thu-2026/question/anh", "q.anh", S("Nguyễn Văn A.jpg"), S(HEAD PLACE PICTURE));
    CHECK_STR(b.location, S("/s/thu-2026/question/don"));
    CHECK_INT(rows(x, "draft"), 1);
    CHECK(kept(x, a, S(HEAD PICTURE)) && !kept(x, a, S(HEAD PLACE PICTURE)));
    get(&b, "/s/thu-2026/question/anh");
    size_t at;
    CHECK(str_find(b.page, S("href=\"/s/thu-2026/file/"), &at));
    Str href = str_cut(str_skip(b.page, at + 6), '"').head;
    CHECK(!str_has(b.page, S("Nguyễn Văn A")));
    request(&b, "GET", href, S(""));
    CHECK_INT(b.status, 200);
    CHECK_STR(b.type, S("image/jpeg"));
    Browser other = browser(x, a);
    request(&other, "GET", href, S(""));
    CHECK(other.status == 303);                                            /* it belongs to the draft */
    get(&b, "/s/thu-2026/question/don");
    post_file(&b, "/s/thu-2026/question/don", "q.don", S("don.pdf"), S(PDF));
    CHECK_STR(b.location, S("/s/thu-2026/question/dai"));
    post(&b, "/s/thu-2026/question/dai", "q.dai=a");
    post(&b, "/s/thu-2026/question/lan", "");
    CHECK_STR(b.location, S("/s/thu-2026/check"));
    CHECK(str_has(b.page, S(".jpg")) && str_has(b.page, S(".pdf")));
    post(&b, "/s/thu-2026/check", "");
    CHECK_STR(b.location, S("/s/thu-2026/sent"));
    CHECK_INT(rows(x, "draft"), 0);
    CHECK_INT(rows(x, "record"), 2);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM submission_files WHERE received_at % 86400000 <> 61200000 OR sent_name <> name")), 0);
    erase(x, a);
    CHECK(kept(x, a, S(HEAD PICTURE)) && kept(x, a, S(PDF)));
    Str receipt = value_of(b.page, "ma\" readonly", a);
    CHECK(str_find(b.page, S("value=\"TD"), &at));
    receipt = str_take(str_skip(b.page, at + 7), 19);
    get(&b, arena_c(a, arena_fmt(a, "/s/thu-2026/withdraw?receipt=%.*s", STR_ARG(receipt))));
    post(&b, "/s/thu-2026/withdraw", arena_c(a, arena_fmt(a, "receipt=%.*s", STR_ARG(receipt))));
    CHECK_INT(b.status, 200);
    CHECK_INT(rows(x, "record"), 0);
    erase(x, a);
    CHECK(!kept(x, a, S(HEAD PICTURE)) && !kept(x, a, S(PDF)));
    CHECK_INT(rows(x, "erasable"), 0);
    http_stop(x->server);
    fixture_whole(&x->f, a);
}

TEST_EACH_STORE(upload_refuses_other_kinds_and_keeps_what_was_there)
{
    Browser b;
    Site   *x = begun(store, a, &b);
    post_file(&b, "/s/thu-2026/question/anh", "q.anh", S("a.jpg"), S("<svg onload='x'>"));
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("error-summary")) && str_has(b.page, S("không phải ảnh JPG")));
    post_file(&b, "/s/thu-2026/question/anh", "q.anh", S("a.jpg"), S(HEAD PICTURE));
    get(&b, "/s/thu-2026/question/anh");
    post_file(&b, "/s/thu-2026/question/anh", "q.anh", S("a.jpg"), S(HEAD "\xFF\xC0\x00\x0B\x08"));
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("bị hỏng")) && str_has(b.page, S("/file/anh-")));
    CHECK_INT(rows(x, "draft"), 1);
    post(&b, "/s/thu-2026/question/anh", "q.anh=khac.jpg");                  /* a name alone is no file; what was sent stays */
    CHECK_STR(b.location, S("/s/thu-2026/question/don"));
    post_file(&b, "/s/thu-2026/question/don", "q.don", S("a.docx"), S("PK\x03\x04 no archive"));
    CHECK_INT(b.status, 422);
    post_file(&b, "/s/thu-2026/question/don", "q.don", S("a.exe"), S("MZ\x90\0\x03\0"));
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("Không nhận loại tệp này")));
    http_stop(x->server);
}

TEST_EACH_STORE(upload_is_replaced_and_removed_and_swept_with_its_draft)
{
    Browser b;
    Site   *x = begun(store, a, &b);
    post_file(&b, "/s/thu-2026/question/anh", "q.anh", S("a.jpg"), S(HEAD PICTURE));
    get(&b, "/s/thu-2026/question/anh");
    post_file(&b, "/s/thu-2026/question/anh", "q.anh", S("b.jpg"), S(HEAD "\xFF\xC0\x00\x0B\x08\x00\x09\x00\x09\x01\x01\x11\x00\xFF\xDA\x00\x02z\xFF\xD9"));
    CHECK_INT(rows(x, "draft"), 1);
    CHECK_INT(rows(x, "erasable"), 1);
    erase(x, a);
    CHECK(!kept(x, a, S(HEAD PICTURE)));
    get(&b, "/s/thu-2026/question/anh");
    post(&b, "/s/thu-2026/question/anh", "drop=q.anh");
    CHECK_INT(b.status, 200);
    CHECK(!str_has(b.page, S("file-kept")));                                 /* the page again, without it */
    post(&b, "/s/thu-2026/question/anh", "");
    CHECK_INT(b.status, 422);                                                /* it is required */
    get(&b, "/s/thu-2026/entry/lan/1");
    post_file(&b, "/s/thu-2026/entry/lan/1", "q.bien", S("a.jpg"), S(HEAD PICTURE));
    CHECK_STR(b.location, S("/s/thu-2026/question/lan"));
    CHECK_INT(rows(x, "draft"), 1);
    fixture_step(&x->f, a, ROUND_CLOSED);
    Err e = db_begin_write(x->f.db);
    if (!e) e = collect_tidy(x->f.db, (Time){ time_now().ms + 3 * MS_DAY });
    if (!e) e = db_commit(x->f.db);
    CHECK_OK(e);
    CHECK_INT(rows(x, "draft"), 0);
    erase(x, a);
    CHECK(!kept(x, a, S(HEAD PICTURE)));
    http_stop(x->server);
}

TEST_EACH_STORE(upload_never_erases_what_another_table_names)
{
    Browser b;
    Site   *x    = begun(store, a, &b);
    Str     book = S("");
    CHECK_OK(form_bytes(x->f.db, x->f.store, a, x->f.round.form, &book));
    Sha256    sum = sha256(book);
    AUTO_STMT q   = db_prepare(x->f.db, SQL("INSERT INTO erasable_files (sha256) VALUES ($1)"));
    CHECK_OK(db_begin_write(x->f.db));
    bind_blob(q, 1, (Str){ (const char *)sum.at, 32 });
    CHECK_OK(db_run(q));
    CHECK_OK(db_commit(x->f.db));
    erase(x, a);
    CHECK(kept(x, a, book));
    http_stop(x->server);
}

TEST_EACH_STORE(an_order_without_seed_is_one_order_for_a_person)
{
    Browser b;
    Site   *x = begun(store, a, &b);
    get(&b, "/s/thu-2026/question/dai");
    size_t from;
    CHECK(str_find(b.page, S("<ul class=\"likert\">"), &from));
    Str first = str_skip(b.page, from);
    usleep(3000);
    get(&b, "/s/thu-2026/question/dai");
    CHECK(str_find(b.page, S("<ul class=\"likert\">"), &from));
    Str again = str_skip(b.page, from);
    size_t one, two;
    CHECK(str_find(first, S("</ul>"), &one) && str_find(again, S("</ul>"), &two));
    CHECK_STR(str_take(first, one), str_take(again, two));
    bool other = false;
    for (int i = 0; i < 8 && !other; i++) {                                  /* another person sees another order, nearly always */
        Browser c = browser(x, a);
        get(&c, "/s/thu-2026");
        post(&c, "/s/thu-2026", "consent=yes&c=web");
        get(&c, "/s/thu-2026/question/dai");
        other = str_find(c.page, S("<ul class=\"likert\">"), &from) && !str_eq(str_take(str_skip(c.page, from), one), str_take(first, one));
    }
    CHECK(other);
    http_stop(x->server);
}
