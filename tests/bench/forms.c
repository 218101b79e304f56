/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What questionnaires cost in CPU time: compiling 300 questions, evaluating one page of them, and filtering 3,321 communes
 * by province, beside libxml2's XPath on the same filter. Prints "name<tab>figure" lines; each is the least of several runs. */
#include "base/xlsx.h"
#include "form/form.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <time.h>

enum { QUESTIONS = 300, COMMUNES = 3321, PROVINCES = 34, ROUNDS = 7 };

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- A questionnaire of 300 questions --------------------------------------------------------------------- */

static XlsxCells row(Arena *a, const Str *texts, int n)
{
    XlsxCell *cells = arena_new(a, XlsxCell, (size_t)n);
    for (int i = 0; i < n; i++)
        cells[i] = XLSX_TEXT(texts[i]);
    return (XlsxCells){ cells, (size_t)n };
}

static XlsxCells question(Arena *a, int i)
{
    static const char *const types[] = { "select_one muc", "integer", "text", "select_multiple muc", "decimal", "calculate" };
    int  kind = i % 6;
    Str  name = arena_fmt(a, "q%d", i), relevant = S(""), constraint = S(""), calculation = S("");
    if (i > 6 && i % 3 == 0)
        relevant = arena_fmt(a, "${q%d} = '3' or selected(${q%d}, '2')", i - i % 6 - 6, i - i % 6 - 3);
    if (kind == 1 || kind == 4)
        constraint = S(". >= 0 and . <= 120");
    if (kind == 5)
        calculation = arena_fmt(a, "round(coalesce(${q%d}, 0) * 1.1 + coalesce(${q%d}, 0), 2)", i - 4, i - 1);
    Str cells[] = { str_from_c(types[kind]), name, kind == 5 ? S("") : arena_fmt(a, "Câu hỏi số %d về dịch vụ công", i), relevant, constraint,
                    calculation, kind == 0 ? S("yes") : S("") };
    return row(a, cells, 7);
}

static Str workbook(Arena *a)
{
    static const Str head[] = { S_INIT("type"), S_INIT("name"), S_INIT("label"), S_INIT("relevant"), S_INIT("constraint"), S_INIT("calculation"),
                                S_INIT("required") };
    static const Str list[] = { S_INIT("list_name"), S_INIT("name"), S_INIT("label") }, set[] = { S_INIT("form_id") }, id[] = { S_INIT("bench") };
    XlsxCells *survey = arena_new(a, XlsxCells, QUESTIONS + 1), *choices = arena_new(a, XlsxCells, 6), *settings = arena_new(a, XlsxCells, 2);
    survey[0] = row(a, head, 7);
    for (int i = 0; i < QUESTIONS; i++)
        survey[i + 1] = question(a, i);
    choices[0] = row(a, list, 3);
    for (int i = 1; i <= 5; i++) {
        Str cells[] = { S("muc"), arena_fmt(a, "%d", i), arena_fmt(a, "Mức %d", i) };
        choices[i] = row(a, cells, 3);
    }
    settings[0] = row(a, set, 1);
    settings[1] = row(a, id, 1);
    XlsxOut sheets[] = { { S("survey"), survey, QUESTIONS + 1 }, { S("choices"), choices, 6 }, { S("settings"), settings, 2 } };
    Str     bytes = S("");
    if (xlsx_write(a, sheets, 3, &bytes))
        fprintf(stderr, "the workbook was not written\n");
    return bytes;
}

static void bench_form(Arena *a, Arena work)
{
    Str          bytes = workbook(a);
    FormProgram *p     = NULL;
    double       compile = 1e12, page = 1e12;
    for (int r = 0; r < ROUNDS; r++) {
        FormIssues issues = { 0 };
        double     begin  = cpu_us();
        if (form_read_xlsx(a, work, bytes, &issues, &p) || !p) {
            fprintf(stderr, "the workbook was refused: %.*s\n", STR_ARG(issues.len ? issues.at[0].message_en : S("")));
            return;
        }
        double spent = cpu_us() - begin;
        compile = spent < compile ? spent : compile;
    }
    FormAnswers x = form_answers_new(a, p);
    for (size_t i = 0; i < p->nodes.len; i++)
        if (p->nodes.at[i].answer >= 0)
            x.at[p->nodes.at[i].answer] = i % 2 ? S("2") : S("3");
    for (int r = 0; r < ROUNDS; r++) {
        double begin = cpu_us();
        for (int n = 0; n < 100; n++) {
            Arena        once   = *a;
            AnswerIssues issues = { 0 };
            form_check(p, &once, &x, (Time){ INT64_C(1795000000000) }, 6 * (n % 40), &issues);
        }
        double spent = (cpu_us() - begin) / 100;
        page = spent < page ? spent : page;
    }
    printf("compile_ms\t%.2f\npage_us\t%.1f\n", compile / 1000, page);
}

