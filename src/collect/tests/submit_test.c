/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The collector's side: one record and one receipt for one id, one answer for one code, counters that equal a
 * recount, nothing in the database that ties a code to an answer. */
#include "round_fixture.h"

#include <pthread.h>

static SubmitOutcome send_one(RoundFixture *f, Arena *a, Submission *x)
{
    Err e = collector_run(f->store, a, &submit_kind, x);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    return x->outcome;
}

typedef struct Sender { RoundFixture *f; Submission *x; Arena arena; Err outcome; pthread_t thread; } Sender;

static void *sender_main(void *at)
{
    Sender *s = at;
    s->outcome = collector_run(s->f->store, &s->arena, &submit_kind, s->x);
    return NULL;
}

/* All at once, each from a thread of its own. */
static void send_parallel(RoundFixture *f, Arena *a, Submission **x, size_t n)
{
    Sender *all = arena_new(a, Sender, n);
    for (size_t i = 0; i < n; i++) {
        all[i] = (Sender){ .f = f, .x = x[i], .arena = arena_open(1 << 20) };
        pthread_create(&all[i].thread, NULL, sender_main, &all[i]);
    }
    for (size_t i = 0; i < n; i++) {
        pthread_join(all[i].thread, NULL);
        CHECK(all[i].outcome == OK);
        arena_close(&all[i].arena);
    }
}

TEST_EACH_STORE(twenty_parallel_posts_and_a_late_retry_are_one_record)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Str          uuid = uuid_v4(a);
    Submission  *x[20];
    int          fresh = 0, same = 0;
    for (int i = 0; i < 20; i++)
        x[i] = fixture_answer(&f, a, uuid, 1);
    send_parallel(&f, a, x, 20);
    for (int i = 0; i < 20; i++) {
        fresh += x[i]->outcome == SUBMIT_STORED;
        same += x[i]->outcome == SUBMIT_SAME;
        CHECK_STR(x[i]->key.receipt, x[0]->key.receipt);
    }
    CHECK_INT(fresh, 1);
    CHECK_INT(same, 19);
    Submission *late = fixture_answer(&f, a, uuid, 1), *other = fixture_answer(&f, a, uuid, 2);
    late->at = (Time){ f.now.ms + 40 * MS_DAY };              /* after the round has closed */
    CHECK_INT(send_one(&f, a, late), SUBMIT_SAME);
    CHECK_STR(late->key.receipt, x[0]->key.receipt);
    CHECK_INT(send_one(&f, a, other), SUBMIT_OTHER_BYTES);
    CHECK_INT(fixture_stored(&f, a), 1);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(answers_that_draw_one_place_are_kept_apart)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x[SLOT_PLACES];
    for (int i = 0; i < SLOT_PLACES; i++) {
        x[i] = fixture_answer(&f, a, uuid_v4(a), i);
        x[i]->key.receipt_hash = x[0]->key.receipt_hash;      /* as if their receipts had hashed alike */
        x[i]->key.id           = x[0]->key.id;
        submission_seal(x[i], a);
    }
    send_parallel(&f, a, x, SLOT_PLACES);
    for (int i = 0; i < SLOT_PLACES; i++) {
        CHECK_INT(x[i]->outcome, SUBMIT_STORED);
        CHECK_INT(send_one(&f, a, x[i]), SUBMIT_SAME);
    }
    CHECK_INT(fixture_stored(&f, a), SLOT_PLACES);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(the_question_of_the_province_is_known_by_codes_in_use)
{
    /* Reasons have codes of two digits, a list inside a repeat is of somebody else; Ha Noi and Bac Ninh carry theirs today. */
    RoundFixture f = round_fixture_of(store, a,
        "[survey]\ntype|name|label\nselect_one ly_do|vi_sao|Vì sao?\nbegin repeat|nguoi|Người\nselect_one tinh|que|Quê\nend repeat\n"
        "select_one tinh|noi_o|Nơi ở\n[choices]\nlist_name|name|label\nly_do|01|Chậm\nly_do|02|Xa\nly_do|03|Đắt\nly_do|05|Khác\n"
        "tinh|01|Hà Nội\ntinh|24|Bắc Ninh\n[settings]\nform_id|version\nt|1\n");
    Str question;
    CHECK_OK(round_unit_question(f.db, a, f.info->program, f.now, &question));
    CHECK_STR(question, S("noi_o"));
}

