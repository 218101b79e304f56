/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rates as AAPOR writes them; cases, reserves, links and erasing on both databases. */
#include "field/parts.h"
#include "store/test_store.h"

/* ---- Rates: letters of the Standard Definitions, computed by hand ------------------------------------------------ */
TEST(response_rates_are_those_of_aapor)
{
    double n[GROUP_COUNT] = { [GROUP_I] = 400, [GROUP_P] = 20, [GROUP_R] = 100, [GROUP_NC] = 150, [GROUP_O] = 30, [GROUP_UH] = 180, [GROUP_UO] = 20,
                              [GROUP_NE] = 100 };
    FieldRates r = field_rates(n, 0.5);
    CHECK_NEAR(r.rr[0], 400.0 / 900, 1e-15);               /* I / ((I+P) + (R+NC+O) + (UH+UO)) */
    CHECK_NEAR(r.rr[1], 420.0 / 900, 1e-15);
    CHECK_NEAR(r.rr[2], 400.0 / 800, 1e-15);               /* e (UH+UO) = 100 */
    CHECK_NEAR(r.rr[3], 420.0 / 800, 1e-15);
    CHECK_NEAR(r.rr[4], 400.0 / 700, 1e-15);
    CHECK_NEAR(r.rr[5], 420.0 / 700, 1e-15);
    CHECK_NEAR(r.coop[0], 400.0 / 550, 1e-15);             /* I / ((I+P)+R+O) */
    CHECK_NEAR(r.coop[1], 420.0 / 550, 1e-15);
    CHECK_NEAR(r.coop[2], 400.0 / 520, 1e-15);
    CHECK_NEAR(r.coop[3], 420.0 / 520, 1e-15);
    CHECK_NEAR(r.ref[0], 100.0 / 900, 1e-15);
    CHECK_NEAR(r.ref[1], 100.0 / 800, 1e-15);
    CHECK_NEAR(r.ref[2], 100.0 / 700, 1e-15);
    CHECK_NEAR(r.con[0], 550.0 / 900, 1e-15);
    CHECK_NEAR(r.con[1], 550.0 / 800, 1e-15);
    CHECK_NEAR(r.con[2], 550.0 / 700, 1e-15);
    r = field_rates(n, NAN);
    CHECK_NEAR(r.e, 700.0 / 800, 1e-15);                   /* eligible of those known */
    CHECK_NEAR(r.rr[2], 400.0 / (700 + 200 * 7.0 / 8), 1e-15);
}

TEST(rates_without_cases_are_undefined_and_without_unknown_meet)
{
    double none[GROUP_COUNT] = { 0 }, known[GROUP_COUNT] = { [GROUP_I] = 3, [GROUP_R] = 1 };
    FieldRates r = field_rates(none, NAN);
    CHECK(isnan(r.rr[0]) && isnan(r.coop[0]) && isnan(r.ref[0]) && isnan(r.con[0]) && isnan(r.e));
    r = field_rates(known, NAN);
    CHECK_NEAR(r.rr[0], 0.75, 1e-15);
    CHECK_NEAR(r.rr[2], 0.75, 1e-15);
    CHECK_NEAR(r.rr[4], 0.75, 1e-15);
}

TEST(every_outcome_has_code_group_and_words)
{
    for (int o = 0; o < OUTCOME_COUNT; o++) {
        Outcome back;
        CHECK(outcome_parse(outcome_code((Outcome)o), &back) && (int)back == o);
        CHECK(outcome_text(LANG_VI, (Outcome)o).len && outcome_text(LANG_EN, (Outcome)o).len);
        char first = outcome_aapor((Outcome)o).at[0];
        FieldGroup g = outcome_group((Outcome)o);
        CHECK(first == (g <= GROUP_P ? '1' : g <= GROUP_O ? '2' : g <= GROUP_UO ? '3' : '4'));
        CHECK(o == OUTCOME_NONE || o == OUTCOME_UNUSABLE || outcome_on((Outcome)o, true) || outcome_on((Outcome)o, false));
    }
}

