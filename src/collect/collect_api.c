/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The public interface: rounds, their questions, submissions, receipts. No cookies; errors are
 * {"errors":[{"name"?,"reason"}]}. A submission is checked here and stored by the collector. */
#include "collect/flags.h"
#include "collect/parts.h"

/* ---- Errors ------------------------------------------------------------------------------------ */
static Err api_error(Ctx *c, int status, Str reason)
{
    Buf b = buf_new(c->arena, 128);
    buf_lit(&b, "{\"errors\":[{\"reason\":");
    buf_json_str(&b, reason);
    buf_lit(&b, "}]}");
    return answer_json(c, status, buf_str(&b));
}

static Err api_issues(Ctx *c, const AnswerIssues *issues, Lang l)
{
    Buf b = buf_new(c->arena, 512);
    buf_lit(&b, "{\"errors\":[");
    for (size_t i = 0; i < issues->len; i++) {
        buf_add(&b, i ? S(",{\"name\":") : S("{\"name\":"));
        buf_json_str(&b, issues->at[i].name);
        buf_lit(&b, ",\"reason\":");
        buf_json_str(&b, issues->at[i].message[l]);
        buf_byte(&b, '}');
    }
    buf_lit(&b, "]}");
    return answer_json(c, 422, buf_str(&b));
}

/* ---- Rounds ------------------------------------------------------------------------------------- */
static void round_json(Buf *b, const Round *r, Lang l, Time now)
{
    buf_lit(b, "{\"code\":");
    buf_json_str(b, r->code);
    buf_lit(b, ",\"title\":");
    buf_json_str(b, round_title(r, l));
    buf_lit(b, ",\"state\":");
    buf_json_str(b, round_state_code(round_state_at(r, now)));
    buf_lit(b, ",\"identity\":");
    buf_json_str(b, round_identity_code(r->identity));
}

static Err api_rounds(Ctx *c)
{
    Rounds rounds;
    TRY(round_list(c->db, c->arena, &rounds));
    Buf  b     = buf_new(c->arena, 1024);
    bool first = true;
    buf_byte(&b, '[');
    for (size_t i = 0; i < rounds.len; i++) {
        if (round_state_at(&rounds.at[i], c->now) == ROUND_DRAFT)
            continue;
        if (!first)
            buf_byte(&b, ',');
        first = false;
        round_json(&b, &rounds.at[i], lang_asked(c), c->now);
        buf_byte(&b, '}');
    }
    buf_byte(&b, ']');
    return answer_json(c, 200, buf_str(&b));
}

/* A round that the public knows: not a draft, not before its opening. */
static Err public_round(Ctx *c, const RoundInfo **out)
{
    TRY(round_info(c->db, c->store, c->arena, path_str(c, "code"), out));
    return round_state_at(&(*out)->round, c->now) == ROUND_DRAFT ? err_new(c->arena, ERR_NOT_FOUND, S("round")) : OK;
}

static Err not_found(Ctx *c, Err e)
{
    return err_is(e, ERR_NOT_FOUND) ? api_error(c, 404, text_of(lang_asked(c), "collect.api.no_round")) : e;
}

static Err api_round(Ctx *c)
{
    const RoundInfo *info;
    Err              e = public_round(c, &info);
    if (e)
        return not_found(c, e);
    Buf b = buf_new(c->arena, 16 << 10);
    round_json(&b, &info->round, lang_asked(c), c->now);
    buf_lit(&b, ",\"questions\":");
    form_questions_json(&b, info->program, lang_asked(c));
    buf_byte(&b, '}');
    return answer_json(c, 200, buf_str(&b));
}

/* ---- Submissions --------------------------------------------------------------------------------- */
static Str receipt_json(Arena *a, const Submission *x)
{
    return arena_fmt(a, "{\"receipt\":\"%.*s\"}", STR_ARG(x->key.receipt));    /* letters, digits and dashes only */
}

