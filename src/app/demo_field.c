/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demonstration's fieldwork in one province: frame, design, drawn sample, a round with interviews of drawn cases, findings of rules and
 * checks, a phúc tra under way. The same jobs do it as for people; every person of the frame is invented and named so. */
#include "analysis/cleaning.h"
#include "app/demo.h"
#include "field/field.h"
#include "openrosa/openrosa.h"
#include "quality/quality.h"

#include <math.h>

enum { COMMUNES = 12, VILLAGES = 4, PERSONS = 12, INTERVIEWS = 22 };

static const char design_json[] =
    "{\"thuocdo\":\"sample-design\",\"version\":1,\"title\":\"Mẫu trình diễn (mô phỏng)\",\"stages\":["
    "{\"label\":\"Xã\",\"unit\":\"ma_xa\",\"method\":\"srs\",\"take\":{\"n\":5}},"
    "{\"label\":\"Thôn\",\"unit\":\"ma_thon\",\"method\":\"srs\",\"take\":{\"n\":2}},"
    "{\"label\":\"Người\",\"unit\":\"ma\",\"method\":\"srs\",\"take\":{\"n\":6},\"reserve\":2}],\"keep\":[\"ten_xa\",\"thon\"]}";

typedef struct FieldWork { DemoTeam team; UnitId province; FrameId frame; DesignId design; Round round; const FormProgram *p; } FieldWork;
static FieldWork at;

/* ---- Frame and design ------------------------------------------------------------------------------------------- */

static Err frame_csv(Cli *c, Db *db, Buf *b)
{
    Units communes;
    int   n = 0;
    TRY(unit_children(db, c->a, at.province, date_of(time_now()), &communes));
    buf_lit(b, "ma_xa,ten_xa,ma_thon,thon,ma,ho_ten,dia_chi,dien_thoai\n");
    for (size_t i = 0; i < communes.len && i < COMMUNES; i++)
        for (int v = 1; v <= VILLAGES; v++)
            for (int k = 1; k <= PERSONS; k++, n++) {
                const Unit *u = &communes.at[i];
                buf_csv(b, u->code);
                buf_byte(b, ',');
                buf_csv(b, unit_name(u, LANG_VI));
                buf_fmt(b, ",%.*s-%d,Thôn %d,%.*s-%d-%d,Người mô phỏng %04d,Nhà số %d,0900 000 %03d\n", STR_ARG(u->code), v, v,
                        STR_ARG(u->code), v, k, n + 1, k, n % 1000);
            }
    return OK;
}

static Err add_frame(Cli *c, Db *db)
{
    Sha256 sum;
    Unit   province;
    Buf    csv = buf_new(c->a, 1 << 16);
    TRY(unit_by_code(db, c->a, UNIT_PROVINCE, S("52"), date_of(time_now()), &province));
    at.province = province.id;
    TRY(frame_csv(c, db, &csv));
    TRY(files_save(c->in->store, c->a, buf_str(&csv), &sum));
    FrameRow  f = { .owner = at.province, .title = S("Dàn mẫu trình diễn (mô phỏng)"), .file_name = S("dan-mau-mo-phong.csv"), .state = S("reading"),
                    .upload_sha = str_hex(c->a, sum.at, sizeof sum.at), .made_at = time_now(), .made_by = at.team.officer };
    DesignRow d = { .owner = at.province, .design = str_from_c(design_json), .made_at = time_now(), .made_by = at.team.officer };
    TRY(frame_add(db, &f));
    at.frame = d.frame = f.id;
    TRY(design_add(db, &d));
    at.design = d.id;
    return OK;
}

/* One kind of work as the job thread does it, asked for by the officer; no row of it is kept. */
static Err work(Cli *c, const JobKind *kind, Str args)
{
    Job    job = { .owner = at.team.officer, .owner_name = S("chuyenvien"), .unit = at.province };
    Arena  own = arena_open((size_t)1 << 34);
    JobRun run = { .store = c->in->store, .arena = &own, .app = &c->in->info, .job = &job };
    Err    e   = store_take(c->in->store, &own, &run.db);
    if (!e)
        e = json_parse(&own, args, &run.args);
    if (!e)
        e = kind->run(&run);
    if (e)
        e = err_make(c->a, e->kind, arena_str(c->a, e->detail), e->file, e->line);
    if (run.db)
        store_give(c->in->store, &run.db);
    arena_close(&own);
    return e;
}

/* ---- The round ---------------------------------------------------------------------------------------------------- */

static Err add_round(Cli *c, Db *db)
{
    Time    now = time_now(), began = { now.ms - 6 * MS_DAY };
    FormRow form;
    RoundId id;
    TRY(form_by_key(db, c->a, S("mot-cua"), S(""), &form));
    Round r = { .code = S("thuc-dia-mo-phong"), .title_vi = S("Khảo sát thực địa tỉnh Gia Lai (mô phỏng)"),
                .title_en = S("Fieldwork in Gia Lai (simulated)"),
                .intro_vi = S("Đợt trình diễn việc phỏng vấn theo mẫu. Người trả lời và câu trả lời do chương trình tạo ra."),
                .intro_en = S("A demonstration of interviewing a sample. Respondents and answers are made by the program."),
                .form = form.id, .owner = at.province,
                .identity = IDENTITY_OPEN, .opens_at = began, .closes_at = { now.ms + 20 * MS_DAY }, .simulated = true, .method = S("sipas-2023"),
                .unit_question = S("tinh"), .device_limit = 1 };
    TRY(round_create(db, c->a, &r, began, &id));
    TRY(round_set_state(db, c->a, id, ROUND_OPEN, began));
    TRY(round_load(db, c->a, id, &at.round));
    return form_program(db, c->in->store, c->a, at.round.form, &at.p);
}

