/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Start and consent, code, language, introductions of parts, resume code, honest ends, /q/{code}. */
#include "collect/console.h"
#include "collect/desk.h"
#include "collect/respond.h"
#include "respond_language.html.h"
#include "respond_section.html.h"
#include "respond_start.html.h"
#include "respond_end.html.h"
#include "respond_word.html.h"

static Err gate_answer(Respond *r, RoundGate gate)
{
    return respond_end(r, gate == GATE_PAUSED ? "paused" : "closed", gate == GATE_PAUSED ? 503 : 410);
}

/* Whether a typed question speaks of a name, a number to call or a paper: the start must not say then that none is asked. */
static bool asks_identity(Arena scratch, const FormProgram *p)
{
    static const char *const words[] = { "ho ten", "ho va ten", "so dien thoai", "so can cuoc", "cccd", "cmnd", "so ho chieu", "dia chi email",
        "your name", "full name", "telephone number", "phone number", "passport number" };
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        for (int l = 0; (n->type == Q_TEXT || n->type == Q_INTEGER) && l < LANG_COUNT; l++)
            for (size_t w = 0; w < COUNT_OF(words); w++)
                if (str_has(text_fold(&scratch, n->label[l]), str_from_c(words[w])))
                    return true;
    }
    return false;
}

/* ---- Start ------------------------------------------------------------------------------------------ */
static Err start_with(Ctx *c, Respond *r, Str code)
{
    RoundGate gate = round_gate(&r->info->round, CONTRIBUTION_START, c->now);
    if (gate != GATE_OPEN)
        return gate_answer(r, gate);
    int64_t   questions = form_question_count(r->program);
    StartView v = {
        .round = &r->info->round, .owner = c->page.survey_owner, .action = respond_href(r, ""), .token = form_token(c), .code = code,
        .channel = query_str(c, "c"), .resume_href = respond_href(r, "/resume"), .questions = questions,
        .minutes = (questions + 3) / 4, .help = respond_help(r), .asks_identity = asks_identity(*c->arena, r->program),
    };
    Channel known;
    v.desk = query_str(c, "d");
    if (!channel_parse(v.channel, &known))
        v.channel = v.desk.len ? S("qr") : S("web");
    if (r->carried.token.len && draft_by_token(c->db, c->arena, keyed_hash(collect_keys(c->app)->draft, 0, r->carried.token), &r->draft) == OK)
        v.continue_href = r->draft.page.len ? site_path(c, r->draft.page) : respond_href(r, "/check");
    c->page.description = round_intro(&r->info->round, c->lang);
    c->page.no_index    = false;
    if (c->app->public_url.len)
        c->page.share_image = arena_fmt(c->arena, "%.*s/s/%.*s/card.png", STR_ARG(c->app->public_url), STR_ARG(r->info->round.code));
    Out o = page_begin(c, round_title(&r->info->round, c->lang));
    respond_start(&o, &v);
    return page_end(c, &o);
}

static Err start_page(Ctx *c)
{
    Respond r;
    TRY(respond_open(c, &r));
    return start_with(c, &r, S(""));
}

/* Which channels a browser may name: the others are set by the program. */
static Channel channel_typed(const Ctx *c)
{
    Channel ch = CHANNEL_WEB;
    if (channel_parse(form_str(c, "c"), &ch) && (ch == CHANNEL_QR || ch == CHANNEL_KIOSK || ch == CHANNEL_EMBED))
        return ch;
    return CHANNEL_WEB;
}

static Str path_to_begin(Respond *r)
{
    bool needs_code = r->info->round.identity == IDENTITY_CODE && r->carried.code.len == 0;
    if (needs_code)
        return respond_path(r, "/code");
    return respond_asks_language(r) ? respond_path(r, "/language") : respond_first(r);
}

/* A questionnaire written for telephones may note the minute of its start; a person who answers by pages is told that only the
 * day is kept. */
