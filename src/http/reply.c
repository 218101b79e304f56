/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a response to bytes, and bodies shared by many responses. */
#include "http/server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct { int status; Str text; } reasons[] = {
    { 200, S_INIT("OK") }, { 201, S_INIT("Created") }, { 202, S_INIT("Accepted") }, { 204, S_INIT("No Content") },
    { 206, S_INIT("Partial Content") },
    { 301, S_INIT("Moved Permanently") }, { 302, S_INIT("Found") }, { 303, S_INIT("See Other") },
    { 304, S_INIT("Not Modified") }, { 307, S_INIT("Temporary Redirect") }, { 308, S_INIT("Permanent Redirect") },
    { 400, S_INIT("Bad Request") }, { 401, S_INIT("Unauthorized") }, { 403, S_INIT("Forbidden") },
    { 404, S_INIT("Not Found") }, { 405, S_INIT("Method Not Allowed") }, { 406, S_INIT("Not Acceptable") },
    { 408, S_INIT("Request Timeout") }, { 409, S_INIT("Conflict") }, { 410, S_INIT("Gone") },
    { 411, S_INIT("Length Required") }, { 413, S_INIT("Content Too Large") }, { 414, S_INIT("URI Too Long") },
    { 415, S_INIT("Unsupported Media Type") }, { 416, S_INIT("Range Not Satisfiable") }, { 417, S_INIT("Expectation Failed") },
    { 421, S_INIT("Misdirected Request") }, { 422, S_INIT("Unprocessable Content") },
    { 429, S_INIT("Too Many Requests") }, { 431, S_INIT("Request Header Fields Too Large") },
    { 500, S_INIT("Internal Server Error") }, { 501, S_INIT("Not Implemented") },
    { 503, S_INIT("Service Unavailable") }, { 505, S_INIT("HTTP Version Not Supported") },
};

static Str reason(int status)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].text;
    return S("");
}

Str io_date(Io *io)
{
    if (io->now >= io->date_until) {
        Time t = time_now();
        arena_reset(&io->arena, 4096);
        io->date       = time_http(&io->arena, t);
        io->date_until = io->now + 1000 - t.ms % 1000;
    }
    return io->date;
}

static Str page_for(const HttpPages *pages, int status)
{
    for (size_t i = 0; i < pages->len; i++)
        if (pages->at[i].status == status || pages->at[i].status == 0)
            return pages->at[i].html;
    return S("");
}

/* The reason phrases hold no letter that JSON writes otherwise. */
Refusal refusal_make(const HttpServer *s, int status, bool json, char *room, size_t n)
{
    Str text = reason(status), page = page_for(&s->config.refusal_pages, status);
    if (!json && page.len)
        return (Refusal){ S("text/html; charset=utf-8"), page };
    int len = json ? snprintf(room, n, "{\"errors\":[{\"reason\":\"%.*s\"}]}\n", STR_ARG(text))
                   : snprintf(room, n, "%d %.*s\n", status, STR_ARG(text));
    return (Refusal){ json ? S("application/json") : S("text/plain; charset=utf-8"),
                      { room, len > 0 && (size_t)len < n ? (size_t)len : 0 } };
}

Str reply_refusal(Io *io, int status, bool with_body, bool json)
{
    char    body[320];
    Refusal r = refusal_make(io->server, status, json, body, sizeof body);
    const HttpFields *more = &io->server->config.refusal_headers;
    Str    text = reason(status), date = io_date(io);
    size_t room = 512 + r.body.len;
    for (size_t i = 0; i < more->len; i++)
        room += more->at[i].name.len + more->at[i].value.len + 4;
    char *at = malloc(room);
    if (!at)
        return S("");
    const char *own = status == 405   ? "Allow: GET, HEAD, POST, PUT, DELETE\r\n"
                      : status == 503 ? "Retry-After: 5\r\n" : "";
    size_t      n   = (size_t)snprintf(at, room,
                                       "HTTP/1.1 %d %.*s\r\nDate: %.*s\r\nContent-Type: %.*s\r\n"
                                       "Content-Length: %zu\r\nConnection: close\r\n%s",
                                       status, STR_ARG(text), STR_ARG(date), STR_ARG(r.type), r.body.len, own);
    for (size_t i = 0; i < more->len; i++)
        n += (size_t)snprintf(at + n, room - n, "%.*s: %.*s\r\n", STR_ARG(more->at[i].name),
                              STR_ARG(more->at[i].value));
    n += (size_t)snprintf(at + n, room - n, "\r\n");
    if (with_body)
        n += (size_t)snprintf(at + n, room - n, "%.*s", STR_ARG(r.body));
    return (Str){ at, n };
}