/* ---- On time? -------------------------------------------------------------------------------------------------------- */
TEST(work_is_behind_an_even_pace_by_more_than_its_slack_and_late_after_the_last_day)
{
    Date from = date_from_ymd(2026, 11, 1), due = date_from_ymd(2026, 11, 10);
    CHECK_NEAR(field_even_share(from, due, from), 0, 1e-15);
    CHECK_NEAR(field_even_share(from, due, date_from_ymd(2026, 11, 6)), 0.5, 1e-15);
    CHECK_NEAR(field_even_share(from, due, due), 0.9, 1e-15);                /* the last day is still to come */
    CHECK_NEAR(field_even_share(from, due, date_from_ymd(2026, 12, 1)), 1, 1e-15);
    CHECK_NEAR(field_even_share(from, due, date_from_ymd(2026, 10, 1)), 0, 1e-15);
    CHECK_INT(field_pace(20, 7, 0.5, false), PACE_ON);                       /* 10 expected, 3 may lack */
    CHECK_INT(field_pace(20, 6, 0.5, false), PACE_BEHIND);
    CHECK_INT(field_pace(2, 0, 0.5, false), PACE_ON);                        /* of few cases one may always lack */
    CHECK_INT(field_pace(2, 0, 0.9, false), PACE_BEHIND);
    CHECK_INT(field_pace(20, 19, 1, true), PACE_LATE);
    CHECK_INT(field_pace(20, 20, 1, true), PACE_DONE);
}

TEST(tiles_take_their_step_from_what_is_finished)
{
    static const struct { int64_t cases, final; int step; } rows[] = {
        { 0, 0, 0 }, { 9, 0, 0 }, { 9, 1, 1 }, { 9, 2, 1 }, { 9, 3, 2 }, { 9, 5, 2 }, { 9, 6, 3 }, { 9, 8, 3 }, { 9, 9, 4 }, { 1, 1, 4 } };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_INT(field_share_step(rows[i].cases, rows[i].final), rows[i].step);
}

/* ---- Contact data ----------------------------------------------------------------------------------------------- */
TEST(contact_data_is_sealed_and_tied_to_its_case)
{
    AppInfo app = { .key = { 7 } }, other = { .key = { 8 } };
    Contact in = { S("Rơ Châm H’Lan"), S("Làng 1, \"Ia Grai\""), S("0905123567") }, out;
    Str     box = contact_seal(a, &app, (CaseId){ 11 }, &in);
    CHECK(box.len > 0 && !str_has(box, S("0905123567")) && !str_has(box, S("Lan")));
    CHECK(contact_open(a, &app, (CaseId){ 11 }, box, &out));
    CHECK_STR(out.name, in.name);
    CHECK_STR(out.address, in.address);
    CHECK_STR(out.phone, in.phone);
    CHECK(!contact_open(a, &app, (CaseId){ 12 }, box, &out));           /* another case's row */
    CHECK(!contact_open(a, &other, (CaseId){ 11 }, box, &out));
    CHECK(!contact_open(a, &app, (CaseId){ 11 }, S("short"), &out));
    CHECK_INT(contact_seal(a, &app, (CaseId){ 1 }, &(Contact){ 0 }).len, 0);
}

TEST(telephone_numbers_are_cleaned)
{
    CHECK_STR(phone_clean(a, S("0905 123.567")), S("0905123567"));
    CHECK_STR(phone_clean(a, S("+84 (90) 512-3567")), S("+84905123567"));
    CHECK_STR(phone_clean(a, S("=CMD()")), S(""));
    CHECK_STR(phone_clean(a, S("12345")), S(""));
    CHECK_STR(phone_clean(a, S("090<script>5123567")), S(""));
    CHECK_STR(phone_tail(S("0905123567")), S("567"));
}

/* ---- Cases on both databases ---------------------------------------------------------------------------------------- */
typedef struct Work { Db *db; Arena *a; Time now; FieldCase at[6]; } Work;