static void forget_hours(Respond *r)
{
    for (size_t i = 0; i < r->program->nodes.len; i++)
        if (r->program->nodes.at[i].type == Q_START && r->program->nodes.at[i].answer >= 0)
            r->x.at[r->program->nodes.at[i].answer] = S("");
}

/* By a desk's QR code: what is known at the desk is answered already. A desk that has stopped changes nothing. */
static Err from_desk(Respond *r, Str poster)
{
    Desk d;
    if (!poster.len)
        return OK;
    Err e = desk_by_poster(r->c->db, r->c->arena, r->info->round.id, poster, &d);
    if (e)
        return err_is(e, ERR_NOT_FOUND) ? OK : e;
    desk_answers(r->c->arena, r->program, &d, &r->x);
    form_settle(r->program, r->c->arena, &r->x, r->c->now);
    r->draft.desk         = d.id;
    r->draft.answers_json = draft_json(r->c->arena, r->program, &r->x, &r->typed);
    return OK;
}

static Err start_action(Ctx *c)
{
    Respond r;
    TRY(respond_open(c, &r));
    if (str_eq(form_str(c, "consent"), S("no")))
        return respond_end(&r, "declined", 200);
    RoundGate gate = round_gate(&r.info->round, CONTRIBUTION_START, c->now);
    if (gate != GATE_OPEN)
        return gate_answer(&r, gate);
    const CollectKeys *k = collect_keys(c->app);
    Str code = S(""), clean;
    if (r.info->round.identity == IDENTITY_CODE && word_clean(c->arena, form_str(c, "code"), &clean))
        code = clean;
    r.carried = (Carried){ .token = draft_token(c->arena), .resume = random_code(c->arena, RESUME_LEN), .code = code };
    form_begin(r.program, c->arena, &r.x, c->now);
    forget_hours(&r);
    r.draft   = (Draft){ .round = r.info->round.id, .form = r.info->round.form, .channel = channel_typed(c), .started_at = c->now,
                         .saved_at = c->now, .answers_json = draft_json(c->arena, r.program, &r.x, &r.typed) };
    TRY(from_desk(&r, form_str(c, "d")));
    r.draft.page = path_to_begin(&r);
    TRY(draft_create(c->db, c->arena, &r.draft, keyed_hash(k->draft, 0, r.carried.token), keyed_hash(k->resume, r.info->round.id.v, r.carried.resume)));
    respond_carry(&r, &r.carried);
    return redirect(c, r.draft.page);
}

/* ---- Code ---------------------------------------------------------------------------------------------- */
static Err code_view(Ctx *c, Respond *r, Str typed, Str error, int status)
{
    WordView v = {
        .title = text_of(c->lang, "collect.code.title"), .text = text_of(c->lang, "collect.code.text"),
        .label = text_of(c->lang, "collect.code.label"), .hint = text_of(c->lang, "collect.code.hint"), .name = S("code"), .value = typed,
        .error = error, .action = respond_href(r, "/code"), .token = form_token(c), .back_href = respond_href(r, ""),
        .button = text_of(c->lang, "collect.continue"), .help = respond_help(r),
    };
    Out o = page_begin(c, v.title);
    respond_word(&o, &v);
    return page_end_status(c, &o, status);
}

static Err code_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    return left ? OK : code_view(c, &r, S(""), S(""), 200);
}

/* Looks whether the code is good and spends nothing: sending does. Unknown, used and expired are one answer. */
static Err code_action(Ctx *c)
{
    Respond r;
    bool    left, valid = false;
    Str     clean, typed = form_str(c, "code");
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    if (!code_tries_left(c))
        return respond_end(&r, "many", 429);
    if (!typed.len)
        return code_view(c, &r, typed, text_of(c->lang, "collect.code.empty"), 422);
    if (!word_clean(c->arena, typed, &clean))
        clean = S("0");
    TRY(code_valid(c->db, collect_keys(c->app), r.info->round.id, clean, c->today, &valid));
    if (!valid) {
        code_try_ended(c, false);
        return code_view(c, &r, typed, text_of(c->lang, "collect.code.bad"), 422);
    }
    code_try_ended(c, true);
    r.carried.code = clean;
    respond_carry(&r, &r.carried);
    return redirect(c, r.draft.page.len && !str_ends(r.draft.page, S("/code")) ? r.draft.page : path_to_begin(&r));
}

