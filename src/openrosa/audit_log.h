/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* audit.csv, the log that Collect keeps of an interview. */
#ifndef OPENROSA_AUDIT_LOG_H
#define OPENROSA_AUDIT_LOG_H

#include "base/base.h"

/* Time at one question, over all visits. node: "/data/r[3]/x" as logged. */
typedef struct QuestionTime { Str node; int64_t ms, visits; } QuestionTime;
typedef struct FieldTimes {
    Time started_at, ended_at;        /* by the phone's clock; 0: none */
    int64_t interview_ms;             /* the form was open, without pauses */
    int64_t pause_ms, pauses;         /* between leaving the form and taking it up again; standing still at a question for long */
    int64_t revisits;                 /* visits to questions seen before */
    bool night;                       /* a part lies between 22:00 and 05:00 in Viet Nam */
    LIST(QuestionTime) questions;     /* in order of their first visit */
} FieldTimes;
/* Reads what can be read: unknown events, missing columns and damaged lines are passed over. False when there is no event. */
bool audit_log_read(Arena *a, Str csv, FieldTimes *out);
Str  audit_log_json(Arena *a, const FieldTimes *t);             /* [{"node","seconds","visits"}] */

#endif
