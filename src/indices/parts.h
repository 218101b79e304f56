/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of this module share: the files as rows, series made of rows, and what the views show. */
#ifndef INDICES_PARTS_H
#define INDICES_PARTS_H

#include "indices/indices.h"
#include "view/chart.h"
#include "view/ruler.h"

/* ---- Files of data/published/ (published_files.c) ------------------------------------------------ */
typedef struct PublishedBook { PublishedIndices indices; PublishedSources sources; PublishedValues values; PublishedFacts facts; } PublishedBook;
/* ERR_CONFIG with file and line: unknown column, no number, unknown index, source or level. */
MUST_USE Err published_read(Arena *a, Str indices, Str sources, Str values, Str facts, PublishedBook *out);
MUST_USE Err published_read_embedded(Arena *a, PublishedBook *out);
bool published_level_parse(Str code, PublishedLevel *out);
Str  published_fact_code(FactKind k);
bool published_fact_parse(Str code, FactKind *out);

/* What follows a value: "%" at once, words after a blank. */
Str indices_unit(Arena *a, Str unit);

/* ---- Series (series.c): values in, values out ------------------------------------------------------ */
typedef struct YearSpan { int first, last; } YearSpan;                         /* first 0: no figures */
YearSpan series_span(const PublishedValues *v);
bool     series_has_year(const PublishedValues *v, int year);
/* One point a year with NAN for a gap: the average, or the best score. */
typedef LIST(LinePoint) LinePoints;
LinePoints series_average(Arena *a, const PublishedValues *v);
LinePoints series_first(Arena *a, const PublishedValues *v);                   /* scores of rank 1 */
/* First and last year with a value; false when there are fewer than two. */
bool series_ends(const LinePoints *p, LinePoint *out_from, LinePoint *out_to);

/* A unit and its figure in each year of the span; NULL where nothing was published. */
typedef struct UnitSeries { const PublishedValue *any, **years; } UnitSeries;
typedef LIST(UnitSeries) UnitSeriesList;
/* Units of all years in the order of the alphabet; the same unit is one row, a merged one is another. */
UnitSeriesList series_units(Arena *a, const PublishedValues *v, YearSpan span, Lang l);
/* Whole scores of one year at some levels: ranked first, then by score, then by name. */
typedef LIST(const PublishedValue *) ValueRefs;
ValueRefs series_year(Arena *a, const PublishedValues *v, int year, unsigned levels, Lang l);
#define LEVEL_BIT(l) (1u << (l))
/* Their scores, rising; units without one are left out. */
typedef struct Scores { double *at; size_t len; } Scores;
Scores series_scores(Arena *a, const ValueRefs *units);
/* Components of one year, and the units that have some. */
typedef struct ComponentTable { StrList components; ValueRefs units; const PublishedValue **cells; double *max; } ComponentTable;
ComponentTable series_components(Arena *a, const PublishedValues *v, int year);

/* ---- Seen from today's units (merger.c) --------------------------------------------------------------- */
/* value NULL: the old unit has no figure; share: how much of it went there. mean: the plain one of the scores, an estimate; NAN where one
 * is missing. Names are filled by pages. */
typedef struct MergedPart { UnitId old; Str name; const PublishedValue *value; double share; } MergedPart;
typedef struct MergedUnit { UnitId unit; Str name; LIST(MergedPart) parts; double mean; } MergedUnit;
typedef LIST(MergedUnit) MergedUnits;
/* Every figure of a unit stands once for each unit that took over from it, or for itself, beside the others that were merged with it; highest
 * mean first. Empty when none was merged. */
MergedUnits series_merged(Arena *a, const ValueRefs *units, const Successions *merger);

/* ---- Pages ------------------------------------------------------------------------------------------ */
typedef struct UsedSources { LIST(const PublishedSource *) at; const PublishedSources *all; } UsedSources;
/* Number of a source on this page, from 1; 0 for the empty key. */
int source_number(Arena *a, UsedSources *u, Str key);

typedef struct YearLink { int year; Str text, href; bool current; } YearLink;
typedef struct IndexFacts { PublishedFacts of[FACT_COUNT]; } IndexFacts;

typedef struct IndexCard { const PublishedIndex *x; Str href; int64_t figures; YearSpan span; LinePoint last; } IndexCard;
typedef LIST(IndexCard) IndexCards;

typedef struct IndexPage {
    const PublishedIndex *x;
    YearSpan span;
    LIST(YearLink) years;
    UnitSeriesList units;
    IndexFacts facts;
    UsedSources sources;
    Str unit_base, csv_href;
    int64_t figures;
    bool has_chart;
    LineChart chart;
} IndexPage;

typedef struct YearPage {
    const PublishedIndex *x;
    int year;
    Str title, index_href, unit_base, csv_href, before_href, after_href;
    int before, after;
    const PublishedValue *average;
    RulerSpec ruler;                     /* n 0: too few scores */
    ValueRefs averages, units, regions, aspects;
    MergedUnits merged;                  /* of a year before the merger of provinces */
    bool with_area;
    ComponentTable parts;
    IndexFacts facts;
    UsedSources sources;
} YearPage;

Str published_part_name(Lang l, Str code);
Str published_unit_href(Arena *a, Str base, const PublishedValue *v);          /* empty: no page */

#endif
