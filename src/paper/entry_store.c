/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Entries, kept rule breaks and differences in the database. */
#include "paper/parts.h"

Err entry_load(Db *db, Arena *a, int64_t form, int pass, PaperEntry *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT person_id, state, answers, typed, section, started_at, saved_at, done_at, revision FROM paper_entries WHERE form_id = $1 AND pass = $2"));
    bind_int(q, 1, form);
    bind_int(q, 2, pass);
    bool found = db_row(q);
    if (found)
        *out = (PaperEntry){ .form = form, .pass = pass, .person = { col_int(q, 0) }, .done = str_eq(col_str(q, 1), S("done")),
                             .answers = arena_str(a, col_str(q, 2)), .typed = arena_str(a, col_str(q, 3)), .section = col_int(q, 4),
                             .started_at = col_time(q, 5), .saved_at = col_time(q, 6), .done_at = col_time(q, 7), .revision = col_int(q, 8) };
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("entry"));
}

/* Only who has released it, or nobody yet, is replaced: two clerks at once make one of them a conflict. */
Err entry_begin(Db *db, PaperEntry *e)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO paper_entries (form_id, pass, person_id, state, answers, typed, section, started_at, saved_at) "
        "VALUES ($1, $2, $3, 'draft', '{}', '{}', 0, $4, $4) "
        "ON CONFLICT (form_id, pass) DO UPDATE SET person_id = $3, revision = paper_entries.revision + 1 "
        "WHERE paper_entries.person_id = 0 AND paper_entries.state = 'draft'"));
    bind_int(q, 1, e->form);
    bind_int(q, 2, e->pass);
    bind_int(q, 3, e->person.v);
    bind_time(q, 4, e->started_at);
    TRY(db_run(q));
    return db_changes(q) ? OK : err_new(db_arena(db), ERR_CONFLICT, S("somebody else has begun this entry"));
}

Err entry_save(Db *db, PaperEntry *e)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE paper_entries SET state = $1, answers = $2, typed = $3, section = $4, saved_at = $5, done_at = $6, revision = revision + 1 "
        "WHERE form_id = $7 AND pass = $8 AND revision = $9 AND state = 'draft'"));
    bind_str(q, 1, e->done ? S("done") : S("draft"));
    bind_str(q, 2, e->answers);
    bind_str(q, 3, e->typed);
    bind_int(q, 4, e->section);
    bind_time(q, 5, e->saved_at);
    bind_time(q, 6, e->done_at);
    bind_int(q, 7, e->form);
    bind_int(q, 8, e->pass);
    bind_int(q, 9, e->revision);
    TRY(db_run(q));
    if (!db_changes(q))
        return err_new(db_arena(db), ERR_CONFLICT, S("the entry was changed meanwhile"));
    e->revision++;
    return OK;
}

Err entry_release(Db *db, int64_t form, int pass)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE paper_entries SET person_id = 0, revision = revision + 1 WHERE form_id = $1 AND pass = $2 AND state = 'draft'"));
    bind_int(q, 1, form);
    bind_int(q, 2, pass);
    TRY(db_run(q));
    return db_changes(q) ? OK : err_new(db_arena(db), ERR_CONFLICT, S("no draft to release"));
}

/* ---- Kept rule breaks -------------------------------------------------------------------------------------------------- */

Err keeps_load(Db *db, Arena *a, int64_t form, int pass, PaperKeeps *out)
{
    PaperKeeps rows = { 0 };
    AUTO_STMT  q = db_prepare(db, SQL("SELECT question, fault, reason, person_id FROM paper_keeps WHERE form_id = $1 AND pass = $2 ORDER BY question"));
    bind_int(q, 1, form);
    bind_int(q, 2, pass);
    while (db_row(q))
        *list_add(a, &rows) = (PaperKeep){ arena_str(a, col_str(q, 0)), arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)), { col_int(q, 3) } };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err keeps_clear(Db *db, int64_t form, int pass)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM paper_keeps WHERE form_id = $1 AND pass = $2"));
    bind_int(q, 1, form);
    bind_int(q, 2, pass);
    return db_run(q);
}

Err keeps_save(Db *db, int64_t form, int pass, const PaperKeeps *keeps)
{
    TRY(keeps_clear(db, form, pass));
    for (size_t i = 0; i < keeps->len; i++) {
        AUTO_STMT q = db_prepare(db, SQL(
            "INSERT INTO paper_keeps (form_id, pass, question, fault, reason, person_id) VALUES ($1, $2, $3, $4, $5, $6)"));
        bind_int(q, 1, form);
        bind_int(q, 2, pass);
        bind_str(q, 3, keeps->at[i].question);
        bind_str(q, 4, keeps->at[i].fault);
        bind_str(q, 5, keeps->at[i].reason);
        bind_int(q, 6, keeps->at[i].person.v);
        TRY(db_run(q));
    }
    return OK;
}

const PaperKeep *keep_find(const PaperKeeps *keeps, Str question)
{
    for (size_t i = 0; i < keeps->len; i++)
        if (str_eq(keeps->at[i].question, question))
            return &keeps->at[i];
    return NULL;
}

/* ---- Differences ---------------------------------------------------------------------------------------------------------- */

Err differences_load(Db *db, Arena *a, int64_t form, PaperDifferences *out)
{
    PaperDifferences rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT question, first_value, second_value, final_value, wrong FROM paper_differences WHERE form_id = $1 ORDER BY question"));
    bind_int(q, 1, form);
    while (db_row(q))
        *list_add(a, &rows) = (PaperDifference){ arena_str(a, col_str(q, 0)), arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)),
                                                 arena_str(a, col_str(q, 3)), !col_null(q, 3), (int)col_int(q, 4) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err differences_save(Db *db, int64_t form, const PaperDifferences *d, PersonId by, Time at)
{
    for (size_t i = 0; i < d->len; i++) {
        const PaperDifference *x = &d->at[i];
        AUTO_STMT q = db_prepare(db, SQL(
            "INSERT INTO paper_differences (form_id, question, first_value, second_value, final_value, wrong, person_id, settled_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (form_id, question) DO UPDATE SET final_value = $5, wrong = $6, "
            "person_id = $7, settled_at = $8"));
        bind_int(q, 1, form);
        bind_str(q, 2, x->question);
        bind_str(q, 3, x->first);
        bind_str(q, 4, x->second);
        if (x->settled)
            bind_str(q, 5, x->final);
        else
            bind_null(q, 5);
        bind_int(q, 6, x->wrong);
        bind_int(q, 7, by.v);
        bind_time(q, 8, at);
        TRY(db_run(q));
    }
    return OK;
}

Err entry_breaks_rules(Db *db, int64_t form, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM paper_keeps WHERE form_id = $1"));
    bind_int(q, 1, form);
    *out = db_row(q) && col_int(q, 0) > 0;
    return db_done(q);
}
