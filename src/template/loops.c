/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which names are there, and what stands between {{#list}} and {{/list}}: words of one paragraph, whole paragraphs, or rows of a table. */
#include "template/parts.h"

/* open: where a list was begun; name NULL: nobody knows it, so that nothing is said of the names inside. */
enum { FAULTS_ENOUGH = 1000 };                            /* a document without end of faults is looked at no further */
typedef struct Open { Node *node; const TemplateName *list; } Open;
typedef struct Loops { Reader *r; Node *root; Open open[TEMPLATE_LOOPS]; size_t n; size_t beyond; } Loops;

Str name_key(Arena *a, Str name)
{
    static const Str marks[] = { S_INIT("_"), S_INIT(":"), S_INIT("-") };
    Str s = name;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        s = str_replace(a, s, marks[i], S(" "));
    return str_trim(text_fold(a, s));
}

/* A document may hold a hundred thousand names, and folding is slow. */
static Str (*keys_of(Reader *r, TemplateNames names))[LANG_COUNT]
{
    for (size_t i = 0; i < r->keys.len; i++)
        if (r->keys.at[i].of == names.at)
            return r->keys.at[i].at;
    NameKeys *k = list_add(r->a, &r->keys);
    *k = (NameKeys){ names.at, arena_take(r->a, names.len + 1, sizeof *k->at, _Alignof(Str)) };
    for (size_t i = 0; i < names.len; i++)
        for (int l = 0; l < LANG_COUNT; l++)
            k->at[i][l] = name_key(r->a, names.at[i].name[l]);
    return k->at;
}

static const TemplateName *name_in(Reader *r, TemplateNames names, Str key)
{
    Str (*keys)[LANG_COUNT] = keys_of(r, names);
    for (size_t i = 0; i < names.len; i++)
        for (int l = 0; l < LANG_COUNT; l++)
            if (str_eq(keys[i][l], key))
                return &names.at[i];
    return NULL;
}

/* ---- Names that nobody knows ------------------------------------------------------------------------------------------------ */

/* Letters to be changed, put in or left out (Levenshtein), up to 60 of each. */
static size_t distance(Str x, Str y)
{
    size_t row[61];
    x = str_take(x, 60);
    y = str_take(y, 60);
    for (size_t k = 0; k <= y.len; k++)
        row[k] = k;
    for (size_t i = 1; i <= x.len; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= y.len; k++) {
            size_t put = row[k] + 1, left = row[k - 1] + 1, change = corner + (x.at[i - 1] != y.at[k - 1]);
            corner = row[k];
            row[k] = put < left ? (put < change ? put : change) : left < change ? left : change;
        }
    }
    return row[y.len];
}

typedef struct Near { Str key, name, list; size_t away; bool same; } Near;

/* The nearest of all names there are; same: the very name, in a list that is not around it. */
static void nearest(Reader *r, TemplateNames names, Str list, int depth, Near *best)
{
    Lang l = r->t->lang;
    for (size_t i = 0; i < names.len && depth < 4; i++) {
        const TemplateName *n = &names.at[i];
        for (int k = 0; k < LANG_COUNT; k++) {
            size_t away = distance(best->key, keys_of(r, names)[i][k]);
            if (away < best->away)
                *best = (Near){ best->key, n->name[l], list, away, away == 0 && list.len };
        }
        nearest(r, n->in, n->name[l], depth + 1, best);
    }
}

static void unknown(Reader *r, const Mark *m, Str key)
{
    Near best = { .key = key, .away = key.len / 2 + 1 };
    if (r->faults->len < TEMPLATE_FAULTS)              /* those beyond are only counted */
        nearest(r, r->t->names, S(""), 0, &best);
    fault_add(r, (TemplateFault){ .kind = best.same ? TEMPLATE_OUTSIDE : TEMPLATE_UNKNOWN, .near = m->near, .name = m->written, .more = best.same
        ? best.list : best.name });
}

/* Names of the innermost list first, then of those around it. */
static const TemplateName *look_up(Loops *x, Mark *m)
{
    Str  key = name_key(x->r->a, m->written);
    bool blind = false;
    for (size_t i = x->n; i > 0 && !m->name; i--) {
        blind |= !x->open[i - 1].list;
        if (x->open[i - 1].list)
            m->name = name_in(x->r, x->open[i - 1].list->in, key);
    }
    if (!m->name)
        m->name = name_in(x->r, x->r->t->names, key);
    if (!m->name && !blind)
        unknown(x->r, m, key);
    return m->name;
}

static void count_use(Reader *r, const TemplateName *n)
{
    TemplateUses *u = &r->t->uses;
    for (size_t i = 0; i < u->len; i++)
        if (u->at[i].name == n) {
            u->at[i].times++;
            return;
        }
    *list_add(r->a, u) = (TemplateUse){ n, 1 };
}

/* ---- Blocks ------------------------------------------------------------------------------------------------------------------ */

static bool says_nothing(Node *p, const Node *but)
{
    for (Node *x = node_after(p, p); x; x = node_after(x, p)) {
        bool words = x->kind == NODE_TEXT && node_is(x->parent, "w:t") && str_trim(x->open).len;
        if ((x->kind == NODE_MARK && x != but) || words || node_is(x, "w:drawing") || node_is(x, "w:pict") || node_is(x, "w:object") || node_is(x, "w:sectPr"))
            return false;
    }
    return true;
}

static void block_place(Loops *x, Node *node)
{
    Node *p = node_up(node, "w:p");
    TemplateFault f = { .near = node->mark.near, .name = node->mark.written };
    if (!x->r->part->main || node_up(p, "w:txbxContent")) {
        f.kind = TEMPLATE_BLOCK_PART;
        fault_add(x->r, f);
    } else if (!says_nothing(p, node)) {
        f.kind = TEMPLATE_BLOCK_ALONE;
        fault_add(x->r, f);
    } else {
        Node *b = node_new(x->r->a, NODE_BLOCK);
        b->mark = node->mark;
        node_put_before(p, b);
        node_cut(p);
    }
}

/* ---- Loops -------------------------------------------------------------------------------------------------------------------- */

static Node *below(Node *x, const Node *top)
{
    while (x->parent != top)
        x = x->parent;
    return x;
}

static Node *common(Node *x, Node *y)
{
    for (Node *p = x->parent; p; p = p->parent)
        for (Node *q = y->parent; q; q = q->parent)
            if (p == q)
                return p;
    return NULL;
}

static Node *loop_around(Reader *r, Node *first, Node *last, const Mark *m)
{
    Node *loop = node_new(r->a, NODE_LOOP);
    loop->mark = *m;
    node_put_before(first, loop);
    for (Node *x = first, *next; x; x = next) {
        next = x == last ? NULL : x->next;
        node_cut(x);
        node_put_last(loop, x);
    }
    return loop;
}

static void loop_place_fault(Reader *r, const Mark *m)
{
    fault_add(r, (TemplateFault){ .kind = TEMPLATE_LOOP_PLACE, .near = m->near, .name = m->written });
}

static void loop_rows(Reader *r, Node *from, Node *to, Node *top)
{
    Node *first = node_is(top, "w:tr") ? top : below(from, top), *last = node_is(top, "w:tr") ? top : below(to, top);
    if (!node_is(first, "w:tr") || !node_is(last, "w:tr")) {
        loop_place_fault(r, &from->mark);
        return;
    }
    loop_around(r, first, last, &from->mark);
    node_cut(from);
    node_cut(to);
}

/* Each mark alone in its paragraph: these go, what stands between them is repeated. */
static void loop_paragraphs(Reader *r, Node *from, Node *to, Node *top)
{
    Node *p = below(from, top), *q = below(to, top);
    if (!node_is(p, "w:p") || !node_is(q, "w:p") || !says_nothing(p, from) || !says_nothing(q, to)) {
        loop_place_fault(r, &from->mark);
        return;
    }
    if (p->next != q)
        loop_around(r, p->next, q->prev, &from->mark);
    node_cut(p);
    node_cut(q);
}

static void loop_words(Reader *r, Node *from, Node *to, Node *top)
{
    if (from->parent != top || to->parent != top) {
        loop_place_fault(r, &from->mark);
        return;
    }
    if (from->next != to)
        loop_around(r, from->next, to->prev, &from->mark);
    node_cut(from);
    node_cut(to);
}

static void loop_make(Reader *r, Node *from, Node *to)
{
    Node *top = common(from, to);
    if (node_is(top, "w:tbl") || node_is(top, "w:tr"))
        loop_rows(r, from, to, top);
    else if (node_is(top, "w:p") || node_up(from, "w:p") == node_up(to, "w:p"))
        loop_words(r, from, to, top);
    else
        loop_paragraphs(r, from, to, top);
}

static void open_list(Loops *x, Node *node)
{
    Mark               *m = &node->mark;
    const TemplateName *n = look_up(x, m);
    if (n && n->kind != TEMPLATE_LIST)
        fault_add(x->r, (TemplateFault){ .kind = TEMPLATE_NO_LIST, .near = m->near, .name = m->written });
    if (x->n == TEMPLATE_LOOPS) {
        x->beyond++;
        fault_add(x->r, (TemplateFault){ .kind = TEMPLATE_DEEP, .near = m->near, .name = m->written });
        return;
    }
    x->open[x->n++] = (Open){ node, n && n->kind == TEMPLATE_LIST ? n : NULL };
}

static void close_list(Loops *x, Node *node)
{
    const Mark *m = &node->mark;
    if (x->beyond) {
        x->beyond--;
        return;
    }
    if (!x->n) {
        fault_add(x->r, (TemplateFault){ .kind = TEMPLATE_NOT_OPEN, .near = m->near, .name = m->written });
        return;
    }
    Open *o = &x->open[--x->n];
    if (m->written.len && !str_eq(name_key(x->r->a, m->written), name_key(x->r->a, o->node->mark.written)))
        fault_add(x->r, (TemplateFault){ .kind = TEMPLATE_CROSSED, .near = m->near, .name = m->written, .more = o->node->mark.written });
    else
        loop_make(x->r, o->node, node);
}

static void plain_name(Loops *x, Node *node)
{
    const TemplateName *n = look_up(x, &node->mark);
    if (n && n->kind == TEMPLATE_LIST)
        fault_add(x->r, (TemplateFault){ .kind = TEMPLATE_LIST_BARE, .near = node->mark.near, .name = node->mark.written });
    if (n && n->kind == TEMPLATE_BLOCK)
        block_place(x, node);
}

void loops_make(Reader *r, Node *root)
{
    Loops x = { .r = r, .root = root };
    LIST(Node *) marks = { 0 };
    for (Node *n = node_after(root, root); n; n = node_after(n, root))
        if (n->kind == NODE_MARK)
            *list_add(r->a, &marks) = n;
    for (size_t i = 0; i < marks.len && r->faults->all < FAULTS_ENOUGH; i++) {
        Mark *m = &marks.at[i]->mark;
        if (m->kind == MARK_OPEN || m->kind == MARK_NONE)
            open_list(&x, marks.at[i]);
        else if (m->kind == MARK_CLOSE)
            close_list(&x, marks.at[i]);
        else
            plain_name(&x, marks.at[i]);
        if (m->name)
            count_use(r, m->name);
    }
    while (x.n) {
        const Mark *m = &x.open[--x.n].node->mark;
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_NOT_CLOSED, .near = m->near, .name = m->written });
    }
}
