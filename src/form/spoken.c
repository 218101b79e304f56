/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A questionnaire in one of its own languages that our pages do not have: Khmer, Mông, Jarai … */
#include "form/form_parts.h"

static bool labelled(const FormProgram *p, int language)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        if (text_of_kind(p->nodes.at[i].text, TEXT_LABEL, language).len)
            return true;
    return false;
}

static FormLanguage language_at(const FormProgram *p, size_t i)
{
    Str          header = str_trim(p->languages.at[i]);
    FormLanguage l      = { .header = p->languages.at[i], .name = header };
    if (str_ends(header, S(")"))) {
        StrPair cut = str_cut_last(str_take(header, header.len - 1), '(');
        l.name      = str_trim(cut.head);
        l.code      = str_trim(cut.tail);
    }
    return l;
}

FormLanguages form_other_languages(Arena *a, const FormProgram *p)
{
    FormLanguages out = { 0 };
    bool          coded;
    for (size_t i = 0; i < p->languages.len; i++)
        if (lang_of_name(p->languages.at[i], &coded) == LANG_OTHER && !str_eq(p->languages.at[i], S("default")) && labelled(p, (int)i))
            *list_add(a, &out) = language_at(p, i);
    return out;
}

FormLanguage form_spoken(const FormProgram *p)
{
    return p->spoken ? language_at(p, (size_t)p->spoken - 1) : (FormLanguage){ 0 };
}

/* Where the language says nothing, what our pages would show stays. */
static void put(Str to[LANG_COUNT], const FormText *text, FormTextKind kind, int language)
{
    Str said = text_of_kind(text, kind, language);
    for (int l = 0; said.len && l < LANG_COUNT; l++)
        to[l] = said;
}

static void put_choices(Arena *a, FormList *list, int language)
{
    FormChoice *at = arena_new(a, FormChoice, list->choices.len + 1);
    if (!list->needed || !list->choices.len)
        return;
    memcpy(at, list->choices.at, list->choices.len * sizeof *at);
    for (size_t i = 0; i < list->choices.len; i++)
        put(at[i].label, at[i].text, TEXT_LABEL, language);
    list->choices.at = at;
}

const FormProgram *form_in_language(Arena *a, const FormProgram *p, Str header)
{
    size_t k = 0;
    while (k < p->languages.len && !str_eq(p->languages.at[k], header))
        k++;
    if (!header.len || k == p->languages.len)
        return p;
    FormProgram *q     = arena_new(a, FormProgram, 1);
    FormNode    *nodes = arena_new(a, FormNode, p->nodes.len + 1);
    FormList    *lists = arena_new(a, FormList, p->lists.len + 1);
    *q        = *p;
    q->spoken = (int)k + 1;
    if (p->nodes.len)
        memcpy(nodes, p->nodes.at, p->nodes.len * sizeof *nodes);
    if (p->lists.len)
        memcpy(lists, p->lists.at, p->lists.len * sizeof *lists);
    q->nodes.at = nodes;
    q->lists.at = lists;
    for (size_t i = 0; i < p->nodes.len; i++) {
        put(nodes[i].label, nodes[i].text, TEXT_LABEL, (int)k);
        put(nodes[i].hint, nodes[i].text, TEXT_HINT, (int)k);
        put(nodes[i].required_message, nodes[i].text, TEXT_REQUIRED_MESSAGE, (int)k);
        put(nodes[i].constraint_message, nodes[i].text, TEXT_CONSTRAINT_MESSAGE, (int)k);
    }
    for (size_t i = 0; i < p->lists.len; i++)
        put_choices(a, &lists[i], (int)k);
    return q;
}
