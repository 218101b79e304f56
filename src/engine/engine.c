/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Requests of the page to the questionnaire engine: reading them, doing them, answering. */
#include "engine/engine.h"
#include "engine/fill.h"
#include "base/json.h"
#include "fill.html.h"
#include "form/form_parts.h"

enum { PROGRAM_ROOM = 48 << 20 };

typedef struct Stand { enum { AT_NONE, AT_PAGE, AT_LIST, AT_ENTRY, AT_CHECK } kind; int node, instance; } Stand;
typedef struct Call {
    Engine *e; Arena *a; const Json *in;
    const FormProgram *p;
    FormAnswers x, typed;
    AnswerIssues issues;
    Lang lang; Time now; Stand at;
    bool checked;                        /* issues are shown */
    HttpFields fields;                   /* what stands in the page's boxes */
    Buf out;
} Call;

/* ---- Places ------------------------------------------------------------------------------------------------------ */
static bool number_cut(Str *s, int *out)
{
    StrPair cut = str_cut(*s, '.');
    int64_t n;
    if (!str_to_i64(cut.head, &n) || n < 0 || n > INT32_MAX)
        return false;
    *out = (int)n;
    *s   = cut.tail;
    return true;
}

/* The instance at positions from the outermost repeat inwards; -1: none. */
static int instance_at(const Call *c, int repeat, Str positions)
{
    int chain[FORM_MAX_LEVELS + 1], n = 0, instance = 0, position;
    for (int i = repeat; i >= 0 && n <= FORM_MAX_LEVELS; i = form_repeat_around(c->p, i))
        chain[n++] = i;
    while (n--)
        if (!number_cut(&positions, &position) || !(instance = form_instance_find(&c->x, chain[n], instance, position)))
            return -1;
    return positions.len ? -1 : instance;
}

/* A place that is not there (any more) is AT_NONE. */
static Stand place_read(const Call *c, Str s)
{
    int   node, instance;
    Stand none = { AT_NONE, -1, 0 };
    if (str_eq(s, S("check")))
        return (Stand){ AT_CHECK, (int)c->p->nodes.len, 0 };
    Str rest = str_skip(s, 1);
    if (s.len < 2 || !number_cut(&rest, &node) || node >= (int)c->p->nodes.len)
        return none;
    bool repeat = c->p->nodes.at[node].type == Q_REPEAT;
    if (s.at[0] == 'p')
        return repeat || form_page_of(c->p, node) != node ? none : (Stand){ AT_PAGE, node, 0 };
    if (!repeat || (s.at[0] != 'e' && s.at[0] != 'l'))
        return none;
    instance = instance_at(c, s.at[0] == 'e' ? node : form_repeat_around(c->p, node), rest);
    return instance < 0 ? none : s.at[0] == 'e' ? (Stand){ AT_ENTRY, -1, instance } : (Stand){ AT_LIST, node, instance };
}

static Str place_text(const Call *c, Stand at)
{
    Str positions = S("");
    for (int i = at.instance; i; i = c->x.instances.at[i - 1].parent)
        positions = arena_fmt(c->a, ".%d%.*s", c->x.instances.at[i - 1].position, STR_ARG(positions));
    switch (at.kind) {
    case AT_PAGE: return arena_fmt(c->a, "p%d", at.node);
    case AT_LIST: return arena_fmt(c->a, "l%d%.*s", at.node, STR_ARG(positions));
    case AT_ENTRY: return arena_fmt(c->a, "e%d%.*s", c->x.instances.at[at.instance - 1].repeat, STR_ARG(positions));
    case AT_CHECK: return S("check");
    default: return S("");
    }
}

static Stand page_place(const Call *c, int page, int otherwise)
{
    if (page < 0)
        return (Stand){ otherwise, (int)c->p->nodes.len, 0 };
    return (Stand){ c->p->nodes.at[page].type == Q_REPEAT ? AT_LIST : AT_PAGE, page, 0 };
}

