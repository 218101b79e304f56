/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Films and sound recordings in MP4, MOV, M4A and 3GP without places, names and times: ISO/IEC 14496-12, QuickTime File Format. Boxes that
 * tell of them keep their length and become free space, so that what points into the file still fits. Of tracks only pictures and sound
 * stay: a log of places that a camera writes as a track of its own (gpmd, mebx, camm, subtitles) goes with its samples. Nothing is decoded. */
#include "base/file_kind.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 8, BOXES_MOST = 100000, CHUNKS_MOST = 1000000, HEAD = 8, BLANK = 4096 };

typedef struct Span { size_t from, to; } Span;
typedef LIST(Span) Spans;
/* left: boxes that may still be met. gone: samples of tracks that do not stay, in order and apart; next: the first not passed yet. */
typedef struct Film { Arena *a; Str s; StrList *out; int left; Spans gone; size_t next; } Film;

static uint64_t big(Str s, size_t at, size_t n)
{
    uint64_t x = 0;
    for (size_t i = 0; i < n; i++)
        x = x << 8 | (unsigned char)s.at[at + i];
    return x;
}

/* A length of 0 reaches to the end of the file (open), one of 1 is written in 8 bytes behind the type. False: it does not fit. */
static bool box_size(Str s, size_t at, size_t end, bool open, size_t *out_head, size_t *out_size)
{
    if (end - at < HEAD)
        return false;
    uint64_t size = big(s, at, 4);
    *out_head = size == 1 ? 16 : HEAD;
    if (*out_head > end - at)
        return false;
    size = size == 1 ? big(s, at + 8, 8) : size == 0 && open ? end - at : size;
    *out_size = (size_t)size;
    return size >= *out_head && size <= end - at;
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

/* ---- Tracks that are neither pictures nor sound ------------------------------------------------------------------------- */

/* The content of the first box of that type. */
static bool child(Str s, Span in, const char *type, Span *out)
{
    size_t head, size;
    for (size_t at = in.from; box_size(s, at, in.to, false, &head, &size); at += size)
        if (!memcmp(s.at + at + 4, type, 4)) {
            *out = (Span){ at + head, at + size };
            return true;
        }
    return false;
}

static bool track_stays(Str s, Span track)
{
    Span media, handler;
    if (!child(s, track, "mdia", &media) || !child(s, media, "hdlr", &handler) || handler.to - handler.from < 12)
        return true;
    const char *kind = s.at + handler.from + 8;
    return !memcmp(kind, "vide", 4) || !memcmp(kind, "soun", 4);
}

/* A table of the track: 4 bytes of version, its length, rows of `wide` bytes. */
typedef struct Table { size_t at, rows; } Table;
static bool table(Str s, Span in, const char *type, size_t before, size_t wide, Table *out)
{
    Span box;
    if (!child(s, in, type, &box) || box.to - box.from < before)
        return false;
    *out = (Table){ box.from + before, (size_t)big(s, box.from + before - 4, 4) };
    return out->rows <= (box.to - out->at) / wide;
}

/* The bytes of each chunk: its place, and the sizes of the samples in it. */
static bool samples_go(Film *f, Span track)
{
    Span  media, info, st, sizes_box;
    Table chunks, runs, sizes = { 0 };
    bool  wide = false;
    if (!child(f->s, track, "mdia", &media) || !child(f->s, media, "minf", &info) || !child(f->s, info, "stbl", &st))
        return true;                                  /* it names no samples */
    if (!table(f->s, st, "stco", 8, 4, &chunks) && !(wide = table(f->s, st, "co64", 8, 8, &chunks)))
        return true;
    if (!chunks.rows)
        return true;
    if (!table(f->s, st, "stsc", 8, 12, &runs) || !child(f->s, st, "stsz", &sizes_box) || sizes_box.to - sizes_box.from < 12)
        return false;
    uint64_t same = big(f->s, sizes_box.from + 4, 4);
    if (!same && !table(f->s, st, "stsz", 12, 4, &sizes))
        return false;
    size_t run = 0, sample = 0;
    for (size_t i = 0; i < chunks.rows; i++) {
        while (run + 1 < runs.rows && big(f->s, runs.at + 12 * (run + 1), 4) <= i + 1)
            run++;
        uint64_t n = runs.rows ? big(f->s, runs.at + 12 * run + 4, 4) : 0, bytes = same * n, from = big(f->s, chunks.at + i * (wide ? 8 : 4), wide ? 8 : 4);
        for (uint64_t k = 0; !same && k < n && sample < sizes.rows; k++)
            bytes += big(f->s, sizes.at + 4 * sample++, 4);
        if (from > f->s.len || bytes > f->s.len - from || f->gone.len >= CHUNKS_MOST)
            return false;
        if (bytes)
            *list_add(f->a, &f->gone) = (Span){ (size_t)from, (size_t)(from + bytes) };
    }
    return true;
}

static int by_place(const void *x, const void *y)
{
    const Span *p = x, *q = y;
    return p->from < q->from ? -1 : p->from > q->from;
}

/* In order, each byte once. */
static void spans_settle(Spans *x)
{
    size_t n = 0;
    if (x->len)
        qsort(x->at, x->len, sizeof *x->at, by_place);
    for (size_t i = 0; i < x->len; i++)
        if (n && x->at[i].from <= x->at[n - 1].to)
            x->at[n - 1].to = x->at[i].to > x->at[n - 1].to ? x->at[i].to : x->at[n - 1].to;
        else
            x->at[n++] = x->at[i];
    x->len = n;
}

static bool tracks_look(Film *f)
{
    size_t head, size, inner_head, inner;
    for (size_t at = 0; box_size(f->s, at, f->s.len, true, &head, &size); at += size) {
        if (memcmp(f->s.at + at + 4, "moov", 4))
            continue;
        for (size_t k = at + head; box_size(f->s, k, at + size, false, &inner_head, &inner); k += inner) {
            Span track = { k + inner_head, k + inner };
            if (!memcmp(f->s.at + k + 4, "trak", 4) && !track_stays(f->s, track) && !samples_go(f, track))
                return false;
        }
    }
    spans_settle(&f->gone);
    return true;
}

/* Pictures and sound; what has gone is blank. Samples outside of such boxes are left to what they lie in. */
static void keep_media(Film *f, size_t from, size_t to)
{
    while (f->next < f->gone.len && f->gone.at[f->next].to <= from)
        f->next++;
    for (; f->next < f->gone.len && f->gone.at[f->next].from < to; f->next++) {
        Span   x     = f->gone.at[f->next];
        size_t begin = x.from > from ? x.from : from, end = x.to < to ? x.to : to;
        keep(f, from, begin);
        blank(f, end - begin);
        from = end;
        if (x.to > to)
            break;                                    /* the rest of it lies in the next such box */
    }
    keep(f, from, to);
}

/* ---- Boxes ------------------------------------------------------------------------------------------------------------------ */

static bool boxes(Film *f, size_t at, size_t end, int depth);

static bool box(Film *f, size_t at, size_t head, size_t end, int depth)
{
    static const char *const left[] = { "udta", "meta", "uuid", "loci", "XMP_", "free", "skip", "wide" };
    static const char *const within[] = { "moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "mvex", "edts", "dinf" };
    static const char *const timed[] = { "mvhd", "tkhd", "mdhd" };
    Str type = { f->s.at + at + 4, 4 };
    if (str_eq(type, S("mdat")) && depth == 0) {
        keep(f, at, at + head);
        keep_media(f, at + head, end);
        return true;
    }
    if (is_one(type, left, COUNT_OF(left)) || (str_eq(type, S("trak")) && depth == 1 && !track_stays(f->s, (Span){ at + head, end }))) {
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

static bool boxes(Film *f, size_t at, size_t end, int depth)
{
    while (end - at >= HEAD) {
        size_t head, size;
        if (f->left-- == 0 || !box_size(f->s, at, end, depth == 0, &head, &size) || !box(f, at, head, at + size, depth))
            return false;
        at += size;
    }
    if (depth)
        keep(f, at, end);                             /* a container may end in four zero bytes */
    else
        blank(f, end - at);                           /* too short for a box */
    return true;
}

bool film_without_traces(Arena *a, Str bytes, StrList *out)
{
    Film f = { .a = a, .s = bytes, .out = out, .left = BOXES_MOST };
    *out   = (StrList){ 0 };
    return bytes.len >= HEAD && str_eq((Str){ bytes.at + 4, 4 }, S("ftyp")) && tracks_look(&f) && boxes(&f, 0, bytes.len, 0);
}
