/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers to XML of the shape that phones send: what is relevant, in the order of the questionnaire, then meta. */
#include "form/form_parts.h"

Str form_node_path(Arena *a, const FormProgram *p, const FormAnswers *x, int node, int instance)
{
    Str path = S("");
    for (int i = node; i >= 0; i = p->nodes.at[i].parent) {
        const FormNode *n = &p->nodes.at[i];
        if (n->type == Q_REPEAT && instance) {
            path     = arena_fmt(a, "/%.*s[%d]%.*s", STR_ARG(n->leaf), x->instances.at[instance - 1].position, STR_ARG(path));
            instance = x->instances.at[instance - 1].parent;
        } else {
            path = arena_fmt(a, "/%.*s%.*s", STR_ARG(n->leaf), STR_ARG(path));
        }
    }
    return arena_fmt(a, "/data%.*s", STR_ARG(path));
}

typedef struct XmlOut { Buf b; FormState s; const FormMeta *meta; } XmlOut;

static void open_tag(XmlOut *w, Str name)
{
    buf_fmt(&w->b, "<%.*s>", STR_ARG(name));
}

static void close_tag(XmlOut *w, Str name)
{
    buf_fmt(&w->b, "</%.*s>", STR_ARG(name));
}

static void leaf(XmlOut *w, Str name, Str text)
{
    if (!text.len) {
        buf_fmt(&w->b, "<%.*s/>", STR_ARG(name));
        return;
    }
    open_tag(w, name);
    xml_add_text(&w->b, text);
    close_tag(w, name);
}

static void children(XmlOut *w, int parent, int instance);

static void instances(XmlOut *w, int repeat, int parent)
{
    const int32_t *kids;
    int            count = form_state_instances(&w->s, repeat, parent, &kids);
    Str            name  = w->s.p->nodes.at[repeat].leaf;
    for (int i = 0; i < count; i++) {
        if (!form_state_relevant(&w->s, repeat, kids[i]))
            continue;
        open_tag(w, name);
        children(w, repeat, kids[i]);
        close_tag(w, name);
    }
}

/* The end of the interview is known when it is sent. */
static Str text_of_node(XmlOut *w, int node, int instance)
{
    const FormNode *n    = &w->s.p->nodes.at[node];
    Str             text = form_state_value(&w->s, node, instance);
    return n->type == Q_END && !text.len && w->meta->end.ms ? form_time_text(w->b.a, w->meta->end) : text;
}

/* Groups nest at most FORM_MAX_LEVELS deep. */
static void children(XmlOut *w, int parent, int instance)
{
    const FormProgram *p = w->s.p;
    for (int i = form_first_child(p->code, parent); i >= 0; i = p->code->tree.next[i]) {
        const FormNode *n = &p->nodes.at[i];
        if (n->type == Q_REPEAT) {
            instances(w, i, instance);
        } else if (n->type == Q_AUDIT || n->type == Q_EXTERNAL || !form_state_relevant(&w->s, i, instance)) {
            continue;
        } else if (n->type == Q_GROUP) {
            open_tag(w, n->leaf);
            children(w, i, instance);
            close_tag(w, n->leaf);
        } else {
            leaf(w, n->leaf, text_of_node(w, i, instance));
        }
    }
}

static void write_meta(XmlOut *w)
{
    Str name = w->meta->instance_name;
    if (!name.len && w->s.p->code->instance_name >= 0)
        form_eval_text(&w->s, w->b.a, w->s.p->code->instance_name, 0, &name);
    buf_lit(&w->b, "<meta>");
    if (w->meta->audit.len)
        leaf(w, S("audit"), w->meta->audit);
    leaf(w, S("instanceID"), w->meta->instance_id);
    if (w->s.p->code->instance_name >= 0 || name.len)
        leaf(w, S("instanceName"), name);
    if (w->meta->deprecated_id.len)
        leaf(w, S("deprecatedID"), w->meta->deprecated_id);
    buf_lit(&w->b, "</meta>");
}

Str form_instance_write(Arena *a, const FormProgram *p, const FormAnswers *x, const FormMeta *meta, Time now)
{
    XmlOut w = { .s = form_state(p, a, x, now), .meta = meta };
    w.b = buf_new(a, 4096);
    buf_lit(&w.b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data");
    xml_add_attr(&w.b, "id", p->form_id);
    if (p->version.len)
        xml_add_attr(&w.b, "version", p->version);
    buf_byte(&w.b, '>');
    children(&w, -1, 0);
    write_meta(&w);
    buf_lit(&w.b, "</data>\n");
    return buf_str(&w.b);
}
