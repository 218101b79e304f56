/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Batches, their forms, duplicates and printed ranges in the database. */
#include "paper/parts.h"

static const Str states[PAPER_STATE_COUNT] = { S_INIT("registered"), S_INIT("first"), S_INIT("second"), S_INIT("settled"), S_INIT("accepted"),
                                               S_INIT("void") };

Str paper_state_code(PaperState s)
{
    return states[s];
}

bool paper_state_parse(Str code, PaperState *out)
{
    for (int s = 0; s < PAPER_STATE_COUNT; s++)
        if (str_eq(code, states[s])) {
            *out = (PaperState)s;
            return true;
        }
    return false;
}

/* ---- Batches ------------------------------------------------------------------------------------------------------ */

#define BATCH_SELECT                                                                                                        \
    "SELECT b.id, b.round_id, b.unit_id, b.label, b.handed_by, b.first_serial, b.last_serial, b.stated, b.received_by, "    \
    "b.received_at FROM paper_batches b "

static void batch_read(Stmt *q, Arena *a, PaperBatch *out)
{
    *out = (PaperBatch){ .id = col_int(q, 0), .round = { col_int(q, 1) }, .unit = { col_int(q, 2) }, .label = arena_str(a, col_str(q, 3)),
                         .handed_by = arena_str(a, col_str(q, 4)), .first = col_int(q, 5), .last = col_int(q, 6), .stated = col_int(q, 7),
                         .received_by = { col_int(q, 8) }, .received_at = col_time(q, 9) };
}

static Err batch_count(Db *db, PaperBatch *b)
{
    PaperState state;
    AUTO_STMT  q = db_prepare(db, SQL(
        "SELECT state, COUNT(*), SUM(CASE WHEN missing_pages = '' THEN 0 ELSE 1 END) FROM paper_forms WHERE batch_id = $1 GROUP BY state "
        "UNION ALL SELECT '', COUNT(*), 0 FROM paper_duplicates WHERE batch_id = $1"));
    bind_int(q, 1, b->id);
    while (db_row(q))
        if (paper_state_parse(col_str(q, 0), &state)) {
            b->n[state] = col_int(q, 1);
            b->forms += b->n[state];
            b->incomplete += col_int(q, 2);
        } else {
            b->duplicates = col_int(q, 1);
        }
    return db_done(q);
}

Err batch_list(Db *db, Arena *a, RightScope *scope, int64_t first, int64_t most, PaperBatches *out)
{
    PaperBatches rows   = { 0 };
    int64_t      passed = 0;
    AUTO_STMT    q      = db_prepare(db, SQL(BATCH_SELECT "ORDER BY b.received_at DESC, b.id DESC"));
    while ((int64_t)rows.len < most && db_row(q))
        if (scope_has(scope, (UnitId){ col_int(q, 2) }) && passed++ >= first)
            batch_read(q, a, list_add(a, &rows));
    TRY(db_done(q));
    for (size_t i = 0; i < rows.len; i++)
        TRY(batch_count(db, &rows.at[i]));
    *out = rows;
    return OK;
}

