/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One small edition in every format, read back. */
#include "base/test.h"
#include "report/parts.h"

#include "base/xlsx.h"
#include "base/xml.h"
#include "base/zip.h"

#include <math.h>

typedef struct Shop { Arena a; Figures f; Units units; EditionRow e; ReportSource *s; } Shop;

static void figure(Shop *x, const char *prefix, Str code, Str province, double value, int64_t n)
{
    bool share = !str_eq(str_from_c(prefix), S("mean"));
    *list_add(&x->a, &x->f) = (Figure){ .name = str_join(&x->a, (Str[]){ str_from_c(prefix), code }, 2, S(".")),
        .label_vi = str_concat(&x->a, S("Nội dung "), code),
        .label_en = str_concat(&x->a, S("Content "), code), .unit = share ? S("%") : S("1-5"), .by = province.len ? S("tinh") : S(""), .value = province,
        .n = n, .x = n ? value : NAN, .se = n ? 0.5 : NAN, .low = n ? value - 1 : NAN, .high = n ? value + 1 : NAN, .suppressed = n == 0 };
}

static void topic(Shop *x, Str code, int64_t n)
{
    static const char *const prefix[] = { "satisfied", "mean", "step1", "step2", "step3", "step4", "step5", "none" };
    static const double value[] = { 83.25, 4.1, 1, 2, 13.75, 50, 33.25, 4 };
    for (size_t i = 0; i < COUNT_OF(prefix); i++)
        figure(x, prefix[i], code, S(""), value[i], n);
    figure(x, "satisfied", code, S("01"), 84.5, 40);
    figure(x, "mean", code, S("01"), 4.2, 40);
    figure(x, "satisfied", code, S("24"), 80, 0);
    figure(x, "mean", code, S("24"), 4, 0);
}

static void node(Shop *x, SurveyMethod *how, Str code, Str parent, Str kind)
{
    *list_add(&x->a, &how->nodes) = (MethodNode){ .code = code, .parent = parent, .kind = kind, .weight = 1 };
}

static void shop_open(Shop *x)
{
    SurveyMethod how = { .code = S("sipas-2023"), };
    static const Str codes[] = { S_INIT("01"), S_INIT("24") };
    *x = (Shop){ .a = arena_open((size_t)256 << 20) };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        *list_add(&x->a, &x->units) = (Unit){ .id = { (int64_t)i + 1 }, .code = codes[i], .name_vi = codes[i], .name_en = codes[i] };
    topic(x, S("B"), 60);
    topic(x, S("B1"), 60);
    topic(x, S("B1.1"), 60);
    topic(x, S("B1.1.1"), 60);
    topic(x, S("B1.1.2"), 0);
    x->e = (EditionRow){ .round_code = S("thu"), .number = 2, .title_vi = S("Đợt <thử> & \"kiểm\""), .title_en = S("Trial"), .method = S("sipas-2023"),
                         .weighting = 1, .published_at = { 1795000000000 }, .n = 60, .package_sha = S("ab"), .fingerprint = S("cd") };
    node(x, &how, S("B"), S(""), S("index"));
    node(x, &how, S("B1"), S("B"), S("component"));
    node(x, &how, S("B1.1"), S("B1"), S("factor"));
    x->s = source_make(&x->a, &x->e, &x->f, &how, &x->units);
}

/* A method with an index of its own: 70 of everybody, 71 of Hà Nội. */
static void shop_of_index(Shop *x)
{
    shop_open(x);
    for (size_t i = 0; i < 5; i++) {
        Str code = x->s->look.nodes.at[i].code;
        figure(x, "index", code, S(""), 70 + (double)i, 55);
        figure(x, "index", code, S("01"), 71 + (double)i, 38);
    }
    SurveyMethod how = { .code = S("giao-duc-vi-du"), };
    node(x, &how, S("B"), S(""), S("index"));
    node(x, &how, S("B1"), S("B"), S("factor"));
    x->s = source_make(&x->a, &x->e, &x->f, &how, &x->units);
    x->s->method[LANG_VI] = S("Giáo dục");
}

static Report made(Shop *x, ReportKind kind, Lang l)
{
    Report      r;
    ReportOrder o = { .kind = kind, .lang = l, .province = S("24"), .site = S("https://do.example"), .now = { 1795000000000 } };
    Err         e = report_build(&x->a, x->s, &o, &r);
    return e ? (Report){ 0 } : r;
}

