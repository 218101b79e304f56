/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paths: nodes of the host and rows of tables, step by step, with conditions in square brackets. The host says which node
 * each run of steps reaches; conditions of the form "column = expr" on a table become look-ups. */
#include "expr/table.h"

bool expr_tree_is_set(const Tree *t)
{
    return t->op >= TREE_NODES && t->op <= TREE_PICK;
}

static bool of_rows(const Tree *t)
{
    return t->op == TREE_ROWS || ((t->op == TREE_FILTER || t->op == TREE_PICK) && of_rows(t->kids[0]));
}

/* The table's tree under conditions. */
static const Tree *bare(const Tree *t)
{
    while (t->op == TREE_FILTER || t->op == TREE_PICK)
        t = t->kids[0];
    return t;
}

static Tree *several(Compiler *c, const Tree *t)
{
    expr_fail(c, t->at, "E-PATH",
              S("đường dẫn này trỏ tới nhiều câu hỏi, ở đây chỉ dùng được một. Viết tên một câu hỏi."),
              S("this path leads to several questions where one value is needed. Name one question."));
    return NULL;
}

/* Where one value is wanted: one node, or the first that conditions leave. */
bool expr_tree_single(Compiler *c, const Tree *t)
{
    if (t->kind == EXPR_NODES && t->op == TREE_CALL)
        return true;
    if (!expr_tree_is_set(t))
        return true;
    if (t->op == TREE_NODES && t->count == 1 && c->refs.at[t->first].pin == c->refs.at[t->first].depth && !t->filtered)
        return true;
    if (!t->filtered)
        return several(c, t) != NULL;
    if (of_rows(t) && !t->sure)
        expr_warn(c, t->at, "W-FIRST", S("điều kiện này có thể đúng với nhiều dòng; chỉ dòng đầu được lấy. Thêm điều kiện cho đủ rõ."),
                  S("several rows may meet this condition; only the first is taken. Make the condition narrower."));
    return true;
}

/* ---- Nodes of the host --------------------------------------------------------------------------------- */

static void warn_star(Compiler *c, size_t at, const ExprPath *path)
{
    for (int i = 0; i < path->step_count; i++)
        if (path->steps[i].axis == EXPR_CHILD && str_eq(path->steps[i].name, S("*")))
            expr_warn(c, at, "E-PORT", S("dấu * trong đường dẫn cho kết quả khác trên điện thoại. Viết từng tên câu hỏi."),
                      S("a * in a path gives another result on phones. Write the name of each question."));
}

static bool resolve(Compiler *c, size_t at, const ExprPath *path, ExprRefs *refs)
{
    ExprFault why = { 0 };
    if (c->names && c->names->resolve && c->names->resolve(c->names->self, c->scratch, path, refs, &why))
        return true;
    bool known = why.code && why.vi.len;
    expr_fail(c, at, known ? why.code : "E-PATH", known ? why.vi : S("không dùng được đường dẫn ở đây. Bỏ đường dẫn này."),
              known ? why.en : S("a path has no meaning here. Delete it."));
    return false;
}

/* The scope that paths into the form start from: the innermost that is no row. */
static int node_frame(const Compiler *c, bool own)
{
    int f = own ? 0 : c->frame;
    while (f > 0 && c->scopes[f].kind == SCOPE_ROW)
        f--;
    return f;
}

static Tree *nodes_tree(Compiler *c, size_t at, Tree *base, int frame, const ExprRefs *refs)
{
    Tree *t     = expr_tree_new(c, at, TREE_NODES, refs->len == 1 ? refs->at[0].kind : EXPR_ANY, base ? 1 : 0);
    t->first    = (int)c->refs.len;
    t->count    = (int)refs->len;
    t->frame    = frame;
    t->filtered = base && base->filtered;
    t->sure     = base && base->sure;
    if (base)
        t->kids[0] = base;
    for (size_t i = 0; i < refs->len; i++) {
        ExprRef *ref = list_add(c->scratch, &c->refs);
        *ref         = refs->at[i];
        ref->at      = (int)at;
        ref->earlier = base && base->earlier;
    }
    return t;
}