Err batch_load(Db *db, Arena *a, int64_t id, PaperBatch *out)
{
    PaperBatch b;
    AUTO_STMT  q = db_prepare(db, SQL(BATCH_SELECT "WHERE b.id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        batch_read(q, a, &b);
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("batch"));
    TRY(batch_count(db, &b));
    *out = b;
    return OK;
}

Err batch_save(Db *db, PaperBatch *b)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO paper_batches (id, round_id, unit_id, label, first_serial, last_serial, stated, handed_by, received_by, received_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    b->id = id_new();
    bind_int(q, 1, b->id);
    bind_int(q, 2, b->round.v);
    bind_int(q, 3, b->unit.v);
    bind_str(q, 4, b->label);
    bind_int(q, 5, b->first);
    bind_int(q, 6, b->last);
    bind_int(q, 7, b->stated);
    bind_str(q, 8, b->handed_by);
    bind_int(q, 9, b->received_by.v);
    bind_time(q, 10, b->received_at);
    return db_run(q);
}

/* ---- Forms ---------------------------------------------------------------------------------------------------------- */

#define FORM_SELECT                                                                                                          \
    "SELECT f.id, f.batch_id, f.round_id, f.serial, f.state, f.missing_pages, f.settled_by, f.settled_at, f.final_answers, " \
    "f.accepted_by, f.accepted_at, f.submission_id, f.void_reason, f.revision, e1.person_id, e1.state, e2.person_id, e2.state " \
    "FROM paper_forms f LEFT JOIN paper_entries e1 ON e1.form_id = f.id AND e1.pass = 1 "                                    \
    "LEFT JOIN paper_entries e2 ON e2.form_id = f.id AND e2.pass = 2 "

static void paper_read(Stmt *q, Arena *a, PaperForm *out)
{
    *out = (PaperForm){ .id = col_int(q, 0), .batch = col_int(q, 1), .round = { col_int(q, 2) }, .serial = col_int(q, 3),
                        .missing_pages = arena_str(a, col_str(q, 5)), .settled_by = { col_int(q, 6) }, .settled_at = col_time(q, 7),
                        .final_answers = arena_str(a, col_str(q, 8)), .accepted_by = { col_int(q, 9) }, .accepted_at = col_time(q, 10),
                        .submission = { col_int(q, 11) }, .void_reason = arena_str(a, col_str(q, 12)), .revision = col_int(q, 13),
                        .keyed_by = { { col_int(q, 14) }, { col_int(q, 16) } },
                        .keyed_done = { str_eq(col_str(q, 15), S("done")), str_eq(col_str(q, 17), S("done")) } };
    paper_state_parse(col_str(q, 4), &out->state);
}

static Err papers_read(Stmt *q, Arena *a, PaperForms *out)
{
    PaperForms rows = { 0 };
    while (db_row(q))
        paper_read(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err form_one(Stmt *q, Arena *a, PaperForm *out)
{
    PaperForms rows;
    TRY(papers_read(q, a, &rows));
    if (!rows.len)
        return err_new(a, ERR_NOT_FOUND, S("paper form"));
    *out = rows.at[0];
    return OK;
}

Err paper_form_load(Db *db, Arena *a, int64_t id, PaperForm *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_SELECT "WHERE f.id = $1"));
    bind_int(q, 1, id);
    return form_one(q, a, out);
}

Err paper_form_by_serial(Db *db, Arena *a, RoundId round, int64_t serial, PaperForm *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_SELECT "WHERE f.round_id = $1 AND f.serial = $2"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, serial);
    return form_one(q, a, out);
}

Err paper_forms_of(Db *db, Arena *a, int64_t batch, PaperForms *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_SELECT "WHERE f.batch_id = $1 ORDER BY f.serial"));
    bind_int(q, 1, batch);
    return papers_read(q, a, out);
}

Err paper_forms_settled(Db *db, Arena *a, int64_t batch, int most, PaperForms *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_SELECT "WHERE f.batch_id = $1 AND f.state = 'settled' ORDER BY f.serial LIMIT $2"));
    bind_int(q, 1, batch);
    bind_int(q, 2, most);
    return papers_read(q, a, out);
}

Err paper_forms_find(Db *db, Arena *a, int64_t serial, PaperForms *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_SELECT "WHERE f.serial = $1 ORDER BY f.id DESC LIMIT 50"));
    bind_int(q, 1, serial);
    return papers_read(q, a, out);
}

Err entry_drafts(Db *db, Arena *a, PersonId person, PaperForms *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_SELECT
        "WHERE (e1.person_id = $1 AND e1.state = 'draft') OR (e2.person_id = $1 AND e2.state = 'draft') ORDER BY f.serial LIMIT 200"));
    bind_int(q, 1, person.v);
    return papers_read(q, a, out);
}

Err paper_duplicates_of(Db *db, Arena *a, int64_t batch, PaperForms *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_SELECT "JOIN paper_duplicates d ON d.form_id = f.id WHERE d.batch_id = $1 ORDER BY f.serial"));
    bind_int(q, 1, batch);
    return papers_read(q, a, out);
}

static Err duplicate_add(Db *db, const PaperBatch *b, int64_t serial)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO paper_duplicates (batch_id, serial, form_id) SELECT $1, serial, id FROM paper_forms WHERE round_id = $2 AND serial = $3 "
        "ON CONFLICT DO NOTHING"));
    bind_int(q, 1, b->id);
    bind_int(q, 2, b->round.v);
    bind_int(q, 3, serial);
    return db_run(q);
}

