/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Quality of a round's answers: checks with thresholds kept as data, findings that people settle, re-checks of interviews. */
#ifndef QUALITY_QUALITY_H
#define QUALITY_QUALITY_H

#include "analysis/analysis.h"
#include "collect/collect.h"
#include "jobs/jobs.h"
#include "stats/quality.h"
#include "stats/within.h"

/* ---- What is looked for ------------------------------------------------------------------------------------------ */
typedef enum QualityKind {
    QUALITY_FAST, QUALITY_STRAIGHT, QUALITY_MATCH, QUALITY_PLACE, QUALITY_SAME_PLACE, QUALITY_HOUR, QUALITY_OVERLAP, QUALITY_PAUSE,
    QUALITY_EFFECT, QUALITY_AGES, QUALITY_MISSING, QUALITY_PACE, QUALITY_LINES, QUALITY_DIGITS, QUALITY_CLOCK,     /* of an interviewer */
    QUALITY_KIND_COUNT
} QualityKind;
Str  quality_code(QualityKind k);                                /* "same_place" */
bool quality_parse(Str code, QualityKind *out);

typedef enum Threshold {
    LIMIT_FAST_SHARE, LIMIT_STRAIGHT_ITEMS, LIMIT_MATCH_PERCENTILE, LIMIT_SAME_PLACE, LIMIT_HOUR_FROM, LIMIT_HOUR_TO, LIMIT_PAUSE_MINUTES,
    LIMIT_EFFECT_P, LIMIT_COMPARE_P, LIMIT_WHIPPLE, LIMIT_COUNT
} Threshold;
typedef struct ThresholdRow { const char *name; double usual, low, high; } ThresholdRow;
extern const ThresholdRow quality_thresholds[LIMIT_COUNT];
typedef struct QualityLimits { double at[LIMIT_COUNT]; } QualityLimits;

/* ---- A run --------------------------------------------------------------------------------------------------------- */
typedef struct QualityRun { int64_t id; RoundId round; PersonId by; Time at; int64_t answers, took_ms; Str figures; } QualityRun;
typedef struct QualityCounts { int64_t found[QUALITY_KIND_COUNT], open, kept, left_out; } QualityCounts;
/* Reads every record that counts, checks it, and stores run and findings. No transaction is open before or after; the reading
 * one and the writing one are short. Findings that were settled stay settled. */
MUST_USE Err quality_run(Db *db, Store *s, Arena *a, RoundId round, PersonId by, Time now, QualityRun *out, QualityCounts *out_counts);

/* How many interviews wait to be asked again by the person who looks, up to most. */
MUST_USE Err recheck_waiting(Ctx *c, int64_t most, int64_t *out);

extern const Route quality_routes[], recheck_manage_routes[], recheck_routes[];           /* console */
extern const JobKind quality_job, recheck_job;
extern const RecordFollower quality_follower;                   /* answers of re-checks */

#endif
