/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes for open answers: a frame, two coders who do not see each other, a third who settles. */
#ifndef ANALYSIS_CODING_H
#define ANALYSIS_CODING_H

#include "analysis/console.h"
#include "stats/kappa.h"

enum { SLOT_FIRST = 1, SLOT_SECOND, SLOT_SETTLED, CODING_PAGE = 10, FRAME_CODES_MOST = 500 };

typedef struct FrameCode { Str code, parent; Str label[LANG_COUNT]; } FrameCode;
typedef LIST(FrameCode) FrameCodes;
typedef struct CodeFrame { int64_t id; RoundId round; Str question; PersonId coder[2]; Str coder_name[2]; int64_t revision; FrameCodes codes; } CodeFrame;
typedef LIST(CodeFrame) CodeFrames;
int  frame_code_find(const FrameCodes *codes, Str code);                /* -1: none */
/* Lines "code | nhãn | label | parent". False: *out_line is the first that is wrong, *out_why why (a key of the catalogue). */
bool frame_codes_read(Arena *a, Str typed, FrameCodes *out, int *out_line, Str *out_why);
Str  frame_codes_text(Arena *a, const FrameCodes *codes);

/* What was coded so far, by record. */
typedef struct CodedRow { SubmissionId id; Str at[4]; } CodedRow;       /* by slot; empty: not yet */
typedef LIST(CodedRow) CodedRows;
Str  coded_final(const CodedRow *row);                                  /* settled, or the one both chose; empty: open */
bool coded_disagree(const CodedRow *row);                               /* both coded, differently, not settled */
Kappa coded_kappa(Arena *a, const FrameCodes *codes, const CodedRows *rows);

/* ---- coding_store.c ------------------------------------------------------------------------------------- */
MUST_USE Err code_frame_list(Db *db, Arena *a, RoundId round, CodeFrames *out);                 /* with their codes */
MUST_USE Err code_frame_load(Db *db, Arena *a, RoundId round, int64_t id, CodeFrame *out);      /* ERR_NOT_FOUND */
MUST_USE Err code_frame_create(Db *db, const CodeFrame *f, PersonId by, Time now);              /* ERR_CONFLICT: the question has one */
/* Replaces the codes; ERR_CONFLICT: a code in use is missing. */
MUST_USE Err frame_codes_save(Db *db, int64_t frame, const FrameCodes *codes);
MUST_USE Err coded_list(Db *db, Arena *a, int64_t frame, CodedRows *out);                  /* by record */
MUST_USE Err coded_save(Db *db, int64_t frame, SubmissionId id, int slot, Str code, PersonId by, Time now);

/* ---- Pages -------------------------------------------------------------------------------------------------- */
typedef struct OpenText { SubmissionId id; Str text, first, second, chosen; } OpenText;
typedef LIST(OpenText) OpenTexts;
typedef struct FrameShown { CodeFrame f; Str label, href; } FrameShown;
typedef struct CodingPage {
    const Round *r; LIST(FrameShown) frames; Choices questions, first, second; Str action, token; bool may_manage; const FieldErrors *errors;
} CodingPage;
typedef struct FramePage {
    const Round *r; CodeFrame f; Str label, base, token, typed; int64_t texts, coded[4], agreed, disagreed; Kappa kappa; OpenTexts open;
    int slot; bool may_manage, may_settle, may_code, settling; Choices codes; const FieldErrors *errors;
} FramePage;

#endif
