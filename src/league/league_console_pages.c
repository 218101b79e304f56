/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The ranking of a season in the console: as it stands, its rules, its editions. Before an edition only who runs the season sees it. */
#include "league/pages.h"

#include "scheme/console.h"

#include "league_console.html.h"

#include <math.h>

enum { MISSING_SHOWN = 60, WORK_ROOM = 4 << 20 };

Arena league_work(Ctx *c)
{
    char *at = arena_new(c->arena, char, WORK_ROOM);
    return (Arena){ .at = at, .end = at + WORK_ROOM, .base = at, .full = c->arena->full };
}

static Str base_of(Ctx *c, const Season *s)
{
    return arena_fmt(c->arena, "/console/seasons/%lld/ranking", (long long)s->id.v);
}

static Str season_href(Ctx *c, const Season *s)
{
    return arena_fmt(c->arena, "/console/seasons/%lld", (long long)s->id.v);
}

static void crumbs(Ctx *c, const Season *s, Str here)
{
    page_crumb(c, text_of(c->lang, "season.title"), S("/console/seasons"));
    page_crumb(c, s->title, season_href(c, s));
    page_crumb(c, text_of(c->lang, "league.title"), here.len ? base_of(c, s) : S(""));
    if (here.len)
        page_crumb(c, here, S(""));
}

/* *told: today's checks refuse the scheme, and its faults have been answered. */
static Err season_of_path(Ctx *c, Season *s, Scheme *scheme, bool *told)
{
    SchemeRow row;
    TRY(season_load(c->db, c->arena, (SeasonId){ path_int(c, "id") }, s));
    TRY(right_need(c, RIGHT_SEASON_MANAGE, s->owner));
    TRY(scheme_load(c->db, c->arena, s->scheme, &row));
    return scheme_opened(c, &row, s->scheme_version, scheme, told);
}

static Err gather(Ctx *c, const Season *s, LeagueBook *b, LeagueMissings *missing)
{
    return league_gather(c->db, c->arena, league_work(c), s, (SchemeWords){ .silent = true }, b, missing);
}

/* ---- The desk ------------------------------------------------------------------------------------------------------------- */

static void fact(Ctx *c, DeskView *v, const char *key, Str value)
{
    *list_add(c->arena, &v->rules) = (SummaryRow){ .key = text_find(c->lang, str_from_c(key)), .value = value };
}

static Str groups_text(Arena *a, Lang l, const LeagueRules *r, Str between)
{
    Buf b = buf_new(a, 128);
    for (size_t i = 0; i < r->groups.len; i++)
        buf_fmt(&b, "%.*s%.*s: %.*s", i ? (int)between.len : 0, between.at, STR_ARG(r->groups.at[i].name),
                STR_ARG(real_text(a, l, r->groups.at[i].from, fmod(r->groups.at[i].from, 1) ? 2 : 0)));
    return buf_str(&b);
}

static void rules_fill(Ctx *c, DeskView *v, const LeagueRules *r)
{
    Str ties = text_find(c->lang, str_concat(c->arena, S("league.ties."), league_ties_code(r->ties)));
    if (r->ties == TIES_CRITERIA)
        ties = arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(ties), STR_ARG(str_join(c->arena, r->by.at, r->by.len, S(", "))));
    fact(c, v, "league.ties", ties);
    fact(c, v, "league.groups", groups_text(c->arena, c->lang, r, S("; ")));
    fact(c, v, "league.without", num_text(c->arena, c->lang, (int64_t)r->without.len));
    fact(c, v, "league.seed", arena_fmt(c->arena, "%llu", (unsigned long long)r->seed));
}

static void missing_fill(Ctx *c, DeskView *v, const LeagueMissings *missing)
{
    for (size_t i = 0; i < missing->len && i < MISSING_SHOWN; i++) {
        const LeagueMissing *m = &missing->at[i];
        Str why = str_eq(m->why, S("open")) ? text_of(c->lang, "league.missing.open")
                  : text_fmt(c->arena, c->lang, "league.missing.points", ARG_S("code", m->why));
        *list_add(c->arena, &v->missing) = (TabItem){ .label = str_join(c->arena, (Str[]){ m->unit, why }, 2, S(": ")),
                                                      .href = arena_fmt(c->arena, "/console/cards/%lld", (long long)m->card.v) };
    }
    v->missing_more = missing->len > MISSING_SHOWN ? (int64_t)(missing->len - MISSING_SHOWN) : 0;
}