/* ---- What the client takes ------------------------------------------------------------------------- */

static bool takes_gzip(const HttpFields *headers)
{
    for (Str rest = http_field(headers, S("accept-encoding")); rest.len;) {
        StrPair p = str_cut(rest, ','), q = str_cut(p.head, ';');
        double  weight;
        rest = p.tail;
        if (!str_eq_ascii_nocase(str_trim(q.head), S("gzip")))
            continue;
        Str value = str_trim(q.tail);
        return !str_starts(value, S("q=")) || (str_to_f64(str_skip(value, 2), &weight) && weight > 0);
    }
    return false;
}

/* Weak comparison (RFC 9110 13.1.2). */
bool etag_known(const HttpFields *headers, Str etag)
{
    for (Str rest = http_field(headers, S("if-none-match")); rest.len;) {
        StrPair p   = str_cut(rest, ',');
        Str     tag = str_trim(p.head);
        rest        = p.tail;
        if (str_eq(tag, S("*")))
            return true;
        if (str_starts(tag, S("W/")))
            tag = str_skip(tag, 2);
        if (str_eq(tag, str_starts(etag, S("W/")) ? str_skip(etag, 2) : etag))
            return true;
    }
    return false;
}

/* ---- Shared bodies ---------------------------------------------------------------------------------- */

/* The head of each form is written once; Date and Connection follow it. */
typedef struct SharedFull { SharedBody pub; Arena arena; Str head, head_gzip, head_same; } SharedFull;

static Str shared_head(Arena *a, const SharedBody *b, Str line, Str coding, size_t length, bool body)
{
    Buf o = buf_new(a, 512);
    buf_fmt(&o, "HTTP/1.1 %.*s\r\nETag: %.*s\r\n", STR_ARG(line), STR_ARG(b->etag));
    if (body)
        buf_fmt(&o, "Content-Type: %.*s\r\nContent-Length: %zu\r\n%.*s", STR_ARG(b->type), length, STR_ARG(coding));
    if (b->gzip.len)
        buf_lit(&o, "Vary: Accept-Encoding\r\n");
    for (size_t i = 0; i < b->headers.len; i++)
        buf_fmt(&o, "%.*s: %.*s\r\n", STR_ARG(b->headers.at[i].name), STR_ARG(b->headers.at[i].value));
    return buf_str(&o);
}

SharedBody *shared_body_new(Str plain, Str gzip, Str type, const HttpFields *headers)
{
    size_t more = 0, count = headers ? headers->len : 0;
    for (size_t i = 0; i < count; i++)
        more += 64 + headers->at[i].name.len + headers->at[i].value.len;
    Arena       a = arena_open(plain.len + gzip.len + 10 * more + 3 * type.len + 16384);
    SharedFull *f = arena_new(&a, SharedFull, 1);
    SharedBody *b = &f->pub;
    *b = (SharedBody){ .refs = 1, .plain = arena_str(&a, plain), .gzip = arena_str(&a, gzip) };
    b->type = arena_str(&a, type);
    b->etag = arena_fmt(&a, "W/\"%.*s\"", STR_ARG(str_take(sha256_hex(&a, plain), 32)));
    for (size_t i = 0; i < count; i++)
        *list_add(&a, &b->headers) =
            (HttpField){ arena_str(&a, headers->at[i].name), arena_str(&a, headers->at[i].value) };
    f->head      = shared_head(&a, b, S("200 OK"), S(""), plain.len, true);
    f->head_gzip = shared_head(&a, b, S("200 OK"), S("Content-Encoding: gzip\r\n"), gzip.len, true);
    f->head_same = shared_head(&a, b, S("304 Not Modified"), S(""), 0, false);
    f->arena     = a;
    return b;
}

void shared_body_keep(const SharedBody *b)
{
    atomic_fetch_add_explicit((_Atomic int *)(uintptr_t)&b->refs, 1, memory_order_relaxed);
}

void shared_body_drop(const SharedBody *b)
{
    if (atomic_fetch_sub_explicit((_Atomic int *)(uintptr_t)&b->refs, 1, memory_order_acq_rel) != 1)
        return;
    Arena a = ((const SharedFull *)b)->arena;     /* a copy: the arena holds itself */
    arena_close(&a);
}

/* ---- Heads ------------------------------------------------------------------------------------------ */

