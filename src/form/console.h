/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console pages of questionnaires show. */
#ifndef FORM_CONSOLE_H
#define FORM_CONSOLE_H

#include "form/form_parts.h"
#include "view/component.h"

typedef struct FormLine { const FormRow *row; Str title, owner, href; } FormLine;
typedef struct FormsListView { LIST(FormLine) lines; int64_t all; Pager pager; bool may_add; } FormsListView;

/* sha: the bytes wait for a confirmation of these warnings. */
typedef struct FormsUploadView {
    FieldErrors errors;
    const FormIssues *issues;
    size_t error_count;
    Str sha, token, file_name;
    bool reason;                         /* W-CHANGED is among them: why must be said */
    StrList media;                       /* "sha256 name" of files that wait with it */
    const ShippedForm *shipped; size_t shipped_count;
} FormsUploadView;

typedef struct FormMediaLine { Str name, size; } FormMediaLine;         /* size empty: missing */
typedef LIST(FormMediaLine) FormMediaLines;

typedef struct FormVersionView {
    const FormRow *row;
    const FormProgram *p;
    Str title, owner, base, token, size, sha, languages, xform_md5, xform_size;
    bool may_manage;
    FormMediaLines media;
    FormRows earlier;
} FormVersionView;

typedef struct FormChangesView { const FormRow *row, *from; FormChanges changes; Str base; } FormChangesView;

/* One page of the questionnaire inside a telephone's width. */
typedef struct FormPhone { int page; Str condition; } FormPhone;
typedef struct FormPreviewView {
    const FormProgram *p;
    const FormAnswers *x;
    const FormState *s;                  /* everything relevant */
    Str title, base;
    Lang lang;
    Str part;                            /* number of the part that is shown */
    const HttpFields *fields;            /* what long lists were searched by */
    LIST(TabItem) parts;
    LIST(TabItem) languages;
    LIST(FormPhone) phones;
} FormPreviewView;

/* Handlers of form_part_pages.c; the route table stands in form_pages.c. */
MUST_USE Err form_row_of_path(Ctx *c, Right right, FormRow *out);
MUST_USE Err form_media_lines(Ctx *c, FormId id, const FormProgram *p, FormMediaLines *out);
MUST_USE Err form_earlier(Ctx *c, const FormRow *row, FormRows *out);      /* other versions of the same form, newest first */
MUST_USE Err form_xform_file(Ctx *c);
MUST_USE Err form_media_file(Ctx *c);
MUST_USE Err form_media_action(Ctx *c);
MUST_USE Err form_changes_page(Ctx *c);
Str  form_base(Ctx *c, FormId id);
Str  form_change_text(Lang l, FormChangeKind kind);
Str  form_issue_place(Arena *a, Lang l, const FormIssue *f);       /* "survey, hàng 14, cột relevant" */
Str  form_issue_sentence(Arena *a, Lang l, const FormIssue *f);
Str  form_state_text(Lang l, Str state);
TagKind form_state_tag(Str state);

#endif
