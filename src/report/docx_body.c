/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The body of a Word document: paragraphs, tables, pictures. */
#include "report/docx.h"

#include "pdf/pdf.h"

#include <math.h>

enum { TEXT_WIDE_DXA = 9355, EMU_A_MM = 36000, PICTURE_WIDE_PX = 1320 };       /* dxa: 1/20 point; the text is 165 mm wide */

/* ---- Words ---------------------------------------------------------------------------------------------------------------- */

static size_t href_id(Docx *d, Str href)
{
    for (size_t i = d->hrefs.len; i > 0; i--)
        if (str_eq(d->hrefs.at[i - 1], href))
            return i;
    *list_add(d->a, &d->hrefs) = href;
    return d->hrefs.len;
}

static void run(Docx *d, const ReportRun *x)
{
    Buf *b = &d->body;
    if (x->href.len)
        buf_fmt(b, "<w:hyperlink r:id=\"%.*sh%zu\">", STR_ARG(d->own), href_id(d, x->href));
    buf_lit(b, "<w:r>");
    if (x->bold || x->italic || x->href.len) {
        buf_lit(b, "<w:rPr>");
        buf_add(b, x->href.len ? S("<w:rStyle w:val=\"Hyperlink\"/>") : S(""));
        buf_add(b, x->bold ? S("<w:b/>") : S(""));
        buf_add(b, x->italic ? S("<w:i/>") : S(""));
        buf_lit(b, "</w:rPr>");
    }
    buf_lit(b, "<w:t xml:space=\"preserve\">");
    xml_add_text(b, x->text);
    buf_lit(b, "</w:t></w:r>");
    if (x->href.len)
        buf_lit(b, "</w:hyperlink>");
}

