/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Units in the console: the tree of a day with search, and one unit with what can be done to it. */
#include "admin/unit_admin.h"
#include "admin/unit_admin_pages.h"
#include "unit_admin_list.html.h"

Str unit_console_href(Ctx *c, UnitId id)
{
    return arena_fmt(c->arena, "/console/units/%lld", (long long)id.v);
}

Err unit_right_above(Ctx *c, const Unit *u)
{
    return right_need(c, RIGHT_UNIT_MANAGE, u->parent.v ? u->parent : u->id);
}

static bool console_day(Ctx *c, UnitConsolePage *p)
{
    Date day;
    p->on       = c->today;
    p->on_typed = query_str(c, "on");
    if (p->on_typed.len) {
        if (!unit_day_typed(p->on_typed, &day) || date_is_none(day)) {
            p->on_error = text_of(c->lang, "unit.page.day_wrong");
            return false;
        }
        p->on = day;
    }
    Ymd d       = date_ymd(p->on);
    p->on_typed = arena_fmt(c->arena, "%02d/%02d/%04d", d.day, d.month, d.year);
    return true;
}

/* A unit's page here, or the public one for who may not read it here. */
static Str readable_href(Ctx *c, UnitId id)
{
    return right_has(c, RIGHT_UNIT_READ, id) ? unit_console_href(c, id) : arena_fmt(c->arena, "/units/%lld", (long long)id.v);
}

static Err console_line(Ctx *c, UnitConsolePage *p, const Unit *u)
{
    UnitConsoleLine *l = list_add(c->arena, &p->lines);
    *l = (UnitConsoleLine){ .u = *u, .kind = unit_kind_text(u->kind, c->lang) };
    Str page = readable_href(c, u->id);
    l->href = p->on.day == c->today.day ? page : arena_fmt(c->arena, "%.*s?on=%.*s", STR_ARG(page), STR_ARG(date_iso(c->arena, p->on)));
    Unit above = { 0 };
    if (!u->parent.v) return OK;
    TRY(unit_load(c->db, c->arena, u->parent, p->on, &above));
    l->above = above.full_name_vi;
    return OK;
}

static Err list_page(Ctx *c)
{
    UnitConsolePage p = { .q = str_take(query_str(c, "q"), 200),
                          .title = text_of(c->lang, "unit.console.title"),
                          .action = S("/console/units") };
    Units units = { 0 }, tops = { 0 };
    console_day(c, &p);
    TRY(unit_counts(c->db, p.on, p.counts));
    if (p.q.len) {
        TRY(unit_search(c->db, c->arena, p.q, p.on, 200, &units));
    } else {
        TRY(unit_children(c->db, c->arena, (UnitId){ 0 }, p.on, &tops));
        for (size_t i = 0; i < tops.len; i++) *list_add(c->arena, &units) = tops.at[i];
        for (size_t t = 0; t < tops.len; t++) {
            Units below = { 0 };
            TRY(unit_children(c->db, c->arena, tops.at[t].id, p.on, &below));
            for (size_t i = 0; i < below.len; i++) *list_add(c->arena, &units) = below.at[i];
        }
    }
    for (size_t i = 0; i < units.len; i++) TRY(console_line(c, &p, &units.at[i]));
    UnitIds where = { 0 };
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_UNIT_MANAGE, c->today, &where));
    if (where.len) p.import_href = arena_fmt(c->arena, "/console/units/%lld/import", (long long)where.at[0].v);
    page_crumb(c, p.title, S(""));
    Out o = page_begin(c, p.title);
    unit_console_list(&o, &p);
    return page_end(c, &o);
}

static void act_add(Ctx *c, UnitConsolePage *p, const char *act, Str label)
{
    *list_add(c->arena, &p->acts) =
        (TabItem){ .label = label, .href = arena_fmt(c->arena, "/console/units/%lld/%s", (long long)p->u.id.v, act) };
}

