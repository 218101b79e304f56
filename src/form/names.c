/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names in expressions: ${x} and paths to nodes with their repeats, tables of instance('L'), the functions named jr:. */
#include "form/form_parts.h"

/* Searching for a near name is quadratic over a file full of faults: so many times a file. */
enum { MAX_HINTS = 400 };

static bool why_not(ExprFault *f, const char *code, Str vi, Str en)
{
    *f = (ExprFault){ .code = code, .vi = vi, .en = en };
    return false;
}

/* ---- The tree of nodes ------------------------------------------------------------------------------------------- */

static const FormTree *tree_of(const FormScope *s) { return &s->code->tree; }

/* Repeats that both stand in; a repeat stands in itself. from -1: the form. */
static int repeats_shared(const FormTree *t, int from, int to)
{
    int n = 0;
    while (from >= 0 && n < t->depth[from] && n < t->depth[to] && t->around[from][n] == t->around[to][n])
        n++;
    return n;
}

static void add_ref(const FormScope *s, Arena *a, int node, int pin, ExprRefs *out)
{
    const FormTree *t = tree_of(s);
    *list_add(a, out) = (ExprRef){ .node = node, .kind = s->p->nodes.at[node].kind, .depth = t->depth[node],
                                   .pin = pin < t->depth[node] ? pin : t->depth[node], .around = t->around[node],
                                   .repeat = s->p->nodes.at[node].type == Q_REPEAT };
}

/* ---- ${name} ---------------------------------------------------------------------------------------------------------- */

static bool variable_unknown(FormScope *s, Arena *a, Str name, ExprFault *f)
{
    StrList names = { 0 };
    for (size_t i = 0; i < s->p->nodes.len && *s->hints < MAX_HINTS; i++)
        *list_add(a, &names) = s->p->nodes.at[i].leaf;
    ++*s->hints;
    Str near = expr_nearest(name, names.at, names.len);
    if (near.len)
        return why_not(f, "E-VAR", arena_fmt(a, "không có câu hỏi “%.*s”. Có phải “%.*s”?", STR_ARG(name), STR_ARG(near)),
                       arena_fmt(a, "there is no question “%.*s”. Did you mean “%.*s”?", STR_ARG(name), STR_ARG(near)));
    return why_not(f, "E-VAR", arena_fmt(a, "không có câu hỏi “%.*s”. Thêm câu hỏi hoặc sửa tên.", STR_ARG(name)),
                   arena_fmt(a, "there is no question “%.*s”. Add it or correct the name.", STR_ARG(name)));
}

int form_variable(FormScope *s, Arena *a, Str name, ExprFault *f)
{
    const FormNode *first = NULL;
    int             known = name_set_find(&s->code->shared, name) < 0 ? name_set_find(&s->code->names, name) : -1;
    if (str_starts(name, S("last-saved#"))) {
        why_not(f, "E-VAR", S("${last-saved#…} chưa hỗ trợ. Dùng câu hỏi trong phiếu."),
                S("${last-saved#…} is not supported. Use a question of this form."));
        return -1;
    }
    if (known >= 0)
        return known;
    /* A name that two groups share is no key by itself. */
    for (size_t i = 0; i < s->p->nodes.len; i++) {
        const FormNode *n = &s->p->nodes.at[i];
        if (!str_eq(n->leaf, name))
            continue;
        if (first) {
            why_not(f, "E-VAR",
                    arena_fmt(a, "có hai câu hỏi tên “%.*s” ở hai nhóm (hàng %d và %d). Đổi tên một câu, hoặc viết đường dẫn.",
                              STR_ARG(name), first->row, n->row),
                    arena_fmt(a, "two groups hold a question “%.*s” (rows %d and %d). Rename one, or write the path.",
                              STR_ARG(name), first->row, n->row));
            return -1;
        }
        first = n;
    }
    variable_unknown(s, a, name, f);
    return -1;
}

/* ---- Paths -------------------------------------------------------------------------------------------------------------- */

/* Where the steps have come to: a node (-1: the form), and how many of its repeats are the reader's own. */
typedef struct Walk { int at, pin; } Walk;

