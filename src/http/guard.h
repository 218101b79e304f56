/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Readers of request bytes, without sockets: head, chunks, paths, cookies. Private to http/. Functions that say
 * "status" return 0 or the HTTP status to refuse with. */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "http/http.h"

/* Looks for the end of a head in bytes that arrive piece by piece; nothing is looked at twice. */
typedef struct HeadScan {
    size_t at, line;          /* looked at so far; start of the current line */
    size_t start, fields_at;  /* request line; first header line (0: not there yet) */
    int    fields;
} HeadScan;
/* *out_end is the length of the head with its empty line, 0 while it is not whole. Returns a status. */
int head_scan(HeadScan *s, Str bytes, const HttpLimits *l, size_t *out_end);

typedef struct Head {
    Method     method;
    Str        path, raw_query, host;    /* path decoded; host in lower case, with its port */
    HttpFields fields, query, cookies;
    int64_t    length;                   /* of the body; 0 when there is none, -1 when chunked */
    bool       close, expect;            /* the peer wants the connection closed; waits for 100 */
} Head;
/* Reads a whole head (request line to empty line). Copies what it keeps. Returns a status. */
int head_read(Arena *a, Str bytes, const HttpLimits *l, Head *out);

/* Chunked body, byte runs in any cut. Returns a status; *out_used bytes were read, *out_data is body (a slice of
 * bytes, perhaps empty). Call again with the rest until done is set or the bytes are used up. */
typedef struct Chunks {
    int      state;
    uint64_t left, most;                 /* of the current chunk; of the whole body: 413 beyond it */
    size_t   digits, extras, trailers;
    bool     done;
} Chunks;
int chunks_read(Chunks *c, Str bytes, size_t *out_used, Str *out_data);

int  hex_value(char c);                  /* 0–15, or -1 */
bool token_byte(char c);                 /* may stand in a header name */
bool utf8_whole(Str s);                  /* well formed, without surrogates and overlong forms */
/* Decodes once; refuses NUL, controls, "/" and "\" that were encoded, "." and ".." segments, and what is not UTF-8.
 * Runs of slashes become one, as in the proxies in front. Returns a status. */
int  path_read(Arena *a, Str raw, Str *out);
bool host_valid(Str host);               /* name, IPv4 or [IPv6], with an optional port */
void cookies_read(Arena *a, Str header, HttpFields *out);
Str  media_type(Arena *a, Str header);   /* in lower case without parameters */
/* 1: *out is the value of the parameter, unquoted; 0: not there; -1: malformed, or there twice. */
int  media_param(Arena *a, Str header, Str name, Str *out);

#endif
