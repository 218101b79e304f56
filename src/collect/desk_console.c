/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Desks of a round in the console: list with live counts, setting one up, its address (shown once), its poster, stopping it. */
#include "collect/console.h"
#include "collect/desk.h"
#include "collect/paper.h"
#include "desk_list.html.h"
#include "desk_new.html.h"
#include "desk_shown.html.h"

/* ---- List ------------------------------------------------------------------------------------------------------------ */
static Err desks_page(Ctx *c)
{
    Round r;
    Desks desks;
    TRY(round_of_console(c, RIGHT_ROUND_READ, &r));
    TRY(desk_list(c->db, c->arena, r.id, &desks));
    bool         may = right_has(c, RIGHT_ROUND_MANAGE, r.owner);
    DeskListView v   = { .r = &r, .new_href = may ? round_console_path(c, &r, "/desks/new") : S(""), .self = round_console_path(c, &r, "/desks"),
                         .open = round_state_at(&r, c->now) == ROUND_OPEN, .coded = r.identity == IDENTITY_CODE, .no_address = round_no_address(c) };
    for (size_t i = 0; i < desks.len; i++) {
        const Desk *d    = &desks.at[i];
        Str         path = arena_fmt(c->arena, "%.*s/%lld", STR_ARG(v.self), (long long)d->id);
        bool        near = d->seen_at.ms && c->now.ms - d->seen_at.ms < 5 * MS_MINUTE;
        *list_add(c->arena, &v.rows) = (DeskRow){
            .d = d, .today = date_of(c->now).day == d->day.day ? d->today : 0, .stopped = d->revoked_at.ms != 0, .alive = near,
            .seen = d->seen_at.ms ? time_text(c->arena, c->lang, d->seen_at) : S(""), .poster_href = str_concat(c->arena, path, S("/poster.pdf")),
            .renew_href = may ? str_concat(c->arena, path, S("/renew")) : S(""),
            .stop_href = may && !d->revoked_at.ms ? str_concat(c->arena, path, S("/stop")) : S("") };
    }
    Out o = page_begin(c, text_of(c->lang, "collect.desks.title"));
    page_crumb(c, c->page.title, S(""));
    desk_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Setting up ------------------------------------------------------------------------------------------------------- */
static bool can_rate(const FormProgram *p, int i)
{
    const FormNode *n = &p->nodes.at[i];
    if (n->type != Q_SELECT_ONE || n->answer < 0)
        return false;
    size_t many = p->lists.at[n->list].choices.len;
    return many >= 2 && many <= DESK_CHOICES_MOST;
}

/* With nothing answered but what the desk knows: an answer to a question that is not asked then would be left out of the record. */
static bool asked_at_desk(Ctx *c, const FormProgram *p, const Desk *d, int i)
{
    FormAnswers x;
    form_begin(p, c->arena, &x, c->now);
    desk_answers(c->arena, p, d, &x);
    return form_relevant(p, *c->arena, &x, c->now, i);
}

static bool can_follow(const FormNode *n)
{
    return form_node_asks(n) && !form_type_file(n->type);
}

static bool listed(const StrList *names, Str name)
{
    for (size_t i = 0; i < names->len; i++)
        if (str_eq(names->at[i], name))
            return true;
    return false;
}

/* Questions that must be answered and that nobody answers at this desk, whichever rating is tapped: their places stay empty. */
static void unasked(Ctx *c, const FormProgram *p, const Desk *d, StrList *out)
{
    int            rating = form_find(p, d->rating);
    const FormList *list  = rating >= 0 && p->nodes.at[rating].type == Q_SELECT_ONE ? &p->lists.at[p->nodes.at[rating].list] : NULL;
    for (size_t k = 0; k < (list ? list->choices.len : 1); k++) {
        FormAnswers  x;
        AnswerIssues issues = { 0 };
        form_begin(p, c->arena, &x, c->now);
        desk_answers(c->arena, p, d, &x);
        if (list)
            form_put(p, c->arena, &x, c->now, rating, 0, list->choices.at[k].name);
        form_check(p, c->arena, &x, c->now, -1, &issues);
        for (size_t i = 0; i < issues.len; i++) {
            Str label = form_label_plain(c->arena, p, issues.at[i].node, c->lang);
            if (issues.at[i].fault == ANSWER_REQUIRED && issues.at[i].node != rating && !str_has_word(d->follow, issues.at[i].name) && !listed(out, label))
                *list_add(c->arena, out) = label;
        }
    }
}

static bool can_be_known(const FormNode *n)
{
    return n->answer >= 0 && (n->type == Q_TEXT || n->type == Q_HIDDEN || n->type == Q_SELECT_ONE);
}

static Choice question_choice(Ctx *c, const FormProgram *p, int i, bool chosen)
{
    Str label = form_label(p, i, c->lang), name = p->nodes.at[i].name;
    return (Choice){ .value = name, .label = label.len ? arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(label), STR_ARG(name)) : name, .chosen = chosen };
}

