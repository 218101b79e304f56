/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Weights to several margins, trimming, and who may be told apart by them, against numbers made by hand. */
#include "base/test.h"
#include "base/xlsx.h"
#include "edition/verify.h"
#include "edition/weighting.h"

#include <math.h>

/* Two provinces of `per` answers, one item; a question of two groups: every record whose number leaves no rest by `every` is of "b", others of "a". */
static Dataset two_groups(Arena *a, size_t per, size_t every, size_t size)
{
    Dataset d = { .by = S("tinh"), .records = 2 * per, .values = arena_new(a, uint8_t, 2 * per), .domain_of = arena_new(a, uint16_t, 2 * per),
                  .source = arena_new(a, DataSource, 2 * per) };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("") };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("01") };
    *list_add(a, &d.domains) = (DataDomain){ .code = S("02") };
    *list_add(a, &d.items)   = (DataItem){ .name = S("b1"), .code = S("B1"), .node = -1 };
    Breakdown b = { .question = S("nhom"), .of = arena_new(a, uint8_t, 2 * per) };
    *list_add(a, &b.domains) = (DataDomain){ .code = S("") };
    *list_add(a, &b.domains) = (DataDomain){ .code = S("a") };
    *list_add(a, &b.domains) = (DataDomain){ .code = S("b") };
    for (size_t r = 0; r < d.records; r++) {
        d.domain_of[r] = r < per ? 1 : 2;
        d.values[r]    = (r % 3 || r < 4) ? 4 : 2;
        b.of[r]        = r % every ? 1 : 2;
        d.source[r]    = (DataSource){ .id = (int64_t)r, .base = 1, .unit = 100 + r / size };
    }
    *list_add(a, &d.groups) = b;
    d.table = tally_table_new(a, 1, 3);
    dataset_count(&d);
    dataset_hide(a, &d);
    return d;
}

static Weighting recipe(Arena *a, SampleSource design, const char *csv)
{
    Weighting    w      = { .version = 1, .design = design, .margins_csv = str_from_c(csv) };
    MarginFaults faults = { 0 };
    margins_parse(a, w.margins_csv, NULL, &w.margins, &faults);
    if (faults.len)
        test_fail(__FILE_NAME__, __LINE__, "margins");
    return w;
}

static const char both[] = "tỉnh,dân số\n01,3000\n02,1000\nnhom,a,2400\nnhom,b,1600";

TEST(margins_of_questions_name_line_column_and_remedy)
{
    Dataset      d = two_groups(a, 20, 2, 5);
    Margins      m = { 0 };
    MarginFaults f = { 0 };
    margins_parse(a, S("tỉnh,dân số\n01,3.000\n02,1000\nnhom,a,2400\nnhom,c,1\ntuoi,a,5\nnhom,b,nhiều\nnhom,a,7\nnhom,-,600\nnhom,b,1000\n"), &d, &m, &f);
    CHECK_INT(m.len, 5);
    CHECK_STR(m.at[2].question, S("nhom"));
    CHECK_INT(f.len, 4);
    CHECK_STR(str_from_c(f.at[0].key), S("weights.fault.choice"));
    CHECK_INT(f.at[0].line, 5);
    CHECK_INT(f.at[0].n, 2);
    CHECK_STR(str_from_c(f.at[1].key), S("weights.fault.question"));
    CHECK_STR(f.at[1].code, S("tuoi"));
    CHECK_STR(str_from_c(f.at[2].key), S("weights.fault.population"));
    CHECK_INT(f.at[2].n, 3);
    CHECK_STR(str_from_c(f.at[3].key), S("weights.fault.twice"));
    CHECK_INT(f.at[3].line, 8);
}

TEST(margins_that_do_not_add_up_to_the_same_are_told)
{
    Dataset      d = two_groups(a, 20, 2, 5);
    Margins      m = { 0 };
    MarginFaults f = { 0 };
    margins_parse(a, S("01,3000\n02,1000\nnhom,a,2400\nnhom,b,1700"), &d, &m, &f);
    CHECK_INT(f.len, 1);
    CHECK_STR(str_from_c(f.at[0].key), S("weights.fault.totals"));
    CHECK_INT(f.at[0].n, 4100);
    CHECK_INT(f.at[0].m, 4000);
}

