/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of season share. */
#ifndef SEASON_PARTS_H
#define SEASON_PARTS_H

#include "season/season.h"
#include "view/component.h"

/* card_store.c: a new card with the first line of its timeline. card->id is written. */
MUST_USE Err card_add(Db *db, Arena *a, Card *card, PersonId by);

/* ---- Views --------------------------------------------------------------------------------------------------------- */
typedef struct SeasonLine { const Season *s; Str href, owner, kind, window, cards; } SeasonLine;
typedef struct SeasonsListView { LIST(SeasonLine) lines; bool may_open; } SeasonsListView;

typedef struct SeasonNewView {
    FieldErrors errors;
    Choices     schemes;
    Str         token, title;
    TypedDate   starts, until[WINDOW_COUNT];
} SeasonNewView;

typedef struct CardTag { TagKind kind; Icon icon; Str label; } CardTag;
typedef struct CardLine { Str unit, href, due, changed, done, reminded; double share; CardTag state; bool late, extended; } CardLine;
typedef struct SeasonDeskView {
    const Season *s;
    Str  owner, base, inputs_href, appraisers_href, remind_href, ranking_href, scheme_href, scheme_title, says;
    LIST(StepItem) windows;
    LIST(SummaryRow) facts;
    LIST(CountItem) counts;
    LIST(CardLine) lines;
    LIST(TabItem) chips;
    int64_t own;                            /* criteria left to each unit */
    bool whole;                             /* the reader sees every unit */
} SeasonDeskView;

typedef struct CardView {
    const Season *s;
    const Card   *card;
    Str  unit, base, season_href, title;
    CardTag state;
    bool late;
    LIST(SummaryRow) facts;
    LIST(TimelineItem) events;
    LIST(Button) acts;
    const struct CardSheet *sheet;
    const StepItem *bar; size_t bars;
} CardView;

typedef struct CardExtendView { const CardView *card; FieldErrors errors; Str token, action, lead, reason; TypedDate until; } CardExtendView;

/* season_pages.c */
Str  season_base(Ctx *c, SeasonId id);
Str  card_base(Ctx *c, CardId id);
Str  card_path(Arena *a, CardId id);     /* the same */
CardTag card_tag(Ctx *c, CardState s);
Arena season_work(Ctx *c);               /* work.c: room to read a scheme, out of the request's own memory */
void season_crumbs(Ctx *c, const Season *s, const Card *card, Str here);
/* The card of the path and its season, for who holds the right on the card's unit. */
MUST_USE Err card_of_path(Ctx *c, Right right, Season *s, Card *card);

MUST_USE Err season_new_page(Ctx *c);
MUST_USE Err season_new_action(Ctx *c);
MUST_USE Err card_page(Ctx *c);
MUST_USE Err card_extend_page(Ctx *c);
MUST_USE Err card_extend_action(Ctx *c);
MUST_USE Err card_step_page(Ctx *c);
MUST_USE Err card_step_action(Ctx *c);

#endif
