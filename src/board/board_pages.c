/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* /console/board: the reader's own unit, any unit in the reach of the right; to read, on a wall (kiosk), on paper (print). */
#include "board/parts.h"

#include "board_page.html.h"

enum { KIOSK_SECONDS = 300 };

/* The board of the first unit where the reader holds the right. */
static Err own_board(Ctx *c)
{
    RightScope scope;
    Str        unit = query_str(c, "unit");
    TRY(right_scope(c, RIGHT_BOARD_READ, &scope));
    int64_t id = 0;
    if (!str_to_i64(unit, &id))
        id = scope_has(&scope, (UnitId){ UNIT_ROOT }) ? UNIT_ROOT : scope.tops.len ? scope.tops.at[0].v : 0;
    if (!id)
        return err_new(c->arena, ERR_NOT_FOUND, S("no unit"));
    Str round = query_str(c, "round"), mode = query_str(c, "mode");
    Str tail  = round.len ? str_concat(c->arena, S("?round="), url_encode(c->arena, round)) : S("");
    if (mode.len)
        tail = str_join(c->arena, (Str[]){ tail, tail.len ? S("&mode=") : S("?mode="), url_encode(c->arena, mode) }, 3, S(""));
    return redirect(c, arena_fmt(c->arena, "/console/board/%lld%.*s", (long long)id, STR_ARG(tail)));
}

/* On a wall: no frame around it, and the browser itself asks again, without script. */
void board_without_frame(Ctx *c, BoardMode mode)
{
    c->page.kind  = PAGE_EMBED;
    c->page.sheet = S("site.css");
    if (mode == BOARD_KIOSK)
        answer_header(c, S("refresh"), arena_fmt(c->arena, "%d", KIOSK_SECONDS));
}

static Err board_page(Ctx *c)
{
    Board b;
    TRY(board_load(c, &b));
    page_crumb(c, text_of(c->lang, "web.nav.console.board"), S("/console/board"));
    page_crumb(c, b.title, S(""));
    c->page.simulated = b.now.any && b.now.row.simulated;
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "board.title", ARG_S("unit", b.title)));
    board_head_view(&o, &b);
    if (b.now.any) {
        board_kpis(&o, &b);
        board_provenance_view(&o, &b);
        board_rank_map(&o, &b, c->db);
        board_heat(&o, &b);
        board_slope(&o, &b);
        board_contents_years(&o, &b);
        board_themes(&o, &b);
    }
    board_years(&o, &b);
    board_running_view(&o, &b);
    if (b.mode != BOARD_READ)
        board_without_frame(c, b.mode);
    return page_end(c, &o);
}

const Route board_routes[] = {
    { GET, "/board", RIGHT_BOARD_READ, own_board },
    { GET, "/board/{id}", RIGHT_BOARD_READ, board_page },
    { 0 },
};
