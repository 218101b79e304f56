/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The queue of mails on both databases: what people chose, one digest a day, each mail once, what a kill leaves. */
#include "notice/mail_parts.h"
#include "store/test_store.h"

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

typedef struct World { Db *db; Arena *a; Time now; PersonId who; } World;

static World world_new(Arena *a, Store *store)
{
    World       w = { .db = test_take(store, a), .a = a, .now = time_now() };
    PersonDraft p = { .login = S("canbo"), .name = S("Cán bộ"), .unit = { 1 } };
    fine(db_begin_write(w.db));
    test_sql(w.db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    test_sql(w.db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, full_name_vi, subtype, source) "
                       "VALUES (1, '0001-01-01', '9999-12-31', NULL, 'VN', 'Việt Nam', 'Viet Nam', '', '', 'test')"));
    fine(person_create(w.db, a, &p, (PersonId){ 0 }, w.now, &w.who));
    return w;
}

static int64_t of_state(World *w, Str state)
{
    AUTO_STMT q = db_prepare(w->db, SQL("SELECT COUNT(*) FROM mails WHERE state = $1"));
    bind_str(q, 1, state);
    int64_t n = db_row(q) ? col_int(q, 0) : -1;
    fine(db_done(q));
    return n;
}

static void tell(World *w, NoticeTopic topic)
{
    fine(notice_add(w->db, w->who, &(Notice){ .topic = topic, .href = S("/console"), .title = S("Đợt") }, w->now));
}

static bool claim(World *w, Time at, Mail *out)
{
    bool any = false;
    fine(mail_claim(w->db, S("here"), at, out, &any));
    return any;
}

TEST_EACH_STORE(mails_follow_what_people_chose)
{
    World      w = world_new(a, store);
    MailHow    how[NOTICE_GROUP_COUNT] = { [NOTICE_SEASON] = MAIL_NOW, [NOTICE_FIELD] = MAIL_DAILY };
    Mail       m, d;
    NoticeRows rows;
    tell(&w, TOPIC_CARD_ASKED);                          /* nothing chosen: nothing sent */
    CHECK_OK(mail_choices_save(w.db, w.who, how));
    tell(&w, TOPIC_CARD_ASKED);
    tell(&w, TOPIC_JOB_DONE);
    for (int i = 0; i < 3; i++)
        tell(&w, TOPIC_CASES_GIVEN);
    CHECK_INT(of_state(&w, S("waiting")), 2);
    CHECK(claim(&w, w.now, &m) && m.kind == MAIL_NOTICE && m.to.v == w.who.v);
    CHECK_OK(mail_notices(w.db, a, &m, &rows));
    CHECK(rows.len == 1 && rows.at[0].n.topic == TOPIC_CARD_ASKED);
    CHECK(!claim(&w, w.now, &d));                         /* the digest waits for the morning */
    CHECK(claim(&w, (Time){ w.now.ms + MS_DAY }, &d) && d.kind == MAIL_DIGEST);
    CHECK_OK(mail_notices(w.db, a, &d, &rows));
    CHECK_INT(rows.len, 3);
    CHECK_OK(notice_mark(w.db, w.who, rows.at[1].id, true, w.now));
    CHECK_OK(mail_notices(w.db, a, &d, &rows));
    CHECK_INT(rows.len, 2);                               /* what was read is not told again */
    MailHow back[NOTICE_GROUP_COUNT];
    CHECK_OK(mail_choices(w.db, w.who, back));
    CHECK(back[NOTICE_SEASON] == MAIL_NOW && back[NOTICE_JOB] == MAIL_NEVER && back[NOTICE_FIELD] == MAIL_DAILY);
}

TEST_EACH_STORE(a_kill_before_the_last_byte_sends_again_and_one_after_it_never)
{
    World   w = world_new(a, store);
    Mail    m, n, x;
    bool    done;
    int64_t id;
    CHECK_OK(mail_add(w.db, w.who, MAIL_NOTICE, w.now, &id));
    CHECK_OK(mail_add(w.db, w.who, MAIL_NOTICE, w.now, &id));
    CHECK(claim(&w, w.now, &m) && claim(&w, w.now, &n) && m.id != n.id && !claim(&w, w.now, &x));
    CHECK_OK(mail_handed(w.db, n.id, &done));
    CHECK(done);
    CHECK_OK(mail_resume_all(w.db, S("elsewhere"), w.now));              /* another server's mails are its own */
    CHECK_INT(of_state(&w, S("sending")), 1);
    CHECK_OK(mail_resume_all(w.db, S("here"), w.now));
    CHECK(of_state(&w, S("waiting")) == 1 && of_state(&w, S("unsure")) == 1);
    CHECK(claim(&w, w.now, &x) && x.id == m.id && x.attempts == 2 && !claim(&w, w.now, &x));
    CHECK_OK(mail_handed(w.db, n.id, &done));
    CHECK(!done);                                         /* it is settled */
    CHECK_OK(mail_settle(w.db, m.id, S("waiting"), S("certificate"), (Time){ w.now.ms + 60000 }, w.now));
    CHECK(!claim(&w, w.now, &x));
    MailHealth h;
    CHECK_OK(mail_health(w.db, a, &h));
    CHECK(h.waiting == 1 && h.tried == 1 && h.unsure == 1 && str_eq(h.fault, S("certificate")));
    CHECK(claim(&w, (Time){ w.now.ms + 60000 }, &x) && x.id == m.id);
    CHECK_OK(mail_settle(w.db, m.id, S("sent"), S(""), w.now, w.now));
    CHECK_OK(mail_tidy(w.db, (Time){ w.now.ms + 1 }));
    CHECK_INT(test_sql_int(w.db, SQL("SELECT COUNT(*) FROM mails")), 0);
}

TEST(every_fault_of_mail_has_words)
{
    static const char *const faults[] = { "certificate", "tls", "host", "time", "login", "password", "busy", "refused", "connection", "database", "cut_off" };
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        for (int l = 0; l < LANG_COUNT; l++)
            CHECK(text_find((Lang)l, str_concat(a, S("mail.fault."), str_from_c(faults[i]))).len > 0);
}
