/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports as Word documents: real styles and headings, native tables, charts as vector pictures, page numbers by field. */
#include "report/docx.h"

#define WORD_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."

static Str content_types(void)
{
    return S(XML_HEAD "<Types xmlns=\"" PACK_NS "content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd."
             "openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
             "<Default Extension=\"png\" ContentType=\"image/png\"/><Default Extension=\"svg\" ContentType=\"image/svg+xml\"/>"
             "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD_TYPE "document.main+xml\"/>"
             "<Override PartName=\"/word/styles.xml\" ContentType=\"" WORD_TYPE "styles+xml\"/>"
             "<Override PartName=\"/word/settings.xml\" ContentType=\"" WORD_TYPE "settings+xml\"/>"
             "<Override PartName=\"/word/header1.xml\" ContentType=\"" WORD_TYPE "header+xml\"/>"
             "<Override PartName=\"/word/footer1.xml\" ContentType=\"" WORD_TYPE "footer+xml\"/>"
             "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>");
}

static Str package_rels(void)
{
    return S(XML_HEAD "<Relationships xmlns=\"" PACK_NS "relationships\"><Relationship Id=\"r1\" Type=\"" REL_NS
             "/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/package/2006/"
             "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>");
}

static Str core_xml(Arena *a, const Report *r)
{
    Buf b = buf_new(a, 1024);
    buf_lit(&b, XML_HEAD "<cp:coreProperties xmlns:cp=\"" PACK_NS "metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                " xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    xml_add_text(&b, r->title);
    buf_lit(&b, "</dc:title><dc:subject>");
    xml_add_text(&b, r->subject);
    buf_lit(&b, "</dc:subject><dc:creator>");
    xml_add_text(&b, r->agency.len ? r->agency : S("thuocdo"));
    buf_fmt(&b, "</dc:creator><dc:language>%s</dc:language><dcterms:created xsi:type=\"dcterms:W3CDTF\">%.*s</dcterms:created></cp:coreProperties>",
            r->lang == LANG_EN ? "en" : "vi", STR_ARG(time_iso(a, r->made_at)));
    return buf_str(&b);
}

static Str footer_xml(Arena *a, const Report *r)
{
    Buf b = buf_new(a, 512);
    buf_lit(&b, XML_HEAD "<w:ftr xmlns:w=\"" WORD_NS "\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr><w:r><w:t xml:space=\"preserve\">");
    xml_add_text(&b, r->source);
    buf_lit(&b, "</w:t></w:r></w:p></w:ftr>");
    return buf_str(&b);
}

/* A4 with the margins of the decree; the first page has no number. */
static Str document_xml(Docx *d)
{
    Buf b = buf_new(d->a, d->body.len + 2048);
    buf_lit(&b, XML_HEAD "<w:document xmlns:w=\"" WORD_NS "\" xmlns:r=\"" REL_NS "\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/"
                "wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
                " xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>\n");
    buf_add(&b, buf_str(&d->body));
    buf_lit(&b, "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"head\"/><w:footerReference w:type=\"default\" r:id=\"foot\"/>"
                "<w:footerReference w:type=\"first\" r:id=\"foot\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
                "<w:pgMar w:top=\"1134\" w:right=\"850\" w:bottom=\"1134\" w:left=\"1701\" w:header=\"567\" w:footer=\"510\" w:gutter=\"0\"/>"
                "<w:titlePg/></w:sectPr></w:body></w:document>");
    return buf_str(&b);
}

Str docx_relations(Docx *d)
{
    Buf b = buf_new(d->a, 1024);
    buf_add(&b, buf_str(&d->rels));
    for (size_t i = 0; i < d->hrefs.len; i++) {
        buf_fmt(&b, "<Relationship Id=\"%.*sh%zu\" Type=\"" REL_NS "/hyperlink\" TargetMode=\"External\" Target=\"", STR_ARG(d->own), i + 1);
        xml_add_text(&b, d->hrefs.at[i]);
        buf_lit(&b, "\"/>");
    }
    return buf_str(&b);
}

static Str document_rels(Docx *d)
{
    Buf b = buf_new(d->a, 4096);
    buf_lit(&b, XML_HEAD "<Relationships xmlns=\"" PACK_NS "relationships\"><Relationship Id=\"styles\" Type=\"" REL_NS "/styles\" Target=\"styles.xml\"/>"
                "<Relationship Id=\"settings\" Type=\"" REL_NS "/settings\" Target=\"settings.xml\"/>"
                "<Relationship Id=\"head\" Type=\"" REL_NS "/header\" Target=\"header1.xml\"/>"
                "<Relationship Id=\"foot\" Type=\"" REL_NS "/footer\" Target=\"footer1.xml\"/>");
    buf_add(&b, docx_relations(d));
    buf_lit(&b, "</Relationships>");
    return buf_str(&b);
}

static void part(Docx *d, ZipParts *parts, Str name, Str bytes)
{
    *list_add(d->a, parts) = (ZipPart){ name, bytes, false };
}

Err report_docx(Arena *a, const Report *r, Str *out)
{
    Docx     d     = { .a = a, .lang = r->lang, .body = buf_new(a, 1 << 16), .rels = buf_new(a, 1024) };
    ZipParts parts = { 0 };
    TRY(docx_parts(&d, r));
    part(&d, &parts, S("[Content_Types].xml"), content_types());
    part(&d, &parts, S("_rels/.rels"), package_rels());
    part(&d, &parts, S("docProps/core.xml"), core_xml(a, r));
    part(&d, &parts, S("word/document.xml"), document_xml(&d));
    part(&d, &parts, S("word/_rels/document.xml.rels"), document_rels(&d));
    part(&d, &parts, S("word/styles.xml"), docx_styles());
    part(&d, &parts, S("word/settings.xml"), S(XML_HEAD "<w:settings xmlns:w=\"" WORD_NS "\"><w:zoom w:percent=\"100\"/><w:compat><w:compatSetting"
                                               " w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\""
                                               " w:val=\"15\"/></w:compat></w:settings>"));
    part(&d, &parts, S("word/header1.xml"), docx_header());
    part(&d, &parts, S("word/footer1.xml"), footer_xml(a, r));
    for (size_t i = 0; i < d.media.len; i++)
        *list_add(a, &parts) = d.media.at[i];
    return zip_write(a, parts.at, parts.len, out);
}
