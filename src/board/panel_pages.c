/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* /console/boards: dashboards that leaders put together. Whose it is changes it; a shared one is seen by whoever may read dashboards of its unit. */
#include "board/panel.h"

#include "panel_page.html.h"

#include <math.h>

static Str panel_path(Arena *a, int64_t id, const char *rest)
{
    return arena_fmt(a, "/console/boards/%lld%s", (long long)id, rest);
}

static void crumbs(Ctx *c, const Panel *p)
{
    page_crumb(c, text_of(c->lang, "web.nav.console.board"), S("/console/board"));
    page_crumb(c, text_of(c->lang, "panel.title"), p ? S("/console/boards") : S(""));
    if (p)
        page_crumb(c, p->name, S(""));
}

/* ---- List and making --------------------------------------------------------------------------------------------------- */

static Err list_page(Ctx *c)
{
    Panels     all;
    PanelList  v = { 0 };
    RightScope scope;
    TRY(panel_list(c->db, c->arena, c->session.person, &all));
    TRY(right_scope(c, RIGHT_BOARD_READ, &scope));
    for (size_t i = 0; i < all.len; i++)
        if (scope_has(&scope, all.at[i].unit))
            *list_add(c->arena, &v.rows) = (PanelRow){ .p = all.at[i], .unit = unit_name_today(c, all.at[i].unit), .owner = person_name_of(c, all.at[i].owner),
                .href = panel_path(c->arena, all.at[i].id, ""), .mine = all.at[i].owner.v == c->session.person.v };
    crumbs(c, NULL);
    Out o = page_begin(c, text_of(c->lang, "panel.title"));
    panel_list_view(&o, &v);
    return page_end(c, &o);
}

static void name_check(Ctx *c, Str name, FieldErrors *errors)
{
    if (!name.len)
        field_error(c, errors, S("name"), text_of(c->lang, "panel.error.name"));
    else if (utf8_count(name) > PANEL_NAME_MOST)
        field_error(c, errors, S("name"), text_fmt(c->arena, c->lang, "panel.error.long", ARG_N("n", PANEL_NAME_MOST)));
}

