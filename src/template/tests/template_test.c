/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Documents as Word and LibreOffice cut them up: read, refused with all their faults, filled. */
#include "base/test.h"
#include "template/template.h"

#include "base/xml.h"

#define DOC_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define TYPES(more) "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">" \
                    "<Override PartName=\"/word/document.xml\" ContentType=\"" DOC_TYPE \
                    "document.main+xml\"/>" more "</Types>"
#define DOCUMENT(body) "<?xml version=\"1.0\"?>" \
                       "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:x=\"u:x\" x:Ignorable=\"x\">" \
                       "<w:body>" body "<w:sectPr/></w:body></w:document>"
#define P(runs) "<w:p>" runs "</w:p>"
#define R(text) "<w:r><w:t>" text "</w:t></w:r>"

enum { N_INDEX = 1, N_PROVINCES, N_NAME, N_TABLE, N_EMPTY };
static const TemplateName of_province[] = { { N_NAME, TEMPLATE_FIELD, { S_INIT("Tên"), S_INIT("Name") }, { NULL, 0 } } };
static const TemplateName names[] = {
    { N_INDEX, TEMPLATE_FIELD, { S_INIT("Chỉ số"), S_INIT("Index") }, { NULL, 0 } },
    { N_PROVINCES, TEMPLATE_LIST, { S_INIT("Tỉnh"), S_INIT("Provinces") }, { of_province, 1 } },
    { N_EMPTY, TEMPLATE_LIST, { S_INIT("Trống"), S_INIT("Nothing") }, { of_province, 1 } },
    { N_TABLE, TEMPLATE_BLOCK, { S_INIT("Bảng nội dung"), S_INIT("Table of contents") }, { NULL, 0 } },
};

static Err text(void *with, const TemplateName *n, const TemplateScope *in, Str *out, Str *href)
{
    static const Str provinces[] = { S_INIT("Hà Nội <&>"), S_INIT("Huế\nThừa Thiên") };
    *out  = n->id == N_INDEX ? S("84,35") : provinces[in->index];
    *href = n->id == N_INDEX && with ? S("https://do.example/why?a=1&b=\"") : S("");
    return OK;
}

static Err count(void *with, const TemplateName *n, const TemplateScope *in, size_t *out)
{
    (void)with, (void)in;
    *out = n->id == N_EMPTY ? 0 : 2;
    return OK;
}

static Err block(void *with, const TemplateName *n, const TemplateScope *in, Str *out)
{
    (void)with, (void)n, (void)in;
    *out = S("<w:tbl><w:tr><w:tc>TABLE<w:p/></w:tc></w:tr></w:tbl>");
    return OK;
}

static Err extras(void *with, TemplateExtras *out)
{
    (void)with;
    *out = (TemplateExtras){ .closing = S("<w:p>CLOSING</w:p>"), .relations = S("<Relationship Id=\"td1-h1\"/>"),
                             .styles = S("<w:style w:styleId=\"Own\"><w:b/></w:style><w:style w:default=\"1\" w:styleId=\"New\"><w:i/></w:style>") };
    return OK;
}

typedef struct Trial { Template *t; TemplateFaults faults; bool good; } Trial;

static Trial read_parts(Arena *a, const ZipPart *parts, size_t n)
{
    Trial x = { 0 };
    Str   bytes;
    Err   e = zip_write(a, parts, n, &bytes);
    x.good  = !e && template_read(a, bytes, LANG_VI, (TemplateNames){ names, COUNT_OF(names) }, &x.t, &x.faults);
    return x;
}

static Trial read_body(Arena *a, Str document)
{
    ZipPart parts[] = { { S("[Content_Types].xml"), S(TYPES("")), false }, { S("word/document.xml"), document, false } };
    return read_parts(a, parts, 2);
}

static Str part_of(Arena *a, Str filled, Str path)
{
    AUTO_ZIP z = { 0 };
    size_t   at;
    Str      out = S("");
    Err e = zip_reader_open(a, filled, ZIP_LIMITS, &z);
    if (!e && zip_reader_find(&z, path, &at))
        e = zip_reader_load(&z, a, at, &out);
    return e ? S("") : out;
}

