/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions of a page to markup, and the posted form of a page back to answers. */
#include "form/question.h"
#include "question.html.h"

/* ---- Texts with answers in them ------------------------------------------------------------------------------------ */

static Str choice_label(const FormChoice *c, Lang l)
{
    return c->label[l].len ? c->label[l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN];
}

static Str choices_text(Arena *a, const FormProgram *p, int node, Str names, Lang l)
{
    StrList labels = { 0 };
    while (names.len) {
        StrPair           cut = str_cut(names, ' ');
        const FormChoice *c   = form_choice(p, node, cut.head);
        *list_add(a, &labels) = c ? choice_label(c, l) : cut.head;
        names                 = cut.tail;
    }
    return str_join(a, labels.at, labels.len, S("; "));
}

/* Digits of an answer as the language writes them, without grouping: what a person can type again. */
static Str number_typed(Arena *a, Str text, Lang l)
{
    return l == LANG_VI && str_has(text, S(".")) ? str_replace(a, text, S("."), S(",")) : text;
}

Str form_answer_text(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l)
{
    const FormNode *n = &p->nodes.at[node];
    Str     text = n->answer < 0 ? S("") : x->at[n->answer];
    int64_t whole;
    Date    d;
    if (!text.len)
        return text;
    if (n->type == Q_SELECT_ONE) {
        const FormChoice *c = form_choice(p, node, text);
        return c ? choice_label(c, l) : text;
    }
    if (n->type == Q_SELECT_MULTIPLE)
        return choices_text(a, p, node, text, l);
    if (n->type == Q_INTEGER && str_to_i64(text, &whole))
        return num_text(a, l, whole);
    if (n->type == Q_DATE && date_parse(text, &d))
        return date_text(a, l, d);
    return n->type == Q_DECIMAL ? number_typed(a, text, l) : text;
}

/* ${name} becomes the answer as a person reads it. */
static Str filled(Arena *a, const FormProgram *p, Str text, const FormAnswers *x, Lang l)
{
    size_t at;
    if (!str_find(text, S("${"), &at))
        return text;
    Buf b = buf_new(a, text.len + 64);
    while (str_find(text, S("${"), &at)) {
        StrPair cut  = str_cut(str_skip(text, at + 2), '}');
        int     node = form_find(p, str_trim(cut.head));
        buf_add(&b, str_take(text, at));
        if (node >= 0)
            buf_add(&b, form_answer_text(a, p, node, x, l));
        text = cut.tail;
    }
    buf_add(&b, text);
    return buf_str(&b);
}

Str form_label_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l)
{
    return filled(a, p, form_label(p, node, l), x, l);
}

static Str hint_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l)
{
    const Str *hint = p->nodes.at[node].hint;
    return filled(a, p, hint[l].len ? hint[l] : hint[LANG_VI].len ? hint[LANG_VI] : hint[LANG_EN], x, l);
}

Str form_control_id(Arena *a, const FormProgram *p, int node)
{
    return node < 0 ? S("") : str_concat(a, S("q."), p->nodes.at[node].name);
}

/* ---- One question ---------------------------------------------------------------------------------------------------- */

typedef struct Drawing {
    Out *o;
    const FormProgram *p;
    const FormAnswers *x, *typed;
    const AnswerIssues *issues;
    const FormState *s;
    bool inside;                         /* another page's headings stand above */
} Drawing;

static Str error_of(const Drawing *d, int node)
{
    for (size_t i = 0; d->issues && i < d->issues->len; i++)
        if (d->issues->at[i].node == node)
            return d->issues->at[i].message[d->o->lang];
    return S("");
}

/* What the control holds: what was typed and could not be read, else the answer. */
static Str value_of(const Drawing *d, const FormNode *n, bool *out_typed)
{
    *out_typed = d->typed && d->typed->at[n->answer].len > 0;
    return *out_typed ? d->typed->at[n->answer] : d->x->at[n->answer];
}

static bool word_in(Str words, Str word)
{
    while (words.len) {
        StrPair cut = str_cut(words, ' ');
        if (str_eq(cut.head, word))
            return true;
        words = cut.tail;
    }
    return false;
}

