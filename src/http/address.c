/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Addresses of peers. */
#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };

Address address_of(const struct sockaddr_storage *s)
{
    Address x = { 0 };
    if (s->ss_family == AF_INET) {
        memcpy(x.at, mapped, 12);
        memcpy(x.at + 12, &((const struct sockaddr_in *)s)->sin_addr, 4);
    } else if (s->ss_family == AF_INET6) {
        memcpy(x.at, &((const struct sockaddr_in6 *)s)->sin6_addr, 16);
    }
    return x;
}

bool address_parse(Str s, Address *out)
{
    char    text[64];
    Address x;
    if (s.len >= 2 && s.at[0] == '[' && s.at[s.len - 1] == ']')
        s = (Str){ s.at + 1, s.len - 2 };
    if (s.len == 0 || s.len >= sizeof text || memchr(s.at, '\0', s.len))
        return false;
    memcpy(text, s.at, s.len);
    text[s.len] = '\0';
    if (inet_pton(AF_INET6, text, x.at) != 1) {
        if (inet_pton(AF_INET, text, x.at + 12) != 1)
            return false;
        memcpy(x.at, mapped, 12);
    }
    *out = x;
    return true;
}

Str address_text(Address x, char room[ADDRESS_TEXT])
{
    bool v4 = memcmp(x.at, mapped, 12) == 0;
    return str_from_c(inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? x.at + 12 : x.at, room, ADDRESS_TEXT));
}

bool address_loopback(Address x)
{
    static const uint8_t six[16] = { [15] = 1 };
    return memcmp(x.at, six, 16) == 0 || (memcmp(x.at, mapped, 12) == 0 && x.at[12] == 127);
}

Err prefixes_parse(Arena *a, const StrList *list, Prefixes *out)
{
    for (size_t i = 0; i < list->len; i++) {
        StrPair p = str_cut(list->at[i], '/');
        Prefix  x = { .bits = 128 };
        int64_t bits;
        if (str_eq(list->at[i], S("none")))
            continue;
        if (!address_parse(p.head, &x.address))
            return err_fmt(a, ERR_CONFIG, "not an address: %.*s", STR_ARG(list->at[i]));
        if (p.head.len < list->at[i].len) {
            bool v4 = memcmp(x.address.at, mapped, 12) == 0 && !str_has(p.head, S(":"));
            if (!str_to_i64(p.tail, &bits) || bits < 0 || bits > (v4 ? 32 : 128))
                return err_fmt(a, ERR_CONFIG, "not a prefix: %.*s", STR_ARG(list->at[i]));
            x.bits = (int)bits + (v4 ? 96 : 0);
        }
        *list_add(a, out) = x;
    }
    return OK;
}

static bool under(const Prefix *p, Address x)
{
    int whole = p->bits / 8, rest = p->bits % 8;
    if (memcmp(p->address.at, x.at, (size_t)whole) != 0)
        return false;
    return rest == 0 || ((p->address.at[whole] ^ x.at[whole]) >> (8 - rest)) == 0;
}

bool prefixes_hold(const Prefixes *list, Address x)
{
    for (size_t i = 0; i < list->len; i++)
        if (under(&list->at[i], x))
            return true;
    return false;
}

/* ---- Connections per client ---------------------------------------------------------------------- */

static Address client_key(Address x)
{
    if (memcmp(x.at, mapped, 12) != 0)
        memset(x.at + 8, 0, 8);
    return x;
}

static Counted **slot_of(PeerCounts *p, Address key)
{
    Counted **at = &p->slots[str_hash((Str){ (const char *)key.at, 16 }) % COUNT_OF(p->slots)];
    while (*at && memcmp((*at)->key.at, key.at, 16) != 0)
        at = &(*at)->next;
    return at;
}

bool peer_add(PeerCounts *p, Address x, int64_t most)
{
    Address key = client_key(x);
    bool    ok  = false;
    pthread_mutex_lock(&p->lock);
    Counted **at = slot_of(p, key);
    if (!*at && (*at = calloc(1, sizeof **at)))
        (*at)->key = key;
    if (*at && (ok = (*at)->count < most))
        (*at)->count++;
    pthread_mutex_unlock(&p->lock);
    return ok;
}

void peer_drop(PeerCounts *p, Address x)
{
    pthread_mutex_lock(&p->lock);
    Counted **at = slot_of(p, client_key(x)), *found = *at;
    if (found && --found->count == 0) {
        *at = found->next;
        free(found);
    }
    pthread_mutex_unlock(&p->lock);
}

void peers_close(PeerCounts *p)
{
    for (size_t i = 0; i < COUNT_OF(p->slots); i++)
        for (Counted *c = p->slots[i], *next; c; c = next) {
            next = c->next;
            free(c);
        }
}

bool http_listed(Arena scratch, const StrList *list, Str address)
{
    Address  x;
    Prefixes prefixes = { 0 };
    return address_parse(address, &x) && prefixes_parse(&scratch, list, &prefixes) == OK && prefixes_hold(&prefixes, x);
}
