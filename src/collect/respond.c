/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The respondent's round, draft and ways through the questionnaire. */
#include "collect/respond.h"
#include "respond_end.html.h"

/* ---- Cookie -------------------------------------------------------------------------------------- */
static Str cookie_of(const Respond *r)
{
    return arena_fmt(r->c->arena, "%std-s-%.*s", r->c->app->plain_http ? "" : "__Host-", STR_ARG(r->info->round.code));
}

static Carried carried_read(const Respond *r)
{
    Carried v    = { 0 };
    StrPair head = str_cut(http_field(&r->c->req->cookies, cookie_of(r)), '.');
    if (str_eq(head.head, S("sent"))) {
        StrPair mark = str_cut(head.tail, '.');
        v.receipt    = mark.head;
        v.kiosk      = str_eq(mark.tail, S("kiosk"));
        v.field      = str_eq(mark.tail, S("field"));
        return v;
    }
    StrPair rest = str_cut(head.tail, '.');
    if (head.head.len == 22 && rest.head.len == RESUME_LEN)
        v = (Carried){ .token = head.head, .resume = rest.head, .code = rest.tail };
    return v;
}

void respond_carry(const Respond *r, const Carried *v)
{
    Buf b = buf_new(r->c->arena, 160);
    buf_add(&b, cookie_of(r));
    buf_byte(&b, '=');
    if (v->receipt.len) {
        buf_lit(&b, "sent.");
        buf_add(&b, v->receipt);
        if (v->kiosk || v->field)
            buf_add(&b, v->kiosk ? S(".kiosk") : S(".field"));
    } else if (v->token.len) {
        buf_fmt(&b, "%.*s.%.*s", STR_ARG(v->token), STR_ARG(v->resume));
        if (v->code.len)
            buf_fmt(&b, ".%.*s", STR_ARG(v->code));
    }
    buf_lit(&b, "; Path=/; HttpOnly; SameSite=Lax");
    if (!r->c->app->plain_http)
        buf_lit(&b, "; Secure");
    buf_fmt(&b, "; Max-Age=%d", v->receipt.len ? 3600 : v->token.len ? 90 * 86400 : 0);
    answer_header(r->c, S("set-cookie"), buf_str(&b));
}

/* ---- Paths ---------------------------------------------------------------------------------------- */
Str respond_path(const Respond *r, const char *rest)
{
    return arena_fmt(r->c->arena, "/s/%.*s%s", STR_ARG(r->info->round.code), rest);
}

Str respond_href(const Respond *r, const char *rest)
{
    return site_path(r->c, respond_path(r, rest));
}

/* A name may hold a '/' between group and question; in an address it is a '~', which no name can hold. */
Str respond_question_path(const Respond *r, int node)
{
    Str name = str_replace(r->c->arena, r->program->nodes.at[node].name, S("/"), S("~"));
    return str_concat(r->c->arena, respond_path(r, "/question/"), url_encode(r->c->arena, name));
}

int respond_question_of(const Respond *r, Str segment)
{
    int node = form_find(r->program, str_replace(r->c->arena, segment, S("~"), S("/")));
    return node < 0 ? -1 : form_page_of(r->program, node);
}

static FormPart part_of(Respond *r, int node)
{
    return form_part(r->program, *r->c->arena, &r->x, r->c->now, r->c->lang, node);
}

static int next_page(Respond *r, int node)
{
    return form_next_page(r->program, *r->c->arena, &r->x, r->c->now, node);
}

/* A part is introduced when the questionnaire has several. */
static Str path_enter(Respond *r, int from, int to)
{
    if (to < 0)
        return respond_path(r, "/check");
    FormPart before = { 0 }, part = part_of(r, to);
    if (from >= 0)
        before = part_of(r, from);
    if (part.total > 1 && part.number != before.number)
        return arena_fmt(r->c->arena, "/s/%.*s/section/%d", STR_ARG(r->info->round.code), part.number);
    return respond_question_path(r, to);
}

Str respond_first(Respond *r)
{
    return path_enter(r, -1, next_page(r, -1));
}

Str respond_after(Respond *r, int node)
{
    return path_enter(r, node, next_page(r, node));
}

Str respond_before(Respond *r, int node)
{
    int before = form_prev_page(r->program, *r->c->arena, &r->x, r->c->now, node);
    FormPart part = part_of(r, node);
    if (part.total > 1 && (before < 0 || part_of(r, before).number != part.number))
        return arena_fmt(r->c->arena, "/s/%.*s/section/%d", STR_ARG(r->info->round.code), part.number);
    return before < 0 ? respond_path(r, "") : respond_question_path(r, before);
}

