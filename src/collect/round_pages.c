/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rounds in the console: list, one round with what can be done next, making and changing a draft; the route table. */
#include "collect/console.h"
#include "collect/round_list.h"
#include "round_detail.html.h"
#include "round_edit.html.h"
#include "round_list.html.h"

/* ---- List ------------------------------------------------------------------------------------------------ */
enum { ROUNDS_A_PAGE = 50 };

static void state_tabs(Ctx *c, Str filter, TabItem tabs[ROUND_STATE_COUNT + 1])
{
    tabs[0] = (TabItem){ text_of(c->lang, "collect.rounds.all"), S("/console/rounds"), !filter.len };
    for (int s = 0; s < ROUND_STATE_COUNT; s++) {
        Str code    = round_state_code((RoundState)s);
        tabs[s + 1] = (TabItem){ round_state_text(c->lang, (RoundState)s), str_concat(c->arena, S("/console/rounds?state="), code), str_eq(filter, code) };
    }
}

static Err list_page(Ctx *c)
{
    Rounds        rounds = { 0 };
    RightScope    scope;
    Str           typed = query_str(c, "state");
    int64_t       page  = query_page(c);
    TabItem       tabs[ROUND_STATE_COUNT + 1];
    RoundFilter   f = { .by_state = typed.len > 0, .now = c->now };
    RoundListView v = { .filtered = f.by_state, .tabs = tabs, .tab_count = COUNT_OF(tabs) };
    ScopePage     p = { &scope, (page - 1) * ROUNDS_A_PAGE, ROUNDS_A_PAGE, 0 };
    TRY(right_scope(c, RIGHT_ROUND_READ, &scope));
    if (!f.by_state || round_state_parse(typed, &f.state))
        TRY(round_page_list(c->db, c->arena, &f, &p, &rounds));
    for (size_t i = 0; i < rounds.len; i++) {
        const Round *r = &rounds.at[i];
        *list_add(c->arena, &v.rows) = (ListRow){ r, round_state_at(r, c->now), unit_name_today(c, r->owner), round_console_path(c, r, "") };
    }
    state_tabs(c, typed, tabs);
    Str base   = f.by_state ? arena_fmt(c->arena, "/console/rounds?state=%.*s&page=", STR_ARG(round_state_code(f.state))) : S("/console/rounds?page=");
    v.all      = p.all;
    v.pager    = (Pager){ base, page, (p.all + ROUNDS_A_PAGE - 1) / ROUNDS_A_PAGE };
    v.new_href = right_has(c, RIGHT_ROUND_MANAGE, (UnitId){ 0 }) ? S("/console/rounds/new") : S("");
    Out o = page_begin(c, text_of(c->lang, "collect.rounds"));
    page_crumb(c, text_of(c->lang, "collect.rounds"), S(""));
    round_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One round --------------------------------------------------------------------------------------------- */
static void act(Ctx *c, RoundView *v, const char *rest, Str label, ButtonKind kind)
{
    *list_add(c->arena, &v->acts) = (Button){ .label = label, .href = round_console_path(c, v->r, rest), .kind = kind };
}

static void acts_of(Ctx *c, RoundView *v)
{
    Lang l = c->lang;
    if (v->state == ROUND_CLOSED && v->r->submissions && right_has(c, RIGHT_ROUND_PUBLISH, v->r->owner))
        act(c, v, "/publish", text_of(l, "collect.act.publish"), BUTTON_MAIN);
    if (!right_has(c, RIGHT_ROUND_MANAGE, v->r->owner))
        return;
    if (v->state == ROUND_DRAFT && v->r->state == ROUND_DRAFT) {
        act(c, v, "/step/open", text_of(l, "collect.act.open"), BUTTON_MAIN);
        act(c, v, "/edit", text_of(l, "collect.act.edit"), BUTTON_SECOND);
    }
    if (v->state == ROUND_PAUSED)
        act(c, v, "/step/open", text_of(l, "collect.act.resume"), BUTTON_MAIN);
    if (v->state == ROUND_OPEN)
        act(c, v, "/step/pause", text_of(l, "collect.act.pause"), BUTTON_SECOND);
    if (v->state == ROUND_OPEN || v->state == ROUND_PAUSED) {
        act(c, v, "/extend", text_of(l, "collect.act.extend"), BUTTON_SECOND);
        act(c, v, "/step/close", text_of(l, "collect.act.close"), BUTTON_DANGER);
    }
}

static void row(Ctx *c, RoundView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->rows) = (SummaryRow){ .key = key, .value = value };
}

