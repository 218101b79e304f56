/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The respondent's pages over a real server, without scripts: from consent to receipt, errors, resuming, codes, the
 * device's limit, ends. */
#include "browse.h"

/* From consent to the page that checks everything. */
static void answer_all(Browser *b, const char *level)
{
    get(b, "/s/thu-2026");
    post(b, "/s/thu-2026", "consent=yes&c=qr");
    CHECK(str_has(b->location, S("/language")));
    post(b, "/s/thu-2026/language", "language=vi");
    CHECK_STR(b->location, S("/s/thu-2026/question/hai_long"));
    post(b, "/s/thu-2026/question/hai_long", arena_c(b->a, arena_fmt(b->a, "q.hai_long=%s", level)));
    CHECK_STR(b->location, S("/s/thu-2026/question/kenh"));
    post(b, "/s/thu-2026/question/kenh", "q.kenh=web&q.kenh=loa");
}

static void rest_of_pages(Browser *b)
{
    post(b, "/s/thu-2026/question/gop_y", "q.gop_y=c%C6%A1+quan");
    post(b, "/s/thu-2026/question/tuoi", "q.tuoi=40");
    post(b, "/s/thu-2026/question/tinh", "q.tinh=24");
    CHECK_STR(b->location, S("/s/thu-2026/check"));
}

TEST_EACH_STORE(flow_from_consent_to_receipt_and_withdrawal)
{
    Site   *x = site_open(store, a, IDENTITY_OPEN);
    Browser b = browser(x, a);
    answer_all(&b, "3");
    CHECK_STR(b.location, S("/s/thu-2026/question/gop_y"));            /* ly_do is not asked of the satisfied */
    CHECK(b.page.len < 6000);
    CHECK(!str_has(b.page, S("<script")));
    rest_of_pages(&b);
    CHECK(str_has(b.page, S("Bắc Ninh")) && str_has(b.page, S("cơ quan")));
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM drafts")), 1);
    Str token = value_of(b.page, "token", a);
    post(&b, "/s/thu-2026/check", "");
    CHECK_STR(b.location, S("/s/thu-2026/sent"));
    size_t at;
    CHECK(str_find(b.page, S("TD"), &at));
    Str receipt = str_take(str_skip(b.page, at), 19), cleaned;
    CHECK(str_find(b.page, S("value=\"TD"), &at));
    receipt = str_take(str_skip(b.page, at + 7), 19);
    CHECK(receipt_clean(a, receipt, &cleaned));
    CHECK_INT(fixture_stored(&x->f, a), 1);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM drafts")), 0);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM submissions WHERE channel = 'qr'")), 1);
    request(&b, "POST", S("/s/thu-2026/check"), arena_fmt(a, "token=%.*s", STR_ARG(token)));      /* pressed again */
    CHECK_STR(b.location, S("/s/thu-2026/sent"));
    get(&b, "/s/thu-2026/sent");
    CHECK(str_has(b.page, receipt));
    CHECK_INT(fixture_stored(&x->f, a), 1);
    get(&b, arena_c(a, arena_fmt(a, "/receipt?code=%.*s", STR_ARG(str_lower_ascii(a, receipt)))));
    CHECK_INT(b.status, 200);
    CHECK(str_has(b.page, S("Đợt thử")));
    get(&b, "/receipt?code=TD26-0000-0000-0000");
    CHECK_INT(b.status, 404);
    get(&b, arena_c(a, arena_fmt(a, "/s/thu-2026/withdraw?receipt=%.*s", STR_ARG(receipt))));
    CHECK_INT(fixture_stored(&x->f, a), 1);                               /* looking withdraws nothing */
    post(&b, "/s/thu-2026/withdraw", arena_c(a, arena_fmt(a, "receipt=%.*s", STR_ARG(receipt))));
    CHECK_INT(b.status, 200);
    CHECK_INT(fixture_stored(&x->f, a), 0);
    http_stop(x->server);
    fixture_whole(&x->f, a);
}

