/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Controls of an XForm: what a phone shows, in sheet order. */
#include "form/xform_parts.h"

static const struct { const char *element, *mediatype; } controls[Q_TYPE_COUNT] = {
    [Q_NOTE] = { "input", NULL }, [Q_TEXT] = { "input", NULL }, [Q_INTEGER] = { "input", NULL }, [Q_DECIMAL] = { "input", NULL },
    [Q_DATE] = { "input", NULL }, [Q_TIME] = { "input", NULL }, [Q_DATETIME] = { "input", NULL }, [Q_GEOPOINT] = { "input", NULL },
    [Q_GEOTRACE] = { "input", NULL }, [Q_GEOSHAPE] = { "input", NULL }, [Q_BARCODE] = { "input", NULL },
    [Q_IMAGE] = { "upload", "image/*" }, [Q_AUDIO] = { "upload", "audio/*" }, [Q_VIDEO] = { "upload", "video/*" },
    [Q_FILE] = { "upload", "application/*" }, [Q_ACKNOWLEDGE] = { "trigger", NULL }, [Q_RANGE] = { "range", NULL },
    [Q_SELECT_ONE] = { "select1", NULL }, [Q_SELECT_MULTIPLE] = { "select", NULL }, [Q_RANK] = { "odk:rank", NULL },
};

static void add_text(XformWriter *w, const char *element, FormTextKind kind, int node)
{
    const FormNode *n    = &w->p->nodes.at[node];
    XformForm       form = xform_text_form(w, n->text, kind);
    if (form == FORM_NOTHING)
        return;
    buf_fmt(&w->b, "<%s", element);
    if (form == FORM_ITEXT) {
        xml_add_attr(&w->b, "ref", arena_fmt(w->a, "jr:itext('%.*s:%s')", STR_ARG(w->path[node]), element));
        buf_lit(&w->b, "/>");
        return;
    }
    buf_byte(&w->b, '>');
    xform_text_value(w, xform_text_plain(w, n->text, kind), node);
    buf_fmt(&w->b, "</%s>", element);
}

static void add_attrs(XformWriter *w, int node)
{
    const FormNode *n = &w->p->nodes.at[node];
    if (n->appearance.len)
        xml_add_attr(&w->b, "appearance", xform_expression(w, n->appearance, node, false));
    for (size_t i = 0; i < n->attr_count; i++)
        if (n->attrs[i].on == ATTR_BODY)
            xml_add_attr(&w->b, arena_c(w->a, n->attrs[i].name), xform_expression(w, n->attrs[i].value, node, false));
}

/* instance('L')/root/item[…], in chance order when that was asked for. */
static Str nodeset(XformWriter *w, int node)
{
    const FormNode *n    = &w->p->nodes.at[node];
    Str             seed = form_param(n, S("seed"));
    Buf             b    = buf_new(w->a, 128);
    bool            mix  = str_eq(form_param(n, S("randomize")), S("true"));
    buf_fmt(&b, "%sinstance('%.*s')/root/item", mix ? "randomize(" : "", STR_ARG(w->p->lists.at[n->list].name));
    if (n->choice_filter_src.len)
        buf_fmt(&b, "[%.*s]", STR_ARG(xform_expression(w, n->choice_filter_src, node, true)));
    if (mix && seed.len)
        buf_fmt(&b, ", %.*s", STR_ARG(xform_expression(w, seed, node, false)));
    if (mix)
        buf_byte(&b, ')');
    return buf_str(&b);
}

static void add_itemset(XformWriter *w, int node)
{
    const FormNode *n    = &w->p->nodes.at[node];
    const FormList *list = &w->p->lists.at[n->list];
    Str             value = form_param(n, S("value")), label = form_param(n, S("label"));
    buf_lit(&w->b, "<itemset");
    xml_add_attr(&w->b, "nodeset", nodeset(w, node));
    buf_lit(&w->b, "><value");
    xml_add_attr(&w->b, "ref", value.len ? value : S("name"));
    buf_lit(&w->b, "/><label");
    xml_add_attr(&w->b, "ref", xform_list_itext(w, list) ? S("jr:itext(itextId)") : label.len ? label : S("label"));
    buf_lit(&w->b, "/></itemset>");
}

