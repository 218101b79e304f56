/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a season to a ranking and to its next edition: cards become the texts of the package, and those are what is computed. */
#include "league/parts.h"

#include <math.h>

Str league_path(Arena *a, const LeagueEdition *e)
{
    return arena_fmt(a, "/rankings/%lld/%d", (long long)e->season.v, e->number);
}

/* What keeps a card from being published: it is not settled, or a criterion has no points. */
static void missing_add(Arena *a, const Scheme *s, const FinalCard *x, Str unit, LeagueMissings *out)
{
    if (!x->settled)
        *list_add(a, out) = (LeagueMissing){ x->card.id, unit, S("open") };
    for (size_t i = 0; i < s->len; i++)
        if (!s->at[i].group && x->result.at[i].state == STATE_MISSING) {
            *list_add(a, out) = (LeagueMissing){ x->card.id, unit, s->at[i].code };
            return;
        }
}

static Err cards_text(Db *db, Arena *a, const Scheme *s, const Season *season, const FinalCards *cards, Str *out, LeagueMissings *missing)
{
    Buf  b  = buf_new(a, 1 << 16);
    Date on = season->calendar.until[WINDOW_COUNCIL];
    for (size_t i = 0; i < cards->len; i++) {
        Unit unit;
        TRY(unit_load(db, a, cards->at[i].card.unit, on, &unit));
        buf_fmt(&b, "%s{\"unit_id\":\"%lld\",\"code\":", i ? ",\n" : "[", (long long)unit.id.v);
        buf_json_str(&b, unit.code);
        buf_lit(&b, ",\"card\":");
        buf_add(&b, card_final_json(a, unit.name_vi, &cards->at[i].scores, &cards->at[i].verdicts));
        buf_byte(&b, '}');
        missing_add(a, s, &cards->at[i], unit.name_vi, missing);
    }
    buf_add(&b, cards->len ? S("]\n") : S("[]\n"));
    *out = buf_str(&b);
    return OK;
}

Err league_gather(Db *db, Arena *a, Arena work, const Season *s, SchemeWords words, LeagueBook *out, LeagueMissings *missing)
{
    SchemeCalendar calendar;
    FinalCards     cards;
    LeagueRules    rules;
    Scheme         scheme;
    int64_t        revision;
    *out = (LeagueBook){ .season = s->id, .year = s->year, .number = 1, .title = s->title, .unit_kind = s->unit_kind, .label = s->label };
    *missing = (LeagueMissings){ 0 };
    TRY(scheme_definition(db, a, work, s->scheme, s->scheme_version, &scheme));
    TRY(scheme_definition_text(db, a, s->scheme, s->scheme_version, &out->scheme_text));
    TRY(scheme_calendar_load(a, &calendar));
    TRY(league_rules_load(db, a, s, &rules, &revision));
    TRY(season_final(db, a, s, &scheme, &calendar, (SchemeWords){ .silent = true }, &cards));
    TRY(cards_text(db, a, &scheme, s, &cards, &out->cards_text, missing));
    return league_compute(a, work, &rules, words, out);
}

Err league_publish(Db *db, Store *store, Arena *a, const AppInfo *app, LeagueBook *b, const LeagueBook *before, PersonId by, LeagueEdition *out)
{
    Str    zip;
    Sha256 sum;
    b->program = str_concat(a, S("thuocdo "), app->version);
    *out = (LeagueEdition){ .season = b->season, .number = b->number, .year = b->year, .newest = b->number, .title = b->title, .unit_kind = b->unit_kind,
                            .label = b->label, .reason = b->reason, .units = (int64_t)b->league.ranked, .by = by, .at = b->at };
    TRY(league_package(a, app, b, before, &zip, &out->fingerprint));
    TRY(files_save(store, a, zip, &sum));
    out->package_sha   = str_hex(a, sum.at, sizeof sum.at);
    out->package_bytes = (int64_t)zip.len;
    return league_edition_add(db, a, out);
}

Err league_edition_open(Store *store, Arena *a, Arena work, const LeagueEdition *e, SchemeWords words, LeagueBook *out)
{
    Sha256 sum;
    Str    zip;
    if (!str_unhex(e->package_sha, sum.at, sizeof sum.at))
        return err_new(a, ERR_INTERNAL, S("package_sha is no SHA-256"));
    TRY(files_load(store, a, sum, &zip));
    return league_open(a, work, zip, words, out);
}

Err league_check(Db *db, Store *store, Arena *a, StoreFaults *out)
{
    LeagueEditions all;
    TRY(league_list(db, a, &all));
    for (size_t i = 0; i < all.len; i++) {
        Sha256        sum;
        Str           zip, where = league_path(a, &all.at[i]);
        LeagueVerdict v;
        Err e = str_unhex(all.at[i].package_sha, sum.at, sizeof sum.at) ? files_load(store, a, sum, &zip) : err_new(a, ERR_INVALID, S("no SHA-256"));
        if (!e)
            e = league_verify(a, zip, S(""), &v);
        if (e)
            *list_add(a, out) = str_join(a, (Str[]){ where, e->detail }, 2, S(": "));
        for (size_t k = 0; !e && k < v.faults.len; k++)
            *list_add(a, out) = str_join(a, (Str[]){ where, v.faults.at[k] }, 2, S(": "));
    }
    return OK;
}
