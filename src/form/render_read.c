/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The posted form of a page back to answers. */
#include "form/question.h"

static Str field_value(const HttpFields *fields, Str name, Str end)
{
    for (size_t i = 0; i < fields->len; i++) {
        Str got = fields->at[i].name;
        if (got.len == name.len + end.len && str_starts(got, name) && str_ends(got, end))
            return str_trim(fields->at[i].value);
    }
    return S("");
}

/* Boxes to one text: "22/11/2026"; empty when all are. */
static Str boxes(Arena *a, const HttpFields *fields, Str name, const Str *ends, size_t n, Str between)
{
    Str    parts[3];
    size_t given = 0;
    for (size_t i = 0; i < n; i++) {
        parts[i] = field_value(fields, name, ends[i]);
        given   += parts[i].len;
    }
    return given ? str_join(a, parts, n, between) : S("");
}

static Str typed_date(Arena *a, const HttpFields *fields, Str name)
{
    return boxes(a, fields, name, (Str[]){ S("_day"), S("_month"), S("_year") }, 3, S("/"));
}

static Str typed_time(Arena *a, const HttpFields *fields, Str name)
{
    return boxes(a, fields, name, (Str[]){ S("_hour"), S("_minute") }, 2, S(":"));
}

/* "21,03" and "105,85" in their boxes become "21.03 105.85 0 0"; as the device told them, with its height and accuracy. */
static Str typed_point(Arena *a, const HttpFields *fields, Str name)
{
    Str lat = field_value(fields, name, S("_lat")), lon = field_value(fields, name, S("_lon"));
    lat = str_replace(a, lat, S(","), S("."));
    lon = str_replace(a, lon, S(","), S("."));
    Str     fix = field_value(fields, name, S("_fix"));
    StrPair x   = str_cut(fix, ' ');
    if (lat.len && str_eq(x.head, lat) && str_eq(str_cut(x.tail, ' ').head, lon))
        return fix;
    return lat.len + lon.len ? arena_fmt(a, "%.*s %.*s 0 0", STR_ARG(lat), STR_ARG(lon)) : S("");
}

/* Lines "21.03 105.85" to points; what is no line of two numbers is left for the check to refuse. */
static Str typed_points(Arena *a, Str lines)
{
    Buf b = buf_new(a, lines.len + 64);
    while (lines.len) {
        StrPair cut = str_cut(lines, '\n');
        Str     line = str_trim(cut.head);
        lines = cut.tail;
        if (!line.len)
            continue;
        if (b.len)
            buf_byte(&b, ';');
        buf_fmt(&b, "%.*s 0 0", STR_ARG(line));
    }
    return buf_str(&b);
}

/* All values of a name, or of name_1, name_2 … in order. */
static Str typed_words(Arena *a, const HttpFields *fields, Str name, bool numbered)
{
    StrList names  = { 0 };
    Str     prefix = str_concat(a, name, S("_"));
    for (size_t i = 0; i < fields->len; i++) {
        const HttpField *f = &fields->at[i];
        if ((numbered ? str_starts(f->name, prefix) : str_eq(f->name, name)) && f->value.len)
            *list_add(a, &names) = f->value;
    }
    return str_join(a, names.at, names.len, S(" "));
}

static Str typed_value(Arena *a, const FormNode *n, Str name, const HttpFields *fields)
{
    switch (n->type) {
    case Q_DATE: return typed_date(a, fields, name);
    case Q_TIME: return typed_time(a, fields, name);
    case Q_DATETIME: {
        Str day = typed_date(a, fields, name), hour = typed_time(a, fields, name);
        return day.len + hour.len ? arena_fmt(a, "%.*s %.*s", STR_ARG(day), STR_ARG(hour)) : S("");
    }
    case Q_GEOPOINT: return typed_point(a, fields, name);
    case Q_SELECT_MULTIPLE: return typed_words(a, fields, name, false);
    case Q_RANK: return typed_words(a, fields, name, true);
    default: return field_value(fields, name, S(""));
    }
}

typedef struct Reading {
    const FormProgram *p; Arena *a; Lang l; const HttpFields *fields; Time now; int instance;
    FormAnswers *x, *typed; AnswerIssues *issues;
} Reading;

static void read_question(const Reading *r, int node)
{
    QuestionType type   = r->p->nodes.at[node].type;
    Str          value  = typed_value(r->a, &r->p->nodes.at[node], form_control_id(r->a, r->p, node), r->fields), text;
    bool         points = type == Q_GEOTRACE || type == Q_GEOSHAPE;
    AnswerFault  fault  = form_answer_read(r->a, r->p, node, r->l, points ? typed_points(r->a, value) : value, &text);
    Str         *typed  = form_cell(r->p, r->typed, node, r->instance);
    form_put(r->p, r->a, r->x, r->now, node, r->instance, text);
    *typed = S("");
    if (fault == ANSWER_OK)
        return;
    if (!text_clean(r->a, value, typed))
        *typed = S("");
    form_issue_answer(r->p, r->a, node, fault, r->issues);
    r->issues->at[r->issues->len - 1].instance = r->instance;
}

static void read_nodes(const Reading *r, FormState *s, const PageNodes *shown)
{
    for (size_t i = 0; i < shown->len; i++)
        if (r->p->nodes.at[shown->at[i]].type != Q_NOTE && !form_state_read_only(s, r->a, shown->at[i], r->instance))
            read_question(r, shown->at[i]);
}

void form_page_read(const FormProgram *p, Arena *a, Lang l, const HttpFields *fields, Time now, int node, FormAnswers *x,
                    FormAnswers *typed, AnswerIssues *issues)
{
    if (p->nodes.at[node].type == Q_REPEAT)
        return;                                        /* entries have pages of their own */
    FormState before = form_state(p, a, x, now);
    PageNodes shown  = form_page_nodes(p, a, &before, node);
    read_nodes(&(Reading){ p, a, l, fields, now, 0, x, typed, issues }, &before, &shown);
    /* An answer of this page may have brought up another question of the same page. */
    FormState after = form_state(p, a, x, now);
    PageNodes now_shown = form_page_nodes(p, a, &after, node);
    for (size_t i = 0; i < now_shown.len; i++)
        form_check_by(&after, a, now_shown.at[i], issues);
}

void form_entry_read(const FormProgram *p, Arena *a, Lang l, const HttpFields *fields, Time now, int instance, FormAnswers *x,
                     FormAnswers *typed, AnswerIssues *issues)
{
    FormState    before = form_state(p, a, x, now);
    PageNodes    shown  = form_entry_nodes(p, a, &before, instance);
    AnswerIssues all    = { 0 };
    read_nodes(&(Reading){ p, a, l, fields, now, instance, x, typed, &all }, &before, &shown);
    FormState after     = form_state(p, a, x, now);
    PageNodes now_shown = form_entry_nodes(p, a, &after, instance);
    for (size_t i = 0; i < now_shown.len; i++)
        form_check_by(&after, a, now_shown.at[i], &all);
    for (size_t i = 0; i < all.len; i++)               /* other entries are checked on their own pages */
        if (all.at[i].instance == instance)
            *list_add(a, issues) = all.at[i];
}
