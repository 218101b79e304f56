/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that name a case and are not its answer: those of the public interface, which wait for a person, and second interviews. The
 * person sees answer and case side by side and decides with a reason; the decision can be taken back. */
#include "field/claims.h"

#include "field_claim.html.h"
#include "field_claims.html.h"

enum { CLAIMS_A_PAGE = 50, REASON_MOST = 1000 };

static Str state_text(Ctx *c, const Claim *x)
{
    if (x->left_at.ms || x->state == CLAIM_WAS)
        return text_of(c->lang, "field.claim.state.left_out");
    switch (x->state) {
    case CLAIM_RISEN: return text_of(c->lang, "field.claim.state.risen");
    case CLAIM_TIED: return text_of(c->lang, "field.claim.state.tied");
    case CLAIM_REFUSED: return text_of(c->lang, "field.claim.state.refused");
    default: return x->open ? text_of(c->lang, "field.claim.state.waiting") : text_of(c->lang, "field.claim.state.second");
    }
}

static TagKind state_tag(const Claim *x)
{
    if (x->left_at.ms || x->state == CLAIM_WAS || x->state == CLAIM_REFUSED)
        return TAG_OFF;
    return x->state == CLAIM_WAITING ? TAG_WARN : TAG_OK;
}

static Str claim_path(Ctx *c, SubmissionId id)
{
    return arena_fmt(c->arena, "/console/field/claims/%lld", (long long)id.v);
}

