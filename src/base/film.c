/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Films and sound recordings in MP4, MOV, M4A and 3GP without places, names and times: ISO/IEC 14496-12, QuickTime File Format. Boxes that
 * tell of them keep their length and become free space, so that what points into the file still fits. Nothing is decoded:
 * a log of places that a camera writes as a track of its own (gpmd, mebx) lies among the pictures and stays. */
#include "base/file_kind.h"

#include "base/err.h"

#include <string.h>

enum { DEPTH_MOST = 8, BOXES_MOST = 100000, HEAD = 8, BLANK = 4096 };

/* left: boxes that may still be met. */
typedef struct Film { Arena *a; Str s; StrList *out; int left; } Film;

static uint64_t big(Str s, size_t at, size_t n)
{
    uint64_t x = 0;
    for (size_t i = 0; i < n; i++)
        x = x << 8 | (unsigned char)s.at[at + i];
    return x;
}

static void keep(Film *f, size_t from, size_t to)
{
    Str *last = f->out->len ? &f->out->at[f->out->len - 1] : NULL;
    if (from == to)
        return;
    if (last && last->at + last->len == f->s.at + from)
        last->len += to - from;
    else
        *list_add(f->a, f->out) = (Str){ f->s.at + from, to - from };
}

static void blank(Film *f, size_t n)
{
    static const char zeros[BLANK];
    for (; n; n -= n < BLANK ? n : BLANK)
        *list_add(f->a, f->out) = (Str){ zeros, n < BLANK ? n : BLANK };
}

/* The box's length stays as it is written. */
static void free_box(Film *f, size_t at, size_t head, size_t end)
{
    keep(f, at, at + 4);
    *list_add(f->a, f->out) = S("free");
    keep(f, at + HEAD, at + head);
    blank(f, end - at - head);
}

static bool is_one(Str type, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(type, str_from_c(list[i])))
            return true;
    return false;
}

/* Made and changed: 4 bytes each, 8 in version 1. */
static bool keep_without_times(Film *f, size_t at, size_t head, size_t end)
{
    if (end - at - head < 20)
        return false;
    size_t times = f->s.at[at + head] == 1 ? 16 : 8;
    keep(f, at, at + head + 4);
    blank(f, times);
    keep(f, at + head + 4 + times, end);
    return true;
}

static bool boxes(Film *f, size_t at, size_t end, int depth);

static bool box(Film *f, size_t at, size_t head, size_t end, int depth)
{
    static const char *const left[] = { "udta", "meta", "uuid", "loci", "XMP_", "free", "skip", "wide" };
    static const char *const within[] = { "moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "mvex", "edts", "dinf" };
    static const char *const timed[] = { "mvhd", "tkhd", "mdhd" };
    Str type = { f->s.at + at + 4, 4 };
    if (is_one(type, left, COUNT_OF(left))) {
        free_box(f, at, head, end);
        return true;
    }
    if (is_one(type, timed, COUNT_OF(timed)))
        return keep_without_times(f, at, head, end);
    if (!is_one(type, within, COUNT_OF(within))) {
        keep(f, at, end);
        return true;
    }
    keep(f, at, at + head);
    return depth < DEPTH_MOST && boxes(f, at + head, end, depth + 1);
}

/* A length of 0 reaches to the end of the file, one of 1 is written in 8 bytes behind the type. */
static bool boxes(Film *f, size_t at, size_t end, int depth)
{
    while (end - at >= HEAD) {
        uint64_t size = big(f->s, at, 4);
        size_t   head = size == 1 ? 16 : HEAD;
        if (head > end - at || f->left-- == 0)
            return false;
        size = size == 1 ? big(f->s, at + 8, 8) : size == 0 && depth == 0 ? end - at : size;
        if (size < head || size > end - at || !box(f, at, head, at + (size_t)size, depth))
            return false;
        at += (size_t)size;
    }
    if (depth)
        keep(f, at, end);                             /* a container may end in four zero bytes */
    return true;
}

bool film_without_traces(Arena *a, Str bytes, StrList *out)
{
    Film f = { .a = a, .s = bytes, .out = out, .left = BOXES_MOST };
    *out   = (StrList){ 0 };
    return bytes.len >= HEAD && str_eq((Str){ bytes.at + 4, 4 }, S("ftyp")) && boxes(&f, 0, bytes.len, 0);
}
