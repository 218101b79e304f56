/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages of the live index: the country, a unit, who is late, and their files. Only sums of agencies are shown. */
#include "service/pages.h"
#include "service/parts.h"

#include "base/csv.h"

#include "service_index.html.h"
#include "service_late.html.h"
#include "service_unit.html.h"

#include <math.h>
#include <stdlib.h>

int64_t service_open_late(const ServiceCounts *c)
{
    int64_t n = c->n[M_DUE] - c->n[M_DUE_MET] - c->n[M_DUE_LATE];
    return n > 0 ? n : 0;
}

/* ---- Month ------------------------------------------------------------------------------------------------------------- */
static Str month_text(Ctx *c, int month)
{
    return arena_fmt(c->arena, "%02d/%d", month % 100, month / 100);
}

static bool month_parse(Str s, int *out)
{
    int64_t year, month;
    StrPair p = str_cut(s, '-');
    if (s.len != 7 || !str_to_i64(p.head, &year) || !str_to_i64(p.tail, &month) || year < 2010 || year > 2100 || month < 1 || month > 12)
        return false;
    *out = (int)(year * 100 + month);
    return true;
}

static Str month_iso(Arena *a, int month)
{
    return arena_fmt(a, "%d-%02d", month / 100, month % 100);
}

/* The month that is asked for, else the newest with events, else this one. */
static Err month_asked(Ctx *c, Str base, ServicePage *p, int *out)
{
    ServiceMonths all;
    TRY(service_months_past(c->db, c->arena, c->today, &all));
    *out = all.len ? all.at[0] : month_of(c->today);
    if (query_str(c, "month").len && (!month_parse(query_str(c, "month"), out) || *out > month_of(c->today)))
        return err_new(c->arena, ERR_NOT_FOUND, S("no such month"));
    for (size_t i = 0; i < all.len && i < 12; i++)
        *list_add(c->arena, &p->months) = (MonthLink){ month_text(c, all.at[i]), arena_fmt(c->arena, "%.*s?month=%.*s", STR_ARG(base),
                                                       STR_ARG(month_iso(c->arena, all.at[i]))), all.at[i] == *out };
    p->month_text = month_text(c, *out);
    return OK;
}

/* ---- Rows ---------------------------------------------------------------------------------------------------------------- */
static int by_value(const void *x, const void *y)
{
    double p = ((const ServiceRow *)x)->score.value, q = ((const ServiceRow *)y)->score.value;
    if (isnan(p) || isnan(q))
        return isnan(p) - isnan(q);
    return p < q ? 1 : p > q ? -1 : 0;
}

static int by_late(const void *x, const void *y)
{
    const ServiceCounts *p = &((const ServiceRow *)x)->counts, *q = &((const ServiceRow *)y)->counts;
    int64_t              m = p->n[M_LATE] + service_open_late(p), n = q->n[M_LATE] + service_open_late(q);
    return m < n ? 1 : m > n ? -1 : 0;
}

static Err row_fill(Ctx *c, const ServiceIndex *x, UnitId unit, const ServiceCounts *counts, int month, ServiceRow *out)
{
    Unit u;
    Date on = service_month_end(month);
    TRY(unit_load(c->db, c->arena, unit, on, &u));
    *out = (ServiceRow){ .unit = unit, .name = unit_label(&u, c->lang), .code = u.code, .kind = u.kind, .counts = *counts };
    out->href = arena_fmt(c->arena, "%.*s?month=%.*s", STR_ARG(site_path(c, arena_fmt(c->arena, "/service/%lld", (long long)unit.v))),
                          STR_ARG(month_iso(c->arena, month)));
    service_score(c->arena, x, counts, &out->score);
    return OK;
}

static Err rows_load(Ctx *c, UnitId top, int month, ServicePage *p)
{
    ServiceUnits  units, below;
    ServiceCounts all;
    ServiceIndex *x = arena_new(c->arena, ServiceIndex, 1);
    TRY(service_index(c->arena, month_start(month), x));
    TRY(service_month_till(c->db, c->arena, month, c->today, &units));
    TRY(service_below(c->db, c->arena, &units, top, service_month_end(month), &all, &below));
    p->x    = x;
    TRY(service_simulated(c->db, &p->demo));
    TRY(row_fill(c, x, top, &all, month, &p->all));
    for (size_t i = 0; i < below.len; i++)
        TRY(row_fill(c, x, below.at[i].unit, &below.at[i].counts, month, list_add(c->arena, &p->rows)));
    if (p->rows.len)
        qsort(p->rows.at, p->rows.len, sizeof *p->rows.at, p->late ? by_late : by_value);
    return OK;
}

