/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules and editions of rankings in the database. */
#include "league/parts.h"

Err league_rules_load(Db *db, Arena *a, const Season *s, LeagueRules *out, int64_t *out_revision)
{
    const Json *json;
    AUTO_STMT   q = db_prepare(db, SQL("SELECT rules, revision FROM league_rules WHERE season_id = $1"));
    bind_int(q, 1, s->id.v);
    bool found    = db_row(q);
    Str  text     = found ? arena_str(a, col_str(q, 0)) : S("");
    *out_revision = found ? col_int(q, 1) : 0;
    TRY(db_done(q));
    if (!found) {
        *out = league_rules_default(a, s->year);
        return OK;
    }
    TRY(json_parse(a, text, &json));
    return league_rules_read(a, json, out);
}

Err league_rules_save(Db *db, Arena *a, SeasonId season, const LeagueRules *r, int64_t seen, PersonId by, Time at)
{
    Buf b = buf_new(a, 256);
    league_rules_write(&b, r);
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO league_rules (season_id, rules, revision, saved_by, saved_at) VALUES ($1, $2, 1, $4, $5) "
                                     "ON CONFLICT (season_id) DO UPDATE SET rules = $2, revision = league_rules.revision + 1, saved_by = $4, saved_at = $5 "
                                     "WHERE league_rules.revision = CAST($3 AS BIGINT)"));
    bind_int(q, 1, season.v);
    bind_str(q, 2, buf_str(&b));
    bind_int(q, 3, seen);
    bind_int(q, 4, by.v);
    bind_time(q, 5, at);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("the rules were changed meanwhile"));
}

/* ---- Editions ------------------------------------------------------------------------------------------------------------ */

#define COLUMNS "SELECT e.id, e.season_id, e.number, e.title, e.reason, e.units, e.package_sha, e.package_bytes, e.fingerprint, e.published_by, " \
                "e.published_at, s.year, s.unit_kind, s.label, s.unit_id, (SELECT MAX(n.number) FROM league_editions n WHERE n.season_id = e.season_id) " \
                "FROM league_editions e JOIN seasons s ON s.id = e.season_id "

static void row_read(Arena *a, Stmt *q, LeagueEdition *out)
{
    *out = (LeagueEdition){ .id = col_int(q, 0), .season = { col_int(q, 1) }, .number = (int)col_int(q, 2), .title = arena_str(a, col_str(q, 3)),
                            .reason = arena_str(a, col_str(q, 4)), .units = col_int(q, 5), .package_sha = arena_str(a, col_str(q, 6)),
                            .package_bytes = col_int(q, 7), .fingerprint = arena_str(a, col_str(q, 8)), .by = { col_int(q, 9) }, .at = col_time(q, 10),
                            .year = (int)col_int(q, 11), .unit_kind = arena_str(a, col_str(q, 12)), .label = arena_str(a, col_str(q, 13)),
                            .owner = { col_int(q, 14) }, .newest = (int)col_int(q, 15) };
}

static Err rows_read(Arena *a, Stmt *q, LeagueEditions *out)
{
    LeagueEditions rows = { 0 };
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err league_list(Db *db, Arena *a, LeagueEditions *out)
{
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "ORDER BY s.year DESC, e.published_at DESC, e.id DESC"));
    return rows_read(a, q, out);
}

Err league_of_season(Db *db, Arena *a, SeasonId season, LeagueEditions *out)
{
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE e.season_id = $1 ORDER BY e.number"));
    bind_int(q, 1, season.v);
    return rows_read(a, q, out);
}

static Err one_read(Arena *a, Stmt *q, bool *out_found, LeagueEdition *out)
{
    *out_found = db_row(q);
    if (*out_found)
        row_read(a, q, out);
    return db_done(q);
}

Err league_load(Db *db, Arena *a, SeasonId season, int64_t number, LeagueEdition *out)
{
    bool      found;
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE e.season_id = $1 AND (e.number = $2 OR CAST($2 AS BIGINT) = 0) ORDER BY e.number DESC LIMIT 1"));
    bind_int(q, 1, season.v);
    bind_int(q, 2, number);
    TRY(one_read(a, q, &found, out));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such edition of a ranking"));
}

Err league_before(Db *db, Arena *a, const LeagueEdition *e, bool *out_found, LeagueEdition *out)
{
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE s.unit_id = $1 AND s.unit_kind = $2 AND s.year < $3 ORDER BY s.year DESC, e.published_at DESC LIMIT 1"));
    bind_int(q, 1, e->owner.v);
    bind_str(q, 2, e->unit_kind);
    bind_int(q, 3, e->year);
    return one_read(a, q, out_found, out);
}

Err league_edition_add(Db *db, Arena *a, LeagueEdition *e)
{
    e->id       = id_new();
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO league_editions (id, season_id, number, title, reason, units, package_sha, package_bytes, fingerprint, published_by, published_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, e->id);
    bind_int(q, 2, e->season.v);
    bind_int(q, 3, e->number);
    bind_str(q, 4, e->title);
    bind_str(q, 5, e->reason);
    bind_int(q, 6, e->units);
    bind_str(q, 7, e->package_sha);
    bind_int(q, 8, e->package_bytes);
    bind_str(q, 9, e->fingerprint);
    bind_int(q, 10, e->by.v);
    bind_time(q, 11, e->at);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("an edition of that number is there by now"));
}
