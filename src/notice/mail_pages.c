/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Notices by e-mail, for one's own account: the address is confirmed by a code that is sent to it, then each kind is chosen. */
#include "notice/mail_parts.h"

#include "notice_mail.html.h"

enum { CODES_A_DAY = 5, TRIES = 5 };
#define HERE "/console/account/mail"

/* The account's address and what is known of it; keys are of the address of now. */
typedef struct Own { Str address, key; MailPerson x; bool confirmed, asked; } Own;

static Err own_load(Ctx *c, Own *out)
{
    uint8_t       key[32];
    PersonContact contact;
    Own           o = { 0 };
    app_key(c->app, PERSON_CONTACT_KEY, key);
    TRY(person_contact_load(c->db, c->arena, key, c->session.person, &contact));
    TRY(mail_person_load(c->db, c->arena, c->session.person, &o.x));
    o.address   = contact.email;
    o.key       = contact.email.len ? person_email_key(c->arena, key, contact.email) : S("");
    o.confirmed = o.key.len && str_eq(o.key, o.x.email_key);
    o.asked     = o.key.len && o.x.code_mail && str_eq(o.key, o.x.asked_key) && c->now.ms - o.x.asked_at.ms < CODE_MINUTES * MS_MINUTE && o.x.tries < TRIES;
    *out = o;
    return OK;
}

static void choices_fill(Ctx *c, MailView *v, const MailHow how[NOTICE_GROUP_COUNT])
{
    for (int g = 0; g < NOTICE_GROUP_COUNT; g++) {
        v->names[g] = text_find(c->lang, str_concat(c->arena, S("notice.group."), notice_group_code((NoticeGroup)g)));
        for (int h = 0; h < MAIL_HOW_COUNT; h++)
            *list_add(c->arena, &v->how[g]) = (Choice){ .value = mail_how_code((MailHow)h), .chosen = how[g] == (MailHow)h,
                .label = text_find(c->lang, str_concat(c->arena, S("mail.how."), mail_how_code((MailHow)h))) };
    }
}

static Err show(Ctx *c, MailView *v, int status)
{
    Own     own;
    MailHow how[NOTICE_GROUP_COUNT];
    TRY(own_load(c, &own));
    TRY(mail_choices(c->db, c->session.person, how));
    v->token     = c->page.form_token;
    v->address   = own.address;
    v->set_up    = c->app->mail != NULL;
    v->confirmed = own.confirmed;
    v->asked     = own.asked && !own.confirmed;
    choices_fill(c, v, how);
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "view.console.account"), S("/console/account"));
    page_crumb(c, text_of(c->lang, "mail.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "mail.title"));
    notice_mail_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err mail_page(Ctx *c)
{
    return show(c, &(MailView){ 0 }, 200);
}

/* A code to the address of now; an older one is worth nothing any more. */
static Err code_action(Ctx *c)
{
    Own     own;
    int64_t sent = 0;
    TRY(own_load(c, &own));
    TRY(mail_codes_since(c->db, c->session.person, (Time){ c->now.ms - MS_DAY }, &sent));
    if (!c->app->mail || !own.address.len || own.confirmed)
        return redirect_plain(c, S(HERE));
    if (!letter_address(own.address))
        return redirect_notice(c, S(HERE), NOTICE_WARN, text_of(c->lang, "mail.address.bad"));
    if (sent >= CODES_A_DAY)
        return redirect_notice(c, S(HERE), NOTICE_WARN, text_of(c->lang, "mail.code.many"));
    own.x.asked_key = own.key;
    own.x.asked_at  = c->now;
    own.x.tries     = 0;
    TRY(mail_add(c->db, c->session.person, MAIL_CODE, c->now, &own.x.code_mail));
    TRY(mail_person_save(c->db, c->session.person, &own.x));
    TRY(audit_add(c, S("mail.code"), S("person"), c->session.person.v, c->session.who.unit, S("")));
    return redirect_notice(c, S(HERE), NOTICE_OK, text_of(c->lang, "mail.code.sent"));
}

/* To begin with: what concerns cards and deadlines comes at once, the rest is told in the console alone. */
static const MailHow at_first[NOTICE_GROUP_COUNT] = { [NOTICE_SEASON] = MAIL_NOW, [NOTICE_DEADLINE] = MAIL_NOW };

static Err confirm_action(Ctx *c)
{
    Own own;
    TRY(own_load(c, &own));
    MailView v = { .typed = form_str(c, "code") };
    if (!own.asked || own.confirmed)
        return redirect_notice(c, S(HERE), NOTICE_WARN, text_of(c->lang, "mail.code.gone"));
    if (!str_eq(v.typed, mail_code(c->arena, c->app, own.x.code_mail, own.key))) {
        own.x.tries++;
        TRY(mail_person_save(c->db, c->session.person, &own.x));
        field_error(c, &v.errors, S("code"), text_of(c->lang, "mail.code.wrong"));
        return show(c, &v, 422);
    }
    own.x = (MailPerson){ .email_key = own.key };
    TRY(mail_person_save(c->db, c->session.person, &own.x));
    TRY(mail_choices_save(c->db, c->session.person, at_first));
    TRY(audit_add(c, S("mail.confirm"), S("person"), c->session.person.v, c->session.who.unit, S("")));
    return redirect_notice(c, S(HERE), NOTICE_OK, text_of(c->lang, "mail.confirmed.done"));
}

static Err choices_action(Ctx *c)
{
    Own     own;
    MailHow how[NOTICE_GROUP_COUNT] = { 0 };
    TRY(own_load(c, &own));
    if (!own.confirmed)
        return redirect_plain(c, S(HERE));
    for (int g = 0; g < NOTICE_GROUP_COUNT; g++)
        if (!mail_how_parse(form_str(c, arena_c(c->arena, str_concat(c->arena, S("how_"), notice_group_code((NoticeGroup)g)))), &how[g]))
            return err_new(c->arena, ERR_INVALID, S("no such choice"));
    TRY(mail_choices_save(c->db, c->session.person, how));
    TRY(audit_add(c, S("mail.choices"), S("person"), c->session.person.v, c->session.who.unit, S("")));
    return redirect_notice(c, S(HERE), NOTICE_OK, text_of(c->lang, "common.saved"));
}

const Route mail_routes[] = {
    { GET,  "/account/mail",         RIGHT_SIGNED_IN, mail_page },
    { POST, "/account/mail/code",    RIGHT_SIGNED_IN, code_action },
    { POST, "/account/mail/confirm", RIGHT_SIGNED_IN, confirm_action },
    { POST, "/account/mail/choices", RIGHT_SIGNED_IN, choices_action },
    { 0 },
};
