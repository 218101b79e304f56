/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the protocol must know of a submission's XML before anything else is done with it. */
#ifndef OPENROSA_INSTANCE_H
#define OPENROSA_INSTANCE_H

#include "base/base.h"
#include "base/xml.h"

#define NS_OPENROSA  "http://openrosa.org/xforms"
#define NS_ENCRYPTED "http://opendatakit.org/submissions"

/* A node without child elements: names from below the root ("/nhom/anh", "/meta/audit") and its text, trimmed. */
typedef struct InstanceLeaf { Str path, text; } InstanceLeaf;
typedef struct Instance {
    Str form_id, version;             /* attributes of the root; without id its namespace */
    Str instance_id, deprecated_id;   /* of meta, in OpenRosa's namespace or the form's; empty: none */
    bool encrypted;
    LIST(InstanceLeaf) leaves;        /* in order */
    const Xml *root;                  /* all of it, read once; NULL: it takes more than 4 MB and is to be read again */
} Instance;
/* ERR_INVALID: not well-formed, or no readable id. ERR_TOO_LARGE: past a limit. Texts live in a. */
MUST_USE Err instance_read(Arena *a, Str xml, Instance *out);
/* The same in little memory, without the tree: what instance_read does with large ones. */
MUST_USE Err instance_read_events(Arena *a, Str xml, Instance *out);

#endif