static Err new_view(Ctx *c, const Round *r, const FormProgram *p, DeskNewView *v, int status)
{
    v->action    = round_console_path(c, r, "/desks/new");
    v->back_href = round_console_path(c, r, "/desks");
    v->token     = c->page.form_token;
    for (int i = 0; i < (int)p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (can_rate(p, i))
            *list_add(c->arena, &v->ratings) = question_choice(c, p, i, str_eq(n->name, v->rating));
        if (can_follow(n))
            *list_add(c->arena, &v->follows) = question_choice(c, p, i, listed(&v->follow, n->name));
        if (can_be_known(n))
            *list_add(c->arena, &v->knowns) = question_choice(c, p, i, str_eq(n->name, v->known));
    }
    Out o = page_begin(c, text_of(c->lang, "collect.desk.new"));
    page_crumb(c, text_of(c->lang, "collect.desks.title"), v->back_href);
    page_crumb(c, c->page.title, S(""));
    desk_new_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err new_open(Ctx *c, Round *r, const FormProgram **p)
{
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, r));
    return form_program(c->db, c->store, c->arena, r->form, p);
}

static Err desk_new_page(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    TRY(new_open(c, &r, &p));
    DeskNewView v = { 0 };
    for (int i = 0; i < (int)p->nodes.len && !v.rating.len; i++)
        if (can_rate(p, i) && p->nodes.at[i].role == QR_SATISFACTION && asked_at_desk(c, p, &(Desk){ .given = S("{}") }, i))
            v.rating = p->nodes.at[i].name;
    unasked(c, p, &(Desk){ .rating = v.rating, .follow = S(""), .given = S("{}") }, &v.unasked);
    return new_view(c, &r, p, &v, 200);
}

/* What the desk answers: checked as a person's answer would be; a hidden question takes any text. */
static void read_known(Ctx *c, const FormProgram *p, DeskNewView *v, Desk *d)
{
    FormAnswers x    = form_answers_new(c->arena, p);
    int         node = v->known.len ? form_find(p, v->known) : -1;
    Str         text = v->value.len ? v->value : v->name;
    d->given = S("{}");
    if (!v->known.len)
        return;
    if (node < 0 || !can_be_known(&p->nodes.at[node])) {
        field_error(c, &v->errors, S("known"), text_of(c->lang, "collect.desk.fault.known"));
        return;
    }
    Str read = text;
    if (p->nodes.at[node].type != Q_HIDDEN && form_answer_read(c->arena, p, node, c->lang, text, &read) != ANSWER_OK)
        field_error(c, &v->errors, S("value"), text_of(c->lang, "collect.desk.fault.value"));
    x.at[p->nodes.at[node].answer] = read;
    d->given = record_json(c->arena, p, &x);
}

