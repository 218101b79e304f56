/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading what came from phones, for pages, check and commands; what was put aside; what people decide. */
#include "openrosa/parts.h"

#include <math.h>

#define FIELD_COLUMNS                                                                                                              \
    "SELECT f.submission_id, f.round_id, f.form_id, f.instance_id, f.version_id, f.device_id, d.name, f.phone, f.code, f.received_at, " \
    "f.state, f.hold, s.left_out, f.deprecated_id, f.first_id, f.revision, f.posts, f.checked, f.settled_at, f.settled, f.settled_by, " \
    "f.settle_reason, s.withdrawn, s.unit_id, (SELECT COUNT(*) FROM submission_flags x WHERE x.submission_id = f.submission_id) " \
    "FROM field_records f JOIN submissions s ON s.id = f.submission_id JOIN devices d ON d.id = f.device_id "

static void row_read(Arena *a, Stmt *q, FieldRow *out)
{
    *out = (FieldRow){
        .id = { col_int(q, 0) }, .round = { col_int(q, 1) }, .form_id = arena_str(a, col_str(q, 2)), .instance_id = arena_str(a, col_str(q, 3)),
        .version = { col_int(q, 4) }, .device = { col_int(q, 5) }, .device_name = arena_str(a, col_str(q, 6)), .phone = arena_str(a, col_str(q, 7)),
        .code = arena_str(a, col_str(q, 8)), .received_at = col_time(q, 9), .whole = str_eq(col_str(q, 10), S("whole")),
        .hold = arena_str(a, col_str(q, 11)), .left_out = arena_str(a, col_str(q, 12)), .deprecated_id = arena_str(a, col_str(q, 13)),
        .first = col_int(q, 14), .revision = col_int(q, 15), .posts = col_int(q, 16), .checked = col_int(q, 17), .settled_at = col_time(q, 18),
        .settled = arena_str(a, col_str(q, 19)), .settled_by = arena_str(a, col_str(q, 20)), .settle_reason = arena_str(a, col_str(q, 21)),
        .withdrawn = col_int(q, 22) != 0, .unit = { col_int(q, 23) }, .flags = col_int(q, 24),
    };
}

static Err rows_read(Arena *a, Stmt *q, FieldRows *out)
{
    FieldRows rows = { 0 };
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* $2: the filter's number, $3: a code or nothing. */
Err field_list(Db *db, Arena *a, RoundId round, FieldFilter f, Str code, int64_t offset, int limit, FieldRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FIELD_COLUMNS
        "WHERE f.round_id = $1 AND ($3 = '' OR f.code = $3) AND (CAST($2 AS bigint) = 0 "
        "OR (CAST($2 AS bigint) = 1 AND EXISTS (SELECT 1 FROM submission_flags x WHERE x.submission_id = f.submission_id)) "
        "OR (CAST($2 AS bigint) = 2 AND f.hold = 'late') OR (CAST($2 AS bigint) = 3 AND f.state = 'waiting_files')) "
        "ORDER BY f.received_at DESC, f.submission_id LIMIT $4 OFFSET $5"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, f);
    bind_str(q, 3, code);
    bind_int(q, 4, limit);
    bind_int(q, 5, offset);
    return rows_read(a, q, out);
}

Err field_totals(Db *db, RoundId round, Time now, FieldTotals *out)
{
    FieldTotals t = { 0 };
    AUTO_STMT   q = db_prepare(db, SQL(
        "SELECT COUNT(*), SUM(CASE WHEN EXISTS (SELECT 1 FROM submission_flags x WHERE x.submission_id = f.submission_id) THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN f.hold = 'late' THEN 1 ELSE 0 END), SUM(CASE WHEN f.state = 'waiting_files' THEN 1 ELSE 0 END), "
        "(SELECT COUNT(*) FROM submission_quarantine z WHERE z.settled_at IS NULL AND (z.round_id = $1 OR (z.round_id = 0 AND EXISTS "
        "(SELECT 1 FROM device_rounds r WHERE r.device_id = z.device_id AND r.round_id = $1)))), "
        "SUM(CASE WHEN f.state = 'waiting_files' AND f.received_at < $2 THEN 1 ELSE 0 END) FROM field_records f WHERE f.round_id = $1"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, now.ms - FILES_WAIT_DAYS * MS_DAY);
    if (db_row(q))
        t = (FieldTotals){ col_int(q, 0), col_int(q, 1), col_int(q, 2), col_int(q, 3), col_int(q, 4), col_int(q, 5) };
    TRY(db_done(q));
    *out = t;
    return OK;
}

Err field_load(Db *db, Arena *a, SubmissionId id, FieldRow *out)
{
    FieldRows rows;
    AUTO_STMT q = db_prepare(db, SQL(FIELD_COLUMNS "WHERE f.submission_id = $1"));
    bind_int(q, 1, id.v);
    TRY(rows_read(a, q, &rows));
    if (!rows.len)
        return err_new(a, ERR_NOT_FOUND, S("submission"));
    *out = rows.at[0];
    return OK;
}

Err field_revisions(Db *db, Arena *a, int64_t first, FieldRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FIELD_COLUMNS "WHERE " OF_CHAIN "ORDER BY f.revision"));
    bind_int(q, 1, first);
    return rows_read(a, q, out);
}

