/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as JSON: read strictly from the API, written back in sheet order, loaded from the store. */
#include "form/form_parts.h"

#include <math.h>

/* ---- From the API ------------------------------------------------------------------------------------------------ */

/* An array of choice names to names joined by blanks, in list order. Twice the same name is a fault. */
static AnswerFault read_array(Arena *a, const FormProgram *p, int node, const Json *j, Str *out)
{
    const FormList *list = &p->lists.at[p->nodes.at[node].list];
    bool *chosen = arena_new(a, bool, list->choices.len);
    JSON_EACH(item, j) {
        Str name;
        if (!json_str(item, &name))
            return ANSWER_TYPE;
        const FormChoice *c = form_choice(p, node, name);
        if (!c || chosen[c - list->choices.at])
            return ANSWER_CHOICE;
        chosen[c - list->choices.at] = true;
    }
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < list->choices.len; i++) {
        if (!chosen[i])
            continue;
        if (b.len)
            buf_byte(&b, ' ');
        buf_add(&b, list->choices.at[i].name);
    }
    *out = buf_str(&b);
    return ANSWER_OK;
}

static AnswerFault read_json_number(Arena *a, QuestionType type, const Json *j, Str *out)
{
    double x;
    if (!json_num(j, &x) || fabs(x) > 999999999999999.0 || (type == Q_INTEGER && x != trunc(x)))
        return ANSWER_TYPE;
    *out = expr_number_text(a, x);
    return ANSWER_OK;
}

static AnswerFault read_value(Arena *a, const FormProgram *p, int node, const Json *j, Str *out)
{
    const FormNode *n = &p->nodes.at[node];
    Str text;
    if (n->cell < 0 || form_calculates(n) || (!form_type_asks(n->type) && n->type != Q_HIDDEN))
        return ANSWER_UNKNOWN;
    if (json_is(j, JSON_NULL))
        return ANSWER_OK;
    if (n->type == Q_INTEGER || n->type == Q_DECIMAL)
        return read_json_number(a, n->type, j, out);
    if (n->type == Q_SELECT_MULTIPLE)
        return json_is(j, JSON_ARRAY) ? read_array(a, p, node, j, out) : ANSWER_TYPE;
    if (n->type == Q_SELECT_ONE && json_is(j, JSON_NUMBER))
        text = j->text;                                  /* 5 for the choice named 5 */
    else if (!json_str(j, &text) || !text_clean(a, text, &text))
        return ANSWER_TYPE;
    if (n->type == Q_TEXT || n->type == Q_HIDDEN)
        text = str_trim(text);
    if (!text.len)
        return ANSWER_OK;
    AnswerFault f = form_answer_fault(p, node, text);
    if (f == ANSWER_OK)
        *out = text;
    return f;
}

/* Faults of answers that turn out irrelevant are nobody's. */
static void drop_irrelevant(const FormState *s, AnswerIssues *issues)
{
    size_t kept = 0;
    for (size_t i = 0; i < issues->len; i++)
        if (issues->at[i].node < 0 || issues->at[i].fault == ANSWER_UNKNOWN || s->relevant[issues->at[i].node])
            issues->at[kept++] = issues->at[i];
    issues->len = kept;
}

static void unknown_name(Arena *a, Str name, AnswerIssues *issues)
{
    AnswerIssue *i = list_add(a, issues);
    *i = (AnswerIssue){ .node = -1, .name = name, .fault = ANSWER_UNKNOWN };
    for (int l = 0; l < LANG_COUNT; l++)
        i->message[l] = text_of((Lang)l, "form.answer.unknown");
}

void form_answers_from_json(Arena *a, const FormProgram *p, const Json *answers, Time now, FormAnswers *out, AnswerIssues *issues)
{
    *out = form_answers_new(a, p);
    JSON_EACH(j, answers) {
        int node = form_find(p, j->key);
        if (node < 0) {
            unknown_name(a, j->key, issues);
            continue;
        }
        Str         text = S("");
        AnswerFault f    = read_value(a, p, node, j, &text);
        if (f != ANSWER_OK)
            form_issue_answer(p, a, node, f, issues);
        else if (p->nodes.at[node].answer >= 0)
            out->at[p->nodes.at[node].answer] = text;
    }
    FormState s = form_state(p, a, out, now);
    drop_irrelevant(&s, issues);
    form_check_by(&s, a, -1, issues);
    form_strip_by(&s, a, out);
}

/* ---- Back to JSON -------------------------------------------------------------------------------------------------- */

static void write_value(Buf *b, QuestionType type, Str text)
{
    if (type == Q_INTEGER || type == Q_DECIMAL) {
        buf_add(b, text);                                /* canonical digits are JSON */
        return;
    }
    if (type != Q_SELECT_MULTIPLE) {
        buf_json_str(b, text);
        return;
    }
    buf_byte(b, '[');
    for (bool first = true; text.len; first = false) {
        StrPair cut = str_cut(text, ' ');
        if (!first)
            buf_byte(b, ',');
        buf_json_str(b, cut.head);
        text = cut.tail;
    }
    buf_byte(b, ']');
}

Str form_answers_json(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    Buf b = buf_new(a, 1024);
    buf_byte(&b, '{');
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->answer < 0 || !x->at[n->answer].len)
            continue;
        if (b.len > 1)
            buf_byte(&b, ',');
        buf_json_str(&b, n->name);
        buf_byte(&b, ':');
        write_value(&b, n->type, x->at[n->answer]);
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

/* ---- From the store -------------------------------------------------------------------------------------------------- */

void form_answers_load(Arena *a, const FormProgram *p, const Json *stored, FormAnswers *out)
{
    *out = form_answers_new(a, p);
    JSON_EACH(j, stored) {
        int node = form_find(p, j->key);
        Str text;
        if (node >= 0 && p->nodes.at[node].answer >= 0 && json_str(j, &text))
            out->at[p->nodes.at[node].answer] = text;
    }
}
