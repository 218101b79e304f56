/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of text: about, privacy, your data, accessibility, method, open data. */
#include "site/parts.h"

#include "method/store.h"
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

static void method_lines(Ctx *c, const SurveyMethod *m, MethodPage *p)
{
    for (size_t i = 0; i < m->nodes.len; i++) {
        const MethodNode *n = &m->nodes.at[i];
        int depth = 0;
        for (int up = method_node(m, n->parent); up >= 0; up = method_node(m, m->nodes.at[up].parent))
            depth++;
        *list_add(c->arena, &p->lines) = (MethodLine){ n->code, n->label[c->lang], n->kind, n->source, depth };
    }
}

static void method_facts(Ctx *c, const SurveyMethod *m, MethodPage *p)
{
    for (int i = 0; i < METHOD_ABOUT_COUNT; i++)
        if (m->about[i][LANG_VI].len)
            *list_add(c->arena, &p->facts) = (SummaryRow){
                .key = text_find(c->lang, str_concat(c->arena, S("method.about."), method_about_code((MethodAbout)i))), .value = m->about[i][c->lang] };
    for (int r = 0; r < METHOD_RULE_COUNT; r++) {
        Str code = method_rule_code((MethodRule)r), value = method_rule_value((MethodRule)r, method_rule_of(m, (MethodRule)r));
        *list_add(c->arena, &p->facts) = (SummaryRow){ .key = text_find(c->lang, str_concat(c->arena, S("method.rule."), code)),
            .value = text_find(c->lang, str_join(c->arena, (Str[]){ S("method.rule"), code, value }, 3, S("."))) };
    }
}

/* Approved methods: what rounds may name. */
static Err methods_page(Ctx *c)
{
    MethodRows rows;
    TRY(method_list(c->db, c->arena, &rows));
    site_crumbs(c, text_of(c->lang, "web.nav.methods"));
    c->page.description = text_of(c->lang, "site.method.lead");
    Out o = page_begin(c, text_of(c->lang, "site.method.title"));
    site_method_head(&o);
    for (size_t k = 0; k < 2 * rows.len; k++) {          /* those of a period first, the newest at the top */
        SurveyMethod m;
        size_t       i = k < rows.len ? rows.len - 1 - k : k - rows.len;
        TRY(method_load(c->db, c->arena, rows.at[i].ref, &m));
        if (!rows.at[i].approved_at.ms || (m.about[ABOUT_PERIOD][LANG_VI].len > 0) != (k < rows.len))
            continue;
        MethodPage p = { .method = rows.at[i].ref, .title = method_title(&m, c->lang), .prefix = site_prefix(c) };
        method_facts(c, &m, &p);
        method_lines(c, &m, &p);
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
