/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes of rules and tables, and where an item belongs. */
#include "method/method.h"

static const Str rule_codes[METHOD_RULE_COUNT] = { S_INIT("transform"), S_INIT("pooling"), S_INIT("no_opinion") };
static const Str rule_values[METHOD_RULE_COUNT][2] = {
    [RULE_TRANSFORM]  = { S_INIT("share"), S_INIT("mean") },
    [RULE_POOLING]    = { S_INIT("items"), S_INIT("factors") },
    [RULE_NO_OPINION] = { S_INIT("left-out"), S_INIT("lowest") },
};
static const Str about_codes[METHOD_ABOUT_COUNT] = { S_INIT("period"), S_INIT("scope"), S_INIT("subjects"), S_INIT("mode"), S_INIT("decision") };
static const Str table_codes[METHOD_TABLE_COUNT] = { S_INIT("factors"), S_INIT("provinces"), S_INIT("map"), S_INIT("breakdowns"), S_INIT("items"),
                                                     S_INIT("coded") };

Str method_rule_code(MethodRule r)
{
    return rule_codes[r];
}

Str method_rule_value(MethodRule r, int value)
{
    return value >= 0 && value < 2 ? rule_values[r][value] : S("");
}

int method_rule_of(const SurveyMethod *m, MethodRule r)
{
    const int values[METHOD_RULE_COUNT] = { (int)m->transform, (int)m->pooling, (int)m->no_opinion };
    return values[r];
}

Str method_about_code(MethodAbout x)
{
    return about_codes[x];
}

Str method_table_code(MethodTable t)
{
    return table_codes[t];
}

bool method_shows(const SurveyMethod *m, MethodTable t)
{
    return !m->tables || (m->tables >> t & 1u);
}

bool method_plain(const SurveyMethod *m)
{
    return m->transform == TRANSFORM_SHARE && m->pooling == POOL_ITEMS && m->no_opinion == NO_OPINION_OUT;
}

Str method_title(const SurveyMethod *m, Lang l)
{
    Str title = m->title[l].len ? m->title[l] : m->title[LANG_VI];
    return title.len ? title : m->code;
}

int method_node(const SurveyMethod *m, Str code)
{
    for (size_t i = 0; code.len && i < m->nodes.len; i++)
        if (str_eq(m->nodes.at[i].code, code))
            return (int)i;
    return -1;
}

/* The longest node code that the item's code begins with. */
static int by_beginning(const SurveyMethod *m, Str item)
{
    int best = -1;
    for (size_t i = 0; i < m->nodes.len; i++) {
        Str  c      = m->nodes.at[i].code;
        bool begins = str_starts(item, c) && (item.len == c.len || item.at[c.len] == '.');
        if (begins && (best < 0 || c.len > m->nodes.at[best].code.len))
            best = (int)i;
    }
    return best;
}

static bool claims(const MethodPlace *p, Str item)
{
    if (str_ends(p->code, S("*")))
        return str_starts(item, str_take(p->code, p->code.len - 1));
    return str_eq(p->code, item);
}

int method_place(const SurveyMethod *m, Str item, int *out_times)
{
    const MethodPlace *best = NULL;
    int                times = 0;
    for (size_t i = 0; i < m->places.len; i++) {
        const MethodPlace *p = &m->places.at[i];
        if (!claims(p, item))
            continue;
        times += !best || !str_eq(best->node, p->node);
        if (!best || p->code.len > best->code.len || !str_ends(p->code, S("*")))
            best = p;
    }
    int node = m->places.len ? (best ? method_node(m, best->node) : -1) : by_beginning(m, item);
    if (out_times)
        *out_times = m->places.len ? times : node >= 0;
    return node;
}
