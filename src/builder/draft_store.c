/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drafts, their revisions and files in the database. */
#include "builder/parts.h"
#include "builder/bank.h"

Str form_draft_state_code(DraftState s)
{
    static const Str codes[DRAFT_STATE_COUNT] = { S_INIT("open"), S_INIT("published"), S_INIT("dropped") };
    return codes[s];
}

static void bind_id(Stmt *q, int at, int64_t id)
{
    if (id)
        bind_int(q, at, id);
    else
        bind_null(q, at);
}

/* ---- Drafts ----------------------------------------------------------------------------------------------------------- */

#define DRAFT_COLUMNS                                                                                                        \
    "SELECT id, owner_unit, title, form_id, base_version, state, published, revision, created_by, created_at, " \
    "changed_by, changed_at FROM form_drafts "

static void row_read(Arena *a, Stmt *q, FormDraft *out)
{
    Str state = col_str(q, 5);
    *out = (FormDraft){ .id = col_int(q, 0), .owner = { col_int(q, 1) }, .title = arena_str(a, col_str(q, 2)), .form_id = arena_str(a, col_str(q, 3)),
                        .base = { col_int(q, 4) }, .published = { col_int(q, 6) }, .revision = col_int(q, 7), .created_by = { col_int(q, 8) },
                        .created_at = col_time(q, 9), .changed_by = { col_int(q, 10) }, .changed_at = col_time(q, 11) };
    for (int i = 0; i < DRAFT_STATE_COUNT; i++)
        if (str_eq(state, form_draft_state_code((DraftState)i)))
            out->state = (DraftState)i;
}

Err form_draft_load(Db *db, Arena *a, int64_t id, FormDraft *out)
{
    AUTO_STMT q = db_prepare(db, SQL(DRAFT_COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        row_read(a, q, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such draft"));
}

Err form_draft_list(Db *db, Arena *a, FormDrafts *out)
{
    FormDrafts rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL(DRAFT_COLUMNS "WHERE state = 'open' ORDER BY changed_at DESC, id DESC"));
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* ---- Revisions ------------------------------------------------------------------------------------------------------------ */

static Err insert_revision(Db *db, int64_t id, Str content, const DraftRevision *r)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO form_draft_revisions (draft_id, revision, content, act, subject, undo_to, redo_to, made_by, made_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"));
    bind_int(q, 1, id);
    bind_int(q, 2, r->revision);
    bind_str(q, 3, content);
    bind_str(q, 4, r->act);
    bind_str(q, 5, r->subject);
    bind_int(q, 6, r->undo_to);
    bind_int(q, 7, r->redo_to);
    bind_int(q, 8, r->by.v);
    bind_time(q, 9, r->at);
    return db_run(q);
}

/* Large questionnaires keep fewer revisions, so that a draft stays within some tens of megabytes. */
static Err drop_old(Db *db, int64_t id, int64_t newest, size_t bytes)
{
    int64_t   keep = bytes < 400000 ? DRAFT_REVISIONS : (int64_t)(24000000 / bytes);
    AUTO_STMT q    = db_prepare(db, SQL("DELETE FROM form_draft_revisions WHERE draft_id = $1 AND revision <= $2"));
    bind_int(q, 1, id);
    bind_int(q, 2, newest - keep);
    return db_run(q);
}

Err form_draft_add(Db *db, Arena *a, FormDraft *d, const Grid *g)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO form_drafts (id, owner_unit, title, form_id, base_version, state, revision, created_by, created_at, "
                                     "changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, 'open', 1, $6, $7, $6, $7)"));
    d->id       = id_new();
    d->revision = 1;
    d->title    = grid_title(g, LANG_VI);
    d->form_id  = grid_setting(g, COL_FORM_ID, S(""));
    bind_int(q, 1, d->id);
    bind_int(q, 2, d->owner.v);
    bind_str(q, 3, d->title);
    bind_str(q, 4, d->form_id);
    bind_id(q, 5, d->base.v);
    bind_int(q, 6, d->created_by.v);
    bind_time(q, 7, d->created_at);
    TRY(db_run(q));
    DraftRevision r = { .revision = 1, .act = S("begin"), .subject = S(""), .by = d->created_by, .at = d->created_at };
    TRY(insert_revision(db, d->id, grid_json(a, g), &r));
    return bank_uses_save(db, d->id, g);
}

Err form_draft_new(Db *db, Arena *a, UnitId owner, Str language, PersonId by, Time now, int64_t *out)
{
    FormDraft d = { .owner = owner, .created_by = by, .created_at = now };
    TRY(form_draft_add(db, a, &d, grid_new(a, language)));
    *out = d.id;
    return OK;
}

#define REVISION_COLUMNS "revision, undo_to, redo_to, act, subject, made_by, made_at "

static DraftRevision revision_read(Arena *a, Stmt *q)
{
    return (DraftRevision){ col_int(q, 0), col_int(q, 1), col_int(q, 2), arena_str(a, col_str(q, 3)), arena_str(a, col_str(q, 4)), { col_int(q, 5) },
                            col_time(q, 6) };
}

/* The text goes to `at`, which may be a itself. */
static Err content_text(Db *db, Arena *a, Arena *at, int64_t id, int64_t revision, Str *out, DraftRevision *rev)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " REVISION_COLUMNS ", content FROM form_draft_revisions WHERE draft_id = $1 AND revision = $2"));
    bind_int(q, 1, id);
    bind_int(q, 2, revision);
    bool found = db_row(q);
    if (found) {
        *out = arena_str(at, col_str(q, 7));
        *rev = revision_read(a, q);
    }
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("this revision is no longer kept"));
}