Err field_times(Db *db, SubmissionId id, FieldTimes *out, bool *out_any)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT interview_ms, pause_ms, pauses, revisits, night FROM field_times WHERE submission_id = $1"));
    bind_int(q, 1, id.v);
    *out_any = db_row(q);
    if (*out_any)
        *out = (FieldTimes){ .interview_ms = col_int(q, 0), .pause_ms = col_int(q, 1), .pauses = col_int(q, 2), .revisits = col_int(q, 3),
                             .night = col_int(q, 4) };
    return db_done(q);
}

Err field_body(Db *db, Arena *a, SubmissionId id, Str *out_xml, Str *out_answers)
{
    Str       xml = { 0 }, answers = { 0 };
    AUTO_STMT q   = db_prepare(db, SQL("SELECT body, answers FROM submissions WHERE id = $1"));
    bind_int(q, 1, id.v);
    while (db_row(q)) {
        xml     = arena_str(a, col_blob(q, 0));
        answers = arena_str(a, col_str(q, 1));
    }
    TRY(db_done(q));
    *out_xml     = xml;
    *out_answers = answers;
    return OK;
}

Err field_files(Db *db, Arena *a, SubmissionId id, StoredFiles *out)
{
    StoredFiles rows = { 0 };
    AUTO_STMT   q    = db_prepare(db, SQL("SELECT name, sent_name, type, sha256, size, beside, received_at FROM submission_files "
                                          "WHERE submission_id = $1 ORDER BY name, beside, sha256"));
    bind_int(q, 1, id.v);
    while (db_row(q)) {
        StoredFile *f   = list_add(a, &rows);
        *f = (StoredFile){ .name = arena_str(a, col_str(q, 0)), .sent_name = arena_str(a, col_str(q, 1)), .type = arena_str(a, col_str(q, 2)),
                           .size = col_int(q, 4), .beside = col_int(q, 5) != 0, .received_at = col_time(q, 6) };
        Str sum = col_blob(q, 3);
        memcpy(f->sum.at, sum.at, sum.len < sizeof f->sum.at ? sum.len : sizeof f->sum.at);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* The first revision of its name. */
static Err held_id(Db *db, Arena *a, const CollectKeys *k, Str form_id, Str instance_id, SubmissionId *out)
{
    FieldPlacesList all = { 0 };
    FieldPlaces    *places;
    KnownRecords    known = { 0 };
    FieldName       name  = { .form_id = form_id, .instance_id = instance_id };
    size_t          first = 0;
    TRY(field_places(db, a, &all, form_id, NULL, &places));
    TRY(field_replaced(db, form_id, instance_id, &name.replaced));
    TRY(field_known(db, a, k, places, &name, &known));
    for (size_t i = 1; i < known.len; i++)
        if (known.at[i].revision < known.at[first].revision)
            first = i;
    if (!known.len)
        return err_new(a, ERR_NOT_FOUND, S("record"));
    *out = known.at[first].id;
    return OK;
}

Err field_held(Db *db, Arena *a, const CollectKeys *k, Str form_id, Str instance_id, FieldHeld *out)
{
    FieldHeld held = { 0 };
    TRY(held_id(db, a, k, form_id, instance_id, &held.id));
    AUTO_STMT q = db_prepare(db, SQL("SELECT f.round_id, f.device_id, f.state, f.code, f.received_at, v.version, s.body FROM field_records f "
                                     "JOIN submissions s ON s.id = f.submission_id JOIN form_versions v ON v.id = f.version_id "
                                     "WHERE f.submission_id = $1"));
    bind_int(q, 1, held.id.v);
    while (db_row(q)) {
        held = (FieldHeld){ .id = held.id, .round = { col_int(q, 0) }, .device = { col_int(q, 1) }, .whole = str_eq(col_str(q, 2), S("whole")),
                            .code = arena_str(a, col_str(q, 3)), .received_at = col_time(q, 4), .version = arena_str(a, col_str(q, 5)) };
        held.xml = sha256(col_blob(q, 6));
    }
    TRY(db_done(q));
    TRY(field_files(db, a, held.id, &held.files));
    *out = held;
    return OK;
}

Err field_flags(Db *db, Arena *a, SubmissionId id, FlagRows *out)
{
    FlagRows  rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL("SELECT flag, node, place, expected, found, by_check FROM submission_flags WHERE submission_id = $1 "
                                        "ORDER BY by_check, flag, node, place"));
    bind_int(q, 1, id.v);
    while (db_row(q))
        *list_add(a, &rows) = (FlagRow){ arena_str(a, col_str(q, 0)), arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)),
                                         arena_str(a, col_str(q, 3)), arena_str(a, col_str(q, 4)), col_int(q, 5) != 0 };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err field_settle(Db *db, SubmissionId id, bool counts, Str by, Str reason, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE field_records SET settled_at = $2, settled_by = $3, settled = $4, settle_reason = $5, hold = $6 "
                                     "WHERE submission_id = $1"));
    bind_int(q, 1, id.v);
    bind_time(q, 2, now);
    bind_str(q, 3, by);
    bind_str(q, 4, counts ? S("count") : S("leave_out"));
    bind_str(q, 5, reason);
    bind_str(q, 6, counts ? S("") : S("excluded"));
    return db_run(q);
}