static Tree *from_scope(Compiler *c, size_t at, ExprPath *path, bool own, bool open)
{
    ExprRefs refs  = { 0 };
    int      frame = node_frame(c, own);
    warn_star(c, at, path);
    /* ${x} in square brackets is the reader's own x where both stand in one repeat: phones get current()/../x. */
    if (frame && path->variable.len) {
        if (!resolve(c, at, path, &refs))
            return NULL;
        frame    = refs.at[0].pin ? 0 : frame;
        refs.len = 0;
    }
    path->inside = frame > 0;
    path->from   = c->scopes[frame].node;
    if (!resolve(c, at, path, &refs))
        return NULL;
    if (!refs.len)                       /* the host lets this path name nothing: no value */
        return expr_tree_value(c, at, expr_string(S("")));
    /* A condition on a repeat chooses among all its instances, the reader's own is not meant. */
    for (size_t i = 0; open && i < refs.len; i++)
        if ((path->absolute || path->variable.len) && refs.at[i].repeat && refs.at[i].pin == refs.at[i].depth)
            refs.at[i].pin--;
    Tree *t     = nodes_tree(c, at, NULL, frame, &refs);
    t->absolute = path->absolute;
    return t;
}

static Tree *from_nodes(Compiler *c, size_t at, Tree *base, ExprPath *path)
{
    ExprRefs    refs = { 0 };
    const Tree *set  = bare(base);
    if (set->count != 1)
        return several(c, set);
    path->inside = true;
    path->from   = c->refs.at[set->first].node;
    warn_star(c, at, path);
    return resolve(c, at, path, &refs) ? nodes_tree(c, at, base, 0, &refs) : NULL;
}

/* ---- Rows of tables --------------------------------------------------------------------------------------- */

static Tree *no_column(Compiler *c, size_t at, const ExprTable *t, Str name)
{
    Str near = expr_nearest(name, t->columns, (size_t)t->column_count);
    if (near.len)
        expr_fail(c, at, "E-PATH",
                  arena_fmt(c->scratch, "danh sách “%.*s” không có cột “%.*s”. Có phải “%.*s”?", STR_ARG(t->name), STR_ARG(name), STR_ARG(near)),
                  arena_fmt(c->scratch, "the list “%.*s” has no column “%.*s”. Did you mean “%.*s”?", STR_ARG(t->name), STR_ARG(name),
                            STR_ARG(near)));
    else
        expr_fail(c, at, "E-PATH",
                  arena_fmt(c->scratch, "danh sách “%.*s” không có cột “%.*s”. Thêm cột vào danh sách hoặc viết ${tên} của câu hỏi.",
                            STR_ARG(t->name), STR_ARG(name)),
                  arena_fmt(c->scratch, "the list “%.*s” has no column “%.*s”. Add the column, or write ${name} for a question.",
                            STR_ARG(t->name), STR_ARG(name)));
    return NULL;
}

/* "col" or "./col" from a row; false, reported, for anything else. "." alone gives column -1. */
static bool row_steps(Compiler *c, size_t at, const ExprTable *t, const ExprPath *path, int from, int *out_column)
{
    *out_column = -1;
    for (int i = from; i < path->step_count; i++) {
        const ExprStepName *s = &path->steps[i];
        if (s->axis == EXPR_SELF)
            continue;
        if (s->axis == EXPR_PARENT || *out_column >= 0 || str_eq(s->name, S("*"))) {
            expr_fail(c, at, "E-PATH", S("từ một dòng của danh sách chỉ tới được các cột của nó. Viết tên một cột, hoặc current()/../tên."),
                      S("from a row of a list a path can only go to its columns. Write a column, or current()/../name."));
            return false;
        }
        *out_column = expr_table_column(t, s->name);
        if (*out_column < 0)
            return no_column(c, at, t, s->name) != NULL;
    }
    return true;
}

static Tree *from_row(Compiler *c, size_t at, const ExprPath *path)
{
    int column;
    const Scope *s = &c->scopes[c->frame];
    if (!row_steps(c, at, c->tables.at[s->table], path, 0, &column))
        return NULL;
    if (column < 0)
        return expr_tree_value(c, at, expr_string(S("")));
    Tree *t   = expr_tree_new(c, at, TREE_CELL, EXPR_STRING, 0);
    t->frame  = c->frame;
    t->column = column;
    return t;
}

