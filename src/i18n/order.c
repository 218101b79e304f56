/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The order of the alphabet, by ICU's collators: a ă â … d đ e ê, tones ngang huyền hỏi ngã sắc nặng. */
#include "i18n/i18n.h"

#include <assert.h>
#include <pthread.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

/* Opened once and only read afterwards, which ICU allows from many threads. */
static UCollator *collators[LANG_COUNT];

static void collators_open(void)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        UErrorCode e = U_ZERO_ERROR;
        collators[l] = ucol_open(lang_code((Lang)l).at, &e);
        ucol_setAttribute(collators[l], UCOL_NUMERIC_COLLATION, UCOL_ON, &e);     /* Quận 2 before Quận 10 */
        ucol_setAttribute(collators[l], UCOL_NORMALIZATION_MODE, UCOL_ON, &e);
        assert(U_SUCCESS(e));
    }
}

static const UCollator *collator(Lang l)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, collators_open);
    return collators[l];
}

int text_cmp(Lang l, Str x, Str y)
{
    UErrorCode       e = U_ZERO_ERROR;
    UCollationResult r = ucol_strcollUTF8(collator(l), x.at, (int32_t)x.len, y.at, (int32_t)y.len, &e);
    assert(U_SUCCESS(e));
    return r == UCOL_LESS ? -1 : r == UCOL_GREATER;
}

Str text_sort_key(Arena *a, Lang l, Str s)
{
    UErrorCode e    = U_ZERO_ERROR;
    UChar     *wide = arena_new(a, UChar, s.len + 1);
    int32_t    len  = 0;
    u_strFromUTF8WithSub(wide, (int32_t)s.len + 1, &len, s.at, (int32_t)s.len, 0xFFFD, NULL, &e);
    assert(U_SUCCESS(e));
    int32_t  need = ucol_getSortKey(collator(l), wide, len, NULL, 0);
    uint8_t *key  = arena_new(a, uint8_t, (size_t)need);
    ucol_getSortKey(collator(l), wide, len, key, need);
    return (Str){ (const char *)key, (size_t)need - 1 };     /* without ICU's closing zero */
}