static Err refuse(Ctx *c, SubmitOutcome outcome)
{
    Lang l = lang_asked(c);
    switch (outcome) {
    case SUBMIT_OTHER_BYTES: return api_error(c, 409, text_of(l, "collect.api.other_bytes"));
    case SUBMIT_NO_CODE:
        code_try_ended(c, false);
        return api_error(c, 403, text_of(l, "collect.api.no_code"));
    case SUBMIT_PAUSED:
        answer_header(c, S("retry-after"), S("600"));
        return api_error(c, 503, text_of(l, "collect.api.paused"));
    default: return api_error(c, 410, text_of(l, "collect.api.closed"));
    }
}

/* On the collector's thread, after the commit. */
static void api_finish(void *item, Err outcome)
{
    Submission *x    = item;
    HttpTask   *task = x->reply;
    Ctx        *c    = task->own;
    Err         e    = OK;
    if (outcome) {
        submission_forget_counts();
        answer_header(c, S("retry-after"), S("5"));
        e = api_error(c, 503, text_of(lang_asked(c), "collect.api.busy"));
    } else if (x->outcome == SUBMIT_STORED || x->outcome == SUBMIT_SAME) {
        if (x->info->round.identity == IDENTITY_CODE)
            code_try_ended(c, true);
        e = answer_json(c, x->outcome == SUBMIT_STORED ? 201 : 200, receipt_json(c->arena, x));
    } else {
        e = refuse(c, x->outcome);
    }
    if (e)
        task->res.status = 500;
    http_reply(task);
}

static const CollectKind api_kind = { "submission", submission_apply, api_finish };

typedef struct Envelope { Str uuid, code; const Json *answers; bool has_code; } Envelope;

static bool read_envelope(Ctx *c, Envelope *out)
{
    const Json *tree;
    *out = (Envelope){ 0 };
    if (json_parse(c->arena, c->req->body, &tree) || !json_is(tree, JSON_OBJECT))
        return false;
    out->has_code = json_get(tree, S("code")) != NULL;
    json_str(json_get(tree, S("code")), &out->code);
    out->answers = json_get(tree, S("answers"));
    return json_str(json_get(tree, S("instance_id")), &out->uuid) && uuid_valid(out->uuid);
}

static void read_code(Ctx *c, const CollectKeys *k, Str typed, Submission *x)
{
    Str clean;
    x->has_code = word_clean(c->arena, typed, &clean);
    if (!x->has_code)
        clean = S("0");                       /* a missing code costs what a wrong one costs */
    x->long_code = clean.len == CODE_LONG_LEN;
    x->code      = code_hash(k, x->info->round.id, clean);
}

/* What is stored and summed up never holds the invitation's code: nothing may tie it to the answers. Nor does it then hold
 * the client's id, or who reads it could ask this interface which of the codes was sent with it. */
static void fill(Ctx *c, Submission *x, const RoundInfo *info, const Envelope *in, const FormAnswers *answers)
{
    const CollectKeys *k = collect_keys(c->app);
    if (!in->has_code) {
        submission_fill(x, c->arena, k, info, in->uuid, answers, c->req->body);
        return;
    }
    Str record = record_json(c->arena, info->program, answers);
    submission_fill(x, c->arena, k, info, in->uuid, answers, arena_fmt(c->arena, "{\"answers\":%.*s}", STR_ARG(record)));
    submission_sent(x, c->req->body, submission_body(c->arena, in->uuid, record));
}

/* What was refused now may be a retry of what was stored: the id and its bytes decide first. */
static Err answer_known(Ctx *c, const Submission *x, bool *out_known)
{
    SubmitOutcome known;
    TRY(submission_known(c->db, x, &known));
    *out_known = known != SUBMIT_WAITING;
    if (known == SUBMIT_SAME)
        return answer_json(c, 200, receipt_json(c->arena, x));
    return known == SUBMIT_OTHER_BYTES ? refuse(c, known) : OK;
}

