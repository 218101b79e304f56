/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The chunked coding, strictly: CRLF only, hex digits only, short extensions, trailers read and dropped. */
#include "http/guard.h"

#define SIZE_DIGITS   12
#define EXTRA_BYTES   1024     /* extensions of the whole body */
#define TRAILER_BYTES 8192

enum { SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER_START, TRAILER_NAME, TRAILER, TRAILER_LF, END_LF };

static int size_byte(Chunks *c, char b)
{
    int digit = hex_value(b);
    if (digit >= 0) {
        c->left = c->left << 4 | (uint64_t)digit;
        return ++c->digits > SIZE_DIGITS ? 400 : 0;
    }
    if (c->digits == 0 || (b != ';' && b != '\r'))
        return 400;
    c->state = b == ';' ? EXTENSION : SIZE_LF;
    return 0;
}

static int expect(Chunks *c, char b, char want, int next)
{
    c->state = next;
    return b == want ? 0 : 400;
}

static bool text_byte(char b)
{
    return b == '\t' || ((unsigned char)b >= 0x20 && b != 0x7F);
}

/* Free text up to CR, of most bytes. */
static int free_text(Chunks *c, char b, int next, size_t *count, size_t most)
{
    if (b == '\r')
        c->state = next;
    else if (!text_byte(b) || ++*count > most)
        return 400;
    return 0;
}

/* One byte of framing. */
static int frame_byte(Chunks *c, char b)
{
    switch (c->state) {
    case SIZE:
        return size_byte(c, b);
    case EXTENSION:
        return free_text(c, b, SIZE_LF, &c->extras, EXTRA_BYTES);
    case SIZE_LF:
        if (c->left > c->most)
            return 413;
        c->most -= c->left;
        return expect(c, b, '\n', c->left ? DATA : TRAILER_START);
    case DATA_CR:
        return expect(c, b, '\r', DATA_LF);
    case DATA_LF:
        c->digits = 0;
        return expect(c, b, '\n', SIZE);
    case TRAILER_START:
        if (b == '\r') {
            c->state = END_LF;
            return 0;
        }
        c->state = TRAILER_NAME;
        return token_byte(b) ? 0 : 400;
    case TRAILER_NAME:
        if (b == ':')
            c->state = TRAILER;
        return (b == ':' || token_byte(b)) && ++c->trailers <= TRAILER_BYTES ? 0 : 400;
    case TRAILER:
        return free_text(c, b, TRAILER_LF, &c->trailers, TRAILER_BYTES);
    case TRAILER_LF:
        return expect(c, b, '\n', TRAILER_START);
    default:
        c->done = true;
        return expect(c, b, '\n', END_LF);
    }
}

int chunks_read(Chunks *c, Str bytes, size_t *out_used, Str *out_data)
{
    size_t i  = 0;
    *out_data = S("");
    while (i < bytes.len && !c->done) {
        if (c->state == DATA) {
            size_t n  = bytes.len - i < c->left ? bytes.len - i : (size_t)c->left;
            *out_data = (Str){ bytes.at + i, n };
            c->left -= n;
            if (c->left == 0)
                c->state = DATA_CR;
            i += n;
            break;
        }
        int bad = frame_byte(c, bytes.at[i++]);
        if (bad)
            return bad;
    }
    *out_used = i;
    return 0;
}