TEST_EACH_STORE(the_collector_looks_at_the_gate_itself)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = fixture_answer(&f, a, uuid_v4(a), 1);
    x->at = f.info->round.closes_at;
    CHECK_INT(send_one(&f, a, x), SUBMIT_STORED);
    x     = fixture_answer(&f, a, uuid_v4(a), 1);
    x->at = (Time){ f.info->round.closes_at.ms + 1 };
    CHECK_INT(send_one(&f, a, x), SUBMIT_CLOSED);
    x->from = CONTRIBUTION_SEND;
    x->at   = (Time){ f.info->round.closes_at.ms + 60001 };
    CHECK_INT(send_one(&f, a, x), SUBMIT_CLOSED);
    x->at.ms--;
    CHECK_INT(send_one(&f, a, x), SUBMIT_STORED);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(round_set_state(f.db, a, f.round.id, ROUND_PAUSED, f.now));
    CHECK_OK(db_commit(f.db));
    CHECK_INT(send_one(&f, a, fixture_answer(&f, a, uuid_v4(a), 1)), SUBMIT_PAUSED);   /* though info still says open */
    CHECK_INT(fixture_stored(&f, a), 2);
}

static void give_code(RoundFixture *f, Submission *x, Str code)
{
    x->has_code  = true;
    x->long_code = code.len == CODE_LONG_LEN;
    x->code      = code_hash(collect_keys(&f->app), f->round.id, code);
}

TEST_EACH_STORE(a_thousand_uses_of_one_code_store_one_answer)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_CODE);
    NewCode     *codes = fixture_codes(&f, a, 2, DATE_NONE);
    Submission **x = arena_new(a, Submission *, 1000);
    for (int i = 0; i < 1000; i++) {
        x[i] = fixture_answer(&f, a, uuid_v4(a), i);
        give_code(&f, x[i], i % 2 ? codes[0].long_code : codes[0].short_code);
    }
    for (int from = 0; from < 1000; from += 250)
        send_parallel(&f, a, x + from, 250);
    int accepted = 0;
    for (int i = 0; i < 1000; i++)
        accepted += x[i]->outcome == SUBMIT_STORED;
    CHECK_INT(accepted, 1);
    CHECK_INT(fixture_stored(&f, a), 1);
    for (int i = 0; i < 1000; i++)                            /* the one accepted is known, its code spent */
        if (x[i]->outcome == SUBMIT_STORED)
            CHECK_INT(send_one(&f, a, x[i]), SUBMIT_SAME);
    CodeBatches batches;
    CHECK_OK(code_batch_list(f.db, a, f.round.id, &batches));
    CHECK_INT(batches.at[0].made, 2);
    CHECK_INT(batches.at[0].left, 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'round.code_alarm'")), 1);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(missing_unknown_and_expired_codes_store_nothing)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_CODE);
    NewCode *old = fixture_codes(&f, a, 1, (Date){ date_of(f.now).day - 1 }), *today = fixture_codes(&f, a, 1, date_of(f.now));
    Submission *x = fixture_answer(&f, a, uuid_v4(a), 1);
    CHECK_INT(send_one(&f, a, x), SUBMIT_NO_CODE);
    give_code(&f, x, random_code(a, CODE_LONG_LEN));
    CHECK_INT(send_one(&f, a, x), SUBMIT_NO_CODE);
    give_code(&f, x, old[0].long_code);
    CHECK_INT(send_one(&f, a, x), SUBMIT_NO_CODE);
    CHECK_INT(fixture_stored(&f, a), 0);
    give_code(&f, x, today[0].short_code);
    CHECK_INT(send_one(&f, a, x), SUBMIT_STORED);
    bool valid;
    CHECK_OK(code_valid(f.db, collect_keys(&f.app), f.round.id, today[0].long_code, date_of(f.now), &valid));
    CHECK(!valid);
}

