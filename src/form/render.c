/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions of a page to markup. */
#include "form/question.h"
#include "question.html.h"

#include <math.h>

typedef struct Drawing {
    Out *o;
    const FormProgram *p;
    const FormAnswers *x, *typed;
    const AnswerIssues *issues;
    FormState *s;
    int  instance;                       /* of a repeat; 0: the form itself */
    bool inside;                         /* another page's headings stand above */
    Str  media, files;                   /* see FormPage */
    bool offline;
    const HttpFields *fields;            /* see FormPage */
    FormFindChoices *find;
    Str  place;
} Drawing;

static Str error_of(const Drawing *d, int node)
{
    for (size_t i = 0; d->issues && i < d->issues->len; i++)
        if (d->issues->at[i].node == node && d->issues->at[i].instance == d->instance)
            return d->issues->at[i].message[d->o->lang];
    return S("");
}

/* What the control holds: what was typed and could not be read, else the answer. */
static Str value_of(const Drawing *d, int node, bool *out_typed)
{
    const Str *typed = d->typed ? form_cell(d->p, d->typed, node, d->instance) : NULL;
    *out_typed = typed && typed->len > 0;
    return *out_typed ? *typed : *form_cell(d->p, d->x, node, d->instance);
}

/* ---- Pictures, sounds, films of labels ---------------------------------------------------------------------------------- */

static QuestionMedia media_of(const Drawing *d, const FormText *texts)
{
    Lang l = d->o->lang;
    if (!d->media.len || !texts)
        return (QuestionMedia){ 0 };
    return (QuestionMedia){ d->media, form_text_in(d->p, &texts[TEXT_IMAGE], l), form_text_in(d->p, &texts[TEXT_BIG_IMAGE], l),
                            form_text_in(d->p, &texts[TEXT_AUDIO], l), form_text_in(d->p, &texts[TEXT_VIDEO], l) };
}

/* ---- Choices ------------------------------------------------------------------------------------------------------------ */

static Str field_of(const Drawing *d, const char *name, Str id)
{
    Str whole = str_concat(d->o->buf.a, str_from_c(name), id);
    for (size_t i = 0; i < d->fields->len; i++)
        if (str_eq(d->fields->at[i].name, whole))
            return str_trim(d->fields->at[i].value);
    return S("");
}

static bool chosen_in(const QuestionBox *q, Str value, Str name)
{
    return q->many ? str_has_word(value, name) : str_eq(value, name);
}

static bool among(const int32_t *at, size_t len, int32_t x)
{
    for (size_t i = 0; i < len; i++)
        if (at[i] == x)
            return true;
    return false;
}

/* Of a long list what is chosen, what stands apart and what was searched for. */
static size_t narrow(const Drawing *d, const FormList *list, Str value, const int32_t **left, size_t count, QuestionBox *q)
{
    enum { FOUND_MOST = 20 };
    Arena   *a    = d->o->buf.a;
    int32_t *kept = arena_new(a, int32_t, count), found[FOUND_MOST];
    size_t   n    = 0;
    Str      typed = field_of(d, "find.", q->id);
    q->search = true;
    q->find   = text_clean(a, str_take(typed, 200), &typed) ? typed : S("");
    if (q->find.len)
        q->found = d->find(a, list, *left, count, d->o->lang, q->find, found, FOUND_MOST);
    size_t shown = q->found < FOUND_MOST ? (size_t)q->found : FOUND_MOST;
    for (size_t i = 0; i < count; i++) {
        const FormChoice *c = &list->choices.at[(*left)[i]];
        if (c->missing != CHOICE_PLAIN || (chosen_in(q, value, c->name) && !among(found, shown, (*left)[i])))
            kept[n++] = (*left)[i];
    }
    for (size_t i = 0; i < shown; i++)          /* where it was found a choice stays when it is chosen: keys go on from there */
        if (list->choices.at[found[i]].missing == CHOICE_PLAIN)
            kept[n++] = found[i];
    *left = kept;
    return n;
}

static void add_choices(const Drawing *d, int node, Str value, QuestionBox *q)
{
    Arena          *a    = d->o->buf.a;
    const FormNode *n    = &d->p->nodes.at[node];
    const FormList *list = &d->p->lists.at[n->list];
    const int32_t  *left;
    size_t          count = (size_t)form_choices_left(d->s, a, node, d->instance, &left);
    q->layout = form_layout(n, q->heading != HEADING_NONE);
    if (d->fields && form_list_searched(n, count) && !str_eq(field_of(d, "all", S("")), q->id))
        count = narrow(d, list, value, &left, count, q);
    QuestionChoice *plain = arena_new(a, QuestionChoice, count), *apart = arena_new(a, QuestionChoice, count);
    for (size_t i = 0; i < count; i++) {
        const FormChoice *c = &list->choices.at[left[i]];
        Str               label = form_filled(a, d->p, form_choice_label(c, d->o->lang), d->x, d->instance, d->o->lang);
        QuestionChoice    k = { .id = i ? arena_fmt(a, "%.*s-%zu", STR_ARG(q->id), i + 1) : q->id, .value = c->name, .label = label,
                                .chosen = chosen_in(q, value, c->name), .media = media_of(d, c->text) };
        if (c->missing == CHOICE_PLAIN)
            plain[q->choice_count++] = k;
        else
            apart[q->apart_count++] = k;
    }
    q->choices   = plain;
    q->apart     = apart;
    q->as_select = n->type == Q_SELECT_ONE && !q->search && ((count >= FORM_SELECT_FROM && !q->layout[0]) || str_has_word(n->appearance, S("minimal")));
}

