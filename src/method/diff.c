/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What differs between two methods: both as lines of their table, lines of one thing side by side. */
#include "method/method.h"

#include "base/csv.h"

typedef struct Thing { Str what, text; } Thing;
typedef LIST(Thing) Things;

/* Lines of the table without their first and third cell, named by these two. Items are things by their factor too: moving one is a change. */
static Things things_of(Arena *a, const SurveyMethod *m)
{
    Things   out = { 0 };
    Buf      b   = buf_new(a, 8192);
    CsvTable t   = { 0 };
    method_csv(&b, m);
    if (csv_read(a, buf_str(&b), CSV_LIMITS, &t))
        return out;
    for (size_t i = 1; i < t.len; i++) {
        const CsvRow *r = &t.at[i];
        Str parts[7];
        size_t n = 0;
        for (size_t k = 1; k < 7; k++)
            if (k != 2 && csv_cell(r, k).len && !(n && str_eq(parts[n - 1], csv_cell(r, k))))
                parts[n++] = csv_cell(r, k);
        Str text = n ? str_join(a, parts, n, S(" · ")) : S("✓");
        *list_add(a, &out) = (Thing){ str_join(a, (Str[]){ csv_cell(r, 2), csv_cell(r, 0) }, 2, S(" ")), text };
    }
    return out;
}

static const Thing *thing_find(const Things *l, Str what)
{
    for (size_t i = 0; i < l->len; i++)
        if (str_eq(l->at[i].what, what))
            return &l->at[i];
    return NULL;
}

MethodChanges method_changes(Arena *a, const SurveyMethod *before, const SurveyMethod *after)
{
    MethodChanges out = { 0 };
    Things        x = things_of(a, before), y = things_of(a, after);
    for (size_t i = 0; i < x.len; i++) {
        const Thing *other = thing_find(&y, x.at[i].what);
        if (!other || !str_eq(other->text, x.at[i].text))
            *list_add(a, &out) = (MethodChange){ x.at[i].what, x.at[i].text, other ? other->text : S("") };
    }
    for (size_t i = 0; i < y.len; i++)
        if (!thing_find(&x, y.at[i].what))
            *list_add(a, &out) = (MethodChange){ y.at[i].what, S(""), y.at[i].text };
    return out;
}
