/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* XML as a tree of its own bytes: what is not touched is written back as it was, prefixes and all. */
#include "template/parts.h"

Node *node_new(Arena *a, NodeKind kind)
{
    Node *x = arena_new(a, Node, 1);
    x->kind = kind;
    return x;
}

void node_put_last(Node *in, Node *x)
{
    x->parent = in;
    x->next   = NULL;
    x->prev   = in->last;
    *(in->last ? &in->last->next : &in->first) = x;
    in->last  = x;
}

void node_put_before(Node *at, Node *x)
{
    x->parent = at->parent;
    x->next   = at;
    x->prev   = at->prev;
    *(at->prev ? &at->prev->next : &at->parent->first) = x;
    at->prev  = x;
}

void node_cut(Node *x)
{
    *(x->prev ? &x->prev->next : &x->parent->first) = x->next;
    *(x->next ? &x->next->prev : &x->parent->last)  = x->prev;
    x->parent = x->prev = x->next = NULL;
}

bool node_is(const Node *x, const char *name)
{
    return x && x->kind == NODE_ELEMENT && str_eq(x->name, str_from_c(name));
}

Node *node_up(const Node *x, const char *name)
{
    Node *p = x->parent;
    while (p && !node_is(p, name))
        p = p->parent;
    return p;
}

Node *node_after(const Node *x, const Node *within)
{
    if (x->first)
        return x->first;
    while (x != within && !x->next)
        x = x->parent;
    return x == within ? NULL : x->next;
}

/* Up to and with the end of what begins with '<' at `at`: a tag (quotes may hold '>'), a comment, CDATA or an instruction. */
static size_t markup_end(Str s, size_t at)
{
    static const struct { Str from, to; } others[] = { { S_INIT("<!--"), S_INIT("-->") }, { S_INIT("<![CDATA["), S_INIT("]]>") }, { S_INIT("<?"),
        S_INIT("?>") } };
    Str    rest = str_skip(s, at);
    size_t end;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (str_starts(rest, others[i].from))
            return str_find(rest, others[i].to, &end) ? at + end + others[i].to.len : s.len;
    char quote = 0;
    for (size_t i = at; i < s.len; i++) {
        char ch = s.at[i];
        if (quote)
            quote = ch == quote ? 0 : quote;
        else if (ch == '"' || ch == '\'')
            quote = ch;
        else if (ch == '>')
            return i + 1;
    }
    return s.len;
}

static Str tag_name(Str tag)
{
    size_t n = 1;
    while (n < tag.len && !strchr(" \t\r\n/>", tag.at[n]))
        n++;
    return str_skip(str_take(tag, n), 1);
}

Node *tree_read(Arena *a, Str bytes)
{
    Node *root = node_new(a, NODE_ELEMENT), *in = root;
    for (size_t at = 0; at < bytes.len;) {
        bool   tag = bytes.at[at] == '<';
        size_t end = at, next;
        if (tag)
            end = markup_end(bytes, at);
        else
            end = str_find(str_skip(bytes, at), S("<"), &next) ? at + next : bytes.len;
        Str piece = str_take(str_skip(bytes, at), end - at);
        at = end;
        if (tag && str_starts(piece, S("</"))) {
            in->close = piece;
            in = in->parent ? in->parent : in;
            continue;
        }
        bool  element = tag && piece.len > 1 && piece.at[1] != '!' && piece.at[1] != '?';
        Node *x = node_new(a, element ? NODE_ELEMENT : NODE_TEXT);
        x->open = piece;
        x->name = element ? tag_name(piece) : S("");
        node_put_last(in, x);
        if (element && !str_ends(piece, S("/>")))
            in = x;
    }
    return root;
}
