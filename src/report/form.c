/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A template of officials filled from an edition: what each name says where it stands. */
#include "report/form.h"

#include <math.h>

/* ranked: provinces by their index, those without one last. */
typedef struct FormFill { Build b; Docx d; size_t *ranked; bool source_named; } FormFill;
/* Where a name stands: a province (-1: everybody) and a content. contents: the innermost list is one of these. */
typedef struct At { int province, topic; size_t order; bool contents; } At;

/* ---- Lists ------------------------------------------------------------------------------------------------------------- */

static bool in_list(const Look *l, int node, ReportName list, int topic)
{
    const LookNode *x = &l->nodes.at[node];
    if (list != NAME_QUESTIONS)
        return x->parent == topic && !x->item;
    if (!x->item)
        return false;
    for (int up = x->parent; up >= 0; up = l->nodes.at[up].parent)
        if (up == topic)
            return true;
    return false;
}

static size_t nodes_of(const Look *l, ReportName list, int topic, size_t want, int *out)
{
    size_t n = 0;
    for (int i = 0; i < (int)l->nodes.len; i++)
        if (in_list(l, i, list, topic) && n++ == want)
            *out = i;
    return n;
}

static int mine(const FormFill *f)
{
    for (size_t i = 0; f->b.o->province.len && i < f->b.s->look.provinces.len; i++)
        if (str_eq(f->b.s->look.provinces.at[i].code, f->b.o->province))
            return (int)i;
    return -1;
}

static At at_of(const FormFill *f, const TemplateScope *in)
{
    if (!in)
        return (At){ -1, f->b.s->look.top, 0, false };
    At at = at_of(f, in->up);
    switch ((ReportName)in->list->id) {
    case NAME_PROVINCES: at.province = (int)in->index; break;
    case NAME_RANKING: at.province = (int)f->ranked[in->index]; break;
    case NAME_MINE: at.province = mine(f); break;
    case NAME_TOPICS: case NAME_FACTORS: case NAME_QUESTIONS:
        nodes_of(&f->b.s->look, (ReportName)in->list->id, at.topic, in->index, &at.topic);
        break;
    default: return at;
    }
    at.order    = in->index + 1;
    at.contents = in->list->id == NAME_TOPICS || in->list->id == NAME_FACTORS || in->list->id == NAME_QUESTIONS;
    if (!at.contents)
        at.topic = f->b.s->look.top;
    return at;
}

static Err form_count(void *with, const TemplateName *n, const TemplateScope *in, size_t *out)
{
    FormFill   *f = with;
    const Look *l = &f->b.s->look;
    int         unused;
    switch ((ReportName)n->id) {
    case NAME_PROVINCES: case NAME_RANKING: *out = l->provinces.len; return OK;
    case NAME_MINE: *out = mine(f) >= 0; return OK;
    case NAME_WEIGHTED: *out = f->b.s->e.weighting != 0; return OK;
    case NAME_SIMULATED: *out = f->b.s->e.simulated; return OK;
    default: *out = nodes_of(l, (ReportName)n->id, at_of(f, in).topic, SIZE_MAX, &unused); return OK;
    }
}

/* ---- Values -------------------------------------------------------------------------------------------------------------- */

static Str number(FormFill *f, double x, int decimals)
{
    return real_text(f->b.a, f->b.o->lang, x, decimals);
}

static Str figure_text(FormFill *f, ReportName n, const Figure *x)
{
    Lang l = f->b.o->lang;
    if (!x)
        return S("–");
    if (!look_shown(x))
        return text_of(l, "chart.suppressed");
    switch (n) {
    case NAME_INTERVAL:
        return isnan(x->low) ? S("–") : str_join(f->b.a, (Str[]){ number(f, x->low, 1), number(f, x->high, 1) }, 2, S("–"));
    case NAME_LOW: return number(f, x->low, 1);
    case NAME_HIGH: return number(f, x->high, 1);
    case NAME_N: return num_text(f->b.a, l, x->n);
    default: return number(f, x->x, n == NAME_INDEX || n == NAME_MEAN ? 2 : 1);
    }
}

