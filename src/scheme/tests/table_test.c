/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files of schemes: those that are shipped, there and back, faults with row and column; published figures as vectors. */
#include "base/csv.h"
#include "base/embed.h"
#include "base/test.h"
#include "scheme/scheme.h"

static Str shipped(const char *name)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, str_from_c(name)))
            return data_files[i].bytes;
    test_fail(__FILE_NAME__, __LINE__, "no %s", name);
    return S("");
}

static bool read_file(Arena *a, Str bytes, Scheme *out, SchemeFaults *faults)
{
    Arena work = arena_open(1 << 26);
    bool  good = scheme_file_read(a, work, bytes, out, faults);
    arena_close(&work);
    for (size_t i = 0; i < faults->len; i++)
        CHECK(scheme_fault_text(a, LANG_VI, &faults->at[i]).len && scheme_fault_text(a, LANG_EN, &faults->at[i]).len);
    return good;
}

static Str json_of(Arena *a, const Scheme *s)
{
    Buf b = buf_new(a, 4096);
    scheme_write(&b, s);
    return buf_str(&b);
}

TEST(scheme_files_shipped_are_whole_and_written_back_the_same)
{
    static const struct { const char *name; int level1, level2; double max; } files[] = {
        { "schemes/par-province-demo.csv", 37, 88, 100 }, { "schemes/par-ministry-demo.csv", 38, 97, 100 },
        { "schemes/par-department-demo.csv", 27, 2, 100 }, { "schemes/par-commune-demo.csv", 22, 0, 100 }, { "schemes/nd61-2018.csv", 0, 0, 18 },
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Scheme       s, again;
        SchemeFaults faults = { 0 };
        int          level[SCHEME_LEVELS] = { 0 };
        Str          xlsx;
        if (!read_file(a, shipped(files[i].name), &s, &faults)) {
            test_fail(__FILE_NAME__, __LINE__, "%s row %d: %.*s", files[i].name, faults.at[0].row, STR_ARG(scheme_fault_text(a, LANG_VI, &faults.at[0])));
            continue;
        }
        for (size_t k = 0; k < s.len; k++)
            level[s.at[k].level]++;
        CHECK_INT(level[1], files[i].level1);
        CHECK_INT(level[2], files[i].level2);
        CHECK_NEAR(s.max, files[i].max, 0);
        for (int l = 0; l < LANG_COUNT; l++) {
            Buf csv = buf_new(a, 4096);
            scheme_file_csv(a, &csv, (Lang)l, &s);
            CHECK(read_file(a, buf_str(&csv), &again, &faults));
            CHECK_STR(json_of(a, &again), json_of(a, &s));
            CHECK_OK(scheme_file_xlsx(a, (Lang)l, &s, &xlsx));
            CHECK(read_file(a, xlsx, &again, &faults));
            CHECK_STR(json_of(a, &again), json_of(a, &s));
        }
        for (size_t k = 0; k < s.len; k++)
            CHECK(s.at[k].group || scheme_rule_words(a, LANG_VI, &s.at[k]).len > 0);
    }
}

TEST(inputs_go_by_their_labels)
{
    Scheme       s;
    SchemeFaults faults = { 0 };
    CHECK(read_file(a, S("Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Tham số,Số liệu\n#Tổng điểm,,4,,,,,\n"
                         "1,,A,2,Theo tỷ lệ,(xong - huy) / giao * 100,,xong: Việc <đã> xong; giao: Việc được giao\n"
                         "2,,B,2,Thời hạn,ngay,hạn = moc; mỗi = 0.5,ngay: Ngày gửi; moc: Hạn gửi\n"), &s, &faults));
    CHECK_STR(scheme_expr_words(a, &s.at[0], s.at[0].rule.of), S("(“Việc <đã> xong” - huy) / “Việc được giao” × 100"));
    CHECK_STR(scheme_expr_words(a, &s.at[0], S("if(giao = 'giao', xong2, 1)")), S("if(“Việc được giao” = 'giao', xong2, 1)"));
    CHECK_STR(scheme_expr_words(a, &s.at[1], s.at[1].rule.of), S("Ngày gửi"));
    CHECK_STR(scheme_input_label(a, LANG_VI, &s.at[0], S("giao_se")), S("Việc được giao (sai số chuẩn)"));
    CHECK_STR(scheme_input_label(a, LANG_VI, &s.at[0], S("huy")), S("huy"));
    CHECK(str_has(scheme_rule_words(a, LANG_VI, &s.at[1]).at[0], S("Ngày gửi không sau ngày Hạn gửi")));
    for (int l = 0; l < LANG_COUNT; l++) {
        Scheme again;
        Buf    csv = buf_new(a, 4096);
        scheme_file_csv(a, &csv, (Lang)l, &s);
        CHECK(read_file(a, buf_str(&csv), &again, &faults));
        CHECK_STR(json_of(a, &again), json_of(a, &s));
    }
}

