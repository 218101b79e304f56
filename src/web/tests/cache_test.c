/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kept pages: the first reader gets the same bytes as those after. */
#include "base/test.h"
#include "store/test_store.h"
#include "web/parts.h"

static HttpTask page_task(Arena *a, Str path)
{
    HttpTask t = { .arena = a, .req = { .method = GET, .path = path }, .res = { .status = 200, .type = S("text/html"), .body = S("<p>page page page</p>") } };
    *list_add(a, &t.res.headers) = (HttpField){ S("x-content-type-options"), S("nosniff") };
    return t;
}

TEST_EACH_STORE(cached_page_is_one_body_for_the_first_reader_and_the_next)
{
    AppInfo  app   = { .store = store };
    /* The cache belongs to the process: each store gets a page of its own. */
    HttpTask first = page_task(a, store_is_postgres(store) ? S("/kept-postgres") : S("/kept")), next = { .arena = a, .req = first.req };
    Str      key   = cache_key(a, &first.req);
    CHECK(!cache_serve(&app, &next, key));
    cache_keep(&first, key, store_generation(store));
    CHECK(first.res.shared && first.res.shared->gzip.len);
    CHECK_INT(first.res.headers.len, 0);           /* they are in the shared head: sent once */
    CHECK(cache_serve(&app, &next, key) && next.res.shared == first.res.shared);
    CHECK_STR(next.res.shared->plain, S("<p>page page page</p>"));
    CHECK_STR(http_field(&next.res.shared->headers, S("x-content-type-options")), S("nosniff"));
    shared_body_drop(next.res.shared);
    shared_body_drop(first.res.shared);

    Db *db = test_take(store, a);                  /* a change of the console's makes the page anew */
    CHECK_OK(db_begin_write(db));
    CHECK_OK(db_commit(db));
    CHECK(!cache_serve(&app, &next, key));
}
