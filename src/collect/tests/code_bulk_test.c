/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time codes in numbers: table, cards, voiding. */
#include "base/csv.h"
#include "collect/paper.h"
#include "collect/tests/round_fixture.h"

typedef struct Saved { size_t files; } Saved;

static Err save(void *self, size_t number, Str pdf)
{
    Saved *s = self;
    CHECK_INT(number, s->files + 1);
    CHECK(str_starts(pdf, S("%PDF-")));
    s->files++;
    return OK;
}

static Err make(RoundFixture *f, Arena *a, int64_t count, Buf *csv, int64_t *batch)
{
    CodeOrder o = { .round = f->round.id, .label = S("lô thư"), .count = count, .valid_to = DATE_NONE };
    *csv = buf_new(a, 0);
    return codes_make(f->db, a, &f->app, &o, S("https://khao-sat.example"), f->now, csv, batch);
}

TEST_EACH_STORE(a_table_of_codes_holds_every_code_once)
{
    enum { N = 50 };
    RoundFixture f = round_fixture(store, a, IDENTITY_CODE);
    Buf          csv;
    int64_t      batch, gone;
    CsvTable     t;
    CHECK_OK(make(&f, a, N, &csv, &batch));
    CHECK_OK(csv_read(a, buf_str(&csv), CSV_LIMITS, &t));
    CHECK_INT(t.len, N + 1);
    for (size_t i = 1; i < t.len; i++) {
        Str  word, link = csv_cell(&t.at[i], 2);
        bool valid = false;
        CHECK(word_clean(a, csv_cell(&t.at[i], 1), &word));
        CHECK_OK(code_valid(f.db, collect_keys(&f.app), f.round.id, word, date_of(f.now), &valid));
        CHECK(valid);
        CHECK(str_starts(link, S("https://khao-sat.example/q/")));
        RoundId found = { 0 };
        CHECK_OK(code_round(f.db, collect_keys(&f.app), str_skip(link, 27), date_of(f.now), &found));
        CHECK_INT(found.v, f.round.id.v);
    }
    CodeBatch b;
    CHECK_OK(code_batch_load(f.db, a, f.round.id, batch, &b));
    CHECK_INT(b.left, N);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(code_batch_void(f.db, batch, &gone));
    CHECK_OK(db_commit(f.db));
    CHECK_INT(gone, N);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM invitation_codes")), 0);
}

TEST_EACH_STORE(codes_are_refused_where_none_are_taken)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    Buf          csv;
    int64_t      batch;
    CHECK_ERR(make(&f, a, 10, &csv, &batch), ERR_CONFLICT);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM code_batches")), 0);
}

TEST_EACH_STORE(codes_need_a_count_and_a_day_to_come)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_CODE);
    Buf          csv;
    int64_t      batch;
    CHECK_ERR(make(&f, a, 0, &csv, &batch), ERR_INVALID);
    CodeOrder late = { .round = f.round.id, .label = S("lô"), .count = 1, .valid_to = { date_of(f.now).day - 1 } };
    CHECK_ERR(codes_make(f.db, a, &f.app, &late, S("http://x"), f.now, &csv, &batch), ERR_INVALID);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM code_batches")), 0);
}

TEST_EACH_STORE(cards_come_from_the_table_and_from_nothing_else)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_CODE);
    Buf          csv;
    int64_t      batch;
    Saved        s = { 0 };
    CodePrint    x = { .round = f.round.id, .agency = S("Sở Nội vụ Bắc Ninh"), .base = S("https://khao-sat.example"), .valid_to = DATE_NONE, .per_file = 24 };
    CHECK_OK(make(&f, a, 30, &csv, &batch));
    CHECK_OK(codes_print(f.db, a, &x, buf_str(&csv), save, &s));
    CHECK_INT(s.files, 2);                             /* 24 and 6 */
    CHECK_ERR(codes_print(f.db, a, &x, S("so,ma,lien_ket\r\n1,K7M4-PX29-QD,https://other.example/q/A\r\n"), save, &s), ERR_INVALID);
    CHECK_ERR(codes_print(f.db, a, &x, S("so,ma,lien_ket\r\n1,\"K7\r\n"), save, &s), ERR_INVALID);
    CHECK_INT(s.files, 2);
    CHECK_OK(codes_print(f.db, a, &x, S(""), save, &s));
    CHECK_INT(s.files, 2);
}

/* The longest texts a card takes: what stands above ends before the code begins, or paper.c's own check stops the test. */
TEST(a_card_with_long_texts_keeps_its_code_inside)
{
    Buf words = buf_new(a, 4096);
    for (int i = 0; i < 60; i++)
        buf_lit(&words, "ẲNG ỆCH Đường ");
    Str       w    = buf_str(&words), pdf;
    SheetText t    = { w, w, w, w, w, w };
    NewCode   code = { .short_code = S("WWWWWWWWWW"), .long_code = S("ABCDEFGHJKMNPQRSTVWXYZ0123") };
    CHECK_OK(codes_pdf(a, &t, S("https://khao-sat.example/q/"), &code, 1, &pdf));
    CHECK(str_starts(pdf, S("%PDF-")));
}
