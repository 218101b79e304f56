/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of rankings show. */
#ifndef LEAGUE_PAGES_H
#define LEAGUE_PAGES_H

#include "league/parts.h"

typedef struct RankLine { Str rank, range, unit, href, total, se, group, moved; bool without; } RankLine;
typedef LIST(RankLine) RankLines;
/* The rows of a ranking as texts; base: address of the edition's pages, empty: no links. moved: with the sensitivity. */
RankLines league_lines(Arena *a, Lang l, const League *x, Str base, const Sensitivity *moved);
Str league_points_text(Arena *a, Lang l, double x);        /* two decimals, "–" for none */
Str league_change_text(Arena *a, Lang l, Str what, Str number);      /* ranks whole, points with four decimals */
Str league_rank_text(Arena *a, int low, int high);         /* "3–5", "3" or empty */

/* ---- In the console ----------------------------------------------------------------------------------------------------- */
typedef struct EditionLine { Str title, href, when, who, reason; } EditionLine;
typedef struct DeskView {
    const Season *s;
    Str base, season_href, mean, publish_href, publish, why_not;
    LIST(SummaryRow) rules;
    LIST(EditionLine) editions;
    LIST(TabItem) missing;
    int64_t missing_more;
    RankLines lines;
} DeskView;
typedef struct RulesView {
    const Season *s;
    Str action, token, base, by, groups, seed, revision;
    FieldErrors errors;
    Choices ties, without;
} RulesView;

/* ---- In public ------------------------------------------------------------------------------------------------------------ */
typedef struct LeagueListLine { const LeagueEdition *e; Str href, owner, kind, when; } LeagueListLine;
typedef struct LeagueListView { LIST(LeagueListLine) lines; } LeagueListView;
typedef struct LeaguePageView {
    const LeagueEdition *e;
    const LeagueBook *b;
    Str base, package_href, owner, mean, finding, newest_href, before_href, csv_note;
    LIST(SummaryRow) facts;
    RankLines lines;
    RulerSpec ruler;
    HeatChart heat;
    SlopeChart slope;
    LeagueChanges changes;
    Str shift;
    bool has_ruler, has_slope;
} LeaguePageView;
typedef struct LeafRow { Str code, name, href, points, max, state; double share; bool group, top; } LeafRow;
typedef struct LiftRow { Str name, href, left, gain, rank; bool moves; } LiftRow;
typedef struct LeagueUnitView {
    const LeagueEdition *e;
    const LeagueRow *row;
    Str base, league_href, rank, range, total, max, group, se;
    LIST(LeafRow) leaves;
    LIST(LiftRow) lifts;
} LeagueUnitView;
typedef struct TryBox { Str name, label, value; } TryBox;
typedef struct LeagueLeafView {
    const LeagueEdition *e;
    const SchemeCriterion *x;
    Str unit_href, unit, action, code, points, max, then_points, then_total, then_rank, now_total, now_rank;
    StrList words, trace, then_trace, faults;
    LIST(TryBox) boxes;
    bool tried, scored;
} LeagueLeafView;

/* unit_pages.c */
MUST_USE Err league_unit_page(Ctx *c);
MUST_USE Err league_leaf_page(Ctx *c);
/* public_pages.c: the edition of the path with its book, scored in silence. */
MUST_USE Err league_of_path(Ctx *c, LeagueEdition *e, LeagueBook *b);
/* Scheme's faults, traces and the like are computed in work memory of the request. */
Arena league_work(Ctx *c);
/* One unit's card out of the book, scored anew with words: its inputs may be changed by the caller before computing. */
MUST_USE Err league_unit_card(Arena *a, const LeagueBook *b, int64_t unit, SchemeCard *out);

#endif
