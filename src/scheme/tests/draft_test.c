/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes written in the browser: trees that need not add up, criteria as boxes and back, revisions of drafts. */
#include "base/embed.h"
#include "scheme/draft.h"
#include "store/test_store.h"

#include <math.h>

static const char tree[] =
    "{\"code\":\"T\",\"max\":4,\"criteria\":[{\"code\":\"1\",\"name\":\"A\"},{\"code\":\"1.1\",\"parent\":\"1\",\"max\":1,\"name\":\"B\"},"
                           "{\"code\":\"1.2\",\"parent\":\"1\",\"max\":2,\"name\":\"C\"},{\"code\":\"2\",\"max\":1,\"name\":\"D\"}]}";

static Scheme parsed(Arena *a, const char *text)
{
    Scheme       s      = { 0 };
    SchemeFaults faults = { 0 };
    const Json  *json   = NULL;
    CHECK(!json_parse(a, str_from_c(text), &json));
    CHECK(scheme_parse(a, json, &s, &faults));
    scheme_draft_order(a, &s);
    return s;
}

static Str codes(Arena *a, const Scheme *s)
{
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < s->len; i++)
        buf_fmt(&b, "%.*s ", STR_ARG(s->at[i].code));
    return str_trim(buf_str(&b));
}

TEST(draft_trees_are_changed_without_adding_up)
{
    Scheme s = parsed(a, tree);
    CHECK(s.at[0].group && !s.at[1].group);
    CHECK_NEAR(scheme_draft_points(&s, 0), 3, 1e-12);
    CHECK_STR(scheme_draft_next_code(a, &s, S("1")), S("1.3"));
    CHECK_STR(scheme_draft_next_code(a, &s, S("")), S("3"));
    CHECK_INT(scheme_draft_end(&s, 0), 3);
    SchemeCriterion x = { .code = S("1.3"), .parent = S("1"), .name = S("E"), .max = NAN };
    scheme_draft_put(a, &s, s.len, &x);
    CHECK_STR(codes(a, &s), S("1 1.1 1.2 1.3 2"));
    CHECK(scheme_draft_move(a, &s, 3, -1));
    CHECK_STR(codes(a, &s), S("1 1.1 1.3 1.2 2"));
    CHECK(scheme_draft_move(a, &s, 0, 1));
    CHECK_STR(codes(a, &s), S("2 1 1.1 1.3 1.2"));
    CHECK(!scheme_draft_move(a, &s, 0, -1));
    x = s.at[1];
    x.code = S("9");
    scheme_draft_put(a, &s, 1, &x);                          /* children follow a code that changed */
    CHECK_STR(s.at[2].parent, S("9"));
    scheme_draft_remove(&s, 1);
    CHECK_STR(codes(a, &s), S("2"));
}

/* Every criterion of the shipped schemes goes into boxes and comes back the same, in both languages. */
static void there_and_back(Arena *a, const Scheme *s, Lang l)
{
    for (size_t i = 0; i < s->len; i++) {
        Arena here = *a;
        AUTO(arena_close) Arena work = arena_open(1 << 22);
        CriterionForm   f;
        SchemeCriterion back;
        FieldErrors     errors = { 0 };
        Buf was = buf_new(&here, 512), is = buf_new(&here, 512);
        criterion_form_fill(&here, l, &s->at[i], &f);
        bool good = criterion_form_read(&here, work, l, &f, s, i, &back, &errors);
        if (!good) {
            test_fail(__FILE_NAME__, __LINE__, "%.*s: %.*s %.*s", STR_ARG(s->at[i].code), STR_ARG(errors.at[0].field), STR_ARG(errors.at[0].message));
            continue;
        }
        back.group = s->at[i].group;
        scheme_write(&was, &(Scheme){ .max = 1, .at = &s->at[i], .len = 1 });
        scheme_write(&is, &(Scheme){ .max = 1, .at = &back, .len = 1 });
        CHECK_STR(buf_str(&is), buf_str(&was));
    }
}

TEST(draft_boxes_hold_every_shipped_criterion)
{
    AUTO(arena_close) Arena room = arena_open((size_t)1 << 27);
    size_t seen = 0;
    for (size_t i = 0; i < data_files_count; i++) {
        Str name = data_files[i].name;
        if (!str_starts(name, S("schemes/")) || !str_ends(name, S(".csv")) || str_has(name, S("checks")))
            continue;
        Scheme       s;
        SchemeFaults faults = { 0 };
        AUTO(arena_close) Arena work = arena_open(1 << 26);
        CHECK(scheme_file_read(&room, work, data_files[i].bytes, &s, &faults));
        there_and_back(&room, &s, LANG_VI);
        there_and_back(&room, &s, LANG_EN);
        seen += s.len;
    }
    CHECK(seen > 200);
}

static CriterionForm form_of(SchemeRuleKind kind)
{
    return (CriterionForm){ .code = S("3"), .name = S("Tỷ lệ"), .max = S("1,5"), .rule = { .prefix = S(""), .kind = kind, .measure = MEASURE_RATIO,
                            .a = S("Nhiệm vụ đã xong"), .b = S("Nhiệm vụ được giao") } };
}

