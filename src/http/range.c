/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file, or the piece of it that is asked for: players of sounds and films jump, downloads go on where the line broke. RFC 9110, 13 and 14. */
#include "http/server.h"

/* Strong comparison: a piece joins only the same bytes. A date is never ours, for we send none. */
static bool same_file(const HttpFields *headers, Str etag)
{
    Str wanted = str_trim(http_field(headers, S("if-range")));
    return !wanted.len || (str_eq(wanted, etag) && !str_starts(etag, S("W/")));
}

static bool digits(Str s, int64_t *out)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len && s.len < 19 && str_to_i64(s, out);
}

/* "bytes=0-499", "bytes=500-", "bytes=-500". What is no such range, or more than one, asks for the whole file. */
static bool range_read(Str value, int64_t whole, int64_t *out_from, int64_t *out_end)
{
    StrPair unit = str_cut(value, '='), ends = str_cut(unit.tail, '-');
    int64_t from = 0, last = whole - 1;
    Str     first = str_trim(ends.head), second = str_trim(ends.tail);
    if (!str_eq_ascii_nocase(str_trim(unit.head), S("bytes")) || !str_has(unit.tail, S("-")) || str_has(unit.tail, S(",")))
        return false;
    if (!first.len) {
        if (!digits(second, &last))
            return false;
        *out_from = last < whole ? whole - last : 0;
        *out_end  = last ? whole : 0;
        return true;
    }
    if (!digits(first, &from) || (second.len && (!digits(second, &last) || last < from)))
        return false;
    *out_from = from;
    *out_end  = last < whole ? last + 1 : whole;
    return true;
}

FilePart file_part(const HttpRequest *q, Str etag, int64_t whole)
{
    FilePart p = { .status = 200, .size = whole, .whole = whole, .etag = etag };
    Str      range = http_field(&q->headers, S("range"));
    int64_t  from, end;
    if (etag_known(&q->headers, etag))
        return (FilePart){ .status = 304, .whole = whole, .etag = etag };
    if (q->method != GET || !range.len || !same_file(&q->headers, etag) || !range_read(range, whole, &from, &end))
        return p;
    if (from >= end)
        return (FilePart){ .status = 416, .whole = whole, .etag = etag };
    return (FilePart){ .status = 206, .from = from, .size = end - from, .whole = whole, .etag = etag };
}

void file_part_write(Buf *o, const FilePart *p)
{
    buf_fmt(o, "Accept-Ranges: bytes\r\nETag: %.*s\r\n", STR_ARG(p->etag));
    if (p->status == 206)
        buf_fmt(o, "Content-Range: bytes %lld-%lld/%lld\r\n", (long long)p->from, (long long)(p->from + p->size - 1), (long long)p->whole);
    if (p->status == 416)
        buf_fmt(o, "Content-Range: bytes */%lld\r\n", (long long)p->whole);
}
