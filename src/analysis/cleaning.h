/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules that find doubtful records, what a run found, and what was decided. */
#ifndef ANALYSIS_CLEANING_H
#define ANALYSIS_CLEANING_H

#include "analysis/console.h"

/* ---- rules.c: rules as data ------------------------------------------------------------------------------ */
typedef enum RuleKind { RULE_RANGE, RULE_LOGIC, RULE_DUPLICATE, RULE_KIND_COUNT } RuleKind;
typedef struct CleaningRule {
    Str code;                            /* "tuoi-cao": letters of addresses */
    Str text;                            /* what is wrong with a record it finds, in the words of who wrote it */
    RuleKind kind;
    StrList questions;                   /* RANGE: one; DUPLICATE: those that are all equal; LOGIC: read off the condition */
    double low, high;                    /* RANGE: NAN is open */
    Str condition;                       /* LOGIC: true for a doubtful record */
    int *nodes; ExprCode expr;           /* set by rule_compile */
} CleaningRule;
typedef LIST(CleaningRule) CleaningRules;
Str  rule_kind_code(RuleKind k);
bool rule_kind_parse(Str code, RuleKind *out);
MUST_USE Err rules_parse(Arena *a, Str json, CleaningRules *out);
Str  rules_json(Arena *a, const CleaningRules *rules);
int  rules_find(const CleaningRules *rules, Str code);                  /* -1: none */
/* Questions found and the condition compiled in keep. False: field ("question", "condition" …) and sentences say why. */
typedef struct RuleFault { const char *field; Str message[LANG_COUNT]; } RuleFault;
bool rule_compile(Arena *keep, const FormProgram *p, CleaningRule *r, RuleFault *out);
/* RANGE, LOGIC. An empty answer is in range. */
bool rule_hits(const CleaningRule *r, Arena scratch, const FormProgram *p, const FormAnswers *x, Time now);
/* DUPLICATE: a keyed hash of the answers; false when one is missing. */
bool rule_key(const CleaningRule *r, Arena scratch, const FormProgram *p, const FormAnswers *x, uint64_t *out);

/* ---- cleaning_run.c ---------------------------------------------------------------------------------------- */
enum { FINDINGS_MOST = 10000 };          /* kept of each rule; all are counted */
typedef struct Finding { int rule; SubmissionId id; } Finding;
typedef struct CleaningFound { LIST(Finding) findings; int64_t *by_rule; int64_t records; } CleaningFound;
/* All records that count, against compiled rules. Two passes when a rule looks for duplicates. */
MUST_USE Err cleaning_search(Db *db, Arena *a, const Round *r, const FormProgram *p, const CleaningRules *rules, Time now, CleaningFound *out);

/* ---- cleaning_store.c -------------------------------------------------------------------------------------- */
typedef struct RuleSet { int64_t number; CleaningRules rules; Str saved_name; Time saved_at; } RuleSet;
MUST_USE Err rule_set_load(Db *db, Arena *a, RoundId round, RuleSet *out);                 /* the latest; number 0: none */
MUST_USE Err rule_set_save(Db *db, Arena *a, RoundId round, int64_t number, const CleaningRules *rules, PersonId by, Str name, Time now);
typedef struct CleaningRun { int64_t number, rule_set, records; Str found; Time at; } CleaningRun;   /* number 0: never */
MUST_USE Err cleaning_run_load(Db *db, Arena *a, RoundId round, CleaningRun *out);
MUST_USE Err cleaning_run_save(Db *db, Arena *a, RoundId round, int64_t rule_set, const CleaningRules *rules, const CleaningFound *found,
                               PersonId by, Time now);
typedef struct FindingRow { Str rule, state, reason, by; SubmissionId id; Time at; } FindingRow;
typedef LIST(FindingRow) FindingRows;
/* rule empty: all. By record. */
MUST_USE Err finding_list(Db *db, Arena *a, RoundId round, Str rule, Str state, int64_t skip, int limit, FindingRows *out, int64_t *out_total);
MUST_USE Err finding_of_record(Db *db, Arena *a, SubmissionId id, FindingRows *out);
MUST_USE Err finding_settle(Db *db, RoundId round, Str rule, SubmissionId id, Str state, Str reason, Str by, Time now);
/* Findings of a record that were settled by changing it are open again, or settled so; state "open" reopens. */
MUST_USE Err finding_settle_record(Db *db, SubmissionId id, Str state, Str reason, Str by, Time now);
typedef struct RuleCount { Str rule; int64_t open, settled; } RuleCount;
typedef LIST(RuleCount) RuleCounts;
MUST_USE Err finding_counts(Db *db, Arena *a, RoundId round, RuleCounts *out);

/* ---- pages -------------------------------------------------------------------------------------------------- */
typedef struct RuleShown { const CleaningRule *r; Str kind, what, href; int64_t open, settled; } RuleShown;
typedef struct CleaningPage {
    const Round *r; RuleSet set; CleaningRun run; RecordTotals totals;
    LIST(RuleShown) rules; int64_t open; Str base, findings_href, token; bool may_manage;
} CleaningPage;
typedef struct RulesPage {
    const Round *r; const FormProgram *p; RuleSet set; CleaningRule typed; Str question, low, high, many, action, token; const FieldErrors *errors;
} RulesPage;
enum { REASON_MOST = 300 };             /* letters of a reason */
typedef struct RecordLine { Str name, label, value, before; bool changed; } RecordLine;
typedef struct RecordPage {
    const Round *r; RecordView v; Str record; LIST(RecordLine) lines; RecordVersions versions; FindingRows findings; Choices questions;
    Str base, findings_href, token, question, value, reason, why; bool may_manage, files_shown; const FieldErrors *errors; AnswerFiles files; LIST(Str) rules;
} RecordPage;
Str findings_path(Ctx *c, const Round *r);                              /* the console of findings */
MUST_USE Err record_page(Ctx *c);
MUST_USE Err record_correct_action(Ctx *c);
MUST_USE Err record_decide_action(Ctx *c);
MUST_USE Err record_undo_action(Ctx *c);
MUST_USE Err rules_page(Ctx *c);
MUST_USE Err rules_add_action(Ctx *c);
MUST_USE Err rules_remove_action(Ctx *c);
/* Everything of one record's answers as labels. */
Str answer_label(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l);

#endif
