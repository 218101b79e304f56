/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* DDI-Codebook of an edition: the study, the file of answers in its package, and each column of it. Counts of answers are told by the
 * figures of the edition alone, where they hide small cells; so none stand here. */
#include "opendata/parts.h"

#include "analysis/ddi.h"
#include "base/csv.h"
#include "base/xml.h"

enum { COL_KIND, COL_CODE, COL_NAME, COL_VALUE, COL_VI, COL_EN };

static Str at(const CsvRow *row, int column)
{
    return csv_cell(row, (size_t)column);
}

static DdiCategories steps_of(Arena *a, const CsvTable *t)
{
    DdiCategories out = { 0 };
    for (size_t i = 1; i < t->len; i++)
        if (str_eq(at(&t->at[i], COL_KIND), S("step"))) {
            Str value = at(&t->at[i], COL_VALUE);
            *list_add(a, &out) = (DdiCategory){ value, { at(&t->at[i], COL_VI), at(&t->at[i], COL_EN) }, str_eq(value, S("9")), -1 };
        }
    return out;
}

/* The question of the places and its choices; name empty: the round asks for none. */
static DdiVariable place_of(Arena *a, const CsvTable *t)
{
    DdiVariable v = { .file = S("F1"), .label = { text_of(LANG_VI, "opendata.ddi.place"), text_of(LANG_EN, "opendata.ddi.place") },
                      .valid = -1, .invalid = -1 };
    for (size_t i = 1; i < t->len; i++)
        if (str_eq(at(&t->at[i], COL_KIND), S("domain"))) {
            v.name = at(&t->at[i], COL_CODE);
            *list_add(a, &v.categories) = (DdiCategory){ at(&t->at[i], COL_NAME), { at(&t->at[i], COL_VI), at(&t->at[i], COL_EN) }, false, -1 };
        }
    return v;
}

typedef LIST(DdiVariable) DdiVariables;

static void add_variable(Arena *a, DdiVariables *list, DdiVariable v)
{
    v.id = arena_fmt(a, "V%zu", list->len + 1);
    *list_add(a, list) = v;
}

static void add_weights(Arena *a, DdiVariables *list)
{
    static const struct { const char *name, *key; bool number; } columns[] = {
        { "weight", "opendata.ddi.weight", true }, { "stratum", "opendata.ddi.stratum", false }, { "psu", "opendata.ddi.psu", false } };
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        Str key = str_from_c(columns[i].key);
        add_variable(a, list, (DdiVariable){ .file = S("F1"), .name = str_from_c(columns[i].name),
                                             .label = { text_find(LANG_VI, key), text_find(LANG_EN, key) },
                                             .measured = columns[i].number, .numeric = true, .valid = -1, .invalid = -1 });
    }
}

static DdiVariables variables_of(Arena *a, const CsvTable *t, bool weighted)
{
    DdiVariables  list  = { 0 };
    DdiCategories steps = steps_of(a, t);
    DdiVariable   place = place_of(a, t);
    if (place.name.len)
        add_variable(a, &list, place);
    for (size_t i = 1; i < t->len; i++)
        if (str_eq(at(&t->at[i], COL_KIND), S("item")))
            add_variable(a, &list, (DdiVariable){ .file = S("F1"), .name = at(&t->at[i], COL_NAME), .label = { at(&t->at[i], COL_VI), at(&t->at[i], COL_EN) },
                                                  .asked = true, .numeric = true, .valid = -1, .invalid = -1, .categories = steps });
    if (weighted)
        add_weights(a, &list);
    return list;
}

static void study(Arena *a, Buf *b, const EditionFile *e, Str agency)
{
    const EditionRow *r = &e->row;
    buf_lit(b, "<stdyDscr><citation><titlStmt>");
    ddi_text(b, "titl", "vi", r->title_vi);
    ddi_text(b, "parTitl", "en", r->title_en);
    ddi_text(b, "IDNo", NULL, r->round_code);
    buf_lit(b, "</titlStmt><prodStmt>");
    ddi_text(b, "producer", "vi", agency);
    buf_fmt(b, "<software>thuocdo " THUOCDO_VERSION "</software></prodStmt><verStmt><version date=\"%.*s\">%d</version>",
            STR_ARG(date_iso(a, date_of(r->published_at))), r->number);
    ddi_text(b, "notes", "vi", r->reason);
    buf_lit(b, "</verStmt></citation>\n<stdyInfo><sumDscr>");
    if (e->round.opens_at.ms)
        buf_fmt(b, "<collDate date=\"%.*s\" event=\"start\"/>", STR_ARG(date_iso(a, date_of(e->round.opens_at))));
    if (e->round.closes_at.ms)
        buf_fmt(b, "<collDate date=\"%.*s\" event=\"end\"/>", STR_ARG(date_iso(a, date_of(e->round.closes_at))));
    buf_lit(b, "<nation abbr=\"VN\">Việt Nam</nation></sumDscr>");
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *lang = l == LANG_VI ? "vi" : "en";
        if (r->simulated)
            ddi_text(b, "notes", lang, text_of((Lang)l, "analysis.simulated"));
        ddi_text(b, "notes", lang, text_of((Lang)l, "opendata.ddi.hidden"));
    }
    buf_lit(b, "</stdyInfo></stdyDscr>\n");
}

Err edition_ddi(Arena *a, const EditionFile *e, Str codebook, Str agency, Str *out)
{
    CsvTable t;
    TRY(csv_read(a, codebook, CSV_LIMITS, &t));
    if (t.len < 2 || t.at[0].len < COL_EN + 1)
        return err_new(a, ERR_INVALID, S("the package has no codebook"));
    DdiVariables v = variables_of(a, &t, e->row.weighting != 0);
    Buf          b = buf_new(a, 1 << 16);
    ddi_open(&b);
    study(a, &b, e, agency);
    buf_fmt(&b, "<fileDscr ID=\"F1\"><fileTxt><fileName>answers.csv</fileName><dimensns><caseQnty>%lld</caseQnty><varQnty>%zu</varQnty></dimensns>"
                "<fileType charset=\"UTF-8\">text/csv</fileType></fileTxt></fileDscr>\n<dataDscr>\n", (long long)e->row.n, v.len);
    for (size_t i = 0; i < v.len; i++)
        ddi_variable(&b, &v.at[i]);
    buf_lit(&b, "</dataDscr>\n");
    ddi_close(&b);
    *out = buf_str(&b);
    return OK;
}
