/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of refusals below all handlers (HttpConfig.refusal_pages): too large, too slow, wrong name, no room. Who asks is not known yet,
 * and nothing else may answer, so each says it in both languages and carries its sheet, which the policy names by hash. */
#include "web/parts.h"

#include "web_refusal.html.h"

#include <sodium.h>

typedef struct RefusalText { int status; const char *title, *advice; } RefusalText;

static const RefusalText texts[] = {
    { 405, "web.error.405.title", "web.error.405.advice" }, { 408, "web.error.408.title", "web.error.408.advice" },
    { 413, "web.error.413.title", "web.error.413.advice" }, { 414, "web.error.414.title", "web.error.414.advice" },
    { 421, "web.error.421.title", "web.error.421.advice" },
    { 431, "web.error.431.title", "web.error.431.advice" }, { 503, "web.error.503.title", "web.error.503.advice" },
    { 0, "web.error.400.title", "web.error.400.advice" },
};

static Str sheet_text(void)
{
    for (size_t i = 0; i < asset_files_count; i++)
        if (str_eq(asset_files[i].name, S("refusal.css")))
            return asset_files[i].plain;
    return S("");
}

static RefusalPage words_of(const AppInfo *app, const RefusalText *t, Lang lang)
{
    RefusalPage p = { .status = t->status, .phone = app->help_phone, .home = t->status == 421 ? app->public_url : S("/") };
    p.title  = text_find(lang, str_from_c(t->title));
    p.advice = text_find(lang, str_from_c(t->advice));
    return p;
}

HttpPages web_refusal_pages(const AppInfo *app, Arena *a)
{
    HttpPages list  = { 0 };
    Str       sheet = str_join(a, (Str[]){ S("<style>"), sheet_text(), S("</style>\n") }, 3, S(""));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Out         o = out_new(a, LANG_VI, 8192);
        RefusalPage p = words_of(app, &texts[i], LANG_VI);
        p.sheet       = (SafeHtml){ sheet };
        web_refusal_open(&o, &p);
        o.lang = LANG_EN;
        p      = words_of(app, &texts[i], LANG_EN);
        web_refusal_other(&o, &p);
        *list_add(a, &list) = (HttpPage){ texts[i].status, out_text(&o) };
    }
    return list;
}

HttpFields web_refusal_headers(const AppInfo *app, Arena *a)
{
    HttpFields list = { 0 };
    uint8_t    sum[32];
    char       text[64];
    Str        sheet = sheet_text();
    crypto_hash_sha256(sum, (const uint8_t *)sheet.at, sheet.len);
    sodium_bin2base64(text, sizeof text, sum, sizeof sum, sodium_base64_VARIANT_ORIGINAL);
    headers_set(&list, a, app, 0, S("text/plain"));
    *list_add(a, &list) = (HttpField){ S("content-security-policy"), arena_fmt(a,
        "default-src 'none'; style-src 'sha256-%s'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'", text) };
    *list_add(a, &list) = (HttpField){ S("cache-control"), S("no-store") };
    return list;
}
