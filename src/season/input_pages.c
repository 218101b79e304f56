/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inputs given by whoever runs a season: the overview, and files there and back. A file is taken whole or not at all. */
#include "season/input_view.h"
#include "season/work.h"

#include "seasons_inputs.html.h"

#include <math.h>

enum { INPUT_FILE_BYTES = 4 << 20 };

Str season_inputs_base(Ctx *c, SeasonId id)
{
    return str_concat(c->arena, season_base(c, id), S("/inputs"));
}

const SeasonInput *given_find(const SeasonInputs *kept, UnitId unit, Str code)
{
    for (size_t i = 0; i < kept->len; i++)
        if (kept->at[i].unit.v == unit.v && str_eq(kept->at[i].x.code, code))
            return &kept->at[i];
    return NULL;
}

Err given_of_path(Ctx *c, Right right, Given *out)
{
    Cards cards;
    *out = (Given){ 0 };
    TRY(season_load(c->db, c->arena, (SeasonId){ path_int(c, "id") }, &out->s));
    TRY(right_need(c, right, out->s.owner));
    TRY(season_scheme(c, &out->s, &out->scheme, &out->told));
    if (out->told)
        return OK;
    TRY(season_cards(c->db, c->arena, out->s.id, &cards));
    TRY(season_inputs(c->db, c->arena, out->s.id, (UnitId){ 0 }, &out->kept));
    for (size_t i = 0; i < cards.len; i++)
        if (cards.at[i].state != CARD_WITHDRAWN)
            TRY(unit_load(c->db, c->arena, cards.at[i].unit, c->today, list_add(c->arena, &out->units)));
    return OK;
}

static Str done_text(Ctx *c, int64_t n, int64_t all)
{
    return text_fmt(c->arena, c->lang, "season.sign.of", ARG_N("n", n), ARG_N("all", all));
}

static void lines_fill(Ctx *c, const Given *g, InputsView *v)
{
    for (size_t i = 0; i < g->scheme.len; i++) {
        const SchemeCriterion *x = &g->scheme.at[i];
        int64_t n = 0;
        if (x->group || season_leaf_own(x))
            continue;
        for (size_t u = 0; u < g->units.len; u++)
            n += given_find(&g->kept, g->units.at[u].id, x->code) != NULL;
        *list_add(c->arena, &v->lines) = (GivenLine){ .code = x->code, .name = x->name, .done = done_text(c, n, (int64_t)g->units.len),
            .href = arena_fmt(c->arena, "%.*s/criterion?code=%.*s", STR_ARG(v->base), STR_ARG(url_encode(c->arena, x->code))),
            .method = text_find(c->lang, str_concat(c->arena, S("scheme.method."), scheme_method_code(x->method))),
            .share = g->units.len ? (double)n / (double)g->units.len : 0 };
    }
}

static Err inputs_view(Ctx *c, const Given *g, InputsView *v, int status)
{
    v->s     = &g->s;
    v->base  = season_inputs_base(c, g->s.id);
    v->token = c->page.form_token;
    v->may_manage = right_has(c, RIGHT_SEASON_MANAGE, g->s.owner);
    lines_fill(c, g, v);
    c->page.error = v->errors.len > 0;
    season_crumbs(c, &g->s, NULL, text_of(c->lang, "season.inputs.title"));
    Out o = page_begin(c, text_of(c->lang, "season.inputs.title"));
    seasons_inputs_view(&o, v);
    return page_end_status(c, &o, status);
}

Err season_inputs_page(Ctx *c)
{
    Given      g;
    InputsView v = { 0 };
    TRY(given_of_path(c, RIGHT_SEASON_READ, &g));
    return g.told ? OK : inputs_view(c, &g, &v, 200);
}

Err season_inputs_file(Ctx *c)
{
    Given g;
    Str   bytes;
    TRY(given_of_path(c, RIGHT_SEASON_MANAGE, &g));
    if (g.told)
        return OK;
    TRY(inputs_file_write(c->arena, c->lang, &g.scheme, &g.units, &g.kept, &bytes));
    return answer_file(c, S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), arena_fmt(c->arena, "so-lieu-%d.xlsx", g.s.year), bytes);
}

static void faults_tell(Ctx *c, InputsView *v, const InputFaults *faults)
{
    v->fault_count = (int64_t)faults->all;
    for (size_t i = 0; i < faults->len; i++)
        *list_add(c->arena, &v->faults) = (InputFaultLine){ faults->at[i].line ? num_text(c->arena, c->lang, faults->at[i].line) : S("–"),
            faults->at[i].column.len ? faults->at[i].column : S("–"), input_fault_text(c->arena, c->lang, &faults->at[i]) };
    if (v->fault_count)
        field_error(c, &v->errors, S("file"), text_fmt(c->arena, c->lang, "season.inputs.bad", ARG_N("n", v->fault_count)));
}

/* What the file changes. */
static Err rows_save(Ctx *c, const Given *g, SeasonInputs *rows, Str source, int64_t *out_changed)
{
    *out_changed = 0;
    for (size_t i = 0; i < rows->len; i++) {
        SeasonInput       *x    = &rows->at[i];
        const SeasonInput *kept = given_find(&g->kept, x->unit, x->x.code);
        if (kept && inputs_same(kept, x) && str_eq(kept->x.note, source))
            continue;
        x->x.note = source;
        x->x.by   = c->session.person;
        x->x.at   = c->now;
        TRY(season_input_save(c->db, c->arena, g->s.id, x, kept ? kept->x.revision : 0));
        ++*out_changed;
    }
    return OK;
}

Err season_inputs_import(Ctx *c)
{
    Given        g;
    InputsView   v = { .source = form_str(c, "source") };
    InputFaults  faults = { 0 };
    SeasonInputs rows = { 0 };
    int64_t      changed;
    TRY(given_of_path(c, RIGHT_SEASON_MANAGE, &g));
    if (g.told)
        return OK;
    const HttpPart *part = form_file(c, "file");
    if (!part || !part->size)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "season.inputs.file.missing"));
    else if (part->size > INPUT_FILE_BYTES)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "season.inputs.file.large"));
    else if (!inputs_file_read(c->arena, c->lang, part_bytes(c->arena, part), &g.scheme, &g.units, &rows, &faults))
        faults_tell(c, &v, &faults);
    else {
        inputs_file_stale(c->arena, &g.units, &rows, &g.kept, &faults);
        faults_tell(c, &v, &faults);
    }
    if (utf8_count(v.source) > INPUT_SOURCE_LETTERS || !v.source.len)
        field_error(c, &v.errors, S("source"), text_fmt(c->arena, c->lang, "season.inputs.source.error", ARG_N("n", INPUT_SOURCE_LETTERS)));
    if (v.errors.len)
        return inputs_view(c, &g, &v, 422);
    TRY(rows_save(c, &g, &rows, v.source, &changed));
    TRY(audit_add(c, S("season.inputs"), S("season"), g.s.id.v, g.s.owner, arena_fmt(c->arena, "{\"by\":\"file\",\"changed\":%lld}", (long long)changed)));
    return redirect_notice(c, season_inputs_base(c, g.s.id), NOTICE_OK, text_fmt(c->arena, c->lang, "season.inputs.done", ARG_N("n", changed)));
}
