/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading a backup archive that may be damaged or forged: every length is held against what is left, every chunk
 * against the manifest, every file against its name. */
#include "store/archive.h"
#include "store/store_files.h"

#include <sodium.h>

/* ---- Values -------------------------------------------------------------------------------- */
static bool take(Str *rest, size_t n, Str *out)
{
    if (rest->len < n)
        return false;
    *out  = str_take(*rest, n);
    *rest = str_skip(*rest, n);
    return true;
}

static bool take_u64(Str *rest, uint64_t *out)
{
    Str      bytes;
    uint64_t v = 0;
    if (!take(rest, 8, &bytes))
        return false;
    for (int i = 0; i < 8; i++)
        v = v << 8 | (uint8_t)bytes.at[i];
    *out = v;
    return true;
}

bool value_read(Str *rest, Value *out)
{
    Str      tag, at = *rest;
    uint64_t bits = 0;
    Value    v    = { VALUE_NULL };
    if (!take(&at, 1, &tag) || (uint8_t)tag.at[0] > VALUE_BLOB)
        return false;
    v.kind = (ValueKind)tag.at[0];
    if (v.kind != VALUE_NULL && !take_u64(&at, &bits))
        return false;
    if (v.kind == VALUE_INT)
        v.i = (int64_t)bits;
    else if (v.kind == VALUE_REAL)
        memcpy(&v.r, &bits, sizeof v.r);
    else if (v.kind != VALUE_NULL && (bits > at.len || !take(&at, bits, &v.s)))
        return false;
    *rest = at;
    *out  = v;
    return true;
}

static bool read_int(Str *rest, int64_t *out)
{
    Value v;
    if (!value_read(rest, &v) || v.kind != VALUE_INT)
        return false;
    *out = v.i;
    return true;
}

static bool read_text(Str *rest, Str *out)
{
    Value v;
    if (!value_read(rest, &v) || v.kind != VALUE_TEXT)
        return false;
    *out = v.s;
    return true;
}

/* ---- Chunks -------------------------------------------------------------------------------- */
static Err damaged(const ArchiveIn *in, const char *what)
{
    return err_fmt(in->a, ERR_INVALID, "chunk %zu before byte %lld: %s", in->sums.len, (long long)in->at, what);
}

static Err read_bytes(ArchiveIn *in, char *to, size_t n)
{
    size_t got = 0;
    if ((int64_t)n > in->left)
        return damaged(in, "the archive is cut off");
    if (in->fd < 0) {
        memcpy(to, in->memory.at + in->at, n);
        got = n;
    } else {
        TRY(in->age ? age_read(in->age, to, n, &got) : fd_read(in->a, in->fd, in->path, to, n, &got));
    }
    if (got < n)
        return damaged(in, "the archive is cut off");
    in->at += (int64_t)n;
    in->left -= (int64_t)n;
    return OK;
}

/* The payload stays until the next chunk is read. */
static Err read_chunk(ArchiveIn *in, char *out_type, Str *out_payload)
{
    char   head[5];
    size_t len = 0;
    TRY(read_bytes(in, head, sizeof head));
    for (int i = 1; i < 5; i++)
        len = len << 8 | (uint8_t)head[i];
    if (len > CHUNK_MOST || (int64_t)len > in->left)
        return damaged(in, "a length is wrong, or the archive is cut off");
    in->room.len = 0;
    buf_room(&in->room, len + 1);
    TRY(read_bytes(in, in->room.at, len));
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)head, sizeof head);
    crypto_hash_sha256_update(&state, (const unsigned char *)in->room.at, len);
    crypto_hash_sha256_final(&state, list_add(in->a, &in->sums)->at);
    *out_type    = head[0];
    *out_payload = (Str){ in->room.at, len };
    return OK;
}

/* ---- What the chunks say ------------------------------------------------------------------- */
typedef struct Walk {
    ArchiveIn            *in;
    const ArchiveVisitor *v;
    size_t                columns;                 /* of the table under way; 0: none */
    bool                  in_file, files_begun;
    Sha256                want;                    /* of the file under way */
    int64_t               file_left, rows, files;
    crypto_hash_sha256_state state;
} Walk;

static Err read_header(Walk *w, Str payload)
{
    ArchiveIn    *in = w->in;
    ArchiveHeader h  = { 0 };
    int64_t       n;
    if (!read_int(&payload, &h.made_at.ms) || !read_text(&payload, &h.program) || !read_text(&payload, &h.database) ||
        !read_int(&payload, &n) || n < 0)
        return damaged(in, "the header is wrong");
    h.program  = arena_str(in->a, h.program);
    h.database = arena_str(in->a, h.database);
    for (int64_t i = 0; i < n; i++) {
        ArchiveMigration m;
        if (!read_int(&payload, &m.number) || !read_text(&payload, &m.name) || !read_text(&payload, &m.sha256))
            return damaged(in, "the header is wrong");
        m.name                            = arena_str(in->a, m.name);
        m.sha256                          = arena_str(in->a, m.sha256);
        *list_add(in->a, &h.migrations) = m;
    }
    if (payload.len)
        return damaged(in, "the header is too long");
    return w->v->header ? w->v->header(w->v->self, &h) : OK;
}

