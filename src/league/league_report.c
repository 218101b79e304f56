/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rankings in words, tables and drawings for people who read no league table: what is published, who leads, who rose and fell. */
#include "league/league_report.h"
#include "league/pages.h"

#include <math.h>
#include <stdlib.h>

enum { NAMED = 3, DRAWN = 12 };                /* units named of those that rose or fell; bars of an infographic */

static const Str kinds[LEAGUE_REPORT_COUNT] = { S_INIT("press"), S_INIT("infographic"), S_INIT("results") };

Str league_report_code(LeagueReportKind k) { return kinds[k]; }

bool league_report_parse(Str code, LeagueReportKind *out)
{
    for (int k = 0; k < LEAGUE_REPORT_COUNT; k++)
        if (str_eq(code, kinds[k])) {
            *out = (LeagueReportKind)k;
            return true;
        }
    return false;
}

typedef struct Telling { Arena *a; const LeagueSaying *s; const League *l; Report *r; Lang lang; } Telling;

static ReportPart *add(Telling *t, ReportPartKind kind)
{
    ReportPart *p = list_add(t->a, &t->r->parts);
    *p = (ReportPart){ .kind = kind };
    return p;
}

static void say(Telling *t, ReportPartKind kind, Str text)
{
    ReportPart *p = add(t, kind);
    *list_add(t->a, &p->runs) = (ReportRun){ .text = text, .bold = kind == PART_TITLE };
}

static void head2(Telling *t, Str text)
{
    say(t, PART_HEADING, text);
    t->r->parts.at[t->r->parts.len - 1].level = 1;
}

static Str points(Telling *t, double x) { return league_points_text(t->a, t->lang, x); }
static Str total_of(Telling *t, const LeagueRow *r) { return points(t, r->result.total); }

/* ---- What it says ---------------------------------------------------------------------------------------------------- */

static void lead_add(Telling *t)
{
    const League *l = t->l;
    if (!l->ranked)
        return;
    say(t, PART_TEXT, text_fmt(t->a, t->lang, "league.report.lead", ARG_S("agency", t->s->agency), ARG_S("title", t->s->e->title),
                               ARG_N("n", (int64_t)l->ranked), ARG_S("mean", points(t, l->mean)),
                               ARG_S("max", scheme_num(t->a, (SchemeWords){ .lang = t->lang }, t->s->b->scheme.max))));
    Str names[NAMED], text = S("");
    size_t n = 0;
    for (size_t i = 0; i < l->ranked && n < NAMED; i++)
        names[n++] = text_fmt(t->a, t->lang, "league.report.named", ARG_S("unit", l->at[i].name), ARG_S("total", total_of(t, &l->at[i])));
    text = str_join(t->a, names, n, S("; "));
    say(t, PART_TEXT, text_fmt(t->a, t->lang, "league.report.leaders", ARG_S("names", text)));
    for (size_t g = 0; g < l->rules.groups.len; g++) {
        int64_t count = 0;
        for (size_t i = 0; i < l->ranked; i++)
            count += l->at[i].group == (int)g;
        if (count)
            say(t, PART_ITEM, text_fmt(t->a, t->lang, "league.group.count", ARG_S("name", l->rules.groups.at[g].name), ARG_N("n", count),
                                       ARG_S("from", real_text(t->a, t->lang, l->rules.groups.at[g].from, fmod(l->rules.groups.at[g].from, 1) ? 2 : 0))));
    }
}

/* The mean share of its maximum that the ranked units reach in each domain; the highest and the lowest are named. */
static void domains_add(Telling *t)
{
    const League *l    = t->l;
    double        high = -1, low = 2;
    size_t        best = 0, worst = 0;
    for (size_t d = 0; d < l->domains; d++) {
        double sum = 0;
        size_t n   = 0;
        for (size_t i = 0; i < l->ranked; i++) {
            const SchemeScore *x = &l->at[i].result.at[l->domain[d]];
            if (x->state == STATE_SCORED && x->max > 0) {
                sum += x->points / x->max;
                n++;
            }
        }
        if (n && sum / (double)n > high)
            high = sum / (double)n, best = d;
        if (n && sum / (double)n < low)
            low = sum / (double)n, worst = d;
    }
    if (high < 0 || best == worst)
        return;
    const Scheme *s = &t->s->b->scheme;
    say(t, PART_TEXT, text_fmt(t->a, t->lang, "league.report.domains", ARG_S("best", s->at[l->domain[best]].name),
                               ARG_S("high", real_text(t->a, t->lang, 100 * high, 1)),
                               ARG_S("worst", s->at[l->domain[worst]].name), ARG_S("low", real_text(t->a, t->lang, 100 * low, 1))));
}

