/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Posts as Collect sends them: every row of the table of submissions, on both databases. */
#include "field_fixture.h"

#include <pthread.h>
#include <unistd.h>

static int64_t records(FieldFixture *f) { return field_sql(f, SQL("SELECT COUNT(*) FROM field_records")); }
static int64_t flags(FieldFixture *f) { return field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE by_check = 0")); }
static int64_t counted(FieldFixture *f, Arena *a)
{
    Round r;
    return round_load(f->db, a, f->round.id, &r) ? -1 : r.submissions;
}
static bool whole(FieldFixture *f) { return field_sql(f, SQL("SELECT COUNT(*) FROM field_records WHERE state <> 'whole'")) == 0; }

static Str simple(FieldFixture *f, Arena *a, const char *instance) { return field_xml_of(f, a, str_from_c(instance), 3, S(""), S("")); }
static Str send_xml(FieldFixture *f, Arena *a, Str xml) { return field_post(f, a, xml, NULL, 0, false); }

static void taken(Str answer)
{
    CHECK_INT(answer_status(answer), 201);
    CHECK(str_has(answer_body(answer), S(" items=\"1\"><message nature=\"submit_success\">")));
    CHECK_STR(answer_field(answer, S("x-openrosa-version")), S("1.0"));
    CHECK_INT(field_code_of(answer).len, 7);
}

static void refused(Str answer, int status)
{
    CHECK_INT(answer_status(answer), status);
    CHECK(field_message(answer).len > 0);
    CHECK_STR(answer_field(answer, S("x-openrosa-version")), S("1.0"));
}

/* ---- Once and again ---------------------------------------------------------------------------------------------------- */
TEST_EACH_STORE(field_post_is_taken_once_however_often_it_comes)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = simple(f, a, "uuid:a"), first = send_xml(f, a, xml);
    taken(first);
    CHECK(str_has(field_message(first), S("Đã nhận đủ phiếu")));
    for (int i = 0; i < 3; i++)
        CHECK_STR(field_code_of(send_xml(f, a, xml)), field_code_of(first));
    TestPart part = { S("xml_submission_file"), S("p.xml"), S("text/xml"), simple(f, a, "uuid:b") };
    taken(field_send(f, a, field_post_bytes(f, a, field_multipart(a, &part, 1), true)));                  /* chunked */
    CHECK_INT(records(f), 2);
    CHECK_INT(counted(f, a), 2);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE media = 'text/xml' AND channel = 'field'")), 2);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM field_records WHERE phone = 'collect:ABC'")), 2);
    field_fixture_whole(f, a);
}

typedef struct Poster { FieldFixture *f; Str xml, code; Arena arena; int bad; pthread_t thread; } Poster;
enum { POSTERS = 20, EACH = 50 };

static void *poster_main(void *at)
{
    Poster *p = at;
    for (int i = 0; i < EACH; i++) {
        Str answer = send_xml(p->f, &p->arena, p->xml);
        p->bad += answer_status(answer) != 201;
        if (i == 0)
            p->code = field_code_of(answer);
        p->bad += !str_eq(field_code_of(answer), p->code);
    }
    return NULL;
}

TEST_EACH_STORE(field_a_thousand_copies_at_once_are_one_record)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = simple(f, a, "uuid:thousand");
    Poster        all[POSTERS];
    for (int i = 0; i < POSTERS; i++) {
        all[i] = (Poster){ .f = f, .xml = xml, .arena = arena_open((size_t)1 << 26) };
        pthread_create(&all[i].thread, NULL, poster_main, &all[i]);
    }
    for (int i = 0; i < POSTERS; i++) {
        pthread_join(all[i].thread, NULL);
        CHECK_INT(all[i].bad, 0);
        CHECK_STR(all[i].code, all[0].code);
    }
    CHECK_INT(records(f), 1);
    CHECK_INT(counted(f, a), 1);
    field_fixture_whole(f, a);
    for (int i = 0; i < POSTERS; i++)
        arena_close(&all[i].arena);
}