Err paper_form_add(Db *db, const PaperBatch *b, int64_t serial, bool *out_new)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO paper_forms (id, round_id, batch_id, serial, state) VALUES ($1, $2, $3, $4, 'registered') ON CONFLICT DO NOTHING"));
    bind_int(q, 1, id_new());
    bind_int(q, 2, b->round.v);
    bind_int(q, 3, b->id);
    bind_int(q, 4, serial);
    TRY(db_run(q));
    *out_new = db_changes(q) > 0;
    return *out_new ? OK : duplicate_add(db, b, serial);
}

Err paper_form_save(Db *db, PaperForm *f)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE paper_forms SET state = $1, missing_pages = $2, settled_by = $3, settled_at = $4, final_answers = $5, accepted_by = $6, "
        "accepted_at = $7, submission_id = $8, void_reason = $9, revision = revision + 1 WHERE id = $10 AND revision = $11"));
    bind_str(q, 1, paper_state_code(f->state));
    bind_str(q, 2, f->missing_pages);
    bind_int(q, 3, f->settled_by.v);
    bind_time(q, 4, f->settled_at);
    bind_str(q, 5, f->final_answers);
    bind_int(q, 6, f->accepted_by.v);
    bind_time(q, 7, f->accepted_at);
    bind_int(q, 8, f->submission.v);
    bind_str(q, 9, f->void_reason);
    bind_int(q, 10, f->id);
    bind_int(q, 11, f->revision);
    TRY(db_run(q));
    if (!db_changes(q))
        return err_new(db_arena(db), ERR_CONFLICT, S("the form was changed meanwhile"));
    f->revision++;
    return OK;
}

/* ---- Printed ranges -------------------------------------------------------------------------------------------------- */

#define RUN_SELECT "SELECT id, round_id, unit_id, first_serial, last_serial, lang, made_by, made_at FROM paper_prints "

static Err runs_read(Stmt *q, Arena *a, PaperRuns *out)
{
    PaperRuns rows = { 0 };
    while (db_row(q)) {
        PaperRun *r = list_add(a, &rows);
        *r = (PaperRun){ .id = col_int(q, 0), .round = { col_int(q, 1) }, .unit = { col_int(q, 2) }, .first = col_int(q, 3), .last = col_int(q, 4),
                         .by = { col_int(q, 6) }, .at = col_time(q, 7) };
        lang_parse(col_str(q, 5), &r->lang);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err run_list(Db *db, Arena *a, RoundId round, PaperRuns *out)
{
    AUTO_STMT q = db_prepare(db, SQL(RUN_SELECT "WHERE round_id = $1 ORDER BY first_serial DESC"));
    bind_int(q, 1, round.v);
    return runs_read(q, a, out);
}

Err run_load(Db *db, Arena *a, int64_t id, PaperRun *out)
{
    PaperRuns rows;
    AUTO_STMT q = db_prepare(db, SQL(RUN_SELECT "WHERE id = $1"));
    bind_int(q, 1, id);
    TRY(runs_read(q, a, &rows));
    if (!rows.len)
        return err_new(a, ERR_NOT_FOUND, S("print"));
    *out = rows.at[0];
    return OK;
}

static Err serial_next(Db *db, RoundId round, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COALESCE(MAX(last_serial), 0) + 1 FROM paper_prints WHERE round_id = $1"));
    bind_int(q, 1, round.v);
    *out = db_row(q) ? col_int(q, 0) : 1;
    return db_done(q);
}

Err run_make(Db *db, Arena *a, int64_t count, PaperRun *r)
{
    TRY(serial_next(db, r->round, &r->first));
    r->last = r->first + count - 1;
    if (count < 1 || r->last > SERIAL_MOST)
        return err_new(a, ERR_INVALID, S("no serial numbers are left"));
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO paper_prints (id, round_id, unit_id, first_serial, last_serial, lang, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    r->id = id_new();
    bind_int(q, 1, r->id);
    bind_int(q, 2, r->round.v);
    bind_int(q, 3, r->unit.v);
    bind_int(q, 4, r->first);
    bind_int(q, 5, r->last);
    bind_str(q, 6, lang_code(r->lang));
    bind_int(q, 7, r->by.v);
    bind_time(q, 8, r->at);
    return db_run(q);
}
