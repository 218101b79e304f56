/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Snapshots of a round: what they hold, what is read anew, what becomes of broken ones and of withdrawn answers. */
#include "base/test.h"
#include "collect/tests/round_fixture.h"
#include "snapshot/snapshot.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static RoundFixture fixture(Store *store, Arena *a)
{
    RoundFixture f      = round_fixture(store, a, IDENTITY_OPEN);
    const char  *folder = getenv("TMPDIR");
    f.app.data_dir      = arena_fmt(a, "%s/snap-XXXXXX", folder ? folder : "/tmp");
    f.app.data_dir      = str_from_c(mkdtemp(arena_c(a, f.app.data_dir)));
    return f;
}

static void answers(RoundFixture *f, Arena *a, int from, int n)
{
    for (int i = from; i < from + n; i++)
        CHECK_OK(collector_run(f->store, a, &submit_kind, fixture_answer(f, a, uuid_v4(a), i)));
}

static SnapBuilt built(RoundFixture *f, Arena *a, const SnapRecipe *recipe)
{
    static const SnapRecipe none = { .key = S_INIT("") };
    SnapBuilt out = { 0 };
    Round     r   = { 0 };
    Err       e   = db_begin_read(f->db);
    if (!e)
        e = round_load(f->db, a, f->round.id, &r);
    if (!e)
        e = snapshot_build(f->db, a, &f->app, f->info->program, &r, recipe ? recipe : &none, &out);
    db_rollback(f->db);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    return out;
}

static const uint8_t *bytes_of(Arena *a, const Snapshot *s, Str name)
{
    const void *x = NULL;
    Err e = column_read(a, &s->file, column_find(&s->file, name), COLUMN_U8, &x);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s: %.*s", STR_ARG(name), STR_ARG(e->detail));
    return x;
}

TEST_EACH_STORE(snapshot_holds_the_answers_that_count)
{
    RoundFixture f = fixture(store, a);
    Snapshot     s;
    CHECK_ERR(snapshot_open(a, &f.app, f.round.id, &s), ERR_NOT_FOUND);
    answers(&f, a, 0, 7);
    CHECK_INT(built(&f, a, NULL).read, 7);
    CHECK_OK(snapshot_open(a, &f.app, f.round.id, &s));
    CHECK_INT(s.rows, 7);
    CHECK(!s.weighted);
    const uint8_t *satisfied = bytes_of(a, &s, S("q.hai_long")), *place = bytes_of(a, &s, S("q.tinh")), *web = bytes_of(a, &s, S("q.kenh/web"));
    const double  *age;
    CHECK_OK(column_read(a, &s.file, column_find(&s.file, S("q.tuoi")), COLUMN_F64, (const void **)&age));
    int second = 0;
    for (size_t i = 0; i < s.rows; i++) {
        second += place[i] == 2;
        CHECK_INT(satisfied[i], place[i] == 2 ? 3 : 2);      /* odd answers: "3" and "24" */
        CHECK_INT(web[i], place[i] == 2 ? 2 : 1);
        CHECK(isnan(age[i]));
    }
    CHECK_INT(second, 3);
    CHECK_INT(column_find(&s.file, S("q.gop_y")), -1);       /* words stay with the records */
    snapshot_close(&s);
}

TEST_EACH_STORE(snapshot_reads_only_what_changed)
{
    RoundFixture f = fixture(store, a);
    Snapshot     s;
    bool         current;
    answers(&f, a, 0, 6);
    CHECK_INT(built(&f, a, NULL).read, 6);
    CHECK_OK(snapshot_open(a, &f.app, f.round.id, &s));
    CHECK_OK(snapshot_current(f.db, a, &s, &f.round, S(""), &current));
    CHECK(current);
    CHECK_OK(snapshot_current(f.db, a, &s, &f.round, S("1"), &current));
    CHECK(!current);
    const uint64_t *id;
    CHECK_OK(column_read(a, &s.file, column_find(&s.file, S(SNAP_ID)), COLUMN_U64, (const void **)&id));
    SubmissionId first = { (int64_t)id[0] };
    answers(&f, a, 6, 2);
    CHECK_OK(snapshot_current(f.db, a, &s, &f.round, S(""), &current));
    CHECK(!current);
    snapshot_close(&s);
    SnapBuilt again = built(&f, a, NULL);
    CHECK_INT(again.rows, 8);
    CHECK_INT(again.read, 2);
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(record_act(f.db, f.store, a, &f.app, first, &(RecordAct){ .question = S("hai_long"), .value = S("1"), .reason = S("nhập nhầm"),
             .batch = 1, .person = { 1 }, .person_name = S("An"), .at = f.now }));
    CHECK_OK(db_commit(f.db));
    again = built(&f, a, NULL);
    CHECK_INT(again.rows, 8);
    CHECK_INT(again.read, 1);
    CHECK_OK(snapshot_open(a, &f.app, f.round.id, &s));
    const uint8_t *satisfied = bytes_of(a, &s, S("q.hai_long"));
    CHECK_OK(column_read(a, &s.file, column_find(&s.file, S(SNAP_ID)), COLUMN_U64, (const void **)&id));
    for (size_t i = 0; i < s.rows; i++)
        CHECK(id[i] != (uint64_t)first.v || satisfied[i] == 1);
    snapshot_close(&s);
}