enum { FEW_FILES = 30 };      /* fewer handled in the month: chance moves the figure too far to be named first */

/* ---- Charts ---------------------------------------------------------------------------------------------------------------- */
static Str finding(Ctx *c, const ServicePage *p)
{
    const ServiceRow *best = p->rows.at, *end = best + p->rows.len;
    while (best < end && !isnan(best->score.value) && best->counts.n[M_HANDLED] < FEW_FILES)
        best++;
    if (best == end || isnan(best->score.value))
        return p->rows.len && !isnan(p->rows.at[0].score.value) ? text_of(c->lang, "service.finding.few") : text_of(c->lang, "service.finding.none");
    return text_fmt(c->arena, c->lang, "service.finding", ARG_S("unit", best->name), ARG_S("value", real_text(c->arena, c->lang, best->score.value, 2)));
}

static void charts_fill(Ctx *c, ServicePage *p)
{
    TileValue *tiles = arena_new(c->arena, TileValue, p->rows.len);
    double    *x     = arena_new(c->arena, double, p->rows.len + 1);
    size_t     n = 0;
    for (size_t i = 0; i < p->rows.len; i++) {
        const ServiceRow *r = &p->rows.at[i];
        if (r->kind != UNIT_PROVINCE || isnan(r->score.value))
            continue;
        x[n]       = r->score.value;
        tiles[n++] = (TileValue){ r->code, r->score.value, NAN, NAN, r->counts.n[M_HANDLED], r->href };
    }
    p->tiles = (TileChart){ .head = { S("map"), text_of(c->lang, "service.map"), finding(c, p), text_of(c->lang, "service.unit_note"), p->csv_href },
                            .values = tiles, .n = n, .value_label = str_concat(c->arena, S(" "), text_of(c->lang, "service.points")) };
    tile_cuts(x, n, p->tiles.cut);
}

/* ---- /service ---------------------------------------------------------------------------------------------------------------- */
static Err service_page(Ctx *c)
{
    ServicePage p = { .whole = true };
    int         month;
    TRY(month_asked(c, site_path(c, S("/service")), &p, &month));
    TRY(rows_load(c, (UnitId){ UNIT_ROOT }, month, &p));
    Str query   = arena_fmt(c->arena, "?month=%.*s", STR_ARG(month_iso(c->arena, month)));
    p.csv_href  = str_concat(c->arena, site_path(c, S("/service/figures.csv")), query);
    p.late_href = str_concat(c->arena, site_path(c, S("/service/late")), query);
    charts_fill(c, &p);
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "service.title"), S(""));
    c->page.description = text_of(c->lang, "service.lead");
    Out o = page_begin(c, text_of(c->lang, "service.title"));
    service_index_view(&o, &p);
    return page_end(c, &o);
}

/* ---- /service/{unit} ------------------------------------------------------------------------------------------------------------ */
typedef struct DeskSums { DeskRow *at; size_t len; } DeskSums;

static void desk_seen(void *self, const ServiceCell *c)
{
    DeskSums *sums = self;
    if ((size_t)c->desk < sums->len)
        service_counts_add(&sums->at[c->desk].counts, &c->counts);
}

static Err desks_load(Ctx *c, UnitId unit, int month, ServicePage *p)
{
    StrList codes;
    TRY(service_desk_codes(c->db, c->arena, unit, &codes));
    DeskRow *rows = arena_new(c->arena, DeskRow, codes.len + 1);
    TRY(service_days_each(c->db, unit, month, desk_seen, &(DeskSums){ rows, codes.len + 1 }));
    for (size_t i = 0; i <= codes.len; i++)
        if (!service_counts_zero(&rows[i].counts)) {
            rows[i].code = i ? codes.at[i - 1] : text_of(c->lang, "service.desk.none");
            *list_add(c->arena, &p->desks) = rows[i];
        }
    return OK;
}

