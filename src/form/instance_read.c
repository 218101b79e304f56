/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The XML of a submission to answers. What the questionnaire does not have is told, never refused. */
#include "form/form_parts.h"

enum { MAX_XML = 4 << 20, MAX_FINDINGS = 1000 };

typedef struct XmlReader { Arena *a; const FormProgram *p; FormAnswers *x; FormMeta *meta; FormFindings *findings; Str ns; bool full; } XmlReader;

static void unknown(XmlReader *r, Str path, Str found)
{
    if (r->findings->len < MAX_FINDINGS)
        *list_add(r->a, r->findings) = (FormFinding){ .kind = FINDING_ELEMENT_UNKNOWN, .node = -1, .path = path, .found = found };
}

static Str clean_text(XmlReader *r, const Xml *x)
{
    Str raw = str_trim(xml_text(r->a, x)), text;
    return text_clean(r->a, raw, &text) ? str_trim(text) : raw;
}

/* ---- meta ------------------------------------------------------------------------------------------------------------ */

static void read_meta(XmlReader *r, const Xml *meta)
{
    struct { Str name; Str *to; bool strict; } parts[] = {
        { S("instanceID"), &r->meta->instance_id, true }, { S("deprecatedID"), &r->meta->deprecated_id, true },
        { S("instanceName"), &r->meta->instance_name, false }, { S("audit"), &r->meta->audit, false } };
    XML_EACH(x, meta)
        for (size_t i = 0; i < COUNT_OF(parts); i++) {
            bool own = str_eq(x->ns, S("http://openrosa.org/xforms")) || str_eq(x->ns, r->ns);
            if (str_eq(x->name, parts[i].name) && (own || !parts[i].strict) && !parts[i].to->len)
                *parts[i].to = clean_text(r, x);
        }
}

/* ---- Nodes -------------------------------------------------------------------------------------------------------------- */

static bool has_elements(const Xml *x)
{
    XML_EACH(c, x)
        if (c->name.len)
            return true;
    return false;
}

static void read_children(XmlReader *r, const Xml *parent, int node, int instance, Str path);

static void read_leaf(XmlReader *r, const Xml *x, int node, int instance, Str path)
{
    const FormNode *n  = &r->p->nodes.at[node];
    Str            *to = form_cell(r->p, r->x, node, instance), text = clean_text(r, x);
    if (has_elements(x) || (!to && n->type != Q_NOTE)) {
        unknown(r, path, text);
        return;
    }
    if (!to)
        return;
    *to = form_canonical(r->a, n->type, text);
    if (n->type == Q_START)
        time_parse_iso(text, &r->meta->start);
    if (n->type == Q_END)
        time_parse_iso(text, &r->meta->end);
}

static void read_instance(XmlReader *r, const Xml *x, int node, int parent, Str path)
{
    if (xml_has_attr(x, S("http://openrosa.org/javarosa"), S("template")))
        return;
    int made = form_instance_add(r->a, r->p, r->x, node, parent);
    if (made) {
        read_children(r, x, node, made, arena_fmt(r->a, "%.*s[%d]", STR_ARG(path), r->x->instances.at[made - 1].position));
        return;
    }
    if (!r->full)
        *list_add(r->a, r->findings) = (FormFinding){ .kind = FINDING_NOT_CHECKED, .node = node, .instance = parent, .path = path,
                                                      .found = S("too many instances") };
    r->full = true;
}

/* Elements nest at most 32 deep. A second element of a name that does not repeat is not the questionnaire's. */
static void read_children(XmlReader *r, const Xml *parent, int node, int instance, Str path)
{
    LIST(int) seen = { 0 };
    XML_EACH(x, parent) {
        if (!x->name.len)
            continue;
        Str here = str_join(r->a, (Str[]){ path, x->name }, 2, S("/"));
        int child = form_child(r->p, r->p->code, node, x->name);
        if (node < 0 && child < 0 && str_eq(x->name, S("meta"))) {
            read_meta(r, x);
            continue;
        }
        QuestionType t = child < 0 ? Q_EXTERNAL : r->p->nodes.at[child].type;
        bool again = t == Q_EXTERNAL || t == Q_AUDIT;
        for (size_t i = 0; t != Q_REPEAT && i < seen.len; i++)
            again |= seen.at[i] == child;
        if (again) {
            unknown(r, here, clean_text(r, x));
            continue;
        }
        *list_add(r->a, &seen) = child;
        if (t == Q_REPEAT)
            read_instance(r, x, child, instance, here);
        else if (t == Q_GROUP)
            read_children(r, x, child, instance, here);
        else
            read_leaf(r, x, child, instance, here);
    }
}

void form_instance_of(Arena *a, const FormProgram *p, const Xml *root, FormAnswers *out, FormMeta *meta, FormFindings *findings)
{
    *out  = form_answers_new(a, p);
    *meta = (FormMeta){ .version = str_trim(xml_attr(root, S(""), S("version"))), .form_id = str_trim(xml_attr(root, S(""), S("id"))) };
    meta->encrypted = str_eq(xml_attr(root, S(""), S("encrypted")), S("yes")) && str_eq(root->ns, S("http://opendatakit.org/submissions"));
    if (!meta->form_id.len)
        meta->form_id = root->ns;
    XmlReader r = { a, p, out, meta, findings, root->ns, false };
    if (meta->encrypted)
        read_meta(&r, xml_child(root, S("meta")));
    else
        read_children(&r, root, -1, 0, S("/data"));
}

Err form_instance_read(Arena *a, const FormProgram *p, Str xml, FormAnswers *out, FormMeta *meta, FormFindings *findings)
{
    Xml *root;
    if (xml.len > MAX_XML)
        return err_new(a, ERR_TOO_LARGE, S("the answers are more than 4 MB of XML"));
    TRY(xml_parse(a, xml, XML_LIMITS, &root));
    form_instance_of(a, p, root, out, meta, findings);
    return OK;
}