TEST_EACH_STORE(counters_equal_a_recount_and_withdrawal_takes_one_away)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x[60];
    for (int i = 0; i < 60; i++) {
        x[i] = fixture_answer(&f, a, uuid_v4(a), i);
        if (i >= 30) {
            x[i]->at.ms += MS_DAY;
            x[i]->day.day++;
            submission_seal(x[i], a);
        }
    }
    send_parallel(&f, a, x, 30);
    send_parallel(&f, a, x + 30, 30);
    fixture_whole(&f, a);
    RoundCountsList rows;
    CHECK_OK(round_counts_list(f.db, a, f.round.id, &rows));
    CHECK_INT(rows.len, 3);                                   /* the round and two provinces */
    CHECK_INT(rows.at[0].stored, 60);
    CHECK_INT(rows.at[0].days.len, 2);
    CHECK_INT(rows.at[1].stored, 30);
    CHECK_INT(rows.at[0].days.at[0].n[CHANNEL_WEB], 6);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'round.seal'")), 1);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(receipt_withdraw(f.db, store, a, &f.app, x[5]->key.receipt));
    CHECK_OK(receipt_withdraw(f.db, store, a, &f.app, x[5]->key.receipt));
    CHECK_OK(db_commit(f.db));
    fixture_whole(&f, a);
    CHECK_INT(fixture_stored(&f, a), 59);
    ReceiptRow r;
    CHECK_OK(receipt_find(f.db, a, &f.app, x[5]->key.receipt, &r));
    CHECK_INT(r.state, RECEIPT_WITHDRAWN);
    CHECK_OK(receipt_find(f.db, a, &f.app, x[6]->key.receipt, &r));
    CHECK_INT(r.state, RECEIPT_RECEIVED);
    CHECK_ERR(receipt_find(f.db, a, &f.app, S("TD26-0000-0000-0000"), &r), ERR_NOT_FOUND);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM submissions WHERE withdrawn = 1 AND answers = '{}' AND LENGTH(body) = 0")), 1);
    CHECK_INT(send_one(&f, a, fixture_answer(&f, a, uuid_v4(a), 3)), SUBMIT_STORED);   /* the collector's copy is behind */
    fixture_whole(&f, a);
    CHECK_INT(fixture_stored(&f, a), 60);
}

TEST_EACH_STORE(every_edit_of_an_answer_is_found)
{
    static const char *const edits[] = {
        "UPDATE submissions SET answers = REPLACE(answers, '\"3\"', '\"2\"')", "UPDATE submissions SET day = '2026-11-23'",
        "UPDATE submissions SET channel = 'kiosk'", "UPDATE submissions SET unit_id = unit_id + 1", "UPDATE submissions SET flagged = 1",
        "UPDATE submissions SET flag_reason = 'x'", "UPDATE submissions SET media = 'text/plain'", "UPDATE submissions SET id = id / 2 + 1",
        "UPDATE submissions SET withdrawn = 1", "UPDATE submissions SET sha256 = receipt_hash", "UPDATE submissions SET receipt_hash = sha256",
        "UPDATE submissions SET instance = sha256", "UPDATE submissions SET sent = sha256",
        "UPDATE submissions SET sent = NULL", "UPDATE submissions SET body = sha256", "DELETE FROM submissions",
        "UPDATE round_counters SET packed = (SELECT sha256 FROM submissions)", "DELETE FROM round_counters WHERE unit_id = 0",
        "DELETE FROM round_counters WHERE unit_id <> 0",
    };
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Submission  *x = fixture_answer(&f, a, uuid_v4(a), 1);
    submission_sent(x, S("as it came"), x->body);
    submission_seal(x, a);
    CHECK_INT(send_one(&f, a, x), SUBMIT_STORED);
    fixture_whole(&f, a);
    for (size_t i = 0; i < COUNT_OF(edits); i++) {
        StoreFaults faults = { 0 };
        CHECK_OK(db_begin_write(f.db));
        test_sql(f.db, (Sql){ edits[i] });
        Err e = collect_check(f.db, store, a, &f.app, &faults);
        if (!e && !faults.len)
            test_fail(__FILE_NAME__, __LINE__, "not found: %s", edits[i]);
        db_rollback(f.db);
    }
    fixture_whole(&f, a);
}

