/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of panels and their tiles. */
#include "board/panel.h"

#define PANEL_COLUMNS "SELECT id, unit_id, owner, name, shared, changed_at FROM panels "

static void read_panel(Stmt *q, Arena *a, Panel *out)
{
    *out = (Panel){ .id = col_int(q, 0), .unit = { col_int(q, 1) }, .owner = { col_int(q, 2) }, .name = arena_str(a, col_str(q, 3)),
                    .shared = col_int(q, 4) != 0, .changed_at = col_time(q, 5) };
}

Err panel_list(Db *db, Arena *a, PersonId reader, Panels *out)
{
    Panels list = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(PANEL_COLUMNS "WHERE owner = $1 OR shared = 1 ORDER BY name, id"));
    bind_int(q, 1, reader.v);
    while (db_row(q))
        read_panel(q, a, list_add(a, &list));
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err panel_load(Db *db, Arena *a, int64_t id, Panel *out)
{
    AUTO_STMT q = db_prepare(db, SQL(PANEL_COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        read_panel(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("panel"));
}

Err panel_insert(Db *db, Panel *p)
{
    p->id = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO panels (id, unit_id, owner, name, shared, changed_at) VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_int(q, 1, p->id);
    bind_int(q, 2, p->unit.v);
    bind_int(q, 3, p->owner.v);
    bind_str(q, 4, p->name);
    bind_int(q, 5, p->shared);
    bind_time(q, 6, p->changed_at);
    return db_run(q);
}

Err panel_update(Db *db, const Panel *p)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE panels SET name = $1, shared = $2, changed_at = $3 WHERE id = $4"));
    bind_str(q, 1, p->name);
    bind_int(q, 2, p->shared);
    bind_time(q, 3, p->changed_at);
    bind_int(q, 4, p->id);
    return db_run(q);
}

Err panel_remove(Db *db, int64_t id)
{
    AUTO_STMT tiles = db_prepare(db, SQL("DELETE FROM panel_tiles WHERE panel_id = $1"));
    bind_int(tiles, 1, id);
    TRY(db_run(tiles));
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM panels WHERE id = $1"));
    bind_int(q, 1, id);
    return db_run(q);
}

Err panel_tiles(Db *db, Arena *a, int64_t panel, PanelTiles *out)
{
    PanelTiles list = { 0 };
    AUTO_STMT  q = db_prepare(db, SQL("SELECT id, position, kind, source, unit_id, wide, target, amber, red FROM panel_tiles WHERE panel_id = $1 "
                                      "ORDER BY position, id"));
    bind_int(q, 1, panel);
    while (db_row(q)) {
        PanelTile *t = list_add(a, &list);
        *t = (PanelTile){ .id = col_int(q, 0), .position = (int)col_int(q, 1), .source = arena_str(a, col_str(q, 3)), .unit = { col_int(q, 4) },
                          .wide = col_int(q, 5) != 0, .target = col_real(q, 6), .amber = col_real(q, 7), .red = col_real(q, 8) };
        (void)panel_kind_parse(col_str(q, 2), &t->kind);
    }
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err panel_tile_insert(Db *db, int64_t panel, PanelTile *t)
{
    t->id = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO panel_tiles (id, panel_id, position, kind, source, unit_id, wide, target, amber, red) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    bind_int(q, 1, t->id);
    bind_int(q, 2, panel);
    bind_int(q, 3, t->position);
    bind_str(q, 4, panel_kind_code(t->kind));
    bind_str(q, 5, t->source);
    bind_int(q, 6, t->unit.v);
    bind_int(q, 7, t->wide);
    bind_real(q, 8, t->target);
    bind_real(q, 9, t->amber);
    bind_real(q, 10, t->red);
    return db_run(q);
}

Err panel_tile_update(Db *db, const PanelTile *t)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE panel_tiles SET position = $1, wide = $2, target = $3, amber = $4, red = $5 WHERE id = $6"));
    bind_int(q, 1, t->position);
    bind_int(q, 2, t->wide);
    bind_real(q, 3, t->target);
    bind_real(q, 4, t->amber);
    bind_real(q, 5, t->red);
    bind_int(q, 6, t->id);
    return db_run(q);
}

Err panel_tile_remove(Db *db, int64_t id)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM panel_tiles WHERE id = $1"));
    bind_int(q, 1, id);
    return db_run(q);
}
