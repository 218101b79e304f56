/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Texts of a foreign XForm in all its languages, and its lists of choices. */
#include "form/xform_in.h"

#include <math.h>

#define XSAY(...) arena_fmt(x->r->keep, __VA_ARGS__)

/* ---- Languages ------------------------------------------------------------------------------------------------------ */

void xf_languages(XformReader *x)
{
    FormProgram *p = x->r->p;
    XML_EACH(t, x->itext) {
        if (!str_eq(t->name, S("translation")))
            continue;
        Str lang = arena_str(x->r->keep, str_trim(xml_attr(t, S(""), S("lang"))));
        if (xml_has_attr(t, S(""), S("default")) && !p->default_language.len) {
            p->language         = (int)p->languages.len;
            p->default_language = lang;
        }
        *list_add(x->r->keep, &p->languages) = lang;
        x->facts.languages++;
        int ids = 0;
        XML_EACH(text, t)
            ids += str_eq(text->name, S("text"));
        x->facts.itext_ids = ids > x->facts.itext_ids ? ids : x->facts.itext_ids;
    }
    if (!p->languages.len)
        *list_add(x->r->keep, &p->languages) = S("default");
    if (p->languages.len > FORM_MAX_LANGUAGES)
        xf_issue(x, x->itext, S("itext"), "E-LIMIT", S("quá 16 ngôn ngữ. Chia thành nhiều phiếu."), S("more than 16 languages. Split the questionnaire."));
    bool coded;
    int  lang = lang_of_name(p->languages.at[p->language], &coded);
    x->r->default_lang  = lang < LANG_COUNT ? lang : LANG_VI;
    x->r->main_language = p->language;
}

/* ---- Texts ------------------------------------------------------------------------------------------------------------ */

/* Two elements of that name: it is no key by itself. */
Str xf_key(XformReader *x, int at)
{
    const XfNode *n = &x->at.at[at];
    for (size_t i = 0; i < x->at.len; i++)
        if ((int)i != at && str_eq(x->at.at[i].element->name, n->element->name))
            return str_skip(n->path, x->root->name.len + 2);
    return n->element->name;
}

/* Text with <output value="path"/> as ${name}; an output of another expression is left out. */
static Str value_text(XformReader *x, const Xml *value, int base)
{
    Buf b = buf_new(x->r->keep, 64);
    XML_EACH(e, value) {
        if (!e->name.len) {
            buf_add(&b, e->text);
            continue;
        }
        Str path = str_eq(e->name, S("output")) ? xml_attr(e, S(""), xml_has_attr(e, S(""), S("value")) ? S("value") : S("ref")) : S("");
        int at   = path.len ? xf_find(x, path, base) : -1;
        if (at >= 0)
            buf_fmt(&b, "${%.*s}", STR_ARG(xf_key(x, at)));
        else
            buf_add(&b, path.len ? S("…") : xml_text(x->r->scratch, e));
    }
    return str_trim(buf_str(&b));
}

/* "jr:itext('/data/x:label')" → the id; empty: no itext. */
static Str itext_id(Str ref)
{
    ref = str_trim(ref);
    if (!str_starts(ref, S("jr:itext(")))
        return S("");
    Str id = str_trim(str_skip(ref, 9));
    if (!id.len || (id.at[0] != '\'' && id.at[0] != '"'))
        return S("");
    return str_cut(str_skip(id, 1), id.at[0]).head;
}

static const Xml *text_of_id(const Xml *translation, Str id)
{
    XML_EACH(t, translation)
        if (str_eq(t->name, S("text")) && str_eq(xml_attr(t, S(""), S("id")), id))
            return t;
    return NULL;
}

static void put(XformReader *x, FormText *text, size_t language, Str value)
{
    if (!value.len)
        return;
    if (!text->by)
        text->by = arena_new(x->r->keep, Str, x->r->p->languages.len);
    text->by[language] = value;
}

