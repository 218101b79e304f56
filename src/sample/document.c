/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The document of a draw: method, frame, seed, list and the hashes that tie them, written in one fixed form. */
#include "sample/parts.h"

#include <stdio.h>

/* ---- Codes of cases -------------------------------------------------------------------------------------- */

/* Damm's check digit: finds every wrong digit and every swap of neighbours. */
static int check_digit(Str digits)
{
    static const uint8_t table[10][10] = {
        { 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 }, { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 }, { 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 }, { 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 },
        { 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 }, { 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 }, { 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 }, { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 },
        { 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 }, { 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
    };
    int interim = 0;
    for (size_t i = 0; i < digits.len; i++)
        interim = table[interim][digits.at[i] - '0'];
    return interim;
}

Str sample_case_code(Arena *a, int64_t number)
{
    Str digits = arena_fmt(a, "%05lld", (long long)number);
    return arena_fmt(a, "%.*s-%d", STR_ARG(digits), check_digit(digits));
}

bool sample_case_code_valid(Str code)
{
    if (code.len < 7 || code.len > 12 || code.at[code.len - 2] != '-')
        return false;
    Str digits = str_take(code, code.len - 2);
    for (size_t i = 0; i < digits.len; i++)
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
    return code.at[code.len - 1] == '0' + check_digit(digits);
}

/* ---- The list ---------------------------------------------------------------------------------------------- */
static void list_head(Buf *b, const SampleDesign *d)
{
    char name[40];
    static const char *const columns[] = { "stratum", "unit", "n", "pop", "prob" };
    csv_field(b, S("td_case"));
    csv_field(b, S("td_reserve"));
    csv_field(b, S("td_line"));
    for (size_t s = 0; s < d->stages; s++)
        for (size_t i = 0; i < COUNT_OF(columns); i++) {
            snprintf(name, sizeof name, "td_s%zu_%s", s + 1, columns[i]);
            csv_field(b, str_from_c(name));
        }
    csv_field(b, S("td_weight"));
    for (size_t i = 0; i < d->keep.len; i++)
        csv_field(b, d->keep.at[i]);
    csv_end(b);
}

static void list_row(Buf *b, const SampleDraw *d, const SampleCase *x)
{
    csv_field(b, x->code);
    csv_num(b, x->reserve);
    csv_num(b, x->line);
    for (size_t s = 0; s < d->design->stages; s++) {
        const SamplePart *p = &x->part[s];
        csv_field(b, p->stratum);
        csv_field(b, p->unit);
        csv_num(b, p->n);
        csv_num(b, p->pop);
        csv_real(b, p->prob);
    }
    csv_real(b, x->weight);
    for (size_t i = 0; i < d->design->keep.len; i++)
        csv_field(b, x->keep[i]);
    csv_end(b);
}

void sample_list_csv(Buf *b, const SampleDraw *d)
{
    list_head(b, d->design);
    for (size_t i = 0; i < d->len; i++)
        list_row(b, d, &d->at[i]);
}

SampleHashes sample_hashes(Arena *a, const SampleDraw *d)
{
    Buf design = buf_new(a, 4096), list = buf_new(a, 256 * d->len + 1024), whole = buf_new(a, 1024);
    sample_design_write(&design, d->design);
    sample_list_csv(&list, d);
    SampleHashes h = { .design = sha256_hex(a, buf_str(&design)), .list = sha256_hex(a, buf_str(&list)) };
    buf_fmt(&whole, SAMPLE_GENERATOR "\n%.*s\n%.*s\n%.*s\n%.*s\n", STR_ARG(h.design), STR_ARG(d->frame_sha256), STR_ARG(d->seed), STR_ARG(h.list));
    h.whole = sha256_hex(a, buf_str(&whole));
    return h;
}

/* ---- The document -------------------------------------------------------------------------------------------- */
static void text_member(Buf *b, const char *name, Str value)
{
    buf_fmt(b, ",\n\"%s\":", name);
    buf_json_str(b, value);
}

static void stages_json(Buf *b, const SampleDraw *d)
{
    buf_lit(b, ",\n\"stages\":[");
    for (size_t s = 0; s < d->design->stages; s++) {
        const SampleStageSum *x = &d->sum[s];
        buf_add(b, s ? S(",{\"label\":") : S("{\"label\":"));
        buf_json_str(b, d->design->stage[s].label);
        buf_fmt(b, ",\"strata\":%lld,\"frame\":%lld,\"drawn\":%lld,\"certain\":%lld,\"unsized\":%lld}", (long long)x->strata,
                (long long)x->frame, (long long)x->drawn, (long long)x->certain, (long long)x->unsized);
    }
    buf_byte(b, ']');
}

static void case_json(Buf *b, const SampleDraw *d, const SampleCase *x)
{
    buf_fmt(b, "{\"case\":\"%.*s\",\"reserve\":%lld,\"line\":%d,\"stages\":[", STR_ARG(x->code), (long long)x->reserve, x->line);
    for (size_t s = 0; s < d->design->stages; s++) {
        const SamplePart *p = &x->part[s];
        buf_add(b, s ? S(",{\"stratum\":") : S("{\"stratum\":"));
        buf_json_str(b, p->stratum);
        buf_lit(b, ",\"unit\":");
        buf_json_str(b, p->unit);
        buf_fmt(b, ",\"n\":%lld,\"pop\":%lld,\"prob\":", (long long)p->n, (long long)p->pop);
        buf_json_f64(b, p->prob);
        buf_byte(b, '}');
    }
    buf_lit(b, "],\"weight\":");
    buf_json_f64(b, x->weight);
    buf_lit(b, ",\"keep\":{");
    for (size_t i = 0; i < d->design->keep.len; i++) {
        buf_add(b, i ? S(",") : S(""));
        buf_json_str(b, d->design->keep.at[i]);
        buf_byte(b, ':');
        buf_json_str(b, x->keep[i]);
    }
    buf_lit(b, "}}");
}

void sample_document(Arena *a, Buf *b, const SampleDraw *d, Str program)
{
    SampleHashes h = sample_hashes(a, d);
    buf_lit(b, "{\"thuocdo\":\"sample\",\"version\":1");
    text_member(b, "program", program);
    text_member(b, "generator", S(SAMPLE_GENERATOR));
    buf_lit(b, ",\n\"design\":");
    sample_design_write(b, d->design);
    text_member(b, "design_sha256", h.design);
    buf_lit(b, ",\n\"frame\":{\"name\":");
    buf_json_str(b, d->frame_name);
    buf_fmt(b, ",\"sha256\":\"%.*s\",\"rows\":%lld}", STR_ARG(d->frame_sha256), (long long)d->frame_rows);
    text_member(b, "seed", d->seed);
    stages_json(b, d);
    buf_fmt(b, ",\n\"main\":%lld,\"reserve\":%lld,\"short\":%lld,\"elements\":%lld,\"weight_sum\":", (long long)d->main, (long long)d->reserve,
            (long long)d->short_cells, (long long)d->elements);
    buf_json_f64(b, d->weight_sum);
    text_member(b, "list_sha256", h.list);
    text_member(b, "sha256", h.whole);
    buf_lit(b, ",\n\"cases\":[");
    for (size_t i = 0; i < d->len; i++) {
        buf_add(b, i ? S(",\n") : S("\n"));
        case_json(b, d, &d->at[i]);
    }
    buf_lit(b, "]}\n");
}

/* ---- Drawing again -------------------------------------------------------------------------------------------- */
static bool json_same(const Json *x, const Json *y)
{
    if (!x || !y || x->kind != y->kind || x->len != y->len)
        return false;
    if (x->kind == JSON_BOOL || x->kind == JSON_NULL)
        return x->truth == y->truth;
    if (x->kind == JSON_NUMBER)
        return x->num == y->num;
    if (x->kind == JSON_STRING)
        return str_eq(x->text, y->text);
    const Json *q = y->first;
    for (const Json *p = x->first; p; p = p->next, q = q->next)
        if (!str_eq(p->key, q->key) || !json_same(p, q))
            return false;
    return true;
}

/* The first case that differs, or how many there are. */
static void cases_compare(Arena *a, const Json *given, const Json *again, SampleDisagreements *out)
{
    if (!json_is(given, JSON_ARRAY) || given->len != again->len) {
        *list_add(a, out) = arena_fmt(a, "cases: %u in the document, %u drawn", given ? given->len : 0, again->len);
        return;
    }
    const Json *q = again->first;
    for (const Json *p = given->first; p; p = p->next, q = q->next)
        if (!json_same(p, q)) {
            Str code = S("");
            json_str(json_get(q, S("case")), &code);
            *list_add(a, out) = arena_fmt(a, "case %.*s is not as drawn", STR_ARG(code));
            return;
        }
}

static void compare(Arena *a, const Json *given, const Json *again, SampleDisagreements *out)
{
    JSON_EACH(m, again) {
        const Json *own = json_get(given, m->key);
        if (str_eq(m->key, S("cases")))
            cases_compare(a, own, m, out);
        else if (str_eq(m->key, S("frame"))) {
            if (!json_same(json_get(own, S("sha256")), json_get(m, S("sha256"))))
                *list_add(a, out) = S("the frame is not the one that was drawn from");
            else if (!json_same(json_get(own, S("rows")), json_get(m, S("rows"))))
                *list_add(a, out) = S("frame: the number of rows differs");
        } else if (!str_eq(m->key, S("program")) && !json_same(own, m))
            *list_add(a, out) = arena_fmt(a, "%.*s differs", STR_ARG(m->key));
    }
    JSON_EACH(m, given)
        if (!json_get(again, m->key))
            *list_add(a, out) = arena_fmt(a, "%.*s is not part of such a document", STR_ARG(m->key));
}

Err sample_verify(Arena *a, Arena *scratch, Str document, const SampleFrame *f, SampleDisagreements *out)
{
    enum { VALUES = 60000000 };
    const Json  *given, *again;
    SampleDesign design;
    SampleDraw   draw;
    SampleFaults faults = { 0 };
    Str          seed = S(""), kind = S("");
    TRY(json_parse_many(scratch, document, VALUES, &given));
    if (!json_str(json_get(given, S("thuocdo")), &kind) || !str_eq(kind, S("sample")) || !json_str(json_get(given, S("seed")), &seed))
        return err_new(a, ERR_INVALID, S("no document of a drawn sample"));
    if (!sample_design_of(a, json_get(given, S("design")), &design, &faults) || !sample_draw(a, scratch, &design, f, seed, &draw, &faults)) {
        *list_add(a, out) = S("the design cannot be drawn from this frame");
        for (size_t i = 0; i < faults.len; i++)
            *list_add(a, out) = sample_fault_text(a, LANG_EN, &faults.at[i]);
        return OK;
    }
    Buf b = buf_new(scratch, 512 * draw.len + 8192);
    sample_document(scratch, &b, &draw, S(""));
    TRY(json_parse_many(scratch, buf_str(&b), VALUES, &again));
    compare(a, given, again, out);
    return OK;
}
