/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON written member by member. */
#include "opendata/parts.h"

Put put_new(Arena *a, size_t room)
{
    return (Put){ .b = buf_new(a, room) };
}

static void begin(Put *p, const char *key)
{
    if (p->more)
        buf_byte(&p->b, ',');
    p->more = true;
    if (key)
        buf_fmt(&p->b, "\"%s\":", key);
}

void put_open(Put *p, const char *key, char bracket)
{
    begin(p, key);
    buf_byte(&p->b, bracket);
    p->more = false;
}

void put_close(Put *p, char bracket)
{
    buf_byte(&p->b, bracket);
    p->more = true;
}

void put_str(Put *p, const char *key, Str s)
{
    begin(p, key);
    buf_json_str(&p->b, s);
}

void put_int(Put *p, const char *key, int64_t n)
{
    begin(p, key);
    buf_i64(&p->b, n);
}

void put_real(Put *p, const char *key, double x)
{
    begin(p, key);
    buf_json_f64(&p->b, x);
}

void put_bool(Put *p, const char *key, bool yes)
{
    begin(p, key);
    buf_add(&p->b, yes ? S("true") : S("false"));
}

void put_null(Put *p, const char *key)
{
    begin(p, key);
    buf_lit(&p->b, "null");
}

void put_both(Put *p, const char *key, Str vi, Str en)
{
    put_open(p, key, '{');
    put_str(p, "vi", vi);
    if (en.len && !str_eq(vi, en))
        put_str(p, "en", en);
    put_close(p, '}');
}
