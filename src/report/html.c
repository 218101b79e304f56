/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports as the body of a page. */
#include "report/parts.h"

#include "report_body.html.h"
#include "view/component.h"

/* Words stand close together: markup would put a blank between a link and the point behind it. */
static void words(Out *o, const ReportPart *p)
{
    static const char *const open[] = { "<p class=\"mt text\">", "<h2 class=\"mt-l\">", "<h3 class=\"mt-l\">", "<p class=\"small mt-s text\">" };
    static const char *const close[] = { "</p>\n", "</h2>\n", "</h3>\n", "</p>\n" };
    int form = p->kind == PART_HEADING ? p->level : p->kind == PART_ITEM ? 3 : 0;
    out_raw(o, str_from_c(open[form]));
    for (size_t i = 0; i < p->runs.len; i++) {
        const ReportRun *r = &p->runs.at[i];
        if (r->href.len) {
            out_raw(o, S("<a href=\""));
            out_url(o, r->href);
            out_raw(o, S("\">"));
        }
        out_html(o, r->text);
        if (r->href.len)
            out_raw(o, S("</a>"));
    }
    out_raw(o, str_from_c(close[form]));
}

static void chart(Out *o, const ReportChart *c)
{
    out_raw(o, S("<div class=\"mt-l\">\n"));
    switch (c->kind) {
    case CHART_LIKERT: chart_likert(o, &c->likert); break;
    case CHART_RANK: chart_rank(o, &c->rank); break;
    case CHART_TILES: chart_tiles(o, &c->tiles); break;
    case CHART_SLOPE: chart_slope(o, &c->slope); break;
    case CHART_BARS: chart_bars(o, &c->bars); break;
    }
    out_raw(o, S("</div>\n"));
}

static void head(Out *o, const ReportHead *h)
{
    HeadLines l = head_lines(o->buf.a, o->lang, h);
    letterhead(o, &(Letterhead){ .superior = l.superior, .agency = l.agency, .number = l.number, .place_date = l.place });
}

void report_html(Out *o, const Report *r)
{
    int64_t tables = 0;
    for (size_t i = 0; i < r->parts.len; i++) {
        const ReportPart *p = &r->parts.at[i];
        switch (p->kind) {
        case PART_HEAD: head(o, p->head); break;
        case PART_TITLE: report_title_view(o, p); break;
        case PART_FACTS: report_facts_view(o, p); break;
        case PART_TABLE:
            report_table_view(o, p->table, text_fmt(o->buf.a, o->lang, "report.table.number", ARG_N("n", ++tables), ARG_S("text", p->table->caption)));
            break;
        case PART_CHART: chart(o, p->chart); break;
        case PART_SIGN: report_sign_view(o, p->sign); break;
        case PART_PAGE: break;
        default: words(o, p); break;
        }
    }
}
