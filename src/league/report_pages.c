/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files of a published ranking: press release as a draft to edit, infographic, results. */
#include "league/league_report.h"
#include "league/pages.h"

static Err codes_fill(Ctx *c, const LeagueBook *b, const Str **out)
{
    Str *codes = arena_new(c->arena, Str, b->league.len + 1);
    *out = NULL;
    if (!str_eq(b->unit_kind, S("province")) || !b->league.ranked)
        return OK;
    for (size_t i = 0; i < b->league.len; i++) {
        Unit u;
        TRY(unit_load(c->db, c->arena, (UnitId){ b->league.at[i].unit }, date_of(b->at), &u));
        codes[i] = u.code;
    }
    *out = codes;
    return OK;
}

static Err before_open(Ctx *c, const LeagueEdition *e, LeagueBook *old, const LeagueBook **out)
{
    LeagueEdition before;
    bool          found;
    *out = NULL;
    TRY(league_before(c->db, c->arena, e, &found, &before));
    if (found) {
        TRY(league_edition_open(c->store, c->arena, league_work(c), &before, (SchemeWords){ .silent = true }, old));
        *out = old;
    }
    return OK;
}

/* /rankings/7/1/reports/press.docx */
static Err report_file_page(Ctx *c)
{
    LeagueEdition    e;
    LeagueBook       b, old;
    LeagueReportKind kind;
    ReportFormat     format = REPORT_HTML;
    Report           r;
    Str              bytes;
    StrPair          name = str_cut(path_str(c, "name"), '.');
    if (!league_report_parse(name.head, &kind) || !report_format_parse(name.tail, &format) || format == REPORT_HTML)
        return err_new(c->arena, ERR_NOT_FOUND, S("no such report"));
    TRY(league_of_path(c, &e, &b));
    LeagueSaying s = { .lang = c->lang, .e = &e, .b = &b, .agency = e.owner.v == UNIT_ROOT && c->app->agency.len ? c->app->agency : unit_name_today(c, e.owner),
                       .href = str_concat(c->arena, site_base(c), site_path(c, league_path(c->arena, &e))) };
    TRY(before_open(c, &e, &old, &s.before));
    TRY(codes_fill(c, &b, &s.codes));
    league_report(c->arena, &s, kind, &r);
    TRY(report_write(c->arena, &r, format, &bytes));
    return answer_file(c, report_format_type(format), arena_fmt(c->arena, "xep-hang-%d-%d-%.*s.%.*s", e.year, e.number, STR_ARG(league_report_code(kind)),
                                                                STR_ARG(report_format_code(format))), bytes);
}

const Route league_report_routes[] = {
    { GET, "/rankings/{season}/{number}/reports/{name}", RIGHT_PUBLIC, report_file_page, ROUTE_CACHED },
    { 0 },
};
