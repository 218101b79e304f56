/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Root and ids of a submission, and the texts of its leaves: enough for the protocol, nothing of the questionnaire. Read as a
 * tree of bounded size, from which the answers are made later; what is larger is read as events, of which nothing else stays. */
#include "openrosa/instance.h"

enum { DEPTH_MOST = 32, NODES_MOST = 100000, ID_MOST = 250, TEXT_MOST = 65536, TREE_BYTES = 4 << 20 };
#define LIMITS ((XmlLimits){ .depth = DEPTH_MOST, .nodes = NODES_MOST, .attributes = 100, .unlined = true })

/* One open element. */
typedef struct Level { size_t path; size_t text; bool has_child, own_ns; } Level;    /* path, text: where its part begins */
typedef struct Reading {
    Arena *a; Instance *in;
    Str root_ns;
    Buf path, text;
    Level levels[DEPTH_MOST + 1]; size_t depth;
} Reading;

static Err open_root(Reading *r, Str ns, const XmlAttr *attrs, size_t n)
{
    Str id      = str_trim(xml_attr_of(attrs, n, S("id")));
    r->root_ns  = arena_str(r->a, ns);
    Str version = str_trim(xml_attr_of(attrs, n, S("version")));
    Str marked  = str_trim(xml_attr_of(attrs, n, S("encrypted")));
    r->in->form_id   = arena_str(r->a, id.len ? id : ns);
    r->in->version   = arena_str(r->a, version);
    r->in->encrypted = str_eq(marked, S("yes")) && str_eq(ns, S(NS_ENCRYPTED));
    return r->in->form_id.len && r->in->form_id.len <= ID_MOST && version.len <= ID_MOST
               ? OK : err_new(r->a, ERR_INVALID, S("the root has no readable id"));
}

static Err open_element(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    Reading *r = with;
    if (r->depth > DEPTH_MOST)
        return err_new(r->a, ERR_TOO_LARGE, S("XML is nested too deeply"));
    r->levels[r->depth] = (Level){ .path = r->path.len, .text = r->text.len,
                                   .own_ns = str_eq(ns, S(NS_OPENROSA)) || str_eq(ns, r->root_ns) };
    if (r->depth++ == 0)
        return open_root(r, ns, attrs, n);
    r->levels[r->depth - 2].has_child = true;
    buf_byte(&r->path, '/');
    buf_add(&r->path, name);
    return OK;
}

static Err add_text(void *with, Str text)
{
    Reading *r = with;
    if (r->depth && r->text.len - r->levels[r->depth - 1].text + text.len <= TEXT_MOST)
        buf_add(&r->text, text);
    return OK;
}

static void leaf_done(Reading *r, const Level *at)
{
    Str path = buf_str(&r->path), text = str_trim(str_skip(buf_str(&r->text), at->text));
    if (at->own_ns && str_eq(path, S("/meta/instanceID")) && !r->in->instance_id.len)
        r->in->instance_id = arena_str(r->a, text);
    else if (at->own_ns && str_eq(path, S("/meta/deprecatedID")) && !r->in->deprecated_id.len)
        r->in->deprecated_id = arena_str(r->a, text);
    else if (text.len)
        *list_add(r->a, &r->in->leaves) = (InstanceLeaf){ arena_str(r->a, path), arena_str(r->a, text) };
}

static Err close_element(void *with, Str ns UNUSED, Str name UNUSED)
{
    Reading     *r  = with;
    const Level *at = &r->levels[--r->depth];
    if (!at->has_child && r->depth)
        leaf_done(r, at);
    r->path.len = at->path;
    r->text.len = at->text;
    return OK;
}

static Err finish(Arena *a, const Instance *in, Instance *out)
{
    if (in->instance_id.len > ID_MOST || in->deprecated_id.len > ID_MOST)
        return err_new(a, ERR_INVALID, S("an instance id has more than 250 bytes"));
    *out = *in;
    return OK;
}

Err instance_read_events(Arena *a, Str xml, Instance *out)
{
    Instance  in     = { 0 };
    Reading   r      = { .a = a, .in = &in, .path = buf_new(a, 256), .text = buf_new(a, 1024) };
    XmlEvents events = { .with = &r, .open = open_element, .close = close_element, .text = add_text };
    TRY(xml_walk(a, xml, LIMITS, &events));
    return finish(a, &in, out);
}

/* ---- The tree ------------------------------------------------------------------------------------------------------- */
static Err walk(Reading *r, const Xml *x)
{
    TRY(open_element(r, x->ns, x->name, x->attrs, x->attr_count));
    XML_EACH(part, x)
        TRY(part->name.len ? walk(r, part) : add_text(r, part->text));
    return close_element(r, x->ns, x->name);
}

typedef struct TreeReading { Arena *a; Str xml; Xml *root; Err refused; } TreeReading;

static Err read_tree(void *at)
{
    TreeReading *t = at;
    t->refused = xml_parse(t->a, t->xml, LIMITS, &t->root);
    return OK;
}

/* In the front part of a; NULL, and all of it free again, when it does not fit. */
static Err tree_of(Arena *a, Str xml, Xml **out)
{
    Arena       part = *a;                   /* nobody else takes from the arena meanwhile */
    TreeReading t    = { .a = &part, .xml = xml };
    *out = NULL;
    if (part.end - part.at > TREE_BYTES)
        part.end = part.at + TREE_BYTES;
    if (arena_guarded(&part, read_tree, &t))
        return OK;
    a->at = part.at;                         /* a refusal lies there too */
    *out  = t.refused ? NULL : t.root;
    return t.refused;
}

Err instance_read(Arena *a, Str xml, Instance *out)
{
    Xml *root;
    TRY(tree_of(a, xml, &root));
    if (!root)
        return instance_read_events(a, xml, out);
    Instance in = { .root = root };
    Reading  r  = { .a = a, .in = &in, .path = buf_new(a, 256), .text = buf_new(a, 1024) };
    TRY(walk(&r, root));
    return finish(a, &in, out);
}
