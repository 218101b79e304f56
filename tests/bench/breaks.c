/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* breaks [ROWS]: all weighted figures of an edition over a seeded sample of 34 provinces of 98 units: 22 items in four factors and the index, by province
 * and by four breakdowns of 2, 5, 4 and 8 groups, with standard errors and intervals; beside it the same without the breakdowns, and what merely reading
 * the answers takes. Processor time. Prints name, tab, figure; mib: memory of the figures beyond the answers. */
#include "edition/weighting.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

enum { ITEMS = 22, PROVINCES = 34, UNITS = 98, FACTORS = 4, BREAKS = 4 };
static const size_t groups[BREAKS] = { 2, 5, 4, 8 };

static uint64_t state = 88172645463325252u;
static uint32_t draw(uint32_t below)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 20) % below;
}

static double processor(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static Err method_of(Arena *a, SurveyMethod *m)
{
    MethodFaults faults = { 0 };
    Buf          b      = buf_new(a, 4096);
    buf_lit(&b, "code,parent,kind,name_vi,name_en,source,value\nT,,index,Chung,All,,\n");
    for (int k = 0; k < FACTORS; k++)
        buf_fmt(&b, "T%d,T,factor,Nhân tố,Factor,,\n", k);
    for (int k = 0; k < ITEMS; k++)
        buf_fmt(&b, "b%d,T%d,item,,,,\n", k, k % FACTORS);
    for (int k = 0; k < BREAKS; k++)
        buf_fmt(&b, "g%d,,breakdown,Nhóm,Group,,\n", k);
    method_read(a, buf_str(&b), m, &faults);
    return faults.len ? err_new(a, ERR_INVALID, method_fault_text(a, LANG_EN, &faults.at[0])) : OK;
}

static Dataset dataset_of(Arena *a, const SurveyMethod *m, size_t n)
{
    Dataset d = { .how = m, .nodes = m->nodes, .by = S("tinh"), .records = n, .values = arena_new(a, uint8_t, n * ITEMS),
                  .domain_of = arena_new(a, uint16_t, n), .source = arena_new(a, DataSource, n) };
    for (int k = 0; k < ITEMS; k++) {
        Str code = arena_fmt(a, "b%d", k);
        *list_add(a, &d.items) = (DataItem){ .name = code, .code = code, .node = method_place(m, code, NULL) };
    }
    for (int k = 0; k <= PROVINCES; k++)
        *list_add(a, &d.domains) = (DataDomain){ .code = k ? arena_fmt(a, "%02d", k) : S("") };
    for (int k = 0; k < BREAKS; k++) {
        Breakdown *b = list_add(a, &d.breaks);
        *b = (Breakdown){ .question = arena_fmt(a, "g%d", k) };
        for (size_t g = 0; g <= groups[k]; g++)
            *list_add(a, &b->domains) = (DataDomain){ .code = g ? arena_fmt(a, "%zu", g) : S("") };
    }
    breaks_room(a, &d, n);
    for (size_t r = 0; r < n; r++) {
        size_t unit    = r * PROVINCES * UNITS / n;
        d.domain_of[r] = (uint16_t)(unit / UNITS + 1);
        d.source[r]    = (DataSource){ .id = (int64_t)r + 1, .base = 1, .unit = unit + 1 };
        for (int k = 0; k < ITEMS; k++)
            d.values[r * ITEMS + (size_t)k] = (uint8_t)(1 + (draw(5) + draw(3) + unit % 2) % 5);
        for (int k = 0; k < BREAKS; k++)
            d.breaks.at[k].of[r] = (uint8_t)(1 + draw((uint32_t)groups[k]));
    }
    d.table = tally_table_new(a, ITEMS, PROVINCES + 1);
    dataset_count(&d);
    breaks_count(&d);
    dataset_hide(a, &d);
    return d;
}

static Err weigh(Arena *a, Dataset *d)
{
    Weighting    w      = { .version = 1, .design = SOURCE_STATED, .units = S("xa") };
    WeightReport report = { 0 };
    MarginFaults faults = { 0 };
    Buf          b      = buf_new(a, 1024);
    for (int k = 1; k <= PROVINCES; k++)
        buf_fmt(&b, "%02d,%d\n", k, 2000000 + 10000 * k);
    margins_parse(a, buf_str(&b), NULL, &w.margins, &faults);
    TRY(weights_make(a, &w, d, &report));
    return faults.len || report.faults.len ? err_new(a, ERR_INVALID, S("weights")) : OK;
}

static Err run(Arena *a, size_t n)
{
    SurveyMethod m;
    Figures      all = { 0 }, some = { 0 };
    uint64_t     sum = 0;
    TRY(method_of(a, &m));
    Dataset d = dataset_of(a, &m, n);
    TRY(weigh(a, &d));
    double begun = processor();
    for (size_t i = 0; i < n * ITEMS; i++)
        sum += d.values[i];
    double read = processor() - begun;
    Dataset bare = d;
    bare.breaks.len = 0;
    begun = processor();
    TRY(figures_compute(a, &bare, &some));
    double without = processor() - begun;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    begun = processor();
    TRY(figures_compute(a, &d, &all));
    double with = processor() - begun;
    getrusage(RUSAGE_SELF, &after);
    const Figure *f = figure_find(&all, S("satisfied.T"), S("g3"), S("8"));
    if (!f || !(f->se > 0) || !sum)
        return err_new(a, ERR_INTERNAL, S("no figure of a group"));
    printf("rows\t%zu\nread_s\t%.4f\nplaces_s\t%.3f\nall_s\t%.3f\nfigures\t%zu\ngroup_figures\t%zu\n", n, read, without, with, all.len, all.len - some.len);
    printf("mib\t%.0f\nshare\t%.6f\nse\t%.6f\n", (double)(after.ru_maxrss - before.ru_maxrss) / 1024, f->x, f->se);
    return OK;
}

int main(int argc, char **argv)
{
    int64_t n = 1000000;
    if (argc > 1 && !str_to_i64(str_from_c(argv[1]), &n))
        return 64;
    Arena a = arena_open((size_t)1 << 34);
    Err   e = run(&a, (size_t)n);
    if (e)
        fprintf(stderr, "%.*s\n", STR_ARG(e->detail));
    return e ? 70 : 0;
}
