/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The description of the interface: data/api/openapi.json as it is for programs, and as a page for people. */
#include "opendata/parts.h"

#include "base/embed.h"
#include "base/json.h"

#include "openapi_page.html.h"

static Str document(void)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, S("api/openapi.json")))
            return data_files[i].bytes;
    return S("");
}

static Err openapi_file(Ctx *c)
{
    return answer_json(c, 200, document());
}

/* The text in the reader's language: member, or x-member-en. */
static Str text_in(Arena *a, Lang l, const Json *of, const char *member)
{
    Str text = S(""), en = arena_fmt(a, "x-%s-en", member);
    (void)json_str(json_get(of, str_from_c(member)), &text);
    if (l == LANG_EN)
        (void)json_str(json_get(of, en), &text);
    return text;
}

static void read_parameters(Arena *a, Lang l, const Json *operation, ApiCall *out)
{
    JSON_EACH(p, json_get(operation, S("parameters"))) {
        ApiParameter *x = list_add(a, &out->parameters);
        *x = (ApiParameter){ .text = text_in(a, l, p, "description") };
        (void)json_str(json_get(p, S("name")), &x->name);
        (void)json_bool(json_get(p, S("required")), &x->required);
    }
}

static void read_answers(Arena *a, Lang l, const Json *operation, ApiCall *out)
{
    JSON_EACH(r, json_get(operation, S("responses")))
        *list_add(a, &out->answers) = (ApiAnswer){ r->key, text_in(a, l, r, "description") };
}

/* An address with the examples of its path put in: what a reader may try. */
static Str example_of(Arena *a, const Json *operation, Str path)
{
    Str out = path;
    JSON_EACH(p, json_get(operation, S("parameters"))) {
        Str where, name, example;
        if (json_str(json_get(p, S("in")), &where) && str_eq(where, S("path")) && json_str(json_get(p, S("name")), &name) &&
            json_str(json_get(p, S("example")), &example))
            out = str_replace(a, out, arena_fmt(a, "{%.*s}", STR_ARG(name)), example);
    }
    return out;
}

static void read_calls(Arena *a, Lang l, const Json *doc, Str tag, ApiCalls *out)
{
    JSON_EACH(path, json_get(doc, S("paths")))
        JSON_EACH(operation, path) {
            Str      own = S("");
            ApiCall *x;
            (void)json_str(json_at(json_get(operation, S("tags")), 0), &own);
            if (!str_eq(own, tag))
                continue;
            x  = list_add(a, out);
            *x = (ApiCall){ .method = str_eq(operation->key, S("post")) ? S("POST") : S("GET"), .path = str_concat(a, S("/api/v1"), path->key),
                            .text = text_in(a, l, operation, "summary") };
            x->example = str_eq(x->method, S("GET")) && str_eq(tag, S("figures")) ? str_concat(a, S("/api/v1"), example_of(a, operation, path->key)) : S("");
            (void)json_str(json_get(operation, S("operationId")), &x->id);
            read_parameters(a, l, operation, x);
            read_answers(a, l, operation, x);
        }
}

static Err openapi_page(Ctx *c)
{
    const Json *doc;
    ApiPage     p = { .prefix = c->lang == LANG_EN ? S("/en") : S("") };
    TRY(json_parse(c->arena, document(), &doc));
    JSON_EACH(tag, json_get(doc, S("tags"))) {
        Str       name;
        ApiGroup *g = list_add(c->arena, &p.groups);
        *g = (ApiGroup){ .title = text_in(c->arena, c->lang, tag, "description") };
        if (json_str(json_get(tag, S("name")), &name))
            read_calls(c->arena, c->lang, doc, name, &g->calls);
    }
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, text_of(c->lang, "web.nav.data"), S("/data"));
    page_crumb(c, text_of(c->lang, "opendata.api.title"), S(""));
    c->page.description = text_of(c->lang, "opendata.api.lead");
    Out o = page_begin(c, text_of(c->lang, "opendata.api.title"));
    openapi_view(&o, &p);
    return page_end(c, &o);
}

const Route opendata_api_routes[] = {
    { GET, "/openapi.json", RIGHT_PUBLIC, openapi_file, ROUTE_API | ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/editions", RIGHT_PUBLIC, api_editions, ROUTE_API | ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/indicators", RIGHT_PUBLIC, api_indicators, ROUTE_API | ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/indicators/{indicator}", RIGHT_PUBLIC, api_indicator, ROUTE_API | ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/indices", RIGHT_PUBLIC, api_indices, ROUTE_API | ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/indices/{index}", RIGHT_PUBLIC, api_index, ROUTE_API | ROUTE_CACHED | ROUTE_OPEN },
    { 0 },
};

const Route opendata_openapi_routes[] = {
    { GET, "/api", RIGHT_PUBLIC, openapi_page, ROUTE_CACHED },
    { 0 },
};
