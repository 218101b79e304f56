/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stata's .dta, release 118, little-endian, after Stata's published description of the format. Choices are whole numbers with
 * labels, those that are no opinion the extended missing values .a, .b … with labels too; long texts are strL. */
#include "analysis/parts.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { DTA_STRL = 32768, DTA_DOUBLE = 65526, DTA_LONG = 65528, DTA_INT = 65529, DTA_BYTE = 65530, TEXT_WIDEST = 2045 };
enum { NAME_ROOM = 129, FORMAT_ROOM = 57, LABEL_ROOM = 321, LABEL_CHARS = 80, VARIABLES_MOST = 32767, MISSING_KINDS = 26 };
enum { MAP_TYPES = 2, MAP_NAMES, MAP_SORT, MAP_FORMATS, MAP_LABEL_NAMES, MAP_LABELS, MAP_CHARACTERISTICS, MAP_DATA, MAP_STRLS, MAP_VALUE_LABELS,
       MAP_CLOSE, MAP_END, MAP_COUNT };

/* strls: the long texts, waiting in a file of their own until the rows are written. */
typedef struct DtaFile { Export *x; int *types; uint64_t map[MAP_COUNT], map_at; int64_t row; FILE *long_file; Sink strls; } DtaFile;

static void add(DtaFile *f, const char *tag)
{
    buf_add(&f->x->sink.buf, str_from_c(tag));
}

static void open_section(DtaFile *f, int at, const char *tag)
{
    f->map[at] = sink_at(&f->x->sink);
    add(f, tag);
}

static Str cut_chars(Str s, size_t most)
{
    Str rest = s;
    for (size_t n = 0; n < most && rest.len; n++)
        utf8_next(&rest);
    return str_take(s, s.len - rest.len);
}

/* ---- Types ------------------------------------------------------------------------------------------------ */

/* Code of a category: its number, or the place among those without opinion as a missing value of that type. */
static int64_t missing_code(int type, int kind)
{
    return (type == DTA_BYTE ? 101 : type == DTA_INT ? 32741 : 2147483621) + kind;
}

static int64_t category_code(const Variable *v, int type, size_t at)
{
    int kind = 1;
    for (size_t i = 0; i < at; i++)
        kind += v->categories.at[i].missing;
    return v->categories.at[at].missing && kind <= MISSING_KINDS ? missing_code(type, kind) : (int64_t)v->categories.at[at].number;
}

static int type_of(const Variable *v)
{
    double most = 0;
    switch (v->kind) {
    case VAR_NUMBER: return DTA_DOUBLE;
    case VAR_DAY: return DTA_LONG;
    case VAR_MARK: return DTA_BYTE;
    case VAR_CHOICE:
        for (size_t i = 0; i < v->categories.len; i++)
            most = fmax(most, v->categories.at[i].number);
        return most <= 100 ? DTA_BYTE : most <= 32740 ? DTA_INT : DTA_LONG;
    default: return v->widest > TEXT_WIDEST ? DTA_STRL : v->widest ? (int)v->widest : 1;
    }
}

static const char *format_of(const Variable *v, int type)
{
    return v->kind == VAR_DAY ? "%tdCCYY-NN-DD" : type == DTA_DOUBLE ? "%10.0g" : type == DTA_STRL ? "%9s" : type <= TEXT_WIDEST ? "%-20s" : "%8.0g";
}

/* ---- Head --------------------------------------------------------------------------------------------------- */

static void header(DtaFile *f)
{
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    Sink *s     = &f->x->sink;
    Str   title = cut_chars(table_title(f->x->a, f->x->t, f->x->o->lang), LABEL_CHARS);
    Ymd   d     = date_ymd(date_of(f->x->o->now));
    Hms   h     = time_of_day(f->x->o->now);
    add(f, "<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>");
    sink_le(s, f->x->t->variables.len, 2);
    add(f, "</K><N>");
    sink_le(s, (uint64_t)f->x->t->rows, 8);
    add(f, "</N><label>");
    sink_le(s, title.len, 2);
    buf_add(&s->buf, title);
    add(f, "</label><timestamp>");
    sink_le(s, 17, 1);
    buf_fmt(&s->buf, "%02d %s %04d %02d:%02d", d.day, months[d.month - 1], d.year, h.hour, h.minute);
    add(f, "</timestamp></header>");
    f->map[1] = sink_at(s);
    add(f, "<map>");
    f->map_at = sink_at(s);
    sink_zero(s, MAP_COUNT * 8);
    add(f, "</map>");
}

