/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Elements of DDI-Codebook 2.5. */
#include "analysis/ddi.h"

#include "base/xml.h"

void ddi_open(Buf *b)
{
    buf_lit(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<codeBook xmlns=\"ddi:codebook:2_5\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
               "xsi:schemaLocation=\"ddi:codebook:2_5 http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd\" "
               "version=\"2.5\" xml:lang=\"vi\">\n");
}

void ddi_close(Buf *b)
{
    buf_lit(b, "</codeBook>\n");
}

void ddi_text(Buf *b, const char *element, const char *lang, Str text)
{
    if (!text.len)
        return;
    if (lang)
        buf_fmt(b, "<%s xml:lang=\"%s\">", element, lang);
    else
        buf_fmt(b, "<%s>", element);
    xml_add_text(b, text);
    buf_fmt(b, "</%s>\n", element);
}

void ddi_both(Buf *b, const char *element, const Str label[LANG_COUNT])
{
    ddi_text(b, element, "vi", label[LANG_VI]);
    if (!str_eq(label[LANG_EN], label[LANG_VI]))
        ddi_text(b, element, "en", label[LANG_EN]);
}

static void category(Buf *b, const DdiCategory *g)
{
    buf_fmt(b, "<catgry%s><catValu>", g->missing ? " missing=\"Y\"" : "");
    xml_add_text(b, g->value);
    buf_lit(b, "</catValu>\n");
    ddi_both(b, "labl", g->label);
    if (g->count >= 0)
        buf_fmt(b, "<catStat type=\"freq\">%lld</catStat>", (long long)g->count);
    buf_lit(b, "</catgry>\n");
}

void ddi_variable(Buf *b, const DdiVariable *v)
{
    buf_fmt(b, "<var ID=\"%.*s\" name=\"", STR_ARG(v->id));
    xml_add_text(b, v->name);
    buf_fmt(b, "\" files=\"%.*s\" intrvl=\"%s\"", STR_ARG(v->file), v->measured ? "contin" : "discrete");
    if (v->measured && v->decimals)
        buf_fmt(b, " dcml=\"%d\"", v->decimals);
    buf_lit(b, ">\n");
    ddi_both(b, "labl", v->label);
    if (v->asked) {
        buf_lit(b, "<qstn>");
        ddi_both(b, "qstnLit", v->label);
        buf_lit(b, "</qstn>\n");
    }
    if (v->valid >= 0)
        buf_fmt(b, "<sumStat type=\"vald\">%lld</sumStat><sumStat type=\"invd\">%lld</sumStat>\n", (long long)v->valid, (long long)v->invalid);
    for (size_t k = 0; k < v->categories.len; k++)
        category(b, &v->categories.at[k]);
    buf_fmt(b, "<varFormat type=\"%s\"%s/></var>\n", v->numeric ? "numeric" : "character", v->day ? " category=\"date\" formatname=\"YYYY-MM-DD\"" : "");
}
