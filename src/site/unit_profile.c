/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page of one unit on a day: facts, history in sentences, what it is made of and went into, who had its code. */
#include "site/unit_profile.h"
#include "site/unit_pages.h"
#include "unit_profile.html.h"

static void add_once(Arena *a, StrList *list, Str s)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], s)) return;
    if (s.len) *list_add(a, list) = s;
}

static Err add_kin(Ctx *c, UnitKins *to, const UnitEvent *e, Date on)
{
    Unit other = { 0 };
    TRY(unit_load(c->db, c->arena, e->other, on, &other));
    *list_add(c->arena, to) = (UnitKin){ .name   = e->other_name,
                                         .code   = other.code,
                                         .href   = unit_href(c, e->other, on),
                                         .on     = date_text(c->arena, c->lang, e->on),
                                         .share  = unit_share_text(c->arena, c->lang, e->share),
                                         .source = e->source };
    return OK;
}

static Err fill_history(Ctx *c, UnitProfilePage *p)
{
    UnitEvents events = { 0 };
    TRY(unit_history(c->db, c->arena, p->u.id, &events));
    for (size_t i = 0; i < events.len; i++) {
        const UnitEvent *e = &events.at[i];
        UnitDayEvents   *d = p->events.len ? &p->events.at[p->events.len - 1] : NULL;
        if (!d || events.at[i - 1].on.day != e->on.day) {
            d  = list_add(c->arena, &p->events);
            *d = (UnitDayEvents){ .title = date_text(c->arena, c->lang, e->on) };
        }
        add_once(c->arena, &d->texts, unit_event_text(c->arena, c->lang, e));
        add_once(c->arena, &d->sources, e->source);
        if (e->kind == UNIT_EVENT_SUCCEEDS) TRY(add_kin(c, &p->before, e, (Date){ e->on.day - 1 }));
        if (e->kind == UNIT_EVENT_SUCCEEDED) TRY(add_kin(c, &p->after, e, c->today));
    }
    return OK;
}

static Err fill_holders(Ctx *c, UnitProfilePage *p)
{
    CodeHolders holders = { 0 };
    if (!p->u.code.len) return OK;
    TRY(unit_code_holders(c->db, c->arena, p->u.kind, p->u.code, &holders));
    for (size_t i = 0; i < holders.len; i++) {
        const CodeHolder *h  = &holders.at[i];
        Date              at = date_is_none(h->to) ? c->today : (Date){ h->to.day - 1 };
        *list_add(c->arena, &p->holders) =
            (UnitHolder){ .name = h->name,
                          .href = unit_href(c, h->unit, at),
                          .here = h->unit.v == p->u.id.v,
                          .from = date_is_none(h->from) ? text_of(c->lang, "unit.page.before_records")
                                                        : date_text(c->arena, c->lang, h->from),
                          .to = date_is_none(h->to) ? text_of(c->lang, "unit.page.until_now")
                                                    : date_text(c->arena, c->lang, at) };
    }
    return OK;
}

static Err fill_children(Ctx *c, UnitProfilePage *p)
{
    Units children = { 0 };
    TRY(unit_children(c->db, c->arena, p->u.id, p->on, &children));
    for (size_t i = 0; i < children.len; i++) {
        const Unit *u = &children.at[i];
        UnitGroup  *g = p->groups.len ? &p->groups.at[p->groups.len - 1] : NULL;
        if (!g || g->kind != u->kind) {
            g  = list_add(c->arena, &p->groups);
            *g = (UnitGroup){ .kind = u->kind, .title = unit_kind_text(u->kind, c->lang) };
        }
        UnitLine *line = list_add(c->arena, &g->lines);
        *line          = (UnitLine){ .u = *u, .href = unit_href(c, u->id, p->on), .title = unit_label(u, c->lang) };
    }
    return OK;
}

/* "25 phường, 110 xã": what stands below the unit, towns before villages. */
static Str children_text(Ctx *c, const UnitProfilePage *p)
{
    static const struct { Str subtype, key; } subtypes[] = {
        { S_INIT("thành phố"), S_INIT("unit.below.city") },  { S_INIT("quận"), S_INIT("unit.below.urban_district") },
        { S_INIT("thị xã"), S_INIT("unit.below.town") },     { S_INIT("huyện"), S_INIT("unit.below.rural_district") },
        { S_INIT("phường"), S_INIT("unit.below.ward") },     { S_INIT("xã"), S_INIT("unit.below.commune") },
        { S_INIT("thị trấn"), S_INIT("unit.below.township") }, { S_INIT("đặc khu"), S_INIT("unit.below.special_zone") },
    };
    int64_t sums[COUNT_OF(subtypes)] = { 0 };
    StrList parts = { 0 };
    for (size_t g = 0; g < p->groups.len; g++)
        for (size_t i = 0; i < p->groups.at[g].lines.len; i++)
            for (size_t s = 0; s < COUNT_OF(subtypes); s++)
                sums[s] += str_eq(p->groups.at[g].lines.at[i].u.subtype, subtypes[s].subtype);
    for (size_t s = 0; s < COUNT_OF(subtypes); s++) {
        TextArg n = ARG_N("n", sums[s]);
        if (sums[s])
            *list_add(c->arena, &parts) = text_fill(c->arena, c->lang, text_find(c->lang, subtypes[s].key), &n, 1);
    }
    return str_join(c->arena, parts.at, parts.len, S(", "));
}

