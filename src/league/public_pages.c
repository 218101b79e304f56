/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Published rankings for everybody. What they show comes out of the package of the edition, through the engine. */
#include "league/pages.h"

#include "league_public.html.h"

#include <math.h>

Err league_of_path(Ctx *c, LeagueEdition *e, LeagueBook *b)
{
    TRY(league_load(c->db, c->arena, (SeasonId){ path_int(c, "season") }, path_int(c, "number"), e));
    if (!path_int(c, "number"))
        return err_new(c->arena, ERR_NOT_FOUND, S("editions count from 1"));
    return league_edition_open(c->store, c->arena, league_work(c), e, (SchemeWords){ .silent = true }, b);
}

/* ---- /rankings -------------------------------------------------------------------------------------------------------------- */

static Str kind_text(Ctx *c, Str kind)
{
    UnitKind k;
    return unit_kind_parse(kind, &k) ? unit_kind_text(k, c->lang) : kind;
}

static Err list_page(Ctx *c)
{
    LeagueEditions rows;
    LeagueListView v = { 0 };
    TRY(league_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (rows.at[i].number == rows.at[i].newest)
            *list_add(c->arena, &v.lines) = (LeagueListLine){ &rows.at[i], site_path(c, league_path(c->arena, &rows.at[i])),
                unit_name_today(c, rows.at[i].owner), kind_text(c, rows.at[i].unit_kind), date_text(c->arena, c->lang, date_of(rows.at[i].at)) };
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "league.public.title"), S(""));
    c->page.description = text_of(c->lang, "league.public.lead");
    Out o = page_begin(c, text_of(c->lang, "league.public.title"));
    league_list_view(&o, &v);
    return page_end(c, &o);
}

static Err newest_page(Ctx *c)
{
    LeagueEdition e;
    TRY(league_load(c->db, c->arena, (SeasonId){ path_int(c, "season") }, 0, &e));
    return redirect(c, league_path(c->arena, &e));
}

/* ---- One edition ------------------------------------------------------------------------------------------------------------- */

static void fact(Ctx *c, LeaguePageView *v, const char *key, Str value)
{
    *list_add(c->arena, &v->facts) = (SummaryRow){ .key = text_find(c->lang, str_from_c(key)), .value = value };
}

/* "A (từ 90 %): 3 đơn vị". */
static Str group_counts(Ctx *c, const League *l)
{
    Buf b = buf_new(c->arena, 256);
    for (size_t g = 0; g < l->rules.groups.len; g++) {
        int64_t n = 0;
        for (size_t i = 0; i < l->ranked; i++)
            n += l->at[i].group == (int)g;
        buf_add(&b, g ? S("; ") : S(""));
        buf_add(&b, text_fmt(c->arena, c->lang, "league.group.count", ARG_S("name", l->rules.groups.at[g].name), ARG_N("n", n),
                             ARG_S("from", real_text(c->arena, c->lang, l->rules.groups.at[g].from, fmod(l->rules.groups.at[g].from, 1) ? 2 : 0))));
    }
    return buf_str(&b);
}

static void facts_fill(Ctx *c, LeaguePageView *v)
{
    const League *l = &v->b->league;
    fact(c, v, "league.owner", v->owner);
    fact(c, v, "league.groups", group_counts(c, l));
    fact(c, v, "league.ties", text_find(c->lang, str_concat(c->arena, S("league.ties."), league_ties_code(l->rules.ties))));
    if (l->len > l->ranked)
        fact(c, v, "league.without", num_text(c->arena, c->lang, (int64_t)(l->len - l->ranked)));
    if (v->e->reason.len)
        fact(c, v, "results.reason", v->e->reason);
    fact(c, v, "league.program", v->b->program);
}

static void ruler_fill(Ctx *c, LeaguePageView *v)
{
    const League *l     = &v->b->league;
    double       *marks = arena_new(c->arena, double, l->ranked), max = v->b->scheme.max;
    if (l->ranked < 2)
        return;
    for (size_t i = 0; i < l->ranked; i++)
        marks[l->ranked - 1 - i] = l->at[i].result.total;
    double low = floor(marks[0] / max * 10) * max / 10, high = ceil(marks[l->ranked - 1] / max * 10) * max / 10;
    v->ruler = (RulerSpec){ .id = S("scale-ruler"), .title = text_of(c->lang, "league.scale"), .from = low,
                            .to = high > low ? high : low + max / 10, .value = l->mean,
                            .low = NAN, .high = NAN, .last = NAN, .decimals = 2, .marks = marks, .n = l->ranked, .description = v->finding,
                            .value_label = text_fmt(c->arena, c->lang, "league.mean", ARG_S("mean", v->mean)),
                            .least_label = l->at[l->ranked - 1].name, .most_label = l->at[0].name };
    v->has_ruler = true;
}

