/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Corrections and decisions: counters, unit and sum follow, what was answered stays. */
#include "round_fixture.h"

#include "app/app.h"

static SubmissionId stored(RoundFixture *f, Arena *a, int n)
{
    Submission *x = fixture_answer(f, a, uuid_v4(a), n);
    CHECK(collector_run(f->store, a, &submit_kind, x) == OK);
    return x->key.id;
}

static Err act(RoundFixture *f, Arena *a, SubmissionId id, const char *question, const char *value)
{
    Arena     own = arena_open(1 << 24);
    RecordAct x   = { .question = str_from_c(question), .value = str_from_c(value), .reason = S("gọi lại, người dân xác nhận"), .rule = S("tuoi"),
                      .batch = id_new(), .person = { 7 }, .person_name = S("lan"), .at = f->now };
    Err e = db_begin_write(f->db);
    if (!e)
        e = record_act(f->db, f->store, &own, &f->app, id, &x);
    if (!e)
        e = db_commit(f->db);
    else
        db_rollback(f->db);
    if (e)
        e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
    arena_close(&own);
    return e;
}

static int64_t option(RoundFixture *f, Arena *a, UnitId unit, const char *question, int choice)
{
    RoundCounts c    = { 0 };
    CountSlots  s    = f->info->slots;
    int         node = form_find(f->info->program, str_from_c(question));
    Err         e    = round_counts(f->db, a, f->round.id, unit, &c);
    int         at   = s.first[f->info->program->nodes.at[node].answer] + choice;
    return e || at >= c.slots ? -1 : c.options[at];
}

TEST_EACH_STORE(a_correction_counts_and_what_was_answered_stays)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    SubmissionId id = stored(&f, a, 0), other = stored(&f, a, 1);
    RecordView   v;
    UnitId       ha_noi = { 0 }, bac_ninh = { 0 };
    Str          before;
    CHECK_OK(record_load(f.db, store, a, id, &v));
    before = v.original;
    ha_noi = v.unit;
    CHECK_OK(record_load(f.db, store, a, other, &v));
    bac_ninh = v.unit;
    CHECK(ha_noi.v && bac_ninh.v && ha_noi.v != bac_ninh.v);
    CHECK_INT(option(&f, a, (UnitId){ 0 }, "hai_long", 1), 1);
    CHECK_OK(act(&f, a, id, "hai_long", "3"));
    CHECK_OK(act(&f, a, id, "tinh", "24"));
    CHECK_OK(record_load(f.db, store, a, id, &v));
    CHECK_STR(v.original, before);
    CHECK(str_has(v.answers, S("\"hai_long\":\"3\"")));
    CHECK(v.corrected && v.unit.v == bac_ninh.v);
    CHECK_INT(option(&f, a, (UnitId){ 0 }, "hai_long", 1), 0);
    CHECK_INT(option(&f, a, bac_ninh, "hai_long", 2), 2);
    RoundCounts c;
    CHECK_OK(round_counts(f.db, a, f.round.id, ha_noi, &c));
    CHECK_INT(c.stored, 0);
    fixture_whole(&f, a);
    CHECK_OK(act(&f, a, id, "tinh", "01"));
    CHECK_OK(act(&f, a, id, "hai_long", "2"));
    CHECK_OK(record_load(f.db, store, a, id, &v));
    CHECK(!v.corrected && v.unit.v == ha_noi.v);
    CHECK_STR(v.answers, before);
    RecordVersions versions;
    CHECK_OK(record_version_list(f.db, a, id, &versions));
    CHECK_INT(versions.len, 4);
    CHECK_STR(versions.at[0].before, S("2"));
    CHECK_STR(versions.at[3].act.reason, S("gọi lại, người dân xác nhận"));
    fixture_whole(&f, a);
}

static Err count_row(void *self, const SubmissionRow *row)
{
    ++*(int *)self;
    return OK;
}

