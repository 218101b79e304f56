/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demonstration: accounts for every role, rounds and editions on simulated answers. Everything simulated says so. */
#include "app/demo.h"
#include "builder/builder.h"
#include "openrosa/openrosa.h"
#include "paper/paper.h"
#include "league/store.h"
#include "season/season.h"
#include "service/service.h"

#include <stdio.h>
#include <unistd.h>

static void say(const Cli *c, const char *what)
{
    if (!c->quiet && !c->json)
        fprintf(stderr, "  %s\n", what);
}

static Str sign_in_text(Cli *c, const DemoPeople *people, Str device_key)
{
    Buf b = buf_new(c->a, 4096);
    for (size_t i = 0; i < people->len; i++) {
        const DemoPerson *p = &people->at[i];
        buf_fmt(&b, "  %-16.*s %-22.*s %-18.*s %.*s\n", STR_ARG(p->login), STR_ARG(p->password), STR_ARG(role_code(p->role)), STR_ARG(p->name));
    }
    buf_fmt(&b, "\n  The second factor of an account is printed by:  build/thuocdo user code LOGIN --data %.*s\n", STR_ARG(c->in->dir));
    if (device_key.len)
        buf_fmt(&b, "  The offline page as the interviewer's telephone (dieutra):  /field#%.*s\n", STR_ARG(device_key));
    return buf_str(&b);
}

static DemoPeople made;              /* kept for what they do in the demonstration */

static Err demo_people(Cli *c, Db *db)
{
    DemoPeople people = { 0 };
    uint8_t    key[32];
    Unit       province;
    Time       now = time_now();
    app_key(&c->in->info, "totp", key);
    TRY(unit_by_code(db, c->a, UNIT_PROVINCE, S("52"), date_of(now), &province));
    TRY(person_create_demo(db, c->a, key, (UnitId){ UNIT_ROOT }, province.id, date_of(now), now, &people));
    made = people;
    return write_file(c->a, str_concat(c->a, c->in->dir, S("/sign-in.txt")), sign_in_text(c, &people, S("")), 0600);
}

#define DEMO_SEED    UINT64_C(20261122)
#define DEMO_BATCH   1000

/* The same survey twice, a year between: what is compared must have been asked in the same way. The earlier sample is smaller. */
typedef struct DemoYear { const char *code, *intro_vi, *intro_en; int answers; bool earlier; } DemoYear;
static const DemoYear years[] = {
    { "sipas-mo-phong-nam-truoc", "Đợt trình diễn của năm trước: 12.000 phiếu do chương trình tạo ra, không phải kết quả của kỳ đo lường nào.",
      "Demonstration, the year before: 12,000 answers made by the program, not the result of any survey.", 12000, true },
    { "sipas-mo-phong", "Đợt trình diễn: 36.525 phiếu do chương trình tạo ra, không phải kết quả của kỳ đo lường nào.",
      "Demonstration: 36,525 answers made by the program, not the result of any survey.", 36525, false },
};

static Err save_form(Cli *c, Db *db, const char *name, FormId *out)
{
    const ShippedForm *form   = form_shipped_find(str_from_c(name));
    FormIssues         issues = { 0 };
    if (!form)
        return err_fmt(c->a, ERR_INTERNAL, "the questionnaire %s is not in the program", name);
    return form_save_xlsx(db, c->in->store, c->a, form->bytes, (UnitId){ UNIT_ROOT }, (PersonId){ 0 }, time_now(), &issues, out);
}

/* Sixty days; the earlier one a year before, but after the provinces of today came to be, which its questionnaire names. */
static Err demo_survey(Cli *c, Db *db, const DemoYear *y, FormId form)
{
    const Date today = date_from_ymd(2025, 7, 2);
    Time    now = time_now(), began = { now.ms - (y->earlier ? 445 : 80) * MS_DAY };
    RoundId id;
    if (y->earlier && began.ms < date_start(today).ms)
        began = date_start(today);
    int   year = date_ymd(date_of(began)).year;
    Round r = { .code = str_from_c(y->code), .title_vi = arena_fmt(c->a, "Đo lường sự hài lòng của người dân năm %d (số liệu mô phỏng)", year),
                .title_en = arena_fmt(c->a, "Citizens' satisfaction %d (simulated data)", year), .intro_vi = str_from_c(y->intro_vi),
                .intro_en = str_from_c(y->intro_en), .form = form, .owner = { UNIT_ROOT }, .identity = IDENTITY_OPEN, .opens_at = began,
                .closes_at = { began.ms + 60 * MS_DAY }, .simulated = true, .method = S("sipas-2023"), .unit_question = S("tinh"), .device_limit = 1 };
    TRY(round_create(db, c->a, &r, began, &id));
    return round_set_state(db, c->a, id, ROUND_OPEN, began);
}

