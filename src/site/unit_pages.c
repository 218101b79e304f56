/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages about units: the tree of any day with search, and the way from a code to its unit of that day. */
#include "site/unit_pages.h"
#include "org/unit_import.h"
#include "site/unit_profile.h"
#include "unit_tree_page.html.h"

bool unit_page_day(const Ctx *c, Date *out)
{
    *out = c->today;
    Str on = query_str(c, "on");
    if (!on.len) return true;
    Date day;
    if (!unit_day_typed(on, &day) || date_is_none(day)) return false;
    *out = day;
    return true;
}

Str unit_href(Ctx *c, UnitId id, Date on)
{
    Str path = on.day == c->today.day
                   ? arena_fmt(c->arena, "/units/%lld", (long long)id.v)
                   : arena_fmt(c->arena, "/units/%lld?on=%.*s", (long long)id.v, STR_ARG(date_iso(c->arena, on)));
    return site_path(c, path);
}

Str unit_day_text(Ctx *c, Date day)
{
    Ymd d = date_ymd(day);
    return arena_fmt(c->arena, "%02d/%02d/%04d", d.day, d.month, d.year);
}

/* "126 đơn vị trực thuộc" */
static Str children_note(Ctx *c, const Unit *u)
{
    return u->children ? text_fmt(c->arena, c->lang, "unit.page.children", ARG_N("n", u->children)) : S("");
}

static Err line_of(Ctx *c, const Unit *u, Date on, UnitLine *out)
{
    *out = (UnitLine){
        .u = *u, .href = unit_href(c, u->id, on), .title = unit_label(u, c->lang), .note = children_note(c, u)
    };
    Unit above = { 0 };
    if (!u->parent.v) return OK;
    TRY(unit_load(c->db, c->arena, u->parent, on, &above));
    out->parent      = unit_label(&above, c->lang);
    out->parent_href = unit_href(c, above.id, on);
    return OK;
}

static Err fill_found(Ctx *c, UnitTreePage *p)
{
    Units found = { 0 };
    TRY(unit_search(c->db, c->arena, p->q, p->on, 100, &found));
    for (size_t i = 0; i < found.len; i++) {
        UnitLine *line = list_add(c->arena, &p->found);
        TRY(line_of(c, &found.at[i], p->on, line));
    }
    p->search_title = text_fmt(c->arena, c->lang, "unit.page.found", ARG_N("n", (int64_t)found.len), ARG_S("q", p->q));
    return OK;
}

/* The units right below the nation, by kind; the one named in ?open= shows what stands below it. */
static Err fill_groups(Ctx *c, UnitTreePage *p)
{
    Units   tops = { 0 }, below = { 0 };
    int64_t open = query_int(c, "open", 0);
    TRY(unit_children(c->db, c->arena, (UnitId){ 0 }, p->on, &tops));
    if (tops.len) TRY(unit_children(c->db, c->arena, tops.at[0].id, p->on, &below));
    for (size_t i = 0; i < below.len; i++) {
        const Unit *u = &below.at[i];
        UnitGroup  *g = p->groups.len ? &p->groups.at[p->groups.len - 1] : NULL;
        if (!g || g->kind != u->kind) {
            g  = list_add(c->arena, &p->groups);
            *g = (UnitGroup){ .kind = u->kind, .title = unit_kind_text(u->kind, c->lang) };
        }
        UnitLine *line = list_add(c->arena, &g->lines);
        *line = (UnitLine){
            .u = *u, .href = unit_href(c, u->id, p->on), .title = unit_label(u, c->lang), .note = children_note(c, u)
        };
        line->open     = u->id.v == open;
        g->open |= line->open;
        if (line->open) TRY(unit_children(c->db, c->arena, u->id, p->on, &line->children));
        Str more        = line->open ? S("") : arena_fmt(c->arena, "&open=%lld", (long long)u->id.v);
        line->open_href = arena_fmt(c->arena, "%.*s?on=%.*s%.*s#u%lld", STR_ARG(p->action),
                                    STR_ARG(date_iso(c->arena, p->on)), STR_ARG(more), (long long)u->id.v);
    }
    for (size_t i = 0; i < p->groups.len; i++)
        p->groups.at[i].count =
            text_fmt(c->arena, c->lang, "unit.page.count", ARG_N("n", (int64_t)p->groups.at[i].lines.len));
    return OK;
}

static void add_day(Ctx *c, UnitTreePage *p, Date day, Str label)
{
    Str q = p->q.len ? str_concat(c->arena, S("&q="), url_encode(c->arena, p->q)) : S("");
    *list_add(c->arena, &p->days) = (UnitDay){ arena_fmt(c->arena, "%.*s?on=%.*s%.*s", STR_ARG(p->action),
                                                         STR_ARG(date_iso(c->arena, day)), STR_ARG(q)),
                                               label, day.day == p->on.day };
}