/* ---- What was put aside ------------------------------------------------------------------------------------------- */
/* The same bytes for the same reason from the same phone stand once. */
Err quarantine_add(Db *db, const Quarantined *x)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO submission_quarantine (id, device_id, round_id, submission_id, reason, form_id, version, instance_id, name, sha256, size, body, "
        "received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "ON CONFLICT (device_id, reason, sha256, name) DO UPDATE SET times = submission_quarantine.times + 1"));
    bind_int(q, 1, id_new());
    bind_int(q, 2, x->device.v);
    bind_int(q, 3, x->round.v);
    bind_int(q, 4, x->submission.v);
    bind_str(q, 5, x->reason);
    bind_str(q, 6, x->form_id);
    bind_str(q, 7, x->version);
    bind_str(q, 8, x->instance_id);
    bind_str(q, 9, x->name);
    bind_blob(q, 10, (Str){ (const char *)x->sum.at, sizeof x->sum.at });
    bind_int(q, 11, x->size);
    if (x->name.len)
        bind_null(q, 12);
    else
        bind_blob(q, 12, x->body);
    bind_time(q, 13, x->received_at);
    return db_run(q);
}

#define QUARANTINE_COLUMNS                                                                                                          \
    "SELECT z.id, z.device_id, z.round_id, z.submission_id, z.reason, z.form_id, z.version, z.instance_id, z.name, z.sha256, z.size, " \
    "z.times, z.received_at, z.settled_at, z.settled_by, z.settle_reason, d.name, z.body FROM submission_quarantine z " \
    "JOIN devices d ON d.id = z.device_id "

static void quarantine_read(Arena *a, Stmt *q, bool with_body, Quarantined *out)
{
    *out = (Quarantined){
        .id = col_int(q, 0), .device = { col_int(q, 1) }, .round = { col_int(q, 2) }, .submission = { col_int(q, 3) }, .reason = arena_str(a, col_str(q, 4)),
        .form_id = arena_str(a, col_str(q, 5)), .version = arena_str(a, col_str(q, 6)), .instance_id = arena_str(a, col_str(q, 7)),
        .name = arena_str(a, col_str(q, 8)), .size = col_int(q, 10), .times = col_int(q, 11), .received_at = col_time(q, 12),
        .settled_at = col_time(q, 13), .settled_by = arena_str(a, col_str(q, 14)), .settle_reason = arena_str(a, col_str(q, 15)),
        .device_name = arena_str(a, col_str(q, 16)),
    };
    Str sum = col_blob(q, 9);
    memcpy(out->sum.at, sum.at, sum.len < sizeof out->sum.at ? sum.len : sizeof out->sum.at);
    if (with_body)
        out->body = arena_str(a, col_blob(q, 17));
}

