/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cards of a season and their timelines in the database. A step changes the state and adds its line in one transaction. */
#include "season/parts.h"
#include "season/remind.h"
#include "season/verdicts.h"

#define COLUMNS "SELECT id, season_id, unit_id, state, extended_until, changed_at FROM season_cards "

static Err row_read(Arena *a, Stmt *q, Card *out)
{
    *out = (Card){ .id = { col_int(q, 0) }, .season = { col_int(q, 1) }, .unit = { col_int(q, 2) }, .extended = col_date(q, 4), .changed_at = col_time(q, 5) };
    if (!card_state_parse(col_str(q, 3), &out->state))
        return err_new(a, ERR_INTERNAL, S("a card in a state that this version does not know"));
    return OK;
}

Err season_cards(Db *db, Arena *a, SeasonId id, Cards *out)
{
    Cards     rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(COLUMNS "WHERE season_id = $1 ORDER BY id"));
    bind_int(q, 1, id.v);
    while (db_row(q))
        TRY(row_read(a, q, list_add(a, &rows)));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err card_load(Db *db, Arena *a, CardId id, Card *out)
{
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found)
        TRY(row_read(a, q, out));
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such card"));
}

Err card_events(Db *db, Arena *a, CardId id, CardEvents *out)
{
    CardEvents rows = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL("SELECT step, reason, to_state, until_day, made_by, made_at FROM season_events WHERE card_id = $1 ORDER BY id"));
    bind_int(q, 1, id.v);
    while (db_row(q)) {
        CardEvent x = { .step = arena_str(a, col_str(q, 0)), .reason = arena_str(a, col_str(q, 1)), .until = col_date(q, 3), .by = { col_int(q, 4) },
                        .at = col_time(q, 5) };
        if (!card_state_parse(col_str(q, 2), &x.to))
            return err_new(a, ERR_INTERNAL, S("a card in a state that this version does not know"));
        *list_add(a, &rows) = x;
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err event_add(Db *db, const Card *card, Str step, Str reason, Date until, PersonId by, Time at)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO season_events (id, card_id, step, to_state, until_day, reason, made_by, made_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    bind_int(q, 1, id_new());
    bind_int(q, 2, card->id.v);
    bind_str(q, 3, step);
    bind_str(q, 4, card_state_code(card->state));
    bind_date(q, 5, until);
    bind_str(q, 6, reason);
    bind_int(q, 7, by.v);
    bind_time(q, 8, at);
    return db_run(q);
}

Err card_add(Db *db, Arena *a, Card *card, PersonId by)
{
    (void)a;
    card->id.v  = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO season_cards (id, season_id, unit_id, state, changed_at) VALUES ($1, $2, $3, $4, $5)"));
    bind_int(q, 1, card->id.v);
    bind_int(q, 2, card->season.v);
    bind_int(q, 3, card->unit.v);
    bind_str(q, 4, card_state_code(card->state));
    bind_time(q, 5, card->changed_at);
    TRY(db_run(q));
    return event_add(db, card, S("open"), S(""), DATE_NONE, by, card->changed_at);
}

Err card_step(Db *db, Arena *a, Card *card, CardStep step, Str reason, PersonId by, Time at)
{
    const CardRule *rule = card_rule(card->state, step);
    if (!rule)
        return err_new(a, ERR_CONFLICT, S("no such step from the card's state"));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE season_cards SET state = $2, extended_until = NULL, changed_at = $3 WHERE id = $1 AND state = $4"));
    bind_int(q, 1, card->id.v);
    bind_str(q, 2, card_state_code(rule->to));
    bind_time(q, 3, at);
    bind_str(q, 4, card_state_code(card->state));
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(a, ERR_CONFLICT, S("the card is in another state by now"));
    card->state      = rule->to;
    card->extended   = DATE_NONE;
    card->changed_at = at;
    if (step == CARD_STEP_REJOIN)
        TRY(card_objections_reopen(db, card->id));
    return event_add(db, card, card_step_code(step), reason, DATE_NONE, by, at);
}

Err card_extend(Db *db, Arena *a, Card *card, Date until, Str reason, PersonId by, Time at)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE season_cards SET extended_until = $2 WHERE id = $1 AND state = $3"));
    bind_int(q, 1, card->id.v);
    bind_date(q, 2, until);
    bind_str(q, 3, card_state_code(card->state));
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(a, ERR_CONFLICT, S("the card is in another state by now"));
    card->extended = until;
    return event_add(db, card, S("extend"), reason, until, by, at);
}

Err card_reminded_add(Db *db, const Card *card, Str step, Date until, PersonId by, Time at)
{
    return event_add(db, card, step, S(""), until, by, at);
}

Err season_reminded(Db *db, Arena *a, SeasonId season, RemindedList *out)
{
    RemindedList rows = { 0 };
    AUTO_STMT    q    = db_prepare(db, SQL("SELECT e.card_id, e.step, e.until_day, e.made_by, e.made_at "
                                           "FROM season_events e JOIN season_cards k ON k.id = e.card_id "
                                           "WHERE k.season_id = $1 AND e.step LIKE 'remind%' ORDER BY e.id"));
    bind_int(q, 1, season.v);
    while (db_row(q))
        *list_add(a, &rows) = (Reminded){ .card = { col_int(q, 0) }, .step = arena_str(a, col_str(q, 1)), .until = col_date(q, 2), .by = { col_int(q, 3) },
                                          .at = col_time(q, 4) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}
