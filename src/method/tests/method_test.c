/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Methods: shipped ones are whole, faults name line and column, there and back, beside a questionnaire, versions that are kept. */
#include "method/console.h"
#include "store/test_store.h"

static SurveyMethod read_text(Arena *a, const char *text, MethodFaults *faults)
{
    SurveyMethod m;
    method_read(a, str_from_c(text), &m, faults);
    return m;
}

#define HEAD "code,parent,kind,name_vi,name_en,source,value\n"

TEST(shipped_methods_are_whole_and_come_back_as_they_were)
{
    CHECK_INT(method_shipped_count(), 4);
    for (size_t i = 0; i < method_shipped_count(); i++) {
        SurveyMethod       m, again;
        MethodFaults faults = { 0 };
        Buf          b = buf_new(a, 8192), c = buf_new(a, 8192);
        Str          book;
        CHECK(method_shipped(a, method_shipped_ref(i), &m));
        CHECK_STR(m.code, method_shipped_ref(i));
        method_csv(&b, &m);
        method_read(a, buf_str(&b), &again, &faults);
        for (size_t k = 0; k < faults.len; k++)
            test_fail(__FILE_NAME__, __LINE__, "%.*s: %s, line %d", STR_ARG(m.code), faults.at[k].key, faults.at[k].line);
        method_csv(&c, &again);
        CHECK_STR(buf_str(&b), buf_str(&c));
        CHECK_OK(method_xlsx(a, &m, &book));
        method_read(a, book, &again, &faults);
        CHECK_INT(faults.len, 0);
        CHECK_INT(method_changes(a, &m, &again).len, 0);
    }
}

TEST(faults_of_a_method_name_line_and_column)
{
    static const struct { const char *text, *key, *column; int line; } rows[] = {
        { "kind,code\nindex,B\n", "method.fault.column", "", 1 },
        { HEAD "B,,chỉ số,Chung,,,\n", "method.fault.kind", "kind", 2 },
        { HEAD "B,,index,,,,\n", "method.fault.name", "name_vi", 2 },
        { HEAD "B,,index,Chung,,,\nB,,factor,Hai,,,\n", "method.fault.twice", "code", 3 },
        { HEAD "B1,B,factor,Một,,,\nB,,index,Chung,,,\n", "method.fault.parent", "parent", 2 },
        { HEAD "B,,index,Chung,,,0\n", "method.fault.weight", "value", 2 },
        { HEAD "B,,index,Chung,,,\"1,125\"\n", "method.fault.weight-mark", "value", 2 },
        { HEAD "B,,index,Chung,,,\"1.125,5\"\n", "method.fault.weight", "value", 2 },
        { HEAD "B,,index,Chung,,,1.125.5\n", "method.fault.weight", "value", 2 },
        { HEAD "B,,index,Chung,,,\nb1,B9,item,,,,\n", "method.fault.parent", "parent", 3 },
        { HEAD "B,,index,Chung,,,\nb1,B,item,,,,\nb1,B,item,,,,\n", "method.fault.placed", "code", 4 },
        { HEAD "B,,index,Chung,,,\nB1,B,factor,Một,,,\nb1,B,item,,,,\nb2,B1,item,,,,\n", "method.fault.mixed", "code", 2 },
        { HEAD "B,,index,Chung,,,\nB1,B,factor,Một,,,\nB2,B,factor,Hai,,,\nb2,B1,item,,,,\n", "method.fault.bare", "code", 4 },
        { HEAD "B,,index,Chung,,,\npooling,,rule,,,,all\n", "method.fault.value", "value", 3 },
        { HEAD "B,,index,Chung,,,\nround,,rule,,,,2\n", "method.fault.rule", "code", 3 },
        { HEAD "B,,index,Chung,,,\nx,,table,,,,\n", "method.fault.table", "code", 3 },
        { HEAD "B,,index,Chung,,,\nx,,about,a,,,\n", "method.fault.about", "code", 3 },
        { HEAD "có dấu,,index,Chung,,,\n", "method.fault.code", "code", 2 },
        { HEAD "pooling,,rule,,,,items\n", "method.fault.empty", "", 0 },
        { HEAD "B,,index,\"Chung,,,\n", "method.fault.csv", "", 2 },
        { "PK rác", "method.fault.xlsx", "", 0 },
        { "", "method.fault.empty", "", 0 },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        MethodFaults f = { 0 };
        (void)read_text(a, rows[i].text, &f);
        if (!f.len) {
            test_fail(__FILE_NAME__, __LINE__, "no fault: %s", rows[i].text);
            continue;
        }
        CHECK_STR(str_from_c(f.at[0].key), str_from_c(rows[i].key));
        CHECK_STR(f.at[0].column, str_from_c(rows[i].column));
        CHECK_INT(f.at[0].line, rows[i].line);
        CHECK(method_fault_text(a, LANG_VI, &f.at[0]).len && method_fault_text(a, LANG_EN, &f.at[0]).len && method_fault_place(a, LANG_VI, &f.at[0]).len);
    }
}