typedef enum Step { STEP_DAY, STEP_WEEK, STEP_MONTH, STEP_QUARTER, STEPS } Step;
static const Str steps[STEPS] = { S_INIT("day"), S_INIT("week"), S_INIT("month"), S_INIT("quarter") };

/* Where the period of a day begins: weeks on Mondays. */
static Date period_start(Step step, Date d)
{
    Ymd y = date_ymd(d);
    switch (step) {
    case STEP_DAY: return d;
    case STEP_WEEK: return (Date){ d.day - (d.day + 3) % 7 };
    case STEP_MONTH: return date_from_ymd(y.year, y.month, 1);
    default: return date_from_ymd(y.year, (y.month - 1) / 3 * 3 + 1, 1);
    }
}

static Str period_text(Ctx *c, Step step, Date d)
{
    Ymd y = date_ymd(d);
    switch (step) {
    case STEP_DAY: return date_text(c->arena, c->lang, d);
    case STEP_WEEK: return text_fmt(c->arena, c->lang, "service.week", ARG_S("day", date_text(c->arena, c->lang, d)));
    case STEP_MONTH: return arena_fmt(c->arena, "%02d/%d", y.month, y.year);
    default: return text_fmt(c->arena, c->lang, "service.quarter", ARG_N("n", (y.month + 2) / 3), ARG_S("year", arena_fmt(c->arena, "%d", y.year)));
    }
}

static void period_add(Ctx *c, ServicePage *p, Step step, Date d, const ServiceCounts *counts)
{
    Str text = period_text(c, step, period_start(step, d));
    if (!p->periods.len || !str_eq(p->periods.at[p->periods.len - 1].text, text))
        *list_add(c->arena, &p->periods) = (PeriodRow){ .text = text };
    service_counts_add(&p->periods.at[p->periods.len - 1].counts, counts);
}

/* Days and weeks of one month, of the unit with all below it. */
static void day_seen(void *self, const ServiceCell *c)
{
    service_counts_add(&((ServiceCounts *)self)[date_ymd(c->day).day], &c->counts);
}

static Err days_of_month(Ctx *c, UnitId top, int month, ServiceCounts of[32])
{
    ServiceUnits units;
    TRY(service_month(c->db, c->arena, month, &units));
    UnitId *ids = arena_new(c->arena, UnitId, units.len), *branch = arena_new(c->arena, UnitId, units.len);
    for (size_t i = 0; i < units.len; i++)
        ids[i] = units.at[i].unit;
    TRY(unit_branches(c->db, ids, units.len, top, service_month_end(month), branch));
    for (size_t i = 0; i < units.len; i++)
        if (branch[i].v)
            TRY(service_days_each(c->db, units.at[i].unit, month, day_seen, of));
    return OK;
}

static Err periods_load(Ctx *c, UnitId unit, int month, Step step, ServicePage *p)
{
    if (step <= STEP_WEEK) {
        ServiceCounts *of = arena_new(c->arena, ServiceCounts, 32);
        TRY(days_of_month(c, unit, month, of));
        for (int d = 31; d > 0; d--) {                     /* days to come have only files that will be due */
            Date on = { month_start(month).day + d - 1 };
            if (on.day <= c->today.day && !service_counts_zero(&of[d]))
                period_add(c, p, step, on, &of[d]);
        }
    } else {
        ServiceMonths all;
        TRY(service_months(c->db, c->arena, &all));
        for (size_t i = 0; i < all.len && i < 24; i++) {
            if (all.at[i] > month_of(c->today))
                continue;
            ServiceUnits  units, below;
            ServiceCounts sum;
            TRY(service_month(c->db, c->arena, all.at[i], &units));
            TRY(service_below(c->db, c->arena, &units, unit, service_month_end(all.at[i]), &sum, &below));
            period_add(c, p, step, month_start(all.at[i]), &sum);
        }
    }
    for (size_t i = 0; i < p->periods.len; i++)
        service_score(c->arena, p->x, &p->periods.at[i].counts, &p->periods.at[i].score);
    return OK;
}

