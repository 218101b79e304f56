/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Estimation cases: JSON of the schema of docs/statistics.md, section 14, computed on tables in memory. The caller reads the files. */
#ifndef STATS_CASE_H
#define STATS_CASE_H

#include "base/base.h"

enum { CASE_FILE_MOST = 64 << 20, CASE_COLUMNS_MOST = 4096, CASE_ROWS_MOST = 4000000, CASE_CELL_MOST = 4096 };

/* The bytes of a file named in a case; they must outlive the set. name was checked: no path outside the folder. ERR_NOT_FOUND: there is none. */
typedef Err CaseRead(void *x, Arena *a, Str name, Str *out_bytes);

typedef struct CaseSet CaseSet;
/* Reads the document and every table it names. ERR_INVALID or ERR_TOO_LARGE: no case can be computed; faults of a single case are kept for
 * case_run. The set lives in keep and points into json; afterwards it is only read, so several threads may run cases of it. */
MUST_USE Err case_set_open(Arena *keep, Str json, CaseRead *read, void *x, CaseSet **out);
size_t case_set_len(const CaseSet *set);
/* Computes case i and adds its element {"id":…,"kind":…,"result":{…},"flags":[…]} or {…,"error":{…}} to out. False: an error element. Working
 * memory is taken from a, which is not out's arena and which the caller may empty afterwards. The same bytes whatever ran before. */
bool case_run(const CaseSet *set, size_t i, Arena *a, Buf *out);

#endif
