/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes of an open question as a person types them: refused with line and reason, or written back and read as the same codes. */
#include "analysis/coding.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    FrameCodes codes, again;
    int        line = 0;
    Str        why  = S("");
    if (!frame_codes_read(&a, (Str){ (const char *)data, size }, &codes, &line, &why)) {
        assert(text_find(LANG_VI, why).len && text_find(LANG_EN, why).len);
        return 0;
    }
    bool good = frame_codes_read(&a, frame_codes_text(&a, &codes), &again, &line, &why);
    assert(good && again.len == codes.len && codes.len <= FRAME_CODES_MOST);
    for (size_t i = 0; i < codes.len; i++) {
        const FrameCode *x = &codes.at[i], *y = &again.at[i];
        assert(str_eq(x->code, y->code) && str_eq(x->parent, y->parent) && str_eq(x->label[LANG_VI], y->label[LANG_VI]) &&
               str_eq(x->label[LANG_EN], y->label[LANG_EN]));
        assert(frame_code_find(&codes, x->code) == (int)i);
    }
    return 0;
}