/* Names of figures: the measure each is of. */
static Str measure_of(const FormFill *f, ReportName n)
{
    static const Str steps[] = { S_INIT("step1"), S_INIT("step2"), S_INIT("step3"), S_INIT("step4"), S_INIT("step5"), S_INIT("none") };
    if (n >= NAME_STEP1 && n <= NAME_NONE)
        return steps[n - NAME_STEP1];
    if (n == NAME_MEAN)
        return S("mean");
    return n >= NAME_INDEX && n <= NAME_N ? f->b.s->look.main : S("");
}

static Str extreme(FormFill *f, Str province, bool best)
{
    int high, low;
    extremes(&f->b, province, &high, &low);
    int at = best ? high : low;
    return at < 0 ? S("–") : topic_label(&f->b.s->look.nodes.at[at], f->b.o->lang);
}

static Str of_province(FormFill *f, ReportName n, int province)
{
    const ReportSource *s = f->b.s;
    const Unit *u = province >= 0 ? &s->look.provinces.at[province] : NULL;
    Lang        l = f->b.o->lang;
    switch (n) {
    case NAME_LABEL: return province_label(u, l);
    case NAME_CODE: return u->code;
    case NAME_RANK: return s->rank[l][province].len ? s->rank[l][province] : S("–");
    default: return extreme(f, u ? u->code : S(""), n == NAME_BEST);
    }
}

static Str of_document(FormFill *f, ReportName n)
{
    const ReportOrder *o = f->b.o;
    const EditionRow  *e = &f->b.s->e;
    Arena             *a = f->b.a;
    switch (n) {
    case NAME_ROUND: return edition_title(e, o->lang);
    case NAME_NUMBER: return num_text(a, o->lang, e->number);
    case NAME_PUBLISHED: return date_text(a, o->lang, date_of(e->published_at));
    case NAME_METHOD: return f->b.s->method[o->lang];
    case NAME_ANSWERS: return num_text(a, o->lang, e->n);
    case NAME_SOURCE: return f->b.r->source;
    case NAME_ADDRESS: return f->b.r->href;
    case NAME_TODAY: return date_text(a, o->lang, date_of(o->now));
    case NAME_SUPERIOR: return o->head.superior;
    case NAME_AGENCY: return o->head.agency;
    case NAME_DOCUMENT: return head_lines(a, o->lang, &o->head).number;
    case NAME_PLACE: return head_lines(a, o->lang, &o->head).place;
    case NAME_OFFICE: return o->sign.office;
    case NAME_SIGNER: return o->sign.name;
    case NAME_TO: return str_join(a, o->sign.to.at, o->sign.to.len, S("\n"));
    case NAME_YES: return text_of(o->lang, "report.form.yes");
    default: return S("");
    }
}

static Err form_text(void *with, const TemplateName *n, const TemplateScope *in, Str *out, Str *out_href)
{
    FormFill   *f       = with;
    ReportName  name    = (ReportName)n->id;
    At          at      = at_of(f, in);
    const Look *l       = &f->b.s->look;
    Str         measure = measure_of(f, name), province = at.province >= 0 ? l->provinces.at[at.province].code : S("");
    if (measure.len) {
        const Figure *x = look_figure(l, measure, l->nodes.at[at.topic].code, province);
        *out      = figure_text(f, name, x);
        *out_href = look_shown(x) ? figure_href(&f->b, x) : S("");
    } else if (name == NAME_ORDER) {
        *out = num_text(f->b.a, f->b.o->lang, (int64_t)at.order);
    } else if ((name == NAME_LABEL || name == NAME_CODE) && (at.contents || at.province < 0)) {
        *out = name == NAME_CODE ? l->nodes.at[at.topic].code : topic_label(&l->nodes.at[at.topic], f->b.o->lang);
    } else if (name == NAME_LABEL || name == NAME_CODE || name == NAME_RANK || name == NAME_BEST || name == NAME_WORST) {
        *out = of_province(f, name, at.province);
    } else {
        f->source_named |= name == NAME_SOURCE;
        *out      = of_document(f, name);
        *out_href = name == NAME_ADDRESS ? f->b.r->href : S("");
    }
    return OK;
}

/* ---- Tables and charts ----------------------------------------------------------------------------------------------------- */

