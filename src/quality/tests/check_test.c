/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Planted faults among honest answers: each check finds its own and little else; a run is stored, settled, undone, run again. */
#include "collect/tests/round_fixture.h"
#include "quality/parts.h"

#include <math.h>

enum { PEOPLE = 600, INTERVIEWERS = 20, ITEMS = 16 };

static uint64_t seed;
static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return seed % below;
}

/* Honest interviews of ten to thirty minutes by day, one after the other. */
static QualityData honest(Arena *a)
{
    QualityData d = { .n = PEOPLE, .cap = PEOPLE, .likert_items = ITEMS, .item_count = ITEMS, .codes = 5 };
    seed = 88172645463325252u;
    d.id          = arena_new(a, SubmissionId, PEOPLE);
    d.interviewer = arena_new(a, int32_t, PEOPLE);
    d.seconds     = arena_new(a, double, PEOPLE);
    d.pause       = arena_new(a, double, PEOPLE);
    d.began       = arena_new(a, Time, PEOPLE);
    d.ended       = arena_new(a, Time, PEOPLE);
    d.lat         = arena_new(a, double, PEOPLE);
    d.lon         = arena_new(a, double, PEOPLE);
    d.mean        = arena_new(a, double, PEOPLE);
    d.age         = arena_new(a, int16_t, PEOPLE);
    d.likert      = arena_new(a, int16_t, PEOPLE * (ITEMS + 1));
    d.items       = d.likert;
    for (int i = 0; i < INTERVIEWERS; i++)
        *list_add(a, &d.names) = arena_fmt(a, "dtv-%02d", i);
    for (int i = 0; i < PEOPLE; i++) {
        int64_t day = i / INTERVIEWERS, begin = (day / 8 * 24 + 1 + day % 8) * MS_HOUR;      /* 8 to 15 o'clock in Viet Nam */
        d.id[i]          = (SubmissionId){ 1000 + i };
        d.interviewer[i] = i % INTERVIEWERS;
        d.seconds[i]     = 600 + (double)draw(1200);
        d.began[i]       = (Time){ begin };
        d.ended[i]       = (Time){ begin + (int64_t)d.seconds[i] * 1000 };
        d.lat[i]         = 13.5 + (double)draw(100000) / 1e5;
        d.lon[i]         = 108.0 + (double)draw(100000) / 1e5;
        d.age[i]         = (int16_t)(20 + draw(60));
        double sum = 0;
        for (int k = 0; k < ITEMS; k++) {
            d.likert[i * (ITEMS + 1) + k] = (int16_t)draw(5);
            sum += d.likert[i * (ITEMS + 1) + k] + 1;
        }
        d.mean[i] = sum / ITEMS;
    }
    return d;
}

static QualityLimits usual(void)
{
    QualityLimits l;
    for (int i = 0; i < LIMIT_COUNT; i++)
        l.at[i] = quality_thresholds[i].usual;
    return l;
}

static int found(const Findings *f, QualityKind kind, int64_t row)
{
    int n = 0;
    for (size_t i = 0; i < f->len; i++)
        n += f->at[i].kind == kind && (row < 0 || f->at[i].row == row);
    return n;
}

TEST(quality_check_leaves_honest_answers_alone)
{
    QualityData    d = honest(a);
    QualityLimits  l = usual();
    Findings       f = { 0 };
    QualityFigures g;
    quality_check(a, &d, &l, &f, &g);
    CHECK(found(&f, QUALITY_MATCH, -1) <= 2);
    CHECK_INT(f.len - (size_t)found(&f, QUALITY_MATCH, -1), 0);
    CHECK(g.matched && g.icc.groups == INTERVIEWERS && fabs(g.icc.icc) < 0.05);
    CHECK_INT(g.n, PEOPLE);
}