/* ---- Draft ------------------------------------------------------------------------------------------ */
Str draft_json(Arena *a, const FormProgram *p, const FormAnswers *x, const FormAnswers *typed)
{
    Buf b = buf_new(a, 1024);
    buf_fmt(&b, "{\"answers\":%.*s,\"typed\":%.*s", STR_ARG(record_json(a, p, x)), STR_ARG(record_json(a, p, typed)));
    if (p->spoken) {
        buf_lit(&b, ",\"language\":");
        buf_json_str(&b, form_spoken(p).header);
    }
    buf_lit(&b, "}");
    return buf_str(&b);
}

const FormProgram *draft_language(Arena *a, const FormProgram *p, Str json)
{
    const Json *tree   = NULL;
    Str         header = S("");
    return json_parse(a, json, &tree) == OK && json_str(json_get(tree, S("language")), &header) ? form_in_language(a, p, header) : p;
}

bool respond_asks_language(const Respond *r)
{
    return r->program->has_lang[LANG_EN] || form_other_languages(r->c->arena, r->program).len > 0;
}

void draft_read(Arena *a, const FormProgram *p, Str json, FormAnswers *x, FormAnswers *typed)
{
    const Json *tree = NULL;
    if (json_parse(a, json, &tree))
        return;
    form_answers_load(a, p, json_get(tree, S("answers")), x);
    form_answers_load(a, p, json_get(tree, S("typed")), typed);
}

Err respond_save(Respond *r, Str page)
{
    r->draft.answers_json = draft_json(r->c->arena, r->program, &r->x, &r->typed);
    r->draft.page         = page;
    r->draft.saved_at     = r->c->now;
    return draft_save(r->c->db, &r->draft);
}

/* ---- Opening ------------------------------------------------------------------------------------------ */
Err respond_open(Ctx *c, Respond *r)
{
    *r = (Respond){ .c = c };
    Unit owner;
    TRY(round_info(c->db, c->store, c->arena, path_str(c, "round"), &r->info));
    if (round_state_at(&r->info->round, c->now) == ROUND_DRAFT)
        return err_new(c->arena, ERR_NOT_FOUND, S("round"));
    r->program  = r->info->program;
    r->x        = form_answers_new(c->arena, r->program);
    r->typed    = form_answers_new(c->arena, r->program);
    r->carried  = carried_read(r);
    c->page.survey_title = round_title(&r->info->round, c->lang);
    c->page.simulated    = r->info->round.simulated;
    c->page.no_index     = true;
    if (c->req->method == POST) {          /* a refused page is the page of its address, in either language */
        Str path = str_starts(c->req->path, S("/en/")) ? str_skip(c->req->path, 3) : c->req->path;
        c->page.path_vi = path;
        c->page.path_en = str_concat(c->arena, S("/en"), path);
    }
    /* A round of the whole country is carried out by the agency that runs this site. */
    if (unit_load(c->db, c->arena, r->info->round.owner, c->today, &owner) == OK)
        c->page.survey_owner = owner.kind == UNIT_NATION && c->app->agency.len ? c->app->agency : unit_name(&owner, c->lang);
    return OK;
}

static Err load_draft(Respond *r)
{
    if (!r->carried.token.len)
        return OK;
    Err e = draft_by_token(r->c->db, r->c->arena, keyed_hash(collect_keys(r->c->app)->draft, 0, r->carried.token), &r->draft);
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    r->has_draft = r->draft.round.v == r->info->round.id.v;
    if (r->has_draft) {
        r->program = draft_language(r->c->arena, r->program, r->draft.answers_json);
        draft_read(r->c->arena, r->program, r->draft.answers_json, &r->x, &r->typed);
    }
    r->x.mix = r->draft.id;
    return OK;
}

/* The draft is gone: sent from here, sent or resumed elsewhere, or never begun. */
static Err leave(Respond *r)
{
    if (r->carried.receipt.len)
        return redirect(r->c, respond_path(r, "/sent"));
    if (!r->carried.token.len)
        return redirect(r->c, respond_path(r, ""));
    const CollectKeys *k = collect_keys(r->c->app);
    InstanceKey key = instance_key(r->c->arena, k, &r->info->round, draft_instance(r->c->arena, k, r->carried.token));
    ReceiptRow row;
    Err e = receipt_find(r->c->db, r->c->arena, r->c->app, key.receipt, &row);
    if (e)
        return err_is(e, ERR_NOT_FOUND) ? respond_end(r, "moved", 410) : e;
    respond_carry(r, &(Carried){ .receipt = key.receipt });
    return redirect(r->c, respond_path(r, "/sent"));
}