/* Up to eleven steps are rows to tap; more are a number to type. */
static void add_steps(const Drawing *d, int node, Str value, QuestionBox *q)
{
    enum { MOST = 11 };
    const FormNode *n     = &d->p->nodes.at[node];
    Arena          *a     = d->o->buf.a;
    double          start = form_param_number(n, S("start"), 1), end = form_param_number(n, S("end"), 10), step = fabs(form_param_number(n, S("step"), 1));
    double          count = step > 0 ? floor(fabs(end - start) / step + 1e-9) + 1 : 0;
    q->least = form_number_typed(a, expr_number_text(a, fmin(start, end)), d->o->lang);
    q->most  = form_number_typed(a, expr_number_text(a, fmax(start, end)), d->o->lang);
    if (count < 1 || count > MOST)
        return;
    QuestionChoice *steps = arena_new(a, QuestionChoice, (size_t)count);
    for (int i = 0; i < (int)count; i++) {
        Str text = expr_number_text(a, start + (end < start ? -step : step) * i);
        steps[i] = (QuestionChoice){ .id = i ? arena_fmt(a, "%.*s-%d", STR_ARG(q->id), i + 1) : q->id, .value = text,
                                     .label = form_number_typed(a, text, d->o->lang), .chosen = str_eq(text, value) };
    }
    q->choices      = steps;
    q->choice_count = (size_t)count;
}

/* The place of each choice in the order given, "" for those without. */
static void add_places(const Drawing *d, Str value, QuestionBox *q)
{
    Arena *a = d->o->buf.a;
    q->places = arena_new(a, Str, q->choice_count);
    for (size_t i = 0; i < q->choice_count; i++, value = str_cut(value, ' ').tail)
        q->places[i] = str_cut(value, ' ').head;
}

/* ---- Boxes --------------------------------------------------------------------------------------------------------------- */

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

/* Stored "08:30:00.000+07:00", typed "8:30". */
static void split_time(Str value, QuestionBox *q)
{
    StrPair x = str_cut(value, ':');
    q->hour   = x.head;
    q->minute = str_cut(x.tail, ':').head;
}

static void split_moment(const Drawing *d, Str value, bool typed, QuestionBox *q)
{
    StrPair x = str_cut(value, typed ? ' ' : 'T');
    split_date(d, x.head, typed, q);
    split_time(x.tail, q);
}

static void split_point(const Drawing *d, Str value, bool typed, QuestionBox *q)
{
    StrPair x = str_cut(value, ' ');
    q->latitude  = form_number_typed(d->o->buf.a, x.head, d->o->lang);
    q->longitude = form_number_typed(d->o->buf.a, str_cut(x.tail, ' ').head, d->o->lang);
    q->fix       = typed ? S("") : value;
    q->place     = d->place;
}

/* One point a line, as it is typed. */
static Str point_lines(const Drawing *d, Str value, bool typed)
{
    Buf b = buf_new(d->o->buf.a, value.len + 1);
    if (typed)
        return value;
    while (value.len) {
        StrPair cut = str_cut(value, ';'), lat = str_cut(str_trim(cut.head), ' ');
        buf_fmt(&b, "%.*s %.*s\n", STR_ARG(lat.head), STR_ARG(str_cut(lat.tail, ' ').head));
        value = cut.tail;
    }
    return str_trim(buf_str(&b));
}

