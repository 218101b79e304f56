/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing a backup archive: chunks, and at the end the manifest with the SHA-256 of each. */
#include "store/archive.h"
#include "store/store_files.h"

#include <sodium.h>

static void put_u64(Buf *b, uint64_t v)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_byte(b, (char)(uint8_t)(v >> shift));
}

void value_write(Buf *b, Value v)
{
    uint64_t bits;
    buf_byte(b, (char)v.kind);
    switch (v.kind) {
    case VALUE_NULL: return;
    case VALUE_INT:  put_u64(b, (uint64_t)v.i); return;
    case VALUE_REAL:
        memcpy(&bits, &v.r, sizeof bits);
        put_u64(b, bits);
        return;
    default:
        put_u64(b, v.s.len);
        buf_add(b, v.s);
    }
}

static void write_int(Buf *b, int64_t v)
{
    value_write(b, (Value){ VALUE_INT, .i = v });
}

static void write_text(Buf *b, Str s)
{
    value_write(b, (Value){ VALUE_TEXT, .s = s });
}

static void chunk_head(ChunkType type, size_t len, char head[5])
{
    head[0] = (char)type;
    for (int i = 0; i < 4; i++)
        head[1 + i] = (char)(uint8_t)(len >> (24 - 8 * i));
}

static Sha256 chunk_sum(const char head[5], Str payload)
{
    Sha256                   sum;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)head, 5);
    crypto_hash_sha256_update(&state, (const unsigned char *)payload.at, payload.len);
    crypto_hash_sha256_final(&state, sum.at);
    return sum;
}

static Err out_write(ArchiveOut *out, Str bytes)
{
    return out->age ? age_write(out->age, bytes) : fd_write(out->a, out->fd, out->path, bytes);
}

Err archive_put(ArchiveOut *out, ChunkType type, Str payload)
{
    char head[5];
    if (payload.len > CHUNK_MOST)
        return err_new(out->a, ERR_TOO_LARGE, S("a row is too large for the archive"));
    chunk_head(type, payload.len, head);
    *list_add(out->a, &out->sums) = chunk_sum(head, payload);
    TRY(out_write(out, (Str){ head, sizeof head }));
    return out_write(out, payload);
}

Err archive_begin(ArchiveOut *out, const ArchiveHeader *h)
{
    Buf b = buf_new(out->a, 4096);
    write_int(&b, h->made_at.ms);
    write_text(&b, h->program);
    write_text(&b, h->database);
    write_int(&b, (int64_t)h->migrations.len);
    for (size_t i = 0; i < h->migrations.len; i++) {
        write_int(&b, h->migrations.at[i].number);
        write_text(&b, h->migrations.at[i].name);
        write_text(&b, h->migrations.at[i].sha256);
    }
    TRY(out_write(out, S(ARCHIVE_MAGIC)));
    return archive_put(out, CHUNK_HEADER, buf_str(&b));
}

Err archive_end(ArchiveOut *out)
{
    size_t n = out->sums.len;
    Buf    b = buf_new(out->a, 64 + n * sizeof(Sha256));
    write_int(&b, out->rows);
    write_int(&b, out->files);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, (Str){ (const char *)out->sums.at[i].at, sizeof(Sha256) });
    TRY(archive_put(out, CHUNK_MANIFEST, buf_str(&b)));
    TRY(archive_put(out, CHUNK_END, (Str){ (const char *)out->sums.at[n].at, sizeof(Sha256) }));
    return out->age ? age_end(out->age) : OK;
}
