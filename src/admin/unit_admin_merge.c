/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Merging units that stand below one unit, and splitting one unit, with shares and a new home for each child. */
#include "admin/unit_admin_pages.h"
#include "unit_admin_merge.html.h"

#include <math.h>

static Str id_text(Ctx *c, UnitId id)
{
    return arena_fmt(c->arena, "%lld", (long long)id.v);
}

/* ---- Merge ------------------------------------------------------------------------------------------------ */
static bool was_chosen(const StrList *chosen, Str value)
{
    for (size_t i = 0; i < chosen->len; i++)
        if (str_eq(chosen->at[i], value)) return true;
    return false;
}

/* The units below, of one kind, as check boxes and as possible targets. */
static Err merge_fill(Ctx *c, UnitMergePage *p, const StrList *chosen)
{
    Units children = { 0 };
    bool  seen[UNIT_KIND_COUNT] = { false };
    TRY(unit_children(c->db, c->arena, p->act.u.id, c->today, &children));
    if (p->kind == UNIT_KIND_COUNT && children.len) p->kind = children.at[children.len - 1].kind;
    for (size_t i = 0; i < children.len; i++) {
        const Unit *u = &children.at[i];
        if (!seen[u->kind])
            *list_add(c->arena, &p->kinds) =
                (TabItem){ .label = unit_kind_text(u->kind, c->lang),
                           .current = u->kind == p->kind,
                           .href = arena_fmt(c->arena, "%.*s?kind=%.*s", STR_ARG(p->act.action),
                                             STR_ARG(unit_kind_code(u->kind))) };
        seen[u->kind] = true;
        if (u->kind != p->kind) continue;
        Str value = id_text(c, u->id);
        Str label = u->code.len ? str_join(c->arena, (Str[]){ u->full_name_vi, u->code }, 2, S(" · ")) : u->full_name_vi;
        *list_add(c->arena, &p->old) = (Choice){ .value = value, .label = label, .chosen = was_chosen(chosen, value) };
        *list_add(c->arena, &p->targets) = (Choice){ .value = value, .label = label, .chosen = u->id.v == p->into.v };
    }
    return OK;
}

static Err merge_show(Ctx *c, UnitMergePage *p, const StrList *chosen, int status)
{
    TRY(merge_fill(c, p, chosen));
    unit_crumbs(c, &p->act);
    Out o = page_begin(c, p->act.title);
    unit_merge_view(&o, p);
    return page_end_status(c, &o, status);
}

static Err merge_open(Ctx *c, UnitMergePage *p)
{
    TRY(unit_act_open(c, true, &p->act));
    p->kind       = UNIT_KIND_COUNT;
    p->act.title  = text_fmt(c->arena, c->lang, "unit.merge.title", ARG_S("unit", p->act.u.full_name_vi));
    p->act.button = text_of(c->lang, "unit.preview.button");
    return OK;
}

Err unit_merge_page(Ctx *c)
{
    UnitMergePage p = { 0 };
    StrList       chosen = { 0 };
    TRY(merge_open(c, &p));
    unit_kind_parse(query_str(c, "kind"), &p.kind);
    if (query_str(c, "old").len) *list_add(c->arena, &chosen) = query_str(c, "old");
    unit_form_of(c, &p.act.form, &(Unit){ 0 });
    return merge_show(c, &p, &chosen, 200);
}

Err unit_merge_action(Ctx *c)
{
    UnitMergePage p = { 0 };
    StrList       chosen = { 0 };
    UnitIds       old = { 0 };
    UnitPlan      plan;
    UnitId        id = { 0 };
    int64_t       n = 0;
    TRY(merge_open(c, &p));
    unit_form_read(c, &p.act.form);
    p.kind            = p.act.form.kind;
    p.act.form.parent = p.act.u.id;
    form_all(c, "old", &chosen);
    if (str_to_i64(form_str(c, "into"), &n)) p.into = (UnitId){ n };
    for (size_t i = 0; i < chosen.len; i++)
        if (str_to_i64(chosen.at[i], &n)) *list_add(c->arena, &old) = (UnitId){ n };
    TRY(unit_act_plan(c, &plan));
    for (size_t i = 0; i < old.len; i++) {
        Unit u = { 0 };
        if (!unit_plan_unit(&plan, c->arena, old.at[i], c->today, &u) || u.parent.v != p.act.u.id.v)
            return err_new(c->arena, ERR_FORBIDDEN, S("a unit to merge does not stand below this one"));
    }
    if (p.into.v) TRY(right_need(c, RIGHT_UNIT_MANAGE, p.into));
    UnitDraft d  = unit_form_draft(&p.act.form);
    Date      on = p.act.form.on;
    if (!unit_plan_merge(&plan, old.at, old.len, &d, p.into, on, &id)) {
        unit_faults_show(c, &plan, false, &p.act.errors);
        return merge_show(c, &p, &chosen, 422);
    }
    p.act.warning = text_of(c->lang, "unit.merge.warning");
    if (!unit_act_confirmed(c)) return unit_act_preview(c, &p.act, &plan, on);
    return unit_act_done(c, &plan, S("unit.merge"), id, p.act.u.id, on, text_of(c->lang, "unit.merge.done"));
}

