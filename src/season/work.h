/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of self-scoring work with: one card with its scheme, everything said so far, and what it scores. */
#ifndef SEASON_WORK_H
#define SEASON_WORK_H

#include "season/parts.h"
#include "season/final.h"
#include "season/inputs.h"

typedef struct CardWork {
    Season         s;
    Card           card;
    Scheme         scheme;
    CardScores     scores;
    CardFiles      files;
    CardEvidences  evidence;
    CardVerdicts   verdicts;
    CardAnswers    answers;
    CardObjections objections;
    SchemeCalendar calendar;
    SchemeCard     filled;
    SchemeResult   result;                 /* of what the unit said */
    SchemeResult   final;                  /* after appraisal, and council once it may be read; len 0: not for this reader yet */
    bool           manages;                /* the reader runs the season */
    bool           told;
    bool           may_score, may_sign;    /* holds the right and works in the unit, and the card is a draft */
    bool           may_answer, may_close;  /* the same rights while the unit explains or may object: to write, and to send */
    int64_t        own, done, ready;       /* criteria left to the unit; with points or not applicable; and with evidence or explanation */
    double         points, max;            /* of the own criteria that are done, of all own criteria */
} CardWork;
/* The scheme of a season. *told: today's checks refuse it, and the answer is the page of its faults. */
MUST_USE Err season_scheme(Ctx *c, const Season *s, Scheme *out, bool *told);
/* How many criteria of a season are left to its units. */
MUST_USE Err season_own_leaves(Ctx *c, const Season *s, int64_t *out, bool *told);
/* told, here and above: today's checks refuse the scheme, and its faults have been answered; nothing else is to be done. */
MUST_USE Err card_work(Ctx *c, Right right, CardWork *w);
/* ---- Appraisal (steps.c) --- */
int  card_round(CardState s);                                 /* of appraisal: 1, 2; 0: none runs */
/* Of the round that runs: criteria to be judged, judged, waiting for a second appraiser; of the card: asked about, answered. */
typedef struct CardRound { int64_t all, done, waiting, asked, answered; } CardRound;
CardRound card_round_count(const CardWork *w);
bool card_leaf_asked(const CardWork *w, Str code);
/* The unit may add evidence now: while it scores, explains this criterion, or may object. */
bool card_leaf_open(const CardWork *w, int at);
bool card_leaf_judged(const CardWork *w, Str code, int round);
/* What the step waits for, in words; empty: it can be done. */
Str  card_step_waits(Ctx *c, const CardWork *w, CardStep step);

/* Of one leaf: how many pieces of evidence, whether it is done, and whether it is proved as well. */
int64_t card_leaf_evidence(const CardWork *w, Str code);
bool card_leaf_done(const CardWork *w, int at);
bool card_leaf_ready(const CardWork *w, int at);
Str  card_leaf_href(Ctx *c, const CardWork *w, Str code);
Str  card_points_text(Ctx *c, double x);
Str  card_closed_text(Ctx *c, const Card *card);              /* why a card that is no draft takes no change, and what helps */

typedef struct LeafLine { Str code, name, href, max, points, judged, evidence; CardTag state; bool group; } LeafLine;
typedef struct LeafDomain { Str code, name, points, max, done; LIST(LeafLine) lines; } LeafDomain;
typedef struct CardSheet { LIST(LeafDomain) domains; bool judged; } CardSheet;      /* judged: with the points after appraisal */
/* What a person types as a number, a day or a text of JSON, and back in the boxes they type into. */
void card_typed_json(Ctx *c, Buf *b, Str text);
Str  card_number_shown(Ctx *c, double x);
Str  card_value_shown(Ctx *c, const Json *v);

void card_sheet_fill(Ctx *c, const CardWork *w, CardSheet *out);

typedef struct EvidenceLine { Str name, note, href, kind, ref; } EvidenceLine;
typedef struct Said { Str title, text, by; TagKind kind; } Said;
typedef LIST(Said) SaidList;
typedef struct ScoreView {
    const CardWork *w;
    const SchemeCriterion *x;
    FieldErrors errors;
    Str base, action, token, path, max, note, revision, prev_href, next_href, saved;
    StrList words, faults, trace;
    LIST(TextInput) boxes;
    bool not_applicable, editable, own, given, scored;      /* given: whoever runs the season gave inputs */
    Str points;
    Str answer, answer_revision, objection, objection_revision;      /* what the unit says of its appraisal; typed when errors stand */
    bool answering, objecting, objected, attach;
    SaidList said;
    LIST(EvidenceLine) evidence;
    Choices files, editions;
} ScoreView;
typedef struct SignView {
    const CardWork *w;
    Str base, action, token, unit, why_not;
    LIST(LeafLine) missing;
    LIST(SummaryRow) facts;
} SignView;
typedef struct PrintView {
    const CardWork *w;
    Str unit, base, says;
    CardSheet sheet;
    Str points, max;
} PrintView;

MUST_USE Err card_score_page(Ctx *c);
MUST_USE Err card_score_action(Ctx *c);
MUST_USE Err card_score_view(Ctx *c, ScoreView *v, CardWork *w, int at, int status);
/* The page of a criterion again, with what went wrong beside the evidence. */
MUST_USE Err card_score_again(Ctx *c, CardWork *w, int at, Str field, Str message);
MUST_USE Err card_leaf_of_form(Ctx *c, CardWork *w, int *out_at);
MUST_USE Err card_file_action(Ctx *c);
MUST_USE Err card_evidence_action(Ctx *c);
MUST_USE Err card_file_page(Ctx *c);
MUST_USE Err card_sign_page(Ctx *c);
MUST_USE Err card_sign_action(Ctx *c);
MUST_USE Err card_print_page(Ctx *c);

#endif
