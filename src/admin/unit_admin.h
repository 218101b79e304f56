/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console pages about units: the tree, one unit, and the acts, each with a preview before anything is saved. */
#ifndef ADMIN_UNIT_ADMIN_H
#define ADMIN_UNIT_ADMIN_H

#include "admin/admin.h"
#include "org/unit_import.h"
#include "view/component.h"


/* ---- Forms ---------------------------------------------------------------------------------------- */
/* What a person typed about one unit; prefix makes field names unique where several stand on a page. */
typedef struct UnitForm {
    Str prefix;
    UnitKind kind;
    Str name_vi, name_en, code, subtype, source, share, reason;
    UnitId parent;
    TypedDate day; Date on;                              /* on: DATE_NONE when nothing or no day is typed */
    bool with_children;
} UnitForm;
void      unit_form_read(Ctx *c, UnitForm *f);           /* from the sent form, by prefix */
void      unit_form_of(Ctx *c, UnitForm *f, const Unit *u);
UnitDraft unit_form_draft(const UnitForm *f);
/* Faults of the plan as errors beside fields; row chooses the prefix "p<row>_" for parts of a split. */
void unit_faults_show(Ctx *c, const UnitPlan *p, bool parts, FieldErrors *errors);

/* ---- Act pages --------------------------------------------------------------------------------------- */
/* What stands above every act: the unit, where it leads back to, where it is sent. */
typedef struct UnitActPage {
    Unit u, above;
    Str title, back, action, token, button, warning;
    FieldErrors errors;
    UnitForm form;
    StrList lines;                                       /* of the preview */
    HttpFields hidden;                                   /* the form again, for confirming */
    Choices kinds, parents;
    bool danger;
} UnitActPage;

/* Loads the unit of the path and what is above it; the right is needed above (creating: on the unit itself). */
MUST_USE Err unit_act_open(Ctx *c, bool on_itself, UnitActPage *p);
/* True when the person has seen the preview and confirms. */
bool unit_act_confirmed(const Ctx *c);
/* Opens a plan; locked when it will be saved. */
MUST_USE Err unit_act_plan(Ctx *c, UnitPlan *plan);
/* The preview of a plan that can be carried out. */
MUST_USE Err unit_act_preview(Ctx *c, UnitActPage *p, const UnitPlan *plan, Date on);
/* Saves, records and goes to the unit. */
MUST_USE Err unit_act_done(Ctx *c, UnitPlan *plan, Str action, UnitId about, UnitId right_on, Date on, Str message);
/* Sentences of what a plan does from a day on. */
void unit_plan_lines(Ctx *c, const UnitPlan *plan, Date on, StrList *out);
/* Is the right held on what is above this unit (on itself for a root)? */
MUST_USE Err unit_right_above(Ctx *c, const Unit *u);
Str unit_console_href(Ctx *c, UnitId id);
void unit_crumbs(Ctx *c, const UnitActPage *p);

/* ---- Handlers of the other files ------------------------------------------------------------------------ */
Err unit_add_page(Ctx *c), unit_add_action(Ctx *c), unit_change_page(Ctx *c), unit_change_action(Ctx *c);
Err unit_abolish_page(Ctx *c), unit_abolish_action(Ctx *c);
Err unit_merge_page(Ctx *c), unit_merge_action(Ctx *c), unit_split_page(Ctx *c), unit_split_action(Ctx *c);
Err unit_import_page(Ctx *c), unit_import_upload(Ctx *c), unit_import_preview(Ctx *c), unit_import_apply(Ctx *c), unit_template_page(Ctx *c);

#endif