TEST_EACH_STORE(flow_promises_no_name_only_where_none_is_asked)
{
    Site   *x = site_with(a, round_fixture_of(store, a, "[survey]\ntype|name|label\ntext|a|Họ và  TÊN của ông/bà\n[settings]\nform_id|version\nthu|1\n"));
    Browser b = browser(x, a);
    get(&b, "/s/thu-2026");
    CHECK(!str_has(b.page, S("Phiếu không hỏi họ tên")));
    CHECK(str_has(b.page, S("Phiếu có câu hỏi về họ tên")));
    http_stop(x->server);
}

/* What the questionnaire fills in by itself is no answer of the person: a default becomes one when its page is sent. */
TEST_EACH_STORE(flow_counts_as_saved_what_the_person_answered)
{
    Site   *x = site_with(a, round_fixture_of(store, a,
        "[survey]\ntype|name|label|default|calculation|read_only\nhidden|quay||7||\ncalculate|tong|||1 + 1|\ntext|ma|Mã|A-01||yes\n"
        "text|chu|Chữ|||\ninteger|so|Số|5||\ntext|cuoi|Cuối|||\n[settings]\nform_id|version\nthu|1\n"));
    Browser b = browser(x, a);
    get(&b, "/s/thu-2026");
    CHECK(str_has(b.page, S("Phiếu không hỏi họ tên")));
    post(&b, "/s/thu-2026", "consent=yes");
    CHECK(str_has(b.page, S("q.ma")) || str_has(b.page, S("q.chu")));
    CHECK(!str_has(b.page, S("Đã lưu")));
    get(&b, "/s/thu-2026/question/chu");
    CHECK(!str_has(b.page, S("Đã lưu")));
    post(&b, "/s/thu-2026/question/chu", "q.chu=xin");
    CHECK_STR(b.location, S("/s/thu-2026/question/so"));
    CHECK(str_has(b.page, S("Đã lưu 1 câu trả lời")));
    post(&b, "/s/thu-2026/question/so", "q.so=5");
    CHECK(str_has(b.page, S("Đã lưu 2 câu trả lời")));
    get(&b, "/s/thu-2026/question/chu");
    CHECK(str_has(b.page, S("Đã lưu 1 câu trả lời")));
    http_stop(x->server);
}

TEST_EACH_STORE(flow_errors_keep_what_was_typed)
{
    Site   *x = site_open(store, a, IDENTITY_OPEN);
    Browser b = browser(x, a);
    answer_all(&b, "1");
    CHECK_STR(b.location, S("/s/thu-2026/question/ly_do"));
    post(&b, "/s/thu-2026/question/ly_do", "q.ly_do=");
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("<title>Lỗi: ")) && str_has(b.page, S("error-summary")) && str_has(b.page, S("Có lỗi cần sửa")));
    post(&b, "/s/thu-2026/question/ly_do", "q.ly_do=Ch%E1%BB%9D+l%C3%A2u");
    post(&b, "/s/thu-2026/question/gop_y", "q.gop_y=");
    post(&b, "/s/thu-2026/question/tuoi", "q.tuoi=bao+nhieu");
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("bao nhieu")));
    get(&b, "/s/thu-2026/question/tuoi");                                 /* and it is still there when the page is opened again */
    CHECK(str_has(b.page, S("bao nhieu")));
    post(&b, "/s/thu-2026/question/tuoi", "q.tuoi=5");
    CHECK_INT(b.status, 422);
    get(&b, "/s/thu-2026/check");
    post(&b, "/s/thu-2026/check", "");                                    /* sent too early: tinh is missing */
    CHECK_INT(b.status, 422);
    CHECK(str_has(b.page, S("error-summary")));
    CHECK_INT(fixture_stored(&x->f, a), 0);
    get(&b, "/s/thu-2026/question/hai_long?from=check");
    post(&b, "/s/thu-2026/question/hai_long?from=check", "q.hai_long=3");
    CHECK_STR(b.location, S("/s/thu-2026/check"));
    CHECK(!str_has(b.page, S("Chờ lâu")));                                /* ly_do is not relevant any more … */
    get(&b, "/s/thu-2026/question/hai_long?from=check");
    post(&b, "/s/thu-2026/question/hai_long?from=check", "q.hai_long=1");
    CHECK(str_has(b.page, S("Chờ lâu")));                                 /* … and comes back with its question */
    http_stop(x->server);
}