/* ---- 3,321 communes by province ---------------------------------------------------------------------------------- */

static Str province;

static bool resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *f)
{
    *list_add(a, out) = (ExprRef){ .kind = EXPR_STRING };
    return true;
}

static bool node_text(void *self, int node, int instance, Str *out)
{
    *out = province;
    return true;
}

static ExprTable communes(Arena *a)
{
    static const Str columns[] = { S_INIT("name"), S_INIT("label"), S_INIT("tinh") };
    Str *cells = arena_new(a, Str, COMMUNES * 3);
    for (int i = 0; i < COMMUNES; i++) {
        cells[3 * i]     = arena_fmt(a, "%05d", i);
        cells[3 * i + 1] = arena_fmt(a, "Xã số %d", i);
        cells[3 * i + 2] = arena_fmt(a, "%02d", i * PROVINCES / COMMUNES);
    }
    return (ExprTable){ .name = S("xa"), .root = S("root"), .item = S("item"), .columns = columns, .column_count = 3, .cells = cells,
                        .row_count = COMMUNES };
}

/* Filters a second; *hits: rows of all of them, to compare. */
static double ours(Arena *a, Arena work, ExprTable *t, int *hits)
{
    ExprNames  names  = { NULL, resolve, NULL };
    ExprHost   host   = { .node = node_text };
    ExprFaults faults = { 0 };
    ExprCode   code;
    double     best = 0;
    if (!expr_compile_filter(a, work, S("tinh = ${tinh}"), t, &names, NULL, &faults, &code))
        return 0;
    for (int r = 0; r < ROUNDS; r++) {
        double begin = cpu_us();
        *hits = 0;
        for (int n = 0; n < 3400; n++) {
            Arena     once = *a;
            ExprValue v;
            char      text[8];
            province = (Str){ text, (size_t)snprintf(text, sizeof text, "%02d", n % PROVINCES) };
            if (!expr_eval(&code, &once, &host, &v))
                *hits += v.set->count;
        }
        double rate = 3400 / (cpu_us() - begin) * 1e6;
        best = rate > best ? rate : best;
    }
    return best;
}

static double libxml(Arena *a, const ExprTable *t, int *hits)
{
    Buf b = buf_new(a, 1 << 20);
    buf_lit(&b, "<root>");
    for (int i = 0; i < t->row_count; i++)
        buf_fmt(&b, "<item><name>%.*s</name><label>%.*s</label><tinh>%.*s</tinh></item>", STR_ARG(t->cells[3 * i]), STR_ARG(t->cells[3 * i + 1]),
                STR_ARG(t->cells[3 * i + 2]));
    buf_lit(&b, "</root>");
    xmlDocPtr           doc  = xmlReadMemory(b.at, (int)b.len, "xa.xml", NULL, XML_PARSE_NONET);
    xmlXPathContextPtr  x    = xmlXPathNewContext(doc);
    xmlXPathCompExprPtr path = xmlXPathCompile((const xmlChar *)"/root/item[tinh = $tinh]");
    double              best = 0;
    for (int r = 0; r < 3; r++) {
        double begin = cpu_us();
        *hits = 0;
        for (int n = 0; n < PROVINCES; n++) {
            char text[8];
            snprintf(text, sizeof text, "%02d", n);
            xmlXPathRegisterVariable(x, (const xmlChar *)"tinh", xmlXPathNewCString(text));
            xmlXPathObjectPtr found = xmlXPathCompiledEval(path, x);
            *hits += found && found->nodesetval ? found->nodesetval->nodeNr : 0;
            xmlXPathFreeObject(found);
        }
        double rate = PROVINCES / (cpu_us() - begin) * 1e6;
        best = rate > best ? rate : best;
    }
    xmlXPathFreeCompExpr(path);
    xmlXPathFreeContext(x);
    xmlFreeDoc(doc);
    return best;
}

int main(void)
{
    Arena     a = arena_open((size_t)1 << 30), work = arena_open((size_t)1 << 28);
    ExprTable t = communes(&a);
    int       mine, theirs;
    bench_form(&a, work);
    double us = ours(&a, work, &t, &mine), them = libxml(&a, &t, &theirs);
    if (mine != theirs * 100)
        fprintf(stderr, "the filters do not agree: %d rows, %d\n", mine / 100, theirs);
    printf("filter_per_second\t%.0f\nfilter_libxml2\t%.0f\n", us, them);
    return mine == theirs * 100 ? 0 : 1;
}
