/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Dashboards that leaders put together (panels): rows, rules, what their tiles say. Nobody outside board includes this. */
#ifndef BOARD_PANEL_H
#define BOARD_PANEL_H

#include "board/parts.h"

enum { PANEL_NAME_MOST = 120, PANEL_TILES_MOST = 24 };
typedef enum PanelKind { PANEL_INDEX, PANEL_RANKING, PANEL_SERVICE, PANEL_PUBLISHED, PANEL_FIELD, PANEL_KIND_COUNT } PanelKind;
Str  panel_kind_code(PanelKind k);
bool panel_kind_parse(Str code, PanelKind *out);

/* target, amber, red in the unit of the figure; NAN: none. */
typedef struct PanelTile { int64_t id; int position; PanelKind kind; Str source; UnitId unit; bool wide; double target, amber, red; } PanelTile;
typedef LIST(PanelTile) PanelTiles;
typedef struct Panel { int64_t id; UnitId unit; PersonId owner; Str name; bool shared; Time changed_at; } Panel;
typedef LIST(Panel) Panels;

/* More is better. PANEL_NONE: no value, or neither threshold nor target is set. */
typedef enum PanelState { PANEL_NONE, PANEL_MET, PANEL_FINE, PANEL_AMBER, PANEL_RED } PanelState;
PanelState panel_state(const PanelTile *t, double x);
/* Thresholds from 0 to 1000, red at most amber, amber at most the target. Empty: fine; else a key of the catalogue. */
Str panel_bounds_fault(const PanelTile *t);

/* ---- panel_store.c -------------------------------------------------------------------------------------- */
MUST_USE Err panel_list(Db *db, Arena *a, PersonId reader, Panels *out);             /* the reader's own and shared ones, by name */
MUST_USE Err panel_load(Db *db, Arena *a, int64_t id, Panel *out);                   /* ERR_NOT_FOUND */
MUST_USE Err panel_insert(Db *db, Panel *p);                                         /* id is set here */
MUST_USE Err panel_update(Db *db, const Panel *p);                                   /* name, shared, changed_at */
MUST_USE Err panel_remove(Db *db, int64_t id);
MUST_USE Err panel_tiles(Db *db, Arena *a, int64_t panel, PanelTiles *out);          /* in their order */
MUST_USE Err panel_tile_insert(Db *db, int64_t panel, PanelTile *t);
MUST_USE Err panel_tile_update(Db *db, const PanelTile *t);                          /* position, size, bounds */
MUST_USE Err panel_tile_remove(Db *db, int64_t id);

/* ---- panel_values.c: what a tile says now ------------------------------------------------------------------ */
typedef struct PanelValue {
    PanelTile tile; PanelState state;
    Str name, unit_name, from, href;     /* from: what it stands on, with its day */
    Kpi kpi;                             /* value NAN: nothing can be told, why says why */
    Str why;
} PanelValue;
typedef LIST(PanelValue) PanelValues;
typedef struct PanelPage {
    Panel p; Unit unit; BoardMode mode; Str here, edit_href, remove_href, token, owner; bool mine, simulated;
    PanelValues values; EditionHeadline head; PublishedIndices indices;      /* what tiles read */
    FieldErrors errors; int64_t wrong;   /* wrong: tile whose bounds are wrong, -1 the new one */
    Choices kinds, units; Str name; bool shared;
    Str typed[3];                        /* target, amber, red of the wrong one */
} PanelPage;
MUST_USE Err panel_values(Ctx *c, PanelPage *v);
/* What can be put on a panel: kind, or kind and source ("published:PAR"). */
MUST_USE Err panel_kinds(Ctx *c, PanelPage *v, Str chosen);

typedef struct PanelRow { Panel p; Str unit, owner, href; bool mine; } PanelRow;
typedef struct PanelList { LIST(PanelRow) rows; } PanelList;
typedef struct PanelNew { Str name, token; bool shared; Choices units; FieldErrors errors; } PanelNew;

#endif
