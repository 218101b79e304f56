/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Issues of a questionnaire: collected all at once, ordered by sheet, row and column, at most 200. */
#include "form/form_parts.h"

#include <stdlib.h>

void form_issue(Reader *r, Place at, const char *code, Str vi, Str en)
{
    bool warning = code[0] == 'W';
    FormIssue *f = list_add(r->keep, r->issues);
    *f = (FormIssue){ .sheet = sheet_name(at.sheet), .column = at.header, .code = str_from_c(code), .message_vi = vi,
                      .message_en = en, .row = at.row, .warning = warning, .sheet_at = (int)at.sheet, .column_at = at.column };
}

bool form_issues_bad(const FormIssues *issues)
{
    for (size_t i = 0; i < issues->len; i++)
        if (!issues->at[i].warning)
            return true;
    return false;
}

static int compare(const FormIssue *x, const FormIssue *y)
{
    if (x->sheet_at != y->sheet_at)
        return x->sheet_at < y->sheet_at ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    if (x->column_at != y->column_at)
        return x->column_at < y->column_at ? -1 : 1;
    return 0;
}

/* Stable: what was found first on a place stays first. */
static void merge_sort(FormIssue *at, FormIssue *spare, size_t n)
{
    if (n < 2)
        return;
    size_t half = n / 2, i = 0, k = half, to = 0;
    merge_sort(at, spare, half);
    merge_sort(at + half, spare, n - half);
    while (i < half || k < n)
        spare[to++] = k == n || (i < half && compare(&at[i], &at[k]) <= 0) ? at[i++] : at[k++];
    memcpy(at, spare, n * sizeof *at);
}

void form_issues_sort(Arena scratch, FormIssues *issues)
{
    merge_sort(issues->at, arena_new(&scratch, FormIssue, issues->len), issues->len);
    size_t kept = 0, errors = 0, warnings = 0;
    for (size_t i = 0; i < issues->len; i++)
        if ((issues->at[i].warning ? warnings++ : errors++) < FORM_MAX_ERRORS)
            issues->at[kept++] = issues->at[i];
    issues->len = kept;
}

static void issues_json(Buf *out, const FormIssues *issues, bool warnings)
{
    bool first = true;
    buf_byte(out, '[');
    for (size_t i = 0; i < issues->len; i++) {
        const FormIssue *f = &issues->at[i];
        if (f->warning != warnings)
            continue;
        buf_add(out, first ? S("{\"sheet\":") : S(",{\"sheet\":"));
        first = false;
        buf_json_str(out, f->sheet);
        buf_fmt(out, ",\"row\":%d,\"column\":", f->row);
        buf_json_str(out, f->column);
        buf_lit(out, ",\"code\":");
        buf_json_str(out, f->code);
        buf_lit(out, ",\"message_vi\":");
        buf_json_str(out, f->message_vi);
        buf_lit(out, ",\"message_en\":");
        buf_json_str(out, f->message_en);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

void form_issues_json(Buf *out, const FormIssues *issues)
{
    buf_add(out, form_issues_bad(issues) ? S("{\"ok\":false,\"errors\":") : S("{\"ok\":true,\"errors\":"));
    issues_json(out, issues, false);
    buf_lit(out, ",\"warnings\":");
    issues_json(out, issues, true);
    buf_byte(out, '}');
}
