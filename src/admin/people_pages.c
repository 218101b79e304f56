/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People: the list, one account, making and changing one. Everybody sees only the units where they hold PERSON_READ. */
#include "admin/people_pages.h"

#include "admin_people.html.h"
#include "admin_person.html.h"

#define PEOPLE_LIMIT 100

Err person_of_path(Ctx *c, Person *out)
{
    TRY(person_load(c->db, c->arena, (PersonId){ path_int(c, "id") }, out));
    return right_need(c, RIGHT_PERSON_READ, out->unit);
}

Err person_managed(Ctx *c, Person *out)
{
    bool yes;
    TRY(person_of_path(c, out));
    TRY(person_may_manage(c->db, c->arena, c->session.person, out, c->today, &yes));
    return yes ? OK : err_new(c->arena, ERR_FORBIDDEN, S("this account is beyond what the person may manage"));
}

Str person_path(Ctx *c, PersonId id)
{
    return arena_fmt(c->arena, "/console/users/%lld", (long long)id.v);
}

Err contact_load(Ctx *c, PersonId id, PersonContact *out)
{
    uint8_t key[32];
    app_key(c->app, PERSON_CONTACT_KEY, key);
    return person_contact_load(c->db, c->arena, key, id, out);
}

Err contact_save(Ctx *c, PersonId id, const PersonContact *x)
{
    uint8_t key[32];
    app_key(c->app, PERSON_CONTACT_KEY, key);
    return person_contact_save(c->db, c->arena, key, id, x);
}

void contact_read(Ctx *c, PersonContact *out, FieldErrors *errors)
{
    *out = (PersonContact){ form_str(c, "email"), form_str(c, "phone") };
    if (out->email.len && !email_valid(out->email))
        field_error(c, errors, S("email"), text_of(c->lang, "people.email_rule"));
    if (out->phone.len && !phone_valid(out->phone))
        field_error(c, errors, S("phone"), text_of(c->lang, "people.phone_rule"));
}

/* "Chuyên viên; Giám sát viên": the active roles of a person. */
static Err roles_text(Ctx *c, PersonId id, Str *out)
{
    Grants grants = { 0 };
    Buf    b      = buf_new(c->arena, 80);
    bool   seen[ROLE_COUNT] = { false };
    TRY(person_grants(c->db, c->arena, id, &grants));
    for (size_t i = 0; i < grants.len; i++) {
        Role r = grants.at[i].role;
        if (!grant_active(&grants.at[i], c->today) || seen[r])
            continue;
        seen[r] = true;
        if (b.len)
            buf_lit(&b, "; ");
        buf_add(&b, role_name(c->lang, r));
    }
    *out = buf_str(&b);
    return OK;
}

static Str list_address(Ctx *c, const PeoplePage *p, int offset)
{
    return arena_fmt(c->arena, "/console/users?q=%.*s&role=%.*s&unit=%.*s%s&from=%d",
                     STR_ARG(url_encode(c->arena, p->text)), STR_ARG(p->role ? role_code(p->role) : S("")),
                     STR_ARG(url_encode(c->arena, p->unit)), p->only_disabled ? "&disabled=1" : "", offset);
}

static Str email_asked(Ctx *c, Str text)
{
    uint8_t key[32];
    app_key(c->app, PERSON_CONTACT_KEY, key);
    return email_valid(str_trim(text)) ? person_email_key(c->arena, key, str_trim(text)) : S("");
}

static Err people_page(Ctx *c)
{
    PeoplePage p = { .text = str_take(query_str(c, "q"), 200),
                     .limit = PEOPLE_LIMIT,
                     .only_disabled = query_str(c, "disabled").len > 0 };
    UnitIds      within = { 0 };
    UnitPick     unit   = { .name = S("unit") };
    FieldErrors  errors = { 0 };
    PersonFilter f      = { .within = &within, .today = c->today, .limit = PEOPLE_LIMIT };
    People       people = { 0 };
    int64_t      from   = query_int(c, "from", 0);
    if (query_str(c, "unit").len)
        TRY(unit_pick(c, query_str, RIGHT_PERSON_READ, &unit, &errors, &f.unit));
    if (!role_parse(query_str(c, "role"), &p.role))
        p.role = ROLE_NONE;
    p.unit   = unit.typed;
    p.offset = f.offset = from > 0 && from < 1000000 ? (int)from : 0;
    f.text          = p.text;
    f.email_key     = email_asked(c, p.text);
    f.role          = p.role;
    f.only_disabled = p.only_disabled;
    p.filtered      = p.text.len || p.role || p.unit.len || p.only_disabled;
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_PERSON_READ, c->today, &within));
    TRY(person_list(c->db, c->arena, &f, &people, &p.all));
    for (size_t i = 0; i < people.len; i++) {
        PersonLine *line = list_add(c->arena, &p.lines);
        *line            = (PersonLine){ .p = people.at[i], .unit = unit_place(c, people.at[i].unit) };
        TRY(roles_text(c, people.at[i].id, &line->roles));
    }
    p.may_create = right_has(c, RIGHT_PERSON_MANAGE, (UnitId){ 0 });
    p.previous   = p.offset > 0 ? list_address(c, &p, p.offset > p.limit ? p.offset - p.limit : 0) : S("");
    p.next       = p.offset + p.limit < p.all ? list_address(c, &p, p.offset + p.limit) : S("");
    Out o = page_begin(c, text_of(c->lang, "people.title"));
    admin_people_view(&o, &p);
    return page_end(c, &o);
}

