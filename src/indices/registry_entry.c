/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of one year entered by hand: units of that year, what they have, what is typed; faults at their cells. */
#include "indices/index_registry.h"

#include "base/utf8.h"

#include "registry_values.html.h"

#include <math.h>

/* The units that an index scores as they were at the end of the year. */
static Err units_scored(Ctx *c, const RegistryIndex *x, int year, Units *out)
{
    Units all;
    Date  on = registry_day(year, c->today);
    if (!registry_local(x->kind))
        return unit_list(c->db, c->arena, x->kind, on, out);
    *out = (Units){ 0 };
    TRY(unit_children(c->db, c->arena, x->owner, on, &all));
    for (size_t i = 0; i < all.len; i++)
        if (all.at[i].kind == x->kind)
            *list_add(c->arena, out) = all.at[i];
    return OK;
}

static Str base_path(Ctx *c, const RegistryIndex *x)
{
    return arena_fmt(c->arena, "/console/indices/%lld", (long long)x->id);
}

Err registry_values_show(Ctx *c, RegistryValues *v, int status)
{
    Str year     = arena_fmt(c->arena, "%d", v->year);
    v->title     = text_fmt(c->arena, c->lang, "indexreg.values.title", ARG_S("year", year));
    v->token     = c->page.form_token;
    v->back_href = site_path(c, base_path(c, v->x));
    v->action    = str_concat(c->arena, v->back_href, S("/values"));
    v->max       = registry_score_text(c->arena, c->lang, v->x->max_points);
    page_crumb(c, text_of(c->lang, "indexreg.title"), S("/console/indices"));
    page_crumb(c, v->x->name[c->lang], base_path(c, v->x));
    page_crumb(c, v->title, S(""));
    Out o = page_begin(c, v->title);
    registry_values_view(&o, v);
    return page_end_status(c, &o, status);
}

static bool year_good(Ctx *c, int64_t year)
{
    return year >= 2000 && year <= date_ymd(c->today).year;
}

/* A cell a unit, showing the figure it has; typed: read from the form instead. */
static Err cells_fill(Ctx *c, RegistryValues *v, const Units *units, const RegistryFigures *figures, bool typed)
{
    for (size_t i = 0; i < units->len; i++) {
        const RegistryFigure *now = registry_figure(figures, v->year, units->at[i].id, 0);
        RegistryCell          k   = { .box = arena_fmt(c->arena, "v%lld", (long long)units->at[i].id.v), .unit = unit_name(&units->at[i], c->lang),
                                      .now = now ? registry_score_text(c->arena, c->lang, now->score) : S("") };
        k.typed = typed ? form_str(c, (const char *)arena_fmt(c->arena, "%.*s%c", STR_ARG(k.box), 0).at) : k.now;
        *list_add(c->arena, &v->cells) = k;
    }
    return OK;
}

Err registry_values_open(Ctx *c, const RegistryIndex *x, Str asked, RegistryValues *out, Units *units, bool *good)
{
    RegistryFigures figures;
    int64_t         year = date_ymd(c->today).year;
    *good = !asked.len || (str_to_i64(asked, &year) && year_good(c, year));
    if (!*good)
        return redirect_notice(c, base_path(c, x), NOTICE_WARN, text_of(c->lang, "indexreg.fault.year"));
    *out = (RegistryValues){ .x = x, .year = (int)year };
    TRY(units_scored(c, x, out->year, units));
    TRY(registry_figures(c->db, c->arena, x->id, &figures));
    TRY(registry_revision(c->db, x->id, out->year, &out->revision));
    return cells_fill(c, out, units, &figures, false);
}

Err registry_values_page(Ctx *c)
{
    RegistryIndex  x;
    Units          units;
    RegistryValues v;
    bool           good;
    TRY(registry_of_path(c, RIGHT_INDEX_MANAGE, &x));
    TRY(registry_values_open(c, &x, query_str(c, "year"), &v, &units, &good));
    return good ? registry_values_show(c, &v, 200) : OK;
}

