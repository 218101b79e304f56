/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A questionnaire as the XForm that phones fetch: head, instances and binds. The same program gives the same bytes. */
#include "form/xform_parts.h"

/* ---- Primary instance --------------------------------------------------------------------------------------- */

typedef enum Copy { OUTSIDE, IN_TEMPLATE, IN_FIRST } Copy;
static void instance_nodes(XformWriter *w, int from, int to, Copy copy);

static void instance_attrs(XformWriter *w, int node)
{
    const FormNode *n = &w->p->nodes.at[node];
    for (size_t i = 0; i < n->attr_count; i++)
        if (n->attrs[i].on == ATTR_INSTANCE)
            xml_add_attr(&w->b, arena_c(w->a, n->attrs[i].name), xform_expression(w, n->attrs[i].value, node, false));
}

static void instance_group(XformWriter *w, int node, Copy copy)
{
    Str leaf = w->p->nodes.at[node].leaf;
    buf_fmt(&w->b, "<%.*s", STR_ARG(leaf));
    if (copy == IN_TEMPLATE && w->p->nodes.at[node].type == Q_REPEAT)
        xml_add_attr(&w->b, "jr:template", S(""));
    instance_attrs(w, node);
    buf_byte(&w->b, '>');
    instance_nodes(w, node + 1, w->end[node], copy);
    buf_fmt(&w->b, "</%.*s>", STR_ARG(leaf));
}

static bool names_a_file(QuestionType t)
{
    return t == Q_IMAGE || t == Q_AUDIO || t == Q_VIDEO;
}

static void instance_leaf(XformWriter *w, int node)
{
    const FormNode *n = &w->p->nodes.at[node];
    buf_fmt(&w->b, "<%.*s", STR_ARG(n->leaf));
    instance_attrs(w, node);
    if (!n->default_src.len || n->default_value >= 0) {
        buf_lit(&w->b, "/>");
        return;
    }
    buf_byte(&w->b, '>');
    if (names_a_file(n->type) && !str_has(n->default_src, S("://")))
        buf_fmt(&w->b, "jr://%s/", n->type == Q_IMAGE ? "images" : n->type == Q_AUDIO ? "audio" : "video");
    xml_add_text(&w->b, n->default_src);
    buf_fmt(&w->b, "</%.*s>", STR_ARG(n->leaf));
}

/* A repeat stands twice: the template of new ones and the first; inside another's copy in the same form only. */
static void instance_nodes(XformWriter *w, int from, int to, Copy copy)
{
    for (int i = from; i < to; i = w->end[i]) {
        QuestionType t = w->p->nodes.at[i].type;
        if (t == Q_AUDIT || t == Q_EXTERNAL)
            continue;
        if (t == Q_REPEAT && copy == OUTSIDE) {
            instance_group(w, i, IN_TEMPLATE);
            instance_group(w, i, IN_FIRST);
        } else if (form_type_holds(t)) {
            instance_group(w, i, copy);
        } else {
            instance_leaf(w, i);
        }
    }
}

static void add_primary(XformWriter *w)
{
    const FormProgram *p = w->p;
    buf_lit(&w->b, "<instance><data");
    xml_add_attr(&w->b, "id", p->form_id);
    if (p->version.len)
        xml_add_attr(&w->b, "version", p->version);
    buf_byte(&w->b, '>');
    instance_nodes(w, 0, (int)p->nodes.len, OUTSIDE);
    buf_lit(&w->b, "<meta>");
    for (size_t i = 0; i < p->nodes.len; i++)
        if (p->nodes.at[i].type == Q_AUDIT)
            instance_leaf(w, (int)i);
    buf_lit(&w->b, "<instanceID/>");
    if (p->settings.instance_name_src.len)
        buf_lit(&w->b, "<instanceName/>");
    buf_lit(&w->b, "</meta></data></instance>");
}

/* ---- Lists ---------------------------------------------------------------------------------------------------- */

