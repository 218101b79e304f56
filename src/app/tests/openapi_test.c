/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The document of the interface names every public route below /api/v1, and no other. Its schemas are held against real answers in
 * tests/scenario/open_test.mjs. */
#include "app/app.h"
#include "base/embed.h"
#include "base/json.h"
#include "base/test.h"

static const Json *document(Arena *a)
{
    const Json *doc = NULL;
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, S("api/openapi.json")) && json_parse(a, data_files[i].bytes, &doc))
            test_fail(__FILE_NAME__, __LINE__, "data/api/openapi.json is no JSON");
    return doc;
}

static Str method_name(Method m)
{
    return m == GET ? S("get") : m == POST ? S("post") : m == PUT ? S("put") : S("delete");
}

static bool is_route(Str path, Str method)
{
    for (size_t m = 0; m < app_mount_count; m++)
        for (const Route *r = app_mounts[m].routes; str_eq(str_from_c(app_mounts[m].prefix), S("/api/v1")) && r->path; r++)
            if (str_eq(str_from_c(r->path), path) && str_eq(method_name(r->method), method))
                return true;
    return false;
}

TEST(the_openapi_document_names_every_public_route_and_no_other)
{
    const Json *paths = json_get(document(a), S("paths"));
    for (size_t m = 0; m < app_mount_count; m++)
        for (const Route *r = app_mounts[m].routes; str_eq(str_from_c(app_mounts[m].prefix), S("/api/v1")) && r->path; r++)
            if (r->right == RIGHT_PUBLIC && !json_get(json_get(paths, str_from_c(r->path)), method_name(r->method)))
                test_fail(__FILE_NAME__, __LINE__, "%s is not in data/api/openapi.json", r->path);
    JSON_EACH(path, paths)
        JSON_EACH(operation, path)
            if (!is_route(path->key, operation->key))
                test_fail(__FILE_NAME__, __LINE__, "data/api/openapi.json tells of %.*s, which is none", STR_ARG(path->key));
}