static Err read_table(Walk *w, Str payload)
{
    Str name, columns[COLUMNS_MOST];
    w->columns = 0;
    if (w->files_begun || !read_text(&payload, &name) || !name.len)
        return damaged(w->in, "a table is wrong or in the wrong place");
    while (payload.len)
        if (w->columns == COLUMNS_MOST || !read_text(&payload, &columns[w->columns++]))
            return damaged(w->in, "a table's columns are wrong");
    if (!w->columns)
        return damaged(w->in, "a table without columns");
    return w->v->table ? w->v->table(w->v->self, name, columns, w->columns) : OK;
}

static Err read_rows(Walk *w, Str payload)
{
    Value values[COLUMNS_MOST];
    if (!w->columns || w->files_begun)
        return damaged(w->in, "rows without a table");
    while (payload.len) {
        for (size_t i = 0; i < w->columns; i++)
            if (!value_read(&payload, &values[i]))
                return damaged(w->in, "a row is wrong");
        w->rows++;
        if (w->v->row)
            TRY(w->v->row(w->v->self, values, w->columns));
    }
    return OK;
}

static Err end_file(Walk *w)
{
    Sha256 sum;
    if (!w->in_file)
        return OK;
    w->in_file = false;
    crypto_hash_sha256_final(&w->state, sum.at);
    if (w->file_left || memcmp(sum.at, w->want.at, sizeof sum.at) != 0)
        return damaged(w->in, "a file's bytes do not fit its name");
    return w->v->file_end ? w->v->file_end(w->v->self) : OK;
}

static Err read_file(Walk *w, Str payload)
{
    Value sum;
    if (!value_read(&payload, &sum) || sum.kind != VALUE_BLOB || sum.s.len != sizeof w->want.at ||
        !read_int(&payload, &w->file_left) || w->file_left < 0 || payload.len)
        return damaged(w->in, "a file's head is wrong");
    memcpy(w->want.at, sum.s.at, sizeof w->want.at);
    w->files++;
    w->files_begun = w->in_file = true;
    crypto_hash_sha256_init(&w->state);
    return w->v->file ? w->v->file(w->v->self, w->want, w->file_left) : OK;
}

static Err read_piece(Walk *w, Str payload)
{
    if (!w->in_file || (int64_t)payload.len > w->file_left)
        return damaged(w->in, "bytes of no file");
    w->file_left -= (int64_t)payload.len;
    crypto_hash_sha256_update(&w->state, (const unsigned char *)payload.at, payload.len);
    return w->v->bytes ? w->v->bytes(w->v->self, payload) : OK;
}

/* The chunks before the manifest were n. */
static Err check_manifest(Walk *w, Str payload, size_t n)
{
    int64_t rows, files;
    if (!read_int(&payload, &rows) || !read_int(&payload, &files) || payload.len != n * sizeof(Sha256))
        return damaged(w->in, "the manifest is wrong");
    for (size_t i = 0; i < n; i++)
        if (memcmp(payload.at + i * sizeof(Sha256), w->in->sums.at[i].at, sizeof(Sha256)) != 0)
            return err_fmt(w->in->a, ERR_INVALID, "chunk %zu is damaged: its sum differs", i + 1);
    return rows == w->rows && files == w->files ? OK : damaged(w->in, "the manifest counts other rows or files");
}

static Err check_end(ArchiveIn *in)
{
    char type;
    Str  payload;
    TRY(read_chunk(in, &type, &payload));
    if (type != CHUNK_END || payload.len != sizeof(Sha256) ||
        memcmp(payload.at, in->sums.at[in->sums.len - 2].at, sizeof(Sha256)) != 0)
        return damaged(in, "the end mark is wrong");
    return in->left ? damaged(in, "there is more after the end") : OK;
}

static Err read_body_chunk(Walk *w, char type, Str payload)
{
    if (type == CHUNK_BYTES)
        return read_piece(w, payload);
    TRY(end_file(w));
    switch (type) {
    case CHUNK_TABLE: return read_table(w, payload);
    case CHUNK_ROWS:  return read_rows(w, payload);
    case CHUNK_FILE:  return read_file(w, payload);
    default:          return damaged(w->in, "a chunk of no known type");
    }
}

Err archive_read(ArchiveIn *in, const ArchiveVisitor *v)
{
    Walk w = { .in = in, .v = v };
    char magic[sizeof ARCHIVE_MAGIC - 1], type;
    Str  payload;
    TRY(in->fault);
    if (!in->room.a)
        in->room = buf_new(in->a, CHUNK_GOOD);
    TRY(read_bytes(in, magic, sizeof magic));
    if (memcmp(magic, ARCHIVE_MAGIC, sizeof magic) != 0)
        return err_new(in->a, ERR_INVALID, S("this is no backup of thuocdo, or of a later format"));
    TRY(read_chunk(in, &type, &payload));
    if (type != CHUNK_HEADER)
        return damaged(in, "the header is missing");
    TRY(read_header(&w, payload));
    for (;;) {
        TRY(read_chunk(in, &type, &payload));
        if (type == CHUNK_MANIFEST)
            break;
        TRY(read_body_chunk(&w, type, payload));
    }
    TRY(end_file(&w));
    TRY(check_manifest(&w, payload, in->sums.len - 1));
    return check_end(in);
}
