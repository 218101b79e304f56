/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as JSON: read strictly from the API, written back in sheet order, loaded from the store. */
#include "form/form_parts.h"

#include <math.h>

/* ---- Values of the API ----------------------------------------------------------------------------------------------- */

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
    if (n->type == Q_INTEGER || n->type == Q_DECIMAL || n->type == Q_RANGE) {
        AnswerFault f = read_json_number(a, n->type, j, out);
        return f == ANSWER_OK && n->type == Q_RANGE ? form_answer_fault(p, node, *out) : f;
    }
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

/* ---- Objects: the form, and each instance of a repeat -------------------------------------------------------------------- */

/* strict: what is wrong becomes an issue; else it is passed over. */
typedef struct JsonReader { Arena *a; const FormProgram *p; FormAnswers *x; AnswerIssues *issues; bool strict; } JsonReader;

static void add_issue(JsonReader *r, int node, int instance, Str name, AnswerFault fault)
{
    if (!r->strict)
        return;
    if (node >= 0) {
        form_issue_answer(r->p, r->a, node, fault, r->issues);
        r->issues->at[r->issues->len - 1].instance = instance;
        return;
    }
    AnswerIssue *i = list_add(r->a, r->issues);
    *i = (AnswerIssue){ .node = -1, .name = name, .fault = ANSWER_UNKNOWN, .instance = instance };
    for (int l = 0; l < LANG_COUNT; l++)
        i->message[l] = text_of((Lang)l, "form.answer.unknown");
}

/* A key of an object: the node's name, or inside a repeat also its last part. -1: not in this block. */
static int node_of_key(const FormProgram *p, int repeat, Str key)
{
    int  node = form_find(p, key);
    bool in   = node >= 0 && (p->nodes.at[node].type == Q_REPEAT ? form_outer_repeat(p, node) : p->nodes.at[node].repeat) == repeat;
    for (size_t i = 0; !in && repeat >= 0 && i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        node = (int)i;
        in   = str_eq(n->leaf, key) && (n->type == Q_REPEAT ? form_outer_repeat(p, node) : n->repeat) == repeat;
    }
    return in ? node : -1;
}

static void read_object(JsonReader *r, const Json *object, int repeat, int instance);

static void read_repeat(JsonReader *r, const Json *array, int repeat, int parent)
{
    if (!json_is(array, JSON_ARRAY)) {
        add_issue(r, repeat, parent, array->key, ANSWER_TYPE);
        return;
    }
    JSON_EACH(item, array) {
        int made = json_is(item, JSON_OBJECT) ? form_instance_add(r->a, r->p, r->x, repeat, parent) : 0;
        if (!made) {
            add_issue(r, repeat, parent, array->key, json_is(item, JSON_OBJECT) ? ANSWER_LIMIT : ANSWER_TYPE);
            return;
        }
        read_object(r, item, repeat, made);
    }
}

static void read_member(JsonReader *r, const Json *j, int node, int instance)
{
    Str  text = S("");
    Str *to   = form_cell(r->p, r->x, node, instance);
    if (!r->strict) {
        if (to && json_str(j, &text))
            *to = text;
        return;
    }
    AnswerFault f = read_value(r->a, r->p, node, j, &text);
    if (f != ANSWER_OK)
        add_issue(r, node, instance, j->key, f);
    else if (to)
        *to = text;
}

static void read_object(JsonReader *r, const Json *object, int repeat, int instance)
{
    JSON_EACH(j, object) {
        int node = node_of_key(r->p, repeat, j->key);
        if (node < 0)
            add_issue(r, -1, instance, j->key, ANSWER_UNKNOWN);
        else if (r->p->nodes.at[node].type == Q_REPEAT)
            read_repeat(r, j, node, instance);
        else
            read_member(r, j, node, instance);
    }
}

/* ---- From the API ------------------------------------------------------------------------------------------------------ */

/* Faults of answers that turn out irrelevant are nobody's. */
static void drop_irrelevant(const FormState *s, AnswerIssues *issues)
{
    size_t kept = 0;
    for (size_t i = 0; i < issues->len; i++) {
        const AnswerIssue *x = &issues->at[i];
        bool repeat = x->node >= 0 && s->p->nodes.at[x->node].type == Q_REPEAT;      /* the instance is the parent's */
        if (x->node < 0 || x->fault == ANSWER_UNKNOWN || repeat || form_state_relevant(s, x->node, x->instance))
            issues->at[kept++] = issues->at[i];
    }
    issues->len = kept;
}

void form_answers_from_json(Arena *a, const FormProgram *p, const Json *answers, Time now, FormAnswers *out, AnswerIssues *issues)
{
    *out = form_answers_new(a, p);
    JsonReader r = { a, p, out, issues, true };
    read_object(&r, answers, -1, 0);
    if (p->code->tree.repeats)
        form_settle(p, a, out, now);                     /* instances that repeat_count asks for and nobody sent */
    FormState s = form_state(p, a, out, now);
    drop_irrelevant(&s, issues);
    form_check_by(&s, a, -1, issues);
    form_strip_by(&s, a, out);
}

/* ---- Back to JSON -------------------------------------------------------------------------------------------------- */

static void write_value(Buf *b, QuestionType type, Str text)
{
    if (type == Q_INTEGER || type == Q_DECIMAL || type == Q_RANGE) {
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

typedef struct JsonWriter { Buf b; const FormProgram *p; const FormAnswers *x; bool typed; } JsonWriter;

static void write_object(JsonWriter *w, int repeat, int instance);

static void write_key(JsonWriter *w, Str name, bool *first)
{
    if (!*first)
        buf_byte(&w->b, ',');
    *first = false;
    buf_json_str(&w->b, name);
    buf_byte(&w->b, ':');
}

/* Every instance, the empty ones too: their number is an answer. */
static void write_repeat(JsonWriter *w, int repeat, int parent, bool *first)
{
    int count = form_instance_count(w->x, repeat, parent);
    if (!count)
        return;
    write_key(w, w->p->nodes.at[repeat].name, first);
    for (int i = 1; i <= count; i++) {
        buf_byte(&w->b, i == 1 ? '[' : ',');
        write_object(w, repeat, form_instance_find(w->x, repeat, parent, i));
    }
    buf_byte(&w->b, ']');
}

static void write_object(JsonWriter *w, int repeat, int instance)
{
    bool first = true;
    buf_byte(&w->b, '{');
    for (size_t i = 0; i < w->p->nodes.len; i++) {
        const FormNode *n = &w->p->nodes.at[i];
        if (n->type == Q_REPEAT && form_outer_repeat(w->p, (int)i) == repeat) {
            write_repeat(w, (int)i, instance, &first);
            continue;
        }
        const Str *text = n->repeat == repeat ? form_cell(w->p, w->x, (int)i, instance) : NULL;
        if (!text || !text->len)
            continue;
        write_key(w, n->name, &first);
        if (w->typed)
            write_value(&w->b, n->type, *text);
        else
            buf_json_str(&w->b, *text);
    }
    buf_byte(&w->b, '}');
}

Str form_answers_json(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    JsonWriter w = { buf_new(a, 1024), p, x, true };
    write_object(&w, -1, 0);
    return buf_str(&w.b);
}

Str form_answers_texts(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    JsonWriter w = { buf_new(a, 1024), p, x, false };
    write_object(&w, -1, 0);
    return buf_str(&w.b);
}

void form_answers_load(Arena *a, const FormProgram *p, const Json *stored, FormAnswers *out)
{
    *out = form_answers_new(a, p);
    JsonReader r = { a, p, out, NULL, false };
    read_object(&r, stored, -1, 0);
}
