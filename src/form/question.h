/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the views of questions are given. */
#ifndef FORM_QUESTION_H
#define FORM_QUESTION_H

#include "form/form_parts.h"
#include "view/component.h"

typedef struct QuestionChoice { Str id, value, label; bool chosen; } QuestionChoice;
typedef struct QuestionBox {
    QuestionType type;
    Str  id, name;                       /* of the first control; of all controls */
    Str  label, hint, error, notes;      /* notes: ids of hint and error */
    Str  value, day, month, year;
    bool heading;                        /* the label is the page's h1 */
    bool optional, many, long_text;
    const QuestionChoice *choices; size_t choice_count;      /* above the rule */
    const QuestionChoice *apart; size_t apart_count;         /* "no opinion" and the like */
    bool as_select;
} QuestionBox;

#endif
