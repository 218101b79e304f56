/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console pages of methods show. */
#ifndef METHOD_CONSOLE_H
#define METHOD_CONSOLE_H

#include "method/store.h"
#include "view/component.h"

typedef struct MethodLine { const MethodRow *row; Str title, owner, href; } MethodLine;
typedef struct MethodsListView { LIST(MethodLine) lines; bool may_add; } MethodsListView;

typedef struct MethodNodeLine { const MethodNode *n; int depth; Str places, href, weight; StrList items; } MethodNodeLine;
typedef struct MethodVersionLine { Str label, href, diff; bool approved, here; } MethodVersionLine;
typedef struct MethodShowView {
    const MethodRow *row; const SurveyMethod *m;
    Str title, base, csv, xlsx, copy, token, form_id;
    LIST(SummaryRow) facts;
    LIST(MethodNodeLine) nodes;
    LIST(MethodVersionLine) versions;
    Choices forms;
    MethodFaults faults;                  /* of a draft: what approval waits for */
    MethodCheck check; bool checked, may_change;
} MethodShowView;

typedef struct MethodEditView {
    const MethodRow *row; const SurveyMethod *m;
    Str base, token, revision, breaks;
    Choices rules[METHOD_RULE_COUNT], tables;
    FieldErrors errors;
    MethodFaults faults;
} MethodEditView;

typedef struct MethodNodeView {
    const MethodRow *row;
    Str base, token, revision, code, name_vi, name_en, weight, items;
    Choices parents, kinds;
    FieldErrors errors;
    MethodFaults faults;
    bool fresh, may_remove;
} MethodNodeView;

typedef struct MethodNewView {
    const MethodRow *row;                 /* a file for this draft; NULL: a new method */
    Str action, token, back, code, title;
    Choices owners, from;
    FieldErrors errors;
    MethodFaults faults;
} MethodNewView;

typedef struct MethodChangesView { Str title, from, to, back; MethodChanges changes; } MethodChangesView;

/* Shared by the files of pages. */
Str  method_base(Ctx *c, const MethodRow *row);
void method_crumbs(Ctx *c, const MethodRow *row, Str here);
/* The kept method of {id}: drafts for those with the right on their unit, approved ones for everybody who reads questionnaires. */
MUST_USE Err method_of_path(Ctx *c, Right right, MethodRow *row, SurveyMethod *m);
/* The same for changing; ERR_CONFLICT: approved. */
MUST_USE Err method_draft_of_path(Ctx *c, MethodRow *row, SurveyMethod *m);
MUST_USE Err method_keep(Ctx *c, const SurveyMethod *m, MethodRow *row, Str notice);      /* saves, records, leads back */
/* In full, in the reader's notation: read again it is the same number. */
Str  method_weight_text(Arena *a, Lang l, double weight);
bool method_soft(const MethodFault *f);                  /* a draft may still have it */
void method_faults_of(Arena *a, const SurveyMethod *m, MethodFaults *out);                /* of the method as its table */

MUST_USE Err method_new_page(Ctx *c);
MUST_USE Err method_new_action(Ctx *c);
MUST_USE Err method_import_page(Ctx *c);
MUST_USE Err method_import_action(Ctx *c);
MUST_USE Err method_edit_page(Ctx *c);
MUST_USE Err method_edit_action(Ctx *c);
MUST_USE Err method_node_page(Ctx *c);
MUST_USE Err method_node_action(Ctx *c);

#endif