static Err demo_rounds(Cli *c, Db *db)
{
    Time    now = time_now();
    FormId  sipas, desk;
    RoundId id;
    TRY(save_form(c, db, "sipas-2023", &sipas));
    TRY(builder_demo(db, c->in->store, c->a, sipas, time_now()));
    TRY(save_form(c, db, "mot-cua", &desk));
    Round open = { .code = S("mot-cua"), .title_vi = S("Hài lòng khi làm thủ tục tại bộ phận một cửa"),
                   .title_en = S("Satisfaction at one-stop desks"),
                   .intro_vi = S("Dành cho người đã làm thủ tục hành chính trong 12 tháng qua. Khoảng 5 phút."),
                   .intro_en = S("For people who went through an administrative procedure in the last 12 months. About 5 minutes."),
                   .form = desk, .owner = { UNIT_ROOT }, .identity = IDENTITY_OPEN, .opens_at = now,
                   .closes_at = { now.ms + 30 * MS_DAY }, .simulated = true, .method = S("sipas-2023"), .unit_question = S("tinh"), .device_limit = 1 };
    for (size_t i = COUNT_OF(years); i-- > 0;)
        TRY(demo_survey(c, db, &years[i], sipas));
    TRY(round_create(db, c->a, &open, now, &id));
    return round_set_state(db, c->a, id, ROUND_OPEN, now);
}

/* The interviewer of the demonstration sends to the open round with name and password; phones with keys are added by hand. */
static Err demo_phone(Cli *c, Db *db)
{
    Round  r;
    Person p;
    TRY(round_by_code(db, c->a, S("mot-cua"), &r));
    TRY(person_by_login(db, c->a, S("dieutra"), &p));
    Device d = { .name = p.name, .person = p.id, .from = date_of(r.opens_at), .to = { date_of(r.closes_at).day + 30 } };
    return device_add(db, c->a, r.id, &d, (PersonId){ 0 }, r.opens_at, NULL);
}

typedef struct DemoRun { Cli *c; Round round; const FormProgram *program; Units provinces; uint64_t state; int done; const DemoYear *year; } DemoRun;
static DemoRun run_now;

/* More answers from more people: every province has at least half of the mean, the two largest cities twice it. */
static Str pick_province(DemoRun *r)
{
    size_t i = demo_next(&r->state) % (r->provinces.len + 2);
    if (i < r->provinces.len)
        return r->provinces.at[i].code;
    return i == r->provinces.len ? S("01") : S("79");
}

static Err demo_batch(Cli *c, Db *db)
{
    static const Channel channels[] = { CHANNEL_FIELD, CHANNEL_FIELD, CHANNEL_WEB, CHANNEL_QR };
    DemoRun         *r = &run_now;
    Arena            mine = arena_open((size_t)1 << 30);
    SubmissionDraft *drafts = arena_new(&mine, SubmissionDraft, DEMO_BATCH);
    size_t           n = 0;
    for (; n < DEMO_BATCH && r->done < r->year->answers; n++, r->done++) {
        DemoRespondent who = demo_person(pick_province(r), r->year->earlier, &r->state);
        FormAnswers   *x   = arena_new(&mine, FormAnswers, 1);
        *x        = demo_answers(&mine, r->program, &who, r->round.unit_question, r->round.opens_at, &r->state);
        drafts[n] = (SubmissionDraft){ demo_uuid(&mine, &r->state), { date_of(r->round.opens_at).day + (int32_t)(demo_next(&r->state) % 60) },
                                       channels[demo_next(&r->state) % COUNT_OF(channels)], x };
    }
    Err e = submission_load_many(db, c->in->store, &mine, &c->in->info, r->round.id, drafts, n);
    if (e)
        e = err_new(c->a, e->kind, e->detail);
    arena_close(&mine);
    return e;
}

static Err demo_prepare(Cli *c, Db *db)
{
    run_now = (DemoRun){ .c = c, .state = DEMO_SEED + (run_now.year->earlier ? 1 : 0), .year = run_now.year };
    TRY(round_by_code(db, c->a, str_from_c(run_now.year->code), &run_now.round));
    TRY(form_program(db, c->in->store, c->a, run_now.round.form, &run_now.program));
    return unit_list(db, c->a, UNIT_PROVINCE, date_of(run_now.round.opens_at), &run_now.provinces);
}

/* Invented populations, about 0.4 to 3 million and more in the two largest cities; they belong to no census. */
static Err demo_weights(Cli *c, Db *db)
{
    Buf      b     = buf_new(c->a, 2048);
    uint64_t state = DEMO_SEED;
    for (size_t i = 0; i < run_now.provinces.len; i++) {
        Str  code  = run_now.provinces.at[i].code;
        bool large = str_eq(code, S("01")) || str_eq(code, S("79"));
        buf_fmt(&b, "%.*s,%d\n", STR_ARG(code), (int)((large ? 6000 : 400) + demo_next(&state) % 2600) * 1000);
    }
    return edition_demo_weights(db, c->a, run_now.round.id, buf_str(&b), run_now.round.opens_at);
}

