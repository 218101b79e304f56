/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of rules, runs and findings. */
#include "analysis/cleaning.h"

Err rule_set_load(Db *db, Arena *a, RoundId round, RuleSet *out)
{
    *out = (RuleSet){ 0 };
    Str json = S("[]");
    AUTO_STMT q = db_prepare(db, SQL("SELECT number, rules, saved_name, saved_at FROM cleaning_rule_sets WHERE round_id = $1 ORDER BY number DESC LIMIT 1"));
    bind_int(q, 1, round.v);
    if (db_row(q)) {
        out->number     = col_int(q, 0);
        json            = arena_str(a, col_str(q, 1));
        out->saved_name = arena_str(a, col_str(q, 2));
        out->saved_at   = col_time(q, 3);
    }
    TRY(db_done(q));
    return rules_parse(a, json, &out->rules);
}

Err rule_set_save(Db *db, Arena *a, RoundId round, int64_t number, const CleaningRules *rules, PersonId by, Str name, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO cleaning_rule_sets (round_id, number, rules, saved_by, saved_name, saved_at) VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, number);
    bind_str(q, 3, rules_json(a, rules));
    bind_int(q, 4, by.v);
    bind_str(q, 5, name);
    bind_time(q, 6, now);
    return db_run(q);
}

Err cleaning_run_load(Db *db, Arena *a, RoundId round, CleaningRun *out)
{
    *out = (CleaningRun){ 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT number, rule_set, records, found, run_at FROM cleaning_runs WHERE round_id = $1 ORDER BY number DESC LIMIT 1"));
    bind_int(q, 1, round.v);
    if (db_row(q))
        *out = (CleaningRun){ .number = col_int(q, 0), .rule_set = col_int(q, 1), .records = col_int(q, 2), .found = arena_str(a, col_str(q, 3)),
                              .at = col_time(q, 4) };
    return db_done(q);
}

static Err insert_run(Db *db, Arena *a, RoundId round, int64_t rule_set, const CleaningRules *rules, const CleaningFound *found, PersonId by, Time now)
{
    CleaningRun last;
    Buf         b = buf_new(a, 256);
    TRY(cleaning_run_load(db, a, round, &last));
    buf_byte(&b, '{');
    for (size_t i = 0; i < rules->len; i++) {
        buf_add(&b, i ? S(",") : S(""));
        buf_json_str(&b, rules->at[i].code);
        buf_fmt(&b, ":%lld", (long long)found->by_rule[i]);
    }
    buf_byte(&b, '}');
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO cleaning_runs (round_id, number, rule_set, records, found, run_by, run_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, last.number + 1);
    bind_int(q, 3, rule_set);
    bind_int(q, 4, found->records);
    bind_str(q, 5, buf_str(&b));
    bind_int(q, 6, by.v);
    bind_time(q, 7, now);
    return db_run(q);
}

/* What was accepted stays accepted; everything else is what this run found. */
Err cleaning_run_save(Db *db, Arena *a, RoundId round, int64_t rule_set, const CleaningRules *rules, const CleaningFound *found, PersonId by, Time now)
{
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM cleaning_findings WHERE round_id = $1 AND state <> 'accepted'"));
    bind_int(d, 1, round.v);
    TRY(db_run(d));
    for (size_t i = 0; i < found->findings.len; i++) {
        const Finding *f = &found->findings.at[i];
        AUTO_STMT q = db_prepare(db, SQL(
            "INSERT INTO cleaning_findings (round_id, rule, submission_id, state, reason, person_name) VALUES ($1, $2, $3, 'open', '', '') "
            "ON CONFLICT (round_id, rule, submission_id) DO NOTHING"));
        bind_int(q, 1, round.v);
        bind_str(q, 2, rules->at[f->rule].code);
        bind_int(q, 3, f->id.v);
        TRY(db_run(q));
    }
    return insert_run(db, a, round, rule_set, rules, found, by, now);
}

static void read_finding(Stmt *q, Arena *a, FindingRow *f)
{
    *f = (FindingRow){ .rule = arena_str(a, col_str(q, 0)), .id = { col_int(q, 1) }, .state = arena_str(a, col_str(q, 2)),
                       .reason = arena_str(a, col_str(q, 3)), .by = arena_str(a, col_str(q, 4)), .at = col_time(q, 5) };
}

static Err count_findings(Db *db, RoundId round, Str rule, Str state, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM cleaning_findings WHERE round_id = $1 AND state = $2 AND ($3 = '' OR rule = $3)"));
    bind_int(q, 1, round.v);
    bind_str(q, 2, state);
    bind_str(q, 3, rule);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err finding_list(Db *db, Arena *a, RoundId round, Str rule, Str state, int64_t skip, int limit, FindingRows *out, int64_t *out_total)
{
    FindingRows rows = { 0 };
    TRY(count_findings(db, round, rule, state, out_total));
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT rule, submission_id, state, reason, person_name, settled_at FROM cleaning_findings "
        "WHERE round_id = $1 AND state = $2 AND ($3 = '' OR rule = $3) ORDER BY rule, submission_id LIMIT $4 OFFSET $5"));
    bind_int(q, 1, round.v);
    bind_str(q, 2, state);
    bind_str(q, 3, rule);
    bind_int(q, 4, limit);
    bind_int(q, 5, skip);
    while (db_row(q))
        read_finding(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err finding_of_record(Db *db, Arena *a, SubmissionId id, FindingRows *out)
{
    FindingRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT rule, submission_id, state, reason, person_name, settled_at FROM cleaning_findings WHERE submission_id = $1 ORDER BY rule"));
    bind_int(q, 1, id.v);
    while (db_row(q))
        read_finding(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err finding_settle(Db *db, RoundId round, Str rule, SubmissionId id, Str state, Str reason, Str by, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE cleaning_findings SET state = $1, reason = $2, person_name = $3, settled_at = $4 WHERE round_id = $5 AND rule = $6 AND submission_id = $7"));
    bind_str(q, 1, state);
    bind_str(q, 2, reason);
    bind_str(q, 3, by);
    bind_time(q, 4, now);
    bind_int(q, 5, round.v);
    bind_str(q, 6, rule);
    bind_int(q, 7, id.v);
    return db_run(q);
}

Err finding_settle_record(Db *db, SubmissionId id, Str state, Str reason, Str by, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE cleaning_findings SET state = $1, reason = $2, person_name = $3, settled_at = $4 WHERE submission_id = $5 AND state <> 'accepted'"));
    bind_str(q, 1, state);
    bind_str(q, 2, reason);
    bind_str(q, 3, by);
    bind_time(q, 4, now);
    bind_int(q, 5, id.v);
    return db_run(q);
}

Err finding_counts(Db *db, Arena *a, RoundId round, RuleCounts *out)
{
    RuleCounts rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT rule, SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'open' THEN 0 ELSE 1 END) "
        "FROM cleaning_findings WHERE round_id = $1 GROUP BY rule ORDER BY rule"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        *list_add(a, &rows) = (RuleCount){ arena_str(a, col_str(q, 0)), col_int(q, 1), col_int(q, 2) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}