static void fine(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static void round_rows(Db *db)
{
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', ''), "
                     "(2, 'province', '0001-01-01', '9999-12-31', '')"));
    test_sql(db, SQL("INSERT INTO rounds (id, code, slot, title_vi, form_id, owner_unit, state, identity, created_at, closed_at) "
                     "VALUES (5, 'thu', 1, 'Thử', 1, 1, 'closed', 'open', 1, 86400000)"));
    test_sql(db, SQL("INSERT INTO frames (id, owner_unit, title, file_name, upload_sha, state, made_at, made_by) VALUES (2, 1, 'x', 'x', 'x', 'ready', 1, 1)"));
    test_sql(db, SQL("INSERT INTO samples (id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, "
                     "document_sha, list_file, "
                     "main_count, reserve_count, drawn_at, drawn_by) VALUES (3, 2, 1, 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 1, 1, 1, 1)"));
}

/* Four main cases in two cells and two reserves of the first cell; units 1 and 2 take turns. */
static Work field_new(Arena *a, Store *store)
{
    static const struct { const char *cell; int reserve; } rows[6] = { { "A", 0 }, { "A", 0 }, { "A", 2 }, { "A", 1 }, { "B", 0 }, { "B", 0 } };
    Work      f   = { .db = test_take(store, a), .a = a, .now = { 10 * MS_DAY } };
    AppInfo app = { .key = { 7 } };
    fine(db_begin_write(f.db));
    round_rows(f.db);
    FieldRound r = { .round = { 5 }, .sample = { 3 }, .due = date_of(f.now), .erase_days = 30, .opened_at = f.now, .opened_by = { 1 } };
    fine(field_round_add(f.db, &r));
    for (int i = 0; i < 6; i++) {
        f.at[i] = (FieldCase){ .id = { 100 + i }, .round = { 5 }, .number = i + 1, .code = sample_case_code(a, i + 1), .cell = str_from_c(rows[i].cell),
                               .place = S("nơi"), .reserve = rows[i].reserve, .active = rows[i].reserve == 0, .weight = 2.5, .phone_tail = S("567"),
                               .unit = { 1 + i % 2 } };
        fine(field_case_add(f.db, &f.at[i], contact_seal(a, &app, f.at[i].id, &(Contact){ S("An"), S("x"), S("0905123567") })));
    }
    fine(db_flush(f.db));
    return f;
}

static int64_t listed(Work *f, const char *state)
{
    FieldCases list = { 0 };
    CaseFilter filter = { .round = { 5 }, .state = str_from_c(state), .most = 100, .scope = &(RightScope){ .all = true } };
    fine(field_case_list(f->db, f->a, &filter, &list));
    return (int64_t)list.len;
}

/* Pages of who sees one unit hold each of its cases once, whatever stands between them. */
TEST_EACH_STORE(field_cases_of_one_unit_come_in_pages)
{
    Work       f       = field_new(a, store);
    int64_t    numbers = 0;
    RightScope scope   = { .db = f.db, .a = a, .today = date_of(f.now) };
    *list_add(a, &scope.tops) = (UnitId){ 2 };
    for (int page = 0; page < 3; page++) {
        FieldCases list = { 0 };
        CaseFilter filter = { .round = { 5 }, .first = page, .most = 1, .scope = &scope };
        fine(field_case_list(f.db, a, &filter, &list));
        CHECK_INT(list.len, page < 2);
        numbers = list.len ? 10 * numbers + list.at[0].number : numbers;
    }
    CHECK_INT(numbers, 26);
    db_rollback(f.db);
}

static void attempt(Work *f, int i, Outcome o, Time callback)
{
    fine(field_attempt_add(f->db, &(Attempt){ .of = f->at[i].id, .person = { 9 }, .at = f->now, .mode = S("phone"), .outcome = o, .callback_at = callback,
                                              .note = S("ghi chú") }));
}

