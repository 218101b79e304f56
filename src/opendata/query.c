/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Filters and paging of the lists of the interface. What is wrong in an address is said with its name, never passed over. */
#include "opendata/parts.h"

enum { PER_DEFAULT = 100, PER_MOST = 500, PAGE_MOST = 100000 };

/* Answers are kept by address alone: the language is the address's, not the browser's. */
Lang query_lang(const Ctx *c)
{
    Lang l = LANG_VI;
    (void)lang_parse(query_str(c, "lang"), &l);
    return l;
}

Err api_fault(Ctx *c, int status, Str name, Str reason)
{
    Put p = put_new(c->arena, 256);
    put_open(&p, NULL, '{');
    put_open(&p, "errors", '[');
    put_open(&p, NULL, '{');
    if (name.len)
        put_str(&p, "name", name);
    put_str(&p, "reason", reason);
    put_close(&p, '}');
    put_close(&p, ']');
    put_close(&p, '}');
    return answer_json(c, status, buf_str(&p.b));
}

bool query_known(Ctx *c, const char *const names[])
{
    for (size_t i = 0; i < c->req->query.len; i++) {
        Str  name  = c->req->query.at[i].name;
        bool known = str_eq(name, S("lang"));
        for (size_t k = 0; names[k] && !known; k++)
            known = str_eq(name, str_from_c(names[k]));
        Lang l;
        bool bad_lang = str_eq(name, S("lang")) && !lang_parse(c->req->query.at[i].value, &l);
        if (known && !bad_lang)
            continue;
        Str reason = bad_lang ? text_of(query_lang(c), "opendata.error.lang") : text_of(query_lang(c), "opendata.error.unknown");
        (void)!api_fault(c, 400, name, reason);
        return false;
    }
    return true;
}

bool query_whole(Ctx *c, const char *name, int64_t low, int64_t high, int64_t otherwise, int64_t *out)
{
    Str     typed = query_str(c, name);
    int64_t n     = otherwise;
    if (typed.len && (!str_to_i64(typed, &n) || n < low || n > high)) {
        Arena *a = c->arena;
        Str reason = text_fmt(a, query_lang(c), "opendata.error.whole", ARG_S("low", arena_fmt(a, "%lld", (long long)low)),
                              ARG_S("high", arena_fmt(a, "%lld", (long long)high)));
        (void)!api_fault(c, 400, str_from_c(name), reason);
        return false;
    }
    *out = n;
    return true;
}

bool query_paging(Ctx *c, Paging *out)
{
    *out = (Paging){ 0 };
    return query_whole(c, "page", 1, PAGE_MOST, 1, &out->page) && query_whole(c, "per_page", 1, PER_MOST, PER_DEFAULT, &out->per);
}

bool paging_shows(const Paging *p, int64_t at)
{
    return at >= (p->page - 1) * p->per && at < p->page * p->per;
}

/* The address of the next page: this one's, with another number. */
static Str next_href(Ctx *c, const Paging *x)
{
    Arena *a = c->arena;
    Buf    b = buf_new(a, 128);
    buf_add(&b, c->req->path);
    char mark = '?';
    for (size_t i = 0; i < c->req->query.len; i++) {
        const HttpField *f = &c->req->query.at[i];
        if (str_eq(f->name, S("page")))
            continue;
        buf_fmt(&b, "%c%.*s=%.*s", mark, STR_ARG(url_encode(a, f->name)), STR_ARG(url_encode(a, f->value)));
        mark = '&';
    }
    buf_fmt(&b, "%cpage=%lld", mark, (long long)x->page + 1);
    return buf_str(&b);
}

void put_paging(Put *p, Ctx *c, const Paging *x)
{
    put_int(p, "total", x->total);
    put_int(p, "page", x->page);
    put_int(p, "per_page", x->per);
    if (x->page * x->per >= x->total) {
        put_null(p, "next");
        return;
    }
    Str next = next_href(c, x);
    put_str(p, "next", next);
    answer_header(c, S("link"), arena_fmt(c->arena, "<%.*s>; rel=\"next\"", STR_ARG(next)));
}
