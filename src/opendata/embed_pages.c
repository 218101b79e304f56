/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Charts in frames of other sites: the headline, the ranked list, one province, steps of answers. No script, no cookie, a fixed height; each
 * says edition, interval, n, source. And the page that hands out their addresses. */
#include "opendata/embed.h"

#include "stats/stats.h"

#include "embed.html.h"

#include <math.h>

/* An edition as a tree, and where it is read. */
typedef struct Shown { EditionRow row; Round round; Figures figures; Look look; } Shown;

static Err show(Ctx *c, int64_t number, Shown *out)
{
    TRY(edition_by_number(c->db, c->arena, path_str(c, "round"), number, &out->row));
    TRY(round_load(c->db, c->arena, out->row.round, &out->round));
    TRY(look_edition(c->db, c->store, c->arena, &out->row, &out->look));
    out->figures = out->look.figures;
    return out->look.nodes.len ? OK : err_new(c->arena, ERR_NOT_FOUND, S("figures"));
}

static Err show_asked(Ctx *c, Shown *out)
{
    return show(c, query_int(c, "edition", 0), out);
}

static Out frame_begin(Ctx *c, const Shown *s, Str title)
{
    EmbedFrame f = { .e = &s->row, .title = title };
    c->page.sheet = S("embed.css");
    Out o = page_begin(c, title);
    embed_open_view(&o, &f);
    return o;
}

static Err frame_end(Ctx *c, Out *o, const Shown *s)
{
    Str        base = site_base(c);
    EmbedFrame f = { .e = &s->row, .page_href = str_concat(c->arena, base, site_path(c, edition_path(c->arena, &s->row))),
                     .site = str_cut(str_skip(base, str_starts(base, S("https")) ? 8 : 7), '/').head };
    embed_close_view(o, &f);
    return page_end(c, o);
}

static Kpi kpi_of(const Look *l, const Figure *f, Lang lang)
{
    bool shown = look_shown(f);
    KpiState state = !shown ? KPI_SUPPRESSED : isnan(f->low) ? KPI_OPEN : KPI_ESTIMATE;
    return (Kpi){ .id = S("k"), .name = look_label(f, lang), .unit = S("%"), .value = real(f->x, 2), .low = f->low, .high = f->high, .last_year = NAN,
                  .n = shown ? f->n : 0, .state = state, .from = shown ? fmax(0, floor(f->x / 10) * 10 - 20) : 0, .to = shown ? 100 : 0 };
}

static Err headline_frame(Ctx *c)
{
    Shown s;
    TRY(show_asked(c, &s));
    const Figure *f = look_main(&s.look, s.look.nodes.at[look_head(&s.look)].code, S(""));
    if (!f)
        return err_new(c->arena, ERR_NOT_FOUND, S("headline"));
    Kpi k = kpi_of(&s.look, f, c->lang);
    Out o = frame_begin(c, &s, edition_title(&s.row, c->lang));
    kpi_tile(&o, &k);
    return frame_end(c, &o, &s);
}

static Err rank_frame(Ctx *c)
{
    Shown s;
    TRY(show_asked(c, &s));
    if (!s.look.provinces.len)
        return err_new(c->arena, ERR_NOT_FOUND, S("provinces"));
    Out o = frame_begin(c, &s, edition_title(&s.row, c->lang));
    EditionHeadline h = { .row = s.row, .figures = s.figures, .look = &s.look, .any = true };
    edition_rank(&o, c->db, &h, query_str(c, "mine"));
    return frame_end(c, &o, &s);
}

/* ---- One province: its index and contents beside the whole country ----------------------------------------------------------- */

static const Unit *province_of(const Look *l, Str code)
{
    for (size_t i = 0; i < l->provinces.len; i++)
        if (str_eq(l->provinces.at[i].code, code))
            return &l->provinces.at[i];
    return NULL;
}

static RankRow row_of(Ctx *c, const Look *l, const LookNode *n, Str province)
{
    Arena        *a    = c->arena;
    const Figure *f    = look_main(l, n->code, province), *whole = look_main(l, n->code, S(""));
    bool          shown = look_shown(f);
    RankRow       r = { .label = look_label(n->whole, c->lang), .x = NAN, .low = NAN, .high = NAN, .mine = n->depth == 0 };
    r.note = text_of(c->lang, "chart.suppressed");
    if (shown) {
        r.x    = f->x;
        r.low  = f->low;
        r.high = f->high;
        r.n    = f->n;
        r.note = whole && look_shown(whole) ? text_fmt(a, c->lang, "opendata.embed.whole", ARG_S("x", real_text(a, c->lang, whole->x, 2))) : S("");
    }
    return r;
}

