/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is made from the bytes after the commit: answers, counters, findings, times; and the same made anew. */
#include "field_fixture.h"
#include "openrosa/pages.h"

static int64_t flag_count(FieldFixture *f, Arena *a, const char *flag, const char *node)
{
    FlagRows rows;
    int64_t  n = 0;
    AUTO_STMT q = db_prepare(f->db, SQL("SELECT submission_id FROM field_records"));
    LIST(SubmissionId) ids = { 0 };
    while (db_row(q))
        *list_add(a, &ids) = (SubmissionId){ col_int(q, 0) };
    Err e = db_done(q);
    for (size_t i = 0; i < ids.len && !e; i++) {
        e = field_flags(f->db, a, ids.at[i], &rows);
        for (size_t k = 0; k < rows.len && !e; k++)
            n += str_eq(rows.at[k].flag, str_from_c(flag)) && (!node || str_eq(rows.at[k].node, str_from_c(node)));
    }
    return e ? -1 : n;
}

static void post(FieldFixture *f, Arena *a, Str xml)
{
    CHECK_INT(answer_status(field_post(f, a, xml, NULL, 0, false)), 201);
}

/* Where the XML says all, they are stored with the record; else after its commit, which does not wait for them. */
static void answers_are_made(FieldFixture *f, Arena *a, Str meta, int later)
{
    post(f, a, field_xml_of(f, a, S("uuid:a"), 3, S(""), meta));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE answers = '{}'")), later);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM field_records WHERE checked = posts")), !later);
    field_fixture_whole(f, a);
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE answers LIKE '%\"hai_long\":\"3\"%' AND unit_id <> 0 AND flagged = 0")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM field_records WHERE checked = posts")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags")), 0);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM round_counters WHERE stored = 1")), 2);      /* the round and its province */
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_answers_are_stored_with_the_record_and_counted)
{
    answers_are_made(field_fixture(store, a, (HttpLimits){ 0 }), a, S(""), 0);
}

TEST_EACH_STORE(field_answers_with_a_log_are_made_after_the_commit_and_counted)
{
    answers_are_made(field_fixture(store, a, (HttpLimits){ 0 }), a, S("<orx:audit>audit.csv</orx:audit>"), 1);
}

/* A finding of its case comes in the same commit; what is made anew from the bytes is the same. */
TEST_EACH_STORE(field_findings_made_early_are_those_made_later)
{
    FieldFixture  *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str            xml = field_xml_of(f, a, S("uuid:a"), 7, S(""), S(""));
    RederiveResult r;
    post(f, a, str_replace(a, xml, S("<tuoi>40</tuoi>"), S("<tuoi>9</tuoi>")));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE by_check = 1")), 3);    /* choice_unknown, constraint, calc_differs */
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1 AND flag_reason <> ''")), 1);
    field_fixture_whole(f, a);
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(openrosa_rederive(f->db, f->store, a, &f->app, &f->round, &r));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(r.records, 1);
    CHECK_INT(r.changed, 0);
}

/* A late one is checked after its commit: why it waits comes first among its findings. */
TEST_EACH_STORE(field_late_records_are_not_made_early)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    field_fixture_step(f, a, ROUND_CLOSED);
    post(f, a, field_xml_of(f, a, S("uuid:a"), 7, S(""), S("")));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE answers = '{}' AND flagged = 0")), 1);
    field_fixture_whole(f, a);
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE flag_reason = 'late' AND left_out = 'late'")), 1);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_broken_rules_are_flags_and_never_a_refusal)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = field_xml_of(f, a, S("uuid:a"), 3, S(""), S(""));
    struct { const char *from, *to, *flag, *node; } cases[] = {
        { "<hai_long>3</hai_long>", "", "required_missing", "hai_long" }, { "<tuoi>40<", "<tuoi>7<", "constraint", "tuoi" },
        { "<hai_long>3<", "<hai_long>9<", "choice_unknown", "hai_long" }, { "<tuoi>40<", "<tuoi>bốn mươi<", "type", "tuoi" },
        { "<gap_doi>80<", "<gap_doi>81<", "calc_differs", "gap_doi" },    { "<anh_hai/>", "<la>x</la>", "element_unknown", "/la" },
        { "</hai_long>", "</hai_long><ly_do>thừa</ly_do>", "irrelevant_value", "ly_do" },
        { "08:20:00.000+07:00", "07:20:00.000+07:00", "clock", "start" }, { "2026-11-22T08:20", "2099-11-22T08:20", "clock", "end" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Str broken = str_replace(a, xml, str_from_c(cases[i].from), str_from_c(cases[i].to));
        post(f, a, str_replace(a, broken, S("uuid:a"), arena_fmt(a, "uuid:%zu", i)));
    }
    field_fixture_check(f, a);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (flag_count(f, a, cases[i].flag, cases[i].node) < 1)
            test_fail(__FILE_NAME__, __LINE__, "no flag %s at %s", cases[i].flag, cases[i].node);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1 AND left_out = ''")), COUNT_OF(cases));
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE answers LIKE '%ly_do%' OR answers LIKE '%bốn%'")), 0);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_numbers_and_booleans_that_mean_the_same_do_not_differ)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    post(f, a, str_replace(a, field_xml_of(f, a, S("uuid:a"), 3, S(""), S("")), S("<gap_doi>80<"), S("<gap_doi>80.0<")));
    field_fixture_check(f, a);
    CHECK_INT(flag_count(f, a, "calc_differs", NULL), 0);
}

