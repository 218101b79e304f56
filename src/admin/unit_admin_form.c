/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the acts on units share: reading forms, showing faults beside fields, the preview and the record. */
#include "admin/unit_admin.h"
#include "unit_admin_form.html.h"

static Str form_of(Ctx *c, const UnitForm *f, Str name)
{
    return form_str(c, arena_c(c->arena, str_concat(c->arena, f->prefix, name)));
}

void unit_form_read(Ctx *c, UnitForm *f)
{
    int64_t parent = 0;
    f->name_vi = form_of(c, f, S("name_vi"));
    f->name_en = form_of(c, f, S("name_en"));
    f->code    = form_of(c, f, S("code"));
    f->subtype = form_of(c, f, S("subtype"));
    f->source  = form_of(c, f, S("source"));
    f->share   = form_of(c, f, S("share"));
    f->reason  = form_of(c, f, S("reason"));
    f->with_children = form_has(c, "with_children");
    if (str_to_i64(form_of(c, f, S("parent")), &parent)) f->parent = (UnitId){ parent };
    unit_kind_parse(form_of(c, f, S("kind")), &f->kind);
    (void)date_typed(c, form_str, "on", &f->day, &f->on);
}

void unit_form_of(Ctx *c, UnitForm *f, const Unit *u)
{
    *f = (UnitForm){ .prefix = f->prefix, .kind = u->kind, .name_vi = u->name_vi, .name_en = u->name_en, .code = u->code,
                     .subtype = u->subtype, .parent = u->parent, .day = date_boxes(c->arena, c->today), .on = c->today };
}

UnitDraft unit_form_draft(const UnitForm *f)
{
    return (UnitDraft){ .kind = f->kind,
                        .parent = f->parent,
                        .code = f->code,
                        .name_vi = f->name_vi,
                        .name_en = f->name_en,
                        .subtype = f->subtype,
                        .source = f->source };
}

/* Children without a new home as one error: the list below it shows which. */
static void homeless_show(Ctx *c, const UnitPlan *p, FieldErrors *errors)
{
    const UnitFault *first = NULL;
    int64_t          n     = 0;
    for (size_t i = p->faults.len; i-- > 0;)
        if (p->faults.at[i].kind == UNIT_FAULT_CHILD_NOWHERE) {
            first = &p->faults.at[i];
            n++;
        }
    if (n)
        field_error(c, errors, S("children"), n == 1 ? unit_fault_text(c->arena, c->lang, first)
            : text_fmt(c->arena, c->lang, "unit.split.homeless", ARG_N("n", n), ARG_S("first", first->value)));
}

void unit_faults_show(Ctx *c, const UnitPlan *p, bool parts, FieldErrors *errors)
{
    if (parts)
        homeless_show(c, p, errors);
    for (size_t i = 0; i < p->faults.len; i++) {
        const UnitFault *f     = &p->faults.at[i];
        if (parts && f->kind == UNIT_FAULT_CHILD_NOWHERE)
            continue;
        Str              field = f->field;
        bool part =
            parts && (str_eq(field, S("name_vi")) || str_eq(field, S("name_en")) || str_eq(field, S("code")) ||
                      str_eq(field, S("subtype")) || (str_eq(field, S("share")) && f->kind == UNIT_FAULT_SHARE_RANGE));
        if (parts && (part || str_eq(field, S("share"))))
            field = arena_fmt(c->arena, "p%zu_%.*s", f->row, STR_ARG(field));
        Str said = unit_fault_text(c->arena, c->lang, f);
        if (part)
            said = str_join(c->arena, (Str[]){ text_fmt(c->arena, c->lang, "unit.split.part", ARG_N("n", (int64_t)f->row + 1)), said }, 2, S(": "));
        bool again = false;
        for (size_t e = 0; e < errors->len; e++)
            again |= str_eq(errors->at[e].field, field) && str_eq(errors->at[e].message, said);
        if (!again) field_error(c, errors, field, said);
    }
}

/* ---- The preview ------------------------------------------------------------------------------------------ */
static Str name_in(Ctx *c, const UnitPlan *plan, UnitId id, Date on)
{
    Unit u = { 0 };
    return unit_plan_unit(plan, c->arena, id, on, &u) ? u.full_name_vi : S("");
}

static bool created_here(const UnitPlan *plan, UnitId id)
{
    for (size_t i = 0; i < plan->edits.len; i++)
        if (plan->edits.at[i].kind == UNIT_EDIT_CREATE && plan->edits.at[i].unit.v == id.v) return true;
    return false;
}