static Str filled(Arena *a, const Trial *x, void *links)
{
    Str bytes = S("");
    Err e = x->good ? template_fill(a, x->t, &(TemplateSource){ links, text, count, block, extras }, &bytes) : OK;
    return e ? S("") : bytes;
}

/* What stands between <w:body> and the closing note. */
static Str body_of(Arena *a, Str document)
{
    Trial  x = read_body(a, document);
    Str    s = part_of(a, filled(a, &x, NULL), S("word/document.xml"));
    size_t from, to;
    if (!str_find(s, S("<w:body>"), &from) || !str_find(s, S("<w:p>CLOSING</w:p><w:sectPr/>"), &to))
        return S("not filled");
    return str_skip(str_take(s, to), from + 8);
}

TEST(template_value_takes_the_letters_of_its_first_brace_over_runs_that_word_cut)
{
    CHECK_STR(body_of(a, S(DOCUMENT(P("<w:r><w:rPr><w:b/></w:rPr><w:t>Là {</w:t></w:r><w:proofErr/><w:r><w:t>{chỉ_</w:t></w:r><w:r><w:rPr><w:i/></w:rPr>"
          "<w:t>SO}}%.</w:t></w:r>")))),
              S("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">Là </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">84,35</w:t>"
                    "</w:r>"
                "<w:proofErr/><w:r><w:t></w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>%.</w:t></w:r></w:p>"));
    CHECK_STR(body_of(a, S(DOCUMENT(P("<w:r><w:tab/><w:t>{{Index}}, {{chi so}}</w:t><w:br/></w:r>")))),
              S("<w:p><w:r><w:tab/></w:r><w:r><w:t xml:space=\"preserve\">84,35</w:t></w:r><w:r><w:t xml:space=\"preserve\">, </w:t></w:r>"
                "<w:r><w:t xml:space=\"preserve\">84,35</w:t></w:r><w:r><w:br/></w:r></w:p>"));
}

TEST(template_lists_repeat_words_paragraphs_or_rows)
{
    CHECK_STR(body_of(a, S(DOCUMENT(P(R("{{#tỉnh}}{{tên}};{{/tỉnh}}"))))),
              S("<w:p><w:r><w:t xml:space=\"preserve\">Hà Nội &lt;&amp;&gt;</w:t></w:r><w:r><w:t xml:space=\"preserve\">;</w:t></w:r>"
                "<w:r><w:t xml:space=\"preserve\">Huế</w:t><w:br/><w:t xml:space=\"preserve\">Thừa Thiên</w:t></w:r><w:r><w:t xml:space=\"preserve\">;</w:t>"
                      "</w:r></w:p>"));
    CHECK_STR(body_of(a, S(DOCUMENT(P(R("{{#tỉnh}}")) P(R("x")) P(R("{{/}}")) P(R("y"))))),
        S("<w:p><w:r><w:t>x</w:t></w:r></w:p><w:p><w:r><w:t>x</w:t></w:r></w:p>"
                                                                                               "<w:p><w:r><w:t>y</w:t></w:r></w:p>"));
    CHECK_STR(body_of(a, S(DOCUMENT("<w:tbl><w:tr><w:tc>" P(R("{{#tỉnh}}a")) "</w:tc><w:tc>" P(R("b{{/tỉnh}}")) "</w:tc></w:tr></w:tbl>"))),
              S("<w:tbl><w:tr><w:tc><w:p><w:r><w:t xml:space=\"preserve\">a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t xml:space=\"preserve\">b</w:t>"
                    "</w:r></w:p></w:tc></w:tr>"
                "<w:tr><w:tc><w:p><w:r><w:t xml:space=\"preserve\">a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t xml:space=\"preserve\">b</w:t></w:r></w:p>"
                      "</w:tc></w:tr></w:tbl>"));
}

