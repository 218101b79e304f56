/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Simple workbooks: inline texts and numbers, a bold first row kept in sight, formulas of our own, no temporary files. */
#include "base/xlsx.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "base/xml.h"
#include "base/zip.h"

#include <math.h>

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define SHEET_NS "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define REL_NS   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACK_NS  "http://schemas.openxmlformats.org/package/2006/"
#define TYPE     "application/vnd.openxmlformats-officedocument.spreadsheetml."

static void add_cell(Buf *b, const XlsxCell *cell, bool heading)
{
    int look = heading ? XLSX_HEAD : cell->look;
    buf_lit(b, "<c");
    if (look && (cell->is_num ? isfinite(cell->num) : cell->text.len > 0))
        buf_fmt(b, " s=\"%d\"", look);
    if (cell->is_num && isfinite(cell->num)) {
        buf_byte(b, '>');
        if (cell->formula.len) {
            buf_lit(b, "<f>");
            xml_add_text(b, cell->formula);
            buf_lit(b, "</f>");
        }
        buf_lit(b, "<v>");
        buf_f64(b, cell->num);
        buf_lit(b, "</v></c>");
    } else if (cell->is_num || !cell->text.len) {
        buf_lit(b, "/>");
    } else {
        buf_lit(b, " t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        xml_add_text(b, cell->text);
        buf_lit(b, "</t></is></c>");
    }
}

static Str sheet_xml(Arena *a, const XlsxOut *sheet)
{
    Buf b = buf_new(a, 4096);
    buf_lit(&b, XML_HEAD "<worksheet xmlns=\"" SHEET_NS "\"><sheetViews><sheetView workbookViewId=\"0\">"
                "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"
                "<sheetFormatPr defaultRowHeight=\"15\"/>");
    for (size_t i = 0; i < sheet->width_count; i++)
        buf_fmt(&b, "%s<col min=\"%zu\" max=\"%zu\" width=\"%.1f\" customWidth=\"1\"/>%s", i ? "" : "<cols>", i + 1, i + 1, sheet->widths[i],
                i + 1 == sheet->width_count ? "</cols>" : "");
    buf_lit(&b, "<sheetData>");
    for (size_t r = 0; r < sheet->len; r++) {
        buf_fmt(&b, "<row r=\"%zu\">", r + 1);
        for (size_t c = 0; c < sheet->rows[r].len; c++)
            add_cell(&b, &sheet->rows[r].at[c], r == 0);
        buf_lit(&b, "</row>");
    }
    buf_lit(&b, "</sheetData></worksheet>");
    return buf_str(&b);
}

static Str styles_xml(void)
{
    return S(XML_HEAD "<styleSheet xmlns=\"" SHEET_NS "\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0.0\"/></numFmts>"
             "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
             "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/>"
             "</fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/>"
             "<bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\""
             " borderId=\"0\"/></cellStyleXfs><cellXfs count=\"7\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
             "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
             "<xf numFmtId=\"3\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
             "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
             "<xf numFmtId=\"2\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
             "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>"
             "<xf numFmtId=\"3\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyNumberFormat=\"1\"/></cellXfs>"
             "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>");
}

static bool name_good(const XlsxOut *sheets, size_t at)
{
    Str name = sheets[at].name;
    if (!name.len || !utf8_valid(name) || utf8_count(name) > 31)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (strchr("[]:*?/\\", name.at[i]) || (unsigned char)name.at[i] < 0x20)
            return false;
    for (size_t i = 0; i < at; i++)
        if (str_eq_ascii_nocase(sheets[i].name, name))
            return false;
    return true;
}

/* The parts that list the sheets. */
static void lists_xml(Arena *a, const XlsxOut *sheets, size_t n, Str *types, Str *book, Str *rels)
{
    Buf t = buf_new(a, 1024), w = buf_new(a, 1024), r = buf_new(a, 1024);
    buf_lit(&t, XML_HEAD "<Types xmlns=\"" PACK_NS "content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd."
                "openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE "sheet.main+xml\"/>"
                "<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPE "styles+xml\"/>");
    buf_lit(&w, XML_HEAD "<workbook xmlns=\"" SHEET_NS "\" xmlns:r=\"" REL_NS "\"><sheets>");
    buf_lit(&r, XML_HEAD "<Relationships xmlns=\"" PACK_NS "relationships\"><Relationship Id=\"rId0\" Type=\"" REL_NS
                "/styles\" Target=\"styles.xml\"/>");
    for (size_t i = 1; i <= n; i++) {
        buf_fmt(&t, "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"" TYPE "worksheet+xml\"/>", i);
        buf_lit(&w, "<sheet name=\"");
        xml_add_text(&w, sheets[i - 1].name);
        buf_fmt(&w, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i, i);
        buf_fmt(&r, "<Relationship Id=\"rId%zu\" Type=\"" REL_NS "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>", i, i);
    }
    buf_lit(&t, "</Types>");
    buf_lit(&w, "</sheets></workbook>");
    buf_lit(&r, "</Relationships>");
    *types = buf_str(&t);
    *book  = buf_str(&w);
    *rels  = buf_str(&r);
}

Err xlsx_write(Arena *a, const XlsxOut *sheets, size_t n, Str *out)
{
    if (!n)
        return err_new(a, ERR_INVALID, S("a workbook needs a sheet"));
    ZipPart *parts = arena_new(a, ZipPart, n + 5);
    Str      types, book, rels;
    lists_xml(a, sheets, n, &types, &book, &rels);
    parts[0] = (ZipPart){ S("[Content_Types].xml"), types, false };
    parts[1] = (ZipPart){ S("_rels/.rels"),
                          S(XML_HEAD "<Relationships xmlns=\"" PACK_NS "relationships\"><Relationship Id=\"rId1\" Type=\"" REL_NS
                                     "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
                          false };
    parts[2] = (ZipPart){ S("xl/workbook.xml"), book, false };
    parts[3] = (ZipPart){ S("xl/_rels/workbook.xml.rels"), rels, false };
    parts[4] = (ZipPart){ S("xl/styles.xml"), styles_xml(), false };
    for (size_t i = 0; i < n; i++) {
        if (!name_good(sheets, i))
            return err_fmt(a, ERR_INVALID, "\"%.*s\" is no name for a sheet", STR_ARG(sheets[i].name));
        parts[5 + i] = (ZipPart){ arena_fmt(a, "xl/worksheets/sheet%zu.xml", i + 1), sheet_xml(a, &sheets[i]), false };
    }
    return zip_write(a, parts, n + 5, out);
}
