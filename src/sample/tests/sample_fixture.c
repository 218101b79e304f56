/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sample/tests/sample_fixture.h"

Str design_json(Arena *a, const char *stages)
{
    return arena_fmt(a, "{\"thuocdo\":\"sample-design\",\"version\":1,\"title\":\"t\",\"stages\":[%s],\"keep\":[]}", stages);
}

SampleFrame frame_of(Arena *a, Str bytes)
{
    return (SampleFrame){ .name = S("frame.csv"), .bytes = bytes, .sha256 = sha256_hex(a, bytes) };
}

static bool try_draw(Arena *a, const char *stages, Str frame, Str seed, SampleDraw *out, SampleFaults *faults)
{
    SampleDesign *d    = arena_new(a, SampleDesign, 1);
    SampleFrame  *f    = arena_new(a, SampleFrame, 1);
    Arena         work = arena_open((size_t)1 << 30);
    *f        = frame_of(a, frame);
    bool good = sample_design_read(a, design_json(a, stages), d, faults) && sample_draw(a, &work, d, f, seed, out, faults);
    arena_close(&work);
    return good;
}

bool draw_text(Arena *a, const char *stages, Str frame, Str seed, SampleDraw *out)
{
    SampleFaults faults = { 0 };
    bool         good   = try_draw(a, stages, frame, seed, out, &faults);
    if (!good)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(faults.len ? sample_fault_text(a, LANG_EN, &faults.at[0]) : S("no fault")));
    return good;
}

Str draw_faults(Arena *a, const char *stages, Str frame)
{
    SampleFaults faults = { 0 };
    SampleDraw   draw;
    Buf          b = buf_new(a, 256);
    if (try_draw(a, stages, frame, S("seed"), &draw, &faults))
        return S("drawn");
    for (size_t i = 0; i < faults.len; i++)
        buf_fmt(&b, "%s%.*s@%d:%d:%.*s", i ? " " : "", STR_ARG(sample_fault_code(faults.at[i].kind)), faults.at[i].stage, faults.at[i].line,
                STR_ARG(faults.at[i].column));
    return buf_str(&b);
}
