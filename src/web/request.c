/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading parameters, form fields and files. */
#include "web/parts.h"

#include <stdio.h>

Str path_str(const Ctx *c, const char *name)
{
    return http_field(&c->params, str_from_c(name));
}

int64_t path_int(const Ctx *c, const char *name)
{
    int64_t n = 0;
    return str_to_i64(path_str(c, name), &n) && n > 0 ? n : 0;
}

/* Outside text enters in NFC and without control characters, or not at all. */
static Str cleaned(const Ctx *c, Str raw)
{
    Str clean;
    return raw.len && text_clean(c->arena, raw, &clean) ? str_trim(clean) : S("");
}

Str query_str(const Ctx *c, const char *name)
{
    return cleaned(c, http_field(&c->req->query, str_from_c(name)));
}

int64_t query_int(const Ctx *c, const char *name, int64_t otherwise)
{
    int64_t n;
    return str_to_i64(query_str(c, name), &n) ? n : otherwise;
}

int64_t query_page(const Ctx *c)
{
    int64_t page = query_int(c, "page", 1);
    return page < 1 || page > 1000000 ? 1 : page;
}

Str form_str(const Ctx *c, const char *name)
{
    return cleaned(c, http_field(&c->req->form, str_from_c(name)));
}

size_t form_all(const Ctx *c, const char *name, StrList *out)
{
    Str key = str_from_c(name);
    *out    = (StrList){ 0 };
    for (size_t i = 0; i < c->req->form.len; i++)
        if (str_eq(c->req->form.at[i].name, key))
            *list_add(c->arena, out) = cleaned(c, c->req->form.at[i].value);
    return out->len;
}

Lang lang_asked(const Ctx *c)
{
    Lang l = LANG_VI;
    if (lang_parse(query_str(c, "lang"), &l))
        return l;
    Str first = str_trim(str_cut(str_cut(http_field(&c->req->headers, S("accept-language")), ',').head, ';').head);
    return lang_parse(str_take(first, 2), &l) ? l : LANG_VI;
}

bool form_has(const Ctx *c, const char *name)
{
    return http_has(&c->req->form, str_from_c(name));
}

const HttpPart *form_file(const Ctx *c, const char *name)
{
    Str key = str_from_c(name);
    for (size_t i = 0; i < c->req->files.len; i++) {
        const HttpPart *p = &c->req->files.at[i];
        if (str_eq(p->name, key) && p->size > 0)
            return p;
    }
    return NULL;
}

static void file_done(FILE **f)
{
    if (*f)
        fclose(*f);
}

Str part_bytes(Arena *a, const HttpPart *p)
{
    if (!p->path.len)
        return p->bytes;
    AUTO(file_done) FILE *f = fopen(arena_c(a, p->path), "rb");
    char *at = arena_take(a, (size_t)p->size, 1, 1);
    return f && fread(at, 1, (size_t)p->size, f) == (size_t)p->size ? (Str){ at, (size_t)p->size } : S("");
}

void field_error(Ctx *c, FieldErrors *errors, Str field, Str message)
{
    *list_add(c->arena, errors) = (FieldError){ field, message };
}

Str field_error_of(const FieldErrors *errors, Str field)
{
    for (size_t i = 0; errors && i < errors->len; i++)
        if (str_eq(errors->at[i].field, field))
            return errors->at[i].message;
    return S("");
}
