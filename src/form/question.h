/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the views of questions are given. */
#ifndef FORM_QUESTION_H
#define FORM_QUESTION_H

#include "form/form_parts.h"
#include "view/component.h"

typedef struct QuestionMedia { Str base, image, big_image, audio, video; } QuestionMedia;      /* names, empty: there is none; they lie below base */
typedef struct QuestionChoice { Str id, value, label; bool chosen; QuestionMedia media; } QuestionChoice;
typedef struct QuestionBox {
    QuestionType type;
    Str  id, name;                       /* of the first control; of all controls */
    Str  label, hint, error, notes;      /* notes: ids of hint and error */
    Str  guidance;                       /* opened on demand */
    Str  value, day, month, year, hour, minute, latitude, longitude;
    Str  least, most;                    /* of a range */
    Str *places;                         /* of a ranking: names in the order given so far, one for each choice */
    enum { HEADING_NONE, HEADING_PAGE, HEADING_INSIDE } heading;     /* a label; the page's h1; an h2 that looks like it */
    bool optional, many, long_text, read_only;
    const QuestionChoice *choices; size_t choice_count;      /* above the rule */
    const QuestionChoice *apart; size_t apart_count;         /* "no opinion" and the like */
    bool as_select;
    const char *layout;                  /* class of the rows of choices; "": one below the other */
    bool search; Str find; int64_t found;                    /* a long list: what was searched by, how many were found; choices are those and what is chosen */
    Str  fix;                            /* of a place: as the device told it; kept while the boxes say the same */
    Str  place;                          /* the script that asks the device; empty: it is not asked */
    QuestionMedia media;
    Str  files;                          /* where a file that was sent lies; empty: it cannot be shown here */
    bool file_picture, offline;
    Str  capture;                        /* "environment", "user": made now by the device, as appearance "new" asks; empty: chosen too */
} QuestionBox;

/* One page drawn inside another: headings are h2. s says what is relevant; fields, what long lists were searched by. */
void question_preview(Out *o, const FormProgram *p, const FormAnswers *x, const FormState *s, int page, Lang l, const HttpFields *fields);

/* ---- render_text.c ---- */
Str form_choice_label(const FormChoice *c, Lang l);
Str form_number_typed(Arena *a, Str text, Lang l);
Str form_hint_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l);
Str form_guidance_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l);
Str  form_text_in(const FormProgram *p, const FormText *t, Lang l);       /* the form's own language stands in for one it does not have */
bool form_list_searched(const FormNode *n, size_t count);                 /* so long, or asked for */
const char *form_layout(const FormNode *n, bool alone);                   /* class of the rows of choices by its appearance; alone on its page */
Str  form_accept(QuestionType t);                                         /* of a control for files */

#endif
