/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Nodes to a program: names resolved, expressions compiled, answers numbered, indexes built. */
#include "form/form_parts.h"

/* ---- Names in expressions ------------------------------------------------------------------------------------ */

typedef struct Scope { const FormProgram *p; const struct FormCode *code; int node; int *hints; } Scope;

/* Searching for a near name is quadratic over a file full of faults: so many times a file. */
enum { MAX_HINTS = 400, MAX_PASSES = 8 };

static bool why_not(ExprFault *f, const char *code, Str vi, Str en)
{
    *f = (ExprFault){ .code = code, .vi = vi, .en = en };
    return false;
}

static void add_ref(Arena *a, const FormProgram *p, int node, ExprRefs *out)
{
    *list_add(a, out) = (ExprRef){ .node = node, .kind = p->nodes.at[node].kind };
}

static bool variable_unknown(Scope *s, Arena *a, Str name, ExprFault *f)
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

static bool resolve_variable(Scope *s, Arena *a, Str name, ExprRefs *out, ExprFault *f)
{
    const FormNode *first = NULL;
    int             known = name_set_find(&s->code->shared, name) < 0 ? name_set_find(&s->code->names, name) : -1;
    if (str_starts(name, S("last-saved#")))
        return why_not(f, "E-VAR", S("${last-saved#…} chưa hỗ trợ. Dùng câu hỏi trong phiếu."),
                       S("${last-saved#…} is not supported. Use a question of this form."));
    if (known >= 0) {
        add_ref(a, s->p, known, out);
        return true;
    }
    /* A name that two groups share is no key by itself. */
    for (size_t i = 0; i < s->p->nodes.len; i++) {
        const FormNode *n = &s->p->nodes.at[i];
        if (!str_eq(n->leaf, name))
            continue;
        if (first)
            return why_not(f, "E-VAR",
                           arena_fmt(a, "có hai câu hỏi tên “%.*s” ở hai nhóm (hàng %d và %d). Đổi tên một câu, hoặc viết đường dẫn.",
                                     STR_ARG(name), first->row, n->row),
                           arena_fmt(a, "two groups hold a question “%.*s” (rows %d and %d). Rename one, or write the path.",
                                     STR_ARG(name), first->row, n->row));
        first = n;
    }
    return variable_unknown(s, a, name, f);
}

static int child_of(const FormProgram *p, int parent, Str name)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        if (p->nodes.at[i].parent == parent && str_eq(p->nodes.at[i].leaf, name))
            return (int)i;
    return -1;
}

static bool add_children(Scope *s, Arena *a, int parent, ExprRefs *out)
{
    for (size_t i = 0; i < s->p->nodes.len; i++)
        if (s->p->nodes.at[i].parent == parent)
            add_ref(a, s->p, (int)i, out);
    return out->len > 0;
}

/* Walks the steps; -1 is the root, which has no value. -2: nowhere. */
static bool walk(Scope *s, Arena *a, const ExprPath *path, int at, int from, ExprRefs *out)
{
    for (int i = from; i < path->step_count; i++) {
        const ExprStepName *step = &path->steps[i];
        bool last = i + 1 == path->step_count;
        if (step->axis == EXPR_SELF)
            continue;
        if (step->axis == EXPR_PARENT) {
            if (at < 0)
                return false;
            at = s->p->nodes.at[at].parent;
            continue;
        }
        if (str_eq(step->name, S("*")))
            return last && add_children(s, a, at, out);
        at = child_of(s->p, at, step->name);
        if (at < 0)
            return false;
    }
    if (at >= 0)
        add_ref(a, s->p, at, out);
    return at >= 0;
}

static bool resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *f)
{
    Scope *s = self;
    if (path->variable.len)
        return resolve_variable(s, a, path->variable, out, f);
    int from = 0, at = path->inside ? path->from : s->node;
    if (path->absolute) {
        Str root = path->steps[0].name;
        at       = -1;
        from     = path->steps[0].axis == EXPR_CHILD && (str_eq(root, S("data")) || str_eq(root, s->p->form_id)) ? 1 : path->step_count + 1;
        if (from > path->step_count)
            return why_not(f, "E-PATH", S("đường dẫn phải bắt đầu bằng /data. Viết ${tên} hoặc /data/nhóm/tên."),
                S("a path begins with /data. Write ${name} or /data/group/name."));
    }
    if (walk(s, a, path, at, from, out))
        return true;
    /* The root itself has a position, 1, and nothing else. */
    if (!path->absolute && path->step_count == 1 && path->steps[0].axis == EXPR_PARENT && s->p->nodes.len) {
        add_ref(a, s->p, s->node, out);
        out->at[0].once = true;
        return true;
    }
    return why_not(f, "E-PATH", S("đường dẫn này không tới câu hỏi nào. Viết ${tên}."), S("this path leads to no question. Write ${name}."));
}

/* ---- Compiling ------------------------------------------------------------------------------------------------- */