TEST(report_kinds_and_formats_are_read_by_their_codes)
{
    ReportKind   k;
    ReportFormat f;
    CHECK(report_kind_parse(S("book"), &k) && k == REPORT_BOOK);
    CHECK(!report_kind_parse(S("annual"), &k));
    CHECK(report_format_parse(S("docx"), &f) && f == REPORT_DOCX);
    CHECK(!report_format_parse(S("doc"), &f));
}

TEST(report_topics_are_a_tree_and_provinces_are_found_by_their_codes)
{
    Shop x;
    shop_open(&x);
    CHECK(x.s->look.nodes.len == 5 && x.s->look.top == 0);
    CHECK(x.s->look.nodes.at[3].item && x.s->look.nodes.at[3].parent == 2 && x.s->look.nodes.at[3].depth == 3);
    CHECK(!x.s->look.nodes.at[2].item);
    CHECK(x.s->look.provinces.len == 2 && str_eq(x.s->look.place, S("tinh")));
    arena_close(&x.a);
}

/* Every number of a report names its n, and hidden ones are words. */
TEST(report_says_too_few_answers_in_every_format)
{
    Shop x;
    shop_open(&x);
    Report r = made(&x, REPORT_PROVINCE, LANG_VI);
    Str    csv = report_csv(&x.a, &r);
    CHECK(str_has(csv, S("không đủ số liệu")) && !str_has(csv, S("80,")));
    Out o = out_new(&x.a, LANG_VI, 1 << 16);
    report_html(&o, &r);
    CHECK(str_has(out_text(&o), S("không đủ số liệu")));
    bool said = false;
    for (size_t i = 0; i < r.parts.len; i++)
        said |= str_has(runs_text(&x.a, &r.parts.at[i].runs), S("không đủ số liệu"));
    CHECK(said);
    arena_close(&x.a);
}

TEST(report_sentences_carry_interval_n_and_a_link_to_the_edition)
{
    Shop x;
    shop_open(&x);
    Report r = made(&x, REPORT_YEAR, LANG_VI);
    bool   found = false;
    for (size_t i = 0; i < r.parts.len; i++)
        for (size_t k = 0; k < r.parts.at[i].runs.len; k++) {
            const ReportRun *run = &r.parts.at[i].runs.at[k];
            found |= str_eq(run->text, S("83,25% (KTC 95%: 82,25–84,25; n = 60)")) &&
                     str_eq(run->href, S("https://do.example/results/thu/2/why?name=satisfied.B"));
        }
    CHECK(found);
    arena_close(&x.a);
}

TEST(report_links_name_the_question_of_a_group)
{
    Shop x;
    shop_open(&x);
    Report r     = made(&x, REPORT_PROVINCE, LANG_VI);
    Build  build = { .a = &x.a, .s = x.s, .r = &r };
    CHECK(str_ends(figure_href(&build, look_main(&x.s->look, S("B"), S("24"))), S("/why?name=satisfied.B&by=tinh&value=24")));
    arena_close(&x.a);
}

TEST(report_workbook_has_typed_cells_and_formulas)
{
    Shop x;
    shop_open(&x);
    Report    r = made(&x, REPORT_YEAR, LANG_VI);
    Str       bytes, xml;
    XlsxBook  book;
    ZipReader z;
    size_t    at;
    CHECK_OK(report_xlsx(&x.a, &r, &bytes));
    CHECK_OK(xlsx_read(&x.a, bytes, XLSX_LIMITS, &book, NULL));
    CHECK(book.len >= 3 && str_eq(book.at[0].name, S("Ghi chú")));
    CHECK_OK(zip_reader_open(&x.a, bytes, ZIP_LIMITS, &z));
    bool sums = false, rows = false;
    for (size_t i = 0; i < z.len; i++)
        if (str_starts(z.at[i].name, S("xl/worksheets/"))) {
            CHECK_OK(zip_reader_load(&z, &x.a, i, &xml));
            sums |= str_has(xml, S("<f>SUM(F2:F3)</f><v>40</v>"));
            rows |= str_has(xml, S("<f>SUM(F2:G2)</f><v>83.25</v>"));
        }
    CHECK(sums && rows);
    CHECK(!zip_reader_find(&z, S("xl/vbaProject.bin"), &at));
    zip_reader_close(&z);
    arena_close(&x.a);
}

