/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files that verify a package share. */
#ifndef EDITION_VERIFY_H
#define EDITION_VERIFY_H

#include "edition/parts.h"

/* answers: of answers.csv, a row a record below the head. */
typedef struct Check { Arena *a; ZipReader *zip; EditionVerdict *v; CsvTable answers; } Check;
void verify_fault(Check *c, Str text);
MUST_USE Err verify_part(Check *c, Str name, Str *out);        /* one that is missing or damaged is a fault, and empty */
MUST_USE Err verify_weights(Check *c, Dataset *d);             /* sets d->opened and d->weights of a weighted package */

#endif