TEST_EACH_STORE(field_rederiving_gives_the_same_rows)
{
    FieldFixture  *f = field_fixture(store, a, (HttpLimits){ 0 });
    RederiveResult r;
    for (int i = 0; i < 7; i++)
        post(f, a, field_xml_of(f, a, arena_fmt(a, "uuid:%d", i), i % 4 + 1, S(""), S("")));
    field_fixture_check(f, a);
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(openrosa_rederive(f->db, store, a, &f->app, &f->round, &r));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(r.records, 7);
    CHECK_INT(r.changed, 0);
    CHECK_OK(db_begin_write(f->db));
    test_sql(f->db, SQL("DELETE FROM submission_flags"));
    CHECK_OK(openrosa_rederive(f->db, store, a, &f->app, &f->round, &r));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(r.changed, 3);                                       /* level 4 is no choice, level 1 asks for a reason (twice) */
    CHECK_INT(flag_count(f, a, "choice_unknown", "hai_long"), 1);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_check_that_was_cut_off_is_taken_up_again)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    Derived      *d = arena_new(a, Derived, 1);
    Str           xml = field_xml_of(f, a, S("uuid:a"), 3, S("anh.jpg"), S(""));
    TestPart      file = test_part(S("anh.jpg"), S("x"));
    int64_t       changed;
    post(f, a, xml);
    SubmissionId id = { field_sql(f, SQL("SELECT submission_id FROM field_records")) };
    CHECK_OK(field_derive(f->db, store, a, id, d));
    CHECK_INT(answer_status(field_post(f, a, xml, &file, 1, false)), 201);   /* comes between reading and saving */
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(derived_apply(f->db, a, collect_keys(&f->app), d, 1, &changed));
    CHECK_OK(db_commit(f->db));
    submission_forget_counts();
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM field_records WHERE checked < posts")), 1);
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM field_records WHERE checked < posts")), 0);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_log_of_the_phone_gives_times)
{
    FieldFixture *f   = field_fixture(store, a, (HttpLimits){ 0 });
    Str           xml = field_xml_of(f, a, S("uuid:a"), 3, S(""), S("<audit>audit.csv</audit>"));
    TestPart      log = test_part(S("audit.csv"), S("event,node,start,end\nform start,,1763769600000,\n"
                                  "question,/data/chung/hai_long,1763769600000,1763769610000\nquestion,/data/anh,1763769610000,1763769615000\n"
                                  "question,/data/chung/hai_long,1763769815000,1763769820000\n"));
    CHECK_INT(answer_status(field_post(f, a, str_replace(a, xml, S("<audit>"), S("<orx:audit>")), NULL, 0, false)), 400);
    CHECK_INT(answer_status(field_post(f, a, xml, &log, 1, false)), 201);
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, SQL("SELECT interview_ms FROM field_times")), 20000);
    CHECK_INT(field_sql(f, SQL("SELECT pause_ms FROM field_times")), 200000);
    CHECK_INT(field_sql(f, SQL("SELECT revisits FROM field_times")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags WHERE flag = 'file_unnamed'")), 0);
    field_fixture_whole(f, a);
}

/* ---- Decisions, through the console's own functions ---------------------------------------------------------------- */
TEST_EACH_STORE(field_settling_moves_a_record_in_and_out_of_the_count)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    RecordChanges changes = { 0 };
    const RoundInfo *info;
    Round            r;
    post(f, a, field_xml_of(f, a, S("uuid:a"), 3, S(""), S("")));
    field_fixture_step(f, a, ROUND_CLOSED);
    post(f, a, field_xml_of(f, a, S("uuid:b"), 2, S(""), S("<orx:deprecatedID>uuid:a</orx:deprecatedID>")));
    field_fixture_check(f, a);
    SubmissionId late = { field_sql(f, SQL("SELECT submission_id FROM field_records WHERE hold = 'late'")) };
    int64_t      first = field_sql(f, SQL("SELECT first_id FROM field_records WHERE hold = 'late'"));
    CHECK_OK(round_info(f->db, store, a, f->round.code, &info));
    for (int turn = 0; turn < 2; turn++) {
        CHECK_OK(db_begin_write(f->db));
        CHECK_OK(field_settle(f->db, late, turn == 0, S("Lê Thị Lan"), S("đã gọi lại"), time_now()));
        changes.len = 0;
        CHECK_OK(chain_settle(f->db, a, first, info, collect_keys(&f->app), &changes));
        submission_forget_counts();
        CHECK_OK(records_change(f->db, a, changes.at, changes.len));
        submission_forget_counts();
        CHECK_OK(db_commit(f->db));
        CHECK_OK(round_load(f->db, a, f->round.id, &r));
        CHECK_INT(r.submissions, 1);                   /* one of the two, in either case */
        CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions s JOIN field_records f ON f.submission_id = s.id "
                                   "WHERE f.instance_id = 'uuid:a' AND s.left_out = 'superseded'")), turn == 0);
        field_fixture_whole(f, a);
    }
}

