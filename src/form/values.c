/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Values of single answers: what each type of question holds, and what a person may type for it. */
#include "form/form_parts.h"

#include "base/utf8.h"

#include <math.h>

enum { FORM_MAX_POINTS = 2000 };

static AnswerFault choices_fault(const FormProgram *p, int node, Str text)
{
    while (text.len) {
        StrPair cut = str_cut(text, ' ');
        if (!form_choice(p, node, cut.head))
            return ANSWER_CHOICE;
        text = cut.tail;
    }
    return ANSWER_OK;
}

/* Names in order, none twice. */
static AnswerFault rank_fault(const FormProgram *p, int node, Str text)
{
    for (Str rest = text; rest.len;) {
        StrPair cut = str_cut(rest, ' ');
        for (Str later = cut.tail; later.len;) {
            StrPair other = str_cut(later, ' ');
            if (str_eq(other.head, cut.head))
                return ANSWER_CHOICE;
            later = other.tail;
        }
        rest = cut.tail;
    }
    return choices_fault(p, node, text);
}

double form_param_number(const FormNode *n, Str name, double otherwise)
{
    double x = expr_number_read(form_param(n, name));
    return isnan(x) ? otherwise : x;
}

/* From start to end in steps; the ends may be the other way round. */
static AnswerFault range_fault(const FormNode *n, Str text)
{
    double x = expr_number_read(text), start = form_param_number(n, S("start"), 1), end = form_param_number(n, S("end"), 10);
    double step = fabs(form_param_number(n, S("step"), 1)), steps = (x - start) / step;
    if (isnan(x))
        return ANSWER_TYPE;
    bool inside = x >= fmin(start, end) - 1e-9 && x <= fmax(start, end) + 1e-9;
    return inside && (step == 0 || fabs(steps - round(steps)) < 1e-6) ? ANSWER_OK : ANSWER_CONSTRAINT;
}

/* "8:30", "08:30:15.250", with or without a zone (the zone is passed over: it is the hour the person saw). */
static bool time_of_text(Str s, Hms *out)
{
    StrPair hour = str_cut(s, ':');
    int64_t h, m, sec = 0, ms = 0;
    if (!str_to_i64(hour.head, &h) || hour.head.len > 2 || hour.tail.len < 2 || !str_to_i64(str_take(hour.tail, 2), &m) || h < 0 || h > 23 ||
        m < 0 || m > 59)
        return false;
    Str rest = str_skip(hour.tail, 2);
    if (rest.len >= 3 && rest.at[0] == ':') {
        if (!str_to_i64((Str){ rest.at + 1, 2 }, &sec) || sec < 0 || sec > 59)
            return false;
        rest = str_skip(rest, 3);
    }
    if (rest.len >= 2 && rest.at[0] == '.') {
        size_t digits = 1;
        while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9')
            digits++;
        if (digits == 1 || !str_to_i64(str_take((Str){ rest.at + 1, digits - 1 }, 3), &ms))
            return false;
        ms *= digits == 2 ? 100 : digits == 3 ? 10 : 1;
        rest = str_skip(rest, digits);
    }
    *out = (Hms){ (int)h, (int)m, (int)sec, (int)ms };
    return !rest.len || str_eq(rest, S("Z")) || ((rest.at[0] == '+' || rest.at[0] == '-') && (rest.len == 6 || rest.len == 3));
}

/* "21.03 105.85 0 0": latitude, longitude, height and accuracy in metres. */
static bool point_fine(Str s)
{
    double x[4] = { 0 };
    int    n = 0;
    for (s = str_trim(s); s.len; n++) {
        StrPair cut = str_cut(s, ' ');
        if (n == 4 || isnan(x[n] = expr_number_read(cut.head)))
            return false;
        s = str_trim(cut.tail);
    }
    return n >= 2 && fabs(x[0]) <= 90 && fabs(x[1]) <= 180 && x[3] >= 0;
}

static Str place_of_point(Str s)
{
    StrPair lat = str_cut(str_trim(s), ' '), lon = str_cut(str_trim(lat.tail), ' ');
    return (Str){ lat.head.at, (size_t)(lon.head.at + lon.head.len - lat.head.at) };
}

