/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Submissions' XML: what is read keeps its bounds, and the tree and the events tell the same. */
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
    Err      no = instance_read(&a, xml, &in), no_again = instance_read_events(&a, xml, &again);
    assert((no == OK) == (no_again == OK));              /* of several faults each names the one it meets first */
    if (no)
        return 0;
    assert(in.form_id.len > 0 && in.form_id.len <= 250 && in.version.len <= 250);
    assert(in.instance_id.len <= 250 && in.deprecated_id.len <= 250);
    for (size_t i = 0; i < in.leaves.len; i++)
        assert(in.leaves.at[i].path.len > 1 && in.leaves.at[i].path.at[0] == '/' && in.leaves.at[i].text.len > 0);
    assert(str_eq(in.form_id, again.form_id) && str_eq(in.version, again.version) && str_eq(in.instance_id, again.instance_id) &&
           str_eq(in.deprecated_id, again.deprecated_id) && in.encrypted == again.encrypted && in.leaves.len == again.leaves.len);
    for (size_t i = 0; i < in.leaves.len; i++)
        assert(str_eq(in.leaves.at[i].path, again.leaves.at[i].path) && str_eq(in.leaves.at[i].text, again.leaves.at[i].text));
    return 0;
}