TEST_EACH_STORE(field_cases_move_through_their_states)
{
    Work f = field_new(a, store);
    CHECK_INT(listed(&f, ""), 4);
    CHECK_INT(listed(&f, "fresh"), 4);
    CHECK_INT(listed(&f, "reserve"), 2);
    attempt(&f, 0, OUTCOME_CALLBACK, (Time){ f.now.ms + MS_HOUR });
    attempt(&f, 1, OUTCOME_REFUSED, (Time){ 0 });
    CHECK_INT(listed(&f, "callback"), 1);
    CHECK_INT(listed(&f, "open"), 3);
    CHECK_INT(listed(&f, "lost"), 1);
    CasePlace place;
    fine(case_link_add(f.db, f.at[4].id.v, (RoundId){ 5 }, (SubmissionId){ 77 }, &place));
    CHECK_INT(place, CASE_HELD);
    CHECK_INT(listed(&f, "done"), 1);
    CaseCounts counts = { 0 };
    int64_t    complete = 0, all = 0, attempted = 0;
    fine(field_case_counts(f.db, a, (RoundId){ 5 }, &counts));
    for (size_t i = 0; i < counts.len; i++) {
        all += counts.at[i].n;
        attempted += counts.at[i].attempted;
        complete += counts.at[i].outcome == OUTCOME_COMPLETE ? counts.at[i].n : 0;
    }
    CHECK_INT(all, 4);
    CHECK_INT(attempted, 3);
    CHECK_INT(complete, 1);
    FieldSums sums;
    FieldSum  sum = { 0 };
    fine(field_sums(f.db, a, (RoundId){ 5 }, (Date){ 20000 }, &sums));
    for (size_t i = 0; i < sums.len; i++)
        field_sum_add(&sum, &sums.at[i]);
    CHECK_INT(sum.cases, 4);
    CHECK_INT(sum.attempted, 3);
    CHECK_INT(sum.final, 2);
    CHECK_NEAR(field_sum_rates(&sum).rr[0], 1.0 / 4, 1e-12);           /* one answered, one refused, one to call back, one not tried */
    CHECK_NEAR(field_sum_rates(&sum).coop[0], 1.0 / 2, 1e-12);
    fine(case_link_drop(f.db, (SubmissionId){ 77 }));      /* its answer was withdrawn */
    CHECK_INT(listed(&f, "done"), 0);
    CHECK_INT(listed(&f, "open"), 3);
    counts = (CaseCounts){ 0 };
    fine(field_case_counts(f.db, a, (RoundId){ 5 }, &counts));
    for (size_t i = 0; i < counts.len; i++)
        CHECK(counts.at[i].outcome != OUTCOME_COMPLETE);
    db_rollback(f.db);
}

TEST_EACH_STORE(a_reserve_is_the_next_of_its_cell_and_used_once)
{
    Work      f = field_new(a, store);
    FieldCase next;
    fine(field_reserve_use(f.db, a, &f.at[0], S("từ chối"), &next));
    CHECK_INT(next.id.v, f.at[3].id.v);                    /* turn 1, though later in the list */
    fine(field_reserve_use(f.db, a, &f.at[1], S("đi vắng"), &next));
    CHECK_INT(next.id.v, f.at[2].id.v);
    CHECK_ERR(field_reserve_use(f.db, a, &f.at[1], S("x"), &next), ERR_NOT_FOUND);
    CHECK_ERR(field_reserve_use(f.db, a, &f.at[4], S("x"), &next), ERR_NOT_FOUND);
    CHECK_INT(listed(&f, ""), 6);
    fine(field_case_load(f.db, a, f.at[3].id, &next));
    CHECK(next.active && next.replaces.v == f.at[0].id.v);
    CHECK_STR(next.reason, S("từ chối"));
    db_rollback(f.db);
}

TEST_EACH_STORE(a_case_has_one_answer)
{
    Work      f = field_new(a, store);
    FieldCase c;
    Str       code = f.at[0].code;
    fine(field_case_link(f.db, a, (RoundId){ 5 }, code, (SubmissionId){ 71 }));
    fine(field_case_link(f.db, a, (RoundId){ 5 }, code, (SubmissionId){ 71 }));            /* a retry */
    fine(field_case_load(f.db, a, f.at[0].id, &c));
    CHECK(c.linked && c.outcome == OUTCOME_COMPLETE);
    CHECK_ERR(field_case_link(f.db, a, (RoundId){ 5 }, code, (SubmissionId){ 72 }), ERR_CONFLICT);
    CHECK_ERR(field_case_link(f.db, a, (RoundId){ 5 }, f.at[1].code, (SubmissionId){ 71 }), ERR_CONFLICT);
    CHECK_ERR(field_case_link(f.db, a, (RoundId){ 5 }, S("99999-0"), (SubmissionId){ 73 }), ERR_NOT_FOUND);
    db_rollback(f.db);
}

