/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time codes in the console. The sheets are the answer to the request that makes the codes: they can be printed
 * then and never again, since only hashes are kept. */
#include "collect/console.h"
#include "collect/paper.h"
#include "round_codes.html.h"

enum { MOST_CARDS = 10000, MOST_ROWS = 50000 };

static Err unit_choices(Ctx *c, const Round *r, Str chosen, Choices *out)
{
    Units below;
    *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)r->owner.v), .label = unit_name_today(c, r->owner) };
    TRY(unit_children(c->db, c->arena, r->owner, c->today, &below));
    for (size_t i = 0; i < below.len; i++)
        *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)below.at[i].id.v), .label = unit_name(&below.at[i], c->lang) };
    for (size_t i = 0; i < out->len; i++)
        out->at[i].chosen = str_eq(out->at[i].value, chosen);
    return OK;
}

static Err codes_view(Ctx *c, const Round *r, CodesView *v, int status)
{
    CodeBatches batches;
    TRY(code_batch_list(c->db, c->arena, r->id, &batches));
    for (size_t i = 0; i < batches.len; i++) {
        const CodeBatch *b = &batches.at[i];
        v->made += b->made;
        v->left += b->left;
        Str rest = arena_fmt(c->arena, "/codes/%lld/void", (long long)b->id);
        *list_add(c->arena, &v->rows) = (CodeRow){ b, unit_name_today(c, b->unit), b->left ? round_console_path(c, r, arena_c(c->arena, rest)) : S("") };
    }
    v->r      = r;
    v->no_address = round_no_address(c);
    v->token  = c->page.form_token;
    v->action = round_console_path(c, r, "/codes");
    bool table = str_eq(form_str(c, "as"), S("table"));
    v->as[0]  = (Choice){ .value = S("cards"), .label = text_of(c->lang, "collect.codes.as.cards"), .chosen = !table };
    v->as[1]  = (Choice){ .value = S("table"), .label = text_of(c->lang, "collect.codes.as.table"), .chosen = table };
    v->wrong_identity = r->identity != IDENTITY_CODE;
    TRY(unit_choices(c, r, form_str(c, "unit"), &v->units));
    Out o = page_begin(c, text_of(c->lang, "collect.codes.title"));
    page_crumb(c, c->page.title, S(""));
    round_codes(&o, v);
    return page_end_status(c, &o, status);
}

Err round_codes_page(Ctx *c)
{
    Round     r;
    CodesView v = { .count = S("500") };
    TRY(round_of_console(c, RIGHT_ROUND_CODES, &r));
    v.valid = date_boxes(c->arena, r.closes_at.ms ? date_of(r.closes_at) : DATE_NONE);
    return codes_view(c, &r, &v, 200);
}

static void read_batch(Ctx *c, const Round *r, CodesView *v, CodeBatch *b)
{
    *b = (CodeBatch){ .round = r->id, .made_on = c->today };
    v->label = b->label = form_str(c, "label");
    v->count = form_str(c, "count");
    if (!b->label.len || utf8_count(b->label) > 100)
        field_error(c, &v->errors, S("label"), text_of(c->lang, "collect.fault.label"));
    int64_t most = str_eq(form_str(c, "as"), S("table")) ? MOST_ROWS : MOST_CARDS;
    if (!str_to_i64(v->count, &b->made) || b->made < 1 || b->made > most)
        field_error(c, &v->errors, S("count"), text_fmt(c->arena, c->lang, "collect.fault.count", ARG_N("n", most)));
    str_to_i64(form_str(c, "unit"), &b->unit.v);
    bool within = false;
    if (!b->unit.v || unit_within(c->db, b->unit, r->owner, c->today, &within) || !within)
        field_error(c, &v->errors, S("unit"), text_of(c->lang, "collect.fault.owner"));
    if (!date_typed(c, form_str, "valid", &v->valid, &b->valid_to) || (!date_is_none(b->valid_to) && b->valid_to.day < c->today.day))
        field_error(c, &v->errors, S("valid_day"), text_of(c->lang, "collect.fault.order"));
}

static Err sheets(Ctx *c, const Round *r, const CodeBatch *b, const NewCode *codes)
{
    Str       pdf, base = site_base(c);
    SheetText t = sheet_text(c->arena, r, round_agency(c, r->owner), base, b->valid_to);
    TRY(codes_pdf(c->arena, &t, str_concat(c->arena, base, S("/q/")), codes, (size_t)b->made, &pdf));
    return answer_file(c, S("application/pdf"), arena_fmt(c->arena, "ma-moi-%.*s.pdf", STR_ARG(r->code)), pdf);
}