/* ---- Since the year before --------------------------------------------------------------------------------------------- */

static const LeagueRow *row_before(const LeagueSaying *s, int64_t unit)
{
    return s->before ? league_row(&s->before->league, unit) : NULL;
}

/* Ranks up since the year before; 0 where one of the two is not there. */
static int rise_of(const LeagueSaying *s, const LeagueRow *now)
{
    const LeagueRow *was = row_before(s, now->unit);
    return was && was->rank && now->rank ? was->rank - now->rank : 0;
}

typedef struct Move { const LeagueRow *row; int up; } Move;

static int by_rise(const void *x, const void *y)
{
    const Move *a = x, *b = y;
    return a->up != b->up ? (a->up < b->up ? 1 : -1) : (a->row->rank > b->row->rank) - (a->row->rank < b->row->rank);
}

static Str move_words(Telling *t, const Move *x)
{
    TextArg args[] = { ARG_S("unit", x->row->name), ARG_N("n", abs(x->up)), ARG_N("from", x->row->rank + x->up), ARG_N("to", x->row->rank) };
    return text_fill(t->a, t->lang, x->up > 0 ? text_of(t->lang, "league.report.moved") : text_of(t->lang, "league.report.moved.down"), args, COUNT_OF(args));
}

static Str moved_names(Telling *t, const Move *m, size_t n, bool up)
{
    Str    names[NAMED];
    size_t k = 0;
    for (size_t i = 0; i < n && k < NAMED; i++) {
        const Move *x = up ? &m[i] : &m[n - 1 - i];
        if (up ? x->up > 0 : x->up < 0)
            names[k++] = move_words(t, x);
    }
    return str_join(t->a, names, k, S("; "));
}

static void changes_add(Telling *t)
{
    Move *m = arena_new(t->a, Move, t->l->ranked + 1);
    for (size_t i = 0; i < t->l->ranked; i++)
        m[i] = (Move){ &t->l->at[i], rise_of(t->s, &t->l->at[i]) };
    if (!t->s->before || !t->l->ranked)
        return;
    qsort(m, t->l->ranked, sizeof *m, by_rise);
    Str up = moved_names(t, m, t->l->ranked, true), down = moved_names(t, m, t->l->ranked, false), year = arena_fmt(t->a, "%d", t->s->before->year);
    if (up.len)
        say(t, PART_TEXT, text_fmt(t->a, t->lang, "league.report.risen", ARG_S("year", year), ARG_S("names", up)));
    if (down.len)
        say(t, PART_TEXT, text_fmt(t->a, t->lang, "league.report.fallen", ARG_S("year", year), ARG_S("names", down)));
}

static void facts_add(Telling *t)
{
    const League *l = t->l;
    ReportPart   *p = add(t, PART_FACTS);
    Str           href = t->s->href;
    if (!l->ranked)
        return;
    const LeagueRow *first = &l->at[0], *last = &l->at[l->ranked - 1];
    *list_add(t->a, &p->facts) = (ReportFact){ points(t, l->mean), text_of(t->lang, "league.report.mean"),
        text_fmt(t->a, t->lang, "league.report.units", ARG_N("n", (int64_t)l->ranked)), href };
    *list_add(t->a, &p->facts) = (ReportFact){ total_of(t, first), first->name, text_of(t->lang, "league.report.first"), href };
    *list_add(t->a, &p->facts) = (ReportFact){ total_of(t, last), last->name, text_of(t->lang, "league.report.last"), href };
    const LeagueRow *riser = NULL;
    for (size_t i = 0; i < l->ranked; i++)
        if (rise_of(t->s, &l->at[i]) > (riser ? rise_of(t->s, riser) : 0))
            riser = &l->at[i];
    if (riser)
        *list_add(t->a, &p->facts) = (ReportFact){ arena_fmt(t->a, "▲ %d", rise_of(t->s, riser)), riser->name,
            text_fmt(t->a, t->lang, "league.report.riser", ARG_S("year", arena_fmt(t->a, "%d", t->s->before->year))), href };
}

/* ---- The table ----------------------------------------------------------------------------------------------------------- */