TEST_EACH_STORE(flow_resume_on_another_device)
{
    Site   *x = site_open(store, a, IDENTITY_OPEN);
    Browser one = browser(x, a), two = browser(x, a);
    answer_all(&one, "3");
    size_t at;
    CHECK(str_find(one.page, S("class=\"code mt-s\">"), &at));
    Str code = str_take(str_skip(one.page, at + 18), 12);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM drafts")), 1);
    get(&two, "/s/thu-2026/resume");
    post(&two, "/s/thu-2026/resume", "resume=0000-0000-00");
    CHECK_INT(two.status, 422);
    post(&two, "/s/thu-2026/resume", arena_c(a, arena_fmt(a, "resume=%.*s", STR_ARG(str_lower_ascii(a, code)))));
    CHECK_STR(two.location, S("/s/thu-2026/question/gop_y"));
    CHECK(str_has(two.page, code));                                       /* the code written down stays good */
    get(&one, "/s/thu-2026/question/gop_y");
    CHECK_INT(one.status, 410);                                           /* the first device has lost it */
    rest_of_pages(&two);
    post(&two, "/s/thu-2026/check", "");
    CHECK_STR(two.location, S("/s/thu-2026/sent"));
    Browser three = browser(x, a);
    get(&three, "/s/thu-2026/resume");
    post(&three, "/s/thu-2026/resume", arena_c(a, arena_fmt(a, "resume=%.*s", STR_ARG(code))));
    CHECK_INT(three.status, 422);                                         /* it died with sending */
    CHECK_INT(fixture_stored(&x->f, a), 1);
    http_stop(x->server);
}

TEST_EACH_STORE(flow_a_device_sends_as_often_as_the_round_allows)
{
    Site   *x = site_open(store, a, IDENTITY_OPEN);
    Browser b = browser(x, a);
    for (int i = 0; i < 2; i++) {
        answer_all(&b, "3");
        rest_of_pages(&b);
        post(&b, "/s/thu-2026/check", "");
    }
    CHECK_INT(b.status, 403);
    CHECK_INT(fixture_stored(&x->f, a), 1);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM drafts")), 1);      /* kept, not sent */
    http_stop(x->server);
}

TEST_EACH_STORE(flow_with_a_code_spends_it_only_by_sending)
{
    Site    *x = site_open(store, a, IDENTITY_CODE);
    NewCode *codes = fixture_codes(&x->f, a, 2, DATE_NONE);
    Browser  b = browser(x, a), other = browser(x, a);
    get(&b, arena_c(a, arena_fmt(a, "/q/%.*s", STR_ARG(codes[0].long_code))));
    CHECK_INT(b.status, 200);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM invitation_codes")), 2);
    post(&b, "/s/thu-2026", arena_c(a, arena_fmt(a, "consent=yes&c=qr&code=%.*s", STR_ARG(codes[0].long_code))));
    CHECK(str_has(b.location, S("/language")));                           /* the link brought the code along */
    get(&other, "/s/thu-2026");
    post(&other, "/s/thu-2026", "consent=yes&c=web");
    CHECK_STR(other.location, S("/s/thu-2026/code"));
    post(&other, "/s/thu-2026/code", "code=K7M4PX29QD");
    CHECK_INT(other.status, 422);
    Str refused = other.page;
    post(&other, "/s/thu-2026/code", arena_c(a, arena_fmt(a, "code=%.*s", STR_ARG(word_grouped(a, codes[1].short_code)))));
    CHECK(str_has(other.location, S("/language")));
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM invitation_codes")), 2);
    post(&b, "/s/thu-2026/language", "language=vi");
    post(&b, "/s/thu-2026/question/hai_long", "q.hai_long=3");
    post(&b, "/s/thu-2026/question/kenh", "q.kenh=web");
    rest_of_pages(&b);
    post(&b, "/s/thu-2026/check", "");
    CHECK_STR(b.location, S("/s/thu-2026/sent"));
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM invitation_codes")), 1);
    CHECK(!str_has(refused, S("đã được dùng")) || str_has(refused, S("Xem lại")));
    get(&other, arena_c(a, arena_fmt(a, "/q/%.*s", STR_ARG(codes[0].long_code))));
    CHECK_INT(other.status, 404);
    http_stop(x->server);
}