/* tagged: an ETag stands in the head already, and two of them name no bytes at all. */
static void headers_write(Buf *o, const HttpFields *headers, bool tagged)
{
    for (size_t i = 0; i < headers->len; i++) {
        if (tagged && str_eq_ascii_nocase(headers->at[i].name, S("etag")))
            continue;
        buf_add(o, headers->at[i].name);
        buf_lit(o, ": ");
        buf_add(o, headers->at[i].value);
        buf_lit(o, "\r\n");
    }
}

static void tail_write(Io *io, Buf *o, bool close)
{
    buf_lit(o, "Date: ");
    buf_add(o, io_date(io));
    if (close)
        buf_lit(o, "\r\nConnection: close");
    buf_lit(o, "\r\n\r\n");
}

static void shared_make(Conn *c)
{
    Task             *t = c->task;
    const SharedFull *f = (const SharedFull *)t->pub.res.shared;
    bool same = etag_known(&t->pub.req.headers, f->pub.etag);
    bool zip  = !same && f->pub.gzip.len && takes_gzip(&t->pub.req.headers);
    Buf  tail = { .a = &t->arena, .at = t->tail, .cap = sizeof t->tail };
    c->out[0] = same ? f->head_same : zip ? f->head_gzip : f->head;
    headers_write(&tail, &t->pub.res.headers, true);
    tail_write(c->io, &tail, c->close_after);
    c->out[1] = buf_str(&tail);
    if (!same && t->pub.req.method != HEAD)
        c->out[2] = zip ? f->pub.gzip : f->pub.plain;
}

/* A handler's own; names of a response are written as handlers like. */
static Str own_etag(const HttpFields *headers)
{
    for (size_t i = 0; i < headers->len; i++)
        if (str_eq_ascii_nocase(headers->at[i].name, S("etag")))
            return headers->at[i].value;
    return S("");
}

/* A file of ours is written once or replaced whole: size and moment of the change name its bytes. */
static int file_open(Conn *c, Str path, FilePart *out)
{
    struct stat st;
    c->file = open(arena_c(&c->task->arena, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (c->file < 0 || fstat(c->file, &st) || !S_ISREG(st.st_mode))
        return 500;
    HttpTask *t    = &c->task->pub;
    Str       etag = own_etag(&t->res.headers);
    if (!etag.len)
        etag = arena_fmt(&c->task->arena, "\"%llx-%llx\"", (unsigned long long)st.st_size,
                         (unsigned long long)st.st_mtim.tv_sec * 1000000000 + (unsigned long long)st.st_mtim.tv_nsec);
    bool pieces = t->res.status == 200 && (t->req.method == GET || t->req.method == HEAD);
    *out = pieces ? file_part(&t->req, etag, st.st_size) : (FilePart){ .status = t->res.status, .size = st.st_size };
    return lseek(c->file, out->from, SEEK_SET) == out->from ? 0 : 500;
}

int reply_make(Conn *c)
{
    Task         *t = c->task;
    HttpResponse *r = &t->pub.res;
    bool          head = t->pub.req.method == HEAD, get = head || t->pub.req.method == GET;
    if (r->shared && get && (r->status == 200 || r->status == 0)) {
        shared_make(c);
        return 0;
    }
    Str     body = r->shared ? r->shared->plain : r->body;
    Str     type = r->type.len || !r->shared ? r->type : r->shared->type;
    FilePart part = { .status = r->status, .size = (int64_t)body.len };
    if (r->status < 200 || r->status > 599 || (r->file.len && file_open(c, r->file, &part)))
        return 500;
    bool empty = part.status == 204 || part.status == 304;
    Buf  o     = buf_new(&t->arena, 1024);
    buf_fmt(&o, "HTTP/1.1 %d %.*s\r\n", part.status, STR_ARG(reason(part.status)));
    if (!empty)
        buf_fmt(&o, "Content-Length: %lld\r\n", (long long)part.size);
    if (part.etag.len)
        file_part_write(&o, &part);
    if (type.len && !empty)
        headers_write(&o, &(HttpFields){ .at = &(HttpField){ S("Content-Type"), type }, .len = 1 }, false);
    if (r->shared)
        headers_write(&o, &r->shared->headers, part.etag.len);
    headers_write(&o, &r->headers, part.etag.len);
    tail_write(c->io, &o, c->close_after);
    c->out[0]    = buf_str(&o);
    c->file_left = r->file.len && !head && !empty ? part.size : 0;
    c->out[2]    = head || empty || r->file.len ? S("") : body;
    return 0;
}
