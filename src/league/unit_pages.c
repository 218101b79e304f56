/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One unit in a published ranking: its sheet, what would lift it, why a criterion has its points, and other inputs tried without keeping them. */
#include "league/pages.h"

#include "league_unit.html.h"

#include <math.h>

enum { LIFTS_SHOWN = 5 };

Err league_unit_card(Arena *a, const LeagueBook *b, int64_t unit, SchemeCard *out)
{
    const Json  *cards;
    SchemeFaults faults = { 0 };
    TRY(json_parse(a, b->cards_text, &cards));
    JSON_EACH(m, cards) {
        Str     id = S("");
        int64_t n;
        if (!json_str(json_get(m, S("unit_id")), &id) || !str_to_i64(id, &n) || n != unit)
            continue;
        return scheme_card_read(a, &b->scheme, json_get(m, S("card")), out, &faults) ? OK : err_new(a, ERR_INTERNAL, S("a card of an edition is not read"));
    }
    return err_new(a, ERR_NOT_FOUND, S("no such unit in the ranking"));
}

static Err row_of_path(Ctx *c, const LeagueBook *b, size_t *out)
{
    for (size_t i = 0; i < b->league.len; i++)
        if (b->league.at[i].unit == path_int(c, "unit")) {
            *out = i;
            return OK;
        }
    return err_new(c->arena, ERR_NOT_FOUND, S("no such unit in the ranking"));
}

static Str leaf_href(Ctx *c, Str base, Str code)
{
    return arena_fmt(c->arena, "%.*s/criterion?code=%.*s", STR_ARG(base), STR_ARG(url_encode(c->arena, code)));
}

static void leaves_fill(Ctx *c, LeagueUnitView *v, const Scheme *s)
{
    for (size_t i = 0; i < s->len; i++) {
        const SchemeScore *x = &v->row->result.at[i];
        bool scored = x->state == STATE_SCORED;
        *list_add(c->arena, &v->leaves) = (LeafRow){ .code = s->at[i].code, .name = s->at[i].name, .group = s->at[i].group, .top = s->at[i].up < 0,
            .href = leaf_href(c, v->base, s->at[i].code), .points = league_points_text(c->arena, c->lang, x->points),
            .max = league_points_text(c->arena, c->lang, x->max), .share = scored && x->max > 0 ? fmin(1, fabs(x->points) / x->max) : -1,
            .state = scored ? arena_fmt(c->arena, "%.*s %%", STR_ARG(real_text(c->arena, c->lang, x->max > 0 ? x->points / x->max * 100 : 0, 0)))
                            : text_find(c->lang, str_concat(c->arena, S("league.state."), scheme_state_code(x->state))) };
    }
}

static void lifts_fill(Ctx *c, LeagueUnitView *v, const League *l, size_t row)
{
    LeagueLifts x = league_lifts(c->arena, l, row);
    for (size_t i = 0; i < x.len && i < LIFTS_SHOWN; i++) {
        const SchemeCriterion *k = &l->scheme->at[x.at[i].at];
        *list_add(c->arena, &v->lifts) = (LiftRow){ .name = str_join(c->arena, (Str[]){ k->code, k->name }, 2, S(" ")), .href = leaf_href(c, v->base, k->code),
            .left = league_points_text(c->arena, c->lang, x.at[i].left),
            .gain = str_concat(c->arena, S("+"), league_points_text(c->arena, c->lang, x.at[i].gain)),
            .rank = x.at[i].rank ? num_text(c->arena, c->lang, x.at[i].rank) : S("–"), .moves = x.at[i].rank && x.at[i].rank < l->at[row].rank };
    }
}

static void crumbs(Ctx *c, const LeagueEdition *e, Str unit, Str unit_href, Str here)
{
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "league.public.title"), S("/rankings"));
    page_crumb(c, e->title, league_path(c->arena, e));
    page_crumb(c, unit, here.len ? unit_href : S(""));
    if (here.len)
        page_crumb(c, here, S(""));
}

