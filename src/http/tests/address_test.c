/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Addresses, prefixes and the count of connections per client. */
#include "base/test.h"
#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static Address from(const char *text)
{
    Address x = { 0 };
    if (!address_parse(str_from_c(text), &x))
        test_fail(__FILE_NAME__, __LINE__, "not read: %s", text);
    return x;
}

TEST(addresses_are_read_and_written)
{
    static const struct { const char *in, *out; } good[] = {
        { "10.1.2.3", "10.1.2.3" }, { "::1", "::1" }, { "[2001:DB8::5]", "2001:db8::5" }, { "::ffff:192.0.2.1", "192.0.2.1" },
    };
    static const char *const bad[] = { "", "10.1.2", "10.1.2.256", "10.1.2.3.4", "::g", "[::1", "localhost", "1:2:3:4:5:6:7:8:9",
                                       "10.1.2.3/8", " 10.1.2.3", "0000000000000000000000000000000000000000000000000000000000000000001" };
    char room[ADDRESS_TEXT];
    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK_STR(address_text(from(good[i].in), room), str_from_c(good[i].out));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!address_parse(str_from_c(bad[i]), &(Address){ 0 }));
    CHECK(address_loopback(from("127.9.9.9")) && address_loopback(from("::1")));
    CHECK(!address_loopback(from("128.0.0.1")) && !address_loopback(from("::2")));
}

TEST(prefixes_hold_what_is_under_them)
{
    Str      texts[] = { S("10.0.0.0/8"), S("192.0.2.7"), S("2001:db8:1::/47"), S("none") };
    StrList  list    = { .at = texts, .len = 4 };
    Prefixes p       = { 0 };
    CHECK_OK(prefixes_parse(a, &list, &p));
    static const struct { const char *text; bool in; } rows[] = {
        { "10.255.255.255", true }, { "11.0.0.0", false }, { "9.255.255.255", false }, { "192.0.2.7", true }, { "192.0.2.6", false },
        { "2001:db8:0:1::", true }, { "2001:db8:1:ffff::1", true }, { "2001:db8:2::", false }, { "::a00:1", false },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (prefixes_hold(&p, from(rows[i].text)) != rows[i].in)
            test_fail(__FILE_NAME__, __LINE__, "%s", rows[i].text);
    static const char *const bad[] = { "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/x", "proxy" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Str one = str_from_c(bad[i]);
        CHECK_ERR(prefixes_parse(a, &(StrList){ .at = &one, .len = 1 }, &p), ERR_CONFIG);
    }
}

TEST(addresses_of_sockets_are_one_for_both_families)
{
    struct sockaddr_storage four = { 0 }, six = { 0 };
    ((struct sockaddr_in *)&four)->sin_family = AF_INET;
    inet_pton(AF_INET, "192.0.2.1", &((struct sockaddr_in *)&four)->sin_addr);
    ((struct sockaddr_in6 *)&six)->sin6_family = AF_INET6;
    inet_pton(AF_INET6, "::ffff:192.0.2.1", &((struct sockaddr_in6 *)&six)->sin6_addr);
    Address x = address_of(&four), y = address_of(&six);
    CHECK(memcmp(&x, &y, sizeof x) == 0);
}

TEST(connections_are_counted_per_address_and_per_network_of_six)
{
    PeerCounts p = { .lock = PTHREAD_MUTEX_INITIALIZER };
    CHECK(peer_add(&p, from("192.0.2.1"), 2) && peer_add(&p, from("192.0.2.1"), 2) && !peer_add(&p, from("192.0.2.1"), 2));
    CHECK(peer_add(&p, from("192.0.2.2"), 2));
    peer_drop(&p, from("192.0.2.1"));
    CHECK(peer_add(&p, from("192.0.2.1"), 2));
    CHECK(peer_add(&p, from("2001:db8::1"), 1) && !peer_add(&p, from("2001:db8::2"), 1) && peer_add(&p, from("2001:db8:0:1::1"), 1));
    peer_drop(&p, from("2001:db8::2"));
    CHECK(peer_add(&p, from("2001:db8::3"), 1));
    peers_close(&p);
}
