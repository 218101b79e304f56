/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers and labels as a person reads them. */
#include "form/question.h"

enum { GROUPED_FROM = 10000 };                       /* "2015" is mostly a year: four digits stand without a mark */

Str form_choice_label(const FormChoice *c, Lang l)
{
    return c->label[l].len ? c->label[l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN];
}

/* Whose answers stand for the names in a label; x NULL: names stay, for what is itself put into a text. */
typedef struct Reading { const FormProgram *p; const FormAnswers *x; int instance; Lang l; } Reading;

static Str label_text(Arena *a, const Reading *r, const FormChoice *c)
{
    Str label = form_choice_label(c, r->l);
    return r->x ? form_filled(a, r->p, label, r->x, r->instance, r->l) : label;
}

static Str choices_text(Arena *a, const Reading *r, int node, Str names)
{
    StrList labels = { 0 };
    while (names.len) {
        StrPair           cut = str_cut(names, ' ');
        const FormChoice *c   = form_choice(r->p, node, cut.head);
        *list_add(a, &labels) = c ? label_text(a, r, c) : cut.head;
        names                 = cut.tail;
    }
    return str_join(a, labels.at, labels.len, r->p->nodes.at[node].type == Q_RANK ? S(" → ") : S("; "));
}

/* Digits of an answer as the language writes them, without grouping: what a person can type again. */
Str form_number_typed(Arena *a, Str text, Lang l)
{
    return l == LANG_VI && str_has(text, S(".")) ? str_replace(a, text, S("."), S(",")) : text;
}

static Str moment_text(Arena *a, Str text, Lang l)
{
    Date d;
    Str  hour = str_take(str_skip(text, 11), 5);
    return date_parse(str_take(text, 10), &d) ? arena_fmt(a, "%.*s %.*s", STR_ARG(hour), STR_ARG(date_text(a, l, d))) : text;
}

/* "21,02851; 105,80482 (sai số khoảng 8 m)": latitude, longitude, height, accuracy in metres. */
static Str point_text(Arena *a, Str text, Lang l)
{
    StrPair lat = str_cut(text, ' '), lon = str_cut(lat.tail, ' '), height = str_cut(lon.tail, ' ');
    double  metres;
    Str     where = str_join(a, (Str[]){ form_number_typed(a, lat.head, l), form_number_typed(a, lon.head, l) }, 2, S("; "));
    if (!str_to_f64(height.tail, &metres) || !(metres > 0) || metres > 1e6)
        return where;
    return text_fmt(a, l, "form.question.place.near", ARG_S("place", where), ARG_N("m", (int64_t)(metres + .5)));
}

static Str answer_text(Arena *a, const Reading *r, int node, Str text)
{
    const FormNode   *n = &r->p->nodes.at[node];
    Lang              l = r->l;
    const FormChoice *c;
    int64_t           whole;
    Date              d;
    switch (n->type) {
    case Q_SELECT_ONE: return (c = form_choice(r->p, node, text)) ? label_text(a, r, c) : text;
    case Q_SELECT_MULTIPLE: case Q_RANK: return choices_text(a, r, node, text);
    case Q_INTEGER: return str_to_i64(text, &whole) && (whole <= -GROUPED_FROM || whole >= GROUPED_FROM) ? num_text(a, l, whole) : text;
    case Q_DATE: case Q_TODAY: return date_parse(text, &d) ? date_text(a, l, d) : text;
    case Q_GEOPOINT: return point_text(a, text, l);
    case Q_TIME: return str_take(text, 5);
    case Q_DATETIME: return moment_text(a, text, l);
    case Q_ACKNOWLEDGE: return text_of(l, "form.question.agreed");
    case Q_DECIMAL: case Q_RANGE: return form_number_typed(a, text, l);
    default: return text;
    }
}

Str form_answer_text_at(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l)
{
    const Str *cell = form_cell(p, x, node, instance);
    return cell && cell->len ? answer_text(a, &(Reading){ p, x, instance, l }, node, *cell) : S("");
}

Str form_answer_text(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l)
{
    return form_answer_text_at(a, p, node, x, 0, l);
}

/* The instance in which a name used inside another instance is meant: the same, or one around it; -1: none. */
static int instance_of(const FormProgram *p, const FormAnswers *x, int node, int instance)
{
    int repeat = p->nodes.at[node].repeat;
    while (instance && x->instances.at[instance - 1].repeat != repeat)
        instance = x->instances.at[instance - 1].parent;
    return instance || repeat < 0 ? instance : -1;
}