/* Two interviews are nearly one another, one gives one step to all: the checks have something to say. */
static void plant(Arena *a, FormAnswers *x)
{
    x[5] = form_answers_copy(a, at.p, &x[4]);
    for (size_t i = 0; i < at.p->nodes.len; i++) {
        const FormNode *n = &at.p->nodes.at[i];
        if (n->answer >= 0 && n->type == Q_SELECT_ONE && n->role == QR_SATISFACTION && x[8].at[n->answer].len)
            x[8].at[n->answer] = at.p->lists.at[n->list].choices.at[3].name;
    }
}

static Err add_interviews(Cli *c, Db *db)
{
    uint64_t        state = 20261123;
    FormAnswers     x[INTERVIEWS];
    SubmissionId    id[INTERVIEWS];
    SubmissionDraft draft[INTERVIEWS];
    Time            now = time_now();
    for (int i = 0; i < INTERVIEWS; i++) {
        DemoRespondent who = demo_person(S("52"), false, &state);
        x[i] = demo_answers(c->a, at.p, &who, at.round.unit_question, at.round.opens_at, &state);
    }
    plant(c->a, x);
    for (int i = 0; i < INTERVIEWS; i++)
        draft[i] = (SubmissionDraft){ .instance_id = demo_uuid(c->a, &state), .day = { date_of(now).day - 1 - i % 4 },
                                      .channel = CHANNEL_FIELD, .answers = &x[i],
                                      .out_id = &id[i] };
    TRY(submission_load_many(db, c->in->store, c->a, &c->in->info, at.round.id, draft, INTERVIEWS));
    return field_demo(db, c->a, &(FieldDemo){ .round = at.round.id, .supervisor = at.team.supervisor, .interviewer = at.team.interviewer, .now = now,
                                          .answers = INTERVIEWS, .answer = id });
}

static Str first_opinion(void)
{
    for (size_t i = 0; i < at.p->nodes.len; i++)
        if (at.p->nodes.at[i].answer >= 0 && at.p->nodes.at[i].role == QR_SATISFACTION && at.p->nodes.at[i].type == Q_SELECT_ONE)
            return at.p->nodes.at[i].name;
    return S("");
}

static Err add_rule(Cli *c, Db *db)
{
    CleaningRules rules = { 0 };
    *list_add(c->a, &rules) = (CleaningRule){ .code = S("chua-hai-long"), .kind = RULE_LOGIC, .low = NAN, .high = NAN,
        .text = S("Chưa hài lòng ngay câu đầu: gọi lại hỏi thêm lý do"), .condition = arena_fmt(c->a, "${%.*s} <= 3", STR_ARG(first_opinion())) };
    return rule_set_save(db, c->a, at.round.id, 1, &rules, at.team.officer, S("chuyenvien"), time_now());
}

static Str recheck_args(Cli *c)
{
    Str asked = first_opinion();
    return arena_fmt(c->a, "{\"round\":%lld,\"share\":0.1,\"seed\":20261122,\"mode\":\"telephone\",\"questions\":\"%.*s\",\"shown\":\"tinh\"}",
                     (long long)at.round.id.v, STR_ARG(asked));
}

static Str sample_args(Cli *c, Db *db, int64_t *out_sample)
{
    SampleRows rows;
    Date       due = { date_of(time_now()).day + 14 };
    *out_sample = sample_list(db, c->a, &(ScopePage){ &(RightScope){ .all = true }, 0, 1, 0 }, &rows) == OK && rows.len ? rows.at[0].id.v : 0;
    return arena_fmt(c->a, "{\"round\":%lld,\"sample\":%lld,\"due\":\"%.*s\",\"erase_days\":30,\"unit\":\"ma_xa\",\"name\":\"ho_ten\",\"address\":\"dia_chi\","
                     "\"phone\":\"dien_thoai\"}", (long long)at.round.id.v, (long long)*out_sample, STR_ARG(date_iso(c->a, due)));
}

static Str open_args;
static Err read_sample(Cli *c, Db *db)
{
    int64_t sample;
    open_args = sample_args(c, db, &sample);
    return sample ? OK : err_new(c->a, ERR_INTERNAL, S("the demonstration's sample was not drawn"));
}

static Str device_key;
static Err add_device(Cli *c, Db *db)
{
    Person p;
    TRY(person_load(db, c->a, at.team.interviewer, &p));
    Device d = { .name = arena_fmt(c->a, "Máy của %.*s", STR_ARG(p.name)), .person = p.id, .from = date_of(at.round.opens_at),
                 .to = { date_of(at.round.closes_at).day + 30 } };
    return device_add(db, c->a, at.round.id, &d, (PersonId){ 0 }, at.round.opens_at, &device_key);
}

Err demo_field(Cli *c, const DemoTeam *team, Str *out_key)
{
    at = (FieldWork){ .team = *team };
    TRY(cli_db(c, true, add_frame));
    TRY(work(c, &frame_read_job, arena_fmt(c->a, "{\"frame\":%lld}", (long long)at.frame.v)));
    TRY(work(c, &sample_draw_job, arena_fmt(c->a, "{\"design\":%lld,\"seed\":\"trinh-dien/2026\"}", (long long)at.design.v)));
    TRY(cli_db(c, true, add_round));
    TRY(cli_db(c, false, read_sample));
    TRY(work(c, &field_open_job, open_args));
    TRY(cli_db(c, true, add_interviews));
    TRY(cli_db(c, true, add_device));
    *out_key = device_key;
    TRY(cli_db(c, true, add_rule));
    Str round = arena_fmt(c->a, "{\"round\":%lld}", (long long)at.round.id.v);
    TRY(work(c, &analysis_clean_job, round));
    TRY(work(c, &quality_job, round));
    return work(c, &recheck_job, recheck_args(c));
}
