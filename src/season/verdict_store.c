/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Verdicts in the database, and the rules on single ones. */
#include "season/verdicts.h"

#include <math.h>

Str verdict_code(VerdictKind k)
{
    static const Str codes[VERDICT_KIND_COUNT] = { S_INIT("accept"), S_INIT("points"), S_INIT("ask") };
    return k < VERDICT_KIND_COUNT ? codes[k] : S("");
}

bool verdict_parse(Str code, VerdictKind *out)
{
    for (int k = 0; k < VERDICT_KIND_COUNT; k++)
        if (str_eq(code, verdict_code((VerdictKind)k))) {
            *out = (VerdictKind)k;
            return true;
        }
    return false;
}

bool verdict_stands(const CardVerdict *v, const CardScores *scores)
{
    const CardScore *x = card_score_find(scores, v->code);
    return v->score_revision == (x ? x->revision : 0) && (!v->large || v->confirmed_at.ms);
}

/* Decimal fractions like 0.3 are not exact: a change of 0.8 − 0.3 is one of 0.5. */
bool verdict_large(VerdictKind kind, double points, double claimed, bool not_applicable, double four_eyes)
{
    return kind == VERDICT_POINTS && (not_applicable || fabs(points - (isnan(claimed) ? 0 : fabs(claimed))) >= four_eyes - 1e-9);
}

const CardVerdict *verdict_find(const CardVerdicts *all, Str code, int round)
{
    for (size_t i = 0; i < all->len; i++)
        if (all->at[i].round == round && str_eq(all->at[i].code, code))
            return &all->at[i];
    return NULL;
}

const CardVerdict *verdict_last(const CardVerdicts *all, Str code)
{
    const CardVerdict *first = verdict_find(all, code, 1), *second = verdict_find(all, code, 2);
    return second && (!first || first->kind == VERDICT_ASK) ? second : first;
}

bool verdict_made_by(const CardVerdicts *all, Str code, PersonId person)
{
    for (size_t i = 0; i < all->len; i++)
        if (str_eq(all->at[i].code, code) && (all->at[i].by.v == person.v || all->at[i].confirmed_by.v == person.v))
            return true;
    return false;
}

Err card_verdicts(Db *db, Arena *a, CardId card, CardVerdicts *out)
{
    CardVerdicts rows = { 0 };
    AUTO_STMT    q    = db_prepare(db, SQL("SELECT code, round, revision, kind, points, claimed, reason, score_revision, large, made_by, made_at, "
                                           "confirmed_by, confirmed_at FROM card_verdicts WHERE card_id = $1 ORDER BY code, round"));
    bind_int(q, 1, card.v);
    while (db_row(q)) {
        CardVerdict x = { .code = arena_str(a, col_str(q, 0)), .round = (int)col_int(q, 1), .revision = col_int(q, 2), .points = col_real(q, 4),
                          .claimed = col_real(q, 5), .reason = arena_str(a, col_str(q, 6)), .score_revision = col_int(q, 7), .large = col_int(q, 8) != 0,
                          .by = { col_int(q, 9) }, .at = col_time(q, 10), .confirmed_by = { col_int(q, 11) }, .confirmed_at = col_time(q, 12) };
        if (verdict_parse(col_str(q, 3), &x.kind))
            *list_add(a, &rows) = x;
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err card_verdict_save(Db *db, Arena *a, CardId card, CardVerdict *x, int64_t seen)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO card_verdicts (card_id, code, round, revision, kind, points, claimed, reason, score_revision, large, made_by, made_at, confirmed_by, "
        "confirmed_at) VALUES ($1, $2, $3, 1, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0) ON CONFLICT (card_id, code, round) DO UPDATE SET "
        "revision = card_verdicts.revision + 1, kind = $5, points = $6, claimed = $7, reason = $8, score_revision = $9, large = $10, made_by = $11, "
        "made_at = $12, confirmed_by = 0, confirmed_at = 0 WHERE card_verdicts.revision = CAST($4 AS BIGINT)"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, x->code);
    bind_int(q, 3, x->round);
    bind_int(q, 4, seen);
    bind_str(q, 5, verdict_code(x->kind));
    bind_real(q, 6, x->points);
    bind_real(q, 7, x->claimed);
    bind_str(q, 8, x->reason);
    bind_int(q, 9, x->score_revision);
    bind_int(q, 10, x->large);
    bind_int(q, 11, x->by.v);
    bind_time(q, 12, x->at);
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(a, ERR_CONFLICT, S("the verdict was changed meanwhile"));
    x->revision     = seen + 1;
    x->confirmed_by = (PersonId){ 0 };
    x->confirmed_at = (Time){ 0 };
    return OK;
}

Err card_verdicts_withdraw(Db *db, CardId card, int round, PersonId person, int64_t *out)
{
    AUTO_STMT made = db_prepare(db, SQL("UPDATE card_verdicts SET revision = revision + 1, score_revision = -1 WHERE card_id = $1 AND round = $2 "
                                        "AND made_by = $3"));
    bind_int(made, 1, card.v);
    bind_int(made, 2, round);
    bind_int(made, 3, person.v);
    TRY(db_run(made));
    AUTO_STMT confirmed = db_prepare(db, SQL("UPDATE card_verdicts SET revision = revision + 1, confirmed_by = 0, confirmed_at = 0 WHERE card_id = $1 "
                                             "AND round = $2 AND confirmed_by = $3"));
    bind_int(confirmed, 1, card.v);
    bind_int(confirmed, 2, round);
    bind_int(confirmed, 3, person.v);
    TRY(db_run(confirmed));
    *out = db_changes(made) + db_changes(confirmed);
    return OK;
}

Err card_verdict_confirm(Db *db, Arena *a, CardId card, const CardVerdict *x, PersonId by, Time at)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE card_verdicts SET revision = revision + 1, confirmed_by = $5, confirmed_at = $6 WHERE card_id = $1 AND code = $2 "
                                     "AND round = $3 AND revision = CAST($4 AS BIGINT) AND large = 1 AND confirmed_at = 0 AND made_by <> $5"));
    bind_int(q, 1, card.v);
    bind_str(q, 2, x->code);
    bind_int(q, 3, x->round);
    bind_int(q, 4, x->revision);
    bind_int(q, 5, by.v);
    bind_time(q, 6, at);
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("the verdict was changed meanwhile, or is one's own"));
}
