/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Group commit: what is acknowledged is kept, once; what fails, fails as a whole. */
#include "store/store_driver.h"
#include "store/test_store.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct Item { int64_t id; bool duplicate, poison; _Atomic int finished; ErrKind failed; } Item;

static void make_table(Store *s, Arena *a)
{
    test_sql(test_take(s, a), SQL("CREATE TABLE kept (id BIGINT PRIMARY KEY)"));
}

static Err apply_items(Db *db, Arena *scratch, void **items, size_t n)
{
    AUTO_STMT q       = db_prepare(db, SQL("INSERT INTO kept (id) VALUES ($1) ON CONFLICT DO NOTHING"));
    int64_t  *changes = arena_new(scratch, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        Item *item = items[i];
        if (item->poison)
            return err_new(scratch, ERR_INVALID, S("poison"));
        bind_int(q, 1, item->id);
        db_send(q, &changes[i]);
    }
    TRY(db_flush(db));
    for (size_t i = 0; i < n; i++)
        ((Item *)items[i])->duplicate = changes[i] == 0;
    return OK;
}

static void finish_item(void *at, Err outcome)
{
    Item *item   = at;
    item->failed = outcome ? outcome->kind : 0;
    atomic_fetch_add(&item->finished, 1);
}

static const CollectKind kind = { "test", apply_items, finish_item };

static void wait_for(Item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        while (!atomic_load(&items[i].finished))
            usleep(200);
}

TEST_EACH_STORE(collector_saves_512_waiting_items_in_one_commit)
{
    make_table(store, a);
    Item *items = arena_new(a, Item, 512);
    Db   *db    = test_take(store, a);
    CHECK_OK(db_begin_write(db));                  /* holds the writer, so that all of them wait */
    Item opener = { .id = 1000 };                  /* the collector waits with it while the others gather */
    CHECK(collector_queue(store, &kind, &opener));
    while (store_stats(store).queued)
        usleep(200);
    for (int i = 0; i < 512; i++) {
        items[i].id = i + 1;
        CHECK(collector_queue(store, &kind, &items[i]));
    }
    CHECK_INT(store_stats(store).queued, 512);
    StoreStats before     = store_stats(store);
    uint64_t   generation = store_generation(store);
    db_rollback(db);
    wait_for(items, 512);
    StoreStats after = store_stats(store);
    CHECK_INT(after.commits - before.commits, 2);  /* the opener's, and one for the 512 */
    CHECK_INT(after.items - before.items, 513);
    CHECK_INT(store_generation(store) - generation, 0);    /* arriving answers empty no cached page */
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM kept")), 513);
    for (int i = 0; i < 512; i++)
        CHECK(items[i].finished == 1 && !items[i].failed && !items[i].duplicate);
}

TEST_EACH_STORE(collector_duplicate_concerns_its_own_item_only)
{
    make_table(store, a);
    Item items[] = { { .id = 1 }, { .id = 2 }, { .id = 1 }, { .id = 3 } };
    for (size_t i = 0; i < COUNT_OF(items); i++)
        CHECK(collector_queue(store, &kind, &items[i]));
    wait_for(items, COUNT_OF(items));
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        CHECK_INT(items[i].failed, 0);
        CHECK_INT(items[i].duplicate, i == 2);
    }
    CHECK_INT(test_sql_int(test_take(store, a), SQL("SELECT COUNT(*) FROM kept")), 3);
}

TEST_EACH_STORE(collector_failure_rolls_back_all_of_its_kind)
{
    make_table(store, a);
    Db *db = test_take(store, a);
    CHECK_OK(db_begin_write(db));
    Item opener = { .id = 1000 };
    CHECK(collector_queue(store, &kind, &opener));
    while (store_stats(store).queued)
        usleep(200);
    Item items[] = { { .id = 1 }, { .id = 2 }, { .id = 3, .poison = true }, { .id = 4 } };
    for (size_t i = 0; i < COUNT_OF(items); i++)
        CHECK(collector_queue(store, &kind, &items[i]));
    db_rollback(db);
    wait_for(items, COUNT_OF(items));
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        CHECK_INT(items[i].finished, 1);
        CHECK_INT(items[i].failed, ERR_INVALID);
    }
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM kept")), 1);
    Item next = { .id = 5 };                       /* the collector goes on */
    CHECK_OK(collector_run(store, a, &kind, &next));
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM kept")), 2);
}

