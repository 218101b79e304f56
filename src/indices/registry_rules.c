/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules of the registry: words of addresses, figures as typed, what was before, ranks. */
#include "indices/index_registry.h"

#include <math.h>

bool registry_code_good(Str code)
{
    if (code.len < 2 || code.len > 40 || code.at[0] < 'a' || code.at[0] > 'z' || str_eq(code, S("compare")))
        return false;
    for (size_t i = 0; i < code.len; i++) {
        char k = code.at[i];
        if (!(k >= 'a' && k <= 'z') && !(k >= '0' && k <= '9') && k != '-')
            return false;
    }
    return true;
}

bool registry_local(UnitKind k)
{
    return k == UNIT_DEPARTMENT || k == UNIT_COMMUNE;
}

bool registry_score_parse(Lang l, Str typed, double max, double *out)
{
    double x;
    if (!real_parse_typed(l, typed, &x) || !(x >= 0 && x <= max) || fabs(x * 1e4 - round(x * 1e4)) > 1e-6)
        return false;
    *out = x;
    return true;
}

Str registry_score_text(Arena *a, Lang l, double x)
{
    if (isnan(x))
        return S("");
    int decimals = 0;
    for (double k = 1; decimals < 4 && fabs(x * k - round(x * k)) > 1e-7; k *= 10)
        decimals++;
    return real_text(a, l, x, decimals);
}

const RegistryFigure *registry_figure(const RegistryFigures *f, int year, UnitId unit, int64_t before)
{
    const RegistryFigure *found = NULL;
    for (size_t i = 0; i < f->len; i++)
        if (f->at[i].year == year && f->at[i].unit.v == unit.v && (!before || f->at[i].revision < before))
            found = &f->at[i];
    return found;
}

Date registry_day(int year, Date today)
{
    Date last = date_from_ymd(year, 12, 31);
    return last.day > today.day ? today : last;
}
