/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of site share; nobody else includes this. */
#ifndef SITE_PARTS_H
#define SITE_PARTS_H

#include "site/site.h"
#include "view/component.h"
#include "view/ruler.h"

typedef struct HomePage {
    EditionHeadline head;
    double      value, lowest, highest;   /* satisfied, percent, and its interval; NAN: none */
    Str         interval;             /* in words, or why there is none */
    int64_t     n;
    RulerSpec   ruler;
    Rounds      open;
    EditionRows editions;             /* the newest few */
    Str         prefix;               /* "/en" or empty, for addresses */
    Db         *db;
} HomePage;

typedef struct SearchHit { Str href, title, note; int rank; Str ended; } SearchHit;    /* ended: "Không còn từ …", or empty */
typedef LIST(SearchHit) SearchHits;
typedef struct SearchGroup { Str title; SearchHits hits; } SearchGroup;
typedef struct SearchPage { Str q; SearchGroup groups[4]; size_t n, total; Str prefix; } SearchPage;

typedef struct MethodLine { Str code, name, kind, source; int depth; } MethodLine;
typedef struct MethodPage { Str method, title; LIST(MethodLine) lines; LIST(SummaryRow) facts; Str prefix; } MethodPage;

typedef struct AboutPage { Str fingerprint, key, version, agency, address, phone, help_phone, prefix; } AboutPage;
typedef struct DataPage { EditionRows editions; Rounds rounds; Str prefix; } DataPage;

Str  site_prefix(const Ctx *c);       /* "/en" on English pages */
void site_crumbs(Ctx *c, Str title);  /* Home › title */

#endif