/* One that fails in one of these ways, after it has written. */
static Err apply_alone(Db *db, Arena *scratch, void **items, size_t n)
{
    Item *item = items[0];
    CHECK_INT(n, 1);
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO kept (id) VALUES ($1)"));
    bind_int(q, 1, item->id);
    db_send(q, NULL);
    if (item->poison && item->id % 2)
        return err_new(scratch, ERR_INVALID, S("poison"));
    while (item->poison && item->id % 4 == 0)
        (void)arena_new(scratch, char, 1 << 20);
    return OK;
}

static const CollectKind alone = { "alone", apply_alone, finish_item, .apart = true };

TEST_EACH_STORE(collector_items_that_stand_alone_fail_alone)
{
    make_table(store, a);
    Db *db = test_take(store, a);
    CHECK_OK(db_begin_write(db));
    Item opener = { .id = 1000 };
    CHECK(collector_queue(store, &kind, &opener));
    while (store_stats(store).queued)
        usleep(200);
    /* A refusal, an insert that the database refuses, and one that uses up the memory, among good ones of both kinds. */
    Item items[] = { { .id = 1 }, { .id = 2 }, { .id = 3, .poison = true }, { .id = 1 }, { .id = 4, .poison = true }, { .id = 6 }, { .id = 8 } };
    for (size_t i = 0; i < COUNT_OF(items); i++)
        CHECK(collector_queue(store, i % 6 ? &alone : &kind, &items[i]));
    db_rollback(db);
    wait_for(items, COUNT_OF(items));
    static const ErrKind want[] = { 0, 0, ERR_INVALID, ERR_CONFLICT, ERR_LIMIT, 0, 0 };
    for (size_t i = 0; i < COUNT_OF(items); i++)
        CHECK(items[i].finished == 1 && items[i].failed == (int)want[i]);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM kept")), 5);
    CHECK_INT(test_sql_int(db, SQL("SELECT SUM(id) FROM kept")), 1000 + 1 + 2 + 6 + 8);
}

TEST_EACH_STORE(collector_run_hands_back_the_failure)
{
    make_table(store, a);
    Item poison = { .id = 1, .poison = true }, good = { .id = 2 };
    CHECK_ERR(collector_run(store, a, &kind, &poison), ERR_INVALID);
    CHECK_OK(collector_run(store, a, &kind, &good));
    CHECK(good.finished == 1 && !good.failed);
}

static Err apply_breach(Db *db, Arena *scratch UNUSED, void **items, size_t n)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO kept (id) VALUES ($1)"));
    for (size_t i = 0; i < n; i++) {
        bind_int(q, 1, ((Item *)items[i])->id);
        db_send(q, NULL);                          /* nobody looks: the commit must */
    }
    return OK;
}

TEST_EACH_STORE(collector_commit_reports_what_a_sent_statement_failed_with)
{
    make_table(store, a);
    static const CollectKind breach = { "breach", apply_breach, finish_item };
    Item                     one = { .id = 1 }, again = { .id = 1 };
    CHECK_OK(collector_run(store, a, &breach, &one));
    CHECK_ERR(collector_run(store, a, &breach, &again), ERR_CONFLICT);
    Item good = { .id = 2 };
    CHECK_OK(collector_run(store, a, &kind, &good));
    CHECK_INT(test_sql_int(test_take(store, a), SQL("SELECT COUNT(*) FROM kept")), 2);
}

static Err apply_hungry(Db *db UNUSED, Arena *scratch, void **items UNUSED, size_t n UNUSED)
{
    while (arena_new(scratch, char, 1 << 27)) {}
    return OK;
}

TEST(collector_batch_that_needs_too_much_memory_fails_alone)
{
    Store                   *store  = test_store(a);
    static const CollectKind hungry = { "hungry", apply_hungry, finish_item };
    Item                     item   = { .id = 1 }, good = { .id = 2 };
    make_table(store, a);
    CHECK_ERR(collector_run(store, a, &hungry, &item), ERR_LIMIT);
    CHECK_OK(collector_run(store, a, &kind, &good));
}

