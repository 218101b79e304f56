/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of drafts show. */
#ifndef SCHEME_DRAFT_CONSOLE_H
#define SCHEME_DRAFT_CONSOLE_H

#include "scheme/console.h"
#include "scheme/draft.h"

typedef struct DraftNode { const SchemeCriterion *c; Str points, sum, method, href,
                           add_href; StrList words; bool unlike; } DraftNode;   /* unlike: points are not the sum */
typedef struct DraftView {
    const SchemeDraft *draft;
    Str title, base, token, revision, told, total, max;
    LIST(DraftNode) nodes;
    LIST(SchemeFaultLine) faults; int64_t fault_count;
    bool total_unlike;
} DraftView;

typedef struct DraftAboutView {
    Str title, action, token, revision, back_href;
    Str code, name, year, max, source, label;
    bool rescale, fresh;
    Choices kinds, owners;
    FieldErrors errors;
} DraftAboutView;

typedef struct DraftKeepView {
    const SchemeDraft *draft;
    Str base, token, revision, reason, newer;      /* newer: another version was kept meanwhile */
    bool locked, fresh;
    SchemeChanges changes;
    FieldErrors errors;
} DraftKeepView;

typedef struct DraftItemView {
    const SchemeDraft *draft;
    CriterionForm f;
    Str title, base, action, token, revision, at_code;     /* at_code: the code it is kept under; empty: new */
    Str sum;                                               /* of a group */
    Str prev_href, next_href, add_href, remove_href;
    Choices parents, methods, effects, kinds, part_kinds;
    FieldErrors errors;
    LIST(SchemeInputBox) boxes;
    StrList words, trace, faults;
    Str score;
    bool expr, tried, first, last;
} DraftItemView;

/* Shared by the files of pages. */
MUST_USE Err scheme_draft_of_path(Ctx *c, SchemeDraft *out);                  /* right asked */
Str  scheme_draft_base(Ctx *c, DraftId id);
void scheme_draft_crumbs(Ctx *c, const SchemeDraft *draft, Str here);
bool scheme_draft_moved_on(Ctx *c, const SchemeDraft *draft);                 /* the form was written over another revision */
MUST_USE Err scheme_draft_change(Ctx *c, SchemeDraft *draft, Str path, NoticeKind kind, Str text);      /* keeps draft->s and goes there */
Choices scheme_kind_choices(Ctx *c, Str chosen);

MUST_USE Err scheme_draft_list(Ctx *c, SchemesListView *v);                   /* open drafts that the reader may change */
MUST_USE Err scheme_draft_item_page(Ctx *c);
MUST_USE Err scheme_draft_item_action(Ctx *c);
MUST_USE Err scheme_draft_move_action(Ctx *c);
MUST_USE Err scheme_draft_remove_page(Ctx *c);
MUST_USE Err scheme_draft_remove_action(Ctx *c);
MUST_USE Err scheme_draft_about_page(Ctx *c);
MUST_USE Err scheme_draft_about_action(Ctx *c);
MUST_USE Err scheme_draft_new_page(Ctx *c);
MUST_USE Err scheme_draft_new_action(Ctx *c);
MUST_USE Err scheme_draft_keep_page(Ctx *c);
MUST_USE Err scheme_draft_keep_action(Ctx *c);

#endif