TEST(an_item_belongs_to_its_own_line_or_the_longest_beginning)
{
    MethodFaults f = { 0 };
    int          times;
    SurveyMethod m = read_text(a, HEAD "B,,index,Chung,,,\nB1,B,factor,Một,,,\nB2,B,factor,Hai,,,\n"
                                     "b.*,B1,item,,,,\nb.x.*,B2,item,,,,\nb.x.1,B1,item,,,,\n", &f);
    CHECK_INT(f.len, 0);
    CHECK_INT(method_place(&m, S("b.1"), &times), method_node(&m, S("B1")));
    CHECK_INT(times, 1);
    CHECK_INT(method_place(&m, S("b.x.2"), &times), method_node(&m, S("B2")));
    CHECK_INT(times, 2);
    CHECK_INT(method_place(&m, S("b.x.1"), NULL), method_node(&m, S("B1")));
    CHECK_INT(method_place(&m, S("c"), &times), -1);
    CHECK_INT(times, 0);
}

static const FormProgram *shipped_form(Arena *a, const char *name)
{
    static FormProgram *p;
    FormIssues          issues = { 0 };
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 28);
    if (form_read(a, work, form_shipped_find(str_from_c(name))->bytes, NULL, &issues, &p) || !p)
        test_fail(__FILE_NAME__, __LINE__, "%s", name);
    return p;
}

TEST(every_item_of_the_national_questionnaire_is_placed_once)
{
    SurveyMethod      m;
    MethodCheck c;
    CHECK(method_shipped(a, S("sipas-2023"), &m));
    method_check(a, LANG_VI, &m, shipped_form(a, "sipas-2023"), &c);
    CHECK(c.whole);
    CHECK_INT(c.items.len, 51);
    CHECK_INT(c.breaks.len + c.bare.len + c.unknown.len, 0);
    method_check(a, LANG_VI, &m, shipped_form(a, "mot-cua"), &c);
    CHECK(!c.whole && !c.unplaced);
    CHECK_INT(c.unknown.len, 4);                                       /* B1.1.* … B1.4.* meet nothing */
    CHECK(c.breaks.len > 0);
    m.places.len = 1;
    m.places.at[0].code = S("B1.1.S1");
    method_check(a, LANG_VI, &m, shipped_form(a, "sipas-2023"), &c);
    CHECK_INT(c.unplaced, 50);
}

TEST(changes_between_two_methods_name_what_differs)
{
    MethodFaults f = { 0 };
    SurveyMethod x = read_text(a, HEAD "B,,index,Chung,,,\nB1,B,factor,Một,,,\nb1,B1,item,,,,\n", &f);
    SurveyMethod y = read_text(a, HEAD "pooling,,rule,,,,factors\nB,,index,Chung,,,\nB1,B,factor,Một mới,,,2\nb2,B1,item,,,,\n", &f);
    MethodChanges c = method_changes(a, &x, &y);
    CHECK_INT(c.len, 4);                                               /* the rule, the factor, an item more, one less */
    CHECK_INT(method_changes(a, &x, &x).len, 0);
}

