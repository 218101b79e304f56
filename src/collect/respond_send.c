/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sending a draft, the receipt, withdrawing and verifying by receipt. */
#include "collect/flags.h"
#include "collect/respond.h"
#include "receipt_verify.html.h"
#include "respond_sent.html.h"
#include "respond_withdraw.html.h"
#include "respond_word.html.h"

/* ---- Sending ----------------------------------------------------------------------------------------- */
static void fill(Ctx *c, Respond *r, FormAnswers *record, Submission *x)
{
    const CollectKeys *k = collect_keys(c->app);
    Str uuid = draft_instance(c->arena, k, r->carried.token);
    *x = (Submission){ .from = CONTRIBUTION_SEND, .channel = r->draft.channel, .at = c->now, .media = S("application/json"),
                       .draft = r->draft.id, .draft_token = keyed_hash(k->draft, 0, r->carried.token) };
    submission_fill(x, c->arena, k, r->info, uuid, record, submission_body(c->arena, uuid, record_json(c->arena, r->program, record)));
    x->has_code  = r->carried.code.len != 0;
    x->long_code = r->carried.code.len == CODE_LONG_LEN;
    x->code      = code_hash(k, r->info->round.id, x->has_code ? r->carried.code : S("0"));
    x->case_id    = r->draft.case_id;
    x->desk       = r->draft.desk;
    x->has_device = r->info->round.identity == IDENTITY_OPEN && !x->case_id;      /* an interviewer sends many from one device */
    x->device     = keyed_hash(k->device, r->info->round.id.v, device_cookie(c));
    flag_answers(x, record, c->now.ms - r->draft.started_at.ms);
    x->cases     = c->app->case_finder;
    x->case_code = x->cases && x->has_device ? answers_case_code(r->program, record) : S("");
    submission_seal(x, c->arena);
}

static Err sent_or_refused(Respond *r, const Submission *x)
{
    Ctx *c = r->c;
    switch (x->outcome) {
    case SUBMIT_STORED:
    case SUBMIT_SAME:
    case SUBMIT_OTHER_BYTES:         /* sent before with other answers: the first one counts, and this is its receipt */
        respond_carry(r, &(Carried){ .receipt = x->key.receipt, .kiosk = x->channel == CHANNEL_KIOSK, .field = x->case_id != 0 });
        return redirect(c, respond_path(r, "/sent"));
    case SUBMIT_NO_CODE:
        code_try_ended(c, false);
        return respond_end(r, "code", 403);
    case SUBMIT_DEVICE_LIMIT: return respond_end(r, "device", 403);
    case SUBMIT_PAUSED: return respond_end(r, "paused", 503);
    case SUBMIT_CLOSED: return respond_end(r, "closed", 410);
    default: return respond_end(r, "moved", 410);
    }
}

Err respond_send_action(Ctx *c)
{
    Respond      r;
    bool         left;
    Submission   x;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    if (r.info->round.identity == IDENTITY_CODE && !r.carried.code.len)
        return redirect(c, respond_path(&r, "/code"));
    if (respond_faults(&r).len)
        return respond_check_view(c, &r, true);
    if (!sends_left(c))
        return respond_end(&r, "sends", 429);
    FormAnswers record = form_answers_copy(c->arena, r.program, &r.x);
    form_strip_irrelevant(r.program, c->arena, &record, c->now);
    fill(c, &r, &record, &x);
    TRY(respond_record_files(&r, &record, &x.files));
    TRY(collector_run(c->store, c->arena, &submit_kind, &x));
    return sent_or_refused(&r, &x);
}

/* ---- Receipt -------------------------------------------------------------------------------------------- */
static Str verify_path(Ctx *c, Str receipt)
{
    return str_concat(c->arena, site_path(c, S("/receipt?code=")), receipt);
}

