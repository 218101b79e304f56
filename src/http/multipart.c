/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A byte-driven reader of multipart/form-data. The delimiter begins with the only CR it contains, so after a broken
 * match the bytes matched so far are data and only the current byte needs another look. */
#include "http/multipart.h"
#include "http/guard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define PART_HEAD_BYTES 8192
#define BOUNDARY_BYTES  70

enum { PREAMBLE, DATA, AFTER, AFTER_LF, AFTER_DASH, HEADERS, EPILOGUE };

static bool boundary_valid(Str b)
{
    for (size_t i = 0; i < b.len; i++) {
        char c = b.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!plain && (!c || !strchr("'()+_,-./:=? ", c)))
            return false;
    }
    return b.len > 0 && b.len <= BOUNDARY_BYTES && b.at[b.len - 1] != ' ';
}

int multipart_open(Multipart *m, Arena *a, HttpRequest *req, Str content_type, const HttpLimits *l, Str temp_dir)
{
    Str boundary;
    *m = (Multipart){ .a = a, .req = req, .limits = l, .temp_dir = temp_dir, .fd = -1, .matched = 2 };
    if (media_param(a, content_type, S("boundary"), &boundary) != 1 || !boundary_valid(boundary))
        return 400;
    m->delimiter = str_concat(a, S("\r\n--"), boundary);
    return 0;
}

/* ---- Headers of a part ------------------------------------------------------------------------- */

static int disposition_read(Multipart *m, Str value)
{
    Str name, file;
    int named = media_param(m->a, value, S("name"), &name), filed = media_param(m->a, value, S("filename"), &file);
    if (!str_eq_ascii_nocase(str_trim(str_cut(value, ';').head), S("form-data")) || named != 1 || filed < 0 ||
        !name.len || !utf8_whole(name) || !utf8_whole(file))
        return 400;
    m->part.name      = arena_str(m->a, name);
    m->is_file        = filed == 1;
    m->part.file_name = file_name_clean(m->a, file);
    return 0;
}

static int part_field(Multipart *m, Str name, Str value)
{
    if (str_eq_ascii_nocase(name, S("content-disposition")))
        return m->part.name.len ? 400 : disposition_read(m, value);
    if (str_eq_ascii_nocase(name, S("content-type"))) {
        m->part.type = media_type(m->a, value);
        return str_starts(m->part.type, S("multipart/")) ? 400 : 0;   /* nested: RFC 7578 4.3 ended it */
    }
    if (str_eq_ascii_nocase(name, S("content-transfer-encoding")))
        return str_eq_ascii_nocase(value, S("binary")) || str_eq_ascii_nocase(value, S("8bit")) ||
                       str_eq_ascii_nocase(value, S("7bit")) ? 0 : 400;
    return 0;
}

static int part_begin(Multipart *m)
{
    if (++m->parts > (size_t)m->limits->form_fields)
        return 413;
    m->part    = (HttpPart){ 0 };
    m->is_file = false;
    Str rest   = { m->head.at, m->head.len - 2 };          /* without the empty line */
    while (rest.len) {
        size_t end;
        if (!str_find(rest, S("\r\n"), &end))
            return 400;
        StrPair p = str_cut(str_take(rest, end), ':');
        if (!p.head.len || p.head.len == end)
            return 400;
        for (size_t i = 0; i < p.head.len; i++)
            if (!token_byte(p.head.at[i]))
                return 400;
        for (size_t i = 0; i < p.tail.len; i++)
            if (((unsigned char)p.tail.at[i] < 0x20 && p.tail.at[i] != '\t') || p.tail.at[i] == 0x7F)
                return 400;
        int bad = part_field(m, p.head, str_trim(p.tail));
        if (bad)
            return bad;
        rest = str_skip(rest, end + 2);
    }
    if (!m->part.name.len)
        return 400;
    if (m->is_file && m->req->files.len >= (size_t)m->limits->files)
        return 413;
    crypto_hash_sha256_init(&m->sum);
    m->bytes = m->spare.at ? m->spare : buf_new(m->a, 64);
    m->spare = (Buf){ 0 };
    return 0;
}

/* ---- Bytes of a part --------------------------------------------------------------------------- */

static int write_whole(int fd, Str s)
{
    while (s.len) {
        ssize_t n = write(fd, s.at, s.len);
        if (n < 0 && errno != EINTR)
            return 503;
        s = str_skip(s, n > 0 ? (size_t)n : 0);
    }
    return 0;
}

static int spill(Multipart *m)
{
    char *path = arena_c(m->a, str_concat(m->a, m->temp_dir.len ? m->temp_dir : S("/tmp"), S("/part-XXXXXX")));
    m->fd      = mkostemp(path, O_CLOEXEC);
    if (m->fd < 0)
        return 503;
    m->part.path                         = str_from_c(path);
    *list_add(m->a, &m->req->files) = m->part;             /* so that the file is removed whatever follows */
    int bad      = write_whole(m->fd, buf_str(&m->bytes));
    m->bytes.len = 0;
    m->spare     = m->bytes;
    return bad;
}

