/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a board shows: the newest edition and the one before, published indices, rounds that run, as far as the reader's right reaches. */
#include "board/parts.h"

#include <math.h>

enum { DAYS_SHOWN = 14 };

int board_place(const Board *b)
{
    for (size_t i = 0; b->province && i < b->look.provinces.len; i++)
        if (b->look.provinces.at[i].id.v == b->unit.id.v)
            return (int)i;
    return -1;
}

Str board_code(const Board *b)
{
    return b->province ? b->unit.code : S("");
}

/* ---- Editions ---------------------------------------------------------------------------------------------------------------------- */

static bool readable(Ctx *c, const EditionRow *e, EditionHeadline *h, Look *look)
{
    Err bad = look_edition(c->db, c->store, c->arena, e, look);
    if (!bad) {
        Look *kept = arena_new(c->arena, Look, 1);         /* the board itself is copied on its way to the page */
        *kept = *look;
        *h = (EditionHeadline){ .row = *e, .figures = look->figures, .look = kept, .any = look->nodes.len > 0 };
        return true;
    }
    LOG(LOG_WARN, "board_edition", LOG_STR("round", e->round_code), LOG_STR("detail", bad->detail));
    *h = (EditionHeadline){ 0 };
    return false;
}

/* l lies in the request's arena. */
static void add_year(Board *b, const EditionRow *e, const Look *l)
{
    int year = date_ymd(e->on).year;
    if (l->nodes.len && b->years < YEARS_MOST && (!b->years || b->year[b->years - 1].year != year))
        b->year[b->years++] = (BoardYear){ year, l };
}

/* Rounds before the one before are for lines over years alone: one that cannot be read is passed over. */
static void load_years(Ctx *c, Board *b, const EditionRows *earlier)
{
    if (!b->before.any || !b->now.any)
        return;
    add_year(b, &b->now.row, b->now.look);
    add_year(b, &b->before.row, b->before.look);
    for (size_t i = 1; i < earlier->len && b->years < YEARS_MOST; i++) {
        Look *l = arena_new(c->arena, Look, 1);
        if (look_edition(c->db, c->store, c->arena, &earlier->at[i], l) == OK)
            add_year(b, &earlier->at[i], l);
    }
}

static void compare(Ctx *c, Board *b)
{
    if (!b->before.any || !b->now.any)
        return;
    b->change = look_node_changes(c->arena, &b->look, &b->look_before, board_code(b));
    b->moved  = look_province_changes(c->arena, &b->look, &b->look_before);
}

/* The newest edition, or that of ?round=, and that of the round before. */
static Err load_editions(Ctx *c, Board *b)
{
    EditionRows       all, earlier = { 0 };
    Str               asked = query_str(c, "round");
    const EditionRow *now = NULL;
    TRY(edition_list(c->db, c->arena, &all));
    for (size_t i = 0; i < all.len && !now; i++)
        if (!all.at[i].superseded_by.v && (!asked.len || str_eq(asked, all.at[i].round_code)))
            now = &all.at[i];
    if (now)
        TRY(editions_before(c->db, c->arena, now, &earlier));
    for (size_t i = 0; i < all.len; i++)
        if (!all.at[i].superseded_by.v)
            *list_add(c->arena, &b->rounds) = (Choice){ .value = all.at[i].round_code, .label = edition_title(&all.at[i], c->lang),
                                                        .chosen = now && all.at[i].id.v == now->id.v };
    b->unreadable = now && !readable(c, now, &b->now, &b->look);
    if (earlier.len && !b->unreadable)
        (void)!readable(c, &earlier.at[0], &b->before, &b->look_before);
    compare(c, b);
    load_years(c, b, &earlier);
    if (b->now.any)
        b->ranks = look_ranks(&b->look, c->arena, b->look.nodes.at[look_head(&b->look)].code);
    return OK;
}

/* ---- Published indices ---------------------------------------------------------------------------------------------------------------- */

static Err load_published(Ctx *c, Board *b)
{
    PublishedValues all;
    TRY(published_indices(c->db, c->arena, &b->indices));
    TRY(published_values(c->db, c->arena, S(""), &all));
    for (size_t i = 0; i < all.len; i++)
        if (all.at[i].level == LEVEL_AVERAGE && !all.at[i].component.len && !all.at[i].area.len)
            *list_add(c->arena, &b->averages) = all.at[i];
    if (b->nation)
        b->published = b->averages;
    else
        TRY(published_of_unit(c->db, c->arena, b->unit.id, &b->published));
    return OK;
}

/* ---- Rounds that run --------------------------------------------------------------------------------------------------------------------- */

static void fill_days(Ctx *c, const RoundCounts *counts, RunningRound *r)
{
    size_t from = counts->days.len > DAYS_SHOWN ? counts->days.len - DAYS_SHOWN : 0;
    r->days = arena_new(c->arena, BarRow, DAYS_SHOWN);
    for (size_t i = from; i < counts->days.len; i++) {
        int64_t n = 0;
        for (int k = 0; k < CHANNEL_COUNT; k++)
            n += counts->days.at[i].n[k];
        r->days[r->day_count++] = (BarRow){ .label = date_text(c->arena, c->lang, counts->days.at[i].day), .value = n };
    }
}