TEST_EACH_STORE(field_no_instance_id_is_known_by_its_bytes)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = field_xml_of(f, a, S(""), 2, S(""), S(""));
    Str           one = send_xml(f, a, xml);
    taken(one);
    CHECK_STR(field_code_of(send_xml(f, a, xml)), field_code_of(one));
    taken(send_xml(f, a, field_xml_of(f, a, S(""), 3, S(""), S(""))));
    CHECK_INT(records(f), 2);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM field_records WHERE instance_id LIKE 'sha256:%'")), 2);
}

/* ---- Contradictions and strangers ------------------------------------------------------------------------------------------ */
TEST_EACH_STORE(field_other_bytes_under_an_id_are_put_aside)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    taken(send_xml(f, a, simple(f, a, "uuid:a")));
    Str other = field_xml_of(f, a, S("uuid:a"), 1, S(""), S(""));
    refused(send_xml(f, a, other), 409);
    refused(send_xml(f, a, other), 409);
    CHECK_INT(records(f), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_quarantine WHERE reason = 'conflict' AND submission_id <> 0")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT times FROM submission_quarantine")), 2);
    taken(send_xml(f, a, simple(f, a, "uuid:a")));
    field_fixture_whole(f, a);
    CHECK_OK(db_begin_write(f->db));
    test_sql(f->db, SQL("UPDATE submission_quarantine SET body = sha256"));
    CHECK_OK(db_commit(f->db));
    StoreFaults faults = { 0 };
    CHECK_OK(openrosa_check(f->db, store, a, &faults));
    CHECK_INT(faults.len, 1);
}

TEST_EACH_STORE(field_unknown_forms_are_put_aside_and_older_versions_taken)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    f->version = S("9");
    refused(send_xml(f, a, simple(f, a, "uuid:a")), 404);
    f->version = S("");
    refused(send_xml(f, a, simple(f, a, "uuid:a")), 404);
    f->version = S("1");
    refused(send_xml(f, a, str_replace(a, simple(f, a, "uuid:a"), S("thu-may"), S("khac"))), 404);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_quarantine WHERE reason = 'unknown_version'")), 2);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_quarantine WHERE reason = 'unknown_form'")), 1);
    CHECK_INT(answer_status(field_get(f, a, "HEAD", S("/submission"), S(""))), 204);
    field_fixture_version(f, a, "2");                               /* published between HEAD and POST */
    taken(send_xml(f, a, simple(f, a, "uuid:a")));
    f->version = S("2");
    taken(send_xml(f, a, simple(f, a, "uuid:b")));
    CHECK_INT(records(f), 2);
    Str by_ns = str_replace(a, simple(f, a, "uuid:c"), S("id=\"thu-may\""), S("xmlns=\"thu-may\""));
    taken(send_xml(f, a, by_ns));                                   /* without id: its namespace */
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_malformed_posts_are_400)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = simple(f, a, "uuid:a");
    static const char *const bad[] = { "", "<data id='thu-may'", "not xml", "<!DOCTYPE x [<!ENTITY e 'x'>]><data id='thu-may' version='1'>&e;</data>",
                                       "<data version='1'/>", "\xFF\xFE", "<data id='' version='1'/>" };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        refused(send_xml(f, a, str_from_c(bad[i])), 400);
    TestPart two[] = { { S("xml_submission_file"), S("a.xml"), S("text/xml"), xml }, { S("xml_submission_file"), S("b.xml"), S("text/xml"), xml } };
    refused(field_send(f, a, field_post_bytes(f, a, field_multipart(a, two, 2), false)), 400);
    TestPart none = test_part(S("a.jpg"), S("x"));
    refused(field_send(f, a, field_post_bytes(f, a, field_multipart(a, &none, 1), false)), 400);
    refused(field_send(f, a, field_post_bytes(f, a, S("no boundary at all"), false)), 400);
    refused(field_send(f, a, field_post_bytes(f, a, S("--XX\r\nContent-Disposition: nonsense\r\n\r\nx\r\n--XX--\r\n"), false)), 400);
    Str plain = arena_fmt(a, "POST /openrosa/%.*s/submission HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n%.*s",
                          STR_ARG(f->key), xml.len, STR_ARG(xml));
    refused(field_send(f, a, plain), 400);
    CHECK_INT(records(f), 0);
    CHECK(str_has(field_message(field_send(f, a, str_replace(a, plain, S("Host:"), S("Accept-Language: en\r\nHost:")))), S("The post must have")));
}

