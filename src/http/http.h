/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* HTTP/1.1 over libmicrohttpd: strict reading, limits, slow-client reaper, whole requests to workers. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/base.h"

typedef enum Method { METHOD_NONE, GET, HEAD, POST, PUT, DELETE, METHOD_OTHER } Method;
typedef struct HttpField { Str name, value; } HttpField;    /* header names lower case */
typedef LIST(HttpField) HttpFields;

/* One part of a multipart body. Large parts lie in a temporary file that ends with the request. */
typedef struct HttpPart { Str name, file_name, type, bytes; Str path; int64_t size; } HttpPart;

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
    int64_t id;               /* request id, shown on error pages and in logs */
} HttpRequest;

/* All but status may be left as it is. The body must live as long as the request's arena. */
typedef struct HttpResponse {
    int status;
    Str type;                 /* "text/html; charset=utf-8" */
    Str body;
    HttpFields headers;
    bool later;               /* the handler queued work; http_reply finishes the request */
    const struct SharedBody *shared;  /* cached bytes instead of body; reference counted */
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
} HttpTask;

typedef struct HttpLimits {   /* trust.md 4; zero fields take the defaults */
    int64_t line_bytes, header_bytes, header_fields, cookie_bytes, form_bytes, form_fields, value_bytes,
            file_bytes, request_bytes, files, connection_requests, header_ms, body_grace_ms, body_min_bytes_s,
            write_ms, connections, connections_per_address, arena_bytes, wall_ms, idle_ms;
} HttpLimits;

typedef struct HttpConfig {
    Str  listen;              /* "127.0.0.1:8080", "[::1]:8080" */
    int  io_threads, workers;
    HttpLimits limits;
    Str  temp_dir;
    StrList proxies, exempt, hosts;   /* trusted proxies; addresses without per-address limits; accepted Host names */
    /* Called on an io thread before a worker is taken: true when task->res is complete (a cached page). */
    bool (*fast)(void *app, HttpTask *task);
    void (*handle)(void *app, HttpTask *task);          /* on a worker */
    void *app;
} HttpConfig;

typedef struct HttpServer HttpServer;
MUST_USE Err http_start(Arena *a, const HttpConfig *config, HttpServer **out);
int  http_port(const HttpServer *s);
void http_reply(HttpTask *task);                        /* from any thread, once, when res.later was set */
void http_drain(HttpServer *s, int64_t ms);             /* no new connections; running requests are answered */
void http_stop(HttpServer *s);
typedef struct HttpStats { int64_t connections, requests, refused, timeouts; } HttpStats;
HttpStats http_stats(const HttpServer *s);

/* ---- Reading and answering ----------------------------------------------------------------- */
Str  http_field(const HttpFields *fields, Str name);    /* first value, or empty */
bool http_has(const HttpFields *fields, Str name);
void http_set(HttpTask *t, Str name, Str value);        /* response header; CR and LF are refused */
Str  url_encode(Arena *a, Str s);                       /* RFC 3986 unreserved stay */
bool url_decode(Arena *a, Str s, bool plus_is_space, Str *out);
MUST_USE Err url_form_parse(Arena *a, Str body, const HttpLimits *l, HttpFields *out);

#endif