/* ---- Cases of fieldwork --------------------------------------------------------------------------------------------- */
static void field_cases_new(FieldFixture *f)
{
    CHECK_OK(db_begin_write(f->db));
    test_sql(f->db, SQL("INSERT INTO frames (id, owner_unit, title, file_name, upload_sha, state, made_at, made_by) "
                        "VALUES (2, 1, 'x', 'x', 'x', 'ready', 1, 1)"));
    test_sql(f->db, SQL("INSERT INTO samples (id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, "
                        "document_sha, list_file, main_count, reserve_count, drawn_at, drawn_by) "
                        "VALUES (3, 2, 1, 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 1, 1, 1, 1)"));
    test_sql(f->db, SQL("INSERT INTO field_rounds (round_id, sample_id, due_day, erase_days, opened_at, opened_by) "
                        "SELECT id, 3, '2026-12-31', 30, 1, 1 FROM rounds"));
    test_sql(f->db, SQL("INSERT INTO field_cases (id, round_id, number, code, unit_id, cell, place, reserve, active, weight, phone_tail) "
                        "SELECT 100, id, 1, '00001-7', 0, 'A', 'x', 0, 1, 2.5, '' FROM rounds"));
    CHECK_OK(db_commit(f->db));
}

static Str xml_of_case(FieldFixture *f, Arena *a, const char *instance, const char *code, const char *meta)
{
    Str xml = field_xml_of(f, a, str_from_c(instance), 3, S(""), str_from_c(meta));
    return str_replace(a, xml, S("<gap_doi>"), arena_fmt(a, "<ma_mau>%s</ma_mau><gap_doi>", code));
}

#define LINK_OF(instance) SQL("SELECT COUNT(*) FROM case_links l JOIN field_records r ON r.submission_id = l.submission_id " \
                              "WHERE l.case_id = 100 AND r.instance_id = '" instance "'")

TEST_EACH_STORE(field_record_names_its_case_and_a_second_one_is_kept_and_flagged)
{
    FieldFixture *f = field_fixture(store, a, (HttpLimits){ 0 });
    field_cases_new(f);
    post(f, a, xml_of_case(f, a, "uuid:1", "00001-7", ""));
    post(f, a, xml_of_case(f, a, "uuid:1", "00001-7", ""));         /* a retry */
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, LINK_OF("uuid:1")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submission_flags")), 0);
    post(f, a, xml_of_case(f, a, "uuid:2", "00001-7", ""));
    post(f, a, xml_of_case(f, a, "uuid:3", "99999-9", ""));
    post(f, a, xml_of_case(f, a, "uuid:4", "", ""));
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, LINK_OF("uuid:1")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM case_links")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1 AND left_out = ''")), 2);
    CHECK_INT(flag_count(f, a, "case_twice", "ma_mau"), 1);
    CHECK_INT(flag_count(f, a, "case_unknown", "ma_mau"), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(DISTINCT unit_id) FROM submissions")), 1);
    CHECK_INT(field_sql(f, SQL("SELECT MIN(unit_id) FROM submissions")) > 0, 1);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_revision_that_counts_is_the_answer_of_its_case)
{
    FieldFixture  *f = field_fixture(store, a, (HttpLimits){ 0 });
    RederiveResult r;
    field_cases_new(f);
    post(f, a, xml_of_case(f, a, "uuid:1", "00001-7", ""));
    field_fixture_check(f, a);
    post(f, a, xml_of_case(f, a, "uuid:2", "00001-7", "<orx:deprecatedID>uuid:1</orx:deprecatedID>"));
    field_fixture_check(f, a);
    CHECK_INT(field_sql(f, LINK_OF("uuid:2")), 1);
    CHECK_INT(flag_count(f, a, "case_twice", NULL), 0);
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(openrosa_rederive(f->db, f->store, a, &f->app, &f->round, &r));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(r.changed, 0);
    CHECK_INT(field_sql(f, LINK_OF("uuid:2")), 1);
    field_fixture_whole(f, a);
}