static Err show_new(Ctx *c, PanelNew *v, UnitId chosen, int status)
{
    v->token = form_token(c);
    TRY(board_units(c, (UnitId){ UNIT_ROOT }, chosen, &v->units));
    crumbs(c, NULL);
    Out o = page_begin(c, text_of(c->lang, "panel.new"));
    panel_new_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err new_page(Ctx *c)
{
    return show_new(c, &(PanelNew){ 0 }, (UnitId){ query_int(c, "unit", 0) }, 200);
}

static Err audit_panel(Ctx *c, Str act, const Panel *p)
{
    return audit_add(c, act, S("panel"), p->id, p->unit, arena_fmt(c->arena, "{\"shared\":%s}", p->shared ? "true" : "false"));
}

static Err new_action(Ctx *c)
{
    PanelNew v = { .name = form_str(c, "name"), .shared = form_has(c, "shared") };
    int64_t  unit = 0;
    name_check(c, v.name, &v.errors);
    if (!str_to_i64(form_str(c, "unit"), &unit))
        field_error(c, &v.errors, S("unit"), text_of(c->lang, "panel.error.unit"));
    if (v.errors.len)
        return show_new(c, &v, (UnitId){ unit }, 422);
    TRY(right_need(c, RIGHT_BOARD_READ, (UnitId){ unit }));
    Panel p = { .unit = { unit }, .owner = c->session.person, .name = v.name, .shared = v.shared, .changed_at = c->now };
    TRY(panel_insert(c->db, &p));
    TRY(audit_panel(c, S("panel.make"), &p));
    return redirect_notice(c, panel_path(c->arena, p.id, "/edit"), NOTICE_OK, text_of(c->lang, "panel.made"));
}

/* ---- One panel ------------------------------------------------------------------------------------------------------------ */

/* The panel of {id} when the reader may see it. */
static Err panel_of(Ctx *c, PanelPage *v)
{
    *v = (PanelPage){ 0 };
    TRY(panel_load(c->db, c->arena, path_int(c, "id"), &v->p));
    TRY(right_need(c, RIGHT_BOARD_READ, v->p.unit));
    TRY(unit_load(c->db, c->arena, v->p.unit, c->today, &v->unit));
    v->mine = v->p.owner.v == c->session.person.v;
    if (!v->mine && !v->p.shared)
        return err_new(c->arena, ERR_NOT_FOUND, S("panel"));
    v->here        = panel_path(c->arena, v->p.id, "");
    v->edit_href   = panel_path(c->arena, v->p.id, "/edit");
    v->remove_href = panel_path(c->arena, v->p.id, "/remove");
    v->owner       = person_name_of(c, v->p.owner);
    v->mode        = board_mode(c);
    return OK;
}

/* A shared panel is changed by its owner alone: others are told so beside it. */
static Err not_mine(Ctx *c, const PanelPage *v)
{
    return redirect_notice(c, v->here, NOTICE_WARN, text_fmt(c->arena, c->lang, "panel.error.owner", ARG_S("owner", v->owner)));
}

static Err panel_page(Ctx *c)
{
    PanelPage v;
    TRY(panel_of(c, &v));
    TRY(panel_values(c, &v));
    c->page.simulated = v.simulated;
    crumbs(c, &v.p);
    Out o = page_begin(c, v.p.name);
    panel_head_view(&o, &v);
    for (size_t i = 0; i < v.values.len; i++) {
        const PanelValue *x = &v.values.at[i];
        panel_tile_view(&o, x);
        if (x->tile.kind == PANEL_RANKING && !x->why.len) {
            Unit u;
            TRY(unit_load(c->db, c->arena, x->tile.unit, c->today, &u));
            edition_rank(&o, c->db, &v.head, u.kind == UNIT_PROVINCE ? u.code : S(""));
        }
        panel_tile_end_view(&o, x);
    }
    panel_foot_view(&o, &v);
    if (v.mode != BOARD_READ)
        board_without_frame(c, v.mode);
    return page_end(c, &o);
}

static Err show_edit(Ctx *c, PanelPage *v, Str kind, int status)
{
    v->token = form_token(c);
    TRY(panel_values(c, v));
    TRY(panel_kinds(c, v, kind));
    TRY(board_units(c, v->unit.kind == UNIT_NATION ? (UnitId){ UNIT_ROOT } : v->unit.id, v->p.unit, &v->units));
    crumbs(c, &v->p);
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "panel.edit.title", ARG_S("name", v->p.name)));
    panel_edit_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err edit_page(Ctx *c)
{
    PanelPage v;
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    v.name   = v.p.name;
    v.shared = v.p.shared;
    return show_edit(c, &v, S(""), 200);
}

static Err changed(Ctx *c, Panel *p, const char *key)
{
    p->changed_at = c->now;
    TRY(panel_update(c->db, p));
    TRY(audit_panel(c, S("panel.change"), p));
    return redirect_notice(c, panel_path(c->arena, p->id, "/edit"), NOTICE_OK, text_find(c->lang, str_from_c(key)));
}

static Err edit_action(Ctx *c)
{
    PanelPage v;
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    v.name   = form_str(c, "name");
    v.shared = form_has(c, "shared");
    name_check(c, v.name, &v.errors);
    if (v.errors.len)
        return show_edit(c, &v, S(""), 422);
    v.p.name   = v.name;
    v.p.shared = v.shared;
    return changed(c, &v.p, "panel.saved");
}

/* ---- Tiles ------------------------------------------------------------------------------------------------------------------- */

static bool bound_typed(Ctx *c, const char *name, Str *typed, double *out)
{
    *typed = form_str(c, name);
    *out   = NAN;
    return !typed->len || real_parse_typed(c->lang, *typed, out);
}

/* Size and bounds as typed; a fault stands at the target. */
static void read_bounds(Ctx *c, PanelPage *v, PanelTile *t)
{
    bool numbers = bound_typed(c, "target", &v->typed[0], &t->target) & bound_typed(c, "amber", &v->typed[1], &t->amber) &
                   bound_typed(c, "red", &v->typed[2], &t->red);
    Str  fault   = numbers ? panel_bounds_fault(t) : S("panel.error.number");
    t->wide = str_eq(form_str(c, "size"), S("wide"));
    if (fault.len)
        field_error(c, &v->errors, arena_fmt(c->arena, "target-%lld", (long long)(v->wrong > 0 ? v->wrong : 0)), text_find(c->lang, fault));
}

