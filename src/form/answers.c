/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Looking into a program, relevance and calculated values, checking of answers. Pure: the clock is passed in. */
#include "form/form_parts.h"

#include "base/utf8.h"

#include <math.h>

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

bool form_node_asks(const FormNode *n)
{
    return n->answer >= 0 && n->type != Q_CALCULATE && n->type != Q_HIDDEN;
}

int form_question_count(const FormProgram *p)
{
    int count = 0;
    for (size_t i = 0; i < p->nodes.len; i++)
        count += form_node_asks(&p->nodes.at[i]);
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

/* ---- Relevance and calculations ---------------------------------------------------------------------------------- */

static bool read_node(void *self, int node, int instance, Str *out)
{
    const FormState *s = self;
    const FormNode  *n = &s->p->nodes.at[node];
    if (!s->relevant[node])
        return false;
    *out = n->answer < 0 ? S("") : n->type == Q_CALCULATE ? s->calculated[node] : s->x->at[n->answer];
    return true;
}

ExprHost form_host(FormState *s)
{
    return (ExprHost){ .self = s, .node = read_node, .now = s->now };
}

/* True, false, or otherwise when the work limit was reached. */
static bool is_true(FormState *s, Arena *a, const ExprHost *host, int expr, bool otherwise)
{
    const ExprCode *code = &s->p->code->exprs[expr];
    ExprValue       v;
    if (code->step_count == 1 && code->value_count == 1)     /* yes, no and other constants */
        return expr_to_boolean(&code->values[0]);
    if (expr_eval(code, a, host, &v)) {
        s->stopped = true;
        return otherwise;
    }
    return expr_to_boolean(&v);
}

static void calculate(FormState *s, Arena *a, const ExprHost *host, int node)
{
    ExprValue v;
    if (expr_eval(&s->p->code->exprs[s->p->nodes.at[node].calculation], a, host, &v))
        s->stopped = true;
    else
        s->calculated[node] = expr_to_answer(a, &v);
}

FormState form_state(const FormProgram *p, Arena *a, const FormAnswers *x, Time now)
{
    size_t    n = p->nodes.len;
    FormState s = { .p = p, .x = x, .now = now, .relevant = arena_new(a, bool, n) };
    if (p->code->plain) {
        memset(s.relevant, true, n);
        return s;
    }
    s.calculated  = arena_new(a, Str, n);
    ExprHost host = form_host(&s);
    for (size_t i = 0; i < n; i++) {
        int             k    = p->code->order[i];
        const FormNode *node = &p->nodes.at[k];
        s.relevant[k] = (node->parent < 0 || s.relevant[node->parent]) && (node->relevant < 0 || is_true(&s, a, &host, node->relevant, true));
        if (node->calculation >= 0 && s.relevant[k])
            calculate(&s, a, &host, k);
    }
    return s;
}

bool form_relevant(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node)
{
    bool conditions = false;
    for (int i = node; i >= 0; i = p->nodes.at[i].parent)
        conditions |= p->nodes.at[i].relevant >= 0;
    return !conditions || form_state(p, &scratch, x, now).relevant[node];
}

bool form_required(const FormState *s, Arena scratch, int node)
{
    FormState copy = *s;
    int       expr = s->p->nodes.at[node].required;
    if (expr < 0)
        return false;
    ExprHost host = form_host(&copy);
    return is_true(&copy, &scratch, &host, expr, false);
}

void form_strip_by(const FormState *s, FormAnswers *x)
{
    for (size_t i = 0; i < s->p->nodes.len && !s->p->code->plain; i++) {
        const FormNode *n = &s->p->nodes.at[i];
        if (n->answer < 0)
            continue;
        if (!s->relevant[i])
            x->at[n->answer] = S("");
        else if (n->type == Q_CALCULATE)
            x->at[n->answer] = s->calculated[i];
    }
}

void form_strip_irrelevant(const FormProgram *p, Arena *a, FormAnswers *x, Time now)
{
    FormState s = form_state(p, a, x, now);
    form_strip_by(&s, x);
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

FormAnswers form_answers_new(Arena *a, const FormProgram *p)
{
    FormAnswers x = { arena_new(a, Str, (size_t)p->answer_count) };
    for (int i = 0; i < p->answer_count; i++)
        x.at[i] = S("");
    return x;
}

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

static bool whole_number(Str s)
{
    int64_t n;
    return str_to_i64(s, &n) && n <= INT64_C(999999999999999) && n >= -INT64_C(999999999999999);
}

AnswerFault form_answer_fault(const FormProgram *p, int node, Str text)
{
    Date d;
    switch (p->nodes.at[node].type) {
    case Q_SELECT_ONE: return form_choice(p, node, text) ? ANSWER_OK : ANSWER_CHOICE;
    case Q_SELECT_MULTIPLE: return choices_fault(p, node, text);
    case Q_INTEGER: return whole_number(text) ? ANSWER_OK : ANSWER_TYPE;
    case Q_DECIMAL: return isnan(expr_number_read(text)) ? ANSWER_TYPE : ANSWER_OK;
    case Q_DATE: return date_parse(text, &d) ? ANSWER_OK : ANSWER_TYPE;
    case Q_TEXT: case Q_HIDDEN:
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

AnswerFault form_answer_read(Arena *a, const FormProgram *p, int node, Lang typed_in, Str typed, Str *out)
{
    const FormNode *n = &p->nodes.at[node];
    Str text;
    *out = S("");
    if (!form_node_asks(n))
        return ANSWER_UNKNOWN;
    if (!text_clean(a, typed, &text))
        return ANSWER_TYPE;
    text = str_trim(text);
    if (!text.len)
        return ANSWER_OK;
    if (n->type == Q_INTEGER || n->type == Q_DECIMAL)
        return read_number(a, n->type, typed_in, text, out);
    if (n->type == Q_DATE)
        return read_date(a, text, out);
    if (n->type == Q_SELECT_MULTIPLE)
        return read_choices_typed(a, p, node, text, out);
    AnswerFault f = form_answer_fault(p, node, text);
    if (f == ANSWER_OK)
        *out = text;
    return f;
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
    case Q_INTEGER: case Q_DECIMAL: return text_of(l, "form.answer.write_number");
    case Q_DATE: return text_of(l, "form.answer.write_date");
    default: return text_of(l, "form.answer.write_text");
    }
}

static Str type_text(const FormNode *n, Lang l)
{
    switch (n->type) {
    case Q_INTEGER: return text_of(l, "form.answer.not_integer");
    case Q_DECIMAL: return text_of(l, "form.answer.not_decimal");
    case Q_DATE: return text_of(l, "form.answer.not_date");
    case Q_SELECT_ONE: case Q_SELECT_MULTIPLE: return text_of(l, "form.answer.not_choice_type");
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

static bool has_issue(const AnswerIssues *issues, int node)
{
    for (size_t i = 0; i < issues->len; i++)
        if (issues->at[i].node == node)
            return true;
    return false;
}

static AnswerFault check_node(FormState *s, Arena *a, const ExprHost *host, int node)
{
    const FormNode *n    = &s->p->nodes.at[node];
    Str             text = s->x->at[n->answer];
    bool            before = s->stopped;
    if (!s->relevant[node] || n->type == Q_CALCULATE)
        return ANSWER_OK;
    if (!text.len)
        return n->required >= 0 && is_true(s, a, host, n->required, false) ? ANSWER_REQUIRED : ANSWER_OK;
    AnswerFault f = form_answer_fault(s->p, node, text);
    if (f == ANSWER_OK && n->constraint >= 0 && !is_true(s, a, host, n->constraint, true))
        return ANSWER_CONSTRAINT;
    return f == ANSWER_OK && s->stopped && !before ? ANSWER_LIMIT : f;
}

void form_check_by(FormState *s, Arena *a, int node, AnswerIssues *out)
{
    ExprHost host  = form_host(s);
    size_t   first = node < 0 ? 0 : (size_t)node, last = node < 0 ? s->p->nodes.len : (size_t)node + 1;
    for (size_t i = first; i < last; i++) {
        if (s->p->nodes.at[i].answer < 0 || has_issue(out, (int)i))
            continue;
        AnswerFault f = check_node(s, a, &host, (int)i);
        if (f != ANSWER_OK)
            form_issue_answer(s->p, a, (int)i, f, out);
    }
}

void form_check(const FormProgram *p, Arena *a, const FormAnswers *x, Time now, int node, AnswerIssues *out)
{
    FormState s = form_state(p, a, x, now);
    form_check_by(&s, a, node, out);
}
