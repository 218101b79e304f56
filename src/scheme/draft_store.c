/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drafts in the database. A change names the revision it was made over. */
#include "scheme/draft.h"

#define DRAFT_COLUMNS "SELECT id, scheme_id, base_version, unit_id, revision, made_by, made_at, changed_by, changed_at, before, definition FROM scheme_drafts "

/* What is kept was written by scheme_write: one that cannot be read is a fault of ours. */
static Err definition_read(Arena *a, Str text, Scheme *out)
{
    const Json  *json;
    SchemeFaults faults = { 0 };
    TRY(json_parse(a, text, &json));
    if (!scheme_parse(a, json, out, &faults))
        return err_new(a, ERR_INTERNAL, scheme_fault_text(a, LANG_EN, &faults.at[0]));
    scheme_draft_order(a, out);
    return OK;
}

typedef struct DraftRead { SchemeDraft draft; Str text; } DraftRead;

static DraftRead draft_row(Arena *a, Stmt *q)
{
    return (DraftRead){ { .id = { col_int(q, 0) }, .scheme = { col_int(q, 1) }, .base_version = col_int(q, 2), .unit = { col_int(q, 3) },
                          .revision = col_int(q, 4), .made_by = { col_int(q, 5) }, .made_at = col_time(q, 6), .changed_by = { col_int(q, 7) },
                          .changed_at = col_time(q, 8), .undo = col_str(q, 9).len > 0 }, arena_str(a, col_str(q, 10)) };
}

Err scheme_drafts(Db *db, Arena *a, SchemeDrafts *out)
{
    SchemeDrafts rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, scheme_id, unit_id, title, changed_by, changed_at FROM scheme_drafts "
                                     "ORDER BY changed_at DESC, id DESC LIMIT 1000"));
    while (db_row(q))
        *list_add(a, &rows) = (SchemeDraft){ .id = { col_int(q, 0) }, .scheme = { col_int(q, 1) }, .unit = { col_int(q, 2) },
                                             .s = { .title = arena_str(a, col_str(q, 3)) }, .changed_by = { col_int(q, 4) }, .changed_at = col_time(q, 5) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err scheme_draft_load(Db *db, Arena *a, DraftId id, SchemeDraft *out)
{
    DraftRead read = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(DRAFT_COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found)
        read = draft_row(a, q);
    TRY(db_done(q));
    *out = read.draft;
    return found ? definition_read(a, read.text, &out->s) : err_new(a, ERR_NOT_FOUND, S("no such draft"));
}

Err scheme_draft_of(Db *db, Arena *a, SchemeId scheme, DraftId *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM scheme_drafts WHERE scheme_id = $1"));
    bind_int(q, 1, scheme.v);
    out->v = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

static Str definition_text(Arena *a, const SchemeDraft *draft)
{
    Buf b = buf_new(a, 65536);
    scheme_write(&b, &draft->s);
    return buf_str(&b);
}

static Str draft_name(const SchemeDraft *draft)
{
    return draft->s.title.len ? draft->s.title : draft->s.code;
}

Err scheme_draft_add(Db *db, Arena *a, SchemeDraft *draft)
{
    draft->id.v     = draft->id.v ? draft->id.v : id_new();
    draft->revision = 1;
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO scheme_drafts (id, scheme_id, base_version, unit_id, definition, before, revision, made_by, made_at, "
                                     "changed_by, changed_at, title) VALUES ($1, $2, $3, $4, $5, '', 1, $6, $7, $6, $7, $8)"));
    bind_int(q, 1, draft->id.v);
    if (draft->scheme.v)
        bind_int(q, 2, draft->scheme.v);
    else
        bind_null(q, 2);
    bind_int(q, 3, draft->base_version);
    bind_int(q, 4, draft->unit.v);
    bind_str(q, 5, definition_text(a, draft));
    bind_int(q, 6, draft->made_by.v);
    bind_time(q, 7, draft->made_at);
    bind_str(q, 8, draft_name(draft));
    return db_run(q);
}

/* One row changed, or somebody was faster. */
static Err one_changed(Arena *a, Err e, Stmt *q)
{
    TRY(e);
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("the draft has changed meanwhile"));
}

Err scheme_draft_save(Db *db, Arena *a, SchemeDraft *draft)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE scheme_drafts SET before = definition, definition = $3, revision = revision + 1, changed_by = $4, "
                                     "changed_at = $5, title = $6 WHERE id = $1 AND revision = $2"));
    bind_int(q, 1, draft->id.v);
    bind_int(q, 2, draft->revision);
    bind_str(q, 3, definition_text(a, draft));
    bind_int(q, 4, draft->changed_by.v);
    bind_time(q, 5, draft->changed_at);
    bind_str(q, 6, draft_name(draft));
    return one_changed(a, db_run(q), q);
}

/* Undone once more, it comes back: what stands becomes what was before. */
Err scheme_draft_undo(Db *db, Arena *a, SchemeDraft *draft)
{
    Str before = S("");
    AUTO_STMT q = db_prepare(db, SQL("SELECT before FROM scheme_drafts WHERE id = $1 AND revision = $2 AND before <> ''"));
    bind_int(q, 1, draft->id.v);
    bind_int(q, 2, draft->revision);
    if (db_row(q))
        before = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    if (!before.len)
        return err_new(a, ERR_CONFLICT, S("nothing to undo, or the draft has changed meanwhile"));
    TRY(definition_read(a, before, &draft->s));
    return scheme_draft_save(db, a, draft);
}

Err scheme_draft_drop(Db *db, Arena *a, const SchemeDraft *draft)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM scheme_drafts WHERE id = $1 AND revision = $2"));
    bind_int(q, 1, draft->id.v);
    bind_int(q, 2, draft->revision);
    return one_changed(a, db_run(q), q);
}