Str form_filled(Arena *a, const FormProgram *p, Str text, const FormAnswers *x, int instance, Lang l)
{
    size_t at;
    if (!str_find(text, S("${"), &at))
        return text;
    Buf b = buf_new(a, text.len + 64);
    while (str_find(text, S("${"), &at)) {
        StrPair cut  = str_cut(str_skip(text, at + 2), '}');
        int     node = form_find(p, str_trim(cut.head)), of = node < 0 ? -1 : instance_of(p, x, node, instance);
        buf_add(&b, str_take(text, at));
        const Str *cell = of < 0 ? NULL : form_cell(p, x, node, of);
        if (cell && cell->len)
            buf_add(&b, answer_text(a, &(Reading){ p, NULL, of, l }, node, *cell));
        text = cut.tail;
    }
    buf_add(&b, text);
    return buf_str(&b);
}

Str form_label_filled_at(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l)
{
    return form_filled(a, p, form_label(p, node, l), x, instance, l);
}

Str form_label_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l)
{
    return form_label_filled_at(a, p, node, x, 0, l);
}

enum { SHORT_LABEL = 48 };                       /* bytes: what reads well inside another label; a whole question does not */

static Str short_name(const FormProgram *p, Str name, Lang l)
{
    int node = form_find(p, name);
    Str label = node < 0 ? S("") : form_label(p, node, l);
    return label.len && label.len <= SHORT_LABEL && !str_has(label, S("${")) && !str_ends(label, S("?")) ? label : node < 0 ? name : p->nodes.at[node].leaf;
}

Str form_label_plain(Arena *a, const FormProgram *p, int node, Lang l)
{
    Str    text = form_label(p, node, l);
    size_t at;
    if (!str_has(text, S("${")))
        return text;
    Buf b = buf_new(a, text.len + 64);
    while (str_find(text, S("${"), &at)) {
        StrPair cut = str_cut(str_skip(text, at + 2), '}');
        buf_add(&b, str_take(text, at));
        buf_add(&b, arena_fmt(a, "“%.*s”", STR_ARG(short_name(p, str_trim(cut.head), l))));
        text = cut.tail;
    }
    buf_add(&b, text);
    return buf_str(&b);
}

Str form_hint_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l)
{
    const Str *hint = p->nodes.at[node].hint;
    return form_filled(a, p, hint[l].len ? hint[l] : hint[LANG_VI].len ? hint[LANG_VI] : hint[LANG_EN], x, instance, l);
}

/* Languages of a form are named "Tiếng Việt (vi)"; the form's own stands in for one it does not have. */
Str form_text_in(const FormProgram *p, const FormText *t, Lang l)
{
    if (p->spoken && t->by && t->by[p->spoken - 1].len)
        return t->by[p->spoken - 1];
    Str code = l == LANG_VI ? S("(vi)") : S("(en)");
    for (size_t i = 0; t->by && i < p->languages.len; i++)
        if (str_ends(p->languages.at[i], code) && t->by[i].len)
            return t->by[i];
    return t->by ? t->by[p->language] : S("");
}

Str form_guidance_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l)
{
    const FormNode *n = &p->nodes.at[node];
    return n->text ? form_filled(a, p, form_text_in(p, &n->text[TEXT_GUIDANCE], l), x, instance, l) : S("");
}

Str form_entry_text(Arena *a, const FormProgram *p, const FormState *s, int instance, Lang l)
{
    StrList   parts = { 0 };
    PageNodes nodes = form_entry_nodes(p, a, s, instance);
    for (size_t i = 0; i < nodes.len && parts.len < 3; i++) {
        Str text = form_answer_text_at(a, p, nodes.at[i], s->x, instance, l);
        if (text.len)
            *list_add(a, &parts) = text;
    }
    return str_join(a, parts.at, parts.len, S(", "));
}

Str form_accept(QuestionType t)
{
    switch (t) {
    case Q_IMAGE: return S("image/jpeg,image/png,image/webp");
    case Q_AUDIO: return S("audio/*");
    case Q_VIDEO: return S("video/*");
    default: return S(".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.webp,.csv,.txt,.mp3,.m4a");
    }
}

static Str label_or_name(Arena *a, const FormProgram *p, const FormAnswers *x, int node, int instance, Lang l)
{
    Str label = form_label_filled_at(a, p, node, x, instance, l);
    return label.len ? label : p->nodes.at[node].leaf;
}

Str form_cell_label(Arena *a, const FormProgram *p, const FormAnswers *x, int node, int instance, Lang l)
{
    Str  text  = label_or_name(a, p, x, node, instance, l);
    bool inner = true;
    for (; instance; instance = x->instances.at[instance - 1].parent, inner = false) {
        const FormInstance *e = &x->instances.at[instance - 1];
        text = arena_fmt(a, "%.*s %d%s %.*s", STR_ARG(label_or_name(a, p, x, e->repeat, e->parent, l)), e->position, inner ? ":" : ",", STR_ARG(text));
    }
    return text;
}

Str form_control_id(Arena *a, const FormProgram *p, int node)
{
    return node < 0 ? S("") : str_concat(a, S("q."), p->nodes.at[node].name);
}