/* Each relation of the document leads to a part of the archive or outside, and each one used is there. */
static void check_relations(Shop *x, const ZipReader *z, Str document, Str rels)
{
    Xml *root;
    CHECK_OK(xml_parse(&x->a, rels, XML_LIMITS, &root));
    size_t n = 0, at;
    XML_EACH(rel, root) {
        if (!str_eq(rel->name, S("Relationship")))
            continue;
        n++;
        if (!str_eq(xml_attr(rel, S(""), S("TargetMode")), S("External")))
            CHECK(zip_reader_find(z, str_concat(&x->a, S("word/"), xml_attr(rel, S(""), S("Target"))), &at));
    }
    CHECK(n > 6);
    for (Str rest = document; str_find(rest, S("r:embed=\""), &at);) {
        StrPair id = str_cut(str_skip(rest, at + 9), '"');
        CHECK(str_has(rels, str_join(&x->a, (Str[]){ S("Id=\""), id.head, S("\"") }, 3, S(""))));
        rest = id.tail;
    }
    for (Str rest = document; str_find(rest, S("<w:hyperlink r:id=\""), &at);) {
        StrPair id = str_cut(str_skip(rest, at + 19), '"');
        CHECK(str_has(rels, str_join(&x->a, (Str[]){ S("Id=\""), id.head, S("\"") }, 3, S(""))));
        rest = id.tail;
    }
}

TEST(report_word_document_is_well_formed_and_its_relations_lead_somewhere)
{
    Shop x;
    shop_open(&x);
    Report    r = made(&x, REPORT_YEAR, LANG_VI);
    Str       bytes, xml, document = S(""), rels = S("");
    ZipReader z;
    CHECK_OK(report_docx(&x.a, &r, &bytes));
    CHECK_OK(zip_reader_open(&x.a, bytes, ZIP_LIMITS, &z));
    for (size_t i = 0; i < z.len; i++) {
        Xml *root;
        CHECK_OK(zip_reader_load(&z, &x.a, i, &xml));
        if (str_ends(z.at[i].name, S(".png")))
            CHECK(str_starts(xml, S("\x89PNG")));
        else
            CHECK_OK(xml_parse(&x.a, xml, XML_LIMITS, &root));
        if (str_eq(z.at[i].name, S("word/document.xml")))
            document = xml;
        if (str_eq(z.at[i].name, S("word/_rels/document.xml.rels")))
            rels = xml;
    }
    CHECK(str_has(document, S("Đợt &lt;thử&gt; &amp;")));
    check_relations(&x, &z, document, rels);
    zip_reader_close(&z);
    arena_close(&x.a);
}

TEST(report_pdf_is_tagged_and_the_same_bytes_come_again)
{
    Shop x;
    shop_open(&x);
    Report r = made(&x, REPORT_BOOK, LANG_EN);
    Str    one, two;
    CHECK_OK(report_pdf(&x.a, &r, &one));
    CHECK_OK(report_pdf(&x.a, &r, &two));
    CHECK(str_starts(one, S("%PDF-")) && str_has(one, S("/StructTreeRoot")));
    CHECK(str_eq(one, two));
    arena_close(&x.a);
}

TEST(report_head_writes_days_as_the_decree_says)
{
    HeadLines l = head_lines(a, LANG_VI, &(ReportHead){ .agency = S("SỞ NỘI VỤ"),
        .place = S("Gia Lai"), .number = S("05/BC-SNV"), .on = date_from_ymd(2026, 2, 3) });
    CHECK_STR(l.place, S("Gia Lai, ngày 03 tháng 02 năm 2026"));
    CHECK_STR(l.number, S("Số: 05/BC-SNV"));
    l = head_lines(a, LANG_VI, &(ReportHead){ .draft = true, .number = S("05/BC-SNV"), .on = date_from_ymd(2026, 11, 22) });
    CHECK_STR(l.number, S("DỰ THẢO"));
}

