/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes written in the browser: what changes a tree that need not add up yet, and a criterion as the boxes of a form. Pure but for
 * the rows of scheme_drafts at the end. docs/adr/0067-schemes-in-the-browser.md */
#ifndef SCHEME_DRAFT_H
#define SCHEME_DRAFT_H

#include "scheme/store.h"
#include "view/view.h"

/* ---- Trees that need not add up (draft.c) ---------------------------------------------------------------------- */
/* A scheme as scheme_parse gives it, in tree order; codes are unlike, parents exist. */
void   scheme_draft_order(Arena *a, Scheme *s);                              /* tree order, levels and groups; what no root leads to stands last */
size_t scheme_draft_end(const Scheme *s, size_t at);                         /* behind the last criterion below it */
Str    scheme_draft_next_code(Arena *a, const Scheme *s, Str parent);        /* "3.4.2" after "3.4.1"; the first is parent + ".1" */
/* at == s->len: a new one, the last below its parent. Children follow a code that changed. */
void   scheme_draft_put(Arena *a, Scheme *s, size_t at, const SchemeCriterion *c);
void   scheme_draft_remove(Scheme *s, size_t at);                            /* with all below it */
bool   scheme_draft_move(Arena *a, Scheme *s, size_t at, int by);            /* before or after the neighbour of one parent; false: none there */
double scheme_draft_points(const Scheme *s, size_t at);                      /* of a leaf its own, of a group the sum of its leaves */

/* ---- A criterion as a form (draft_form.c, draft_read.c) ----------------------------------------------------------- */
/* What a rule measures: one input, one out of another in percent, or an expression that is written. */
typedef enum Measure { MEASURE_ONE, MEASURE_RATIO, MEASURE_EXPR, MEASURE_COUNT } Measure;
enum { FORM_STEPS_SPARE = 2 };
typedef struct StepForm { Str bound, points; } StepForm;
typedef struct RuleForm {
    Str            prefix;                     /* of the names of its boxes: "" or "p0_" */
    SchemeRuleKind kind;
    Measure        measure;
    Str            a, b;                       /* labels of the inputs measured */
    Str            a_name, b_name;             /* what they are called in the expression already; may be empty */
    Str            of;                         /* the expression */
    Str            points, floor, full, each, cap, due;
    LIST(StepForm) steps;
} RuleForm;
typedef struct CriterionForm {
    Str code, parent, name, max, note;
    Str evidence, labels;                      /* lines: a kind of evidence; "name: label" */
    SchemeMethod method;
    SchemeEffect effect;
    bool         group;                        /* has others below it: no rule */
    bool         deep;                         /* sums within a sum, which came from a file: the rule stays as it is */
    RuleForm     rule;
    LIST(RuleForm) parts;                      /* of a rule that adds up */
} CriterionForm;

bool criterion_deep(const SchemeCriterion *c);                         /* its rule is a sum with sums in it */
void criterion_form_fill(Arena *a, Lang l, const SchemeCriterion *c, CriterionForm *out);
Str  rule_form_name(Arena *a, const RuleForm *r, Str box);             /* "p0_each" */
/* What the boxes say; out lacks nothing when no error is added. The rule is compiled and held against the criterion's points.
 * s: where it goes, at its place or s->len; keep and work are two arenas. */
bool criterion_form_read(Arena *keep, Arena work, Lang l, const CriterionForm *f, const Scheme *s, size_t at, SchemeCriterion *out,
                         FieldErrors *errors);
/* The criterion alone as a scheme that can be computed, to try its rule. False: faults. */
bool criterion_alone(Arena *keep, Arena work, const SchemeCriterion *c, Scheme *out, SchemeFaults *faults);

/* ---- Rows (draft_store.c) ------------------------------------------------------------------------------------------- */
typedef struct DraftId { int64_t v; } DraftId;
typedef struct SchemeDraft {
    DraftId  id;
    SchemeId scheme;                           /* 0: a new one */
    int64_t  base_version, revision;
    UnitId   unit;
    PersonId made_by, changed_by;
    Time     made_at, changed_at;
    bool     undo;                             /* a change that can be taken back */
    Scheme   s;                                /* in tree order */
} SchemeDraft;
typedef LIST(SchemeDraft) SchemeDrafts;
MUST_USE Err scheme_drafts(Db *db, Arena *a, SchemeDrafts *out);                        /* newest change first; of s the title alone */
MUST_USE Err scheme_draft_load(Db *db, Arena *a, DraftId id, SchemeDraft *out);         /* ERR_NOT_FOUND */
MUST_USE Err scheme_draft_of(Db *db, Arena *a, SchemeId scheme, DraftId *out);          /* 0: none */
MUST_USE Err scheme_draft_add(Db *db, Arena *a, SchemeDraft *draft);                    /* id 0: given */
/* draft->s, where the row still has draft->revision, which goes up by one. ERR_CONFLICT: somebody changed it meanwhile. */
MUST_USE Err scheme_draft_save(Db *db, Arena *a, SchemeDraft *draft);
MUST_USE Err scheme_draft_undo(Db *db, Arena *a, SchemeDraft *draft);                   /* ERR_CONFLICT too when there is nothing to undo */
MUST_USE Err scheme_draft_drop(Db *db, Arena *a, const SchemeDraft *draft);             /* ERR_CONFLICT: changed meanwhile */

#endif