static Err demo_publish(Cli *c, Db *db)
{
    EditionId id;
    Time      closed = run_now.round.closes_at, now = run_now.year->earlier ? (Time){ closed.ms + 30 * MS_DAY } : time_now();
    TRY(round_set_state(db, c->a, run_now.round.id, ROUND_CLOSED, closed));
    TRY(edition_publish(db, c->in->store, c->a, &c->in->info, run_now.round.id, S(""), (PersonId){ 0 }, now, &id));
    return cli_audit(c, db, S("edition.publish"), S("edition"), id.v, (UnitId){ UNIT_ROOT });
}

static PersonId person_of(Role role, int nth);

/* What people wrote, coded by two and settled by a third, as an edition tells it. */
static Err demo_codes(Cli *c, Db *db)
{
    CodingDemo d = { .round = run_now.round.id, .question = S("c2"), .coder = { person_of(ROLE_OFFICER, 0), person_of(ROLE_CLERK, 0) },
                     .settles = person_of(ROLE_NATIONAL_ANALYST, 0), .now = run_now.round.closes_at, .at = demo_remarks, .n = DEMO_REMARKS };
    return coding_demo(db, c->a, &d);
}

static PersonId person_of(Role role, int nth)
{
    for (size_t i = 0; i < made.len; i++)
        if (made.at[i].role == role && nth-- == 0)
            return made.at[i].id;
    return (PersonId){ 0 };
}

enum { PAPER_FORMS = 9 };

static Err demo_paper(Cli *c, Db *db)
{
    Round       round;
    Unit        province;
    FormAnswers x[PAPER_FORMS];
    uint64_t    state = DEMO_SEED;
    PaperDemo   d     = { .clerks = { person_of(ROLE_CLERK, 0), person_of(ROLE_CLERK, 1) }, .supervisor = person_of(ROLE_SUPERVISOR, 0), .answers = x,
                          .n = PAPER_FORMS, .now = time_now() };
    TRY(unit_by_code(db, c->a, UNIT_PROVINCE, S("52"), date_of(d.now), &province));
    TRY(round_by_code(db, c->a, S("mot-cua"), &round));
    TRY(form_program(db, c->in->store, c->a, round.form, &d.p));
    for (size_t i = 0; i < PAPER_FORMS; i++) {
        DemoRespondent who = demo_person(S("52"), false, &state);
        x[i] = demo_answers(c->a, d.p, &who, round.unit_question, d.now, &state);
    }
    d.round = round.id;
    d.unit  = province.id;
    return paper_demo(db, c->a, &d);
}

static Err demo_schemes(Cli *c, Db *db)
{
    Unit province;
    Time now = time_now();
    TRY(unit_by_code(db, c->a, UNIT_PROVINCE, S("52"), date_of(now), &province));
    TRY(scheme_demo(db, c->a, province.id, now));
    TRY(league_demo(db, c->in->store, c->a, &c->in->info, now));
    return season_demo(db, c->in->store, c->a, now);
}

/* Answers, weights and edition of one year; the earlier first. */
static Err demo_year(Cli *c)
{
    TRY(cli_db(c, false, demo_prepare));
    const int all = run_now.year->answers;
    while (run_now.done < all) {
        TRY(cli_db(c, true, demo_batch));
        if (!c->quiet && !c->json && (isatty(STDERR_FILENO) || run_now.done == all))
            fprintf(stderr, "\r  simulated answers of %s: %d of %d%s", run_now.year->earlier ? "the year before" : "the year", run_now.done, all,
                    run_now.done == all ? "\n" : "");
    }
    say(c, "weights and edition");
    TRY(cli_db(c, true, demo_weights));
    TRY(cli_db(c, true, demo_codes));
    return cli_db(c, true, demo_publish);
}

enum { SERVICE_FILES = 8000 };

static Err demo_service(Cli *c, Db *db)
{
    uint8_t key[32];
    int64_t events;
    app_key(&c->in->info, SERVICE_FILE_KEY, key);
    return service_generate(db, c->a, key, SERVICE_FILES, DEMO_SEED, date_of(time_now()), &events);
}

Err demo_fill(Cli *c)
{
    say(c, "accounts");
    TRY(cli_db(c, true, demo_people));
    say(c, "questionnaires and rounds");
    TRY(cli_db(c, true, demo_rounds));
    TRY(cli_db(c, true, demo_phone));
    TRY(cli_db(c, true, demo_paper));
    TRY(cli_db(c, true, demo_schemes));
    say(c, "sample and fieldwork");
    Str key;
    TRY(demo_field(c, &(DemoTeam){ .officer = person_of(ROLE_OFFICER, 0), .supervisor = person_of(ROLE_SUPERVISOR, 0),
                                   .interviewer = person_of(ROLE_INTERVIEWER, 0) }, &key));
    TRY(write_file(c->a, str_concat(c->a, c->in->dir, S("/sign-in.txt")), sign_in_text(c, &made, key), 0600));
    for (size_t i = 0; i < COUNT_OF(years); i++) {
        run_now.year = &years[i];
        TRY(demo_year(c));
    }
    say(c, "events of the live index");
    return cli_db(c, true, demo_service);
}