static Step step_asked(Ctx *c, Str base, int month, ServicePage *p)
{
    static const char *const keys[] = { "service.step.day", "service.step.week", "service.step.month", "service.step.quarter" };
    Step                     step   = STEP_DAY;
    for (int i = 0; i < STEPS; i++)
        if (str_eq(query_str(c, "step"), steps[i]))
            step = (Step)i;
    for (int i = 0; i < STEPS; i++)
        p->steps[i] = (TabItem){ text_find(c->lang, str_from_c(keys[i])), arena_fmt(c->arena, "%.*s?month=%.*s&step=%.*s", STR_ARG(base),
                                 STR_ARG(month_iso(c->arena, month)), STR_ARG(steps[i])), i == (int)step };
    return step;
}

static Err unit_page(Ctx *c)
{
    ServicePage p = { 0 };
    UnitId      unit = { path_int(c, "unit") };
    int         month;
    Str         base = site_path(c, arena_fmt(c->arena, "/service/%lld", (long long)unit.v));
    TRY(month_asked(c, base, &p, &month));
    TRY(rows_load(c, unit, month, &p));
    TRY(desks_load(c, unit, month, &p));
    TRY(periods_load(c, unit, month, step_asked(c, base, month, &p), &p));
    p.home_href = site_path(c, S("/service"));
    p.title     = p.all.name;
    p.csv_href  = arena_fmt(c->arena, "%.*s?month=%.*s&unit=%lld", STR_ARG(site_path(c, S("/service/figures.csv"))), STR_ARG(month_iso(c->arena, month)),
                            (long long)unit.v);
    charts_fill(c, &p);
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "service.title"), S("/service"));
    page_crumb(c, p.title, S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "service.unit.title", ARG_S("unit", p.title)));
    service_unit_view(&o, &p);
    return page_end(c, &o);
}

/* ---- /service/late ---------------------------------------------------------------------------------------------------------------- */
static Err late_page(Ctx *c)
{
    ServicePage p = { .late = true, .whole = true };
    int         month;
    TRY(month_asked(c, site_path(c, S("/service/late")), &p, &month));
    TRY(rows_load(c, (UnitId){ UNIT_ROOT }, month, &p));
    p.home_href = site_path(c, S("/service"));
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "service.title"), S("/service"));
    page_crumb(c, text_of(c->lang, "service.late.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "service.late.title"));
    service_late_view(&o, &p);
    return page_end(c, &o);
}

/* ---- /service/figures.csv ------------------------------------------------------------------------------------------------------------ */
static void csv_row(Buf *b, int month, const ServiceRow *r)
{
    csv_num(b, month);
    csv_num(b, r->unit.v);
    csv_field(b, r->code);
    csv_field(b, r->name);
    csv_real(b, r->score.value);
    csv_real(b, r->score.measured);
    for (int m = 0; m < M_COUNT; m++)
        csv_num(b, r->counts.n[m]);
    csv_end(b);
}

static Err figures_csv(Ctx *c)
{
    static const Str heads[] = { S_INIT("month"), S_INIT("unit_id"), S_INIT("code"), S_INIT("unit"), S_INIT("index"), S_INIT("points_measured") };
    ServicePage p = { 0 };
    Buf         b = buf_new(c->arena, 1 << 14);
    int64_t     unit = query_int(c, "unit", UNIT_ROOT);
    int         month;
    TRY(month_asked(c, S("/service"), &p, &month));
    TRY(rows_load(c, (UnitId){ unit }, month, &p));
    csv_bom(&b);
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        csv_field(&b, heads[i]);
    for (int m = 0; m < M_COUNT; m++)
        csv_field(&b, service_measure_code((ServiceMeasure)m));
    csv_end(&b);
    csv_row(&b, month, &p.all);
    for (size_t i = 0; i < p.rows.len; i++)
        csv_row(&b, month, &p.rows.at[i]);
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "766-%.*s.csv", STR_ARG(month_iso(c->arena, month))), buf_str(&b));
}

const Route service_public_routes[] = {
    { GET, "/service",             RIGHT_PUBLIC, service_page, ROUTE_CACHED },
    { GET, "/service/late",        RIGHT_PUBLIC, late_page,    ROUTE_CACHED },
    { GET, "/service/figures.csv", RIGHT_PUBLIC, figures_csv,  ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/service/{unit}",      RIGHT_PUBLIC, unit_page,    ROUTE_CACHED },
    { 0 },
};
