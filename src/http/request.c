/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a whole head to a whole request: who asks, under which host, with which body; then to the fast hook or a
 * worker. */
#include "http/server.h"

/* ---- Who asks -------------------------------------------------------------------------------------- */

/* "10.0.0.1", "10.0.0.1:123", "[::1]:123". */
static bool hop_parse(Str hop, Address *out)
{
    hop = str_trim(hop);
    if (address_parse(hop, out))
        return true;
    StrPair p = str_cut_last(hop, ':');
    return p.head.len < hop.len && address_parse(p.head, out);
}

/* The right-most hop that is no proxy of ours. What stands left of it anybody could have written. */
static Str client_of(const HttpServer *s, Arena *a, const HttpFields *headers, Address peer, Str peer_text)
{
    Address client = peer;
    for (size_t i = headers->len; i > 0; i--) {
        if (!str_eq(headers->at[i - 1].name, S("x-forwarded-for")))
            continue;
        for (Str rest = headers->at[i - 1].value; rest.len;) {
            StrPair p   = str_cut_last(rest, ',');
            Str     hop = p.head.len < rest.len ? p.tail : rest;
            Address x;
            if (!prefixes_hold(&s->proxies, client) || !hop_parse(hop, &x))
                goto found;
            client = x;
            rest   = p.head.len < rest.len ? p.head : S("");
        }
    }
found:
    if (memcmp(&client, &peer, sizeof peer) == 0)
        return peer_text;
    char room[ADDRESS_TEXT];
    return arena_str(a, address_text(client, room));
}

static Str last_value(const HttpFields *headers, Str name)
{
    Str found = S("");
    for (size_t i = 0; i < headers->len; i++)
        if (str_eq(headers->at[i].name, name))
            found = headers->at[i].value;
    StrPair p = str_cut_last(found, ',');
    return str_trim(p.head.len < found.len ? p.tail : found);
}

static void forwarded_read(const HttpServer *s, const Conn *c, Task *t)
{
    HttpRequest *r = &t->pub.req;
    r->client      = str_from_c(c->peer_text);
    if (prefixes_hold(&s->proxies, c->peer)) {
        Str host  = last_value(&r->headers, S("x-forwarded-host"));
        r->client = client_of(s, &t->arena, &r->headers, c->peer, r->client);
        r->https  = str_eq_ascii_nocase(last_value(&r->headers, S("x-forwarded-proto")), S("https"));
        if (host_valid(host))
            r->host = str_lower_ascii(&t->arena, host);
    } else if (address_loopback(c->peer)) {
        r->forwarded_ignored = http_has(&r->headers, S("x-forwarded-for")) ||
                               http_has(&r->headers, S("x-forwarded-proto")) ||
                               http_has(&r->headers, S("x-forwarded-host"));
    }
}

static bool host_known(const HttpServer *s, Str host)
{
    bool six  = host.len && host.at[0] == '[';
    Str  name = six ? str_take(host, str_cut(host, ']').head.len + 1) : str_cut(host, ':').head;
    if (!s->config.hosts.len || !host.len || str_eq(name, S("localhost")) || str_eq(name, S("127.0.0.1")) ||
        str_eq(name, S("[::1]")))
        return true;
    for (size_t i = 0; i < s->config.hosts.len; i++)
        if (str_eq_ascii_nocase(s->config.hosts.at[i], host) || str_eq_ascii_nocase(s->config.hosts.at[i], name))
            return true;
    return false;
}

/* ---- Body ------------------------------------------------------------------------------------------ */

static void dispatch(Conn *c)
{
    HttpServer *s = c->io->server;
    Task       *t = c->task;
    atomic_fetch_add_explicit(&c->io->requests, 1, memory_order_relaxed);
    if (s->config.fast && s->config.fast(s->config.app, &t->pub)) {
        conn_answer(c);
        return;
    }
    c->phase = PHASE_HANDLE;
    conn_until(c, t->is_multipart ? t->limits.upload_ms : t->limits.wall_ms);
    *c->io->todo_last = t;
    c->io->todo_last  = &t->next;
}

/* Says whether the handler answers for a body that cannot be taken; what is left of it is then dropped. */
static bool fault_kept(Task *t, int bad)
{
    if (!t->pub.keep_refused || bad == 408)
        return false;
    t->fault = bad;
    t->body  = (Buf){ .a = &t->arena };
    if (t->is_multipart)
        multipart_close(&t->multipart);
    return true;
}

