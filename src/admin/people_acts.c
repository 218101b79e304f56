/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Acts on an account: each has a page that says what happens, and one POST. The last word of the path names it. */
#include "admin/people_pages.h"

#include "admin_act.html.h"

typedef struct PersonAct {
    Str word, audit;
    bool reason, danger;
    Err (*run)(Ctx *c, const Person *p);
} PersonAct;

static Err act_disable(Ctx *c, const Person *p) { return person_disable(c->db, p->id, c->now); }
static Err act_enable(Ctx *c, const Person *p) { return person_enable(c->db, p->id); }

static Err act_second_factor(Ctx *c, const Person *p)
{
    int64_t ended;
    TRY(totp_remove(c->db, p->id));
    return session_end_all(c->db, p->id, S(""), &ended);
}

static Err act_sessions(Ctx *c, const Person *p)
{
    int64_t ended;
    return session_end_all(c->db, p->id, S(""), &ended);
}

static const PersonAct acts[] = {
    { S_INIT("disable"),       S_INIT("person.disable"),           true,  true,  act_disable },
    { S_INIT("enable"),        S_INIT("person.enable"),            true,  false, act_enable },
    { S_INIT("second-factor"), S_INIT("person.second_factor_off"), true,  true,  act_second_factor },
    { S_INIT("sessions"),      S_INIT("person.sessions_end"),      false, true,  act_sessions },
    { S_INIT("reset"),         S_INIT("person.reset_link"),        false, false, NULL },
    { S_INIT("invite"),        S_INIT("person.invite_link"),       false, false, NULL },
};

static const PersonAct *act_of(const Ctx *c)
{
    Str word = str_cut_last(c->req->path, '/').tail;
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (str_eq(acts[i].word, word))
            return &acts[i];
    return &acts[0];                                   /* the route table lists the words */
}

static Str act_text(Ctx *c, const PersonAct *act, const char *what, Str name)
{
    Str key = arena_fmt(c->arena, "people.act.%.*s.%s", STR_ARG(act->word), what);
    return text_fill(c->arena, c->lang, text_find(c->lang, key), (TextArg[]){ ARG_S("name", name) }, 1);
}

Err act_show(Ctx *c, ActPage *p, int status)
{
    p->token = c->page.form_token;
    page_crumb(c, text_of(c->lang, "people.title"), S("/console/users"));
    page_crumb(c, p->title, S(""));
    Out o = page_begin(c, p->title);
    admin_act_view(&o, p);
    return page_end_status(c, &o, status);
}

static void act_fill(Ctx *c, const PersonAct *act, const Person *p, ActPage *page)
{
    page->action     = c->req->path;
    page->back       = person_path(c, p->id);
    page->title      = act_text(c, act, "title", p->name);
    page->what       = act_text(c, act, "what", p->name);
    page->button     = act_text(c, act, "button", p->name);
    page->ask_reason = act->reason;
    page->danger     = act->danger;
}

Err person_act_page(Ctx *c)
{
    Person  p    = { 0 };
    ActPage page = { 0 };
    TRY(person_managed(c, &p));
    act_fill(c, act_of(c), &p, &page);
    return act_show(c, &page, 200);
}

static Err act_link(Ctx *c, const Person *p, const PersonAct *act)
{
    Str  token;
    bool invite = str_eq(act->word, S("invite"));
    TRY(link_make(c->db, c->arena, p->id, invite ? LINK_INVITE : LINK_RESET, c->session.person, c->now, &token));
    TRY(audit_add(c, act->audit, S("person"), p->id.v, p->unit, S("")));
    return link_show_page(c, p, token, invite);
}

Str reason_detail(Ctx *c, Str reason)
{
    Buf b = buf_new(c->arena, reason.len + 32);
    buf_lit(&b, "{\"reason\":");
    buf_json_str(&b, reason);
    buf_lit(&b, "}");
    return buf_str(&b);
}

Err person_act_action(Ctx *c)
{
    Person           p    = { 0 };
    ActPage          page = { .reason = str_take(form_str(c, "reason"), 1500) };
    const PersonAct *act  = act_of(c);
    TRY(person_managed(c, &p));
    act_fill(c, act, &p, &page);
    if (act->reason && !page.reason.len) {
        page.reason_error = text_of(c->lang, "people.reason_missing");
        field_error(c, &page.errors, S("reason"), page.reason_error);
        return act_show(c, &page, 422);
    }
    if (!act->run)
        return act_link(c, &p, act);
    TRY(act->run(c, &p));
    TRY(audit_add(c, act->audit, S("person"), p.id.v, p.unit, act->reason ? reason_detail(c, page.reason) : S("")));
    return redirect_notice(c, page.back, NOTICE_OK, act_text(c, act, "done", p.name));
}