static void variables(DtaFile *f)
{
    Sink *s = &f->x->sink;
    const Variables *vs = &f->x->t->variables;
    open_section(f, MAP_TYPES, "<variable_types>");
    for (size_t i = 0; i < vs->len; i++)
        sink_le(s, (uint64_t)f->types[i], 2);
    add(f, "</variable_types>");
    open_section(f, MAP_NAMES, "<varnames>");
    for (size_t i = 0; i < vs->len; i++)
        sink_padded(s, vs->at[i].plain, NAME_ROOM, 0);
    add(f, "</varnames>");
    open_section(f, MAP_SORT, "<sortlist>");
    sink_zero(s, 2 * (vs->len + 1));
    add(f, "</sortlist>");
    open_section(f, MAP_FORMATS, "<formats>");
    for (size_t i = 0; i < vs->len; i++)
        sink_padded(s, str_from_c(format_of(&vs->at[i], f->types[i])), FORMAT_ROOM, 0);
    add(f, "</formats>");
    open_section(f, MAP_LABEL_NAMES, "<value_label_names>");
    for (size_t i = 0; i < vs->len; i++) {
        const Variable *v = &vs->at[i];
        Str name = v->kind == VAR_MARK ? S("td_mark") : v->kind == VAR_CHOICE && v->categories.len ? v->plain : S("");
        sink_padded(s, name, NAME_ROOM, 0);
    }
    add(f, "</value_label_names>");
    open_section(f, MAP_LABELS, "<variable_labels>");
    for (size_t i = 0; i < vs->len; i++)
        sink_padded(s, cut_chars(label_of(vs->at[i].label, f->x->o->lang), LABEL_CHARS), LABEL_ROOM, 0);
    add(f, "</variable_labels>");
}

static void characteristic(DtaFile *f, Str variable, Str name, Str text)
{
    Sink *s = &f->x->sink;
    add(f, "<ch>");
    sink_le(s, 2 * NAME_ROOM + text.len + 1, 4);
    sink_padded(s, variable, NAME_ROOM, 0);
    sink_padded(s, name, NAME_ROOM, 0);
    buf_add(&s->buf, text);
    sink_zero(s, 1);
    add(f, "</ch>");
}

/* Questions longer than a label may be stand whole in a note. */
static void characteristics(DtaFile *f)
{
    open_section(f, MAP_CHARACTERISTICS, "<characteristics>");
    for (size_t i = 0; i < f->x->t->variables.len; i++) {
        const Variable *v = &f->x->t->variables.at[i];
        Str label = label_of(v->label, f->x->o->lang);
        if (cut_chars(label, LABEL_CHARS).len == label.len)
            continue;
        characteristic(f, v->plain, S("note0"), S("1"));
        characteristic(f, v->plain, S("note1"), label);
    }
    add(f, "</characteristics>");
}

/* ---- Rows ------------------------------------------------------------------------------------------------------ */

static void long_text(DtaFile *f, size_t variable, Str cell)
{
    Sink *s = &f->x->sink;
    sink_le(s, cell.len ? variable + 1 : 0, 2);
    sink_le(s, cell.len ? (uint64_t)f->row : 0, 6);
    if (!cell.len)
        return;
    buf_lit(&f->strls.buf, "GSO");
    sink_le(&f->strls, variable + 1, 4);
    sink_le(&f->strls, (uint64_t)f->row, 8);
    sink_le(&f->strls, 130, 1);          /* text, ended by a zero */
    sink_le(&f->strls, cell.len + 1, 4);
    buf_add(&f->strls.buf, cell);
    sink_zero(&f->strls, 1);
    sink_breathe(&f->strls);
}

static int64_t whole_cell(const Variable *v, int type, Str cell)
{
    Date day;
    if (v->kind == VAR_DAY)
        return cell_day(cell, &day) ? (int64_t)day.day + 3653 : missing_code(type, 0);       /* days since 1960-01-01 */
    if (v->kind == VAR_MARK)
        return cell.len ? str_eq(cell, S("1")) : missing_code(type, 0);
    for (size_t i = 0; i < v->categories.len && cell.len; i++)
        if (str_eq(v->categories.at[i].name, cell))
            return category_code(v, type, i);
    return missing_code(type, 0);
}

static Err dta_row(void *self, const Str *cells)
{
    DtaFile *f = self;
    Sink    *s = &f->x->sink;
    f->row++;
    for (size_t i = 0; i < f->x->t->variables.len; i++) {
        const Variable *v = &f->x->t->variables.at[i];
        int    type = f->types[i];
        double x;
        if (type == DTA_STRL)
            long_text(f, i, cells[i]);
        else if (type <= TEXT_WIDEST)
            sink_padded(s, cells[i], (size_t)type, 0);
        else if (type == DTA_DOUBLE && cell_number(v, cells[i], &x))
            sink_f64(s, x);
        else if (type == DTA_DOUBLE)
            sink_le(s, UINT64_C(0x7FE0000000000000), 8);
        else
            sink_le(s, (uint64_t)whole_cell(v, type, cells[i]), type == DTA_BYTE ? 1 : type == DTA_INT ? 2 : 4);
    }
    sink_breathe(s);
    return OK;
}