/* Of the round, and of its phones where no round was found; unsettled ones first. */
Err quarantine_list(Db *db, Arena *a, RoundId round, QuarantineRows *out)
{
    QuarantineRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(QUARANTINE_COLUMNS
        "WHERE z.round_id = $1 OR (z.round_id = 0 AND EXISTS (SELECT 1 FROM device_rounds r WHERE r.device_id = z.device_id AND r.round_id = $1)) "
        "ORDER BY CASE WHEN z.settled_at IS NULL THEN 0 ELSE 1 END, z.received_at DESC, z.id LIMIT 200"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        quarantine_read(a, q, false, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err quarantine_load(Db *db, Arena *a, int64_t id, Quarantined *out)
{
    Quarantined row;
    AUTO_STMT   q = db_prepare(db, SQL(QUARANTINE_COLUMNS "WHERE z.id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        quarantine_read(a, q, true, &row);
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("quarantine"));
    *out = row;
    return OK;
}

Err quarantine_settle(Db *db, Arena *a, int64_t id, Str by, Str reason, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE submission_quarantine SET settled_at = $2, settled_by = $3, settle_reason = $4 "
                                     "WHERE id = $1 AND settled_at IS NULL"));
    bind_int(q, 1, id);
    bind_time(q, 2, now);
    bind_str(q, 3, by);
    bind_str(q, 4, reason);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("settled already"));
}

Err source_load(Db *db, Arena *a, SubmissionId id, FieldSource *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT f.version_id, r.code, f.hold, s.body, f.received_at, f.posts, f.checked, s.withdrawn, "
        "(SELECT COUNT(*) FROM submission_flags x WHERE x.submission_id = f.submission_id) FROM field_records f "
        "JOIN submissions s ON s.id = f.submission_id JOIN rounds r ON r.id = f.round_id WHERE f.submission_id = $1"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found)
        *out = (FieldSource){ .version = { col_int(q, 0) }, .round_code = arena_str(a, col_str(q, 1)), .hold = arena_str(a, col_str(q, 2)),
                         .xml = arena_str(a, col_blob(q, 3)), .received_at = col_time(q, 4), .posts = col_int(q, 5), .checked = col_int(q, 6),
                         .withdrawn = col_int(q, 7) != 0, .flags = col_int(q, 8) };
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("submission"));
}

Err field_waiting_ids(Db *db, Arena *a, FieldIds *out)
{
    FieldIds  ids = { 0 };
    AUTO_STMT q   = db_prepare(db, SQL("SELECT submission_id FROM field_records WHERE checked < posts LIMIT 256"));
    while (db_row(q))
        *list_add(a, &ids) = (SubmissionId){ col_int(q, 0) };
    TRY(db_done(q));
    *out = ids;
    return OK;
}

Err field_ids_after(Db *db, Arena *a, RoundId round, int64_t after, FieldIds *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT submission_id FROM field_records WHERE round_id = $1 AND submission_id > $2 ORDER BY submission_id LIMIT 200"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, after);
    while (db_row(q))
        *list_add(a, out) = (SubmissionId){ col_int(q, 0) };
    return db_done(q);
}

Err field_facts(Db *db, RoundId round, void (*each)(void *self, const FieldFact *f), void *self)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT r.submission_id, d.name, t.interview_ms, t.pause_ms, t.started_at, t.ended_at FROM field_records r "
        "JOIN devices d ON d.id = r.device_id LEFT JOIN field_times t ON t.submission_id = r.submission_id WHERE r.round_id = $1"));
    bind_int(q, 1, round.v);
    while (db_row(q)) {
        FieldFact f = { .id = { col_int(q, 0) }, .device = col_str(q, 1), .seconds = col_null(q, 2) ? NAN : (double)col_int(q, 2) / 1000,
                        .pause = col_null(q, 3) ? NAN : (double)col_int(q, 3) / 1000, .began = col_time(q, 4), .ended = col_time(q, 5) };
        each(self, &f);
    }
    return db_done(q);
}

Err field_held_names(Db *db, Arena *a, RoundId round, DeviceId device, HeldNames *out)
{
    HeldNames names = { 0 };
    AUTO_STMT q     = db_prepare(db, SQL("SELECT form_id, instance_id FROM field_records WHERE round_id = $1 AND device_id = $2 AND state = 'whole' "
                                         "ORDER BY received_at DESC, submission_id LIMIT 5000"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, device.v);
    while (db_row(q))
        *list_add(a, &names) = (HeldName){ arena_str(a, col_str(q, 0)), arena_str(a, col_str(q, 1)) };
    TRY(db_done(q));
    *out = names;
    return OK;
}
