/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of e-mail share; nobody else includes this. */
#ifndef NOTICE_MAIL_PARTS_H
#define NOTICE_MAIL_PARTS_H

#include "notice/letter.h"
#include "notice/mail.h"
#include "notice/parts.h"

typedef enum MailKind { MAIL_NOTICE, MAIL_DIGEST, MAIL_CODE } MailKind;
typedef enum MailHow { MAIL_NEVER, MAIL_NOW, MAIL_DAILY, MAIL_HOW_COUNT } MailHow;
Str mail_how_code(MailHow h);                          /* "none", "now", "daily" */
bool mail_how_parse(Str code, MailHow *out);

typedef struct Mail { int64_t id; PersonId to; MailKind kind; int attempts; Time made_at; } Mail;
typedef struct MailPerson { Str email_key, asked_key; Time asked_at; int64_t code_mail, tries; } MailPerson;        /* keys empty: none */

/* ---- mail_store.c ----------------------------------------------------------------------------------------------------- */
/* With a notice that was just added: a mail, or a line of the next digest, as the person chose. */
MUST_USE Err mail_queue(Db *db, PersonId to, int64_t notice, NoticeGroup group, Time at);
MUST_USE Err mail_add(Db *db, PersonId to, MailKind kind, Time at, int64_t *out);
MUST_USE Err mail_due(Db *db, Time now, bool *out);
enum { CODE_MINUTES = 30 };                        /* a code is good so long; a letter with an older one is not sent */
MUST_USE Err mail_claim(Db *db, Str runner, Time now, Mail *out, bool *out_any);                   /* in a write transaction */
MUST_USE Err mail_handed(Db *db, int64_t id, bool *out_done);                                      /* from sending alone */
/* From sending or handed. state: "sent", "unsure", "dropped", "failed", or "waiting" until not_before. */
MUST_USE Err mail_settle(Db *db, int64_t id, Str state, Str fault, Time not_before, Time now);
MUST_USE Err mail_resume_all(Db *db, Str runner, Time now);
/* The notices of a mail that are still unread, oldest first. */
MUST_USE Err mail_notices(Db *db, Arena *a, const Mail *m, NoticeRows *out);
MUST_USE Err mail_tidy(Db *db, Time ended_before);

MUST_USE Err mail_person_load(Db *db, Arena *a, PersonId who, MailPerson *out);                    /* all zero when there is no row */
MUST_USE Err mail_person_save(Db *db, PersonId who, const MailPerson *x);
MUST_USE Err mail_codes_since(Db *db, PersonId who, Time since, int64_t *out);
MUST_USE Err mail_choices(Db *db, PersonId who, MailHow out[NOTICE_GROUP_COUNT]);
MUST_USE Err mail_choices_save(Db *db, PersonId who, const MailHow how[NOTICE_GROUP_COUNT]);

/* ---- mail_text.c ---------------------------------------------------------------------------------------------------------- */
enum { MAIL_CODE_LEN = 8 };
/* Eight digits that follow from the mail and the address: kept nowhere. */
Str mail_code(Arena *a, const AppInfo *app, int64_t mail, Str email_key);
/* Subject and text in the person's language. rows: of a notice or digest; code: of a code. */
typedef struct MailWords { Str subject, text; } MailWords;
MUST_USE Err mail_words(Db *db, Arena *a, const AppInfo *app, const Mail *m, const Person *p, const NoticeRows *rows, Str code, MailWords *out);

typedef struct MailView {
    Str address, token, typed;
    bool set_up, confirmed, asked;
    Choices how[NOTICE_GROUP_COUNT];
    Str names[NOTICE_GROUP_COUNT];
    FieldErrors errors;
} MailView;

#endif