static bool add_children(const FormScope *s, Arena *a, const Walk *w, const ExprPath *path, int from, ExprRefs *out)
{
    for (int i = form_first_child(s->code, w->at); i >= 0; i = tree_of(s)->next[i])
        add_ref(s, a, i, path->absolute ? repeats_shared(tree_of(s), from, i) : w->pin, out);
    return out->len > 0;
}

static bool walk(const FormScope *s, Arena *a, const ExprPath *path, int from, ExprRefs *out)
{
    const FormTree *t = tree_of(s);
    Walk w = { path->absolute ? -1 : from, path->absolute || from < 0 ? 0 : t->depth[from] };
    for (int i = path->absolute ? 1 : 0; i < path->step_count; i++) {
        const ExprStepName *step = &path->steps[i];
        if (step->axis == EXPR_SELF)
            continue;
        if (step->axis == EXPR_PARENT) {
            if (w.at < 0)
                return false;
            w.at  = s->p->nodes.at[w.at].parent;
            w.pin = w.at < 0 ? 0 : w.pin < t->depth[w.at] ? w.pin : t->depth[w.at];
            continue;
        }
        if (str_eq(step->name, S("*")))
            return i + 1 == path->step_count && add_children(s, a, &w, path, from, out);
        w.at = form_child(s->p, s->code, w.at, step->name);
        if (w.at < 0)
            return false;
    }
    if (w.at >= 0)
        add_ref(s, a, w.at, path->absolute ? repeats_shared(t, from, w.at) : w.pin, out);
    return w.at >= 0;
}

static bool resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *f)
{
    FormScope *s    = self;
    int        from = path->inside ? path->from : s->node;
    if (path->variable.len) {
        int node = form_variable(s, a, path->variable, f);
        if (node >= 0)
            add_ref(s, a, node, repeats_shared(tree_of(s), from, node), out);
        return node >= 0;
    }
    if (path->absolute) {
        Str root = path->steps[0].name;
        if (path->steps[0].axis != EXPR_CHILD || (!str_eq(root, s->p->root) && !str_eq(root, S("data")) && !str_eq(root, s->p->form_id)))
            return why_not(f, "E-PATH", S("đường dẫn phải bắt đầu bằng /data. Viết ${tên} hoặc /data/nhóm/tên."),
                           S("a path begins with /data. Write ${name} or /data/group/name."));
    }
    if (walk(s, a, path, from, out))
        return true;
    /* "null", an idiom of authors for no value: on phones too it names nothing and is empty. */
    if (!path->absolute && path->step_count == 1 && path->steps[0].axis == EXPR_CHILD && str_eq(path->steps[0].name, S("null")))
        return true;
    /* The form itself has a position, 1, and nothing else. */
    if (!path->absolute && path->step_count == 1 && path->steps[0].axis == EXPR_PARENT && from >= 0 && s->p->nodes.at[from].parent < 0) {
        add_ref(s, a, from, tree_of(s)->depth[from], out);
        out->at[0].once   = true;
        out->at[0].repeat = false;
        return true;
    }
    return why_not(f, "E-PATH", S("đường dẫn này không tới câu hỏi nào. Viết ${tên}."), S("this path leads to no question. Write ${name}."));
}

/* ---- Lists as tables ------------------------------------------------------------------------------------------------------ */

static Str label_cell(const FormProgram *p, const FormChoice *c)
{
    const FormText *text = c->text ? &c->text[TEXT_LABEL] : NULL;
    if (text && text->by)
        return text->translated ? S("") : text->by[p->language];     /* translated: phones have the id of a text there */
    return c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN];
}

static bool translated(const FormList *l)
{
    for (size_t i = 0; i < l->choices.len; i++)
        if (l->choices.at[i].text && l->choices.at[i].text[TEXT_LABEL].translated)
            return true;
    return false;
}

