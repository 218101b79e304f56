/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of indices that others published: PAR INDEX, SIPAS, Decision 766, year by year with their sources.
 * Units are those of the figure's year; what no source gives is a gap, never zero. */
#ifndef INDICES_INDICES_H
#define INDICES_INDICES_H

#include "web/web.h"

typedef struct PublishedIndex {
    Str    code, unit_kind;
    int    position;
    Str    name[LANG_COUNT], about[LANG_COUNT], value[LANG_COUNT];   /* value: "điểm", "%" */
    double max_points;
} PublishedIndex;

typedef struct PublishedSource { Str key, title[LANG_COUNT], url; } PublishedSource;

typedef enum PublishedLevel {
    LEVEL_AVERAGE, LEVEL_UNIT, LEVEL_REGION, LEVEL_ASPECT, LEVEL_DEPARTMENT, LEVEL_DISTRICT, LEVEL_COMMUNE, LEVEL_COUNT
} PublishedLevel;
Str published_level_code(PublishedLevel l);

typedef struct PublishedValue {
    Str            index;
    int            year;
    Str            period[LANG_COUNT];       /* empty: the whole year */
    PublishedLevel level;
    Str            unit[LANG_COUNT];         /* as printed in that year */
    UnitId         unit_id;                  /* 0: not a unit, or not known */
    Str            area, component;          /* component empty: the whole score */
    double         score, max_points;        /* NAN: not published */
    int            rank, rank_of;            /* 0: not published */
    Str            note[LANG_COUNT];
    bool           derived;                  /* worked out from other published figures */
    Str            source;
} PublishedValue;

typedef enum FactKind { FACT_SCHEME, FACT_SAMPLE, FACT_GROUPS, FACT_CONFLICT, FACT_COUNT } FactKind;
typedef struct PublishedFact { Str index; int year; FactKind kind; Str text[LANG_COUNT], source; } PublishedFact;

typedef LIST(PublishedIndex) PublishedIndices;
typedef LIST(PublishedSource) PublishedSources;
typedef LIST(PublishedValue) PublishedValues;
typedef LIST(PublishedFact) PublishedFacts;

/* Replaces what is in the database by the files of data/published/, in the open write transaction. The units must
 * have been loaded. ERR_CONFIG names file and line when a file is wrong. */
MUST_USE Err indices_load_published(Db *db, Arena *a);

MUST_USE Err published_indices(Db *db, Arena *a, PublishedIndices *out);                  /* in their order */
MUST_USE Err published_index(Db *db, Arena *a, Str code, PublishedIndex *out);            /* ERR_NOT_FOUND */
MUST_USE Err published_values(Db *db, Arena *a, Str code, PublishedValues *out);          /* by year; code empty: all */
MUST_USE Err published_facts(Db *db, Arena *a, Str code, PublishedFacts *out);            /* by year */
MUST_USE Err published_sources(Db *db, Arena *a, PublishedSources *out);                  /* by key */
/* Whole scores of one unit, by index and year: for the unit's own page. */
MUST_USE Err published_of_unit(Db *db, Arena *a, UnitId unit, PublishedValues *out);

/* The same as texts in the reader's language; indices_unit_view (indices_unit.html.h) writes them as a section. */
typedef struct UnitFigure { Str index, year, period, score, rank, note, href; } UnitFigure;
typedef LIST(UnitFigure) UnitFigures;
MUST_USE Err indices_unit_figures(Ctx *c, UnitId unit, UnitFigures *out);

extern const Route indices_compare_routes[];     /* /indices/compare …: mounted before the others, whose {index} would take them */
extern const Route indices_public_routes[];      /* /indices … */
extern const Route registry_console_routes[];    /* /indices … in the console: the registry and figures entered by hand */

#endif