static Err source_check(Ctx *c, PanelPage *v, Str what, PanelTile *t)
{
    StrPair part = str_cut(what, ':');
    bool    offered = false;
    TRY(published_indices(c->db, c->arena, &v->indices));
    TRY(panel_kinds(c, v, what));
    for (size_t i = 0; i < v->kinds.len; i++)
        offered |= str_eq(v->kinds.at[i].value, what);
    v->kinds = (Choices){ 0 };
    t->source = part.tail;
    if (!offered || !panel_kind_parse(part.head, &t->kind))
        field_error(c, &v->errors, S("what"), text_of(c->lang, "panel.error.what"));
    return OK;
}

static Err unit_check(Ctx *c, PanelPage *v, PanelTile *t)
{
    bool    within = false;
    int64_t id     = 0;
    if (str_to_i64(form_str(c, "unit"), &id) && right_has(c, RIGHT_BOARD_READ, (UnitId){ id }))
        TRY(unit_within(c->db, (UnitId){ id }, v->p.unit, c->today, &within));
    t->unit = (UnitId){ id };
    if (!within)
        field_error(c, &v->errors, S("unit"), text_of(c->lang, "panel.error.unit"));
    return OK;
}

static Err add_action(Ctx *c)
{
    PanelPage  v;
    PanelTiles tiles;
    PanelTile  t = { 0 };
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    v.name   = v.p.name;
    v.shared = v.p.shared;
    v.wrong  = -1;
    TRY(panel_tiles(c->db, c->arena, v.p.id, &tiles));
    TRY(source_check(c, &v, form_str(c, "what"), &t));
    TRY(unit_check(c, &v, &t));
    read_bounds(c, &v, &t);
    if (tiles.len >= PANEL_TILES_MOST)
        field_error(c, &v.errors, S("what"), text_fmt(c->arena, c->lang, "panel.error.most", ARG_N("n", PANEL_TILES_MOST)));
    if (v.errors.len) {
        v.indices = (PublishedIndices){ 0 };
        return show_edit(c, &v, form_str(c, "what"), 422);
    }
    t.wide     = t.wide || t.kind == PANEL_RANKING;
    t.position = tiles.len ? tiles.at[tiles.len - 1].position + 1 : 1;
    TRY(panel_tile_insert(c->db, v.p.id, &t));
    return changed(c, &v.p, "panel.tile.added");
}

/* Places of two neighbours are exchanged; at the ends nothing moves. */
static Err move_tile(Ctx *c, PanelTiles *tiles, size_t at, int by)
{
    size_t other = at + (size_t)by;
    if ((by < 0 && at == 0) || other >= tiles->len)
        return OK;
    PanelTile kept  = tiles->at[at];
    tiles->at[at]    = tiles->at[other];
    tiles->at[other] = kept;
    for (size_t i = 0; i < tiles->len; i++) {
        tiles->at[i].position = (int)i + 1;
        TRY(panel_tile_update(c->db, &tiles->at[i]));
    }
    return OK;
}

/* The tile of {tile} on this panel. */
static Err tile_of(Ctx *c, const PanelPage *v, PanelTiles *tiles, size_t *at)
{
    TRY(panel_tiles(c->db, c->arena, v->p.id, tiles));
    for (*at = 0; *at < tiles->len; (*at)++)
        if (tiles->at[*at].id == path_int(c, "tile"))
            return OK;
    return err_new(c->arena, ERR_NOT_FOUND, S("tile"));
}

static Err tile_action(Ctx *c)
{
    PanelPage  v;
    PanelTiles tiles;
    size_t     at;
    Str        act = form_str(c, "act");
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    TRY(tile_of(c, &v, &tiles, &at));
    v.name   = v.p.name;
    v.shared = v.p.shared;
    v.wrong  = tiles.at[at].id;
    read_bounds(c, &v, &tiles.at[at]);                       /* also when it is moved: nothing typed is lost */
    if (v.errors.len)
        return show_edit(c, &v, S(""), 422);
    TRY(panel_tile_update(c->db, &tiles.at[at]));
    if (!str_eq(act, S("up")) && !str_eq(act, S("down")))
        return changed(c, &v.p, "panel.tile.saved");
    TRY(move_tile(c, &tiles, at, str_eq(act, S("up")) ? -1 : 1));
    return changed(c, &v.p, "panel.tile.moved");
}