TEST(an_uploaded_sheet_keeps_its_line_numbers)
{
    Str csv, book;
    const XlsxCell c[] = { XLSX_TEXT(S("nhom")), XLSX_TEXT(S("a")), XLSX_NUM(2400) };
    XlsxCells rows[] = { { c, 3 }, { NULL, 0 }, { c, 3 } };
    CHECK_OK(xlsx_write(a, &(XlsxOut){ .name = S("x"), .rows = rows, .len = 3 }, 1, &book));
    CHECK_OK(margins_file(a, book, &csv));
    CHECK_STR(csv, S("nhom,a,2400\n\nnhom,a,2400\n"));
    CHECK_OK(margins_file(a, S("\xef\xbb\xbf" "01,5\n"), &csv));
    CHECK_STR(csv, S("01,5\n"));
    CHECK_ERR(margins_file(a, S("PK\x03\x04 broken"), &csv), ERR_INVALID);
    CHECK_ERR(margins_file(a, S("\xff\xfe"), &csv), ERR_INVALID);
}

/* Ten answers in each cell: raked cells are the product of the margins, 4000 · p · q / 10. */
TEST(raked_weights_meet_every_margin)
{
    Dataset      d = two_groups(a, 20, 2, 5);
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 0);
    CHECK_NEAR(d.weights->weight[1], 180, 1e-9);
    CHECK_NEAR(d.weights->weight[0], 120, 1e-9);
    CHECK_NEAR(d.weights->weight[21], 60, 1e-9);
    CHECK_NEAR(d.weights->weight[20], 40, 1e-9);
    CHECK_NEAR(r.sum, 4000, 1e-9);
    CHECK_NEAR(r.deff, 40.0 * 10 * (180 * 180 + 120 * 120 + 60 * 60 + 40 * 40) / (4000.0 * 4000), 1e-12);
    CHECK(r.sweeps >= 1 && r.misfit <= 1e-10);
    CHECK_INT(r.margins, 1);
    CHECK_INT(r.cells.len, 4);
    CHECK_INT(r.bins_before[3], 40);                       /* all alike: at their mean */
    CHECK_INT(r.bins_after[1] + r.bins_after[2] + r.bins_after[4] + r.bins_after[6] + r.bins_after[7], 40);
}

/* Cells are alike, so the fit of the margins is row mean + column mean - mean: every residual by hand. Answers are units of their provinces. */
static double error_by_hand(const Dataset *d, size_t only)
{
    double u[40], row[3] = { 0 }, col[3] = { 0 }, mean = 0, W = 0, R = 0, v = 0;
    for (size_t r = 0; r < 40; r++) {
        bool in = !only || d->domain_of[r] == only;
        W += in ? d->weights->weight[r] : 0;
        R += in && d->values[r] == 4 ? d->weights->weight[r] : 0;
    }
    R /= W;
    for (size_t r = 0; r < 40; r++) {
        u[r] = !only || d->domain_of[r] == only ? ((d->values[r] == 4) - R) / W : 0;
        row[d->domain_of[r]] += u[r] / 20;
        col[d->groups.at[0].of[r]] += u[r] / 20;
        mean += u[r] / 40;
    }
    for (size_t h = 1; h <= 2; h++) {
        double z[40], sum = 0;
        for (size_t r = 0; r < 40; r++) {
            z[r] = d->domain_of[r] == h ? d->weights->weight[r] * (u[r] - row[h] - col[d->groups.at[0].of[r]] + mean) : 0;
            sum += z[r];
        }
        for (size_t r = 0; r < 40; r++)
            v += d->domain_of[r] == h ? 20.0 / 19 * (z[r] - sum / 20) * (z[r] - sum / 20) : 0;
    }
    return 100 * sqrt(v);
}

TEST(errors_of_raked_weights_are_those_of_residuals)
{
    Dataset      d = two_groups(a, 20, 2, 5);
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    Figures      f;
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_OK(figures_compute(a, &d, &f));
    CHECK_NEAR(figure_find(&f, S("satisfied.B1"), S(""), S(""))->se, error_by_hand(&d, 0), 1e-9);
    CHECK_NEAR(figure_find(&f, S("satisfied.B1"), S("tinh"), S("01"))->se, error_by_hand(&d, 1), 1e-9);
    CHECK_NEAR(figure_find(&f, S("satisfied.B1"), S("tinh"), S("02"))->se, error_by_hand(&d, 2), 1e-9);
}