static void rows_of(Ctx *c, RoundView *v, const FormProgram *p)
{
    const Round *r = v->r;
    Lang         l = c->lang;
    row(c, v, text_of(l, "collect.field.code"), r->code);
    row(c, v, text_of(l, "collect.field.form"), v->form_title);
    row(c, v, text_of(l, "collect.field.owner"), v->owner);
    row(c, v, text_of(l, "collect.field.identity"), r->identity == IDENTITY_CODE ? text_of(l, "collect.identity.code") : text_of(l, "collect.identity.open"));
    if (r->identity == IDENTITY_OPEN)
        row(c, v, text_of(l, "collect.field.device_limit"), r->device_limit ? num_text(c->arena, l, r->device_limit) : text_of(l, "collect.device.any"));
    row(c, v, text_of(l, "collect.field.opens"), r->opens_at.ms ? time_text(c->arena, l, r->opens_at) : S(""));
    row(c, v, text_of(l, "collect.field.closes"), r->closes_at.ms ? time_text(c->arena, l, r->closes_at) : S(""));
    row(c, v, text_of(l, "collect.field.closed"), r->closed_at.ms ? time_text(c->arena, l, r->closed_at) : S(""));
    int node = r->unit_question.len ? form_find(p, r->unit_question) : -1;
    row(c, v, text_of(l, "collect.field.unit_question"), node >= 0 ? form_label(p, node, l) : S(""));
    row(c, v, text_of(l, "collect.field.method"), v->method);
    row(c, v, text_of(l, "collect.field.submissions"), num_text(c->arena, l, r->submissions));
}

static void task(Ctx *c, RoundView *v, const char *rest, Str label, Str hint, Str state, TagKind kind)
{
    *list_add(c->arena, &v->tasks) = (TaskItem){ .label = label, .hint = hint, .href = round_console_path(c, v->r, rest), .kind = kind, .state = state };
}

static bool asks_files(const FormProgram *p)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        if (form_type_file(p->nodes.at[i].type))
            return true;
    return false;
}

static void tasks_of_analysis(Ctx *c, RoundView *v)
{
    Lang l = c->lang;
    if (right_has(c, RIGHT_ANALYSIS_READ, v->r->owner) && v->r->submissions)
        task(c, v, "/cleaning", text_of(l, "collect.task.cleaning"), text_of(l, "collect.task.cleaning.hint"), S(""), TAG_PLAIN);
    if (right_has(c, RIGHT_ANALYSIS_CODE, v->r->owner) && v->r->submissions)
        task(c, v, "/coding", text_of(l, "collect.task.coding"), text_of(l, "collect.task.coding.hint"), S(""), TAG_PLAIN);
    if (right_has(c, RIGHT_ANALYSIS_READ, v->r->owner) && v->r->submissions)
        task(c, v, "/frozen", text_of(l, "collect.task.frozen"), text_of(l, "collect.task.frozen.hint"), S(""), TAG_PLAIN);
    if (right_has(c, RIGHT_ANALYSIS_EXPORT, v->r->owner) && v->r->submissions)
        task(c, v, "/exports", text_of(l, "collect.task.exports"), text_of(l, "collect.task.exports.hint"), S(""), TAG_PLAIN);
}

