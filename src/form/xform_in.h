/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of the XForm reader share. */
#ifndef FORM_XFORM_IN_H
#define FORM_XFORM_IN_H

#include "form/form_parts.h"

/* An element of the primary instance, with what the rest of the form says of it. */
typedef struct XfNode {
    const Xml *element, *bind, *control, *setvalue;
    Str        path;                     /* "/data/g/x" */
    int        parent, depth;
    int        rank;                     /* place in the body, -1: not shown */
    bool       repeat, holds;            /* holds: has elements inside, or is a group of the body */
    int        node;                     /* in the program, once it is there */
} XfNode;

typedef struct XformReader {
    Reader    *r;
    const Xml *html, *model, *body, *root, *itext;
    LIST(XfNode) at;
    NameSet    paths;                    /* numbers are at */
    int        rank;
    FormFacts  facts;
} XformReader;

#define JR_NS "http://openrosa.org/javarosa"

void  xf_issue(XformReader *x, const Xml *where, Str path, const char *code, Str vi, Str en);
Place xf_place(const Xml *where, Str path);                       /* path must live as long as the issues */
int   xf_find(const XformReader *x, Str path, int base);         /* base: of a relative path; -1: the root. -1: none */

/* Body (xform_in_body.c): which control belongs to which element, in order. */
void  xf_body(XformReader *x);
Str   xf_reference(XformReader *x, const Xml *e, Str attr);       /* the attribute, or the nodeset of the bind it names */
QuestionType xf_type(XformReader *x, const XfNode *n);

Str   xf_key(XformReader *x, int at);                              /* the name, or the path where two elements share it */

/* Texts and lists (xform_in_text.c) */
void  xf_languages(XformReader *x);
void  xf_texts(XformReader *x, XfNode *n, FormNode *to);
void  xf_lists(XformReader *x);
void  xf_choices(XformReader *x, XfNode *n, FormNode *to);       /* list, filter and order of a select */

#endif