static Stand list_of(const Call *c, int instance)
{
    const FormInstance *x = &c->x.instances.at[instance - 1];
    return (Stand){ AT_LIST, x->repeat, x->parent };
}

static Stand place_next(Call *c, Stand at)
{
    FormState s;
    int       next;
    if (at.kind == AT_CHECK)
        return at;
    if (at.kind == AT_ENTRY || (at.kind == AT_LIST && at.instance)) {
        s    = form_state(c->p, c->a, &c->x, c->now);
        next = form_entry_repeat(c->p, *c->a, &s, at.instance, at.kind == AT_ENTRY ? -1 : at.node);
        return next >= 0 ? (Stand){ AT_LIST, next, at.instance } : list_of(c, at.instance);
    }
    return page_place(c, form_next_page(c->p, *c->a, &c->x, c->now, at.kind == AT_NONE ? -1 : at.node), AT_CHECK);
}

static Stand place_back(Call *c, Stand at)
{
    if (at.kind == AT_ENTRY)
        return list_of(c, at.instance);
    if (at.kind == AT_LIST && at.instance)
        return (Stand){ AT_ENTRY, -1, at.instance };
    return page_place(c, form_prev_page(c->p, *c->a, &c->x, c->now, at.node), AT_NONE);
}

/* ---- Answering ------------------------------------------------------------------------------------------------- */
static void put(Call *c, const char *name, Str value)
{
    buf_fmt(&c->out, "%s\"%s\":", c->out.len > 1 ? "," : "", name);
    buf_json_str(&c->out, value);
}

static void put_json(Call *c, const char *name, Str json)
{
    buf_fmt(&c->out, "%s\"%s\":", c->out.len > 1 ? "," : "", name);
    buf_add(&c->out, json.len ? json : S("null"));
}

/* What was typed, in as many instances as there are answers now; new ones come last. */
static void typed_fit(Call *c, bool keep)
{
    FormAnswers fit = form_answers_copy(c->a, c->p, &c->x);
    for (int k = 0; k <= (int)fit.instances.len; k++)
        for (int i = 0; i < (int)c->p->nodes.len; i++) {
            Str *to = form_cell(c->p, &fit, i, k);
            if (to)
                *to = keep && k <= (int)c->typed.instances.len ? *form_cell(c->p, &c->typed, i, k) : S("");
        }
    c->typed = fit;
}

static void put_answers(Call *c)
{
    put_json(c, "answers", form_answers_texts(c->a, c->p, &c->x));
    put_json(c, "typed", form_answers_texts(c->a, c->p, &c->typed));
}

static Str entry_name(const Call *c, int instance)
{
    const FormInstance *x = &c->x.instances.at[instance - 1];
    Str label = form_label_filled_at(c->a, c->p, x->repeat, &c->x, x->parent, c->lang);
    return arena_fmt(c->a, "%.*s %d", STR_ARG(label.len ? label : text_of(c->lang, "offline.entry.name")), x->position);
}

static bool has_issue(const Call *c, int node, int instance)
{
    for (size_t i = 0; i < c->issues.len; i++)
        if (c->issues.at[i].node == node && c->issues.at[i].instance == instance)
            return true;
    return false;
}

static bool entry_has_issue(const Call *c, int instance)
{
    for (size_t i = 0; i < c->issues.len; i++)
        for (int k = c->issues.at[i].instance; k; k = c->x.instances.at[k - 1].parent)
            if (k == instance)
                return true;
    return false;
}

static void all_issues(Call *c)
{
    AnswerIssues found = { 0 };
    form_check(c->p, c->a, &c->x, c->now, -1, &found);
    for (size_t i = 0; i < found.len; i++)
        if (form_node_answered(&c->p->nodes.at[found.at[i].node]))
            *list_add(c->a, &c->issues) = found.at[i];
}

