/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages: the indices, one index through the years, one year of it, and its file. */
#include "indices/parts.h"

#include "base/csv.h"

#include "indices_list.html.h"
#include "indices_index.html.h"
#include "indices_year.html.h"

#include <math.h>

int source_number(Arena *a, UsedSources *u, Str key)
{
    if (!key.len)
        return 0;
    for (size_t i = 0; i < u->at.len; i++)
        if (str_eq(u->at.at[i]->key, key))
            return (int)i + 1;
    for (size_t i = 0; i < u->all->len; i++)
        if (str_eq(u->all->at[i].key, key)) {
            *list_add(a, &u->at) = &u->all->at[i];
            return (int)u->at.len;
        }
    return 0;
}

Str published_unit_href(Arena *a, Str base, const PublishedValue *v)
{
    if (!v->unit_id.v)
        return S("");
    return arena_fmt(a, "%.*s%lld?on=%d-12-31", STR_ARG(base), (long long)v->unit_id.v, v->year);
}

Str published_part_name(Lang l, Str code)
{
    static const struct { Str code, key; } names[] = {
        { S_INIT("appraisal"), S_INIT("indices.part.appraisal") }, { S_INIT("survey"), S_INIT("indices.part.survey") },
        { S_INIT("sipas"), S_INIT("indices.part.sipas") },         { S_INIT("leaders"), S_INIT("indices.part.leaders") },
        { S_INIT("impact"), S_INIT("indices.part.impact") },       { S_INIT("d1"), S_INIT("indices.part.d1") },
        { S_INIT("d2"), S_INIT("indices.part.d2") },               { S_INIT("d3"), S_INIT("indices.part.d3") },
        { S_INIT("d4"), S_INIT("indices.part.d4") },               { S_INIT("d5"), S_INIT("indices.part.d5") },
        { S_INIT("d8"), S_INIT("indices.part.d8") },               { S_INIT("g1"), S_INIT("indices.part.g1") },
        { S_INIT("g2"), S_INIT("indices.part.g2") },               { S_INIT("g3"), S_INIT("indices.part.g3") },
        { S_INIT("g4"), S_INIT("indices.part.g4") },               { S_INIT("g5"), S_INIT("indices.part.g5") },
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(code, names[i].code))
            return text_find(l, names[i].key);
    return code;
}

static Str index_path(Ctx *c, Str code)
{
    return site_path(c, str_concat(c->arena, S("/indices/"), code));
}

/* ---- /indices ----------------------------------------------------------------------------------- */

static IndexCard card_of(Ctx *c, const PublishedIndex *x, const PublishedValues *v)
{
    IndexCard  card = { .x = x, .href = index_path(c, x->code), .figures = (int64_t)v->len, .span = series_span(v) };
    LinePoints p    = series_average(c->arena, v);
    card.last       = (LinePoint){ 0, NAN, NAN, NAN };
    for (size_t i = 0; i < p.len; i++)
        if (!isnan(p.at[i].x))
            card.last = p.at[i];
    return card;
}

static Err indices_page(Ctx *c)
{
    PublishedIndices indices;
    IndexCards       cards = { 0 };
    TRY(published_indices(c->db, c->arena, &indices));
    for (size_t i = 0; i < indices.len; i++) {
        PublishedValues v;
        TRY(published_values(c->db, c->arena, indices.at[i].code, &v));
        *list_add(c->arena, &cards) = card_of(c, &indices.at[i], &v);
    }
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "indices.title"), S(""));
    c->page.description = text_of(c->lang, "indices.lead");
    Out o = page_begin(c, text_of(c->lang, "indices.title"));
    indices_list_view(&o, &cards);
    return page_end(c, &o);
}

/* ---- /indices/{index} --------------------------------------------------------------------------- */

static Err facts_by_kind(Ctx *c, Str code, int year, IndexFacts *out)
{
    PublishedFacts all;
    *out = (IndexFacts){ 0 };
    TRY(published_facts(c->db, c->arena, code, &all));
    for (size_t i = 0; i < all.len; i++)
        if (!year || all.at[i].year == year)
            *list_add(c->arena, &out->of[all.at[i].kind]) = all.at[i];
    return OK;
}

Str indices_unit(Arena *a, Str unit)
{
    return str_eq(unit, S("%")) ? unit : str_concat(a, S(" "), unit);
}

static Str finding_of(Ctx *c, const PublishedIndex *x, const LinePoints *average)
{
    LinePoint from, to;
    if (!series_ends(average, &from, &to))
        return text_of(c->lang, "indices.finding.none");
    Arena  *a      = c->arena;
    TextArg args[] = { ARG_S("from", real_text(a, c->lang, from.x, 2)), ARG_S("to", real_text(a, c->lang, to.x, 2)),
                       ARG_S("first", arena_fmt(a, "%d", from.year)),   ARG_S("last", arena_fmt(a, "%d", to.year)),
                       ARG_S("unit", indices_unit(c->arena, x->value[c->lang])) };
    Str pattern = to.x >= from.x ? text_of(c->lang, "indices.finding.up") : text_of(c->lang, "indices.finding.down");
    return text_fill(a, c->lang, pattern, args, COUNT_OF(args));
}

