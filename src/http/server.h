/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The moving parts: io threads own connections, workers own a request while its handler runs. Private to http/.
 *
 *   conn.c     one connection: bytes in, one request at a time, bytes out     (io thread)
 *   request.c  from a whole head to a whole request                           (io thread)
 *   reply.c    from a response to bytes                                       (io thread)
 *   io.c       waiting, accepting, deadlines                                  (io thread)
 *   server.c   start, workers, drain, stop */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/address.h"
#include "http/guard.h"
#include "http/multipart.h"

#include <stdatomic.h>

#define SCRATCH_BYTES 65536
#define POOL_TASKS    64       /* tasks kept by an io thread that rests */
#define POOL_CROWD    256      /* and by one with connections: mapping memory anew for each request is a tenth of a small answer's cost */

typedef struct Io Io;
typedef struct Conn Conn;

/* A request in flight and what the server keeps beside it. */
typedef struct Task {
    HttpTask     pub;          /* first: what the application sees */
    Arena        arena;
    Io          *io;
    Conn        *conn;         /* NULL once the connection has gone; read by the io thread only */
    _Atomic int  halves;       /* handler returned, reply made: the second of the two hands the task back */
    _Atomic bool abandoned;    /* nobody waits for the answer any more */
    struct Task *next;         /* in a queue */
    struct Task *prev_all, *next_all;
    HttpLimits   limits;
    Multipart    multipart;
    bool         is_multipart, chunked, close;
    int          fault;        /* the rest of the body is dropped: see HttpTask.keep_refused */
    int64_t      taken, most;  /* bytes of a chunked body so far, and how many may come */
    Chunks       chunks;
    int64_t      left;         /* bytes of the body to come, unless chunked */
    int64_t      body_ends;    /* when the whole body must be here */
    Buf          body;
    char         tail[80];     /* last header lines of a shared answer */
    char         last[320];    /* body of an answer when the arena is used up */
} Task;

typedef enum Phase {
    PHASE_IDLE, PHASE_HEAD, PHASE_BODY,      /* takes input */
    PHASE_HANDLE, PHASE_WRITE, PHASE_LINGER, PHASE_CLOSED
} Phase;

struct Conn {
    int       fd;
    Phase     phase;
    uint32_t  events;          /* what epoll watches */
    bool      counted, close_after, json;    /* json: the request line asks for something under json_under */
    int       requests;
    int64_t   deadline, linger_ends;
    Io       *io;
    Conn     *prev, *next;
    char     *held;            /* bytes read and not yet used; NULL while there are none */
    size_t    held_len, held_cap;
    HeadScan  scan;
    Task     *task;
    Str       out[3];          /* to be sent: two parts of the head, body */
    char     *note;            /* memory of an answer the server makes itself */
    int       file;            /* body as a file, or -1 */
    int64_t   file_left;
    Address   peer;
    char      peer_text[ADDRESS_TEXT];
};

struct Io {
    HttpServer *server;
    pthread_t   thread;
    int         epoll, wake;
    int64_t     now, due;      /* monotonic ms; no deadline lies before due */
    Conn       *conns, *dead;
    _Atomic int64_t open, requests, refused, timeouts, accept_tries, wakeups;
    bool        listening, draining;
    _Atomic bool parked;       /* no descriptor was free: accepting waits for a connection to close */
    int64_t     retry;         /* when a parked thread without connections tries again */
    jmp_buf     full;
    Task       *all, *pool;
    int         pooled;
    Task       *todo, **todo_last;     /* for the workers, at the end of this turn */
    pthread_mutex_t lock;      /* of done */
    Task       *done, **done_last;
    Arena       arena;         /* of date */
    int64_t     date_until;
    Str         date;
    char        scratch[SCRATCH_BYTES];
};

struct HttpServer {
    HttpConfig  config;
    HttpFields  busy_headers;          /* refusal_headers and when to come back */
    Prefixes    proxies, exempt;
    Arena       arena;
    int         listen, port;
    bool        listen_given;          /* the service manager's socket: it stays open when we go */
    _Atomic int drained;               /* io threads that accept no more */
    Io         *io;
    pthread_t  *workers;
    int         io_started, workers_started;
    pthread_mutex_t lock;      /* of queue */
    pthread_cond_t  more;
    Task       *queue, **queue_last;
    int         idle;          /* workers that wait */
    bool        stopping;      /* workers */
    _Atomic bool stop, drain;  /* io threads */
    PeerCounts  peers;
};

static inline const HttpLimits *limits_of(const Conn *c)
{
    return &c->io->server->config.limits;
}

/* conn.c */
void conn_open(Io *io, int fd, Address peer, bool counted);
void conn_event(Conn *c, uint32_t events);
void conn_answer(Conn *c);                  /* the task's response is complete */
void conn_refuse(Conn *c, int status);      /* the server's own answer; the connection closes after it */
void conn_late(Conn *c);                    /* the deadline has passed */
void conn_close(Conn *c);                   /* memory goes at the end of the io thread's turn */
void conn_resume(Conn *c);                  /* takes up what was read ahead */
void conn_until(Conn *c, int64_t ms);       /* sets the deadline, from now */

/* request.c */
void request_begin(Conn *c, Str head);
size_t body_take(Conn *c, Str in);          /* bytes used */

/* reply.c */
/* What of a file is sent: 200, 206 (size bytes from), 304 or 416. The status line is the caller's, the other lines file_part_write's. */
typedef struct FilePart { int status; int64_t from, size, whole; Str etag; } FilePart;
FilePart file_part(const HttpRequest *q, Str etag, int64_t whole);
void file_part_write(Buf *o, const FilePart *p);
bool etag_known(const HttpFields *headers, Str etag);    /* If-None-Match, by weak comparison */
int  reply_make(Conn *c);                   /* fills c->out from the task; a status when it cannot */
Str  reply_refusal(Io *io, int status, bool with_body, bool json);   /* from malloc; empty when there is no memory */
/* Type and body of such an answer: JSON, the configured page, or text written to room, which needs 320 bytes. */
typedef struct Refusal { Str type, body; } Refusal;
Refusal refusal_make(const HttpServer *s, int status, bool json, char *room, size_t n);
Str  io_date(Io *io);

/* io.c */
void *io_main(void *io);
void  io_wake(Io *io);
Task *task_take(Io *io);
void  task_drop(Task *t);                   /* back to the pool */
void  task_done(Task *t);                   /* from any thread: the response is complete */

/* server.c */
void  work_add(HttpServer *s, Task *first, Task **last);   /* a list; last is its open end */

#endif
