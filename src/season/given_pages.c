/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One criterion that is not left to units: a box for each unit and input, or taken from a published edition. */
#include "season/input_view.h"
#include "season/work.h"

#include "edition/look.h"
#include "seasons_given.html.h"

#include <math.h>

static Str box_name(Ctx *c, size_t unit, size_t input)
{
    return arena_fmt(c->arena, "v%zu_%zu", unit, input);
}

static Str revision_name(Ctx *c, size_t unit)
{
    return arena_fmt(c->arena, "r%zu", unit);
}

static void editions_fill(Ctx *c, GivenView *v, const EditionRows *rows)
{
    for (size_t i = 0; i < rows->len; i++)
        if (rows->at[i].place.len)
            *list_add(c->arena, &v->editions) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)rows->at[i].id.v),
                .label = text_fmt(c->arena, c->lang, "season.evidence.edition", ARG_S("title", edition_title(&rows->at[i], c->lang)),
                                  ARG_N("n", rows->at[i].number)) };
}

/* Points of what is kept, so that a slip of the keyboard is seen. */
static Err points_fill(Ctx *c, const Given *g, int at, const SeasonInput *kept, GivenUnit *u)
{
    CardScores   one    = { 0 };
    SchemeCard   card;
    SchemeScore  score  = { .points = NAN };
    SchemeFaults faults = { 0 };
    const Json  *json;
    *list_add(c->arena, &one) = kept->x;
    TRY(json_parse(c->arena, card_json(c->arena, S(""), &one), &json));
    scheme_card_read(c->arena, &g->scheme, json, &card, &faults);
    bool good = !faults.len && scheme_compute_leaf(c->arena, &g->scheme, at, &card, NULL, (SchemeWords){ .lang = c->lang, .silent = true }, &score, &faults);
    u->points = good ? card_points_text(c, score.points) : text_of(c->lang, "season.inputs.not_computed");
    return OK;
}

/* typed: boxes hold what the form sent. over: of each unit the revision that is typed over, NULL: as kept. */
static Err units_fill(Ctx *c, const Given *g, int at, GivenView *v, bool typed, const int64_t *over)
{
    for (size_t u = 0; u < g->units.len; u++) {
        const SeasonInput *kept = given_find(&g->kept, g->units.at[u].id, v->x->code);
        GivenUnit          row  = { .unit = unit_name(&g->units.at[u], c->lang), .revision_name = revision_name(c, u), .source = kept ? kept->x.note : S("") };
        const Json        *json = NULL;
        row.revision = arena_fmt(c->arena, "%lld", (long long)(over ? over[u] : kept ? kept->x.revision : 0));
        if (kept) {
            TRY(json_parse(c->arena, kept->x.inputs, &json));
            TRY(points_fill(c, g, at, kept, &row));
        }
        for (size_t i = 0; i < v->names.len; i++) {
            Str name = box_name(c, u, i);
            Str value = v->x->rule.kind == RULE_MANUAL ? (kept && !isnan(kept->x.manual) ? card_number_shown(c, kept->x.manual) : S(""))
                                                        : card_value_shown(c, json_get(json, v->names.at[i]));
            *list_add(c->arena, &row.boxes) = (GivenBox){ name, v->labels.at[i], typed ? form_str(c, arena_c(c->arena, name)) : value,
                                                          field_error_find(&v->errors, arena_c(c->arena, name)) };
        }
        *list_add(c->arena, &v->units) = row;
    }
    return OK;
}

static Err given_view(Ctx *c, const Given *g, int at, GivenView *v, bool typed, const int64_t *over, int status)
{
    EditionRows editions;
    v->s      = &g->s;
    v->x      = &g->scheme.at[at];
    v->base   = season_inputs_base(c, g->s.id);
    v->action = str_concat(c->arena, v->base, S("/criterion"));
    v->token  = c->page.form_token;
    v->max    = card_points_text(c, v->x->max);
    v->words  = scheme_rule_words(c->arena, c->lang, v->x);
    v->names  = input_names(c->arena, c->lang, v->x);
    for (size_t i = 0; i < v->names.len; i++)
        *list_add(c->arena, &v->labels) = scheme_input_label(c->arena, c->lang, v->x, v->names.at[i]);
    v->may_manage = right_has(c, RIGHT_SEASON_MANAGE, g->s.owner);
    TRY(edition_list(c->db, c->arena, &editions));
    if (v->names.len && v->x->rule.kind != RULE_MANUAL && str_eq(g->s.unit_kind, S("province")))
        editions_fill(c, v, &editions);
    TRY(units_fill(c, g, at, v, typed, over));
    c->page.error = v->errors.len > 0;
    season_crumbs(c, &g->s, NULL, v->x->code);
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v->x->code, v->x->name }, 2, S(" ")));
    seasons_given_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err given_leaf(Ctx *c, Right right, Str code, Given *g, int *out_at)
{
    TRY(given_of_path(c, right, g));
    if (g->told)
        return OK;
    *out_at = scheme_find(&g->scheme, code);
    bool fits = *out_at >= 0 && !g->scheme.at[*out_at].group && !season_leaf_own(&g->scheme.at[*out_at]);
    return fits ? OK : err_new(c->arena, ERR_NOT_FOUND, S("no such criterion of given inputs"));
}