TEST_EACH_STORE(flow_guessing_waits_after_thirty_wrong_codes)
{
    Site   *x = site_open(store, a, IDENTITY_CODE);
    Browser b = browser(x, a);
    x->f.app.key[0] ^= store_is_postgres(store) ? 2 : 1;                  /* a site of its own: no other test is slowed */
    get(&b, "/s/thu-2026");
    post(&b, "/s/thu-2026", "consent=yes");
    Str form = b.page;
    for (int i = 0; i < 30; i++) {
        post(&b, "/s/thu-2026/code", arena_c(a, arena_fmt(a, "code=%.*s", STR_ARG(random_code(a, CODE_SHORT_LEN)))));
        CHECK_INT(b.status, 422);
    }
    post(&b, "/s/thu-2026/code", "code=K7M4PX29QD");
    CHECK_INT(b.status, 429);
    *list_add(a, &x->f.app.exempt) = S("127.0.0.1");                      /* a listed address is not counted */
    b.page = form;
    post(&b, "/s/thu-2026/code", "code=K7M4PX29QD");
    CHECK_INT(b.status, 422);
    http_stop(x->server);
}

TEST_EACH_STORE(flow_a_kiosk_goes_back_to_the_start)
{
    Site   *x = site_open(store, a, IDENTITY_OPEN);
    Browser b = browser(x, a);
    get(&b, "/s/thu-2026");
    post(&b, "/s/thu-2026", "consent=yes&c=kiosk");
    CHECK_STR(b.refresh, S("120;url=/s/thu-2026/idle"));
    post(&b, "/s/thu-2026/language", "language=vi");
    post(&b, "/s/thu-2026/question/hai_long", "q.hai_long=3");
    get(&b, "/s/thu-2026/idle");
    CHECK_STR(b.refresh, S("20;url=/s/thu-2026/leave"));
    CHECK(str_has(b.page, S("/s/thu-2026/question/kenh")));
    post(&b, "/s/thu-2026/question/kenh", "q.kenh=web");                  /* somebody was there */
    CHECK_INT(b.status, 403);                                             /* no form on that page: its token was not sent */
    get(&b, "/s/thu-2026/question/kenh");
    post(&b, "/s/thu-2026/question/kenh", "q.kenh=web");
    rest_of_pages(&b);
    post(&b, "/s/thu-2026/check", "");
    CHECK_STR(b.refresh, S("60;url=/s/thu-2026/leave"));
    get(&b, "/s/thu-2026/leave");
    CHECK_STR(b.location, S("/s/thu-2026?c=kiosk"));
    get(&b, "/s/thu-2026/sent");
    CHECK_STR(b.location, S("/s/thu-2026"));                              /* the receipt is gone from the machine */
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM submissions WHERE channel = 'kiosk'")), 1);
    http_stop(x->server);
}

TEST_EACH_STORE(flow_ends_are_honest)
{
    Site   *x = site_open(store, a, IDENTITY_OPEN);
    Browser b = browser(x, a);
    get(&b, "/s/thu-2026");
    post(&b, "/s/thu-2026", "consent=no");
    CHECK_INT(b.status, 200);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM drafts")), 0);
    answer_all(&b, "3");
    fixture_step(&x->f, a, ROUND_PAUSED);
    get(&b, "/s/thu-2026/question/gop_y");
    CHECK_INT(b.status, 503);
    CHECK_INT(test_sql_int(x->f.db, SQL("SELECT COUNT(*) FROM drafts")), 1);
    fixture_step(&x->f, a, ROUND_CLOSED);
    get(&b, "/s/thu-2026");
    CHECK_INT(b.status, 410);
    CHECK(str_has(b.page, S("1800 0000")));
    get(&b, "/s/thu-2026/question/gop_y");
    CHECK_INT(b.status, 200);                                             /* a session already open has 60 seconds */
    get(&b, "/s/khong-co");
    CHECK_INT(b.status, 404);
    get(&b, "/surveys");
    CHECK_INT(b.status, 200);
    CHECK(!str_has(b.page, S("Đợt thử")));
    http_stop(x->server);
}