static void column(Telling *t, ReportTable *x, Str label, ReportCellKind kind, double width)
{
    *list_add(t->a, &x->columns) = (ReportColumn){ .label = label, .kind = kind, .width = width };
}

static ReportCell words_cell(Str text) { return (ReportCell){ .kind = CELL_TEXT, .text = text }; }
static ReportCell real_cell(double x) { return isnan(x) ? (ReportCell){ .kind = CELL_NONE } : (ReportCell){ .kind = CELL_REAL, .x = x, .decimals = 2 }; }

static ReportCell move_cell(Telling *t, const LeagueRow *r)
{
    const LeagueRow *was = row_before(t->s, r->unit);
    int              up  = rise_of(t->s, r);
    if (!was || !was->rank || !r->rank)
        return (ReportCell){ .kind = CELL_NONE };
    return words_cell(!up ? S("=") : arena_fmt(t->a, up > 0 ? "▲ %d" : "▼ %d", abs(up)));
}

static void table_add(Telling *t, bool domains)
{
    const League *l = t->l;
    const Scheme *s = &t->s->b->scheme;
    ReportTable  *x = arena_new(t->a, ReportTable, 1);
    size_t        n = domains ? l->domains : 0, at = 0, columns = 4 + (l->ranges ? 1u : 0u) + (t->s->before ? 1u : 0u) + n;
    *x = (ReportTable){ .name = text_of(t->lang, "league.table"), .caption = text_of(t->lang, "league.table") };
    column(t, x, text_of(t->lang, "common.rank"), CELL_TEXT, 0.08);
    column(t, x, text_of(t->lang, "season.unit"), CELL_TEXT, n ? 0.22 : 0.4);
    column(t, x, text_of(t->lang, "league.total"), CELL_REAL, 0.12);
    column(t, x, text_of(t->lang, "league.report.group"), CELL_TEXT, 0.1);
    if (l->ranges)
        column(t, x, text_of(t->lang, "league.report.range"), CELL_TEXT, 0.14);
    if (t->s->before)
        column(t, x, text_fmt(t->a, t->lang, "league.report.since", ARG_S("year", arena_fmt(t->a, "%d", t->s->before->year))), CELL_TEXT, 0.14);
    for (size_t d = 0; d < n; d++)
        column(t, x, s->at[l->domain[d]].code, CELL_REAL, 0.48 / (double)n);
    for (size_t i = 0; i < l->len; i++) {
        const LeagueRow *r = &l->at[i];
        ReportCell      *c = arena_new(t->a, ReportCell, columns);
        at = 0;
        c[at++] = r->rank ? words_cell(num_text(t->a, t->lang, r->rank)) : (ReportCell){ .kind = CELL_NONE };
        c[at++] = words_cell(r->name);
        c[at++] = real_cell(r->result.total);
        c[at++] = r->group < 0 ? (ReportCell){ .kind = CELL_NONE } : words_cell(l->rules.groups.at[r->group].name);
        if (l->ranges)
            c[at++] = r->low ? words_cell(league_rank_text(t->a, r->low, r->high)) : (ReportCell){ .kind = CELL_NONE };
        if (t->s->before)
            c[at++] = move_cell(t, r);
        for (size_t d = 0; d < n; d++)
            c[at++] = real_cell(r->result.at[l->domain[d]].points);
        *list_add(t->a, &x->rows) = (ReportRow){ .at = c };
    }
    if (l->len > l->ranked)
        x->note = text_of(t->lang, "league.report.without");
    add(t, PART_TABLE)->table = x;
}

static void notes_add(Telling *t, bool domains)
{
    const Scheme *s = &t->s->b->scheme;
    head2(t, text_of(t->lang, "report.notes.title"));
    for (size_t d = 0; d < t->l->domains && domains; d++)
        say(t, PART_ITEM, text_fmt(t->a, t->lang, "league.report.domain", ARG_S("code", s->at[t->l->domain[d]].code), ARG_S("name",
                s->at[t->l->domain[d]].name),
                                   ARG_S("max", scheme_num(t->a, (SchemeWords){ .lang = t->lang }, scheme_max(s, t->l->domain[d])))));
    if (s->label.len)
        say(t, PART_ITEM, text_fmt(t->a, t->lang, "league.report.label", ARG_S("label", s->label)));
    if (t->l->ranges)
        say(t, PART_ITEM, text_of(t->lang, "league.table.lead"));
    ReportPart *p = add(t, PART_ITEM);
    *list_add(t->a, &p->runs) = (ReportRun){ .text = text_of(t->lang, "league.report.verify") };
    *list_add(t->a, &p->runs) = (ReportRun){ .text = t->s->href, .href = t->s->href };
    *list_add(t->a, &p->runs) = (ReportRun){ .text = str_concat(t->a, S(" · SHA-256 "), t->s->e->package_sha) };
}

