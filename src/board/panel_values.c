/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the tiles of a panel say now. Each reads what the standard dashboard reads, under the same rights. */
#include "board/panel.h"

#include "service/index.h"

#include <math.h>

static Kpi plain_kpi(Str id, double x, Str unit, int decimals)
{
    return (Kpi){ .id = id, .unit = unit, .value = real(x, decimals), .low = NAN, .high = NAN, .last_year = NAN, .state = KPI_PLAIN };
}

/* Unit NULL-like for the nation: figures of everybody. */
static Err index_value(Ctx *c, const PanelPage *v, const Unit *u, PanelValue *x)
{
    const Look *l = v->head.look;
    x->name = text_of(c->lang, "panel.kind.index");
    x->why  = text_of(c->lang, "panel.why.edition");
    if (!v->head.any)
        return OK;
    const LookNode *top = &l->nodes.at[look_head(l)];
    x->name = look_label(top->whole, c->lang);
    x->kpi  = board_figure_kpi(c->arena, x->kpi.id, x->name, look_of_unit(l, top->code, u->kind == UNIT_NATION ? NULL : u));
    x->from = text_fmt(c->arena, c->lang, "panel.from.edition", ARG_S("title", edition_title(&v->head.row, c->lang)), ARG_N("number", v->head.row.number));
    x->href = edition_path(c->arena, &v->head.row);
    return OK;
}

static Err service_value(Ctx *c, const Unit *u, PanelValue *x)
{
    ServiceScore score;
    int          month;
    TRY(service_now(c->db, c->arena, u->id, c->today, &month, &score));
    x->name = text_of(c->lang, "panel.kind.service");
    x->kpi  = plain_kpi(x->kpi.id, score.value, text_of(c->lang, "service.points"), 2);
    x->why  = text_of(c->lang, "panel.why.service");
    x->from = text_fmt(c->arena, c->lang, "panel.from.service", ARG_S("month", arena_fmt(c->arena, "%02d/%d", month % 100, month / 100)));
    x->href = u->kind == UNIT_NATION ? S("/service") : arena_fmt(c->arena, "/service/%lld", (long long)u->id.v);
    return OK;
}

static const PublishedIndex *index_of(const PublishedIndices *all, Str code)
{
    for (size_t i = 0; i < all->len; i++)
        if (str_eq(all->at[i].code, code))
            return &all->at[i];
    return NULL;
}

/* The newest whole year of the unit; of the nation the average that was published. */
static Err published_value(Ctx *c, const PanelPage *v, const Unit *u, PanelValue *x)
{
    const PublishedIndex *index = index_of(&v->indices, x->tile.source);
    PublishedValues       all;
    x->name = index ? index->name[c->lang] : x->tile.source;
    x->why  = text_of(c->lang, "panel.why.published");
    if (!index)
        return OK;
    x->href = str_concat(c->arena, S("/indices/"), index->code);
    x->kpi  = plain_kpi(x->kpi.id, NAN, index->value[c->lang], 2);
    TRY(u->kind == UNIT_NATION ? published_values(c->db, c->arena, index->code, &all) : published_of_unit(c->db, c->arena, u->id, &all));
    for (size_t i = 0; i < all.len; i++) {
        const PublishedValue *p = &all.at[i];
        bool fits = str_eq(p->index, index->code) && !p->component.len && !p->area.len && !p->period[LANG_VI].len && !isnan(p->score) &&
                    (u->kind != UNIT_NATION || p->level == LEVEL_AVERAGE);
        if (!fits)
            continue;
        x->kpi.value = real(p->score, 2);                    /* by year: the last one stays */
        x->from      = text_fmt(c->arena, c->lang, "panel.from.published", ARG_S("year", arena_fmt(c->arena, "%d", p->year)));
    }
    return OK;
}

/* Cases that nothing more is to be done for. A province's leader sees the province's own of a round of the nation. */
static Err field_value(Ctx *c, const Unit *u, PanelValue *x)
{
    Round        r;
    RunningRound sums = { 0 };
    x->name = text_of(c->lang, "panel.kind.field");
    x->why  = text_of(c->lang, "panel.why.field");
    Err e   = round_by_code(c->db, c->arena, x->tile.source, &r);
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    x->name = text_fmt(c->arena, c->lang, "panel.field.of", ARG_S("round", round_title(&r, c->lang)));
    if (u->kind != UNIT_PROVINCE && !right_has(c, RIGHT_BOARD_READ, r.owner))
        return OK;
    TRY(board_field(c, &r, u->kind == UNIT_PROVINCE ? u->id : (UnitId){ 0 }, &sums));
    const FieldSum *s = &sums.field_all;
    x->kpi  = plain_kpi(x->kpi.id, s->cases ? 100 * (double)s->final / (double)s->cases : NAN, S("%"), 1);
    x->from = text_fmt(c->arena, c->lang, "panel.from.field", ARG_N("final", s->final), ARG_N("cases", s->cases),
                       ARG_S("rr", real_text(c->arena, c->lang, 100 * field_sum_rates(s).rr[0], 1)));
    if (right_has(c, RIGHT_FIELD_READ, r.owner))
        x->href = arena_fmt(c->arena, "/console/rounds/%lld/fieldwork", (long long)r.id.v);
    return OK;
}