TEST(margins_that_contradict_each_other_in_the_sample_do_not_converge)
{
    Dataset d = two_groups(a, 20, 2, 5);
    for (size_t r = 0; r < 20; r++)
        d.groups.at[0].of[r] = 1;                          /* 3000 people of "01" are all of "a", which has 2400 */
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 1);
    CHECK_STR(str_from_c(r.faults.at[0].key), S("weights.fault.converge"));
    CHECK_INT(r.faults.at[0].m, 200);
    CHECK(r.faults.at[0].n > 1000 && d.weights == NULL);
}

TEST(groups_are_named_that_have_no_total_or_no_answer)
{
    Dataset      d = two_groups(a, 20, 2, 5);
    Weighting    w = recipe(a, SOURCE_STATED, "01,3000\n02,1000\nnhom,a,3000\nnhom,-,1000");
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 2);
    CHECK_STR(str_from_c(r.faults.at[0].key), S("weights.fault.group-empty"));
    CHECK_STR(r.faults.at[0].code, S("nhom: -"));
    CHECK_STR(str_from_c(r.faults.at[1].key), S("weights.fault.group-missing"));
    CHECK_STR(r.faults.at[1].code, S("nhom: b"));
    CHECK_INT(r.faults.at[1].n, 20);
}

TEST(a_group_of_fewer_than_five_in_a_province_is_refused)
{
    Dataset      d = two_groups(a, 20, 7, 5);              /* three of "b" in each */
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 2);
    CHECK_STR(str_from_c(r.faults.at[0].key), S("weights.fault.rare"));
    CHECK_INT(r.faults.at[0].n, 3);
    CHECK(d.weights == NULL);
}

/* The method publishes by the question too. */
static void with_table(Arena *a, Dataset *d)
{
    Breakdown b = d->groups.at[0];
    b.at     = arena_new(a, CellSum, b.domains.len);
    b.hidden = arena_new(a, bool, b.domains.len);
    *list_add(a, &d->breaks) = b;
    breaks_count(d);
    dataset_hide(a, d);
}

/* The first fault; "": none. */
static Str fault_of(Arena *a, Dataset *d, MarginFault *out)
{
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    if (weights_make(a, &w, d, &r))
        return S("error");
    *out = r.faults.len ? r.faults.at[0] : (MarginFault){ .key = "" };
    return str_from_c(out->key);
}

/* Ten of "b" answer the item, then four. */
TEST(groups_whose_few_opinions_rows_would_tell_are_refused)
{
    for (int few = 0; few < 2; few++) {
        Dataset     d = two_groups(a, 20, 2, 5);
        MarginFault f;
        for (size_t i = 0, left = few ? 4 : 10; i < d.records; i++)
            if (d.groups.at[0].of[i] == 2 && !(left && left--))
                d.values[i] = 9;
        CHECK_STR(fault_of(a, &d, &f), few ? S("weights.fault.few-told") : S(""));
    }
}

/* `away` of "b" have no place, all but `opinions` of them without an opinion: a table by the question tells opinions alone. */
TEST(groups_whose_few_opinions_a_table_less_rows_would_tell_are_refused)
{
    const struct { size_t away, opinions; int64_t n; } c[] = { { 3, 3, 3 }, { 6, 2, 2 }, { 3, 0, 3 }, { 6, 6, 0 }, { 6, 0, 0 } };
    for (size_t k = 0; k < COUNT_OF(c); k++)
        for (int table = 0; table < 2; table++) {
            Dataset     d = two_groups(a, 30, 2, 5);
            MarginFault f;
            for (size_t i = 0, left = c[k].away; i < d.records && left; i++)
                if (d.groups.at[0].of[i] == 2) {
                    d.domain_of[i] = 0;
                    d.values[i]    = left-- > c[k].opinions ? 9 : d.values[i];
                }
            if (table)
                with_table(a, &d);
            CHECK_STR(fault_of(a, &d, &f), table && c[k].n ? S("weights.fault.few-away") : S(""));
            if (table && c[k].n) {
                CHECK_STR(f.code, S("nhom: b, b1"));
                CHECK_INT(f.n, c[k].n);
            }
        }
}