static void add_choices(const Drawing *d, int node, Str value, QuestionBox *q)
{
    Arena          *a     = d->o->buf.a;
    const FormNode *n     = &d->p->nodes.at[node];
    const FormList *list  = &d->p->lists.at[n->list];
    QuestionChoice *plain = arena_new(a, QuestionChoice, list->choices.len), *apart = arena_new(a, QuestionChoice, list->choices.len);
    for (size_t i = 0; i < list->choices.len; i++) {
        const FormChoice *c = &list->choices.at[i];
        QuestionChoice    k = { .id = i ? arena_fmt(a, "%.*s-%zu", STR_ARG(q->id), i + 1) : q->id, .value = c->name,
            .label = choice_label(c, d->o->lang),
                                .chosen = q->many ? word_in(value, c->name) : str_eq(value, c->name) };
        if (c->missing == CHOICE_PLAIN)
            plain[q->choice_count++] = k;
        else
            apart[q->apart_count++] = k;
    }
    q->choices   = plain;
    q->apart     = apart;
    q->as_select = n->type == Q_SELECT_ONE && (list->choices.len >= FORM_SELECT_FROM || word_in(n->appearance, S("minimal")));
}

static void split_date(const Drawing *d, Str value, bool typed, QuestionBox *q)
{
    Date day;
    if (!typed && date_parse(value, &day) && !date_is_none(day)) {
        Ymd y    = date_ymd(day);
        q->day   = arena_fmt(d->o->buf.a, "%d", y.day);
        q->month = arena_fmt(d->o->buf.a, "%d", y.month);
        q->year  = arena_fmt(d->o->buf.a, "%d", y.year);
        return;
    }
    StrPair x = str_cut(value, '/'), y = str_cut(x.tail, '/');
    q->day   = x.head;
    q->month = y.head;
    q->year  = y.tail;
}

static Str note_ids(Arena *a, const QuestionBox *q)
{
    Str    ids[2];
    size_t n = 0;
    if (q->hint.len)
        ids[n++] = str_concat(a, q->id, S("-hint"));
    if (q->error.len)
        ids[n++] = str_concat(a, q->id, S("-error"));
    return str_join(a, ids, n, S(" "));
}

static void draw_question(const Drawing *d, int node, bool heading)
{
    Arena          *a = d->o->buf.a;
    const FormNode *n = &d->p->nodes.at[node];
    bool            typed;
    Str             value = value_of(d, n, &typed), id = form_control_id(a, d->p, node);
    QuestionBox     q = { .type = n->type, .id = id, .name = id, .label = form_label_filled(a, d->p, node, d->x, d->o->lang),
                          .hint = hint_filled(a, d->p, node, d->x, d->o->lang), .error = error_of(d, node),
                          .heading = !heading ? HEADING_NONE : d->inside ? HEADING_INSIDE : HEADING_PAGE,
                          .optional = !form_required(d->s, *a, node), .many = n->type == Q_SELECT_MULTIPLE,
                          .long_text = n->type == Q_TEXT && word_in(n->appearance, S("multiline")) };
    q.value = n->type == Q_DECIMAL && !typed ? number_typed(a, value, d->o->lang) : value;
    q.notes = note_ids(a, &q);
    if (n->list >= 0)
        add_choices(d, node, value, &q);
    if (n->type == Q_DATE)
        split_date(d, value, typed, &q);
    question_box(d->o, &q);
}

/* ---- One page ----------------------------------------------------------------------------------------------------------- */

/* A page of notes alone has the first as its heading. */
static void draw_note(const Drawing *d, int node, bool heading)
{
    Arena *a = d->o->buf.a;
    Str text = form_label_filled(a, d->p, node, d->x, d->o->lang), hint = hint_filled(a, d->p, node, d->x, d->o->lang);
    if (heading)
        question_heading(d->o, text, hint, d->inside);
    else
        question_note(d->o, text, hint);
}

