/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One case: for the interviewer it was given to (contact data, attempts, the interview), and at the supervisor's desk (giving it
 * to another, correcting its outcome, its reserve); and the interviewer's own list. */
#include "field/console.h"

#include "field_case.html.h"
#include "field_mine.html.h"

typedef struct CaseAt { FieldCase x; Round round; FieldRound f; bool desk; Str base; } CaseAt;

/* The interviewer's own case, or one in a unit where the reader holds the right. */
static Err case_at(Ctx *c, CaseAt *out)
{
    *out = (CaseAt){ .desk = str_starts(c->req->path, S("/console/field/desk/")) };
    TRY(field_case_load(c->db, c->arena, (CaseId){ path_int(c, "id") }, &out->x));
    TRY(round_load(c->db, c->arena, out->x.round, &out->round));
    TRY(field_round_load(c->db, c->arena, out->x.round, &out->f));
    c->page.simulated = out->round.simulated;
    out->base = arena_fmt(c->arena, "/console/field/%s/%lld", out->desk ? "desk" : "cases", (long long)out->x.id.v);
    if (!out->desk)
        return out->x.interviewer.v == c->session.person.v && out->x.active ? OK : err_new(c->arena, ERR_FORBIDDEN, S("a case of somebody else"));
    RightScope s;
    TRY(scope_open(c->db, c->arena, c->session.person, c->route->right, out->round.owner, c->today, &s));
    return scope_has(&s, out->x.unit) ? OK : err_new(c->arena, ERR_FORBIDDEN, S("a case of other units"));
}

static bool contact_may_show(Ctx *c, const CaseAt *at)
{
    Time erase = field_erase_at(&at->f, &at->round);
    return at->x.has_contact && !at->f.erased_at.ms && (!erase.ms || c->now.ms < erase.ms);
}

static void outcome_choices(Ctx *c, CaseView *v, bool phone)
{
    for (int o = 1; o < OUTCOME_COUNT; o++)
        if (outcome_on((Outcome)o, phone) || outcome_on((Outcome)o, !phone))
            *list_add(c->arena, &v->outcomes) = (Choice){ .value = outcome_code((Outcome)o), .chosen = str_eq(v->outcome, outcome_code((Outcome)o)),
                .label = arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(outcome_text(c->lang, (Outcome)o)), STR_ARG(outcome_aapor((Outcome)o))) };
    *list_add(c->arena, &v->modes) = (Choice){ .value = S("visit"), .label = text_of(c->lang, "field.mode.visit"), .chosen = !phone };
    *list_add(c->arena, &v->modes) = (Choice){ .value = S("phone"), .label = text_of(c->lang, "field.mode.phone"), .chosen = phone };
}

static Err case_fill(Ctx *c, CaseAt *at, CaseView *v)
{
    Attempts list = { 0 };
    v->x           = &at->x;
    v->r           = &at->round;
    v->base        = at->base;
    v->mine        = !at->desk;
    v->token       = c->page.form_token;
    v->unit        = field_unit_text(c, at->x.unit);
    v->interviewer = field_person_text(c, at->x.interviewer);
    v->open        = round_gate(&at->round, CONTRIBUTION_START, c->now) == GATE_OPEN;
    v->may_manage  = at->desk && at->x.active && right_has(c, RIGHT_FIELD_MANAGE, at->x.unit.v ? at->x.unit : at->round.owner);
    v->may_work    = v->mine && !at->x.linked;
    v->may_replace = v->may_manage && outcome_final(at->x.outcome) && outcome_group(at->x.outcome) > GROUP_P;
    v->back_href   = at->desk ? arena_fmt(c->arena, "/console/rounds/%lld/fieldwork/cases", (long long)at->round.id.v) : S("/console/field");
    if (at->x.replaces.v)
        v->replaces_href = arena_fmt(c->arena, "/console/field/desk/%lld", (long long)at->x.replaces.v);
    if (!v->mode.len)
        v->mode = at->x.phone_tail.len ? S("phone") : S("visit");
    outcome_choices(c, v, str_eq(v->mode, S("phone")));
    if (v->may_manage)
        TRY(field_interviewers(c, at->x.interviewer, &v->interviewers));
    TRY(field_attempt_list(c->db, c->arena, at->x.id, &list));
    for (size_t i = 0; i < list.len; i++)
        *list_add(c->arena, &v->attempts) = (AttemptLine){ &list.at[i], field_person_text(c, list.at[i].person) };
    return OK;
}