static void errors_shown(Call *c, FillView *v)
{
    for (size_t i = 0; c->checked && i < c->issues.len; i++)
        *list_add(c->a, &v->errors) = (FieldError){ form_control_id(c->a, c->p, c->issues.at[i].node), c->issues.at[i].message[c->lang] };
}

static void show_list(Call *c, FillView *v, Out *o)
{
    const int32_t *ids;
    FormState      s     = form_state(c->p, c->a, &c->x, c->now);
    int            count = form_state_instances(&s, c->at.node, c->at.instance, &ids);
    Str            label = form_label_filled_at(c->a, c->p, c->at.node, &c->x, c->at.instance, c->lang);
    v->title   = label.len ? label : text_of(c->lang, "offline.entry.name");
    v->may_add = c->p->nodes.at[c->at.node].repeat_count < 0;
    all_issues(c);
    for (int i = 0; i < count; i++)
        *list_add(c->a, &v->rows) = (FillRow){ .label = entry_name(c, ids[i]), .value = form_entry_text(c->a, c->p, &s, ids[i], c->lang),
            .at = place_text(c, (Stand){ AT_ENTRY, -1, ids[i] }), .missing = entry_has_issue(c, ids[i]) };
    fill_list(o, v);
}

/* ---- All answers ------------------------------------------------------------------------------------------------- */
static void check_row(Call *c, FillView *v, int node, int instance, Stand at)
{
    Str label = form_label_filled_at(c->a, c->p, node, &c->x, instance, c->lang);
    *list_add(c->a, &v->rows) = (FillRow){
        .label = instance ? arena_fmt(c->a, "%.*s: %.*s", STR_ARG(entry_name(c, instance)), STR_ARG(label)) : label,
        .value = form_answer_text_at(c->a, c->p, node, &c->x, instance, c->lang), .at = place_text(c, at), .missing = has_issue(c, node, instance) };
}

static void check_entries(Call *c, FillView *v, const FormState *s, int repeat)
{
    for (int i = 1; i <= (int)c->x.instances.len; i++)
        for (int n = repeat; c->x.instances.at[i - 1].repeat == repeat && form_state_there(s, i) && n < (int)c->p->nodes.len; n++)
            if (form_cell(c->p, &c->x, n, i) && form_node_answered(&c->p->nodes.at[n]) && form_state_relevant(s, n, i))
                check_row(c, v, n, i, (Stand){ AT_ENTRY, -1, i });
}

static void show_check(Call *c, FillView *v, Out *o)
{
    FormState s    = form_state(c->p, c->a, &c->x, c->now);
    int       last = 0;
    all_issues(c);
    errors_shown(c, v);
    for (int i = 0; i < (int)c->p->nodes.len; i++) {
        const FormNode *n    = &c->p->nodes.at[i];
        size_t          from = v->rows.len;
        if (n->type == Q_REPEAT)
            check_entries(c, v, &s, i);
        else if (n->repeat < 0 && form_node_answered(n) && s.relevant[i])
            check_row(c, v, i, 0, page_place(c, form_page_of(c->p, i), AT_CHECK));
        if (v->rows.len == from)
            continue;
        FormPart part = form_part(c->p, *c->a, &c->x, c->now, c->lang, i);
        v->rows.at[from].first = from == 0 || part.number != last;
        if (v->rows.at[from].first && part.total > 1)
            v->rows.at[from].section = part.title;
        last = part.number;
    }
    put_json(c, "missing", arena_fmt(c->a, "%zu", c->issues.len));
    fill_check(o, v);
}

/* ---- One page ------------------------------------------------------------------------------------------------------ */
static Stand settled(Call *c, Stand at)
{
    FormState s = form_state(c->p, c->a, &c->x, c->now);
    if (at.kind == AT_ENTRY && !form_state_there(&s, at.instance))
        return list_of(c, at.instance);
    return at.kind == AT_NONE ? place_next(c, at) : at;
}