/* What is computed anew when the answer to this question changes. */
static void add_triggered(XformWriter *w, int node)
{
    for (size_t i = 0; i < w->p->nodes.len; i++) {
        const FormNode *x = &w->p->nodes.at[i];
        for (size_t k = 0; k < x->trigger_count; k++) {
            if (x->triggers[k] != node)
                continue;
            buf_lit(&w->b, "<setvalue");
            xml_add_attr(&w->b, "event", S("xforms-value-changed"));
            xml_add_attr(&w->b, "ref", w->path[i]);
            if (x->calculation_src.len)
                xml_add_attr(&w->b, "value", xform_expression(w, x->calculation_src, (int)i, false));
            buf_lit(&w->b, "/>");
        }
    }
}

static void add_range(XformWriter *w, const FormNode *n)
{
    static const struct { const char *name; Str usual; } parts[] = { { "start", S_INIT("1") }, { "end", S_INIT("10") }, { "step", S_INIT("1") } };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Str given = form_param(n, str_from_c(parts[i].name));
        xml_add_attr(&w->b, parts[i].name, given.len ? given : parts[i].usual);
    }
}

static void add_control(XformWriter *w, int node)
{
    const FormNode *n       = &w->p->nodes.at[node];
    const char     *element = controls[n->type].element;
    if (!element)
        return;
    buf_fmt(&w->b, "<%s", element);
    xml_add_attr(&w->b, "ref", w->path[node]);
    if (controls[n->type].mediatype)
        xml_add_attr(&w->b, "mediatype", str_from_c(controls[n->type].mediatype));
    if (n->type == Q_RANGE)
        add_range(w, n);
    add_attrs(w, node);
    buf_byte(&w->b, '>');
    add_text(w, "label", TEXT_LABEL, node);
    add_text(w, "hint", TEXT_HINT, node);
    if (n->list >= 0)
        add_itemset(w, node);
    add_triggered(w, node);
    buf_fmt(&w->b, "</%s>", element);
}

static void add_nodes(XformWriter *w, int from, int to);

/* Defaults of a repeat are worked out for each new instance. */
static void add_repeat_defaults(XformWriter *w, int repeat)
{
    for (int i = repeat + 1; i < w->end[repeat]; i++) {
        const FormNode *n = &w->p->nodes.at[i];
        int             r = n->parent;
        while (r >= 0 && w->p->nodes.at[r].type != Q_REPEAT)
            r = w->p->nodes.at[r].parent;
        if (n->default_value < 0 || r != repeat)
            continue;
        buf_lit(&w->b, "<setvalue");
        xml_add_attr(&w->b, "event", S("odk-instance-first-load odk-new-repeat"));
        xml_add_attr(&w->b, "ref", w->path[i]);
        xml_add_attr(&w->b, "value", xform_expression(w, n->default_src, i, false));
        buf_lit(&w->b, "/>");
    }
}

static void add_group(XformWriter *w, int node)
{
    const FormNode *n = &w->p->nodes.at[node];
    buf_lit(&w->b, "<group");
    xml_add_attr(&w->b, "ref", w->path[node]);
    if (n->type == Q_GROUP)
        add_attrs(w, node);
    buf_byte(&w->b, '>');
    add_text(w, "label", TEXT_LABEL, node);
    if (n->type == Q_REPEAT) {
        buf_lit(&w->b, "<repeat");
        xml_add_attr(&w->b, "nodeset", w->path[node]);
        if (n->repeat_count_src.len)
            xml_add_attr(&w->b, "jr:count", xform_expression(w, n->repeat_count_src, node, false));
        add_attrs(w, node);
        buf_byte(&w->b, '>');
    }
    add_nodes(w, node + 1, w->end[node]);
    if (n->type == Q_REPEAT) {
        add_repeat_defaults(w, node);
        buf_lit(&w->b, "</repeat>");
    }
    buf_lit(&w->b, "</group>");
}

static void add_nodes(XformWriter *w, int from, int to)
{
    for (int i = from; i < to; i = w->end[i]) {
        if (form_type_holds(w->p->nodes.at[i].type))
            add_group(w, i);
        else
            add_control(w, i);
    }
}

void xform_body(XformWriter *w)
{
    buf_lit(&w->b, "<h:body");
    if (w->p->settings.style.len)
        xml_add_attr(&w->b, "class", w->p->settings.style);
    buf_byte(&w->b, '>');
    add_nodes(w, 0, (int)w->p->nodes.len);
    buf_lit(&w->b, "</h:body>");
}
