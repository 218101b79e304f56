/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* DDI-Codebook 2.5: what the study is, the file of rows, and each variable with its question, categories and counts. */
#include "analysis/parts.h"

#include "base/xml.h"

/* counts: one for each category of each variable; valid, missing: cells of each variable. */
typedef struct DdiCounts { const AnalysisTable *t; int64_t **of; int64_t *valid; } DdiCounts;

static Err count_row(void *self, const Str *cells)
{
    DdiCounts *c = self;
    for (size_t i = 0; i < c->t->variables.len; i++) {
        const Variable *v = &c->t->variables.at[i];
        c->valid[i] += cells[i].len > 0;
        for (size_t k = 0; v->kind == VAR_CHOICE && cells[i].len && k < v->categories.len; k++)
            if (str_eq(v->categories.at[k].name, cells[i])) {
                c->of[i][k]++;
                break;
            }
    }
    return OK;
}

static void text_element(Buf *b, const char *name, const char *lang, Str text)
{
    if (!text.len)
        return;
    if (lang)
        buf_fmt(b, "<%s xml:lang=\"%s\">", name, lang);
    else
        buf_fmt(b, "<%s>", name);
    xml_add_text(b, text);
    buf_fmt(b, "</%s>\n", name);
}

static void both(Buf *b, const char *name, const Str label[LANG_COUNT])
{
    text_element(b, name, "vi", label[LANG_VI]);
    if (!str_eq(label[LANG_EN], label[LANG_VI]))
        text_element(b, name, "en", label[LANG_EN]);
}

static void study(Export *x, Buf *b)
{
    const Round *first = &x->t->rounds[0].round;
    Arena        a     = *x->a;
    bool         simulated = false;
    for (size_t i = 0; i < x->t->round_count; i++)
        simulated |= x->t->rounds[i].round.simulated;
    buf_lit(b, "<stdyDscr><citation><titlStmt>");
    text_element(b, "titl", "vi", table_title(&a, x->t, LANG_VI));
    text_element(b, "parTitl", "en", table_title(&a, x->t, LANG_EN));
    text_element(b, "IDNo", NULL, first->code);
    buf_lit(b, "</titlStmt><prodStmt><software>thuocdo " THUOCDO_VERSION "</software></prodStmt></citation>\n<stdyInfo><sumDscr>");
    for (size_t i = 0; i < x->t->round_count; i++) {
        const Round *r = &x->t->rounds[i].round;
        if (r->opens_at.ms)
            buf_fmt(b, "<collDate date=\"%.*s\" event=\"start\"/>", STR_ARG(date_iso(&a, date_of(r->opens_at))));
        if (r->closes_at.ms)
            buf_fmt(b, "<collDate date=\"%.*s\" event=\"end\"/>", STR_ARG(date_iso(&a, date_of(r->closes_at))));
    }
    buf_lit(b, "<nation abbr=\"VN\">Việt Nam</nation></sumDscr>");
    if (simulated) {
        text_element(b, "notes", "vi", text_of(LANG_VI, "analysis.simulated"));
        text_element(b, "notes", "en", text_of(LANG_EN, "analysis.simulated"));
    }
    buf_lit(b, "</stdyInfo></stdyDscr>\n");
}

/* 1, 2 … in the order of the tables. */
static size_t file_number(const Export *x)
{
    return (size_t)(x->t - x->tables.at) + 1;
}

/* Entries of a repeat are found again by td_parent: what is said of it stands with the file. */
static void file_part(Export *x, Buf *b)
{
    Arena a = *x->a;
    buf_fmt(b, "<fileDscr ID=\"F%zu\"><fileTxt><fileName>", file_number(x));
    xml_add_text(b, table_file(&a, x->t));
    buf_fmt(b, ".csv</fileName><dimensns><caseQnty>%lld</caseQnty><varQnty>%zu</varQnty></dimensns><fileType charset=\"UTF-8\">text/csv</fileType>"
               "</fileTxt>", (long long)x->t->rows, x->t->variables.len);
    for (int l = 0; x->t->repeat.len && l < LANG_COUNT; l++)
        text_element(b, "notes", l == LANG_VI ? "vi" : "en", text_fill(&a, (Lang)l, text_of((Lang)l, "analysis.ddi.entries"),
                     (TextArg[]){ ARG_S("name", table_label(x->t, (Lang)l)) }, 1));
    buf_lit(b, "</fileDscr>\n");
}