static MethodRow row_of(int64_t at)
{
    return (MethodRow){ .unit = { 1 }, .made_at = { at }, .changed_at = { at }, .made_by = { 7 } };
}

TEST_EACH_STORE(a_draft_changes_until_it_is_approved)
{
    Db          *db = test_take(store, a);
    MethodFaults f  = { 0 };
    MethodRow    first = row_of(5), next = row_of(6), national = row_of(7), again;
    MethodRows   rows;
    SurveyMethod       m = read_text(a, HEAD "thu,,method,Thử,,,\nB,,index,Chung,,,\nb1,B,item,,,,\n", &f), got;
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    CHECK_OK(method_add(db, a, &m, &first));
    CHECK_STR(first.ref, S("thu"));
    m.title[LANG_VI] = S("Thử lại");
    CHECK_OK(method_change(db, a, &m, &first));
    MethodRow stale = first;
    stale.revision  = 1;
    CHECK_ERR(method_change(db, a, &m, &stale), ERR_CONFLICT);
    CHECK_OK(method_approve(db, a, &first, (PersonId){ 8 }, (Time){ 9 }));
    CHECK_OK(method_row(db, a, first.id, &again));
    CHECK_ERR(method_change(db, a, &m, &again), ERR_CONFLICT);
    CHECK_ERR(method_remove(db, a, &again), ERR_CONFLICT);
    CHECK_OK(method_add(db, a, &m, &next));
    CHECK_STR(next.ref, S("thu.2"));
    m.code = S("sipas-2023");
    CHECK_OK(method_add(db, a, &m, &national));
    CHECK_STR(national.ref, S("sipas-2023.2"));                       /* version 1 is the shipped one */
    CHECK_OK(method_load(db, a, S("thu.2"), &got));
    CHECK_STR(method_title(&got, LANG_EN), S("Thử"));
    CHECK_OK(method_list(db, a, &rows));
    CHECK_INT(rows.len, 3 + method_shipped_count());
    CHECK_OK(method_remove(db, a, &next));
    CHECK_ERR(method_row_of(db, a, S("thu.2"), &again), ERR_NOT_FOUND);
    CHECK_OK(method_row_of(db, a, S("sipas-2017"), &again));
    CHECK(again.shipped && again.approved_at.ms);
    CHECK_OK(db_commit(db));
}

/* A third, and numbers with three decimals, come back from the kept table and from the box as they were. */
TEST(weights_are_kept_in_full)
{
    static const double weights[] = { 1.125, 1.0 / 3, 0.5, 1125, 12345.5, 1e-6, 0.30000000000000004 };
    for (size_t i = 0; i < COUNT_OF(weights); i++) {
        SurveyMethod m = { 0 }, again;
        MethodFaults faults = { 0 };
        Buf b = buf_new(a, 1024);
        *list_add(a, &m.nodes) = (MethodNode){ .code = S("B"), .kind = S("index"), .label = { S("Chung"), S("All") }, .weight = weights[i] };
        method_csv(&b, &m);
        method_read(a, buf_str(&b), &again, &faults);
        CHECK_INT(faults.len, 0);
        CHECK(again.nodes.len == 1 && again.nodes.at[0].weight == weights[i]);
        for (int l = 0; l < LANG_COUNT; l++) {
            double x = 0;
            CHECK(real_parse_typed((Lang)l, method_weight_text(a, (Lang)l, weights[i]), &x) && x == weights[i]);
        }
    }
    CHECK_STR(method_weight_text(a, LANG_VI, 1.125), S("1,125"));
    SurveyMethod m;
    MethodFaults faults = { 0 };
    m = read_text(a, HEAD "B,,index,Chung,,,\"1,5\"\nB1,B,factor,Một,,,1.125\n", &faults);
    CHECK(faults.len == 0 && m.nodes.at[0].weight == 1.5 && m.nodes.at[1].weight == 1.125);
}
