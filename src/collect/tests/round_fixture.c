/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A small questionnaire and an open round of it. */
#include "round_fixture.h"

#include "form/tests/form_test_book.h"

static const char *const lines =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|required|relevant|constraint\n"
    "select_one muc|hai_long|Ông/bà hài lòng không?|Are you satisfied?|yes||\n"
    "select_multiple kenh|kenh|Ông/bà biết qua kênh nào?|Which channels?|no||\n"
    "text|ly_do|Vì sao chưa hài lòng?|Why not?|yes|${hai_long} = '1'|\n"
    "text|gop_y|Góp ý|Comments|no||\n"
    "integer|tuoi|Tuổi|Age|no||. >= 15 and . <= 110\n"
    "select_one tinh|tinh|Tỉnh, thành phố|Province|yes||\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)\n"
    "muc|1|Không|No\nmuc|2|Bình thường|Neutral\nmuc|3|Hài lòng|Satisfied\n"
    "kenh|web|Trang tin|Web\nkenh|mang|Mạng xã hội|Social media\nkenh|loa|Loa|Loudspeaker\n"
    "tinh|01|Hà Nội|Ha Noi\ntinh|24|Bắc Ninh|Bac Ninh\n"
    "[settings]\nform_id|version|form_title\nthu|1|Phiếu thử\n";

static FormId form_of(Db *db, Store *s, Arena *a, const char *book)
{
    FormIssues issues = { 0 };
    FormId     id     = { 0 };
    Err        e      = form_save_xlsx(db, s, a, test_xlsx(a, book), (UnitId){ UNIT_ROOT }, (PersonId){ 1 }, test_now(), &issues, &id);
    for (size_t i = 0; i < issues.len; i++)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(issues.at[i].message_en));
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return id;
}

FormId fixture_form(Db *db, Store *s, Arena *a)
{
    return form_of(db, s, a, lines);
}

static void open_round(RoundFixture *f, Arena *a, RoundIdentity identity, const char *book)
{
    Round r = { .code = S("thu-2026"), .title_vi = S("Đợt thử"), .title_en = S("Trial"), .owner = { UNIT_ROOT },
                .identity = identity, .device_limit = 1, .closes_at = { f->now.ms + 30 * MS_DAY }, .unit_question = book == lines ? S("tinh") : S("") };
    RoundId id = { 0 };
    Err e = db_begin_write(f->db);
    if (!e) e = unit_load_reference(f->db, a, NULL, NULL);
    if (!e) r.form = form_of(f->db, f->store, a, book);
    if (!e) e = round_create(f->db, a, &r, f->now, &id);
    if (!e) e = round_set_state(f->db, a, id, ROUND_OPEN, f->now);
    if (!e) e = round_load(f->db, a, id, &f->round);
    if (!e) e = db_commit(f->db);
    if (!e) e = round_info(f->db, f->store, a, r.code, &f->info);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static RoundFixture fixture_of(Store *store, Arena *a, RoundIdentity identity, Time now, const char *book)
{
    RoundFixture f = { .store = store, .db = test_take(store, a), .now = now };
    memset(f.app.key, 7, sizeof f.app.key);
    f.app.store      = store;
    f.app.plain_http = true;
    f.app.public_url = S("http://khao-sat.example");
    f.app.help_phone = S("1800 0000");
    open_round(&f, a, identity, book);
    return f;
}

RoundFixture round_fixture_of(Store *store, Arena *a, const char *book)
{
    return fixture_of(store, a, IDENTITY_OPEN, time_now(), book);
}

RoundFixture round_fixture_at(Store *store, Arena *a, RoundIdentity identity, Time now)
{
    return fixture_of(store, a, identity, now, lines);
}

RoundFixture round_fixture(Store *store, Arena *a, RoundIdentity identity)
{
    Time now = { 0 };
    CHECK(time_parse_iso(S("2026-11-22T09:00:00+07:00"), &now));
    return round_fixture_at(store, a, identity, now);
}

NewCode *fixture_codes(RoundFixture *f, Arena *a, int n, Date valid_to)
{
    CodeBatch b = { .round = f->round.id, .label = S("lô 1"), .made = n, .made_on = date_of(f->now), .valid_to = valid_to };
    NewCode  *codes = NULL;
    Err e = db_begin_write(f->db);
    if (!e) e = code_batch_make(f->db, a, collect_keys(&f->app), &b, &codes);
    if (!e) e = db_commit(f->db);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    return codes;
}

void fixture_step(RoundFixture *f, Arena *a, RoundState to)
{
    Err e = db_begin_write(f->db);
    if (!e) e = round_set_state(f->db, a, f->round.id, to, time_now());
    if (!e) e = db_commit(f->db);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

void fixture_whole(RoundFixture *f, Arena *a)
{
    StoreFaults faults = { 0 };
    CHECK_OK(collect_check(f->db, f->store, a, &f->app, &faults));
    for (size_t i = 0; i < faults.len; i++)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(faults.at[i]));
}

int64_t fixture_stored(RoundFixture *f, Arena *a)
{
    Round r;
    Err e = round_load(f->db, a, f->round.id, &r);
    return e ? -1 : r.submissions;
}

Submission *fixture_answer(RoundFixture *f, Arena *a, Str uuid, int n)
{
    static const Str provinces[] = { S_INIT("01"), S_INIT("24") };
    const FormProgram *p = f->info->program;
    const CollectKeys *k = collect_keys(&f->app);
    FormAnswers x = form_answers_new(a, p);
    x.at[p->nodes.at[form_find(p, S("hai_long"))].answer] = arena_fmt(a, "%d", n % 2 + 2);
    x.at[p->nodes.at[form_find(p, S("kenh"))].answer]     = n % 2 ? S("web mang") : S("loa");
    x.at[p->nodes.at[form_find(p, S("gop_y"))].answer]    = arena_fmt(a, "ý kiến %d", n);
    x.at[p->nodes.at[form_find(p, S("tinh"))].answer]     = provinces[n % 2];
    Submission *s = arena_new(a, Submission, 1);
    *s = (Submission){ .info = f->info, .from = CONTRIBUTION_API, .channel = n % 5 ? CHANNEL_API : CHANNEL_WEB,
                       .at = f->now, .media = S("application/json") };
    submission_fill(s, a, k, f->info, uuid, &x, submission_body(a, uuid, record_json(a, p, &x)));
    s->code = code_hash(k, f->round.id, S("0"));
    submission_seal(s, a);
    return s;
}
