/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a report is made from: an edition, its figures as a tree, the ranks of the provinces in words. */
#include "report/parts.h"

Str topic_label(const LookNode *t, Lang l)
{
    return look_label(t->whole, l);
}

Str province_label(const Unit *u, Lang l)
{
    return look_province_name(u, l);
}

const Unit *province_of(const ReportSource *s, Str code)
{
    for (size_t i = 0; i < s->look.provinces.len; i++)
        if (str_eq(s->look.provinces.at[i].code, code))
            return &s->look.provinces.at[i];
    return NULL;
}

void report_provinces(Arena *a, const ReportSource *s, StrList *out)
{
    for (size_t i = 0; i < s->look.provinces.len; i++)
        *list_add(a, out) = s->look.provinces.at[i].code;
}

static void find_ranks(Arena *a, ReportSource *s)
{
    LookRank *ranks = look_ranks(&s->look, a, s->look.nodes.at[s->look.top].code);
    for (size_t i = 0; i < s->look.provinces.len; i++)
        for (int l = 0; l < LANG_COUNT && ranks[i].low; l++)
            s->rank[l][i] = text_fmt(a, (Lang)l, "results.rank.range", ARG_N("low", ranks[i].low), ARG_N("high", ranks[i].high));
}

ReportSource *source_make(Arena *a, const EditionRow *e, const Figures *figures, const SurveyMethod *how, const Units *provinces)
{
    ReportSource *s = arena_new(a, ReportSource, 1);
    s->e = *e;
    look_make(a, figures, how, e->place, provinces, &s->look);
    for (int l = 0; l < LANG_COUNT; l++)
        s->rank[l] = arena_new(a, Str, s->look.provinces.len + 1);
    if (s->look.top >= 0)
        find_ranks(a, s);
    return s;
}

/* A report stands without the round before: one that cannot be read is passed over. */
static void source_compare(Db *db, Store *store, Arena *a, ReportSource *s)
{
    EditionRows earlier;
    if (s->look.top < 0 || editions_before(db, a, &s->e, &earlier) || !earlier.len)
        return;
    s->before   = earlier.at[0];
    s->compared = look_edition(db, store, a, &s->before, &s->was) == OK && s->was.nodes.len;
    if (s->compared)
        s->moved = look_province_changes(a, &s->look, &s->was);
}

Err report_source(Db *db, Store *store, Arena *a, const EditionRow *e, ReportSource **out)
{
    Figures      figures;
    SurveyMethod how;
    Units        provinces;
    TRY(edition_figures(db, store, a, e, &figures));
    TRY(method_load(db, a, e->method, &how));
    TRY(unit_list(db, a, UNIT_PROVINCE, e->on, &provinces));
    *out = source_make(a, e, &figures, &how, &provinces);
    source_compare(db, store, a, *out);
    for (int l = 0; l < LANG_COUNT; l++)
        TRY(method_title_of(db, a, (Lang)l, e->method, &(*out)->method[l]));
    return OK;
}