TEST_EACH_STORE(collector_stop_saves_what_waits_and_takes_no_more)
{
    make_table(store, a);
    Item *items = arena_new(a, Item, 3000);
    for (int i = 0; i < 3000; i++) {
        items[i].id = i + 1;
        CHECK(collector_queue(store, &kind, &items[i]));
    }
    collector_stop(store);
    for (int i = 0; i < 3000; i++)
        CHECK(items[i].finished == 1 && !items[i].failed);
    CHECK_INT(test_sql_int(test_take(store, a), SQL("SELECT COUNT(*) FROM kept")), 3000);
    Item late = { .id = 9999 };
    CHECK(!collector_queue(store, &kind, &late));
    CHECK_ERR(collector_run(store, a, &kind, &late), ERR_BUSY);
}

typedef struct Poster { Store *store; int64_t first; int refused; } Poster;

static void *post(void *at)
{
    Poster *p = at;
    Arena   a = arena_open(1 << 24);
    for (int i = 0; i < 50; i++) {
        Item item = { .id = p->first + i };
        if (collector_run(p->store, &a, &kind, &item) || item.duplicate)
            p->refused++;
    }
    arena_close(&a);
    return NULL;
}

TEST_EACH_STORE(collector_takes_from_many_threads_beside_another_writer)
{
    make_table(store, a);
    Poster    posters[8];
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        posters[i] = (Poster){ store, 1 + i * 100, 0 };
        CHECK(!pthread_create(&threads[i], NULL, post, &posters[i]));
    }
    Db *db = test_take(store, a);
    for (int i = 0; i < 20; i++) {                 /* the console gets its turn among them */
        CHECK_OK(db_begin_write(db));
        AUTO_STMT q = db_prepare(db, SQL("INSERT INTO kept (id) VALUES ($1)"));
        bind_int(q, 1, 100000 + i);
        CHECK_OK(db_run(q));
        CHECK_OK(db_commit(db));
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(posters[i].refused, 0);
    }
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM kept")), 420);
}

/* ---- The one writer ------------------------------------------------------------------------ */
typedef struct Line { Writer *writer; _Atomic int inside, most, place; int places[4]; } Line;
typedef struct InLine { Line *line; int number; } InLine;

static void *wait_in_line(void *at)
{
    InLine *me = at;
    Line   *l  = me->line;
    if (!writer_take(l->writer, 20000))
        return NULL;
    int inside = atomic_fetch_add(&l->inside, 1) + 1;
    if (inside > atomic_load(&l->most))
        atomic_store(&l->most, inside);
    l->places[me->number] = atomic_fetch_add(&l->place, 1);
    usleep(2000);
    atomic_fetch_sub(&l->inside, 1);
    writer_release(l->writer);
    return NULL;
}

static bool someone_waits_at_the_end(Writer *w, WriteWaiter **last)
{
    pthread_mutex_lock(&w->lock);
    bool longer = w->first && w->last != last;
    pthread_mutex_unlock(&w->lock);
    return longer;
}

TEST(writer_is_handed_on_in_order_and_to_one_at_a_time)
{
    Writer    w;
    Line      l = { .writer = &w };
    InLine    people[4];
    pthread_t threads[4];
    writer_init(&w);
    CHECK(writer_take(&w, 0));
    CHECK(!writer_take(&w, 0));                    /* gives up, and leaves the line as it was */
    for (int i = 0; i < 4; i++) {
        WriteWaiter **last = w.last;
        people[i]          = (InLine){ &l, i };
        CHECK(!pthread_create(&threads[i], NULL, wait_in_line, &people[i]));
        while (!someone_waits_at_the_end(&w, last))
            usleep(100);
    }
    writer_release(&w);
    CHECK(writer_take(&w, 20000));                 /* asked again at once: behind those who waited */
    CHECK_INT(l.place, 4);
    writer_release(&w);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(l.places[i], i);
    }
    CHECK_INT(l.most, 1);
}
