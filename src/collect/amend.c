/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What counts of a record, beside what was answered. A correction or a decision is a version; the state follows from the
 * answers as they came and the last version of each question, and counters and sum move with it. */
#include "collect/parts.h"

static void mine_or(Str text, Str other, Str *out)
{
    *out = text.len ? text : other;
}

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

static Err state_save(Db *db, const RecordState *s)
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

/* ---- Counters ------------------------------------------------------------------------------------------ */

static Err count(Db *db, Arena *a, const RoundInfo *info, const SealedRecord *r, const RecordState *s, int sign, const uint64_t delta[4])
{
    FormAnswers   x    = form_answers_new(a, info->program);
    CountedAnswer what = { .flagged = r->flagged, .left_out = r->left_out.len != 0 };
    Str           json;
    mine_or(s->answers, r->answers, &json);
    TRY(record_read(a, info->program, json, &x));
    if (!date_parse(r->day, &what.day) || !channel_parse(r->channel, &what.channel))
        return err_new(a, ERR_INTERNAL, S("damaged record"));
    what.slot_count = counts_slots_of(&info->slots, info->program, &x, a, &what.slots);
    TRY(counts_change(db, a, r->round, (UnitId){ 0 }, info->slots.total, &what, sign, delta));
    return s->unit.v ? counts_change(db, a, r->round, s->unit, info->slots.total, &what, sign, NULL) : OK;
}

static Err move(Db *db, Arena *a, const AppInfo *app, const RoundInfo *info, const SealedRecord *r, const RecordState *from, const RecordState *to)
{
    uint64_t delta[4] = { 0 };
    if (from->revision)
        state_sum_add(delta, collect_keys(app), from, -1);
    if (to->revision)
        state_sum_add(delta, collect_keys(app), to, 1);
    if (!from->excluded)
        TRY(count(db, a, info, r, from, -1, delta));
    if (!to->excluded)
        TRY(count(db, a, info, r, to, 1, from->excluded ? delta : NULL));
    if (from->excluded && to->excluded) {
        CountedAnswer none = { 0 };
        return counts_change(db, a, r->round, (UnitId){ 0 }, info->slots.total, &none, 0, delta);
    }
    return OK;
}

/* ---- Versions -------------------------------------------------------------------------------------------- */

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

static Err version_insert(Db *db, SubmissionId id, int64_t number, const RecordAct *act, Str before)
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

static void apply(const FormProgram *p, FormAnswers *x, const RecordAct *act, RecordState *s)
{
    int node = act->question.len ? form_find(p, act->question) : -1;
    if (!act->question.len)
        s->excluded = str_eq(act->value, S("out"));
    else if (node >= 0 && p->nodes.at[node].answer >= 0)
        x->at[p->nodes.at[node].answer] = act->value;
}

static Err check_act(Arena *a, const FormProgram *p, const RecordAct *act)
{
    int node = act->question.len ? form_find(p, act->question) : -1;
    Str same;
    if (!act->reason.len)
        return err_new(a, ERR_INVALID, S("a reason is missing"));
    if (!act->question.len)
        return str_eq(act->value, S("in")) || str_eq(act->value, S("out")) ? OK : err_new(a, ERR_INVALID, S("in or out"));
    if (node < 0 || !form_node_asks(&p->nodes.at[node]))
        return err_new(a, ERR_INVALID, S("nobody answers this question"));
    if (form_answer_read(a, p, node, LANG_EN, act->value, &same) != ANSWER_OK || !str_eq(same, act->value))
        return err_new(a, ERR_INVALID, S("this is no answer to the question"));
    return OK;
}

/* The answers as they came with every version so far and this one; '' when nothing is left of the corrections. */
static Err state_after(Arena *a, const RoundInfo *info, const SealedRecord *r, const RecordVersions *before, const RecordAct *act, RecordState *out)
{
    FormAnswers x = form_answers_new(a, info->program);
    TRY(record_read(a, info->program, r->answers, &x));
    for (size_t i = 0; i < before->len; i++)
        apply(info->program, &x, &before->at[i].act, out);
    apply(info->program, &x, act, out);
    form_strip_irrelevant(info->program, a, &x, act->at);
    Str json     = record_json(a, info->program, &x);
    bool same    = str_eq(json, r->answers);
    out->answers = same ? S("") : json;
    out->unit    = same ? r->unit : round_unit_of(info, &x);
    return OK;
}