/* Figures of the index stand where those of the share stand otherwise, and no word says that they were shares. */
TEST(report_of_a_method_with_an_index_of_its_own_tells_that_index)
{
    Shop x;
    shop_of_index(&x);
    CHECK(str_eq(x.s->look.main, S("index")) && x.s->look.top == 0);
    CHECK_INT(x.s->look.nodes.at[2].parent, 1);                       /* its factor holds every item below its code */
    CHECK(x.s->look.nodes.at[2].item);
    Report r = made(&x, REPORT_YEAR, LANG_VI);
    Str    csv = report_csv(&x.a, &r), bytes;
    Out    o = out_new(&x.a, LANG_VI, 1 << 16);
    report_html(&o, &r);
    CHECK(str_has(out_text(&o), S("why?name=index.B\"")) && str_has(out_text(&o), S("70,00% (KTC 95%: 69,00–71,00; n = 55)")));
    CHECK(str_has(out_text(&o), S("tính theo phương pháp Giáo dục")) && !str_has(out_text(&o), S("tỷ lệ “hài lòng” và “rất hài lòng” trong")));
    CHECK(str_has(csv, S("chỉ số theo nội dung")) && !str_has(csv, S("tỷ lệ hài lòng theo nội dung")));
    CHECK_OK(report_pdf(&x.a, &r, &bytes));
    CHECK_OK(report_docx(&x.a, &r, &bytes));
    CHECK_OK(report_xlsx(&x.a, &r, &bytes));
    for (int k = 0; k < REPORT_KIND_COUNT; k++) {
        r = made(&x, (ReportKind)k, LANG_VI);
        CHECK(k == REPORT_BOOK || !str_has(report_csv(&x.a, &r), S("83,25")));
    }
    arena_close(&x.a);
}

/* ---- Templates of officials ------------------------------------------------------------------------------------------------ */

static void each_name(Arena *a, TemplateNames names, int depth)
{
    for (size_t i = 0; i < names.len; i++) {
        const TemplateName *n = &names.at[i];
        CHECK(n->name[LANG_VI].len && n->name[LANG_EN].len && (n->kind == TEMPLATE_LIST) == (n->in.len > 0));
        for (size_t k = 0; k < i; k++)
            for (int l = 0; l < LANG_COUNT; l++)
                CHECK(!str_eq(text_fold(a, n->name[l]), text_fold(a, names.at[k].name[l])));
        if (depth < 5)
            each_name(a, n->in, depth + 1);
    }
}

TEST(report_names_of_templates_are_in_both_languages_and_unlike)
{
    each_name(a, report_names(), 0);
}

/* Text of the main part, tags taken out; empty when it could not be made. */
static Str words_of(Arena *a, Str docx)
{
    AUTO_ZIP z = { 0 };
    size_t   at;
    Str      xml;
    Xml     *tree;
    if (zip_reader_open(a, docx, ZIP_LIMITS, &z) || !zip_reader_find(&z, S("word/document.xml"), &at) || zip_reader_load(&z, a, at, &xml) ||
        xml_parse(a, xml, (XmlLimits){ .depth = 60, .nodes = 500000, .attributes = 50 }, &tree))
        return S("");
    return xml_text(a, tree);
}

static Str template_of(Shop *x, Str body)
{
    ReportRun run = { .text = body };
    Report    r   = { .agency = S("x"), .source = S("x") };
    Str       out = S("");
    *list_add(&x->a, &r.parts) = (ReportPart){ .kind = PART_TEXT };
    *list_add(&x->a, &r.parts.at[0].runs) = run;
    return report_write(&x->a, &r, REPORT_DOCX, &out) ? S("") : out;
}

static Str filled_from(Shop *x, Str template, Str province)
{
    Template      *t;
    TemplateFaults faults = { 0 };
    Str            out    = S("");
    if (!template_read(&x->a, template, LANG_VI, report_names(), &t, &faults))
        return template_fault_text(&x->a, LANG_VI, &faults.at[0]);
    ReportOrder o = { .kind = REPORT_PROVINCE, .lang = LANG_VI, .province = province, .site = S("https://do.example"), .now = { 1795000000000 }, .form = t };
    Err e = report_file(&x->a, x->s, &o, REPORT_DOCX, &out);
    return e ? e->detail : words_of(&x->a, out);
}