/* /root/item, then a column; after a condition a column only. */
static Tree *from_rows(Compiler *c, size_t at, Tree *base, const ExprPath *path)
{
    const Tree      *rows  = bare(base);
    const ExprTable *table = c->tables.at[rows->table];
    int              from  = 0, column;
    if (rows == base && base->column == -2) {
        if (path->step_count < 2 || !str_eq(path->steps[0].name, table->root) || !str_eq(path->steps[1].name, table->item)) {
            expr_fail(c, at, "E-PATH",
                      arena_fmt(c->scratch, "danh sách “%.*s” đọc bằng instance('%.*s')/%.*s/%.*s. Sửa đường dẫn.", STR_ARG(table->name),
                                STR_ARG(table->name), STR_ARG(table->root), STR_ARG(table->item)),
                      arena_fmt(c->scratch, "the list “%.*s” is read as instance('%.*s')/%.*s/%.*s. Correct the path.", STR_ARG(table->name),
                                STR_ARG(table->name), STR_ARG(table->root), STR_ARG(table->item)));
            return NULL;
        }
        base->column = -1;
        from         = 2;
    }
    if (!row_steps(c, at, table, path, from, &column))
        return NULL;
    if (column < 0)
        return base;
    Tree *t     = expr_tree_new(c, at, TREE_ROWS, EXPR_STRING, 1);
    t->kids[0]  = base;
    t->table    = rows->table;
    t->column   = column;
    t->filtered = base->filtered;
    t->sure     = base->sure;
    return t;
}

Tree *expr_tree_table(Compiler *c, size_t at, Str name)
{
    ExprTable *table = c->names && c->names->table ? c->names->table(c->names->self, name) : NULL;
    if (!table) {
        expr_fail(c, at, "E-PATH", arena_fmt(c->scratch, "không có danh sách “%.*s”. Sửa tên trong instance('…').", STR_ARG(name)),
                  arena_fmt(c->scratch, "there is no list “%.*s”. Correct the name in instance('…').", STR_ARG(name)));
        return NULL;
    }
    Tree *t   = expr_tree_new(c, at, TREE_ROWS, EXPR_STRING, 0);
    t->table  = (int)c->tables.len;
    t->column = -2;                              /* the document: /root/item comes next */
    *list_add(c->keep, &c->tables) = table;
    return t;
}

Tree *expr_tree_path(Compiler *c, size_t at, Tree *base, ExprPath *path, bool own, bool open)
{
    if (c->failed)
        return NULL;
    if (base)
        return of_rows(base) ? from_rows(c, at, base, path) : from_nodes(c, at, base, path);
    if (!own && !path->absolute && !path->variable.len && c->scopes[c->frame].kind == SCOPE_ROW)
        return from_row(c, at, path);
    return from_scope(c, at, path, own, open);
}

/* ---- Conditions ---------------------------------------------------------------------------------------------- */

bool expr_scope_enter(Compiler *c, const Tree *set)
{
    const Tree *b = bare(set);
    if (b->op == TREE_NODES && b->count != 1)
        return several(c, b) != NULL;
    if (b->op == TREE_ROWS && b->kid_count) {
        expr_fail(c, set->at, "E-PATH", S("điều kiện phải đứng sau item, trước tên cột. Viết item[điều kiện]/cột."),
                  S("a condition stands behind item and before the column. Write item[condition]/column."));
        return false;
    }
    Scope s = { .kind = b->op == TREE_NODES ? SCOPE_NODE : SCOPE_ROW, .table = b->table };
    if (s.kind == SCOPE_NODE)
        s.node = c->refs.at[b->first].node;
    c->scopes[++c->frame] = s;
    if (c->frame > c->frame_max)
        c->frame_max = c->frame;
    return true;
}

/* Does a value change from row to row of the frame? */
static bool reads_frame(const Tree *t, int frame)
{
    if ((t->op == TREE_NODES || t->op == TREE_CELL || t->op == TREE_POSITION) && t->frame == frame)
        return true;
    for (int i = 0; i < t->kid_count; i++)
        if (reads_frame(t->kids[i], frame))
            return true;
    return t->key && reads_frame(t->key, frame);
}

