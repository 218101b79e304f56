/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The settings of e-mail, checked together: one server, its name proved by a certificate unless it is this machine. */
#include "app/app.h"
#include "notice/letter.h"
#include "notice/smtp.h"

Err mail_config(Arena *a, const Config *c, const MailConfig **out)
{
    static const Str kinds[] = { S_INIT("starttls"), S_INIT("tls"), S_INIT("none") };
    MailConfig *m = arena_new(a, MailConfig, 1);
    *out = NULL;
    *m   = (MailConfig){ .host = config_str(c, "mail.host"), .port = (int)config_int(c, "mail.port"), .user = config_str(c, "mail.user"),
                         .password_file = config_str(c, "mail.password_file"), .ca_file = config_str(c, "mail.ca_file"), .from = config_str(c, "mail.from") };
    if (!m->host.len)
        return OK;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(config_str(c, "mail.tls"), kinds[i]))
            m->tls = (MailTls)i;
    for (size_t i = 0; i < m->host.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:", m->host.at[i]))
            return err_new(a, ERR_CONFIG, S("mail.host is the name or address of one server: mail.example.vn"));
    if (!letter_address(m->from))
        return err_new(a, ERR_CONFIG, S("mail.from needs the address that letters come from: thuocdo@example.vn"));
    if (m->tls == MAIL_PLAIN && !mail_host_local(m->host))
        return err_new(a, ERR_CONFIG, S("mail.tls = none is for a server on this machine alone (localhost); others need starttls or tls"));
    if (m->user.len && !m->password_file.len)
        return err_new(a, ERR_CONFIG, S("mail.user needs mail.password_file, a file that holds the password"));
    *out = m;
    return OK;
}
