/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo mail …: trying the set-up of e-mail from the command line. */
#include "app/app.h"
#include "notice/letter.h"
#include "notice/mail.h"

static Err test_command(Cli *c)
{
    Str to = cli_arg(c, 0), fault = S("");
    if (!letter_address(to))
        return err_new(c->a, ERR_INVALID, S("an e-mail address is needed: thuocdo mail test me@example.vn"));
    if (!c->in->info.mail)
        return err_new(c->a, ERR_CONFIG, S("no mail server is set: mail.host and mail.from in thuocdo.conf"));
    MailOutcome came = mail_try(c->a, &c->in->info, to, &fault);
    say_open(c);
    say_str(c, "server", c->in->info.mail->host);
    say_str(c, "outcome", came == MAIL_TAKEN ? S("sent") : came == MAIL_REFUSED ? S("refused") : came == MAIL_UNSURE ? S("unsure") : S("not_sent"));
    if (fault.len) {
        say_str(c, "fault", fault);
        say_str(c, "meaning", text_find(LANG_EN, str_concat(c->a, S("mail.fault."), fault)));
    }
    say_close(c);
    c->exit = came == MAIL_TAKEN ? c->exit : 1;
    return OK;
}

const Command mail_commands[] = {
    { "mail test", "ADDRESS", "", CMD_READ, test_command,
      "Send a letter to an address and say what the mail server answered", "thuocdo mail test me@example.vn" },
    { 0 },
};
