/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo season …: seasons of indices from the command line. */
#include "app/app.h"
#include "season/season.h"

/* As text: ids are longer than the numbers of many readers of JSON. */
static void say_id(Cli *c, const char *key, int64_t id)
{
    say_str(c, key, arena_fmt(c->a, "%lld", (long long)id));
}

static void say_season(Cli *c, const Season *s)
{
    SeasonWindow w;
    say_open(c);
    say_id(c, "id", s->id.v);
    say_str(c, "title", s->title);
    say_int(c, "year", s->year);
    say_id(c, "owner", s->owner.v);
    say_str(c, "unit_kind", s->unit_kind);
    say_str(c, "label", s->label);
    say_id(c, "scheme", s->scheme.v);
    say_int(c, "scheme_version", s->scheme_version);
    say_int(c, "cards", s->cards);
    say_str(c, "starts", date_iso(c->a, s->calendar.starts));
    for (int i = 0; i < WINDOW_COUNT; i++)
        say_str(c, arena_c(c->a, str_concat(c->a, season_window_code((SeasonWindow)i), S("_until"))), date_iso(c->a, s->calendar.until[i]));
    say_str(c, "window", season_window_on(&s->calendar, date_of(time_now()), &w) ? season_window_code(w) : S(""));
    say_close(c);
}

static Err list_run(Cli *c, Db *db)
{
    Seasons rows;
    TRY(season_list(db, c->a, &rows));
    say_list_open(c);
    for (size_t i = 0; i < rows.len; i++)
        say_season(c, &rows.at[i]);
    say_list_close(c);
    return OK;
}

static Err cards_run(Cli *c, Db *db)
{
    Season  s;
    Cards   cards;
    int64_t id = 0;
    Date    today = date_of(time_now());
    if (!str_to_i64(cli_arg(c, 0), &id))
        return err_new(c->a, ERR_INVALID, S("a season is named by its number: see season list"));
    TRY(season_load(db, c->a, (SeasonId){ id }, &s));
    TRY(season_cards(db, c->a, s.id, &cards));
    say_list_open(c);
    for (size_t i = 0; i < cards.len; i++) {
        const Card *x = &cards.at[i];
        Unit        u;
        TRY(unit_load(db, c->a, x->unit, today, &u));
        say_open(c);
        say_id(c, "id", x->id.v);
        say_id(c, "unit", x->unit.v);
        say_str(c, "code", u.code);
        say_str(c, "name", u.name_vi);
        say_str(c, "state", card_state_code(x->state));
        say_str(c, "due", date_iso(c->a, card_due(&s, x)));
        say_str(c, "late", card_late(&s, x, today) ? S("yes") : S("no"));
        say_str(c, "changed_at", time_iso(c->a, x->changed_at));
        say_close(c);
    }
    say_list_close(c);
    return OK;
}

static Err scheme_by_code(Cli *c, Db *db, Str code, SchemeRow *out)
{
    SchemeRows rows;
    int        found = 0;
    TRY(scheme_list(db, c->a, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (str_eq(rows.at[i].code, code)) {
            *out = rows.at[i];
            found++;
        }
    if (found > 1)
        return err_new(c->a, ERR_CONFLICT, S("several owners have a scheme of this code: open the season in the console"));
    return found ? OK : err_fmt(c->a, ERR_NOT_FOUND, "no scheme of the code %.*s", STR_ARG(code));
}

static Err calendar_read(Cli *c, SeasonCalendar *k)
{
    Date starts = date_of(time_now());
    if (cli_has(c, "starts") && !date_parse(cli_option(c, "starts"), &starts))
        return err_new(c->a, ERR_INVALID, S("--starts is a day like 2026-11-22"));
    *k = season_calendar_from(starts);
    for (int w = 0; w < WINDOW_COUNT; w++) {
        const char *name = arena_c(c->a, str_concat(c->a, season_window_code((SeasonWindow)w), S("-until")));
        if (cli_has(c, name) && !date_parse(cli_option(c, name), &k->until[w]))
            return err_fmt(c->a, ERR_INVALID, "--%s is a day like 2026-11-22", name);
    }
    SeasonWindow fault = season_calendar_fault(k);
    return fault == WINDOW_COUNT ? OK : err_fmt(c->a, ERR_INVALID, "--%.*s-until lies before its window begins", STR_ARG(season_window_code(fault)));
}

static Err open_run(Cli *c, Db *db)
{
    SchemeRow row;
    Scheme    scheme;
    Units     units;
    bool      known;
    Season    s    = { .title = cli_option(c, "title"), .made_at = time_now() };
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 28);
    TRY(calendar_read(c, &s.calendar));
    TRY(scheme_by_code(c, db, cli_arg(c, 0), &row));
    TRY(scheme_definition(db, c->a, work, row.id, 0, &scheme));
    TRY(season_units(db, c->a, &row, date_of(s.made_at), &known, &units));
    if (!units.len)
        return err_new(c->a, ERR_INVALID, known ? S("the owner of the scheme has no unit of its kind below it") : S("the scheme names no known kind of units"));
    if (!s.title.len)
        s.title = row.title;
    TRY(season_open(db, c->a, &row, &units, &s));
    TRY(cli_audit(c, db, S("season.open"), S("season"), s.id.v, s.owner));
    say_season(c, &s);
    return OK;
}

static Err list_command(Cli *c) { return cli_db(c, false, list_run); }
static Err cards_command(Cli *c) { return cli_db(c, false, cards_run); }
static Err open_command(Cli *c) { return cli_db(c, true, open_run); }

const Command season_commands[] = {
    { "season list", "", "", CMD_READ, list_command, "Seasons of indices, newest first, with their calendars", "thuocdo season list --json" },
    { "season cards", "SEASON", "", CMD_READ, cards_command, "Every unit's card of a season: state, last day, who is late", "thuocdo season cards 123 --json" },
    { "season open", "SCHEME", "title=TEXT starts=DAY self-until=DAY appraisal-until=DAY explanation-until=DAY objection-until=DAY council-until=DAY",
      CMD_CHANGE, open_command, "Open a season under a scheme, named by its code: locks it and makes a card for every unit of its kind below its owner",
      "thuocdo season open PAR-T-MH-2026 --starts 2026-12-01" },
    { 0 },
};
