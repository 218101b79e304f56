/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages: reports of an edition to read and to download. Nobody signs these; figures lead to the edition. */
#include "report/parts.h"

#include "report_body.html.h"
#include "report_list.html.h"

static Err load(Ctx *c, EditionRow *e, ReportSource **s)
{
    int64_t number = path_int(c, "number");
    if (!number)
        return err_new(c->arena, ERR_NOT_FOUND, S("edition"));
    TRY(edition_by_number(c->db, c->arena, path_str(c, "round"), number, e));
    return report_source(c->db, c->store, c->arena, e, s);
}

/* Links of one report; code: the province, or empty. */
static ReportFiles files_of(Ctx *c, const EditionRow *e, ReportKind kind, Str code)
{
    ReportFiles f     = { .name = text_find(c->lang, str_concat(c->arena, S("report.kind."), report_kind_code(kind))) };
    Str         stem  = str_join(c->arena, (Str[]){ edition_path(c->arena, e), S("/reports/"), report_kind_code(kind) }, 3, S(""));
    Str         query = code.len ? str_concat(c->arena, S("?code="), code) : S("");
    f.read = site_path(c, str_concat(c->arena, stem, query));
    for (int k = REPORT_PDF; k < REPORT_FORMAT_COUNT; k++) {
        Str format = report_format_code((ReportFormat)k);
        f.at[f.n++] = (ReportFile){ text_find(c->lang, str_concat(c->arena, S("report.format."), format)),
                                    site_path(c, str_join(c->arena, (Str[]){ stem, S("."), format, query }, 4, S(""))) };
    }
    return f;
}

static Err list_page(Ctx *c)
{
    EditionRow    e;
    ReportSource *s;
    ReportList    v = { .e = &e };
    TRY(load(c, &e, &s));
    v.title        = edition_title(&e, c->lang);
    v.edition_href = site_path(c, edition_path(c->arena, &e));
    for (size_t i = 0; i < s->look.provinces.len; i++)
        *list_add(c->arena, &v.provinces) = (Choice){ .value = s->look.provinces.at[i].code, .label = province_label(&s->look.provinces.at[i], c->lang) };
    for (int k = 0; k < REPORT_KIND_COUNT && s->look.top >= 0; k++) {
        if (k == REPORT_PROVINCE && !s->look.provinces.len)
            continue;
        Str code = report_kind_code((ReportKind)k);
        v.at[v.n++] = (ReportEntry){ code, text_find(c->lang, str_concat(c->arena, S("report.kind."), code)),
                                     text_find(c->lang, str_concat(c->arena, S("report.about."), code)), k == REPORT_PROVINCE,
                                     files_of(c, &e, (ReportKind)k, S("")) };
    }
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, text_of(c->lang, "results.list.title"), S("/results"));
    page_crumb(c, v.title, edition_path(c->arena, &e));
    page_crumb(c, text_of(c->lang, "report.title"), S(""));
    c->page.simulated = e.simulated;
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "report.page.title", ARG_S("title", v.title), ARG_N("number", e.number)));
    report_list_view(&o, &v);
    return page_end(c, &o);
}

static Err show_page(Ctx *c, const EditionRow *e, const ReportOrder *order, const Report *r)
{
    ReportFiles files = files_of(c, e, order->kind, order->province);
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, edition_title(e, c->lang), edition_path(c->arena, e));
    page_crumb(c, text_of(c->lang, "report.title"), str_concat(c->arena, edition_path(c->arena, e), S("/reports")));
    page_crumb(c, text_find(c->lang, str_concat(c->arena, S("report.kind."), report_kind_code(order->kind))), S(""));
    c->page.simulated = e->simulated;
    Out o = page_begin(c, r->title);
    report_frame_open_view(&o, &files);
    report_html(&o, r);
    report_frame_close_view(&o);
    return page_end(c, &o);
}

static Err send_file(Ctx *c, const EditionRow *e, const ReportOrder *order, const Report *r, ReportFormat format)
{
    Str bytes, dash = order->province.len ? S("-") : S("");
    TRY(report_write(c->arena, r, format, &bytes));
    Str name = arena_fmt(c->arena, "%.*s-%d-%.*s%.*s%.*s.%.*s", STR_ARG(e->round_code), e->number, STR_ARG(report_kind_code(order->kind)), STR_ARG(dash),
                         STR_ARG(order->province), STR_ARG(report_format_code(format)));
    return answer_file(c, report_format_type(format), name, bytes);
}

/* /results/sipas-2026/1/reports/year is the page, …/year.pdf a file. */
static Err report_page(Ctx *c)
{
    EditionRow    e;
    ReportSource *s;
    Report        r;
    ReportFormat  format = REPORT_HTML;
    StrPair       name = str_cut(path_str(c, "name"), '.');
    ReportOrder   order = { .lang = c->lang, .province = query_str(c, "code") };
    if (!report_kind_parse(name.head, &order.kind) || (name.tail.len && (!report_format_parse(name.tail, &format) || format == REPORT_HTML)))
        return err_new(c->arena, ERR_NOT_FOUND, S("report"));
    TRY(load(c, &e, &s));
    if (order.kind != REPORT_PROVINCE)
        order.province = S("");
    order.site = format == REPORT_HTML ? S("") : site_base(c);
    order.now  = e.published_at;                 /* the same bytes whenever it is asked for */
    TRY(report_build(c->arena, s, &order, &r));
    return format == REPORT_HTML ? show_page(c, &e, &order, &r) : send_file(c, &e, &order, &r, format);
}

const Route report_public_routes[] = {
    { GET, "/results/{round}/{number}/reports", RIGHT_PUBLIC, list_page, ROUTE_CACHED },
    { GET, "/results/{round}/{number}/reports/{name}", RIGHT_PUBLIC, report_page, ROUTE_CACHED },
    { 0 },
};