/* The index as it stands: always the shares in steps, never weighted, and it says that it stands for nobody else. */
static Err fill_live(Ctx *c, const Board *b, RunningRound *r)
{
    Figures f = { 0 };
    Look    l;
    Err     e = edition_live(c->db, c->store, c->arena, c->app, &r->round, &f);
    if (err_is(e, ERR_CONFLICT))                   /* no questions of satisfaction: nothing to show */
        return OK;
    TRY(e);
    TRY(look_open(c->db, c->arena, &f, r->round.method, r->round.unit_question, round_day(&r->round), &l));
    if (!l.nodes.len)
        return OK;
    const LookNode *top = &l.nodes.at[look_head(&l)];
    const Figure   *x   = look_main(&l, top->code, b->province ? b->unit.code : S(""));
    if (!x)
        return OK;
    r->has_live = true;
    r->live = (Kpi){ .id = arena_fmt(c->arena, "live%lld", (long long)r->round.id.v), .name = look_label(top->whole, c->lang), .unit = S("%"),
                     .value = real(x->x, 1), .low = NAN, .high = NAN, .last_year = NAN, .n = look_shown(x) ? x->n : 0,
                     .state = look_shown(x) ? KPI_OPEN : KPI_SUPPRESSED };
    return OK;
}

static Err add_running(Ctx *c, Board *b, const Round *r)
{
    RoundCounts  counts;
    RunningRound x     = { .round = *r };
    bool         whole = right_has(c, RIGHT_BOARD_READ, r->owner);
    if (!whole && !b->province)
        return OK;
    TRY(round_counts(c->db, c->arena, r->id, b->province ? b->unit.id : (UnitId){ 0 }, &counts));
    x.answers = counts.stored - counts.withdrawn;
    fill_days(c, &counts, &x);
    TRY(fill_live(c, b, &x));
    TRY(board_field(c, r, b->province ? b->unit.id : (UnitId){ 0 }, &x));
    if (right_has(c, RIGHT_ROUND_READ, r->owner))
        x.href = arena_fmt(c->arena, "/console/rounds/%lld", (long long)r->id.v);
    *list_add(c->arena, &b->running) = x;
    return OK;
}

/* Rounds of the unit itself, of those below it, and of those above it (then only what is the unit's own). */
static Err load_running(Ctx *c, Board *b)
{
    Rounds all;
    TRY(round_list(c->db, c->arena, &all));
    for (size_t i = 0; i < all.len; i++) {
        RoundState s = round_state_at(&all.at[i], c->now);
        bool       below, above;
        if (s != ROUND_OPEN && s != ROUND_PAUSED)
            continue;
        TRY(unit_within(c->db, all.at[i].owner, b->unit.id, c->today, &below));
        TRY(unit_within(c->db, b->unit.id, all.at[i].owner, c->today, &above));
        if (below || above)
            TRY(add_running(c, b, &all.at[i]));
    }
    return OK;
}

/* ---- The whole ------------------------------------------------------------------------------------------------------------------------------ */

Err board_units(Ctx *c, UnitId within, UnitId chosen, Choices *out)
{
    RightScope scope;
    Units      all;
    Unit       root;
    TRY(right_scope(c, RIGHT_BOARD_READ, &scope));
    TRY(unit_load(c->db, c->arena, (UnitId){ UNIT_ROOT }, c->today, &root));
    TRY(unit_list(c->db, c->arena, UNIT_PROVINCE, c->today, &all));
    if (scope_has(&scope, root.id) && within.v == UNIT_ROOT)
        *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)root.id.v), .label = unit_name(&root, c->lang),
                                             .chosen = chosen.v == root.id.v };
    for (size_t i = 0; i < all.len; i++)
        if (scope_has(&scope, all.at[i].id) && (within.v == UNIT_ROOT || within.v == all.at[i].id.v))
            *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)all.at[i].id.v),
                                                 .label = unit_name(&all.at[i], c->lang), .chosen = all.at[i].id.v == chosen.v };
    return OK;
}

BoardMode board_mode(const Ctx *c)
{
    return str_eq(query_str(c, "mode"), S("kiosk")) ? BOARD_KIOSK : str_eq(query_str(c, "mode"), S("print")) ? BOARD_PRINT : BOARD_READ;
}

Err board_load(Ctx *c, Board *out)
{
    Board b = { 0 };
    TRY(unit_load(c->db, c->arena, (UnitId){ path_int(c, "id") }, c->today, &b.unit));
    TRY(right_need(c, RIGHT_BOARD_READ, b.unit.id));
    b.nation   = b.unit.kind == UNIT_NATION;
    b.province = b.unit.kind == UNIT_PROVINCE;
    b.mode     = board_mode(c);
    b.title    = b.nation ? text_of(c->lang, "board.nation") : unit_label(&b.unit, c->lang);
    b.here     = arena_fmt(c->arena, "/console/board/%lld", (long long)b.unit.id.v);
    TRY(load_editions(c, &b));
    TRY(load_published(c, &b));
    TRY(load_running(c, &b));
    TRY(board_units(c, (UnitId){ UNIT_ROOT }, b.unit.id, &b.units));
    *out = b;
    return OK;
}
