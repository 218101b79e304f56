/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The reports that are built in: what stands in each, in which order. */
#include "report/parts.h"

#include "base/zip.h"

#include <math.h>

static const Str kinds[REPORT_KIND_COUNT] = { S_INIT("year"), S_INIT("province"), S_INIT("press"), S_INIT("infographic"), S_INIT("book") };
static const struct { Str code, type; } formats[REPORT_FORMAT_COUNT] = {
    { S_INIT("html"), S_INIT("text/html; charset=utf-8") },
    { S_INIT("pdf"), S_INIT("application/pdf") },
    { S_INIT("docx"), S_INIT("application/vnd.openxmlformats-officedocument.wordprocessingml.document") },
    { S_INIT("xlsx"), S_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") },
    { S_INIT("csv"), S_INIT("text/csv; charset=utf-8") },
};

Str report_kind_code(ReportKind k)
{
    return kinds[k];
}

bool report_kind_parse(Str code, ReportKind *out)
{
    for (int k = 0; k < REPORT_KIND_COUNT; k++)
        if (str_eq(code, kinds[k])) {
            *out = (ReportKind)k;
            return true;
        }
    return false;
}

Str report_format_code(ReportFormat f)
{
    return formats[f].code;
}

Str report_format_type(ReportFormat f)
{
    return formats[f].type;
}

bool report_format_parse(Str code, ReportFormat *out)
{
    for (int f = 0; f < REPORT_FORMAT_COUNT; f++)
        if (str_eq(code, formats[f].code)) {
            *out = (ReportFormat)f;
            return true;
        }
    return false;
}

/* ---- Pieces that several reports have --------------------------------------------------------------------------------- */

static const LookNode *top_of(const Build *b)
{
    return &b->s->look.nodes.at[b->s->look.top];
}

static void title(Build *b, Str name, Str about)
{
    ReportPart *p = part_add(b, PART_TITLE);
    *list_add(b->a, &p->runs) = (ReportRun){ .text = name, .bold = true };
    if (about.len)
        *list_add(b->a, &p->runs) = (ReportRun){ .text = about };
}

static void office_head(Build *b)
{
    if (!b->o->head.agency.len)
        return;
    ReportHead *head = arena_new(b->a, ReportHead, 1);
    *head = b->o->head;
    part_add(b, PART_HEAD)->head = head;
}

static void signature(Build *b)
{
    if (!b->o->sign.office.len && !b->o->sign.to.len)
        return;
    ReportSign *sign = arena_new(b->a, ReportSign, 1);
    *sign = b->o->sign;
    part_add(b, PART_SIGN)->sign = sign;
}

/* "Chỉ số … đạt 84,35% (KTC 95%: …; n = …)." */
static void figure_sentence(Build *b, Str pattern, const LookNode *t, const Figure *f, Str where)
{
    RunArg args[] = { { .name = "what", .text = topic_label(t, b->o->lang) }, { .name = "where", .text = where },
                      { .name = "method", .text = b->s->method[b->o->lang] }, { .name = "figure", .text = figure_words(b, f, 2), .href = figure_href(b, f) } };
    part_sentence(b, PART_TEXT, pattern, args, COUNT_OF(args));
}

static void index_sentence(Build *b)
{
    Lang l = b->o->lang;
    figure_sentence(b, words_of_index(b, text_of(l, "report.text.index"), text_of(l, "report.text.index-method")), top_of(b), top_of(b)->whole, S(""));
}

void extremes(Build *b, Str province, int *out_best, int *out_worst)
{
    *out_best = *out_worst = -1;
    for (size_t i = 0; i < b->s->look.nodes.len; i++) {
        const Figure *f = look_main(&b->s->look, b->s->look.nodes.at[i].code, province);
        bool          last = false;
        for (size_t k = 0; k < b->s->look.nodes.len && !last; k++)
            last = b->s->look.nodes.at[k].parent == (int)i && b->s->look.nodes.at[k].item;
        if (!last || !look_shown(f))
            continue;
        if (*out_best < 0 || f->x > look_main(&b->s->look, b->s->look.nodes.at[*out_best].code, province)->x)
            *out_best = (int)i;
        if (*out_worst < 0 || f->x < look_main(&b->s->look, b->s->look.nodes.at[*out_worst].code, province)->x)
            *out_worst = (int)i;
    }
}

static void extremes_sentence(Build *b, Str province)
{
    int best, worst;
    extremes(b, province, &best, &worst);
    if (best < 0 || best == worst)
        return;
    const LookNode  *x = &b->s->look.nodes.at[best], *y = &b->s->look.nodes.at[worst];
    const Figure *f = look_main(&b->s->look, x->code, province), *g = look_main(&b->s->look, y->code, province);
    RunArg args[] = { { .name = "best", .text = topic_label(x, b->o->lang) }, { .name = "x", .text = figure_words(b, f, 2), .href = figure_href(b, f) },
                      { .name = "worst", .text = topic_label(y, b->o->lang) }, { .name = "y", .text = figure_words(b, g, 2), .href = figure_href(b, g) } };
    Lang l = b->o->lang;
    part_sentence(b, PART_TEXT, words_of_index(b, text_of(l, "report.text.extremes"), text_of(l, "report.text.extremes-method")), args, COUNT_OF(args));
}

static void method_notes(Build *b)
{
    Lang  l = b->o->lang;
    const EditionRow *e = &b->s->e;
    part_heading(b, 1, text_of(l, "report.notes.title"));
    part_words(b, PART_ITEM, text_fmt(b->a, l, "report.notes.method", ARG_S("method", b->s->method[l])));
    part_words(b, PART_ITEM, !e->weighting ? text_of(l, "report.notes.unweighted") : b->s->look.intervals ? text_of(l, "report.notes.weighted")
                                                                                                     : text_of(l, "report.notes.values"));
    part_words(b, PART_ITEM, text_of(l, "report.notes.n"));
    part_words(b, PART_ITEM, text_of(l, "report.notes.hidden"));
    if (b->s->look.intervals && b->s->look.provinces.len)
        part_words(b, PART_ITEM, text_of(l, "report.notes.rank"));
    if (e->simulated)
        part_words(b, PART_ITEM, text_of(l, "report.notes.simulated"));
    RunArg args[] = { { .name = "edition", .text = b->r->href, .href = b->r->href }, { .name = "sha", .text = e->package_sha },
                      { .name = "fingerprint", .text = e->fingerprint } };
    part_sentence(b, PART_ITEM, text_of(l, "report.notes.verify"), args, COUNT_OF(args));
}

static void fact_of(Build *b, ReportPart *p, const LookNode *t, Str province, const StatsChange *change)
{
    Lang          l = b->o->lang;
    const Figure *f = look_main(&b->s->look, t->code, province);
    Str note = !look_shown(f) ? S("") : isnan(f->low) ? text_fmt(b->a, l, "report.fact.plain", ARG_N("n", f->n))
               : text_fmt(b->a, l, "report.fact", ARG_S("low", real_text(b->a, l, f->low, 1)), ARG_S("high", real_text(b->a, l, f->high, 1)), ARG_N("n", f->n));
    if (change)
        note = str_concat(b->a, note, change_note(b, &change[t - b->s->look.nodes.at]));
    if (f)
        *list_add(b->a, &p->facts) = (ReportFact){ look_shown(f) ? str_concat(b->a, real_text(b->a, l, f->x, 2), S(" %")) : text_of(l, "chart.suppressed"),
                                                   topic_label(t, l), note, figure_href(b, f) };
}

/* The index and what is right below it. */
static void facts(Build *b, Str province)
{
    ReportPart  *p = part_add(b, PART_FACTS);
    StatsChange *change = b->s->compared ? look_node_changes(b->a, &b->s->look, &b->s->was, province) : NULL;
    fact_of(b, p, top_of(b), province, change);
    for (size_t i = 0; i < b->s->look.nodes.len; i++)
        if (b->s->look.nodes.at[i].parent == b->s->look.top && !b->s->look.nodes.at[i].item)
            fact_of(b, p, &b->s->look.nodes.at[i], province, change);
}

static void codes(Build *b, bool with_heading)
{
    for (size_t i = 0; i < b->s->look.figures.len; i++) {
        const Figure *f = &b->s->look.figures.at[i];
        if (!str_starts(f->name, S("coded.")) || str_has(f->name, S(":")))
            continue;
        if (with_heading)
            part_heading(b, 1, text_of(b->o->lang, "report.year.codes"));
        with_heading = false;
        part_chart(b, chart_of_codes(b, f));
        part_table(b, table_of_codes(b, f));
    }
}

static bool has_groups(const Build *b, int topic)
{
    for (size_t i = 0; i < b->s->look.nodes.len; i++)
        if (b->s->look.nodes.at[i].parent == topic && !b->s->look.nodes.at[i].item)
            return true;
    return false;
}

static bool has_questions(const Build *b, int topic)
{
    for (size_t i = 0; i < b->s->look.nodes.len; i++)
        if (b->s->look.nodes.at[i].parent == topic && b->s->look.nodes.at[i].item)
            return true;
    return false;
}

/* ---- The reports ---------------------------------------------------------------------------------------------------------- */

static void year_components(Build *b)
{
    for (size_t i = 0; i < b->s->look.nodes.len; i++) {
        const LookNode *t = &b->s->look.nodes.at[i];
        if (t->parent != b->s->look.top || t->item || !(has_groups(b, (int)i) || has_questions(b, (int)i)))
            continue;
        part_heading(b, 2, topic_label(t, b->o->lang));
        figure_sentence(b, text_of(b->o->lang, "report.text.share"), t, t->whole, S(""));
        part_chart(b, chart_of_topic(b, (int)i));
        part_table(b, table_of_topics(b, (int)i, S("")));
    }
}

static void question_tables(Build *b)
{
    for (size_t i = 0; i < b->s->look.nodes.len; i++)
        if (!b->s->look.nodes.at[i].item && has_questions(b, (int)i))
            part_table(b, table_of_steps(b, (int)i));
}

static void year(Build *b)
{
    Lang l = b->o->lang;
    const EditionRow *e = &b->s->e;
    office_head(b);
    title(b, text_of(l, "report.year.name"), text_fmt(b->a, l, "report.year.about", ARG_S("round", edition_title(e, l))));
    part_heading(b, 1, text_of(l, "report.year.survey"));
    RunArg args[] = { { .name = "n", .text = num_text(b->a, l, e->n), .href = b->r->href }, { .name = "round", .text = edition_title(e, l) },
                      { .name = "number", .text = num_text(b->a, l, e->number) }, { .name = "date", .text = date_text(b->a, l, date_of(e->published_at)) },
                      { .name = "method", .text = b->s->method[l] } };
    part_sentence(b, PART_TEXT, text_of(l, "report.year.survey-text"), args, COUNT_OF(args));
    part_heading(b, 1, text_of(l, "report.year.whole"));
    facts(b, S(""));
    index_sentence(b);
    extremes_sentence(b, S(""));
    part_chart(b, chart_of_topic(b, b->s->look.top));
    part_heading(b, 1, text_of(l, "report.year.parts"));
    year_components(b);
    if (b->s->look.provinces.len) {
        part_heading(b, 1, text_of(l, "report.year.provinces"));
        part_chart(b, chart_of_provinces(b, S("")));
        part_chart(b, chart_of_map(b));
        part_table(b, table_of_provinces(b));
    }
    part_changes(b, NULL, true);
    codes(b, true);
    method_notes(b);
    signature(b);
    part_add(b, PART_PAGE);
    part_heading(b, 1, text_of(l, "report.year.annex"));
    question_tables(b);
}

static Err province(Build *b)
{
    Lang l = b->o->lang;
    const Unit *u = province_of(b->s, b->o->province);
    if (!u)
        return err_fmt(b->a, ERR_NOT_FOUND, "the edition has no province %.*s", STR_ARG(b->o->province));
    Str name = province_label(u, l);
    const Figure *f = look_main(&b->s->look, top_of(b)->code, u->code);
    office_head(b);
    title(b, text_fmt(b->a, l, "report.province.name", ARG_S("name", name)), edition_title(&b->s->e, l));
    facts(b, u->code);
    figure_sentence(b, words_of_index(b, text_of(l, "report.text.index-at"), text_of(l, "report.text.index-method-at")), top_of(b), f, name);
    for (size_t i = 0; i < b->s->look.provinces.len; i++)
        if (&b->s->look.provinces.at[i] == u && b->s->rank[l][i].len)
            part_words(b, PART_TEXT, text_fmt(b->a, l, "report.province.rank", ARG_S("name", name), ARG_S("rank", b->s->rank[l][i]),
                                              ARG_N("n", (int64_t)b->s->look.provinces.len)));
    extremes_sentence(b, u->code);
    part_table(b, table_of_topics(b, b->s->look.top, u->code));
    part_changes(b, u, false);
    part_chart(b, chart_of_provinces(b, u->code));
    method_notes(b);
    signature(b);
    return OK;
}

static void press(Build *b)
{
    Lang l = b->o->lang;
    title(b, text_of(l, "report.press.name"), edition_title(&b->s->e, l));
    facts(b, S(""));
    index_sentence(b);
    extremes_sentence(b, S(""));
    part_table(b, table_of_topics(b, b->s->look.top, S("")));
    part_changes(b, NULL, false);
    part_table(b, table_of_provinces(b));
    method_notes(b);
}

static void infographic(Build *b)
{
    Lang l = b->o->lang;
    title(b, edition_title(&b->s->e, l), text_fmt(b->a, l, "report.infographic.about", ARG_N("n", b->s->e.n)));
    facts(b, S(""));
    part_words(b, PART_NOTE, text_of(l, "report.infographic.note"));
    part_chart(b, look_mapped(&b->s->look.provinces) ? chart_of_map(b) : chart_of_topic(b, b->s->look.top));
}

static void book(Build *b)
{
    Lang l = b->o->lang;
    title(b, text_of(l, "report.book.name"), edition_title(&b->s->e, l));
    part_words(b, PART_TEXT, text_of(l, "report.book.lead"));
    int last = -2;
    for (size_t i = 0; i < b->s->look.nodes.len; i++) {
        const LookNode *t = &b->s->look.nodes.at[i];
        if (!t->item || !look_figure(&b->s->look, S("step1"), t->code, S("")))
            continue;
        if (t->parent != last)
            part_heading(b, 1, t->parent < 0 ? text_of(l, "report.book.others") : topic_label(&b->s->look.nodes.at[t->parent], l));
        last = t->parent;
        part_heading(b, 2, str_join(b->a, (Str[]){ t->code, topic_label(t, l) }, 2, S(". ")));
        part_chart(b, chart_of_question(b, (int)i));
        part_table(b, table_of_question(b, (int)i));
    }
    codes(b, true);
    method_notes(b);
}

static Str source_line(Build *b)
{
    Lang l = b->o->lang;
    const EditionRow *e = &b->s->e;
    Str how = !e->weighting ? text_of(l, "results.unweighted") : b->s->look.intervals ? text_of(l, "results.weighted") : text_of(l, "results.weighted-values");
    Str text = text_fmt(b->a, l, "report.source", ARG_N("number", e->number), ARG_S("date", date_text(b->a, l, date_of(e->published_at))), ARG_S("how", how));
    return e->simulated ? str_join(b->a, (Str[]){ text, text_of(l, "report.source.simulated") }, 2, S(" ")) : text;
}

void report_begin(Build *b)
{
    const ReportOrder *o = b->o;
    *b->r = (Report){ .lang = o->lang, .agency = o->head.agency, .made_at = o->now, .simulated = b->s->e.simulated };
    b->r->href   = str_join(b->a, (Str[]){ o->site, o->lang == LANG_EN ? S("/en") : S(""), edition_path(b->a, &b->s->e) }, 3, S(""));
    b->r->source = source_line(b);
}

/* "BÁO CÁO – Kết quả …" */
static Str title_text(Arena *a, const ReportRuns *runs)
{
    Str lines[2] = { runs->at[0].text, runs->len > 1 ? runs->at[1].text : S("") };
    return str_join(a, lines, runs->len > 1 ? 2 : 1, S(" – "));
}

Err report_build(Arena *a, const ReportSource *s, const ReportOrder *o, Report *out)
{
    if (s->look.top < 0)
        return err_new(a, ERR_NOT_FOUND, S("the edition has no satisfaction index"));
    Build b = { a, s, o, out, 0 };
    report_begin(&b);
    switch (o->kind) {
    case REPORT_YEAR: year(&b); break;
    case REPORT_PROVINCE: TRY(province(&b)); break;
    case REPORT_PRESS: press(&b); break;
    case REPORT_INFOGRAPHIC: infographic(&b); break;
    default: book(&b); break;
    }
    for (size_t i = 0; i < out->parts.len && !out->title.len; i++)
        if (out->parts.at[i].kind == PART_TITLE)
            out->title = title_text(a, &out->parts.at[i].runs);
    out->subject = out->source;
    return OK;
}

Err report_write(Arena *a, const Report *r, ReportFormat f, Str *out)
{
    switch (f) {
    case REPORT_PDF: return report_pdf(a, r, out);
    case REPORT_DOCX: return report_docx(a, r, out);
    case REPORT_XLSX: return report_xlsx(a, r, out);
    case REPORT_CSV: *out = report_csv(a, r); return OK;
    default: break;
    }
    return err_new(a, ERR_INVALID, S("a page is written by report_html"));
}

Err report_file(Arena *a, const ReportSource *s, const ReportOrder *o, ReportFormat f, Str *out)
{
    Report r;
    if (o->form)
        return report_form_fill(a, s, o, out);
    TRY(report_build(a, s, o, &r));
    return report_write(a, &r, f, out);
}

Err report_each_province(Arena *a, const ReportSource *s, const ReportOrder *order, ReportFormat f, Str *out)
{
    ZipPart *parts = arena_new(a, ZipPart, s->look.provinces.len + 1);
    job_total((int64_t)s->look.provinces.len);
    for (size_t i = 0; i < s->look.provinces.len; i++) {
        ReportOrder one = *order;
        one.kind     = REPORT_PROVINCE;
        one.province = s->look.provinces.at[i].code;
        if (job_halted())
            return err_new(a, ERR_BUSY, S("stopped"));
        TRY(report_file(a, s, &one, f, &parts[i].bytes));
        parts[i].name   = arena_fmt(a, "%.*s-%d/%.*s-%.*s.%.*s", STR_ARG(s->e.round_code), s->e.number, STR_ARG(one.province),
                                    STR_ARG(text_slug(a, province_label(&s->look.provinces.at[i], LANG_VI))), STR_ARG(report_format_code(f)));
        parts[i].stored = f != REPORT_CSV;               /* the others are packed already */
        job_tick(1);
    }
    return s->look.provinces.len ? zip_write(a, parts, s->look.provinces.len, out) : err_new(a, ERR_NOT_FOUND, S("the edition has no provinces"));
}
