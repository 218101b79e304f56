/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console home: what waits for the person, most urgent first. Everything shown lies where the person may act. */
#include "admin/home.h"

#include "admin_home.html.h"
#include "analysis/analysis.h"
#include "field/field.h"
#include "quality/quality.h"
#include "season/waiting.h"

#include <stdlib.h>

static WorkGroup group_of(Date due, Date today)
{
    if (date_is_none(due))
        return WORK_OTHER;
    if (due.day < today.day)
        return WORK_LATE;
    if (due.day == today.day)
        return WORK_TODAY;
    return due.day <= today.day + 7 ? WORK_WEEK : WORK_OTHER;
}

static Str owner_name(Ctx *c, UnitId id)
{
    Unit u;
    return unit_load(c->db, c->arena, id, c->today, &u) == OK ? unit_name(&u, c->lang) : S("");
}

static WorkItem *add_item(Ctx *c, HomeConsole *h, const Round *r, const char *tail, Date due)
{
    WorkItem *w = list_add(c->arena, &h->items);
    *w = (WorkItem){ .group = group_of(due, c->today), .title = round_title(r, c->lang), .from = owner_name(c, r->owner), .due = due,
                     .href = arena_fmt(c->arena, "/console/rounds/%lld%s", (long long)r->id.v, tail) };
    h->count[w->group]++;
    return w;
}

typedef struct WorkScopes { RightScope read, manage, publish; } WorkScopes;

/* A draft waits to be opened, an open round ends, a closed one waits to be published. */
static void work_of_round(Ctx *c, HomeConsole *h, const Round *r, WorkScopes *s)
{
    RoundState state = round_state_at(r, c->now);
    Date       ends  = r->closes_at.ms ? date_of(r->closes_at) : DATE_NONE;
    if (r->state == ROUND_DRAFT && scope_has(&s->manage, r->owner)) {
        WorkItem *w = add_item(c, h, r, "", DATE_NONE);
        w->state = text_of(c->lang, "home.state.draft");
        w->kind  = TAG_OFF;
        w->shape = ICON_RING;
        w->next  = text_of(c->lang, "home.next.open");
    } else if (state == ROUND_OPEN || state == ROUND_PAUSED) {
        *list_add(c->arena, &h->rounds) = *r;
        WorkItem *w = add_item(c, h, r, "", ends);
        w->note  = text_fmt(c->arena, c->lang, "home.note.answers", ARG_N("n", r->submissions));
        w->state = state == ROUND_OPEN ? text_of(c->lang, "home.state.open") : text_of(c->lang, "home.state.paused");
        w->kind  = state == ROUND_OPEN ? TAG_WARN : TAG_OFF;
        w->shape = ICON_HALF;
        w->next  = text_of(c->lang, "home.next.watch");
    } else if (state == ROUND_CLOSED && scope_has(&s->publish, r->owner)) {
        WorkItem *w = add_item(c, h, r, "/results", r->closed_at.ms ? date_of(r->closed_at) : ends);
        w->group = WORK_TODAY;
        w->note  = text_fmt(c->arena, c->lang, "home.note.answers", ARG_N("n", r->submissions));
        w->state = text_of(c->lang, "home.state.closed");
        w->kind  = TAG_INFO;
        w->shape = ICON_RING;
        w->next  = text_of(c->lang, "home.next.publish");
    }
}

/* ---- An interviewer's day ------------------------------------------------------------------------------------------- */

static Err work_of_cases(Ctx *c, HomeConsole *h, RoundId round, int64_t n, int64_t due)
{
    Round      r;
    FieldRound f = { 0 };
    TRY(round_load(c->db, c->arena, round, &r));
    Err e = field_round_load(c->db, c->arena, round, &f);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    WorkItem *w = add_item(c, h, &r, "", e ? DATE_NONE : f.due);
    w->href  = S("/console/field");
    w->group = due && w->group > WORK_TODAY ? WORK_TODAY : w->group;
    w->note  = due ? text_fmt(c->arena, c->lang, "home.note.cases.due", ARG_N("n", n), ARG_N("k", due))
                   : text_fmt(c->arena, c->lang, "home.note.cases", ARG_N("n", n));
    w->state = text_of(c->lang, "home.state.assigned");
    w->kind  = TAG_INFO;
    w->shape = ICON_HALF;
    w->next  = text_of(c->lang, "home.next.cases");
    return OK;
}

/* Cases to visit or call come by round. */
static Err work_of_field(Ctx *c, HomeConsole *h)
{
    FieldCases list = { 0 };
    RightScope work;
    TRY(right_scope(c, RIGHT_FIELD_WORK, &work));
    TRY(field_case_mine(c->db, c->arena, c->session.person, &list));
    for (size_t i = 0; i < list.len;) {
        RoundId round = list.at[i].round;
        int64_t n = 0, due = 0;
        for (; i < list.len && list.at[i].round.v == round.v; i++) {
            if (!scope_has(&work, list.at[i].unit))
                continue;
            n++;
            due += list.at[i].callback_at.ms && list.at[i].callback_at.ms < date_start((Date){ c->today.day + 1 }).ms;
        }
        if (n)
            TRY(work_of_cases(c, h, round, n, due));
    }
    return OK;
}

