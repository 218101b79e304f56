/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Photographs without places, times and names: the segments of JPEG (ITU-T T.81, Exif 2.3), PNG (ISO 15948) and WebP (RFC 9649)
 * that draw the picture are kept, the others left out. Nothing is decoded. */
#include "base/file_kind.h"

#include "base/err.h"

#include <string.h>

static unsigned byte_at(Str s, size_t i)
{
    return (unsigned char)s.at[i];
}

static uint32_t big32(Str s, size_t i)
{
    return (uint32_t)byte_at(s, i) << 24 | byte_at(s, i + 1) << 16 | byte_at(s, i + 2) << 8 | byte_at(s, i + 3);
}

static uint32_t little32(Str s, size_t i)
{
    return (uint32_t)byte_at(s, i + 3) << 24 | byte_at(s, i + 2) << 16 | byte_at(s, i + 1) << 8 | byte_at(s, i);
}

/* Neighbours become one piece: small chunks by the million stay cheap. */
static void keep(Arena *a, Photo *p, Str s, size_t from, size_t to)
{
    Str *last = p->pieces.len ? &p->pieces.at[p->pieces.len - 1] : NULL;
    if (last && last->at + last->len == s.at + from) {
        last->len += to - from;
        return;
    }
    *list_add(a, &p->pieces) = (Str){ s.at + from, to - from };
}

/* ---- JPEG ------------------------------------------------------------------------------------------------------------ */

/* 1 to 8 of the tag Orientation in an Exif segment; 1 when there is none. */
static int exif_turn(Str tiff)
{
    bool   little = str_starts(tiff, S("II"));
    if (tiff.len < 8 || (!little && !str_starts(tiff, S("MM"))))
        return 1;
    size_t at = little ? little32(tiff, 4) : big32(tiff, 4);
    if (at > tiff.len || tiff.len - at < 2)
        return 1;
    size_t n = little ? byte_at(tiff, at) | byte_at(tiff, at + 1) << 8 : byte_at(tiff, at) << 8 | byte_at(tiff, at + 1);
    for (at += 2; n-- && tiff.len - at >= 12; at += 12) {
        unsigned tag   = little ? byte_at(tiff, at) | byte_at(tiff, at + 1) << 8 : byte_at(tiff, at) << 8 | byte_at(tiff, at + 1);
        unsigned value = little ? byte_at(tiff, at + 8) : byte_at(tiff, at + 9);
        if (tag == 0x0112)
            return value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}

/* An Exif segment that says how the picture is turned and nothing else. */
static void keep_turn(Arena *a, Photo *p, int turn)
{
    static const char head[] = "\xFF\xE1\x00\x22" "Exif\0\0" "MM\0\x2A\0\0\0\x08" "\0\x01" "\x01\x12\0\x03\0\0\0\x01\0";
    enum { HEAD = sizeof head - 1, ALL = HEAD + 1 + 2 + 4 };      /* the value, its filling, no next list */
    char *at = arena_take(a, ALL, 1, 1);
    memset(at, 0, ALL);
    memcpy(at, head, HEAD);
    at[HEAD] = (char)turn;
    *list_add(a, &p->pieces) = (Str){ at, ALL };
}

/* From the first byte of coded data to the next marker that ends it. */
static size_t scan_end(Str s, size_t at)
{
    while (at + 1 < s.len) {
        const char *ff = memchr(s.at + at, 0xFF, s.len - at - 1);
        if (!ff)
            return s.len;
        at = (size_t)(ff - s.at);
        unsigned next = byte_at(s, at + 1);
        if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7))
            return at;
        at += next == 0xFF ? 1 : 2;
    }
    return s.len;
}

