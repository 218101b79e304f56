/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that name a case, and the pages on which a person ties one to its case or not; nobody else includes this. */
#ifndef FIELD_CLAIMS_H
#define FIELD_CLAIMS_H

#include "collect/cases.h"
#include "field/console.h"
#include "org/scope_page.h"

typedef struct ClaimRow { Claim c; Str code; Date day; Channel channel; } ClaimRow;
typedef LIST(ClaimRow) ClaimRows;
/* Of a round, those that wait for a decision first; rows of page->scope alone. */
MUST_USE Err claim_rows(Db *db, Arena *a, RoundId round, bool waiting, ScopePage *page, ClaimRows *out);

/* ---- Views ---- */
typedef struct ClaimLine { Str record, href, code, day, channel, state, reason; TagKind tag; } ClaimLine;
typedef struct ClaimsView { const Round *r; LIST(ClaimLine) lines; Choices states; Pager pager; Str action; int64_t all; bool waiting; } ClaimsView;
/* A file that was sent as an answer; without href the pair has none. */
typedef struct ClaimFile { Str href, type; } ClaimFile;
typedef struct ClaimPair { Str key, mine, other; bool differs; ClaimFile mine_file, other_file; } ClaimPair;
typedef struct ClaimView {
    const Claim *c; const FieldCase *x; Str record, record_href, case_href, state, why, by, reason, token, action, back_href, other, other_href;
    TagKind tag; LIST(ClaimPair) facts, answers; int64_t differing; FieldErrors errors; bool may_settle, may_tie, may_undo, shown;
} ClaimView;

#endif