static void add_item(XformWriter *w, const FormList *list, size_t at, bool itext)
{
    const FormChoice *c = &list->choices.at[at];
    Str label = xform_text_plain(w, c->text, TEXT_LABEL);
    buf_lit(&w->b, "<item>");
    if (itext)
        buf_fmt(&w->b, "<itextId>%.*s-%zu</itextId>", STR_ARG(list->name), at);
    buf_lit(&w->b, "<name>");
    xml_add_text(&w->b, c->name);
    buf_lit(&w->b, "</name>");
    if (!itext && label.len) {
        buf_lit(&w->b, "<label>");
        xml_add_text(&w->b, label);
        buf_lit(&w->b, "</label>");
    }
    for (size_t i = 0; c->cells && i < list->columns.len; i++) {
        if (!c->cells[i].len)
            continue;
        buf_fmt(&w->b, "<%.*s>", STR_ARG(list->columns.at[i]));
        xml_add_text(&w->b, c->cells[i]);
        buf_fmt(&w->b, "</%.*s>", STR_ARG(list->columns.at[i]));
    }
    buf_lit(&w->b, "</item>");
}

static void add_external(XformWriter *w, const FormList *list)
{
    buf_lit(&w->b, "<instance");
    xml_add_attr(&w->b, "id", list->name);
    xml_add_attr(&w->b, "src", str_concat(w->a, str_ends(list->file, S(".csv")) ? S("jr://file-csv/") : S("jr://file/"), list->file));
    buf_lit(&w->b, "/>");
}

static void add_lists(XformWriter *w)
{
    for (size_t i = 0; i < w->p->lists.len; i++)
        if (w->p->lists.at[i].file.len)
            add_external(w, &w->p->lists.at[i]);
    for (size_t i = 0; i < w->p->lists.len; i++) {
        const FormList *list  = &w->p->lists.at[i];
        bool            itext = xform_list_itext(w, list);
        if (list->file.len)
            continue;
        buf_lit(&w->b, "<instance");
        xml_add_attr(&w->b, "id", list->name);
        buf_lit(&w->b, "><root>");
        for (size_t k = 0; k < list->choices.len; k++)
            add_item(w, list, k, itext);
        buf_lit(&w->b, "</root></instance>");
    }
}

/* ---- Binds ------------------------------------------------------------------------------------------------------ */

typedef struct BindType { const char *type, *preload, *params; } BindType;

static const BindType bind_types[Q_TYPE_COUNT] = {
    [Q_NOTE] = { "string", 0, 0 }, [Q_TEXT] = { "string", 0, 0 }, [Q_INTEGER] = { "int", 0, 0 }, [Q_DECIMAL] = { "decimal", 0, 0 },
    [Q_DATE] = { "date", 0, 0 }, [Q_TIME] = { "time", 0, 0 }, [Q_DATETIME] = { "dateTime", 0, 0 }, [Q_GEOPOINT] = { "geopoint", 0, 0 },
    [Q_GEOTRACE] = { "geotrace", 0, 0 }, [Q_GEOSHAPE] = { "geoshape", 0, 0 }, [Q_BARCODE] = { "barcode", 0, 0 },
    [Q_IMAGE] = { "binary", 0, 0 }, [Q_AUDIO] = { "binary", 0, 0 }, [Q_VIDEO] = { "binary", 0, 0 }, [Q_FILE] = { "binary", 0, 0 },
    [Q_ACKNOWLEDGE] = { "string", 0, 0 }, [Q_RANGE] = { "int", 0, 0 }, [Q_SELECT_ONE] = { "string", 0, 0 },
    [Q_SELECT_MULTIPLE] = { "string", 0, 0 }, [Q_RANK] = { "odk:rank", 0, 0 }, [Q_CALCULATE] = { "string", 0, 0 },
    [Q_HIDDEN] = { "string", 0, 0 }, [Q_START] = { "dateTime", "timestamp", "start" }, [Q_END] = { "dateTime", "timestamp", "end" },
    [Q_TODAY] = { "date", "date", "today" }, [Q_DEVICEID] = { "string", "property", "deviceid" },
    [Q_USERNAME] = { "string", "property", "username" }, [Q_PHONENUMBER] = { "string", "property", "phonenumber" },
    [Q_EMAIL] = { "string", "property", "email" }, [Q_AUDIT] = { "binary", 0, 0 },
};