static Err confirm(Ctx *c, const Panel *p, Str title, Str text, Str action, Str back)
{
    crumbs(c, p);
    Out o = page_begin(c, title);
    confirm_page(&o, &(ConfirmPage){ .title = title, .text = text, .warning = text_of(c->lang, "panel.remove.warning"), .action = action,
                                     .token = form_token(c), .back_href = back, .button = text_of(c->lang, "panel.remove"), .danger = true });
    return page_end(c, &o);
}

static Str named_tile(Ctx *c, PanelPage *v, int64_t id)
{
    Err e = panel_values(c, v);
    for (size_t i = 0; !e && i < v->values.len; i++)
        if (v->values.at[i].tile.id == id)
            return str_join(c->arena, (Str[]){ v->values.at[i].name, v->values.at[i].unit_name }, 2, S(" · "));
    return S("");
}

static Err tile_remove_page(Ctx *c)
{
    PanelPage  v;
    PanelTiles tiles;
    size_t     at;
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    TRY(tile_of(c, &v, &tiles, &at));
    Str name = named_tile(c, &v, tiles.at[at].id), path = arena_fmt(c->arena, "/tiles/%lld/remove", (long long)tiles.at[at].id);
    return confirm(c, &v.p, text_fmt(c->arena, c->lang, "panel.tile.remove.title", ARG_S("name", name)), text_of(c->lang, "panel.tile.remove.text"),
                   str_concat(c->arena, v.here, path), v.edit_href);
}

static Err tile_remove_action(Ctx *c)
{
    PanelPage  v;
    PanelTiles tiles;
    size_t     at;
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    TRY(tile_of(c, &v, &tiles, &at));
    TRY(panel_tile_remove(c->db, tiles.at[at].id));
    return changed(c, &v.p, "panel.tile.removed");
}

static Err remove_page(Ctx *c)
{
    PanelPage v;
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    return confirm(c, &v.p, text_fmt(c->arena, c->lang, "panel.remove.title", ARG_S("name", v.p.name)), text_of(c->lang, "panel.remove.text"),
                   v.remove_href, v.edit_href);
}

static Err remove_action(Ctx *c)
{
    PanelPage v;
    TRY(panel_of(c, &v));
    if (!v.mine)
        return not_mine(c, &v);
    TRY(panel_remove(c->db, v.p.id));
    TRY(audit_panel(c, S("panel.remove"), &v.p));
    return redirect_notice(c, S("/console/boards"), NOTICE_OK, text_fmt(c->arena, c->lang, "panel.removed", ARG_S("name", v.p.name)));
}

const Route panel_routes[] = {
    { GET,  "/boards",                          RIGHT_BOARD_READ, list_page },
    { GET,  "/boards/new",                      RIGHT_BOARD_READ, new_page },
    { POST, "/boards/new",                      RIGHT_BOARD_READ, new_action },
    { GET,  "/boards/{id}",                     RIGHT_BOARD_READ, panel_page },
    { GET,  "/boards/{id}/edit",                RIGHT_BOARD_READ, edit_page },
    { POST, "/boards/{id}/edit",                RIGHT_BOARD_READ, edit_action },
    { POST, "/boards/{id}/tiles",               RIGHT_BOARD_READ, add_action },
    { POST, "/boards/{id}/tiles/{tile}",        RIGHT_BOARD_READ, tile_action },
    { GET,  "/boards/{id}/tiles/{tile}/remove", RIGHT_BOARD_READ, tile_remove_page },
    { POST, "/boards/{id}/tiles/{tile}/remove", RIGHT_BOARD_READ, tile_remove_action },
    { GET,  "/boards/{id}/remove",              RIGHT_BOARD_READ, remove_page },
    { POST, "/boards/{id}/remove",              RIGHT_BOARD_READ, remove_action },
    { 0 },
};
