/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A submission's XML against the questionnaire it was made with. */
#ifndef OPENROSA_RECHECK_H
#define OPENROSA_RECHECK_H

#include "openrosa/parts.h"

typedef struct Recheck {
    Str answers;              /* JSON, as records hold them; */
    FormAnswers values;       /* the same, to count */
    FlagRows flags;
    Time start, end;          /* of the interview, as the phone wrote them; 0: none */
    int given;                /* answers that people gave */
    bool names_log;           /* the answers name the phone's log */
} Recheck;
/* arrived: the day of today() when the answers name none. Texts of the result may lie in the tree. */
void recheck_of(Arena *a, const FormProgram *p, const Xml *root, Time arrived, Recheck *out);
/* ERR_INVALID, ERR_TOO_LARGE: not XML that can be read. */
MUST_USE Err recheck_run(Arena *a, const FormProgram *p, Str xml, Time arrived, Recheck *out);

#endif
