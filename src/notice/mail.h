/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* E-mail of notices: queue, confirmed addresses, choices; the thread that sends. The rest of the program sees this. */
#ifndef NOTICE_MAIL_H
#define NOTICE_MAIL_H

#include "notice/notice.h"
#include "notice/smtp.h"

/* One thread looks at the queue; app lives until mail_stop. Nothing is sent without AppInfo.mail. */
MUST_USE Err mail_start(Arena *a, const AppInfo *app);
void mail_stop(void);
/* Sends the next mail that is due, on this thread: what the thread does, for tests. *out_any: there was one, and the server could be reached. */
MUST_USE Err mail_next(const AppInfo *app, Time now, bool *out_any);
/* What this folder's process was at when it was killed: not handed over yet waits again, handed over stays unsure. */
MUST_USE Err mail_resume(const AppInfo *app);
/* A letter at once, without the queue: for `thuocdo mail test`. */
MailOutcome mail_try(Arena *a, const AppInfo *app, Str to, Str *out_fault);

/* For the page of the system's state. fault: of the oldest that waits after a failure; empty: none. */
typedef struct MailHealth { int64_t waiting, tried, sent, unsure, failed; Str fault; } MailHealth;
MUST_USE Err mail_health(Db *db, Arena *a, MailHealth *out);

#endif
