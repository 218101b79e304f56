/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A questionnaire as .csv or XForm: a program or issues, never both; what the writer makes of a program is well-formed and
 * reads again. */
#include "form/form_parts.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool any_file(void *self, Arena *a, Str name, Str *out)
{
    *out = str_ends(name, S(".xml")) ? S("<root><item><name>1</name><label>A</label></item></root>") : S("name,label\n1,A\n");
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena keep, work;
    if (!keep.base) {
        keep = arena_open((size_t)1 << 32);
        work = arena_open((size_t)1 << 32);
    }
    arena_reset(&keep, 1 << 20);
    Str          bytes  = { (const char *)data, size };
    FormFinder   files  = { any_file, NULL };
    FormIssues   issues = { 0 }, again = { 0 };
    FormProgram *p = NULL, *q = NULL;
    if (size > 100000 || form_read(&keep, work, bytes, &files, &issues, &p))
        return 0;
    assert((p != NULL) != form_issues_bad(&issues));
    if (!p || p->nodes.len > 300)
        return 0;
    Str    xform = form_xform_write(&keep, p);
    XmlLimits limits = XML_LIMITS;
    Xml   *x;
    limits.nodes = 1000000;
    assert(form_is_xml(bytes) || !xml_parse(&keep, xform, limits, &x));
    if (!form_is_xml(bytes) && form_read(&keep, work, xform, &files, &again, &q))
        return 0;
    return 0;
}
