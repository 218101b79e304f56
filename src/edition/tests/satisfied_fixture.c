/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "satisfied_fixture.h"

static const char *const book =
    "[survey]\ntype|name|label::Tiếng Việt (vi)|td_role\nselect_one muc|hai_long|Ông/bà hài lòng không?|satisfaction\nselect_one tinh|tinh|Tỉnh|\n"
    "[choices]\nlist_name|name|label::Tiếng Việt (vi)|td_value\nmuc|1|Rất không|1\nmuc|2|Không|2\nmuc|3|Bình thường|3\nmuc|4|Hài lòng|4\nmuc|5|Rất hài lòng|5\n"
    "tinh|01|Hà Nội|\ntinh|24|Bắc Ninh|\n[settings]\nform_id|version|form_title\nthu|1|Phiếu thử\n";

static void must(Err e, int line)
{
    if (e)
        test_fail(__FILE_NAME__, line, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
}

static void answer(RoundFixture *f, Arena *a, Str province, Str step)
{
    const FormProgram *p    = f->info->program;
    FormAnswers        x    = form_answers_new(a, p);
    Str                uuid = uuid_v4(a);
    x.at[p->nodes.at[form_find(p, S("hai_long"))].answer] = step;
    x.at[p->nodes.at[form_find(p, S("tinh"))].answer]     = province;
    Submission *s = arena_new(a, Submission, 1);
    *s = (Submission){ .info = f->info, .from = CONTRIBUTION_API, .channel = CHANNEL_API, .at = f->now, .media = S("application/json") };
    submission_fill(s, a, collect_keys(&f->app), f->info, uuid, &x, submission_body(a, uuid, record_json(a, p, &x)));
    submission_seal(s, a);
    must(collector_run(f->store, a, &submit_kind, s), __LINE__);
    CHECK_INT(s->outcome, SUBMIT_STORED);
}

RoundFixture satisfied_round(Store *store, Arena *a, int answers)
{
    RoundFixture f = round_fixture_of(store, a, book);
    must(db_begin_write(f.db), __LINE__);
    test_sql(f.db, SQL("UPDATE rounds SET unit_question = 'tinh', revision = revision + 1"));
    must(db_commit(f.db), __LINE__);
    must(round_info(f.db, store, a, f.round.code, &f.info), __LINE__);
    for (int i = 0; i < answers; i++)
        answer(&f, a, i % 2 ? S("01") : S("24"), i % 4 < 2 ? S("4") : S("2"));      /* few who all say the same are hidden */
    return f;
}