TEST(template_empty_lists_leave_no_table_without_rows_and_no_cell_without_paragraph)
{
    CHECK_STR(body_of(a, S(DOCUMENT("<w:tbl><w:tr><w:tc>" P(R("{{#trống}}")) "</w:tc><w:tc>" P(R("{{/trống}}")) "</w:tc></w:tr></w:tbl>" P(R("z"))))),
        S("<w:p><w:r><w:t>z</w:t></w:r></w:p>"));
    CHECK_STR(body_of(a, S(DOCUMENT("<w:tbl><w:tr><w:tc>" P(R("{{#trống}}")) P(R("x")) P(R("{{/trống}}")) "</w:tc></w:tr></w:tbl>"))),
              S("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"));
    CHECK_STR(body_of(a, S(DOCUMENT(P(R("{{^trống}}không có{{/trống}}{{^tỉnh}}không{{/tỉnh}}"))))),
        S("<w:p><w:r><w:t xml:space=\"preserve\">không có</w:t></w:r></w:p>"));
}

TEST(template_blocks_take_the_place_of_their_paragraph_and_bring_what_they_need)
{
    ZipPart parts[] = { { S("[Content_Types].xml"), S(TYPES("<Override PartName=\"/word/header1.xml\" ContentType=\"" DOC_TYPE "header+xml\"/>")), false },
                        { S("word/document.xml"), S(DOCUMENT(P(R("{{bảng: nội dung}}")))), false },
                        { S("word/header1.xml"), S("<w:hdr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">" P(R("{{chỉ "
                              "số}}")) "</w:hdr>"), false },
                        { S("word/styles.xml"), S("<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:style "
                              "w:styleId=\"Own\"/></w:styles>"), false },
                        { S("word/settings.xml"), S("<w:settings><w:attachedTemplate r:id=\"r1\"/><w:zoom/></w:settings>"), false },
                        { S("word/_rels/settings.xml.rels"),
                            S("<Relationships><Relationship TargetMode=\"External\" Target=\"file:///c:/x.dotm\"/></Relationships>"), false } };
    Trial x    = read_parts(a, parts, COUNT_OF(parts));
    Str   out  = filled(a, &x, NULL), rels = part_of(a, out, S("word/_rels/document.xml.rels"));
    CHECK(str_has(part_of(a, out, S("word/document.xml")), S("<w:body><w:tbl><w:tr><w:tc>TABLE")));
    CHECK(str_has(part_of(a, out, S("word/document.xml")), S(" xmlns:pic=\"http")));
    CHECK(str_has(part_of(a, out, S("word/header1.xml")), S("84,35")));
    CHECK(str_has(rels, S("<Relationship Id=\"td1-h1\"/></Relationships>")));
    CHECK(str_has(part_of(a, out, S("word/styles.xml")), S("<w:style w:styleId=\"Own\"/><w:style w:styleId=\"New\"><w:i/></w:style></w:styles>")));
    CHECK_STR(part_of(a, out, S("word/settings.xml")), S("<w:settings><w:zoom/></w:settings>"));
    CHECK_STR(part_of(a, out, S("word/_rels/settings.xml.rels")), S(""));
    CHECK_INT(template_uses(x.t)->len, 2);
    CHECK_STR(template_mark(x.t), S("td1-"));
}

TEST(template_figures_are_links_but_not_inside_links)
{
    Trial x = read_body(a, S(DOCUMENT(P(R("{{chỉ số}}") "<w:hyperlink>" R("{{chỉ số}}") "</w:hyperlink>"))));
    Str   s = part_of(a, filled(a, &x, &x), S("word/document.xml"));
    Xml  *tree;
    CHECK(str_has(s, S("<w:fldSimple w:instr=\" HYPERLINK &quot;https://do.example/why?a=1&amp;b=%22&quot; \"><w:r>")));
    CHECK(str_has(s, S("<w:hyperlink><w:r>")));
    CHECK_OK(xml_parse(a, s, XML_LIMITS, &tree));
}