static Err copy_strls(DtaFile *f)
{
    TRY(sink_end(&f->strls, f->x->a));
    char  *room = arena_take(f->x->a, 1 << 16, 1, 1);
    int    fd   = fileno(f->long_file);
    off_t  at   = 0;
    for (ssize_t n; (n = pread(fd, room, 1 << 16, at)) != 0; at += n) {
        if (n < 0)
            return err_new(f->x->a, ERR_IO, S("the file of long texts cannot be read"));
        sink_put(&f->x->sink, (Str){ room, (size_t)n });
    }
    return OK;
}

/* ---- Labels ------------------------------------------------------------------------------------------------------ */

typedef struct CodeLabel { int64_t code; Str text; } CodeLabel;

static void label_table(DtaFile *f, Str name, CodeLabel *at, size_t n)
{
    Sink  *s = &f->x->sink;
    size_t text_len = 0, offset = 0;
    for (size_t i = 1; i < n; i++)       /* readers expect them by code */
        for (size_t k = i; k > 0 && at[k - 1].code > at[k].code; k--) {
            CodeLabel swap = at[k];
            at[k]     = at[k - 1];
            at[k - 1] = swap;
        }
    for (size_t i = 0; i < n; i++)
        text_len += at[i].text.len + 1;
    add(f, "<lbl>");
    sink_le(s, 8 + 8 * n + text_len, 4);
    sink_padded(s, name, NAME_ROOM, 0);
    sink_zero(s, 3);
    sink_le(s, n, 4);
    sink_le(s, text_len, 4);
    for (size_t i = 0; i < n; offset += at[i++].text.len + 1)
        sink_le(s, offset, 4);
    for (size_t i = 0; i < n; i++)
        sink_le(s, (uint64_t)at[i].code, 4);
    for (size_t i = 0; i < n; i++)
        sink_padded(s, at[i].text, at[i].text.len + 1, 0);
    add(f, "</lbl>");
    sink_breathe(s);
}

/* Missing values of every width are labelled by those of the widest. */
static int64_t label_code(const Variable *v, size_t at)
{
    return category_code(v, DTA_LONG, at);
}

static void value_labels(DtaFile *f)
{
    Lang l     = f->x->o->lang;
    bool marks = false;
    open_section(f, MAP_VALUE_LABELS, "<value_labels>");
    for (size_t i = 0; i < f->x->t->variables.len; i++) {
        const Variable *v = &f->x->t->variables.at[i];
        marks |= v->kind == VAR_MARK;
        if (v->kind != VAR_CHOICE || !v->categories.len)
            continue;
        CodeLabel *at = arena_new(f->x->a, CodeLabel, v->categories.len);
        for (size_t k = 0; k < v->categories.len; k++) {
            Str label = label_of(v->categories.at[k].label, l);
            at[k] = (CodeLabel){ label_code(v, k), label.len ? label : v->categories.at[k].name };
        }
        label_table(f, v->plain, at, v->categories.len);
    }
    if (marks)
        label_table(f, S("td_mark"), (CodeLabel[]){ { 0, text_of(l, "analysis.not_chosen") }, { 1, text_of(l, "analysis.chosen") } }, 2);
    add(f, "</value_labels>");
}

static Err write_all(DtaFile *f)
{
    Sink *s = &f->x->sink;
    header(f);
    variables(f);
    characteristics(f);
    open_section(f, MAP_DATA, "<data>");
    TRY(analysis_each(f->x->t, f->x->db, dta_row, f));
    add(f, "</data>");
    open_section(f, MAP_STRLS, "<strls>");
    TRY(copy_strls(f));
    add(f, "</strls>");
    value_labels(f);
    open_section(f, MAP_CLOSE, "</stata_dta>");
    f->map[MAP_END] = sink_at(s);
    Buf map = buf_new(f->x->a, MAP_COUNT * 8);
    for (int i = 0; i < MAP_COUNT; i++)
        for (int k = 0; k < 8; k++)
            buf_byte(&map, (char)(f->map[i] >> (8 * k)));
    sink_patch(s, f->map_at, buf_str(&map));
    return OK;
}

Err export_dta(Export *x)
{
    if (x->t->variables.len > VARIABLES_MOST)
        return err_fmt(x->a, ERR_TOO_LARGE, "a .dta file holds %d variables, the table has %zu: choose CSV", VARIABLES_MOST, x->t->variables.len);
    DtaFile f = { .x = x, .types = arena_new(x->a, int, x->t->variables.len + 1), .long_file = tmpfile() };
    if (!f.long_file)
        return err_new(x->a, ERR_IO, S("no file for long texts can be made"));
    for (size_t i = 0; i < x->t->variables.len; i++)
        f.types[i] = type_of(&x->t->variables.at[i]);
    f.strls = sink_open(x->a, fileno(f.long_file));
    Err e = write_all(&f);
    fclose(f.long_file);
    return e;
}