static void line_add(Ctx *c, StrList *out, Str text)
{
    *list_add(c->arena, out) = text;
}

static void change_line(Ctx *c, StrList *out, Str name, Str what, Str before, Str after)
{
    if (str_eq(before, after)) return;
    line_add(c, out, text_fmt(c->arena, c->lang, "unit.preview.change", ARG_S("unit", name), ARG_S("what", what),
                              ARG_S("before", before.len ? before : text_of(c->lang, "unit.preview.empty")),
                              ARG_S("after", after.len ? after : text_of(c->lang, "unit.preview.empty"))));
}

/* A new period of a unit that lived before. True when nothing but its parent differs. */
static bool open_lines(Ctx *c, const UnitPlan *plan, const UnitEdit *e, StrList *out)
{
    Unit x = { 0 }, y = { 0 };
    unit_plan_unit(plan, c->arena, e->unit, (Date){ e->from.day - 1 }, &x);
    unit_plan_unit(plan, c->arena, e->unit, e->from, &y);
    bool only_parent = str_eq(x.name_vi, y.name_vi) && str_eq(x.code, y.code) && str_eq(x.subtype, y.subtype) &&
                       str_eq(x.name_en, y.name_en);
    if (only_parent) return true;
    change_line(c, out, x.full_name_vi, text_of(c->lang, "unit.field.name_vi"), x.name_vi, y.name_vi);
    change_line(c, out, x.full_name_vi, text_of(c->lang, "unit.field.code"), x.code, y.code);
    change_line(c, out, x.full_name_vi, text_of(c->lang, "unit.field.subtype"), x.subtype, y.subtype);
    change_line(c, out, x.full_name_vi, text_of(c->lang, "unit.field.name_en"), x.name_en, y.name_en);
    if (x.parent.v != y.parent.v)
        change_line(c, out, x.full_name_vi, text_of(c->lang, "unit.field.parent"),
                    name_in(c, plan, x.parent, (Date){ e->from.day - 1 }), name_in(c, plan, y.parent, e->from));
    return false;
}

/* Units that only change hands, one line a new parent. */
static void moved_lines(Ctx *c, const UnitPlan *plan, const UnitIds *moved, Date on, StrList *out)
{
    for (size_t i = 0; i < moved->len; i++) {
        Unit u = { 0 }, other = { 0 };
        int64_t n = 0;
        bool seen = false;
        StrList names = { 0 };
        unit_plan_unit(plan, c->arena, moved->at[i], on, &u);
        for (size_t k = 0; k < moved->len; k++) {
            unit_plan_unit(plan, c->arena, moved->at[k], on, &other);
            if (other.parent.v != u.parent.v) continue;
            seen |= k < i;
            n++;
            if (names.len < 6) line_add(c, &names, other.full_name_vi);
        }
        if (seen) continue;
        if (n > 6) line_add(c, &names, S("…"));
        line_add(c, out,
                 text_fmt(c->arena, c->lang, "unit.preview.moved", ARG_N("n", n),
                          ARG_S("names", str_join(c->arena, names.at, names.len, S(", "))),
                          ARG_S("parent", name_in(c, plan, u.parent, on))));
    }
}

/* One line a unit, or, for a whole subtree, the top and how many with it. */
static void ended_lines(Ctx *c, const UnitPlan *plan, const UnitIds *ended, Date on, StrList *out)
{
    Date   last = { on.day - 1 };
    size_t most = ended->len > 8 ? 1 : ended->len;
    for (size_t i = 0; i < most; i++)
        line_add(c, out,
                 text_fmt(c->arena, c->lang, "unit.preview.end",
                          ARG_S("unit", name_in(c, plan, ended->at[ended->len - 1 - i], last))));
    if (most == ended->len) return;
    StrList names = { 0 };
    for (size_t i = 0; i < 6; i++) line_add(c, &names, name_in(c, plan, ended->at[i], last));
    line_add(c, &names, S("…"));
    line_add(c, out, text_fmt(c->arena, c->lang, "unit.preview.end_many", ARG_N("n", (int64_t)(ended->len - most)),
                              ARG_S("names", str_join(c->arena, names.at, names.len, S(", ")))));
}

