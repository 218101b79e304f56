/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Normal forms by ICU, and text as it is searched: folded, tones in one place. */
#include "i18n/i18n.h"

#include <assert.h>
#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* ---- UTF-16, which ICU works on ---------------------------------------------------------------- */

typedef struct Wide { UChar *at; int32_t len; } Wide;

static Wide wide_of(Arena *a, Str s)
{
    UErrorCode e = U_ZERO_ERROR;
    Wide       w = { arena_new(a, UChar, s.len + 1), 0 };
    u_strFromUTF8(w.at, (int32_t)s.len + 1, &w.len, s.at, (int32_t)s.len, &e);
    assert(U_SUCCESS(e));
    return w;
}

static Str wide_text(Arena *a, Wide w)
{
    UErrorCode e    = U_ZERO_ERROR;
    int32_t    room = w.len * 3 + 1, len = 0;
    char      *at   = arena_take(a, (size_t)room, 1, 1);
    u_strToUTF8(at, room, &len, w.at, w.len, &e);
    assert(U_SUCCESS(e));
    return (Str){ at, (size_t)len };
}

static Wide wide_normal(Arena *a, const UNormalizer2 *form, Wide w)
{
    UErrorCode e   = U_ZERO_ERROR;
    Wide       out = { arena_new(a, UChar, (size_t)w.len + 16), 0 };
    out.len        = unorm2_normalize(form, w.at, w.len, out.at, w.len + 16, &e);
    if (e == U_BUFFER_OVERFLOW_ERROR) {
        e       = U_ZERO_ERROR;
        out.at  = arena_new(a, UChar, (size_t)out.len + 1);
        out.len = unorm2_normalize(form, w.at, w.len, out.at, out.len + 1, &e);
    }
    assert(U_SUCCESS(e));
    return out;
}

static const UNormalizer2 *nfc, *nfd, *casefold;

static void forms_open(void)
{
    UErrorCode e = U_ZERO_ERROR;
    nfc          = unorm2_getNFCInstance(&e);
    nfd          = unorm2_getNFDInstance(&e);
    casefold     = unorm2_getNFKCCasefoldInstance(&e);
    assert(U_SUCCESS(e));
}

static void forms_need(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, forms_open);
}

Str text_nfc(Arena *a, Str s)
{
    forms_need();
    return wide_text(a, wide_normal(a, nfc, wide_of(a, s)));
}

/* ---- Folding ------------------------------------------------------------------------------------ */

/* What a code point is searched as: its letters without marks; a blank for spaces and dashes. */
typedef struct Folded { char at[160]; size_t len; } Folded;

static Folded fold_one(int32_t cp)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar      one[2], folded[40], apart[80];     /* U+FDFA, the longest, gives 18 */
    int32_t    len = 0;
    Folded     out = { .len = 0 };
    u_strFromUTF32(one, 2, &len, &cp, 1, &e);
    len = unorm2_normalize(casefold, one, len, folded, 40, &e);
    len = unorm2_normalize(nfd, folded, len, apart, 80, &e);
    assert(U_SUCCESS(e));
    for (int32_t i = 0; i < len;) {
        UChar32 c;
        U16_NEXT(apart, i, len, c);
        int8_t kind = u_charType(c);
        if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK)
            continue;
        c       = c == 0x111 ? 'd' : u_isUWhiteSpace(c) || kind == U_DASH_PUNCTUATION ? ' ' : c;
        out.len += utf8_put(out.at + out.len, c);
    }
    return out;
}

/* The folds of Latin letters, made once, so that Vietnamese text needs no ICU. */
enum { LOW_COUNT = 0x250, HIGH_FROM = 0x1E00, HIGH_COUNT = 0x100 };
typedef struct Fold { char at[4]; uint8_t len; } Fold;
static Fold fold_low[LOW_COUNT], fold_high[HIGH_COUNT];     /* len 5: too long for the cell */

