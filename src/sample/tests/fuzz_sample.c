/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A design, a line "---", a frame: drawn or refused with faults, never both; what is drawn twice is the same. */
#include "sample/sample.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool draw(Arena *keep, Arena *work, Str design, Str frame, Str *out_hash)
{
    SampleFaults  faults = { 0 };
    SampleColumns columns;
    SampleDesign  d;
    SampleDraw    drawn;
    SampleFrame   f    = { .name = S("f"), .bytes = frame, .sha256 = S("0") };
    sample_frame_check(keep, *work, &f, NULL, NULL, &columns, &(SampleFaults){ 0 });
    bool          good = sample_design_read(keep, design, &d, &faults) && sample_draw(keep, work, &d, &f, S("seed"), &drawn, &faults);
    assert(good == (faults.all == 0));
    if (!good)
        return false;
    for (size_t i = 0; i < drawn.len; i++)
        assert(drawn.at[i].weight >= 1 && sample_case_code_valid(drawn.at[i].code));
    *out_hash = sample_hashes(keep, &drawn).list;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena keep, work;
    if (!keep.base) {
        keep = arena_open((size_t)1 << 34);
        work = arena_open((size_t)1 << 34);
    }
    arena_reset(&keep, 1 << 20);
    arena_reset(&work, 1 << 20);
    Str    text = { (const char *)data, size }, one, two;
    size_t at;
    if (!str_find(text, S("\n---\n"), &at) || size > 20000)
        return 0;
    Str design = str_take(text, at), frame = str_skip(text, at + 5);
    if (draw(&keep, &work, design, frame, &one)) {
        bool again = draw(&keep, &work, design, frame, &two);
        assert(again && str_eq(one, two));
    }
    return 0;
}