/* ---- The list of a round --------------------------------------------------------------------------------------------- */
Err field_claims_page(Ctx *c)
{
    FieldAt    at;
    ClaimsView v    = { .waiting = !str_eq(query_str(c, "state"), S("all")) };
    ClaimRows  rows = { 0 };
    TRY(field_at(c, RIGHT_FIELD_READ, &at));
    if (!at.opened)
        return redirect(c, field_round_path(c, at.round.id, "/fieldwork"));
    ScopePage page = { .scope = &at.scope, .first = (query_page(c) - 1) * CLAIMS_A_PAGE, .most = CLAIMS_A_PAGE };
    TRY(claim_rows(c->db, c->arena, at.round.id, v.waiting, &page, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const ClaimRow *x = &rows.at[i];
        *list_add(c->arena, &v.lines) = (ClaimLine){ .record = record_code(c->arena, x->c.answer), .href = claim_path(c, x->c.answer), .code = x->code,
            .day = date_text(c->arena, c->lang, x->day), .reason = x->c.reason, .state = state_text(c, &x->c), .tag = state_tag(&x->c),
            .channel = text_find(c->lang, str_concat(c->arena, S("collect.channel."), channel_code(x->channel))) };
    }
    v.r      = &at.round;
    v.all    = page.all;
    v.action = field_round_path(c, at.round.id, "/fieldwork/claims");
    v.pager  = (Pager){ .base = arena_fmt(c->arena, "%.*s?state=%s&page=", STR_ARG(v.action), v.waiting ? "" : "all"), .page = query_page(c),
                        .pages = (page.all + CLAIMS_A_PAGE - 1) / CLAIMS_A_PAGE };
    *list_add(c->arena, &v.states) = (Choice){ .value = S("all"), .label = text_of(c->lang, "field.claims.all"), .chosen = !v.waiting };
    field_crumbs(c, &at.round, true);
    page_crumb(c, text_of(c->lang, "field.claims"), S(""));
    Out o = page_begin(c, text_of(c->lang, "field.claims"));
    field_claims_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One answer ---------------------------------------------------------------------------------------------------------- */
typedef struct ClaimAt { Claim c; Round round; FieldCase x; RecordView record; const FormProgram *p; } ClaimAt;

static Err answers_of(Ctx *c, const FormProgram *p, Str text, FormAnswers *out)
{
    const Json *json;
    *out = form_answers_new(c->arena, p);
    TRY(json_parse(c->arena, text, &json));
    form_answers_load(c->arena, p, json, out);
    return OK;
}

/* Marked by an older version, the answer alone says which case it names. */
static Err case_of(Ctx *c, ClaimAt *at)
{
    FormAnswers x;
    if (at->c.case_id)
        return field_case_load(c->db, c->arena, (CaseId){ at->c.case_id }, &at->x);
    TRY(answers_of(c, at->p, at->record.answers, &x));
    TRY(field_case_by_code(c->db, c->arena, at->round.id, answers_case_code(at->p, &x), &at->x));
    at->c.case_id = at->x.id.v;
    return OK;
}

static Err claim_at(Ctx *c, ClaimAt *out)
{
    RightScope s;
    TRY(claim_load(c->db, c->arena, (SubmissionId){ path_int(c, "id") }, &out->c));
    TRY(round_load(c->db, c->arena, out->c.round, &out->round));
    TRY(record_load(c->db, c->store, c->arena, out->c.answer, &out->record));
    TRY(form_program(c->db, c->store, c->arena, out->round.form, &out->p));
    TRY(case_of(c, out));
    TRY(scope_open(c->db, c->arena, c->session.person, c->route->right, out->round.owner, c->today, &s));
    return scope_has(&s, out->x.unit) ? OK : err_new(c->arena, ERR_FORBIDDEN, S("a case of other units"));
}

static void fact(Ctx *c, ClaimView *v, Str key, Str mine, Str other)
{
    *list_add(c->arena, &v->facts) = (ClaimPair){ .key = key, .mine = mine.len ? mine : S("–"), .other = other.len ? other : S("–") };
}

static void facts_of(Ctx *c, ClaimAt *at, ClaimView *v)
{
    const FieldCase *x = &at->x;
    fact(c, v, text_of(c->lang, "field.unit"), at->record.unit.v ? unit_name_today(c, at->record.unit) : S(""), field_unit_text(c, x->unit));
    fact(c, v, text_of(c->lang, "field.claim.place"), S(""), x->place);
    fact(c, v, text_of(c->lang, "field.claim.when"), date_text(c->arena, c->lang, at->record.day),
         x->last_at.ms ? text_fmt(c->arena, c->lang, "field.claim.last", ARG_S("time", time_text(c->arena, c->lang, x->last_at))) : S(""));
    fact(c, v, text_of(c->lang, "field.claim.by"),
         text_find(c->lang, str_concat(c->arena, S("collect.channel."), channel_code(at->record.channel))), field_person_text(c, x->interviewer));
    fact(c, v, text_of(c->lang, "field.outcome"), state_text(c, &at->c), outcome_text(c->lang, x->outcome));
}

static ClaimFile file_of(Ctx *c, const ClaimAt *at, SubmissionId record, const AnswerFiles *files, const FormNode *n, Str name)
{
    for (size_t i = 0; form_type_file(n->type) && i < files->len; i++)
        if (str_eq(files->at[i].name, name))
            return (ClaimFile){ record_file_href(c->arena, at->round.id, record, name), files->at[i].type };
    return (ClaimFile){ 0 };
}

/* What was answered, beside what the case's present answer says. */
static Err answers_beside(Ctx *c, ClaimAt *at, ClaimView *v, SubmissionId held)
{
    FormAnswers mine, other = form_answers_new(c->arena, at->p);
    RecordView  r;
    AnswerFiles files, held_files = { 0 };
    TRY(answers_of(c, at->p, at->record.answers, &mine));
    TRY(record_files(c->db, c->arena, at->c.answer, &files));
    if (held.v) {
        TRY(record_files(c->db, c->arena, held, &held_files));
        TRY(record_load(c->db, c->store, c->arena, held, &r));
        TRY(answers_of(c, at->p, r.answers, &other));
    }
    for (size_t i = 0; i < at->p->nodes.len; i++) {
        const FormNode *n = &at->p->nodes.at[i];
        if (n->answer < 0 || !form_node_asks(n) || (!mine.at[n->answer].len && !other.at[n->answer].len))
            continue;
        bool differs = held.v && !str_eq(mine.at[n->answer], other.at[n->answer]);
        v->differing += differs;
        *list_add(c->arena, &v->answers) = (ClaimPair){ .key = form_label_plain(c->arena, at->p, (int)i, c->lang), .differs = differs,
            .mine = mine.at[n->answer].len ? form_answer_text(c->arena, at->p, (int)i, &mine, c->lang) : S("–"),
            .other = other.at[n->answer].len ? form_answer_text(c->arena, at->p, (int)i, &other, c->lang) : S("–"),
            .mine_file = file_of(c, at, at->c.answer, &files, n, mine.at[n->answer]),
            .other_file = file_of(c, at, held, &held_files, n, other.at[n->answer]) };
    }
    return OK;
}

static Str why_text(Ctx *c, const Claim *x, bool taken)
{
    if (x->left_at.ms || x->state == CLAIM_WAS)
        return text_of(c->lang, "field.claim.why.left_out");
    if (x->state == CLAIM_RISEN)
        return text_of(c->lang, "field.claim.why.risen");
    if (x->state != CLAIM_WAITING)
        return S("");
    if (!x->open)
        return text_of(c->lang, "field.claim.why.second");
    return taken ? text_of(c->lang, "field.claim.why.taken") : text_of(c->lang, "field.claim.why.open");
}

static Err claim_fill(Ctx *c, ClaimAt *at, ClaimView *v)
{
    SubmissionId held;
    TRY(case_answer(c->db, at->x.id.v, &held));
    bool records = right_has(c, RIGHT_ANALYSIS_READ, at->round.owner), other = held.v && held.v != at->c.answer.v;
    v->c         = &at->c;
    v->x         = &at->x;
    v->record    = record_code(c->arena, at->c.answer);
    v->case_href = arena_fmt(c->arena, "/console/field/desk/%lld", (long long)at->x.id.v);
    v->state     = state_text(c, &at->c);
    v->tag       = state_tag(&at->c);
    v->why       = why_text(c, &at->c, other);
    v->by        = at->c.by.v ? text_fmt(c->arena, c->lang, "field.claim.decided", ARG_S("person", field_person_text(c, at->c.by)),
                                         ARG_S("time", time_text(c->arena, c->lang, at->c.at))) : S("");
    v->token     = c->page.form_token;
    v->action    = claim_path(c, at->c.answer);
    v->back_href = field_round_path(c, at->round.id, "/fieldwork/claims");
    v->shown     = right_has(c, RIGHT_SUBMISSION_READ, at->round.owner);
    if (records)
        v->record_href = arena_fmt(c->arena, "/console/rounds/%lld/records/%lld", (long long)at->round.id.v, (long long)at->c.answer.v);
    if (other)
        v->other = record_code(c->arena, held);
    if (other && records)
        v->other_href = arena_fmt(c->arena, "/console/rounds/%lld/records/%lld", (long long)at->round.id.v, (long long)held.v);
    bool manage   = right_has(c, RIGHT_FIELD_MANAGE, at->x.unit.v ? at->x.unit : at->round.owner), counts = !at->c.left_at.ms;
    v->may_settle = manage && counts && at->c.state == CLAIM_WAITING;
    v->may_tie    = v->may_settle && !held.v;
    v->may_undo   = manage && (at->c.state == CLAIM_TIED || at->c.state == CLAIM_REFUSED);
    facts_of(c, at, v);
    return v->shown ? answers_beside(c, at, v, other ? held : (SubmissionId){ 0 }) : OK;
}

static Err claim_show(Ctx *c, ClaimAt *at, ClaimView *v, int status)
{
    TRY(claim_fill(c, at, v));
    c->page.error     = v->errors.len > 0;
    c->page.simulated = at->round.simulated;
    Str title = text_fmt(c->arena, c->lang, "field.claim.title", ARG_S("record", v->record), ARG_S("code", at->x.code));
    field_crumbs(c, &at->round, true);
    page_crumb(c, text_of(c->lang, "field.claims"), v->back_href);
    page_crumb(c, v->record, S(""));
    Out o = page_begin(c, title);
    field_claim_view(&o, v);
    return page_end_status(c, &o, status);
}

Err field_claim_page(Ctx *c)
{
    ClaimAt at;
    TRY(claim_at(c, &at));
    return claim_show(c, &at, &(ClaimView){ 0 }, 200);
}

/* ---- Deciding ------------------------------------------------------------------------------------------------------------- */
static Err claim_record(Ctx *c, const ClaimAt *at, ClaimState to)
{
    Buf detail = buf_new(c->arena, 128);
    buf_fmt(&detail, "{\"case\":%lld,\"reason\":", (long long)at->x.id.v);
    buf_json_str(&detail, at->c.reason);
    buf_byte(&detail, '}');
    Str act = to == CLAIM_TIED ? S("field.claim.tie") : to == CLAIM_REFUSED ? S("field.claim.refuse") : S("field.claim.undo");
    return audit_add(c, act, S("submission"), at->c.answer.v, at->x.unit.v ? at->x.unit : at->round.owner, buf_str(&detail));
}

Err field_claim_action(Ctx *c)
{
    ClaimAt    at;
    ClaimState to;
    ClaimView  v = { .reason = form_str(c, "reason") };
    TRY(claim_at(c, &at));
    if (!claim_state_parse(form_str(c, "state"), &to) || to == CLAIM_RISEN || to == CLAIM_WAS)
        return err_new(c->arena, ERR_INVALID, S("no such decision"));
    if (to != CLAIM_WAITING && (!v.reason.len || utf8_count(v.reason) > REASON_MOST)) {
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "field.claim.reason.error"));
        return claim_show(c, &at, &v, 422);
    }
    at.c.by     = c->session.person;
    at.c.at     = c->now;
    at.c.reason = v.reason;
    Err e = claim_settle(c->db, c->store, c->arena, c->app, &at.c, to);
    if (err_is(e, ERR_CONFLICT))
        return redirect_notice(c, claim_path(c, at.c.answer), NOTICE_WARN, text_of(c->lang, "field.claim.conflict"));
    TRY(e);
    TRY(claim_record(c, &at, to));
    Str done = to == CLAIM_TIED ? text_of(c->lang, "field.claim.done.tied") : to == CLAIM_REFUSED ? text_of(c->lang, "field.claim.done.refused")
                                                                                                : text_of(c->lang, "field.claim.done.undone");
    return redirect_notice(c, claim_path(c, at.c.answer), NOTICE_OK, done);
}
