/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Open answers as their codes: counts of the whole, apart from places and from other answers, in figures and in the package. */
#include "edition/parts.h"

#include "analysis/analysis.h"

#include <math.h>

/* ---- Hiding: rules ------------------------------------------------------------------------------------------------- */

static int64_t hidden_sum(const CodedTable *t, size_t *out_count)
{
    int64_t sum = 0;
    *out_count  = 0;
    for (size_t i = 0; i < t->codes.len; i++)
        if (t->codes.at[i].hidden) {
            sum += t->codes.at[i].n;
            (*out_count)++;
        }
    return sum;
}

static CodedCode *smallest_shown(CodedTable *t)
{
    CodedCode *found = NULL;
    for (size_t i = 0; i < t->codes.len; i++) {
        CodedCode *c = &t->codes.at[i];
        if (!c->hidden && c->n && (!found || c->n < found->n))
            found = c;
    }
    return found;
}

/* Codes of fewer than LEAST_CELL answers stand together. One alone, or too few together, take the next smallest along: the sum of the
 * others would give them away. */
void coded_hide(CodedTable *t)
{
    size_t     count;
    CodedCode *next;
    for (size_t i = 0; i < t->codes.len; i++)
        t->codes.at[i].hidden |= t->codes.at[i].n > 0 && t->codes.at[i].n < LEAST_CELL;
    for (int64_t sum = hidden_sum(t, &count); count && (count == 1 || sum < LEAST_CELL) && (next = smallest_shown(t)); sum = hidden_sum(t, &count))
        next->hidden = true;
}

/* ---- From the round ------------------------------------------------------------------------------------------------- */

static CodedTable *table_for(Arena *a, Dataset *d, Str question)
{
    for (size_t i = 0; i < d->coded.len; i++)
        if (str_eq(d->coded.at[i].question, question))
            return &d->coded.at[i];
    CodedTable *t = list_add(a, &d->coded);
    *t = (CodedTable){ .question = question };
    return t;
}

Err coded_from_round(Db *db, Arena *a, const FormProgram *p, RoundId round, const SubmissionId *ids, size_t n, Dataset *d)
{
    CodedCounts counts;
    Dataset     all = { 0 };
    TRY(coded_counts(db, a, round, ids, n, &counts));
    for (size_t i = 0; i < counts.len; i++) {
        const CodedCount *c = &counts.at[i];
        int               node = form_find(p, c->question);
        CodedTable       *t = table_for(a, &all, c->question);
        for (int l = 0; l < LANG_COUNT; l++)
            t->label[l] = node >= 0 ? form_label_plain(a, p, node, (Lang)l) : c->question;
        t->n += c->n;
        *list_add(a, &t->codes) = (CodedCode){ .code = c->code, .parent = c->parent, .label = { c->label[LANG_VI], c->label[LANG_EN] }, .n = c->n };
    }
    for (size_t i = 0; i < all.coded.len; i++) {
        CodedTable *t = &all.coded.at[i];
        if (t->n < LEAST_CELL)
            continue;                              /* too few answers for a table of their own */
        for (size_t k = 0; k < t->codes.len; k++) {
            Str name = str_join(a, (Str[]){ S("coded."), t->question, S(":"), t->codes.at[k].code }, 4, S(""));
            t->codes.at[k].hidden = hidden_earlier(&d->earlier, name, S(""), S(""));
        }
        coded_hide(t);
        *list_add(a, &d->coded) = *t;
    }
    return OK;
}

/* ---- Figures ---------------------------------------------------------------------------------------------------------- */