static AnswerFault points_fault(Str text, int least, int most, bool closed)
{
    int n = 0;
    Str first = S(""), last = S("");
    for (Str rest = str_trim(text); rest.len; n++) {
        StrPair cut = str_cut(rest, ';');
        if (!point_fine(cut.head))
            return ANSWER_TYPE;
        first = n ? first : place_of_point(cut.head);
        last  = place_of_point(cut.head);
        rest  = str_trim(cut.tail);
    }
    return n >= least && n <= most && (!closed || str_eq(first, last)) ? ANSWER_OK : ANSWER_TYPE;
}

/* The name of a file that was sent along, never a path. */
static AnswerFault file_fault(Str text)
{
    bool path = str_has(text, S("/")) || str_has(text, S("\\")) || text.at[0] == '.';
    return text.len <= 255 && !path ? ANSWER_OK : ANSWER_TYPE;
}

static bool whole_number(Str s)
{
    int64_t n;
    return str_to_i64(s, &n) && n <= INT64_C(999999999999999) && n >= -INT64_C(999999999999999);
}

AnswerFault form_answer_fault(const FormProgram *p, int node, Str text)
{
    Date d;
    Time moment;
    Hms  t;
    switch (p->nodes.at[node].type) {
    case Q_SELECT_ONE: return form_choice(p, node, text) ? ANSWER_OK : ANSWER_CHOICE;
    case Q_SELECT_MULTIPLE: return choices_fault(p, node, text);
    case Q_RANK: return rank_fault(p, node, text);
    case Q_RANGE: return range_fault(&p->nodes.at[node], text);
    case Q_TIME: return time_of_text(text, &t) ? ANSWER_OK : ANSWER_TYPE;
    case Q_DATETIME: return text.len > 10 && time_parse_iso(text, &moment) ? ANSWER_OK : ANSWER_TYPE;
    case Q_GEOPOINT: return points_fault(text, 1, 1, false);
    case Q_GEOTRACE: return points_fault(text, 2, FORM_MAX_POINTS, false);
    case Q_GEOSHAPE: return points_fault(text, 4, FORM_MAX_POINTS, true);
    case Q_IMAGE: case Q_AUDIO: case Q_VIDEO: case Q_FILE: return file_fault(text);
    case Q_ACKNOWLEDGE: return str_eq(text, S("OK")) ? ANSWER_OK : ANSWER_TYPE;
    case Q_INTEGER: return whole_number(text) ? ANSWER_OK : ANSWER_TYPE;
    case Q_DECIMAL: return isnan(expr_number_read(text)) ? ANSWER_TYPE : ANSWER_OK;
    case Q_DATE: return date_parse(text, &d) ? ANSWER_OK : ANSWER_TYPE;
    case Q_TEXT: case Q_HIDDEN: case Q_BARCODE:
        return text.len > FORM_MAX_TEXT && utf8_count(text) > FORM_MAX_TEXT ? ANSWER_TOO_LONG : ANSWER_OK;
    default: return ANSWER_OK;
    }
}

/* Names in the order of the list, each once. */
static AnswerFault read_choices_typed(Arena *a, const FormProgram *p, int node, Str typed, Str *out)
{
    const FormList *list = &p->lists.at[p->nodes.at[node].list];
    AnswerFault     f    = choices_fault(p, node, typed);
    Buf             b    = buf_new(a, typed.len + 1);
    for (size_t i = 0; f == ANSWER_OK && i < list->choices.len; i++)
        for (Str rest = typed; rest.len;) {
            StrPair cut = str_cut(rest, ' ');
            rest        = cut.tail;
            if (!str_eq(cut.head, list->choices.at[i].name))
                continue;
            if (b.len)
                buf_byte(&b, ' ');
            buf_add(&b, cut.head);
            break;
        }
    *out = f == ANSWER_OK ? buf_str(&b) : S("");
    return f;
}

/* "1.234" typed for a whole number can only mean thousands. */
static Str ungrouped(Arena *a, Str s)
{
    Buf b = buf_new(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        size_t left = s.len - i;
        bool   mark = (s.at[i] == '.' || s.at[i] == ',' || s.at[i] == ' ') && i > 0 && left % 4 == 0;
        if (!mark && ((s.at[i] < '0' || s.at[i] > '9') && (s.at[i] != '-' || i)))
            return s;
        if (!mark)
            buf_byte(&b, s.at[i]);
    }
    return buf_str(&b);
}

