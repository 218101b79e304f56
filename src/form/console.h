/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console pages of questionnaires show. */
#ifndef FORM_CONSOLE_H
#define FORM_CONSOLE_H

#include "form/form_parts.h"
#include "view/component.h"

typedef struct FormLine { const FormRow *row; Str title, owner, href; } FormLine;
typedef struct FormsListView { LIST(FormLine) lines; bool may_add; } FormsListView;

/* sha: the bytes wait for a confirmation of these warnings. */
typedef struct FormsUploadView {
    FieldErrors errors;
    const FormIssues *issues;
    size_t error_count;
    Str sha, token, file_name;
    const ShippedForm *shipped; size_t shipped_count;
} FormsUploadView;

typedef struct FormVersionView {
    const FormRow *row;
    const FormProgram *p;
    Str title, owner, base, token, size, sha, languages;
    bool may_manage;
} FormVersionView;

/* One page of the questionnaire inside a telephone's width. */
typedef struct FormPhone { int page; Str condition; } FormPhone;
typedef struct FormPreviewView {
    const FormProgram *p;
    const FormAnswers *x;
    const FormState *s;                  /* everything relevant */
    Str title, base;
    Lang lang;
    LIST(TabItem) parts;
    LIST(TabItem) languages;
    LIST(FormPhone) phones;
} FormPreviewView;

Str  form_issue_place(Arena *a, Lang l, const FormIssue *f);       /* "survey, hàng 14, cột relevant" */
Str  form_issue_sentence(Arena *a, Lang l, const FormIssue *f);
Str  form_state_text(Lang l, Str state);
TagKind form_state_tag(Str state);
Str  form_role_text(Lang l, QuestionRole role);

#endif