static void editions_fill(Ctx *c, DeskView *v, const LeagueEditions *rows)
{
    for (size_t i = rows->len; i-- > 0;) {
        const LeagueEdition *e = &rows->at[i];
        *list_add(c->arena, &v->editions) = (EditionLine){ text_fmt(c->arena, c->lang, "league.edition.n", ARG_N("n", e->number)), league_path(c->arena, e),
            time_text(c->arena, c->lang, e->at), e->by.v ? person_name_of(c, e->by) : text_of(c->lang, "scheme.by_program"), e->reason };
    }
}

static Err desk_page(Ctx *c)
{
    Season         s;
    Scheme         scheme;
    LeagueBook     b;
    LeagueMissings missing;
    LeagueEditions editions;
    bool           told;
    TRY(season_of_path(c, &s, &scheme, &told));
    if (told)
        return OK;
    DeskView v = { .s = &s, .base = base_of(c, &s), .season_href = season_href(c, &s) };
    TRY(gather(c, &s, &b, &missing));
    TRY(league_of_season(c->db, c->arena, s.id, &editions));
    v.publish      = text_fmt(c->arena, c->lang, "league.publish.n", ARG_N("n", (int64_t)editions.len + 1));
    v.publish_href = str_concat(c->arena, v.base, S("/publish"));
    v.why_not      = missing.len ? text_of(c->lang, "league.publish.missing") : b.league.ranked ? S("") : text_of(c->lang, "league.publish.nobody");
    v.mean         = league_points_text(c->arena, c->lang, b.league.mean);
    v.lines        = league_lines(c->arena, c->lang, &b.league, S(""), NULL);
    rules_fill(c, &v, &b.league.rules);
    missing_fill(c, &v, &missing);
    editions_fill(c, &v, &editions);
    crumbs(c, &s, S(""));
    Out o = page_begin(c, text_of(c->lang, "league.title"));
    league_desk_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Rules ---------------------------------------------------------------------------------------------------------------- */

static Err rules_view(Ctx *c, const Season *s, RulesView *v, const LeagueRules *r, int status)
{
    Cards cards;
    Str   title = text_of(c->lang, "league.rules");
    v->s      = s;
    v->base   = base_of(c, s);
    v->action = str_concat(c->arena, v->base, S("/rules"));
    v->token  = c->page.form_token;
    for (int t = 0; t < TIES_COUNT; t++)
        *list_add(c->arena, &v->ties) = (Choice){ .value = league_ties_code((LeagueTies)t), .chosen = r->ties == (LeagueTies)t,
            .label = text_find(c->lang, str_concat(c->arena, S("league.ties."), league_ties_code((LeagueTies)t))) };
    TRY(season_cards(c->db, c->arena, s->id, &cards));
    for (size_t i = 0; i < cards.len; i++)
        *list_add(c->arena, &v->without) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)cards.at[i].unit.v),
                                                     .label = unit_name_today(c, cards.at[i].unit),
                                                     .chosen = league_without(r, cards.at[i].unit.v) };
    c->page.error = v->errors.len > 0;
    crumbs(c, s, title);
    Out o = page_begin(c, title);
    league_rules_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err rules_page(Ctx *c)
{
    Season      s;
    Scheme      scheme;
    LeagueRules r;
    int64_t     revision;
    bool        told;
    TRY(season_of_path(c, &s, &scheme, &told));
    if (told)
        return OK;
    TRY(league_rules_load(c->db, c->arena, &s, &r, &revision));
    RulesView v = { .by = str_join(c->arena, r.by.at, r.by.len, S(", ")), .groups = groups_text(c->arena, c->lang, &r, S("\n")),
                    .seed = arena_fmt(c->arena, "%llu", (unsigned long long)r.seed), .revision = arena_fmt(c->arena, "%lld", (long long)revision) };
    return rules_view(c, &s, &v, &r, 200);
}

/* "A: 90" a line, bounds falling. */
static void groups_read(Ctx *c, RulesView *v, LeagueRules *r)
{
    double before = INFINITY;
    bool   good   = true;
    for (Str rest = v->groups; rest.len;) {
        StrPair line = str_cut(rest, '\n'), parts = str_cut(str_trim(line.head), ':');
        Str     name = str_trim(parts.head);
        double  from;
        rest = line.tail;
        if (!str_trim(line.head).len)
            continue;
        bool fits = name.len && name.len <= 40 && real_parse_typed(c->lang, str_trim(parts.tail), &from) && from >= 0 && from <= 200 && from < before;
        good &= fits && r->groups.len < LEAGUE_GROUPS;
        if (!good)
            break;
        before = from;
        *list_add(c->arena, &r->groups) = (LeagueGroup){ name, from };
    }
    if (!good)
        field_error(c, &v->errors, S("groups"), text_of(c->lang, "league.groups.error"));
}