static Err tasks_of(Ctx *c, RoundView *v, const FormProgram *p)
{
    Lang        l    = c->lang;
    CodeBatches made = { 0 };
    int64_t     left = 0;
    task(c, v, "/preview", text_of(l, "collect.task.preview"), text_of(l, "collect.task.preview.hint"),
         text_fmt(c->arena, l, "collect.task.preview.count", ARG_N("n", form_question_count(p))), TAG_PLAIN);
    task(c, v, "/share", text_of(l, "collect.task.share"), text_of(l, "collect.task.share.hint"),
         v->state == ROUND_OPEN ? text_of(l, "collect.task.share.open") : text_of(l, "collect.task.share.not_open"),
         v->state == ROUND_OPEN ? TAG_OK : TAG_OFF);
    if (v->r->identity == IDENTITY_CODE && right_has(c, RIGHT_ROUND_CODES, v->r->owner)) {
        TRY(code_batch_list(c->db, c->arena, v->r->id, &made));
        for (size_t i = 0; i < made.len; i++)
            left += made.at[i].left;
        task(c, v, "/codes", text_of(l, "collect.task.codes"), text_of(l, "collect.task.codes.hint"),
             text_fmt(c->arena, l, "collect.task.codes.left", ARG_N("n", left)), left ? TAG_INFO : TAG_WARN);
    }
    if (v->r->identity == IDENTITY_OPEN)
        task(c, v, "/desks", text_of(l, "collect.task.desks"), text_of(l, "collect.task.desks.hint"), S(""), TAG_PLAIN);
    task(c, v, "/progress", text_of(l, "collect.task.progress"), text_of(l, "collect.task.progress.hint"),
         text_fmt(c->arena, l, "collect.task.progress.count", ARG_N("n", v->r->submissions)), TAG_INFO);
    if (right_has(c, RIGHT_FIELD_READ, v->r->owner) && v->r->identity == IDENTITY_OPEN)
        task(c, v, "/fieldwork", text_of(l, "collect.task.field"), text_of(l, "collect.task.field.hint"), S(""), TAG_PLAIN);
    if (v->r->unit_question.len && v->state != ROUND_DRAFT)
        task(c, v, "/weights", text_of(l, "collect.task.weights"), text_of(l, "collect.task.weights.hint"), S(""), TAG_PLAIN);
    if (v->state != ROUND_DRAFT)
        task(c, v, "/results", text_of(l, "collect.task.results"), text_of(l, "collect.task.results.hint"),
             v->state == ROUND_PUBLISHED ? text_of(l, "collect.state.published") : text_of(l, "collect.task.results.provisional"), TAG_PLAIN);
    if (right_has(c, RIGHT_SUBMISSION_READ, v->r->owner)) {
        task(c, v, "/devices", text_of(l, "phone.task.devices"), text_of(l, "phone.task.devices.hint"), text_of(l, "phone.task.open"), TAG_PLAIN);
        task(c, v, "/field", text_of(l, "phone.task.records"), text_of(l, "phone.task.records.hint"), text_of(l, "phone.task.open"), TAG_PLAIN);
    }
    if (right_has(c, RIGHT_SUBMISSION_READ, v->r->owner))
        task(c, v, "/flagged", text_of(l, "collect.task.flagged"), text_of(l, "collect.task.flagged.hint"),
             text_fmt(c->arena, l, "collect.task.progress.count", ARG_N("n", v->r->flagged)), v->r->flagged ? TAG_WARN : TAG_PLAIN);
    if (right_has(c, RIGHT_SUBMISSION_READ, v->r->owner) && asks_files(p))
        task(c, v, "/files", text_of(l, "collect.task.files"), text_of(l, "collect.task.files.hint"), S(""), TAG_PLAIN);
    tasks_of_analysis(c, v);
    return OK;
}

static Str next_step(Ctx *c, const RoundView *v)
{
    Str opens = time_text(c->arena, c->lang, v->r->opens_at), closes = time_text(c->arena, c->lang, v->r->closes_at);
    switch (v->state) {
    case ROUND_DRAFT:
        return v->r->state == ROUND_DRAFT ? text_of(c->lang, "collect.next.draft")
                                          : text_fmt(c->arena, c->lang, "collect.next.planned", ARG_S("time", opens));
    case ROUND_OPEN:
        return v->r->closes_at.ms ? text_fmt(c->arena, c->lang, "collect.next.open", ARG_S("time", closes))
                                  : text_of(c->lang, "collect.next.open_ended");
    case ROUND_PAUSED: return text_of(c->lang, "collect.next.paused");
    case ROUND_CLOSED: return text_of(c->lang, "collect.next.closed");
    default: return text_of(c->lang, "collect.next.published");
    }
}

static Err detail_page(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    TRY(round_of_console(c, RIGHT_ROUND_READ, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &p));
    RoundView v = { .r = &r, .state = round_state_at(&r, c->now), .owner = unit_name_today(c, r.owner) };
    v.form_title = arena_fmt(c->arena, "%.*s (%.*s, %.*s)", STR_ARG(p->title[LANG_VI]), STR_ARG(p->form_id), STR_ARG(p->version));
    v.next       = next_step(c, &v);
    TRY(round_method_name(c, r.method, &v.method));
    rows_of(c, &v, p);
    TRY(tasks_of(c, &v, p));
    acts_of(c, &v);
    c->page.crumbs.at[c->page.crumbs.len - 1].href = S("");
    Out o = page_begin(c, round_title(&r, c->lang));
    round_detail(&o, &v);
    return page_end(c, &o);
}

