/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Header and dictionary of an SPSS system file, little-endian and UTF-8, after PSPP's published description of the format. */
#include "analysis/export_sav.h"

#include <float.h>
#include <math.h>

enum { FORMAT_A = 1, FORMAT_F = 5, FORMAT_SDATE = 39, LABEL_MOST = 252, VALUE_LABEL_MOST = 120 };
enum { EXT_INTEGERS = 3, EXT_FLOATS = 4, EXT_DISPLAY = 11, EXT_LONG_NAMES = 13, EXT_LONG_STRINGS = 14, EXT_CASES = 16, EXT_ENCODING = 20,
       EXT_LONG_LABELS = 21, EXT_LONG_MISSING = 22 };
enum { NOMINAL = 1, SCALE = 3 };

static void i32(Sink *s, int64_t v)
{
    sink_le(s, (uint64_t)v, 4);
}

static void text_add(Sink *s, Str text)
{
    buf_add(&s->buf, text);
}

static Str short_name(Arena *a, int number)
{
    return arena_fmt(a, "@%d", number);       /* no question's own name begins so */
}

int sav_segment_width(const SavVariable *v, int segment)
{
    return segment + 1 < v->segments ? SAV_SEGMENT : v->width - segment * SAV_COUNTED;
}

int sav_elements(int width)
{
    return width == 0 ? 1 : (width + 7) / 8;
}

size_t sav_missing(const Variable *v, const Category *out[3])
{
    size_t n = 0;
    for (size_t i = 0; v->kind == VAR_CHOICE && i < v->categories.len && n < 3; i++)
        if (v->categories.at[i].missing)
            out[n++] = &v->categories.at[i];
    return n;
}

/* ---- Header ------------------------------------------------------------------------------------------ */

static void header(SavFile *f)
{
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    Sink *s = &f->x->sink;
    Ymd   d = date_ymd(date_of(f->x->o->now));
    Hms   h = time_of_day(f->x->o->now);
    text_add(s, S("$FL2"));
    sink_padded(s, S("@(#) SPSS DATA FILE thuocdo " THUOCDO_VERSION), 60, ' ');
    i32(s, 2);
    i32(s, f->elements);
    i32(s, 1);                           /* byte codes */
    i32(s, 0);                           /* no weights */
    i32(s, f->x->t->rows <= INT32_MAX ? f->x->t->rows : -1);
    sink_f64(s, 100);                    /* added to byte codes */
    buf_fmt(&s->buf, "%02d %s %02d%02d:%02d:%02d", d.day, months[d.month - 1], d.year % 100, h.hour, h.minute, h.second);
    sink_padded(s, table_title(f->x->a, f->x->t, f->x->o->lang), 64, ' ');
    sink_zero(s, 3);
}

/* ---- Variables ----------------------------------------------------------------------------------------- */

static int64_t print_format(const Variable *v, int width)
{
    int type = width ? FORMAT_A : v->kind == VAR_DAY ? FORMAT_SDATE : FORMAT_F;
    int decimals = v->kind == VAR_NUMBER && v->decimals < 16 ? v->decimals : v->kind == VAR_NUMBER ? 16 : 0;
    int shown = width ? width : v->kind == VAR_DAY ? 10 : v->kind == VAR_NUMBER ? 12 + decimals : 8;
    return (int64_t)type << 16 | shown << 8 | decimals;
}

static void missing_values(SavFile *f, const SavVariable *at, const Category *const *missing, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at->width)
            sink_padded(&f->x->sink, missing[i]->name, 8, ' ');
        else
            sink_f64(&f->x->sink, missing[i]->number);
}

static void label_add(Sink *s, Str label)
{
    label = cut_utf8(label, LABEL_MOST);
    i32(s, (int64_t)label.len);
    sink_padded(s, label, (label.len + 3) / 4 * 4, ' ');
}