static Err form_block(void *with, const TemplateName *n, const TemplateScope *in, Str *out)
{
    FormFill    *f = with;
    At           at = at_of(f, in);
    Str          province = at.province >= 0 ? f->b.s->look.provinces.at[at.province].code : S("");
    ReportTable *table = NULL;
    ReportChart *chart = NULL;
    f->d.body = buf_new(f->b.a, 4096);
    switch ((ReportName)n->id) {
    case NAME_TOPIC_TABLE: table = table_of_topics(&f->b, at.topic, province); break;
    case NAME_TOPIC_CHART: chart = at.province < 0 ? chart_of_topic(&f->b, at.topic) : NULL; break;   /* provinces have no steps */
    case NAME_PROVINCE_TABLE: table = f->b.s->look.provinces.len ? table_of_provinces(&f->b) : NULL; break;
    case NAME_PROVINCE_CHART: chart = f->b.s->look.provinces.len ? chart_of_provinces(&f->b, province) : NULL; break;
    default: chart = f->b.s->look.provinces.len ? chart_of_map(&f->b) : NULL; break;
    }
    if (table)
        docx_table(&f->d, table);
    else if (chart)
        TRY(docx_chart(&f->d, chart));
    else
        docx_line(&f->d, "Source", text_of(f->b.o->lang, "report.form.no_block"));
    *out = buf_str(&f->d.body);
    return OK;
}

/* Figures go with their edition and date: where the template does not say its source, the document ends with it. */
static Err form_extras(void *with, TemplateExtras *out)
{
    FormFill *f = with;
    f->d.body = buf_new(f->b.a, 512);
    if (!f->source_named)
        docx_line(&f->d, "Source", f->b.r->source);
    *out = (TemplateExtras){ .relations = docx_relations(&f->d), .styles = docx_styles(), .closing = buf_str(&f->d.body),
                             .media = f->d.media.at, .media_count = f->d.media.len };
    return OK;
}

/* ---- Filling --------------------------------------------------------------------------------------------------------------- */

static double index_of(const ReportSource *s, size_t province)
{
    const Figure *x = look_main(&s->look, s->look.nodes.at[s->look.top].code, s->look.provinces.at[province].code);
    return look_shown(x) ? x->x : -INFINITY;
}

