/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A template from its bytes, with everything that is wrong with it in words. */
#include "template/parts.h"

bool template_read(Arena *a, Str bytes, Lang l, TemplateNames names, Template **out, TemplateFaults *faults)
{
    Template *t = arena_new(a, Template, 1);
    Reader    r = { .a = a, .t = t, .faults = faults };
    t->lang  = l;
    t->names = names;
    *out     = t;
    if (!package_read(&r, bytes))
        return false;
    for (size_t i = 0; i < t->parts.len; i++) {
        Part *p = &t->parts.at[i];
        r.part  = p;
        if (p->root) {
            marks_find(&r, p->root);
            loops_make(&r, p->root);
        }
    }
    return faults->len == 0;
}

const TemplateUses *template_uses(const Template *t)
{
    return &t->uses;
}

static bool taken(const Template *t, Str mark)
{
    for (size_t i = 0; i < t->parts.len; i++)
        if ((str_ends(t->parts.at[i].path, S(".rels")) && str_has(t->parts.at[i].bytes, mark)) || str_has(t->parts.at[i].path, mark))
            return true;
    return false;
}

Str template_mark(const Template *t)
{
    static const Str marks[] = { S_INIT("td1-"), S_INIT("td2-"), S_INIT("td3-"), S_INIT("td4-"), S_INIT("td5-") };
    size_t i = 0;
    while (i + 1 < COUNT_OF(marks) && taken(t, marks[i]))
        i++;
    return marks[i];
}

/* ---- Faults in words ------------------------------------------------------------------------------------------------------ */

static const Str codes[TEMPLATE_FAULT_COUNT] = {
    [TEMPLATE_NO_ZIP] = S_INIT("no_zip"),       [TEMPLATE_OLD] = S_INIT("old"),                 [TEMPLATE_NO_WORD] = S_INIT("no_word"),
    [TEMPLATE_STYLESHEET] = S_INIT("dotx"),     [TEMPLATE_STRICT] = S_INIT("strict"),           [TEMPLATE_XML] = S_INIT("xml"),
    [TEMPLATE_LARGE] = S_INIT("large"),         [TEMPLATE_MACROS] = S_INIT("macros"),           [TEMPLATE_EMBEDDED] = S_INIT("embedded"),
    [TEMPLATE_EXTERNAL] = S_INIT("external"),   [TEMPLATE_SIGNED] = S_INIT("signed"),           [TEMPLATE_COMMAND] = S_INIT("command"),
    [TEMPLATE_BRACES] = S_INIT("braces"),       [TEMPLATE_UNKNOWN] = S_INIT("unknown"),         [TEMPLATE_OUTSIDE] = S_INIT("outside"),
    [TEMPLATE_NO_LIST] = S_INIT("no_list"),     [TEMPLATE_LIST_BARE] = S_INIT("list_bare"),     [TEMPLATE_NOT_CLOSED] = S_INIT("not_closed"),
    [TEMPLATE_NOT_OPEN] = S_INIT("not_open"),   [TEMPLATE_CROSSED] = S_INIT("crossed"),         [TEMPLATE_LOOP_PLACE] = S_INIT("loop_place"),
    [TEMPLATE_DEEP] = S_INIT("deep"),           [TEMPLATE_BLOCK_ALONE] = S_INIT("block_alone"), [TEMPLATE_BLOCK_PART] = S_INIT("block_part"),
};

Str template_fault_code(TemplateFaultKind k)
{
    return codes[k];
}

/* Where in the document, for people: its body needs no name. */
static Str place_of(Lang l, Str part)
{
    if (str_has(part, S("/header")))
        return text_of(l, "template.part.header");
    if (str_has(part, S("/footer")))
        return text_of(l, "template.part.footer");
    if (str_has(part, S("notes")))
        return text_of(l, "template.part.notes");
    return S("");
}

Str template_fault_text(Arena *a, Lang l, const TemplateFault *f)
{
    bool guess = f->kind == TEMPLATE_UNKNOWN && f->more.len;
    Str  key   = guess ? S("template.fault.unknown.guess") : str_concat(a, S("template.fault."), codes[f->kind]);
    Str  what  = text_fill(a, l, text_find(l, key), (TextArg[]){ ARG_S("name", f->name), ARG_S("more", f->more) }, 2);
    Str  place = place_of(l, f->part);
    if (place.len)
        what = str_join(a, (Str[]){ place, what }, 2, S(": "));
    return f->near.len ? text_fmt(a, l, "template.fault.near", ARG_S("what", what), ARG_S("near", f->near)) : what;
}
