/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Elements of DDI-Codebook 2.5, the description of a study and its files that archives of data read. The caller writes the study
 * and orders the parts: open, study, files, <dataDscr>, variables, </dataDscr>, close. */
#ifndef ANALYSIS_DDI_H
#define ANALYSIS_DDI_H

#include "base/buf.h"
#include "i18n/i18n.h"

typedef struct DdiCategory {
    Str     value, label[LANG_COUNT];
    bool    missing;                     /* no opinion, not known */
    int64_t count;                       /* rows with it; below 0: not told */
} DdiCategory;
typedef LIST(DdiCategory) DdiCategories;

typedef struct DdiVariable {
    Str     id, file, name;              /* "V3", "F1", "b1" */
    Str     label[LANG_COUNT];
    bool    asked;                       /* the label is the question as it was asked */
    bool    measured;                    /* a number on a scale, not one of some categories */
    bool    numeric, day;                /* how its cells are written */
    int     decimals;
    int64_t valid, invalid;              /* cells that are filled and empty; below 0: not told */
    DdiCategories categories;
} DdiVariable;

void ddi_open(Buf *b);
void ddi_close(Buf *b);
void ddi_text(Buf *b, const char *element, const char *lang, Str text);     /* nothing for the empty text; lang may be NULL */
void ddi_both(Buf *b, const char *element, const Str label[LANG_COUNT]);    /* English only where it differs */
void ddi_variable(Buf *b, const DdiVariable *v);

#endif
