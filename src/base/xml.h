/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* XML of outsiders: no document type, no entities but the five of XML, limits on depth and count. Either as
 * events or as a tree in an arena. Names come with their namespace, prefixes resolved. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

typedef struct XmlAttr { Str ns, name, value; } XmlAttr;

/* nodes: elements and runs of text. unlined: nodes of a tree do not tell their line, which costs a look at every byte. */
typedef struct XmlLimits { size_t depth, nodes, attributes; bool unlined; } XmlLimits;
#define XML_LIMITS ((XmlLimits){ .depth = 32, .nodes = 100000, .attributes = 100 })

/* ---- Events. Texts live until the function returns; an Err ends the reading. A function may be NULL. ---- */
typedef struct XmlEvents {
    void *with;
    Err (*open)(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n);
    Err (*close)(void *with, Str ns, Str name);
    Err (*text)(void *with, Str text);            /* may come in pieces */
} XmlEvents;
/* ERR_INVALID with line and column for anything not well-formed, ERR_TOO_LARGE past a limit. */
MUST_USE Err xml_walk(Arena *a, Str bytes, XmlLimits limits, const XmlEvents *events);

/* The same for bytes that come in pieces. */
typedef struct XmlFeed XmlFeed;
XmlFeed *xml_feed_open(Arena *a, XmlLimits limits, const XmlEvents *events);
MUST_USE Err xml_feed(XmlFeed *f, Str piece, bool last);
void xml_feed_close(XmlFeed **f);
#define AUTO_XML AUTO(xml_feed_close) XmlFeed

/* Value of the attribute without namespace; empty when there is none. */
Str xml_attr_of(const XmlAttr *attrs, size_t n, Str name);

/* ---- Tree ------------------------------------------------------------------------------------- */
typedef struct Xml Xml;
struct Xml {
    Str      ns, name;              /* name empty: a run of text */
    Str      text;                  /* of a run of text */
    XmlAttr *attrs;
    size_t   attr_count;
    size_t   line;                  /* where it begins, from 1 */
    Xml     *parent, *first, *last, *next;
};
MUST_USE Err xml_parse(Arena *a, Str bytes, XmlLimits limits, Xml **out);
#define XML_EACH(child, of) for (Xml *child = (of) ? (of)->first : NULL; child; child = child->next)
/* First child element, or first after x, of that local name in any namespace; NULL when there is none. */
Xml *xml_child(const Xml *x, Str name);
Xml *xml_next(const Xml *x, Str name);
/* ns empty: the attribute without namespace. Empty when there is none; xml_has_attr tells. */
Str  xml_attr(const Xml *x, Str ns, Str name);
bool xml_has_attr(const Xml *x, Str ns, Str name);
Str  xml_text(Arena *a, const Xml *x);                   /* all text inside, joined */

/* A tree as one flat JSON list, for programs without a reader of XML (the page for interviewers), and back. ERR_INVALID. */
void xml_pack(Buf *b, const Xml *root);
MUST_USE Err xml_unpack(Arena *a, Str packed, Xml **out);

/* ---- Writing ------------------------------------------------------------------------------------ */
/* Text of an element or a quoted attribute. Characters XML cannot hold become U+FFFD. */
void xml_add_text(Buf *b, Str s);
void xml_add_attr(Buf *b, const char *name, Str value);  /* ' name="value"'; line ends and tabs are kept */

#endif