TEST(quality_check_finds_each_planted_fault)
{
    QualityData    d = honest(a);
    QualityLimits  l = usual();
    Findings       f = { 0 };
    QualityFigures g;
    d.seconds[5] = 60;
    for (int k = 0; k < ITEMS; k++) {
        d.likert[7 * (ITEMS + 1) + k]  = 3;
        d.likert[49 * (ITEMS + 1) + k] = d.likert[9 * (ITEMS + 1) + k];     /* both by interviewer 9 */
    }
    d.lat[11] = 48.85, d.lon[11] = 2.35;
    for (int i = 12; i < 12 + 5 * INTERVIEWERS; i += INTERVIEWERS)
        d.lat[i] = 13.7, d.lon[i] = 108.2;
    d.began[13].ms -= 6 * MS_HOUR, d.ended[13].ms -= 6 * MS_HOUR;           /* two in the morning */
    d.began[34].ms = d.began[14].ms + 60000, d.ended[34].ms = d.ended[14].ms + 60000;
    d.pause[15] = 2 * 3600;
    for (int i = 16; i < PEOPLE; i += INTERVIEWERS)
        d.mean[i] += 1;
    quality_check(a, &d, &l, &f, &g);
    CHECK_INT(found(&f, QUALITY_FAST, 5), 1);
    CHECK_INT(found(&f, QUALITY_STRAIGHT, 7), 1);
    CHECK_INT(found(&f, QUALITY_STRAIGHT, -1), 1);
    CHECK_INT(found(&f, QUALITY_MATCH, 9), 1);
    CHECK_INT(found(&f, QUALITY_MATCH, 49), 1);
    CHECK_INT(found(&f, QUALITY_PLACE, 11), 1);
    CHECK_INT(found(&f, QUALITY_PLACE, -1), 1);
    CHECK_INT(found(&f, QUALITY_SAME_PLACE, -1), 5);
    CHECK_INT(found(&f, QUALITY_HOUR, 13), 1);
    CHECK_INT(found(&f, QUALITY_OVERLAP, 34), 1);
    CHECK_INT(found(&f, QUALITY_PAUSE, 15), 1);
    CHECK_INT(found(&f, QUALITY_EFFECT, -1), 1);
    CHECK(g.icc.icc > 0.05 && g.icc.p < 0.01);
    Buf         b = buf_new(a, 1024);
    const Json *tree;
    quality_figures_json(&b, &g);
    CHECK_OK(json_parse(a, buf_str(&b), &tree));
    CHECK(json_get(tree, S("interviewers"))->len == INTERVIEWERS);
}

/* ---- Inventors --------------------------------------------------------------------------------------------------------------- */

enum { TEAM = 30, EACH = 60, COMMUNES = 10 };

/* Thirty interviewers, three in each commune; communes differ in satisfaction. The first three invent what they send: copies of their own first
 * form with small changes, quickly, in the evening, ages that end in 0 or 5, nothing left empty but what is hard to invent. */
static QualityData with_inventors(Arena *a)
{
    QualityData d = { .n = TEAM * EACH, .cap = TEAM * EACH, .likert_items = ITEMS, .item_count = ITEMS, .codes = 5, .psus = COMMUNES };
    size_t      n = d.n;
    seed = 88172645463325252u;
    d.id = arena_new(a, SubmissionId, n), d.interviewer = arena_new(a, int32_t, n), d.seconds = arena_new(a, double, n);
    d.pause = arena_new(a, double, n), d.began = arena_new(a, Time, n), d.ended = arena_new(a, Time, n), d.lat = arena_new(a, double, n);
    d.lon = arena_new(a, double, n), d.mean = arena_new(a, double, n), d.missing = arena_new(a, double, n), d.age = arena_new(a, int16_t, n);
    d.psu = arena_new(a, int32_t, n), d.likert = arena_new(a, int16_t, n * (ITEMS + 1)), d.items = d.likert;
    for (int i = 0; i < TEAM; i++)
        *list_add(a, &d.names) = arena_fmt(a, "dtv-%02d", i);
    for (size_t i = 0; i < n; i++) {
        int     who = (int)(i % TEAM), day = (int)(i / TEAM);
        bool    cheat = who < 3;
        int64_t begin = ((int64_t)day / 8 * 24 + (cheat ? 12 : 1) + day % 8) * MS_HOUR;
        d.id[i] = (SubmissionId){ 1000 + (int64_t)i }, d.interviewer[i] = who, d.psu[i] = who * 7 % COMMUNES;
        d.seconds[i] = cheat ? 350 + (double)draw(200) : 600 + (double)draw(1200);
        d.began[i] = (Time){ begin }, d.ended[i] = (Time){ begin + (int64_t)d.seconds[i] * 1000 };
        d.lat[i] = d.lon[i] = NAN;
        d.age[i] = (int16_t)(cheat ? 20 + 5 * draw(12) : 20 + draw(60));
        d.missing[i] = cheat ? 0.2 + (double)draw(10) / 100 : (double)draw(10) / 100;
        double sum = 0;
        for (int k = 0; k < ITEMS; k++) {
            int16_t own = (int16_t)((draw(5) + draw(5) + (uint64_t)(d.psu[i] % 3)) / 2 % 5);
            d.likert[i * (ITEMS + 1) + (size_t)k] = cheat && i >= TEAM && draw(20) ? d.likert[(size_t)who * (ITEMS + 1) + (size_t)k] : own;
            sum += d.likert[i * (ITEMS + 1) + (size_t)k] + 1;
        }
        d.mean[i] = sum / ITEMS;
    }
    return d;
}