Err season_given_page(Ctx *c)
{
    Given     g;
    GivenView v = { 0 };
    int       at;
    TRY(given_leaf(c, RIGHT_SEASON_READ, query_str(c, "code"), &g, &at));
    return g.told ? OK : given_view(c, &g, at, &v, false, NULL, 200);
}

/* ---- Saving --------------------------------------------------------------------------------------------------------------------- */

/* What was typed for one unit. */
static Err typed_of(Ctx *c, const SchemeCriterion *x, const StrList *names, size_t unit, FieldErrors *errors, CardScore *out)
{
    Buf  b     = buf_new(c->arena, 64);
    bool first = true;
    *out = (CardScore){ .code = x->code, .manual = NAN, .points = NAN };
    buf_byte(&b, '{');
    for (size_t i = 0; i < names->len; i++) {
        Str    name = box_name(c, unit, i), text = form_str(c, arena_c(c->arena, name));
        double number;
        bool   hand = x->rule.kind == RULE_MANUAL, num = real_parse_typed(c->lang, text, &number);
        if (!text.len)
            continue;
        if (utf8_count(text) > CARD_INPUT_LETTERS || ((hand || str_ends(names->at[i], S("_se"))) && (!num || number < 0)))
            field_error(c, errors, name, text_of(c->lang, "season.inputs.number"));
        else if (hand)
            out->manual = number;
        else {
            buf_add(&b, first ? S("") : S(","));
            first = false;
            buf_json_str(&b, names->at[i]);
            buf_byte(&b, ':');
            card_typed_json(c, &b, text);
        }
    }
    buf_byte(&b, '}');
    out->inputs = buf_str(&b);
    return OK;
}

static bool same(const CardScore *x, const SeasonInput *kept)
{
    bool blank = str_eq(x->inputs, S("{}")) && isnan(x->manual);
    if (!kept)
        return blank;
    return str_eq(x->inputs, kept->x.inputs) && (x->manual == kept->x.manual || (isnan(x->manual) && isnan(kept->x.manual)));
}

/* Reads the form; changed[u] says which units differ from what is kept, over[u] what the next save is typed over. */
static Err given_read(Ctx *c, const Given *g, const SchemeCriterion *x, GivenView *v, CardScore *typed, bool *changed, int64_t *over)
{
    StrList names = input_names(c->arena, c->lang, x);
    for (size_t u = 0; u < g->units.len; u++) {
        const SeasonInput *kept = given_find(&g->kept, g->units.at[u].id, x->code);
        int64_t            newest = kept ? kept->x.revision : 0;
        str_to_i64(form_str(c, arena_c(c->arena, revision_name(c, u))), &over[u]);
        TRY(typed_of(c, x, &names, u, &v->errors, &typed[u]));
        changed[u] = !same(&typed[u], kept);
        if (changed[u] && newest != over[u]) {
            field_error(c, &v->errors, box_name(c, u, 0),
                        text_fmt(c->arena, c->lang, "season.inputs.changed", ARG_S("who", kept ? person_name_of(c, kept->x.by) : S("–")),
                                 ARG_S("unit", unit_name(&g->units.at[u], c->lang))));
            over[u] = newest;
        }
    }
    if (!v->source.len || utf8_count(v->source) > INPUT_SOURCE_LETTERS)
        field_error(c, &v->errors, S("source"), text_fmt(c->arena, c->lang, "season.inputs.source.error", ARG_N("n", INPUT_SOURCE_LETTERS)));
    return OK;
}

static Err given_audit(Ctx *c, const Given *g, const SchemeCriterion *x, Str by, int64_t n)
{
    Buf detail = buf_new(c->arena, 128);
    buf_fmt(&detail, "{\"by\":\"%.*s\",\"changed\":%lld,\"code\":", STR_ARG(by), (long long)n);
    buf_json_str(&detail, x->code);
    buf_byte(&detail, '}');
    return audit_add(c, S("season.inputs"), S("season"), g->s.id.v, g->s.owner, buf_str(&detail));
}

