/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opening, pausing, closing and extending a round: each asks first and says what happens. */
#include "collect/console.h"
#include "round_extend.html.h"

typedef struct Step { const char *name; RoundState to; const char *title, *text, *button, *done; bool danger, reason; } Step;

static const Step steps[] = {
    { "open", ROUND_OPEN, "collect.step.open.title", "collect.step.open.text", "collect.act.open", "collect.done.open", false, false },
    { "pause", ROUND_PAUSED, "collect.step.pause.title", "collect.step.pause.text", "collect.act.pause", "collect.done.pause", false, true },
    { "close", ROUND_CLOSED, "collect.step.close.title", "collect.step.close.text", "collect.act.close", "collect.done.close", true, true },
};

static const Step *step_of(const Ctx *c)
{
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        if (str_eq(path_str(c, "to"), str_from_c(steps[i].name)))
            return &steps[i];
    return NULL;
}

/* What a paused round is asked before it takes answers again. */
static const Step again = { "open", ROUND_OPEN, "collect.step.again.title", "collect.step.again.text", "collect.act.resume", "collect.done.open",
                            false, false };

static Str word(const Ctx *c, const char *key)
{
    return text_find(c->lang, str_from_c(key));
}

static Err step_view(Ctx *c, const Round *r, const Step *s, const FieldErrors *errors, int status)
{
    s = s->to == ROUND_OPEN && r->state == ROUND_PAUSED ? &again : s;
    SummaryRow rows[] = {
        { .key = text_of(c->lang, "collect.field.state"), .value = round_state_text(c->lang, round_state_at(r, c->now)) },
        { .key = text_of(c->lang, "collect.field.submissions"), .value = num_text(c->arena, c->lang, r->submissions) },
        { .key = text_of(c->lang, "collect.field.closes"),
          .value = r->closes_at.ms ? time_text(c->arena, c->lang, r->closes_at) : text_of(c->lang, "collect.none") },
    };
    ConfirmPage v = {
        .title = word(c, s->title), .text = word(c, s->text), .rows = rows, .n = COUNT_OF(rows), .token = c->page.form_token,
        .warning = s->danger ? text_of(c->lang, "collect.step.close.warning") : S(""),
        .action = round_console_path(c, r, arena_c(c->arena, arena_fmt(c->arena, "/step/%s", s->name))), .back_href = round_console_path(c, r, ""),
        .button = word(c, s->button), .danger = s->danger, .ask_reason = s->reason, .reason = form_str(c, "reason"), .errors = errors,
    };
    Out o = page_begin(c, v.title);
    page_crumb(c, v.title, S(""));
    confirm_page(&o, &v);
    return page_end_status(c, &o, status);
}

static Err not_now(Ctx *c, const Round *r)
{
    return redirect_notice(c, round_console_path(c, r, ""), NOTICE_WARN, text_of(c->lang, "collect.fault.step"));
}

static bool fits(Ctx *c, const Round *r, const Step *s)
{
    RoundState from = round_state_at(r, c->now) == ROUND_CLOSED ? ROUND_CLOSED : r->state;
    return round_step_allowed(from, s->to);
}

Err round_step_page(Ctx *c)
{
    Round       r;
    const Step *s = step_of(c);
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    if (!s)
        return err_new(c->arena, ERR_NOT_FOUND, S("step"));
    return fits(c, &r, s) ? step_view(c, &r, s, NULL, 200) : not_now(c, &r);
}

static Str reason_json(Ctx *c, Str reason)
{
    Buf b = buf_new(c->arena, 64);
    buf_lit(&b, "{\"reason\":");
    buf_json_str(&b, reason);
    buf_byte(&b, '}');
    return buf_str(&b);
}

Err round_step_action(Ctx *c)
{
    Round       r;
    FieldErrors errors = { 0 };
    const Step *s      = step_of(c);
    Str         reason = form_str(c, "reason");
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    if (!s)
        return err_new(c->arena, ERR_NOT_FOUND, S("step"));
    if (!fits(c, &r, s))
        return not_now(c, &r);
    if (s->reason && !reason.len)
        field_error(c, &errors, S("reason"), text_of(c->lang, "collect.fault.reason"));
    if (utf8_count(reason) > 1000)
        field_error(c, &errors, S("reason"), text_fmt(c->arena, c->lang, "collect.fault.long", ARG_N("n", 1000)));
    if (s->to == ROUND_OPEN && r.closes_at.ms && r.closes_at.ms <= c->now.ms)
        field_error(c, &errors, S(""), text_of(c->lang, "collect.fault.order"));
    if (errors.len)
        return step_view(c, &r, s, &errors, 422);
    TRY(round_set_state(c->db, c->arena, r.id, s->to, c->now));
    TRY(audit_add(c, arena_fmt(c->arena, "round.%s", s->name), S("round"), r.id.v, r.owner, reason.len ? reason_json(c, reason) : S("")));
    if (c->app->case_finder && c->app->case_finder->stepped)
        TRY(c->app->case_finder->stepped(c, &r, s->to));
    return redirect_notice(c, round_console_path(c, &r, ""), NOTICE_OK, word(c, s->done));
}

/* ---- Extending ---------------------------------------------------------------------------------------------- */
static Err extend_view(Ctx *c, const Round *r, TypedDate typed, Str reason, const FieldErrors *errors, int status)
{
    ExtendView v = { .r = r, .typed = typed, .reason = reason, .errors = errors, .token = c->page.form_token,
                     .action = round_console_path(c, r, "/extend"), .back_href = round_console_path(c, r, "") };
    Out o = page_begin(c, text_of(c->lang, "collect.extend.title"));
    page_crumb(c, c->page.title, S(""));
    round_extend_view(&o, &v);
    return page_end_status(c, &o, status);
}

static bool running(const Round *r, Time now)
{
    return (r->state == ROUND_OPEN || r->state == ROUND_PAUSED) && round_state_at(r, now) != ROUND_CLOSED;
}

Err round_extend_page(Ctx *c)
{
    Round r;
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    if (!running(&r, c->now))
        return not_now(c, &r);
    return extend_view(c, &r, date_boxes(c->arena, r.closes_at.ms ? date_of(r.closes_at) : DATE_NONE), S(""), NULL, 200);
}

Err round_extend_action(Ctx *c)
{
    Round       r;
    Date        day;
    TypedDate   typed;
    FieldErrors errors = { 0 };
    Str         reason = form_str(c, "reason");
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    if (!running(&r, c->now))
        return not_now(c, &r);
    if (!date_typed(c, form_str, "closes", &typed, &day) || date_is_none(day))
        field_error(c, &errors, S("closes_day"), text_of(c->lang, "collect.fault.date"));
    Time end = { errors.len ? 0 : date_start((Date){ day.day + 1 }).ms - 1 };
    if (!errors.len && (end.ms <= r.closes_at.ms || end.ms <= c->now.ms))
        field_error(c, &errors, S("closes_day"), text_of(c->lang, "collect.fault.later"));
    if (!reason.len)
        field_error(c, &errors, S("reason"), text_of(c->lang, "collect.fault.reason"));
    if (errors.len)
        return extend_view(c, &r, typed, reason, &errors, 422);
    TRY(round_extend(c->db, c->arena, r.id, end, c->now));
    TRY(audit_add(c, S("round.extend"), S("round"), r.id.v, r.owner, reason_json(c, reason)));
    return redirect_notice(c, round_console_path(c, &r, ""), NOTICE_OK, text_of(c->lang, "collect.done.extend"));
}
