/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A server on a free port and a raw client, for the tests of http/. */
#ifndef HTTP_TESTS_CLIENT_H
#define HTTP_TESTS_CLIENT_H

#include "base/test.h"
#include "http/http.h"

/* Starts on 127.0.0.1 with test_app as handler; NULL after a failed check. */
HttpServer *test_server(Arena *a, HttpConfig config);
int  client_open(const HttpServer *s);
void client_send(int fd, Str bytes);
/* Everything until the server closes, or until nothing has come for a second. */
Str  client_rest(Arena *a, int fd);
bool client_at_end(int fd);              /* the server has closed its side (waits for it, at most 5 s) */
/* One whole answer (by its Content-Length); empty when the connection ends first. */
Str  client_answer(Arena *a, int fd, bool head_only);
int  answer_status(Str answer);          /* 0 when there is none */
Str  answer_field(Str answer, Str name); /* of the head, exact spelling; empty when missing */
Str  answer_body(Str answer);
size_t answer_count(Str answers);        /* how many status lines */
/* Sends bytes on a fresh connection, shuts the sending side, and reads to the end. */
Str  exchange(Arena *a, const HttpServer *s, Str bytes);

/* The handler: /echo answers with what was read, one "key=value" a line; /later from another thread; /slow after
 * 300 ms; /big 4 MB; /fast from the io thread's hook as a shared body; anything else 404. */
void test_app(void *app, HttpTask *t);
bool test_fast(void *app, HttpTask *t);

#endif