/* A short link opens the start page; link previews open it too, so it spends nothing. */
static Err short_link(Ctx *c)
{
    Str     clean, code = path_str(c, "code");
    RoundId id = { 0 };
    Round   round;
    if (word_clean(c->arena, code, &clean) && clean.len == CODE_LONG_LEN)
        TRY(code_round(c->db, collect_keys(c->app), clean, c->today, &id));
    if (!id.v) {
        if (round_code_valid(code) && round_by_code(c->db, c->arena, code, &round) == OK)
            return redirect(c, arena_fmt(c->arena, "/s/%.*s?c=qr", STR_ARG(code)));
        code_try_ended(c, false);
        Respond none = { .c = c };
        static const RoundInfo nowhere;
        none.info = &nowhere;
        return respond_end(&none, "code", 404);
    }
    TRY(round_load(c->db, c->arena, id, &round));
    *list_add(c->arena, &c->params) = (HttpField){ S("round"), round.code };
    Respond r;
    TRY(respond_open(c, &r));
    c->page.canonical = respond_path(&r, "");
    return start_with(c, &r, clean);
}

/* ---- Language, parts --------------------------------------------------------------------------------------- */
static Err language_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    Out o = page_begin(c, text_of(c->lang, "collect.language.title"));
    HelpBox help = respond_help(&r);
    help.language_href = S("");                         /* this is the page */
    respond_language(&o, &r, form_token(c), &help);
    return page_end(c, &o);
}

static Err language_action(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    Str language = form_str(c, "language");
    r.program    = lang_parse(language, &c->lang) ? r.info->program : form_in_language(c->arena, r.info->program, language);
    Str  path  = r.draft.page;                       /* who changes it later goes on where they were */
    bool begun = path.len && !str_ends(path, S("/language")) && !str_ends(path, S("/code"));
    if (!begun)
        path = respond_first(&r);
    TRY(respond_save(&r, path));
    return redirect_plain(c, c->lang == LANG_EN ? str_concat(c->arena, S("/en"), path) : path);
}

/* Whether an answer may add pages to part n or take some away. */
static bool part_varies(Respond *r, int64_t n)
{
    for (int i = 0; i < (int)r->program->nodes.len; i++)
        if (r->program->nodes.at[i].relevant >= 0 && form_page_of(r->program, i) == i &&
            form_part(r->program, *r->c->arena, &r->x, r->c->now, r->c->lang, i).number == n)
            return true;
    return false;
}

/* First page of part n, and how many pages it has now; -1: there is no such part. */
static int part_pages(Respond *r, int64_t n, int64_t *out_pages, FormPart *out)
{
    int first = -1;
    *out_pages = 0;
    for (int at = form_next_page(r->program, *r->c->arena, &r->x, r->c->now, -1); at >= 0;
         at = form_next_page(r->program, *r->c->arena, &r->x, r->c->now, at)) {
        FormPart part = form_part(r->program, *r->c->arena, &r->x, r->c->now, r->c->lang, at);
        if (part.number != n)
            continue;
        if (first < 0) {
            first = at;
            *out  = part;
        }
        (*out_pages)++;
    }
    return first;
}

static Err section_page(Ctx *c)
{
    Respond     r;
    bool        left;
    SectionView v = { 0 };
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    int first = part_pages(&r, path_int(c, "n"), &v.questions, &v.part);
    if (first < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("part"));
    v.varies    = part_varies(&r, path_int(c, "n"));
    int before  = form_prev_page(r.program, *c->arena, &r.x, c->now, first);
    v.next_href = site_path(c, respond_question_path(&r, first));
    v.back_href = before >= 0 ? site_path(c, respond_question_path(&r, before)) : respond_href(&r, "");
    v.help      = respond_help(&r);
    Out o = page_begin(c, v.part.title);
    respond_section(&o, &v);
    return page_end(c, &o);
}