/* Twenty of "b", all satisfied: hidden in a table as alike, and refused without one too. */
TEST(groups_whose_rows_are_all_alike_are_refused)
{
    for (int table = 0; table < 2; table++)
        for (int alike = 0; alike < 2; alike++) {
            Dataset     d = two_groups(a, 20, 2, 5);
            MarginFault f;
            for (size_t i = 0; alike && i < d.records; i++)
                d.values[i] = d.groups.at[0].of[i] == 2 ? 4 : d.values[i];
            if (table)
                with_table(a, &d);
            CHECK_STR(fault_of(a, &d, &f), !alike ? S("") : table ? S("weights.fault.hidden-told") : S("weights.fault.alike-told"));
        }
}

TEST(groups_that_an_earlier_edition_hid_are_not_told_by_rows)
{
    Dataset     d = two_groups(a, 20, 2, 5);
    MarginFault f;
    *list_add(a, &d.earlier) = (Figure){ .name = S("satisfied.B1"), .by = S("nhom"), .value = S("b"), .suppressed = true };
    with_table(a, &d);
    CHECK_STR(fault_of(a, &d, &f), S("weights.fault.hidden-told"));
    CHECK_INT(f.n, 20);
}

/* Units of four, each with two of "b": three make six of each group, the last two go to what came before. */
TEST(units_are_joined_until_each_group_has_five)
{
    Dataset      d = two_groups(a, 20, 2, 4);
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    w.units = S("xa");
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.faults.len, 0);
    CHECK_INT(r.units, 2);
    for (size_t k = 1; k <= 1; k++)
        for (size_t i = 0; i < d.records; i++)
            CHECK_INT(d.weights->unit[i], 1);
    Dataset e = two_groups(a, 40, 2, 4);                   /* ten units a province: 3, 3 and 4 */
    CHECK_OK(weights_make(a, &w, &e, &r));
    CHECK_INT(e.weights->unit[0], 1);
    CHECK_INT(e.weights->unit[12], 2);
    CHECK_INT(e.weights->unit[39], 3);
}

/* Weights 1 … and one of 10, the median 1: cut to 3 without margins, what is cut is shared out by all. */
TEST(what_trimming_cuts_is_shared_out)
{
    Dataset      d = two_groups(a, 20, 2, 5);
    Weighting    w = { .version = 1, .design = SOURCE_STATED, .cap = 3 };
    WeightReport r = { 0 };
    d.groups = (typeof(d.groups)){ 0 };
    d.source[7].base = 10;
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_INT(r.trimmed, 1);
    CHECK_NEAR(r.bound, 3, 0);
    CHECK_NEAR(r.moved, 7.0 / 49, 1e-12);
    CHECK_NEAR(r.sum, 49, 1e-9);
    CHECK_NEAR(d.weights->weight[7], 3 * 49.0 / 42, 1e-12);
    CHECK_NEAR(d.weights->weight[8], 49.0 / 42, 1e-12);
}

TEST(the_same_answers_give_the_same_bits)
{
    Dataset      d = two_groups(a, 40, 3, 4), e = two_groups(a, 40, 3, 4);
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 }, s = { 0 };
    w.cap = 1.2;
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_OK(weights_make(a, &w, &e, &s));
    CHECK_INT(strlen(r.fingerprint), 64);
    CHECK_STR(str_from_c(r.fingerprint), str_from_c(s.fingerprint));
    CHECK_INT(memcmp(d.weights->weight, e.weights->weight, d.records * sizeof(double)), 0);
}

/* Place 01, group b: ten records, 0, 2 … 18, of which 6, 12 and 18 are not satisfied; or all are. */
TEST(groups_of_one_mind_within_a_place_are_told_before_weights_are_kept)
{
    for (int alike = 0; alike < 2; alike++) {
        Dataset      d = two_groups(a, 20, 2, 5);
        Weighting    w = recipe(a, SOURCE_STATED, both);
        WeightReport r = { 0 };
        for (size_t i = 0; alike && i < 20; i += 2)
            d.values[i] = 5;
        d.groups.at[0].domains.at[2].label[LANG_VI] = S("nhóm b");
        CHECK_OK(weights_make(a, &w, &d, &r));
        CHECK_INT(r.faults.len, 0);
        CHECK_INT(r.alike, alike);
        CHECK_STR(r.alike_text, alike ? S("01: nhóm b; B1") : S(""));
    }
}

