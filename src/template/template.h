/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Word documents (ECMA-376, .docx) that people write with names in double braces: checked, then filled with figures. Knows nothing of where these come
 * from. Names are compared without marks, case, "_" and ":"; see README.md for what may stand between braces. */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "i18n/i18n.h"

#include "base/zip.h"

enum { TEMPLATE_BYTES = 10 << 20, TEMPLATE_UNPACKED = 60 << 20, TEMPLATE_NODES = 400000, TEMPLATE_DEPTH = 200, TEMPLATE_LOOPS = 8, TEMPLATE_FAULTS = 100,
       TEMPLATE_FILLED = 60 << 20, TEMPLATE_STEPS = 20000000, TEMPLATE_BLOCKS = 3000 };

/* ---- What may be named ------------------------------------------------------------------------------------------------ */
typedef enum TemplateKind { TEMPLATE_FIELD, TEMPLATE_LIST, TEMPLATE_BLOCK } TemplateKind;   /* block: a table or a chart, alone in its paragraph */
typedef struct TemplateName TemplateName;
typedef struct TemplateNames { const TemplateName *at; size_t len; } TemplateNames;
struct TemplateName { int id; TemplateKind kind; Str name[LANG_COUNT]; TemplateNames in; };  /* in: names inside a list, before those around it */

/* ---- What is wrong ------------------------------------------------------------------------------------------------------ */
typedef enum TemplateFaultKind {
    TEMPLATE_NO_ZIP, TEMPLATE_OLD, TEMPLATE_NO_WORD, TEMPLATE_STYLESHEET, TEMPLATE_STRICT, TEMPLATE_XML, TEMPLATE_LARGE, TEMPLATE_MACROS, TEMPLATE_EMBEDDED,
    TEMPLATE_EXTERNAL, TEMPLATE_SIGNED, TEMPLATE_COMMAND,
    TEMPLATE_BRACES, TEMPLATE_UNKNOWN, TEMPLATE_OUTSIDE, TEMPLATE_NO_LIST, TEMPLATE_LIST_BARE, TEMPLATE_NOT_CLOSED, TEMPLATE_NOT_OPEN, TEMPLATE_CROSSED,
    TEMPLATE_LOOP_PLACE, TEMPLATE_DEEP, TEMPLATE_BLOCK_ALONE, TEMPLATE_BLOCK_PART, TEMPLATE_FAULT_COUNT
} TemplateFaultKind;
/* part: of the document; near: words around; name: as it was written; more: what could be meant, or the list it belongs to. */
typedef struct TemplateFault { TemplateFaultKind kind; Str part, near, name, more; } TemplateFault;
typedef struct TemplateFaults { TemplateFault *at; size_t len, cap, all; } TemplateFaults;
Str template_fault_code(TemplateFaultKind k);                      /* "unknown" … */
Str template_fault_text(Arena *a, Lang l, const TemplateFault *f); /* what, where, the remedy */

/* ---- Reading -------------------------------------------------------------------------------------------------------------- */
typedef struct Template Template;
/* Bytes live as long as the template. False: faults has all that was found. Memory: use an arena of its own, some 200 MB at worst. */
bool template_read(Arena *a, Str bytes, Lang l, TemplateNames names, Template **out, TemplateFaults *faults);
typedef struct TemplateUse { const TemplateName *name; size_t times; } TemplateUse;
typedef LIST(TemplateUse) TemplateUses;
const TemplateUses *template_uses(const Template *t);              /* in the order of their first place */
/* A text that no id in the document begins with: for relations of blocks. */
Str  template_mark(const Template *t);

/* ---- Filling ---------------------------------------------------------------------------------------------------------------- */
/* One turn of a list, with those around it. */
typedef struct TemplateScope TemplateScope;
struct TemplateScope { const TemplateName *list; size_t index; const TemplateScope *up; };
/* relations: <Relationship> elements; styles: <w:style> elements, each used where the document has none of its id; closing: paragraphs for the end. */
typedef struct TemplateExtras { Str relations, styles, closing; const ZipPart *media; size_t media_count; } TemplateExtras;
typedef struct TemplateSource {
    void *with;
    /* href: http(s), or empty. */
    Err (*text)(void *with, const TemplateName *n, const TemplateScope *in, Str *out, Str *out_href);
    Err (*count)(void *with, const TemplateName *n, const TemplateScope *in, size_t *out);
    Err (*block)(void *with, const TemplateName *n, const TemplateScope *in, Str *out_xml);
    Err (*extras)(void *with, TemplateExtras *out);                /* after all blocks */
} TemplateSource;
/* ERR_TOO_LARGE: a part would be longer than TEMPLATE_FILLED, or all parts take more than TEMPLATE_STEPS nodes or TEMPLATE_BLOCKS blocks: lists in
 * lists multiply. */
MUST_USE Err template_fill(Arena *a, const Template *t, const TemplateSource *s, Str *out);

#endif
