/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The body of a document as it comes: read or refused with faults; what is read is filled to XML that can be read again. */
#include "template/template.h"

#include "base/xml.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TYPES "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">" \
              "<Override PartName=\"/word/document.xml\" ContentType=\"application/" \
              "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"

static const TemplateName inner[] = { { 1, TEMPLATE_FIELD, { S_INIT("tên"), S_INIT("name") }, { NULL, 0 } } };
static const TemplateName names[] = {
    { 2, TEMPLATE_FIELD, { S_INIT("chỉ số"), S_INIT("index") }, { NULL, 0 } },
    { 3, TEMPLATE_LIST, { S_INIT("tỉnh"), S_INIT("provinces") }, { inner, 1 } },
    { 4, TEMPLATE_BLOCK, { S_INIT("bảng"), S_INIT("table") }, { NULL, 0 } },
};

static Err text(void *with, const TemplateName *n, const TemplateScope *in, Str *out, Str *href)
{
    (void)with;
    *out  = in ? S("a\n<&\"") : S("84,35");
    *href = n->id == 2 ? S("https://a.vn/?x=1&y=\"\\") : S("");
    return OK;
}

static Err count(void *with, const TemplateName *n, const TemplateScope *in, size_t *out)
{
    (void)with, (void)n;
    *out = in ? 1 : 2;
    return OK;
}

static Err block(void *with, const TemplateName *n, const TemplateScope *in, Str *out)
{
    (void)with, (void)n, (void)in;
    *out = S("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>");
    return OK;
}

static Err extras(void *with, TemplateExtras *out)
{
    (void)with;
    *out = (TemplateExtras){ .relations = S("<Relationship Id=\"a\" Type=\"b\" Target=\"c\"/>"), .closing = S("<w:p/>") };
    return OK;
}

static void read_again(Arena *a, Str filled)
{
    AUTO_ZIP z = { 0 };
    size_t   at;
    Str      body;
    Xml     *tree;
    Err e = zip_reader_open(a, filled, ZIP_LIMITS, &z);
    assert(!e && zip_reader_find(&z, S("word/document.xml"), &at));
    e = zip_reader_load(&z, a, at, &body);
    assert(!e);
    e = xml_parse(a, body, (XmlLimits){ .depth = TEMPLATE_DEPTH + 10, .nodes = 50000000, .attributes = 300, .unlined = true }, &tree);
    assert(!e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 34);
    arena_reset(&a, 1 << 20);
    ZipPart parts[] = { { S("[Content_Types].xml"), S(TYPES), false }, { S("word/document.xml"), { (const char *)data, size }, false } };
    Str     bytes, filled;
    Err     e = zip_write(&a, parts, 2, &bytes);
    assert(!e);
    Template      *t;
    TemplateFaults faults = { 0 };
    bool good = template_read(&a, bytes, LANG_VI, (TemplateNames){ names, COUNT_OF(names) }, &t, &faults);
    assert(good == (faults.all == 0));
    for (size_t i = 0; i < faults.len; i++)
        assert(template_fault_text(&a, (Lang)(i % 2), &faults.at[i]).len);
    if (!good)
        return 0;
    e = template_fill(&a, t, &(TemplateSource){ NULL, text, count, block, extras }, &filled);
    if (!e)
        read_again(&a, filled);
    return 0;
}