/* ---- Codes and answers --------------------------------------------------------------------------- */
/* Spearman's rank correlation between 0..n-1 and the order given. */
static double order_of(const int *order, int n)
{
    double d2 = 0;
    for (int i = 0; i < n; i++)
        d2 += (double)(order[i] - i) * (order[i] - i);
    return 1 - 6 * d2 / ((double)n * ((double)n * n - 1));
}

/* Where in the rows of a query the n-th answer sent stands; -1 when it is not there. */
static int place_of(Db *db, Sql sql, Str id)
{
    AUTO_STMT q = db_prepare(db, sql);
    int at = 0, found = -1;
    for (; db_row(q); at++)
        if (str_eq(col_blob(q, 0), id))
            found = at;
    return db_done(q) ? -2 : found;
}

static bool code_is_anywhere(Db *db, Arena *a, Str hash)
{
    static const char *const blobs[] = {
        "SELECT long_hash FROM invitation_codes", "SELECT short_hash FROM invitation_codes", "SELECT instance FROM submissions",
        "SELECT sha256 FROM submissions", "SELECT receipt_hash FROM submissions", "SELECT token_hash FROM drafts",
        "SELECT hash FROM device_marks", "SELECT body FROM submissions", "SELECT sent FROM submissions",
    };
    for (size_t i = 0; i < COUNT_OF(blobs); i++)
        if (place_of(db, (Sql){ blobs[i] }, hash) >= 0)
            return true;
    return false;
}

TEST_EACH_STORE(a_dump_ties_no_code_to_an_answer)
{
    enum { N = 150 };
    RoundFixture f = round_fixture(store, a, IDENTITY_CODE);
    NewCode     *codes = fixture_codes(&f, a, 2 * N, DATE_NONE);
    Submission  *x[N];
    for (int i = 0; i < N; i++) {
        x[i] = fixture_answer(&f, a, uuid_v4(a), i);
        give_code(&f, x[i], codes[2 * i].short_code);
        CHECK_INT(send_one(&f, a, x[i]), SUBMIT_STORED);
    }
    for (int i = 0; i < N; i++) {                             /* a spent code left nothing, under any key of its own */
        Hash l = code_hash(collect_keys(&f.app), f.round.id, codes[2 * i].long_code);
        CHECK(!code_is_anywhere(f.db, a, hash_str(&l)) && !code_is_anywhere(f.db, a, hash_str(&x[i]->code)));
        CHECK(!str_has(x[i]->body, codes[2 * i].short_code) && !str_has(x[i]->body, codes[2 * i].long_code));
    }
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM invitation_codes")), N);
    /* The answers themselves stand in no order of arrival, so that a list kept beside the polling place says nothing. */
    static const char *const orders[] = {
        "SELECT instance FROM submissions ORDER BY id", "SELECT instance FROM submissions ORDER BY instance",
        "SELECT instance FROM submissions ORDER BY receipt_hash",
    };
    for (size_t k = 0; k < COUNT_OF(orders); k++) {
        int place[N];
        for (int i = 0; i < N; i++)
            place[i] = place_of(f.db, (Sql){ orders[k] }, (Str){ (const char *)x[i]->key.instance, INSTANCE_LEN });
        CHECK_NEAR(order_of(place, N), 0, 0.35);              /* chance: standard deviation 0.08 */
    }
    /* Codes still unspent stand in no order of making. */
    int left[N];
    for (int i = 0; i < N; i++) {
        Hash s  = code_hash(collect_keys(&f.app), f.round.id, codes[2 * i + 1].short_code);
        left[i] = place_of(f.db, SQL("SELECT short_hash FROM invitation_codes ORDER BY id"), hash_str(&s));
    }
    CHECK_NEAR(order_of(left, N), 0, 0.35);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(DISTINCT day) FROM submissions")), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM submissions s JOIN invitation_codes c ON c.id = s.id")), 0);
}

