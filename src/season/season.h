/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Seasons of indices: one scheme, the units scored under it, a calendar of windows, a card a unit with its state and timeline. */
#ifndef SEASON_SEASON_H
#define SEASON_SEASON_H

#include "scheme/store.h"

typedef struct SeasonId { int64_t v; } SeasonId;
typedef struct CardId { int64_t v; } CardId;

/* ---- The calendar (window.c): five windows, one after the other ------------------------------------------------- */
typedef enum SeasonWindow { WINDOW_SELF, WINDOW_APPRAISAL, WINDOW_EXPLANATION, WINDOW_OBJECTION, WINDOW_COUNCIL, WINDOW_COUNT } SeasonWindow;
/* starts: the first day of the first window; until: the last day of each. The next one begins the day after. */
typedef struct SeasonCalendar { Date starts, until[WINDOW_COUNT]; } SeasonCalendar;
Str  season_window_code(SeasonWindow w);                               /* "self" … */
Date season_window_from(const SeasonCalendar *c, SeasonWindow w);
/* The first window that ends before it began or not at all; WINDOW_COUNT: the calendar is good. A missing first day is a fault of the first. */
SeasonWindow season_calendar_fault(const SeasonCalendar *c);
/* The window that a day lies in; false before the first and after the last. */
bool season_window_on(const SeasonCalendar *c, Date on, SeasonWindow *out);
/* A calendar to begin with: 30, 30, 15, 15 and 15 days. */
SeasonCalendar season_calendar_from(Date starts);

/* ---- States of cards, and the table of steps (machine.c) --------------------------------------------------------- */
/* submitted: first round of appraisal; explaining: the unit explains what was asked; second: the second round; appraised: points are told, the unit
 * may object once; objected: before the council; settled: points are final; locked: for good. */
typedef enum CardState {
    CARD_DRAFT, CARD_SUBMITTED, CARD_EXPLAINING, CARD_SECOND, CARD_APPRAISED, CARD_OBJECTED, CARD_SETTLED, CARD_LOCKED, CARD_WITHDRAWN, CARD_STATE_COUNT
} CardState;
typedef enum CardStep {
    CARD_STEP_SIGN, CARD_STEP_ASK, CARD_STEP_ANSWER, CARD_STEP_CLOSE, CARD_STEP_ANNOUNCE, CARD_STEP_ACCEPT, CARD_STEP_OBJECT, CARD_STEP_SETTLE, CARD_STEP_LOCK,
    CARD_STEP_RETURN, CARD_STEP_WITHDRAW, CARD_STEP_REJOIN, CARD_STEP_COUNT
} CardStep;
Str  card_state_code(CardState s);                                     /* "draft" … */
bool card_state_parse(Str code, CardState *out);
Str  card_step_code(CardStep s);                                       /* "withdraw" … */
/* The window that a card in this state has to be done in; WINDOW_COUNT: nothing is waited for. */
SeasonWindow card_state_window(CardState s);

typedef struct CardRule {
    CardState to;
    Right     right;                       /* held on the season's owner, or with of_unit on the card's unit by somebody who works there */
    bool      of_unit, reason;             /* reason: has to be given */
} CardRule;
/* The rule of a step from a state; NULL: no such step there. */
const CardRule *card_rule(CardState from, CardStep step);

#define SEASON_FOUR_EYES 0.5               /* of a new season */

/* ---- What is kept (season_store.c, card_store.c) -------------------------------------------------------------------- */
typedef struct Season {
    SeasonId id;
    UnitId   owner;                        /* who owns the scheme: the nation, or a province for what lies below it */
    SchemeId scheme;
    int64_t  scheme_version;               /* as it was locked at the opening */
    Str      title, unit_kind, label;      /* label: "minh họa" on demonstrations */
    int      year;
    SeasonCalendar calendar;
    double   four_eyes;                    /* a change of so many points waits for a second appraiser */
    PersonId made_by;
    Time     made_at;
    int64_t  cards;
} Season;
typedef LIST(Season) Seasons;

typedef struct Card {
    CardId    id;
    SeasonId  season;
    UnitId    unit;
    CardState state;
    Date      extended;                    /* the last day for this card in the window of its state; DATE_NONE: as the calendar says */
    Time      changed_at;                  /* of the last step */
} Card;
typedef LIST(Card) Cards;
/* The last day for a card in its state; DATE_NONE: nothing is waited for. */
Date card_due(const Season *s, const Card *card);
bool card_late(const Season *s, const Card *card, Date on);

/* One line of a timeline. step: of card_step_code, "open" or "extend". */
typedef struct CardEvent { Str step, reason; CardState to; Date until; PersonId by; Time at; } CardEvent;
typedef LIST(CardEvent) CardEvents;

/* Units that a season of the scheme has: those of its kind right below its owner. False: the scheme names no kind of units that the tree knows. */
MUST_USE Err season_units(Db *db, Arena *a, const SchemeRow *scheme, Date on, bool *out_known, Units *out);
/* Locks the scheme where it is open; a card a unit. s->id and counts are written. */
MUST_USE Err season_open(Db *db, Arena *a, const SchemeRow *scheme, const Units *units, Season *s);
MUST_USE Err season_list(Db *db, Arena *a, Seasons *out);              /* newest first */
MUST_USE Err season_load(Db *db, Arena *a, SeasonId id, Season *out);  /* ERR_NOT_FOUND */
MUST_USE Err season_cards(Db *db, Arena *a, SeasonId id, Cards *out);  /* in the order of the opening: Vietnamese order of names */
MUST_USE Err card_load(Db *db, Arena *a, CardId id, Card *out);        /* ERR_NOT_FOUND */
MUST_USE Err card_events(Db *db, Arena *a, CardId id, CardEvents *out);/* oldest first */
/* ERR_CONFLICT: another step was faster. The extension ends with the state. card is brought up to date. */
MUST_USE Err card_step(Db *db, Arena *a, Card *card, CardStep step, Str reason, PersonId by, Time at);
MUST_USE Err card_extend(Db *db, Arena *a, Card *card, Date until, Str reason, PersonId by, Time at);

/* A running national season of the shipped demonstration scheme for provinces, with a few steps done. */
MUST_USE Err season_demo(Db *db, Store *store, Arena *a, Time now);

/* Reminders that are due (remind.c): working days before the last day of each card; each once, from seven in the morning. In a write transaction. */
MUST_USE Err season_remind(Db *db, Arena *a, const SchemeCalendar *k, Time now, int64_t *out_reminded);

extern const Route season_routes[];

#endif