TEST(scheme_file_faults_name_row_and_column)
{
    static const struct { const char *file, *kind; int row; const char *column; } cases[] = {
        { "", "no_rows", 0, "" },
        { "Mã,Tên tiêu chí,Điểm tối đa\n1,A,2\n", "heading", 1, "" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa\n", "no_rows", 0, "" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa\n#Tổng điểm,,5,\n1,,A,5\n1.1,1,B,2\n1.2,1,C,2\n", "points", 3, "Điểm tối đa" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa\n#Tổng điểm,,2,\n1,,A,hai\n", "value", 3, "Điểm tối đa" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa\n#Tổng điểm,,2,\n1,,A,1\n1,,B,1\n", "twice", 4, "Mã" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc\n#Tổng điểm,,2,,\n1,,A,2,Đoán\n", "rule", 3, "Quy tắc" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Tham số\n#Tổng điểm,,2,,,,\n"
          "1,,A,2,Theo mốc,x,100: 2; tám mươi: 1\n", "value", 3, "Tham số" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Tham số\n#Tổng điểm,,2,,,,\n"
          "1,,A,2,Cộng,,\n+,,,,Theo mốc,x,50: 0.5; 80: 1\n", "steps", 4, "Tham số" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Tham số\n#Tổng điểm,,2,,,,\n"
          "1,,A,2,Đếm,x,mỗi = 1; sàn = 2\n", "key", 3, "" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Tham số\n#Tổng điểm,,2,,,,\n"
          "1,,A,2,Cộng,,\n+,,,,Có hoặc không,x +,điểm = 1\n", "expr", 4, "Biểu thức" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Tham số\n#Tổng điểm,,2,,,,\n"
          "+,,,,Có hoặc không,x,\n1,,A,2,,,\n", "part", 3, "Quy tắc" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Số liệu\n#Tổng điểm,,2,,,,\n"
          "1,,A,2,Công thức,x,x: Số việc; y: Số khác\n", "label", 3, "Số liệu" },
        { "Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Quy tắc,Biểu thức,Số liệu\n#Tổng điểm,,2,,,,\n"
          "1,,A,2,Công thức,x,Số việc\n", "value", 3, "Số liệu" },
        { "code,parent,name,max\n#max,,3,\n1,,A,2\n", "total", 0, "Điểm tối đa" },
        { "code,parent,name,max\n#colour,,3,\n1,,A,2\n", "key", 2, "" },
        { "code,parent,name,max\n\"1,,A,2\n", "csv", 2, "" },
        { "PK\x03\x04xxxx", "xlsx", 0, "" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Scheme       s;
        SchemeFaults faults = { 0 };
        CHECK(!read_file(a, str_from_c(cases[i].file), &s, &faults));
        const SchemeFault *f = &faults.at[0];
        if (!faults.len || !str_eq(scheme_fault_code(f->kind), str_from_c(cases[i].kind)) || f->row != cases[i].row ||
            !str_eq(scheme_fault_column(LANG_VI, f), str_from_c(cases[i].column)))
            test_fail(__FILE_NAME__, __LINE__, "%s: %.*s row %d column %.*s", cases[i].file, STR_ARG(faults.len ? scheme_fault_code(f->kind) : S("none")),
                      faults.len ? f->row : -1, STR_ARG(faults.len ? scheme_fault_column(LANG_VI, f) : S("")));
    }
}

TEST(scheme_file_with_more_faults_than_are_kept_keeps_the_places_of_the_first)
{
    Buf          b = buf_new(a, 8192);
    Scheme       s;
    SchemeFaults faults = { 0 };
    buf_lit(&b, "code,parent,name,max,effect,rule,of,params\n");
    for (int i = 0; i < SCHEME_FAULTS; i++)
        buf_fmt(&b, "%d,,A,1,colour,,,\n", i + 1);
    buf_lit(&b, "#colour,,3,,,,,\n999,,A,1,,count,x,colour = 1\n");
    CHECK(!read_file(a, buf_str(&b), &s, &faults));
    CHECK_INT(faults.len, SCHEME_FAULTS);
    CHECK(faults.all >= SCHEME_FAULTS + 2);
    CHECK_STR(faults.at[SCHEME_FAULTS - 1].column, S("effect"));
}

/* Lai Châu 2021: nine scores of each department; exactly one printed total is not their sum. */
TEST(scheme_of_decree_61_finds_the_misprint_of_a_published_table)
{
    Scheme       s;
    SchemeFaults faults = { 0 };
    CsvTable     rows;
    int          wrong = 0;
    CHECK(read_file(a, shipped("schemes/nd61-2018.csv"), &s, &faults));
    CHECK_OK(csv_read(a, shipped("schemes/checks/lai-chau-2021.csv"), CSV_LIMITS, &rows));
    CHECK_INT(rows.len, 16);
    for (size_t r = 1; r < rows.len; r++) {
        SchemeCard   card;
        SchemeResult result;
        double       printed;
        scheme_card_init(a, &s, &card);
        for (int i = 0; i < 9; i++)
            CHECK(str_to_f64(csv_cell(&rows.at[r], (size_t)i + 1), &card.manual[i]));
        CHECK(str_to_f64(csv_cell(&rows.at[r], 10), &printed));
        CHECK(scheme_compute(a, &s, &card, NULL, (SchemeWords){ LANG_VI, true, false }, &result, &faults));
        CHECK(str_eq(csv_cell(&rows.at[r], 11), S("Xuất sắc")) == (result.total >= 15));
        if (fabs(result.total - printed) > 0.0005) {
            wrong++;
            CHECK_STR(csv_cell(&rows.at[r], 0), S("Sở Kế hoạch và Đầu tư"));
            CHECK_NEAR(printed - result.total, 1, 1e-9);
        }
    }
    CHECK_INT(wrong, 1);
}

/* Ministries 2023: the plain mean of 17 is 84.378 and printed 84.38; parts that are printed rounded add up before rounding. */
TEST(scheme_figures_are_rounded_for_print_alone)
{
    CsvTable rows;
    double   sum = 0, x;
    int      n = 0;
    CHECK_OK(csv_read(a, shipped("published/values.csv"), CSV_LIMITS, &rows));
    int index = csv_column(&rows.at[0], S("index")), year = csv_column(&rows.at[0], S("year")), level = csv_column(&rows.at[0], S("level")),
        score = csv_column(&rows.at[0], S("score")), component = csv_column(&rows.at[0], S("component"));
    for (size_t i = 1; i < rows.len; i++)
        if (str_has(csv_cell(&rows.at[i], (size_t)index), S("ministr")) && str_eq(csv_cell(&rows.at[i], (size_t)year), S("2023")) &&
            str_eq(csv_cell(&rows.at[i], (size_t)level), S("unit")) && !csv_cell(&rows.at[i], (size_t)component).len &&
            str_to_f64(csv_cell(&rows.at[i], (size_t)score), &x)) {
            sum += x;
            n++;
        }
    CHECK_INT(n, 17);
    CHECK_NEAR(sum / n, 84.378, 5e-4);
    CHECK_STR(real_text(a, LANG_EN, sum / n, 2), S("84.38"));
    const Json  *json;
    Scheme       s;
    SchemeCard   card;
    SchemeResult result;
    SchemeFaults faults = { 0 };
    Arena        work = arena_open(1 << 24);
    CHECK_OK(json_parse(a, S("{\"code\":\"B\",\"max\":100,\"criteria\":[{\"code\":\"TD\",\"max\":68.5},{\"code\":\"DT\",\"max\":31.5}]}"), &json));
    CHECK(scheme_read(a, work, json, &s, &faults));
    arena_close(&work);
    scheme_card_init(a, &s, &card);
    card.manual[0] = 61.8567;
    card.manual[1] = 28.0964;
    CHECK(scheme_compute(a, &s, &card, NULL, (SchemeWords){ LANG_VI, true, false }, &result, &faults));
    CHECK_STR(real_text(a, LANG_EN, result.at[0].points, 2), S("61.86"));
    CHECK_STR(real_text(a, LANG_EN, result.at[1].points, 2), S("28.10"));
    CHECK_STR(real_text(a, LANG_EN, result.total, 2), S("89.95"));
}
