/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of text: about, privacy, your data, accessibility, method, open data. */
#include "site/parts.h"

#include "base/csv.h"
#include "base/embed.h"
#include "view/component.h"
#include "site_about.html.h"
#include "site_access.html.h"
#include "site_data.html.h"
#include "site_method.html.h"
#include "site_privacy.html.h"

static Err about_page(Ctx *c)
{
    AboutPage p = { .fingerprint = edition_seal_fingerprint(c->arena, c->app), .key = edition_seal_key(c->arena, c->app),
                    .version = c->app->version, .agency = c->app->agency, .address = c->app->agency_address,
                    .phone = c->app->agency_phone, .help_phone = c->app->help_phone, .prefix = site_prefix(c) };
    site_crumbs(c, text_of(c->lang, "site.about.title"));
    Out o = page_begin(c, text_of(c->lang, "site.about.title"));
    if (c->lang == LANG_EN)
        site_about_en(&o, &p);
    else
        site_about_vi(&o, &p);
    return page_end(c, &o);
}

static Err privacy_page(Ctx *c)
{
    AboutPage p = { .agency = c->app->agency, .address = c->app->agency_address, .phone = c->app->agency_phone, .prefix = site_prefix(c) };
    site_crumbs(c, text_of(c->lang, "site.privacy.title"));
    Out o = page_begin(c, text_of(c->lang, "site.privacy.title"));
    if (c->lang == LANG_EN)
        site_privacy_en(&o, &p);
    else
        site_privacy_vi(&o, &p);
    return page_end(c, &o);
}

static Err my_data_page(Ctx *c)
{
    AboutPage p = { .agency = c->app->agency, .address = c->app->agency_address, .phone = c->app->agency_phone,
                    .help_phone = c->app->help_phone, .prefix = site_prefix(c) };
    site_crumbs(c, text_of(c->lang, "site.mydata.title"));
    Out o = page_begin(c, text_of(c->lang, "site.mydata.title"));
    if (c->lang == LANG_EN)
        site_mydata_en(&o, &p);
    else
        site_mydata_vi(&o, &p);
    return page_end(c, &o);
}

static Err access_page(Ctx *c)
{
    AboutPage p = { .agency = c->app->agency, .phone = c->app->agency_phone, .help_phone = c->app->help_phone, .prefix = site_prefix(c) };
    site_crumbs(c, text_of(c->lang, "site.access.title"));
    Out o = page_begin(c, text_of(c->lang, "site.access.title"));
    if (c->lang == LANG_EN)
        site_access_en(&o, &p);
    else
        site_access_vi(&o, &p);
    return page_end(c, &o);
}

/* Every component in its states, for people who build pages; tested in the browser like any page. */
static Err components_page(Ctx *c)
{
    c->page.no_index = true;
    Out o = page_begin(c, text_of(c->lang, "view.gallery.title"));
    component_gallery(&o);
    return page_end(c, &o);
}

const Route site_text_routes[] = {
    { GET, "/about", RIGHT_PUBLIC, about_page, ROUTE_CACHED },
    { GET, "/privacy", RIGHT_PUBLIC, privacy_page, ROUTE_CACHED },
    { GET, "/my-data", RIGHT_PUBLIC, my_data_page, ROUTE_CACHED },
    { GET, "/accessibility", RIGHT_PUBLIC, access_page, ROUTE_CACHED },
    { GET, "/components", RIGHT_PUBLIC, components_page, ROUTE_CACHED },
    { 0 },
};

static int depth_of(Str code)
{
    int depth = code.len > 1;
    for (size_t i = 0; i < code.len; i++)
        depth += code.at[i] == '.';
    return depth;
}

static Err method_lines(Ctx *c, Str bytes, MethodPage *p)
{
    CsvTable t;
    TRY(csv_read(c->arena, bytes, CSV_LIMITS, &t));
    for (size_t i = 1; i < t.len; i++)
        *list_add(c->arena, &p->lines) = (MethodLine){ csv_cell(&t.at[i], 0), csv_cell(&t.at[i], c->lang == LANG_EN ? 4 : 3),
                                                       csv_cell(&t.at[i], 2), csv_cell(&t.at[i], 5), depth_of(csv_cell(&t.at[i], 0)) };
    return OK;
}

static Err methods_page(Ctx *c)
{
    site_crumbs(c, text_of(c->lang, "web.nav.methods"));
    c->page.description = text_of(c->lang, "site.method.lead");
    Out o = page_begin(c, text_of(c->lang, "site.method.title"));
    site_method_head(&o);
    for (size_t i = 0; i < data_files_count; i++) {
        Str name = data_files[i].name;
        if (!str_starts(name, S("methods/")) || !str_ends(name, S(".csv")))
            continue;
        MethodPage p = { .method = str_take(str_skip(name, 8), name.len - 12), .prefix = site_prefix(c) };
        TRY(method_lines(c, data_files[i].bytes, &p));
        site_method_view(&o, &p);
    }
    site_method_rules(&o);
    return page_end(c, &o);
}

static Err data_page(Ctx *c)
{
    DataPage p = { .prefix = site_prefix(c) };
    TRY(edition_list(c->db, c->arena, &p.editions));
    TRY(round_open_list(c->db, c->arena, c->now, &p.rounds));
    site_crumbs(c, text_of(c->lang, "web.nav.data"));
    c->page.description = text_of(c->lang, "site.data.lead");
    Out o = page_begin(c, text_of(c->lang, "web.nav.data"));
    site_data_view(&o, &p);
    return page_end(c, &o);
}

const Route site_method_routes[] = {
    { GET, "/methods", RIGHT_PUBLIC, methods_page, ROUTE_CACHED },
    { GET, "/data", RIGHT_PUBLIC, data_page, ROUTE_CACHED },
    { 0 },
};