static bool range_fraction(const FormNode *n)
{
    static const Str names[] = { S_INIT("start"), S_INIT("end"), S_INIT("step") };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_has(form_param(n, names[i]), S(".")))
            return true;
    return false;
}

static const FormAttr *bind_attr(const FormNode *n, Str name)
{
    for (size_t i = 0; i < n->attr_count; i++)
        if (n->attrs[i].on == ATTR_BIND && str_eq(n->attrs[i].name, name))
            return &n->attrs[i];
    return NULL;
}

static void add_expression(XformWriter *w, const char *name, Str source, int node)
{
    if (source.len)
        xml_add_attr(&w->b, name, xform_expression(w, source, node, false));
}

static void add_message(XformWriter *w, const char *name, FormTextKind kind, int node)
{
    const FormNode *n    = &w->p->nodes.at[node];
    XformForm       form = xform_text_form(w, n->text, kind);
    if (form == FORM_ITEXT)
        xml_add_attr(&w->b, name, arena_fmt(w->a, "jr:itext('%.*s:%s')", STR_ARG(w->path[node]), name));
    else if (form == FORM_LITERAL)
        xml_add_attr(&w->b, name, xform_text_plain(w, n->text, kind));
}

static void add_audit_params(XformWriter *w, const FormNode *n)
{
    for (size_t i = 0; i < n->param_count; i++)
        xml_add_attr(&w->b, arena_c(w->a, str_concat(w->a, S("odk:"), n->params[i].name)), n->params[i].value);
}

static void bind_own(XformWriter *w, int node)
{
    const FormNode *n = &w->p->nodes.at[node];
    const BindType *t = &bind_types[n->type];
    if (t->type && !bind_attr(n, S("type")))
        xml_add_attr(&w->b, "type", n->type == Q_RANGE && range_fraction(n) ? S("decimal") : str_from_c(t->type));
    if (t->preload) {
        xml_add_attr(&w->b, "jr:preload", str_from_c(t->preload));
        xml_add_attr(&w->b, "jr:preloadParams", str_from_c(t->params));
    }
    if (n->type == Q_NOTE && !n->read_only_src.len)
        xml_add_attr(&w->b, "readonly", S("true()"));
    if (n->type == Q_AUDIT)
        add_audit_params(w, n);
    if (form_param(n, S("max-pixels")).len)
        xml_add_attr(&w->b, "orx:max-pixels", form_param(n, S("max-pixels")));
}

static bool group_bound(const FormNode *n)
{
    bool attrs = false;
    for (size_t i = 0; i < n->attr_count; i++)
        attrs |= n->attrs[i].on == ATTR_BIND;
    return attrs || n->relevant_src.len || n->required_src.len || n->constraint_src.len || n->read_only_src.len || n->calculation_src.len;
}

static void add_bind(XformWriter *w, int node)
{
    const FormNode *n = &w->p->nodes.at[node];
    bool            plain = form_type_holds(n->type) || str_eq(n->type_word, S("trigger"));      /* pyxform gives these no type */
    if (n->type == Q_EXTERNAL || (plain && !group_bound(n)))
        return;
    buf_lit(&w->b, "<bind");
    xml_add_attr(&w->b, "nodeset", w->path[node]);
    bind_own(w, node);
    add_expression(w, "readonly", n->read_only_src, node);
    add_expression(w, "required", n->required_src, node);
    add_expression(w, "relevant", n->relevant_src, node);
    add_expression(w, "constraint", n->constraint_src, node);
    if (!n->trigger_count)
        add_expression(w, "calculate", n->calculation_src, node);
    add_message(w, "jr:constraintMsg", TEXT_CONSTRAINT_MESSAGE, node);
    add_message(w, "jr:requiredMsg", TEXT_REQUIRED_MESSAGE, node);
    for (size_t i = 0; i < n->attr_count; i++)
        if (n->attrs[i].on == ATTR_BIND)
            xml_add_attr(&w->b, arena_c(w->a, n->attrs[i].name), xform_expression(w, n->attrs[i].value, node, false));
    buf_lit(&w->b, "/>");
}