static void fold_keep(int32_t cp, Fold *cell)
{
    Folded f  = fold_one(cp);
    cell->len = f.len <= sizeof cell->at ? (uint8_t)f.len : 5;
    memcpy(cell->at, f.at, f.len <= sizeof cell->at ? f.len : 0);
}

static void folds_make(void)
{
    forms_need();
    for (int32_t cp = 0; cp < LOW_COUNT; cp++)
        fold_keep(cp, &fold_low[cp]);
    for (int32_t cp = 0; cp < HIGH_COUNT; cp++)
        fold_keep(HIGH_FROM + cp, &fold_high[cp]);
}

static void fold_add(Buf *b, int32_t cp)
{
    const Fold *cell = cp < LOW_COUNT                                       ? &fold_low[cp < 0 ? ' ' : cp]
                       : cp >= HIGH_FROM && cp < HIGH_FROM + HIGH_COUNT ? &fold_high[cp - HIGH_FROM]
                                                                        : NULL;
    if (cell && cell->len < 5) {
        buf_add(b, (Str){ cell->at, cell->len });
        return;
    }
    Folded f = fold_one(cp);
    buf_add(b, (Str){ f.at, f.len });
}

Str text_fold(Arena *a, Str s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, folds_make);
    Buf raw = buf_new(a, s.len + 1);
    while (s.len)
        fold_add(&raw, utf8_next(&s));
    /* Runs of blanks become one, none at the ends. */
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] != ' ' || (len && raw.at[len - 1] != ' '))
            raw.at[len++] = raw.at[i];
    while (len && raw.at[len - 1] == ' ')
        len--;
    return (Str){ raw.at, len };
}

Str text_slug(Arena *a, Str s)
{
    Str  folded = text_fold(a, s);
    Buf  b      = buf_new(a, folded.len + 1);
    bool gap    = false;
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            if (gap && b.len)
                buf_byte(&b, '-');
            gap = false;
            buf_byte(&b, c);
        } else {
            gap = true;
        }
    }
    return buf_str(&b);
}

/* ---- Matching ----------------------------------------------------------------------------------- */

static bool tone(UChar c)     /* grave, acute, tilde, hook above, dot below */
{
    return c == 0x300 || c == 0x301 || c == 0x303 || c == 0x309 || c == 0x323;
}

/* Lower case with marks, letters apart from them; the tone of òa, òe and ùy stands on the last vowel, so that
 * the old and the new way of writing it are one. */
static Wide toned(Arena *a, Str s)
{
    forms_need();
    Wide w = wide_normal(a, nfd, wide_normal(a, casefold, wide_of(a, str_trim(s))));
    for (int32_t i = 0; i + 2 < w.len; i++) {
        UChar v = w.at[i], mark = w.at[i + 1], next = w.at[i + 2];
        if (tone(mark) && ((v == 'o' && (next == 'a' || next == 'e')) || (v == 'u' && next == 'y'))) {
            w.at[i + 1] = next;
            w.at[i + 2] = mark;
        }
    }
    return w;
}

/* Where what begins in where, not ending between a letter and its marks ("hoa" is not in "hoà"); -1: nowhere. */
static int32_t find_whole(Wide where, Wide what)
{
    for (int32_t from = 0; from + what.len <= where.len; from++) {
        const UChar *hit = u_strFindFirst(where.at + from, where.len - from, what.at, what.len);
        if (!hit)
            return -1;
        from        = (int32_t)(hit - where.at);
        int32_t end = from + what.len;
        if (end == where.len || u_charType(where.at[end]) != U_NON_SPACING_MARK)
            return from;
    }
    return -1;
}

int text_match(Arena scratch, Str s, Str q)
{
    Str fold_q = text_fold(&scratch, q);
    if (!fold_q.len || !utf8_valid(s) || !utf8_valid(q) || !str_has(text_fold(&scratch, s), fold_q))
        return 0;
    int32_t at = find_whole(toned(&scratch, s), toned(&scratch, q));
    return at < 0 ? 1 : at > 0 ? 2 : 3;
}