static Err case_show(Ctx *c, CaseAt *at, CaseView *v, int status)
{
    TRY(case_fill(c, at, v));
    c->page.error = v->errors.len > 0;
    if (at->desk) {
        field_crumbs(c, &at->round, true);
        page_crumb(c, text_of(c->lang, "field.cases"), v->back_href);
    } else {
        page_crumb(c, text_of(c->lang, "field.mine"), S("/console/field"));
    }
    page_crumb(c, at->x.code, S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "field.case.title", ARG_S("code", at->x.code)));
    field_case_view(&o, v);
    return page_end_status(c, &o, status);
}

Err case_page(Ctx *c)
{
    CaseAt at;
    TRY(case_at(c, &at));
    return case_show(c, &at, &(CaseView){ 0 }, 200);
}

/* A POST, because looking leaves a record: who saw whose number, and when. */
Err case_contact_action(Ctx *c)
{
    CaseAt   at;
    CaseView v = { 0 };
    Str      box;
    TRY(case_at(c, &at));
    TRY(field_tidy(c->db, c->arena, c->now, NULL));
    if (contact_may_show(c, &at)) {
        TRY(field_contact_load(c->db, c->arena, at.x.id, &box));
        v.shown = contact_open(c->arena, c->app, at.x.id, box, &v.contact);
        TRY(audit_add(c, S("field.contact"), S("case"), at.x.id.v, at.x.unit.v ? at.x.unit : at.round.owner, S("")));
    }
    return case_show(c, &at, &v, 200);
}