static void body_end(Conn *c)
{
    Task        *t = c->task;
    HttpRequest *r = &t->pub.req;
    int          bad = 0;
    if (t->fault) {
        r->body_fault = t->fault;
    } else if (t->is_multipart) {
        bad = multipart_end(&t->multipart);
    } else if (str_eq(r->content_type, S("application/x-www-form-urlencoded"))) {
        Err e = url_form_parse(&t->arena, buf_str(&t->body), &t->limits, &r->form);
        bad   = !e ? 0 : err_is(e, ERR_TOO_LARGE) ? 413 : 400;
    } else {
        r->body = buf_str(&t->body);
    }
    if (bad && fault_kept(t, bad))
        r->body_fault = bad;
    else if (bad) {
        conn_refuse(c, bad);
        return;
    }
    dispatch(c);
}

static int body_add(Task *t, Str data)
{
    t->taken += (int64_t)data.len;
    if (t->taken > t->most)
        return 413;
    if (t->is_multipart)
        return multipart_read(&t->multipart, data);
    buf_add(&t->body, data);
    return 0;
}

size_t body_take(Conn *c, Str in)
{
    Task  *t    = c->task;
    size_t used = in.len < (size_t)t->left ? in.len : (size_t)t->left;
    Str    data = str_take(in, used);
    int    bad  = 0;
    if (t->chunked) {
        bad = chunks_read(&t->chunks, in, &used, &data);
        if (bad && fault_kept(t, bad)) {       /* where the next request begins is not known any more */
            t->close = true;
            body_end(c);
            return in.len;
        }
    } else {
        t->left -= (int64_t)used;
    }
    if (!bad && data.len && !t->fault)
        bad = body_add(t, data);
    if (bad && fault_kept(t, bad))
        bad = 0;
    if (!bad && c->io->now > t->body_ends)
        bad = 408;
    if (bad) {
        conn_refuse(c, bad);
        return in.len;
    }
    if (t->chunked ? t->chunks.done : t->left == 0)
        body_end(c);
    return used;
}

/* Whether the body that the head announces is let in. */
static int body_begin(Conn *c, const Head *h)
{
    Task        *t = c->task;
    HttpRequest *r = &t->pub.req;
    Str          type = http_field(&r->headers, S("content-type"));
    Str          coding = http_field(&r->headers, S("content-encoding"));
    r->content_type = media_type(&t->arena, type);
    bool    parts   = h->length != 0 && str_eq(r->content_type, S("multipart/form-data"));
    int64_t most    = parts ? t->limits.request_bytes : t->limits.form_bytes;
    t->chunks.most  = t->pub.keep_refused ? UINT64_MAX : (uint64_t)most;
    t->most         = most;
    t->chunked      = h->length < 0;
    t->left         = h->length > 0 ? h->length : 0;
    t->body_ends    = c->io->now + t->limits.upload_ms;
    t->body         = (Buf){ .a = &t->arena };
    if (h->length > most)
        return 413;
    if (h->length != 0 && coding.len && !str_eq_ascii_nocase(coding, S("identity")))
        return 415;
    if (!parts)
        return 0;
    t->is_multipart = true;                     /* from here on there is something to close */
    return multipart_open(&t->multipart, &t->arena, r, type, &t->limits, c->io->server->config.temp_dir);
}

/* ---- Head ------------------------------------------------------------------------------------------ */

static int request_fill(Conn *c, Task *t, Str bytes, Head *h)
{
    HttpServer  *s = c->io->server;
    HttpRequest *r = &t->pub.req;
    int          bad = head_read(&t->arena, bytes, &s->config.limits, h);
    if (bad)
        return bad;
    *r = (HttpRequest){ .method = h->method, .path = h->path, .raw_query = h->raw_query, .query = h->query,
                        .headers = h->fields, .cookies = h->cookies, .host = h->host, .id = id_new() };
    t->close = h->close;
    forwarded_read(s, c, t);
    if (!host_known(s, r->host))
        return 421;
    t->limits = s->config.limits;
    if (s->config.admit)
        s->config.admit(s->config.app, &t->pub, &t->limits);
    return t->pub.res.status;
}

void request_begin(Conn *c, Str bytes)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    Task *t = c->task = task_take(c->io);
    Head  h;
    if (!t) {
        conn_refuse(c, 503);
        return;
    }
    t->conn = c;
    c->requests++;
    int bad = request_fill(c, t, bytes, &h);
    if (!bad) {
        bad = body_begin(c, &h);
        if (bad && fault_kept(t, bad))
            bad = 0;
    }
    if (bad) {
        conn_refuse(c, bad);
        return;
    }
    if (h.length == 0) {
        dispatch(c);
        return;
    }
    c->phase = PHASE_BODY;
    conn_until(c, t->limits.body_grace_ms);
    const ssize_t all = sizeof go_on - 1;
    if (h.expect && send(c->fd, go_on, (size_t)all, MSG_NOSIGNAL | MSG_DONTWAIT) != all)
        conn_close(c);                          /* nothing was under way: a peer that takes no 25 bytes is gone */
}
