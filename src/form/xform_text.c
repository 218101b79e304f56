/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Texts of an XForm: literal where one language is enough, else itext with a translation a language. A text that
 * another language has and this one lacks is "-", as pyxform writes it. */
#include "form/xform_parts.h"

static const struct { FormTextKind kind; const char *form, *folder; } media[] = {
    { TEXT_IMAGE, "image", "images" }, { TEXT_BIG_IMAGE, "big-image", "images" }, { TEXT_AUDIO, "audio", "audio" },
    { TEXT_VIDEO, "video", "video" } };

static bool text_any(const FormText *text, FormTextKind kind)
{
    return text && text[kind].by;
}

static bool media_any(const FormText *text)
{
    for (size_t i = 0; i < COUNT_OF(media); i++)
        if (text_any(text, media[i].kind))
            return true;
    return false;
}

static bool text_refers(const XformWriter *w, const FormText *t)
{
    for (size_t i = 0; t->by && i < w->p->languages.len; i++)
        if (str_has(t->by[i], S("${")))
            return true;
    return false;
}

XformForm xform_text_form(const XformWriter *w, const FormText *text, FormTextKind kind)
{
    bool message = kind == TEXT_REQUIRED_MESSAGE || kind == TEXT_CONSTRAINT_MESSAGE;
    if (kind == TEXT_LABEL && media_any(text))
        return FORM_ITEXT;
    if (kind == TEXT_HINT && text_any(text, TEXT_GUIDANCE))
        return FORM_ITEXT;
    if (!text_any(text, kind))
        return FORM_NOTHING;
    return text[kind].translated || (message && text_refers(w, &text[kind])) ? FORM_ITEXT : FORM_LITERAL;
}

bool xform_list_itext(const XformWriter *w, const FormList *list)
{
    for (size_t i = 0; i < list->choices.len; i++) {
        const FormText *text = list->choices.at[i].text;
        if (media_any(text) || (text_any(text, TEXT_LABEL) && (text[TEXT_LABEL].translated || text_refers(w, &text[TEXT_LABEL]))))
            return true;
    }
    return false;
}

Str xform_text_plain(const XformWriter *w, const FormText *text, FormTextKind kind)
{
    return text_any(text, kind) ? text[kind].by[w->p->language] : S("");
}

void xform_text_value(XformWriter *w, Str text, int node)
{
    size_t at;
    while (str_find(text, S("${"), &at)) {
        StrPair cut = str_cut(str_skip(text, at + 2), '}');
        xml_add_text(&w->b, str_take(text, at));
        buf_lit(&w->b, "<output");
        xml_add_attr(&w->b, "value", arena_fmt(w->a, " %.*s ", STR_ARG(xform_reference(w, cut.head, node, false))));
        buf_lit(&w->b, "/>");
        text = cut.tail;
    }
    xml_add_text(&w->b, text);
}

/* ---- itext ----------------------------------------------------------------------------------------------- */

static void add_value(XformWriter *w, const char *form, Str text, int node)
{
    buf_lit(&w->b, "<value");
    if (form)
        xml_add_attr(&w->b, "form", str_from_c(form));
    buf_byte(&w->b, '>');
    xform_text_value(w, text, node);
    buf_lit(&w->b, "</value>");
}

/* One id in one language. also: guidance, the other form of a hint; -1: none. */
static void add_text(XformWriter *w, Str id, const FormText *text, FormTextKind kind, size_t language, int node)
{
    FormTextKind also = kind == TEXT_HINT ? TEXT_GUIDANCE : kind;
    buf_lit(&w->b, "<text");
    xml_add_attr(&w->b, "id", id);
    buf_byte(&w->b, '>');
    if (text_any(text, kind))
        add_value(w, NULL, text[kind].by[language].len ? text[kind].by[language] : S("-"), node);
    if (also != kind && text_any(text, also))
        add_value(w, "guidance", text[also].by[language].len ? text[also].by[language] : S("-"), node);
    for (size_t i = 0; kind == TEXT_LABEL && i < COUNT_OF(media); i++)
        if (text_any(text, media[i].kind) && text[media[i].kind].by[language].len)
            add_value(w, media[i].form, arena_fmt(w->a, "jr://%s/%.*s", media[i].folder, STR_ARG(text[media[i].kind].by[language])), -1);
    buf_lit(&w->b, "</text>");
}