static void show(Call *c)
{
    Out o    = out_new(c->a, c->lang, 8192);
    c->at    = settled(c, c->at);
    FillView v = { .page = { .p = c->p, .x = &c->x, .typed = &c->typed, .now = c->now, .issues = c->checked ? &c->issues : NULL, .offline = true,
                             .fields = &c->fields, .find = form_find_choices },
                   .node = c->at.node, .instance = c->at.instance };
    put(c, "at", place_text(c, c->at));
    switch (c->at.kind) {
    case AT_PAGE:
        errors_shown(c, &v);
        fill_page(&o, &v);
        break;
    case AT_ENTRY:
        v.title      = entry_name(c, c->at.instance);
        v.may_remove = c->p->nodes.at[c->x.instances.at[c->at.instance - 1].repeat].repeat_count < 0;
        errors_shown(c, &v);
        fill_entry(&o, &v);
        break;
    case AT_LIST: show_list(c, &v, &o); break;
    default: show_check(c, &v, &o); break;
    }
    Stand outer = c->at;
    while (outer.instance)
        outer = list_of(c, outer.instance);
    FormPart part = c->at.kind == AT_CHECK ? (FormPart){ 0 } : form_part(c->p, *c->a, &c->x, c->now, c->lang, outer.node);
    put(c, "part", part.total > 1 ? part.title : S(""));
    put_json(c, "done", arena_fmt(c->a, "%d", (int)(100 * (size_t)outer.node / (c->p->nodes.len ? c->p->nodes.len : 1))));
    put_json(c, "first", place_back(c, c->at).kind == AT_NONE ? S("true") : S("false"));
    put(c, "html", out_text(&o));
}

/* ---- Acts ----------------------------------------------------------------------------------------------------------- */
static HttpFields fields_of(Call *c)
{
    HttpFields fields = { 0 };
    JSON_EACH(pair, json_get(c->in, S("fields"))) {
        Str name, value;
        if (json_str(json_at(pair, 0), &name) && json_str(json_at(pair, 1), &value))
            *list_add(c->a, &fields) = (HttpField){ .name = name, .value = value };
    }
    return fields;
}

static void act_read(Call *c)
{
    bool looks = form_page_looks(&c->fields);
    if (c->at.kind == AT_PAGE)
        form_page_read(c->p, c->a, c->lang, &c->fields, c->now, c->at.node, &c->x, &c->typed, &c->issues);
    else if (c->at.kind == AT_ENTRY)
        form_entry_read(c->p, c->a, c->lang, &c->fields, c->now, c->at.instance, &c->x, &c->typed, &c->issues);
    form_settle(c->p, c->a, &c->x, c->now);
    typed_fit(c, true);
    c->checked = c->checked && !looks;
    put_json(c, "looks", looks ? S("true") : S("false"));
    put_json(c, "issues", arena_fmt(c->a, "%zu", c->issues.len));
    put_answers(c);
    show(c);
}

static void act_begin(Call *c)
{
    form_begin(c->p, c->a, &c->x, c->now);
    JSON_EACH(preset, json_get(c->in, S("preset"))) {
        Str text;
        int node = form_find(c->p, preset->key);
        if (node >= 0 && form_cell(c->p, &c->x, node, 0) && json_str(preset, &text))
            form_put(c->p, c->a, &c->x, c->now, node, 0, text);
    }
    typed_fit(c, false);
    c->at = (Stand){ AT_NONE, -1, 0 };
    put_answers(c);
    show(c);
}

static void act_move(Call *c)
{
    bool back = false;
    json_bool(json_get(c->in, S("back")), &back);
    c->at = back ? place_back(c, c->at) : place_next(c, c->at);
    show(c);
}

