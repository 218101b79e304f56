/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From the texts of a package to its ranking, and a package checked from its bytes alone. */
#include "league/parts.h"

#include "base/zip.h"
#include "edition/edition.h"

#include <math.h>

/* ---- Computing ---------------------------------------------------------------------------------------------------------- */

static Err fault_err(Arena *a, Str where, const SchemeFaults *faults)
{
    Str says = faults->len ? scheme_fault_text(a, LANG_EN, &faults->at[0]) : S("not understood");
    return err_new(a, ERR_INVALID, str_join(a, (Str[]){ where, says }, 2, S(": ")));
}

static Err row_compute(Arena *a, const LeagueBook *b, const SchemeCalendar *k, SchemeWords words, const Json *entry, LeagueRow *out)
{
    SchemeCard   card;
    SchemeFaults faults = { 0 }, missing = { 0 };
    Str          id = S("");
    *out = (LeagueRow){ 0 };
    if (!json_str(json_get(entry, S("unit_id")), &id) || !str_to_i64(id, &out->unit))
        return err_new(a, ERR_INVALID, S("cards.json: a card without unit"));
    if (!scheme_card_read(a, &b->scheme, json_get(entry, S("card")), &card, &faults))
        return fault_err(a, str_concat(a, S("cards.json, unit "), id), &faults);
    out->name = card.unit;
    scheme_compute(a, &b->scheme, &card, k, words, &out->result, &missing);      /* a draft may lack points: its total is none */
    return OK;
}

Err league_compute(Arena *a, Arena work, const LeagueRules *rules, SchemeWords words, LeagueBook *b)
{
    const Json    *scheme, *cards;
    SchemeFaults   faults = { 0 };
    SchemeCalendar calendar;
    size_t         n = 0;
    TRY(scheme_calendar_load(a, &calendar));
    TRY(json_parse(a, b->scheme_text, &scheme));
    TRY(json_parse(a, b->cards_text, &cards));
    if (!scheme_read(a, work, scheme, &b->scheme, &faults))
        return fault_err(a, S("scheme.json"), &faults);
    if (!json_is(cards, JSON_ARRAY))
        return err_new(a, ERR_INVALID, S("cards.json: no list"));
    LeagueRow *rows = arena_new(a, LeagueRow, cards->len + 1);
    JSON_EACH(m, cards)
        TRY(row_compute(a, b, &calendar, words, m, &rows[n++]));
    league_rank(a, &b->scheme, rules, rows, n, &b->league);
    return OK;
}

static Err part_of(Arena *a, ZipReader *zip, const char *name, Str *out)
{
    size_t at;
    if (!zip_reader_find(zip, str_from_c(name), &at))
        return err_fmt(a, ERR_INVALID, "%s is missing", name);
    return zip_reader_load(zip, a, at, out);
}

static Err head_read(Arena *a, Str text, LeagueBook *out)
{
    const Json *json;
    int64_t     number = 0, year = 0, ms = 0;
    Str         season = S("");
    TRY(json_parse(a, text, &json));
    (void)json_str(json_get(json, S("title")), &out->title);
    (void)json_str(json_get(json, S("unit_kind")), &out->unit_kind);
    (void)json_str(json_get(json, S("label")), &out->label);
    (void)json_str(json_get(json, S("reason")), &out->reason);
    (void)json_str(json_get(json, S("program")), &out->program);
    (void)json_str(json_get(json, S("season")), &season);
    (void)json_int(json_get(json, S("edition")), &number);
    (void)json_int(json_get(json, S("year")), &year);
    (void)json_int(json_get(json, S("published_ms")), &ms);
    (void)str_to_i64(season, &out->season.v);
    out->number = (int)number;
    out->year   = (int)year;
    out->at     = (Time){ ms };
    return OK;
}

static Err book_read(Arena *a, Arena work, ZipReader *zip, SchemeWords words, LeagueBook *out)
{
    Str         head, rules_text;
    const Json *json;
    LeagueRules rules;
    *out = (LeagueBook){ 0 };
    TRY(part_of(a, zip, "edition.json", &head));
    TRY(part_of(a, zip, "rules.json", &rules_text));
    TRY(part_of(a, zip, "scheme.json", &out->scheme_text));
    TRY(part_of(a, zip, "cards.json", &out->cards_text));
    TRY(head_read(a, head, out));
    TRY(json_parse(a, rules_text, &json));
    TRY(league_rules_read(a, json, &rules));
    return league_compute(a, work, &rules, words, out);
}

Err league_open(Arena *a, Arena work, Str zip_bytes, SchemeWords words, LeagueBook *out)
{
    AUTO_ZIP zip = { 0 };
    TRY(zip_reader_open(a, zip_bytes, ZIP_LIMITS, &zip));
    return book_read(a, work, &zip, words, out);
}

/* ---- Verifying ----------------------------------------------------------------------------------------------------------- */

static bool near_cell(Str published, Str again)
{
    double x, y;
    if (str_eq(published, again))
        return true;
    return str_to_f64(published, &x) && str_to_f64(again, &y) && fabs(x - y) <= 1e-9 * fmax(1, fabs(y));
}

/* Cell by cell against what comes out again. */
static Err compare(Arena *a, ZipReader *zip, const char *name, Str again, StoreFaults *faults)
{
    Str       bytes;
    CsvTable  x, y;
    CsvLimits limits = { .rows = 2000000, .columns = 20, .cell_bytes = 8192 };
    TRY(part_of(a, zip, name, &bytes));
    TRY(csv_read(a, bytes, limits, &x));
    TRY(csv_read(a, again, limits, &y));
    if (x.len != y.len)
        *list_add(a, faults) = arena_fmt(a, "%s: %zu rows, %zu come out again", name, x.len, y.len);
    for (size_t r = 0; r < x.len && r < y.len; r++)
        for (size_t c = 0; c < x.at[r].len || c < y.at[r].len; c++)
            if (!near_cell(csv_cell(&x.at[r], c), csv_cell(&y.at[r], c)) && faults->len < 100)
                *list_add(a, faults) = arena_fmt(a, "%s:%d: column %zu does not come out again", name, x.at[r].line, c + 1);
    return OK;
}

static Err recompute(Arena *a, ZipReader *zip, LeagueVerdict *v)
{
    LeagueBook b;
    Arena      work = arena_open((size_t)1 << 28);
    Err        e    = book_read(a, work, zip, (SchemeWords){ .silent = true }, &b);
    arena_close(&work);
    if (e)
        return e;
    v->title  = b.title;
    v->number = b.number;
    if (!b.league.ranked)
        *list_add(a, &v->faults) = S("ranking.csv: nobody has a rank");
    TRY(compare(a, zip, "points.csv", league_points_csv(a, &b), &v->faults));
    return compare(a, zip, "ranking.csv", league_ranking_csv(a, &b), &v->faults);
}

Err league_verify(Arena *a, Str zip_bytes, Str pinned_key, LeagueVerdict *out)
{
    LeagueVerdict v   = { 0 };
    AUTO_ZIP      zip = { 0 };
    TRY(zip_reader_open(a, zip_bytes, ZIP_LIMITS, &zip));
    TRY(package_check(a, &zip, pinned_key, &v.fingerprint, &v.faults));
    Err e = recompute(a, &zip, &v);
    if (e)
        *list_add(a, &v.faults) = e->detail;
    v.ok = v.faults.len == 0;
    *out = v;
    return OK;
}
