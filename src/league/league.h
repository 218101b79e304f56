/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rankings of a season: totals, domains, groups, ranks with their ranges, what would lift a unit. Pure: values in, values out; store.h adds
 * what is kept and published. See README.md. */
#ifndef LEAGUE_LEAGUE_H
#define LEAGUE_LEAGUE_H

#include "scheme/scheme.h"
#include "stats/sensitivity.h"

/* ---- Rules of a ranking, data of each season ----------------------------------------------------------------------- */
enum { LEAGUE_GROUPS = 10, LEAGUE_TIE_CODES = 10, LEAGUE_WITHOUT = 4000, LEAGUE_RANGES = 200, LEAGUE_DRAWS = 10000 };
/* Equal totals: shared 1 2 2 4; dense 1 2 2 3; criteria: by the points of some criteria in turn, shared when these are equal too. */
typedef enum LeagueTies { TIES_SHARED, TIES_DENSE, TIES_CRITERIA, TIES_COUNT } LeagueTies;
Str  league_ties_code(LeagueTies t);                      /* "shared" … */
bool league_ties_parse(Str code, LeagueTies *out);

typedef struct LeagueGroup { Str name; double from; } LeagueGroup;      /* from: percent of the maximum, this value included */
typedef struct LeagueRules {
    LeagueTies ties;
    StrList    by;                         /* codes, with TIES_CRITERIA */
    LIST(LeagueGroup) groups;              /* bounds falling */
    LIST(int64_t) without;                 /* units that are assessed and have no rank */
    uint64_t   seed;                       /* of the simulation of ranks */
} LeagueRules;
LeagueRules league_rules_default(Arena *a, int year);     /* shared; A from 90, B from 80, C from 70; seed: the year */
void league_rules_write(Buf *b, const LeagueRules *r);    /* JSON in one fixed form */
/* Reads it back. ERR_INVALID names what is wrong. */
MUST_USE Err league_rules_read(Arena *a, const Json *json, LeagueRules *out);
/* Place of the group that so many percent lie in; -1: below all. */
int  league_group(const LeagueRules *r, double percent);
bool league_without(const LeagueRules *r, int64_t unit);

/* ---- The ranking -------------------------------------------------------------------------------------------------------- */
typedef struct LeagueRow {
    int64_t      unit;
    Str          name;
    SchemeResult result;
    /* Made by league_rank. rank 0: without; low … high: where 90 of 100 simulated rankings put it, 0 when nothing is sampled; group -1: none. */
    int          rank, low, high, group;
} LeagueRow;
typedef struct League {
    const Scheme *scheme;
    LeagueRules   rules;
    LeagueRow    *at; size_t len;          /* by rank, then those without: by total; equal ones in the order they came */
    size_t        ranked;
    double        mean;                    /* plain mean of the totals of those ranked, full precision; NAN: none is */
    bool          ranges;                  /* low and high are there */
    int          *domain; size_t domains;  /* places of the top criteria that give points */
} League;
/* Rows with a total that is not a number, and units that the rules leave without, have no rank. The rows are put in order. Totals are equal
 * when they agree to 1e-9. */
void league_rank(Arena *keep, const Scheme *s, const LeagueRules *r, LeagueRow *rows, size_t n, League *out);

const LeagueRow *league_row(const League *l, int64_t unit);      /* NULL: it is not in it */

/* Ranks when the weights of domains move by a quarter of themselves, 1 000 runs with the seed: an entry a row; NAN without a rank. Bonus and
 * penalty stay outside, as they have no weight. */
Sensitivity league_sensitivity(Arena *keep, const League *l);

/* ---- What would lift a unit ------------------------------------------------------------------------------------------------ */
typedef struct LeagueLift { int at; double left, gain; int rank; } LeagueLift;      /* criterion; points left there, gain of the total; rank then */
typedef LIST(LeagueLift) LeagueLifts;
/* Criteria with points left, the ones that lift the rank most first, then those that gain most. rank 0: the unit has none. */
LeagueLifts league_lifts(Arena *a, const League *l, size_t row);
/* The rank of a row when its total (and nothing else) were so; 0 when it has none. */
int league_rank_with(const League *l, size_t row, const SchemeResult *then);

#endif