/* ---- Split ------------------------------------------------------------------------------------------------ */
static Err split_open(Ctx *c, UnitSplitPage *p, int64_t n)
{
    TRY(unit_act_open(c, false, &p->act));
    p->n          = n < 2 ? 2 : n > UNIT_PARTS_MAX ? UNIT_PARTS_MAX : (size_t)n;
    p->act.title  = text_fmt(c->arena, c->lang, "unit.split.title", ARG_S("unit", p->act.u.full_name_vi));
    p->act.button = text_of(c->lang, "unit.preview.button");
    TRY(unit_children(c->db, c->arena, p->act.u.id, c->today, &p->children));
    p->home = arena_new(c->arena, size_t, p->children.len + 1);
    for (size_t i = 0; i < p->children.len; i++) p->home[i] = p->n;
    for (size_t i = 0; i < p->n; i++) p->parts[i].prefix = arena_fmt(c->arena, "p%zu_", i);
    for (size_t i = 2; i <= UNIT_PARTS_MAX; i++)
        *list_add(c->arena, &p->counts) =
            (TabItem){ .label = arena_fmt(c->arena, "%zu", i),
                       .current = i == p->n,
                       .href = arena_fmt(c->arena, "%.*s?parts=%zu", STR_ARG(p->act.action), i) };
    return OK;
}

/* Errors in the order of the page: part after part, then what holds for all. */
static void split_errors_order(Ctx *c, UnitSplitPage *p)
{
    static const char *const of_part[] = { "name_vi", "subtype", "code", "share" }, *const of_all[] = { "parts", "basis", "on", "source", "children" };
    const char *names[UNIT_PARTS_MAX * COUNT_OF(of_part) + COUNT_OF(of_all) + 1] = { NULL };
    size_t      n = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < COUNT_OF(of_part); k++)
            names[n++] = arena_c(c->arena, str_concat(c->arena, p->parts[i].prefix, str_from_c(of_part[k])));
    for (size_t k = 0; k < COUNT_OF(of_all); k++)
        names[n++] = of_all[k];
    field_errors_order(&p->act.errors, names);
}

static Err split_show(Ctx *c, UnitSplitPage *p, int status)
{
    split_errors_order(c, p);
    unit_crumbs(c, &p->act);
    Out o = page_begin(c, p->act.title);
    unit_split_view(&o, p);
    return page_end_status(c, &o, status);
}

Err unit_split_page(Ctx *c)
{
    UnitSplitPage p = { .basis = S("population") };
    TRY(split_open(c, &p, query_int(c, "parts", 2)));
    unit_form_of(c, &p.act.form, &p.act.u);
    for (size_t i = 0; i < p.n; i++) p.parts[i].subtype = p.act.u.subtype;
    return split_show(c, &p, 200);
}

static void split_read(Ctx *c, UnitSplitPage *p, UnitDraft *parts, double *shares)
{
    for (size_t i = 0; i < p->n; i++) {
        UnitForm *f = &p->parts[i];
        unit_form_read(c, f);
        f->kind   = p->act.u.kind;
        f->parent = p->act.u.parent;
        f->source = p->act.form.source;
        parts[i]  = unit_form_draft(f);
        double percent = NAN;
        shares[i] = real_parse_typed(c->lang, f->share, &percent) ? percent / 100 : NAN;
    }
    for (size_t i = 0; i < p->children.len; i++) {
        int64_t n = -1;
        Str typed = form_str(c, arena_c(c->arena, arena_fmt(c->arena, "home_%lld", (long long)p->children.at[i].id.v)));
        p->home[i] = str_to_i64(typed, &n) && n >= 0 && (size_t)n < p->n ? (size_t)n : p->n;
    }
}

Err unit_split_action(Ctx *c)
{
    UnitSplitPage p = { .basis = form_str(c, "basis") };
    UnitPlan      plan;
    int64_t       n = 2;
    UnitDraft     parts[UNIT_PARTS_MAX];
    double        shares[UNIT_PARTS_MAX];
    UnitId        ids[UNIT_PARTS_MAX];
    (void)str_to_i64(form_str(c, "parts"), &n);
    TRY(split_open(c, &p, n));
    p.act.form.kind = p.act.u.kind;
    unit_form_read(c, &p.act.form);
    split_read(c, &p, parts, shares);
    if (!str_eq(p.basis, S("area")) && !str_eq(p.basis, S("stated"))) p.basis = S("population");
    TRY(unit_act_plan(c, &plan));
    UnitSplit split = { .old = p.act.u.id,
                        .parts = parts,
                        .shares = shares,
                        .n = p.n,
                        .basis = p.basis,
                        .home = p.home,
                        .homes = p.children.len };
    Date      on    = p.act.form.on;
    if (!unit_plan_split(&plan, &split, on, ids)) {
        unit_faults_show(c, &plan, true, &p.act.errors);
        return split_show(c, &p, 422);
    }
    p.act.warning = text_of(c->lang, "unit.split.warning");
    if (!unit_act_confirmed(c)) return unit_act_preview(c, &p.act, &plan, on);
    return unit_act_done(c, &plan, S("unit.split"), p.act.u.id, p.act.u.parent, on, text_of(c->lang, "unit.split.done"));
}