static void read_desk(Ctx *c, const Round *r, const FormProgram *p, DeskNewView *v, Desk *d)
{
    StrList names = { 0 };
    form_all(c, "follow", &v->follow);
    v->name   = form_str(c, "name");
    v->rating = form_str(c, "rating");
    v->known  = form_str(c, "known");
    v->value  = form_str(c, "value");
    *d = (Desk){ .round = r->id, .name = v->name, .rating = v->rating };
    if (!v->name.len || utf8_count(v->name) > 60)
        field_error(c, &v->errors, S("name"), text_of(c->lang, "collect.desk.fault.name"));
    int rating = form_find(p, v->rating);
    if (rating < 0 || !can_rate(p, rating))
        field_error(c, &v->errors, S("rating"), text_of(c->lang, "collect.desk.fault.rating"));
    for (size_t i = 0; i < v->follow.len; i++) {
        int node = form_find(p, v->follow.at[i]);
        if (node >= 0 && node != rating && can_follow(&p->nodes.at[node]))
            *list_add(c->arena, &names) = p->nodes.at[node].name;
    }
    if (names.len > DESK_FOLLOW_MOST)
        field_error(c, &v->errors, S("follow"), text_of(c->lang, "collect.desk.fault.follow"));
    d->follow = str_join(c->arena, names.at, names.len, S(" "));
    read_known(c, p, v, d);
    if (!v->errors.len && !asked_at_desk(c, p, d, rating))
        field_error(c, &v->errors, S("rating"), text_of(c->lang, "collect.desk.fault.conditional"));
}

/* The address of the machine is the answer to the request that makes it, and is shown never again. */
static Err show_key(Ctx *c, const Round *r, const Desk *d, Str key, const StrList *unasked_here)
{
    DeskShownView v = { .d = d, .unasked = *unasked_here, .back_href = round_console_path(c, r, "/desks"),
                        .url = arena_fmt(c->arena, "%.*s/k/%.*s", STR_ARG(site_base(c)), STR_ARG(key)),
                        .poster_href = arena_fmt(c->arena, "%.*s/%lld/poster.pdf", STR_ARG(round_console_path(c, r, "/desks")), (long long)d->id) };
    Out o = page_begin(c, text_of(c->lang, "collect.desk.shown.title"));
    page_crumb(c, text_of(c->lang, "collect.desks.title"), v.back_href);
    page_crumb(c, c->page.title, S(""));
    desk_shown_view(&o, &v);
    answer_header(c, S("cache-control"), S("no-store"));
    return page_end(c, &o);
}

static Err audit_desk(Ctx *c, Str action, const Round *r, const Desk *d)
{
    Buf detail = buf_new(c->arena, 128);
    buf_fmt(&detail, "{\"round\":%lld,\"name\":", (long long)r->id.v);
    buf_json_str(&detail, d->name);
    buf_byte(&detail, '}');
    return audit_add(c, action, S("desk"), d->id, r->owner, buf_str(&detail));
}

static Err desk_new_action(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    Desk               d;
    Str                key;
    DeskNewView        v = { 0 };
    TRY(new_open(c, &r, &p));
    if (r.identity == IDENTITY_CODE)
        return redirect_notice(c, round_console_path(c, &r, "/desks"), NOTICE_WARN, text_of(c->lang, "collect.desks.coded.text"));
    read_desk(c, &r, p, &v, &d);
    if (v.errors.len)
        return new_view(c, &r, p, &v, 422);
    TRY(desk_add(c->db, c->arena, collect_keys(c->app), &d, c->session.person, c->now, &key));
    TRY(audit_desk(c, S("desk.add"), &r, &d));
    unasked(c, p, &d, &v.unasked);
    return show_key(c, &r, &d, key, &v.unasked);
}

/* ---- A new address, stopping ---------------------------------------------------------------------------------------------- */
static Err desk_of(Ctx *c, Right right, Round *r, Desk *d)
{
    TRY(round_of_console(c, right, r));
    return desk_load(c->db, c->arena, r->id, path_int(c, "desk"), d);
}

static Err ask(Ctx *c, const Round *r, const Desk *d, bool stop)
{
    SummaryRow  rows[] = { { .key = text_of(c->lang, "collect.desk.name"), .value = d->name } };
    Str         list   = round_console_path(c, r, "/desks");
    ConfirmPage v      = {
        .title = stop ? text_of(c->lang, "collect.desk.stop.title") : text_of(c->lang, "collect.desk.renew.title"),
        .text = stop ? text_of(c->lang, "collect.desk.stop.text") : text_of(c->lang, "collect.desk.renew.text"),
        .button = stop ? text_of(c->lang, "collect.desk.stop") : text_of(c->lang, "collect.desk.renew"), .rows = rows, .n = COUNT_OF(rows),
        .action = arena_fmt(c->arena, "%.*s/%lld/%s", STR_ARG(list), (long long)d->id, stop ? "stop" : "renew"), .token = c->page.form_token,
        .back_href = list, .danger = stop,
    };
    Out o = page_begin(c, v.title);
    page_crumb(c, text_of(c->lang, "collect.desks.title"), list);
    page_crumb(c, v.title, S(""));
    confirm_page(&o, &v);
    return page_end(c, &o);
}