/* One <text> of one language into the forms that we keep. */
static void put_forms(XformReader *x, const Xml *t, FormText *texts, FormTextKind kind, size_t language, int base)
{
    static const struct { Str form; FormTextKind kind; } media[] = {
        { S_INIT("image"), TEXT_IMAGE }, { S_INIT("big-image"), TEXT_BIG_IMAGE }, { S_INIT("audio"), TEXT_AUDIO }, { S_INIT("video"), TEXT_VIDEO } };
    XML_EACH(v, t) {
        Str form = xml_attr(v, S(""), S("form"));
        if (!str_eq(v->name, S("value")))
            continue;
        if (!form.len || str_eq(form, S("long")))
            put(x, &texts[kind], language, value_text(x, v, base));
        else if (str_eq(form, S("guidance")))
            put(x, &texts[TEXT_GUIDANCE], language, value_text(x, v, base));
        for (size_t i = 0; i < COUNT_OF(media); i++)
            if (str_eq(form, media[i].form))
                put(x, &texts[media[i].kind], language, arena_str(x->r->keep, str_cut_last(str_trim(xml_text(x->r->scratch, v)), '/').tail));
    }
}

static void put_itext(XformReader *x, Str id, FormText *texts, FormTextKind kind, int base)
{
    size_t language = 0;
    texts[kind].translated = true;
    XML_EACH(t, x->itext) {
        if (!str_eq(t->name, S("translation")))
            continue;
        const Xml *text = text_of_id(t, id);
        if (text)
            put_forms(x, text, texts, kind, language, base);
        language++;
    }
}

static void put_element(XformReader *x, const Xml *e, FormText *texts, FormTextKind kind, int base)
{
    Str id = e ? itext_id(xml_attr(e, S(""), S("ref"))) : S("");
    if (id.len)
        put_itext(x, id, texts, kind, base);
    else if (e)
        put(x, &texts[kind], (size_t)x->r->p->language, value_text(x, e, base));
}

static void put_message(XformReader *x, const XfNode *n, Str attr, FormText *texts, FormTextKind kind, int base)
{
    Str raw = n->bind ? xml_attr(n->bind, S(JR_NS), attr) : S(""), id = itext_id(raw);
    if (id.len)
        put_itext(x, id, texts, kind, base);
    else
        put(x, &texts[kind], (size_t)x->r->p->language, arena_str(x->r->keep, str_trim(raw)));
}

/* The two languages of our pages; the form's own stands in. */
static void pick(const XformReader *x, const FormText *text, Str to[LANG_COUNT])
{
    const FormProgram *p = x->r->p;
    for (size_t i = 0; text->by && i < p->languages.len; i++) {
        bool coded;
        int  l = lang_of_name(p->languages.at[i], &coded);
        if (l < LANG_COUNT && !to[l].len)
            to[l] = text->by[i];
    }
    int main = x->r->default_lang;
    if (text->by && !to[main].len)
        to[main] = text->by[p->language];
}

void xf_texts(XformReader *x, XfNode *n, FormNode *to)
{
    int       base  = (int)(n - x->at.at);
    FormText *texts = arena_new(x->r->keep, FormText, TEXT_KIND_COUNT);
    const Xml *shows = n->control;
    if (shows && n->repeat && !xml_child(shows, S("label")) && str_eq(shows->parent->name, S("group")))
        shows = shows->parent;                           /* the label of a repeat stands on the group around it */
    if (shows) {
        put_element(x, xml_child(shows, S("label")), texts, TEXT_LABEL, base);
        put_element(x, xml_child(shows, S("hint")), texts, TEXT_HINT, base);
    }
    put_message(x, n, S("requiredMsg"), texts, TEXT_REQUIRED_MESSAGE, base);
    put_message(x, n, S("constraintMsg"), texts, TEXT_CONSTRAINT_MESSAGE, base);
    pick(x, &texts[TEXT_LABEL], to->label);
    pick(x, &texts[TEXT_HINT], to->hint);
    pick(x, &texts[TEXT_REQUIRED_MESSAGE], to->required_message);
    pick(x, &texts[TEXT_CONSTRAINT_MESSAGE], to->constraint_message);
    to->text = texts;
}

/* ---- Lists ------------------------------------------------------------------------------------------------------------ */

static bool is_list(const Xml *root)
{
    XML_EACH(item, root)
        XML_EACH(cell, item)
            if (cell->name.len)
                return true;
    return false;
}

static bool own_column(Str name)
{
    return str_eq(name, S("name")) || str_eq(name, S("label")) || str_eq(name, S("itextId"));
}

static void put_choice_label(XformReader *x, FormChoice *c, const Xml *item)
{
    FormText *texts = arena_new(x->r->keep, FormText, TEXT_KIND_COUNT);
    const Xml *id = xml_child(item, S("itextId")), *label = xml_child(item, S("label"));
    if (id)
        put_itext(x, str_trim(xml_text(x->r->scratch, id)), texts, TEXT_LABEL, -1);
    else
        put_element(x, label, texts, TEXT_LABEL, -1);
    pick(x, &texts[TEXT_LABEL], c->label);
    if (!c->label[x->r->default_lang].len)
        c->label[x->r->default_lang] = c->name;
    c->text = texts;
}

