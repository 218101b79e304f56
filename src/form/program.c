/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Nodes to a program: names resolved, expressions compiled, answers numbered, indexes built. */
#include "form/form_parts.h"

/* A node whose calculation gives a truth is boolean, which may make others so: so many times at most. */
enum { MAX_PASSES = 8 };

/* ---- Compiling ------------------------------------------------------------------------------------------------- */

static void report(Reader *r, const Pending *x, const ExprFault *f)
{
    const char *code = f->code;
    if (f->warning && str_eq(str_from_c(code), S("E-PORT"))) {
        if (r->p->channels && !(r->p->channels & FORM_FIELD))
            return;                                      /* never asked on a phone */
        code = r->p->channels ? "E-PORT" : "W-PORT";
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

/* The expression looks into a file that could not be read: that is said already, and which columns it has is not known. */
static bool file_unread(const Reader *r, const Pending *x)
{
    for (size_t i = 0; i < r->p->lists.len; i++) {
        const FormList *l = &r->p->lists.at[i];
        if (!l->file.len || l->columns.len)
            continue;
        if (x->column == COL_CHOICE_FILTER && r->p->nodes.at[x->node].list == (int)i)
            return true;
        for (size_t from = 0, at; str_find(str_skip(x->source, from), l->name, &at); from += at + l->name.len) {
            Str call = str_trim(str_take(x->source, from + at ? from + at - 1 : 0));     /* in front of the quotation mark */
            if (str_ends(call, S("instance(")) || str_ends(call, S("pulldata(")))
                return true;
        }
    }
    return false;
}

static bool compile_one(Reader *r, struct FormCode *code, const Pending *x, ExprFaults *faults, ExprCode *to)
{
    FormScope scope = { r->p, code, x->node, &r->hints };
    ExprNames names = form_names(&scope);
    if (x->column != COL_CHOICE_FILTER)
        return expr_compile(r->keep, *r->scratch, x->source, &names, &form_library, faults, to);
    int list = r->p->nodes.at[x->node].list;             /* none: reported already */
    return list >= 0 && expr_compile_filter(r->keep, *r->scratch, x->source, &code->tables[list], &names, &form_library, faults, to);
}

/* One pass over all expressions; what is wrong with the i-th goes to faults[i]. True: compile again, for a
 * calculation that gives a truth made its node boolean. */
static bool compile_pass(Reader *r, struct FormCode *code, ExprFaults *faults)
{
    bool changed     = false;
    code->expr_count = 0;
    for (size_t i = 0; i < r->pending.len; i++) {
        const Pending *x = &r->pending.at[i];
        FormNode *n      = x->node < 0 ? NULL : &r->p->nodes.at[x->node];
        int      *slot   = n ? slot_of(n, x->column) : &code->instance_name;
        ExprCode *to     = &code->exprs[code->expr_count];
        faults[i] = (ExprFaults){ 0 };
        *slot     = -1;
        if (file_unread(r, x) || !compile_one(r, code, x, &faults[i], to))
            continue;
        *slot = code->expr_count++;
        if (x->column == COL_CALCULATION && !n->trigger_src.len && n->kind == EXPR_STRING && to->kind == EXPR_BOOLEAN) {
            n->kind = EXPR_BOOLEAN;
            changed = true;
        }
    }
    return changed;
}

static void warn_boolean(Reader *r, const Pending *x)
{
    if (x->node >= 0 && x->column == COL_CALCULATION && r->p->nodes.at[x->node].kind == EXPR_BOOLEAN)
        form_issue(r, x->at, "W-BOOL", S("công thức cho kết quả đúng/sai, mỗi nơi ghi một kiểu. Viết if(…, 1, 0)."),
                   S("the calculation gives true or false, which engines write differently. Write if(…, 1, 0)."));
}

static void compile_pending(Reader *r, struct FormCode *code)
{
    ExprFaults *faults = arena_new(r->scratch, ExprFaults, r->pending.len);
    for (int pass = 0; compile_pass(r, code, faults) && pass < MAX_PASSES; pass++)
        continue;
    for (size_t i = 0; i < r->pending.len; i++) {
        for (size_t k = 0; k < faults[i].len; k++)
            report(r, &r->pending.at[i], &faults[i].at[k]);
        if (r->pending.at[i].node >= 0)
            warn_boolean(r, &r->pending.at[i]);
    }
}

/* ${name} in a text of a row must be a question too. */
static void check_text(Reader *r, struct FormCode *code, Place at, int node, Str text)
{
    size_t from;
    while (str_find(text, S("${"), &from)) {
        StrPair   cut   = str_cut(str_skip(text, from + 2), '}');
        FormScope scope = { r->p, code, node, &r->hints };
        ExprFault fault = { 0 };
        if (form_variable(&scope, r->scratch, str_trim(cut.head), &fault) < 0)
            form_issue(r, at, fault.code, arena_str(r->keep, fault.vi), arena_str(r->keep, fault.en));
        text = cut.tail;
    }
}

/* Where a text of that kind and language stands: its own column, else the one without a language. */
static Place place_of_text(const Reader *r, const Columns *c, SheetId sheet, int row, FormTextKind kind, int language)
{
    int plain = -1;
    for (size_t i = 0; i < c->len; i++) {
        if (c->at[i].id != (ColumnId)(COL_LABEL + kind))
            continue;
        if (c->at[i].language == language)
            return (Place){ sheet, row, (int)i, c->at[i].header };
        plain = c->at[i].language < 0 && language == r->p->language ? (int)i : plain;
    }
    return (Place){ sheet, row, plain < 0 ? 0 : plain, plain < 0 ? S("") : c->at[plain].header };
}

/* Labels, hints, guidance and messages in every language; names of pictures and sounds are no texts. */
static void check_texts_of(Reader *r, struct FormCode *code, const Columns *c, SheetId sheet, int row, int node, const FormText *text)
{
    for (int k = TEXT_LABEL; text && k <= TEXT_CONSTRAINT_MESSAGE; k++)
        for (size_t l = 0; text[k].by && l < r->p->languages.len; l++)
            if (str_has(text[k].by[l], S("${")))
                check_text(r, code, place_of_text(r, c, sheet, row, (FormTextKind)k, (int)l), node, text[k].by[l]);
}

static void check_appearance(Reader *r, struct FormCode *code, const FormNode *n, int node)
{
    int column = r->survey.first[COL_APPEARANCE][LANG_NONE];
    if (column >= 0)
        check_text(r, code, (Place){ SHEET_SURVEY, n->row, column, r->survey.at[column].header }, node, n->appearance);
}

/* Questionnaires of phones name nodes by paths: only what was read from rows is looked at. */
static void check_texts(Reader *r, struct FormCode *code)
{
    if (!r->survey.len)
        return;
    for (size_t i = 0; i < r->p->lists.len; i++)
        for (size_t k = 0; k < r->p->lists.at[i].choices.len; k++)
            check_texts_of(r, code, &r->choices, SHEET_CHOICES, r->p->lists.at[i].choices.at[k].row, -1, r->p->lists.at[i].choices.at[k].text);
    for (size_t i = 0; i < r->p->nodes.len; i++) {
        const FormNode *n = &r->p->nodes.at[i];
        check_texts_of(r, code, &r->survey, SHEET_SURVEY, n->row, (int)i, n->text);
        check_appearance(r, code, n, (int)i);
    }
}

/* ---- Numbering ---------------------------------------------------------------------------------------------------- */

static ExprKind kind_of(const FormNode *n)
{
    static const struct { const char *type; ExprKind kind; } types[] = {
        { "int", EXPR_NUMBER }, { "decimal", EXPR_NUMBER }, { "boolean", EXPR_BOOLEAN }, { "date", EXPR_DATE }, { "dateTime", EXPR_DATETIME },
        { "time", EXPR_TIME } };
    for (size_t i = 0; i < n->attr_count; i++)
        for (size_t k = 0; n->attrs[i].on == ATTR_BIND && str_eq(n->attrs[i].name, S("type")) && k < COUNT_OF(types); k++)
            if (str_eq(n->attrs[i].value, str_from_c(types[k].type)))
                return types[k].kind;
    switch (n->type) {
    case Q_INTEGER: case Q_DECIMAL: case Q_RANGE: return EXPR_NUMBER;
    case Q_DATE: case Q_TODAY: return EXPR_DATE;
    case Q_DATETIME: case Q_START: case Q_END: return EXPR_DATETIME;
    case Q_TIME: return EXPR_TIME;
    default: return EXPR_STRING;
    }
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

/* The seed of randomize: a number or ${question}. */
static void compile_seeds(Reader *r, struct FormCode *code)
{
    for (size_t i = 0; i < r->p->nodes.len; i++) {
        FormNode *n      = &r->p->nodes.at[i];
        Str       source = form_param(n, S("seed"));
        FormScope scope  = { r->p, code, (int)i, &r->hints };
        ExprNames names  = form_names(&scope);
        ExprFaults faults = { 0 };
        n->seed = -1;
        if (!source.len)
            continue;
        if (expr_compile(r->keep, *r->scratch, source, &names, &form_library, &faults, &code->exprs[code->expr_count]))
            n->seed = code->expr_count++;
        for (size_t k = 0; k < faults.len && !faults.at[k].warning; k++)
            form_issue(r, (Place){ SHEET_SURVEY, n->row, 0, S("parameters") }, faults.at[k].code, faults.at[k].vi, faults.at[k].en);
    }
}

void form_compile(Reader *r)
{
    FormProgram     *p    = r->p;
    struct FormCode *code = arena_new(r->keep, struct FormCode, 1);
    code->instance_name   = -1;
    for (size_t i = 0; i < p->nodes.len; i++)
        p->nodes.at[i].kind = kind_of(&p->nodes.at[i]);
    form_tree(r->keep, p, code);
    name_nodes(r, code);
    check_codes(r);
    index_lists(r, code);
    form_tables(r->keep, p, code);
    code->exprs = arena_new(r->keep, ExprCode, r->pending.len + p->nodes.len);
    compile_pending(r, code);
    compile_seeds(r, code);
    read_triggers(r, code);
    check_texts(r, code);
    find_languages(p);
    form_order(r, code);
    p->code = code;
}

bool form_relevant_clause(Arena *keep, Arena scratch, const FormProgram *p, int node, ExprClause *out)
{
    int             hints = INT32_MAX;           /* nobody reads the hints */
    struct FormCode code  = *p->code;
    FormScope       scope = { p, &code, node, &hints };
    ExprNames       names = form_names(&scope);
    Str             src   = p->nodes.at[node].relevant_src;
    return src.len && expr_clause(keep, scratch, src, &names, &form_library, out);
}
