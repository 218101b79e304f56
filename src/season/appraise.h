/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of appraisal, objection and council show. */
#ifndef SEASON_APPRAISE_H
#define SEASON_APPRAISE_H

#include "season/work.h"

/* The step bar of a card, from self-scoring to the lock. */
typedef struct CardBar { LIST(StepItem) steps; } CardBar;
void card_bar_fill(Ctx *c, const Card *card, CardBar *out);
Str  card_leaf_path(Ctx *c, const Scheme *s, int at);                  /* "1 Chỉ đạo › 1.1 Kế hoạch" */
Str  scheme_domain(const Scheme *s, int at);                           /* code of the criterion at the top */
double verdict_points(const CardWork *w, int at, const CardVerdict *v);/* as they count in the total; NAN: none */
CardTag verdict_tag(Ctx *c, const CardWork *w, Str code, int round);

/* ---- Who appraises ------------------------------------------------------------------------------------------------ */
typedef struct AppraiserLine { Str name, works_in, domain, unit, person_id, domain_code, unit_id; } AppraiserLine;
typedef struct AppraiserCount { Str name, n, accepted, lowered, raised, asked, mean, days, confirmed; } AppraiserCount;
typedef struct AppraisersView {
    const Season *s;
    Str base, action, token, four_eyes;
    FieldErrors errors;
    Choices people, domains, units;
    LIST(AppraiserLine) lines;
    LIST(AppraiserCount) counts;
    LIST(SummaryRow) conflicts;
} AppraisersView;
MUST_USE Err season_appraisers_page(Ctx *c);
MUST_USE Err season_appraisers_action(Ctx *c);

/* ---- The desk of an appraiser ----------------------------------------------------------------------------------------- */
typedef struct QueueLine { Str unit, href, open, confirm, due; CardTag state; bool late; double share; } QueueLine;
typedef struct QueueSeason { const Season *s; Str href; LIST(QueueLine) lines; } QueueSeason;
typedef struct QueueView { LIST(QueueSeason) seasons; bool any; } QueueView;

typedef struct JudgedLine { Str code, name, href, rule, max, claimed, judged, change, evidence, note; CardTag state; bool group, lower, fits; } JudgedLine;
typedef struct AppraiseView {
    const CardWork *w;
    Str unit, base, action, token, domain, domain_name, says, due, conflict_href, first_href;
    CardTag state;
    CardBar bar;
    LIST(TabItem) domains;
    LIST(JudgedLine) lines;
    int64_t fits, done, all;
    Str max, claimed, judged, change;
} AppraiseView;
typedef struct ConflictView { const CardWork *w; Str unit, base, action, token, reason; FieldErrors errors; } ConflictView;

/* Who may judge which criteria of a card. */
typedef struct Appraiser { PersonId person; Assignments all; UnitId unit; } Appraiser;
bool appraiser_covers(const Appraiser *x, const Scheme *s, int at);
/* The card of the path for an appraiser who is assigned and has no conflict of interest. *told: the answer is given. */
MUST_USE Err appraiser_work(Ctx *c, CardWork *w, Appraiser *who, bool *told);
/* Cards of the season in which the reader still has something to judge or to confirm, and the one due first; NULL: none. */
MUST_USE Err appraiser_open(Ctx *c, const Season *s, const Cards *cards, RightScope *scope, int64_t *out, const Card **out_first);
bool card_leaf_fits(const CardWork *w, int at);                        /* nobody judged it yet, and rule and data agree: computed as claimed, proved */
Str  verdict_href(Ctx *c, const CardWork *w, Str code);
MUST_USE Err appraisal_page(Ctx *c);
MUST_USE Err card_appraise_page(Ctx *c);
MUST_USE Err card_appraise_action(Ctx *c);
MUST_USE Err card_conflict_page(Ctx *c);
MUST_USE Err card_conflict_action(Ctx *c);

/* ---- One verdict -------------------------------------------------------------------------------------------------------- */
/* Evidence in the page: a picture, a document in a frame, or a file to download. */
typedef enum EvidenceShape { EVIDENCE_SHOW_NONE, EVIDENCE_SHOW_PICTURE, EVIDENCE_SHOW_PDF, EVIDENCE_SHOW_LINK } EvidenceShape;
typedef struct EvidenceBench {
    LIST(TabItem) tabs;
    size_t at, n;
    Str title, note, src, download;
    EvidenceShape shape;
} EvidenceBench;
/* base: the page's address up to the number of the piece ("…&e="). */
MUST_USE Err evidence_bench_fill(Ctx *c, const CardWork *w, Str code, Str base, int64_t chosen, EvidenceBench *out);

/* Everything said of a criterion so far, in order: verdicts, explanation, objection, decision; all: also what the unit may not read yet. */
MUST_USE Err card_said_fill(Ctx *c, const CardWork *w, int at, bool all, SaidList *out);

typedef struct VerdictView {
    const CardWork *w;
    const SchemeCriterion *x;
    FieldErrors errors;
    Str base, action, token, path, max, claimed, back_href, prev_href, next_href, kind, points, reason, revision, unit, unit_note, limit;
    StrList words, faults, trace;
    LIST(SummaryRow) inputs;
    SaidList said;
    EvidenceBench bench;
    int  round;
    bool editable, may_confirm, not_applicable, penalty;
} VerdictView;
MUST_USE Err card_verdict_page(Ctx *c);
MUST_USE Err card_verdict_action(Ctx *c);
MUST_USE Err card_document_page(Ctx *c);

/* ---- What the unit says (answer_pages.c), and the council (council_pages.c) ---------------------------------------------- */
void card_words_fill(Ctx *c, ScoreView *v, int at);
MUST_USE Err card_explain_action(Ctx *c);
MUST_USE Err card_objection_action(Ctx *c);

typedef struct CouncilListView { const CardWork *w; Str unit, base; CardTag state; CardBar bar; LIST(JudgedLine) lines; int64_t open; } CouncilListView;
typedef struct DecisionView {
    const CardWork *w;
    const SchemeCriterion *x;
    FieldErrors errors;
    Str base, action, token, unit, path, max, claimed, judged, back_href, decision, points, why, revision;
    StrList words;
    SaidList said;
    EvidenceBench bench;
    bool editable, own;                        /* own: the reader judged this criterion */
} DecisionView;
MUST_USE Err card_council_page(Ctx *c);
MUST_USE Err card_decision_page(Ctx *c);
MUST_USE Err card_decision_action(Ctx *c);

#endif
