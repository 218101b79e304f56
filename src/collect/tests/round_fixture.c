/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "round_fixture.h"

static void open_round(RoundFixture *f, Arena *a, RoundIdentity identity)
{
    Round r = { .code = S("thu-2026"), .title_vi = S("Đợt thử"), .title_en = S("Trial"), .form = fixture_form(f->db, f->store, a),
                .owner = { 1 }, .identity = identity, .device_limit = 1, .closes_at = { f->now.ms + 30 * MS_DAY }, .unit_question = S("tinh") };
    RoundId id = { 0 };
    Err e = db_begin_write(f->db);
    if (!e) e = unit_load_reference(f->db, a, NULL, NULL);
    if (!e) e = round_create(f->db, a, &r, f->now, &id);
    if (!e) e = round_set_state(f->db, a, id, ROUND_OPEN, f->now);
    if (!e) e = round_load(f->db, a, id, &f->round);
    if (!e) e = db_commit(f->db);
    if (!e) e = round_info(f->db, f->store, a, r.code, &f->info);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

RoundFixture round_fixture(Store *store, Arena *a, RoundIdentity identity)
{
    RoundFixture f = { .store = store, .db = test_take(store, a) };
    memset(f.app.key, 7, sizeof f.app.key);
    f.app.store = store;
    CHECK(time_parse_iso(S("2026-11-22T09:00:00+07:00"), &f.now));
    open_round(&f, a, identity);
    return f;
}

Submission *fixture_answer(RoundFixture *f, Arena *a, Str uuid, int n)
{
    static const Str provinces[] = { S_INIT("01"), S_INIT("24") };
    const FormProgram *p = f->info->program;
    const CollectKeys *k = collect_keys(&f->app);
    FormAnswers x = form_answers_new(a, p);
    x.at[p->nodes.at[form_find(p, S("hai_long"))].answer] = arena_fmt(a, "%d", n % 3 + 1);
    x.at[p->nodes.at[form_find(p, S("kenh"))].answer]     = n % 2 ? S("web mang") : S("loa");
    x.at[p->nodes.at[form_find(p, S("gop_y"))].answer]    = arena_fmt(a, "ý kiến %d", n);
    x.at[p->nodes.at[form_find(p, S("tinh"))].answer]     = provinces[n % 2];
    Submission *s = arena_new(a, Submission, 1);
    *s = (Submission){ .info = f->info, .from = CONTRIBUTION_API, .channel = n % 5 ? CHANNEL_API : CHANNEL_WEB, .at = f->now, .media = S("application/json") };
    submission_fill(s, a, k, f->info, uuid, &x, submission_body(a, uuid, answers_json(a, p, &x)));
    s->code = code_hash(k, f->round.id, S("0"));
    submission_seal(s, a, k);
    return s;
}
