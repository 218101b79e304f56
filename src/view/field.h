/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the form components share; inside view only. */
#ifndef VIEW_FIELD_H
#define VIEW_FIELD_H

#include "view/component.h"

Str  field_class(const Field *f);
Str  field_notes_ids(Out *o, const Field *f);            /* ids of hint and error, for aria-describedby */
Str  field_width(Out *o, Str width);                     /* " w-4" */
Str  field_number(Out *o, int n);                        /* "200"; 0 gives the empty text */
Str  field_choice_id(Out *o, const Field *f, size_t k);  /* the first choice has the field's own name as id */
Str  field_button_class(ButtonKind k);
int64_t field_letters_left(const TextArea *i);
void field_label(Out *o, const Field *f);
void field_notes(Out *o, const Field *f);

#endif