static void report(Reader *r, const Pending *x, const ExprFault *f)
{
    const char *code = f->code;
    if (f->warning && str_eq(str_from_c(code), S("E-PORT"))) {
        if (r->channels_named && !r->field)
            return;                                      /* never asked on a phone */
        code = r->field ? "E-PORT" : "W-PORT";
    }
    bool place = str_eq(str_from_c(code), S("E-XPATH")) && f->at > 0;
    form_issue(r, x->at, code, place ? SAY("ký tự thứ %d: %.*s", f->at + 1, STR_ARG(f->vi)) : arena_str(r->keep, f->vi),
               place ? SAY("character %d: %.*s", f->at + 1, STR_ARG(f->en)) : arena_str(r->keep, f->en));
}

static int *slot_of(FormNode *n, ColumnId column)
{
    switch (column) {
    case COL_REQUIRED: return &n->required;
    case COL_RELEVANT: return &n->relevant;
    case COL_CONSTRAINT: return &n->constraint;
    case COL_READ_ONLY: return &n->read_only;
    case COL_CHOICE_FILTER: return &n->choice_filter;
    case COL_REPEAT_COUNT: return &n->repeat_count;
    case COL_DEFAULT: return &n->default_value;
    default: return &n->calculation;
    }
}

/* One pass over all expressions; what is wrong with the i-th goes to faults[i]. True: compile again, for a
 * calculation that gives a truth made its node boolean. */
static bool compile_pass(Reader *r, struct FormCode *code, ExprFaults *faults)
{
    bool changed     = false;
    code->expr_count = 0;
    for (size_t i = 0; i < r->pending.len; i++) {
        const Pending *x = &r->pending.at[i];
        if (x->column == COL_CHOICE_FILTER || x->node < 0)
            continue;
        FormNode *n      = &r->p->nodes.at[x->node];
        Scope     scope  = { r->p, code, x->node, &r->hints };
        ExprNames names  = { &scope, resolve };
        ExprCode *to     = &code->exprs[code->expr_count];
        faults[i]              = (ExprFaults){ 0 };
        *slot_of(n, x->column) = -1;
        if (!expr_compile(r->keep, *r->scratch, x->source, &names, NULL, &faults[i], to))
            continue;
        *slot_of(n, x->column) = code->expr_count++;
        if (x->column == COL_CALCULATION && n->kind != EXPR_BOOLEAN && to->kind == EXPR_BOOLEAN) {
            n->kind = EXPR_BOOLEAN;
            changed = true;
        }
    }
    return changed;
}

static void warn_boolean(Reader *r, const Pending *x)
{
    if (x->column == COL_CALCULATION && r->p->nodes.at[x->node].kind == EXPR_BOOLEAN)
        form_issue(r, x->at, "W-BOOL", S("công thức cho kết quả đúng/sai, mỗi nơi ghi một kiểu. Viết if(…, 1, 0)."),
                   S("the calculation gives true or false, which engines write differently. Write if(…, 1, 0)."));
}

static void compile_pending(Reader *r, struct FormCode *code)
{
    ExprFaults *faults = arena_new(r->scratch, ExprFaults, r->pending.len);
    code->exprs        = arena_new(r->keep, ExprCode, r->pending.len);
    for (int pass = 0; compile_pass(r, code, faults) && pass < MAX_PASSES; pass++)
        continue;
    for (size_t i = 0; i < r->pending.len; i++) {
        for (size_t k = 0; k < faults[i].len; k++)
            report(r, &r->pending.at[i], &faults[i].at[k]);
        if (r->pending.at[i].node >= 0)
            warn_boolean(r, &r->pending.at[i]);
    }
}

/* ${name} in labels and hints must be a question too. */
static void check_text(Reader *r, const struct FormCode *code, const FormNode *n, int node, Str text, ColumnId column)
{
    size_t at;
    while (str_find(text, S("${"), &at)) {
        StrPair   cut   = str_cut(str_skip(text, at + 2), '}');
        Scope     scope = { r->p, code, node, &r->hints };
        ExprRefs  refs  = { 0 };
        ExprFault fault = { 0 };
        if (!resolve_variable(&scope, r->scratch, str_trim(cut.head), &refs, &fault)) {
            const Columns *c = &r->survey;
            int col = c->first[column][LANG_VI] >= 0 ? c->first[column][LANG_VI] : c->first[column][LANG_NONE] >= 0 ? c->first[column][LANG_NONE] : 0;
            form_issue(r, (Place){ SHEET_SURVEY, n->row, col, c->at[col].header }, fault.code, arena_str(r->keep, fault.vi),
                       arena_str(r->keep, fault.en));
            return;
        }
        text = cut.tail;
    }
}