/* The codes of all faults, in order. */
static Str faults_of(Arena *a, const Trial *x)
{
    StrList list = { 0 };
    for (size_t i = 0; i < x->faults.len; i++) {
        *list_add(a, &list) = template_fault_code(x->faults.at[i].kind);
        for (int l = 0; l < LANG_COUNT; l++)
            if (!template_fault_text(a, (Lang)l, &x->faults.at[i]).len)
                return S("a fault without words");
    }
    return str_join(a, list.at, list.len, S(" "));
}

static Str refusal(Arena *a, Str document)
{
    Trial x = read_body(a, document);
    return faults_of(a, &x);
}

TEST(template_tells_all_faults_of_names_at_once)
{
    Trial x = read_body(a, S(DOCUMENT(P(R("Đạt {{chi sô hài lòng}} và {{chỉ sốo}}")) P(R("{{tên}} {{#chỉ số}}{{/chỉ số}} {{tỉnh}} a {{bảng nội dung}} {{ "
          "x")) P(R("{{/tỉnh}}")) P(R("{{#tỉnh}}")))));
    CHECK_STR(faults_of(a, &x), S("braces unknown unknown outside no_list list_bare block_alone not_open not_closed"));
    CHECK_STR(x.faults.at[2].more, S("Chỉ số"));
    CHECK_STR(x.faults.at[3].more, S("Tỉnh"));
    CHECK_STR(template_fault_text(a, LANG_VI, &x.faults.at[2]),
        S("Không có trường “chỉ sốo”. Có phải là “Chỉ số”? Chỗ này: “Đạt {{chi sô hài lòng}} và {{chỉ sốo}}”."));
}

TEST(template_refuses_loops_that_do_not_nest)
{
    CHECK_STR(refusal(a, S(DOCUMENT(P(R("{{#tỉnh}}{{#trống}}{{/tỉnh}}{{/trống}}"))))), S("crossed crossed"));
    CHECK_STR(refusal(a, S(DOCUMENT(P(R("{{#tỉnh}} words")) P(R("{{/tỉnh}}"))))), S("loop_place"));
    CHECK_STR(refusal(a, S(DOCUMENT(P(R("{{#tỉnh}}")) "<w:tbl><w:tr><w:tc>" P(R("{{/tỉnh}}")) "</w:tc></w:tr></w:tbl>"))), S("loop_place"));
    CHECK_STR(refusal(a, S(DOCUMENT(P(R("{{#tỉnh}}{{#tỉnh}}{{#tỉnh}}{{#tỉnh}}{{#tỉnh}}{{#tỉnh}}{{#tỉnh}}{{#tỉnh}}{{#tỉnh}}"
                                        "{{/}}{{/}}{{/}}{{/}}{{/}}{{/}}{{/}}{{/}}{{/}}"))))), S("deep"));
}

TEST(template_refuses_what_fetches_or_runs)
{
    static const struct { Str path, bytes, want; } parts[] = {
        { S_INIT("word/vbaProject.bin"), S_INIT("x"), S_INIT("macros") },
        { S_INIT("word/embeddings/oleObject1.bin"), S_INIT("x"), S_INIT("embedded") },
        { S_INIT("_xmlsignatures/sig1.xml"), S_INIT("<x/>"), S_INIT("signed") },
        { S_INIT("word/_rels/document.xml.rels"), S_INIT("<R><x Type=\"t/image\" TargetMode=\"External\" Target=\"http://a/b.png\"/></R>"),
            S_INIT("external") },
        { S_INIT("word/_rels/document.xml.rels"), S_INIT("<R><x Type=\"t/hyperlink\" TargetMode=\"External\" Target=\"file:///etc/passwd\"/></R>"),
            S_INIT("external") },
        { S_INIT("word/_rels/document.xml.rels"), S_INIT("<R><x Type=\"t/hyperlink\" TargetMode=\"External\" Target=\"https://a.vn\"/></R>"), S_INIT("") },
        { S_INIT("word/_rels/document.xml.rels"), S_INIT("<R><x Type=\"t/aFChunk\" Target=\"a.html\"/></R>"), S_INIT("embedded") },
        { S_INIT("word/_rels/document.xml.rels"), S_INIT("<R>"), S_INIT("xml") },
        { S_INIT("word/_rels/document.xml.RELS"), S_INIT("<R><x Type=\"t/image\" TargetMode=\"External\" Target=\"http://a/b.png\"/></R>"),
            S_INIT("external") },
        { S_INIT("word/_rels/document.xml.rels"), S_INIT("<R><x Type=\"t/image\" TargetMode=\" External\" Target=\"http://a/b.png\"/></R>"),
            S_INIT("external") },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        ZipPart all[] = { { S("[Content_Types].xml"), S(TYPES("")), false }, { S("word/document.xml"), S(DOCUMENT(P(R("x")))), false }, { parts[i].path,
            parts[i].bytes, false } };
        Trial   x     = read_parts(a, all, 3);
        CHECK_STR(faults_of(a, &x), parts[i].want);
    }
    CHECK_STR(refusal(a, S(DOCUMENT(P("<w:r><w:fldChar/></w:r><w:r><w:instrText> INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT \"x\"</w:instrText></w:r>"
          "")))), S("command"));
    CHECK_STR(refusal(a, S(DOCUMENT(P("<w:fldSimple w:instr=\" ddeauto x\"/>")))), S("command"));
    CHECK_STR(refusal(a, S(DOCUMENT(P("<w:fldSimple w:instr=\" PAGE \"/>")))), S(""));
}

