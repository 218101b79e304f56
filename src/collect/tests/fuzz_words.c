/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes and receipts as typed: what is understood is written in the alphabet and understood again as the same. */
#include "collect/keys.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 26);
    arena_reset(&a, 1 << 16);
    Str typed = { (const char *)data, size }, word, again, receipt;
    round_code_valid(typed);
    if (!word_clean(&a, typed, &word))
        return 0;
    for (size_t i = 0; i < word.len; i++)
        assert(strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", word.at[i]));
    Str  grouped = word_grouped(&a, word);
    bool same    = word_clean(&a, grouped, &again);
    assert(grouped.len > 200 ? !same : same && str_eq(word, again));      /* 200 bytes are the longest that is read */
    if (receipt_clean(&a, typed, &receipt)) {
        same = receipt_clean(&a, receipt, &again);
        assert(receipt.len == 19 && same && str_eq(receipt, again));
    }
    return 0;
}
