/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the editions of a round hide. */
#include "edition/parts.h"

/* Figures of items tell the cells that were hidden: of one item nothing else hides it. */
Err editions_hidden(Db *db, Arena *a, const AppInfo *app, RoundId round, Figures *out)
{
    EditionRows rows;
    *out = (Figures){ 0 };
    TRY(edition_of_round(db, a, round, &rows));
    for (size_t e = 0; e < rows.len; e++) {
        Figures f;
        TRY(edition_figures(db, app->store, a, &rows.at[e], &f));
        for (size_t i = 0; i < f.len; i++) {
            const Figure *x = &f.at[i];
            if (x->suppressed && (str_starts(x->name, S("satisfied.")) || str_starts(x->name, S("coded."))))
                *list_add(a, out) = (Figure){ .name = x->name, .by = x->by, .value = x->value, .suppressed = true };
        }
    }
    return OK;
}

bool hidden_earlier(const Figures *earlier, Str name, Str by, Str value)
{
    return figure_find(earlier, name, by, value) != NULL;
}
