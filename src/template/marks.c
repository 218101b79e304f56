/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names in braces found in a paragraph. Word cuts words into runs as it likes (spelling, revisions), so a name is first gathered into the run of its
 * first brace, whose letters it keeps; then that run is cut so that the name stands alone. */
#include "template/parts.h"

typedef struct Piece { Node *text; size_t from, len; } Piece;             /* of the paragraph's words */
typedef struct Words { Buf all; LIST(Piece) pieces; } Words;
typedef struct Span { size_t from, to; } Span;
typedef LIST(Span) Spans;

enum { BREAK = 1, NEAR_BYTES = 90 };                                     /* BREAK: what is no letter stands between */

static Str plain_of(Arena *a, Str raw)
{
    Xml *tree;
    Str  whole = str_join(a, (Str[]){ S("<t>"), raw, S("</t>") }, 3, S(""));
    if (!str_has(raw, S("&")))
        return raw;
    return xml_parse(a, whole, XML_LIMITS, &tree) ? raw : xml_text(a, tree);
}

/* ---- The words of a paragraph ------------------------------------------------------------------------------------------ */

static bool breaks(const Node *x)
{
    static const char *const names[] = { "w:tab", "w:br", "w:cr", "w:drawing", "w:pict", "w:object", "w:fldChar", "w:footnoteReference",
        "mc:AlternateContent" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (node_is(x, names[i]))
            return true;
    return false;
}

static Node *skip_below(Node *x, const Node *within)
{
    while (x != within && !x->next)
        x = x->parent;
    return x == within ? NULL : x->next;
}

static void gather(Reader *r, Node *p, Words *w)
{
    for (Node *x = node_after(p, p); x;) {
        if (breaks(x)) {
            buf_byte(&w->all, BREAK);
            x = skip_below(x, p);
            continue;
        }
        if (x->kind == NODE_TEXT && node_is(x->parent, "w:t") && node_is(x->parent->parent, "w:r")) {
            *list_add(r->a, &w->pieces) = (Piece){ x, w->all.len, x->open.len };
            buf_add(&w->all, x->open);
        }
        x = node_after(x, p);
    }
}

static Str near_of(Arena *a, Str all, size_t at)
{
    size_t from = at > NEAR_BYTES / 2 ? at - NEAR_BYTES / 2 : 0, to = at + NEAR_BYTES < all.len ? at + NEAR_BYTES : all.len;
    while (from && ((unsigned char)all.at[from] & 0xC0) == 0x80)
        from--;
    for (size_t i = from; from && i < at; i++)                           /* whole words */
        if (all.at[i] == ' ') {
            from = i;
            break;
        }
    while (to < all.len && ((unsigned char)all.at[to] & 0xC0) == 0x80)
        to++;
    Str   s = arena_str(a, str_take(str_skip(all, from), to - from));
    char *x = arena_c(a, s);
    for (size_t i = 0; i < s.len; i++)
        if (x[i] == BREAK)
            x[i] = ' ';
    return str_trim(plain_of(a, (Str){ x, s.len }));
}

static void spans_find(Reader *r, Str all, Spans *out)
{
    size_t close = 0;                                                    /* looked for once, however many braces stand before it */
    for (size_t at = 0, open; str_find(str_skip(all, at), S("{{"), &open);) {
        size_t from = at + open, again;
        if (close < from + 2)
            close = str_find(str_skip(all, from + 2), S("}}"), &close) ? from + 2 + close : all.len;
        bool   ends = close < all.len;
        size_t end  = close - (from + 2);
        Str    name = str_take(str_skip(all, from + 2), ends ? end : 0);
        if (!ends || str_find(name, S("{{"), &again) || memchr(name.at, BREAK, name.len) || !str_trim(name).len) {
            fault_add(r, (TemplateFault){ .kind = TEMPLATE_BRACES, .near = near_of(r->a, all, from) });
            at = from + 2;
            continue;
        }
        *list_add(r->a, out) = (Span){ from, from + 2 + end + 2 };
        at = from + 2 + end + 2;
    }
}

/* Each byte goes to the piece it lies in; those of a span to the piece of its first. */
static void join(Reader *r, Words *w, const Spans *spans)
{
    size_t s = 0;
    Buf   *texts = arena_new(r->a, Buf, w->pieces.len);
    for (size_t i = 0; i < w->pieces.len; i++)
        texts[i] = buf_new(r->a, w->pieces.at[i].len + 16);
    for (size_t i = 0, home = 0; i < w->pieces.len; i++) {
        const Piece *p = &w->pieces.at[i];
        for (size_t at = p->from; at < p->from + p->len; at++) {
            while (s < spans->len && at >= spans->at[s].to)
                s++;
            bool inside = s < spans->len && at >= spans->at[s].from;
            if (!inside || at == spans->at[s].from)
                home = i;
            buf_byte(&texts[home], w->all.at[at]);
        }
    }
    for (size_t i = 0; i < w->pieces.len; i++)
        w->pieces.at[i].text->open = buf_str(&texts[i]);
}

/* ---- Runs are cut -------------------------------------------------------------------------------------------------------- */

/* Stands before all else in its run; a look through all of a long run for each name would take minutes. */
static Node *letters_of(Node *run)
{
    Node *x = run->first;
    while (x && x->kind == NODE_TEXT)
        x = x->next;
    return node_is(x, "w:rPr") ? x : NULL;
}

static bool has_content(Node *run)
{
    for (Node *x = run->first; x; x = x->next)
        if (x->kind == NODE_ELEMENT && !node_is(x, "w:rPr"))
            return true;
    return false;
}

static void add_bytes(Buf *b, const Node *x)
{
    buf_add(b, x->open);
    for (const Node *c = x->first; c; c = c->next)
        add_bytes(b, c);
    buf_add(b, x->close);
}

static Str letters_bytes(Arena *a, Node *run)
{
    Buf   b = buf_new(a, 128);
    Node *x = letters_of(run);
    if (x)
        add_bytes(&b, x);
    return buf_str(&b);
}

/* A run like this one, without content, before it. */
static Node *run_before(Reader *r, Node *run)
{
    Node *x = node_new(r->a, NODE_ELEMENT);
    x->open = run->open;
    x->close = run->close;
    x->name = run->name;
    Node *letters = node_new(r->a, NODE_TEXT);
    letters->open = letters_bytes(r->a, run);
    node_put_last(x, letters);
    node_put_before(run, x);
    return x;
}

static Node *text_node(Reader *r, Str raw)
{
    Node *t = node_new(r->a, NODE_ELEMENT), *x = node_new(r->a, NODE_TEXT);
    t->open = S("<w:t xml:space=\"preserve\">");
    t->close = S("</w:t>");
    t->name = S("w:t");
    x->open = raw;
    node_put_last(t, x);
    return t;
}

static Mark mark_of(Reader *r, Str raw, Str near)
{
    Str  in   = str_trim(str_replace(r->a, plain_of(r->a, raw), S("\xC2\xA0"), S(" ")));
    Mark m    = { .kind = MARK_NAME, .near = near };
    char sign = in.len ? in.at[0] : 0;
    if (sign == '#' || sign == '^' || sign == '/') {
        m.kind = sign == '#' ? MARK_OPEN : sign == '^' ? MARK_NONE : MARK_CLOSE;
        in     = str_trim(str_skip(in, 1));
    }
    m.written = in;
    return m;
}

/* What stands before the first name of a <w:t>, as a run of its own, then the name; the rest stays where it is. */
static void cut_first(Reader *r, Node *run, Node *t, Str near)
{
    Str    raw = t->first->open;
    size_t from, to;
    if (!str_find(raw, S("{{"), &from) || !str_find(str_skip(raw, from), S("}}"), &to))
        return;
    Node *before = run_before(r, run), *letters = letters_of(run);
    for (Node *x = run->first, *next; x != t; x = next) {
        next = x->next;
        if (x == letters)
            continue;
        node_cut(x);
        node_put_last(before, x);
    }
    if (from)
        node_put_last(before, text_node(r, str_take(raw, from)));
    Node *mark = node_new(r->a, NODE_MARK);
    mark->open    = run->open;
    mark->letters = letters_bytes(r->a, run);
    mark->mark    = mark_of(r, str_take(str_skip(raw, from + 2), to - 2), near);
    node_put_before(run, mark);
    if (!has_content(before))
        node_cut(before);
    t->open        = S("<w:t xml:space=\"preserve\">");
    t->first->open = str_skip(raw, from + to + 2);
    if (!t->first->open.len)
        node_cut(t);
}

static void cut_runs(Reader *r, const Words *w, const Spans *spans)
{
    size_t s = 0;
    for (size_t i = 0; i < w->pieces.len; i++) {
        Node *x = w->pieces.at[i].text, *t = x->parent, *run = t->parent;
        for (; s < spans->len && spans->at[s].from < w->pieces.at[i].from + w->pieces.at[i].len; s++)
            cut_first(r, run, t, near_of(r->a, buf_str(&w->all), spans->at[s].from));
        if (!has_content(run))
            node_cut(run);
    }
}

void marks_find(Reader *r, Node *root)
{
    for (Node *x = node_after(root, root); x; x = node_after(x, root)) {
        if (!node_is(x, "w:p"))
            continue;
        Words w     = { .all = buf_new(r->a, 256) };
        Spans spans = { 0 };
        gather(r, x, &w);
        spans_find(r, buf_str(&w.all), &spans);
        if (!spans.len)
            continue;
        join(r, &w, &spans);
        cut_runs(r, &w, &spans);
    }
}