/* What the typed cells change; corrected: something that had a figure gets another one, or none. */
static void changes_typed(Ctx *c, RegistryValues *v, const Units *units, const RegistryFigures *figures, RegistryFigures *out, bool *corrected)
{
    for (size_t i = 0; i < units->len; i++) {
        RegistryCell         *k   = &v->cells.at[i];
        const RegistryFigure *now = registry_figure(figures, v->year, units->at[i].id, 0);
        double                had = now ? now->score : NAN, x = NAN;
        if (k->typed.len && !registry_score_parse(c->lang, k->typed, v->x->max_points, &x)) {
            Str max  = registry_score_text(c->arena, c->lang, v->x->max_points);
            k->error = text_fmt(c->arena, c->lang, "indexreg.fault.score", ARG_S("unit", k->unit), ARG_S("max", max));
            field_error(c, &v->errors, k->box, k->error);
            continue;
        }
        if ((isnan(x) && isnan(had)) || x == had)
            continue;
        *corrected |= !isnan(had);
        *list_add(c->arena, out) = (RegistryFigure){ v->year, v->revision + 1, units->at[i].id, x };
    }
}

static void source_typed(Ctx *c, RegistryValues *v, Date *out_day)
{
    v->source = form_str(c, "source");
    v->url    = form_str(c, "url");
    v->reason = form_str(c, "reason");
    if (!v->source.len || utf8_count(v->source) > 300)
        field_error(c, &v->errors, S("source"), text_of(c->lang, "indexreg.fault.source"));
    if (v->url.len && ((!str_starts(v->url, S("https://")) && !str_starts(v->url, S("http://"))) || v->url.len > 500))
        field_error(c, &v->errors, S("url"), text_of(c->lang, "indexreg.fault.url"));
    if (!date_typed(c, form_str, "day", &v->day, out_day) || date_is_none(*out_day) || out_day->day > c->today.day)
        field_error(c, &v->errors, S("day"), text_of(c->lang, "indexreg.fault.day"));
}

/* Somebody was faster: the page comes again with what was typed beside what is there now. */
static Err seen_newest(Ctx *c, RegistryValues *v)
{
    int64_t newest;
    if (!str_to_i64(form_str(c, "revision"), &v->revision))
        v->revision = -1;
    TRY(registry_revision(c->db, v->x->id, v->year, &newest));
    v->meanwhile = newest != v->revision;
    v->revision  = newest;
    return OK;
}

Err registry_values_action(Ctx *c)
{
    RegistryIndex   x;
    Units           units;
    RegistryFigures figures, changed = { 0 };
    int64_t         year;
    bool            corrected = false;
    RegistrySheet   s;
    Date            day = DATE_NONE;
    TRY(registry_of_path(c, RIGHT_INDEX_MANAGE, &x));
    if (!str_to_i64(form_str(c, "year"), &year) || !year_good(c, year))
        return redirect_notice(c, base_path(c, &x), NOTICE_WARN, text_of(c->lang, "indexreg.fault.year"));
    RegistryValues v = { .x = &x, .year = (int)year };
    TRY(units_scored(c, &x, v.year, &units));
    TRY(registry_figures(c->db, c->arena, x.id, &figures));
    TRY(seen_newest(c, &v));
    TRY(cells_fill(c, &v, &units, &figures, true));
    source_typed(c, &v, &day);
    changes_typed(c, &v, &units, &figures, &changed, &corrected);
    if (utf8_count(v.reason) > 500 || (corrected && !v.reason.len))
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "indexreg.fault.reason"));
    if (v.errors.len || v.meanwhile)
        return registry_values_show(c, &v, v.meanwhile ? 409 : 422);
    if (!changed.len)
        return redirect_notice(c, base_path(c, &x), NOTICE_INFO, text_of(c->lang, "indexreg.nothing"));
    s = (RegistrySheet){ x.id, v.year, v.revision + 1, v.source, v.url, v.reason, day, c->session.person, c->now };
    TRY(registry_keep(c->db, c->arena, &s, &changed));
    TRY(audit_add(c, S("index.values"), S("index"), x.id, x.owner,
                  arena_fmt(c->arena, "{\"year\":%d,\"revision\":%lld,\"values\":%zu}", s.year, (long long)s.revision, changed.len)));
    return redirect_notice(c, base_path(c, &x), NOTICE_OK, text_fmt(c->arena, c->lang, "indexreg.kept", ARG_N("n", (int64_t)changed.len)));
}