TEST_EACH_STORE(an_excluded_record_counts_nowhere_until_it_is_taken_back)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    SubmissionId id = stored(&f, a, 0);
    (void)stored(&f, a, 1);
    int n = 0;
    CHECK_OK(act(&f, a, id, "", "out"));
    CHECK_OK(submission_each(f.db, *a, f.round.id, count_row, &n));
    CHECK_INT(n, 1);
    CHECK_INT(fixture_stored(&f, a), 1);
    fixture_whole(&f, a);
    CHECK_OK(act(&f, a, id, "gop_y", "sửa khi đã loại"));
    RecordTotals totals;
    CHECK_OK(record_totals(f.db, f.round.id, &totals));
    CHECK_INT(totals.excluded, 1);
    CHECK_INT(totals.corrected, 1);
    CHECK_INT(totals.versions, 2);
    fixture_whole(&f, a);
    CHECK_OK(act(&f, a, id, "", "in"));
    CHECK_INT(fixture_stored(&f, a), 2);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(acts_without_reason_on_nothing_or_to_no_effect_are_refused)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    SubmissionId id = stored(&f, a, 0);
    CHECK_ERR(act(&f, a, id, "khong_co", "1"), ERR_INVALID);
    CHECK_ERR(act(&f, a, id, "hai_long", "7"), ERR_INVALID);
    CHECK_ERR(act(&f, a, id, "", "perhaps"), ERR_INVALID);
    CHECK_ERR(act(&f, a, id, "hai_long", "2"), ERR_CONFLICT);
    CHECK_ERR(act(&f, a, id, "", "in"), ERR_CONFLICT);
    CHECK_ERR(act(&f, a, (SubmissionId){ 5 }, "", "out"), ERR_NOT_FOUND);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(a_withdrawal_takes_corrections_and_their_values_along)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = fixture_answer(&f, a, uuid_v4(a), 0);
    CHECK(collector_run(f.store, a, &submit_kind, x) == OK);
    CHECK_OK(act(&f, a, x->key.id, "gop_y", "tên tôi là An"));
    CHECK_OK(act(&f, a, x->key.id, "", "out"));
    Arena own = arena_open(1 << 24);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(receipt_withdraw(f.db, store, &own, &f.app, x->key.receipt));
    CHECK_OK(db_commit(f.db));
    arena_close(&own);
    fixture_whole(&f, a);
    RecordVersions versions;
    CHECK_OK(record_version_list(f.db, a, x->key.id, &versions));
    CHECK_INT(versions.len, 2);
    CHECK_STR(versions.at[0].act.value, S(""));
    CHECK_ERR(act(&f, a, x->key.id, "", "in"), ERR_NOT_FOUND);
    CHECK_INT(fixture_stored(&f, a), 0);
}

TEST_EACH_STORE(a_withdrawal_takes_along_what_others_made_of_the_words)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = fixture_answer(&f, a, uuid_v4(a), 0), *y = fixture_answer(&f, a, uuid_v4(a), 0);
    CHECK(collector_run(f.store, a, &submit_kind, x) == OK && collector_run(f.store, a, &submit_kind, y) == OK);
    test_sql(f.db, SQL("INSERT INTO people (id, login, name, name_key, search, unit_id, created_at) "
                       "SELECT 21, 'coder.1', 'A', sha256, 'a', (SELECT MIN(id) FROM units), 1 FROM submissions WHERE id = (SELECT MIN(id) FROM submissions)"));
    test_sql(f.db, SQL("INSERT INTO people (id, login, name, name_key, search, unit_id, created_at) "
                       "SELECT 22, 'coder.2', 'B', sha256, 'b', (SELECT MIN(id) FROM units), 1 FROM submissions WHERE id = (SELECT MIN(id) FROM submissions)"));
    test_sql(f.db, SQL("INSERT INTO code_frames (id, round_id, question, first_coder, second_coder, made_by, made_at, revision) "
                       "SELECT 1, MIN(id), 'gop_y', 21, 22, 21, 1, 1 FROM rounds"));
    test_sql(f.db, SQL("INSERT INTO frame_codes (frame_id, code, parent, position, label_vi, label_en) VALUES (1, 'x', '', 1, 'X', '')"));
    test_sql(f.db, SQL("INSERT INTO answer_codes (frame_id, submission_id, slot, code, person_id, coded_at) SELECT 1, id, 1, 'x', 21, 1 FROM submissions"));
    test_sql(f.db, SQL("INSERT INTO rechecks (id, round_id, share, seed, mode, questions, population, made_by, made_at) "
                       "SELECT 1, MIN(id), 1, 1, 'telephone', 'gop_y', 2, 1, 1 FROM rounds"));
    test_sql(f.db, SQL("INSERT INTO recheck_cases (id, recheck_id, submission_id, interviewer, number, state, answers) "
                       "SELECT id, 1, id, '', id, 'done', '{\"gop_y\":\"An\"}' FROM submissions"));
    test_sql(f.db, SQL("INSERT INTO case_links (case_id, round_id, submission_id) SELECT id, round_id, id FROM submissions"));
    f.app.record_followers      = app_record_followers;
    f.app.record_follower_count = app_record_follower_count;
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(receipt_withdraw(f.db, store, a, &f.app, x->key.receipt));
    CHECK_OK(db_commit(f.db));
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM answer_codes")), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM answer_codes k JOIN submissions s ON s.id = k.submission_id WHERE s.withdrawn = 1")), 0);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM recheck_cases WHERE answers = '{}'")), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM case_links")), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM case_links l JOIN submissions s ON s.id = l.submission_id WHERE s.withdrawn = 1")), 0);
}

TEST_EACH_STORE(an_edit_of_what_counts_is_found)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    SubmissionId id = stored(&f, a, 0);
    StoreFaults  faults = { 0 };
    CHECK_OK(act(&f, a, id, "gop_y", "đã sửa"));
    test_sql(f.db, SQL("UPDATE record_states SET excluded = 1"));
    CHECK_OK(collect_check(f.db, store, a, &f.app, &faults));
    CHECK(faults.len > 0);
}