static void draw_page(const Drawing *d, int node)
{
    Arena    *a     = d->o->buf.a;
    PageNodes nodes = form_page_nodes(d->p, a, d->s, node);
    bool      group = form_field_list(d->p, node), note_page = d->p->nodes.at[node].type == Q_NOTE;
    if (group)
        question_heading(d->o, form_label_filled(a, d->p, node, d->x, d->o->lang), hint_filled(a, d->p, node, d->x, d->o->lang), d->inside);
    for (size_t i = 0; i < nodes.len; i++) {
        if (d->p->nodes.at[nodes.at[i]].type == Q_NOTE)
            draw_note(d, nodes.at[i], note_page && i == 0);
        else
            draw_question(d, nodes.at[i], !group);
    }
}

void form_render_question(Out *o, const FormProgram *p, const FormAnswers *x, const FormAnswers *typed, Time now, int node,
                          const AnswerIssues *issues)
{
    FormState s = form_state(p, o->buf.a, x, now);
    draw_page(&(Drawing){ o, p, x, typed, issues, &s, false }, node);
}

void question_preview(Out *o, const FormProgram *p, const FormAnswers *x, const FormState *s, int page, Lang l)
{
    Lang own = o->lang;
    o->lang  = l;
    draw_page(&(Drawing){ o, p, x, NULL, NULL, s, true }, page);
    o->lang = own;
}

/* ---- A posted page -------------------------------------------------------------------------------------------------------- */

static Str field_value(const HttpFields *fields, Str name, Str end)
{
    for (size_t i = 0; i < fields->len; i++) {
        Str got = fields->at[i].name;
        if (got.len == name.len + end.len && str_starts(got, name) && str_ends(got, end))
            return fields->at[i].value;
    }
    return S("");
}

static Str typed_value(Arena *a, const FormNode *n, Str name, const HttpFields *fields)
{
    if (n->type == Q_DATE) {
        Str parts[] = { str_trim(field_value(fields, name, S("_day"))), str_trim(field_value(fields, name, S("_month"))),
            str_trim(field_value(fields, name, S("_year"))) };
        return parts[0].len + parts[1].len + parts[2].len ? str_join(a, parts, 3, S("/")) : S("");
    }
    if (n->type != Q_SELECT_MULTIPLE)
        return field_value(fields, name, S(""));
    StrList names = { 0 };
    for (size_t i = 0; i < fields->len; i++)
        if (str_eq(fields->at[i].name, name))
            *list_add(a, &names) = fields->at[i].value;
    return str_join(a, names.at, names.len, S(" "));
}

static void read_question(const FormProgram *p, Arena *a, Lang l, const HttpFields *fields, int node, FormAnswers *x, FormAnswers *typed,
                          AnswerIssues *issues)
{
    const FormNode *n     = &p->nodes.at[node];
    Str             value = typed_value(a, n, form_control_id(a, p, node), fields), text;
    AnswerFault     fault = form_answer_read(a, p, node, l, value, &text);
    x->at[n->answer]      = text;
    typed->at[n->answer]  = S("");
    if (fault == ANSWER_OK)
        return;
    if (!text_clean(a, value, &typed->at[n->answer]))
        typed->at[n->answer] = S("");
    form_issue_answer(p, a, node, fault, issues);
}

void form_page_read(const FormProgram *p, Arena *a, Lang l, const HttpFields *fields, Time now, int node, FormAnswers *x,
                    FormAnswers *typed, AnswerIssues *issues)
{
    FormState before = form_state(p, a, x, now);
    PageNodes shown  = form_page_nodes(p, a, &before, node);
    for (size_t i = 0; i < shown.len; i++)
        if (form_node_asks(&p->nodes.at[shown.at[i]]))
            read_question(p, a, l, fields, shown.at[i], x, typed, issues);
    /* An answer of this page may have brought up another question of the same page. */
    FormState after = form_state(p, a, x, now);
    PageNodes now_shown = form_page_nodes(p, a, &after, node);
    for (size_t i = 0; i < now_shown.len; i++)
        form_check_by(&after, a, now_shown.at[i], issues);
}
