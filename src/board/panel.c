/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds of tiles, their thresholds and what a value means beside them. */
#include "board/panel.h"

#include <math.h>

static const Str codes[PANEL_KIND_COUNT] = { S_INIT("index"), S_INIT("ranking"), S_INIT("service"), S_INIT("published"), S_INIT("field") };

Str panel_kind_code(PanelKind k)
{
    return codes[k];
}

bool panel_kind_parse(Str code, PanelKind *out)
{
    for (int k = 0; k < PANEL_KIND_COUNT; k++)
        if (str_eq(code, codes[k])) {
            *out = (PanelKind)k;
            return true;
        }
    return false;
}

PanelState panel_state(const PanelTile *t, double x)
{
    if (isnan(x) || (isnan(t->target) && isnan(t->amber) && isnan(t->red)))
        return PANEL_NONE;
    if (!isnan(t->red) && x < t->red)
        return PANEL_RED;
    if (!isnan(t->amber) && x < t->amber)
        return PANEL_AMBER;
    return !isnan(t->target) && x >= t->target ? PANEL_MET : PANEL_FINE;
}

static bool outside(double x)
{
    return !isnan(x) && !(x >= 0 && x <= 1000);
}

static bool above(double low, double high)
{
    return !isnan(low) && !isnan(high) && low > high;
}

Str panel_bounds_fault(const PanelTile *t)
{
    if (outside(t->target) || outside(t->amber) || outside(t->red))
        return S("panel.error.range");
    return above(t->red, t->amber) || above(t->amber, t->target) || above(t->red, t->target) ? S("panel.error.order") : S("");
}