TEST_EACH_STORE(a_device_sends_once_and_a_draft_is_sent_once)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    const CollectKeys *k = collect_keys(&f.app);
    Draft d = { .round = f.round.id, .form = f.round.form, .answers_json = S("{}"), .channel = CHANNEL_QR, .started_at = f.now, .saved_at = f.now }, e = d;
    Hash one = keyed_hash(k->draft, 0, S("one")), two = keyed_hash(k->draft, 0, S("two")), code = keyed_hash(k->resume, 1, S("K7M4PX29QD"));
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(draft_create(f.db, a, &d, one, code));
    CHECK_OK(draft_create(f.db, a, &e, keyed_hash(k->draft, 0, S("three")), keyed_hash(k->resume, 1, S("X"))));
    CHECK_OK(draft_resume(f.db, a, f.round.id, code, two, &d));          /* another telephone takes the draft over */
    CHECK_ERR(draft_by_token(f.db, a, one, &d), ERR_NOT_FOUND);
    CHECK_OK(draft_by_token(f.db, a, two, &d));
    CHECK_OK(db_commit(f.db));
    Submission *x = fixture_answer(&f, a, uuid_v4(a), 1);
    x->draft       = d.id;
    x->draft_token = one;                                     /* the first telephone still tries */
    x->has_device  = true;
    x->device      = keyed_hash(k->device, f.round.id.v, S("first"));
    CHECK_INT(send_one(&f, a, x), SUBMIT_DRAFT_GONE);
    CHECK_INT(fixture_stored(&f, a), 0);
    x->draft_token = two;
    CHECK_INT(send_one(&f, a, x), SUBMIT_STORED);
    CHECK_INT(send_one(&f, a, x), SUBMIT_SAME);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM drafts")), 1);
    Submission *y = fixture_answer(&f, a, uuid_v4(a), 2);
    y->draft       = e.id;
    y->draft_token = keyed_hash(k->draft, 0, S("three"));
    y->has_device  = true;
    y->device      = x->device;
    CHECK_INT(send_one(&f, a, y), SUBMIT_DEVICE_LIMIT);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM drafts")), 1);        /* a refused send keeps the draft */
    CHECK_INT(fixture_stored(&f, a), 1);
    fixture_whole(&f, a);
}

/* ---- Cases of fieldwork ------------------------------------------------------------------------ */
enum { CASE_OPEN = 7 };

static Err find_case(Db *db, Arena *a, RoundId round, Str code, int64_t *out_case, CaseClaim *out)
{
    (void)db, (void)a, (void)round;
    *out_case = CASE_OPEN;
    *out      = str_eq(code, S("free")) ? CLAIM_FREE : str_eq(code, S("taken")) ? CLAIM_TAKEN : str_eq(code, S("none")) ? CLAIM_NONE : CLAIM_UNKNOWN;
    return OK;
}

static int64_t marked(RoundFixture *f, const char *reason)
{
    int64_t   n = 0;
    AUTO_STMT q = db_prepare(f->db, SQL("SELECT COUNT(*) FROM submissions WHERE flagged = 1 AND flag_reason = $1"));
    bind_str(q, 1, str_from_c(reason));
    while (db_row(q))
        n = col_int(q, 0);
    return db_done(q) ? -1 : n;
}

