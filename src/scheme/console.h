/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console pages of schemes show. */
#ifndef SCHEME_CONSOLE_H
#define SCHEME_CONSOLE_H

#include "scheme/store.h"
#include "view/component.h"

typedef struct SchemeLine { const SchemeRow *row; Str owner, href, kind, points; } SchemeLine;
typedef struct SchemeDraftLine { Str title, href, changed; } SchemeDraftLine;
typedef struct SchemesListView { LIST(SchemeLine) lines; LIST(SchemeDraftLine) drafts; bool may_add; } SchemesListView;

/* One domain in the overview, and one criterion of the tree. */
typedef struct SchemeDomain { Str code, name, anchor, points; double share; int64_t leaves; Str survey; } SchemeDomain;
typedef struct SchemeNode { const SchemeCriterion *c; Str points, method, href, anchor, effect; StrList words; int depth; bool domain; } SchemeNode;
typedef struct SchemeTree { LIST(SchemeDomain) domains; LIST(SchemeNode) nodes; bool evidence; } SchemeTree;

typedef struct SchemeVersionLine { Str version, who, when, reason, href; } SchemeVersionLine;
typedef struct SchemeShowView {
    const SchemeRow *row;
    const Scheme *s;
    SchemeTree tree;
    Str base, owner, kind, points, token, changes_href, draft_href;
    LIST(SummaryRow) facts;
    LIST(SchemeVersionLine) versions;
    bool may_manage;
} SchemeShowView;

/* Trying a rule: each input a box, its standard error beside it where the rule carries one. */
typedef struct SchemeInputBox { Field f; Str value, se, se_name, se_label, se_error; bool carries; } SchemeInputBox;
typedef struct SchemeTryView {
    const Scheme *s;
    const SchemeCriterion *c;
    Str base, action, title, points, path, prev_href, next_href;
    StrList words, faults;
    LIST(SchemeInputBox) boxes;
    FieldErrors errors;
    SchemeScore score;
    Str score_text, se_text, max_text;
    bool tried, scored;
} SchemeTryView;

typedef struct SchemeFaultLine { Str row, column, text; } SchemeFaultLine;
typedef struct SchemeImportView {
    const SchemeRow *row;                  /* NULL: a new scheme */
    FieldErrors errors;
    LIST(SchemeFaultLine) faults; int64_t fault_count;
    Choices owners;
    LIST(TabItem) examples;
    Str action, confirm, token, back_href, sha, owner, file_name, reason;
    bool preview, locked;
    const Scheme *s;
    SchemeTree tree;
    SchemeChanges changes;
    Str points;
} SchemeImportView;

typedef struct SchemeChangesView { Str title, from, to, base; SchemeChanges changes; } SchemeChangesView;
typedef struct SchemeCopyView { const SchemeRow *row; FieldErrors errors; Str base, token, code, title, year; Choices owners; } SchemeCopyView;

typedef struct SchemeBrokenView { const SchemeRow *row; Str base, file, lead; bool may_manage; LIST(SchemeFaultLine) faults; } SchemeBrokenView;

/* Shared by the files of pages. */
Arena scheme_work(Ctx *c);                                   /* working memory apart from the request's */
MUST_USE Err scheme_of_path(Ctx *c, Right right, SchemeRow *out);
/* The definition; one that this version of the program refuses is answered with a page of its faults: then *told. version 0: the newest. */
MUST_USE Err scheme_opened(Ctx *c, const SchemeRow *row, int64_t version, Scheme *out, bool *told);
Str  scheme_base(Ctx *c, SchemeId id);
Str  scheme_kind_text(Lang l, Str kind);
void scheme_crumbs(Ctx *c, const SchemeRow *row, Str here);
MUST_USE Err scheme_scored(Ctx *c, const Scheme *s, int at, const SchemeCard *card, SchemeScore *score, SchemeFaults *faults, bool *scored);
ExprValue scheme_typed_value(Ctx *c, Str text);              /* "86,42", "có", "28/02/2026": what a person types, as the engine takes it */
void scheme_tree_fill(Ctx *c, const Scheme *s, Str base, SchemeTree *out);      /* base empty: no links */

MUST_USE Err scheme_kept_audit(Ctx *c, const SchemeRow *row, bool fresh, Str reason);      /* a version was kept */

MUST_USE Err scheme_try_page(Ctx *c);
MUST_USE Err scheme_import_page(Ctx *c);
MUST_USE Err scheme_import_action(Ctx *c);
MUST_USE Err scheme_confirm_action(Ctx *c);
MUST_USE Err scheme_template_file(Ctx *c);
MUST_USE Err scheme_example_file(Ctx *c);
MUST_USE Err scheme_changes_page(Ctx *c);
MUST_USE Err scheme_copy_page(Ctx *c);
MUST_USE Err scheme_copy_action(Ctx *c);
MUST_USE Err scheme_lock_page(Ctx *c);
MUST_USE Err scheme_lock_action(Ctx *c);

#endif