/* A list of the sheet: name, label (and the id of the label's text, as in its XForm) and its columns. A file: its own columns. */
static ExprTable table_of(Arena *keep, const FormProgram *p, const FormList *l)
{
    size_t own = l->file.len && l->columns.len ? 0 : translated(l) ? 3 : 2, width = own + l->columns.len, rows = l->choices.len;
    Str   *columns = arena_new(keep, Str, width), *cells = arena_new(keep, Str, width * rows);
    if (own) {
        columns[0] = S("name");
        columns[1] = S("label");
    }
    if (own == 3)
        columns[2] = S("itextId");
    for (size_t i = 0; i < l->columns.len; i++)
        columns[own + i] = l->columns.at[i];
    for (size_t r = 0; r < rows; r++) {
        const FormChoice *c   = &l->choices.at[r];
        Str              *row = cells + r * width;
        if (own) {
            row[0] = c->name;
            row[1] = label_cell(p, c);
        }
        if (own == 3)
            row[2] = arena_fmt(keep, "%.*s-%zu", STR_ARG(l->name), r);
        for (size_t i = 0; c->cells && i < l->columns.len; i++)
            row[own + i] = c->cells[i];
    }
    return (ExprTable){ .name = l->name, .root = S("root"), .item = S("item"), .columns = columns, .column_count = (int)width,
                        .cells = cells, .row_count = (int)rows };
}

void form_tables(Arena *keep, const FormProgram *p, struct FormCode *code)
{
    code->tables = arena_new(keep, ExprTable, p->lists.len);
    for (size_t i = 0; i < p->lists.len; i++)
        code->tables[i] = table_of(keep, p, &p->lists.at[i]);
}

static ExprTable *table_named(void *self, Str name)
{
    FormScope *s = self;
    for (size_t i = 0; i < s->p->lists.len; i++)
        if (str_eq(s->p->lists.at[i].name, name))
            return &s->code->tables[i];
    return NULL;
}

ExprNames form_names(FormScope *s)
{
    return (ExprNames){ s, resolve, table_named };
}

/* ---- Functions named jr: -------------------------------------------------------------------------------------------------- */

static const FormProgram *program_of(ExprRun *run)
{
    return ((const FormState *)expr_run_host(run)->self)->p;
}

static ExprValue text_value(Str s)
{
    return (ExprValue){ .kind = EXPR_STRING, .text = s };
}

static Str in_language(const Str text[LANG_COUNT], bool english)
{
    Lang l = english ? LANG_EN : LANG_VI;
    return text[l].len ? text[l] : text[english ? LANG_VI : LANG_EN];
}

/* jr:choice-name(value, '${question}'): the label of a choice in the reader's language. */
static ExprValue choice_name(ExprRun *run, const ExprValue *args, int n)
{
    const FormChoice *c = form_choice(program_of(run), (int)args[1].number, expr_to_text(expr_run_arena(run), &args[0]));
    return text_value(c ? in_language(c->label, expr_run_host(run)->english) : S(""));
}

/* jr:itext('/data/x:label') or ('list-0'). */
static ExprValue itext(ExprRun *run, const ExprValue *args, int n)
{
    const FormProgram *p  = program_of(run);
    Str                id = expr_to_text(expr_run_arena(run), &args[0]);
    bool               english = expr_run_host(run)->english;
    StrPair            list = str_cut_last(id, '-');
    int64_t            at;
    for (size_t i = 0; i < p->lists.len && str_to_i64(list.tail, &at); i++)
        if (str_eq(p->lists.at[i].name, list.head) && at >= 0 && at < (int64_t)p->lists.at[i].choices.len)
            return text_value(in_language(p->lists.at[i].choices.at[at].label, english));
    StrPair path = str_cut_last(id, ':');
    Str     rest = str_starts(path.head, S("/data/")) ? str_skip(path.head, 6) : S("");
    int     node = -1;
    while (rest.len) {
        StrPair step = str_cut(rest, '/');
        node         = form_child(p, p->code, node, step.head);
        rest         = node < 0 ? S("") : step.tail;
    }
    if (node < 0 || (!str_eq(path.tail, S("label")) && !str_eq(path.tail, S("hint"))))
        return text_value(S(""));
    const FormNode *x = &p->nodes.at[node];
    return text_value(in_language(str_eq(path.tail, S("label")) ? x->label : x->hint, english));
}

static const ExprFunction functions[] = {
    { "jr:choice-name", "sp", EXPR_STRING, choice_name, true },
    { "jr:itext", "s", EXPR_STRING, itext, true },
};
const ExprLibrary form_library = { functions, COUNT_OF(functions) };
