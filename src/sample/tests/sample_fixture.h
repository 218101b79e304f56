/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frames and designs from literal text. */
#ifndef SAMPLE_FIXTURE_H
#define SAMPLE_FIXTURE_H

#include "base/test.h"
#include "sample/sample.h"

/* {"thuocdo":"sample-design","version":1,"stages":[ … ],"keep":[]} around the stages. */
Str  design_json(Arena *a, const char *stages);
SampleFrame frame_of(Arena *a, Str bytes);
/* Draws; the test fails when it cannot be drawn. */
bool draw_text(Arena *a, const char *stages, Str frame, Str seed, SampleDraw *out);
/* The faults of a draw that must fail, as "code@stage:line:column" joined by blanks. */
Str  draw_faults(Arena *a, const char *stages, Str frame);

#endif