/* The points of each domain as a share of its maximum. */
static void heat_fill(Ctx *c, LeaguePageView *v)
{
    const League *l    = &v->b->league;
    HeatColumn   *cols = arena_new(c->arena, HeatColumn, l->domains + 1);
    HeatRow      *rows = arena_new(c->arena, HeatRow, l->len + 1);
    double       *all  = arena_new(c->arena, double, l->len * l->domains + 1);
    size_t        n    = 0;
    for (size_t d = 0; d < l->domains; d++)
        cols[d] = (HeatColumn){ .code = v->b->scheme.at[l->domain[d]].code, .label = v->b->scheme.at[l->domain[d]].name, .n = (int64_t)l->ranked };
    for (size_t i = 0; i < l->len; i++) {
        double *x = arena_new(c->arena, double, l->domains + 1);
        for (size_t d = 0; d < l->domains; d++) {
            const SchemeScore *s = &l->at[i].result.at[l->domain[d]];
            x[d] = s->state == STATE_SCORED && s->max > 0 ? s->points / s->max * 100 : NAN;
            if (!isnan(x[d]))
                all[n++] = x[d];
        }
        rows[i] = (HeatRow){ .label = l->at[i].name, .href = arena_fmt(c->arena, "%.*s/units/%lld", STR_ARG(v->base), (long long)l->at[i].unit), .x = x };
    }
    v->heat = (HeatChart){ .head = { .id = S("heat"), .title = text_of(c->lang, "league.domains"), .finding = text_of(c->lang, "league.domains.finding"),
                                     .unit_note = text_fmt(c->arena, c->lang, "league.domains.unit", ARG_N("n", v->e->number)) },
                           .column = cols, .columns = l->domains, .rows = rows, .n = l->len, .row_head = text_of(c->lang, "season.unit") };
    tile_cuts(all, n, v->heat.cut);
}

static Err slope_fill(Ctx *c, LeaguePageView *v)
{
    LeagueEdition before;
    LeagueBook    old;
    bool          found;
    size_t        n = 0;
    TRY(league_before(c->db, c->arena, v->e, &found, &before));
    if (!found)
        return OK;
    TRY(league_edition_open(c->store, c->arena, league_work(c), &before, (SchemeWords){ .silent = true }, &old));
    const League *l    = &v->b->league;
    SlopeRow     *rows = arena_new(c->arena, SlopeRow, l->ranked + 1);
    for (size_t i = 0; i < l->ranked; i++) {
        const LeagueRow *x = league_row(&old.league, l->at[i].unit);
        if (!x || isnan(x->result.percent))
            continue;
        double was = isnan(x->result.se) ? 0 : x->result.se / old.scheme.max, now = isnan(l->at[i].result.se) ? 0 : l->at[i].result.se / v->b->scheme.max;
        double se  = hypot(was, now) * 100;
        double off = l->at[i].result.percent - x->result.percent;
        rows[n++] = (SlopeRow){ .label = l->at[i].name, .from = x->result.percent, .to = l->at[i].result.percent, .low = se > 0 ? off - 1.96 * se : NAN,
                                .high = se > 0 ? off + 1.96 * se : NAN, .sign = off > 1.96 * se ? 1 : off < -1.96 * se ? -1 : 0 };
    }
    v->has_slope = n > 0;
    v->slope = (SlopeChart){ .head = { .id = S("slope"), .title = text_of(c->lang, "league.slope"),
                                       .finding = text_fmt(c->arena, c->lang, "league.slope.finding",
                                       ARG_N("n", (int64_t)n)), .unit_note = text_of(c->lang, "league.slope.unit") },
                             .rows = rows, .n = n, .before = arena_fmt(c->arena, "%d", before.year), .after = arena_fmt(c->arena, "%d", v->e->year) };
    return OK;
}

/* What changed since the edition before, and where to it. */
static Err before_fill(Ctx *c, LeaguePageView *v)
{
    LeagueEdition before;
    LeagueBook    old;
    if (v->e->number < 2)
        return OK;
    TRY(league_load(c->db, c->arena, v->e->season, v->e->number - 1, &before));
    TRY(league_edition_open(c->store, c->arena, league_work(c), &before, (SchemeWords){ .silent = true }, &old));
    v->before_href = site_path(c, league_path(c->arena, &before));
    v->changes     = league_changes(c->arena, &old, v->b);
    return OK;
}