TEST_EACH_STORE(an_answer_of_the_open_interface_takes_no_case_and_says_so)
{
    static const CaseFinder finder = { find_case };
    static const Str codes[] = { S_INIT("free"), S_INIT("free"), S_INIT("taken"), S_INIT("stray"), S_INIT("none") };
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    for (int i = 0; i < (int)COUNT_OF(codes); i++) {
        Submission *x = fixture_answer(&f, a, uuid_v4(a), i);
        x->cases       = &finder;
        x->case_code   = codes[i];
        x->flagged     = i == 1;
        x->flag_reason = i == 1 ? S("fast") : S("");               /* what is said of the case stands before other findings */
        CHECK_INT(send_one(&f, a, x), SUBMIT_STORED);
        CHECK_INT(send_one(&f, a, x), SUBMIT_SAME);
    }
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM case_links")), 0);
    CHECK_INT(marked(&f, "case_claimed"), 2);
    CHECK_INT(marked(&f, "case_twice"), 1);
    CHECK_INT(marked(&f, "case_unknown"), 1);
    CHECK_INT(fixture_stored(&f, a), COUNT_OF(codes));
    fixture_whole(&f, a);
}

TEST_EACH_STORE(an_interview_of_a_case_that_was_taken_is_kept_and_marked)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    const CollectKeys *k = collect_keys(&f.app);
    for (int i = 0; i < 2; i++) {
        Str   token = arena_fmt(a, "interview %d", i);
        Draft d     = { .round = f.round.id, .form = f.round.form, .answers_json = S("{}"), .channel = CHANNEL_FIELD, .started_at = f.now,
                        .saved_at = f.now, .case_id = CASE_OPEN };
        CHECK_OK(db_begin_write(f.db));
        CHECK_OK(draft_create(f.db, a, &d, keyed_hash(k->draft, 0, token), keyed_hash(k->resume, 1, token)));
        CHECK_OK(db_commit(f.db));
        Submission *x = fixture_answer(&f, a, uuid_v4(a), i);
        x->draft       = d.id;
        x->draft_token = keyed_hash(k->draft, 0, token);
        x->case_id     = CASE_OPEN;
        CHECK_INT(send_one(&f, a, x), SUBMIT_STORED);
        CHECK_INT(send_one(&f, a, x), SUBMIT_SAME);
    }
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM drafts")), 0);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM case_links l JOIN submissions s ON s.id = l.submission_id WHERE s.flagged = 0")), 1);
    CHECK_INT(marked(&f, "case_twice"), 1);
    CHECK_INT(fixture_stored(&f, a), 2);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(rounds_step_and_extend_in_the_database)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Rounds open;
    CHECK_OK(round_open_list(f.db, a, f.now, &open));
    CHECK_INT(open.len, 1);
    CHECK_OK(round_open_list(f.db, a, (Time){ f.info->round.closes_at.ms + 1 }, &open));
    CHECK_INT(open.len, 0);
    Round same = f.round;
    RoundId id;
    CHECK_OK(db_begin_write(f.db));
    CHECK_ERR(round_create(f.db, a, &same, f.now, &id), ERR_CONFLICT);
    CHECK_ERR(round_set_state(f.db, a, f.round.id, ROUND_PUBLISHED, f.now), ERR_CONFLICT);
    CHECK_ERR(round_save(f.db, a, &f.round), ERR_CONFLICT);   /* no draft any more */
    CHECK_ERR(round_extend(f.db, a, f.round.id, f.now, f.now), ERR_CONFLICT);
    CHECK_OK(round_extend(f.db, a, f.round.id, (Time){ f.round.closes_at.ms + MS_DAY }, f.now));
    CHECK_OK(round_set_state(f.db, a, f.round.id, ROUND_CLOSED, f.now));
    CHECK_ERR(round_extend(f.db, a, f.round.id, (Time){ f.round.closes_at.ms + 2 * MS_DAY }, f.now), ERR_CONFLICT);
    CHECK_OK(round_set_state(f.db, a, f.round.id, ROUND_PUBLISHED, f.now));
    CHECK_OK(db_commit(f.db));
}