void coded_figures(Arena *a, const Dataset *d, Figures *out)
{
    for (size_t i = 0; i < d->coded.len; i++) {
        const CodedTable *t = &d->coded.at[i];
        Str               name = str_concat(a, S("coded."), t->question);
        *list_add(a, out) = (Figure){ .name = name, .label_vi = t->label[LANG_VI], .label_en = t->label[LANG_EN], .unit = S("n"), .n = t->n,
                                      .x = (double)t->n, .se = NAN, .low = NAN, .high = NAN };
        for (size_t k = 0; k < t->codes.len; k++) {
            const CodedCode *c = &t->codes.at[k];
            *list_add(a, out) = (Figure){ .name = str_join(a, (Str[]){ name, c->code }, 2, S(":")), .label_vi = c->label[LANG_VI],
                                          .label_en = c->label[LANG_EN], .unit = S("%"), .n = c->hidden ? 0 : t->n,
                                          .x = c->hidden ? NAN : 100.0 * (double)c->n / (double)t->n, .se = NAN, .low = NAN, .high = NAN,
                                          .suppressed = c->hidden };
        }
    }
}

/* ---- In the package ------------------------------------------------------------------------------------------------------ */

static void coded_count_row(Buf *b, Str question, Str code, int64_t n)
{
    csv_field(b, question);
    csv_field(b, code);
    csv_num(b, n);
    csv_end(b);
}

/* Code "": the hidden ones together. */
Str coded_csv(Arena *a, const Dataset *d)
{
    Buf b = buf_new(a, 4096);
    csv_field(&b, S("question"));
    csv_field(&b, S("code"));
    csv_field(&b, S("count"));
    csv_end(&b);
    for (size_t i = 0; i < d->coded.len; i++) {
        const CodedTable *t = &d->coded.at[i];
        size_t            count;
        int64_t           sum = hidden_sum(t, &count);
        for (size_t k = 0; k < t->codes.len; k++)
            if (!t->codes.at[k].hidden)
                coded_count_row(&b, t->question, t->codes.at[k].code, t->codes.at[k].n);
        if (count)
            coded_count_row(&b, t->question, S(""), sum);
    }
    return buf_str(&b);
}

/* A line of the codebook: kind open (a question) or code (of a question, with its parent). False: of another kind. */
bool coded_codebook(Arena *a, Str kind, Str question, Str name, Str parent, Str vi, Str en, Dataset *d)
{
    if (str_eq(kind, S("open"))) {
        CodedTable *t = table_for(a, d, question);
        t->label[LANG_VI] = vi;
        t->label[LANG_EN] = en;
        return true;
    }
    if (!str_eq(kind, S("code")))
        return false;
    *list_add(a, &table_for(a, d, question)->codes) = (CodedCode){ .code = name, .parent = parent, .label = { vi, en }, .hidden = true };
    return true;
}

static bool count_read(Dataset *d, Str question, Str code, Str count)
{
    int64_t n;
    for (size_t i = 0; i < d->coded.len; i++) {
        CodedTable *t = &d->coded.at[i];
        if (!str_eq(t->question, question) || !str_to_i64(count, &n) || n < 0)
            continue;
        t->n += n;
        if (!code.len)
            return n >= LEAST_CELL;
        for (size_t k = 0; k < t->codes.len; k++)
            if (str_eq(t->codes.at[k].code, code) && t->codes.at[k].hidden) {
                t->codes.at[k].n      = n;
                t->codes.at[k].hidden = false;
                return n == 0 || n >= LEAST_CELL;
            }
    }
    return false;
}

Err coded_read(Arena *a, Str csv, Dataset *d)
{
    CsvTable t;
    TRY(csv_read(a, csv, CSV_LIMITS, &t));
    for (size_t i = 1; i < t.len; i++)
        if (!count_read(d, csv_cell(&t.at[i], 0), csv_cell(&t.at[i], 1), csv_cell(&t.at[i], 2)))
            return err_fmt(a, ERR_INVALID, "coded.csv:%d: no count of the codebook, or one under %d", t.at[i].line, LEAST_CELL);
    for (size_t i = 0; i < d->coded.len; i++) {
        size_t count;
        (void)hidden_sum(&d->coded.at[i], &count);
        if (count == 1)
            return err_fmt(a, ERR_INVALID, "coded.csv: a single code of %.*s is left out", STR_ARG(d->coded.at[i].question));
    }
    return OK;
}