/* ---- Resume -------------------------------------------------------------------------------------------------- */
static Err resume_view(Ctx *c, Respond *r, Str typed, Str error, int status)
{
    WordView v = {
        .title = text_of(c->lang, "collect.resume.title"), .text = text_of(c->lang, "collect.resume.text"),
        .label = text_of(c->lang, "collect.resume.label"), .hint = text_of(c->lang, "collect.resume.hint"), .name = S("resume"), .value = typed,
        .error = error, .action = respond_href(r, "/resume"), .token = form_token(c), .back_href = respond_href(r, ""),
        .button = text_of(c->lang, "collect.resume.button"), .help = respond_help(r),
    };
    Out o = page_begin(c, v.title);
    respond_word(&o, &v);
    return page_end_status(c, &o, status);
}

/* After "save and finish later": first that nothing is lost, then how to go on. */
static Err saved_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    EndView v = { .title = text_of(c->lang, "collect.later.title"), .text = text_of(c->lang, "collect.later.text"), .help = respond_help(&r), .done = true,
                  .href = r.draft.page.len ? site_path(c, r.draft.page) : respond_href(&r, "/check"), .link = text_of(c->lang, "collect.resume.button") };
    v.next = text_fmt(c->arena, c->lang, "collect.later.code", ARG_S("code", v.help.resume_code));
    Out o = page_begin(c, v.title);
    respond_end_view(&o, &v);
    return page_end(c, &o);
}

static Err resume_page(Ctx *c)
{
    Respond r;
    if (query_int(c, "saved", 0))
        return saved_page(c);
    TRY(respond_open(c, &r));
    r.has_draft = false;
    return resume_view(c, &r, S(""), S(""), 200);
}

/* A new token for this device; the one before is dead. The code of the invitation is asked for again. */
static Err resume_action(Ctx *c)
{
    Respond r;
    TRY(respond_open(c, &r));
    RoundGate gate = round_gate(&r.info->round, CONTRIBUTION_SEND, c->now);
    if (gate != GATE_OPEN)
        return gate_answer(&r, gate);
    if (!code_tries_left(c))
        return respond_end(&r, "many", 429);
    const CollectKeys *k = collect_keys(c->app);
    Str   typed = form_str(c, "resume"), clean, token = draft_token(c->arena);
    if (!typed.len)
        return resume_view(c, &r, typed, text_of(c->lang, "collect.resume.empty"), 422);
    if (!word_clean(c->arena, typed, &clean) || clean.len != RESUME_LEN)
        clean = S("0");
    Err e = draft_resume(c->db, c->arena, r.info->round.id, keyed_hash(k->resume, r.info->round.id.v, clean), keyed_hash(k->draft, 0, token), &r.draft);
    if (err_is(e, ERR_NOT_FOUND)) {
        code_try_ended(c, false);
        return resume_view(c, &r, typed, text_of(c->lang, "collect.resume.bad"), 422);
    }
    TRY(e);
    code_try_ended(c, true);
    respond_carry(&r, &(Carried){ .token = token, .resume = clean });
    bool needs_code = r.info->round.identity == IDENTITY_CODE;
    return redirect(c, needs_code ? respond_path(&r, "/code") : r.draft.page.len ? r.draft.page : respond_path(&r, "/check"));
}

static Err ended_page(Ctx *c)
{
    Respond r;
    TRY(respond_open(c, &r));
    Str why = query_str(c, "why");
    RoundGate gate = round_gate(&r.info->round, CONTRIBUTION_START, c->now);
    if (gate != GATE_OPEN)
        return gate_answer(&r, gate);
    return str_eq(why, S("device")) ? respond_end(&r, "device", 403) : str_eq(why, S("code")) ? respond_end(&r, "code", 403)
                                                                     : respond_end(&r, "moved", 410);
}