static Err desk_stop_page(Ctx *c)
{
    Round r;
    Desk  d;
    TRY(desk_of(c, RIGHT_ROUND_MANAGE, &r, &d));
    return ask(c, &r, &d, true);
}

static Err desk_stop_action(Ctx *c)
{
    Round r;
    Desk  d;
    TRY(desk_of(c, RIGHT_ROUND_MANAGE, &r, &d));
    TRY(desk_revoke(c->db, d.id, c->session.person, c->now));
    TRY(audit_desk(c, S("desk.stop"), &r, &d));
    return redirect_notice(c, round_console_path(c, &r, "/desks"), NOTICE_OK, text_of(c->lang, "collect.desk.stopped"));
}

static Err desk_renew_page(Ctx *c)
{
    Round r;
    Desk  d;
    TRY(desk_of(c, RIGHT_ROUND_MANAGE, &r, &d));
    return ask(c, &r, &d, false);
}

static Err desk_renew_action(Ctx *c)
{
    Round r;
    Desk  d;
    Str   key;
    TRY(desk_of(c, RIGHT_ROUND_MANAGE, &r, &d));
    TRY(desk_renew(c->db, c->arena, collect_keys(c->app), d.id, &key));
    TRY(audit_desk(c, S("desk.renew"), &r, &d));
    return show_key(c, &r, &d, key, &(StrList){ 0 });
}

/* ---- The poster: for one's own phone, with the desk known -------------------------------------------------------------------- */
static Err desk_poster_file(Ctx *c)
{
    Round r;
    Desk  d;
    Str   pdf, host = S("");
    TRY(desk_of(c, RIGHT_ROUND_READ, &r, &d));
    Lang   l    = str_eq(query_str(c, "lang"), S("en")) ? LANG_EN : LANG_VI;
    Str    url  = round_address(c, &r, arena_c(c->arena, arena_fmt(c->arena, "?d=%.*s", STR_ARG(d.poster))));
    size_t at;
    host = str_find(url, S("://"), &at) ? str_skip(url, at + 3) : url;
    PosterText t = {
        .agency = round_agency(c, r.owner), .title = round_title(&r, l), .intro = text_fmt(c->arena, l, "collect.desk.poster.intro", ARG_S("name", d.name)),
        .call = text_of(l, "collect.poster.scan"), .address = host, .privacy = text_of(l, "collect.start.anonymous"),
        .phone = c->app->help_phone.len ? text_fmt(c->arena, l, "collect.poster.phone", ARG_S("phone", c->app->help_phone)) : S(""),
    };
    TRY(poster_pdf(c->arena, &t, url, &pdf));
    return answer_file(c, S("application/pdf"), arena_fmt(c->arena, "ap-phich-quay-%.*s.pdf", STR_ARG(d.poster)), pdf);
}

const Route collect_desk_console_routes[] = {
    { GET,  "/rounds/{id}/desks",                   RIGHT_ROUND_READ,   desks_page },
    { GET,  "/rounds/{id}/desks/new",               RIGHT_ROUND_MANAGE, desk_new_page },
    { POST, "/rounds/{id}/desks/new",               RIGHT_ROUND_MANAGE, desk_new_action },
    { GET,  "/rounds/{id}/desks/{desk}/renew",      RIGHT_ROUND_MANAGE, desk_renew_page },
    { POST, "/rounds/{id}/desks/{desk}/renew",      RIGHT_ROUND_MANAGE, desk_renew_action },
    { GET,  "/rounds/{id}/desks/{desk}/stop",       RIGHT_ROUND_MANAGE, desk_stop_page },
    { POST, "/rounds/{id}/desks/{desk}/stop",       RIGHT_ROUND_MANAGE, desk_stop_action },
    { GET,  "/rounds/{id}/desks/{desk}/poster.pdf", RIGHT_ROUND_READ,   desk_poster_file },
    { 0 },
};