/* ---- The drawing ------------------------------------------------------------------------------------------------------------ */

static ChartHead chart_words(Telling *t)
{
    return (ChartHead){ .id = S("ranking"), .title = text_of(t->lang, "league.report.drawing"),
                        .finding = t->l->ranked ? text_fmt(t->a, t->lang, "league.finding", ARG_N("n", (int64_t)t->l->ranked), ARG_S("mean",
                                points(t, t->l->mean)),
                                                           ARG_S("first", t->l->at[0].name), ARG_S("total", total_of(t, &t->l->at[0]))) : S(""),
                        .unit_note = text_fmt(t->a, t->lang, "league.report.unit", ARG_N("n", t->s->e->number)) };
}

static void chart_add(Telling *t)
{
    ReportChart *c = arena_new(t->a, ReportChart, 1);
    size_t       n = 0;
    if (t->s->codes) {
        TileValue *v = arena_new(t->a, TileValue, t->l->len + 1);
        double    *x = arena_new(t->a, double, t->l->len + 1);
        for (size_t i = 0; i < t->l->ranked; i++) {
            x[n]   = t->l->at[i].result.total;
            v[n++] = (TileValue){ .code = t->s->codes[i], .x = t->l->at[i].result.total, .low = NAN, .high = NAN };
        }
        *c = (ReportChart){ .kind = CHART_TILES, .tiles = { .head = chart_words(t), .values = v, .n = n, .value_label = S("") } };
        tile_cuts(x, n, c->tiles.cut);
    } else {
        RankRow *rows = arena_new(t->a, RankRow, DRAWN + 1);
        for (; n < t->l->ranked && n < DRAWN; n++)
            rows[n] = (RankRow){ .label = t->l->at[n].name, .x = t->l->at[n].result.total, .low = NAN, .high = NAN };
        *c = (ReportChart){ .kind = CHART_RANK, .rank = { .head = chart_words(t), .rows = rows, .n = n, .whole = t->l->mean,
                            .whole_label = text_of(t->lang, "league.report.mean"), .value_label = text_of(t->lang, "league.total"), .note_label = S("") } };
    }
    if (n)
        add(t, PART_CHART)->chart = c;
}

/* ---- The kinds ----------------------------------------------------------------------------------------------------------------- */

static void press(Telling *t)
{
    ReportHead *h = arena_new(t->a, ReportHead, 1);
    *h = (ReportHead){ .agency = t->s->agency, .kind = text_of(t->lang, "league.report.press"), .on = date_of(t->s->e->at), .draft = true };
    add(t, PART_HEAD)->head = h;
    say(t, PART_TITLE, text_of(t->lang, "league.report.press"));
    *list_add(t->a, &t->r->parts.at[t->r->parts.len - 1].runs) = (ReportRun){ .text = t->s->e->title };
    lead_add(t);
    domains_add(t);
    changes_add(t);
    table_add(t, false);
    notes_add(t, false);
}

void league_report(Arena *a, const LeagueSaying *s, LeagueReportKind kind, Report *out)
{
    Telling t = { a, s, &s->b->league, out, s->lang };
    *out = (Report){ .lang = s->lang, .title = s->e->title, .subject = text_find(s->lang, str_concat(a, S("league.report.kind."), kinds[kind])),
                               .agency = s->agency,
                     .href = s->href, .made_at = s->e->at,
                     .source = text_fmt(a, s->lang, "league.report.source", ARG_N("number", s->e->number), ARG_S("date", date_text(a, s->lang,
                             date_of(s->e->at)))) };
    if (kind == LEAGUE_PRESS) {
        press(&t);
        return;
    }
    say(&t, PART_TITLE, s->e->title);
    if (s->e->label.len && !str_has(s->e->title, s->e->label))
        say(&t, PART_NOTE, s->e->label);
    facts_add(&t);
    if (kind == LEAGUE_INFOGRAPHIC) {
        chart_add(&t);
        return;
    }
    lead_add(&t);
    domains_add(&t);
    changes_add(&t);
    table_add(&t, true);
    notes_add(&t, true);
}