static bool has_points(const LinePoints *p)
{
    for (size_t i = 0; i < p->len; i++)
        if (!isnan(p->at[i].x))
            return true;
    return false;
}

/* "Quyết định 876/QĐ-BNV ngày …" as "QĐ 876": the first number of the text. */
static Str scheme_label(Ctx *c, Str text)
{
    size_t from = 0;
    while (from < text.len && (text.at[from] < '0' || text.at[from] > '9'))
        from++;
    return text_fmt(c->arena, c->lang, "indices.scheme_label", ARG_S("number", str_cut(str_skip(text, from), '/').head));
}

/* Where the rules changed within the years drawn. */
static void fill_breaks(Ctx *c, const PublishedFacts *schemes, YearSpan span, LineChart *chart)
{
    LineBreak *breaks = arena_new(c->arena, LineBreak, schemes->len);
    for (size_t i = 0; i < schemes->len; i++)
        if (schemes->at[i].year > span.first && schemes->at[i].year <= span.last)
            breaks[chart->break_count++] = (LineBreak){ schemes->at[i].year, scheme_label(c, schemes->at[i].text[LANG_VI]) };
    chart->breaks = breaks;
    if (chart->break_count) {
        Str parts[]           = { chart->head.unit_note, text_of(c->lang, "indices.break_note") };
        chart->head.unit_note = str_join(c->arena, parts, 2, S(" "));
    }
}

static LineChart chart_of(Ctx *c, const PublishedIndex *x, const PublishedValues *v, Str csv_href)
{
    LinePoints  average = series_average(c->arena, v), first = series_first(c->arena, v);
    LineSeries *series = arena_new(c->arena, LineSeries, 2);
    size_t      n      = 0;
    if (has_points(&average))
        series[n++] = (LineSeries){ text_of(c->lang, "indices.average"), average.at, average.len, true };
    if (has_points(&first))
        series[n++] = (LineSeries){ text_of(c->lang, "indices.first"), first.at, first.len, n == 0 };
    return (LineChart){ .head = { S("years"), text_of(c->lang, "indices.through"), finding_of(c, x, &average),
                                  text_fmt(c->arena, c->lang, "indices.unit_note", ARG_S("unit", x->value[c->lang])), csv_href },
                        .series = series, .n = n, .decimals = 2 };
}

static void fill_years(Ctx *c, IndexPage *p, const PublishedValues *v)
{
    for (int year = p->span.first; year <= p->span.last; year++) {
        Str text = arena_fmt(c->arena, "%d", year), base = index_path(c, p->x->code);
        Str href = series_has_year(v, year) ? arena_fmt(c->arena, "%.*s/%d", STR_ARG(base), year) : S("");
        *list_add(c->arena, &p->years) = (YearLink){ year, text, href, false };
    }
}

static void number_facts(Ctx *c, IndexFacts *f, UsedSources *s)
{
    for (int k = 0; k < FACT_COUNT; k++)
        for (size_t i = 0; i < f->of[k].len; i++)
            source_number(c->arena, s, f->of[k].at[i].source);
}

static Err index_page(Ctx *c)
{
    PublishedIndex   x;
    PublishedValues  v;
    PublishedSources sources;
    IndexPage        p = { .x = &x, .unit_base = site_path(c, S("/units/")), .sources = { .all = &sources } };
    TRY(published_index(c->db, c->arena, path_str(c, "index"), &x));
    TRY(published_values(c->db, c->arena, x.code, &v));
    TRY(published_sources(c->db, c->arena, &sources));
    TRY(facts_by_kind(c, x.code, 0, &p.facts));
    p.span      = series_span(&v);
    p.figures   = (int64_t)v.len;
    p.csv_href  = str_concat(c->arena, index_path(c, x.code), S("/figures.csv"));
    p.units     = series_units(c->arena, &v, p.span, c->lang);
    p.chart     = chart_of(c, &x, &v, p.csv_href);
    fill_breaks(c, &p.facts.of[FACT_SCHEME], p.span, &p.chart);
    p.has_chart = p.chart.n > 0;
    fill_years(c, &p, &v);
    number_facts(c, &p.facts, &p.sources);
    for (size_t i = 0; i < v.len; i++)
        source_number(c->arena, &p.sources, v.at[i].source);
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "indices.title"), S("/indices"));
    page_crumb(c, x.name[c->lang], S(""));
    c->page.description = x.about[c->lang];
    Out o = page_begin(c, x.name[c->lang]);
    indices_index_view(&o, &p);
    return page_end(c, &o);
}

