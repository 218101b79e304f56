/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inputs given by whoever runs a season: kept with revisions, files there and back, faults by line and column. */
#include "base/test.h"
#include "scheme/tests/scheme_fixture.h"
#include "season/inputs.h"
#include "season/tests/season_fixture.h"
#include "store/test_store.h"

static Scheme surveyed(Arena *a)
{
    const Json  *json;
    Scheme       s;
    SchemeFaults faults = { 0 };
    Arena        work = arena_open(1 << 24);
    CHECK(!json_parse(a, S("{\"code\":\"S\",\"max\":13,\"criteria\":[{\"code\":\"1\",\"max\":1},{\"code\":\"2\",\"max\":10,\"method\":\"estimate\",\"rule\":"
                           "{\"kind\":\"proportional\",\"of\":\"sipas\"}},{\"code\":\"3\",\"max\":2,\"method\":\"survey\"}]}"), &json));
    CHECK(scheme_read(a, work, json, &s, &faults));
    arena_close(&work);
    return s;
}

static Units two_units(Arena *a)
{
    Units u = { 0 };
    *list_add(a, &u) = (Unit){ .id = { 24 }, .code = S("24"), .name_vi = S("Bắc Ninh"), .name_en = S("Bac Ninh"), .full_name_vi = S("Tỉnh Bắc Ninh") };
    *list_add(a, &u) = (Unit){ .id = { 52 }, .code = S("52"), .name_vi = S("Gia Lai"), .name_en = S("Gia Lai"), .full_name_vi = S("Tỉnh Gia Lai") };
    return u;
}

TEST(given_inputs_of_a_file_are_read_by_unit_and_criterion)
{
    Scheme       s = surveyed(a);
    Units        units = two_units(a);
    SeasonInputs rows;
    InputFaults  faults = { 0 };
    CHECK(inputs_file_read(a, LANG_VI, S("Mã đơn vị,Đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,,2,sipas,\"86,42\"\n24,,2,sipas_se,\"0,81\"\n"
                                         ",Tỉnh Gia Lai,2,sipas,83.5\n"
                                         "52,,3,,1.5\n52,,2,sipas_se,\n"), &s, &units, &rows, &faults));
    CHECK_INT(rows.len, 3);
    CHECK_STR(rows.at[0].x.inputs, S("{\"sipas\":86.42,\"sipas_se\":0.81}"));
    CHECK(rows.at[1].unit.v == 52 && str_eq(rows.at[1].x.inputs, S("{\"sipas\":83.5}")));
    CHECK(rows.at[2].x.manual == 1.5 && str_eq(rows.at[2].x.inputs, S("{}")));
}

TEST(given_inputs_of_a_file_with_faults_name_line_and_column)
{
    static const struct { const char *csv; InputFaultKind kind; int line; const char *column; } cases[] = {
        { "Mã đơn vị,Số liệu,Giá trị\n24,sipas,1\n", INPUT_FAULT_HEADING, 1, "Mã tiêu chí" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n99,2,sipas,1\n", INPUT_FAULT_UNIT, 2, "Mã đơn vị" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,2,sipas,1\n24,9,x,1\n", INPUT_FAULT_CODE, 3, "Mã tiêu chí" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,1,điểm,1\n", INPUT_FAULT_OWN, 2, "Mã tiêu chí" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,2,spas,1\n", INPUT_FAULT_INPUT, 2, "Số liệu" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,3,điểm,nhiều\n", INPUT_FAULT_VALUE, 2, "Giá trị" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,2,sipas_se,-1\n", INPUT_FAULT_VALUE, 2, "Giá trị" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,2,sipas,36.525\n", INPUT_FAULT_VALUE, 2, "Giá trị" },     /* a count, or a decimal */
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,2,sipas,1\n24,2,sipas,2\n", INPUT_FAULT_TWICE, 3, "Số liệu" },
        { "Mã đơn vị,Mã tiêu chí,Số liệu,Giá trị\n24,2,sipas,\n", INPUT_FAULT_EMPTY, 0, "" },
        { "Mã đơn vị,\"Mã\n", INPUT_FAULT_CSV, 1, NULL },
        { "PK nothing", INPUT_FAULT_XLSX, 0, "" },
    };
    Scheme s     = surveyed(a);
    Units  units = two_units(a);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        SeasonInputs rows;
        InputFaults  faults = { 0 };
        CHECK(!inputs_file_read(a, LANG_VI, str_from_c(cases[i].csv), &s, &units, &rows, &faults));
        CHECK(faults.len == 1 && faults.all == 1);
        CHECK_INT(faults.at[0].kind, cases[i].kind);
        CHECK_INT(faults.at[0].line, cases[i].line);
        if (cases[i].column)
            CHECK_STR(faults.at[0].column, str_from_c(cases[i].column));
        CHECK(input_fault_text(a, LANG_VI, &faults.at[0]).len > 0);
    }
}