static Err fill_lead(Ctx *c, UnitTreePage *p)
{
    int64_t n[UNIT_KIND_COUNT];
    TRY(unit_counts(c->db, p->on, n));
    Str day = date_long_text(c->arena, c->lang, p->on);
    p->lead = n[UNIT_DISTRICT] ? text_fmt(c->arena, c->lang, "unit.page.lead_districts", ARG_S("day", day),
                                          ARG_N("ministries", n[UNIT_MINISTRY]), ARG_N("provinces", n[UNIT_PROVINCE]),
                                          ARG_N("districts", n[UNIT_DISTRICT]))
                               : text_fmt(c->arena, c->lang, "unit.page.lead", ARG_S("day", day),
                                          ARG_N("ministries", n[UNIT_MINISTRY]), ARG_N("provinces", n[UNIT_PROVINCE]),
                                          ARG_N("communes", n[UNIT_COMMUNE]));
    return OK;
}

static Err unit_tree_page(Ctx *c)
{
    UnitTreePage p = { .action = site_path(c, S("/units")),
                       .base = site_path(c, S("/units/")),
                       .q = str_take(query_str(c, "q"), 400) };
    if (!unit_page_day(c, &p.on)) p.on_error = text_of(c->lang, "unit.page.day_wrong");
    p.today    = p.on.day == c->today.day;
    p.on_typed = p.on_error.len ? query_str(c, "on") : unit_day_text(c, p.on);
    p.csv_href = arena_fmt(c->arena, "%.*s.csv?on=%.*s", STR_ARG(p.action), STR_ARG(date_iso(c->arena, p.on)));
    add_day(c, &p, c->today, text_of(c->lang, "unit.page.day_today"));
    add_day(c, &p, date_from_ymd(2025, 6, 30), text_of(c->lang, "unit.page.day_63"));
    add_day(c, &p, date_from_ymd(2025, 2, 28), text_of(c->lang, "unit.page.day_22"));
    TRY(fill_lead(c, &p));
    TRY(p.q.len ? fill_found(c, &p) : fill_groups(c, &p));
    page_crumb(c, text_of(c->lang, "unit.page.home"), S("/"));
    page_crumb(c, text_of(c->lang, "unit.page.title"), S(""));
    c->page.error = p.on_error.len > 0;
    Out o = page_begin(c, text_of(c->lang, "unit.page.title"));
    unit_tree_view(&o, &p);
    return page_end(c, &o);
}

/* A code belongs to a unit only together with a day. */
static Err unit_code_page(Ctx *c)
{
    Date     on;
    UnitKind kind = UNIT_KIND_COUNT;
    Unit     u    = { 0 };
    Str      code = path_str(c, "code");
    if (!unit_page_day(c, &on)) return err_new(c->arena, ERR_INVALID, S("on is no day"));
    if (query_str(c, "kind").len && !unit_kind_parse(query_str(c, "kind"), &kind))
        return err_new(c->arena, ERR_INVALID, S("no such kind of unit"));
    for (int k = 0; k < UNIT_KIND_COUNT && !u.id.v; k++) {
        if (kind != UNIT_KIND_COUNT && kind != (UnitKind)k) continue;
        Err e = unit_by_code(c->db, c->arena, (UnitKind)k, code, on, &u);
        if (e && !err_is(e, ERR_NOT_FOUND)) return e;
    }
    if (!u.id.v)
        return err_fmt(c->arena, ERR_NOT_FOUND, "no unit carries code %.*s on that day", STR_ARG(str_take(code, 40)));
    Str path = arena_fmt(c->arena, "/units/%lld?on=%.*s", (long long)u.id.v, STR_ARG(date_iso(c->arena, on)));
    return redirect(c, query_str(c, "on").len ? path : arena_fmt(c->arena, "/units/%lld", (long long)u.id.v));
}

static Err unit_csv_page(Ctx *c)
{
    Date on;
    Str  csv = S("");
    if (!unit_page_day(c, &on)) return err_new(c->arena, ERR_INVALID, S("on is no day"));
    TRY(unit_export(c->db, c->arena, UNIT_KIND_COUNT, on, c->lang, &csv));
    return answer_file(c, S("text/csv; charset=utf-8"),
                       arena_fmt(c->arena, "units-%.*s.csv", STR_ARG(date_iso(c->arena, on))), csv);
}

const Route site_unit_routes[] = {
    { GET, "/units",             RIGHT_PUBLIC, unit_tree_page,    ROUTE_CACHED },
    { GET, "/units.csv",         RIGHT_PUBLIC, unit_csv_page,     0 },
    { GET, "/units/{id}",        RIGHT_PUBLIC, unit_profile_page, ROUTE_CACHED },
    { GET, "/units/code/{code}", RIGHT_PUBLIC, unit_code_page,    0 },
    { 0 },
};
