/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Chunked bodies: the same data and verdict however the bytes are cut, never more than was allowed. */
#include "http/tests/fuzz.h"

enum { MOST = 5000 };

static int read_all(Arena *a, Str bytes, size_t step, Buf *out, size_t *used_all, bool *done)
{
    Chunks c   = { .most = MOST };
    int    bad = 0;
    *out       = buf_new(a, 64);
    *used_all  = 0;
    while (bytes.len && !bad && !c.done) {
        size_t used = 0;
        Str    data, piece = str_take(bytes, step);
        bad = chunks_read(&c, piece, &used, &data);
        if (bad)
            break;
        MUST(used > 0 && used <= piece.len);
        buf_add(out, data);
        *used_all += used;
        bytes = str_skip(bytes, used);
    }
    *done = c.done;
    return bad;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a     = fuzz_arena();
    Str    bytes = { (const char *)data, size };
    Buf    x, y;
    size_t used_x, used_y;
    bool   done_x, done_y;
    int    bad = read_all(a, bytes, size ? size : 1, &x, &used_x, &done_x);
    MUST(read_all(a, bytes, 1, &y, &used_y, &done_y) == bad && done_x == done_y);
    MUST(x.len <= MOST && (bad || used_x == used_y) && str_eq(buf_str(&x), buf_str(&y)));
    return 0;
}
