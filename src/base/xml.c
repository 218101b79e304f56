/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* expat with its doors shut, and a tree made from its events. */
#include "base/xml.h"
#include "base/buf.h"
#include "base/ids.h"
#include "base/utf8.h"

#include <expat.h>
#include <stdatomic.h>

#define NS_MARK '\x1F'     /* between namespace and name; no XML text can hold it */

struct XmlFeed {
    XML_Parser       parser;
    Arena           *a;
    XmlLimits        limits;
    const XmlEvents *events;
    size_t           depth, nodes;
    bool             in_text;
    Err              err;
    XmlAttr         *attrs;         /* room for limits.attributes */
};

static void stop(XmlFeed *f, Err err)
{
    if (!f->err)
        f->err = err;
    XML_StopParser(f->parser, XML_FALSE);
}

static void stop_limit(XmlFeed *f, const char *what)
{
    stop(f, err_fmt(f->a, ERR_TOO_LARGE, "XML, line %lu: %s", (unsigned long)XML_GetCurrentLineNumber(f->parser), what));
}

static StrPair name_split(const char *full)
{
    Str     s = str_from_c(full);
    StrPair p = str_cut(s, NS_MARK);
    return p.head.len == s.len ? (StrPair){ S(""), s } : p;
}

static bool node_count(XmlFeed *f)
{
    if (f->nodes++ < f->limits.nodes)
        return true;
    stop_limit(f, "too many parts");
    return false;
}

static void XMLCALL on_open(void *with, const char *name, const char **attrs)
{
    XmlFeed *f = with;
    if (f->err || !node_count(f))
        return;
    f->in_text = false;
    if (f->depth++ == f->limits.depth) {
        stop_limit(f, "nested too deep");
        return;
    }
    size_t n = 0;
    for (; attrs[2 * n]; n++) {
        if (n == f->limits.attributes) {
            stop_limit(f, "too many attributes");
            return;
        }
        StrPair p   = name_split(attrs[2 * n]);
        f->attrs[n] = (XmlAttr){ p.head, p.tail, str_from_c(attrs[2 * n + 1]) };
    }
    StrPair p = name_split(name);
    Err     e = f->events->open ? f->events->open(f->events->with, p.head, p.tail, f->attrs, n) : OK;
    if (e)
        stop(f, e);
}

static void XMLCALL on_close(void *with, const char *name)
{
    XmlFeed *f = with;
    if (f->err)
        return;
    f->in_text = false;
    f->depth--;
    StrPair p = name_split(name);
    Err     e = f->events->close ? f->events->close(f->events->with, p.head, p.tail) : OK;
    if (e)
        stop(f, e);
}

static void XMLCALL on_text(void *with, const char *at, int len)
{
    XmlFeed *f = with;
    if (f->err || (!f->in_text && !node_count(f)))
        return;
    f->in_text = true;
    Err e      = f->events->text ? f->events->text(f->events->with, (Str){ at, (size_t)len }) : OK;
    if (e)
        stop(f, e);
}

static void XMLCALL on_doctype(void *with, const char *name, const char *sysid, const char *pubid, int internal)
{
    XmlFeed *f = with;
    stop(f, err_new(f->a, ERR_INVALID, S("XML with a document type (DTD) is refused")));
}

/* One parser a thread is used again: making one costs as much as reading a page of XML. Its hash tables are keyed with
 * bytes of this process, as expat would draw them for each. */
enum { KEPT_BYTES = 1 << 16 };
static _Thread_local XML_Parser spare;

static unsigned long salt_of_process(void)
{
    static _Atomic unsigned long salt;
    unsigned long fresh, none = 0;
    while (atomic_load(&salt) == 0) {
        random_bytes(&fresh, sizeof fresh);
        atomic_compare_exchange_strong(&salt, &none, fresh);
        none = 0;
    }
    return atomic_load(&salt);
}

static XML_Parser parser_take(void)
{
    XML_Parser p = spare;
    spare = NULL;
    if (!p)
        p = XML_ParserCreateNS(NULL, NS_MARK);
    if (p)
        XML_SetHashSalt(p, salt_of_process());
    return p;
}

/* What a large document made it grow to goes back to the system. */
static void parser_give(XML_Parser p, bool large)
{
    if (spare || large || XML_ParserReset(p, NULL) != XML_TRUE)
        XML_ParserFree(p);
    else
        spare = p;
}