/* "column = value": the cell and the value, whichever way round. */
static bool is_key(const Tree *t, int frame, const Tree **out_cell, Tree **out_value)
{
    if (t->op != TREE_EQ)
        return false;
    for (int i = 0; i < 2; i++)
        if (t->kids[i]->op == TREE_CELL && t->kids[i]->frame == frame && !reads_frame(t->kids[1 - i], frame)) {
            *out_cell  = t->kids[i];
            *out_value = t->kids[1 - i];
            return true;
        }
    return false;
}

/* Takes the best key out of conditions joined by and: a column without doubles, else the first. What is left is returned;
 * NULL when nothing is. */
static Tree *take_key(Compiler *c, Tree *rows, Tree *condition, int frame)
{
    TreeList parts = { 0 };
    Tree    *rest  = NULL, *next = condition;
    int      best  = -1;
    for (; next->op == TREE_AND; next = next->kids[0])
        *list_add(c->scratch, &parts) = next->kids[1];
    *list_add(c->scratch, &parts) = next;
    for (size_t i = parts.len; i-- > 0;) {
        const Tree *cell;
        Tree       *value;
        ExprTable  *table = c->tables.at[rows->table];
        if (!is_key(parts.at[i], frame, &cell, &value))
            continue;
        expr_table_index(c->keep, table, cell->column);
        if (best >= 0 && !table->index[cell->column]->unique)
            continue;
        best       = (int)i;
        rows->by   = cell->column;
        rows->key  = value;
        rows->sure = table->index[cell->column]->unique;
    }
    for (size_t i = parts.len; i-- > 0;)
        if ((int)i != best)
            rest = rest ? expr_tree_binary(c, parts.at[i]->at, TREE_AND, rest, parts.at[i]) : parts.at[i];
    return rest;
}

/* position() < position(current()/..), the repeat being the set's: instances before the reader's own. */
static bool is_earlier(const Compiler *c, const Tree *set, const Tree *t, int frame)
{
    const Tree *less = t->op == TREE_LT ? t->kids[0] : t->op == TREE_GT ? t->kids[1] : NULL;
    const Tree *more = t->op == TREE_LT ? t->kids[1] : t->op == TREE_GT ? t->kids[0] : NULL;
    if (!less || less->op != TREE_POSITION || less->frame != frame || more->op != TREE_CALL || more->kid_count != 1)
        return false;
    const Tree *own = more->kids[0];
    if (!str_eq(str_from_c(expr_functions[more->fn].name), S("position")) || own->op != TREE_NODES || own->frame != 0 || own->kid_count)
        return false;
    const ExprRef *mine = &c->refs.at[own->first], *all = &c->refs.at[set->first];
    return set->op == TREE_NODES && set->count == 1 && mine->node == all->node && all->repeat && mine->pin == mine->depth &&
           all->pin == all->depth - 1;
}

Tree *expr_tree_filter(Compiler *c, Tree *set, Tree *condition)
{
    int frame = c->frame--;
    if (!condition || !expr_tree_single(c, condition))
        return NULL;
    if (condition->kind == EXPR_NUMBER) {
        expr_warn(c, condition->at, "E-PORT", S("số trong ngoặc vuông không chạy trên điện thoại. Viết [position() = 2]."),
                  S("a number in square brackets does not work on phones. Write [position() = 2]."));
        Tree *at     = expr_tree_new(c, condition->at, TREE_POSITION, EXPR_NUMBER, 0);
        at->frame    = frame;
        condition    = expr_tree_binary(c, condition->at, TREE_EQ, at, condition);
    }
    bool earlier  = is_earlier(c, set, condition, frame);
    bool sure     = set->sure;
    set->filtered = true;
    if (set->op == TREE_ROWS && !set->key && !set->kid_count) {
        condition = take_key(c, set, condition, frame);
        if (!condition)
            return set;
        sure = set->sure;
    }
    Tree *t     = expr_tree_new(c, set->at, TREE_FILTER, set->kind, 2);
    t->kids[0]  = set;
    t->kids[1]  = condition;
    t->frame    = frame;
    t->filtered = true;
    t->sure     = sure;
    t->earlier  = earlier;
    return t;
}

