/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The questions as the public API lists them, and the questionnaires shipped with the program. */
#include "form/form_parts.h"

#include "base/embed.h"

#include <pthread.h>

static void json_pair(Buf *b, const char *key, Str value)
{
    buf_fmt(b, ",\"%s\":", key);
    buf_json_str(b, value);
}

static void choices_json(Buf *b, const FormList *list, Lang l)
{
    buf_lit(b, ",\"choices\":[");
    for (size_t i = 0; i < list->choices.len; i++) {
        const FormChoice *c = &list->choices.at[i];
        buf_add(b, i ? S(",{\"name\":") : S("{\"name\":"));
        buf_json_str(b, c->name);
        json_pair(b, "label", c->label[l].len ? c->label[l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN]);
        buf_byte(b, '}');
    }
    buf_byte(b, ']');
}

static void question_json(Buf *b, const FormProgram *p, int node, Lang l)
{
    const FormNode *n        = &p->nodes.at[node];
    Str             relevant = form_relevant_joined(b->a, p, node);
    buf_lit(b, "{\"name\":");
    buf_json_str(b, n->name);
    json_pair(b, "type", form_type_name(n->type));
    json_pair(b, "label", form_label(p, node, l));
    buf_add(b, n->required_src.len && !str_eq(n->required_src, S("false()")) ? S(",\"required\":true") : S(",\"required\":false"));
    if (relevant.len)
        json_pair(b, "relevant", relevant);
    if (n->constraint_src.len)
        json_pair(b, "constraint", n->constraint_src);
    if (n->list >= 0)
        choices_json(b, &p->lists.at[n->list], l);
    buf_byte(b, '}');
}

void form_questions_json(Buf *out, const FormProgram *p, Lang l)
{
    bool first = true;
    /* Joined conditions are made first so that the list may grow in place. */
    buf_byte(out, '[');
    for (size_t i = 0; i < p->nodes.len; i++) {
        if (!form_node_asks(&p->nodes.at[i]) && p->nodes.at[i].type != Q_NOTE)
            continue;
        if (!first)
            buf_byte(out, ',');
        first = false;
        question_json(out, p, (int)i, l);
    }
    buf_byte(out, ']');
}

/* ---- Shipped --------------------------------------------------------------------------------------------------------- */

enum { MAX_SHIPPED = 32 };
static ShippedForm    shipped[MAX_SHIPPED];
static size_t         shipped_count;
static pthread_once_t shipped_once = PTHREAD_ONCE_INIT;

static void shipped_collect(void)
{
    for (size_t i = 0; i < data_files_count && shipped_count < MAX_SHIPPED; i++) {
        Str name = data_files[i].name;
        if (str_starts(name, S("forms/")) && str_ends(name, S(".xlsx")))
            shipped[shipped_count++] = (ShippedForm){ { name.at + 6, name.len - 11 }, data_files[i].bytes };
    }
}

size_t form_shipped(const ShippedForm **out)
{
    pthread_once(&shipped_once, shipped_collect);
    *out = shipped;
    return shipped_count;
}

const ShippedForm *form_shipped_find(Str name)
{
    const ShippedForm *all;
    size_t             n = form_shipped(&all);
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i].name, name))
            return &all[i];
    return NULL;
}
