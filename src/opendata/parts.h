/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of opendata share; nobody else includes this. */
#ifndef OPENDATA_PARTS_H
#define OPENDATA_PARTS_H

#include "edition/edition.h"
#include "indices/indices.h"
#include "opendata/opendata.h"

/* ---- put.c: JSON written member by member; commas are put by themselves. Keys are literals of ours. ---------------------- */
typedef struct Put { Buf b; bool more; } Put;
Put  put_new(Arena *a, size_t room);
void put_open(Put *p, const char *key, char bracket);                       /* '{' or '['; key NULL: in a list, or the outermost */
void put_close(Put *p, char bracket);
void put_str(Put *p, const char *key, Str s);
void put_int(Put *p, const char *key, int64_t n);
void put_real(Put *p, const char *key, double x);                           /* NAN: null */
void put_bool(Put *p, const char *key, bool yes);
void put_null(Put *p, const char *key);
/* {"vi": …, "en": …}; English left out where it is the same or empty. */
void put_both(Put *p, const char *key, Str vi, Str en);

/* ---- sdmx_codes.c: figures as keys of a cube; ids of SDMX are letters, digits, '_', '@', '$', '-' ------------------------- */
Str sdmx_id(Arena *a, Str text);                                            /* different texts, different ids: "B2.1" is "B2_1" */
typedef struct SdmxKey { Str area, indicator, item, breakdown; } SdmxKey;
/* place: the question whose answers are codes of provinces, or empty. */
SdmxKey sdmx_key(Arena *a, const Figure *f, Str place);
Str sdmx_unit(Str unit);                                                    /* "PT", "SCALE_1_5", "NUMBER" */
Str sdmx_status(const Figure *f);                                           /* OBS_STATUS: A, Q suppressed, O nobody said */
Str sdmx_name(Arena *a, Str round_code);                                    /* "SIPAS_2026" */
typedef struct SdmxCode { Str id, parent, vi, en; } SdmxCode;
typedef LIST(SdmxCode) SdmxCodes;
typedef enum SdmxList { LIST_FREQ, LIST_AREA, LIST_INDICATOR, LIST_ITEM, LIST_BREAKDOWN, LIST_STATUS, LIST_UNIT, SDMX_LIST_COUNT } SdmxList;
typedef struct SdmxLists { SdmxCodes of[SDMX_LIST_COUNT]; } SdmxLists;
/* provinces: names of places on the day of the edition. */
SdmxLists sdmx_lists(Arena *a, const Figures *f, Str place, const Units *provinces);

/* An edition with what its files need. */
typedef struct EditionFile { EditionRow row; Round round; Figures figures; Units provinces; Str period; } EditionFile;
Str sdmx_csv(Arena *a, const EditionFile *e);
Str sdmx_structure(Arena *a, const EditionFile *e, Str site);
/* codebook: codebook.csv of the package. ERR_INVALID: it is none. */
MUST_USE Err edition_ddi(Arena *a, const EditionFile *e, Str codebook, Str agency, Str *out);

/* ---- files.c: where the files of an edition lie --------------------------------------------------------------------------- */
Str edition_sdmx_path(Arena *a, const EditionRow *e);
Str edition_structure_path(Arena *a, const EditionRow *e);
Str edition_ddi_path(Arena *a, const EditionRow *e);
Str edition_csv_path(Arena *a, const EditionRow *e);
Str round_period(const Round *r, const EditionRow *e, Arena *a);            /* the year of its answers: "2026" */

/* ---- catalog.c ------------------------------------------------------------------------------------------------------------ */
typedef struct CatalogDataset { EditionRow row; Round round; int64_t package_bytes; } CatalogDataset;
typedef LIST(CatalogDataset) CatalogDatasets;
typedef struct CatalogIndex { PublishedIndex x; int first, last; } CatalogIndex;
typedef LIST(CatalogIndex) CatalogIndices;
typedef struct Catalog { Str site, agency; Time at; CatalogDatasets editions; CatalogIndices indices; } Catalog;
Str catalog_jsonld(Arena *a, const Catalog *c);

/* ---- query.c: filters and paging of lists, with errors that name the parameter ---------------------------------------------- */
typedef struct Paging { int64_t page, per, total; } Paging;
/* False: *out_answer is the answer already (400). */
bool query_paging(Ctx *c, Paging *out);
bool query_known(Ctx *c, const char *const names[]);                        /* no parameter but these; NULL ends */
bool query_whole(Ctx *c, const char *name, int64_t low, int64_t high, int64_t otherwise, int64_t *out);
bool paging_shows(const Paging *p, int64_t at);                             /* row at, from 0, stands on this page */
void put_paging(Put *p, Ctx *c, const Paging *x);                           /* total, page, per_page, next */
Lang query_lang(const Ctx *c);
/* indicators.c, published.c: the handlers of opendata_api_routes */
MUST_USE Err api_editions(Ctx *c);
MUST_USE Err api_indicators(Ctx *c);
MUST_USE Err api_indicator(Ctx *c);
MUST_USE Err api_indices(Ctx *c);
MUST_USE Err api_index(Ctx *c);

/* ---- openapi.c: the document as a page ---------------------------------------------------------------------------------------- */
typedef struct ApiParameter { Str name, text; bool required; } ApiParameter;
typedef struct ApiAnswer { Str status, text; } ApiAnswer;
typedef struct ApiCall { Str id, method, path, text, example; LIST(ApiParameter) parameters; LIST(ApiAnswer) answers; } ApiCall;
typedef LIST(ApiCall) ApiCalls;
typedef struct ApiGroup { Str title; ApiCalls calls; } ApiGroup;
typedef struct ApiPage { Str prefix; LIST(ApiGroup) groups; } ApiPage;
MUST_USE Err api_fault(Ctx *c, int status, Str name, Str reason);

#endif
