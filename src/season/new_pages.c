/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opening a season: scheme, title and the calendar. */
#include "season/parts.h"
#include "season/tell.h"

#include "seasons_new.html.h"

static const char *const until_names[WINDOW_COUNT] = { "self", "appraisal", "explanation", "objection", "council" };

/* Schemes of the reader's units. */
static Err choices_fill(Ctx *c, SeasonNewView *v, int64_t chosen)
{
    SchemeRows rows;
    RightScope scope;
    TRY(scheme_list(c->db, c->arena, &rows));
    TRY(right_scope(c, RIGHT_SEASON_MANAGE, &scope));
    for (size_t i = 0; i < rows.len; i++)
        if (scope_has(&scope, rows.at[i].unit))
            *list_add(c->arena, &v->schemes) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)rows.at[i].id.v), .chosen = rows.at[i].id.v == chosen,
                .label = arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(rows.at[i].title), STR_ARG(rows.at[i].code)) };
    return OK;
}

static Err new_view(Ctx *c, SeasonNewView *v, int64_t scheme, int status)
{
    TRY(choices_fill(c, v, scheme));
    v->token      = c->page.form_token;
    c->page.error = v->errors.len > 0;
    season_crumbs(c, NULL, NULL, text_of(c->lang, "season.new"));
    Out o = page_begin(c, text_of(c->lang, "season.new"));
    seasons_new_view(&o, v);
    return page_end_status(c, &o, status);
}

Err season_new_page(Ctx *c)
{
    SeasonNewView  v = { 0 };
    SeasonCalendar k = season_calendar_from(c->today);
    v.starts = date_boxes(c->arena, k.starts);
    for (int w = 0; w < WINDOW_COUNT; w++)
        v.until[w] = date_boxes(c->arena, k.until[w]);
    return new_view(c, &v, query_int(c, "scheme", 0), 200);
}

static void calendar_read(Ctx *c, SeasonNewView *v, SeasonCalendar *k)
{
    bool good = date_typed(c, form_str, "starts", &v->starts, &k->starts) && !date_is_none(k->starts);
    if (!good)
        field_error(c, &v->errors, S("starts_day"), text_of(c->lang, "season.error.day"));
    for (int w = 0; w < WINDOW_COUNT; w++)
        if (!date_typed(c, form_str, until_names[w], &v->until[w], &k->until[w]) || date_is_none(k->until[w]) || date_ymd(k->until[w]).year > 2200) {
            field_error(c, &v->errors, arena_fmt(c->arena, "%s_day", until_names[w]), text_of(c->lang, "season.error.day"));
            good = false;
        }
    SeasonWindow fault = good ? season_calendar_fault(k) : WINDOW_COUNT;
    if (fault < WINDOW_COUNT)
        field_error(c, &v->errors, arena_fmt(c->arena, "%s_day", until_names[fault]),
                    text_fmt(c->arena, c->lang, "season.error.order", ARG_S("day", date_text(c->arena, c->lang, season_window_from(k, fault)))));
}

/* A scheme that a season can be opened under, and its units. */
static Err scheme_read_typed(Ctx *c, SeasonNewView *v, int64_t id, SchemeRow *row, Units *units)
{
    Scheme       s;
    SchemeFaults faults = { 0 };
    bool         known;
    Err          e      = id ? scheme_load(c->db, c->arena, (SchemeId){ id }, row) : err_new(c->arena, ERR_NOT_FOUND, S("none chosen"));
    if (err_is(e, ERR_NOT_FOUND) || (!e && !right_has(c, RIGHT_SEASON_MANAGE, row->unit))) {
        field_error(c, &v->errors, S("scheme"), text_of(c->lang, "season.error.scheme"));
        e = OK;
    } else if (!e && !(e = scheme_definition_read(c->db, c->arena, season_work(c), row->id, 0, &s, &faults)) && faults.len) {
        field_error(c, &v->errors, S("scheme"), text_fmt(c->arena, c->lang, "season.error.faulty",
                                                        ARG_S("fault", scheme_fault_text(c->arena, c->lang, &faults.at[0]))));
    } else if (!e && !(e = season_units(c->db, c->arena, row, c->today, &known, units)) && !units->len) {
        field_error(c, &v->errors, S("scheme"), known ? text_fmt(c->arena, c->lang, "season.error.units", ARG_S("owner", unit_name_today(c, row->unit)))
                                                      : text_of(c->lang, "season.error.kind"));
    }
    return e;
}

Err season_new_action(Ctx *c)
{
    SeasonNewView v  = { .title = form_str(c, "title") };
    Season        s  = { .title = v.title, .made_by = c->session.person, .made_at = c->now };
    SchemeRow     row;
    Units         units = { 0 };
    int64_t       id = 0;
    str_to_i64(form_str(c, "scheme"), &id);
    TRY(scheme_read_typed(c, &v, id, &row, &units));
    if (!v.title.len || v.title.len > 500)
        field_error(c, &v.errors, S("title"), text_of(c->lang, "season.error.title"));
    calendar_read(c, &v, &s.calendar);
    if (v.errors.len)
        return new_view(c, &v, id, 422);
    TRY(season_open(c->db, c->arena, &row, &units, &s));
    TRY(audit_add(c, S("season.open"), S("season"), s.id.v, s.owner, arena_fmt(c->arena, "{\"scheme\":%lld,\"version\":%lld,\"units\":%zu}",
                                                                               (long long)row.id.v, (long long)row.version, units.len)));
    TRY(season_tell_open(c, &s));
    return redirect_notice(c, season_base(c, s.id), NOTICE_OK, text_fmt(c->arena, c->lang, "season.opened", ARG_N("n", (int64_t)units.len)));
}