TEST(quality_check_puts_those_who_invent_forms_on_top)
{
    QualityData    d = with_inventors(a);
    QualityLimits  l = usual();
    Findings       f = { 0 };
    QualityFigures g;
    quality_check(a, &d, &l, &f, &g);
    CHECK_INT(g.interviewers.len, TEAM);
    CHECK(!g.nested);
    for (int i = 0; i < 3; i++) {
        CHECK(str_cmp(g.interviewers.at[i].name, S("dtv-03")) < 0);
        CHECK(g.interviewers.at[i].signs >= 4);
    }
    CHECK(g.interviewers.at[3].signs <= 2);                       /* an honest one */
    int of[QUALITY_KIND_COUNT] = { 0 };
    for (size_t i = 0; i < f.len; i++)
        if (f.at[i].row < 0) {
            of[f.at[i].kind]++;
            CHECK(f.at[i].interviewer < 3 || f.at[i].kind == QUALITY_EFFECT);
        }
    CHECK_INT(of[QUALITY_DIGITS], 3);
    CHECK_INT(of[QUALITY_CLOCK], 3);
    CHECK_INT(of[QUALITY_MISSING], 3);
    CHECK_INT(of[QUALITY_PACE], 3);
}

/* The same differences between communes: nobody is blamed, and the result says why nothing can be told. */
TEST(quality_says_nested_where_interviewers_share_no_place)
{
    QualityData    d = honest(a);
    QualityLimits  l = usual();
    Findings       f = { 0 };
    QualityFigures g;
    d.psu  = arena_new(a, int32_t, d.n);
    d.psus = INTERVIEWERS;
    d.stratum = arena_new(a, int32_t, d.n);
    d.strata  = INTERVIEWERS;
    for (size_t i = 0; i < d.n; i++) {
        d.psu[i] = d.stratum[i] = d.interviewer[i];
        d.mean[i] += d.interviewer[i] == 4 ? 1.5 : 0;
    }
    quality_check(a, &d, &l, &f, &g);
    CHECK(g.nested);
    CHECK_INT(found(&f, QUALITY_EFFECT, -1), 0);
    CHECK_STR(among_code(g.interviewers.at[0].among[MEASURE_MEAN]), S("nested"));
    for (size_t i = 0; i < d.n; i++)
        d.stratum[i] = d.interviewer[i] / 10;                     /* shared strata: they are the place to compare in */
    f = (Findings){ 0 };
    d.strata = 2;
    quality_check(a, &d, &l, &f, &g);
    CHECK(g.nested);
    CHECK_INT(found(&f, QUALITY_EFFECT, -1), 1);
    CHECK_STR(among_code(g.interviewers.at[0].among[MEASURE_MEAN]), S("stratum"));
}

/* ---- A round ----------------------------------------------------------------------------------------------------------------- */

static void answers_in(RoundFixture *f, Arena *a, int n)
{
    CHECK_OK(db_begin_write(f->db));
    for (int i = 0; i < n; i++) {
        FormAnswers     x = form_answers_new(a, f->info->program);
        SubmissionDraft d = { .instance_id = uuid_v4(a), .day = date_of(f->now), .channel = CHANNEL_WEB, .answers = &x };
        x.at[f->info->program->nodes.at[form_find(f->info->program, S("hai_long"))].answer] = i % 3 == 0 ? S("1") : S("3");
        x.at[f->info->program->nodes.at[form_find(f->info->program, S("tuoi"))].answer]     = i % 2 ? S("40") : S("41");
        x.at[f->info->program->nodes.at[form_find(f->info->program, S("tinh"))].answer]     = S("24");
        CHECK_OK(submission_load_many(f->db, f->store, a, &f->app, f->round.id, &d, 1));
    }
    CHECK_OK(db_commit(f->db));
}

