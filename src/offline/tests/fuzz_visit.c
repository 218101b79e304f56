/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attempts that strangers say they noted: read or refused. */
#include "offline/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    FieldVisit   v;
    Str          round;
    if (!a.base)
        a = arena_open(64 << 20);
    if (visit_read(&a, (Str){ (const char *)data, size }, &round, &v) && (v.x.id <= 0 || v.code.len > 40 || v.x.note.len > 4000 || v.x.callback_at.ms < 0))
        __builtin_trap();
    arena_reset(&a, 1 << 20);
    return 0;
}
