/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Known totals of the population, as people type or upload them: lines "code,population" of the place, "question,choice,population" of a question. */
#include "edition/weighting.h"

#include "base/xlsx.h"

#include <math.h>

void margin_fault(Arena *a, MarginFaults *faults, const char *key, int line, Str code, int64_t n)
{
    *list_add(a, faults) = (MarginFault){ .key = key, .line = line, .code = code, .n = n };
}

static bool margin_known(const Margins *m, Str question, Str code)
{
    for (size_t i = 0; i < m->len; i++)
        if (str_eq(m->at[i].question, question) && str_eq(m->at[i].code, code))
            return true;
    return false;
}

/* "1.234.567" and "1 234 567" are how people write it. */
static bool population_read(Arena *a, Str cell, double *out)
{
    Buf b = buf_new(a, cell.len + 1);
    for (size_t i = 0; i < cell.len; i++)
        if (cell.at[i] != ' ' && cell.at[i] != '.')
            buf_byte(&b, cell.at[i]);
    int64_t n;
    bool fine = str_to_i64(buf_str(&b), &n) && n > 0 && n <= 100000000000;
    *out = fine ? (double)n : NAN;
    return fine;
}

typedef struct MarginLine { int line; Str question, code; double population; bool fine; int column; } MarginLine;

/* Two cells are of the place; three, the last a number or the first a question, of a question. */
static MarginLine line_read(Arena *a, int line, const Str *at, size_t len)
{
    Str        cell[3] = { 0 };
    MarginLine l = { .line = line };
    double     third;
    for (size_t i = 0; i < 3; i++)
        cell[i] = i < len ? str_trim(at[i]) : S("");
    bool of_question = cell[2].len && population_read(a, cell[2], &third);
    double second;
    if (!of_question && cell[2].len && !population_read(a, cell[1], &second))
        of_question = true;            /* a question's line with a total that cannot be read */
    l.question = of_question ? cell[0] : S("");
    l.code     = cell[of_question];
    l.column   = of_question ? 3 : 2;
    l.fine     = population_read(a, cell[l.column - 1], &l.population);
    return l;
}

static const Breakdown *group_find(const Dataset *d, Str question)
{
    for (size_t i = 0; i < d->groups.len; i++)
        if (str_eq(d->groups.at[i].question, question))
            return &d->groups.at[i];
    return NULL;
}

/* What is wrong with the names of a line, or NULL. */
static const char *names_fault(const MarginLine *l, const Dataset *d)
{
    if (!d || (!l->question.len && dataset_domain(d, l->code)))
        return NULL;
    if (!l->question.len)
        return "weights.fault.code";
    const Breakdown *b = group_find(d, l->question);
    if (!b)
        return "weights.fault.question";
    return str_eq(l->code, UNANSWERED) || breakdown_domain(b, l->code) ? NULL : "weights.fault.choice";
}

static void line_take(Arena *a, const MarginLine *l, bool first, const Dataset *d, Margins *out, MarginFaults *faults)
{
    const char *names   = names_fault(l, d);
    bool        heading = first && !l->fine && (!d || names);
    if (heading || (!l->code.len && !l->question.len && !l->fine && isnan(l->population) && !l->code.len))
        return;
    Str  shown = l->question.len && names && str_eq(str_from_c(names), S("weights.fault.question")) ? l->question : l->code;
    if (!l->fine)
        margin_fault(a, faults, "weights.fault.population", l->line, l->code, l->column);
    else if (names)
        margin_fault(a, faults, names, l->line, shown, 1 + (l->question.len && shown.at == l->code.at));
    else if (margin_known(out, l->question, l->code))
        margin_fault(a, faults, "weights.fault.twice", l->line, l->code, 0);
    else if (l->question.len && !weighting_has(out, l->question) && weighting_questions(a, out).len == GROUPS_MOST)
        margin_fault(a, faults, "weights.fault.many", l->line, l->question, GROUPS_MOST);
    else
        *list_add(a, out) = (Margin){ arena_str(a, l->question), arena_str(a, l->code), l->population, l->line };
}

bool weighting_has(const Margins *m, Str question)
{
    for (size_t i = 0; i < m->len; i++)
        if (str_eq(m->at[i].question, question))
            return true;
    return false;
}

StrList weighting_questions(Arena *a, const Margins *m)
{
    StrList list = { 0 };
    for (size_t i = 0; i < m->len; i++) {
        bool known = !m->at[i].question.len;
        for (size_t k = 0; k < list.len; k++)
            known |= str_eq(list.at[k], m->at[i].question);
        if (!known)
            *list_add(a, &list) = m->at[i].question;
    }
    return list;
}

static double margin_sum(const Margins *m, Str question)
{
    double sum = 0;
    for (size_t i = 0; i < m->len; i++)
        sum += str_eq(m->at[i].question, question) ? m->at[i].population : 0;
    return sum;
}

/* Margins are of one population: they add up to the same. */
static void totals_check(Arena *a, const Margins *m, MarginFaults *faults)
{
    StrList of    = weighting_questions(a, m);
    bool    place = weighting_has(m, S(""));
    double  first = margin_sum(m, place || !of.len ? S("") : of.at[0]);
    for (size_t i = !place; i < of.len; i++) {
        double sum = margin_sum(m, of.at[i]);
        if (fabs(sum - first) > 1e-9 * first)
            *list_add(a, faults) = (MarginFault){ .key = place ? "weights.fault.totals" : "weights.fault.totals-first", .code = of.at[i],
                                                  .n = (int64_t)sum, .m = (int64_t)first };
    }
}

void margins_parse(Arena *a, Str csv, const Dataset *domains, Margins *out, MarginFaults *faults)
{
    CsvTable  t;
    CsvLimits limits = { .rows = 10000, .columns = 20, .cell_bytes = 200 };
    if (csv_read(a, csv, limits, &t)) {
        margin_fault(a, faults, "weights.fault.csv", 1, S(""), 0);
        return;
    }
    for (size_t i = 0; i < t.len; i++) {
        MarginLine l = line_read(a, (int)t.at[i].line, t.at[i].at, t.at[i].len);
        line_take(a, &l, i == 0, domains, out, faults);
    }
    if (!faults->len)
        totals_check(a, out, faults);
}

/* Columns of an uploaded file as lines of text, empty rows kept so that lines are the file's own. */
Err margins_file(Arena *a, Str bytes, Str *out_csv)
{
    XlsxBook   book;
    XlsxLimits limits = { .file_bytes = 2 << 20, .rows = 10000, .columns = 20, .cell_bytes = 200, .places = 100000, .text_bytes = 1 << 20 };
    if (!str_starts(bytes, S("PK"))) {
        *out_csv = str_starts(bytes, S("\xef\xbb\xbf")) ? str_skip(bytes, 3) : bytes;
        return utf8_valid(*out_csv) ? OK : err_new(a, ERR_INVALID, S("the file is neither CSV in UTF-8 nor XLSX"));
    }
    TRY(xlsx_read(a, bytes, limits, &book, NULL));
    Buf    b    = buf_new(a, 4096);
    size_t line = 1;
    for (size_t i = 0; book.len && i < book.at[0].len; i++, line++) {
        const XlsxRow *row = &book.at[0].at[i];
        for (; line < row->number && line < 20000; line++)
            buf_lit(&b, "\n");
        for (size_t k = 0; k < 3 && k < row->len; k++) {
            if (k)
                buf_byte(&b, ',');
            buf_csv(&b, row->at[k]);
        }
        buf_lit(&b, "\n");
    }
    *out_csv = buf_str(&b);
    return OK;
}