/* As Word reads them, not as they are written. */
TEST(template_refuses_commands_in_whatever_prefix_entities_and_blanks)
{
    static const Str fields[] = { S_INIT("<w:r><w:instrText>&#68;DEAUTO x</w:instrText></w:r>"),
                                  S_INIT("<w:r><w:instrText><![CDATA[DDEAUTO x]]></w:instrText></w:r>"),
                                  S_INIT("<w:r><w:instrText>DDE\tx</w:instrText></w:r>"), S_INIT("<w:fldSimple w:instr =\"DDE x\"/>"),
                                  S_INIT("<w:r><q:instrText xmlns:q=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">DDE x"
                                         "</q:instrText></w:r>") };
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        CHECK_STR(refusal(a, str_join(a, (Str[]){ S("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p>"),
                                                  fields[i], S("</w:p></w:document>") }, 3, S(""))), S("command"));
}

static Str repeated(Arena *a, const char *what, size_t times)
{
    Buf b = buf_new(a, times * strlen(what));
    for (size_t i = 0; i < times; i++)
        buf_add(&b, str_from_c(what));
    return buf_str(&b);
}

static Str in_document(Arena *a, Str runs)
{
    return str_join(a, (Str[]){ S("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p>"), runs,
                                S("</w:p></w:body></w:document>") }, 3, S(""));
}

TEST(template_tells_a_bad_part_once_however_often_it_is_listed)
{
    Str     types   = str_join(a, (Str[]){ S("<Types>"), repeated(a, "<Override PartName=\"/word/document.xml\" ContentType=\"" DOC_TYPE
                                           "document.main+xml\"/>", 50), S("</Types>") }, 3, S(""));
    ZipPart parts[] = { { S("[Content_Types].xml"), types, false }, { S("word/document.xml"), S("<w:document>"), false } };
    Trial   x       = read_parts(a, parts, 2);
    CHECK_STR(faults_of(a, &x), S("xml"));
}

TEST(template_faults_show_some_letters_of_long_names)
{
    Trial x = read_body(a, in_document(a, str_join(a, (Str[]){ S("<w:r><w:t>{{"), repeated(a, "ệ", 5000), S("}}</w:t></w:r>") }, 3, S(""))));
    CHECK_INT(x.faults.len, 1);
    CHECK_INT(x.faults.at[0].name.len, 300);
}

