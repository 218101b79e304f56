/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* All findings of a round in one list: those of the checks (quality_flags), those of cleaning's rules (cleaning_findings, module analysis) and
 * answers that name a case (case_claims, module collect), with one set of states. docs/adr/0025. */
#include "quality/parts.h"

static const Str states[FLAG_STATE_COUNT] = { S_INIT("open"), S_INIT("kept"), S_INIT("left_out"), S_INIT("corrected") };

Str flag_state_code(FlagState s)
{
    return states[s];
}

bool flag_state_parse(Str code, FlagState *out)
{
    for (int s = 0; s < FLAG_STATE_COUNT; s++)
        if (str_eq(code, states[s])) {
            *out = (FlagState)s;
            return true;
        }
    return false;
}

/* $1 round. A rule's own words for a decision become those of the checks. */
#define FINDINGS                                                                                                                             \
    "(SELECT id, kind, submission_id, interviewer, detail, score, state, settled_by, '' AS settled_name, settled_at, reason FROM quality_flags "  \
    "WHERE round_id = $1 UNION ALL SELECT CAST(0 AS BIGINT), '" RULE_MARK "' || rule, submission_id, '', '', CAST(0 AS DOUBLE PRECISION), "     \
    "CASE state WHEN 'accepted' THEN 'kept' WHEN 'excluded' THEN 'left_out' ELSE state END, CAST(0 AS BIGINT), person_name, settled_at, reason " \
    "FROM cleaning_findings WHERE round_id = $1 UNION ALL SELECT CAST(0 AS BIGINT), CASE source WHEN 'open' THEN '" CASE_CLAIMED "' "              \
    "ELSE '" CASE_TWICE "' END, submission_id, '', CAST(case_id AS TEXT), CAST(0 AS DOUBLE PRECISION), "                                            \
    "CASE WHEN left_at IS NOT NULL THEN 'left_out' WHEN state = 'waiting' THEN 'open' ELSE 'kept' END, settled_by, '', settled_at, reason "         \
    "FROM case_claims WHERE round_id = $1 AND state <> 'was') AS f "

/* $2 kind, $3 state, $4 interviewer: empty takes all; $5 record by its place in the round, -1 all; $6 'rules', 'checks', 'cases'. */
#define WHERE                                                                                                                        \
    "WHERE ($2 = '' OR kind = $2) AND ($3 = '' OR state = $3) AND ($4 = '' OR interviewer = $4) AND "                                   \
    "(CAST($5 AS BIGINT) < 0 OR submission_id % 4398046511104 = CAST($5 AS BIGINT)) AND ($6 = '' OR ($6 = 'checks' AND id <> 0) OR " \
    "($6 = 'rules' AND kind LIKE '" RULE_MARK "%') OR ($6 = 'cases' AND kind LIKE '" CASE_MARK "%')) "

static void bind_filter(Stmt *q, RoundId round, const FindingFilter *f)
{
    bind_int(q, 1, round.v);
    bind_str(q, 2, f->kind);
    bind_str(q, 3, f->by_state ? flag_state_code(f->state) : S(""));
    bind_str(q, 4, f->interviewer);
    bind_int(q, 5, f->record);
    bind_str(q, 6, f->source);
}

static Err findings_number(Db *db, RoundId round, const FindingFilter *f, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM " FINDINGS WHERE));
    bind_filter(q, round, f);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err findings_list(Db *db, Arena *a, RoundId round, const FindingFilter *f, FindingRows *out, int64_t *out_all)
{
    FindingRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT id, kind, submission_id, interviewer, detail, state, settled_by, settled_name, settled_at, reason FROM " FINDINGS WHERE
        "ORDER BY kind, score DESC, submission_id, id LIMIT $7 OFFSET $8"));
    bind_filter(q, round, f);
    bind_int(q, 7, f->limit);
    bind_int(q, 8, f->offset);
    while (db_row(q)) {
        FindingRow *x = list_add(a, &rows);
        *x = (FindingRow){ .id = col_int(q, 0), .kind = arena_str(a, col_str(q, 1)), .submission = { col_int(q, 2) },
                           .interviewer = arena_str(a, col_str(q, 3)), .detail = arena_str(a, col_str(q, 4)),
                           .settled_by = { col_int(q, 6) }, .settled_name = arena_str(a, col_str(q, 7)),
                           .settled_at = col_time(q, 8), .reason = arena_str(a, col_str(q, 9)) };
        flag_state_parse(col_str(q, 5), &x->state);
    }
    TRY(db_done(q));
    *out = rows;
    return findings_number(db, round, f, out_all);
}

Err findings_count(Db *db, Arena *a, RoundId round, FindingCounts *out)
{
    FindingCounts n = { 0 };
    FlagState     state;
    AUTO_STMT q = db_prepare(db, SQL("SELECT kind, state, COUNT(*) FROM " FINDINGS "GROUP BY kind, state ORDER BY kind, state"));
    bind_int(q, 1, round.v);
    while (db_row(q)) {
        if (!flag_state_parse(col_str(q, 1), &state))
            continue;
        *list_add(a, &n.kinds) = (FindingCount){ arena_str(a, col_str(q, 0)), state, col_int(q, 2) };
        n.state[state] += col_int(q, 2);
    }
    TRY(db_done(q));
    *out = n;
    return OK;
}

int64_t finding_kind_count(const FindingCounts *n, Str kind)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n->kinds.len; i++)
        sum += str_eq(n->kinds.at[i].kind, kind) ? n->kinds.at[i].n : 0;
    return sum;
}

Err finding_holds_out(Db *db, SubmissionId id, int64_t but_flag, bool but_rules, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT (SELECT COUNT(*) FROM quality_flags WHERE submission_id = $1 AND state = 'left_out' AND id <> $2) + "
        "(SELECT COUNT(*) FROM cleaning_findings WHERE submission_id = $1 AND state = 'excluded' AND $3 = 'no')"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, but_flag);
    bind_str(q, 3, but_rules ? S("yes") : S("no"));
    *out = db_row(q) && col_int(q, 0) > 0;
    return db_done(q);
}
