/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frozen, numbered publications: figures, open package, seal, list of changes, verification. */
#ifndef EDITION_EDITION_H
#define EDITION_EDITION_H

#include "collect/collect.h"
#include "jobs/jobs.h"

/* One figure, as in the public JSON: {"name","label","unit","domain":{…},"n","value","se","low","high","suppressed"}. */
typedef struct Figure {
    Str name, label_vi, label_en, unit;          /* "satisfied.B2.1", "Tiếp cận dịch vụ", "%" */
    Str by, value;                               /* domain: question and choice, "tinh" = "24"; empty: all */
    int64_t n;                                   /* answers with an opinion; 0 when suppressed */
    double x, se, low, high;                     /* NAN: undefined */
    bool suppressed;
} Figure;
typedef LIST(Figure) Figures;

typedef struct EditionRow {
    EditionId id; RoundId round; Str round_code;
    int number; Str title_vi, title_en;
    Str label;                                   /* "unweighted", "weighted", "simulated-unweighted", "simulated-weighted" */
    int64_t weighting;                           /* its recipe; 0: unweighted */
    Str method, reason, package_sha, figures_sha, fingerprint;
    Time published_at; int64_t n; bool simulated;
    EditionId superseded_by; int superseded_number;   /* 0: the latest */
    Str csv_sha; int64_t csv_bytes, json_bytes[LANG_COUNT];      /* empty, 0: an edition of before; computed when asked for */
} EditionRow;
typedef LIST(EditionRow) EditionRows;
Str edition_title(const EditionRow *e, Lang l);
Str edition_path(Arena *a, const EditionRow *e);                         /* "/results/sipas-2026/1": short, and the same for ever */
Str edition_package_path(Arena *a, const EditionRow *e);                 /* of its open package, .zip */

MUST_USE Err edition_list(Db *db, Arena *a, EditionRows *out);           /* newest first */
MUST_USE Err edition_of_round(Db *db, Arena *a, RoundId round, EditionRows *out);   /* by number */
MUST_USE Err edition_load(Db *db, Arena *a, EditionId id, EditionRow *out);
/* Number 0: the newest of the round. */
MUST_USE Err edition_by_number(Db *db, Arena *a, Str round_code, int64_t number, EditionRow *out);
MUST_USE Err edition_figures(Db *db, Store *s, Arena *a, const EditionRow *e, Figures *out);
/* True when the receipt's hash was counted in an edition; *out the first one. */
MUST_USE Err edition_counts_receipt(Db *db, Arena *a, Str receipt_hash, bool *out, EditionId *out_edition);

/* Publishes a closed round (number 1), or a correction of a published one (next number, reason required; the round's
 * answers as they are now). Inside a write transaction. ERR_CONFLICT: wrong state or nothing to publish;
 * ERR_INVALID: a correction without a reason. */
MUST_USE Err edition_publish(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, Str reason, PersonId by, Time now, EditionId *out);

/* The same in two steps: prepare reads in any transaction and writes the files; save writes the rows in a write transaction.
 * ERR_BUSY: answers changed between them. */
/* receipts_written: those of row.id stand already, written in pieces by the job. */
typedef struct EditionWork { EditionRow row; EditionId last; UnitId owner; Str round_code; int64_t revision; bool receipts_written; } EditionWork;
MUST_USE Err edition_prepare(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, Str reason, Time now, EditionWork *out);
MUST_USE Err edition_save(Db *db, Arena *a, const EditionWork *w, PersonId by);

/* The same as a job (args: {"round":N,"reason":"…"}), for what is too much for one request: figures and package are made
 * from one view of the answers while others write, and stand only if the answers are the same when they are saved. */
extern const JobKind edition_publish_job, edition_correct_job;

/* Takes away what publications that were cut off for good left behind, a day later; no transaction is open. */
MUST_USE Err edition_tidy(Db *db, Arena *a, Time now);

/* Recomputes from the package alone. pinned_key: hex of the public key, or empty. Faults are one line each. */
typedef struct EditionVerdict { bool ok; Str fingerprint, title; int number; StoreFaults faults; } EditionVerdict;
MUST_USE Err edition_verify(Arena *a, Str zip_bytes, Str pinned_key, EditionVerdict *out);
/* Every edition's package is there, whole and agrees with itself: for `thuocdo check`. */
MUST_USE Err edition_check(Db *db, Store *s, Arena *a, StoreFaults *out);
/* Fingerprint of this installation's seal, shown on /about. */
Str edition_seal_fingerprint(Arena *a, const AppInfo *app);
Str edition_seal_key(Arena *a, const AppInfo *app);                      /* hex */

/* Demonstration: weights of a simulated round to populations ("code,population" lines) on a simulated sample; in a write transaction. */
MUST_USE Err edition_demo_weights(Db *db, Arena *a, RoundId round, Str margins, Time now);

/* The share of the satisfied by province in the newest edition that has it, for the home page. */
typedef struct EditionHeadline { EditionRow row; Figures figures; bool any; } EditionHeadline;
MUST_USE Err edition_headline(Db *db, Store *s, Arena *a, EditionHeadline *out);
/* The charts of one edition or live round; see results.c. id is a prefix for ids on the page. */
void edition_map(Out *o, Db *db, const EditionHeadline *h);

extern const Route edition_public_routes[], edition_console_routes[], weighting_routes[], edition_api_routes[];

#endif