/* ---- Figures of groups in a package ------------------------------------------------------------------------------------------------- */

/* What a package tells of the data set: counts of groups, and groups of rows where weights are raked to them. */
static Dataset as_package(Arena *a, const Dataset *d, bool rows)
{
    Dataset p = *d;
    p.breaks  = (typeof(p.breaks)){ 0 };
    *list_add(a, &p.breaks) = d->breaks.at[0];
    p.breaks.at[0].of       = NULL;
    p.unplaced              = tally_table_new(a, 1, 1);
    if (!rows)
        p.groups = (typeof(p.groups)){ 0 };
    return p;
}

TEST(figures_of_groups_that_rows_tell_are_computed_again)
{
    Dataset      d = two_groups(a, 20, 2, 5);
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    Figures      published, again;
    with_table(a, &d);
    CHECK_OK(weights_make(a, &w, &d, &r));
    CHECK_OK(figures_compute(a, &d, &published));
    Dataset       p = as_package(a, &d, true);
    GroupCheck   *g = group_check_new(a, &p);
    const Figure *b = figure_find(&published, S("satisfied.B1"), S("nhom"), S("b"));
    CHECK_OK(figures_compute(a, &p, &again));
    CHECK_INT(group_fit(g, *a, b), GROUP_TOLD);
    const Figure *c = figure_find(&again, S("satisfied.B1"), S("nhom"), S("b"));
    CHECK(b->se > 0);
    CHECK_NEAR(c->x, b->x, 1e-9);
    CHECK_NEAR(c->se, b->se, 1e-9);
    CHECK_NEAR(c->low, b->low, 1e-9);
    p.breaks.at[0].at[2].satisfied--;                      /* rows and counts part: no figure of this cell is told by rows */
    g = group_check_new(a, &p);
    CHECK(group_fit(g, *a, b) != GROUP_TOLD);
}

static GroupFit fit_of(Arena *a, const GroupCheck *g, Str name, double x)
{
    return group_fit(g, *a, &(Figure){ .name = name, .by = S("nhom"), .value = S("b"), .n = 20, .x = x, .low = NAN, .high = NAN });
}

/* Of "b" 14 of 20 are satisfied. Heaviest and lightest: (8 · 180 + 6 · 120) / (2160 + 3 · 40 + 3 · 60)
 * and (7 · 40 + 6 · 60 + 120) / (760 + 2 · 180 + 3 · 120 + 60). */
TEST(figures_of_groups_that_rows_do_not_tell_keep_within_their_counts)
{
    static const struct { double x; GroupFit fit; } c[] = {
        { 70, GROUP_BOUNDED }, { 87.80, GROUP_BOUNDED }, { 87.81, GROUP_WRONG }, { 49.36, GROUP_BOUNDED }, { 49.34, GROUP_WRONG }, { NAN, GROUP_WRONG },
    };
    Dataset      d = two_groups(a, 20, 2, 5);
    Weighting    w = recipe(a, SOURCE_STATED, both);
    WeightReport r = { 0 };
    with_table(a, &d);
    CHECK_OK(weights_make(a, &w, &d, &r));
    Dataset     p = as_package(a, &d, false);
    GroupCheck *g = group_check_new(a, &p);
    CHECK_INT(p.breaks.at[0].at[2].satisfied, 14);
    for (size_t i = 0; i < COUNT_OF(c); i++)
        CHECK_INT(fit_of(a, g, S("satisfied.B1"), c[i].x), c[i].fit);
    CHECK_INT(fit_of(a, g, S("mean.B1"), 3.7), GROUP_BOUNDED);
    CHECK_INT(fit_of(a, g, S("mean.B1"), 3.8), GROUP_WRONG);
    p.unplaced.at[0].at[3] = 1;                            /* a hidden answer may weigh as much as any */
    g = group_check_new(a, &p);
    CHECK_INT(fit_of(a, g, S("satisfied.B1"), 87.9), GROUP_BOUNDED);
}