static Err work_of_rechecks(Ctx *c, HomeConsole *h)
{
    enum { COUNTED_MOST = 1000 };
    int64_t n = 0;
    TRY(recheck_waiting(c, COUNTED_MOST, &n));
    if (n)
        *list_add(c->arena, &h->items) = (WorkItem){ .group = WORK_OTHER, .title = text_of(c->lang, "home.recheck"), .href = S("/console/recheck"),
            .note = text_fmt(c->arena, c->lang, "home.note.rechecks", ARG_N("n", n)), .due = DATE_NONE, .state = text_of(c->lang, "home.state.assigned"),
            .kind = TAG_INFO, .shape = ICON_RING, .next = text_of(c->lang, "home.next.recheck") };
    return OK;
}

/* Open answers to code, until the round is published: a clerk who codes sees no rounds, so this row is the way there. */
static Err work_of_coding(Ctx *c, HomeConsole *h)
{
    CodingTasks tasks;
    RightScope  code;
    TRY(right_scope(c, RIGHT_ANALYSIS_CODE, &code));
    TRY(coding_tasks(c->db, c->arena, c->session.person, &tasks));
    for (size_t i = 0; i < tasks.len; i++) {
        Round r;
        TRY(round_load(c->db, c->arena, tasks.at[i].round, &r));
        if (r.state == ROUND_PUBLISHED || !scope_has(&code, r.owner))
            continue;
        WorkItem *w = add_item(c, h, &r, "", DATE_NONE);
        w->href  = arena_fmt(c->arena, "%.*s/coding/%lld", STR_ARG(w->href), (long long)tasks.at[i].frame);
        w->note  = text_fmt(c->arena, c->lang, "home.note.coded", ARG_N("n", tasks.at[i].coded));
        w->state = text_of(c->lang, "home.state.assigned");
        w->kind  = TAG_INFO;
        w->shape = ICON_HALF;
        w->next  = text_of(c->lang, "home.next.code");
    }
    return OK;
}

/* Cards of seasons. */
static Err work_of_seasons(Ctx *c, HomeConsole *h)
{
    SeasonWaits all = { 0 };
    TRY(season_waits(c, &all));
    for (size_t i = 0; i < all.len; i++) {
        const SeasonWait *x = &all.at[i];
        *list_add(c->arena, &h->items) = (WorkItem){ .group = group_of(x->due, c->today), .title = x->title, .note = x->note, .href = x->href, .from = x->from,
            .next = x->next, .due = x->due, .kind = x->kind, .shape = x->icon, .state = x->state };
    }
    return OK;
}

/* ---- The page ------------------------------------------------------------------------------------------------------------ */

static int by_group(const void *x, const void *y)
{
    const WorkItem *p = x, *q = y;
    if (p->group != q->group)
        return (int)p->group - (int)q->group;
    return (p->due.day > q->due.day) - (p->due.day < q->due.day);
}

static Err home_page(Ctx *c)
{
    HomeConsole h = { 0 };
    Rounds      all;
    WorkScopes s;
    TRY(right_scope(c, RIGHT_ROUND_READ, &s.read));
    TRY(right_scope(c, RIGHT_ROUND_MANAGE, &s.manage));
    TRY(right_scope(c, RIGHT_ROUND_PUBLISH, &s.publish));
    TRY(round_list(c->db, c->arena, &all));
    h.sees_rounds = s.read.all || s.read.tops.len || s.read.yes.len;
    for (size_t i = 0; i < all.len; i++)
        if (scope_has(&s.read, all.at[i].owner))
            work_of_round(c, &h, &all.at[i], &s);
    TRY(work_of_field(c, &h));
    TRY(work_of_rechecks(c, &h));
    TRY(work_of_coding(c, &h));
    TRY(work_of_seasons(c, &h));
    for (size_t g = 0; g < WORK_GROUP_COUNT; g++)
        h.count[g] = 0;
    for (size_t i = 0; i < h.items.len; i++)
        h.count[h.items.at[i].group]++;
    if (h.items.len)
        qsort(h.items.at, h.items.len, sizeof *h.items.at, by_group);
    TRY(edition_list(c->db, c->arena, &h.editions));
    if (h.editions.len > 5)
        h.editions.len = 5;
    Out o = page_begin(c, text_of(c->lang, "web.nav.console.home"));
    admin_home_view(&o, &h);
    return page_end(c, &o);
}

const Route admin_home_routes[] = {
    { GET, "/", RIGHT_SIGNED_IN, home_page, 0 },
    { 0 },
};
