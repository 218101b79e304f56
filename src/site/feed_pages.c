/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What programs read: RSS of editions and open surveys, the site map, robots.txt, security.txt. */
#include "site/parts.h"

static Str absolute(Ctx *c, Str path)
{
    return str_concat(c->arena, site_base(c), path);
}

static void xml_text(Out *o, const char *tag, Str s)
{
    buf_fmt(&o->buf, "<%s>", tag);
    out_html(o, s);
    buf_fmt(&o->buf, "</%s>\n", tag);
}

static void item(Ctx *c, Out *o, Str title, Str path, Time at, Str text)
{
    buf_lit(&o->buf, "<item>\n");
    xml_text(o, "title", title);
    xml_text(o, "link", absolute(c, path));
    xml_text(o, "guid", absolute(c, path));
    xml_text(o, "pubDate", time_http(c->arena, at));
    xml_text(o, "description", text);
    buf_lit(&o->buf, "</item>\n");
}

static Err feed_page(Ctx *c)
{
    EditionRows editions;
    Rounds      open;
    TRY(edition_list(c->db, c->arena, &editions));
    TRY(round_open_list(c->db, c->arena, c->now, &open));
    Out o = out_new(c->arena, c->lang, 8192);
    buf_lit(&o.buf, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel>\n");
    xml_text(&o, "title", text_of(c->lang, "site.feed.title"));
    xml_text(&o, "link", absolute(c, site_path(c, S("/"))));
    xml_text(&o, "description", text_of(c->lang, "site.home.lead"));
    xml_text(&o, "language", lang_code(c->lang));
    for (size_t i = 0; i < editions.len && i < 50; i++) {
        const EditionRow *e = &editions.at[i];
        Str title = text_fmt(c->arena, c->lang, "results.page.title", ARG_S("title", edition_title(e, c->lang)), ARG_N("number", e->number));
        item(c, &o, title, site_path(c, edition_path(c->arena, e)), e->published_at,
             text_fmt(c->arena, c->lang, "results.description", ARG_N("n", e->n), ARG_N("number", e->number)));
    }
    for (size_t i = 0; i < open.len && i < 50; i++)
        item(c, &o, round_title(&open.at[i], c->lang), site_path(c, str_concat(c->arena, S("/s/"), open.at[i].code)), open.at[i].opens_at,
             round_intro(&open.at[i], c->lang));
    buf_lit(&o.buf, "</channel></rss>\n");
    return answer_bytes(c, 200, S("application/rss+xml; charset=utf-8"), out_text(&o));
}

static Err sitemap_page(Ctx *c)
{
    static const Str fixed[] = { S_INIT("/"), S_INIT("/results"), S_INIT("/surveys"), S_INIT("/indices"), S_INIT("/rankings"),
                                 S_INIT("/units"), S_INIT("/methods"), S_INIT("/data"), S_INIT("/api"), S_INIT("/about"),
                                 S_INIT("/privacy"), S_INIT("/my-data"), S_INIT("/accessibility") };
    EditionRows editions;
    TRY(edition_list(c->db, c->arena, &editions));
    Out o = out_new(c->arena, c->lang, 8192);
    buf_lit(&o.buf, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        for (int en = 0; en < 2; en++) {
            buf_lit(&o.buf, "<url>");
            xml_text(&o, "loc", absolute(c, en ? str_concat(c->arena, S("/en"), fixed[i]) : fixed[i]));
            buf_lit(&o.buf, "</url>\n");
        }
    for (size_t i = 0; i < editions.len; i++) {
        buf_lit(&o.buf, "<url>");
        xml_text(&o, "loc", absolute(c, edition_path(c->arena, &editions.at[i])));
        buf_lit(&o.buf, "</url>\n");
    }
    buf_lit(&o.buf, "</urlset>\n");
    return answer_bytes(c, 200, S("application/xml; charset=utf-8"), out_text(&o));
}

static Err robots_page(Ctx *c)
{
    Str text = str_join(c->arena, (Str[]){ S("User-agent: *\nDisallow: /console\nDisallow: /s/\nDisallow: /search\nDisallow: /display\nSitemap: "),
                                           absolute(c, S("/sitemap")), S("\n") }, 3, S(""));
    return answer_bytes(c, 200, S("text/plain; charset=utf-8"), text);
}

/* RFC 9116. The contact is the agency's telephone until it sets an address of its own. */
static Err security_page(Ctx *c)
{
    Str contact = c->app->agency_phone.len ? str_replace(c->arena, c->app->agency_phone, S(" "), S("-")) : S("");
    Buf b = buf_new(c->arena, 256);
    if (contact.len) {
        buf_lit(&b, "Contact: tel:");
        buf_add(&b, contact);
        buf_byte(&b, '\n');
    }
    buf_lit(&b, "Contact: ");
    buf_add(&b, absolute(c, S("/about")));
    buf_fmt(&b, "\nExpires: %d-12-31T23:59:59.000Z\nPreferred-Languages: vi, en\n", date_ymd(c->today).year + 1);
    return answer_bytes(c, 200, S("text/plain; charset=utf-8"), buf_str(&b));
}

const Route site_feed_routes[] = {
    { GET, "/feed", RIGHT_PUBLIC, feed_page, ROUTE_CACHED },
    { GET, "/sitemap", RIGHT_PUBLIC, sitemap_page, ROUTE_CACHED },
    { GET, "/robots.txt", RIGHT_PUBLIC, robots_page, ROUTE_CACHED },
    { GET, "/.well-known/security.txt", RIGHT_PUBLIC, security_page, ROUTE_CACHED },
    { 0 },
};