TEST_EACH_STORE(quality_run_keeps_what_people_settled)
{
    RoundFixture  f = round_fixture(store, a, IDENTITY_OPEN);
    QualityRun    r, last;
    QualityCounts n;
    QualityFlags  rows;
    int64_t       all;
    answers_in(&f, a, 6);
    CHECK_OK(quality_run(f.db, f.store, a, f.round.id, (PersonId){ 5 }, f.now, &r, &n));
    CHECK_INT(r.answers, 6);
    CHECK_INT(n.open + n.kept + n.left_out, 0);
    CHECK_OK(db_begin_write(f.db));
    QualityData d = { .n = 2, .id = (SubmissionId[]){ { 71 }, { 72 } }, .interviewer = (int32_t[]){ -1, 0 } };
    Findings    found_now = { 0 };
    *list_add(a, &d.names)   = S("<b>Lan</b>");
    *list_add(a, &found_now) = (Finding){ QUALITY_FAST, 0, -1, 2, S("{\"seconds\":10,\"median\":100}") };
    *list_add(a, &found_now) = (Finding){ QUALITY_FAST, 1, -1, 3, S("{\"seconds\":9,\"median\":100}") };
    CHECK_OK(findings_save(f.db, &r, &d, &found_now));
    CHECK_OK(flags_list(f.db, a, f.round.id, &(FlagFilter){ .limit = 10 }, &rows, &all));
    CHECK_INT(all, 2);
    CHECK_STR(rows.at[0].interviewer, S("<b>Lan</b>"));
    rows.at[0].state  = FLAG_KEPT;
    rows.at[0].reason = S("Phỏng vấn lại qua điện thoại: đúng");
    QualityFlag old = rows.at[0];
    CHECK_OK(flag_save(f.db, &rows.at[0]));
    CHECK_ERR(flag_save(f.db, &old), ERR_CONFLICT);
    CHECK_OK(db_commit(f.db));
    CHECK_OK(quality_run(f.db, f.store, a, f.round.id, (PersonId){ 5 }, f.now, &last, &n));
    CHECK_INT(n.kept, 1);
    CHECK_INT(n.open, 0);                          /* not found again, and nobody had settled it */
    CHECK_OK(run_latest(f.db, a, f.round.id, &r));
    CHECK_INT(r.id, last.id);
}

TEST_EACH_STORE(quality_thresholds_are_data_of_a_round)
{
    RoundFixture  f = round_fixture(store, a, IDENTITY_OPEN);
    QualityLimits l, again;
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(limits_load(f.db, f.round.id, &l));
    CHECK_NEAR(l.at[LIMIT_MATCH_PERCENTILE], 99.9, 0);
    l.at[LIMIT_PAUSE_MINUTES] = 30;
    CHECK_OK(limits_save(f.db, f.round.id, &l));
    CHECK_OK(limits_load(f.db, f.round.id, &again));
    CHECK_NEAR(again.at[LIMIT_PAUSE_MINUTES], 30, 0);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM quality_thresholds")), 1);
    CHECK_OK(db_commit(f.db));
}

TEST_EACH_STORE(quality_takes_interviewer_and_pauses_from_the_telephone)
{
    RoundFixture  f = round_fixture(store, a, IDENTITY_OPEN);
    QualityRun    r;
    QualityCounts n;
    QualityFlags  rows;
    int64_t       all;
    answers_in(&f, a, 4);
    test_sql(f.db, SQL("INSERT INTO devices (id, name, from_day, made_at) VALUES (3, 'Nguyễn Văn An', '2026-01-01', 1)"));
    test_sql(f.db, SQL("INSERT INTO field_records (submission_id, round_id, form_id, instance_id, version_id, device_id, code, received_at, "
                       "last_post, state, first_id) SELECT s.id, s.round_id, 'thu', 'uuid:' || s.id, r.form_id, 3, 'x', 1, 1, 'whole', s.id "
                       "FROM submissions s JOIN rounds r ON r.id = s.round_id"));
    test_sql(f.db, SQL("INSERT INTO field_times (submission_id, interview_ms, pause_ms, pauses, revisits, night, questions) "
                       "SELECT MIN(id), 600000, 7200000, 3, 0, 0, '[]' FROM submissions"));
    CHECK_OK(quality_run(f.db, f.store, a, f.round.id, (PersonId){ 5 }, f.now, &r, &n));
    CHECK_INT(n.found[QUALITY_PAUSE], 1);
    CHECK_OK(db_begin_read(f.db));
    CHECK_OK(flags_list(f.db, a, f.round.id, &(FlagFilter){ .limit = 10 }, &rows, &all));
    db_rollback(f.db);
    CHECK_INT(all, 1);
    CHECK_STR(rows.at[0].interviewer, S("Nguyễn Văn An"));
    CHECK_STR(rows.at[0].detail, S("{\"minutes\":120}"));
}
