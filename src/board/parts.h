/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of board share; nobody else includes this. */
#ifndef BOARD_PARTS_H
#define BOARD_PARTS_H

#include "board/board.h"
#include "edition/look.h"
#include "field/field.h"
#include "indices/indices.h"
#include "view/component.h"

typedef enum BoardMode { BOARD_READ, BOARD_KIOSK, BOARD_PRINT } BoardMode;

/* A round that runs, as far as the reader may see it. */
typedef struct RunningRound {
    Round   round;
    int64_t answers;                     /* of the unit, or of everybody */
    BarRow *days; size_t day_count;      /* the last two weeks */
    Kpi     live; bool has_live;         /* in steps of several answers */
    Str     href;
    FieldSums field; FieldSum field_all; Str *field_name;    /* cases by province, those that the reader may see, and together; none: no fieldwork */
} RunningRound;

enum { YEARS_MOST = 5 };
typedef struct BoardYear { int year; const Look *look; } BoardYear;

typedef struct Board {
    Unit      unit;
    bool      nation, province;          /* else: figures of places do not tell of it */
    BoardMode mode;
    Str       here, title;               /* address without a mode */
    EditionHeadline now, before;         /* any false: there is none */
    bool      unreadable;                /* there is one, but its file is gone: the rest of the board stands all the same */
    Look      look, look_before;
    LookRank *ranks;                     /* of now, by look.provinces */
    BoardYear year[YEARS_MOST]; size_t years;            /* the edition and those of rounds before, newest first, one a year */
    StatsChange *change, *moved;         /* since before, by look.nodes (of the unit) and by look.provinces; NULL: there is none */
    PublishedValues published;           /* of the unit, or averages */
    PublishedIndices indices;
    PublishedValues averages;
    LIST(RunningRound) running;
    Choices   units, rounds;
} Board;

/* board_load.c */
MUST_USE Err board_load(Ctx *c, Board *out);
Str  board_code(const Board *b);                                            /* of the province; empty: the nation */
int  board_place(const Board *b);                                           /* of the unit in look.provinces; -1 */
BoardMode board_mode(const Ctx *c);                                          /* ?mode= */
/* The nation and the provinces within a unit, as far as the reader's right reaches. */
MUST_USE Err board_units(Ctx *c, UnitId within, UnitId chosen, Choices *out);
/* board_pages.c: no frame around it on a wall and on paper; on a wall it renews itself. */
void board_without_frame(Ctx *c, BoardMode mode);
/* board_field.c: fieldwork of a round; province 0: of every province. */
MUST_USE Err board_field(Ctx *c, const Round *r, UnitId province, RunningRound *out);
/* board_charts.c */
Kpi  board_figure_kpi(Arena *a, Str id, Str name, const Figure *f);        /* f NULL or hidden: it says so */
void board_kpis(Out *o, const Board *b);
void board_rank_map(Out *o, const Board *b, Db *db);
void board_heat(Out *o, const Board *b);
void board_slope(Out *o, const Board *b);
void board_years(Out *o, const Board *b);
void board_contents_years(Out *o, const Board *b);
void board_themes(Out *o, const Board *b);

#endif