TEST(given_inputs_go_into_a_template_and_come_back)
{
    Scheme       s     = surveyed(a);
    Units        units = two_units(a);
    SeasonInputs kept  = { 0 }, back;
    InputFaults  faults = { 0 };
    Str          xlsx;
    *list_add(a, &kept) = (SeasonInput){ { 24 }, { .code = S("2"), .inputs = S("{\"sipas\":36.525,\"sipas_se\":0.81}"), .manual = NAN } };
    *list_add(a, &kept) = (SeasonInput){ { 52 }, { .code = S("3"), .inputs = S("{}"), .manual = 1.25 } };
    CHECK_OK(inputs_file_write(a, LANG_VI, &s, &units, &kept, &xlsx));
    CHECK(inputs_file_read(a, LANG_VI, xlsx, &s, &units, &back, &faults));
    CHECK_INT(back.len, 2);
    CHECK(str_eq(back.at[0].x.inputs, kept.at[0].x.inputs) && back.at[0].unit.v == 24 && back.at[1].x.manual == 1.25 && back.at[1].unit.v == 52);
    inputs_file_stale(a, &units, &back, &kept, &faults);
    CHECK_INT(faults.all, 0);
    kept.at[1].x.revision += 1;                    /* saved again with the same number: nothing is lost */
    inputs_file_stale(a, &units, &back, &kept, &faults);
    CHECK_INT(faults.all, 0);
    kept.at[1].x.manual = 1.5;                     /* with another one: the file knows nothing of it */
    inputs_file_stale(a, &units, &back, &kept, &faults);
    CHECK_INT(faults.all, 1);
    CHECK(faults.at[0].kind == INPUT_FAULT_MEANWHILE && faults.at[0].value.len > 0);
    back.at[1].x.revision = -1;                    /* a file of one's own, without the column */
    faults = (InputFaults){ 0 };
    inputs_file_stale(a, &units, &back, &kept, &faults);
    CHECK_INT(faults.all, 0);
}

TEST_EACH_STORE(given_inputs_change_only_over_what_was_seen)
{
    Db          *db = test_take(store, a);
    Card         card;
    SeasonInputs rows;
    CardScores   said = { 0 };
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    Season      s = season_fixture(db, a, scheme_fixture(db, a, (UnitId){ 1 }), (UnitId){ 1 }, &card);
    SeasonInput x = { { 1 }, { .code = S("2"), .inputs = S("{\"sipas\":86.42}"), .manual = NAN, .note = S("Ấn bản 1"), .by = { 7 }, .at = { 9 } } };
    CHECK_OK(season_input_save(db, a, s.id, &x, 0));
    CHECK_ERR(season_input_save(db, a, s.id, &x, 0), ERR_CONFLICT);
    CHECK_OK(season_input_save(db, a, s.id, &x, 1));
    CHECK_OK(season_inputs(db, a, s.id, (UnitId){ 0 }, &rows));
    CHECK(rows.len == 1 && rows.at[0].x.revision == 2 && str_eq(rows.at[0].x.note, S("Ấn bản 1")) && isnan(rows.at[0].x.manual));
    CHECK_OK(season_inputs(db, a, s.id, (UnitId){ 9 }, &rows));
    CHECK_INT(rows.len, 0);
    *list_add(a, &said) = (CardScore){ .code = S("1"), .inputs = S("{}") };
    CHECK_OK(card_scores_given(db, a, &card, &said));
    CHECK(said.len == 2 && str_eq(said.at[1].code, S("2")));
    CHECK_OK(db_commit(db));
}