/* ---- Making and changing ------------------------------------------------------------------------------------- */
/* Those of the reader's units and of units above: a national questionnaire is asked in the provinces. */
static Err form_choices(Ctx *c, FormId chosen, Choices *out)
{
    FormRows   forms;
    RightScope scope;
    TRY(right_scope(c, RIGHT_FORM_READ, &scope));
    TRY(form_list(c->db, c->arena, &forms));
    for (size_t i = 0; i < forms.len; i++)
        if (scope_reaches(&scope, forms.at[i].owner))
            *list_add(c->arena, out) = (Choice){
                .value = arena_fmt(c->arena, "%lld", (long long)forms.at[i].id.v), .chosen = forms.at[i].id.v == chosen.v,
                .label = arena_fmt(c->arena, "%.*s (%.*s, %.*s)", STR_ARG(forms.at[i].title), STR_ARG(forms.at[i].form_id), STR_ARG(forms.at[i].version)) };
    return OK;
}

static void unit_question_choices(Ctx *c, const FormProgram *p, Str chosen, Choices *out)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        if (round_names_provinces(p, (int)i))
            *list_add(c->arena, out) = (Choice){ .value = p->nodes.at[i].name, .label = form_label_plain(c->arena, p, (int)i, c->lang),
                                                 .chosen = str_eq(p->nodes.at[i].name, chosen) };
}

static Err edit_view(Ctx *c, RoundEditView *v, const Round *r, int status)
{
    static const char *const fields[] = { "code", "form", "title_vi", "title_en", "intro_vi", "intro_en", "owner", "identity", "device_limit",
                                          "opens_day", "closes_day", "unit_question", "method", NULL };
    Lang l = c->lang;
    field_errors_order(&v->errors, fields);
    TRY(owner_choices(c, RIGHT_ROUND_MANAGE, r->owner, &v->owners));
    TRY(round_method_choices(c, r->method, &v->methods));
    if (v->fresh) {
        TRY(form_choices(c, r->form, &v->forms));
    } else {
        const FormProgram *p;
        TRY(form_program(c->db, c->store, c->arena, r->form, &p));
        unit_question_choices(c, p, r->unit_question, &v->unit_questions);
    }
    v->identities[0] = (Choice){ .value = S("open"), .label = text_of(l, "collect.identity.open"),
                                 .hint = text_of(l, "collect.identity.open.hint"), .chosen = r->identity == IDENTITY_OPEN };
    v->identities[1] = (Choice){ .value = S("code"), .label = text_of(l, "collect.identity.code"),
                                 .hint = text_of(l, "collect.identity.code.hint"), .chosen = r->identity == IDENTITY_CODE };
    v->token     = c->page.form_token;
    v->back_href = v->fresh ? S("/console/rounds") : round_console_path(c, r, "");
    v->action    = v->fresh ? S("/console/rounds/new") : round_console_path(c, r, "/edit");
    Out o = page_begin(c, v->fresh ? text_of(l, "collect.new.title") : text_of(l, "collect.edit.title"));
    page_crumb(c, c->page.title, S(""));
    round_edit(&o, v);
    return page_end_status(c, &o, status);
}

static void view_of(Ctx *c, const Round *r, RoundEditView *v)
{
    v->code         = r->code;
    v->title_vi     = r->title_vi;
    v->title_en     = r->title_en;
    v->intro_vi     = r->intro_vi;
    v->intro_en     = r->intro_en;
    v->method       = r->method;
    v->simulated    = r->simulated;
    v->device_limit = arena_fmt(c->arena, "%lld", (long long)r->device_limit);
    v->revision     = arena_fmt(c->arena, "%lld", (long long)r->revision);
    v->opens        = date_boxes(c->arena, r->opens_at.ms ? date_of(r->opens_at) : DATE_NONE);
    v->closes       = date_boxes(c->arena, r->closes_at.ms ? date_of(r->closes_at) : DATE_NONE);
}

static Err new_page(Ctx *c)
{
    Round         r = { .device_limit = 1 };
    RoundEditView v = { .fresh = true };
    page_crumb(c, text_of(c->lang, "collect.rounds"), S("/console/rounds"));
    view_of(c, &r, &v);
    return edit_view(c, &v, &r, 200);
}

static int64_t form_int(const Ctx *c, const char *name)
{
    int64_t n = 0;
    return str_to_i64(form_str(c, name), &n) ? n : 0;
}

