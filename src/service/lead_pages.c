/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a leader directs by: how the unit stands and moves, where files lie past their day without a word, which criteria lose most points. */
#include "service/pages.h"
#include "service/parts.h"

#include "service_lead.html.h"

#include <math.h>
#include <stdlib.h>

enum { LEAD_MONTHS = 12, LEAD_ROWS = 30, LEAD_WEAK = 5 };

/* The unit that is asked for, else the first one that the reader leads. */
static Err lead_unit(Ctx *c, UnitId *out)
{
    RightScope scope;
    int64_t    id = query_int(c, "unit", 0);
    TRY(right_scope(c, RIGHT_BOARD_READ, &scope));
    if (id) {
        *out = (UnitId){ id };
        return right_need(c, RIGHT_BOARD_READ, *out);
    }
    out->v = scope_has(&scope, (UnitId){ UNIT_ROOT }) ? UNIT_ROOT : scope.tops.len ? scope.tops.at[0].v : 0;
    return out->v ? OK : err_new(c->arena, ERR_NOT_FOUND, S("no unit"));
}

/* One month of a unit with everything below it, and of each unit right below. */
typedef struct MonthSums { ServiceCounts all; ServiceUnits below; ServiceIndex *x; ServiceScore score; } MonthSums;

static Err sums_of(Ctx *c, UnitId unit, int month, MonthSums *out)
{
    ServiceUnits units;
    out->x = arena_new(c->arena, ServiceIndex, 1);
    TRY(service_index(c->arena, month_start(month), out->x));
    TRY(service_month_till(c->db, c->arena, month, c->today, &units));
    TRY(service_below(c->db, c->arena, &units, unit, service_month_end(month), &out->all, &out->below));
    service_score(c->arena, out->x, &out->all, &out->score);
    return OK;
}

static const ServiceCounts *counts_in(const ServiceUnits *list, UnitId unit)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].unit.v == unit.v)
            return &list->at[i].counts;
    return NULL;
}

static int64_t above_zero(int64_t n) { return n > 0 ? n : 0; }

static void work_fill(const ServiceCounts *n, LeadWork *out)
{
    *out = (LeadWork){ .open = service_open_late(n), .late = n->n[M_LATE], .unexplained = above_zero(n->n[M_LATE] - n->n[M_EXPLAINED]),
                       .unapologised = above_zero(n->n[M_LATE] - n->n[M_APOLOGISED]) };
}

static int by_work(const void *x, const void *y)
{
    const LeadRow *a = x, *b = y;
    int64_t        m = a->work.open + a->work.unexplained + a->work.unapologised, n = b->work.open + b->work.unexplained + b->work.unapologised;
    return m != n ? (m < n ? 1 : -1) : (a->work.late < b->work.late) - (a->work.late > b->work.late);
}

static Err rows_fill(Ctx *c, const MonthSums *now, const MonthSums *before, int month, LeadView *v)
{
    for (size_t i = 0; i < now->below.len; i++) {
        const ServiceUnit   *u   = &now->below.at[i];
        const ServiceCounts *was = before ? counts_in(&before->below, u->unit) : NULL;
        ServiceScore         score, then;
        Unit                 unit;
        LeadRow             *row = list_add(c->arena, &v->rows);
        TRY(unit_load(c->db, c->arena, u->unit, service_month_end(month), &unit));
        service_score(c->arena, now->x, &u->counts, &score);
        *row = (LeadRow){ .name = unit_label(&unit, c->lang), .value = score.value, .change = NAN,
                          .href = arena_fmt(c->arena, "/console/service?unit=%lld&month=%d-%02d", (long long)u->unit.v, month / 100, month % 100) };
        if (was) {
            service_score(c->arena, before->x, was, &then);
            row->change = score.value - then.value;
        }
        work_fill(&u->counts, &row->work);
    }
    if (v->rows.len)
        qsort(v->rows.at, v->rows.len, sizeof *v->rows.at, by_work);
    size_t shown = 0;
    while (shown < v->rows.len && shown < LEAD_ROWS && v->rows.at[shown].work.open + v->rows.at[shown].work.late > 0)
        shown++;
    v->more     = (int64_t)(v->rows.len - shown);
    v->rows.len = shown;
    return OK;
}

static int by_lost(const void *x, const void *y)
{
    const LeadWeak *a = x, *b = y;
    return a->lost < b->lost ? 1 : a->lost > b->lost ? -1 : 0;
}

