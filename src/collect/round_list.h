/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of rounds a reader may see, page by page. */
#ifndef COLLECT_ROUND_LIST_H
#define COLLECT_ROUND_LIST_H

#include "collect/collect.h"
#include "org/scope_page.h"

/* by_state: rounds whose state at now is state; begun: no drafts. */
typedef struct RoundFilter { bool by_state, begun; RoundState state; Time now; } RoundFilter;
MUST_USE Err round_page_list(Db *db, Arena *a, const RoundFilter *f, ScopePage *p, Rounds *out);       /* newest first */

#endif
