/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Seasons in the console: the list, the desk of one season; the route table. Who stands below a season's owner sees the cards of their own
 * units alone. */
#include "season/input_view.h"
#include "season/appraise.h"
#include "season/remind.h"

#include "seasons_desk.html.h"
#include "seasons_list.html.h"

Str season_base(Ctx *c, SeasonId id)
{
    return arena_fmt(c->arena, "/console/seasons/%lld", (long long)id.v);
}

Str card_base(Ctx *c, CardId id)
{
    return card_path(c->arena, id);
}

Str card_path(Arena *a, CardId id)
{
    return arena_fmt(a, "/console/cards/%lld", (long long)id.v);
}

CardTag card_tag(Ctx *c, CardState s)
{
    static const struct { TagKind kind; Icon icon; } looks[CARD_STATE_COUNT] = {
        [CARD_DRAFT] = { TAG_INFO, ICON_HALF }, [CARD_SUBMITTED] = { TAG_WARN, ICON_HALF }, [CARD_EXPLAINING] = { TAG_BAD, ICON_WARN },
        [CARD_SECOND] = { TAG_WARN, ICON_HALF }, [CARD_APPRAISED] = { TAG_INFO, ICON_CHECK }, [CARD_OBJECTED] = { TAG_WARN, ICON_WARN },
        [CARD_SETTLED] = { TAG_OK, ICON_CHECK }, [CARD_LOCKED] = { TAG_OK, ICON_LOCK }, [CARD_WITHDRAWN] = { TAG_OFF, ICON_CLOSE } };
    return (CardTag){ looks[s].kind, looks[s].icon, text_find(c->lang, str_concat(c->arena, S("season.state."), card_state_code(s))) };
}

void season_crumbs(Ctx *c, const Season *s, const Card *card, Str here)
{
    page_crumb(c, text_of(c->lang, "season.title"), s || here.len ? S("/console/seasons") : S(""));
    if (s)
        page_crumb(c, s->title, card || here.len ? season_base(c, s->id) : S(""));
    if (card)
        page_crumb(c, unit_name_today(c, card->unit), here.len ? card_base(c, card->id) : S(""));
    if (here.len)
        page_crumb(c, here, S(""));
}

static Str window_name(Ctx *c, int w)
{
    return text_find(c->lang, str_concat(c->arena, S("season.window."), season_window_code((SeasonWindow)w)));
}

/* "Tự chấm, đến 30/12/2026", or that it has not begun or is over. */
static Str window_says(Ctx *c, const SeasonCalendar *k)
{
    SeasonWindow w;
    if (season_window_on(k, c->today, &w))
        return text_fmt(c->arena, c->lang, "season.now", ARG_S("window", window_name(c, w)), ARG_S("day", date_text(c->arena, c->lang, k->until[w])));
    return c->today.day < k->starts.day ? text_fmt(c->arena, c->lang, "season.before", ARG_S("day", date_text(c->arena, c->lang, k->starts)))
                                        : text_of(c->lang, "season.after");
}

static Str kind_text(Ctx *c, Str kind)
{
    UnitKind k;
    return unit_kind_parse(kind, &k) ? unit_kind_text(k, c->lang) : kind;
}

/* ---- List ----------------------------------------------------------------------------------------------------------- */