#define RECORD_OF(instance) SQL("SELECT submission_id FROM field_records WHERE instance_id = '" instance "'")

/* Its finding goes when it moves up, and comes back with the first; looking at the bytes again changes nothing. */
TEST_EACH_STORE(field_second_interview_moves_up_while_the_first_is_left_out)
{
    FieldFixture  *f = field_fixture(store, a, (HttpLimits){ 0 });
    static const RecordFollower *const followers[] = { &openrosa_follower };
    RecordAct      out = { .value = S("out"), .reason = S("xem lại"), .person = { 9 }, .person_name = S("lan"), .at = time_now() }, in = out;
    RederiveResult r;
    field_cases_new(f);
    f->app.record_followers      = followers;
    f->app.record_follower_count = COUNT_OF(followers);
    post(f, a, xml_of_case(f, a, "uuid:1", "00001-7", ""));
    field_fixture_check(f, a);
    post(f, a, xml_of_case(f, a, "uuid:2", "00001-7", ""));
    field_fixture_check(f, a);
    SubmissionId first = { field_sql(f, RECORD_OF("uuid:1")) };
    CHECK_INT(flag_count(f, a, "case_twice", "ma_mau"), 1);
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(record_act(f->db, f->store, a, &f->app, first, &out));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(field_sql(f, LINK_OF("uuid:2")), 1);
    CHECK_INT(flag_count(f, a, "case_twice", NULL), 0);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1")), 0);
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(openrosa_rederive(f->db, f->store, a, &f->app, &f->round, &r));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(r.changed, 0);
    CHECK_INT(field_sql(f, LINK_OF("uuid:2")), 1);
    in.value = S("in");
    CHECK_OK(db_begin_write(f->db));
    CHECK_OK(record_act(f->db, f->store, a, &f->app, first, &in));
    CHECK_OK(db_commit(f->db));
    CHECK_INT(field_sql(f, LINK_OF("uuid:1")), 1);
    CHECK_INT(flag_count(f, a, "case_twice", "ma_mau"), 1);
    CHECK_INT(field_sql(f, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1 AND flag_reason = 'case_twice'")), 1);
    field_fixture_whole(f, a);
}

TEST_EACH_STORE(field_findings_are_told_in_words_not_in_code)
{
    FieldFixture      *f = field_fixture(store, a, (HttpLimits){ 0 });
    const FormProgram *p;
    FlagRow  rows[] = { { .flag = S("required_missing"), .node = S("hai_long"), .expected = S("true()") },
                        { .flag = S("choice_unknown"), .node = S("hai_long"), .expected = S("select_one muc"), .found = S("7") },
                        { .flag = S("constraint"), .node = S("tuoi"), .expected = S(". >= 15"), .found = S("9") },
                        { .flag = S("type"), .node = S("tuoi"), .expected = S("integer"), .found = S("x") },
                        { .flag = S("calc_differs"), .node = S("tinh"), .expected = S("24"), .found = S("") },
                        { .flag = S("file_unnamed"), .node = S("la.jpg"), .found = S("la.jpg") } };
    CHECK_OK(db_begin_read(f->db));
    CHECK_OK(form_program(f->db, f->store, a, f->form, &p));
    FlagLine line = flag_line(a, LANG_VI, p, &rows[0]);
    CHECK_STR(line.question, S("Ông/bà hài lòng không?"));
    CHECK_STR(line.expected, S("Có câu trả lời"));
    CHECK_STR(flag_line(a, LANG_EN, p, &rows[0]).expected, S("An answer"));
    CHECK_STR(flag_line(a, LANG_VI, p, &rows[1]).expected, S("Một lựa chọn có trong phiếu"));
    CHECK_STR(flag_line(a, LANG_VI, p, &rows[2]).expected, S("Thỏa điều kiện . >= 15"));
    CHECK_STR(flag_line(a, LANG_VI, p, &rows[3]).expected, form_type_words(LANG_VI, Q_INTEGER));
    CHECK_STR(flag_line(a, LANG_VI, p, &rows[4]).expected, S("Bắc Ninh"));
    line = flag_line(a, LANG_VI, p, &rows[5]);
    CHECK(!line.question.len && !line.expected.len);
    CHECK_STR(line.found, S("la.jpg"));
    CHECK_STR(flag_line(a, LANG_VI, NULL, &rows[0]).expected, S("Có câu trả lời"));
    db_rollback(f->db);
}