static Err given_done(Ctx *c, const Given *g, const SchemeCriterion *x, Str text)
{
    return redirect_notice(c, arena_fmt(c->arena, "%.*s/criterion?code=%.*s", STR_ARG(season_inputs_base(c, g->s.id)), STR_ARG(url_encode(c->arena, x->code))),
                           NOTICE_OK, text);
}

Err season_given_action(Ctx *c)
{
    Given     g;
    GivenView v = { .source = form_str(c, "source") };
    int       at;
    int64_t   n = 0;
    TRY(given_leaf(c, RIGHT_SEASON_MANAGE, form_str(c, "code"), &g, &at));
    if (g.told)
        return OK;
    const SchemeCriterion *x       = &g.scheme.at[at];
    CardScore             *typed   = arena_new(c->arena, CardScore, g.units.len);
    bool                  *changed = arena_new(c->arena, bool, g.units.len);
    int64_t               *over    = arena_new(c->arena, int64_t, g.units.len);
    TRY(given_read(c, &g, x, &v, typed, changed, over));
    if (v.errors.len)
        return given_view(c, &g, at, &v, true, over, 422);
    for (size_t u = 0; u < g.units.len; u++) {
        SeasonInput row = { g.units.at[u].id, typed[u] };
        if (!changed[u])
            continue;
        row.x.note = v.source;
        row.x.by   = c->session.person;
        row.x.at   = c->now;
        TRY(season_input_save(c->db, c->arena, g.s.id, &row, over[u]));
        n++;
    }
    TRY(given_audit(c, &g, x, S("hand"), n));
    return given_done(c, &g, x, text_fmt(c->arena, c->lang, "season.inputs.done", ARG_N("n", n)));
}

/* ---- From a published edition ------------------------------------------------------------------------------------------------ */

/* The index of each province with its standard error becomes the first input of the criterion. A province is known by what it is: before July 2025
 * code 24 was another's. */
static Err edition_take(Ctx *c, const Given *g, const SchemeCriterion *x, const Look *look, Str source, int64_t *out_n)
{
    Str code = look->top >= 0 ? look->nodes.at[look->top].code : S("");
    for (size_t u = 0; u < g->units.len && look->top >= 0; u++) {
        const Figure      *f    = look_of_unit(look, code, &g->units.at[u]);
        const SeasonInput *kept = given_find(&g->kept, g->units.at[u].id, x->code);
        Buf                b    = buf_new(c->arena, 64);
        if (!f || !look_shown(f) || isnan(f->x))
            continue;
        buf_byte(&b, '{');
        buf_json_str(&b, x->inputs[0]);
        buf_byte(&b, ':');
        buf_json_f64(&b, f->x);
        if (!isnan(f->se)) {
            buf_byte(&b, ',');
            buf_json_str(&b, str_concat(c->arena, x->inputs[0], S("_se")));
            buf_byte(&b, ':');
            buf_json_f64(&b, f->se);
        }
        buf_byte(&b, '}');
        SeasonInput row = { g->units.at[u].id, { .code = x->code, .inputs = buf_str(&b), .manual = NAN, .note = source, .by = c->session.person,
                                                 .at = c->now } };
        TRY(season_input_save(c->db, c->arena, g->s.id, &row, kept ? kept->x.revision : 0));
        ++*out_n;
    }
    return OK;
}

Err season_given_edition(Ctx *c)
{
    Given      g;
    GivenView  v = { 0 };
    EditionRow row;
    Look       look;
    int        at;
    int64_t    id = 0, n = 0;
    TRY(given_leaf(c, RIGHT_SEASON_MANAGE, form_str(c, "code"), &g, &at));
    if (g.told)
        return OK;
    const SchemeCriterion *x = &g.scheme.at[at];
    str_to_i64(form_str(c, "edition"), &id);
    Err e = edition_load(c->db, c->arena, (EditionId){ id }, &row);
    if (err_is(e, ERR_NOT_FOUND) || (!e && (!row.place.len || !x->input_count))) {
        field_error(c, &v.errors, S("edition"), text_of(c->lang, "season.inputs.edition.error"));
        return given_view(c, &g, at, &v, false, NULL, 422);
    }
    TRY(e);
    TRY(look_edition(c->db, c->store, c->arena, &row, &look));
    Str source = text_fmt(c->arena, LANG_VI, "season.evidence.edition", ARG_S("title", edition_title(&row, LANG_VI)), ARG_N("n", row.number));
    TRY(edition_take(c, &g, x, &look, source, &n));
    TRY(given_audit(c, &g, x, S("edition"), n));
    return given_done(c, &g, x, text_fmt(c->arena, c->lang, "season.inputs.taken", ARG_N("n", n), ARG_N("all", (int64_t)g.units.len)));
}