const Route collect_respondent_routes[] = {
    { GET,  "/s/{round}",                 RIGHT_PUBLIC, start_page,      ROUTE_RESPONDENT },
    { POST, "/s/{round}",                 RIGHT_PUBLIC, start_action,    ROUTE_RESPONDENT },
    { GET,  "/s/{round}/code",            RIGHT_PUBLIC, code_page,       ROUTE_RESPONDENT },
    { POST, "/s/{round}/code",            RIGHT_PUBLIC, code_action,     ROUTE_RESPONDENT },
    { GET,  "/s/{round}/language",        RIGHT_PUBLIC, language_page,   ROUTE_RESPONDENT },
    { POST, "/s/{round}/language",        RIGHT_PUBLIC, language_action, ROUTE_RESPONDENT },
    { GET,  "/s/{round}/section/{n}",     RIGHT_PUBLIC, section_page,    ROUTE_RESPONDENT },
    { GET,  "/s/{round}/question/{name}", RIGHT_PUBLIC, respond_question_page,   ROUTE_RESPONDENT | ROUTE_PLACE },
    { POST, "/s/{round}/question/{name}", RIGHT_PUBLIC, respond_question_action, ROUTE_RESPONDENT | ROUTE_PLACE | ROUTE_UPLOAD },
    { GET,  "/s/{round}/list/{name}/{at}",  RIGHT_PUBLIC, respond_list_page,    ROUTE_RESPONDENT },
    { POST, "/s/{round}/list/{name}/{at}",  RIGHT_PUBLIC, respond_list_action,  ROUTE_RESPONDENT },
    { GET,  "/s/{round}/entry/{name}/{at}", RIGHT_PUBLIC, respond_entry_page,   ROUTE_RESPONDENT | ROUTE_PLACE },
    { POST, "/s/{round}/entry/{name}/{at}", RIGHT_PUBLIC, respond_entry_action, ROUTE_RESPONDENT | ROUTE_PLACE | ROUTE_UPLOAD },
    { GET,  "/s/{round}/media/{name}",    RIGHT_PUBLIC, respond_media_file,  ROUTE_RESPONDENT },
    { GET,  "/s/{round}/file/{name}",     RIGHT_PUBLIC, respond_answer_file, ROUTE_RESPONDENT },
    { GET,  "/s/{round}/check",           RIGHT_PUBLIC, respond_check_page,      ROUTE_RESPONDENT },
    { POST, "/s/{round}/check",           RIGHT_PUBLIC, respond_send_action,     ROUTE_RESPONDENT | ROUTE_NO_TX },
    { GET,  "/s/{round}/sent",            RIGHT_PUBLIC, respond_sent_page,       ROUTE_RESPONDENT },
    { GET,  "/s/{round}/resume",          RIGHT_PUBLIC, resume_page,     ROUTE_RESPONDENT },
    { POST, "/s/{round}/resume",          RIGHT_PUBLIC, resume_action,   ROUTE_RESPONDENT },
    { GET,  "/s/{round}/ended",           RIGHT_PUBLIC, ended_page,      ROUTE_RESPONDENT },
    { GET,  "/s/{round}/withdraw",        RIGHT_PUBLIC, respond_withdraw_page,   ROUTE_RESPONDENT },
    { POST, "/s/{round}/withdraw",        RIGHT_PUBLIC, respond_withdraw_action, ROUTE_RESPONDENT },
    { GET,  "/s/{round}/idle",            RIGHT_PUBLIC, kiosk_idle_page, ROUTE_RESPONDENT },
    { GET,  "/s/{round}/leave",           RIGHT_PUBLIC, kiosk_leave_page, ROUTE_RESPONDENT },
    { GET,  "/s/{round}/card.png",        RIGHT_PUBLIC, round_card_image,      ROUTE_CACHED },
    { GET,  "/q/{code}",                  RIGHT_PUBLIC, short_link,      ROUTE_RESPONDENT },
    { 0 },
};