Err form_draft_content(Db *db, Arena *a, const FormDraft *d, int64_t revision, Grid **out, DraftRevision *rev)
{
    AUTO(arena_close) Arena work = arena_open((size_t)64 << 20);
    DraftRevision own;
    Str           text;
    work.full = a->full;
    TRY(content_text(db, a, &work, d->id, revision, &text, rev ? rev : &own));
    return grid_parse(a, text, out);
}

Err form_draft_revisions(Db *db, Arena *a, int64_t id, int most, DraftRevisions *out)
{
    DraftRevisions rows = { 0 };
    AUTO_STMT      q = db_prepare(db, SQL("SELECT " REVISION_COLUMNS "FROM form_draft_revisions WHERE draft_id = $1 ORDER BY revision DESC LIMIT $2"));
    bind_int(q, 1, id);
    bind_int(q, 2, most);
    while (db_row(q))
        *list_add(a, &rows) = revision_read(a, q);
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* The draft's row goes first: who finds another revision there comes too late. */
static Err advance(Db *db, Arena *a, FormDraft *d, Str content, DraftRevision *r)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE form_drafts SET revision = revision + 1, title = $3, form_id = $4, changed_by = $5, changed_at = $6 "
                                     "WHERE id = $1 AND revision = $2 AND state = 'open'"));
    bind_int(q, 1, d->id);
    bind_int(q, 2, d->revision);
    bind_str(q, 3, d->title);
    bind_str(q, 4, d->form_id);
    bind_int(q, 5, r->by.v);
    bind_time(q, 6, r->at);
    TRY(db_run(q));
    if (!db_changes(q))
        return err_new(a, ERR_CONFLICT, S("the draft was changed meanwhile"));
    r->revision = ++d->revision;
    TRY(insert_revision(db, d->id, content, r));
    return drop_old(db, d->id, d->revision, content.len);
}

Err form_draft_save(Db *db, Arena *a, FormDraft *d, const Grid *g, const char *act, Str subject, PersonId by, Time now)
{
    DraftRevision r = { .act = str_from_c(act), .subject = str_take(subject, 200), .undo_to = d->revision, .by = by, .at = now };
    Str content     = grid_json(a, g);
    while (r.subject.len < subject.len && r.subject.len && (r.subject.at[r.subject.len] & 0xC0) == 0x80)
        r.subject.len--;                                 /* not in the middle of a letter */
    if (content.len > GRID_MAX_BYTES)
        return err_new(a, ERR_TOO_LARGE, S("the questionnaire is too large for the browser"));
    d->title   = grid_title(g, LANG_VI);
    d->form_id = grid_setting(g, COL_FORM_ID, S(""));
    TRY(advance(db, a, d, content, &r));
    return bank_uses_save(db, d->id, g);
}