/* ---- /indices/{index}/{year} -------------------------------------------------------------------- */

static int neighbour(const PublishedValues *v, YearSpan span, int year, int step)
{
    for (int y = year + step; y >= span.first && y <= span.last; y += step)
        if (series_has_year(v, y))
            return y;
    return 0;
}

static Str year_href(Ctx *c, Str code, int year)
{
    Str base = index_path(c, code);
    return year ? arena_fmt(c->arena, "%.*s/%d", STR_ARG(base), year) : S("");
}

static void number_values(Ctx *c, const ValueRefs *v, UsedSources *s)
{
    for (size_t i = 0; i < v->len; i++)
        source_number(c->arena, s, v->at[i]->source);
}

/* The scores of the year as thin lines, the average as the line, last year's average as the diamond. */
static RulerSpec scale_of(Ctx *c, const YearPage *p, const PublishedValues *v)
{
    Arena     *a = c->arena;
    Scores     s = series_scores(a, &p->units);
    LinePoints average = series_average(a, v);
    RulerSpec  r = { .id = S("scale"), .title = p->title, .value = NAN, .low = NAN, .high = NAN, .last = NAN, .decimals = 2 };
    if (s.len < 2 || p->with_area)
        return r;
    double low = s.at[0], high = s.at[s.len - 1];
    for (size_t i = 0; i < average.len; i++) {
        if (average.at[i].year == p->year)
            r.value = average.at[i].x;
        if (average.at[i].year == p->year - 1)
            r.last = average.at[i].x;
    }
    low           = fmin(low, fmin(isnan(r.value) ? low : r.value, isnan(r.last) ? low : r.last));
    high          = fmax(high, fmax(isnan(r.value) ? high : r.value, isnan(r.last) ? high : r.last));
    r.from        = 5 * floor(low / 5);
    r.to          = 5 * ceil(high / 5 + 0.001);
    r.marks       = s.at;
    r.n           = s.len;
    r.value_label = isnan(r.value) ? S("") : text_fmt(a, c->lang, "indices.scale_average", ARG_S("x", real_text(a, c->lang, r.value, 2)));
    TextArg args[] = { ARG_N("n", (int64_t)s.len), ARG_S("low", real_text(a, c->lang, s.at[0], 2)),
                       ARG_S("high", real_text(a, c->lang, s.at[s.len - 1], 2)) };
    r.description = text_fill(a, c->lang, text_of(c->lang, "indices.scale_finding"), args, COUNT_OF(args));
    return r;
}

static void fill_year(Ctx *c, YearPage *p, const PublishedValues *v)
{
    Arena   *a     = c->arena;
    YearSpan span  = series_span(v);
    unsigned units = LEVEL_BIT(LEVEL_UNIT) | LEVEL_BIT(LEVEL_DEPARTMENT) | LEVEL_BIT(LEVEL_DISTRICT) | LEVEL_BIT(LEVEL_COMMUNE);
    p->before      = neighbour(v, span, p->year, -1);
    p->after       = neighbour(v, span, p->year, 1);
    p->before_href = year_href(c, p->x->code, p->before);
    p->after_href  = year_href(c, p->x->code, p->after);
    p->averages    = series_year(a, v, p->year, LEVEL_BIT(LEVEL_AVERAGE), c->lang);
    p->units       = series_year(a, v, p->year, units, c->lang);
    p->regions     = series_year(a, v, p->year, LEVEL_BIT(LEVEL_REGION), c->lang);
    p->aspects     = series_year(a, v, p->year, LEVEL_BIT(LEVEL_ASPECT), c->lang);
    p->parts       = series_components(a, v, p->year);
    for (size_t i = 0; i < p->units.len; i++)
        p->with_area |= p->units.at[i]->area.len > 0;
    p->average = p->averages.len == 1 ? p->averages.at[0] : NULL;
    number_values(c, &p->averages, &p->sources);
    number_values(c, &p->units, &p->sources);
    number_values(c, &p->regions, &p->sources);
    number_values(c, &p->aspects, &p->sources);
    number_values(c, &p->parts.units, &p->sources);
    number_facts(c, &p->facts, &p->sources);
}

/* Provinces were merged on one day (Resolution 202/2025/QH15). */
static Err merged_fill(Ctx *c, YearPage *p)
{
    Date        day = date_from_ymd(2025, 7, 1);
    Successions merger;
    if (c->today.day < day.day)
        return OK;
    TRY(unit_successions(c->db, c->arena, UNIT_PROVINCE, day, &merger));
    p->merged = series_merged(c->arena, &p->units, &merger);
    for (size_t i = 0; i < p->merged.len; i++) {
        Unit u;
        TRY(unit_load(c->db, c->arena, p->merged.at[i].unit, c->today, &u));
        p->merged.at[i].name = unit_name(&u, c->lang);
        for (size_t k = 0; k < p->merged.at[i].parts.len; k++) {
            MergedPart *part = &p->merged.at[i].parts.at[k];
            TRY(unit_load(c->db, c->arena, part->old, date_from_ymd(p->year, 12, 31), &u));
            part->name = unit_name(&u, c->lang);
        }
    }
    return OK;
}