static void too_long(Ctx *c, FieldErrors *errors, const char *field, Str text, size_t most)
{
    if (utf8_count(text) > most)
        field_error(c, errors, str_from_c(field), text_fmt(c->arena, c->lang, "collect.fault.long", ARG_N("n", (int64_t)most)));
}

/* What was typed, into r and v; what must be mended, into v->errors. */
static Err read_typed(Ctx *c, Round *r, RoundEditView *v)
{
    Date opens, closes;
    bool known = true;
    r->title_vi = form_str(c, "title_vi");
    r->title_en = form_str(c, "title_en");
    r->intro_vi = form_str(c, "intro_vi");
    r->intro_en = form_str(c, "intro_en");
    r->owner    = (UnitId){ form_int(c, "owner") };
    r->identity = str_eq(form_str(c, "identity"), S("code")) ? IDENTITY_CODE : IDENTITY_OPEN;
    r->method   = form_str(c, "method");
    r->simulated = form_has(c, "simulated");
    r->device_limit = form_int(c, "device_limit");
    view_of(c, r, v);
    if (!r->title_vi.len)
        field_error(c, &v->errors, S("title_vi"), text_of(c->lang, "collect.fault.title"));
    too_long(c, &v->errors, "title_vi", r->title_vi, 200);
    too_long(c, &v->errors, "title_en", r->title_en, 200);
    too_long(c, &v->errors, "intro_vi", r->intro_vi, 2000);
    too_long(c, &v->errors, "intro_en", r->intro_en, 2000);
    if (r->method.len)
        TRY(round_method_known(c, r->method, &known));
    if (!known)
        field_error(c, &v->errors, S("method"), text_of(c->lang, "collect.fault.method"));
    if (!r->owner.v || !right_has(c, RIGHT_ROUND_MANAGE, r->owner))
        field_error(c, &v->errors, S("owner"), text_of(c->lang, "collect.fault.owner"));
    if (r->device_limit < 0 || r->device_limit > 1000)
        field_error(c, &v->errors, S("device_limit"), text_of(c->lang, "collect.fault.device_limit"));
    bool good = date_typed(c, form_str, "opens", &v->opens, &opens);
    if (!good)
        field_error(c, &v->errors, S("opens_day"), text_of(c->lang, "collect.fault.date"));
    if (!date_typed(c, form_str, "closes", &v->closes, &closes))
        field_error(c, &v->errors, S("closes_day"), text_of(c->lang, "collect.fault.date"));
    else if (good && !date_is_none(closes) && (closes.day < c->today.day || (!date_is_none(opens) && closes.day < opens.day)))
        field_error(c, &v->errors, S("closes_day"), text_of(c->lang, "collect.fault.order"));
    r->opens_at  = date_is_none(opens) ? (Time){ 0 } : date_start(opens);
    r->closes_at = date_is_none(closes) ? (Time){ 0 } : (Time){ date_start((Date){ closes.day + 1 }).ms - 1 };
    return OK;
}

/* A questionnaire that is there and that the reader may see; NULL: none. */
static Err form_chosen(Ctx *c, FormId id, const FormProgram **out)
{
    FormRow    row;
    RightScope scope;
    *out  = NULL;
    Err e = form_load(c->db, c->arena, id, &row);
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    TRY(right_scope(c, RIGHT_FORM_READ, &scope));
    return scope_reaches(&scope, row.owner) ? form_program(c->db, c->store, c->arena, id, out) : OK;
}

static Err new_action(Ctx *c)
{
    Round              r = { .code = form_str(c, "code"), .form = { form_int(c, "form") } };
    RoundEditView      v = { .fresh = true };
    RoundId            id;
    const FormProgram *p;
    page_crumb(c, text_of(c->lang, "collect.rounds"), S("/console/rounds"));
    TRY(read_typed(c, &r, &v));
    if (!round_code_valid(r.code))
        field_error(c, &v.errors, S("code"), text_of(c->lang, "collect.fault.code"));
    TRY(form_chosen(c, r.form, &p));
    if (!p)
        field_error(c, &v.errors, S("form"), text_of(c->lang, "collect.fault.form"));
    if (v.errors.len)
        return edit_view(c, &v, &r, 422);
    TRY(round_unit_question(c->db, c->arena, p, c->now, &r.unit_question));
    if (!r.method.len)
        TRY(round_method_default(c, p->form_id, &r.method));
    Err e = round_create(c->db, c->arena, &r, c->now, &id);
    if (err_is(e, ERR_CONFLICT)) {
        field_error(c, &v.errors, S("code"), text_of(c->lang, "collect.fault.code_taken"));
        return edit_view(c, &v, &r, 422);
    }
    TRY(e);
    r.id = id;
    TRY(audit_add(c, S("round.create"), S("round"), id.v, r.owner, S("")));
    return redirect_notice(c, round_console_path(c, &r, ""), NOTICE_OK, text_of(c->lang, "collect.done.create"));
}

