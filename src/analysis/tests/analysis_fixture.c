/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "analysis_fixture.h"

#include "collect/parts.h"
#include "form/tests/form_test_book.h"

#include <fcntl.h>
#include <unistd.h>

#define CHOICES                                                                                                                        \
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|label::English (en)|td_missing\n"                                                 \
    "muc|1|Không hài lòng|Not satisfied|\nmuc|2|Bình thường|Neutral|\nmuc|3|Hài lòng|Satisfied|\nmuc|9|Không biết|Don't know|yes\n"      \
    "kenh|web|Trang tin|Web|\nkenh|loa|Loa phường|Loudspeaker|\n"                                                                        \
    "tinh|01|Hà Nội|Ha Noi|\ntinh|24|Bắc Ninh|Bac Ninh|\n"                                                                               \
    "nghe|nong_dan_va_ngu_dan|Nông dân, ngư dân|Farmers and fishers|\nnghe|khac|Khác|Other|\nnghe|tu_choi|Từ chối|Refused|yes\n"

static const char *const first =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|td_role\n"
    "select_one muc|hai_long|Ông/bà hài lòng không?|Are you satisfied?|satisfaction\n"
    "select_multiple kenh|kenh|Ông/bà biết qua kênh nào?|Which channels?|\n"
    "text|gop_y|Góp ý|Comments|open\n"
    "integer|tuoi|Tuổi|Age|\n"
    "decimal|gio|Số giờ chờ|Hours waited|\n"
    "date|ngay|Ngày làm thủ tục|Day of the visit|\n"
    "select_one tinh|tinh|Tỉnh, thành phố|Province|profile\n"
    "select_one nghe|with|Nghề nghiệp|Occupation|\n" CHOICES "[settings]\nform_id|version|form_title\nthu|1|Phiếu thử\n";

static const char *const second =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|td_role\n"
    "select_one muc|hai_long|Ông/bà hài lòng không?|Are you satisfied?|satisfaction\n"
    "text|moi|Câu hỏi mới|New question|\n"
    "select_multiple kenh|kenh|Ông/bà biết qua kênh nào?|Which channels?|\n"
    "text|tuoi|Tuổi, bằng chữ|Age in words|\n"
    "select_one tinh|tinh|Tỉnh, thành phố|Province|profile\n" CHOICES
    "kenh|mang|Mạng xã hội|Social media|\n[settings]\nform_id|version|form_title\nthu|2|Phiếu thử\n";

static void must(Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static RoundId make_round(AnalysisFixture *f, Arena *a, Str code, const char *lines, const FormProgram **program)
{
    FormIssues issues = { 0 };
    RoundId    id     = { 0 };
    Round r = { .code = code, .title_vi = S("Đợt thử"), .title_en = S("Trial"), .owner = { UNIT_ROOT }, .closes_at = { f->now.ms + 30 * MS_DAY },
                .unit_question = S("tinh"), .method = S("sipas-2023") };
    must(form_save_xlsx(f->db, f->store, a, test_xlsx(a, lines), (UnitId){ UNIT_ROOT }, (PersonId){ 1 }, f->now, &issues, &r.form));
    for (size_t i = 0; i < issues.len; i++)
        if (!issues.at[i].warning)
            test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(issues.at[i].message_en));
    must(round_create(f->db, a, &r, f->now, &id));
    must(round_set_state(f->db, a, id, ROUND_OPEN, f->now));
    must(form_program(f->db, f->store, a, r.form, program));
    return id;
}

AnalysisFixture analysis_fixture(Store *store, Arena *a)
{
    AnalysisFixture f = { .store = store, .db = test_take(store, a) };
    memset(f.app.key, 7, sizeof f.app.key);
    f.app.store = store;
    CHECK(time_parse_iso(S("2026-11-22T09:00:00+07:00"), &f.now));
    must(db_begin_write(f.db));
    must(unit_load_reference(f.db, a, NULL, NULL));
    f.round = make_round(&f, a, S("thu-1"), first, &f.form);
    f.later = make_round(&f, a, S("thu-2"), second, &f.form_later);
    must(db_commit(f.db));
    rounds_changed();                    /* another test's rounds had the same codes */
    return f;
}

RoundId fixture_round(AnalysisFixture *f, Arena *a, Str code, const char *lines, const FormProgram **program)
{
    must(db_begin_write(f->db));
    RoundId id = make_round(f, a, code, lines, program);
    must(db_commit(f->db));
    rounds_changed();
    return id;
}

static void store_answers(AnalysisFixture *f, Arena *a, RoundId round, const FormAnswers *x)
{
    SubmissionDraft d = { .instance_id = uuid_v4(a), .day = date_of(f->now), .channel = CHANNEL_PAPER, .answers = x };
    Arena own = arena_open(1 << 24);     /* apart from the connection's */
    must(db_begin_write(f->db));
    must(submission_load_many(f->db, f->store, &own, &f->app, round, &d, 1));
    must(db_commit(f->db));
    arena_close(&own);
}

void fixture_add_json(AnalysisFixture *f, Arena *a, RoundId round, const FormProgram *p, Str json)
{
    const Json  *tree;
    FormAnswers  x;
    must(json_parse(a, json, &tree));
    form_answers_load(a, p, tree, &x);
    store_answers(f, a, round, &x);
}

void fixture_add(AnalysisFixture *f, Arena *a, RoundId round, const char *const *pairs)
{
    const FormProgram *p = round.v == f->round.v ? f->form : f->form_later;
    FormAnswers x = form_answers_new(a, p);
    for (; *pairs; pairs += 2) {
        int node = form_find(p, str_from_c(pairs[0]));
        CHECK(node >= 0);
        if (node >= 0)
            x.at[p->nodes.at[node].answer] = str_from_c(pairs[1]);
    }
    store_answers(f, a, round, &x);
}

Str fixture_export(AnalysisFixture *f, Arena *a, const RoundId *rounds, size_t n, ExportOptions o)
{
    char *path = arena_c(a, str_concat(a, test_folder(a), S("/export")));
    int   fd   = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    o.now      = f->now;
    must(db_begin_read(f->db));
    ExportMade made;
    must(analysis_export(f->db, f->store, a, rounds, n, &o, fd, &made));
    must(db_commit(f->db));
    size_t len = (size_t)lseek(fd, 0, SEEK_END);
    char  *at  = arena_take(a, len + 1, 1, 1);
    CHECK(pread(fd, at, len, 0) == (ssize_t)len);
    close(fd);
    return (Str){ at, len };
}