/* ---- Attempts -------------------------------------------------------------------------------------------------- */
static bool clock_read(Str typed, int *out_minutes)
{
    StrPair cut = str_cut(str_trim(typed), ':');
    int64_t hour, minute = 0;
    if (cut.head.len == str_trim(typed).len)
        cut = str_cut(str_trim(typed), 'h');
    if (!str_to_i64(str_trim(cut.head), &hour) || (cut.tail.len && !str_to_i64(str_trim(cut.tail),
        &minute)) || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    *out_minutes = (int)(hour * 60 + minute);
    return true;
}

/* An agreed time: day in three boxes and hour. Empty where none was agreed. */
static void callback_read(Ctx *c, CaseView *v, Outcome outcome, Time *out)
{
    int  minutes;
    Date date;
    bool good = date_typed(c, form_str, "callback", &v->day, &date);
    *out    = (Time){ 0 };
    v->time = form_str(c, "callback_time");
    if (!v->day.day.len && !v->day.month.len && !v->time.len && outcome != OUTCOME_CALLBACK)
        return;
    if (!good || date_is_none(date) || date_ymd(date).year > 2100)
        field_error(c, &v->errors, S("callback_day"), text_of(c->lang, "field.callback.day.error"));
    else if (!clock_read(v->time, &minutes))
        field_error(c, &v->errors, S("callback_time"), text_of(c->lang, "field.callback.time.error"));
    else
        *out = (Time){ date_start(date).ms + minutes * MS_MINUTE };
}

static Err attempt_read(Ctx *c, const CaseAt *at, CaseView *v, Attempt *x)
{
    v->outcome = form_str(c, "outcome");
    v->mode    = at->desk ? S("desk") : str_eq(form_str(c, "mode"), S("phone")) ? S("phone") : S("visit");
    v->note    = form_str(c, "note");
    *x = (Attempt){ .of = at->x.id, .person = c->session.person, .at = c->now, .mode = v->mode, .note = v->note };
    outcome_parse(v->outcome, &x->outcome);
    if (!at->desk)
        callback_read(c, v, x->outcome, &x->callback_at);
    AttemptFaults f = attempt_check(x);
    if (f.outcome.len)
        field_error(c, &v->errors, S("outcome"), text_find(c->lang, f.outcome));
    if (f.note.len)
        field_error(c, &v->errors, S("note"), text_find(c->lang, f.note));
    if (f.callback.len && x->callback_at.ms)
        field_error(c, &v->errors, S("callback_day"), text_find(c->lang, f.callback));
    field_errors_order(&v->errors, (const char *const[]){ "outcome", "callback_day", "callback_time", "note", NULL });
    return OK;
}

Err case_attempt_action(Ctx *c)
{
    CaseAt   at;
    CaseView v = { 0 };
    Attempt  x;
    TRY(case_at(c, &at));
    TRY(field_tidy(c->db, c->arena, c->now, NULL));
    TRY(attempt_read(c, &at, &v, &x));
    if (v.errors.len)
        return case_show(c, &at, &v, 422);
    if (at.x.linked)
        return redirect_notice(c, at.base, NOTICE_WARN, text_of(c->lang, "field.case.linked"));
    TRY(field_attempt_add(c->db, &x));
    TRY(audit_add(c, at.desk ? S("field.correct") : S("field.attempt"), S("case"), at.x.id.v, at.x.unit.v ? at.x.unit : at.round.owner,
                  arena_fmt(c->arena, "{\"outcome\":\"%.*s\",\"mode\":\"%.*s\"}", STR_ARG(outcome_code(x.outcome)), STR_ARG(x.mode))));
    bool over = outcome_final(x.outcome) && !at.desk;
    return redirect_notice(c, over ? S("/console/field") : at.base, NOTICE_OK, text_fmt(c->arena, c->lang, "field.attempt.done", ARG_S("code", at.x.code),
                           ARG_S("outcome", outcome_text(c->lang, x.outcome))));
}

/* The questionnaire in the respondent's pages, under this case. */
Err case_interview_action(Ctx *c)
{
    CaseAt at;
    Str    path;
    TRY(case_at(c, &at));
    if (at.x.linked)
        return redirect_notice(c, at.base, NOTICE_WARN, text_of(c->lang, "field.case.linked"));
    if (round_gate(&at.round, CONTRIBUTION_START, c->now) != GATE_OPEN)
        return redirect_notice(c, at.base, NOTICE_WARN, text_of(c->lang, "field.round.closed"));
    Channel ch = str_eq(form_str(c, "mode"), S("phone")) ? CHANNEL_PHONE : CHANNEL_FIELD;
    TRY(respond_begin_case(c, at.round.code, ch, at.x.id.v, &path));
    TRY(audit_add(c, S("field.interview"), S("case"), at.x.id.v, at.x.unit.v ? at.x.unit : at.round.owner, S("")));
    return redirect_plain(c, path);
}

/* ---- The supervisor's acts ---------------------------------------------------------------------------------------- */
Err case_assign_action(Ctx *c)
{
    CaseAt   at;
    CaseView v = { 0 };
    Choices  people = { 0 };
    int64_t  to = 0;
    bool     good = false, changed;
    TRY(case_at(c, &at));
    TRY(field_tidy(c->db, c->arena, c->now, NULL));
    str_to_i64(form_str(c, "to"), &to);
    TRY(field_interviewers(c, (PersonId){ to }, &people));
    for (size_t i = 0; i < people.len; i++)
        good = good || people.at[i].chosen;
    if (!good && to) {
        field_error(c, &v.errors, S("to"), text_of(c->lang, "field.assign.error"));
        return case_show(c, &at, &v, 422);
    }
    TRY(field_case_assign(c->db, at.x.id, at.x.round, (PersonId){ to }, &changed));
    if (changed) {
        TRY(audit_add(c, S("field.assign"), S("case"), at.x.id.v, at.x.unit.v ? at.x.unit : at.round.owner,
                      arena_fmt(c->arena, "{\"from\":%lld,\"to\":%lld}", (long long)at.x.interviewer.v, (long long)to)));
        TRY(field_tell_given(c, &at.round, (PersonId){ to }, 1));
    }
    return redirect_notice(c, at.base, NOTICE_OK, text_fmt(c->arena, c->lang, "field.assign.done", ARG_N("n", changed),
                                                           ARG_S("person", field_person_text(c, (PersonId){ to }))));
}

Err case_reserve_action(Ctx *c)
{
    CaseAt    at;
    CaseView  v = { .reserve_reason = form_str(c, "reason") };
    FieldCase next;
    TRY(case_at(c, &at));
    TRY(field_tidy(c->db, c->arena, c->now, NULL));
    if (!outcome_final(at.x.outcome) || outcome_group(at.x.outcome) <= GROUP_P || !at.x.active)
        return redirect_notice(c, at.base, NOTICE_WARN, text_of(c->lang, "field.reserve.early"));
    if (!v.reserve_reason.len || utf8_count(v.reserve_reason) > 300) {
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "field.reserve.reason.error"));
        return case_show(c, &at, &v, 422);
    }
    Err e = field_reserve_use(c->db, c->arena, &at.x, v.reserve_reason, &next);
    if (err_is(e, ERR_NOT_FOUND) || err_is(e, ERR_CONFLICT))
        return redirect_notice(c, at.base, NOTICE_WARN, err_is(e, ERR_CONFLICT) ? text_of(c->lang, "field.reserve.twice") : text_of(c->lang,
            "field.reserve.none"));
    TRY(e);
    Buf detail = buf_new(c->arena, 128);
    buf_fmt(&detail, "{\"for\":%lld,\"reason\":", (long long)at.x.id.v);
    buf_json_str(&detail, v.reserve_reason);
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("field.reserve"), S("case"), next.id.v, at.x.unit.v ? at.x.unit : at.round.owner, buf_str(&detail)));
    return redirect_notice(c, arena_fmt(c->arena, "/console/field/desk/%lld", (long long)next.id.v), NOTICE_OK,
                           text_fmt(c->arena, c->lang, "field.reserve.done", ARG_S("code", next.code), ARG_S("for", at.x.code)));
}

