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

/* verify_groups.c: what can be said of a weighted figure of a group. GROUP_TOLD: rows tell the group, it can be computed again. GROUP_BOUNDED: they do not,
 * and its value is one that answers of these counts can give. */
typedef struct GroupCheck GroupCheck;
typedef enum GroupFit { GROUP_TOLD, GROUP_BOUNDED, GROUP_WRONG } GroupFit;
GroupCheck *group_check_new(Arena *a, Dataset *d);             /* after verify_weights; sets of of the breakdowns that rows tell */
GroupFit group_fit(const GroupCheck *g, Arena work, const Figure *f);

#endif
