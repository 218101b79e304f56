/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What counts of a record, beside what was answered. A correction or a decision is a version; the state follows from the
 * answers as they came and the last version of each question, and counters and sum move with it. */
#include "collect/parts.h"

static void mine_or(Str text, Str other, Str *out)
{
    *out = text.len ? text : other;
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
    TRY(move(db, a, app, info, &r, &from, &to));
    if (from.excluded == to.excluded)
        return OK;
    return to.excluded ? case_answer_out(db, s, a, app, id, act->at) : case_answer_in(db, s, a, app, id);
}

Err record_remark(Db *db, Store *s, Arena *a, const AppInfo *app, SubmissionId id, bool flagged, Str reason)
{
    SealedRecord     before, after;
    const RoundInfo *info;
    RecordState      state;
    uint64_t         delta[4] = { 0 };
    TRY(load_all(db, s, a, id, &before, &info));
    TRY(state_load(db, a, id, before.unit, &state));
    after             = before;
    after.flagged     = flagged;
    after.flag_reason = reason;
    sum_add(delta, collect_keys(app), &before, -1);
    sum_add(delta, collect_keys(app), &after, 1);
    TRY(sealed_update(db, &after));
    if (state.excluded) {
        CountedAnswer none = { 0 };
        return counts_change(db, a, before.round, (UnitId){ 0 }, info->slots.total, &none, 0, delta);
    }
    TRY(count(db, a, info, &before, &state, -1, delta));
    return count(db, a, info, &after, &state, 1, NULL);
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
        if (app->record_followers[i]->forget)
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
    return versions_forget(db, r->id);
}
