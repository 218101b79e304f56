/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The document of the offline page, its service worker and its manifest. What a release is made of is in its name, so an
 * installed page knows that there is another one. */
#include "offline/parts.h"

#include "offline_shell.html.h"

static bool of_page(const Asset *x)
{
    return str_starts(x->name, S("field/")) ? !str_eq(x->name, S("field/sw.js"))
                                            : str_eq(x->name, S("respondent.css")) || str_eq(x->name, S("mark.svg")) || str_starts(x->name, S("fonts/"));
}

static Str release_name(Arena *a)
{
    Buf b = buf_new(a, 1024);
    buf_lit(&b, THUOCDO_VERSION);
    for (size_t i = 0; i < asset_files_count; i++)
        if (str_starts(asset_files[i].name, S("field/")) || of_page(&asset_files[i]))
            buf_add(&b, asset_files[i].hashed);
    for (int id = 0; (id = text_next(S("offline.ui."), id)) > 0;)
        for (int l = 0; l < LANG_COUNT; l++)
            buf_add(&b, text_by_id((Lang)l, id));
    return arena_fmt(a, "%s-%.8s", THUOCDO_VERSION, sha256_hex(a, buf_str(&b)).at);
}

/* Both languages as JSON. */
static Str texts_json(Arena *a)
{
    Buf b = buf_new(a, 1 << 15);
    buf_byte(&b, '{');
    for (int l = 0; l < LANG_COUNT; l++) {
        bool first = true;
        buf_fmt(&b, "%s\"%.*s\":{", l ? "," : "", STR_ARG(lang_code((Lang)l)));
        for (int id = 0; (id = text_next(S("offline.ui."), id)) > 0; first = false) {
            buf_add(&b, first ? S("") : S(","));
            buf_json_str(&b, str_skip(text_key(id), sizeof "offline.ui." - 1));
            buf_byte(&b, ':');
            buf_json_str(&b, text_by_id((Lang)l, id));
        }
        buf_byte(&b, '}');
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

Err offline_page(Ctx *c)
{
    Out       o = out_new(c->arena, c->lang, 1 << 16);
    ShellView v = { .release = release_name(c->arena), .texts = texts_json(c->arena), .help_phone = c->app->help_phone, .demo = c->app->demo };
    offline_shell(&o, &v);
    answer_header(c, S("cache-control"), S("no-cache"));
    return answer_bytes(c, 200, S("text/html; charset=utf-8"), out_text(&o));
}

Err offline_worker(Ctx *c)
{
    Buf b = buf_new(c->arena, 1 << 14);
    buf_fmt(&b, "const RELEASE = \"%.*s\", FILES = [\"/field\", \"/field/app.webmanifest\"", STR_ARG(release_name(c->arena)));
    for (size_t i = 0; i < asset_files_count; i++)
        if (of_page(&asset_files[i]))
            buf_fmt(&b, ", \"%.*s\"", STR_ARG(asset_files[i].url));
    buf_lit(&b, "];\n");
    for (size_t i = 0; i < asset_files_count; i++)
        if (str_eq(asset_files[i].name, S("field/sw.js")))
            buf_add(&b, asset_files[i].plain);
    answer_header(c, S("cache-control"), S("no-cache"));
    answer_header(c, S("service-worker-allowed"), S("/field"));
    return answer_bytes(c, 200, S("text/javascript; charset=utf-8"), buf_str(&b));
}

Err offline_manifest(Ctx *c)
{
    Buf b = buf_new(c->arena, 512);
    buf_lit(&b, "{\"id\":\"/field\",\"start_url\":\"/field\",\"scope\":\"/field\",\"display\":\"standalone\",\"lang\":\"vi\",\"background_color\":\"#FFFFFF\","
                "\"theme_color\":\"#0C2A4A\",\"name\":");
    buf_json_str(&b, text_of(LANG_VI, "offline.ui.name"));
    buf_lit(&b, ",\"short_name\":");
    buf_json_str(&b, text_of(LANG_VI, "offline.ui.short"));
    buf_fmt(&b, ",\"icons\":[{\"src\":\"%.*s\",\"sizes\":\"any\",\"type\":\"image/svg+xml\"}]}", STR_ARG(asset_url(S("mark.svg"))));
    answer_header(c, S("cache-control"), S("no-cache"));
    return answer_bytes(c, 200, S("application/manifest+json; charset=utf-8"), buf_str(&b));
}