/* ---- Files ---------------------------------------------------------------------------------------------------------------------- */
TEST_EACH_STORE(field_split_posts_are_whole_in_every_order)
{
    static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    for (int o = 0; o < 6; o++) {
        Str instance = arena_fmt(a, "uuid:%d", o);
        Str xml      = str_replace(a, field_xml_of(f, a, instance, 3, S("m.jpg"), S("")), S("<anh_hai/>"), S("<anh_hai>h.jpg</anh_hai>"));
        TestPart one = test_part(S("m.jpg"), S("\xFF\xD8\xFFmot")), two = test_part(S("h.jpg"), S("\xFF\xD8\xFFhai"));
        for (int k = 0; k < 3; k++) {
            int step = orders[o][k];
            Str answer = step == 2 ? field_post(f, a, xml, NULL, 0, false) : field_post(f, a, xml, step ? &two : &one, 1, true);
            taken(answer);
            CHECK(whole(f) == (k == 2));
            CHECK(str_has(field_message(answer), k == 2 ? S("đủ phiếu") : S("còn chờ tệp")));
        }
    }
    CHECK_INT(records(f), 6);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_files WHERE type = 'image/jpeg' AND beside = 0")), 12);
    CHECK_INT(flags(f), 0);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_files_that_do_not_come_are_told_after_seven_days)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    FieldTotals   t;
    Time          now = time_now();
    taken(field_post(f, a, field_xml_of(f, a, S("uuid:a"), 3, S("m.jpg"), S("")), NULL, 0, false));
    taken(send_xml(f, a, simple(f, a, "uuid:b")));
    CHECK_OK(field_totals(f->db, f->round.id, (Time){ now.ms + 6 * MS_DAY }, &t));
    CHECK_INT(t.waiting, 1);
    CHECK_INT(t.overdue, 0);
    CHECK_OK(field_totals(f->db, f->round.id, (Time){ now.ms + 8 * MS_DAY }, &t));
    CHECK_INT(t.overdue, 1);
    CHECK_INT(counted(f, a), 2);
}

TEST_EACH_STORE(field_first_bytes_of_a_file_stay_and_unnamed_ones_are_kept)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = field_xml_of(f, a, S("uuid:a"), 3, S("anh.jpg"), S(""));
    TestPart first = test_part(S("anh.jpg"), S("mot")), other = test_part(S("anh.jpg"), S("khac")), extra = test_part(S("la.txt"), S("x"));
    taken(field_post(f, a, xml, NULL, 0, false));
    CHECK(!whole(f));
    taken(field_post(f, a, xml, &first, 1, false));
    CHECK(whole(f));
    taken(field_post(f, a, xml, &first, 1, false));
    CHECK_INT(flags(f), 0);
    taken(field_post(f, a, xml, &other, 1, false));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE flag = 'file_changed' AND node = 'anh.jpg'")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT size FROM submission_files WHERE beside = 0")), 3);
    CHECK_INT(field_sql(f, SQL("SELECT size FROM submission_files WHERE beside = 1")), 4);
    taken(field_post(f, a, xml, &extra, 1, false));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE flag = 'file_unnamed' AND node = 'la.txt'")), 1);
    CHECK_INT(records(f), 1);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_names_of_files_are_base_names_in_nfc)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    Buf           b = buf_new(a, 400);
    for (int i = 0; i < 296; i++)
        buf_byte(&b, 'a');
    buf_lit(&b, ".jpg");
    Str long_name = buf_str(&b);
    struct { Str named, sent; } cases[] = {
        { S("ảnh.jpg"), S("a\xCC\x89nh.jpg") },            /* NFD as some phones write it */
        { S("b.jpg"), S("../../b.jpg") }, { S("c.jpg"), S("C:\\dir\\c.jpg") }, { long_name, long_name },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str      xml  = field_xml_of(f, a, arena_fmt(a, "uuid:%zu", i), 3, cases[i].named, S(""));
        TestPart part = test_part(cases[i].sent, S("x"));
        taken(field_post(f, a, xml, &part, 1, false));
        CHECK(whole(f));
    }
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_files WHERE name LIKE '%/%' OR name LIKE '%..%' OR length(name) > 255")), 0);
    CHECK_INT(flags(f), 0);
    Str with_nul = S("--XX\r\nContent-Disposition: form-data; name=\"a\0b\"; filename=\"a\0b.jpg\"\r\n\r\nx\r\n--XX--\r\n");
    refused(field_send(f, a, field_post_bytes(f, a, with_nul, false)), 400);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_large_files_go_to_disk_and_are_checked)
{
    FieldFixture *f    = field_fixture(store, a, (HttpLimits){ 0 });
    char         *at   = arena_take(a, 300000, 1, 1);
    TestPart      part = test_part(S("to.jpg"), (Str){ at, 300000 });
    memset(at, 'x', 300000);
    taken(field_post(f, a, field_xml_of(f, a, S("uuid:a"), 3, S("to.jpg"), S("")), &part, 1, false));
    CHECK(whole(f));
    CHECK_INT(field_sql(f, SQL("SELECT size FROM submission_files")), 300000);
    field_fixture_whole(f, a);
    CHECK_OK(db_begin_write(f->db));
    test_sql(f->db, SQL("UPDATE submission_files SET size = size - 1"));
    CHECK_OK(db_commit(f->db));
    StoreFaults faults = { 0 };
    CHECK_OK(openrosa_check(f->db, store, a, &faults));
    CHECK_INT(faults.len, 1);
}

