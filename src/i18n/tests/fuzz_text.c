/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cleaning and folding settle at once, search and order agree with themselves. */
#include "i18n/i18n.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    Str s = { (const char *)data, size }, clean, again;
    Str folded = text_fold(&a, s), slug = text_slug(&a, s);
    assert(utf8_valid(folded) && str_eq(text_fold(&a, folded), folded));
    for (size_t i = 0; i < slug.len; i++)
        assert((slug.at[i] >= 'a' && slug.at[i] <= 'z') || (slug.at[i] >= '0' && slug.at[i] <= '9') || slug.at[i] == '-');
    if (!text_clean(&a, s, &clean))
        return 0;
    assert(utf8_valid(s) && utf8_valid(clean) && text_clean(&a, clean, &again) && str_eq(clean, again));
    assert(str_eq(text_fold(&a, clean), folded) || memchr(s.at, '\r', s.len));
    if (folded.len)
        assert(text_match(a, clean, clean) == 3);
    StrPair p = str_cut(clean, '\n');
    for (int l = 0; l < LANG_COUNT; l++) {
        int c = text_cmp((Lang)l, p.head, p.tail), k = str_cmp(text_sort_key(&a, (Lang)l, p.head), text_sort_key(&a, (Lang)l, p.tail));
        assert((c < 0) == (k < 0) && (c > 0) == (k > 0) && text_cmp((Lang)l, p.tail, p.head) == -c);
    }
    return 0;
}
