/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Editions by number and their addresses: short ones, those of the first releases, and the newest of a round. */
#include "base/test.h"
#include "collect/tests/round_fixture.h"
#include "edition/weighting.h"

#define ROUND "thu-2026"

static const Mount mounts[] = { { "", edition_public_routes } };

#define PACKAGE "PK: no archive, but bytes that are sent as they are"

typedef struct Shelf { RoundFixture f; EditionId first, second; } Shelf;

static void must(Err e, int line)
{
    if (e)
        test_fail(__FILE_NAME__, line, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static Str kept(Shelf *s, Arena *a, Str bytes)
{
    Sha256 sum = { 0 };
    must(files_save(s->f.store, a, bytes, &sum), __LINE__);
    return str_hex(a, sum.at, sizeof sum.at);
}

static EditionId put(Shelf *s, Arena *a, int number, Str reason)
{
    EditionId id = { id_new() };
    AUTO_STMT q  = db_prepare(s->f.db, SQL(
        "INSERT INTO editions (id, round_id, number, title_vi, title_en, label, method, reason, n, simulated, package_sha, figures_sha, "
        "fingerprint, published_at, published_by) VALUES ($1, $2, $3, 'Đợt', 'Round', 'unweighted', 'x', $4, 12, 0, $5, $6, '', 1, 0)"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, s->f.round.id.v);
    bind_int(q, 3, number);
    bind_str(q, 4, reason);
    bind_str(q, 5, kept(s, a, S(PACKAGE)));
    bind_str(q, 6, kept(s, a, S("{\"indicators\":[],\"labels_en\":{}}")));
    must(db_run(q), __LINE__);
    return id;
}

/* A round with two editions. */
static Shelf shelf_make(Store *store, Arena *a)
{
    Shelf s = { .f = round_fixture(store, a, IDENTITY_OPEN) };
    s.f.app.mounts      = mounts;
    s.f.app.mount_count = 1;
    must(db_begin_write(s.f.db), __LINE__);
    s.first  = put(&s, a, 1, S(""));
    s.second = put(&s, a, 2, S("sửa thử"));
    AUTO_STMT q = db_prepare(s.f.db, SQL("UPDATE editions SET superseded_by = $1 WHERE id = $2"));
    bind_int(q, 1, s.second.v);
    bind_int(q, 2, s.first.v);
    must(db_run(q), __LINE__);
    must(db_commit(s.f.db), __LINE__);
    return s;
}

static HttpTask ask(Shelf *s, Arena *a, Str path)
{
    HttpTask t = { .arena = a, .req = { .method = GET, .path = path, .host = S("khao-sat.example"), .client = S("127.0.0.1"), .id = 1 } };
    web_handle(&s->f.app, &t);
    return t;
}

TEST_EACH_STORE(an_edition_is_known_by_its_number_and_the_newest_by_none)
{
    Shelf      s = shelf_make(store, a);
    EditionRow e;
    CHECK_OK(edition_by_number(s.f.db, a, S(ROUND), 1, &e));
    CHECK_INT(e.id.v, s.first.v);
    CHECK_INT(e.superseded_by.v, s.second.v);
    CHECK_INT(e.superseded_number, 2);
    CHECK_OK(edition_by_number(s.f.db, a, S(ROUND), 2, &e));
    CHECK_INT(e.id.v, s.second.v);
    CHECK_STR(e.reason, S("sửa thử"));
    CHECK_OK(edition_by_number(s.f.db, a, S(ROUND), 0, &e));
    CHECK_INT(e.number, 2);
    CHECK_ERR(edition_by_number(s.f.db, a, S(ROUND), 3, &e), ERR_NOT_FOUND);
    CHECK_ERR(edition_by_number(s.f.db, a, S(ROUND), -1, &e), ERR_NOT_FOUND);
    CHECK_ERR(edition_by_number(s.f.db, a, S("khong-co"), 0, &e), ERR_NOT_FOUND);
    CHECK_ERR(edition_by_number(s.f.db, a, S(""), 1, &e), ERR_NOT_FOUND);
}

TEST_EACH_STORE(addresses_of_editions_lead_to_the_short_ones)
{
    Shelf s = shelf_make(store, a);
    Str   old = arena_fmt(a, "/results/%lld", (long long)s.first.v);
    const struct { Str path; int status; const char *to; } rows[] = {
        { S("/results/" ROUND), 303, "/results/" ROUND "/2" },
        { S("/en/results/" ROUND), 303, "/en/results/" ROUND "/2" },
        { old, 301, "/results/" ROUND "/1" },
        { arena_fmt(a, "/results/%lld", (long long)s.second.v), 301, "/results/" ROUND "/2" },
        { str_concat(a, old, S("/figures.csv")), 301, "/results/" ROUND "/1/figures.csv" },
        { str_concat(a, old, S("/" ROUND "-1.zip")), 301, "/results/" ROUND "/1/" ROUND "-1.zip" },
        { str_concat(a, old, S("/" ROUND "-2.zip")), 404, "" },
        { S("/results/khong-co"), 404, "" },
        { S("/results/12345"), 404, "" },
        { S("/results/" ROUND "/3"), 404, "" },
        { S("/results/" ROUND "/x"), 404, "" },
        { S("/results/" ROUND "/1/" ROUND "-2.zip"), 404, "" },
        { S("/results/" ROUND "/1/" ROUND "-1.zip"), 200, "" },
        { S("/results/" ROUND "/1/figures.csv"), 200, "" },
    };
    log_set(LOG_ERROR, false);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HttpTask t = ask(&s, a, rows[i].path);
        if (t.res.status != rows[i].status)
            test_fail(__FILE_NAME__, __LINE__, "%.*s: %d, want %d", STR_ARG(rows[i].path), t.res.status, rows[i].status);
        CHECK_STR(http_field(&t.res.headers, S("location")), str_from_c(rows[i].to));
    }
}

/* The lengths on the page are those of the files. */
TEST_EACH_STORE(an_edition_says_how_large_its_files_are)
{
    Shelf s    = shelf_make(store, a);
    Str   page = ask(&s, a, S("/results/" ROUND "/1")).res.body;
    Str   csv  = size_text(a, LANG_VI, (int64_t)ask(&s, a, S("/results/" ROUND "/1/figures.csv")).res.body.len);
    Str   zip  = size_text(a, LANG_VI, (int64_t)ask(&s, a, S("/results/" ROUND "/1/" ROUND "-1.zip")).res.body.len);
    CHECK(str_has(page, arena_fmt(a, "CSV, %.*s<", STR_ARG(csv))));
    CHECK(str_has(page, arena_fmt(a, "ZIP, %.*s<", STR_ARG(zip))));
    CHECK(str_has(page, S("JSON, ")));
}

/* Counts of coded answers stay counts. */
TEST_EACH_STORE(a_weighted_edition_says_that_coded_answers_are_not_weighted)
{
    Shelf     s = shelf_make(store, a);
    Weighting r = { .design = SOURCE_STATED, .margins_csv = S("01,5"), .source = S("Thử"), .made_at = { 1 } };
    must(db_begin_write(s.f.db), __LINE__);
    CHECK_OK(weighting_add(s.f.db, a, s.f.round.id, &r));
    AUTO_STMT q = db_prepare(s.f.db, SQL("UPDATE editions SET figures_sha = $1, weighting_id = CASE number WHEN 2 THEN CAST($2 AS BIGINT) END"));
    bind_str(q, 1, kept(&s, a, S("{\"indicators\":[{\"name\":\"coded.y\",\"label\":\"Góp ý\",\"n\":50,\"value\":100},"
                                 "{\"name\":\"coded.y:c\",\"label\":\"Chờ\",\"n\":50,\"value\":100}],\"labels_en\":{}}")));
    bind_int(q, 2, r.id);
    must(db_run(q), __LINE__);
    must(db_commit(s.f.db), __LINE__);
    Str note = text_of(LANG_VI, "results.coded.unweighted"), plain = ask(&s, a, S("/results/" ROUND "/1")).res.body;
    CHECK(str_has(plain, S("ý kiến đã mã hóa")) && !str_has(plain, note));
    CHECK(str_has(ask(&s, a, S("/results/" ROUND "/2")).res.body, note));
}

/* ---- Receipts in pieces --------------------------------------------------------------------------------------------- */
static bool counted(Shelf *s, Arena *a, const Submission *x, EditionId want)
{
    EditionId id = { 0 };
    bool      yes;
    must(edition_counts_receipt(s->f.db, a, str_hex(a, x->key.receipt_hash.at, sizeof x->key.receipt_hash.at), &yes, &id), __LINE__);
    return yes && id.v == want.v;
}

TEST_EACH_STORE(receipts_written_in_pieces_count_when_the_edition_is_there)
{
    Shelf       s = shelf_make(store, a);
    Submission *x[5];
    EditionId   next = { id_new() };
    Db         *to;
    for (int i = 0; i < 5; i++) {
        x[i] = fixture_answer(&s.f, a, uuid_v4(a), 0);
        CHECK_OK(collector_run(store, a, &submit_kind, x[i]));
    }
    CHECK_OK(store_take(store, a, &to));
    CHECK_OK(db_begin_write(to));
    CHECK_OK(work_begin(to, next, (Time){ 1000 }));
    CHECK_OK(db_commit(to));
    CHECK_OK(db_begin_read(s.f.db));
    CHECK_OK(receipts_stream(s.f.db, to, a, s.f.round.id, next, 2));
    db_rollback(s.f.db);
    CHECK_INT(test_sql_int(s.f.db, SQL("SELECT COUNT(*) FROM edition_counted")), 5);
    CHECK(!counted(&s, a, x[0], next) && !counted(&s, a, x[4], next));
    CHECK_OK(edition_tidy(to, a, (Time){ 1000 + MS_DAY - 1 }));                       /* it may still be under way */
    CHECK_INT(test_sql_int(s.f.db, SQL("SELECT COUNT(*) FROM edition_counted")), 5);
    CHECK_OK(db_begin_write(to));
    test_sql(to, SQL("UPDATE edition_counted SET edition_id = (SELECT MIN(id) FROM editions)"));
    CHECK_OK(db_commit(to));
    CHECK(counted(&s, a, x[0], s.first) && counted(&s, a, x[4], s.first));
    CHECK_OK(work_drop(to, s.first, 2));                                               /* what an edition counts stays */
    CHECK(counted(&s, a, x[0], s.first) && counted(&s, a, x[4], s.first));
    store_give(store, &to);
}

TEST_EACH_STORE(receipts_of_a_publication_that_was_cut_off_go_a_day_later)
{
    Shelf     s    = shelf_make(store, a);
    EditionId next = { id_new() };
    for (int i = 0; i < 5; i++)
        CHECK_OK(collector_run(store, a, &submit_kind, fixture_answer(&s.f, a, uuid_v4(a), 0)));
    CHECK_OK(db_begin_write(s.f.db));
    CHECK_OK(work_begin(s.f.db, next, (Time){ 1000 }));
    CHECK_OK(receipts_copy(s.f.db, a, s.f.round.id, next));
    CHECK_OK(db_commit(s.f.db));
    CHECK_OK(edition_tidy(s.f.db, a, (Time){ 1001 + MS_DAY }));
    CHECK_INT(test_sql_int(s.f.db, SQL("SELECT COUNT(*) FROM edition_counted")), 0);
    CHECK_INT(test_sql_int(s.f.db, SQL("SELECT COUNT(*) FROM edition_works")), 0);
}
