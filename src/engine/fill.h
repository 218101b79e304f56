/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the views of filling in are given. */
#ifndef ENGINE_FILL_H
#define ENGINE_FILL_H

#include "form/form.h"
#include "view/component.h"

typedef struct FillRow { Str label, value, at, section; bool missing, first; } FillRow;
typedef LIST(FillRow) FillRows;
typedef struct FillView {
    FormPage page;                       /* issues NULL: none are shown yet */
    int  node, instance;
    Str  title;
    bool may_add, may_remove;
    FieldErrors errors;
    FillRows rows;
} FillView;

#endif
