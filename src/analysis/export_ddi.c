/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* DDI-Codebook 2.5: what the study is, the file of rows, and each variable with its question, categories and counts. */
#include "analysis/parts.h"

#include "analysis/ddi.h"
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

static void study(Export *x, Buf *b)
{
    const Round *first = &x->t->rounds[0].round;
    Arena        a     = *x->a;
    bool         simulated = false;
    for (size_t i = 0; i < x->t->round_count; i++)
        simulated |= x->t->rounds[i].round.simulated;
    buf_lit(b, "<stdyDscr><citation><titlStmt>");
    ddi_text(b, "titl", "vi", table_title(&a, x->t, LANG_VI));
    ddi_text(b, "parTitl", "en", table_title(&a, x->t, LANG_EN));
    ddi_text(b, "IDNo", NULL, first->code);
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
        ddi_text(b, "notes", "vi", text_of(LANG_VI, "analysis.simulated"));
        ddi_text(b, "notes", "en", text_of(LANG_EN, "analysis.simulated"));
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
        ddi_text(b, "notes", l == LANG_VI ? "vi" : "en", text_fill(&a, (Lang)l, text_of((Lang)l, "analysis.ddi.entries"),
                 (TextArg[]){ ARG_S("name", table_label(x->t, (Lang)l)) }, 1));
    buf_lit(b, "</fileDscr>\n");
}

static void variable(Export *x, Buf *b, const DdiCounts *c, size_t at)
{
    const Variable *v = &x->t->variables.at[at];
    Arena          *a = x->a;             /* the buffer of the file may grow in it meanwhile */
    size_t          f = file_number(x);
    DdiVariable     d = {
        .id = f == 1 ? arena_fmt(a, "V%zu", at + 1) : arena_fmt(a, "F%zuV%zu", f, at + 1), .file = arena_fmt(a, "F%zu", f), .name = v->name,
        .label = { v->label[LANG_VI], v->label[LANG_EN] }, .asked = at >= (size_t)x->t->own_count && v->kind != VAR_MARK,
        .measured = v->kind == VAR_NUMBER, .numeric = v->kind == VAR_NUMBER || v->kind == VAR_MARK, .day = v->kind == VAR_DAY,
        .decimals = v->decimals, .valid = c->valid[at], .invalid = x->t->rows - c->valid[at],
    };
    for (size_t k = 0; k < v->categories.len; k++) {
        const Category *g = &v->categories.at[k];
        *list_add(a, &d.categories) = (DdiCategory){ g->name, { g->label[LANG_VI], g->label[LANG_EN] }, g->missing,
                                                      v->kind == VAR_CHOICE ? c->of[at][k] : -1 };
    }
    ddi_variable(b, &d);
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
    ddi_open(b);
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
    buf_lit(b, "</dataDscr>\n");
    ddi_close(b);
    return OK;
}
