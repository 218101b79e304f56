/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One letter to the one configured SMTP server, by libcurl. Waits for the peer: never on a thread of requests. */
#ifndef NOTICE_SMTP_H
#define NOTICE_SMTP_H

#include "base/base.h"

/* plain: to this machine alone. */
typedef enum MailTls { MAIL_STARTTLS, MAIL_TLS, MAIL_PLAIN } MailTls;
typedef struct MailConfig { Str host, user, password_file, ca_file, from; int port; MailTls tls; } MailConfig;
bool mail_host_local(Str host);                        /* this machine itself: the only place for letters without TLS */

/* taken: the server said so. refused: it will not take this letter, ever. later: it was not handed over, or the server wants it later.
 * unsure: all of it was handed over and no answer came. */
typedef enum MailOutcome { MAIL_TAKEN, MAIL_REFUSED, MAIL_LATER, MAIL_UNSURE } MailOutcome;
/* handed is called when the last byte goes out: false stops the letter before its end mark, so that it is not taken. stop ends it before that.
 * *out_fault: code of a text "mail.fault.<code>", names nobody. to has passed letter_address. */
typedef struct SmtpCall { bool (*handed)(void *self); bool (*stop)(void *self); void *self; } SmtpCall;
MailOutcome smtp_send(Arena *a, const MailConfig *m, Str to, Str letter, const SmtpCall *call, Str *out_fault);

#endif