/* Acts that this person may do on this unit, which must still exist. */
static void console_acts(Ctx *c, UnitConsolePage *p)
{
    UnitId above = p->u.parent.v ? p->u.parent : p->u.id;
    if (!date_is_none(p->u.to) && p->u.to.day <= c->today.day) return;
    if (right_has(c, RIGHT_UNIT_MANAGE, p->u.id)) {
        act_add(c, p, "add", text_of(c->lang, "unit.console.add"));
        if (p->u.children > 1) act_add(c, p, "merge", text_of(c->lang, "unit.console.merge"));
        act_add(c, p, "import", text_of(c->lang, "unit.console.import"));
    }
    if (!right_has(c, RIGHT_UNIT_MANAGE, above) || !p->u.parent.v) return;
    act_add(c, p, "change", text_of(c->lang, "unit.console.change"));
    act_add(c, p, "split", text_of(c->lang, "unit.console.split"));
    act_add(c, p, "abolish", text_of(c->lang, "unit.console.abolish"));
}

static Err show_page(Ctx *c)
{
    UnitConsolePage p = { 0 };
    Units path = { 0 }, children = { 0 };
    console_day(c, &p);
    TRY(unit_load(c->db, c->arena, (UnitId){ path_int(c, "id") }, p.on, &p.u));
    TRY(right_need(c, RIGHT_UNIT_READ, p.u.id));
    TRY(unit_path(c->db, c->arena, p.u.id, p.on, &path));
    TRY(unit_children(c->db, c->arena, p.u.id, p.on, &children));
    TRY(unit_history(c->db, c->arena, p.u.id, &p.events));
    for (size_t i = 0; i < children.len; i++) TRY(console_line(c, &p, &children.at[i]));
    p.title  = p.u.full_name_vi;
    p.kind   = unit_kind_text(p.u.kind, c->lang);
    p.action = unit_console_href(c, p.u.id);
    p.public_href = arena_fmt(c->arena, "/units/%lld", (long long)p.u.id.v);
    console_acts(c, &p);
    page_crumb(c, text_of(c->lang, "unit.console.title"), S("/console/units"));
    for (size_t i = 0; i < path.len; i++)
        page_crumb(c, path.at[i].full_name_vi, i + 1 < path.len ? readable_href(c, path.at[i].id) : S(""));
    Out o = page_begin(c, p.title);
    unit_console_show(&o, &p);
    return page_end(c, &o);
}

const Route admin_unit_routes[] = {
    { GET,  "/units",               RIGHT_UNIT_READ,   list_page,           0 },
    { GET,  "/units/template.csv",  RIGHT_UNIT_MANAGE, unit_template_page,  0 },
    { GET,  "/units/imports/{id}",  RIGHT_UNIT_MANAGE, unit_import_preview, 0 },
    { POST, "/units/imports/{id}",  RIGHT_UNIT_MANAGE, unit_import_apply,   0 },
    { GET,  "/units/{id}",          RIGHT_UNIT_READ,   show_page,           0 },
    { GET,  "/units/{id}/add",      RIGHT_UNIT_MANAGE, unit_add_page,       0 },
    { POST, "/units/{id}/add",      RIGHT_UNIT_MANAGE, unit_add_action,     0 },
    { GET,  "/units/{id}/change",   RIGHT_UNIT_MANAGE, unit_change_page,    0 },
    { POST, "/units/{id}/change",   RIGHT_UNIT_MANAGE, unit_change_action,  0 },
    { GET,  "/units/{id}/merge",    RIGHT_UNIT_MANAGE, unit_merge_page,     0 },
    { POST, "/units/{id}/merge",    RIGHT_UNIT_MANAGE, unit_merge_action,   0 },
    { GET,  "/units/{id}/split",    RIGHT_UNIT_MANAGE, unit_split_page,     0 },
    { POST, "/units/{id}/split",    RIGHT_UNIT_MANAGE, unit_split_action,   0 },
    { GET,  "/units/{id}/abolish",  RIGHT_UNIT_MANAGE, unit_abolish_page,   0 },
    { POST, "/units/{id}/abolish",  RIGHT_UNIT_MANAGE, unit_abolish_action, 0 },
    { GET,  "/units/{id}/import",   RIGHT_UNIT_MANAGE, unit_import_page,    0 },
    { POST, "/units/{id}/import",   RIGHT_UNIT_MANAGE, unit_import_upload,  ROUTE_UPLOAD },
    { 0 },
};