/* Defaults outside repeats, worked out when the form is opened for the first time. */
static void add_defaults(XformWriter *w)
{
    for (size_t i = 0; i < w->p->nodes.len; i++) {
        const FormNode *n = &w->p->nodes.at[i];
        int             r = n->parent;
        while (r >= 0 && w->p->nodes.at[r].type != Q_REPEAT)
            r = w->p->nodes.at[r].parent;
        if (n->default_value < 0 || r >= 0)
            continue;
        buf_lit(&w->b, "<setvalue");
        xml_add_attr(&w->b, "event", S("odk-instance-first-load"));
        xml_add_attr(&w->b, "ref", w->path[i]);
        xml_add_attr(&w->b, "value", xform_expression(w, n->default_src, (int)i, false));
        buf_lit(&w->b, "/>");
    }
}

static void add_binds(XformWriter *w)
{
    for (size_t i = 0; i < w->p->nodes.len; i++)
        add_bind(w, (int)i);
    buf_lit(&w->b, "<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/>");
    if (w->p->settings.instance_name_src.len) {
        buf_lit(&w->b, "<bind nodeset=\"/data/meta/instanceName\" type=\"string\"");
        add_expression(w, "calculate", w->p->settings.instance_name_src, -1);
        buf_lit(&w->b, "/>");
    }
    add_defaults(w);
}

/* ---- Document ---------------------------------------------------------------------------------------------------- */

static void add_submission(XformWriter *w)
{
    const FormSettings *s = &w->p->settings;
    const struct { const char *name; Str value; } attrs[] = {
        { "action", s->submission_url }, { "method", s->submission_url.len || s->public_key.len ? S("post") : S("") },
        { "base64RsaPublicKey", s->public_key }, { "orx:auto-send", s->auto_send }, { "orx:auto-delete", s->auto_delete },
        { "odk:client-editable", s->client_editable } };
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(attrs); i++)
        any |= attrs[i].value.len > 0;
    if (!any)
        return;
    buf_lit(&w->b, "<submission");
    for (size_t i = 0; i < COUNT_OF(attrs); i++)
        if (attrs[i].value.len)
            xml_add_attr(&w->b, attrs[i].name, attrs[i].value);
    buf_lit(&w->b, "/>");
}

/* namespaces: prefix="address" prefix="address". */
static void add_namespaces(XformWriter *w)
{
    for (Str rest = w->p->settings.namespaces; rest.len;) {
        StrPair name = str_cut(rest, '='), value = str_cut(str_skip(name.tail, 1), '"');
        if (expr_is_name(str_trim(name.head)))
            xml_add_attr(&w->b, arena_c(w->a, str_concat(w->a, S("xmlns:"), str_trim(name.head))), value.head);
        rest = value.tail;
    }
}

Str form_xform_write(Arena *a, const FormProgram *p)
{
    XformWriter w = { .a = a, .b = buf_new(a, 1 << 16), .p = p };
    xform_paths(&w);
    buf_lit(&w.b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<h:html xmlns=\"http://www.w3.org/2002/xforms\" "
            "xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns:jr=\"http://openrosa.org/javarosa\" "
            "xmlns:orx=\"http://openrosa.org/xforms\" xmlns:odk=\"http://www.opendatakit.org/xforms\"");
    add_namespaces(&w);
    buf_lit(&w.b, ">\n<h:head><h:title>");
    xml_add_text(&w.b, p->title[LANG_VI].len ? p->title[LANG_VI] : p->title[LANG_EN].len ? p->title[LANG_EN] : p->form_id);
    buf_lit(&w.b, "</h:title><model odk:xforms-version=\"1.0.0\">");
    add_submission(&w);
    xform_itext(&w);
    add_primary(&w);
    add_lists(&w);
    add_binds(&w);
    buf_lit(&w.b, "</model></h:head>\n");
    xform_body(&w);
    buf_lit(&w.b, "\n</h:html>\n");
    return buf_str(&w.b);
}
