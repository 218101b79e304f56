/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A document being read: its parts, the trees of those with words, the names in them. Private to template. */
#ifndef TEMPLATE_PARTS_H
#define TEMPLATE_PARTS_H

#include "template/template.h"

#include "base/xml.h"

#define WORD_NS "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

/* MARK: a run that holds one name in braces; LOOP: what stands between two marks; BLOCK: a paragraph that a table or chart takes the place of. */
typedef enum NodeKind { NODE_ELEMENT, NODE_TEXT, NODE_MARK, NODE_LOOP, NODE_BLOCK } NodeKind;
typedef enum MarkKind { MARK_NAME, MARK_OPEN, MARK_NONE, MARK_CLOSE } MarkKind;        /* NONE: {{^…}}, what stands when the list is empty */
typedef struct Mark { MarkKind kind; Str written, near; const TemplateName *name; } Mark;
/* open, close: the tags as they were written; a text has open alone, an element without content no close. letters: the whole <w:rPr> of a mark. */
typedef struct Node Node;
struct Node { NodeKind kind; Str open, close, name; Node *parent, *first, *last, *prev, *next; Str letters; Mark mark; };

/* root NULL: kept as it is. */
typedef struct Part { Str path, bytes; Node *root; bool main, seen; } Part;   /* seen: its type was told */
typedef LIST(Part) Parts;
struct Template { Lang lang; TemplateNames names; Parts parts; Str mark; TemplateUses uses; };

/* Names as they are compared, in both languages, of one list; made once. */
typedef struct NameKeys { const TemplateName *of; Str (*at)[LANG_COUNT]; } NameKeys;
typedef struct Reader { Arena *a; Template *t; TemplateFaults *faults; Part *part; LIST(NameKeys) keys; } Reader;
void fault_add(Reader *r, TemplateFault f);                /* part is filled in */

/* package.c: parts of the archive; what must not be in it. False: nothing more can be read. */
bool package_read(Reader *r, Str bytes);
/* tree.c */
Node *tree_read(Arena *a, Str bytes);                      /* bytes that xml_walk took */
Node *node_new(Arena *a, NodeKind kind);
void  node_put_before(Node *at, Node *x);                  /* x has no parent */
void  node_put_last(Node *in, Node *x);
void  node_cut(Node *x);
bool  node_is(const Node *x, const char *name);
Node *node_up(const Node *x, const char *name);            /* the nearest of that name above; NULL */
Node *node_after(const Node *x, const Node *within);       /* the next in document order; NULL at the end */
/* marks.c: runs are cut so that each name in braces is a MARK. */
void  marks_find(Reader *r, Node *root);
/* loops.c: marks become loops and blocks; names are looked up. */
void  loops_make(Reader *r, Node *root);
Str   name_key(Arena *a, Str name);

#endif