static void add_item(XformReader *x, FormList *list, const Xml *item)
{
    FormChoice c     = { .value = NAN };
    Str       *cells = arena_new(x->r->keep, Str, list->columns.len);
    XML_EACH(cell, item) {
        if (!cell->name.len)
            continue;
        Str value = arena_str(x->r->keep, str_trim(xml_text(x->r->scratch, cell)));
        int at    = own_column(cell->name) ? -1 : list_column(x->r->keep, list, cell->name);
        if (str_eq(cell->name, S("name")))
            c.name = value;
        if (at >= 0)
            cells[at] = value;
    }
    c.cells = cells;
    put_choice_label(x, &c, item);
    *list_add(x->r->keep, &list->choices) = c;
}

static void list_instance(XformReader *x, const Xml *instance, Str id)
{
    const Xml *root = NULL;
    XML_EACH(e, instance)
        if (e->name.len && !root)
            root = e;
    if (!root || x->r->lists.len >= x->r->list_room)
        return;
    if (is_list(root) && !str_eq(root->name, S("root")))
        xf_issue(x, root, id, "E-LIST", S("danh sách cần dạng root/item. Đổi tên các phần tử."), S("a list has the form root/item. Rename its elements."));
    FormList *list = list_named(x->r, arena_str(x->r->keep, id));
    list->needed   = true;
    XML_EACH(item, root)
        XML_EACH(cell, item)
            if (cell->name.len && !own_column(cell->name))
                list_column(x->r->keep, list, cell->name);
    XML_EACH(item, root)
        if (item->name.len)
            add_item(x, list, item);
}

void xf_lists(XformReader *x)
{
    const Xml *primary = xml_child(x->model, S("instance"));
    XML_EACH(e, x->model) {
        if (!str_eq(e->name, S("instance")) || e == primary)
            continue;
        Str id = str_trim(xml_attr(e, S(""), S("id"))), src = str_trim(xml_attr(e, S(""), S("src")));
        x->facts.external += src.len > 0;
        x->facts.secondary++;
        if (!src.len) {
            list_instance(x, e, id);
            continue;
        }
        Str file = str_cut_last(src, '/').tail;
        if (str_starts(src, S("jr://file")) && (str_ends(file, S(".csv")) || str_ends(file, S(".xml"))) && x->r->lists.len < x->r->list_room)
            file_list(x->r, xf_place(e, arena_str(x->r->keep, id)), arena_str(x->r->keep, id), arena_str(x->r->keep, file), false, S(""), S(""));
        else
            xf_issue(x, e, id, "E-LIST", XSAY("nguồn danh sách “%.*s” chưa hỗ trợ. Dùng jr://file-csv/%.*s.csv.", STR_ARG(src), STR_ARG(id)),
                     XSAY("the source “%.*s” of a list is not supported. Use jr://file-csv/%.*s.csv.", STR_ARG(src), STR_ARG(id)));
    }
}

/* ---- Choices of a select ------------------------------------------------------------------------------------------------- */

static void refuse_nodeset(XformReader *x, const XfNode *n, Str nodeset)
{
    xf_issue(x, n->control, n->path, "E-LIST", XSAY("nguồn lựa chọn “%.*s” chưa hỗ trợ. Dùng instance('…')/root/item.", STR_ARG(nodeset)),
             XSAY("the source of choices “%.*s” is not supported. Use a list, instance('…') with root and item.", STR_ARG(nodeset)));
}

/* Takes "randomize(" … ", seed)" off. */
static Str without_randomize(XformReader *x, Str nodeset, FormNode *to)
{
    if (!str_starts(nodeset, S("randomize(")) || !str_ends(nodeset, S(")")))
        return nodeset;
    FormPair *pairs = arena_new(x->r->keep, FormPair, 2);
    nodeset         = str_trim(str_take(str_skip(nodeset, 10), nodeset.len - 11));
    size_t end      = nodeset.len;
    int    depth    = 0;
    for (size_t i = 0; i < nodeset.len; i++) {
        depth += nodeset.at[i] == '[' || nodeset.at[i] == '(' ? 1 : nodeset.at[i] == ']' || nodeset.at[i] == ')' ? -1 : 0;
        if (nodeset.at[i] == ',' && !depth)
            end = i;
    }
    pairs[0]        = (FormPair){ S("randomize"), S("true") };
    pairs[1]        = (FormPair){ S("seed"), end < nodeset.len ? arena_str(x->r->keep, str_trim(str_skip(nodeset, end + 1))) : S("") };
    to->params      = pairs;
    to->param_count = pairs[1].value.len ? 2 : 1;
    return str_trim(str_take(nodeset, end));
}