Err league_unit_page(Ctx *c)
{
    LeagueEdition  e;
    LeagueBook     b;
    LeagueUnitView v = { .e = &e };
    size_t         at;
    TRY(league_of_path(c, &e, &b));
    TRY(row_of_path(c, &b, &at));
    v.row         = &b.league.at[at];
    v.league_href = site_path(c, league_path(c->arena, &e));
    v.base        = arena_fmt(c->arena, "%.*s/units/%lld", STR_ARG(v.league_href), (long long)v.row->unit);
    v.rank        = v.row->rank ? text_fmt(c->arena, c->lang, "league.rank.of", ARG_N("n", v.row->rank), ARG_N("all", (int64_t)b.league.ranked))
                                : text_of(c->lang, "league.rank.none");
    v.range       = league_rank_text(c->arena, v.row->low, v.row->high);
    v.total       = league_points_text(c->arena, c->lang, v.row->result.total);
    v.max         = league_points_text(c->arena, c->lang, v.row->result.max);
    v.se          = isnan(v.row->result.se) ? S("") : real_text(c->arena, c->lang, v.row->result.se, 2);
    v.group       = v.row->group < 0 ? S("–") : b.league.rules.groups.at[v.row->group].name;
    leaves_fill(c, &v, &b.scheme);
    lifts_fill(c, &v, &b.league, at);
    crumbs(c, &e, v.row->name, S(""), S(""));
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v.row->name, e.title }, 2, S(" – ")));
    league_unit_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One criterion ------------------------------------------------------------------------------------------------------------- */

static Str value_text(Ctx *c, const SchemeInputs *inputs, Str name)
{
    for (size_t i = 0; i < inputs->len; i++) {
        const ExprValue *v = &inputs->at[i].value;
        Buf b = buf_new(c->arena, 32);
        if (!str_eq(inputs->at[i].name, name))
            continue;
        if (v->kind == EXPR_STRING)
            return v->text;
        if (v->kind == EXPR_BOOLEAN)
            return v->number != 0 ? S("1") : S("0");
        buf_f64(&b, v->number);
        for (size_t k = 0; k < b.len && c->lang == LANG_VI; k++)
            b.at[k] = b.at[k] == '.' ? ',' : b.at[k];
        return buf_str(&b);
    }
    return S("");
}

static void input_set(Ctx *c, SchemeInputs *inputs, Str name, Str text)
{
    SchemeInputs kept = { 0 };
    double       x;
    Date         day;
    for (size_t i = 0; i < inputs->len; i++)
        if (!str_eq(inputs->at[i].name, name))
            *list_add(c->arena, &kept) = inputs->at[i];
    SchemeInput in = { .name = name };
    if (real_parse_typed(c->lang, text, &x))
        in.value = (ExprValue){ .kind = EXPR_NUMBER, .number = x };
    else
        in.value = (ExprValue){ .kind = EXPR_STRING, .text = date_loose(text, &day) && !date_is_none(day) ? date_iso(c->arena, day) : text };
    if (text.len)
        *list_add(c->arena, &kept) = in;
    *inputs = kept;
}

static void boxes_fill(Ctx *c, LeagueLeafView *v, const SchemeCard *card, int at)
{
    const SchemeCriterion *x = v->x;
    for (size_t i = 0; i < x->input_count; i++) {
        Str name = arena_fmt(c->arena, "v%zu", i);
        *list_add(c->arena, &v->boxes) = (TryBox){ name, scheme_input_label(c->arena, c->lang, x, x->inputs[i]),
            v->tried ? query_str(c, arena_c(c->arena, name)) : value_text(c, &card->inputs[at], x->inputs[i]) };
    }
    if (x->rule.kind == RULE_MANUAL)
        *list_add(c->arena, &v->boxes) = (TryBox){ S("points"), text_of(c->lang, "scheme.try.points"), v->tried ? query_str(c, "points")
                                                   : isnan(card->manual[at]) ? S("") : real_text(c->arena, c->lang, card->manual[at], 2) };
}