static int part_add(Multipart *m, Str s)
{
    m->part.size += (int64_t)s.len;
    if (!m->is_file && m->part.size > m->limits->value_bytes)
        return 400;
    if (m->part.size > m->limits->file_bytes)
        return 413;
    if (m->is_file)
        crypto_hash_sha256_update(&m->sum, (const unsigned char *)s.at, s.len);
    if (m->fd >= 0)
        return write_whole(m->fd, s);
    if (m->is_file && m->part.size > PART_IN_MEMORY) {
        int bad = spill(m);
        return bad ? bad : write_whole(m->fd, s);
    }
    buf_add(&m->bytes, s);
    return 0;
}

static int part_end(Multipart *m)
{
    if (m->is_file)
        crypto_hash_sha256_final(&m->sum, m->part.sum.at);
    if (m->fd >= 0) {
        int bad = close(m->fd) ? 503 : 0;
        m->fd   = -1;
        m->req->files.at[m->req->files.len - 1] = m->part;
        return bad;
    }
    m->part.bytes = buf_str(&m->bytes);
    if (!m->is_file) {
        if (m->part.bytes.len && (memchr(m->part.bytes.at, '\0', m->part.bytes.len) || !utf8_whole(m->part.bytes)))
            return 400;
        *list_add(m->a, &m->req->form) = (HttpField){ m->part.name, m->part.bytes };
    } else if (m->part.size || m->part.file_name.len) {    /* else: a file field left empty */
        *list_add(m->a, &m->req->files) = m->part;
    }
    return 0;
}

/* ---- The stream --------------------------------------------------------------------------------- */

/* Data and delimiter; returns a status and how many bytes were used. */
static int data_read(Multipart *m, Str s, size_t *out_used)
{
    size_t from = 0, i = 0;
    int    bad  = 0;
    while (i < s.len && m->matched < m->delimiter.len) {
        if (m->matched == 0) {
            const char *cr = memchr(s.at + i, '\r', s.len - i);
            i              = cr ? (size_t)(cr - s.at) : s.len;
            if (!cr)
                break;
            if (i > from && (bad = part_add(m, (Str){ s.at + from, i - from })))
                return bad;
            from       = ++i;
            m->matched = 1;
        } else if (s.at[i] == m->delimiter.at[m->matched]) {
            m->matched++;
            from = ++i;
        } else {
            if ((bad = part_add(m, str_take(m->delimiter, m->matched))))
                return bad;
            m->matched = 0;
            from       = i;
        }
    }
    *out_used = i;
    return i > from ? part_add(m, (Str){ s.at + from, i - from }) : 0;
}

/* Before the first boundary only an empty line may stand. */
static int preamble_byte(Multipart *m, char c)
{
    if (m->matched < m->delimiter.len && c == m->delimiter.at[m->matched])
        m->matched++;
    else if (c == '\r' && m->matched == 2 && m->state == PREAMBLE)
        m->matched = 1;
    else
        return 400;
    if (m->matched == m->delimiter.len)
        m->state = AFTER;
    return 0;
}

static int header_byte(Multipart *m, char c)
{
    if (m->head.len >= PART_HEAD_BYTES)
        return 400;
    buf_byte(&m->head, c);
    if (c != '\n')
        return 0;
    if (m->head.len < 2 || m->head.at[m->head.len - 2] != '\r')
        return 400;
    if (m->head.len != 2 && !(m->head.len > 3 && memcmp(m->head.at + m->head.len - 4, "\r\n\r\n", 4) == 0))
        return 0;
    m->state   = DATA;
    m->matched = 0;
    return part_begin(m);
}

static int mark_byte(Multipart *m, char c)
{
    switch (m->state) {
    case PREAMBLE:
        return preamble_byte(m, c);
    case AFTER:
        m->state = c == '-' ? AFTER_DASH : AFTER_LF;
        return c == '-' || c == '\r' ? 0 : 400;
    case AFTER_LF:
        m->state = HEADERS;
        if (!m->head.at)
            m->head = buf_new(m->a, 512);
        m->head.len = 0;
        return c == '\n' ? 0 : 400;
    case AFTER_DASH:
        m->state = EPILOGUE;
        m->done  = c == '-';
        return m->done ? 0 : 400;
    default:
        return header_byte(m, c);
    }
}

int multipart_read(Multipart *m, Str bytes)
{
    int bad = 0;
    while (bytes.len && !bad && m->state != EPILOGUE) {
        if (m->state != DATA) {
            bad   = mark_byte(m, bytes.at[0]);
            bytes = str_skip(bytes, 1);
            continue;
        }
        size_t used = 0;
        bad         = data_read(m, bytes, &used);
        bytes       = str_skip(bytes, used);
        if (!bad && m->matched == m->delimiter.len) {
            bad      = part_end(m);
            m->state = AFTER;
        }
    }
    return bad;
}

int multipart_end(Multipart *m)
{
    return m->done ? 0 : 400;
}

void multipart_close(Multipart *m)
{
    if (m->fd >= 0)
        close(m->fd);
    m->fd = -1;
}

void parts_sweep(Arena *a, Str temp_dir)
{
    DIR *d = opendir(arena_c(a, temp_dir));
    for (struct dirent *e; d && (e = readdir(d));)
        if (strncmp(e->d_name, "part-", 5) == 0)
            unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
}

void parts_remove(const HttpRequest *req)
{
    for (size_t i = 0; i < req->files.len; i++)
        if (req->files.at[i].path.len)
            unlink(req->files.at[i].path.at);
}