static Str unit_finding(Ctx *c, const RankRow *top, Str name)
{
    if (isnan(top->x))
        return text_of(c->lang, "results.finding.few");
    Arena *a = c->arena;
    Str    x = real_text(a, c->lang, top->x, 2);
    Str    between = isnan(top->low) ? S("") : arena_fmt(a, " (%.*s–%.*s)", STR_ARG(real_text(a, c->lang, top->low, 1)),
                                                        STR_ARG(real_text(a, c->lang, top->high, 1)));
    return text_fmt(a, c->lang, "opendata.embed.unit-finding", ARG_S("unit", name), ARG_S("x", str_join(a, (Str[]){ x, S("%"), between }, 3, S(""))),
                    ARG_N("n", top->n), ARG_S("whole", top->note));
}

static Err unit_frame(Ctx *c)
{
    Shown s;
    TRY(show_asked(c, &s));
    const Unit *u = province_of(&s.look, path_str(c, "unit"));
    if (!u)
        return err_new(c->arena, ERR_NOT_FOUND, S("province"));
    RankRow *rows = arena_new(c->arena, RankRow, s.look.nodes.len);
    size_t   n    = 0;
    for (size_t i = 0; i < s.look.nodes.len; i++)
        if (s.look.nodes.at[i].depth <= 1 && (i == look_head(&s.look) || !s.look.nodes.at[i].item))
            rows[n++] = row_of(c, &s.look, &s.look.nodes.at[i], u->code);
    Str name = unit_name(u, c->lang);
    RankChart chart = { .head = { .id = S("u"), .title = name, .finding = unit_finding(c, &rows[0], name),
                                  .unit_note = text_of(c->lang, "opendata.embed.unit-note") },
                        .rows = rows, .n = n, .whole = NAN, .note_label = text_of(c->lang, "results.whole"),
                        .value_label = str_eq(s.look.main, S("index")) ? text_of(c->lang, "results.value-index") : text_of(c->lang, "results.value") };
    Out o = frame_begin(c, &s, edition_title(&s.row, c->lang));
    embed_one_open_view(&o);
    chart_rank(&o, &chart);
    embed_one_close_view(&o);
    return frame_end(c, &o, &s);
}

/* ---- Steps of answers: one content or factor, then what lies below it --------------------------------------------------------- */

static Err likert_frame(Ctx *c)
{
    Shown s;
    TRY(show_asked(c, &s));
    int at = look_node(&s.look, path_str(c, "item"));
    if (at < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("item"));
    Out        o    = frame_begin(c, &s, edition_title(&s.row, c->lang));
    LikertRow *rows = arena_new(c->arena, LikertRow, s.look.nodes.len);
    size_t     n    = look_likert(&s.look, o.lang, s.look.nodes.at[at].code, &rows[0]);
    rows[0].strong  = true;
    for (size_t i = 0; n && i < s.look.nodes.len; i++)
        if (s.look.nodes.at[i].parent == at)
            n += look_likert(&s.look, o.lang, s.look.nodes.at[i].code, &rows[n]);
    if (!n)
        return err_new(c->arena, ERR_NOT_FOUND, S("steps of answers"));
    Arena *a = c->arena;
    Str steps[LIKERT_STEPS] = { text_of(c->lang, "results.step1"), text_of(c->lang, "results.step2"), text_of(c->lang, "results.step3"),
                                text_of(c->lang, "results.step4"), text_of(c->lang, "results.step5") };
    Str finding = rows[0].suppressed ? text_of(c->lang, "results.finding.few")
        : text_fmt(a, c->lang, "results.finding.likert", ARG_S("a", real_text(a, c->lang, 100 * (rows[0].share[3] + rows[0].share[4]), 1)),
                   ARG_N("n", rows[0].n), ARG_S("b", real_text(a, c->lang, 100 * rows[0].none, 1)));
    LikertChart chart = { .head = { .id = S("l"), .title = rows[0].label, .finding = finding, .unit_note = text_of(c->lang, "opendata.embed.unit-note") },
                          .rows = rows, .n = n, .steps = steps, .none_label = text_of(c->lang, "results.no-opinion") };
    if (n > 1)
        rows[0].label = text_of(c->lang, "results.together");
    chart_likert(&o, &chart);
    return frame_end(c, &o, &s);
}

/* The optional element, at an address that stays the same when the program is renewed. */
static Err element_script(Ctx *c)
{
    for (size_t i = 0; i < asset_files_count; i++)
        if (str_eq(asset_files[i].name, S("embed.js")))
            return answer_bytes(c, 200, asset_files[i].type, asset_files[i].plain);
    return err_new(c->arena, ERR_NOT_FOUND, S("script"));
}

/* ---- The page that hands them out ------------------------------------------------------------------------------------------------ */

static Str quoted(Arena *a, Str s)
{
    return str_replace(a, str_replace(a, str_replace(a, s, S("&"), S("&amp;")), S("\""), S("&quot;")), S("<"), S("&lt;"));
}