void unit_plan_lines(Ctx *c, const UnitPlan *plan, Date on, StrList *out)
{
    UnitIds moved = { 0 }, ended = { 0 };
    for (size_t i = 0; i < plan->edits.len; i++)
        if (plan->edits.at[i].kind == UNIT_EDIT_END) *list_add(c->arena, &ended) = plan->edits.at[i].unit;
    ended_lines(c, plan, &ended, on, out);
    for (size_t i = 0; i < plan->edits.len; i++) {
        const UnitEdit *e = &plan->edits.at[i];
        const Succession *s = &e->succession;
        switch (e->kind) {
        case UNIT_EDIT_CLOSE:
        case UNIT_EDIT_END: break;
        case UNIT_EDIT_CREATE: {
            Unit u = { 0 };
            unit_plan_unit(plan, c->arena, e->unit, on, &u);
            TextArg args[] = { ARG_S("unit", u.full_name_vi), ARG_S("code", u.code),
                               ARG_S("parent", name_in(c, plan, u.parent, on)) };
            Str key = u.code.len ? S("unit.preview.create_code") : S("unit.preview.create");
            line_add(c, out, text_fill(c->arena, c->lang, text_find(c->lang, key), args, COUNT_OF(args)));
            break;
        }
        case UNIT_EDIT_OPEN:
            if (!created_here(plan, e->unit) && open_lines(c, plan, e, out)) *list_add(c->arena, &moved) = e->unit;
            break;
        case UNIT_EDIT_SUCCESSION:
            line_add(c, out,
                     text_fmt(c->arena, c->lang, "unit.preview.succession",
                              ARG_S("old", name_in(c, plan, s->old_unit, (Date){ s->on.day - 1 })),
                              ARG_S("share", real_text(c->arena, c->lang, 100 * s->share, s->share == 1 ? 0 : 2)),
                              ARG_S("new", name_in(c, plan, s->new_unit, s->on))));
            break;
        }
    }
    moved_lines(c, plan, &moved, on, out);
}

/* ---- Acts -------------------------------------------------------------------------------------------------- */
Err unit_act_open(Ctx *c, bool on_itself, UnitActPage *p)
{
    TRY(unit_load(c->db, c->arena, (UnitId){ path_int(c, "id") }, c->today, &p->u));
    if (on_itself) TRY(right_need(c, RIGHT_UNIT_MANAGE, p->u.id));
    else TRY(unit_right_above(c, &p->u));
    if (p->u.parent.v) TRY(unit_load(c->db, c->arena, p->u.parent, c->today, &p->above));
    p->back   = unit_console_href(c, p->u.id);
    p->token  = c->page.form_token;
    p->action = c->req->path;
    return OK;
}

bool unit_act_confirmed(const Ctx *c)
{
    return form_has(c, "confirm");
}

Err unit_act_plan(Ctx *c, UnitPlan *plan)
{
    if (unit_act_confirmed(c)) TRY(unit_plan_lock(c->db));
    return unit_plan_open(c->db, c->arena, plan);
}

void unit_crumbs(Ctx *c, const UnitActPage *p)
{
    page_crumb(c, text_of(c->lang, "unit.console.title"), S("/console/units"));
    page_crumb(c, p->u.full_name_vi, p->back);
    page_crumb(c, p->title, S(""));
}

Err unit_act_preview(Ctx *c, UnitActPage *p, const UnitPlan *plan, Date on)
{
    for (size_t i = 0; i < c->req->form.len; i++) {
        const HttpField *f = &c->req->form.at[i];
        if (!str_eq(f->name, S("token")) && !str_eq(f->name, S("confirm"))) *list_add(c->arena, &p->hidden) = *f;
    }
    unit_plan_lines(c, plan, on, &p->lines);
    unit_crumbs(c, p);
    Out o = page_begin(c, p->title);
    unit_preview_view(&o, p, on);
    return page_end(c, &o);
}

Err unit_act_done(Ctx *c, UnitPlan *plan, Str action, UnitId about, UnitId right_on, Date on, Str message)
{
    StrList lines = { 0 };
    Buf     detail = buf_new(c->arena, 256);
    unit_plan_lines(c, plan, on, &lines);
    TRY(unit_plan_save(c->db, plan));
    buf_lit(&detail, "{\"on\":");
    buf_json_str(&detail, date_iso(c->arena, on));
    buf_lit(&detail, ",\"done\":[");
    for (size_t i = 0; i < lines.len && i < 40; i++) {
        if (i) buf_byte(&detail, ',');
        buf_json_str(&detail, lines.at[i]);
    }
    buf_lit(&detail, "]}");
    TRY(audit_add(c, action, S("unit"), about.v, right_on, buf_str(&detail)));
    return redirect_notice(c, unit_console_href(c, about), NOTICE_OK, message);
}