static Err refuse_early(Ctx *c, const Submission *x, RoundGate gate, const AnswerIssues *issues)
{
    bool known;
    TRY(answer_known(c, x, &known));
    if (known)
        return OK;
    if (gate != GATE_OPEN)
        return refuse(c, gate == GATE_PAUSED ? SUBMIT_PAUSED : SUBMIT_CLOSED);
    return issues->len ? api_issues(c, issues, lang_asked(c)) : api_error(c, 422, text_of(lang_asked(c), "collect.api.no_answers"));
}

/* What is stored is acknowledged again even to who must wait. */
static Err slow_down(Ctx *c, const Submission *x, int seconds)
{
    bool known;
    TRY(answer_known(c, x, &known));
    if (known)
        return OK;
    answer_header(c, S("retry-after"), arena_fmt(c->arena, "%d", seconds));
    return api_error(c, 429, text_of(lang_asked(c), "collect.api.slow"));
}

static Err api_submit(Ctx *c)
{
    const RoundInfo *info;
    Envelope         in;
    Err              e = public_round(c, &info);
    if (e)
        return not_found(c, e);
    if (!read_envelope(c, &in))
        return api_error(c, 400, text_of(lang_asked(c), "collect.api.no_json"));
    Submission *x = arena_new(c->arena, Submission, 1);
    *x = (Submission){ .from = CONTRIBUTION_API, .channel = CHANNEL_API, .at = c->now, .media = S("application/json"), .reply = c->task };
    AnswerIssues issues  = { 0 };
    FormAnswers  answers = form_answers_new(c->arena, info->program);
    bool         whole   = json_is(in.answers, JSON_OBJECT);
    if (whole)
        form_answers_from_json(c->arena, info->program, in.answers, c->now, &answers, &issues);
    fill(c, x, info, &in, &answers);
    read_code(c, x->keys, in.code, x);
    RoundGate gate = round_gate(&info->round, CONTRIBUTION_API, c->now);
    if (gate != GATE_OPEN || issues.len || !whole)
        return refuse_early(c, x, gate, &issues);
    if (!api_sends_left(c))
        return slow_down(c, x, 60);
    if (info->round.identity == IDENTITY_CODE && !code_tries_left(c))
        return slow_down(c, x, CODE_PAUSE_S);
    flag_answers(x, &answers, 0);
    x->cases     = c->app->case_finder;
    x->case_code = x->cases && info->round.identity == IDENTITY_OPEN ? answers_case_code(info->program, &answers) : S("");
    submission_seal(x, c->arena);
    return answer_after_commit(c, &api_kind, x);
}

/* ---- Receipts ------------------------------------------------------------------------------------ */
static Err api_receipt(Ctx *c)
{
    ReceiptRow r;
    Round      round;
    Err        e = receipt_find(c->db, c->arena, c->app, path_str(c, "receipt"), &r);
    if (err_is(e, ERR_NOT_FOUND))
        return api_error(c, 404, text_of(lang_asked(c), "collect.api.no_receipt"));
    TRY(e);
    TRY(round_load(c->db, c->arena, r.round, &round));
    Buf b = buf_new(c->arena, 128);
    buf_lit(&b, "{\"round\":");
    buf_json_str(&b, round.code);
    buf_lit(&b, ",\"state\":");
    buf_json_str(&b, receipt_state_code(r.state));
    buf_byte(&b, '}');
    return answer_json(c, 200, buf_str(&b));
}

const Route collect_api_routes[] = {
    { GET,  "/rounds",                    RIGHT_PUBLIC, api_rounds,  ROUTE_API },
    { GET,  "/rounds/{code}",             RIGHT_PUBLIC, api_round,   ROUTE_API },
    { POST, "/rounds/{code}/submissions", RIGHT_PUBLIC, api_submit,  ROUTE_API | ROUTE_NO_TX },
    { GET,  "/receipts/{receipt}",        RIGHT_PUBLIC, api_receipt, ROUTE_API },
    { 0 },
};
