/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Heat table: figures in cells, five steps of colour. */
#include "view/svg.h"

#include "chart_frame.html.h"
#include "chart_heat.html.h"
#include "chart_tiles.html.h"

Str heat_class(const HeatChart *c, double x)
{
    static const Str classes[] = { S_INIT("h1"), S_INIT("h2"), S_INIT("h3"), S_INIT("h4"), S_INIT("h5") };
    int k = 0;
    while (k < 4 && x >= c->cut[k])
        k++;
    return classes[k];
}

void chart_heat(Out *o, const HeatChart *c)
{
    chart_frame_open(o, &c->head);
    steps_key_view(o, c->head.id, c->cut, false, false);
    heat_table_view(o, c);
    chart_source_view(o, &c->head);
    chart_plain_close_view(o);
}