TEST(report_template_says_the_edition_s_figures_and_hides_what_it_hides)
{
    Shop x;
    shop_open(&x);
    Str s = filled_from(&x, template_of(&x,
        S("{{chỉ số}} {{khoảng tin cậy}} n={{số người trả lời}} {{#nội dung}}[{{số thứ tự}} {{mã}} {{chỉ số}} {{điểm trung bình}} {{hài lòng}}"
                                              "{{#nhân tố}}({{mã}} {{#câu hỏi}}<{{mã}} {{chỉ số}}>{{/}}){{/}}]{{/nội dung}} {{#tỉnh}}{{mã}}={{chỉ "
                                                    "số}};{{/tỉnh}} {{#xếp hạng}}{{mã}}{{/}} "
                                              "{{#tỉnh này}}{{tên}} {{chỉ số}} {{#nội dung}}{{mã}}:{{chỉ số}}{{/}}{{/}}")), S("01"));
    CHECK(str_has(s, S("83,25 82,2–84,2 n=60 [1 B1 83,25 4,10 50,0(B1.1 <B1.1.1 83,25><B1.1.2 không đủ số liệu>)] 01=84,50;24=không đủ số liệu; 0124 ")));
    CHECK(str_has(s, S(" 84,50 B1:84,50")));
    CHECK(str_has(s, S("Nguồn: ấn bản 2")));                       /* the template did not say it */
    s = filled_from(&x, template_of(&x,
        S("{{nguồn}} {{#tỉnh này}}x{{/}}{{^tỉnh này}}cả nước{{/}} {{#là mô phỏng}}mô phỏng{{/}}{{#có gia quyền}}gia quyền{{/}}")), S(""));
    CHECK(str_has(s, S("có gia quyền. cả nước gia quyền\n")) && !str_has(str_skip(s, 90), S("Nguồn")));
    s = filled_from(&x, template_of(&x, S("{{#tỉnh này}}{{#nội dung}}[{{#có gia quyền}}{{mã}}{{/}}]{{/}}{{/}}")), S("01"));
    CHECK(str_has(s, S("[B1]")));                                  /* a condition does not change what a name is of */
    CHECK_STR(filled_from(&x, template_of(&x, S("{{chỉ số}}")), S("99")), S("the edition has no province 99"));
    arena_close(&x.a);
}

TEST(report_template_example_reads_and_fills_in_both_languages)
{
    Shop x;
    Str  example;
    shop_open(&x);
    for (int l = 0; l < LANG_COUNT; l++) {
        CHECK_OK(report_form_example(&x.a, (Lang)l, &example));
        Str s = filled_from(&x, example, S(""));
        CHECK(str_has(s, S("83,25")) && str_has(s, S("84,50")) && !str_has(s, S("{{")));
    }
    arena_close(&x.a);
}

static Str changes_told(Shop *x, double se)
{
    Shop then;
    Str  out = S("");
    shop_open(&then);
    for (size_t i = 0; i < then.f.len; i++) {
        then.f.at[i].x -= 10;
        then.f.at[i].se = se;
    }
    x->s->before   = then.e;
    x->s->was      = then.s->look;
    x->s->compared = true;
    x->s->moved    = look_province_changes(&x->a, &x->s->look, &x->s->was);
    Report      r;
    ReportOrder o = { .kind = REPORT_YEAR, .lang = LANG_VI, .site = S("https://do.example"), .now = { 1795000000000 } };
    Err         e = report_build(&x->a, x->s, &o, &r);
    e = e ? e : report_write(&x->a, &r, REPORT_DOCX, &out);
    arena_close(&then.a);
    return e ? e->detail : words_of(&x->a, out);
}

/* Province 01 rose from 74,5 to 84,5. Where the year before knew no errors, nothing is said to differ, nor not to. */
TEST(report_claims_no_change_and_no_sameness_without_errors)
{
    Shop x;
    shop_open(&x);
    Str told = changes_told(&x, 0.5), unknown = changes_told(&x, NAN);
    CHECK(str_has(told, S("1 nơi tăng rõ rệt (01)")) && str_has(told, S("0 nơi không khác biệt rõ rệt")));
    CHECK(str_has(unknown, S("74,50")));
    CHECK(!str_has(unknown, S("1 nơi không khác biệt")) && !str_has(unknown, S("1 không khác biệt rõ rệt")));
    arena_close(&x.a);
}