typedef struct Made { SnapWeights w; } Made;

static Err make(void *self, Db *db, Arena *a, SnapWeights *out)
{
    (void)db, (void)a;
    *out = ((Made *)self)->w;
    return OK;
}

TEST_EACH_STORE(snapshot_rows_stand_by_stratum_and_unit)
{
    RoundFixture f = fixture(store, a);
    Snapshot     s;
    answers(&f, a, 0, 4);
    built(&f, a, NULL);
    CHECK_OK(snapshot_open(a, &f.app, f.round.id, &s));
    const uint64_t *id;
    CHECK_OK(column_read(a, &s.file, column_find(&s.file, S(SNAP_ID)), COLUMN_U64, (const void **)&id));
    int64_t  ids[4] = { (int64_t)id[0], (int64_t)id[1], (int64_t)id[2], (int64_t)id[3] };
    double   weight[4] = { 1, 2, 3, 4 };
    uint32_t stratum[4] = { 2, 1, 1, 2 }, unit[4] = { 1, 2, 1, 0 };
    uint16_t post[4] = { 2, 1, 1, 2 };
    Made     m = { { 4, ids, weight, stratum, unit, post, true, true } };
    SnapRecipe recipe = { S("7"), make, &m };
    snapshot_close(&s);
    CHECK_INT(built(&f, a, &recipe).read, 0);
    CHECK_OK(snapshot_open(a, &f.app, f.round.id, &s));
    CHECK(s.weighted && s.probability && s.adjusted);
    const double   *w;
    const uint32_t *u;
    CHECK_OK(column_read(a, &s.file, column_find(&s.file, S(SNAP_WEIGHT)), COLUMN_F64, (const void **)&w));
    CHECK_OK(column_read(a, &s.file, column_find(&s.file, S(SNAP_UNIT)), COLUMN_U32, (const void **)&u));
    CHECK_NEAR(w[0], 3, 0);
    CHECK_NEAR(w[1], 2, 0);
    CHECK_NEAR(w[2], 1, 0);
    CHECK_NEAR(w[3], 4, 0);
    CHECK(u[2] == 1 && u[3] >= 1u << 31);        /* a record by itself */
    snapshot_close(&s);
}

TEST_EACH_STORE(broken_snapshot_is_made_anew)
{
    RoundFixture f = fixture(store, a);
    Snapshot     s;
    answers(&f, a, 0, 5);
    built(&f, a, NULL);
    char *path = arena_c(a, snapshot_path(a, &f.app, f.round.id));
    int   fd   = open(path, O_RDWR);
    char byte;
    CHECK(pread(fd, &byte, 1, 40) == 1);
    byte ^= 1;                                   /* whatever stands there changes */
    CHECK(pwrite(fd, &byte, 1, 40) == 1);
    close(fd);
    CHECK_ERR(snapshot_open(a, &f.app, f.round.id, &s), ERR_NOT_FOUND);
    CHECK(access(path, F_OK) != 0);
    CHECK_INT(built(&f, a, NULL).read, 5);
    fd = open(path, O_RDWR);                     /* a column's own bytes: the head still fits */
    off_t end = lseek(fd, 0, SEEK_END);
    char  zeros[4096] = { 0 };
    CHECK(pwrite(fd, zeros, (size_t)(end > 4096 ? 4096 : end / 2), end > 4096 ? end - 4096 : end / 2) > 0);
    close(fd);
    CHECK_INT(built(&f, a, NULL).read, 5);       /* nothing is taken from it */
}

TEST_EACH_STORE(tidying_drops_snapshots_that_hold_withdrawn_answers)
{
    RoundFixture f = fixture(store, a);
    answers(&f, a, 0, 3);
    built(&f, a, NULL);
    char *path = arena_c(a, snapshot_path(a, &f.app, f.round.id));
    CHECK_OK(snapshot_tidy(f.db, a, &f.app));
    CHECK(access(path, F_OK) == 0);
    Submission *x = fixture_answer(&f, a, uuid_v4(a), 9);
    CHECK_OK(collector_run(f.store, a, &submit_kind, x));
    CHECK_OK(snapshot_tidy(f.db, a, &f.app));
    CHECK(access(path, F_OK) == 0);              /* answers were added, none withdrawn */
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(receipt_withdraw(f.db, f.store, a, &f.app, x->key.receipt));
    CHECK_OK(db_commit(f.db));
    CHECK_OK(snapshot_tidy(f.db, a, &f.app));
    CHECK(access(path, F_OK) != 0);
}