/* Criteria by the points they lose. */
static void weak_fill(Ctx *c, const MonthSums *now, const MonthSums *before, LeadView *v)
{
    for (size_t i = 0; i < now->score.len; i++) {
        const ServiceScoreRow *r = &now->score.rows[i];
        if (!r->k->parent.len || isnan(r->share) || r->share >= 1)
            continue;
        LeadWeak *w = list_add(c->arena, &v->weak);
        *w = (LeadWeak){ .name = r->k->name[c->lang], .share = r->share, .lost = r->k->points * (1 - r->share), .points = r->k->points, .change = NAN };
        for (size_t k = 0; before && k < before->score.len; k++)
            if (str_eq(before->score.rows[k].k->code, r->k->code) && !isnan(before->score.rows[k].share))
                w->change = 100 * (r->share - before->score.rows[k].share);
    }
    if (v->weak.len)
        qsort(v->weak.at, v->weak.len, sizeof *v->weak.at, by_lost);
    if (v->weak.len > LEAD_WEAK)
        v->weak.len = LEAD_WEAK;
}

static Err months_fill(Ctx *c, UnitId unit, const ServiceMonths *months, LeadView *v)
{
    for (size_t i = 0; i < months->len && i < LEAD_MONTHS; i++) {
        MonthSums m;
        TRY(sums_of(c, unit, months->at[i], &m));
        LeadMonth *row = list_add(c->arena, &v->months);
        *row = (LeadMonth){ .text = arena_fmt(c->arena, "%02d/%d", months->at[i] % 100, months->at[i] / 100), .value = m.score.value,
                            .handled = m.all.n[M_HANDLED],
                            .href = arena_fmt(c->arena, "/console/service?unit=%lld&month=%d-%02d", (long long)unit.v, months->at[i] / 100,
                                              months->at[i] % 100) };
        work_fill(&m.all, &row->work);
    }
    return OK;
}

static Str change_words(Ctx *c, double change)
{
    if (isnan(change))
        return S("");
    TextArg x[] = { ARG_S("x", real_text(c->arena, c->lang, fabs(change), 2)) };
    return text_fill(c->arena, c->lang, change < 0 ? text_of(c->lang, "service.lead.down") : text_of(c->lang, "service.lead.up"), x, 1);
}

/* The place of the month that is asked for among those with events. */
static Err month_place(Ctx *c, const ServiceMonths *months, size_t *out)
{
    Str asked = query_str(c, "month");
    *out = 0;
    for (size_t i = 0; asked.len && i < months->len; i++)
        if (str_eq(asked, arena_fmt(c->arena, "%d-%02d", months->at[i] / 100, months->at[i] % 100))) {
            *out = i;
            return OK;
        }
    return asked.len ? err_new(c->arena, ERR_NOT_FOUND, S("no events in that month")) : OK;
}

static Err lead_page(Ctx *c)
{
    ServiceMonths months;
    MonthSums     now, before;
    UnitId        unit;
    Unit          u;
    size_t        at;
    LeadView      v = { 0 };
    TRY(lead_unit(c, &unit));
    TRY(unit_load(c->db, c->arena, unit, c->today, &u));
    TRY(service_months_past(c->db, c->arena, c->today, &months));
    TRY(month_place(c, &months, &at));
    TRY(service_simulated(c->db, &v.demo));
    v.name        = unit_label(&u, c->lang);
    v.public_href = unit.v == UNIT_ROOT ? S("/service") : arena_fmt(c->arena, "/service/%lld", (long long)unit.v);
    if (months.len) {
        bool has = at + 1 < months.len;
        TRY(sums_of(c, unit, months.at[at], &now));
        if (has)
            TRY(sums_of(c, unit, months.at[at + 1], &before));
        v.any    = true;
        v.value  = now.score.value;
        v.month  = arena_fmt(c->arena, "%02d/%d", months.at[at] % 100, months.at[at] / 100);
        v.change = change_words(c, has ? now.score.value - before.score.value : NAN);
        work_fill(&now.all, &v.work);
        v.rated  = now.all.n[M_RATED] ? 100.0 * (double)now.all.n[M_SATISFIED] / (double)now.all.n[M_RATED] : NAN;
        TRY(rows_fill(c, &now, has ? &before : NULL, months.at[at], &v));
        weak_fill(c, &now, has ? &before : NULL, &v);
        TRY(months_fill(c, unit, &months, &v));
    }
    c->page.simulated = v.demo;
    page_crumb(c, text_of(c->lang, "service.lead.title"), S("/console/service"));
    page_crumb(c, v.name, S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "service.lead.of", ARG_S("unit", v.name)));
    service_lead_view(&o, &v);
    return page_end(c, &o);
}

const Route service_lead_routes[] = {
    { GET, "/service", RIGHT_BOARD_READ, lead_page },
    { 0 },
};