static void act_add(Call *c)
{
    if (c->at.kind == AT_LIST && c->p->nodes.at[c->at.node].repeat_count < 0) {
        int made = form_repeat_add(c->p, c->a, &c->x, c->now, c->at.node, c->at.instance);
        c->at    = made ? (Stand){ AT_ENTRY, -1, made } : c->at;
        typed_fit(c, true);
    }
    put_answers(c);
    show(c);
}

static void act_remove(Call *c)
{
    if (c->at.kind == AT_ENTRY && c->p->nodes.at[c->x.instances.at[c->at.instance - 1].repeat].repeat_count < 0) {
        Stand list = list_of(c, c->at.instance);
        form_instance_remove(c->a, &c->x, c->at.instance);
        form_settle(c->p, c->a, &c->x, c->now);
        typed_fit(c, false);                             /* instances are numbered anew */
        c->at = list;
    }
    put_answers(c);
    show(c);
}

static void put_files(Call *c)
{
    Buf       b = buf_new(c->a, 64);
    FormState s = form_state(c->p, c->a, &c->x, c->now);
    for (int i = 0; i < (int)c->p->nodes.len; i++)
        for (int k = 0; form_type_file(c->p->nodes.at[i].type) && k <= (int)c->x.instances.len; k++) {
            Str *cell = form_cell(c->p, &c->x, i, k);
            if (!cell || !cell->len || !form_state_relevant(&s, i, k))
                continue;
            buf_byte(&b, b.len ? ',' : '[');
            buf_json_str(&b, *cell);
        }
    buf_add(&b, b.len ? S("]") : S("[]"));
    put_json(c, "files", buf_str(&b));
}

static Time time_in(const Json *obj, Str key)
{
    int64_t ms = 0;
    json_int(json_get(obj, key), &ms);
    return (Time){ ms };
}

/* What is left is refused while something is missing; else the record as a phone would send it. */
static void act_finish(Call *c)
{
    const Json *in   = json_get(c->in, S("meta"));
    FormMeta    meta = { .start = time_in(in, S("start")), .end = time_in(in, S("end")) };
    json_str(json_get(in, S("instance_id")), &meta.instance_id);
    c->at = (Stand){ AT_CHECK, (int)c->p->nodes.len, 0 };
    all_issues(c);
    if (c->issues.len) {
        c->issues.len = 0;
        c->checked    = true;
        show(c);
        return;
    }
    put_files(c);
    put(c, "xml", form_instance_write(c->a, c->p, &c->x, &meta, c->now));
}

static void act_play(Call *c)
{
    Str steps = S("[]");
    Buf told  = buf_new(c->a, 4096);
    json_str(json_get(c->in, S("steps")), &steps);
    Err e = form_play(c->a, c->p, steps, c->now, &told);
    if (e)
        put(c, "fault", e->detail);
    else
        put_json(c, "state", buf_str(&told));
}

/* ---- Opening a questionnaire ------------------------------------------------------------------------------------------ */
static bool find_file(void *self, Arena *a, Str name, Str *out)
{
    return json_str(json_get(self, name), out);
}

/* Functions whose arithmetic is not on the page. */
static bool beyond(const FormNode *n, Str word)
{
    return str_has(n->relevant_src, word) || str_has(n->required_src, word) || str_has(n->constraint_src, word) || str_has(n->calculation_src, word) ||
           str_has(n->default_src, word) || str_has(n->choice_filter_src, word) || str_has(n->repeat_count_src, word) || str_has(n->read_only_src, word);
}

static void add_refusal(Call *c, Buf *b, Str why)
{
    buf_byte(b, b->len ? ',' : '[');
    buf_json_str(b, why);
}