/* The unit with other inputs in this one criterion: its points, total and rank. */
static void try(Ctx *c, LeagueLeafView *v, const LeagueBook *b, size_t row, SchemeCard *card, int at, const SchemeCalendar *k)
{
    SchemeResult then;
    SchemeFaults faults = { 0 };
    for (size_t i = 0; i < v->x->input_count; i++)
        input_set(c, &card->inputs[at], v->x->inputs[i], v->boxes.at[i].value);
    if (v->x->rule.kind == RULE_MANUAL && !real_parse_typed(c->lang, query_str(c, "points"), &card->manual[at]))
        card->manual[at] = NAN;
    card->verdict[at] = NAN;
    for (int i = at; i >= 0; i = b->scheme.at[i].up)
        card->not_applicable[i] = false;
    v->scored = scheme_compute(c->arena, &b->scheme, card, k, (SchemeWords){ .lang = c->lang }, &then, &faults);
    for (size_t i = 0; i < faults.len; i++)
        *list_add(c->arena, &v->faults) = scheme_fault_text(c->arena, c->lang, &faults.at[i]);
    int rank = v->scored ? league_rank_with(&b->league, row, &then) : 0;
    v->then_points = league_points_text(c->arena, c->lang, then.at[at].points);
    v->then_total  = league_points_text(c->arena, c->lang, then.total);
    v->then_rank   = rank ? num_text(c->arena, c->lang, rank) : S("–");
    v->then_trace  = then.at[at].trace;
}

Err league_leaf_page(Ctx *c)
{
    LeagueEdition  e;
    LeagueBook     b;
    SchemeCard     card;
    SchemeResult   result;
    SchemeCalendar calendar;
    SchemeFaults   faults = { 0 };
    size_t         row;
    TRY(league_of_path(c, &e, &b));
    TRY(row_of_path(c, &b, &row));
    int at = scheme_find(&b.scheme, query_str(c, "code"));
    if (at < 0 || b.scheme.at[at].group)
        return err_new(c->arena, ERR_NOT_FOUND, S("no such criterion"));
    TRY(league_unit_card(c->arena, &b, b.league.at[row].unit, &card));
    TRY(scheme_calendar_load(c->arena, &calendar));
    scheme_compute(c->arena, &b.scheme, &card, &calendar, (SchemeWords){ .lang = c->lang }, &result, &faults);
    LeagueLeafView v = { .e = &e, .x = &b.scheme.at[at], .unit = b.league.at[row].name, .code = b.scheme.at[at].code, .tried = query_str(c, "try").len > 0 };
    v.unit_href = arena_fmt(c->arena, "%.*s/units/%lld", STR_ARG(site_path(c, league_path(c->arena, &e))), (long long)b.league.at[row].unit);
    v.action    = str_concat(c->arena, v.unit_href, S("/criterion"));
    v.points    = league_points_text(c->arena, c->lang, result.at[at].points);
    v.max       = league_points_text(c->arena, c->lang, result.at[at].max);
    v.words     = scheme_rule_words(c->arena, c->lang, v.x);
    v.trace     = result.at[at].trace;
    v.now_total = league_points_text(c->arena, c->lang, b.league.at[row].result.total);
    v.now_rank  = b.league.at[row].rank ? num_text(c->arena, c->lang, b.league.at[row].rank) : S("–");
    boxes_fill(c, &v, &card, at);
    if (v.tried)
        try(c, &v, &b, row, &card, at, &calendar);
    crumbs(c, &e, v.unit, arena_fmt(c->arena, "%.*s/units/%lld", STR_ARG(league_path(c->arena, &e)), (long long)b.league.at[row].unit), v.x->code);
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v.x->code, v.x->name, v.unit }, 3, S(" – ")));
    league_leaf_view(&o, &v);
    return page_end(c, &o);
}
