/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers of fieldwork name their case, so that weights and response rates can follow: docs/adr/0016. What a case is, only
 * the module of fieldwork knows. */
#include "collect/respond.h"

Err case_link_add(Db *db, int64_t case_id, RoundId round, SubmissionId answer, bool *out_added, bool *out_same)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO case_links (case_id, round_id, submission_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, case_id);
    bind_int(q, 2, round.v);
    bind_int(q, 3, answer.v);
    TRY(db_run(q));
    *out_added = db_changes(q) == 1;
    *out_same  = false;
    AUTO_STMT have = db_prepare(db, SQL("SELECT submission_id FROM case_links WHERE case_id = $1"));
    bind_int(have, 1, case_id);
    while (db_row(have))
        *out_same = col_int(have, 0) == answer.v;
    return db_done(have);
}

Err case_link_move(Db *db, int64_t case_id, SubmissionId answer)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE case_links SET submission_id = $2 WHERE case_id = $1"));
    bind_int(q, 1, case_id);
    bind_int(q, 2, answer.v);
    return db_run(q);
}

Err respond_begin_case(Ctx *c, Str code, Channel ch, int64_t case_id, Str *out_path)
{
    Respond r;
    *list_add(c->arena, &c->params) = (HttpField){ S("round"), code };
    TRY(respond_open(c, &r));
    const CollectKeys *k = collect_keys(c->app);
    r.carried = (Carried){ .token = draft_token(c->arena), .resume = random_code(c->arena, RESUME_LEN) };
    r.draft   = (Draft){ .round = r.info->round.id, .form = r.info->round.form, .channel = ch, .case_id = case_id, .started_at = c->now,
                         .saved_at = c->now, .answers_json = draft_json(c->arena, r.program, &r.x, &r.typed) };
    r.draft.page = r.program->has_lang[LANG_EN] ? respond_path(&r, "/language") : respond_first(&r);
    TRY(draft_create(c->db, c->arena, &r.draft, keyed_hash(k->draft, 0, r.carried.token), keyed_hash(k->resume, r.info->round.id.v, r.carried.resume)));
    respond_carry(&r, &r.carried);
    *out_path = r.draft.page;
    return OK;
}
