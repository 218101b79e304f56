/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Self-scoring of a card: what its unit says of each criterion, evidence, and the seal of its leader. */
#ifndef SEASON_SCORES_H
#define SEASON_SCORES_H

#include "season/season.h"

enum { CARD_NOTE_LETTERS = 4000, CARD_INPUT_LETTERS = 500, CARD_FILES = 500 };

/* ---- What is said of one criterion ------------------------------------------------------------------------------- */
typedef struct CardScore {
    Str      code;
    int64_t  revision;                     /* 0: nothing kept yet */
    Str      inputs;                       /* JSON object */
    double   manual, points;               /* NAN: none */
    bool     not_applicable;
    Str      note;
    PersonId by;
    Time     at;
} CardScore;
typedef LIST(CardScore) CardScores;
/* Left to the unit: the others get their inputs from surveys, estimates and data of whoever runs the season. */
bool season_leaf_own(const SchemeCriterion *x);
/* {"unit", "inputs", "not_applicable", "manual"}: what scheme_card_read takes. */
Str  card_json(Arena *a, Str unit, const CardScores *scores);
const CardScore *card_score_find(const CardScores *scores, Str code);  /* NULL: none */

MUST_USE Err card_scores(Db *db, Arena *a, CardId card, CardScores *out);
/* seen: the revision that the change was typed over. ERR_CONFLICT: another is kept by now. x->revision is written. */
MUST_USE Err card_score_save(Db *db, Arena *a, CardId card, CardScore *x, int64_t seen);
typedef struct CardCount { CardId card; int64_t done; } CardCount;
typedef LIST(CardCount) CardCounts;
MUST_USE Err season_progress(Db *db, Arena *a, SeasonId season, CardCounts *out);     /* criteria with points or not applicable */

/* ---- Evidence ---------------------------------------------------------------------------------------------------------- */
typedef struct CardFile { int64_t id; Str name, type; int64_t size; Sha256 sum; PersonId by; Time at; } CardFile;
typedef LIST(CardFile) CardFiles;
typedef enum CardEvidenceKind { EVIDENCE_FILE, EVIDENCE_EDITION, EVIDENCE_KIND_COUNT } CardEvidenceKind;
Str  card_evidence_code(CardEvidenceKind k);
bool card_evidence_parse(Str code, CardEvidenceKind *out);
typedef struct CardEvidence { Str code; CardEvidenceKind kind; int64_t ref; } CardEvidence;
typedef LIST(CardEvidence) CardEvidences;
MUST_USE Err card_files(Db *db, Arena *a, CardId card, CardFiles *out);
MUST_USE Err card_file_load(Db *db, Arena *a, CardId card, int64_t id, CardFile *out);
/* The same bytes twice are one file: f->id is that of the first. */
MUST_USE Err card_file_add(Db *db, Arena *a, CardId card, CardFile *f);
MUST_USE Err card_evidence(Db *db, Arena *a, CardId card, CardEvidences *out);
MUST_USE Err card_evidence_add(Db *db, CardId card, const CardEvidence *e, PersonId by, Time at);
MUST_USE Err card_evidence_remove(Db *db, CardId card, const CardEvidence *e);

/* ---- The seal ------------------------------------------------------------------------------------------------------------ */
typedef struct CardSeal { Str content, sha256; PersonId by; Time at; } CardSeal;
/* Everything that is signed, in one fixed order. */
Str card_seal_content(Arena *a, const Season *s, const Card *card, const Scheme *scheme, const CardScores *scores, const CardFiles *files,
                      const CardEvidences *evidence);
MUST_USE Err card_seal_add(Db *db, CardId card, const CardSeal *x);
MUST_USE Err card_seal_last(Db *db, Arena *a, CardId card, bool *out_found, CardSeal *out);

#endif