/* ---- Limits and bad lines ----------------------------------------------------------------------------------------------------------- */
TEST_EACH_STORE(field_too_large_is_read_to_its_end_and_answered)
{
    FieldFixture *f    = field_fixture(store, a, (HttpLimits){ .file_bytes = 100000, .request_bytes = 400000 });
    char         *at   = arena_take(a, 3000000, 1, 1);
    Str           xml  = field_xml_of(f, a, S("uuid:a"), 3, S("to.jpg"), S(""));
    TestPart      part = test_part(S("to.jpg"), (Str){ at, 120000 });
    memset(at, 'x', 3000000);
    refused(field_post(f, a, xml, &part, 1, false), 413);            /* a file */
    part.bytes.len = 3000000;
    refused(field_post(f, a, xml, &part, 1, false), 413);            /* the request, by its length */
    TestPart parts[] = { { S("xml_submission_file"), S("p.xml"), S("text/xml"), xml }, part };
    refused(field_send(f, a, field_post_bytes(f, a, field_multipart(a, parts, 2), true)), 413);     /* in chunks */
    CHECK_INT(records(f), 0);
    part.bytes.len = 90000;
    taken(field_post(f, a, xml, &part, 1, false));
}

TEST_EACH_STORE(field_hundred_files_are_taken_and_no_more)
{
    FieldFixture *f     = field_fixture(store, a, (HttpLimits){ 0 });
    TestPart     *parts = arena_new(a, TestPart, 102);
    for (int i = 0; i < 102; i++)
        parts[i] = test_part(arena_fmt(a, "a%d.txt", i), S("x"));
    refused(field_post(f, a, simple(f, a, "uuid:a"), parts, 101, false), 413);
    taken(field_post(f, a, simple(f, a, "uuid:a"), parts, 100, false));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_files")), 100);
}

TEST_EACH_STORE(field_a_post_cut_short_leaves_nothing_and_can_be_sent_again)
{
    FieldFixture *f    = field_fixture(store, a, (HttpLimits){ .body_grace_ms = 200 });
    TestPart      part = { S("xml_submission_file"), S("p.xml"), S("text/xml"), simple(f, a, "uuid:a") };
    Str           all  = field_post_bytes(f, a, field_multipart(a, &part, 1), false);
    int           fd   = client_open(f->server);
    client_send(fd, str_take(all, all.len - all.len / 100 - 1));     /* 99 % */
    close(fd);
    fd = client_open(f->server);
    client_send(fd, str_take(all, all.len - 20));                    /* and one that just stops */
    CHECK_INT(answer_status(client_rest(a, fd)), 408);
    close(fd);
    CHECK_INT(records(f), 0);
    taken(field_send(f, a, all));
    CHECK_INT(records(f), 1);
}