static Err list_page(Ctx *c)
{
    Seasons         rows;
    RightScope      scope;
    SeasonsListView v = { .may_open = right_has(c, RIGHT_SEASON_MANAGE, (UnitId){ 0 }) };
    TRY(season_list(c->db, c->arena, &rows));
    TRY(right_scope(c, RIGHT_SEASON_READ, &scope));
    for (size_t i = 0; i < rows.len; i++) {
        const Season *s = &rows.at[i];
        if (scope_reaches(&scope, s->owner))
            *list_add(c->arena, &v.lines) = (SeasonLine){ s, season_base(c, s->id), unit_name_today(c, s->owner), kind_text(c, s->unit_kind),
                                                          window_says(c, &s->calendar), num_text(c->arena, c->lang, s->cards) };
    }
    season_crumbs(c, NULL, NULL, S(""));
    Out o = page_begin(c, text_of(c->lang, "season.title"));
    seasons_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- The desk ---------------------------------------------------------------------------------------------------------- */

typedef enum Show { SHOW_ALL, SHOW_LATE, SHOW_STATE } Show;      /* SHOW_STATE + a state */

static int show_asked(Ctx *c)
{
    CardState s;
    Str       asked = query_str(c, "show");
    if (str_eq(asked, S("late")))
        return SHOW_LATE;
    return card_state_parse(asked, &s) ? SHOW_STATE + (int)s : SHOW_ALL;
}

static void count(Ctx *c, SeasonDeskView *v, int64_t n, Str show, Str label, bool late)
{
    Str href = show.len ? arena_fmt(c->arena, "%.*s?show=%.*s", STR_ARG(v->base), STR_ARG(show)) : v->base;
    *list_add(c->arena, &v->counts) = (CountItem){ n, label, href, late && n };
}

/* When the unit was reminded last, and by whom; empty: never. */
static Str reminded_text(Ctx *c, const RemindedList *all, CardId card)
{
    const Reminded *r = card_reminded_last(all, card);
    Str             who = r ? person_name_of(c, r->by) : S("");
    return r ? text_fmt(c->arena, c->lang, "season.reminded", ARG_S("when", time_text(c->arena, c->lang, r->at)),
                        ARG_S("who", who.len ? who : text_of(c->lang, "scheme.by_program"))) : S("");
}

static void line_add(Ctx *c, SeasonDeskView *v, const Card *x, bool late, const CardCounts *progress, const RemindedList *reminded)
{
    Date    due  = card_due(v->s, x);
    int64_t done = 0;
    for (size_t i = 0; i < progress->len; i++)
        if (progress->at[i].card.v == x->id.v)
            done = progress->at[i].done;
    *list_add(c->arena, &v->lines) = (CardLine){
        .unit = unit_name_today(c, x->unit), .href = card_base(c, x->id), .state = card_tag(c, x->state), .late = late,
        .due = date_is_none(due) ? S("–") : date_text(c->arena, c->lang, due), .extended = !date_is_none(x->extended),
        .reminded = v->whole ? reminded_text(c, reminded, x->id) : S(""),
        .changed = time_text(c->arena, c->lang, x->changed_at), .share = v->own ? (double)done / (double)v->own : 0,
        .done = text_fmt(c->arena, c->lang, "season.sign.of", ARG_N("n", done), ARG_N("all", v->own)) };
}

static Err cards_fill(Ctx *c, SeasonDeskView *v, RightScope *scope)
{
    Cards      cards;
    CardCounts progress;
    RemindedList reminded;
    int64_t all = 0, late = 0, of[CARD_STATE_COUNT] = { 0 };
    int     show = show_asked(c);
    TRY(season_cards(c->db, c->arena, v->s->id, &cards));
    TRY(season_progress(c->db, c->arena, v->s->id, &progress));
    TRY(season_reminded(c->db, c->arena, v->s->id, &reminded));
    for (size_t i = 0; i < cards.len; i++) {
        const Card *x = &cards.at[i];
        if (!scope_has(scope, x->unit))
            continue;
        bool is_late = card_late(v->s, x, c->today);
        all++;
        late += is_late;
        of[x->state]++;
        if (show == SHOW_ALL || (show == SHOW_LATE && is_late) || show == SHOW_STATE + (int)x->state)
            line_add(c, v, x, is_late, &progress, &reminded);
    }
    count(c, v, all, S(""), text_of(c->lang, "season.count.all"), false);
    count(c, v, late, S("late"), text_of(c->lang, "season.late"), true);
    for (int s = 0; s < CARD_STATE_COUNT; s++)
        if (of[s] || show == SHOW_STATE + s)
            count(c, v, of[s], card_state_code((CardState)s), card_tag(c, (CardState)s).label, false);
    if (show != SHOW_ALL)
        *list_add(c->arena, &v->chips) = (TabItem){
            .label = show == SHOW_LATE ? text_of(c->lang, "season.late") : card_tag(c, (CardState)(show - SHOW_STATE)).label, .href = v->base };
    return OK;
}

static void windows_fill(Ctx *c, SeasonDeskView *v)
{
    const SeasonCalendar *k = &v->s->calendar;
    SeasonWindow          now = WINDOW_COUNT;
    bool                  on  = season_window_on(k, c->today, &now);
    for (int w = 0; w < WINDOW_COUNT; w++) {
        Str days = text_fmt(c->arena, c->lang, "season.window.days", ARG_S("from", date_text(c->arena, c->lang, season_window_from(k, (SeasonWindow)w))),
                            ARG_S("to", date_text(c->arena, c->lang, k->until[w])));
        *list_add(c->arena, &v->windows) = (StepItem){ .label = window_name(c, w),
            .state = k->until[w].day < c->today.day ? STEP_DONE : on && w == (int)now ? STEP_NOW : STEP_LATER };
        *list_add(c->arena, &v->facts) = (SummaryRow){ .key = window_name(c, w), .value = days };
    }
}

static Err desk_page(Ctx *c)
{
    Season         s;
    SchemeRow      scheme;
    RightScope     scope;
    SeasonDeskView v = { .s = &s };
    bool           told;
    TRY(season_load(c->db, c->arena, (SeasonId){ path_int(c, "id") }, &s));
    TRY(right_scope(c, RIGHT_SEASON_READ, &scope));
    if (!scope_reaches(&scope, s.owner))
        return err_new(c->arena, ERR_FORBIDDEN, S("the season is of another unit"));
    TRY(scheme_load(c->db, c->arena, s.scheme, &scheme));
    v.whole        = scope_has(&scope, s.owner);
    v.base         = season_base(c, s.id);
    v.inputs_href  = v.whole ? season_inputs_base(c, s.id) : S("");
    v.ranking_href = right_has(c, RIGHT_SEASON_MANAGE, s.owner) ? str_concat(c->arena, v.base, S("/ranking")) : S("");
    if (right_has(c, RIGHT_SEASON_MANAGE, s.owner)) {
        v.appraisers_href = str_concat(c->arena, v.base, S("/appraisers"));
        v.remind_href     = str_concat(c->arena, v.base, S("/remind"));
    }
    v.owner        = unit_name_today(c, s.owner);
    v.says         = window_says(c, &s.calendar);
    v.scheme_title = text_fmt(c->arena, c->lang, "scheme.version.of", ARG_S("title", scheme.title), ARG_N("n", s.scheme_version));
    if (right_has(c, RIGHT_INDEX_READ, (UnitId){ 0 }) && (scheme.unit.v == UNIT_ROOT || right_has(c, RIGHT_INDEX_READ, scheme.unit)))
        v.scheme_href = arena_fmt(c->arena, "/console/schemes/%lld", (long long)scheme.id.v);
    windows_fill(c, &v);
    TRY(season_own_leaves(c, &s, &v.own, &told));
    if (told)
        return OK;
    TRY(cards_fill(c, &v, &scope));
    season_crumbs(c, &s, NULL, S(""));
    Out o = page_begin(c, s.title);
    seasons_desk_view(&o, &v);
    return page_end(c, &o);
}

const Route season_routes[] = {
    { GET,  "/seasons",             RIGHT_SEASON_READ,   list_page },
    { GET,  "/seasons/new",         RIGHT_SEASON_MANAGE, season_new_page },
    { POST, "/seasons/new",         RIGHT_SEASON_MANAGE, season_new_action },
    { GET,  "/seasons/{id}",        RIGHT_SEASON_READ,   desk_page },
    { GET,  "/seasons/{id}/inputs", RIGHT_SEASON_READ,   season_inputs_page },
    { POST, "/seasons/{id}/inputs", RIGHT_SEASON_MANAGE, season_inputs_import, ROUTE_UPLOAD },
    { GET,  "/seasons/{id}/inputs/template.xlsx", RIGHT_SEASON_MANAGE, season_inputs_file },
    { GET,  "/seasons/{id}/inputs/criterion",     RIGHT_SEASON_READ,   season_given_page },
    { POST, "/seasons/{id}/inputs/criterion",     RIGHT_SEASON_MANAGE, season_given_action },
    { POST, "/seasons/{id}/inputs/edition",       RIGHT_SEASON_MANAGE, season_given_edition },
    { GET,  "/seasons/{id}/remind", RIGHT_SEASON_MANAGE, season_remind_page },
    { POST, "/seasons/{id}/remind", RIGHT_SEASON_MANAGE, season_remind_action },
    { GET,  "/cards/{id}",          RIGHT_SEASON_READ,   card_page },
    { GET,  "/cards/{id}/extend",   RIGHT_SEASON_MANAGE, card_extend_page },
    { POST, "/cards/{id}/extend",   RIGHT_SEASON_MANAGE, card_extend_action },
    { GET,  "/cards/{id}/withdraw", RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/withdraw", RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/rejoin",   RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/rejoin",   RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/ask",       RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/ask",       RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/close",     RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/close",     RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/announce",  RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/announce",  RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/settle",    RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/settle",    RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/lock",      RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/lock",      RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/return",   RIGHT_SEASON_MANAGE, card_step_page },
    { POST, "/cards/{id}/return",   RIGHT_SEASON_MANAGE, card_step_action },
    { GET,  "/cards/{id}/criteria", RIGHT_SEASON_READ,   card_score_page },
    { POST, "/cards/{id}/criteria", RIGHT_CARD_SCORE,    card_score_action },
    { POST, "/cards/{id}/files",    RIGHT_CARD_SCORE,    card_file_action, ROUTE_UPLOAD },
    { POST, "/cards/{id}/evidence", RIGHT_CARD_SCORE,    card_evidence_action },
    { GET,  "/cards/{id}/files/{file}", RIGHT_SEASON_READ, card_file_page },
    { GET,  "/cards/{id}/sign",     RIGHT_CARD_SIGN,     card_sign_page, ROUTE_CONFIRM },
    { POST, "/cards/{id}/sign",     RIGHT_CARD_SIGN,     card_sign_action, ROUTE_CONFIRM },
    { GET,  "/seasons/{id}/appraisers", RIGHT_SEASON_MANAGE, season_appraisers_page },
    { POST, "/seasons/{id}/appraisers", RIGHT_SEASON_MANAGE, season_appraisers_action },
    { GET,  "/appraisal",           RIGHT_CARD_APPRAISE, appraisal_page },
    { GET,  "/cards/{id}/appraise", RIGHT_CARD_APPRAISE, card_appraise_page },
    { POST, "/cards/{id}/appraise", RIGHT_CARD_APPRAISE, card_appraise_action },
    { GET,  "/cards/{id}/conflict", RIGHT_CARD_APPRAISE, card_conflict_page },
    { POST, "/cards/{id}/conflict", RIGHT_CARD_APPRAISE, card_conflict_action },
    { GET,  "/cards/{id}/verdict",  RIGHT_CARD_APPRAISE, card_verdict_page },
    { POST, "/cards/{id}/verdict",  RIGHT_CARD_APPRAISE, card_verdict_action },
    { GET,  "/cards/{id}/files/{file}/view", RIGHT_SEASON_READ, card_document_page, ROUTE_FRAMED },
    { POST, "/cards/{id}/explanations", RIGHT_CARD_SCORE,  card_explain_action },
    { POST, "/cards/{id}/objections", RIGHT_CARD_SCORE,    card_objection_action },
    { GET,  "/cards/{id}/council",  RIGHT_CARD_DECIDE,   card_council_page },
    { GET,  "/cards/{id}/decision", RIGHT_CARD_DECIDE,   card_decision_page },
    { POST, "/cards/{id}/decision", RIGHT_CARD_DECIDE,   card_decision_action },
    { GET,  "/cards/{id}/answer",   RIGHT_CARD_SIGN,     card_step_page, ROUTE_CONFIRM },
    { POST, "/cards/{id}/answer",   RIGHT_CARD_SIGN,     card_step_action, ROUTE_CONFIRM },
    { GET,  "/cards/{id}/accept",   RIGHT_CARD_SIGN,     card_step_page, ROUTE_CONFIRM },
    { POST, "/cards/{id}/accept",   RIGHT_CARD_SIGN,     card_step_action, ROUTE_CONFIRM },
    { GET,  "/cards/{id}/object",   RIGHT_CARD_SIGN,     card_step_page, ROUTE_CONFIRM },
    { POST, "/cards/{id}/object",   RIGHT_CARD_SIGN,     card_step_action, ROUTE_CONFIRM },
    { GET,  "/cards/{id}/print",    RIGHT_SEASON_READ,   card_print_page },
    { 0 },
};