Err respond_draft(Ctx *c, Respond *r, bool *out_left)
{
    *out_left = true;
    TRY(respond_open(c, r));
    TRY(load_draft(r));
    if (!r->has_draft)
        return leave(r);
    RoundGate gate = round_gate(&r->info->round, CONTRIBUTION_SEND, c->now);
    if (gate != GATE_OPEN)
        return respond_end(r, gate == GATE_PAUSED ? "paused" : "closed", gate == GATE_PAUSED ? 503 : 410);
    if (r->draft.channel == CHANNEL_KIOSK)
        kiosk_wait(r, 120, "/idle");
    *out_left = false;
    return OK;
}

/* ---- Ends ------------------------------------------------------------------------------------------------ */
typedef struct EndText { const char *why, *title, *text, *next; } EndText;

static const EndText ends[] = {
    { "closed", "collect.end.closed.title", "collect.end.closed.text", "collect.end.closed.next" },
    { "published", "collect.end.closed.title", "collect.end.closed.text", "collect.end.published.next" },
    { "paused", "collect.end.paused.title", "collect.end.paused.text", "collect.end.paused.next" },
    { "code", "collect.end.code.title", "collect.end.code.text", "collect.end.code.next" },
    { "device", "collect.end.device.title", "collect.end.device.text", "collect.end.device.next" },
    { "moved", "collect.end.moved.title", "collect.end.moved.text", "collect.end.moved.next" },
    { "many", "collect.end.many.title", "collect.end.many.text", "collect.end.many.next" },
    { "sends", "collect.end.many.title", "collect.end.sends.text", "collect.end.sends.next" },
    { "declined", "collect.end.declined.title", "collect.end.declined.text", "collect.end.declined.next" },
};

Err respond_end(Respond *r, const char *why, int status)
{
    Ctx           *c   = r->c;
    bool published     = r->info->round.state == ROUND_PUBLISHED && strcmp(why, "closed") == 0;
    if (published)
        why = "published";
    const EndText *row = &ends[COUNT_OF(ends) - 1];
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (strcmp(ends[i].why, why) == 0)
            row = &ends[i];
    bool    moved = strcmp(why, "moved") == 0 || strcmp(why, "declined") == 0;
    EndView v     = {
        .title = text_find(c->lang, str_from_c(row->title)), .text = text_find(c->lang, str_from_c(row->text)),
        .next = text_find(c->lang, str_from_c(row->next)), .help = { .phone = c->app->help_phone },
        .href = moved ? respond_href(r, "") : site_path(c, published ? S("/results") : S("/surveys")),
        .link = moved ? text_of(c->lang, "collect.end.back") : published ? text_of(c->lang, "collect.surveys.results") : text_of(c->lang, "collect.end.others"),
    };
    if (status == 503 || status == 429)
        answer_header(c, S("retry-after"), strcmp(why, "sends") == 0 ? S("60") : S("600"));
    Out o = page_begin(c, v.title);
    respond_end_view(&o, &v);
    return page_end_status(c, &o, status);
}

Err respond_begin_case(Ctx *c, Str code, Channel ch, int64_t case_id, Str *out_path)
{
    Respond r;
    *list_add(c->arena, &c->params) = (HttpField){ S("round"), code };
    TRY(respond_open(c, &r));
    const CollectKeys *k = collect_keys(c->app);
    r.carried = (Carried){ .token = draft_token(c->arena), .resume = random_code(c->arena, RESUME_LEN) };
    r.draft   = (Draft){ .round = r.info->round.id, .form = r.info->round.form, .channel = ch, .case_id = case_id, .started_at = c->now,
                         .saved_at = c->now, .answers_json = draft_json(c->arena, r.program, &r.x, &r.typed) };
    r.draft.page = respond_asks_language(&r) ? respond_path(&r, "/language") : respond_first(&r);
    TRY(draft_create(c->db, c->arena, &r.draft, keyed_hash(k->draft, 0, r.carried.token), keyed_hash(k->resume, r.info->round.id.v, r.carried.resume)));
    respond_carry(&r, &r.carried);
    *out_path = r.draft.page;
    return OK;
}
