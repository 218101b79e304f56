/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What changed since the round before: which edition that is, and when a change may be called one. The index of everybody is one question and tested
 * alone; indices of provinces stand side by side, and so do contents and factors of one unit: there Holm's correction decides. Every page and report
 * asks here, so that none says what another denies. */
#include "edition/look.h"

#include <math.h>

static bool earlier(const EditionRow *x, const EditionRow *y)
{
    return x->opened.ms != y->opened.ms ? x->opened.ms < y->opened.ms : x->published_at.ms < y->published_at.ms;
}

bool edition_precedes(const EditionRow *x, const EditionRow *e)
{
    return !x->superseded_by.v && x->round.v != e->round.v && str_eq(x->method, e->method) && x->owner.v == e->owner.v && x->simulated == e->simulated &&
           earlier(x, e);
}

Err editions_before(Db *db, Arena *a, const EditionRow *e, EditionRows *out)
{
    EditionRows all, found = { 0 };
    TRY(edition_list(db, a, &all));
    for (size_t i = 0; i < all.len; i++) {
        if (!edition_precedes(&all.at[i], e))
            continue;
        *list_add(a, &found) = all.at[i];
        for (size_t k = found.len - 1; k > 0 && earlier(&found.at[k - 1], &found.at[k]); k--) {
            EditionRow later = found.at[k];
            found.at[k]      = found.at[k - 1];
            found.at[k - 1]  = later;
        }
    }
    *out = found;
    return OK;
}

Str edition_when(Arena *a, const EditionRow *e, const EditionRow *other)
{
    Ymd day = date_ymd(e->on);
    return day.year != date_ymd(other->on).year ? arena_fmt(a, "%d", day.year) : arena_fmt(a, "%d/%d", day.month, day.year);
}

Err look_edition(Db *db, Store *s, Arena *a, const EditionRow *e, Look *out)
{
    Figures *f = arena_new(a, Figures, 1);
    TRY(edition_figures(db, s, a, e, f));
    TRY(look_open(db, a, f, e->method, e->place, e->on, out));
    out->weighted  = e->weighting != 0;
    out->simulated = e->simulated;
    return OK;
}

int province_then(const Units *then, const Unit *u)
{
    for (size_t i = 0; i < then->len; i++)
        if (then->at[i].id.v == u->id.v)
            return (int)i;
    return -1;
}

const Figure *look_of_unit(const Look *l, Str code, const Unit *u)
{
    int at = u ? province_then(&l->provinces, u) : -1;
    return !u ? look_main(l, code, S("")) : at >= 0 ? look_main(l, code, l->provinces.at[at].code) : NULL;
}

/* province NULL: of everybody. */
static StatsChange change_of(const Look *now, const Look *before, Str code, const Unit *province)
{
    const Figure *new = look_of_unit(now, code, province), *old = look_of_unit(before, code, province);
    if (!look_shown(new) || !look_shown(old) || !str_eq(now->main, before->main))
        return (StatsChange){ NAN, NAN, NAN, NAN, NAN, 0 };
    return stats_change(old->x, old->se, new->x, new->se, INFINITY);
}

StatsChange *look_province_changes(Arena *a, const Look *now, const Look *before)
{
    size_t       n    = now->provinces.len;
    StatsChange *x    = arena_new(a, StatsChange, n + 1);
    for (size_t i = 0; i < n; i++)
        x[i] = change_of(now, before, now->nodes.at[look_head(now)].code, &now->provinces.at[i]);
    stats_changes_hold(*a, x, n);
    return x;
}

StatsChange *look_node_changes(Arena *a, const Look *now, const Look *before, Str province)
{
    size_t       n = now->nodes.len, m = 0, head = look_head(now);
    StatsChange *x = arena_new(a, StatsChange, n + 1), *family = arena_new(a, StatsChange, n + 1);
    const Unit  *u = NULL;
    for (size_t i = 0; province.len && i < now->provinces.len && !u; i++)
        u = str_eq(now->provinces.at[i].code, province) ? &now->provinces.at[i] : NULL;
    for (size_t i = 0; i < n; i++) {
        bool told = !now->nodes.at[i].item && (u || !province.len);
        x[i] = told ? change_of(now, before, now->nodes.at[i].code, u) : (StatsChange){ NAN, NAN, NAN, NAN, NAN, 0 };
        if (i != head)
            family[m++] = x[i];
    }
    stats_changes_hold(*a, family, m);
    for (size_t i = 0, k = 0; i < n; i++)
        if (i != head)
            x[i] = family[k++];
    if (u)
        x[head] = look_province_changes(a, now, before)[u - now->provinces.at];
    return x;
}

SlopeChart look_slope(Arena *a, Lang l, const Look *now, const StatsChange *moved, const EditionRow *e, const EditionRow *before)
{
    SlopeRow *rows = arena_new(a, SlopeRow, now->provinces.len + 1);
    size_t    n    = 0;
    int64_t   up = 0, down = 0, rest = 0;
    for (size_t i = 0; i < now->provinces.len; i++) {
        const StatsChange *x = &moved[i];
        if (isnan(x->x))
            continue;
        rows[n++] = (SlopeRow){ .label = look_province_name(&now->provinces.at[i], l), .from = x->before, .to = x->before + x->x, .low = x->low,
                                .high = x->high, .sign = x->sign };
        up   += x->sign > 0;
        down += x->sign < 0;
        rest += !x->sign && !isnan(x->low);            /* without an error nothing is claimed */
    }
    Str finding = up + down + rest ? text_fmt(a, l, "results.change.finding", ARG_N("up", up), ARG_N("down", down), ARG_N("rest", rest))
                                   : text_of(l, "results.change.unknown");
    return (SlopeChart){ .head = { .title = text_of(l, "results.change.title"), .finding = finding }, .rows = rows, .n = n,
                         .before = edition_when(a, before, e), .after = edition_when(a, e, before) };
}

ChangeTag look_change_tag(Arena *a, Lang l, const StatsChange *c)
{
    if (isnan(c->x))
        return (ChangeTag){ .text = S("") };
    if (isnan(c->low))
        return (ChangeTag){ text_of(l, "results.change.unknown"), TAG_PLAIN, ICON_NONE };
    Str x = real_text(a, l, fabs(c->x), 2);
    if (c->sign > 0)
        return (ChangeTag){ text_fmt(a, l, "results.change.up", ARG_S("x", x)), TAG_OK, ICON_UP };
    if (c->sign < 0)
        return (ChangeTag){ text_fmt(a, l, "results.change.down", ARG_S("x", x)), TAG_BAD, ICON_DOWN };
    return (ChangeTag){ text_of(l, "results.change.same"), TAG_PLAIN, ICON_SAME };
}