static void codes_read(Ctx *c, RulesView *v, const Scheme *s, LeagueRules *r)
{
    for (Str rest = v->by; rest.len;) {
        StrPair next = str_cut(rest, ',');
        Str     code = str_trim(next.head);
        rest = next.tail;
        if (code.len && (scheme_find(s, code) < 0 || r->by.len == LEAGUE_TIE_CODES)) {
            field_error(c, &v->errors, S("by"), text_fmt(c->arena, c->lang, "league.by.error", ARG_S("code", code)));
            return;
        }
        if (code.len)
            *list_add(c->arena, &r->by) = code;
    }
    if (r->ties == TIES_CRITERIA && !r->by.len)
        field_error(c, &v->errors, S("by"), text_of(c->lang, "league.by.missing"));
}

static void rules_read(Ctx *c, RulesView *v, const Scheme *scheme, LeagueRules *r)
{
    StrList units = { 0 };
    int64_t n;
    if (!league_ties_parse(form_str(c, "ties"), &r->ties))
        field_error(c, &v->errors, S("ties"), text_of(c->lang, "league.ties.error"));
    codes_read(c, v, scheme, r);
    groups_read(c, v, r);
    if (str_to_i64(v->seed, &n) && n >= 0)
        r->seed = (uint64_t)n;
    else
        field_error(c, &v->errors, S("seed"), text_of(c->lang, "league.seed.error"));
    form_all(c, "without", &units);
    for (size_t i = 0; i < units.len && i < LEAGUE_WITHOUT; i++)
        if (str_to_i64(units.at[i], &n))
            *list_add(c->arena, &r->without) = n;
}

static Err rules_action(Ctx *c)
{
    Season      s;
    Scheme      scheme;
    LeagueRules r = { 0 };
    int64_t     seen = 0;
    bool        told;
    RulesView   v = { .by = form_str(c, "by"), .groups = form_str(c, "groups"), .seed = form_str(c, "seed"), .revision = form_str(c, "revision") };
    TRY(season_of_path(c, &s, &scheme, &told));
    if (told)
        return OK;
    rules_read(c, &v, &scheme, &r);
    str_to_i64(v.revision, &seen);
    if (!v.errors.len) {
        LeagueRules now;
        int64_t     newest;
        TRY(league_rules_load(c->db, c->arena, &s, &now, &newest));
        if (newest != seen) {
            field_error(c, &v.errors, S("groups"), text_of(c->lang, "league.rules.changed"));
            v.revision = arena_fmt(c->arena, "%lld", (long long)newest);
        }
    }
    if (v.errors.len)
        return rules_view(c, &s, &v, &r, 422);
    TRY(league_rules_save(c->db, c->arena, s.id, &r, seen, c->session.person, c->now));
    Buf detail = buf_new(c->arena, 512);
    league_rules_write(&detail, &r);
    TRY(audit_add(c, S("league.rules"), S("season"), s.id.v, s.owner, str_trim(buf_str(&detail))));
    return redirect_notice(c, base_of(c, &s), NOTICE_OK, text_of(c->lang, "league.rules.saved"));
}

/* ---- Publishing ------------------------------------------------------------------------------------------------------------ */

typedef struct Publication { Season s; Scheme scheme; LeagueBook now, before; bool told, ready; int64_t number; } Publication;

static Err publication_of(Ctx *c, Publication *p)
{
    LeagueMissings missing;
    LeagueEditions rows;
    *p = (Publication){ 0 };
    TRY(season_of_path(c, &p->s, &p->scheme, &p->told));
    if (p->told)
        return OK;
    TRY(gather(c, &p->s, &p->now, &missing));
    TRY(league_of_season(c->db, c->arena, p->s.id, &rows));
    p->number     = (int64_t)rows.len + 1;
    p->now.number = (int)p->number;
    p->ready      = !missing.len && p->now.league.ranked > 0;
    if (rows.len)
        TRY(league_edition_open(c->store, c->arena, league_work(c), &rows.at[rows.len - 1], (SchemeWords){ .silent = true }, &p->before));
    return OK;
}