/* ---- Edits ------------------------------------------------------------------------------------------------------------------------------ */
static Str edit_of(FieldFixture *f, Arena *a, const char *instance, const char *old, int level)
{
    return field_xml_of(f, a, str_from_c(instance), level, S(""), arena_fmt(a, "<orx:deprecatedID>%s</orx:deprecatedID>", old));
}

TEST_EACH_STORE(field_edits_are_revisions_and_the_newest_counts)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    taken(send_xml(f, a, simple(f, a, "uuid:a")));
    taken(send_xml(f, a, edit_of(f, a, "uuid:b", "uuid:a", 2)));
    taken(send_xml(f, a, edit_of(f, a, "uuid:b", "uuid:a", 2)));
    taken(send_xml(f, a, edit_of(f, a, "uuid:c", "uuid:b", 1)));
    CHECK_INT(records(f), 3);
    CHECK_INT(counted(f, a), 1);
    CHECK_INT(field_sql(f, SQL("SELECT revision FROM field_records WHERE instance_id = 'uuid:c'")), 3);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(DISTINCT first_id) FROM field_records")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE left_out = 'superseded'")), 2);
    taken(send_xml(f, a, edit_of(f, a, "uuid:c", "uuid:c", 2)));     /* keeps its id: an edit of itself */
    CHECK_INT(records(f), 4);
    CHECK_INT(counted(f, a), 1);
    field_fixture_check(f, a);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_an_edit_before_its_original_is_linked_when_that_comes)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    taken(send_xml(f, a, edit_of(f, a, "uuid:b", "uuid:a", 2)));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE flag = 'edit_unknown'")), 1);
    CHECK_INT(counted(f, a), 1);
    taken(send_xml(f, a, simple(f, a, "uuid:a")));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE flag = 'edit_unknown'")), 0);
    CHECK_INT(field_sql(f, SQL("SELECT revision FROM field_records WHERE instance_id = 'uuid:b'")), 2);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions s JOIN field_records f ON f.submission_id = s.id "
                               "WHERE f.instance_id = 'uuid:a' AND s.left_out = 'superseded'")), 1);
    CHECK_INT(counted(f, a), 1);
    field_fixture_check(f, a);
    field_fixture_whole(f, a);
}

/* A further round of the same questionnaire, with a phone of its own; the fixture's round ends. */
static void next_round(FieldFixture *f, Arena *a)
{
    Round   r  = f->round;
    Device  d  = { .name = S("Máy 02"), .from = f->device.from, .to = DATE_NONE };
    RoundId id = { 0 };
    field_fixture_step(f, a, ROUND_CLOSED);
    r.code = S("thu-may-2");
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(round_create(f->db, a, &r, time_now(), &id));
    CHECK_OK(round_set_state(f->db, a, id, ROUND_OPEN, time_now()));
    CHECK_OK(device_add(f->db, a, id, &d, (PersonId){ 0 }, time_now(), &f->key));
    CHECK_OK(db_commit(f->db));
}

/* Its number follows from its round: it is looked for in every round of the questionnaire. */
TEST_EACH_STORE(field_a_record_is_known_in_another_round_too)
{
    FieldFixture *f       = field_fixture(store, a, (HttpLimits){ 0 });
    Str           unnamed = field_xml_of(f, a, S(""), 2, S(""), S("")), self = edit_of(f, a, "uuid:c", "uuid:c", 2);
    Str           first   = send_xml(f, a, simple(f, a, "uuid:a"));
    FieldHeld     held;
    taken(first);
    taken(send_xml(f, a, unnamed));
    taken(send_xml(f, a, self));
    next_round(f, a);
    CHECK_STR(field_code_of(send_xml(f, a, simple(f, a, "uuid:a"))), field_code_of(first));
    taken(send_xml(f, a, unnamed));
    taken(send_xml(f, a, self));
    refused(send_xml(f, a, field_xml_of(f, a, S("uuid:a"), 1, S(""), S(""))), 409);
    refused(send_xml(f, a, simple(f, a, "uuid:c")), 409);
    CHECK_INT(records(f), 3);
    taken(send_xml(f, a, simple(f, a, "uuid:d")));
    CHECK_INT(records(f), 4);
    CHECK_OK(field_held(f->db, a, collect_keys(&f->app), S("thu-may"), S("uuid:a"), &held));
    CHECK_STR(held.code, field_code_of(first));
    CHECK_OK(field_held(f->db, a, collect_keys(&f->app), S("thu-may"), S("uuid:d"), &held));
    CHECK_ERR(field_held(f->db, a, collect_keys(&f->app), S("thu-may"), S("uuid:e"), &held), ERR_NOT_FOUND);
    CHECK_ERR(field_held(f->db, a, collect_keys(&f->app), S("khac"), S("uuid:a"), &held), ERR_NOT_FOUND);
    field_fixture_check(f, a);
    field_fixture_whole(f, a);
}

