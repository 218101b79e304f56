/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "browse.h"

#include "http/tests/client.h"

#include <unistd.h>

static const Mount mounts[] = { { "", collect_public_routes }, { "", collect_respondent_routes } };

Site *site_with(Arena *a, RoundFixture f)
{
    Site *x = arena_new(a, Site, 1);
    x->f = f;
    x->f.app.mounts      = mounts;
    x->f.app.mount_count = COUNT_OF(mounts);
    x->server = test_server(a, (HttpConfig){ .handle = web_handle, .fast = web_fast, .app = &x->f.app, .workers = 2 });
    return x;
}

Site *site_open(Store *store, Arena *a, RoundIdentity identity)
{
    return site_with(a, round_fixture_at(store, a, identity, time_now()));
}

static void keep_cookies(Browser *b, Str answer)
{
    size_t at;
    for (Str rest = answer; str_find(rest, S("\r\nset-cookie: "), &at) || str_find(rest, S("\r\nSet-Cookie: "), &at);) {
        rest          = str_skip(rest, at + 14);
        StrPair pair  = str_cut(str_cut(rest, ';').head, '=');
        HttpField *to = NULL;
        for (size_t i = 0; i < b->cookies.len; i++)
            if (str_eq(b->cookies.at[i].name, pair.head))
                to = &b->cookies.at[i];
        if (!to)
            to = list_add(b->a, &b->cookies);
        *to = (HttpField){ pair.head, pair.tail };
    }
}

static void request_of(Browser *b, const char *method, Str path, Str body, const char *type)
{
    Buf q = buf_new(b->a, 1024);
    buf_fmt(&q, "%s %.*s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", method, STR_ARG(path));
    for (size_t i = 0; i < b->cookies.len; i++)
        buf_fmt(&q, "%s%.*s=%.*s", i ? "; " : "Cookie: ", STR_ARG(b->cookies.at[i].name), STR_ARG(b->cookies.at[i].value));
    if (b->cookies.len)
        buf_lit(&q, "\r\n");
    if (str_eq(str_from_c(method), S("POST")))
        buf_fmt(&q, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.len);
    buf_lit(&q, "\r\n");
    buf_add(&q, body);
    int fd = client_open(b->server);
    client_send(fd, buf_str(&q));
    Str answer = client_answer(b->a, fd, false);
    close(fd);
    b->status   = answer_status(answer);
    b->location = answer_field(answer, S("location"));
    if (!b->location.len)
        b->location = answer_field(answer, S("Location"));
    b->refresh = answer_field(answer, S("refresh"));
    b->type    = answer_field(answer, S("Content-Type"));
    b->page    = answer_body(answer);
    keep_cookies(b, answer);
}

void request(Browser *b, const char *method, Str path, Str body)
{
    request_of(b, method, path, body, "application/x-www-form-urlencoded");
}

void get(Browser *b, const char *path)
{
    request(b, "GET", str_from_c(path), S(""));
}

Str value_of(Str page, const char *name, Arena *a)
{
    size_t at;
    if (!str_find(page, arena_fmt(a, "name=\"%s\" value=\"", name), &at))
        return S("");
    return str_cut(str_skip(page, at + strlen(name) + 15), '"').head;
}

static void follow(Browser *b)
{
    for (int hops = 0; b->status == 303 && hops < 5; hops++) {
        Str to = b->location;
        request(b, "GET", to, S(""));
        if (b->status != 303)
            b->location = to;
    }
}

void post(Browser *b, const char *path, const char *fields)
{
    request(b, "POST", str_from_c(path), arena_fmt(b->a, "token=%.*s&%s", STR_ARG(value_of(b->page, "token", b->a)), fields));
    follow(b);
}

void post_file(Browser *b, const char *path, const char *field, Str file_name, Str bytes)
{
    Buf q = buf_new(b->a, bytes.len + 512);
    buf_fmt(&q, "--x9\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n%.*s\r\n", STR_ARG(value_of(b->page, "token", b->a)));
    buf_fmt(&q, "--x9\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%.*s\"\r\nContent-Type: application/octet-stream\r\n\r\n", field,
            STR_ARG(file_name));
    buf_add(&q, bytes);
    buf_lit(&q, "\r\n--x9--\r\n");
    request_of(b, "POST", str_from_c(path), buf_str(&q), "multipart/form-data; boundary=x9");
    follow(b);
}

Browser browser(Site *x, Arena *a)
{
    return (Browser){ .server = x->server, .a = a };
}
