/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Models of the sign-in pages. */
#ifndef ADMIN_SIGNIN_PAGES_H
#define ADMIN_SIGNIN_PAGES_H

#include "admin/parts.h"

typedef struct SignInPage {
    Str token, action, login, back, message;     /* message: a wait, or why the page is shown */
    FieldErrors errors;
    bool with_code;                              /* confirming: password and code together */
} SignInPage;
typedef struct EnrolPage { Str token, action, back, secret_text, uri; FieldErrors errors; } EnrolPage;
typedef struct PasswordPage {
    Str token, action, login, intro;
    bool ask_old, may_leave;       /* may_leave: somebody signed in changes it of their own accord */
    FieldErrors errors;
} PasswordPage;
typedef struct CodesPage { const StrList *codes; Str next; } CodesPage;

SignIn signin_try(Ctx *c, Str login);            /* with address, limits and clock of this request */
Err signin_finish(Ctx *c, Str token, Str back);  /* sets the cookie and goes on to the next step */
Err signin_code_page(Ctx *c);
Err signin_code_action(Ctx *c);
Err signin_enrol_page(Ctx *c);
Err signin_enrol_action(Ctx *c);
Err signin_password_page(Ctx *c);
Err signin_password_action(Ctx *c);
Err signin_link_page(Ctx *c);
Err signin_link_action(Ctx *c);
Err signout_page(Ctx *c);
Err signout_action(Ctx *c);

/* The new password of a form with fields new and again: checked, hashed; empty when there are errors. */
MUST_USE Err new_password(Ctx *c, const Person *who, FieldErrors *errors, Str *out_hash);

#endif