static bool name_choices(XformReader *x, FormList *list, Str column)
{
    int at = -1;
    for (size_t i = 0; i < list->columns.len; i++)
        if (str_eq(list->columns.at[i], column))
            at = (int)i;
    for (size_t i = 0; at >= 0 && i < list->choices.len; i++) {
        FormChoice *c = &list->choices.at[i];
        if (!c->name.len)
            c->name = c->cells[at];
        if (!c->label[x->r->default_lang].len)
            c->label[x->r->default_lang] = c->name;
    }
    return at >= 0;
}

static void read_itemset(XformReader *x, const XfNode *n, const Xml *itemset, FormNode *to)
{
    Str nodeset = without_randomize(x, str_trim(xml_attr(itemset, S(""), S("nodeset"))), to), value, label;
    const Xml *v = xml_child(itemset, S("value")), *l = xml_child(itemset, S("label"));
    value = v ? str_trim(xml_attr(v, S(""), S("ref"))) : S("");
    label = l ? str_trim(xml_attr(l, S(""), S("ref"))) : S("");
    if (!value.len || !label.len) {
        xf_issue(x, itemset, n->path, "E-LIST", S("itemset thiếu value hoặc label. Thêm hai phần này."), S("an itemset has no value or no label. Add them."));
        return;
    }
    Str head = str_cut(nodeset, '[').head, filter = str_skip(nodeset, head.len);
    Str id   = str_starts(head, S("instance(")) ? str_cut(str_skip(head, 10), ')').head : S("");
    id       = id.len ? str_take(id, id.len - 1) : id;
    int list = id.len && str_ends(str_trim(head), S("/root/item")) ? name_set_find(&x->r->lists, id) : -1;
    if (list < 0 || (filter.len && (!str_ends(filter, S("]")) || str_has(filter, S("]["))))) {
        refuse_nodeset(x, n, nodeset);
        return;
    }
    to->list = list;
    if (!str_eq(value, S("name")))
        name_choices(x, &x->r->p->lists.at[list], value);
    if (filter.len < 3)
        return;
    to->choice_filter_src = arena_str(x->r->keep, str_trim(str_take(str_skip(filter, 1), filter.len - 2)));
    expression_later(x->r, n->node, COL_CHOICE_FILTER, to->choice_filter_src, xf_place(itemset, n->path));
}

/* <item><label/><value/></item> inside the control: a list of its own. */
static void read_items(XformReader *x, const XfNode *n, FormNode *to)
{
    if (x->r->lists.len >= x->r->list_room)
        return;
    FormList *list = list_named(x->r, XSAY("items_%d", n->node));
    list->needed   = true;
    XML_EACH(item, n->control) {
        const Xml *value = str_eq(item->name, S("item")) ? xml_child(item, S("value")) : NULL;
        if (!value)
            continue;
        FormText  *texts = arena_new(x->r->keep, FormText, TEXT_KIND_COUNT);
        FormChoice c     = { .value = NAN, .name = arena_str(x->r->keep, str_trim(xml_text(x->r->scratch, value))), .text = texts };
        put_element(x, xml_child(item, S("label")), texts, TEXT_LABEL, (int)(n - x->at.at));
        pick(x, &texts[TEXT_LABEL], c.label);
        if (!c.label[x->r->default_lang].len)
            c.label[x->r->default_lang] = c.name;
        *list_add(x->r->keep, &list->choices) = c;
    }
    to->list = name_set_find(&x->r->lists, list->name);
    if (!list->choices.len)
        xf_issue(x, n->control, n->path, "E-LIST", S("câu chọn chưa có lựa chọn nào. Thêm item hoặc itemset."),
                 S("the select has no choices. Add items or an itemset."));
}

void xf_choices(XformReader *x, XfNode *n, FormNode *to)
{
    if (to->type != Q_SELECT_ONE && to->type != Q_SELECT_MULTIPLE && to->type != Q_RANK)
        return;
    const Xml *itemset = xml_child(n->control, S("itemset"));
    if (itemset)
        read_itemset(x, n, itemset, to);
    else
        read_items(x, n, to);
}