/* ---- One account ------------------------------------------------------------------------------------ */

static Err grant_lines(Ctx *c, const Person *who, GrantLines *out, bool *out_needs_second)
{
    Grants grants = { 0 };
    TRY(person_grants(c->db, c->arena, who->id, &grants));
    for (size_t i = 0; i < grants.len; i++) {
        const Grant *g    = &grants.at[i];
        GrantLine   *line = list_add(c->arena, out);
        *line             = (GrantLine){ .g = *g, .unit = unit_place(c, g->unit), .active = grant_active(g, c->today), .who = *who };
        TRY(grant_may_revoke(c->db, c->arena, c->session.person, g, c->today, &line->may_revoke));
        *out_needs_second = *out_needs_second || (line->active && role_needs_second_factor(g->role));
    }
    return OK;
}

static Err person_page(Ctx *c)
{
    PersonPage p    = { 0 };
    Sessions   list = { 0 };
    TRY(person_of_path(c, &p.p));
    p.unit  = unit_place(c, p.p.unit);
    p.self  = p.p.id.v == c->session.person.v;
    p.token = c->page.form_token;
    p.give  = !p.self && !p.p.disabled && right_has(c, RIGHT_GRANT_GIVE, (UnitId){ 0 });
    TRY(person_may_manage(c->db, c->arena, c->session.person, &p.p, c->today, &p.manage));
    TRY(grant_lines(c, &p.p, &p.grants, &p.needs_second));
    TRY(session_list(c->db, c->arena, p.p.id, c->now, &list));
    TRY(recovery_left(c->db, p.p.id, &p.recovery));
    TRY(contact_load(c, p.p.id, &p.contact));
    p.sessions = (int64_t)list.len;
    page_crumb(c, text_of(c->lang, "people.title"), S("/console/users"));
    page_crumb(c, p.p.name, S(""));
    Out o = page_begin(c, p.p.name);
    admin_person_view(&o, &p);
    return page_end(c, &o);
}

/* ---- Making and changing ----------------------------------------------------------------------------- */

static Err form_show(Ctx *c, PersonForm *f, int status)
{
    f->token      = c->page.form_token;
    f->unit.name  = S("unit");
    f->unit.label = text_of(c->lang, "people.unit");
    f->unit.hint  = text_of(c->lang, "people.unit_hint");
    Str title     = f->is_new ? text_of(c->lang, "people.new_title") : text_of(c->lang, "people.edit_title");
    page_crumb(c, text_of(c->lang, "people.title"), S("/console/users"));
    page_crumb(c, title, S(""));
    Out o = page_begin(c, title);
    admin_person_form(&o, f);
    return page_end_status(c, &o, status);
}

/* Name, e-mail, telephone, language and unit; login only for a new account. Unknown fields are not read. */
static Err form_read(Ctx *c, PersonForm *f)
{
    f->d = (PersonDraft){ .login = str_lower_ascii(c->arena, form_str(c, "login")), .name = form_str(c, "name") };
    if (!lang_parse(form_str(c, "lang"), &f->d.lang))
        f->d.lang = LANG_VI;
    if (f->is_new && !login_valid(f->d.login))
        field_error(c, &f->errors, S("login"), text_of(c->lang, "people.login_rule"));
    if (!f->d.name.len || utf8_count(f->d.name) > 100)
        field_error(c, &f->errors, S("name"), text_of(c->lang, "people.name_rule"));
    contact_read(c, &f->contact, &f->errors);
    f->unit.name = S("unit");
    return unit_pick(c, form_str, RIGHT_PERSON_MANAGE, &f->unit, &f->errors, &f->d.unit);
}

static Err person_new_page(Ctx *c)
{
    PersonForm f   = { .is_new = true, .action = S("/console/users/new"), .back = S("/console/users") };
    UnitIds    top = { 0 };
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_PERSON_MANAGE, c->today, &top));
    if (top.len)
        f.unit.typed = unit_place(c, top.at[0]);
    return form_show(c, &f, 200);
}

Err link_show_page(Ctx *c, const Person *p, Str token, bool invite)
{
    LinkPage page = { .p = *p, .invite = invite, .back = person_path(c, p->id),
                      .url = arena_fmt(c->arena, "%.*s/reset/%.*s", STR_ARG(site_base(c)), STR_ARG(token)) };
    Out o = page_begin(c, text_of(c->lang, "people.link_title"));
    admin_link_view(&o, &page);
    return page_end(c, &o);
}

