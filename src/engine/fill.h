/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the views of filling in are given. */
#ifndef ENGINE_FILL_H
#define ENGINE_FILL_H

#include "form/form.h"
#include "view/component.h"

typedef struct FillRow { Str label, value, at, section; bool missing, first; } FillRow;
typedef LIST(FillRow) FillRows;
typedef struct FillView {
    const FormProgram *program;
    const FormAnswers *x, *typed;
    const AnswerIssues *issues;          /* shown; NULL: none yet */
    Time now;
    int  node, instance;
    Str  title;
    bool may_add, may_remove;
    FieldErrors errors;
    FillRows rows;
} FillView;

#endif
