/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Submissions' XML: what is read keeps its bounds, and reading the same again gives the same. */
#include "openrosa/instance.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    Str      xml = { (const char *)data, size };
    Instance in, again;
    if (instance_read(&a, xml, &in))
        return 0;
    assert(in.form_id.len > 0 && in.form_id.len <= 250 && in.version.len <= 250);
    assert(in.instance_id.len <= 250 && in.deprecated_id.len <= 250);
    for (size_t i = 0; i < in.leaves.len; i++)
        assert(in.leaves.at[i].path.len > 1 && in.leaves.at[i].path.at[0] == '/' && in.leaves.at[i].text.len > 0);
    Err e = instance_read(&a, xml, &again);
    assert(!e && str_eq(in.form_id, again.form_id) && str_eq(in.instance_id, again.instance_id) && in.leaves.len == again.leaves.len);
    return 0;
}