/* ---- pulldata, indexed-repeat ------------------------------------------------------------------------------------ */

static bool text_literal(Compiler *c, const Tree *t)
{
    if (t->op == TREE_VALUE && t->kind == EXPR_STRING)
        return true;
    expr_fail(c, t->at, "E-ARG", S("tên danh sách và tên cột phải viết trong dấu nháy, như 'xa'. Sửa tham số này."),
              S("the list and its columns are written in quotes, such as 'xa'. Correct this argument."));
    return false;
}

/* pulldata(list, column, key column, key) */
Tree *expr_tree_pulldata(Compiler *c, size_t at, TreeList *args)
{
    for (int i = 0; i < 3; i++)
        if (!text_literal(c, args->at[i]))
            return NULL;
    if (!expr_tree_single(c, args->at[3]))
        return NULL;
    Tree *rows = expr_tree_table(c, args->at[0]->at, args->at[0]->value.text);
    if (!rows)
        return NULL;
    ExprTable *table  = c->tables.at[rows->table];
    int        column = expr_table_column(table, args->at[1]->value.text), by = expr_table_column(table, args->at[2]->value.text);
    if (column < 0 || by < 0)
        return no_column(c, args->at[column < 0 ? 1 : 2]->at, table, args->at[column < 0 ? 1 : 2]->value.text);
    expr_table_index(c->keep, table, by);
    rows->column   = -1;
    rows->by       = by;
    rows->key      = args->at[3];
    rows->filtered = true;
    rows->sure     = table->index[by]->unique;
    Tree *t     = expr_tree_new(c, at, TREE_ROWS, EXPR_STRING, 1);
    t->kids[0]  = rows;
    t->table    = rows->table;
    t->column   = column;
    t->filtered = true;
    t->sure     = rows->sure;
    return t;
}

static bool is_around(const ExprRef *repeat, const ExprRef *node)
{
    return repeat->repeat && repeat->depth <= node->depth && node->around[repeat->depth - 1] == repeat->node;
}

/* indexed-repeat(node, repeat, index, …): down from repeat to repeat. */
Tree *expr_tree_indexed(Compiler *c, size_t at, TreeList *args)
{
    Tree *set = NULL;
    for (size_t i = 0; i < args->len; i++)
        if (i == 0 || i % 2 == 1 ? args->at[i]->op != TREE_NODES || args->at[i]->count != 1 : !expr_tree_single(c, args->at[i])) {
            expr_fail(c, args->at[i]->at, "E-ARG",
                      S("indexed-repeat cần câu hỏi, rồi từng cặp nhóm lặp và số thứ tự. Viết indexed-repeat(${x}, ${nhóm}, 2)."),
                      S("indexed-repeat takes a question, then pairs of a repeat and a number. Write indexed-repeat(${x}, ${repeat}, 2)."));
            return NULL;
        }
    ExprRef node = c->refs.at[args->at[0]->first], last = { 0 };
    for (size_t i = 1; i < args->len; i += 2) {
        ExprRef repeat = c->refs.at[args->at[i]->first];
        if (!is_around(&repeat, &node) || (set && (repeat.depth <= last.depth || !is_around(&last, &repeat)))) {
            expr_fail(c, args->at[i]->at, "E-ARG", S("câu hỏi không nằm trong nhóm lặp này. Viết nhóm lặp chứa câu hỏi."),
                      S("the question does not lie in this repeat. Name the repeat that holds it."));
            return NULL;
        }
        repeat.pin    = set ? last.depth : repeat.pin < repeat.depth ? repeat.pin : repeat.depth - 1;
        ExprRefs refs = { &repeat, 1, 1 };
        Tree    *all  = nodes_tree(c, at, set, 0, &refs);
        set           = expr_tree_new(c, at, TREE_PICK, EXPR_STRING, 2);
        set->kids[0]  = all;
        set->kids[1]  = args->at[i + 1];
        set->filtered = true;
        last          = repeat;
    }
    node.pin      = last.depth;
    ExprRefs refs = { &node, 1, 1 };
    return nodes_tree(c, at, set, 0, &refs);
}