static Err fill_value(Ctx *c, const PanelPage *v, PanelValue *x)
{
    Unit u;
    TRY(unit_load(c->db, c->arena, x->tile.unit, c->today, &u));
    x->unit_name = u.kind == UNIT_NATION ? text_of(c->lang, "board.nation") : unit_label(&u, c->lang);
    x->kpi       = plain_kpi(arena_fmt(c->arena, "t%lld", (long long)x->tile.id), NAN, S(""), 2);
    x->name      = text_of(c->lang, "panel.kind.ranking");
    if (!right_has(c, RIGHT_BOARD_READ, u.id)) {
        x->why = text_of(c->lang, "panel.why.right");
        return OK;
    }
    switch (x->tile.kind) {
    case PANEL_INDEX:     TRY(index_value(c, v, &u, x)); break;
    case PANEL_SERVICE:   TRY(service_value(c, &u, x)); break;
    case PANEL_PUBLISHED: TRY(published_value(c, v, &u, x)); break;
    case PANEL_FIELD:     TRY(field_value(c, &u, x)); break;
    default:
        x->why  = v->head.any ? S("") : text_of(c->lang, "panel.why.edition");
        x->href = v->head.any ? edition_path(c->arena, &v->head.row) : S("");
    }
    x->kpi.name = str_join(c->arena, (Str[]){ x->name, x->unit_name }, 2, S(" · "));
    x->state    = panel_state(&x->tile, x->kpi.value.v);
    return OK;
}

Err panel_values(Ctx *c, PanelPage *v)
{
    PanelTiles tiles;
    TRY(panel_tiles(c->db, c->arena, v->p.id, &tiles));
    TRY(published_indices(c->db, c->arena, &v->indices));
    Err bad = edition_headline(c->db, c->store, c->arena, &v->head);
    if (bad) {                                               /* the other tiles stand all the same */
        LOG(LOG_WARN, "panel_edition", LOG_STR("detail", bad->detail));
        v->head = (EditionHeadline){ 0 };
    }
    for (size_t i = 0; i < tiles.len; i++) {
        PanelValue *x = list_add(c->arena, &v->values);
        *x = (PanelValue){ .tile = tiles.at[i] };
        TRY(fill_value(c, v, x));
        bool reads = x->tile.kind == PANEL_INDEX || x->tile.kind == PANEL_RANKING;
        v->simulated |= reads && v->head.any && v->head.row.simulated;
    }
    return OK;
}

static void add_kind(Ctx *c, PanelPage *v, Str value, Str label, Str chosen)
{
    *list_add(c->arena, &v->kinds) = (Choice){ .value = value, .label = label, .chosen = str_eq(value, chosen) };
}

Err panel_kinds(Ctx *c, PanelPage *v, Str chosen)
{
    Rounds rounds;
    add_kind(c, v, S("index"), text_of(c->lang, "panel.kind.index"), chosen);
    add_kind(c, v, S("ranking"), text_of(c->lang, "panel.kind.ranking"), chosen);
    add_kind(c, v, S("service"), text_of(c->lang, "panel.kind.service"), chosen);
    for (size_t i = 0; i < v->indices.len; i++)
        add_kind(c, v, str_concat(c->arena, S("published:"), v->indices.at[i].code),
                 text_fmt(c->arena, c->lang, "panel.published.of", ARG_S("index", v->indices.at[i].name[c->lang])), chosen);
    TRY(round_list(c->db, c->arena, &rounds));
    for (size_t i = 0; i < rounds.len; i++) {
        FieldRound f;
        bool       within, above;
        TRY(unit_within(c->db, rounds.at[i].owner, v->unit.id, c->today, &within));
        TRY(unit_within(c->db, v->unit.id, rounds.at[i].owner, c->today, &above));
        if ((!within && !above) || round_state_at(&rounds.at[i], c->now) == ROUND_DRAFT)
            continue;
        Err e = field_round_load(c->db, c->arena, rounds.at[i].id, &f);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
        if (!e)
            add_kind(c, v, str_concat(c->arena, S("field:"), rounds.at[i].code),
                     text_fmt(c->arena, c->lang, "panel.field.of", ARG_S("round", round_title(&rounds.at[i], c->lang))), chosen);
    }
    return OK;
}
