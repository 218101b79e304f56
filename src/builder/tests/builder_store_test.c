/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drafts in the database: revisions, two people at once, undoing and doing again. */
#include "builder/parts.h"
#include "store/test_store.h"

#include <stdio.h>

static FormDraft draft_of(Arena *a, Db *db)
{
    FormDraft d  = { 0 };
    int64_t   id = 0;
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    Err e = form_draft_new(db, a, (UnitId){ 1 }, S("Tiếng Việt (vi)"), (PersonId){ 1 }, (Time){ 1000 }, &id);
    e     = e ? e : form_draft_load(db, a, id, &d);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return d;
}

static Str title_of(Arena *a, Db *db, FormDraft *d)
{
    Grid *g;
    return form_draft_content(db, a, d, d->revision, &g, NULL) == OK ? grid_title(g, LANG_VI) : S("?");
}

static Err retitle(Arena *a, Db *db, FormDraft *d, const char *title)
{
    Grid *g;
    TRY(form_draft_content(db, a, d, d->revision, &g, NULL));
    grid_set_setting(a, g, COL_FORM_TITLE, S("Tiếng Việt (vi)"), str_from_c(title));
    return form_draft_save(db, a, d, g, "settings", str_from_c(title), (PersonId){ 2 }, (Time){ 2000 });
}

TEST_EACH_STORE(builder_changes_of_a_draft_are_undone_and_done_again)
{
    Db  *db = test_take(store, a);
    bool done;
    CHECK_OK(db_begin_write(db));
    FormDraft d = draft_of(a, db);
    CHECK_OK(retitle(a, db, &d, "Một"));
    CHECK_OK(retitle(a, db, &d, "Hai"));
    CHECK_STR(title_of(a, db, &d), S("Hai"));
    CHECK_OK(form_draft_undo(db, a, &d, false, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK(done);
    CHECK_STR(title_of(a, db, &d), S("Một"));
    CHECK_OK(form_draft_undo(db, a, &d, false, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK(done);
    CHECK_STR(title_of(a, db, &d), S(""));
    CHECK_OK(form_draft_undo(db, a, &d, false, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK(!done);
    CHECK_OK(form_draft_undo(db, a, &d, true, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK_STR(title_of(a, db, &d), S("Một"));
    CHECK_OK(form_draft_undo(db, a, &d, true, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK_STR(title_of(a, db, &d), S("Hai"));
    CHECK_OK(form_draft_undo(db, a, &d, true, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK(!done);
    CHECK_OK(form_draft_undo(db, a, &d, false, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK_OK(retitle(a, db, &d, "Ba"));
    CHECK_OK(form_draft_undo(db, a, &d, true, (PersonId){ 1 }, (Time){ 1 }, &done));
    CHECK(!done);
    FormDraft again;
    CHECK_OK(form_draft_load(db, a, d.id, &again));
    CHECK_INT(again.revision, d.revision);
    CHECK_STR(again.title, S("Ba"));
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(builder_the_second_of_two_at_once_is_told_and_old_revisions_go)
{
    Db *db = test_take(store, a);
    CHECK_OK(db_begin_write(db));
    FormDraft d = draft_of(a, db), late = d;
    Grid     *g;
    CHECK_OK(retitle(a, db, &d, "Một"));
    CHECK_ERR(retitle(a, db, &late, "Hai"), ERR_CONFLICT);
    CHECK_STR(title_of(a, db, &d), S("Một"));
    for (int i = 0; i < DRAFT_REVISIONS + 5; i++)
        CHECK_OK(retitle(a, db, &d, i % 2 ? "Hai" : "Ba"));
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM form_draft_revisions")), DRAFT_REVISIONS);
    CHECK_ERR(form_draft_content(db, a, &d, 1, &g, NULL), ERR_NOT_FOUND);
    CHECK_OK(form_draft_end(db, &d, DRAFT_DROPPED, (FormId){ 0 }, (PersonId){ 1 }, (Time){ 3 }));
    CHECK_ERR(retitle(a, db, &d, "Sau"), ERR_CONFLICT);
    db_rollback(db);
}

TEST(builder_texts_of_tables_are_in_the_catalogues)
{
    static const char *const acts[] = { "begin", "add", "edit", "logic", "rules", "cells", "move", "copy", "remove", "list", "settings", "undo", "redo" };
    for (int l = 0; l < LANG_COUNT; l++)
        for (size_t i = 0; i < COUNT_OF(acts); i++)
            CHECK(text_find((Lang)l, arena_fmt(a, "builder.act.%s", acts[i])).len > 0);
}