static Err year_page(Ctx *c)
{
    PublishedIndex   x;
    PublishedValues  v;
    PublishedSources sources;
    YearPage         p = { .x = &x, .year = (int)path_int(c, "year"), .unit_base = site_path(c, S("/units/")), .sources = { .all = &sources } };
    TRY(published_index(c->db, c->arena, path_str(c, "index"), &x));
    TRY(published_values(c->db, c->arena, x.code, &v));
    if (!series_has_year(&v, p.year))
        return err_new(c->arena, ERR_NOT_FOUND, S("no figures of that year"));
    TRY(published_sources(c->db, c->arena, &sources));
    TRY(facts_by_kind(c, x.code, p.year, &p.facts));
    p.index_href = index_path(c, x.code);
    p.csv_href   = str_concat(c->arena, p.index_href, S("/figures.csv"));
    fill_year(c, &p, &v);
    TRY(merged_fill(c, &p));
    Str year = arena_fmt(c->arena, "%d", p.year);
    p.title  = text_fmt(c->arena, c->lang, "indices.year.title", ARG_S("index", x.name[c->lang]), ARG_S("year", year));
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, text_of(c->lang, "indices.title"), S("/indices"));
    page_crumb(c, x.name[c->lang], str_concat(c->arena, S("/indices/"), x.code));
    page_crumb(c, year, S(""));
    Out o = page_begin(c, p.title);
    p.ruler = scale_of(c, &p, &v);
    indices_year_view(&o, &p);
    return page_end(c, &o);
}

/* ---- /indices/{index}/figures.csv --------------------------------------------------------------- */

static void csv_count(Buf *b, int64_t n)
{
    if (n)
        csv_num(b, n);
    else
        csv_field(b, S(""));
}

static void csv_value(Buf *b, Lang l, const PublishedValue *v, const PublishedSource *s)
{
    csv_field(b, v->index);
    csv_num(b, v->year);
    csv_field(b, v->period[l]);
    csv_field(b, published_level_code(v->level));
    csv_field(b, v->unit[l]);
    csv_count(b, v->unit_id.v);
    csv_field(b, v->area);
    csv_field(b, v->component);
    csv_real(b, v->score);
    csv_real(b, v->max_points);
    csv_count(b, v->rank);
    csv_count(b, v->rank_of);
    csv_num(b, v->derived);
    csv_field(b, v->note[l]);
    csv_field(b, s ? s->title[l] : S(""));
    csv_field(b, s ? s->url : S(""));
    csv_end(b);
}

static Err index_csv(Ctx *c)
{
    static const Str heads[] = { S_INIT("index"), S_INIT("year"), S_INIT("period"), S_INIT("level"), S_INIT("unit"), S_INIT("unit_id"),
                                 S_INIT("area"), S_INIT("component"), S_INIT("score"), S_INIT("max_points"), S_INIT("rank"), S_INIT("rank_of"),
                                 S_INIT("derived"), S_INIT("note"), S_INIT("source"), S_INIT("source_url") };
    PublishedIndex   x;
    PublishedValues  v;
    PublishedSources sources;
    TRY(published_index(c->db, c->arena, path_str(c, "index"), &x));
    TRY(published_values(c->db, c->arena, x.code, &v));
    TRY(published_sources(c->db, c->arena, &sources));
    Buf b = buf_new(c->arena, 1 << 16);
    csv_bom(&b);
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        csv_field(&b, heads[i]);
    csv_end(&b);
    UsedSources used = { .all = &sources };
    for (size_t i = 0; i < v.len; i++) {
        int n = source_number(c->arena, &used, v.at[i].source);
        csv_value(&b, c->lang, &v.at[i], n ? used.at.at[n - 1] : NULL);
    }
    return answer_file(c, S("text/csv; charset=utf-8"), str_concat(c->arena, x.code, S(".csv")), buf_str(&b));
}

const Route indices_public_routes[] = {
    { GET, "/indices", RIGHT_PUBLIC, indices_page, ROUTE_CACHED },
    { GET, "/indices/{index}", RIGHT_PUBLIC, index_page, ROUTE_CACHED },
    { GET, "/indices/{index}/figures.csv", RIGHT_PUBLIC, index_csv, ROUTE_CACHED },
    { GET, "/indices/{index}/{year}", RIGHT_PUBLIC, year_page, ROUTE_CACHED },
    { 0 },
};