/* Answers that came before it was open hold a round to its questionnaire. */
TEST_EACH_STORE(field_a_draft_round_with_answers_keeps_its_questionnaire)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    CHECK_OK(db_begin_write(f->db));
    test_sql(f->db, SQL("UPDATE rounds SET state = 'draft', revision = revision + 1"));
    CHECK_OK(db_commit(f->db));
    FormId other = field_fixture_version(f, a, "2");
    Round  r;
    for (int sent = 0; sent < 2; sent++) {
        CHECK_OK(round_load(f->db, a, f->round.id, &r));
        r.form = sent ? f->form : other;
        CHECK_OK(db_begin_write(f->db));
        if (sent)
            CHECK_ERR(round_save(f->db, a, &r), ERR_CONFLICT);
        else
            CHECK_OK(round_save(f->db, a, &r));
        if (sent)
            db_rollback(f->db);
        else
            CHECK_OK(db_commit(f->db));
        if (!sent)
            taken(send_xml(f, a, simple(f, a, "uuid:a")));
    }
    CHECK_OK(round_load(f->db, a, f->round.id, &r));
    CHECK_INT(r.form.v, other.v);
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(round_save(f->db, a, &r));                             /* all else may change */
    CHECK_OK(db_commit(f->db));
}

/* ---- Late, sealed -------------------------------------------------------------------------------------------------------------------------- */
TEST_EACH_STORE(field_late_records_are_kept_and_wait_for_a_person)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    taken(send_xml(f, a, simple(f, a, "uuid:a")));
    field_fixture_step(f, a, ROUND_CLOSED);
    Str late = send_xml(f, a, simple(f, a, "uuid:b"));
    taken(late);
    CHECK(str_has(field_message(late), S("người phụ trách")));
    CHECK_INT(counted(f, a), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE flag = 'late'")), 1);
    taken(send_xml(f, a, edit_of(f, a, "uuid:c", "uuid:a", 1)));    /* a late edit: the old one goes on counting */
    CHECK_INT(counted(f, a), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions s JOIN field_records f ON f.submission_id = s.id "
                               "WHERE f.instance_id = 'uuid:a' AND s.left_out = ''")), 1);
    taken(send_xml(f, a, simple(f, a, "uuid:a")));                  /* what is stored is acknowledged again */
    field_fixture_check(f, a);
    CHECK_INT(counted(f, a), 1);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_encrypted_records_are_kept_as_they_are)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = S("<data xmlns=\"http://opendatakit.org/submissions\" id=\"thu-may\" version=\"1\" encrypted=\"yes\">"
                          "<base64EncryptedKey>AAAA</base64EncryptedKey><meta xmlns=\"http://openrosa.org/xforms\"><instanceID>uuid:e</instanceID></meta>"
                          "<media><file>anh.jpg.enc</file></media><encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
                          "<base64EncryptedElementSignature>BBBB</base64EncryptedElementSignature></data>");
    TestPart parts[] = { test_part(S("submission.xml.enc"), S("\x01\x02")), test_part(S("anh.jpg.enc"), S("\x03")), test_part(S("anh.jpg"), S("lộ")) };
    taken(field_post(f, a, xml, parts, 1, false));
    CHECK(!whole(f));
    taken(field_post(f, a, xml, parts, 3, false));
    CHECK(whole(f));
    CHECK_INT(records(f), 1);
    CHECK_INT(counted(f, a), 0);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_files")), 2);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_quarantine WHERE reason = 'plain_beside' AND name = 'anh.jpg'")), 1);
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1 AND flag_reason = 'encrypted' AND answers = '{}'")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags")), 1);
    field_fixture_whole(f, a);
}