/* AAPOR 2.30: eligible, and no interview that can be used; a later attempt says more. */
TEST_EACH_STORE(a_case_whose_answer_was_left_out_is_not_complete)
{
    Work      f = field_new(a, store);
    FieldCase c;
    int64_t   unusable = 0;
    attempt(&f, 0, OUTCOME_COMPLETE, (Time){ 0 });
    test_sql(f.db, SQL("INSERT INTO case_claims (submission_id, case_id, round_id, source, state, left_at) VALUES (71, 100, 5, 'sent', 'was', 864000001), "
                       "(72, 101, 5, 'sent', 'waiting', 864000001)"));
    fine(field_case_load(f.db, a, f.at[0].id, &c));
    CHECK(c.outcome == OUTCOME_UNUSABLE && !c.linked);
    CHECK_INT(listed(&f, "done"), 0);
    CHECK_INT(listed(&f, "lost"), 1);
    CHECK_INT(listed(&f, "open"), 3);                  /* one that was never a case's answer says nothing of it */
    CaseCounts counts = { 0 };
    fine(field_case_counts(f.db, a, (RoundId){ 5 }, &counts));
    for (size_t i = 0; i < counts.len; i++)
        unusable += counts.at[i].outcome == OUTCOME_UNUSABLE ? counts.at[i].n : 0;
    CHECK_INT(unusable, 1);
    f.now.ms += MS_HOUR;
    attempt(&f, 0, OUTCOME_CALLBACK, (Time){ f.now.ms + MS_HOUR });
    CHECK_INT(listed(&f, "open"), 4);
    CHECK_INT(listed(&f, "lost"), 0);
    db_rollback(f.db);
}

TEST_EACH_STORE(contact_data_goes_after_the_round)
{
    Work      f = field_new(a, store);
    FieldCase c;
    int64_t   n;
    attempt(&f, 0, OUTCOME_AWAY, (Time){ 0 });
    fine(field_tidy(f.db, a, (Time){ 86400000 + 30 * MS_DAY - 1 }, &n));
    CHECK_INT(n, 0);
    fine(field_case_load(f.db, a, f.at[0].id, &c));
    CHECK(c.has_contact && c.phone_tail.len == 3);
    fine(field_tidy(f.db, a, (Time){ 86400000 + 30 * MS_DAY }, &n));
    CHECK_INT(n, 1);
    fine(field_case_load(f.db, a, f.at[0].id, &c));
    CHECK(!c.has_contact && c.phone_tail.len == 0);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM field_attempts WHERE note <> ''")), 0);
    fine(field_tidy(f.db, a, (Time){ 86400000 + 31 * MS_DAY }, &n));
    CHECK_INT(n, 0);
    db_rollback(f.db);
}

TEST_EACH_STORE(many_cases_are_given_in_one_go)
{
    Work       f      = field_new(a, store);
    FieldCases chosen = { 0 };
    int64_t    n      = 0;
    for (int i = 0; i < 60; i++)                       /* more than a statement takes; those past 105 are not there */
        *list_add(a, &chosen) = (FieldCase){ .id = { 100 + i } };
    CHECK_OK(field_cases_units(f.db, (RoundId){ 5 }, &chosen));
    CHECK(chosen.at[0].round.v == 5 && chosen.at[0].unit.v == 1 && chosen.at[5].unit.v == 2);
    CHECK(!chosen.at[6].round.v && !chosen.at[59].round.v);
    CHECK_OK(field_cases_assign(f.db, (RoundId){ 5 }, &chosen, (PersonId){ 9 }, &n));
    CHECK_INT(n, 4);                                   /* reserves are given to nobody */
    CHECK_OK(field_cases_assign(f.db, (RoundId){ 5 }, &chosen, (PersonId){ 9 }, &n));
    CHECK_INT(n, 0);
    CHECK_OK(field_cases_assign(f.db, (RoundId){ 6 }, &chosen, (PersonId){ 8 }, &n));
    CHECK_INT(n, 0);                                   /* another round's */
}