static void check_texts(Reader *r, const struct FormCode *code)
{
    for (size_t i = 0; i < r->p->nodes.len; i++) {
        const FormNode *n = &r->p->nodes.at[i];
        Str vi = n->label[LANG_VI].len ? n->label[LANG_VI] : n->label[LANG_EN];
        check_text(r, code, n, (int)i, vi, COL_LABEL);
        if (n->label[LANG_EN].len && n->label[LANG_VI].len)
            check_text(r, code, n, (int)i, n->label[LANG_EN], COL_LABEL);
        check_text(r, code, n, (int)i, n->hint[LANG_VI], COL_HINT);
    }
}

/* ---- Numbering ---------------------------------------------------------------------------------------------------- */

static ExprKind kind_of(QuestionType t)
{
    return t == Q_INTEGER || t == Q_DECIMAL ? EXPR_NUMBER : t == Q_DATE ? EXPR_DATE : EXPR_STRING;
}

static Str path_of(Reader *r, const FormNode *n)
{
    Str path = n->leaf;
    for (int g = n->parent; g >= 0; g = r->p->nodes.at[g].parent)
        path = SAY("%.*s/%.*s", STR_ARG(r->p->nodes.at[g].leaf), STR_ARG(path));
    return path;
}

/* The key of answers is the name, or the whole path where two groups share it. */
static void name_nodes(Reader *r, struct FormCode *code)
{
    size_t  n    = r->p->nodes.len;
    NameSet once = name_set_new(r->scratch, n), twice = name_set_new(r->keep, n);
    for (size_t i = 0; i < n; i++)
        if (!name_set_add(&once, r->p->nodes.at[i].leaf))
            name_set_add(&twice, r->p->nodes.at[i].leaf);
    code->shared = twice;
    code->names  = name_set_new(r->keep, n);
    for (size_t i = 0; i < n; i++) {
        FormNode *x = &r->p->nodes.at[i];
        x->name     = name_set_find(&twice, x->leaf) < 0 ? x->leaf : path_of(r, x);
        if (!name_set_add(&code->names, x->name)) {
            x->name = SAY("%.*s#%d", STR_ARG(x->name), x->row);      /* refused as E-DUP; the numbers must still fit */
            name_set_add(&code->names, x->name);
        }
        if (!x->code.len)
            x->code = x->name;
    }
}

static void check_codes(Reader *r)
{
    NameSet codes = name_set_new(r->scratch, r->p->nodes.len);
    for (size_t i = 0; i < r->p->nodes.len; i++) {
        const FormNode *n = &r->p->nodes.at[i];
        if (name_set_add(&codes, n->code) || str_eq(n->code, n->name) || r->survey.first[COL_TD_CODE][LANG_NONE] < 0)
            continue;
        int col = r->survey.first[COL_TD_CODE][LANG_NONE];
        form_issue(r, (Place){ SHEET_SURVEY, n->row, col, r->survey.at[col].header }, "E-DUP",
                   SAY("mã “%.*s” đã dùng cho câu khác. Đặt mã khác.", STR_ARG(n->code)),
                   SAY("the code “%.*s” is used by another question. Choose another.", STR_ARG(n->code)));
    }
}

static void index_lists(Reader *r, struct FormCode *code)
{
    code->lists = arena_new(r->keep, NameSet, r->p->lists.len);
    for (size_t i = 0; i < r->p->lists.len; i++) {
        const FormList *l = &r->p->lists.at[i];
        code->lists[i]    = name_set_new(r->keep, l->choices.len);
        for (size_t k = 0; k < l->choices.len; k++)
            if (!name_set_add(&code->lists[i], l->choices.at[k].name))       /* allowed: the first is found */
                name_set_add(&code->lists[i], SAY("%.*s\n%zu", STR_ARG(l->choices.at[k].name), k));
    }
}

static void find_languages(FormProgram *p)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        for (int l = 0; l < LANG_COUNT; l++)
            p->has_lang[l] |= p->nodes.at[i].label[l].len > 0;
}

void form_compile(Reader *r)
{
    FormProgram     *p    = r->p;
    struct FormCode *code = arena_new(r->keep, struct FormCode, 1);
    for (size_t i = 0; i < p->nodes.len; i++) {
        p->nodes.at[i].kind = kind_of(p->nodes.at[i].type);
        if (!form_type_holds(p->nodes.at[i].type) && p->nodes.at[i].type != Q_NOTE &&
            p->nodes.at[i].type != Q_EXTERNAL && p->nodes.at[i].type != Q_AUDIT)
            p->nodes.at[i].answer = p->answer_count++;
    }
    name_nodes(r, code);
    check_codes(r);
    compile_pending(r, code);
    check_texts(r, code);
    read_triggers(r, code);
    index_lists(r, code);
    find_languages(p);
    form_order(r, code);
    p->code = code;
}

bool form_relevant_clause(Arena *keep, Arena scratch, const FormProgram *p, int node, ExprClause *out)
{
    int       hints = MAX_HINTS;
    Scope     scope = { p, p->code, node, &hints };
    ExprNames names = { &scope, resolve };
    Str       src   = p->nodes.at[node].relevant_src;
    return src.len && expr_clause(keep, scratch, src, &names, NULL, out);
}
