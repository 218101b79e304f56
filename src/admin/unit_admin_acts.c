/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Creating, changing and abolishing a unit. Each form leads to a preview, the preview to the act. */
#include "admin/unit_admin.h"
#include "unit_admin_form.html.h"

/* ---- Create ------------------------------------------------------------------------------------------------ */
static void add_kinds(Ctx *c, UnitActPage *p)
{
    for (int k = UNIT_MINISTRY; k < UNIT_KIND_COUNT; k++)
        if (k != UNIT_DISTRICT && unit_kind_below(p->u.kind, (UnitKind)k))        /* districts ended on 2025-07-01 */
            *list_add(c->arena, &p->kinds) = (Choice){ .value = unit_kind_code((UnitKind)k),
                                                       .label = unit_kind_text((UnitKind)k, c->lang),
                                                       .chosen = p->form.kind == (UnitKind)k };
}

static Err add_show(Ctx *c, UnitActPage *p, int status)
{
    p->title  = text_fmt(c->arena, c->lang, "unit.add.title", ARG_S("unit", p->u.full_name_vi));
    p->button = text_of(c->lang, "unit.preview.button");
    add_kinds(c, p);
    unit_crumbs(c, p);
    Out o = page_begin(c, p->title);
    unit_add_view(&o, p);
    return page_end_status(c, &o, status);
}

Err unit_add_page(Ctx *c)
{
    UnitActPage p = { 0 };
    TRY(unit_act_open(c, true, &p));
    unit_form_of(c, &p.form, &(Unit){ .kind = UNIT_DEPARTMENT });
    return add_show(c, &p, 200);
}

Err unit_add_action(Ctx *c)
{
    UnitActPage p = { 0 };
    UnitPlan    plan;
    UnitId      id = { 0 };
    TRY(unit_act_open(c, true, &p));
    unit_form_read(c, &p.form);
    p.form.parent = p.u.id;
    TRY(unit_act_plan(c, &plan));
    UnitDraft d = unit_form_draft(&p.form);
    if (!unit_plan_create(&plan, &d, p.form.on, &id)) {
        unit_faults_show(c, &plan, false, &p.errors);
        return add_show(c, &p, 422);
    }
    p.title = text_fmt(c->arena, c->lang, "unit.add.title", ARG_S("unit", p.u.full_name_vi));
    if (!unit_act_confirmed(c)) return unit_act_preview(c, &p, &plan, p.form.on);
    return unit_act_done(c, &plan, S("unit.create"), id, p.u.id, p.form.on, text_of(c->lang, "unit.add.done"));
}

/* ---- Change ------------------------------------------------------------------------------------------------- */
/* Units that could stand above instead: those of the same kind beside the present one. */
static Err change_parents(Ctx *c, UnitActPage *p)
{
    Units beside = { 0 };
    if (!p->above.parent.v) return OK;
    TRY(unit_children(c->db, c->arena, p->above.parent, c->today, &beside));
    for (size_t i = 0; i < beside.len; i++)
        if (beside.at[i].kind == p->above.kind && right_has(c, RIGHT_UNIT_MANAGE, beside.at[i].id))
            *list_add(c->arena, &p->parents) =
                (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)beside.at[i].id.v),
                          .label = beside.at[i].full_name_vi,
                          .chosen = beside.at[i].id.v == p->form.parent.v };
    if (p->parents.len < 2) p->parents.len = 0;
    return OK;
}

static Err change_show(Ctx *c, UnitActPage *p, int status)
{
    p->title  = text_fmt(c->arena, c->lang, "unit.change.title", ARG_S("unit", p->u.full_name_vi));
    p->button = text_of(c->lang, "unit.preview.button");
    TRY(change_parents(c, p));
    unit_crumbs(c, p);
    Out o = page_begin(c, p->title);
    unit_change_view(&o, p);
    return page_end_status(c, &o, status);
}

Err unit_change_page(Ctx *c)
{
    UnitActPage p = { 0 };
    TRY(unit_act_open(c, false, &p));
    unit_form_of(c, &p.form, &p.u);
    return change_show(c, &p, 200);
}

Err unit_change_action(Ctx *c)
{
    UnitActPage p = { 0 };
    UnitPlan    plan;
    TRY(unit_act_open(c, false, &p));
    p.form.kind = p.u.kind;
    unit_form_read(c, &p.form);
    if (p.form.parent.v && p.form.parent.v != p.u.parent.v) TRY(right_need(c, RIGHT_UNIT_MANAGE, p.form.parent));
    TRY(unit_act_plan(c, &plan));
    UnitDraft d = unit_form_draft(&p.form);
    if (!unit_plan_replace(&plan, p.u.id, &d, p.form.on)) {
        unit_faults_show(c, &plan, false, &p.errors);
        return change_show(c, &p, 422);
    }
    p.title = text_fmt(c->arena, c->lang, "unit.change.title", ARG_S("unit", p.u.full_name_vi));
    if (!unit_act_confirmed(c)) return unit_act_preview(c, &p, &plan, p.form.on);
    return unit_act_done(c, &plan, S("unit.change"), p.u.id, p.u.id, p.form.on, text_of(c->lang, "unit.change.done"));
}

/* ---- Abolish ------------------------------------------------------------------------------------------------ */
static Err abolish_show(Ctx *c, UnitActPage *p, int status)
{
    p->title  = text_fmt(c->arena, c->lang, "unit.abolish.title", ARG_S("unit", p->u.full_name_vi));
    p->button = text_of(c->lang, "unit.preview.button");
    unit_crumbs(c, p);
    Out o = page_begin(c, p->title);
    unit_abolish_view(&o, p);
    return page_end_status(c, &o, status);
}

Err unit_abolish_page(Ctx *c)
{
    UnitActPage p = { 0 };
    TRY(unit_act_open(c, false, &p));
    unit_form_of(c, &p.form, &p.u);
    return abolish_show(c, &p, 200);
}

Err unit_abolish_action(Ctx *c)
{
    UnitActPage p = { .danger = true };
    UnitPlan    plan;
    TRY(unit_act_open(c, false, &p));
    unit_form_read(c, &p.form);
    TRY(unit_act_plan(c, &plan));
    if (!p.form.reason.len) field_error(c, &p.errors, S("reason"), text_of(c->lang, "unit.abolish.reason_missing"));
    bool fine = unit_plan_abolish(&plan, p.u.id, p.form.on, p.form.reason, p.form.with_children);
    if (!fine) unit_faults_show(c, &plan, false, &p.errors);
    if (p.errors.len) return abolish_show(c, &p, 422);
    p.title   = text_fmt(c->arena, c->lang, "unit.abolish.title", ARG_S("unit", p.u.full_name_vi));
    p.warning = text_of(c->lang, "unit.abolish.warning");
    if (!unit_act_confirmed(c)) return unit_act_preview(c, &p, &plan, p.form.on);
    return unit_act_done(c, &plan, S("unit.abolish"), p.u.id, p.u.parent, p.form.on,
                         text_of(c->lang, "unit.abolish.done"));
}