/* ---- My cases -------------------------------------------------------------------------------------------------------- */
Err mine_page(Ctx *c)
{
    FieldCases list = { 0 };
    MineView   v    = { 0 };
    TRY(field_case_mine(c->db, c->arena, c->session.person, &list));
    for (size_t i = 0; i < list.len; i++) {
        const FieldCase *x    = &list.at[i];
        bool             soon = x->callback_at.ms && x->callback_at.ms < date_start((Date){ c->today.day + 1 }).ms;
        CaseLine line = { .x = x, .unit = field_unit_text(c, x->unit), .href = arena_fmt(c->arena, "/console/field/cases/%lld", (long long)x->id.v),
                          .late = x->callback_at.ms && x->callback_at.ms < c->now.ms };
        v.open++;
        v.callbacks += x->callback_at.ms != 0;
        if (!soon) {
            *list_add(c->arena, &v.rest) = line;
            continue;
        }
        size_t at = v.due.len;                                      /* by agreed time */
        (void)list_add(c->arena, &v.due);
        for (; at > 0 && v.due.at[at - 1].x->callback_at.ms > x->callback_at.ms; at--)
            v.due.at[at] = v.due.at[at - 1];
        v.due.at[at] = line;
    }
    page_crumb(c, text_of(c->lang, "field.mine"), S(""));
    Out o = page_begin(c, text_of(c->lang, "field.mine"));
    field_mine_view(&o, &v);
    return page_end(c, &o);
}