static Str refusals(Call *c, const FormIssues *issues, const FormProgram *p)
{
    static const Str words[] = { S_INIT("digest("), S_INIT("base64-decode(") };
    Buf b = buf_new(c->a, 64);
    for (size_t i = 0; i < issues->len; i++)
        if (!issues->at[i].warning)
            add_refusal(c, &b, c->lang == LANG_VI ? issues->at[i].message_vi : issues->at[i].message_en);
    for (size_t w = 0; p && w < COUNT_OF(words); w++)
        for (size_t i = 0; i < p->nodes.len; i++)
            if (beyond(&p->nodes.at[i], words[w]))
                add_refusal(c, &b, text_fmt(c->a, c->lang, "offline.refused.function", ARG_S("name", p->nodes.at[i].name), ARG_S("function", words[w])));
    if (p && p->settings.public_key.len)
        add_refusal(c, &b, text_of(c->lang, "offline.refused.key"));
    if (b.len)
        buf_byte(&b, ']');
    return buf_str(&b);
}

static void act_open(Call *c)
{
    Str          form   = S("");
    FormIssues   issues = { 0 };
    FormFinder   files  = { find_file, (void *)(uintptr_t)json_get(c->in, S("files")) };
    FormProgram *p      = NULL;
    Engine      *e      = c->e;
    e->program = NULL;
    arena_close(&e->keep);
    e->keep = arena_open(PROGRAM_ROOM);
    json_str(json_get(c->in, S("form")), &form);
    form           = arena_str(&e->keep, form);
    Arena scratch  = arena_open(PROGRAM_ROOM);
    Err   err      = form_read_xform(&e->keep, scratch, form, &files, &issues, NULL, &p);
    Str   refused  = err ? S("[\"\"]") : refusals(c, &issues, p);
    arena_close(&scratch);
    if (refused.len) {
        put_json(c, "refused", refused);
        return;
    }
    e->program = p;
    put(c, "form_id", p->form_id);
    put(c, "version", p->version);
    put(c, "title", p->title[c->lang].len ? p->title[c->lang] : p->title[LANG_VI].len ? p->title[LANG_VI] : p->title[LANG_EN]);
}

/* ---- A call ------------------------------------------------------------------------------------------------------------- */
typedef struct Act { const char *name; void (*run)(Call *c); bool free; } Act;   /* free: needs no questionnaire */
static const Act acts[] = {
    { "open", act_open, true }, { "begin", act_begin, false }, { "show", show, false }, { "read", act_read, false }, { "move", act_move, false },
    { "add", act_add, false }, { "remove", act_remove, false }, { "finish", act_finish, false }, { "play", act_play, false },
};

static void read_call(Call *c)
{
    Str at = S(""), lang = S("vi");
    json_str(json_get(c->in, S("lang")), &lang);
    if (!lang_parse(lang, &c->lang))
        c->lang = LANG_VI;
    c->now = time_in(c->in, S("now"));
    json_bool(json_get(c->in, S("checked")), &c->checked);
    c->fields = fields_of(c);
    if (!c->p)
        return;
    form_answers_load(c->a, c->p, json_get(c->in, S("answers")), &c->x);
    form_answers_load(c->a, c->p, json_get(c->in, S("typed")), &c->typed);
    if (c->typed.instances.len != c->x.instances.len)
        typed_fit(c, false);
    json_str(json_get(c->in, S("at")), &at);
    c->at = place_read(c, at);
}

Str engine_call(Engine *e, Arena *a, Str request)
{
    Call        c    = { .e = e, .a = a, .p = e->program };
    Str         name = S("");
    const Act  *act  = NULL;
    c.out = buf_new(a, 4096);
    buf_byte(&c.out, '{');
    if (json_parse(a, request, &c.in) == OK)
        json_str(json_get(c.in, S("do")), &name);
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        act = str_eq(name, str_from_c(acts[i].name)) ? &acts[i] : act;
    if (!act || (!act->free && !c.p)) {
        put(&c, "fault", act ? S("no questionnaire is open") : S("no such act"));
    } else {
        read_call(&c);
        act->run(&c);
    }
    buf_byte(&c.out, '}');
    return buf_str(&c.out);
}