static void variable(Export *x, Buf *b, const DdiCounts *c, size_t at)
{
    const Variable *v = &x->t->variables.at[at];
    bool number = v->kind == VAR_NUMBER || v->kind == VAR_MARK;
    if (file_number(x) == 1)
        buf_fmt(b, "<var ID=\"V%zu\" name=\"", at + 1);
    else
        buf_fmt(b, "<var ID=\"F%zuV%zu\" name=\"", file_number(x), at + 1);
    xml_add_text(b, v->name);
    buf_fmt(b, "\" files=\"F%zu\" intrvl=\"%s\"", file_number(x), v->kind == VAR_NUMBER ? "contin" : "discrete");
    if (v->kind == VAR_NUMBER && v->decimals)
        buf_fmt(b, " dcml=\"%d\"", v->decimals);
    buf_lit(b, ">\n");
    both(b, "labl", v->label);
    if (at >= (size_t)x->t->own_count && v->kind != VAR_MARK) {
        buf_lit(b, "<qstn>");
        both(b, "qstnLit", v->label);
        buf_lit(b, "</qstn>\n");
    }
    buf_fmt(b, "<sumStat type=\"vald\">%lld</sumStat><sumStat type=\"invd\">%lld</sumStat>\n", (long long)c->valid[at],
            (long long)(x->t->rows - c->valid[at]));
    for (size_t k = 0; k < v->categories.len; k++) {
        const Category *g = &v->categories.at[k];
        buf_fmt(b, "<catgry%s><catValu>", g->missing ? " missing=\"Y\"" : "");
        xml_add_text(b, g->name);
        buf_lit(b, "</catValu>\n");
        both(b, "labl", g->label);
        if (v->kind == VAR_CHOICE)
            buf_fmt(b, "<catStat type=\"freq\">%lld</catStat>", (long long)c->of[at][k]);
        buf_lit(b, "</catgry>\n");
    }
    buf_fmt(b, "<varFormat type=\"%s\"%s/></var>\n", number ? "numeric" : "character",
            v->kind == VAR_DAY ? " category=\"date\" formatname=\"YYYY-MM-DD\"" : "");
}

static Err count_all(Export *x, DdiCounts *c)
{
    size_t n = x->t->variables.len;
    *c = (DdiCounts){ .t = x->t, .of = arena_new(x->a, int64_t *, n + 1), .valid = arena_new(x->a, int64_t, n + 1) };
    for (size_t i = 0; i < n; i++)
        c->of[i] = arena_new(x->a, int64_t, x->t->variables.at[i].categories.len + 1);
    return analysis_each(x->t, x->db, count_row, c);
}

Err export_ddi(Export *x)
{
    DdiCounts *c = arena_new(x->a, DdiCounts, x->tables.len);
    for (size_t i = 0; i < x->tables.len; i++) {
        x->t = &x->tables.at[i];
        TRY(count_all(x, &c[i]));
    }
    Buf *b = &x->sink.buf;
    x->t   = &x->tables.at[0];
    buf_lit(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<codeBook xmlns=\"ddi:codebook:2_5\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
               "xsi:schemaLocation=\"ddi:codebook:2_5 http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd\" "
               "version=\"2.5\" xml:lang=\"vi\">\n");
    study(x, b);
    for (size_t i = 0; i < x->tables.len; i++) {
        x->t = &x->tables.at[i];
        file_part(x, b);
    }
    buf_lit(b, "<dataDscr>\n");
    for (size_t i = 0; i < x->tables.len; i++) {
        x->t = &x->tables.at[i];
        for (size_t k = 0; k < x->t->variables.len; k++) {
            variable(x, b, &c[i], k);
            sink_breathe(&x->sink);
        }
    }
    buf_lit(b, "</dataDscr>\n</codeBook>\n");
    return OK;
}
