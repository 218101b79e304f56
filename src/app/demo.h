/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demonstration's simulated respondents. */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "app/app.h"
#include "analysis/analysis.h"
#include "edition/edition.h"

/* code: official code of the province. earlier: of the round a year before, when most provinces and factors stood where they stand now. */
typedef struct DemoRespondent { Str code; double province, mood; bool earlier; } DemoRespondent;
enum { DEMO_REMARKS = 6 };
extern const DemoCode demo_remarks[DEMO_REMARKS];
uint64_t       demo_next(uint64_t *state);
DemoRespondent demo_person(Str province, bool earlier, uint64_t *state);
Str            demo_uuid(Arena *a, uint64_t *state);
/* Answers to every relevant question. */
FormAnswers    demo_answers(Arena *a, const FormProgram *p, const DemoRespondent *who, Str province_question, Time now, uint64_t *state);

/* Sample, fieldwork, findings and a re-check of one province (demo_field.c). */
typedef struct DemoTeam { PersonId officer, supervisor, interviewer; } DemoTeam;
/* out_key: opens the offline page as the interviewer's device in the round of fieldwork. */
MUST_USE Err   demo_field(Cli *c, const DemoTeam *team, Str *out_key);

#endif
