/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Looking into a program, relevance and calculated values, checking of answers. Pure: the clock is passed in. */
#include "form/form_parts.h"

/* ---- Looking into a program ------------------------------------------------------------------------------------ */

int form_find(const FormProgram *p, Str name)
{
    return name_set_find(&p->code->names, name);
}

const FormChoice *form_choice(const FormProgram *p, int node, Str name)
{
    int list = p->nodes.at[node].list;
    int i    = list < 0 ? -1 : name_set_find(&p->code->lists[list], name);
    return i < 0 ? NULL : &p->lists.at[list].choices.at[i];
}

bool form_node_answered(const FormNode *n)
{
    return n->cell >= 0 && form_type_answered(n->type);
}

bool form_node_asks(const FormNode *n)
{
    return n->answer >= 0 && form_node_answered(n);
}

int form_question_count(const FormProgram *p)
{
    int count = 0;
    for (size_t i = 0; i < p->nodes.len; i++)
        count += p->nodes.at[i].type != Q_HIDDEN && form_type_asks(p->nodes.at[i].type);
    return count;
}

static Str text_in(const Str text[LANG_COUNT], Lang l)
{
    return text[l].len ? text[l] : text[LANG_VI].len ? text[LANG_VI] : text[LANG_EN];
}

Str form_label(const FormProgram *p, int node, Lang l)
{
    return text_in(p->nodes.at[node].label, l);
}

/* A group's condition and those of the groups around it, outermost first. */
Str form_relevant_joined(Arena *a, const FormProgram *p, int node)
{
    Str parts[FORM_MAX_LEVELS + 2];
    int count = 0;
    for (int i = node; i >= 0 && count < (int)COUNT_OF(parts); i = p->nodes.at[i].parent)
        if (p->nodes.at[i].relevant_src.len)
            parts[count++] = p->nodes.at[i].relevant_src;
    if (count == 0)
        return S("");
    if (count == 1)
        return parts[0];
    Buf b = buf_new(a, 128);
    for (int i = count - 1; i >= 0; i--) {
        buf_add(&b, i + 1 < count ? S(" and (") : S("("));
        buf_add(&b, parts[i]);
        buf_byte(&b, ')');
    }
    return buf_str(&b);
}

/* ---- The record ------------------------------------------------------------------------------------------------------ */

/* Instances that are not there or not relevant go, with all in them. */
static void drop_instances(const FormState *s, Arena *a, FormAnswers *x)
{
    size_t n   = x->instances.len, kept = 0;
    int   *to  = arena_new(a, int, n + 1);               /* new numbers; 0 for what goes */
    for (size_t i = 0; i < n; i++) {
        FormInstance y = x->instances.at[i];
        if (!form_state_relevant(s, y.repeat, (int)i + 1) || (y.parent && !to[y.parent]))
            continue;
        y.parent                = to[y.parent];
        x->instances.at[kept++] = y;
        to[i + 1]               = (int)kept;
    }
    x->instances.len = kept;
}

/* What is not relevant is emptied, calculated values are filled in. */
void form_strip_by(const FormState *s, Arena *a, FormAnswers *x)
{
    const FormProgram *p = s->p;
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n    = &p->nodes.at[i];
        int             last = n->repeat < 0 ? 0 : (int)x->instances.len;
        for (int k = n->repeat < 0 ? 0 : 1; n->cell >= 0 && k <= last; k++) {
            Str *to = form_cell(p, x, (int)i, k);
            if (to && !form_state_relevant(s, (int)i, k))
                *to = S("");
            else if (to && form_calculates(n))
                *to = form_state_value(s, (int)i, k);
        }
    }
    if (x->instances.len)
        drop_instances(s, a, x);
}

void form_strip_irrelevant(const FormProgram *p, Arena *a, FormAnswers *x, Time now)
{
    FormState s = form_state(p, a, x, now);
    form_strip_by(&s, a, x);
}

/* ---- Checking ------------------------------------------------------------------------------------------------------ */

/* The label of the first choice that means "no opinion"; empty: none. */
static Str missing_label(const FormProgram *p, const FormNode *n, Lang l)
{
    for (size_t i = 0; n->list >= 0 && i < p->lists.at[n->list].choices.len; i++)
        if (p->lists.at[n->list].choices.at[i].missing == CHOICE_MISSING)
            return text_in(p->lists.at[n->list].choices.at[i].label, l);
    return S("");
}

static Str required_text(const FormProgram *p, Arena *a, const FormNode *n, Lang l)
{
    Str missing = missing_label(p, n, l);
    switch (n->type) {
    case Q_SELECT_ONE:
        if (n->role == QR_SATISFACTION && missing.len)
            return text_fmt(a, l, "form.answer.level_or", ARG_S("missing", missing));
        return missing.len ? text_fmt(a, l, "form.answer.choose_or", ARG_S("missing", missing)) : text_of(l, "form.answer.choose");
    case Q_SELECT_MULTIPLE: return text_of(l, "form.answer.choose_some");
    case Q_RANK: return text_of(l, "form.answer.choose_some");
    case Q_INTEGER: case Q_DECIMAL: case Q_RANGE: return text_of(l, "form.answer.write_number");
    case Q_DATE: return text_of(l, "form.answer.write_date");
    default: return text_of(l, "form.answer.write_text");
    }
}

