/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One page of a list that shows only rows of units where the reader holds a right. */
#ifndef ORG_SCOPE_PAGE_H
#define ORG_SCOPE_PAGE_H

#include "org/org.h"

/* first: rows of the scope to pass over; most: rows on a page. all, counted by the list: rows the reader may see. */
typedef struct ScopePage { RightScope *scope; int64_t first, most, all; } ScopePage;
/* For each row of the list's order: counts it when the reader may see it; does it stand on the page? */
bool scope_page_takes(ScopePage *p, UnitId unit);
bool scope_page_counts(ScopePage *p, bool seen);         /* the same for a list that decides by more than a unit */

#endif