static void variable_record(SavFile *f, const Variable *v, const SavVariable *at, int segment)
{
    Sink  *s     = &f->x->sink;
    int    width = sav_segment_width(at, segment);
    const Category *missing[3];
    size_t n     = segment == 0 && at->width <= SAV_SHORT ? sav_missing(v, missing) : 0;
    Str    label = segment == 0 ? label_of(v->label, f->x->o->lang) : S("");
    i32(s, 2);
    i32(s, width);
    i32(s, label.len > 0);
    i32(s, (int64_t)n);
    i32(s, print_format(v, width));
    i32(s, print_format(v, width));
    sink_padded(s, short_name(f->x->a, at->first + segment), 8, ' ');
    if (label.len)
        label_add(s, label);
    missing_values(f, at, missing, n);
    for (int i = 1; i < sav_elements(width); i++) {
        i32(s, 2);
        i32(s, -1);                      /* goes on from the one before */
        sink_zero(s, 16);
        sink_padded(s, S(""), 8, ' ');
    }
}

/* ---- Labels of values ------------------------------------------------------------------------------------ */

static Str value_label(SavFile *f, const Category *c)
{
    Str label = label_of(c->label, f->x->o->lang);
    return cut_utf8(label.len ? label : c->name, VALUE_LABEL_MOST);
}

static void short_value_labels(SavFile *f, const Variable *v, const SavVariable *at)
{
    Sink *s = &f->x->sink;
    i32(s, 3);
    i32(s, (int64_t)v->categories.len);
    for (size_t i = 0; i < v->categories.len; i++) {
        const Category *c = &v->categories.at[i];
        Str label = value_label(f, c);
        if (at->width)
            sink_padded(s, c->name, 8, ' ');
        else
            sink_f64(s, c->number);
        sink_le(s, label.len, 1);
        sink_padded(s, label, (label.len + 8) / 8 * 8 - 1, ' ');
    }
    i32(s, 4);
    i32(s, 1);
    i32(s, at->element);
}

static void mark_labels(SavFile *f)
{
    Sink *s = &f->x->sink;
    int   n = 0;
    for (size_t i = 0; i < f->x->t->variables.len; i++)
        n += f->x->t->variables.at[i].kind == VAR_MARK;
    if (!n)
        return;
    i32(s, 3);
    i32(s, 2);
    for (int value = 0; value < 2; value++) {
        Str label = value ? text_of(f->x->o->lang, "analysis.chosen") : text_of(f->x->o->lang, "analysis.not_chosen");
        sink_f64(s, value);
        sink_le(s, label.len, 1);
        sink_padded(s, label, (label.len + 8) / 8 * 8 - 1, ' ');
    }
    i32(s, 4);
    i32(s, n);
    for (size_t i = 0; i < f->x->t->variables.len; i++)
        if (f->x->t->variables.at[i].kind == VAR_MARK)
            i32(s, f->at[i].element);
}

/* ---- Extensions ------------------------------------------------------------------------------------------- */

static void extension(Sink *s, int kind, int size, int64_t count)
{
    i32(s, 7);
    i32(s, kind);
    i32(s, size);
    i32(s, count);
}

static void bytes_extension(SavFile *f, int kind, const Buf *b)
{
    if (!b->len)
        return;
    extension(&f->x->sink, kind, 1, (int64_t)b->len);
    text_add(&f->x->sink, buf_str(b));
}

static void machine(SavFile *f)
{
    Sink *s = &f->x->sink;
    static const int integers[] = { 1, 0, 0, -1, 1, 1, 2, 65001 };        /* IEEE numbers, byte codes, little-endian, UTF-8 */
    extension(s, EXT_INTEGERS, 4, COUNT_OF(integers));
    for (size_t i = 0; i < COUNT_OF(integers); i++)
        i32(s, integers[i]);
    extension(s, EXT_FLOATS, 8, 3);
    sink_f64(s, -DBL_MAX);
    sink_f64(s, DBL_MAX);
    sink_f64(s, nextafter(-DBL_MAX, 0));
}

static void display(SavFile *f)
{
    Sink *s = &f->x->sink;
    extension(s, EXT_DISPLAY, 4, 3 * (int64_t)f->segments);
    for (size_t i = 0; i < f->x->t->variables.len; i++)
        for (int k = 0; k < f->at[i].segments; k++) {
            VariableKind kind = f->x->t->variables.at[i].kind;
            i32(s, kind == VAR_NUMBER || kind == VAR_DAY ? SCALE : NOMINAL);
            i32(s, f->at[i].width ? (f->at[i].width < 32 ? f->at[i].width : 32) : 10);
            i32(s, f->at[i].width ? 0 : 1);
        }
}