static bool jpeg_frame(unsigned marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static bool jpeg_kept(unsigned marker, Str body)
{
    if (marker == 0xE2)
        return str_starts(body, S("ICC_PROFILE"));        /* colours; other kinds hold further pictures */
    return marker != 0xFE && (marker < 0xE1 || marker > 0xED) && marker != 0xEF;
}

static bool jpeg_read(Arena *a, Str s, Photo *out)
{
    size_t at   = 2;
    bool   seen = false;
    keep(a, out, s, 0, 2);
    while (s.len - at >= 4 && byte_at(s, at) == 0xFF) {
        unsigned marker = byte_at(s, at + 1);
        if (marker == 0xFF) {                             /* filling */
            at++;
            continue;
        }
        size_t len = (size_t)byte_at(s, at + 2) << 8 | byte_at(s, at + 3), end = at + 2 + len;
        if (marker < 0xC0 || marker == 0xD8 || marker == 0xD9 || len < 2 || end > s.len)
            return false;
        Str body = { s.at + at + 4, len - 2 };
        if (jpeg_frame(marker) && body.len >= 5 && !out->width) {
            out->height = byte_at(body, 1) << 8 | byte_at(body, 2);
            out->width  = byte_at(body, 3) << 8 | byte_at(body, 4);
        }
        if (marker == 0xE1 && str_starts(body, S("Exif\0\0")) && exif_turn(str_skip(body, 6)) != 1)
            keep_turn(a, out, exif_turn(str_skip(body, 6)));
        if (jpeg_kept(marker, body))
            keep(a, out, s, at, end);
        at = end;
        if (marker != 0xDA)
            continue;
        seen = true;
        end  = scan_end(s, at);
        keep(a, out, s, at, end);
        at = end;
        if (s.len - at >= 2 && byte_at(s, at + 1) == 0xD9) {
            keep(a, out, s, at, at + 2);
            return out->width && out->height;
        }
    }
    if (seen && out->width && out->height)                /* cut short: browsers still show it */
        *list_add(a, &out->pieces) = S("\xFF\xD9");
    return seen && out->width && out->height;
}

/* ---- PNG ------------------------------------------------------------------------------------------------------------- */

static bool png_kept(Str type)
{
    static const Str left[] = { S_INIT("tEXt"), S_INIT("zTXt"), S_INIT("iTXt"), S_INIT("eXIf"), S_INIT("tIME") };
    for (size_t i = 0; i < COUNT_OF(left); i++)
        if (str_eq(type, left[i]))
            return false;
    return true;
}

static bool png_read(Arena *a, Str s, Photo *out)
{
    size_t at = 8;
    keep(a, out, s, 0, 8);
    while (s.len - at >= 12) {
        size_t len = big32(s, at);
        Str    type = { s.at + at + 4, 4 };
        if (len > s.len - at - 12)
            return false;
        if (at == 8) {
            if (!str_eq(type, S("IHDR")) || len < 8)
                return false;
            out->width  = big32(s, at + 8);
            out->height = big32(s, at + 12);
        }
        if (png_kept(type))
            keep(a, out, s, at, at + 12 + len);
        at += 12 + len;
        if (str_eq(type, S("IEND")))
            return out->width && out->height;
    }
    return false;
}

/* ---- WebP ------------------------------------------------------------------------------------------------------------ */

static void put32(char *at, size_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(n >> (8 * i) & 0xFF);
}

static bool webp_read(Arena *a, Str s, Photo *out)
{
    size_t all = 4, at = 12;
    char  *head = arena_take(a, 12, 1, 1);
    memcpy(head, s.at, 12);
    *list_add(a, &out->pieces) = (Str){ head, 12 };
    while (s.len - at >= 8) {
        Str    type = { s.at + at, 4 };
        size_t len = little32(s, at + 4), whole = 8 + len + (len & 1);
        if (len > s.len - at - 8)
            return false;
        whole = whole > s.len - at ? s.len - at : whole;
        if (str_eq(type, S("VP8X")) && len >= 10) {
            char *flags = arena_take(a, whole, 1, 1);
            memcpy(flags, s.at + at, whole);
            flags[8] &= (char)~0x0C;                      /* Exif and XMP follow no more */
            *list_add(a, &out->pieces) = (Str){ flags, whole };
            out->width  = 1 + (int64_t)(little32(s, at + 12) & 0xFFFFFF);
            out->height = 1 + (int64_t)(little32(s, at + 14) >> 8);
        } else if (!str_eq(type, S("EXIF")) && !str_eq(type, S("XMP "))) {
            keep(a, out, s, at, at + whole);
        } else {
            all -= whole;
        }
        all += whole;
        at += whole;
    }
    put32(head + 4, all);
    return out->pieces.len > 1;
}

bool photo_without_traces(Arena *a, Str bytes, Photo *out)
{
    *out     = (Photo){ 0 };
    Str type = file_type_sniffed(str_take(bytes, 16));
    if (str_eq(type, S("image/jpeg")) && bytes.len > 4)
        return jpeg_read(a, bytes, out);
    if (str_eq(type, S("image/png")))
        return png_read(a, bytes, out);
    return str_eq(type, S("image/webp")) && bytes.len > 20 && str_starts(bytes, S("RIFF")) && webp_read(a, bytes, out);
}