/* Highest first; alike ones keep the order of their names. */
static size_t *rank_all(Arena *a, const ReportSource *s)
{
    size_t *order = arena_new(a, size_t, s->look.provinces.len + 1);
    for (size_t i = 0; i < s->look.provinces.len; i++) {
        size_t at = i;
        for (; at > 0 && index_of(s, order[at - 1]) < index_of(s, i); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static Err fill_open(Arena *a, const ReportSource *s, const ReportOrder *o, Report *r, FormFill *f)
{
    if (s->look.top < 0)
        return err_new(a, ERR_NOT_FOUND, S("the edition has no satisfaction index"));
    *f = (FormFill){ .b = { a, s, o, r, 0 }, .ranked = rank_all(a, s), .d = { .a = a, .lang = o->lang, .rels = buf_new(a, 1024) } };
    if (o->province.len && mine(f) < 0)
        return err_fmt(a, ERR_NOT_FOUND, "the edition has no province %.*s", STR_ARG(o->province));
    report_begin(&f->b);
    return OK;
}

Err report_form_fill(Arena *a, const ReportSource *s, const ReportOrder *o, Str *out)
{
    FormFill f;
    Report   r;
    TRY(fill_open(a, s, o, &r, &f));
    f.d.own = template_mark(o->form);
    return template_fill(a, o->form, &(TemplateSource){ &f, form_text, form_count, form_block, form_extras }, out);
}

Err report_name_value(Arena *a, const ReportSource *s, const ReportOrder *o, const TemplateName *n, Str *out)
{
    FormFill f;
    Report   r;
    Str      href;
    *out = S("");
    TRY(fill_open(a, s, o, &r, &f));
    return n->kind == TEMPLATE_FIELD ? form_text(&f, n, NULL, out, &href) : OK;
}

/* ---- A template to begin with ----------------------------------------------------------------------------------------------- */

static Str braces(Arena *a, Lang l, const char *sign, ReportName id, TemplateNames in)
{
    for (size_t i = 0; i < in.len; i++)
        if (in.at[i].id == (int)id)
            return arena_fmt(a, "{{%s%.*s}}", sign, STR_ARG(in.at[i].name[l]));
    return S("");
}

typedef struct Example { Build b; Lang l; TemplateNames all, province; } Example;

static Str name_text(Example *x, ReportName id)
{
    return braces(x->b.a, x->l, "", id, x->all);
}

static void example_head(Example *x)
{
    Arena      *a = x->b.a;
    ReportRuns *title = &part_add(&x->b, PART_TITLE)->runs;
    *list_add(a, title) = (ReportRun){ .text = text_of(x->l, "report.year.name"), .bold = true };
    *list_add(a, title) = (ReportRun){ .text = name_text(x, NAME_ROUND) };
    part_words(&x->b, PART_TEXT, text_fmt(a, x->l, "report.form.example.survey", ARG_S("n", name_text(x, NAME_ANSWERS)), ARG_S("date", name_text(x,
        NAME_PUBLISHED)),
                                          ARG_S("number", name_text(x, NAME_NUMBER)), ARG_S("method", name_text(x, NAME_METHOD))));
    part_words(&x->b, PART_TEXT, text_fmt(a, x->l, "report.form.example.index", ARG_S("name", name_text(x, NAME_LABEL)), ARG_S("x", name_text(x, NAME_INDEX)),
                                          ARG_S("interval", name_text(x, NAME_INTERVAL)), ARG_S("n", name_text(x, NAME_N))));
}

/* A row that is repeated for each province. */
static void example_ranking(Example *x)
{
    static const ReportName cells[] = { NAME_ORDER, NAME_LABEL, NAME_INDEX, NAME_INTERVAL, NAME_RANK };
    static const double     wide[]  = { 1, 4, 2, 2, 2 };
    Arena       *a = x->b.a;
    ReportTable *t = arena_new(a, ReportTable, 1);
    ReportRow   *row = list_add(a, &t->rows);
    t->caption = text_of(x->l, "report.form.example.ranking");
    *row = (ReportRow){ .at = arena_new(a, ReportCell, COUNT_OF(cells)) };
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        Str says = braces(a, x->l, "", cells[i], x->province), bare = str_take(str_skip(says, 2), says.len - 4);
        if (i == 0)
            says = str_concat(a, braces(a, x->l, "#", NAME_RANKING, x->all), says);
        if (i + 1 == COUNT_OF(cells))
            says = str_concat(a, says, braces(a, x->l, "/", NAME_RANKING, x->all));
        *list_add(a, &t->columns) = (ReportColumn){ .label = bare, .kind = CELL_TEXT, .width = wide[i] };
        row->at[i] = cell_text(says);
    }
    t->note = name_text(x, NAME_SOURCE);
    part_table(&x->b, t);
}

static void example_each_topic(Example *x)
{
    TemplateNames topic = { 0 };
    for (size_t i = 0; i < x->all.len; i++)
        if (x->all.at[i].id == NAME_TOPICS)
            topic = x->all.at[i].in;
    Arena *a = x->b.a;
    part_words(&x->b, PART_TEXT, braces(a, x->l, "#", NAME_TOPICS, x->all));
    part_words(&x->b, PART_ITEM, str_join(a, (Str[]){ braces(a, x->l, "", NAME_LABEL, topic), S(": "), braces(a, x->l, "", NAME_INDEX, topic), S("% ("),
                                                      braces(a, x->l, "", NAME_INTERVAL, topic), S(")") }, 6, S("")));
    part_words(&x->b, PART_TEXT, braces(a, x->l, "/", NAME_TOPICS, x->all));
}

Err report_form_example(Arena *a, Lang l, Str *out)
{
    Report      r = { .lang = l, .title = text_of(l, "report.form.example.title"), .agency = S("thuocdo") };
    ReportOrder o = { .lang = l };
    Example     x = { .b = { a, NULL, &o, &r, 0 }, .l = l, .all = report_names() };
    for (size_t i = 0; i < x.all.len; i++)
        if (x.all.at[i].id == NAME_RANKING)
            x.province = x.all.at[i].in;
    r.source = name_text(&x, NAME_SOURCE);
    example_head(&x);
    part_heading(&x.b, 1, text_of(l, "report.form.example.contents"));
    example_each_topic(&x);
    part_words(&x.b, PART_TEXT, name_text(&x, NAME_TOPIC_CHART));
    part_heading(&x.b, 1, text_of(l, "report.form.example.provinces"));
    example_ranking(&x);
    part_words(&x.b, PART_TEXT, name_text(&x, NAME_MAP));
    return report_write(a, &r, REPORT_DOCX, out);
}