static Str type_text(const FormNode *n, Lang l)
{
    switch (n->type) {
    case Q_INTEGER: return text_of(l, "form.answer.not_integer");
    case Q_DECIMAL: return text_of(l, "form.answer.not_decimal");
    case Q_RANGE: return text_of(l, "form.answer.not_decimal");
    case Q_DATE: case Q_DATETIME: return text_of(l, "form.answer.not_date");
    case Q_TIME: return text_of(l, "form.answer.not_time");
    case Q_GEOPOINT: case Q_GEOTRACE: case Q_GEOSHAPE: return text_of(l, "form.answer.not_place");
    case Q_IMAGE: case Q_AUDIO: case Q_VIDEO: case Q_FILE: return text_of(l, "form.answer.not_file");
    case Q_SELECT_ONE: case Q_SELECT_MULTIPLE: case Q_RANK: return text_of(l, "form.answer.not_choice_type");
    default: return text_of(l, "form.answer.not_text");
    }
}

static Str fault_text(const FormProgram *p, Arena *a, const FormNode *n, AnswerFault fault, Lang l)
{
    if (fault == ANSWER_REQUIRED)
        return text_in(n->required_message, l).len ? text_in(n->required_message, l) : required_text(p, a, n, l);
    if (fault == ANSWER_CONSTRAINT)
        return text_in(n->constraint_message, l).len ? text_in(n->constraint_message, l) : text_of(l, "form.answer.constraint");
    switch (fault) {
    case ANSWER_TYPE: return type_text(n, l);
    case ANSWER_CHOICE: return text_of(l, "form.answer.not_choice");
    case ANSWER_TOO_LONG: return text_fmt(a, l, "form.answer.too_long", ARG_N("n", FORM_MAX_TEXT));
    case ANSWER_LIMIT: return text_of(l, "form.answer.limit");
    default: return text_of(l, "form.answer.unknown");
    }
}

void form_issue_answer(const FormProgram *p, Arena *a, int node, AnswerFault fault, AnswerIssues *out)
{
    const FormNode *n = &p->nodes.at[node];
    AnswerIssue    *i = list_add(a, out);
    *i = (AnswerIssue){ .node = node, .name = n->name, .fault = fault };
    for (int l = 0; l < LANG_COUNT; l++)
        i->message[l] = fault_text(p, a, n, fault, (Lang)l);
}

static bool has_issue(const AnswerIssues *issues, int node, int instance)
{
    for (size_t i = 0; i < issues->len; i++)
        if (issues->at[i].node == node && issues->at[i].instance == instance)
            return true;
    return false;
}

/* Every name chosen must still be in the list that the filter leaves. */
static bool choices_left(FormState *s, Arena *a, int node, int instance, Str text)
{
    const FormNode *n = &s->p->nodes.at[node];
    Arena           work = *a;
    const int32_t  *rows;
    if (n->choice_filter < 0)
        return true;
    int  count = form_choices_left(s, &work, node, instance, &rows);
    bool many  = n->type != Q_SELECT_ONE;
    while (text.len) {
        StrPair cut   = many ? str_cut(text, ' ') : (StrPair){ text, S("") };
        bool    found = !cut.head.len;
        for (int i = 0; i < count && !found; i++)
            found = str_eq(s->p->lists.at[n->list].choices.at[rows[i]].name, cut.head);
        if (!found)
            return false;
        text = cut.tail;
    }
    return true;
}

AnswerFault form_check_at(FormState *s, Arena *a, int node, int instance)
{
    const FormNode *n      = &s->p->nodes.at[node];
    const Str      *cell   = form_cell(s->p, s->x, node, instance);
    bool            before = s->stopped;
    if (!cell || !form_state_relevant(s, node, instance) || form_calculates(n) || !form_type_asks(n->type))
        return ANSWER_OK;
    if (!cell->len)
        return n->required >= 0 && form_is_true(s, a, n->required, instance, false) ? ANSWER_REQUIRED : ANSWER_OK;
    AnswerFault f = form_answer_fault(s->p, node, *cell);
    if (f == ANSWER_OK && n->list >= 0 && !choices_left(s, a, node, instance, *cell))
        f = ANSWER_CHOICE;
    if (f == ANSWER_OK && n->constraint >= 0 && !form_is_true(s, a, n->constraint, instance, true))
        f = ANSWER_CONSTRAINT;
    return f == ANSWER_OK && s->stopped && !before ? ANSWER_LIMIT : f;
}

static void check_instance(FormState *s, Arena *a, int node, int instance, AnswerIssues *out)
{
    if (has_issue(out, node, instance))
        return;
    AnswerFault f = form_check_at(s, a, node, instance);
    if (f == ANSWER_OK)
        return;
    form_issue_answer(s->p, a, node, f, out);
    AnswerIssue *i = &out->at[out->len - 1];
    i->instance    = instance;
    for (int l = 0; l < LANG_COUNT; l++)
        i->message[l] = form_filled(a, s->p, i->message[l], s->x, instance, (Lang)l);
}

void form_check_by(FormState *s, Arena *a, int node, AnswerIssues *out)
{
    size_t first = node < 0 ? 0 : (size_t)node, last = node < 0 ? s->p->nodes.len : (size_t)node + 1;
    for (size_t i = first; i < last; i++) {
        const FormNode *n = &s->p->nodes.at[i];
        if (n->cell < 0)
            continue;
        if (n->repeat < 0)
            check_instance(s, a, (int)i, 0, out);
        for (int k = 0; n->repeat >= 0 && k < s->in->of_repeat_count[n->repeat + 1]; k++)
            check_instance(s, a, (int)i, s->in->of_repeat[n->repeat + 1][k], out);
    }
}

void form_check(const FormProgram *p, Arena *a, const FormAnswers *x, Time now, int node, AnswerIssues *out)
{
    FormState s = form_state(p, a, x, now);
    form_check_by(&s, a, node, out);
}
