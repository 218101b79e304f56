/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Members of "result": numbers that read back equal, undefined as null. */
#include "stats/case_parts.h"

void out_key(Case *c, Str key)
{
    if (!c->first)
        buf_byte(c->out, ',');
    c->first = false;
    buf_json_str(c->out, key);
    buf_byte(c->out, ':');
}

static void key_before(Case *c, const char *key)
{
    out_key(c, str_from_c(key));
}

static void list(Buf *b, size_t n, const double *x)
{
    buf_byte(b, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(b, ',');
        buf_json_f64(b, x[i]);
    }
    buf_byte(b, ']');
}

void out_num(Case *c, const char *key, double x)
{
    key_before(c, key);
    buf_json_f64(c->out, x);
}

void out_list(Case *c, const char *key, size_t n, const double *x)
{
    key_before(c, key);
    list(c->out, n, x);
}

void out_one(Case *c, const char *key, double x)
{
    out_list(c, key, 1, &x);
}

void out_matrix(Case *c, const char *key, size_t rows, size_t columns, const double *x)
{
    key_before(c, key);
    buf_byte(c->out, '[');
    for (size_t i = 0; i < rows; i++) {
        if (i)
            buf_byte(c->out, ',');
        list(c->out, columns, x + i * columns);
    }
    buf_byte(c->out, ']');
}

void out_level(Case *c, const CaseColumn *col, size_t level)
{
    if (col->numeric)
        buf_json_f64(c->out, col->level_number[level]);
    else
        buf_json_str(c->out, col->level_text[level]);
}

void out_levels(Case *c, const char *key, const CaseColumn *col, size_t n, const uint32_t *level)
{
    key_before(c, key);
    buf_byte(c->out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(c->out, ',');
        out_level(c, col, level[i]);
    }
    buf_byte(c->out, ']');
}

void out_strings(Case *c, const char *key, size_t n, const Str *s)
{
    key_before(c, key);
    buf_byte(c->out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(c->out, ',');
        buf_json_str(c->out, s[i]);
    }
    buf_byte(c->out, ']');
}

void out_level_texts(Case *c, const char *key, const CaseColumn *col, size_t n, const uint32_t *level)
{
    Str *text = arena_new(c->a, Str, n + 1);
    for (size_t i = 0; i < n; i++)
        text[i] = case_level_text(c->a, col, level[i]);
    out_strings(c, key, n, text);
}

void out_list_open(Case *c, const char *key)
{
    key_before(c, key);
    buf_byte(c->out, '[');
    c->first = true;
}

void out_list_close(Case *c)
{
    buf_byte(c->out, ']');
    c->first = false;
}

void out_open(Case *c, const char *key)
{
    if (key)
        key_before(c, key);
    else if (!c->first)
        buf_byte(c->out, ',');
    buf_byte(c->out, '{');
    c->first = true;
}

void out_close(Case *c)
{
    buf_byte(c->out, '}');
    c->first = false;
}