Err form_draft_undo(Db *db, Arena *a, FormDraft *d, bool redo, PersonId by, Time now, bool *out_done)
{
    DraftRevision current, to;
    Str           text;
    Grid         *g;
    *out_done = false;
    TRY(content_text(db, a, a, d->id, d->revision, &text, &current));
    int64_t target = redo ? current.redo_to : current.undo_to;
    Err     e      = target ? content_text(db, a, a, d->id, target, &text, &to) : OK;
    if (!target || err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    TRY(grid_parse(a, text, &g));
    DraftRevision r = { .act = redo ? S("redo") : S("undo"), .subject = redo ? to.subject : current.subject, .by = by, .at = now,
                        .undo_to = to.undo_to, .redo_to = redo ? to.redo_to : d->revision };
    d->title   = grid_title(g, LANG_VI);
    d->form_id = grid_setting(g, COL_FORM_ID, S(""));
    *out_done  = true;
    TRY(advance(db, a, d, text, &r));
    return bank_uses_save(db, d->id, g);
}

Err form_draft_end(Db *db, FormDraft *d, DraftState to, FormId published, PersonId by, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE form_drafts SET state = $3, published = $4, changed_by = $5, changed_at = $6 "
                                     "WHERE id = $1 AND revision = $2 AND state = 'open'"));
    bind_int(q, 1, d->id);
    bind_int(q, 2, d->revision);
    bind_str(q, 3, form_draft_state_code(to));
    bind_id(q, 4, published.v);
    bind_int(q, 5, by.v);
    bind_time(q, 6, now);
    TRY(db_run(q));
    return db_changes(q) ? OK : err_new(db_arena(db), ERR_CONFLICT, S("the draft was changed meanwhile"));
}

/* ---- Files ------------------------------------------------------------------------------------------------------------------ */

Err form_draft_files(Db *db, Arena *a, int64_t id, DraftFiles *out)
{
    DraftFiles rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL("SELECT name, sha256, size FROM form_draft_files WHERE draft_id = $1 ORDER BY name"));
    bind_int(q, 1, id);
    while (db_row(q)) {
        DraftFile *f   = list_add(a, &rows);
        Str        sum = col_blob(q, 1);
        *f = (DraftFile){ .name = arena_str(a, col_str(q, 0)), .size = col_int(q, 2) };
        memcpy(f->sum.at, sum.at, sum.len < sizeof f->sum.at ? sum.len : sizeof f->sum.at);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err form_draft_file_save(Db *db, int64_t id, const DraftFile *f)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO form_draft_files (draft_id, name, sha256, size) VALUES ($1, $2, $3, $4) "
                                     "ON CONFLICT (draft_id, name) DO UPDATE SET sha256 = $3, size = $4"));
    bind_int(q, 1, id);
    bind_str(q, 2, f->name);
    bind_blob(q, 3, (Str){ (const char *)f->sum.at, sizeof f->sum.at });
    bind_int(q, 4, f->size);
    return db_run(q);
}

Err form_draft_file_remove(Db *db, int64_t id, Str name)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM form_draft_files WHERE draft_id = $1 AND name = $2"));
    bind_int(q, 1, id);
    bind_str(q, 2, name);
    return db_run(q);
}

Err form_draft_files_load(Db *db, Store *s, Arena *a, int64_t id, FormFileSet *out)
{
    DraftFiles rows;
    TRY(form_draft_files(db, a, id, &rows));
    FormFile *files = arena_new(a, FormFile, rows.len);
    for (size_t i = 0; i < rows.len; i++) {
        files[i].name = rows.at[i].name;
        TRY(files_load(s, a, rows.at[i].sum, &files[i].bytes));
    }
    *out = (FormFileSet){ files, rows.len };
    return OK;
}
