/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was published about one unit, for the unit's own page. */
#include "indices/parts.h"

static const PublishedIndex *index_of(const PublishedIndices *x, Str code)
{
    for (size_t i = 0; i < x->len; i++)
        if (str_eq(x->at[i].code, code))
            return &x->at[i];
    return NULL;
}

Err indices_unit_figures(Ctx *c, UnitId unit, UnitFigures *out)
{
    PublishedValues  v;
    PublishedIndices indices;
    UnitFigures      list = { 0 };
    TRY(published_of_unit(c->db, c->arena, unit, &v));
    TRY(published_indices(c->db, c->arena, &indices));
    for (size_t x = 0; x < indices.len; x++)
        for (size_t i = v.len; i > 0; i--) {     /* by index, the newest year first */
            const PublishedValue *at = &v.at[i - 1];
            if (index_of(&indices, at->index) != &indices.at[x])
                continue;
            Str path = arena_fmt(c->arena, "/indices/%.*s/%d", STR_ARG(at->index), at->year);
            UnitFigure *f = list_add(c->arena, &list);
            *f = (UnitFigure){ indices.at[x].name[c->lang], arena_fmt(c->arena, "%d", at->year), at->period[c->lang], S(""), S(""),
                               at->note[c->lang], site_path(c, path) };
            if (!__builtin_isnan(at->score))
                f->score = real_text(c->arena, c->lang, at->score, 2);
            if (at->rank && at->rank_of)
                f->rank = text_fmt(c->arena, c->lang, "indices.rank_of", ARG_N("n", at->rank), ARG_N("of", at->rank_of));
            else if (at->rank)
                f->rank = num_text(c->arena, c->lang, at->rank);
        }
    *out = list;
    return OK;
}
