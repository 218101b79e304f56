/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-stop desks: a machine that takes a rating by one tap, then reasons; a QR code for one's own phone. */
#ifndef COLLECT_DESK_H
#define COLLECT_DESK_H

#include "collect/respond.h"

/* Visits at machines that nobody has gone on with for DESK_DUE_S, the oldest 200; in desk_store.c. */
typedef struct Due { Draft draft; Str round; } Due;
typedef LIST(Due) DueVisits;
MUST_USE Err due_visits(Db *db, Arena *a, Time now, DueVisits *out);

enum { DESK_KEY_LEN = 26, DESK_POSTER_LEN = 8, DESK_FOLLOW_MOST = 3, DESK_CHOICES_MOST = 7, DESK_IDLE_S = 60, DESK_DUE_S = 90, DESK_THANKS_S = 8 };

typedef struct Desk {
    int64_t id; RoundId round; Str name, poster, rating, follow, given; Time made_at, revoked_at, seen_at;
    int64_t by_machine, by_phone, today; Date day;
} Desk;
typedef LIST(Desk) Desks;

/* ---- desk_store.c ---- */
/* id, poster and key are made here; the key is returned and kept as a hash alone. */
MUST_USE Err desk_add(Db *db, Arena *a, const CollectKeys *k, Desk *d, PersonId by, Time now, Str *out_key);
MUST_USE Err desk_renew(Db *db, Arena *a, const CollectKeys *k, int64_t id, Str *out_key);        /* the address before is dead */
MUST_USE Err desk_revoke(Db *db, int64_t id, PersonId by, Time now);
MUST_USE Err desk_list(Db *db, Arena *a, RoundId round, Desks *out);                              /* by name */
MUST_USE Err desk_load(Db *db, Arena *a, RoundId round, int64_t id, Desk *out);                   /* ERR_NOT_FOUND */
MUST_USE Err desk_by_key(Db *db, Arena *a, const CollectKeys *k, Str key, Desk *out);             /* ERR_NOT_FOUND: unknown or stopped */
MUST_USE Err desk_by_poster(Db *db, Arena *a, RoundId round, Str poster, Desk *out);              /* the same */
MUST_USE Err desk_seen(Db *db, int64_t id, Time now);
MUST_USE Err draft_of_visit(Db *db, Arena *a, const CollectKeys *k, const Desk *d, Str visit, Draft *out);     /* ERR_NOT_FOUND */
Hash desk_draft_hash(const CollectKeys *k, const Desk *d, Str visit);
MUST_USE Err draft_touch(Db *db, int64_t draft, Time now);

/* ---- desk_send.c ---- */
void desk_answers(Arena *a, const FormProgram *p, const Desk *d, FormAnswers *x);                 /* what the desk knows, into x */
/* Sends a visit's draft through the collector; the caller holds no transaction. */
MUST_USE Err desk_send(Store *s, Arena *a, const AppInfo *app, const RoundInfo *info, const Draft *draft, Time at, SubmitOutcome *out);

/* ---- Views ---- */
typedef struct DeskChoice { Str value, label; int level; } DeskChoice;        /* level 0 (worst) … 4: the face; -1: none */
typedef struct DeskView {
    const Respond *r; const Desk *desk; Str title, question, hint, action, visit, start, alive, notice; LIST(DeskChoice) choices, apart; bool faces;
} DeskView;
typedef struct DeskMoreView { const Respond *r; Str rated, action, visit, start, alive; LIST(int) pages; FormPage page; FieldErrors errors; } DeskMoreView;
typedef struct DeskRow { const Desk *d; int64_t today; bool stopped, alive; Str seen, poster_href, renew_href, stop_href; } DeskRow;
typedef struct DeskListView { const Round *r; LIST(DeskRow) rows; Str new_href, self, no_address; bool open, coded; } DeskListView;
typedef struct DeskNewView {
    Str action, token, back_href, name, rating, known, value; StrList follow, unasked; Choices ratings, follows, knowns; FieldErrors errors;
} DeskNewView;
typedef struct DeskShutView { Str start; bool paused; } DeskShutView;
/* unasked: questions that must be answered and that this machine does not ask. */
typedef struct DeskShownView { const Desk *d; StrList unasked; Str url, poster_href, back_href; } DeskShownView;
typedef struct DeskThanksView { Str start; bool late; } DeskThanksView;

#endif