/* "Hình thành ngày 01/07/2025 từ Tỉnh Bắc Giang, Tỉnh Bắc Ninh. Gồm 33 phường, 66 xã. Mã đơn vị 24." */
static Str lead_text(Ctx *c, const UnitProfilePage *p)
{
    StrList names = { 0 }, parts = { 0 };
    for (size_t i = 0; i < p->before.len; i++)
        *list_add(c->arena, &names) = unit_in_sentence(c->arena, c->lang, p->before.at[i].name);
    Str day = date_text(c->arena, c->lang, p->u.from), below = children_text(c, p);
    if (names.len)
        *list_add(c->arena, &parts) = text_fmt(c->arena, c->lang, "unit.page.made_of", ARG_S("day", day),
                                               ARG_S("names", unit_names_text(c->arena, c->lang, &names)));
    if (below.len) *list_add(c->arena, &parts) = text_fmt(c->arena, c->lang, "unit.page.holds", ARG_S("units", below));
    if (p->u.code.len)
        *list_add(c->arena, &parts) = text_fmt(c->arena, c->lang, "unit.page.code", ARG_S("code", p->u.code));
    return str_join(c->arena, parts.at, parts.len, S(" "));
}

static Str ended_text(Ctx *c, const UnitProfilePage *p)
{
    if (date_is_none(p->u.to) || p->on.day < p->u.to.day)
        return p->on.day < p->u.from.day ? text_fmt(c->arena, c->lang, "unit.page.not_yet",
                                                    ARG_S("day", date_text(c->arena, c->lang, p->u.from)))
                                         : S("");
    StrList names = { 0 };
    for (size_t i = 0; i < p->after.len; i++)
        *list_add(c->arena, &names) = unit_in_sentence(c->arena, c->lang, p->after.at[i].name);
    Str day = date_text(c->arena, c->lang, p->u.to);
    return names.len ? text_fmt(c->arena, c->lang, "unit.page.ended_into", ARG_S("day", day),
                                ARG_S("names", unit_names_text(c->arena, c->lang, &names)))
                     : text_fmt(c->arena, c->lang, "unit.page.ended", ARG_S("day", day));
}

static void fill_facts(Ctx *c, UnitProfilePage *p, const Units *path)
{
    p->facts.kind    = unit_kind_text(p->u.kind, c->lang);
    p->facts.subtype = unit_subtype_text(c->arena, p->u.subtype, c->lang);
    p->facts.code    = p->u.code;
    p->facts.name_en = p->u.name_en;
    if (path->len > 1) {
        const Unit *above   = &path->at[path->len - 2];
        p->facts.above      = unit_label(above, c->lang);
        p->facts.above_href = unit_href(c, above->id, p->on);
    }
    p->facts.lives = unit_life_text(c->arena, c->lang, &p->u);
}

Err unit_profile_page(Ctx *c)
{
    UnitProfilePage p    = { .base = site_path(c, S("/units/")) };
    Units           path = { 0 };
    if (!unit_page_day(c, &p.on)) return err_new(c->arena, ERR_INVALID, S("on is no day"));
    TRY(unit_load(c->db, c->arena, (UnitId){ path_int(c, "id") }, p.on, &p.u));
    TRY(unit_path(c->db, c->arena, p.u.id, p.on, &path));
    p.today    = p.on.day == c->today.day;
    p.title    = unit_label(&p.u, c->lang);
    p.on_typed = unit_day_text(c, p.on);
    p.action   = unit_href(c, p.u.id, c->today);
    TRY(fill_history(c, &p));
    TRY(fill_holders(c, &p));
    TRY(fill_children(c, &p));
    TRY(indices_unit_figures(c, p.u.id, &p.figures));
    fill_facts(c, &p, &path);
    p.lead  = lead_text(c, &p);
    p.ended = ended_text(c, &p);
    page_crumb(c, text_of(c->lang, "unit.page.home"), S("/"));
    page_crumb(c, text_of(c->lang, "unit.page.title"), S("/units"));
    for (size_t i = 1; i < path.len; i++) {
        bool last = i + 1 == path.len;
        *list_add(c->arena, &c->page.crumbs) =
            (Crumb){ unit_label(&path.at[i], c->lang), last ? S("") : unit_href(c, path.at[i].id, p.on) };
    }
    c->page.description = p.lead;
    Out o = page_begin(c, p.title);
    unit_profile_view(&o, &p);
    return page_end(c, &o);
}