static Err edition_page(Ctx *c)
{
    LeagueEdition  e;
    LeagueBook     b;
    LeaguePageView v = { .e = &e, .b = &b };
    TRY(league_of_path(c, &e, &b));
    v.base         = site_path(c, league_path(c->arena, &e));
    v.package_href = arena_fmt(c->arena, "%.*s/xep-hang-%d-%d.zip", STR_ARG(v.base), e.year, e.number);
    v.owner        = unit_name_today(c, e.owner);
    v.mean         = league_points_text(c->arena, c->lang, b.league.mean);
    v.newest_href  = e.newest > e.number ? site_path(c, arena_fmt(c->arena, "/rankings/%lld/%d", (long long)e.season.v, e.newest)) : S("");
    v.finding      = b.league.ranked ? text_fmt(c->arena, c->lang, "league.finding", ARG_N("n", (int64_t)b.league.ranked), ARG_S("mean", v.mean),
                                                ARG_S("first", b.league.at[0].name),
                                                ARG_S("total", league_points_text(c->arena, c->lang, b.league.at[0].result.total))) : S("");
    Sensitivity moved = league_sensitivity(c->arena, &b.league);
    v.lines = league_lines(c->arena, c->lang, &b.league, v.base, &moved);
    v.shift = text_fmt(c->arena, c->lang, "league.shift", ARG_S("shift", real_text(c->arena, c->lang, moved.shift, 1)));
    facts_fill(c, &v);
    ruler_fill(c, &v);
    heat_fill(c, &v);
    TRY(slope_fill(c, &v));
    TRY(before_fill(c, &v));
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "league.public.title"), S("/rankings"));
    page_crumb(c, e.title, S(""));
    c->page.description = v.finding;
    Out o = page_begin(c, e.title);
    league_page_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Files --------------------------------------------------------------------------------------------------------------------- */

static Err package_file(Ctx *c)
{
    LeagueEdition e;
    Sha256        sum;
    Str           zip;
    TRY(league_load(c->db, c->arena, (SeasonId){ path_int(c, "season") }, path_int(c, "number"), &e));
    if (!path_int(c, "number") || !str_eq(path_str(c, "name"), arena_fmt(c->arena, "xep-hang-%d-%d", e.year, e.number)))
        return err_new(c->arena, ERR_NOT_FOUND, S("the package has another name"));
    if (!str_unhex(e.package_sha, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_INTERNAL, S("package_sha is no SHA-256"));
    TRY(files_load(c->store, c->arena, sum, &zip));
    return answer_file(c, S("application/zip"), arena_fmt(c->arena, "xep-hang-%d-%d.zip", e.year, e.number), zip);
}

static Err csv_file(Ctx *c, Str (*make)(Arena *a, const LeagueBook *b), const char *name)
{
    LeagueEdition e;
    LeagueBook    b;
    TRY(league_of_path(c, &e, &b));
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "%s-%d-%d.csv", name, e.year, e.number), make(c->arena, &b));
}

static Err ranking_file(Ctx *c) { return csv_file(c, league_ranking_csv, "xep-hang"); }
static Err points_file(Ctx *c) { return csv_file(c, league_points_csv, "diem"); }

const Route league_public_routes[] = {
    { GET, "/rankings",                                RIGHT_PUBLIC, list_page, ROUTE_CACHED },
    { GET, "/rankings/{season}",                       RIGHT_PUBLIC, newest_page },
    { GET, "/rankings/{season}/{number}",              RIGHT_PUBLIC, edition_page, ROUTE_CACHED },
    { GET, "/rankings/{season}/{number}/ranking.csv",  RIGHT_PUBLIC, ranking_file, ROUTE_CACHED },
    { GET, "/rankings/{season}/{number}/points.csv",   RIGHT_PUBLIC, points_file, ROUTE_CACHED },
    { GET, "/rankings/{season}/{number}/{name}.zip",   RIGHT_PUBLIC, package_file },
    { GET, "/rankings/{season}/{number}/units/{unit}", RIGHT_PUBLIC, league_unit_page, ROUTE_CACHED },
    { GET, "/rankings/{season}/{number}/units/{unit}/criterion", RIGHT_PUBLIC, league_leaf_page },
    { 0 },
};
