/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paths of nodes, and ${name} as phones read it: absolute, or relative inside the same repeat, as pyxform writes them. */
#include "form/xform_parts.h"

enum { FORM_MAX_CALLS = 64 };                    /* as deep as expressions may nest */

void xform_paths(XformWriter *w)
{
    const FormProgram *p = w->p;
    size_t n    = p->nodes.len;
    Str   *path = arena_new(w->a, Str, n);
    int   *end  = arena_new(w->a, int, n);
    for (size_t i = 0; i < n; i++) {
        const FormNode *x    = &p->nodes.at[i];
        Str             from = x->parent >= 0 ? path[x->parent] : x->type == Q_AUDIT ? S("/data/meta") : S("/data");
        path[i] = arena_fmt(w->a, "%.*s/%.*s", STR_ARG(from), STR_ARG(x->leaf));
        end[i]  = (int)i + 1;
        for (int g = x->parent; g >= 0; g = p->nodes.at[g].parent)
            end[g] = (int)i + 1;
    }
    w->path = path;
    w->end  = end;
}

static bool holds(const FormProgram *p, int holder, int node)
{
    while (node >= 0 && node != holder)
        node = p->nodes.at[node].parent;
    return node == holder;
}

/* The innermost group around both, when a repeat lies around both; -1: none. */
static int around_both(const FormProgram *p, int node, int target)
{
    int both = p->nodes.at[target].parent;
    while (both >= 0 && !(both != node && holds(p, both, node)))
        both = p->nodes.at[both].parent;
    for (int g = both; g >= 0; g = p->nodes.at[g].parent)
        if (p->nodes.at[g].type == Q_REPEAT)
            return both;
    return -1;
}

static int node_named(const FormProgram *p, Str name)
{
    int at = form_find(p, name);
    for (size_t i = 0; at < 0 && i < p->nodes.len; i++)
        if (str_eq(p->nodes.at[i].leaf, name))
            at = (int)i;
    return at;
}

Str xform_reference(XformWriter *w, Str name, int node, bool predicate)
{
    const FormProgram *p = w->p;
    int target = node_named(p, str_trim(name));
    if (target < 0)
        return S("");
    int both = node < 0 ? -1 : around_both(p, node, target);
    if (both < 0)
        return w->path[target];
    Buf b = buf_new(w->a, 64);
    if (predicate)
        buf_lit(&b, "current()/");
    for (int up = p->nodes.at[node].depth - p->nodes.at[both].depth; up > 0; up--)
        buf_lit(&b, "../");
    buf_add(&b, str_skip(w->path[target], w->path[both].len + 1));
    return buf_str(&b);
}

/* The brackets open at a place of an expression. */
typedef struct Calls { int depth; struct { bool indexed; int argument; } at[FORM_MAX_CALLS]; } Calls;

static void calls_see(Calls *k, Str source, size_t at)
{
    char c = source.at[at];
    if (c == '(' && k->depth < FORM_MAX_CALLS) {
        k->at[k->depth].indexed    = str_ends(str_trim(str_take(source, at)), S("indexed-repeat"));
        k->at[k->depth++].argument = 0;
    } else if (c == ')' && k->depth > 0) {
        k->depth--;
    } else if (c == ',' && k->depth > 0) {
        k->at[k->depth - 1].argument++;
    }
}

/* indexed-repeat(node, repeat, index, repeat, index …): phones want whole paths for node and repeats, inside the repeat too. */
static bool names_whole_path(const Calls *k)
{
    int argument = k->depth ? k->at[k->depth - 1].argument : 0;
    return k->depth && k->at[k->depth - 1].indexed && (argument == 0 || argument % 2 == 1);
}

Str xform_expression(XformWriter *w, Str source, int node, bool itemset)
{
    Buf  b     = buf_new(w->a, source.len + 64);
    int  depth = 0;
    char quote = 0;
    Calls calls = { 0 };
    for (size_t i = 0; i < source.len; i++) {
        char c = source.at[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '[' || c == ']')
            depth += c == '[' ? 1 : -1;
        else
            calls_see(&calls, source, i);
        if (c != '$' || i + 1 >= source.len || source.at[i + 1] != '{') {
            buf_byte(&b, c);
            continue;
        }
        StrPair cut  = str_cut(str_skip(source, i + 2), '}');
        Str     path = xform_reference(w, cut.head, names_whole_path(&calls) ? -1 : node, itemset || depth > 0);
        buf_fmt(&b, " %.*s ", STR_ARG(path));
        i += 2 + cut.head.len;
    }
    return buf_str(&b);
}
