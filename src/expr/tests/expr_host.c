/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "expr/tests/expr_host.h"

/* ---- Tables ------------------------------------------------------------------------------------------- */

static const Str xa_columns[] = { S_INIT("name"), S_INIT("label"), S_INIT("tinh"), S_INIT("dan") };
static const Str xa_cells[] = {
    S_INIT("x1"), S_INIT("Xã Một"), S_INIT("01"), S_INIT("120"),     S_INIT("x2"), S_INIT("Xã Hai"), S_INIT("01"), S_INIT("80"),
    S_INIT("x3"), S_INIT("Phường Ba"), S_INIT("02"), S_INIT("300"),  S_INIT("x4"), S_INIT("Xã Bốn"), S_INIT("02"), S_INIT(""),
    S_INIT("x5"), S_INIT("Đặc khu Năm"), S_INIT("03"), S_INIT("80"), S_INIT("x6"), S_INIT("Xã Một"), S_INIT("02"), S_INIT("80"),
};

static ExprTable *table_of(void *self, Str name)
{
    Answers   *x = self;
    ExprTable *t = arena_new(x->a, ExprTable, 1);
    *t = (ExprTable){ .name = S("xa"), .root = S("root"), .item = S("item"), .columns = xa_columns, .column_count = 4, .cells = xa_cells,
                      .row_count = 6 };
    return str_eq(name, S("xa")) ? t : NULL;
}

/* ---- Reading ------------------------------------------------------------------------------------------ */

static ExprKind kind_of(Str letter)
{
    static const struct { const char *letter; ExprKind kind; } kinds[] = {
        { "n", EXPR_NUMBER }, { "b", EXPR_BOOLEAN }, { "d", EXPR_DATE }, { "t", EXPR_DATETIME }, { "h", EXPR_TIME } };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(letter, str_from_c(kinds[i].letter)))
            return kinds[i].kind;
    return EXPR_STRING;
}

static int node_of(Answers *x, int parent, Str leaf, bool repeat)
{
    for (size_t i = 0; i < x->nodes.len; i++)
        if (x->nodes.at[i].parent == parent && str_eq(x->nodes.at[i].leaf, leaf)) {
            if (repeat && !x->nodes.at[i].repeat) {
                x->nodes.at[i].around[x->nodes.at[i].depth++] = (int)i;
                x->nodes.at[i].repeat = true;
            }
            return (int)i;
        }
    HostNode n = { .leaf = leaf, .parent = parent, .repeat = repeat, .kind = EXPR_STRING };
    int      i = (int)x->nodes.len;
    if (parent >= 0) {
        n.depth = x->nodes.at[parent].depth;
        memcpy(n.around, x->nodes.at[parent].around, sizeof n.around);
    }
    if (repeat)
        n.around[n.depth++] = i;
    *list_add(x->a, &x->nodes) = n;
    return i;
}

static int instance_of(Answers *x, int node, int parent, int position)
{
    for (size_t i = 1; i < x->instances.len; i++)
        if (x->instances.at[i].node == node && x->instances.at[i].parent == parent && x->instances.at[i].position == position)
            return (int)i;
    *list_add(x->a, &x->instances) = (HostInstance){ .node = node, .parent = parent, .position = position };
    return (int)x->instances.len - 1;
}

/* "r[2]/m": node and instance, made when new. */
static void place(Answers *x, Str path, int *node, int *instance)
{
    *node     = -1;
    *instance = 0;
    while (path.len) {
        StrPair step = str_cut(path, '/'), index = str_cut(step.head, '[');
        int64_t at;
        bool    repeat = str_to_i64(str_cut(index.tail, ']').head, &at);
        *node = node_of(x, *node, index.head, repeat);
        if (repeat)
            *instance = instance_of(x, *node, *instance, (int)at);
        path = step.tail;
    }
}

Answers answers_read(Arena *a, Str s)
{
    Answers x = { .a = a, .deep = str_has(s, S("[")), .own = -1 };
    *list_add(a, &x.instances) = (HostInstance){ .node = -1 };
    while (s.len) {
        StrPair part = str_cut(s, ';'), pair = str_cut(part.head, '='), name = str_cut(pair.head, ':');
        Answer  y    = { .name = name.head, .text = pair.tail, .kind = kind_of(name.tail), .hidden = str_eq(pair.tail, S("~")) };
        s = part.tail;
        if (x.deep && str_eq(name.head, S("@"))) {
            place(&x, pair.tail, &x.own, &x.own_instance);
            continue;
        }
        if (x.deep) {
            place(&x, y.name, &y.node, &y.instance);
            x.nodes.at[y.node].kind = y.kind;
        }
        *list_add(a, &x.list) = y;
    }
    return x;
}

/* ---- Names ---------------------------------------------------------------------------------------------- */

/* Without repeats only the last step counts. */
static bool resolve_flat(Answers *x, Arena *a, const ExprPath *path, ExprRefs *out)
{
    bool var  = path->variable.len > 0;
    Str  name = var ? path->variable : path->steps[path->step_count - 1].name;
    bool same = !var && path->step_count == 1 && path->steps[0].axis == EXPR_SELF;
    bool up   = !var && path->steps[path->step_count - 1].axis == EXPR_PARENT;
    for (size_t i = 0; i < x->list.len; i++)
        if (up || (same ? str_eq(x->list.at[i].name, S(".")) : str_eq(name, S("*")) || str_eq(x->list.at[i].name, name)))
            *list_add(a, out) = (ExprRef){ .node = (int)i, .kind = x->list.at[i].kind };
    return out->len > 0;
}