static void paragraph_open(Docx *d, const char *style)
{
    buf_fmt(&d->body, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", style);
}

void docx_paragraph(Docx *d, const char *style, const ReportRuns *runs)
{
    paragraph_open(d, style);
    for (size_t i = 0; i < runs->len; i++)
        run(d, &runs->at[i]);
    buf_lit(&d->body, "</w:p>\n");
}

void docx_line(Docx *d, const char *style, Str text)
{
    ReportRun one = { .text = text };
    docx_paragraph(d, style, &(ReportRuns){ &one, 1, 1 });
}

/* ---- Tables ------------------------------------------------------------------------------------------------------------------ */

static void grid(Docx *d, const double *wide, size_t n)
{
    buf_lit(&d->body, "<w:tblGrid>");
    for (size_t i = 0; i < n; i++)
        buf_fmt(&d->body, "<w:gridCol w:w=\"%.0f\"/>", wide[i]);
    buf_lit(&d->body, "</w:tblGrid>");
}

static void cell_open(Docx *d, double wide, bool shaded)
{
    buf_fmt(&d->body, "<w:tc><w:tcPr><w:tcW w:w=\"%.0f\" w:type=\"dxa\"/>%s</w:tcPr>", wide,
            shaded ? "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F0F1F3\"/><w:vAlign w:val=\"center\"/>" : "");
}

static void table_open_xml(Docx *d, const char *style, const double *wide, size_t n)
{
    buf_fmt(&d->body, "<w:tbl><w:tblPr><w:tblStyle w:val=\"%s\"/><w:tblW w:w=\"%d\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr>", style,
            TEXT_WIDE_DXA);
    grid(d, wide, n);
}

static void head_row(Docx *d, const ReportTable *t, const double *wide, bool small)
{
    buf_lit(&d->body, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (size_t i = 0; i < t->columns.len; i++) {
        const ReportColumn *c = &t->columns.at[i];
        cell_open(d, wide[i], true);
        docx_line(d, small ? "TableHeadSmall" : "TableHead", c->unit.len ? arena_fmt(d->a, "%.*s, %.*s", STR_ARG(c->label), STR_ARG(c->unit)) : c->label);
        buf_lit(&d->body, "</w:tc>");
    }
    buf_lit(&d->body, "</w:tr>\n");
}

static void row(Docx *d, const ReportTable *t, const ReportRow *x, const double *wide, bool small)
{
    buf_lit(&d->body, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
    for (size_t i = 0; i < t->columns.len; i++) {
        bool        words = t->columns.at[i].kind == CELL_TEXT;
        const char *style = words ? (small ? "TableTextSmall" : "TableText") : small ? "TableNumberSmall" : "TableNumber";
        ReportRun   one   = { .text = cell_words(d->a, d->lang, &x->at[i]), .href = x->at[i].href, .bold = x->strong };
        cell_open(d, wide[i], false);
        docx_paragraph(d, style, &(ReportRuns){ &one, 1, 1 });
        buf_lit(&d->body, "</w:tc>");
    }
    buf_lit(&d->body, "</w:tr>\n");
}

void docx_table(Docx *d, const ReportTable *t)
{
    double *wide = arena_new(d->a, double, t->columns.len), sum = 0;
    bool    small = t->columns.len > 7;
    for (size_t i = 0; i < t->columns.len; i++)
        sum += t->columns.at[i].width;
    for (size_t i = 0; i < t->columns.len; i++)
        wide[i] = TEXT_WIDE_DXA * t->columns.at[i].width / sum;
    docx_line(d, "Caption", text_fmt(d->a, d->lang, "report.table.number", ARG_N("n", ++d->tables), ARG_S("text", t->caption)));
    table_open_xml(d, "TableGrid", wide, t->columns.len);
    head_row(d, t, wide, small);
    for (size_t i = 0; i < t->rows.len; i++)
        row(d, t, &t->rows.at[i], wide, small);
    buf_lit(&d->body, "</w:tbl>\n");
    docx_line(d, "Source", t->note);
}

/* Two columns without lines: head and signature. */
static void two_open(Docx *d, double left)
{
    double wide[] = { TEXT_WIDE_DXA * left, TEXT_WIDE_DXA * (1 - left) };
    table_open_xml(d, "TableNormal", wide, 2);
}

static void two_cell(Docx *d, const char *style, Str line, double wide)
{
    cell_open(d, TEXT_WIDE_DXA * wide, false);
    docx_line(d, style, line);
    buf_lit(&d->body, "</w:tc>");
}

static void head(Docx *d, const ReportHead *h)
{
    HeadLines l = head_lines(d->a, d->lang, h);
    two_open(d, 0.42);
    buf_lit(&d->body, "<w:tr>");
    cell_open(d, TEXT_WIDE_DXA * 0.42, false);
    if (l.superior.len)
        docx_line(d, "HeadPlain", l.superior);
    docx_line(d, "HeadRuled", l.agency);
    buf_lit(&d->body, "</w:tc>");
    cell_open(d, TEXT_WIDE_DXA * 0.58, false);
    docx_line(d, "HeadBold", l.nation);
    docx_line(d, "HeadMotto", l.motto);
    buf_lit(&d->body, "</w:tc></w:tr><w:tr>");
    two_cell(d, "HeadPlain", l.number, 0.42);
    two_cell(d, "HeadPlace", l.place, 0.58);
    buf_lit(&d->body, "</w:tr></w:tbl>\n");
}

static void sign(Docx *d, const ReportSign *s)
{
    two_open(d, 0.5);
    buf_lit(&d->body, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
    cell_open(d, TEXT_WIDE_DXA * 0.5, false);
    docx_line(d, "SignTo", text_of(d->lang, "report.sign.to"));
    for (size_t i = 0; i < s->to.len; i++)
        docx_line(d, "SignList", str_concat(d->a, S("- "), s->to.at[i]));
    docx_line(d, "SignList", str_concat(d->a, S("- "), text_of(d->lang, "report.sign.keep")));
    buf_lit(&d->body, "</w:tc>");
    cell_open(d, TEXT_WIDE_DXA * 0.5, false);
    for (StrPair p = str_cut(s->office, '\n'); p.head.len; p = str_cut(p.tail, '\n'))
        docx_line(d, "SignOffice", p.head);
    for (int i = 0; i < 4; i++)
        docx_line(d, "SignOffice", S(""));
    docx_line(d, "SignOffice", s->name);
    buf_lit(&d->body, "</w:tc></w:tr></w:tbl>\n");
}

static void facts(Docx *d, const ReportPart *p)
{
    size_t n = p->facts.len < 3 ? p->facts.len : 3;
    if (!n)
        return;
    double wide[3] = { TEXT_WIDE_DXA / (double)n, TEXT_WIDE_DXA / (double)n, TEXT_WIDE_DXA / (double)n };
    table_open_xml(d, "TableNormal", wide, n);
    for (size_t i = 0; i < p->facts.len; i += n) {
        buf_lit(&d->body, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (size_t k = 0; k < n; k++) {
            const ReportFact *f = i + k < p->facts.len ? &p->facts.at[i + k] : NULL;
            ReportRun value = { .text = f ? f->value : S(""), .href = f ? f->href : S("") };
            cell_open(d, wide[k], false);
            docx_paragraph(d, "FactValue", &(ReportRuns){ &value, 1, 1 });
            docx_line(d, "FactName", f ? f->name : S(""));
            docx_line(d, "FactNote", f ? f->note : S(""));
            buf_lit(&d->body, "</w:tc>");
        }
        buf_lit(&d->body, "</w:tr>");
    }
    buf_lit(&d->body, "</w:tbl>\n");
    docx_line(d, "Source", S(""));
}

/* ---- Pictures ------------------------------------------------------------------------------------------------------------------ */

typedef struct Raster { Arena *a; Str svg; double wide, high; } Raster;

static Err raster(Pdf *p, void *x)
{
    Raster *r = x;
    double  high;
    pdf_fill(p, PDF_WHITE, 0, 0, r->wide, r->high);
    return pdf_drawing(p, r->a, r->svg, 0, 0, r->wide, &high);
}

static void relation(Docx *d, const char *id, size_t n, Str file)
{
    buf_fmt(&d->rels, "<Relationship Id=\"%.*s%s%zu\" Type=\"" REL_NS "/image\" Target=\"media/%.*s\"/>", STR_ARG(d->own), id, n, STR_ARG(file));
}

Err docx_picture(Docx *d, Str svg, double wide_mm, Str said)
{
    double own_wide, own_high;
    TRY(pdf_drawing_size(d->a, svg, &own_wide, &own_high));
    Raster r = { d->a, svg, PICTURE_WIDE_PX, ceil(own_high * PICTURE_WIDE_PX / own_wide) };
    Str    png;
    TRY(png_make(d->a, (int)r.wide, (int)r.high, raster, &r, &png));
    size_t n = ++d->pictures;
    Str    names[] = { arena_fmt(d->a, "%.*schart%zu.png", STR_ARG(d->own), n), arena_fmt(d->a, "%.*schart%zu.svg", STR_ARG(d->own), n) };
    *list_add(d->a, &d->media) = (ZipPart){ str_concat(d->a, S("word/media/"), names[0]), png, true };
    *list_add(d->a, &d->media) = (ZipPart){ str_concat(d->a, S("word/media/"), names[1]), svg, false };
    relation(d, "png", n, names[0]);
    relation(d, "svg", n, names[1]);
    double cx = wide_mm * EMU_A_MM, cy = cx * own_high / own_wide;
    paragraph_open(d, "Picture");
    buf_fmt(&d->body, "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"%.0f\" cy=\"%.0f\"/><wp:docPr id=\"%zu\""
            " name=\"Chart %zu\" descr=\"", cx, cy, n, n);
    xml_add_text(&d->body, said);
    buf_fmt(&d->body, "\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr>"
            "<pic:cNvPr id=\"%zu\" name=\"chart%zu\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"%.*spng%zu\"><a:extLst>"
            "<a:ext uri=\"{96DAC541-7B7A-43D3-8B79-37D633B846F1}\"><asvg:svgBlip xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\""
            " r:embed=\"%.*ssvg%zu\"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>"
            "<a:ext cx=\"%.0f\" cy=\"%.0f\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
            "</wp:inline></w:drawing></w:r></w:p>\n", n, n, STR_ARG(d->own), n, STR_ARG(d->own), n, cx, cy);
    return OK;
}

Err docx_chart(Docx *d, const ReportChart *c)
{
    const ChartHead *h   = chart_head(c);
    Str              svg = chart_svg(d->a, d->lang, c);
    double           wide, high;
    TRY(pdf_drawing_size(d->a, svg, &wide, &high));
    docx_line(d, "Caption", text_fmt(d->a, d->lang, "report.chart.number", ARG_N("n", ++d->charts), ARG_S("text", h->title)));
    docx_line(d, "Finding", h->finding);
    TRY(docx_picture(d, svg, fmin(fmin(165, wide * 0.23), 205 * wide / high), h->finding));
    docx_line(d, "Source", h->unit_note);
    return OK;
}

/* ---- The report ------------------------------------------------------------------------------------------------------------------ */

static void title(Docx *d, const ReportPart *p)
{
    for (size_t i = 0; i < p->runs.len; i++)
        docx_line(d, i ? "Subtitle" : "Title", p->runs.at[i].text);
}

Err docx_parts(Docx *d, const Report *r)
{
    for (size_t i = 0; i < r->parts.len; i++) {
        const ReportPart *p = &r->parts.at[i];
        switch (p->kind) {
        case PART_HEAD: head(d, p->head); break;
        case PART_TITLE: title(d, p); break;
        case PART_HEADING: docx_paragraph(d, p->level == 1 ? "Heading1" : "Heading2", &p->runs); break;
        case PART_TEXT: docx_paragraph(d, "BodyText", &p->runs); break;
        case PART_ITEM: docx_paragraph(d, "ListItem", &p->runs); break;
        case PART_NOTE: docx_paragraph(d, "Source", &p->runs); break;
        case PART_FACTS: facts(d, p); break;
        case PART_TABLE: docx_table(d, p->table); break;
        case PART_CHART: TRY(docx_chart(d, p->chart)); break;
        case PART_SIGN: sign(d, p->sign); break;
        case PART_PAGE: buf_lit(&d->body, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>\n"); break;
        }
    }
    return OK;
}