static Err edit_page(Ctx *c)
{
    Round         r;
    RoundEditView v = { 0 };
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    if (r.state != ROUND_DRAFT)
        return redirect_notice(c, round_console_path(c, &r, ""), NOTICE_WARN, text_of(c->lang, "collect.fault.not_draft"));
    view_of(c, &r, &v);
    return edit_view(c, &v, &r, 200);
}

static Err edit_action(Ctx *c)
{
    Round         r;
    RoundEditView v = { 0 };
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    int64_t now = r.revision;
    TRY(read_typed(c, &r, &v));
    r.revision = form_int(c, "revision");
    v.revision = arena_fmt(c->arena, "%lld", (long long)now);
    r.unit_question = form_str(c, "unit_question");
    if (r.revision != now)
        field_error(c, &v.errors, S(""), text_of(c->lang, "collect.fault.changed"));
    if (v.errors.len)
        return edit_view(c, &v, &r, 422);
    if (!r.method.len) {
        const FormProgram *p;
        TRY(form_program(c->db, c->store, c->arena, r.form, &p));
        TRY(round_method_default(c, p->form_id, &r.method));
    }
    TRY(round_save(c->db, c->arena, &r));
    TRY(audit_add(c, S("round.edit"), S("round"), r.id.v, r.owner, S("")));
    return redirect_notice(c, round_console_path(c, &r, ""), NOTICE_OK, text_of(c->lang, "collect.done.save"));
}

const Route collect_console_routes[] = {
    { GET,  "/rounds",                          RIGHT_ROUND_READ,      list_page },
    { GET,  "/rounds/new",                      RIGHT_ROUND_MANAGE,    new_page },
    { POST, "/rounds/new",                      RIGHT_ROUND_MANAGE,    new_action },
    { GET,  "/rounds/{id}",                     RIGHT_ROUND_READ,      detail_page },
    { GET,  "/rounds/{id}/edit",                RIGHT_ROUND_MANAGE,    edit_page },
    { POST, "/rounds/{id}/edit",                RIGHT_ROUND_MANAGE,    edit_action },
    { GET,  "/rounds/{id}/preview",             RIGHT_ROUND_READ,      round_preview_page },
    { POST, "/rounds/{id}/preview",             RIGHT_ROUND_READ,      round_preview_action, ROUTE_NO_TX },
    { GET,  "/rounds/{id}/step/{to}",           RIGHT_ROUND_MANAGE,    round_step_page },
    { POST, "/rounds/{id}/step/{to}",           RIGHT_ROUND_MANAGE,    round_step_action },
    { GET,  "/rounds/{id}/extend",              RIGHT_ROUND_MANAGE,    round_extend_page },
    { POST, "/rounds/{id}/extend",              RIGHT_ROUND_MANAGE,    round_extend_action },
    { GET,  "/rounds/{id}/share",               RIGHT_ROUND_READ,      round_share_page },
    { GET,  "/rounds/{id}/poster.pdf",          RIGHT_ROUND_READ,      round_poster_file },
    { GET,  "/rounds/{id}/qr.svg",              RIGHT_ROUND_READ,      round_qr_file },
    { GET,  "/rounds/{id}/codes",               RIGHT_ROUND_CODES,     round_codes_page },
    { POST, "/rounds/{id}/codes",               RIGHT_ROUND_CODES,     round_codes_action, ROUTE_NO_TX },
    { GET,  "/rounds/{id}/codes/{batch}/void",  RIGHT_ROUND_CODES,     round_void_page },
    { POST, "/rounds/{id}/codes/{batch}/void",  RIGHT_ROUND_CODES,     round_void_action },
    { GET,  "/rounds/{id}/progress",            RIGHT_ROUND_READ,      round_progress_page },
    { GET,  "/rounds/{id}/flagged",             RIGHT_SUBMISSION_READ, round_flagged_page },
    { GET,  "/rounds/{id}/files",               RIGHT_SUBMISSION_READ, round_files_page },
    { GET,  "/rounds/{id}/files/{record}/{name}", RIGHT_SUBMISSION_READ, round_file_download },
    { 0 },
};
