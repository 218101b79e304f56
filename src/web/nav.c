/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Navigation of the public site and of the console. An entry shows only when its route exists and the
 * person holds its right, so that no entry leads nowhere. */
#include "web/parts.h"

typedef struct Entry { const char *href, *key; Right right; int level; } Entry;

static const Entry public_entries[] = {
    { "/", "web.nav.home", RIGHT_PUBLIC, 0 },           { "/results", "web.nav.results", RIGHT_PUBLIC, 0 },
    { "/surveys", "web.nav.surveys", RIGHT_PUBLIC, 0 }, { "/indices", "web.nav.indices", RIGHT_PUBLIC, 0 },
    { "/service", "web.nav.service", RIGHT_PUBLIC, 0 },
    { "/units", "web.nav.units", RIGHT_PUBLIC, 0 },     { "/methods", "web.nav.methods", RIGHT_PUBLIC, 0 },
    { "/data", "web.nav.data", RIGHT_PUBLIC, 0 },
};
static const Entry console_entries[] = {
    { "/console", "web.nav.console.home", RIGHT_SIGNED_IN, 0 },
    { "/console/inbox", "web.nav.console.inbox", RIGHT_SIGNED_IN, 1 },
    { "/console/board", "web.nav.console.board", RIGHT_BOARD_READ, 0 },
    { "/console/boards", "web.nav.console.boards", RIGHT_BOARD_READ, 1 },
    { "/console/service", "web.nav.console.lead", RIGHT_BOARD_READ, 1 },
    { "/console/forms", "web.nav.console.forms", RIGHT_FORM_READ, 0 },
    { "/console/drafts", "web.nav.console.drafts", RIGHT_FORM_MANAGE, 1 },
    { "/console/bank", "web.nav.console.bank", RIGHT_FORM_READ, 1 },
    { "/console/rounds", "web.nav.console.rounds", RIGHT_ROUND_READ, 0 },
    { "/console/field", "web.nav.console.field", RIGHT_FIELD_WORK, 0 },
    { "/console/samples", "web.nav.console.samples", RIGHT_SAMPLE_READ, 0 },
    { "/console/paper", "web.nav.console.paper", RIGHT_PAPER_READ, 0 },
    { "/console/quality", "web.nav.console.quality", RIGHT_QUALITY_READ, 0 },
    { "/console/recheck", "web.nav.console.recheck", RIGHT_RECHECK_DO, 0 },
    { "/console/analysis", "web.nav.console.analysis", RIGHT_ANALYSIS_READ, 0 },
    { "/console/editions", "web.nav.console.editions", RIGHT_EDITION_READ, 0 },
    { "/console/reports", "web.nav.console.reports", RIGHT_EDITION_READ, 1 },
    { "/console/seasons", "web.nav.console.seasons", RIGHT_SEASON_READ, 0 },
    { "/console/appraisal", "web.nav.console.appraisal", RIGHT_CARD_APPRAISE, 1 },
    { "/console/schemes", "web.nav.console.schemes", RIGHT_INDEX_READ, 1 },
    { "/console/indices", "web.nav.console.indices", RIGHT_INDEX_READ, 1 },
    { "/console/service/tokens", "web.nav.console.service", RIGHT_SERVICE_MANAGE, 0 },
    { "/console/methods", "web.nav.console.methods", RIGHT_FORM_READ, 0 },
    { "/console/jobs", "web.nav.console.jobs", RIGHT_SIGNED_IN, 0 },
    { "/console/units", "web.nav.console.units", RIGHT_UNIT_READ, 0 },
    { "/console/users", "web.nav.console.people", RIGHT_PERSON_READ, 0 },
    { "/console/rights", "web.nav.console.rights", RIGHT_PERSON_READ, 0 },
    { "/console/delegations", "web.nav.console.delegations", RIGHT_PERSON_READ, 0 },
    { "/console/sessions", "web.nav.console.sessions", RIGHT_PERSON_MANAGE, 0 },
    { "/console/audit", "web.nav.console.audit", RIGHT_AUDIT_READ, 0 },
    { "/console/health", "web.nav.console.health", RIGHT_SYSTEM_READ, 0 },
};

/* Pages whose address does not begin with their entry's: beginning of the route, entry. The first that fits counts. */
static const struct { const char *route, *entry; } kin[] = {
    { "/cards/{id}/appraise", "/console/appraisal" }, { "/cards/{id}/verdict", "/console/appraisal" },
    { "/cards/{id}/conflict", "/console/appraisal" }, { "/cards/", "/console/seasons" },
    { "/report-templates", "/console/reports" }, { "/field/desk/", "/console/rounds" },
    { "/field/claims/", "/console/rounds" },     { "/recheck/draws/", "/console/quality" },
    { "/rankings", "/indices" },                  { "/service/files", "/console/service/tokens" },
};

/* The address by which a page finds its entry: its own, or that of the entry it belongs to. */
static Str place_of(const Ctx *c, Str path)
{
    for (size_t i = 0; c->route && i < COUNT_OF(kin); i++)
        if (str_starts(str_from_c(c->route->path), str_from_c(kin[i].route)))
            return str_from_c(kin[i].entry);
    return path;
}

/* The entry this page's address begins with. */
static bool is_current(Str href, Str path)
{
    if (path.len > 1 && path.at[path.len - 1] == '/')
        path.len--;
    if (str_eq(href, S("/")) || str_eq(href, S("/console")))
        return str_eq(path, href);
    return str_starts(path, href) && (path.len == href.len || path.at[href.len] == '/');
}

static Str bare_path(Str path)
{
    if (str_eq(path, S("/en")) || str_eq(path, S("/en/")))
        return S("/");
    return str_starts(path, S("/en/")) ? str_skip(path, 3) : path;
}

void nav_fill(Ctx *c)
{
    bool         console = c->page.kind == PAGE_CONSOLE;
    const Entry *e       = console ? console_entries : public_entries;
    size_t       n       = console ? COUNT_OF(console_entries) : COUNT_OF(public_entries);
    if (c->page.kind != PAGE_CONSOLE && c->page.kind != PAGE_PUBLIC)
        return;
    Str place = place_of(c, bare_path(c->req->path));
    for (size_t i = 0; i < n; i++) {
        Str href = str_from_c(e[i].href);
        if (!route_find(c->app, c->arena, GET, href).route)
            continue;
        if (e[i].right != RIGHT_PUBLIC && !right_has(c, e[i].right, (UnitId){ 0 }))
            continue;
        *list_add(c->arena, &c->page.nav) = (NavItem){
            .label = text_find(c->lang, str_from_c(e[i].key)), .href = site_path(c, href),
            .current = is_current(href, place), .level = e[i].level };
    }
}