/* Each would take minutes if braces, runs or faults were looked through again for every name. */
TEST(template_reads_long_paragraphs_of_braces)
{
    Arena big = arena_open((size_t)2 << 30);
    Trial x   = read_body(&big, in_document(&big, str_join(&big, (Str[]){ S("<w:r><w:t>"), repeated(&big, "{{", 200000), S("</w:t></w:r>") }, 3, S(""))));
    CHECK_INT(x.faults.all, 200000);
    CHECK_INT(x.faults.len, TEMPLATE_FAULTS);
    x = read_body(&big, in_document(&big, str_join(&big, (Str[]){ S("<w:r>"), repeated(&big, "<w:t>{{x}}</w:t>", 60000), S("</w:r>") }, 3, S(""))));
    CHECK_INT(x.faults.all, 1000);
    arena_close(&big);
}

TEST(template_refuses_files_that_are_no_documents_of_word)
{
    static const struct { Str bytes, want; } files[] = { { S_INIT("\xD0\xCF\x11\xE0 old"), S_INIT("old") }, { S_INIT("words"), S_INIT("no_zip") },
        { S_INIT(""), S_INIT("no_zip") } };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        Trial x = { 0 };
        CHECK(!template_read(a, files[i].bytes, LANG_VI, (TemplateNames){ names, COUNT_OF(names) }, &x.t, &x.faults));
        CHECK_STR(faults_of(a, &x), files[i].want);
    }
    ZipPart sheet[] = { { S("xl/workbook.xml"), S("<x/>"), false } };
    Trial   x = read_parts(a, sheet, 1);
    CHECK_STR(faults_of(a, &x), S("no_word"));
    CHECK_STR(refusal(a, S("<w:document xmlns:w=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"/>")), S("strict"));
    CHECK_STR(refusal(a, S("<!DOCTYPE x [<!ENTITY e \"e\">]><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
          "&e;</w:document>")), S("xml"));
}

/* 2^… turns of lists in lists would be a bomb: the filled part has a bound. */
TEST(template_filled_has_a_bound)
{
    Arena big = arena_open((size_t)2 << 30);
    Buf   b   = buf_new(&big, 1 << 20);
    buf_lit(&b, "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>");
    for (int i = 0; i < 8; i++)
        buf_lit(&b, P(R("{{#tỉnh}}")));
    buf_lit(&b, "<w:p><w:r><w:t>");
    for (int i = 0; i < 300000; i++)
        buf_lit(&b, "x");
    buf_lit(&b, "</w:t></w:r></w:p>");
    for (int i = 0; i < 8; i++)
        buf_lit(&b, P(R("{{/tỉnh}}")));
    buf_lit(&b, "</w:body></w:document>");
    Trial x = read_body(&big, buf_str(&b));
    Str   out;
    CHECK(x.good);
    CHECK_ERR(template_fill(&big, x.t, &(TemplateSource){ NULL, text, count, block, extras }, &out), ERR_TOO_LARGE);
    arena_close(&big);
}

static Err many(void *with, const TemplateName *n, const TemplateScope *in, size_t *out)
{
    (void)with, (void)n, (void)in;
    *out = 34;
    return OK;
}

/* Turns that write nothing count too: 34 provinces eight deep are 10¹² of them. */
TEST(template_lists_in_lists_that_write_nothing_have_a_bound)
{
    Str   open = repeated(a, R("{{#tỉnh}}"), 7), close = repeated(a, R("{{/tỉnh}}"), 7), out;
    Trial x    = read_body(a, in_document(a, str_join(a, (Str[]){ open, S(R("{{^tỉnh}}x{{/tỉnh}}")), close }, 3, S(""))));
    CHECK(x.good);
    CHECK_ERR(template_fill(a, x.t, &(TemplateSource){ NULL, text, many, block, extras }, &out), ERR_TOO_LARGE);
    Str p = S(P(R("{{#tỉnh}}"))), q = S(P(R("{{/tỉnh}}")));
    x     = read_body(a, str_join(a, (Str[]){ S("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"), p, p, p,
                                              S(P(R("{{bảng nội dung}}"))), q, q, q, S("</w:body></w:document>") }, 9, S("")));
    CHECK(x.good);
    CHECK_ERR(template_fill(a, x.t, &(TemplateSource){ NULL, text, many, block, extras }, &out), ERR_TOO_LARGE);
}
