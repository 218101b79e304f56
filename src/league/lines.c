/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A ranking as lines of a table. */
#include "league/pages.h"

#include <math.h>

Str league_points_text(Arena *a, Lang l, double x)
{
    return isnan(x) ? S("–") : real_text(a, l, x, 2);
}

Str league_change_text(Arena *a, Lang l, Str what, Str number)
{
    double x;
    return str_to_f64(number, &x) ? real_text(a, l, x, str_eq(what, S("rank")) ? 0 : 4) : S("–");
}

Str league_rank_text(Arena *a, int low, int high)
{
    if (!low)
        return S("");
    return low == high ? arena_fmt(a, "%d", low) : arena_fmt(a, "%d–%d", low, high);
}

RankLines league_lines(Arena *a, Lang l, const League *x, Str base, const Sensitivity *moved)
{
    RankLines out = { 0 };
    for (size_t i = 0; i < x->len; i++) {
        const LeagueRow *r = &x->at[i];
        RankLine line = { .unit = r->name, .rank = r->rank ? num_text(a, l, r->rank) : S("–"), .range = league_rank_text(a, r->low, r->high),
                          .total = league_points_text(a, l, r->result.total), .without = !r->rank,
                          .se = isnan(r->result.se) ? S("") : real_text(a, l, r->result.se, 2),
                          .group = r->group < 0 ? S("–") : x->rules.groups.at[r->group].name };
        if (base.len)
            line.href = arena_fmt(a, "%.*s/units/%lld", STR_ARG(base), (long long)r->unit);
        if (moved && i < x->ranked && !isnan(moved->unit[i].low))
            line.moved = league_rank_text(a, (int)moved->unit[i].low, (int)moved->unit[i].high);
        *list_add(a, &out) = line;
    }
    return out;
}
