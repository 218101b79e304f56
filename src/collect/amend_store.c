/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of cleaned records: what counts of each, and every version of it. */
#include "collect/parts.h"

void state_read(Stmt *q, Arena *a, int at, RecordState *out)
{
    *out = (RecordState){ .id = { col_int(q, at) }, .answers = arena_str(a, col_str(q, at + 1)), .unit = { col_int(q, at + 2) },
                          .excluded = col_int(q, at + 3) != 0, .revision = col_int(q, at + 4) };
}

Err state_load(Db *db, Arena *a, SubmissionId id, UnitId unit, RecordState *out)
{
    *out = (RecordState){ .id = id, .unit = unit };
    AUTO_STMT q = db_prepare(db, SQL("SELECT " STATE_COLUMNS " FROM record_states WHERE submission_id = $1"));
    bind_int(q, 1, id.v);
    if (db_row(q))
        state_read(q, a, 0, out);
    return db_done(q);
}

Err state_save(Db *db, const RecordState *s)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO record_states (submission_id, answers, unit_id, excluded, revision) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (submission_id) DO UPDATE SET answers = excluded.answers, unit_id = excluded.unit_id, excluded = excluded.excluded, "
        "revision = excluded.revision"));
    bind_int(q, 1, s->id.v);
    bind_str(q, 2, s->answers);
    bind_int(q, 3, s->unit.v);
    bind_int(q, 4, s->excluded);
    bind_int(q, 5, s->revision);
    return db_run(q);
}

Err states_list(Db *db, Arena *a, RoundId round, RecordStates *out)
{
    RecordStates rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT " STATE_COLUMNS " FROM record_states WHERE submission_id BETWEEN $1 AND $2 ORDER BY submission_id"));
    TRY(round_id_range(q, db, round, 1));
    while (db_row(q))
        state_read(q, a, 0, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err record_version_list(Db *db, Arena *a, SubmissionId id, RecordVersions *out)
{
    RecordVersions rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT number, question, value, before, reason, rule, batch, person_id, person_name, made_at FROM record_versions "
        "WHERE submission_id = $1 ORDER BY number"));
    bind_int(q, 1, id.v);
    while (db_row(q)) {
        RecordVersion *v = list_add(a, &rows);
        *v = (RecordVersion){ .id = id, .number = col_int(q, 0),
            .act = { .question = arena_str(a, col_str(q, 1)), .value = arena_str(a, col_str(q, 2)), .reason = arena_str(a, col_str(q, 4)),
                     .rule = arena_str(a, col_str(q, 5)), .batch = col_int(q, 6), .person = { col_int(q, 7) },
                     .person_name = arena_str(a, col_str(q, 8)), .at = col_time(q, 9) },
            .before = arena_str(a, col_str(q, 3)) };
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err version_insert(Db *db, SubmissionId id, int64_t number, const RecordAct *act, Str before)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO record_versions (submission_id, number, question, value, before, reason, rule, batch, person_id, person_name, made_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, number);
    bind_str(q, 3, act->question);
    bind_str(q, 4, act->value);
    bind_str(q, 5, before);
    bind_str(q, 6, act->reason);
    bind_str(q, 7, act->rule);
    bind_int(q, 8, act->batch);
    bind_int(q, 9, act->person.v);
    bind_str(q, 10, act->person_name);
    bind_time(q, 11, act->at);
    return db_run(q);
}

Err versions_forget(Db *db, SubmissionId id)
{
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM record_states WHERE submission_id = $1"));
    bind_int(d, 1, id.v);
    TRY(db_run(d));
    AUTO_STMT u = db_prepare(db, SQL("UPDATE record_versions SET value = '', before = '' WHERE submission_id = $1"));
    bind_int(u, 1, id.v);
    return db_run(u);
}

Err record_totals(Db *db, RoundId round, RecordTotals *out)
{
    *out = (RecordTotals){ 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT COALESCE(SUM(excluded), 0), COALESCE(SUM(CASE WHEN answers <> '' THEN 1 ELSE 0 END), 0), COALESCE(SUM(revision), 0) "
        "FROM record_states WHERE submission_id BETWEEN $1 AND $2"));
    TRY(round_id_range(q, db, round, 1));
    if (db_row(q))
        *out = (RecordTotals){ .excluded = col_int(q, 0), .corrected = col_int(q, 1), .versions = col_int(q, 2) };
    return db_done(q);
}

Err record_excluded(Db *db, RoundId round, Err (*each)(void *self, SubmissionId id, Str reason, Str by), void *self)
{
    AUTO_STMT q = db_prepare_large(db, SQL(
        "SELECT s.submission_id, v.reason, v.person_name FROM record_states s JOIN record_versions v ON v.submission_id = s.submission_id "
        "WHERE s.submission_id BETWEEN $1 AND $2 AND s.excluded = 1 AND v.number = (SELECT MAX(number) FROM record_versions w "
        "WHERE w.submission_id = s.submission_id AND w.question = '') ORDER BY s.submission_id"));
    TRY(round_id_range(q, db, round, 1));
    while (db_row(q))
        TRY(each(self, (SubmissionId){ col_int(q, 0) }, col_str(q, 1), col_str(q, 2)));
    return db_done(q);
}
