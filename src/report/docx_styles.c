/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Styles of Word documents, by Decree 30/2020/NĐ-CP: letters, sizes in half points, gaps in twentieths of a point. */
#include "report/docx.h"

#define STYLE(id, name, based, paragraph, letters)                                                                                          \
    "<w:style w:type=\"paragraph\" w:styleId=\"" id "\"><w:name w:val=\"" name "\"/><w:basedOn w:val=\"" based "\"/><w:qFormat/><w:pPr>" paragraph      \
    "</w:pPr><w:rPr>" letters "</w:rPr></w:style>"
#define SIZE(half)        "<w:sz w:val=\"" half "\"/><w:szCs w:val=\"" half "\"/>"
#define GAP(before, after) "<w:spacing w:before=\"" before "\" w:after=\"" after "\"/>"
#define TIGHT             "<w:spacing w:before=\"20\" w:after=\"20\"/>"
#define BORDER(side)      "<w:" side " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"8E99A4\"/>"

Str docx_styles(void)
{
    return S(XML_HEAD "<w:styles xmlns:w=\"" WORD_NS "\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\""
        " w:cs=\"Times New Roman\" w:eastAsia=\"Times New Roman\"/>" SIZE("28") "<w:lang w:val=\"vi-VN\"/></w:rPr></w:rPrDefault>"
        "<w:pPrDefault><w:pPr><w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>"
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>"
        "<w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr><w:u w:val=\"single\" w:color=\"8E99A4\"/></w:rPr></w:style>"
        "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblCellMar>"
        "<w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>"
        "<w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>"
        BORDER("top") BORDER("left") BORDER("bottom") BORDER("right") BORDER("insideH") BORDER("insideV") "</w:tblBorders></w:tblPr></w:style>"
        STYLE("Title", "Title", "Normal", GAP("240", "0") "<w:jc w:val=\"center\"/>", "<w:b/>" SIZE("32"))
        STYLE("Subtitle", "Subtitle", "Normal", GAP("0", "240") "<w:jc w:val=\"center\"/>", "<w:b/>")
        STYLE("Heading1", "heading 1", "Normal", "<w:keepNext/>" GAP("240", "120") "<w:outlineLvl w:val=\"0\"/>", "<w:b/>")
        STYLE("Heading2", "heading 2", "Normal", "<w:keepNext/>" GAP("180", "120") "<w:outlineLvl w:val=\"1\"/>", "<w:b/><w:i/>")
        STYLE("BodyText", "Body Text", "Normal", GAP("0", "120") "<w:ind w:firstLine=\"720\"/><w:jc w:val=\"both\"/>", "")
        STYLE("ListItem", "List Paragraph", "Normal", GAP("0", "60") "<w:ind w:left=\"284\"/>", SIZE("24"))
        STYLE("Caption", "caption", "Normal", "<w:keepNext/>" GAP("120", "60"), "<w:b/>" SIZE("24"))
        STYLE("Finding", "Finding", "Normal", "<w:keepNext/>" GAP("0", "60"), "<w:i/>" SIZE("24"))
        STYLE("Source", "Source", "Normal", GAP("40", "160"), "<w:i/>" SIZE("20"))
        STYLE("Picture", "Picture", "Normal", "<w:keepNext/><w:jc w:val=\"center\"/>", "")
        STYLE("TableText", "Table Text", "Normal", TIGHT, SIZE("22"))
        STYLE("TableNumber", "Table Number", "TableText", "<w:jc w:val=\"right\"/>", "")
        STYLE("TableHead", "Table Head", "TableText", "<w:keepNext/><w:jc w:val=\"center\"/>", "<w:b/>")
        STYLE("TableTextSmall", "Table Text Small", "Normal", TIGHT, SIZE("18"))
        STYLE("TableNumberSmall", "Table Number Small", "TableTextSmall", "<w:jc w:val=\"right\"/>", "")
        STYLE("TableHeadSmall", "Table Head Small", "TableTextSmall", "<w:keepNext/><w:jc w:val=\"center\"/>", "<w:b/>")
        STYLE("HeadPlain", "Head Plain", "Normal", "<w:jc w:val=\"center\"/>", SIZE("26"))
        STYLE("HeadBold", "Head Bold", "HeadPlain", "", "<w:b/>" SIZE("25"))
        STYLE("HeadRuled", "Head Agency", "HeadPlain", "", "<w:b/><w:u w:val=\"single\"/>")
        STYLE("HeadMotto", "Head Motto", "HeadPlain", "", "<w:b/><w:u w:val=\"single\"/>" SIZE("28"))
        STYLE("HeadPlace", "Head Place", "HeadPlain", GAP("120", "0"), "<w:i/>" SIZE("28"))
        STYLE("SignTo", "Sign To", "Normal", GAP("240", "0"), "<w:b/><w:i/>" SIZE("24"))
        STYLE("SignList", "Sign List", "Normal", "", SIZE("22"))
        STYLE("SignOffice", "Sign Office", "Normal", "<w:jc w:val=\"center\"/>", "<w:b/>")
        STYLE("FactValue", "Fact Value", "Normal", "<w:keepNext/>", "<w:b/><w:color w:val=\"123B66\"/>" SIZE("44"))
        STYLE("FactName", "Fact Name", "Normal", "<w:keepNext/>", "<w:b/>" SIZE("22"))
        STYLE("FactNote", "Fact Note", "Normal", "", SIZE("20"))
        STYLE("Header", "header", "Normal", "<w:jc w:val=\"center\"/>", SIZE("26"))
        STYLE("Footer", "footer", "Normal", "<w:jc w:val=\"center\"/>", "<w:color w:val=\"4A5764\"/>" SIZE("18")) "</w:styles>");
}

Str docx_header(void)
{
    return S(XML_HEAD "<w:hdr xmlns:w=\"" WORD_NS "\"><w:p><w:pPr><w:pStyle w:val=\"Header\"/></w:pPr><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>"
             "<w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>2</w:t></w:r>"
             "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:hdr>");
}
