/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The two years before in the demonstration: the shipped scheme for provinces, scored, settled and published, the later one twice, the second
 * time with a correction. */
#include "league/parts.h"

#include "season/inputs.h"

#include <math.h>

enum { DEMO_YEAR_DAYS = 330, DEMO_PUBLISHED_DAYS = 200, DEMO_YEARS = 2 };

/* How good a unit is in a criterion, 0.81 … 1.04, the same each time; so many years back it was a little better or worse. */
static double share_of(size_t unit, size_t at, int back)
{
    uint32_t x = (uint32_t)(unit * 2654435761u) ^ (uint32_t)(at * 40503u + 977u);
    x ^= x >> 13;
    x *= 0x5bd1e995u;
    x ^= x >> 15;
    return 0.81 + 0.005 * (double)(unit * 13 % 34) + 0.06 * (double)(x % 1000) / 1000 + 0.006 * back * ((double)(unit * 5 % 9) - 5);
}

static Err leaf_demo(Db *db, Arena *a, const Season *season, const SchemeCriterion *x, const Card *card, double share, int64_t seen, Time at)
{
    bool      hand = x->rule.kind == RULE_MANUAL;
    CardScore said = { .code = x->code, .inputs = hand ? S("{}") : season_demo_inputs(a, x, share), .manual = hand ? round(x->max * share * 4) / 4 : NAN,
                       .points = NAN, .note = S("Số liệu mô phỏng để minh họa"), .at = at };
    if (season_leaf_own(x))
        return card_score_save(db, a, card->id, &said, seen);
    SeasonInput given = { card->unit, said };
    return season_input_save(db, a, season->id, &given, seen);
}

static Err fill(Db *db, Arena *a, const Season *season, const Scheme *s, int back, Time at)
{
    static const CardStep path[] = { CARD_STEP_SIGN, CARD_STEP_ANNOUNCE, CARD_STEP_SETTLE, CARD_STEP_LOCK };
    Cards cards;
    TRY(season_cards(db, a, season->id, &cards));
    for (size_t u = 0; u < cards.len; u++) {
        for (size_t i = 0; i < s->len; i++)
            if (!s->at[i].group)
                TRY(leaf_demo(db, a, season, &s->at[i], &cards.at[u], fmin(1, share_of(u, i, back)), 0, at));
        for (size_t k = 0; k < COUNT_OF(path); k++)
            TRY(card_step(db, a, &cards.at[u], path[k], S(""), (PersonId){ 0 }, at));
    }
    return OK;
}

Err league_demo_fill(Db *db, Arena *a, const Season *season, const Scheme *s, Time at)
{
    return fill(db, a, season, s, 0, at);
}

/* The shipped scheme for provinces as it stood so many years before. */
static Err scheme_before(Db *db, Arena *a, Arena work, const SchemeRow *row, int back, Time at, SchemeRow *out, Scheme *s)
{
    *out = (SchemeRow){ .unit = row->unit, .copied_from = row->id, .made_at = at };
    TRY(scheme_definition(db, a, work, row->id, 0, s));
    scheme_for_year(a, s, row->year - back);
    return scheme_save(db, a, s, S(""), out);
}

static Err publish(Db *db, Store *store, Arena *a, Arena work, const AppInfo *app, const Season *s, LeagueBook *now, const LeagueBook *before,
                   Str reason, Time at)
{
    LeagueMissings missing;
    LeagueEdition  e;
    TRY(league_gather(db, a, work, s, (SchemeWords){ .silent = true }, now, &missing));
    if (missing.len)
        return err_fmt(a, ERR_INTERNAL, "the demonstration leaves %.*s of %.*s open", STR_ARG(missing.at[0].why), STR_ARG(missing.at[0].unit));
    now->number = before ? before->number + 1 : 1;
    now->reason = reason;
    now->at     = at;
    return league_publish(db, store, a, app, now, before, (PersonId){ 0 }, &e);
}

typedef struct DemoYear { Season s; Scheme scheme; Time published; LeagueBook first; } DemoYear;

/* A season of that year with every card locked, and its first edition. */
static Err year_run(Db *db, Store *store, Arena *a, Arena work, const AppInfo *app, const SchemeRow *shipped, int back, Time now, DemoYear *y)
{
    SchemeRow row;
    Units     units;
    bool      known;
    int64_t   years  = (int64_t)(back - 1) * 365;
    Time      opened = { now.ms - (DEMO_YEAR_DAYS + years) * MS_DAY };
    y->published.ms  = now.ms - (DEMO_PUBLISHED_DAYS + years) * MS_DAY;
    TRY(scheme_before(db, a, work, shipped, back, opened, &row, &y->scheme));
    y->s = (Season){ .title = arena_fmt(a, "PAR INDEX các tỉnh, thành phố năm %d (minh họa)", y->scheme.year), .made_at = opened,
                     .calendar = season_calendar_from(date_of(opened)) };
    TRY(season_units(db, a, &row, date_of(now), &known, &units));
    TRY(season_open(db, a, &row, &units, &y->s));
    TRY(fill(db, a, &y->s, &y->scheme, back - 1, (Time){ y->published.ms - 10 * MS_DAY }));
    return publish(db, store, a, work, app, &y->s, &y->first, NULL, S(""), y->published);
}

static Err demo_run(Db *db, Store *store, Arena *a, Arena work, const AppInfo *app, const SchemeRow *shipped, Time now)
{
    DemoYear   y = { 0 };
    Cards      cards;
    LeagueBook second;
    for (int back = DEMO_YEARS; back > 0; back--)
        TRY(year_run(db, store, a, work, app, shipped, back, now, &y));
    TRY(season_cards(db, a, y.s.id, &cards));
    for (size_t i = 0; i < y.scheme.len && cards.len > 4; i++)
        if (!y.scheme.at[i].group && season_leaf_own(&y.scheme.at[i]) && y.scheme.at[i].rule.kind == RULE_PROPORTIONAL) {
            TRY(leaf_demo(db, a, &y.s, &y.scheme.at[i], &cards.at[4], 0.71, 1, y.published));
            break;
        }
    return publish(db, store, a, work, app, &y.s, &second, &y.first, S("Minh họa: một đơn vị báo lại số liệu đã đính chính"),
                   (Time){ y.published.ms + 21 * MS_DAY });
}

Err league_demo(Db *db, Store *store, Arena *a, const AppInfo *app, Time now)
{
    SchemeRows schemes;
    TRY(scheme_list(db, a, &schemes));
    for (size_t i = 0; i < schemes.len; i++)
        if (schemes.at[i].unit.v == UNIT_ROOT && str_eq(schemes.at[i].unit_kind, S("province"))) {
            Arena work = arena_open((size_t)1 << 28);
            Err   e    = demo_run(db, store, a, work, app, &schemes.at[i], now);
            arena_close(&work);
            return e;
        }
    return OK;
}