static Err person_new_action(Ctx *c)
{
    PersonForm f = { .is_new = true, .action = S("/console/users/new"), .back = S("/console/users") };
    Person     p = { 0 };
    PersonId   id;
    Str        token;
    TRY(form_read(c, &f));
    if (f.errors.len)
        return form_show(c, &f, 422);
    Err e = person_create(c->db, c->arena, &f.d, c->session.person, c->now, &id);
    if (err_is(e, ERR_CONFLICT)) {
        field_error(c, &f.errors, S("login"), text_of(c->lang, "people.login_taken"));
        return form_show(c, &f, 409);
    }
    TRY(e);
    TRY(contact_save(c, id, &f.contact));
    TRY(link_make(c->db, c->arena, id, LINK_INVITE, c->session.person, c->now, &token));
    TRY(audit_add(c, S("person.create"), S("person"), id.v, f.d.unit, S("")));
    TRY(person_load(c->db, c->arena, id, &p));
    return link_show_page(c, &p, token, true);
}

static Err person_edit_page(Ctx *c)
{
    Person p = { 0 };
    TRY(person_managed(c, &p));
    PersonForm f = { .action = str_concat(c->arena, person_path(c, p.id), S("/edit")), .back = person_path(c, p.id) };
    f.d          = (PersonDraft){ p.login, p.name, p.unit, p.lang, p.demo };
    TRY(contact_load(c, p.id, &f.contact));
    f.unit.typed = unit_place(c, p.unit);
    return form_show(c, &f, 200);
}

static Err person_edit_action(Ctx *c)
{
    Person p = { 0 };
    TRY(person_managed(c, &p));
    PersonForm f = { .action = str_concat(c->arena, person_path(c, p.id), S("/edit")), .back = person_path(c, p.id) };
    TRY(form_read(c, &f));
    f.d.login = p.login;
    if (f.errors.len)
        return form_show(c, &f, 422);
    TRY(person_save(c->db, c->arena, p.id, &f.d));
    TRY(contact_save(c, p.id, &f.contact));
    TRY(audit_add(c, S("person.save"), S("person"), p.id.v, f.d.unit, S("")));
    return redirect_notice(c, person_path(c, p.id), NOTICE_OK, text_of(c->lang, "common.saved"));
}

const Route admin_people_routes[] = {
    { GET,  "/users",             RIGHT_PERSON_READ,   people_page,        0 },
    { GET,  "/users/new",         RIGHT_PERSON_MANAGE, person_new_page,    0 },
    { POST, "/users/new",         RIGHT_PERSON_MANAGE, person_new_action,  0 },
    { GET,  "/users/{id}",        RIGHT_PERSON_READ,   person_page,        0 },
    { GET,  "/users/{id}/edit",   RIGHT_PERSON_MANAGE, person_edit_page,   ROUTE_CONFIRM },
    { POST, "/users/{id}/edit",   RIGHT_PERSON_MANAGE, person_edit_action, ROUTE_CONFIRM },
    { GET,  "/users/{id}/disable",          RIGHT_PERSON_MANAGE, person_act_page,    ROUTE_CONFIRM },
    { POST, "/users/{id}/disable",          RIGHT_PERSON_MANAGE, person_act_action,  ROUTE_CONFIRM },
    { GET,  "/users/{id}/enable",           RIGHT_PERSON_MANAGE, person_act_page,    ROUTE_CONFIRM },
    { POST, "/users/{id}/enable",           RIGHT_PERSON_MANAGE, person_act_action,  ROUTE_CONFIRM },
    { GET,  "/users/{id}/reset",            RIGHT_PERSON_MANAGE, person_act_page,    ROUTE_CONFIRM },
    { POST, "/users/{id}/reset",            RIGHT_PERSON_MANAGE, person_act_action,  ROUTE_CONFIRM },
    { GET,  "/users/{id}/invite",           RIGHT_PERSON_MANAGE, person_act_page,    ROUTE_CONFIRM },
    { POST, "/users/{id}/invite",           RIGHT_PERSON_MANAGE, person_act_action,  ROUTE_CONFIRM },
    { GET,  "/users/{id}/second-factor",    RIGHT_PERSON_MANAGE, person_act_page,    ROUTE_CONFIRM },
    { POST, "/users/{id}/second-factor",    RIGHT_PERSON_MANAGE, person_act_action,  ROUTE_CONFIRM },
    { GET,  "/users/{id}/sessions",         RIGHT_PERSON_MANAGE, person_act_page,    ROUTE_CONFIRM },
    { POST, "/users/{id}/sessions",         RIGHT_PERSON_MANAGE, person_act_action,  ROUTE_CONFIRM },
    { 0 },
};