static Err note_made(Ctx *c, const Round *r, int64_t made)
{
    return audit_add(c, S("round.codes_make"), S("round"), r->id.v, r->owner, arena_fmt(c->arena, "{\"made\":%lld}", (long long)made));
}

static Err answer_table(Ctx *c, const Round *r, const CodeBatch *b)
{
    Buf       csv = buf_new(c->arena, 0);
    int64_t   batch;
    CodeOrder o = { r->id, b->label, b->unit, b->made, b->valid_to };
    TRY(codes_make(c->db, c->arena, c->app, &o, site_base(c), c->now, &csv, &batch));
    TRY(db_begin_write(c->db));
    TRY(note_made(c, r, b->made));
    TRY(db_commit(c->db));
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "ma-moi-%.*s.csv", STR_ARG(r->code)), buf_str(&csv));
}

Err round_codes_action(Ctx *c)
{
    Round     r;
    CodeBatch b;
    NewCode  *codes;
    CodesView v = { 0 };
    TRY(round_of_console(c, RIGHT_ROUND_CODES, &r));
    if (r.identity != IDENTITY_CODE || r.state == ROUND_PUBLISHED || round_state_at(&r, c->now) == ROUND_CLOSED)
        return redirect_notice(c, round_console_path(c, &r, ""), NOTICE_WARN, text_of(c->lang, "collect.fault.step"));
    read_batch(c, &r, &v, &b);
    if (v.errors.len)
        return codes_view(c, &r, &v, 422);
    if (str_eq(form_str(c, "as"), S("table")))
        return answer_table(c, &r, &b);
    /* Drawing 10,000 sheets takes seconds: the one writer is given back before. */
    TRY(db_begin_write(c->db));
    TRY(code_batch_make(c->db, c->arena, collect_keys(c->app), &b, &codes));
    TRY(note_made(c, &r, b.made));
    TRY(db_commit(c->db));
    return sheets(c, &r, &b, codes);
}

/* ---- Voiding what is unspent ----------------------------------------------------------------------------------- */
static Err void_view(Ctx *c, const Round *r, const CodeBatch *b, const FieldErrors *errors, int status)
{
    SummaryRow rows[] = {
        { .key = text_of(c->lang, "collect.codes.label"), .value = b->label },
        { .key = text_of(c->lang, "collect.codes.left"), .value = num_text(c->arena, c->lang, b->left) },
    };
    ConfirmPage v = {
        .title = text_of(c->lang, "collect.void.title"), .text = text_of(c->lang, "collect.void.text"), .warning = text_of(c->lang, "collect.void.warning"),
        .rows = rows, .n = COUNT_OF(rows), .token = c->page.form_token, .back_href = round_console_path(c, r, "/codes"),
        .button = text_of(c->lang, "collect.void.button"),
        .action = round_console_path(c, r, arena_c(c->arena, arena_fmt(c->arena, "/codes/%lld/void", (long long)b->id))), .danger = true,
        .ask_reason = true, .reason = form_str(c, "reason"), .errors = errors,
    };
    Out o = page_begin(c, v.title);
    page_crumb(c, v.title, S(""));
    confirm_page(&o, &v);
    return page_end_status(c, &o, status);
}

Err round_void_page(Ctx *c)
{
    Round     r;
    CodeBatch b;
    TRY(round_of_console(c, RIGHT_ROUND_CODES, &r));
    TRY(code_batch_load(c->db, c->arena, r.id, path_int(c, "batch"), &b));
    return void_view(c, &r, &b, NULL, 200);
}

Err round_void_action(Ctx *c)
{
    Round       r;
    CodeBatch   b;
    FieldErrors errors = { 0 };
    int64_t     voided;
    Str         reason = form_str(c, "reason");
    TRY(round_of_console(c, RIGHT_ROUND_CODES, &r));
    TRY(code_batch_load(c->db, c->arena, r.id, path_int(c, "batch"), &b));
    if (!reason.len || utf8_count(reason) > 1000) {
        field_error(c, &errors, S("reason"), text_of(c->lang, "collect.fault.reason"));
        return void_view(c, &r, &b, &errors, 422);
    }
    TRY(code_batch_void(c->db, b.id, &voided));
    Buf detail = buf_new(c->arena, 64);
    buf_fmt(&detail, "{\"voided\":%lld,\"reason\":", (long long)voided);
    buf_json_str(&detail, reason);
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("round.codes_void"), S("round"), r.id.v, r.owner, buf_str(&detail)));
    return redirect_notice(c, round_console_path(c, &r, "/codes"), NOTICE_OK, text_fmt(c->arena, c->lang, "collect.done.void", ARG_N("n", voided)));
}