static void fill_boxes(const Drawing *d, int node, Str value, bool typed, QuestionBox *q)
{
    const FormNode *n = &d->p->nodes.at[node];
    q->value = value;
    if (n->list >= 0)
        add_choices(d, node, value, q);
    switch (n->type) {
    case Q_DECIMAL: q->value = typed ? value : form_number_typed(d->o->buf.a, value, d->o->lang); break;
    case Q_RANGE:
        add_steps(d, node, value, q);
        q->value = typed ? value : form_number_typed(d->o->buf.a, value, d->o->lang);
        break;
    case Q_RANK: add_places(d, value, q); break;
    case Q_DATE: split_date(d, value, typed, q); break;
    case Q_TIME: split_time(value, q); break;
    case Q_DATETIME: split_moment(d, value, typed, q); break;
    case Q_GEOPOINT: split_point(d, value, typed, q); break;
    case Q_IMAGE: case Q_AUDIO: case Q_VIDEO: case Q_FILE:
        q->files        = d->files;
        q->offline      = d->offline;
        q->file_picture = str_ends(value, S(".jpg")) || str_ends(value, S(".png")) || str_ends(value, S(".webp"));
        break;
    case Q_GEOTRACE: case Q_GEOSHAPE: q->value = point_lines(d, value, typed); break;
    default: break;
    }
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
    Lang            l = d->o->lang;
    const FormNode *n = &d->p->nodes.at[node];
    bool            typed;
    Str             value = value_of(d, node, &typed), id = form_control_id(a, d->p, node);
    QuestionBox     q = { .layout = "", .type = n->type, .id = id, .name = id, .label = form_label_filled_at(a, d->p, node, d->x, d->instance, l),
                          .hint = form_hint_filled(a, d->p, node, d->x, d->instance, l), .error = error_of(d, node),
                          .guidance = form_guidance_filled(a, d->p, node, d->x, d->instance, l), .media = media_of(d, n->text),
                          .heading = !heading ? HEADING_NONE : d->inside ? HEADING_INSIDE : HEADING_PAGE,
                          .optional = !form_required_at(d->s, *a, node, d->instance), .many = n->type == Q_SELECT_MULTIPLE,
                          .long_text = n->type == Q_TEXT && str_has_word(n->appearance, S("multiline")),
                          .capture = str_has_word(n->appearance, S("new")) ? S("environment") : str_has_word(n->appearance, S("new-front")) ? S("user") : S(""),
                          .read_only = form_state_read_only(d->s, a, node, d->instance) };
    q.notes = note_ids(a, &q);
    if (q.read_only)
        q.value = form_answer_text_at(a, d->p, node, d->x, d->instance, l);
    else
        fill_boxes(d, node, value, typed, &q);
    question_box(d->o, &q);
}

/* ---- One page ----------------------------------------------------------------------------------------------------------- */

/* A page of notes alone has the first as its heading. */
static void draw_note(const Drawing *d, int node, bool heading)
{
    Arena *a = d->o->buf.a;
    Str text = form_label_filled_at(a, d->p, node, d->x, d->instance, d->o->lang), hint = form_hint_filled(a, d->p, node, d->x, d->instance, d->o->lang);
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
        question_heading(d->o, form_label_filled(a, d->p, node, d->x, d->o->lang), form_hint_filled(a, d->p, node, d->x, 0, d->o->lang), d->inside);
    for (size_t i = 0; i < nodes.len; i++) {
        if (d->p->nodes.at[nodes.at[i]].type == Q_NOTE)
            draw_note(d, nodes.at[i], note_page && i == 0);
        else
            draw_question(d, nodes.at[i], !group);
    }
}

static void draw_entry(const Drawing *d)
{
    PageNodes nodes = form_entry_nodes(d->p, d->o->buf.a, d->s, d->instance);
    for (size_t i = 0; i < nodes.len; i++) {
        if (d->p->nodes.at[nodes.at[i]].type == Q_NOTE)
            draw_note(d, nodes.at[i], false);
        else
            draw_question(d, nodes.at[i], false);
    }
}

/* For looking at: the questions of its first entry, which is there for that. */
static void draw_repeat(Drawing d, int repeat)
{
    Arena      *a = d.o->buf.a;
    FormAnswers x = form_answers_copy(a, d.p, d.x);
    d.instance    = form_instance_find(&x, repeat, 0, 1);
    if (!d.instance)
        d.instance = form_instance_add(a, d.p, &x, repeat, 0);
    FormState s = form_state(d.p, a, &x, d.s->now);
    d.x = &x;
    d.s = &s;
    question_heading(d.o, form_label_filled(a, d.p, repeat, &x, d.o->lang), form_hint_filled(a, d.p, repeat, &x, 0, d.o->lang), d.inside);
    d.typed = NULL;
    if (d.instance)
        draw_entry(&d);
}

static Drawing drawing_of(Out *o, const FormPage *g, FormState *s, int instance)
{
    return (Drawing){ .o = o, .p = g->p, .x = g->x, .typed = g->typed, .issues = g->issues, .s = s, .instance = instance, .media = g->media,
                      .files = g->files, .inside = g->inside, .offline = g->offline, .fields = g->fields, .find = g->find, .place = g->place };
}

void form_render_question(Out *o, const FormPage *g, int node)
{
    FormState s = form_state(g->p, o->buf.a, g->x, g->now);
    Drawing   d = drawing_of(o, g, &s, 0);
    if (g->p->nodes.at[node].type == Q_REPEAT)
        draw_repeat(d, node);
    else
        draw_page(&d, node);
}

void form_render_entry(Out *o, const FormPage *g, int instance)
{
    FormState s = form_state(g->p, o->buf.a, g->x, g->now);
    Drawing   d = drawing_of(o, g, &s, instance);
    draw_entry(&d);
}

void question_preview(Out *o, const FormProgram *p, const FormAnswers *x, const FormState *s, int page, Lang l, const HttpFields *fields)
{
    FormState state = *s;
    Lang      own   = o->lang;
    o->lang  = l;
    Drawing d = { .o = o, .p = p, .x = x, .s = &state, .inside = true, .fields = fields, .find = form_find_choices };
    if (p->nodes.at[page].type == Q_REPEAT)
        draw_repeat(d, page);
    else
        draw_page(&d, page);
    o->lang = own;
}