static void add(Answers *x, Arena *a, int node, int pin, ExprRefs *out)
{
    const HostNode *n = &x->nodes.at[node];
    *list_add(a, out) = (ExprRef){ .node = node, .kind = n->kind, .depth = n->depth, .pin = pin < n->depth ? pin : n->depth,
                                   .around = n->around, .repeat = n->repeat };
}

static int common(const Answers *x, int from, int to)
{
    int n = 0;
    while (from >= 0 && n < x->nodes.at[from].depth && n < x->nodes.at[to].depth && x->nodes.at[from].around[n] == x->nodes.at[to].around[n])
        n++;
    return n;
}

static bool resolve_deep(Answers *x, Arena *a, const ExprPath *path, ExprRefs *out)
{
    int from = path->inside ? path->from : x->own, at = from, pin = 99;
    if (path->variable.len) {
        for (size_t i = 0; i < x->nodes.len; i++)
            if (str_eq(x->nodes.at[i].leaf, path->variable))
                add(x, a, (int)i, common(x, from, (int)i), out);
        return out->len == 1;
    }
    if (path->absolute)
        at = -1;
    for (int i = path->absolute; i < path->step_count; i++) {
        const ExprStepName *s = &path->steps[i];
        bool last = i + 1 == path->step_count, found = false;
        if (s->axis == EXPR_SELF)
            continue;
        if (s->axis == EXPR_PARENT) {
            if (at < 0)
                return false;
            at  = x->nodes.at[at].parent;
            pin = at < 0 ? 0 : x->nodes.at[at].depth;
            continue;
        }
        for (size_t k = 0; k < x->nodes.len && !found; k++)
            if (x->nodes.at[k].parent == at && (str_eq(s->name, S("*")) || str_eq(x->nodes.at[k].leaf, s->name))) {
                if (str_eq(s->name, S("*")))
                    add(x, a, (int)k, path->absolute ? common(x, from, (int)k) : pin, out);
                else {
                    at    = (int)k;
                    found = true;
                }
            }
        if (out->len)
            return last;
        if (!found)
            return false;
    }
    if (at < 0)
        return false;
    int own = from < 0 ? 0 : x->nodes.at[from].depth;
    add(x, a, at, path->absolute ? common(x, from, at) : pin < own ? pin : own, out);
    return true;
}

static bool resolve(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault)
{
    Answers *x = self;
    *fault = (ExprFault){ .code = path->variable.len ? "E-VAR" : "E-PATH", .vi = S("không có"), .en = S("none") };
    return x->deep ? resolve_deep(x, a, path, out) : resolve_flat(x, a, path, out);
}

ExprNames answers_names(Answers *x)
{
    return (ExprNames){ x, resolve, table_of };
}

/* ---- Values ----------------------------------------------------------------------------------------------- */

static bool node_text(void *self, int node, int instance, Str *out)
{
    Answers *x = self;
    for (size_t i = 0; i < x->list.len; i++)
        if (x->deep ? x->list.at[i].node == node && x->list.at[i].instance == instance : (int)i == node) {
            *out = x->list.at[i].hidden ? S("") : x->list.at[i].text;
            return !x->list.at[i].hidden;
        }
    *out = S("");
    return x->deep;
}

static int level(const Answers *x, int instance)
{
    int n = 0;
    for (; instance; instance = x->instances.at[instance].parent)
        n++;
    return n;
}

static int locate(void *self, const ExprRef *ref, int from)
{
    Answers *x = self;
    while (level(x, from) > ref->pin)
        from = x->instances.at[from].parent;
    return from;
}

static int expand(void *self, Arena *a, const ExprRef *ref, int from, const int32_t **out)
{
    Answers *x = self;
    LIST(int32_t) all = { 0 };
    *list_add(a, &all) = (int32_t)locate(self, ref, from);
    for (int d = ref->pin; d < ref->depth; d++) {
        LIST(int32_t) next = { 0 };
        for (size_t i = 0; i < all.len; i++)
            for (int position = 1; position <= 1000; position++)
                for (size_t k = 1; k < x->instances.len; k++)
                    if (x->instances.at[k].node == ref->around[d] && x->instances.at[k].parent == all.at[i] &&
                        x->instances.at[k].position == position)
                        *list_add(a, &next) = (int32_t)k;
        memcpy(&all, &next, sizeof all);
    }
    *out = all.at;
    return (int)all.len;
}

static int position(void *self, int node, int instance)
{
    Answers *x = self;
    return x->deep && node >= 0 && x->nodes.at[node].repeat ? x->instances.at[instance].position : 1;
}

ExprHost answers_host(Answers *x)
{
    Time now = { 0 };
    time_parse_iso(S("2026-11-22T08:30:15.250+07:00"), &now);
    ExprHost host = { .self = x, .instance = x->own_instance, .node = node_text, .position = position, .now = now };
    if (x->deep) {
        host.locate = locate;
        host.expand = expand;
    }
    return host;
}
