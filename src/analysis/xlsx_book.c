/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The parts of a streamed workbook. Lists of sheets are written last, when all are known. */
#include "analysis/xlsx_book.h"

#include "base/xml.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN_NS  "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define REL_NS   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACK_NS  "http://schemas.openxmlformats.org/package/2006/"
#define TYPE     "application/vnd.openxmlformats-officedocument.spreadsheetml."

enum { PIECE = 1 << 16, CELL_MOST = 32767 };

static void hand_on(XlsxBookOut *b)
{
    zip_stream_add(&b->zip, buf_str(&b->buf));
    b->buf.len = 0;
}

static void part(XlsxBookOut *b, Str name, Str xml)
{
    zip_stream_part(&b->zip, name);
    zip_stream_add(&b->zip, xml);
}

void book_open(XlsxBookOut *b, Arena *a, Sink *sink)
{
    *b = (XlsxBookOut){ .a = a, .buf = buf_new(a, 2 * PIECE) };
    zip_stream_open(&b->zip, a, sink_put, sink);
    part(b, S("_rels/.rels"), S(XML_HEAD "<Relationships xmlns=\"" PACK_NS "relationships\"><Relationship Id=\"rId1\" Type=\"" REL_NS
        "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
    part(b, S("xl/styles.xml"), S(XML_HEAD "<styleSheet xmlns=\"" MAIN_NS "\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
        "</numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
        "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>"
        "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"4\">"
        "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
        "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
        "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" applyNumberFormat=\"1\"/></cellXfs>"
        "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"));
}

static void sheet_end(XlsxBookOut *b)
{
    if (!b->in_sheet)
        return;
    buf_lit(&b->buf, "</sheetData></worksheet>");
    hand_on(b);
    b->in_sheet = false;
}

void book_sheet(XlsxBookOut *b, Str name)
{
    sheet_end(b);
    *list_add(b->a, &b->sheets) = name;
    zip_stream_part(&b->zip, arena_fmt(b->a, "xl/worksheets/sheet%zu.xml", b->sheets.len));
    buf_lit(&b->buf, XML_HEAD "<worksheet xmlns=\"" MAIN_NS "\"><sheetViews><sheetView workbookViewId=\"0\">"
        "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"
        "<sheetFormatPr defaultRowHeight=\"15\"/><sheetData>");
    b->in_sheet = true;
}

void book_row(XlsxBookOut *b)
{
    buf_lit(&b->buf, "<row>");
}

void book_row_end(XlsxBookOut *b)
{
    buf_lit(&b->buf, "</row>");
    if (b->buf.len >= PIECE)
        hand_on(b);
}

static bool begins_like_formula(Str s)
{
    static const Str wide[] = { S_INIT("＝"), S_INIT("＋"), S_INIT("－"), S_INIT("＠") };
    bool hit = s.len && memchr("=+-@\t\r\n", s.at[0], 7) != NULL;
    for (size_t i = 0; i < COUNT_OF(wide); i++)
        hit = hit || str_starts(s, wide[i]);
    return hit;
}

void book_text(XlsxBookOut *b, Str text, BookStyle style)
{
    if (!text.len) {
        book_empty(b);
        return;
    }
    if (style == BOOK_PLAIN && begins_like_formula(text))
        style = BOOK_QUOTED;
    buf_lit(&b->buf, "<c");
    if (style != BOOK_PLAIN)
        buf_fmt(&b->buf, " s=\"%d\"", (int)style);
    buf_lit(&b->buf, " t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    xml_add_text(&b->buf, cut_utf8(text, CELL_MOST));
    buf_lit(&b->buf, "</t></is></c>");
}

void book_number(XlsxBookOut *b, double x, BookStyle style)
{
    buf_lit(&b->buf, "<c");
    if (style != BOOK_PLAIN)
        buf_fmt(&b->buf, " s=\"%d\"", (int)style);
    buf_lit(&b->buf, "><v>");
    if (x >= 0 && x < 10 && x == (int)x)
        buf_byte(&b->buf, (char)('0' + (int)x));
    else
        buf_f64(&b->buf, x);
    buf_lit(&b->buf, "</v></c>");
}

void book_empty(XlsxBookOut *b)
{
    buf_lit(&b->buf, "<c/>");
}

Err book_end(XlsxBookOut *b, Arena *a)
{
    sheet_end(b);
    Buf w = buf_new(b->a, 1024), r = buf_new(b->a, 1024), t = buf_new(b->a, 1024);
    buf_lit(&t, XML_HEAD "<Types xmlns=\"" PACK_NS "content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd."
        "openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE "sheet.main+xml\"/>"
        "<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPE "styles+xml\"/>");
    buf_lit(&w, XML_HEAD "<workbook xmlns=\"" MAIN_NS "\" xmlns:r=\"" REL_NS "\"><sheets>");
    buf_lit(&r, XML_HEAD "<Relationships xmlns=\"" PACK_NS "relationships\"><Relationship Id=\"rId0\" Type=\"" REL_NS "/styles\" Target=\"styles.xml\"/>");
    for (size_t i = 1; i <= b->sheets.len; i++) {
        buf_fmt(&t, "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"" TYPE "worksheet+xml\"/>", i);
        buf_lit(&w, "<sheet name=\"");
        xml_add_text(&w, b->sheets.at[i - 1]);
        buf_fmt(&w, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i, i);
        buf_fmt(&r, "<Relationship Id=\"rId%zu\" Type=\"" REL_NS "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>", i, i);
    }
    buf_lit(&t, "</Types>");
    buf_lit(&w, "</sheets></workbook>");
    buf_lit(&r, "</Relationships>");
    part(b, S("xl/workbook.xml"), buf_str(&w));
    part(b, S("xl/_rels/workbook.xml.rels"), buf_str(&r));
    part(b, S("[Content_Types].xml"), buf_str(&t));
    return zip_stream_end(&b->zip, a);
}
