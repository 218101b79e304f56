/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rankings that are kept: rules of a season, editions, their packages and pages. */
#ifndef LEAGUE_STORE_H
#define LEAGUE_STORE_H

#include "league/league.h"
#include "season/final.h"

/* Everything a package says, computed through the engine from the cards in it. */
typedef struct LeagueBook {
    SeasonId season;
    int      year, number;
    Str      title, unit_kind, label, reason, program;
    Time     at;                           /* of publication; 0: a draft */
    Str      scheme_text, cards_text;      /* JSON, as the package holds them */
    Scheme   scheme;
    League   league;
} LeagueBook;

typedef struct LeagueEdition {
    int64_t  id;
    SeasonId season;
    UnitId   owner;
    int      number, year, newest;         /* newest: number of the last one of its season */
    Str      title, unit_kind, label, reason, package_sha, fingerprint;
    int64_t  units, package_bytes;
    PersonId by;
    Time     at;
} LeagueEdition;
typedef LIST(LeagueEdition) LeagueEditions;
Str league_path(Arena *a, const LeagueEdition *e);        /* "/rankings/{season}/{number}" */

/* ---- Rules (league_store.c) --------------------------------------------------------------------------------------------- */
/* Those of the season, or the default ones with revision 0. */
MUST_USE Err league_rules_load(Db *db, Arena *a, const Season *s, LeagueRules *out, int64_t *out_revision);
/* ERR_CONFLICT: changed since the revision that was seen. */
MUST_USE Err league_rules_save(Db *db, Arena *a, SeasonId season, const LeagueRules *r, int64_t seen, PersonId by, Time at);

/* ---- Editions (league_store.c) -------------------------------------------------------------------------------------------- */
MUST_USE Err league_list(Db *db, Arena *a, LeagueEditions *out);                            /* newest first */
MUST_USE Err league_of_season(Db *db, Arena *a, SeasonId season, LeagueEditions *out);      /* by number */
MUST_USE Err league_load(Db *db, Arena *a, SeasonId season, int64_t number, LeagueEdition *out);      /* number 0: the newest. ERR_NOT_FOUND */
/* The newest edition of the same owner and kind of units in the nearest earlier year. */
MUST_USE Err league_before(Db *db, Arena *a, const LeagueEdition *e, bool *out_found, LeagueEdition *out);

/* ---- From a season (gather.c) ----------------------------------------------------------------------------------------------- */
typedef struct LeagueMissing { CardId card; Str unit, why; } LeagueMissing;      /* why: "open", or the code of a criterion without points */
typedef LIST(LeagueMissing) LeagueMissings;
/* The ranking as it stands; missing: what keeps it from being published. work: another arena. */
MUST_USE Err league_gather(Db *db, Arena *a, Arena work, const Season *s, SchemeWords words, LeagueBook *out, LeagueMissings *missing);
/* Writes the next edition: package, seal, row. before: of number - 1, NULL for the first. ERR_CONFLICT: published meanwhile. */
MUST_USE Err league_publish(Db *db, Store *store, Arena *a, const AppInfo *app, LeagueBook *b, const LeagueBook *before, PersonId by, LeagueEdition *out);

/* ---- Packages (league_package.c, league_verify.c) --------------------------------------------------------------------------- */
typedef struct LeagueChange { int64_t unit; Str name, what, before, after; } LeagueChange;      /* what: "rank", "total" or the code of a leaf */
typedef LIST(LeagueChange) LeagueChanges;
LeagueChanges league_changes(Arena *a, const LeagueBook *before, const LeagueBook *now);
MUST_USE Err league_package(Arena *a, const AppInfo *app, const LeagueBook *b, const LeagueBook *before, Str *out_zip, Str *out_fingerprint);
/* Scheme and cards of b as texts, computed: b->scheme and b->league are made. ERR_INVALID says what is wrong. */
MUST_USE Err league_compute(Arena *a, Arena work, const LeagueRules *rules, SchemeWords words, LeagueBook *b);
/* From the bytes of a package. */
MUST_USE Err league_open(Arena *a, Arena work, Str zip_bytes, SchemeWords words, LeagueBook *out);
/* The package of an edition. */
MUST_USE Err league_edition_open(Store *store, Arena *a, Arena work, const LeagueEdition *e, SchemeWords words, LeagueBook *out);
typedef struct LeagueVerdict { bool ok; Str title, fingerprint; int number; StoreFaults faults; } LeagueVerdict;
/* Sums, seal, and every total, rank and point computed again from the cards. pinned_key: hex, or empty. */
MUST_USE Err league_verify(Arena *a, Str zip_bytes, Str pinned_key, LeagueVerdict *out);
/* Packages of all editions are there and hold: for `thuocdo check`. */
MUST_USE Err league_check(Db *db, Store *store, Arena *a, StoreFaults *out);

/* Fills and locks every card of an open season with made-up inputs. */
MUST_USE Err league_demo_fill(Db *db, Arena *a, const Season *season, const Scheme *s, Time at);
/* Seasons of the two years before with their editions, out of the demonstration's own scheme. */
MUST_USE Err league_demo(Db *db, Store *store, Arena *a, const AppInfo *app, Time now);

extern const Route league_public_routes[], league_report_routes[], league_console_routes[];

#endif
