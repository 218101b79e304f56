/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of the XForm writer share. */
#ifndef FORM_XFORM_PARTS_H
#define FORM_XFORM_PARTS_H

#include "form/form_parts.h"

typedef struct XformWriter {
    Arena             *a;
    Buf                b;
    const FormProgram *p;
    const Str         *path;             /* node → "/data/g/x" */
    const int         *end;              /* node → first node that is neither it nor inside it */
} XformWriter;

/* ---- Paths (xform_path.c) ---- */
void xform_paths(XformWriter *w);
/* The source with each ${name} as a path, seen from a node; -1: from the root. Inside the same repeat the path is
 * relative, in a predicate from current(). itemset: all of the source is a predicate. */
Str  xform_expression(XformWriter *w, Str source, int node, bool itemset);
Str  xform_reference(XformWriter *w, Str name, int node, bool predicate);      /* one name; empty: unknown */

/* ---- Texts (xform_text.c) ---- */
typedef enum XformForm { FORM_LITERAL, FORM_ITEXT, FORM_NOTHING } XformForm;
XformForm xform_text_form(const XformWriter *w, const FormText *text, FormTextKind kind);      /* of label, hint or message */
bool xform_list_itext(const XformWriter *w, const FormList *list);
Str  xform_text_plain(const XformWriter *w, const FormText *text, FormTextKind kind);          /* in the default language */
void xform_text_value(XformWriter *w, Str text, int node);                      /* with <output/> for ${name} */
void xform_itext(XformWriter *w);

/* ---- Body (xform_body.c) ---- */
void xform_body(XformWriter *w);

#endif