static Err publish_view(Ctx *c, const Publication *p, Str reason, const FieldErrors *errors, int status)
{
    Str title = text_fmt(c->arena, c->lang, "league.publish.n", ARG_N("n", p->number)), base = base_of(c, &p->s);
    LIST(SummaryRow) rows = { 0 };
    *list_add(c->arena, &rows) = (SummaryRow){ .key = text_of(c->lang, "season.name"), .value = p->s.title };
    *list_add(c->arena, &rows) = (SummaryRow){ .key = text_of(c->lang, "league.ranked"), .value = num_text(c->arena, c->lang, (int64_t)p->now.league.ranked) };
    for (size_t i = 0; i < p->now.league.ranked && i < 3; i++)
        *list_add(c->arena, &rows) = (SummaryRow){ .key = text_fmt(c->arena, c->lang, "league.place", ARG_N("n", p->now.league.at[i].rank)),
            .value = str_join(c->arena, (Str[]){ p->now.league.at[i].name,
                              league_points_text(c->arena, c->lang, p->now.league.at[i].result.total) }, 2, S(" – ")) };
    if (p->number > 1)
        *list_add(c->arena, &rows) = (SummaryRow){ .key = text_of(c->lang, "league.changes"),
            .value = num_text(c->arena, c->lang, (int64_t)league_changes(c->arena, &p->before, &p->now).len) };
    c->page.error = errors && errors->len > 0;
    crumbs(c, &p->s, title);
    Out o = page_begin(c, title);
    confirm_page(&o, &(ConfirmPage){ .title = title, .text = text_of(c->lang, "league.publish.text"), .warning = text_of(c->lang, "league.publish.warning"),
        .rows = rows.at, .n = rows.len, .action = str_concat(c->arena, base, S("/publish")), .token = c->page.form_token, .back_href = base, .button = title,
        .ask_reason = p->number > 1, .reason = reason, .errors = errors });
    return page_end_status(c, &o, status);
}

static Err publish_page(Ctx *c)
{
    Publication p;
    TRY(publication_of(c, &p));
    if (p.told)
        return OK;
    if (!p.ready)
        return redirect_notice(c, base_of(c, &p.s), NOTICE_INFO, text_of(c->lang, "league.publish.missing"));
    return publish_view(c, &p, S(""), NULL, 200);
}

static Err publish_action(Ctx *c)
{
    Publication   p;
    FieldErrors   errors = { 0 };
    LeagueEdition e;
    Str           reason = form_str(c, "reason");
    TRY(publication_of(c, &p));
    if (p.told)
        return OK;
    if (!p.ready)
        return redirect_notice(c, base_of(c, &p.s), NOTICE_INFO, text_of(c->lang, "league.publish.missing"));
    if (p.number > 1 && !reason.len)
        field_error(c, &errors, S("reason"), text_of(c->lang, "season.reason.error"));
    if (p.number > 1 && !errors.len && !league_changes(c->arena, &p.before, &p.now).len)
        field_error(c, &errors, S("reason"), text_of(c->lang, "league.publish.same"));
    if (errors.len)
        return publish_view(c, &p, reason, &errors, 422);
    p.now.reason = p.number > 1 ? reason : S("");
    p.now.at     = c->now;
    TRY(league_publish(c->db, c->store, c->arena, c->app, &p.now, p.number > 1 ? &p.before : NULL, c->session.person, &e));
    Buf detail = buf_new(c->arena, 256);
    buf_fmt(&detail, "{\"number\":%d,\"sha256\":\"%.*s\",\"reason\":", e.number, STR_ARG(e.package_sha));
    buf_json_str(&detail, p.now.reason);
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("league.publish"), S("season"), p.s.id.v, p.s.owner, buf_str(&detail)));
    return redirect_notice(c, base_of(c, &p.s), NOTICE_OK, text_fmt(c->arena, c->lang, "league.published", ARG_N("n", e.number)));
}

const Route league_console_routes[] = {
    { GET,  "/seasons/{id}/ranking",         RIGHT_SEASON_MANAGE, desk_page },
    { GET,  "/seasons/{id}/ranking/rules",   RIGHT_SEASON_MANAGE, rules_page },
    { POST, "/seasons/{id}/ranking/rules",   RIGHT_SEASON_MANAGE, rules_action },
    { GET,  "/seasons/{id}/ranking/publish", RIGHT_SEASON_MANAGE, publish_page, ROUTE_CONFIRM },
    { POST, "/seasons/{id}/ranking/publish", RIGHT_SEASON_MANAGE, publish_action, ROUTE_CONFIRM },
    { 0 },
};
