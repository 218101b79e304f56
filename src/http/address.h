/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Network addresses: reading them, lists of prefixes, counting connections per client. Private to http/. */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include "http/http.h"

#include <pthread.h>
#include <sys/socket.h>

/* IPv4 stands as ::ffff:a.b.c.d, so that a client is the same on a dual listener. All zero: unknown. */
typedef struct Address { uint8_t at[16]; } Address;
typedef struct Prefix { Address address; int bits; } Prefix;
typedef LIST(Prefix) Prefixes;

#define ADDRESS_TEXT 46
Address address_of(const struct sockaddr_storage *s);
bool    address_parse(Str s, Address *out);              /* "10.1.2.3", "::1", "[::1]" */
Str     address_text(Address x, char room[ADDRESS_TEXT]);
bool    address_loopback(Address x);
MUST_USE Err prefixes_parse(Arena *a, const StrList *list, Prefixes *out);
bool    prefixes_hold(const Prefixes *list, Address x);

/* How many connections each client has; IPv6 clients count by /64. */
typedef struct Counted { Address key; int count; struct Counted *next; } Counted;
typedef struct PeerCounts { pthread_mutex_t lock; Counted *slots[1024]; } PeerCounts;
bool peer_add(PeerCounts *p, Address x, int64_t most);   /* false (not counted) at the limit */
void peer_drop(PeerCounts *p, Address x);
void peers_close(PeerCounts *p);

#endif
