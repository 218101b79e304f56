/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Making a round known: link, QR code, poster, embedded card, picture for messages. */
#include "collect/console.h"
#include "collect/paper.h"
#include "round_embed.html.h"
#include "round_share.html.h"

static Str short_host(Str url)
{
    size_t at;
    return str_find(url, S("://"), &at) ? str_skip(url, at + 3) : url;
}

Err round_share_page(Ctx *c)
{
    Round r;
    TRY(round_of_console(c, RIGHT_ROUND_READ, &r));
    Str base = site_base(c);
    ShareView v = {
        .r = &r, .link = round_address(c, &r, ""), .short_link = round_address(c, &r, "?c=qr"), .poster_href = round_console_path(c, &r, "/poster.pdf"),
        .qr_href = round_console_path(c, &r, "/qr.svg"), .card_href = arena_fmt(c->arena, "/s/%.*s/card.png", STR_ARG(r.code)),
        .codes_href = r.identity == IDENTITY_CODE ? round_console_path(c, &r, "/codes") : S(""), .preview_href = round_console_path(c, &r, "/preview"),
        .open = round_state_at(&r, c->now) == ROUND_OPEN, .may_frame = c->app->embed_hosts.len > 0, .no_address = round_no_address(c),
        .embed = arena_fmt(c->arena, "<iframe src=\"%.*s/embed/round/%.*s\" title=\"%.*s\" width=\"100%%\" height=\"260\" loading=\"lazy\" "
                           "sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>", STR_ARG(base), STR_ARG(r.code),
                           STR_ARG(str_replace(c->arena, str_replace(c->arena, r.title_vi, S("&"), S("&amp;")), S("\""), S("&quot;")))),
    };
    Out o = page_begin(c, text_of(c->lang, "collect.share.title"));
    page_crumb(c, c->page.title, S(""));
    round_share(&o, &v);
    return page_end(c, &o);
}

static Str dates_text(Ctx *c, const Round *r, Lang l)
{
    return r->closes_at.ms ? text_fmt(c->arena, l, "collect.poster.until", ARG_S("date", date_long_text(c->arena, l, date_of(r->closes_at)))) : S("");
}

Err round_poster_file(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    Str                pdf;
    TRY(round_of_console(c, RIGHT_ROUND_READ, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &p));
    int64_t questions = form_question_count(p);
    Lang    l         = str_eq(query_str(c, "lang"), S("en")) ? LANG_EN : LANG_VI;
    PosterText t = {
        .agency = round_agency(c, r.owner), .title = round_title(&r, l), .intro = round_intro(&r, l), .call = text_of(l, "collect.poster.scan"),
        .address = short_host(round_address(c, &r, "")), .dates = dates_text(c, &r, l),
        .length = text_fmt(c->arena, l, "collect.poster.length", ARG_N("questions", questions), ARG_N("minutes", (questions + 3) / 4)),
        .phone = c->app->help_phone.len ? text_fmt(c->arena, l, "collect.poster.phone", ARG_S("phone", c->app->help_phone)) : S(""),
        .privacy = r.identity == IDENTITY_CODE ? text_of(l, "collect.start.code") : text_of(l, "collect.start.anonymous"),
    };
    TRY(poster_pdf(c->arena, &t, round_address(c, &r, "?c=qr"), &pdf));
    return answer_file(c, S("application/pdf"), arena_fmt(c->arena, "ap-phich-%.*s.pdf", STR_ARG(r.code)), pdf);
}

Err round_qr_file(Ctx *c)
{
    Round r;
    TRY(round_of_console(c, RIGHT_ROUND_READ, &r));
    Out o = out_new(c->arena, c->lang, 16 << 10);
    qr_svg(&o, round_address(c, &r, "?c=qr"), round_title(&r, c->lang));
    Str svg = out_text(&o);
    if (!str_has(svg, S("xmlns=")))            /* a file of its own names its language; a drawing inside a page need not */
        svg = str_replace(c->arena, svg, S("<svg "), S("<svg xmlns=\"http://www.w3.org/2000/svg\" "));
    return answer_file(c, S("image/svg+xml"), arena_fmt(c->arena, "qr-%.*s.svg", STR_ARG(r.code)), svg);
}

/* ---- Public: card for other sites, picture for messages ----------------------------------------------------- */
static Err public_round(Ctx *c, const char *param, Round *out)
{
    TRY(round_by_code(c->db, c->arena, path_str(c, param), out));
    return round_state_at(out, c->now) == ROUND_DRAFT ? err_new(c->arena, ERR_NOT_FOUND, S("round")) : OK;
}

Err round_embed_page(Ctx *c)
{
    Round r;
    TRY(public_round(c, "code", &r));
    EmbedView v = { .r = &r, .state = round_state_at(&r, c->now), .owner = round_agency(c, r.owner), .href = round_address(c, &r, "?c=embed") };
    Out o = page_begin(c, round_title(&r, c->lang));
    round_embed(&o, &v);
    return page_end(c, &o);
}

Err round_card_image(Ctx *c)
{
    Round r;
    Str   png;
    TRY(public_round(c, "round", &r));
    CardText t = { .agency = round_agency(c, r.owner), .title = round_title(&r, c->lang), .line = dates_text(c, &r, c->lang) };
    TRY(card_png(c->arena, &t, &png));
    return answer_bytes(c, 200, S("image/png"), png);
}