Err respond_sent_page(Ctx *c)
{
    Respond    r;
    ReceiptRow row;
    TRY(respond_open(c, &r));
    Err e = receipt_find(c->db, c->arena, c->app, r.carried.receipt, &row);
    if (e)
        return err_is(e, ERR_NOT_FOUND) ? redirect(c, respond_path(&r, "")) : e;
    SentView v = {
        .receipt = &row, .round = &r.info->round, .verify_href = verify_path(c, row.receipt), .help = respond_help(&r),
        .verify_url = arena_fmt(c->arena, "%.*s/receipt?code=%.*s", STR_ARG(site_base(c)), STR_ARG(row.receipt)),
        .withdraw_href = arena_fmt(c->arena, "%.*s?receipt=%.*s", STR_ARG(respond_href(&r, "/withdraw")), STR_ARG(row.receipt)),
    };
    v.mail_href = arena_fmt(c->arena, "mailto:?subject=%.*s&body=%.*s%%0A%.*s", STR_ARG(url_encode(c->arena, text_of(c->lang, "collect.sent.mail.subject"))),
                            STR_ARG(row.receipt), STR_ARG(url_encode(c->arena, v.verify_url)));
    if (r.carried.field)
        v.work_href = S("/console/field");
    if (r.carried.kiosk) {
        v.next_href = respond_href(&r, "/leave");
        kiosk_wait(&r, 60, "/leave");
    }
    Out o = page_begin(c, text_of(c->lang, "collect.sent.title"));
    respond_sent(&o, &v);
    return page_end(c, &o);
}

/* ---- Withdrawing ------------------------------------------------------------------------------------------ */
static Err withdraw_view(Ctx *c, Respond *r, Str typed, Str error, int status)
{
    WordView v = {
        .title = text_of(c->lang, "collect.withdraw.title"), .text = text_of(c->lang, "collect.withdraw.text"),
        .label = text_of(c->lang, "collect.receipt.label"), .hint = text_of(c->lang, "collect.receipt.hint"), .name = S("receipt"), .value = typed,
        .error = error, .action = respond_href(r, "/withdraw"), .token = form_token(c), .back_href = respond_href(r, ""),
        .button = text_of(c->lang, "collect.withdraw.button"), .warn = true, .help = respond_help(r),
    };
    if (r->info->round.state == ROUND_PUBLISHED)
        v.note = text_of(c->lang, "collect.withdraw.published");
    Out o = page_begin(c, v.title);
    respond_word(&o, &v);
    return page_end_status(c, &o, status);
}

Err respond_withdraw_page(Ctx *c)
{
    Respond r;
    TRY(respond_open(c, &r));
    return withdraw_view(c, &r, query_str(c, "receipt"), S(""), 200);
}

Err respond_withdraw_action(Ctx *c)
{
    Respond    r;
    ReceiptRow row;
    Str        typed = form_str(c, "receipt");
    TRY(respond_open(c, &r));
    if (!typed.len)
        return withdraw_view(c, &r, typed, text_of(c->lang, "collect.receipt.empty"), 422);
    Err e = receipt_find(c->db, c->arena, c->app, typed, &row);
    if (err_is(e, ERR_NOT_FOUND) || (!e && row.round.v != r.info->round.id.v)) {
        code_try_ended(c, false);
        return withdraw_view(c, &r, typed, text_of(c->lang, "collect.receipt.unknown"), 422);
    }
    TRY(e);
    TRY(receipt_withdraw(c->db, c->store, c->arena, c->app, typed));
    Out o = page_begin(c, text_of(c->lang, "collect.withdrawn.title"));
    HelpBox help = respond_help(&r);
    respond_withdraw(&o, row.receipt, verify_path(c, row.receipt), &help);
    return page_end(c, &o);
}

/* ---- Verifying: a public page ------------------------------------------------------------------------------ */
Err receipt_page(Ctx *c)
{
    ReceiptRow  row;
    Round       round;
    Str         typed = query_str(c, "code");
    ReceiptView v = { .typed = typed, .action = site_path(c, S("/receipt")) };
    bool        empty = !typed.len && str_starts(c->req->raw_query, S("code="));
    v.error = empty ? text_of(c->lang, "collect.receipt.empty") : S("");
    if (typed.len) {
        Err e = receipt_find(c->db, c->arena, c->app, typed, &row);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
        v.error = e ? text_of(c->lang, "collect.receipt.unknown") : S("");
        if (!e) {
            TRY(round_load(c->db, c->arena, row.round, &round));
            v.receipt = &row;
            v.round   = &round;
            v.withdraw_href = site_path(c, arena_fmt(c->arena, "/s/%.*s/withdraw?receipt=%.*s", STR_ARG(round.code), STR_ARG(row.receipt)));
        }
    }
    c->page.no_index = typed.len != 0 || empty;
    c->page.error    = v.error.len != 0;
    Out o = page_begin(c, text_of(c->lang, "collect.receipt.title"));
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "collect.receipt.title"), S(""));
    receipt_verify(&o, &v);
    return page_end_status(c, &o, empty ? 422 : v.error.len ? 404 : 200);
}