static Err value_now(Arena *a, const RoundInfo *info, const SealedRecord *r, const RecordState *s, Str question, Str *out)
{
    FormAnswers x = form_answers_new(a, info->program);
    Str         json;
    *out = s->excluded ? S("out") : S("in");
    if (!question.len)
        return OK;
    mine_or(s->answers, r->answers, &json);
    TRY(record_read(a, info->program, json, &x));
    *out = x.at[info->program->nodes.at[form_find(info->program, question)].answer];
    return OK;
}

static Err load_all(Db *db, Store *s, Arena *a, SubmissionId id, SealedRecord *r, const RoundInfo **info)
{
    Round round;
    TRY(sealed_load(db, a, id, r));
    if (r->withdrawn)
        return err_new(a, ERR_NOT_FOUND, S("the record was withdrawn"));
    TRY(round_load(db, a, r->round, &round));
    return round_info(db, s, a, round.code, info);
}

Err record_act(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId id, const RecordAct *act)
{
    SealedRecord     r;
    const RoundInfo *info;
    RecordState      from, to;
    RecordVersions   versions;
    Str              before;
    TRY(load_all(db, s, a, id, &r, &info));
    TRY(check_act(a, info->program, act));
    TRY(state_load(db, a, id, r.unit, &from));
    TRY(record_version_list(db, a, id, &versions));
    TRY(value_now(a, info, &r, &from, act->question, &before));
    if (str_eq(before, act->value))
        return err_new(a, ERR_CONFLICT, S("it is so already"));
    to = (RecordState){ .id = id, .revision = (int64_t)versions.len + 1 };
    TRY(state_after(a, info, &r, &versions, act, &to));
    TRY(version_insert(db, id, to.revision, act, before));
    TRY(state_save(db, &to));
    return move(db, a, app, info, &r, &from, &to);
}

Err record_load(Db *db, Store *s, Arena *a, SubmissionId id, RecordView *out)
{
    SealedRecord     r;
    const RoundInfo *info;
    RecordState      state;
    TRY(load_all(db, s, a, id, &r, &info));
    TRY(state_load(db, a, id, r.unit, &state));
    *out = (RecordView){ .id = id, .round = r.round, .unit = state.unit, .flagged = r.flagged, .flag_reason = r.flag_reason,
                         .original = r.answers, .excluded = state.excluded, .corrected = state.answers.len > 0 };
    mine_or(state.answers, r.answers, &out->answers);
    if (!date_parse(r.day, &out->day) || !channel_parse(r.channel, &out->channel))
        return err_new(a, ERR_INTERNAL, S("damaged record"));
    return OK;
}

/* What modules above made of the words (codes of open answers, answers of a re-check) goes with them. */
static Err followers_forget(Db *db, const AppInfo *app, SubmissionId id)
{
    for (size_t i = 0; i < app->record_follower_count; i++)
        TRY(app->record_followers[i]->forget(db, id));
    return OK;
}

/* Before a withdrawal: the record counts as it was answered, and no version holds a value. */
Err record_forget(Db *db, Arena *a, const AppInfo *app, const RoundInfo *info, const SealedRecord *r)
{
    RecordState from, none = { .id = r->id, .unit = r->unit };
    TRY(followers_forget(db, app, r->id));
    TRY(state_load(db, a, r->id, r->unit, &from));
    if (!from.revision)
        return OK;
    TRY(move(db, a, app, info, r, &from, &none));
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM record_states WHERE submission_id = $1"));
    bind_int(d, 1, r->id.v);
    TRY(db_run(d));
    AUTO_STMT u = db_prepare(db, SQL("UPDATE record_versions SET value = '', before = '' WHERE submission_id = $1"));
    bind_int(u, 1, r->id.v);
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
