/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of frames and codes. */
#include "analysis/coding.h"

#define FRAME_COLUMNS "f.id, f.round_id, f.question, f.first_coder, f.second_coder, f.revision, x.name, y.name " \
    "FROM code_frames f JOIN people x ON x.id = f.first_coder JOIN people y ON y.id = f.second_coder "

static void read_frame(Stmt *q, Arena *a, CodeFrame *f)
{
    *f = (CodeFrame){ .id = col_int(q, 0), .round = { col_int(q, 1) }, .question = arena_str(a, col_str(q, 2)),
                      .coder = { { col_int(q, 3) }, { col_int(q, 4) } }, .revision = col_int(q, 5),
                      .coder_name = { arena_str(a, col_str(q, 6)), arena_str(a, col_str(q, 7)) } };
}

static Err load_codes(Db *db, Arena *a, CodeFrame *f)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT code, parent, label_vi, label_en FROM frame_codes WHERE frame_id = $1 ORDER BY position"));
    bind_int(q, 1, f->id);
    while (db_row(q))
        *list_add(a, &f->codes) = (FrameCode){ .code = arena_str(a, col_str(q, 0)), .parent = arena_str(a, col_str(q, 1)),
                                               .label = { arena_str(a, col_str(q, 2)), arena_str(a, col_str(q, 3)) } };
    return db_done(q);
}

Err code_frame_list(Db *db, Arena *a, RoundId round, CodeFrames *out)
{
    CodeFrames frames = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT " FRAME_COLUMNS "WHERE f.round_id = $1 ORDER BY f.question"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        read_frame(q, a, list_add(a, &frames));
    TRY(db_done(q));
    for (size_t i = 0; i < frames.len; i++)
        TRY(load_codes(db, a, &frames.at[i]));
    *out = frames;
    return OK;
}

Err code_frame_load(Db *db, Arena *a, RoundId round, int64_t id, CodeFrame *out)
{
    CodeFrame f = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT " FRAME_COLUMNS "WHERE f.round_id = $1 AND f.id = $2"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, id);
    bool found = db_row(q);
    if (found)
        read_frame(q, a, &f);
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("code frame"));
    TRY(load_codes(db, a, &f));
    *out = f;
    return OK;
}

Err coding_tasks(Db *db, Arena *a, PersonId coder, CodingTasks *out)
{
    CodingTasks tasks = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT f.id, f.round_id, (SELECT COUNT(*) FROM answer_codes x WHERE x.frame_id = f.id AND x.slot = CASE WHEN f.first_coder = $1 THEN 1 ELSE 2 END) "
        "FROM code_frames f WHERE (f.first_coder = $1 OR f.second_coder = $1) AND EXISTS (SELECT 1 FROM frame_codes c WHERE c.frame_id = f.id) "
        "ORDER BY f.made_at DESC, f.id"));
    bind_int(q, 1, coder.v);
    while (db_row(q))
        *list_add(a, &tasks) = (CodingTask){ .frame = col_int(q, 0), .round = { col_int(q, 1) }, .coded = col_int(q, 2) };
    TRY(db_done(q));
    *out = tasks;
    return OK;
}

Err code_frame_create(Db *db, const CodeFrame *f, PersonId by, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO code_frames (id, round_id, question, first_coder, second_coder, made_by, made_at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, 1) "
        "ON CONFLICT (round_id, question) DO NOTHING"));
    bind_int(q, 1, f->id);
    bind_int(q, 2, f->round.v);
    bind_str(q, 3, f->question);
    bind_int(q, 4, f->coder[0].v);
    bind_int(q, 5, f->coder[1].v);
    bind_int(q, 6, by.v);
    bind_time(q, 7, now);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(db_arena(db), ERR_CONFLICT, S("the question has a frame"));
}

static Err insert_code(Db *db, int64_t frame, const FrameCode *c, size_t position)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO frame_codes (frame_id, code, parent, position, label_vi, label_en) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (frame_id, code) DO UPDATE SET parent = excluded.parent, position = excluded.position, label_vi = excluded.label_vi, "
        "label_en = excluded.label_en"));
    bind_int(q, 1, frame);
    bind_str(q, 2, c->code);
    bind_str(q, 3, c->parent);
    bind_int(q, 4, (int64_t)position);
    bind_str(q, 5, c->label[LANG_VI]);
    bind_str(q, 6, c->label[LANG_EN]);
    return db_run(q);
}

Err frame_codes_save(Db *db, int64_t frame, const FrameCodes *codes)
{
    AUTO_STMT mark = db_prepare(db, SQL("UPDATE frame_codes SET position = -1 WHERE frame_id = $1"));
    bind_int(mark, 1, frame);
    TRY(db_run(mark));
    for (size_t i = 0; i < codes->len; i++)
        TRY(insert_code(db, frame, &codes->at[i], i));
    AUTO_STMT used = db_prepare(db, SQL(
        "SELECT COUNT(*) FROM frame_codes c WHERE c.frame_id = $1 AND c.position = -1 "
        "AND EXISTS (SELECT 1 FROM answer_codes x WHERE x.frame_id = c.frame_id AND x.code = c.code)"));
    bind_int(used, 1, frame);
    int64_t n = db_row(used) ? col_int(used, 0) : 0;
    TRY(db_done(used));
    if (n)
        return err_new(db_arena(db), ERR_CONFLICT, S("a code in use is missing"));
    AUTO_STMT gone = db_prepare(db, SQL("DELETE FROM frame_codes WHERE frame_id = $1 AND position = -1"));
    bind_int(gone, 1, frame);
    return db_run(gone);
}

Err coded_list(Db *db, Arena *a, int64_t frame, CodedRows *out)
{
    CodedRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT submission_id, slot, code FROM answer_codes WHERE frame_id = $1 ORDER BY submission_id, slot"));
    bind_int(q, 1, frame);
    while (db_row(q)) {
        SubmissionId id = { col_int(q, 0) };
        if (!rows.len || rows.at[rows.len - 1].id.v != id.v)
            *list_add(a, &rows) = (CodedRow){ .id = id };
        rows.at[rows.len - 1].at[col_int(q, 1)] = arena_str(a, col_str(q, 2));
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err coded_save(Db *db, int64_t frame, SubmissionId id, int slot, Str code, PersonId by, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO answer_codes (frame_id, submission_id, slot, code, person_id, coded_at) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (frame_id, submission_id, slot) DO UPDATE SET code = excluded.code, person_id = excluded.person_id, coded_at = excluded.coded_at"));
    bind_int(q, 1, frame);
    bind_int(q, 2, id.v);
    bind_int(q, 3, slot);
    bind_str(q, 4, code);
    bind_int(q, 5, by.v);
    bind_time(q, 6, now);
    return db_run(q);
}

static Err forget(Db *db, SubmissionId id)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM answer_codes WHERE submission_id = $1"));
    bind_int(q, 1, id.v);
    return db_run(q);
}

const RecordFollower analysis_follower = { .forget = forget };