static void add_node_texts(XformWriter *w, int node, size_t language)
{
    static const struct { FormTextKind kind; const char *id; } kinds[] = {
        { TEXT_CONSTRAINT_MESSAGE, "jr:constraintMsg" }, { TEXT_REQUIRED_MESSAGE, "jr:requiredMsg" }, { TEXT_LABEL, "label" },
        { TEXT_HINT, "hint" } };
    const FormNode *n = &w->p->nodes.at[node];
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (xform_text_form(w, n->text, kinds[i].kind) == FORM_ITEXT)
            add_text(w, arena_fmt(w->a, "%.*s:%s", STR_ARG(w->path[node]), kinds[i].id), n->text, kinds[i].kind, language, node);
}

static void add_list_texts(XformWriter *w, const FormList *list, size_t language)
{
    for (size_t i = 0; i < list->choices.len; i++)
        if (list->choices.at[i].text)
            add_text(w, arena_fmt(w->a, "%.*s-%zu", STR_ARG(list->name), i), list->choices.at[i].text, TEXT_LABEL, language, -1);
}

static void add_translation(XformWriter *w, size_t language)
{
    buf_lit(&w->b, "<translation");
    xml_add_attr(&w->b, "lang", w->p->languages.at[language]);
    if (str_eq(w->p->languages.at[language], w->p->default_language) || str_eq(w->p->languages.at[language], S("default")))
        xml_add_attr(&w->b, "default", S("true()"));
    buf_byte(&w->b, '>');
    for (size_t i = 0; i < w->p->lists.len; i++)
        if (xform_list_itext(w, &w->p->lists.at[i]))
            add_list_texts(w, &w->p->lists.at[i], language);
    for (size_t i = 0; i < w->p->nodes.len; i++)
        add_node_texts(w, (int)i, language);
    buf_lit(&w->b, "</translation>");
}

/* A label also brings its media, a hint its guidance. */
static bool written_in(const FormText *text, FormTextKind kind, size_t language)
{
    bool any = text_any(text, kind) && text[kind].by[language].len;
    if (kind == TEXT_HINT)
        any |= text_any(text, TEXT_GUIDANCE) && text[TEXT_GUIDANCE].by[language].len;
    for (size_t i = 0; kind == TEXT_LABEL && i < COUNT_OF(media); i++)
        any |= text_any(text, media[i].kind) && text[media[i].kind].by[language].len;
    return any;
}

/* A language in which nothing is written makes no translation. */
static bool language_used(const XformWriter *w, size_t language)
{
    for (size_t i = 0; i < w->p->lists.len; i++) {
        const FormList *list  = &w->p->lists.at[i];
        bool            itext = xform_list_itext(w, list);
        for (size_t k = 0; itext && k < list->choices.len; k++)
            if (written_in(list->choices.at[k].text, TEXT_LABEL, language))
                return true;
    }
    for (size_t i = 0; i < w->p->nodes.len; i++)
        for (int k = TEXT_LABEL; k <= TEXT_CONSTRAINT_MESSAGE; k++)
            if (k != TEXT_GUIDANCE && xform_text_form(w, w->p->nodes.at[i].text, (FormTextKind)k) == FORM_ITEXT &&
                written_in(w->p->nodes.at[i].text, (FormTextKind)k, language))
                return true;
    return false;
}

void xform_itext(XformWriter *w)
{
    bool open = false;
    for (size_t i = 0; i < w->p->languages.len; i++) {
        if (!language_used(w, i))
            continue;
        if (!open)
            buf_lit(&w->b, "<itext>");
        open = true;
        add_translation(w, i);
    }
    if (open)
        buf_lit(&w->b, "</itext>");
}