static EmbedOffer *add_offer(Ctx *c, EmbedOffers *p, const char *id, Str title, Str tail, int height)
{
    Arena      *a = c->arena;
    EmbedOffer *x = list_add(a, &p->at);
    Str src  = str_join(a, (Str[]){ site_path(c, S("/embed/results/")), p->e->round_code, S("/"), tail }, 4, S(""));
    Str code = arena_fmt(a, "<iframe src=\"%.*s%.*s\" title=\"%.*s\" width=\"100%%\" height=\"%d\" loading=\"lazy\" "
                            "sandbox=\"allow-popups allow-popups-to-escape-sandbox allow-same-origin\"></iframe>",
                         STR_ARG(site_base(c)), STR_ARG(src), STR_ARG(quoted(a, title)), height);
    *x = (EmbedOffer){ .id = str_from_c(id), .title = title, .src = src, .code = code, .height = height };
    return x;
}

static void offer_unit(Ctx *c, EmbedOffers *p, const Look *l)
{
    const Unit *u = province_of(l, query_str(c, "unit"));
    u = u ? u : &l->provinces.at[0];
    EmbedOffer *x = add_offer(c, p, "unit", unit_name(u, c->lang), str_concat(c->arena, S("unit/"), u->code), 550);
    x->choose_name  = S("unit");
    x->choose_label = text_of(c->lang, "opendata.embed.choose-unit");
    for (size_t i = 0; i < l->provinces.len; i++)
        *list_add(c->arena, &x->choose) = (Choice){ .value = l->provinces.at[i].code, .label = unit_name(&l->provinces.at[i], c->lang),
                                                    .chosen = str_eq(l->provinces.at[i].code, u->code) };
}

static void offer_item(Ctx *c, EmbedOffers *p, const Look *l)
{
    int at = look_node(l, query_str(c, "item"));
    at = at < 0 ? 0 : at;
    const LookNode *n = &l->nodes.at[at];
    EmbedOffer     *x = add_offer(c, p, "likert", look_label(n->whole, c->lang), str_concat(c->arena, S("likert/"), url_encode(c->arena, n->code)), 620);
    x->choose_name  = S("item");
    x->choose_label = text_of(c->lang, "opendata.embed.choose-item");
    for (size_t i = 0; i < l->nodes.len; i++)
        if (l->nodes.at[i].children || i == (size_t)at)
            *list_add(c->arena, &x->choose) = (Choice){ .value = l->nodes.at[i].code, .label = look_label(l->nodes.at[i].whole, c->lang),
                                                        .chosen = i == (size_t)at };
}

static Err offers_page(Ctx *c)
{
    Shown s;
    TRY(show(c, path_int(c, "number") ? path_int(c, "number") : -1, &s));
    EmbedOffers p = { .e = &s.row, .action = site_path(c, str_concat(c->arena, edition_path(c->arena, &s.row), S("/embed"))) };
    add_offer(c, &p, "headline", look_label(s.look.nodes.at[look_head(&s.look)].whole, c->lang), S("headline"), 400);
    if (s.look.provinces.len) {
        add_offer(c, &p, "rank", text_of(c->lang, "results.rank.title"), S("rank"), 1240);
        offer_unit(c, &p, &s.look);
    }
    offer_item(c, &p, &s.look);
    p.element = arena_fmt(c->arena, "<script src=\"%.*s/embed/thuocdo.js\" defer></script>\n<thuoc-do src=\"%.*s%.*s\"></thuoc-do>", STR_ARG(site_base(c)),
                          STR_ARG(site_base(c)), STR_ARG(p.at.at[0].src));
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, text_of(c->lang, "results.list.title"), S("/results"));
    page_crumb(c, edition_title(&s.row, c->lang), edition_path(c->arena, &s.row));
    page_crumb(c, text_of(c->lang, "opendata.embed.title"), S(""));
    c->page.simulated = s.row.simulated;
    Out o = page_begin(c, text_of(c->lang, "opendata.embed.title"));
    embed_offers_view(&o, &p);
    return page_end(c, &o);
}

const Route opendata_embed_routes[] = {
    { GET, "/embed/thuocdo.js", RIGHT_PUBLIC, element_script, ROUTE_CACHED | ROUTE_OPEN },
    { GET, "/embed/results/{round}/headline", RIGHT_PUBLIC, headline_frame, ROUTE_CACHED | ROUTE_EMBED | ROUTE_OPEN },
    { GET, "/embed/results/{round}/rank", RIGHT_PUBLIC, rank_frame, ROUTE_CACHED | ROUTE_EMBED | ROUTE_OPEN },
    { GET, "/embed/results/{round}/unit/{unit}", RIGHT_PUBLIC, unit_frame, ROUTE_CACHED | ROUTE_EMBED | ROUTE_OPEN },
    { GET, "/embed/results/{round}/likert/{item}", RIGHT_PUBLIC, likert_frame, ROUTE_CACHED | ROUTE_EMBED | ROUTE_OPEN },
    { GET, "/results/{round}/{number}/embed", RIGHT_PUBLIC, offers_page, ROUTE_CACHED },
    { 0 },
};
