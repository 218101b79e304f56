/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The request-smuggling table over raw sockets: each case alone, byte by byte, and behind a good request on the same
 * connection; a good request always follows, and must be answered only where the table says so. */
#include "http/tests/client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define H    "Host: localhost\r\n"
#define P    "POST /echo HTTP/1.1\r\n" H
#define G    "GET /echo HTTP/1.1\r\n"
#define NEXT "GET /echo?follows HTTP/1.1\r\n" H "\r\n"
#define TE   "Transfer-Encoding: chunked\r\n"

/* status: of the first answer; after a refusal nothing else may come. 200: the next request is answered too, unless
 * ends is set. */
typedef struct GuardCase { const char *name; Str bytes; int status; bool ends; } GuardCase;

static const GuardCase cases[] = {
    /* Both framings at once */
    { "length then chunked", S_INIT(P "Content-Length: 5\r\n" TE "\r\n0\r\n\r\n"), 400 },
    { "chunked then length", S_INIT(P TE "Content-Length: 5\r\n\r\n0\r\n\r\n"), 400 },
    { "length 0 and chunked", S_INIT(P "Content-Length: 0\r\n" TE "\r\n0\r\n\r\n"), 400 },
    { "length and coding of another", S_INIT(P "Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nabcde"), 400 },
    { "length and empty coding", S_INIT(P "Content-Length: 5\r\nTransfer-Encoding:\r\n\r\nabcde"), 400 },
    { "length and identity", S_INIT(P "Content-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nabcde"), 400 },
    { "both on GET", S_INIT(G H "Content-Length: 4\r\n" TE "\r\n0\r\n\r\n"), 400 },
    /* Lengths */
    { "two lengths, different", S_INIT(P "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"), 400 },
    { "two lengths, equal", S_INIT(P "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde"), 400 },
    { "two lengths apart, other case", S_INIT(P "content-length: 5\r\nX: y\r\nCONTENT-LENGTH: 0\r\n\r\nabcde"), 400 },
    { "list of equal lengths", S_INIT(P "Content-Length: 5, 5\r\n\r\nabcde"), 400 },
    { "list of lengths", S_INIT(P "Content-Length: 5,6\r\n\r\nabcdef"), 400 },
    { "length with plus", S_INIT(P "Content-Length: +5\r\n\r\nabcde"), 400 },
    { "negative length", S_INIT(P "Content-Length: -5\r\n\r\nabcde"), 400 },
    { "minus zero", S_INIT(P "Content-Length: -0\r\n\r\n"), 400 },
    { "hex length", S_INIT(P "Content-Length: 0x5\r\n\r\nabcde"), 400 },
    { "hex digits", S_INIT(P "Content-Length: a\r\n\r\nabcdefghij"), 400 },
    { "length with fraction", S_INIT(P "Content-Length: 5.0\r\n\r\nabcde"), 400 },
    { "length with exponent", S_INIT(P "Content-Length: 5e0\r\n\r\nabcde"), 400 },
    { "empty length", S_INIT(P "Content-Length:\r\n\r\n"), 400 },
    { "length with blank inside", S_INIT(P "Content-Length: 1 0\r\n\r\nabcdefghij"), 400 },
    { "length with quotes", S_INIT(P "Content-Length: \"5\"\r\n\r\nabcde"), 400 },
    { "length with underscore digits", S_INIT(P "Content-Length: 1_0\r\n\r\nabcdefghij"), 400 },
    { "length with form feed", S_INIT(P "Content-Length: \f5\r\n\r\nabcde"), 400 },
    { "length with vertical tab", S_INIT(P "Content-Length: 5\v\r\n\r\nabcde"), 400 },
    { "length with no-break space", S_INIT(P "Content-Length: \xC2\xA0" "5\r\n\r\nabcde"), 400 },
    { "length in Arabic digits", S_INIT(P "Content-Length: \xD9\xA5\r\n\r\nabcde"), 400 },
    { "length beyond 64 bits", S_INIT(P "Content-Length: 18446744073709551621\r\n\r\nabcde"), 413 },
    { "length beyond 63 bits", S_INIT(P "Content-Length: 9223372036854775813\r\n\r\nabcde"), 413 },
    { "length beyond the limit", S_INIT(P "Content-Length: 1048577\r\n\r\nabcde"), 413 },
    { "no length on POST", S_INIT(P "\r\n"), 411 },
    { "no length on PUT", S_INIT("PUT /echo HTTP/1.1\r\n" H "\r\n"), 411 },
    { "length 0", S_INIT(P "Content-Length: 0\r\n\r\n"), 200 },
    { "length with leading zero", S_INIT(P "Content-Length: 005\r\n\r\nabcde"), 200 },
    { "length with blanks around", S_INIT(P "Content-Length: \t 5 \t\r\n\r\nabcde"), 200 },
    { "body on GET stays a body", S_INIT(G H "Content-Length: 44\r\n\r\nGET /echo?smuggled HTTP/1.1\r\nHost: local\r\n\r\n"), 200 },
    /* Codings */
    { "two codings", S_INIT(P TE TE "\r\n0\r\n\r\n"), 400 },
    { "two codings, identity first", S_INIT(P "Transfer-Encoding: identity\r\n" TE "\r\n0\r\n\r\n"), 400 },
    { "two codings, one unknown", S_INIT(P TE "Transfer-Encoding: x\r\n\r\n0\r\n\r\n"), 400 },
    { "gzip, chunked", S_INIT(P "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501 },
    { "chunked, identity", S_INIT(P "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"), 501 },
    { "chunked twice in one", S_INIT(P "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"), 501 },
    { "chunked with comma", S_INIT(P "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"), 501 },
    { "comma chunked", S_INIT(P "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"), 501 },
    { "xchunked", S_INIT(P "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 501 },
    { "chunkedx", S_INIT(P "Transfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n"), 501 },
    { "chunked in quotes", S_INIT(P "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"), 501 },
    { "chunked with parameter", S_INIT(P "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"), 501 },
    { "identity alone", S_INIT(P "Transfer-Encoding: identity\r\n\r\n"), 501 },
    { "empty coding", S_INIT(P "Transfer-Encoding:\r\n\r\n"), 501 },
    { "chunked with vertical tab", S_INIT(P "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n"), 400 },
    { "chunked with NUL", S_INIT(P "Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n"), 400 },
    { "chunked with no-break space", S_INIT(P "Transfer-Encoding: \xA0" "chunked\r\n\r\n0\r\n\r\n"), 501 },
    { "coding name with underscore", S_INIT(P "Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "coding name with dot", S_INIT(P "Transfer.Encoding: chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "coding name with quote mark", S_INIT(P "'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "length name with underscore", S_INIT(P "Content_Length: 5\r\n\r\nabcde"), 400 },
    { "length name with bar", S_INIT(P "Content|Length: 5\r\n\r\nabcde"), 400 },
    { "chunked in 1.0", S_INIT("POST /echo HTTP/1.0\r\n" H TE "\r\n0\r\n\r\n"), 400 },
    { "Chunked in other case", S_INIT(P "transfer-encoding: CHUNKED\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), 200 },
    { "chunked on GET", S_INIT(G H TE "\r\n3\r\nabc\r\n0\r\n\r\n"), 200 },
    /* Hosts */
    { "no host", S_INIT(G "\r\n"), 400 },
    { "empty host", S_INIT(G "Host:\r\n\r\n"), 400 },
    { "two hosts, different", S_INIT(G H "Host: other\r\n\r\n"), 400 },
    { "two hosts, equal", S_INIT(G H H "\r\n"), 400 },
    { "two hosts, other case", S_INIT(G "host: localhost\r\nHOST: localhost\r\n\r\n"), 400 },
    { "list of hosts", S_INIT(G "Host: localhost, other\r\n\r\n"), 400 },
    { "user in host", S_INIT(G "Host: user@localhost\r\n\r\n"), 400 },
    { "user and password in host", S_INIT(G "Host: user:pw@localhost\r\n\r\n"), 400 },
    { "path in host", S_INIT(G "Host: localhost/x\r\n\r\n"), 400 },
    { "blank in host", S_INIT(G "Host: local host\r\n\r\n"), 400 },
    { "letters in port", S_INIT(G "Host: localhost:80a\r\n\r\n"), 400 },
    { "negative port", S_INIT(G "Host: localhost:-1\r\n\r\n"), 400 },
    { "port too large", S_INIT(G "Host: localhost:65536\r\n\r\n"), 400 },
    { "port 0", S_INIT(G "Host: localhost:0\r\n\r\n"), 400 },
    { "empty port", S_INIT(G "Host: localhost:\r\n\r\n"), 400 },
    { "open bracket", S_INIT(G "Host: [::1\r\n\r\n"), 400 },
    { "name in brackets", S_INIT(G "Host: [localhost]\r\n\r\n"), 400 },
    { "percent in host", S_INIT(G "Host: local%68ost\r\n\r\n"), 400 },
    { "UTF-8 in host", S_INIT(G "Host: th\xC6\xB0\xE1\xBB\x9B" "c.vn\r\n\r\n"), 400 },
    { "host name with underscore header", S_INIT(G H "_host: other\r\n\r\n"), 400 },
    { "six with port", S_INIT(G "Host: [::1]:8080\r\n\r\n"), 200 },
    { "host with port", S_INIT(G "Host: LOCALHOST:8080\r\n\r\n"), 200 },
    /* Targets */
    { "absolute form", S_INIT("GET http://localhost/echo HTTP/1.1\r\n" H "\r\n"), 200 },
    { "absolute form, other scheme case", S_INIT("GET HTTPS://LOCALHOST/echo HTTP/1.1\r\n" H "\r\n"), 200 },
    { "absolute form of another host", S_INIT("GET http://other/echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "absolute form with user", S_INIT("GET http://user@localhost/echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "absolute form, no host header", S_INIT("GET http://localhost/echo HTTP/1.1\r\n\r\n"), 400 },
    { "absolute form without authority", S_INIT("GET http:///echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "another scheme", S_INIT("GET ftp://localhost/echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "target without slash", S_INIT("GET echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "authority form", S_INIT("CONNECT localhost:443 HTTP/1.1\r\n" H "\r\n"), 405 },
    { "asterisk form", S_INIT("OPTIONS * HTTP/1.1\r\n" H "\r\n"), 501 },
    { "fragment", S_INIT("GET /echo#x HTTP/1.1\r\n" H "\r\n"), 400 },
    { "blank in target", S_INIT("GET /echo /x HTTP/1.1\r\n" H "\r\n"), 400 },
    { "raw UTF-8 in target", S_INIT("GET /ech\xC3\xB3 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "NUL in target", S_INIT("GET /ec\0ho HTTP/1.1\r\n" H "\r\n"), 400 },
    { "%00 in path", S_INIT("GET /echo%00 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "%0a in path", S_INIT("GET /echo%0ax HTTP/1.1\r\n" H "\r\n"), 400 },
    { "%2e%2e", S_INIT("GET /echo/%2e%2e/x HTTP/1.1\r\n" H "\r\n"), 400 },
    { "%2E.", S_INIT("GET /echo/%2E./x HTTP/1.1\r\n" H "\r\n"), 400 },
    { "..", S_INIT("GET /echo/../x HTTP/1.1\r\n" H "\r\n"), 400 },
    { ".. at the end", S_INIT("GET /echo/.. HTTP/1.1\r\n" H "\r\n"), 400 },
    { ".", S_INIT("GET /./echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "encoded slash", S_INIT("GET /echo%2fx HTTP/1.1\r\n" H "\r\n"), 400 },
    { "encoded backslash", S_INIT("GET /echo/..%5cx HTTP/1.1\r\n" H "\r\n"), 400 },
    { "backslash", S_INIT("GET /echo\\..\\x HTTP/1.1\r\n" H "\r\n"), 400 },
    { "double encoding stays encoded once", S_INIT("GET /echo/%252e%252e HTTP/1.1\r\n" H "\r\n"), 200 },
    { "overlong slash", S_INIT("GET /echo/%c0%af HTTP/1.1\r\n" H "\r\n"), 400 },
    { "overlong dot", S_INIT("GET /echo/%c0%ae%c0%ae/x HTTP/1.1\r\n" H "\r\n"), 400 },
    { "overlong of three", S_INIT("GET /echo/%e0%80%af HTTP/1.1\r\n" H "\r\n"), 400 },
    { "surrogate", S_INIT("GET /echo/%ed%a0%80 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "cut UTF-8", S_INIT("GET /echo/%e1%bb HTTP/1.1\r\n" H "\r\n"), 400 },
    { "beyond Unicode", S_INIT("GET /echo/%f4%90%80%80 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "broken percent", S_INIT("GET /echo/%zz HTTP/1.1\r\n" H "\r\n"), 400 },
    { "cut percent", S_INIT("GET /echo/%4 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "broken percent in query", S_INIT("GET /echo?x=%g1 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "%00 in query", S_INIT("GET /echo?x=%00 HTTP/1.1\r\n" H "\r\n"), 400 },
    { "double slashes", S_INIT("GET //echo HTTP/1.1\r\n" H "\r\n"), 200 },
    /* Request lines */
    { "0.9", S_INIT("GET /echo\r\n"), 400 },
    { "0.9 with blank", S_INIT("GET /echo \r\n"), 400 },
    { "version 0.9", S_INIT("GET /echo HTTP/0.9\r\n" H "\r\n"), 505 },
    { "version 2.0", S_INIT("GET /echo HTTP/2.0\r\n" H "\r\n"), 505 },
    { "version 1.2", S_INIT("GET /echo HTTP/1.2\r\n" H "\r\n"), 505 },
    { "HTTP/2 preface", S_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505 },
    { "version in small letters", S_INIT("GET /echo http/1.1\r\n" H "\r\n"), 400 },
    { "version without dot", S_INIT("GET /echo HTTP/11\r\n" H "\r\n"), 400 },
    { "version with more digits", S_INIT("GET /echo HTTP/1.10\r\n" H "\r\n"), 400 },
    { "version with leading zero", S_INIT("GET /echo HTTP/01.1\r\n" H "\r\n"), 400 },
    { "blank after version", S_INIT("GET /echo HTTP/1.1 \r\n" H "\r\n"), 400 },
    { "two blanks before target", S_INIT("GET  /echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "two blanks before version", S_INIT("GET /echo  HTTP/1.1\r\n" H "\r\n"), 400 },
    { "tab for blank", S_INIT("GET\t/echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "blank before method", S_INIT(" GET /echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "no method", S_INIT("/echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "method in small letters", S_INIT("get /echo HTTP/1.1\r\n" H "\r\n"), 501 },
    { "unknown method", S_INIT("BREW /echo HTTP/1.1\r\n" H "\r\n"), 501 },
    { "method with colon", S_INIT("GET: /echo HTTP/1.1\r\n" H "\r\n"), 400 },
    { "TRACE", S_INIT("TRACE /echo HTTP/1.1\r\n" H "\r\n"), 405 },
    { "TLS", S_INIT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400 },
    { "two empty lines first", S_INIT("\r\n\r\n" G H "\r\n"), 400 },
    { "bare LF first", S_INIT("\n" G H "\r\n"), 400 },
    { "one empty line first", S_INIT("\r\n" G H "\r\n"), 200 },
    { "1.0 closes", S_INIT("GET /echo HTTP/1.0\r\n" H "Connection: keep-alive\r\n\r\n"), 200, .ends = true },
    { "close is obeyed", S_INIT(G H "Connection: x, Close\r\n\r\n"), 200, .ends = true },
    /* Header lines */
    { "blank before colon", S_INIT(G "Host : localhost\r\n\r\n"), 400 },
    { "tab before colon", S_INIT(P "Content-Length\t: 5\r\n\r\nabcde"), 400 },
    { "blank before coding's colon", S_INIT(P "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"), 400 },
    { "blank before name", S_INIT(G " " H "\r\n"), 400 },
    { "folded", S_INIT(G H "X: a\r\n b\r\n\r\n"), 400 },
    { "folded with tab", S_INIT(P "Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n"), 400 },
    { "folded first line", S_INIT(G " X: y\r\n" H "\r\n"), 400 },
    { "bare LF", S_INIT("GET /echo HTTP/1.1\n" H "\r\n"), 400 },
    { "bare LF after header", S_INIT(G "Host: localhost\n\r\n"), 400 },
    { "bare LF at the end", S_INIT(G H "\n"), 400 },
    { "bare LF hides a coding", S_INIT(P "X: y\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), 400 },
    { "bare CR", S_INIT(G H "X: a\rb\r\n\r\n"), 400 },
    { "bare CR for a line end", S_INIT(G H "X: y\rContent-Length: 5\r\n\r\n"), 400 },
    { "CR CR LF", S_INIT(G H "X: y\r\r\n\r\n"), 400 },
    { "NUL in value", S_INIT(G H "X: a\0b\r\n\r\n"), 400 },
    { "NUL in name", S_INIT(G H "X\0: a\r\n\r\n"), 400 },
    { "control in value", S_INIT(G H "X: a\x01\r\n\r\n"), 400 },
    { "DEL in value", S_INIT(G H "X: a\x7F\r\n\r\n"), 400 },
    { "no colon", S_INIT(G H "X\r\n\r\n"), 400 },
    { "no name", S_INIT(G H ": x\r\n\r\n"), 400 },
    { "name in brackets", S_INIT(G H "(X): y\r\n\r\n"), 400 },
    { "name with UTF-8", S_INIT(G H "\xC3\xA9: y\r\n\r\n"), 400 },
    { "other expectation", S_INIT(P "Content-Length: 1\r\nExpect: 200-ok\r\n\r\na"), 417 },
    { "coded body", S_INIT(P "Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\na"), 415 },
    { "empty value", S_INIT(G H "X:\r\n\r\n"), 200 },
    { "bytes beyond ASCII in value", S_INIT(G H "X: \xE1\xBB\x87\r\n\r\n"), 200 },
    /* Chunks */
    { "size beyond 64 bits", S_INIT(P TE "\r\n10000000000000003\r\nabc\r\n0\r\n\r\n"), 400 },
    { "size of 2^32", S_INIT(P TE "\r\n100000000\r\nabc\r\n0\r\n\r\n"), 413 },
    { "size beyond the limit", S_INIT(P TE "\r\n100001\r\nabc\r\n0\r\n\r\n"), 413 },
    { "size with 0x", S_INIT(P TE "\r\n0x3\r\nabc\r\n0\r\n\r\n"), 400 },
    { "negative size", S_INIT(P TE "\r\n-3\r\nabc\r\n0\r\n\r\n"), 400 },
    { "size with plus", S_INIT(P TE "\r\n+3\r\nabc\r\n0\r\n\r\n"), 400 },
    { "blank before size", S_INIT(P TE "\r\n 3\r\nabc\r\n0\r\n\r\n"), 400 },
    { "blank after size", S_INIT(P TE "\r\n3 \r\nabc\r\n0\r\n\r\n"), 400 },
    { "empty size", S_INIT(P TE "\r\n\r\nabc\r\n0\r\n\r\n"), 400 },
    { "size without digits", S_INIT(P TE "\r\n;x\r\nabc\r\n0\r\n\r\n"), 400 },
    { "letters beyond f", S_INIT(P TE "\r\ng\r\nabc\r\n0\r\n\r\n"), 400 },
    { "bare LF after size", S_INIT(P TE "\r\n3\nabc\r\n0\r\n\r\n"), 400 },
    { "bare CR after size", S_INIT(P TE "\r\n3\rabc\r\n0\r\n\r\n"), 400 },
    { "bare LF in extension", S_INIT(P TE "\r\n3;a\nb\r\nabc\r\n0\r\n\r\n"), 400 },
    { "bare CR in extension", S_INIT(P TE "\r\n3;a\rb\r\nabc\r\n0\r\n\r\n"), 400 },
    { "NUL in extension", S_INIT(P TE "\r\n3;a\0b\r\nabc\r\n0\r\n\r\n"), 400 },
    { "data longer than size", S_INIT(P TE "\r\n3\r\nabcd\r\n0\r\n\r\n"), 400 },
    { "data shorter than size", S_INIT(P TE "\r\n4\r\nabc\r\n0\r\n\r\n"), 400 },
    { "bare LF after data", S_INIT(P TE "\r\n3\r\nabc\n0\r\n\r\n"), 400 },
    { "other bytes after data", S_INIT(P TE "\r\n3\r\nabcXX0\r\n\r\n"), 400 },
    { "bare LF after last", S_INIT(P TE "\r\n0\n\r\n"), 400 },
    { "bare LF at the end of trailers", S_INIT(P TE "\r\n0\r\n\n"), 400 },
    { "trailer without colon", S_INIT(P TE "\r\n0\r\nGET / HTTP/1.1\r\n\r\n"), 400 },
    { "folded trailer", S_INIT(P TE "\r\n0\r\nX: y\r\n z\r\n\r\n"), 400 },
    { "NUL in trailer", S_INIT(P TE "\r\n0\r\nX: \0\r\n\r\n"), 400 },
    { "trailer that frames is dropped", S_INIT(P TE "\r\n0\r\nContent-Length: 50\r\n\r\n"), 200 },
    { "size with leading zeros", S_INIT(P TE "\r\n0003\r\nabc\r\n000\r\n\r\n"), 200 },
    { "short extension", S_INIT(P TE "\r\n3;name=\"value\"\r\nabc\r\n0;x\r\n\r\n"), 200 },
};

static void send_bytewise(int fd, Str bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        client_send(fd, (Str){ bytes.at + i, 1 });
}

/* What the server answered, and that it saw neither more nor fewer requests than it should. */
static void check_case(Arena *a, HttpServer *s, const GuardCase *x, bool bytewise, bool behind)
{
    int64_t seen = http_stats(s).requests;
    int     fd = client_open(s), one = 1;
    Str     all = str_join(a, (Str[]){ behind ? S(NEXT) : S(""), x->bytes, S(NEXT) }, 3, S(""));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (bytewise)
        send_bytewise(fd, all);
    else
        client_send(fd, all);
    shutdown(fd, SHUT_WR);
    Str    got  = client_rest(a, fd);
    size_t good = (size_t)behind + (x->status == 200) + (x->status == 200 && !x->ends);
    size_t second;
    if (behind && str_find(str_skip(got, 9), S("HTTP/1.1 "), &second))
        got = str_skip(got, second + 9);
    if (answer_status(got) != x->status || http_stats(s).requests - seen != (int64_t)good || str_has(got, S("smuggled=")) ||
        answer_count(got) != good - behind + (x->status != 200))
        test_fail(__FILE_NAME__, __LINE__, "%s%s%s: %d answers, %lld requests seen, first status %d, want %d", x->name,
                  bytewise ? " (bytewise)" : "", behind ? " (behind another)" : "", (int)answer_count(got),
                  (long long)(http_stats(s).requests - seen), answer_status(got), x->status);
    close(fd);
}

TEST(guard_smuggling_table)
{
    HttpServer *s = test_server(a, (HttpConfig){ 0 });
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        check_case(a, s, &cases[i], false, false);
        check_case(a, s, &cases[i], true, false);
        check_case(a, s, &cases[i], false, true);
        arena_reset(a, 1 << 20);
    }
    http_stop(s);
}

static Str filled(Arena *a, const char *before, size_t n, const char *after)
{
    char *at = arena_new(a, char, n + 1);
    memset(at, 'a', n);
    return str_join(a, (Str[]){ str_from_c(before), { at, n }, str_from_c(after) }, 3, S(""));
}

TEST(guard_refuses_what_is_too_long_before_it_is_whole)
{
    HttpServer *s = test_server(a, (HttpConfig){ 0 });
    CHECK_INT(answer_status(exchange(a, s, filled(a, "GET /", 65536, " HTTP/1.1\r\n" H "\r\n"))), 414);
    CHECK_INT(answer_status(exchange(a, s, filled(a, "GET /", 65536, ""))), 414);
    CHECK_INT(answer_status(exchange(a, s, filled(a, G H "X: ", 65536, ""))), 431);
    CHECK_INT(answer_status(exchange(a, s, filled(a, P TE "\r\n3;", 1 << 20, "\r\nabc\r\n0\r\n\r\n"))), 400);
    CHECK_INT(answer_status(exchange(a, s, filled(a, P TE "\r\n0\r\nX: ", 1 << 20, "\r\n\r\n"))), 400);
    CHECK_INT(http_stats(s).requests, 0);
    http_stop(s);
}

TEST(guard_limits_at_the_edge)
{
    HttpServer *s = test_server(a, (HttpConfig){ .limits = { .line_bytes = 200, .header_bytes = 1000, .header_fields = 10, .cookie_bytes = 100 } });
    for (int d = -1; d <= 1; d++) {
        size_t line = (size_t)(200 + d) - sizeof "GET /echo/ HTTP/1.1" + 1;
        CHECK_INT(answer_status(exchange(a, s, filled(a, "GET /echo/", line, " HTTP/1.1\r\n" H "\r\n"))), d > 0 ? 414 : 200);
        size_t header = (size_t)(1000 + d) - (sizeof H - 1) - 5;
        CHECK_INT(answer_status(exchange(a, s, filled(a, G H "X: ", header, "\r\n\r\n"))), d > 0 ? 431 : 200);
        CHECK_INT(answer_status(exchange(a, s, filled(a, G H "Cookie: a=", (size_t)(98 + d), "\r\n\r\n"))), d > 0 ? 431 : 200);
        Buf b = buf_new(a, 1024);
        buf_lit(&b, G H);
        for (int i = 1; i < 10 + d; i++)
            buf_fmt(&b, "X-%d: y\r\n", i);
        buf_lit(&b, "\r\n");
        CHECK_INT(answer_status(exchange(a, s, buf_str(&b))), d > 0 ? 431 : 200);
    }
    http_stop(s);
}

TEST(guard_knows_its_hosts)
{
    Str         names[] = { S("thuocdo.gov.vn"), S("kiosk:8443") };
    HttpServer *s = test_server(a, (HttpConfig){ .hosts = { .at = names, .len = 2 } });
    static const struct { Str host; int status; } hosts[] = {
        { S_INIT("thuocdo.gov.vn"), 200 }, { S_INIT("THUOCDO.gov.vn:443"), 200 }, { S_INIT("kiosk:8443"), 200 },
        { S_INIT("kiosk"), 421 }, { S_INIT("kiosk:80"), 421 }, { S_INIT("localhost:81"), 200 }, { S_INIT("127.0.0.1"), 200 },
        { S_INIT("[::1]:9"), 200 }, { S_INIT("[::2]"), 421 }, { S_INIT("evil.example"), 421 }, { S_INIT("thuocdo.gov.vn.evil"), 421 },
    };
    for (size_t i = 0; i < COUNT_OF(hosts); i++)
        CHECK_INT(answer_status(exchange(a, s, arena_fmt(a, G "Host: %.*s\r\n\r\n", STR_ARG(hosts[i].host)))), hosts[i].status);
    http_stop(s);
}

TEST(guard_believes_forwarded_headers_of_proxies_only)
{
    Str         proxies[] = { S("127.0.0.1"), S("10.0.0.0/8") };
    HttpServer *s = test_server(a, (HttpConfig){ .proxies = { .at = proxies, .len = 2 } });
    Str r = exchange(a, s, S(G H "X-Forwarded-For: 6.6.6.6, 203.0.113.7:99\r\nX-Forwarded-For: 10.1.2.3\r\nX-Forwarded-Proto: https\r\n"
                             "X-Forwarded-Host: thuocdo.gov.vn\r\n\r\n"));
    CHECK(str_has(r, S("host=thuocdo.gov.vn\nclient=203.0.113.7\nhttps=1\nignored=0\n")));
    r = exchange(a, s, S(G H "X-Forwarded-For: 203.0.113.7, nonsense\r\n\r\n"));
    CHECK(str_has(r, S("client=127.0.0.1\n")));
    r = exchange(a, s, S(G H "X-Forwarded-For: [2001:db8::5]:80\r\n\r\n"));
    CHECK(str_has(r, S("client=2001:db8::5\n")));
    http_stop(s);
    s = test_server(a, (HttpConfig){ 0 });
    r = exchange(a, s, S(G H "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n\r\n"));
    CHECK(str_has(r, S("host=localhost\nclient=127.0.0.1\nhttps=0\nignored=1\n")));
    http_stop(s);
}