static AnswerFault read_number(Arena *a, QuestionType type, Lang l, Str typed, Str *out)
{
    double x;
    if (type == Q_INTEGER)
        typed = ungrouped(a, typed);
    if (!real_parse_typed(l, typed, &x) || fabs(x) > 999999999999999.0 || (type == Q_INTEGER && x != trunc(x)))
        return ANSWER_TYPE;
    *out = expr_number_text(a, x);
    return ANSWER_OK;
}

/* "22/11/2026", "22-11-2026" or ISO. */
static AnswerFault read_date(Arena *a, Str typed, Str *out)
{
    Date    d;
    int64_t day, month, year;
    if (date_parse(typed, &d)) {
        *out = typed;
        return ANSWER_OK;
    }
    char    mark = str_has(typed, S("/")) ? '/' : '-';
    StrPair x = str_cut(typed, mark), y = str_cut(x.tail, mark);
    if (!str_to_i64(x.head, &day) || !str_to_i64(y.head, &month) || !str_to_i64(y.tail, &year) || year < 1000 || year > 9999 ||
        day < 1 || day > 31 || month < 1 || month > 12)
        return ANSWER_TYPE;
    d = date_from_ymd((int)year, (int)month, (int)day);
    if (date_is_none(d))
        return ANSWER_TYPE;
    *out = date_iso(a, d);
    return ANSWER_OK;
}

Str form_time_text(Arena *a, Time t)
{
    Hms h = time_of_day(t);
    Ymd d = date_ymd(date_of(t));
    return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03d+07:00", d.year, d.month, d.day, h.hour, h.minute, h.second, h.ms);
}

/* A time of day, or a day, a blank or T and a time of day. */
static AnswerFault read_time(Arena *a, QuestionType type, Str typed, Str *out)
{
    Hms  t;
    Time moment;
    Str  day = S("");
    if (type == Q_DATETIME && time_parse_iso(typed, &moment) && typed.len > 16) {
        *out = form_time_text(a, moment);
        return ANSWER_OK;
    }
    if (type == Q_DATETIME) {
        StrPair cut = str_cut(typed, str_has(typed, S("T")) ? 'T' : ' ');
        if (read_date(a, cut.head, &day) != ANSWER_OK)
            return ANSWER_TYPE;
        typed = str_trim(cut.tail);
    }
    if (!time_of_text(typed, &t))
        return ANSWER_TYPE;
    *out = arena_fmt(a, "%.*s%s%02d:%02d:%02d.%03d+07:00", STR_ARG(day), day.len ? "T" : "", t.hour, t.minute, t.second, t.ms);
    return ANSWER_OK;
}

/* Digits that do not fit a number stay as they came. */
Str form_canonical(Arena *a, QuestionType t, Str text)
{
    double x = t == Q_INTEGER || t == Q_DECIMAL || t == Q_RANGE ? expr_number_read(text) : NAN;
    return isnan(x) || fabs(x) > 999999999999999.0 ? text : expr_number_text(a, x);
}

/* Clock times are written in full, numbers in digits that read back equal; other texts are taken as they are. */
Str form_default_text(Arena *a, const FormNode *n)
{
    Str text = S("");
    if ((n->type == Q_TIME || n->type == Q_DATETIME) && read_time(a, n->type, n->default_src, &text) == ANSWER_OK)
        return text;
    return form_canonical(a, n->type, n->default_src);
}

AnswerFault form_answer_read(Arena *a, const FormProgram *p, int node, Lang typed_in, Str typed, Str *out)
{
    const FormNode *n = &p->nodes.at[node];
    Str text;
    *out = S("");
    if (n->type == Q_HIDDEN || !form_type_asks(n->type))
        return ANSWER_UNKNOWN;
    if (!text_clean(a, typed, &text))
        return ANSWER_TYPE;
    text = str_trim(text);
    if (!text.len)
        return ANSWER_OK;
    if (n->type == Q_INTEGER || n->type == Q_DECIMAL || n->type == Q_RANGE) {
        AnswerFault f = read_number(a, n->type, typed_in, text, out);
        return f == ANSWER_OK ? form_answer_fault(p, node, *out) : f;
    }
    if (n->type == Q_DATE)
        return read_date(a, text, out);
    if (n->type == Q_TIME || n->type == Q_DATETIME)
        return read_time(a, n->type, text, out);
    if (n->type == Q_SELECT_MULTIPLE)
        return read_choices_typed(a, p, node, text, out);
    AnswerFault f = form_answer_fault(p, node, text);
    if (f == ANSWER_OK)
        *out = text;
    return f;
}