TEST(draft_people_write_rules_without_expressions)
{
    AUTO(arena_close) Arena work = arena_open(1 << 22);
    Scheme          s = parsed(a, tree);
    CriterionForm   f = form_of(RULE_THRESHOLDS), again;
    SchemeCriterion x;
    FieldErrors     errors = { 0 };
    StepForm steps[] = { { S("0"), S("0") }, { S("100"), S("1,5") }, { S("80"), S("0,5") } };
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        *list_add(a, &f.rule.steps) = steps[i];
    CHECK(criterion_form_read(a, work, LANG_VI, &f, &s, s.len, &x, &errors));
    CHECK_STR(x.rule.of, S("nhiem_vu_da_xong / nhiem_vu_duoc_giao * 100"));
    CHECK_STR(x.labels.at[1].text, S("Nhiệm vụ được giao"));
    CHECK_NEAR(x.rule.steps[0].bound, 100, 0);               /* whatever the order they were typed in */
    CHECK_NEAR(x.rule.steps[2].bound, 0, 0);
    CHECK_NEAR(x.max, 1.5, 0);
    criterion_form_fill(a, LANG_VI, &x, &again);
    again.rule.a = S("Nhiệm vụ hoàn thành");                 /* another label keeps the name, so that inputs of cards still fit */
    CHECK(criterion_form_read(a, work, LANG_VI, &again, &s, s.len, &x, &errors));
    CHECK_STR(x.rule.of, S("nhiem_vu_da_xong / nhiem_vu_duoc_giao * 100"));
    CHECK_STR(x.labels.at[0].text, S("Nhiệm vụ hoàn thành"));
}

static Str first_error(Arena *a, Arena work, const Scheme *s, const CriterionForm *f)
{
    SchemeCriterion x;
    FieldErrors     errors = { 0 };
    bool good = criterion_form_read(a, work, LANG_VI, f, s, s->len, &x, &errors);
    CHECK(good == !errors.len);
    for (size_t i = 0; i < errors.len; i++)
        CHECK(errors.at[i].message.len);
    return errors.len ? errors.at[0].field : S("");
}

TEST(draft_errors_stand_at_their_boxes)
{
    AUTO(arena_close) Arena work = arena_open(1 << 22);
    Scheme        s = parsed(a, tree);
    CriterionForm f = form_of(RULE_THRESHOLDS);
    CHECK_STR(first_error(a, work, &s, &f), S("steps"));
    *list_add(a, &f.rule.steps) = (StepForm){ S("100"), S("2") };
    CHECK_STR(first_error(a, work, &s, &f), S("steps"));     /* 2 of 1,5 */
    f.rule.steps.at[0].points = S("mot");
    CHECK_STR(first_error(a, work, &s, &f), S("steps"));
    f = form_of(RULE_COUNT);
    CHECK_STR(first_error(a, work, &s, &f), S("each"));
    f.rule.each = S("0,5");
    f.code = S("1.1");
    CHECK_STR(first_error(a, work, &s, &f), S("code"));
    f.code = S("=1");
    CHECK_STR(first_error(a, work, &s, &f), S("code"));
    f.code = S("3");
    f.parent = S("77");
    CHECK_STR(first_error(a, work, &s, &f), S("parent"));
    f.parent = S("");
    f.max = S("0");
    CHECK_STR(first_error(a, work, &s, &f), S("max"));
    f = form_of(RULE_FORMULA);
    f.rule.of = S("a +");
    CHECK_STR(first_error(a, work, &s, &f), S("of"));
    f = form_of(RULE_YES_NO);
    f.rule.measure = MEASURE_ONE;
    CHECK_STR(first_error(a, work, &s, &f), S(""));
    f.rule.a = S("");
    CHECK_STR(first_error(a, work, &s, &f), S("a"));
    f = form_of(RULE_SUM);
    CHECK_STR(first_error(a, work, &s, &f), S("kind"));
}

TEST_EACH_STORE(draft_rows_refuse_the_slower_of_two)
{
    Db         *db = test_take(store, a);
    SchemeDraft d  = { .unit = { 1 }, .made_by = { 7 }, .made_at = { 5 }, .s = parsed(a, tree) }, mine, theirs, again;
    SchemeDrafts all;
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    CHECK_OK(scheme_draft_add(db, a, &d));
    CHECK_OK(scheme_draft_load(db, a, d.id, &mine));
    CHECK_OK(scheme_draft_load(db, a, d.id, &theirs));
    CHECK(!mine.undo);
    scheme_draft_remove(&mine.s, 3);
    CHECK_OK(scheme_draft_save(db, a, &mine));
    CHECK_ERR(scheme_draft_save(db, a, &theirs), ERR_CONFLICT);
    CHECK_ERR(scheme_draft_drop(db, a, &theirs), ERR_CONFLICT);
    CHECK_OK(scheme_draft_load(db, a, d.id, &again));
    CHECK_INT(again.s.len, 3);
    CHECK(again.undo);
    CHECK_OK(scheme_draft_undo(db, a, &again));
    CHECK_OK(scheme_draft_load(db, a, d.id, &again));
    CHECK_INT(again.s.len, 4);
    CHECK_OK(scheme_drafts(db, a, &all));
    CHECK_INT(all.len, 1);
    CHECK_STR(all.at[0].s.title, S("T"));
    CHECK_OK(scheme_draft_drop(db, a, &again));
    CHECK_ERR(scheme_draft_load(db, a, d.id, &again), ERR_NOT_FOUND);
    CHECK_OK(db_commit(db));
}