XmlFeed *xml_feed_open(Arena *a, XmlLimits limits, const XmlEvents *events)
{
    XmlFeed *f = arena_new(a, XmlFeed, 1);
    *f         = (XmlFeed){ .a = a, .limits = limits, .events = events, .attrs = arena_new(a, XmlAttr, limits.attributes) };
    f->parser  = parser_take();
    if (!f->parser) {
        f->err = err_new(a, ERR_INTERNAL, S("XML: no memory"));
        return f;
    }
    XML_SetUserData(f->parser, f);
    XML_SetElementHandler(f->parser, on_open, on_close);
    XML_SetCharacterDataHandler(f->parser, on_text);
    XML_SetStartDoctypeDeclHandler(f->parser, on_doctype);
    return f;
}

Err xml_feed(XmlFeed *f, Str piece, bool last)
{
    enum { STEP = 1 << 20 };
    bool more = true;
    while (!f->err && more) {
        Str part = str_take(piece, STEP);
        piece    = str_skip(piece, STEP);
        more     = piece.len > 0;
        if (XML_Parse(f->parser, part.at, (int)part.len, last && !more) == XML_STATUS_ERROR && !f->err)
            f->err = err_fmt(f->a, ERR_INVALID, "XML, line %lu, column %lu: %s",
                             (unsigned long)XML_GetCurrentLineNumber(f->parser),
                             (unsigned long)XML_GetCurrentColumnNumber(f->parser) + 1,
                             XML_ErrorString(XML_GetErrorCode(f->parser)));
    }
    return f->err;
}

void xml_feed_close(XmlFeed **f)
{
    if (*f && (*f)->parser)
        parser_give((*f)->parser, XML_GetCurrentByteIndex((*f)->parser) > KEPT_BYTES || XML_GetCurrentByteIndex((*f)->parser) < 0);
    *f = NULL;
}

Err xml_walk(Arena *a, Str bytes, XmlLimits limits, const XmlEvents *events)
{
    AUTO_XML *f = xml_feed_open(a, limits, events);
    return xml_feed(f, bytes, true);
}

/* ---- Tree --------------------------------------------------------------------------------------- */

typedef struct Tree { Arena *a; Xml *root, *at; XmlFeed *feed; Buf text; Str last_ns; } Tree;

static Xml *node_add(Tree *t)
{
    Xml *x    = arena_new(t->a, Xml, 1);
    x->line   = t->feed->limits.unlined ? 0 : XML_GetCurrentLineNumber(t->feed->parser);
    x->parent = t->at;
    if (!t->at)
        t->root = x;
    else if (t->at->last)
        t->at->last = t->at->last->next = x;
    else
        t->at->first = t->at->last = x;
    return x;
}

/* Namespaces repeat, so the last one is kept once. */
static Str ns_kept(Tree *t, Str ns)
{
    if (!str_eq(t->last_ns, ns))
        t->last_ns = arena_str(t->a, ns);
    return t->last_ns;
}

/* A run of text is complete when an element begins or ends. */
static void text_end(Tree *t)
{
    Xml *run = t->at ? t->at->last : NULL;
    if (t->text.len && run)
        run->text = arena_str(t->a, buf_str(&t->text));
    t->text.len = 0;
}

static Err tree_open(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    Tree *t = with;
    text_end(t);
    Xml *x        = node_add(t);
    x->ns         = ns_kept(t, ns);
    x->name       = arena_str(t->a, name);
    x->attrs      = arena_new(t->a, XmlAttr, n);
    x->attr_count = n;
    for (size_t i = 0; i < n; i++)
        x->attrs[i] = (XmlAttr){ arena_str(t->a, attrs[i].ns), arena_str(t->a, attrs[i].name), arena_str(t->a, attrs[i].value) };
    t->at = x;
    return OK;
}

static Err tree_close(void *with, Str ns, Str name)
{
    Tree *t = with;
    text_end(t);
    t->at = t->at->parent;
    return OK;
}

static Err tree_text(void *with, Str text)
{
    Tree *t = with;
    if (!t->text.len)
        node_add(t);
    buf_add(&t->text, text);
    return OK;
}

Err xml_parse(Arena *a, Str bytes, XmlLimits limits, Xml **out)
{
    Tree        t      = { .a = a, .text = buf_new(a, 256) };
    XmlEvents   events = { &t, tree_open, tree_close, tree_text };
    AUTO_XML   *f      = xml_feed_open(a, limits, &events);
    t.feed             = f;
    TRY(xml_feed(f, bytes, true));
    *out = t.root;
    return OK;
}
