/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Trees keep their limits and their links. */
#include "base/base.h"
#include "base/utf8.h"
#include "base/xml.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const Xml *x, size_t depth)
{
    size_t n = 1;
    assert(depth <= 8 && x->attr_count <= 5 && utf8_valid(x->name) && utf8_valid(x->text));
    XML_EACH(child, x) {
        assert(child->parent == x && (child->next || x->last == child));
        n += walk(child, depth + (child->name.len > 0));
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    Xml *x = NULL;
    if (xml_parse(&a, (Str){ (const char *)data, size }, (XmlLimits){ .depth = 8, .nodes = 200, .attributes = 5 }, &x))
        return 0;
    assert(x && x->name.len && !x->next && walk(x, 1) <= 200);
    assert(xml_text(&a, x).len <= 3 * size);
    return 0;
}
