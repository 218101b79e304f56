/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* HTTP/1.1: strict reading, limits, slow-client reaper, whole requests to workers. docs/adr/0004-http.md
 * says why the reader is our own. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/base.h"

typedef enum Method { METHOD_NONE, GET, HEAD, POST, PUT, DELETE, METHOD_OTHER } Method;
typedef struct HttpField { Str name, value; } HttpField;    /* header names lower case */
typedef LIST(HttpField) HttpFields;

/* One part of a multipart body. Large parts lie in a temporary file that ends with the request. */
typedef struct HttpPart { Str name, file_name, type, bytes; Str path; int64_t size; Sha256 sum; } HttpPart;   /* sum: of a file's bytes */

typedef struct HttpRequest {
    Method method;
    Str    path;              /* percent-decoded once, valid UTF-8, no "..", starts with '/' */
    Str    raw_query;
    HttpFields query, headers, cookies, form;   /* form: urlencoded or text parts of multipart */
    LIST(HttpPart) files;
    Str    body;              /* whole body for other media types */
    Str    content_type;      /* lower case, without parameters */
    Str    host, client;      /* client: address after trusted proxies */
    bool   https;
    bool   forwarded_ignored; /* a forwarded header came from a loopback peer that is no configured proxy */
    int body_fault;           /* why the body was not taken (400, 413, 415, 503); only where admit set keep_refused */
    int64_t id;               /* request id, shown on error pages and in logs */
} HttpRequest;

/* All but status may be left as it is. The body must live as long as the request's arena. Content-Length,
 * Date, Connection and Transfer-Encoding are the server's. */
typedef struct HttpResponse {
    int status;
    Str type;                 /* "text/html; charset=utf-8" */
    Str body;
    HttpFields headers;
    Str file;                 /* instead of body: the path of a file, sent as it is */
    bool later;               /* the handler queued work; http_reply finishes the request and leaves this set */
    const struct SharedBody *shared;  /* cached bytes instead of body; the response takes over one reference */
} HttpResponse;

/* Immutable bytes shared by many responses (cached pages, assets): plain and gzip. */
typedef struct SharedBody { _Atomic int refs; Str plain, gzip; Str type, etag; HttpFields headers; } SharedBody;
SharedBody *shared_body_new(Str plain, Str gzip, Str type, const HttpFields *headers); /* copies; refs = 1 */
void shared_body_keep(const SharedBody *b);
void shared_body_drop(const SharedBody *b);

/* One request in flight; owns an arena until it is answered. */
typedef struct HttpTask {
    HttpRequest  req;
    HttpResponse res;
    Arena       *arena;
    void        *own;         /* the application's */
    /* Set by admit: a body that is too large or malformed is read to its end and dropped, and the handler answers
     * (req.body_fault), for clients that read no answer before they have sent everything. */
    bool         keep_refused;
} HttpTask;

typedef struct HttpLimits {   /* README.md lists them; zero fields take the defaults */
    int64_t line_bytes, header_bytes, header_fields, cookie_bytes, form_bytes, form_fields, value_bytes,
            file_bytes, request_bytes, files, connection_requests, header_ms, body_grace_ms, body_min_bytes_s,
            write_ms, connections, connections_per_address, arena_bytes, wall_ms, upload_ms, idle_ms;
} HttpLimits;

/* What the server itself tells a person, by status; status 0: every other. Self-contained: no further address need answer. */
typedef struct HttpPage { int status; Str html; } HttpPage;
typedef LIST(HttpPage) HttpPages;

typedef struct HttpConfig {
    Str  listen;              /* "127.0.0.1:8080", "[::1]:8080" */
    int  io_threads, workers;
    HttpLimits limits;
    Str  temp_dir;            /* of this server alone: files left by a killed one are deleted at the start; empty: /tmp */
    /* Addresses or prefixes ("10.0.0.0/8"): trusted proxies, and peers without a limit of connections: loopback
     * when the list is empty, nobody when it holds "none". hosts: accepted Host names, with a port or without;
     * localhost, 127.0.0.1 and [::1] always are; empty: all. */
    StrList proxies, exempt, hosts;
    HttpFields refusal_headers;       /* headers of the answers the server makes itself (400, 413, 503 …) */
    HttpPages  refusal_pages;         /* their bodies; empty: lines of plain text */
    Str  json_under;          /* "/api/": below it these answers are {"errors":[{"reason":"…"}]}; empty: nowhere */
    /* Called on an io thread once the head is read, before the body: may change the limits of this request (by
     * path), or refuse it by setting res.status, without reading the body. May be NULL. */
    void (*admit)(void *app, HttpTask *task, HttpLimits *limits);
    /* Called on an io thread before a worker is taken: true when task->res is complete (a cached page). May be
     * NULL. */
    bool (*fast)(void *app, HttpTask *task);
    void (*handle)(void *app, HttpTask *task);          /* on a worker */
    void *app;
} HttpConfig;

typedef struct HttpServer HttpServer;
MUST_USE Err http_start(Arena *a, const HttpConfig *config, HttpServer **out);
int  http_port(const HttpServer *s);
void http_reply(HttpTask *task);                        /* from any thread, once, when res.later was set */
void http_drain(HttpServer *s, int64_t ms);             /* no new connections; running requests are answered */
void http_stop(HttpServer *s);                          /* nobody may call http_reply after this */
/* connections: open now. refused: answered by the guard or turned away. timeouts: too slow, or over the wall limit.
 * accept_tries: calls of accept; stands still while no descriptor is free. wakeups: of all io threads. */
typedef struct HttpStats { int64_t connections, requests, refused, timeouts, accept_tries, wakeups; } HttpStats;
HttpStats http_stats(const HttpServer *s);

/* ---- Reading and answering ----------------------------------------------------------------- */
Str  http_field(const HttpFields *fields, Str name);    /* first value, or empty */
bool http_has(const HttpFields *fields, Str name);
/* Response header; one of the same name is replaced, except Set-Cookie. CR and LF, and the headers that are the
 * server's, are refused: nothing is set. */
void http_set(HttpTask *t, Str name, Str value);
void http_limits_default(HttpLimits *l);                /* fills the zero fields */
/* Does the address lie in one of the listed addresses and networks ("10.0.0.0/8")? False when the list is no list of these. */
bool http_listed(Arena scratch, const StrList *list, Str address);
/* What is kept of a file name: the last part of a path, without controls and marks that turn the reading direction,
 * at most 255 bytes, cut at a character before the extension. */
Str  file_name_clean(Arena *a, Str name);
Str  url_encode(Arena *a, Str s);                       /* RFC 3986 unreserved stay */
bool url_decode(Arena *a, Str s, bool plus_is_space, Str *out);
MUST_USE Err url_form_parse(Arena *a, Str body, const HttpLimits *l, HttpFields *out);

#endif
