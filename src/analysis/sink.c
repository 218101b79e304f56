/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file written through a buffer, little-endian, with places filled in later. */
#include "analysis/parts.h"

#include <errno.h>
#include <unistd.h>

enum { SINK_ROOM = 1 << 18 };

Sink sink_open(Arena *a, int fd)
{
    return (Sink){ .fd = fd, .buf = buf_new(a, 2 * SINK_ROOM) };
}

static void write_all(Sink *s, Str bytes)
{
    while (bytes.len && !s->error) {
        ssize_t n = write(s->fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            s->error = n < 0 ? errno : EIO;
        else
            bytes = str_skip(bytes, (size_t)n);
    }
}

void sink_flush(Sink *s)
{
    write_all(s, buf_str(&s->buf));
    s->flushed += s->buf.len;
    s->buf.len = 0;
}

void sink_breathe(Sink *s)
{
    if (s->buf.len >= SINK_ROOM)
        sink_flush(s);
}

void sink_put(void *sink, Str bytes)
{
    Sink *s = sink;
    buf_add(&s->buf, bytes);
    sink_breathe(s);
}

uint64_t sink_at(const Sink *s)
{
    return s->flushed + s->buf.len;
}

void sink_zero(Sink *s, size_t n)
{
    buf_room(&s->buf, n);
    memset(s->buf.at + s->buf.len, 0, n);
    s->buf.len += n;
}

void sink_le(Sink *s, uint64_t v, int bytes)
{
    buf_room(&s->buf, 8);
    for (int i = 0; i < bytes; i++)
        s->buf.at[s->buf.len++] = (char)(v >> (8 * i));
}

void sink_f64(Sink *s, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    sink_le(s, bits, 8);
}

void sink_padded(Sink *s, Str text, size_t width, char pad)
{
    text = cut_utf8(text, width);
    buf_add(&s->buf, text);
    buf_room(&s->buf, width - text.len);
    memset(s->buf.at + s->buf.len, pad, width - text.len);
    s->buf.len += width - text.len;
}

void sink_patch(Sink *s, uint64_t at, Str bytes)
{
    sink_flush(s);
    while (bytes.len && !s->error) {
        ssize_t n = pwrite(s->fd, bytes.at, bytes.len, (off_t)at);
        if (n <= 0) {
            s->error = n < 0 ? errno : EIO;
            return;
        }
        at += (uint64_t)n;
        bytes = str_skip(bytes, (size_t)n);
    }
}

Err sink_end(Sink *s, Arena *a)
{
    sink_flush(s);
    if (!s->error)
        return OK;
    char why[128];
    Str  text = str_from_c(strerror_r(s->error, why, sizeof why));
    return err_fmt(a, s->error == ENOSPC || s->error == EDQUOT ? ERR_FULL : ERR_IO, "the export cannot be written: %.*s", STR_ARG(text));
}