static void names(SavFile *f)
{
    Buf long_names = buf_new(f->x->a, 4096), widths = buf_new(f->x->a, 256);
    for (size_t i = 0; i < f->x->t->variables.len; i++) {
        Str name = short_name(f->x->a, f->at[i].first);
        buf_fmt(&long_names, "%s%.*s=%.*s", i ? "\t" : "", STR_ARG(name), STR_ARG(f->x->t->variables.at[i].plain));
        if (f->at[i].width > SAV_SEGMENT) {
            buf_fmt(&widths, "%.*s=%05d", STR_ARG(name), f->at[i].width);
            buf_add(&widths, (Str){ "\0\t", 2 });
        }
    }
    bytes_extension(f, EXT_LONG_NAMES, &long_names);
    bytes_extension(f, EXT_LONG_STRINGS, &widths);
}

static void buf_i32(Buf *b, int64_t v)
{
    for (int i = 0; i < 4; i++)
        buf_byte(b, (char)((uint64_t)v >> (8 * i)));
}

static void counted(Buf *b, Str s)
{
    buf_i32(b, (int64_t)s.len);
    buf_add(b, s);
}

static void padded(Buf *b, Str s, int width)
{
    buf_add(b, s);
    for (int n = (int)s.len; n < width; n++)
        buf_byte(b, ' ');
}

/* Values longer than eight bytes have labels and missing ones in records of their own. */
static void long_values(SavFile *f)
{
    Buf labels = buf_new(f->x->a, 4096), missing = buf_new(f->x->a, 256);
    for (size_t i = 0; i < f->x->t->variables.len; i++) {
        const Variable *v = &f->x->t->variables.at[i];
        if (v->kind != VAR_CHOICE || f->at[i].width <= SAV_SHORT)
            continue;
        counted(&labels, v->plain);
        buf_i32(&labels, f->at[i].width);
        buf_i32(&labels, (int64_t)v->categories.len);
        for (size_t k = 0; k < v->categories.len; k++) {
            buf_i32(&labels, f->at[i].width);
            padded(&labels, v->categories.at[k].name, f->at[i].width);
            counted(&labels, value_label(f, &v->categories.at[k]));
        }
        const Category *no[3];
        size_t n = sav_missing(v, no), kept = 0;
        for (size_t k = 0; k < n; k++)
            kept += no[k]->name.len <= SAV_SHORT;
        if (!kept)
            continue;
        counted(&missing, v->plain);
        buf_byte(&missing, (char)kept);
        buf_i32(&missing, SAV_SHORT);
        for (size_t k = 0; k < n; k++)
            if (no[k]->name.len <= SAV_SHORT)
                padded(&missing, no[k]->name, SAV_SHORT);
    }
    bytes_extension(f, EXT_LONG_LABELS, &labels);
    bytes_extension(f, EXT_LONG_MISSING, &missing);
}

void sav_dictionary(SavFile *f)
{
    Sink *s = &f->x->sink;
    const Variables *vs = &f->x->t->variables;
    header(f);
    for (size_t i = 0; i < vs->len; i++)
        for (int k = 0; k < f->at[i].segments; k++)
            variable_record(f, &vs->at[i], &f->at[i], k);
    for (size_t i = 0; i < vs->len; i++)
        if (vs->at[i].kind == VAR_CHOICE && vs->at[i].categories.len && f->at[i].width <= SAV_SHORT)
            short_value_labels(f, &vs->at[i], &f->at[i]);
    mark_labels(f);
    machine(f);
    display(f);
    names(f);
    extension(s, EXT_CASES, 8, 2);
    sink_le(s, 1, 8);
    sink_le(s, (uint64_t)f->x->t->rows, 8);
    extension(s, EXT_ENCODING, 1, 5);
    text_add(s, S("UTF-8"));
    long_values(f);
    i32(s, 999);
    i32(s, 0);
}
