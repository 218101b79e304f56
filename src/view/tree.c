/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Nodes in reading order with their depth become nested lists. */
#include "view/component.h"

#include "work.html.h"

/* Writes the nodes from at on that lie at level or deeper, and returns the next one. */
static size_t branch(Out *o, const TreeNode *at, size_t i, size_t n, int level)
{
    out_raw(o, level == 0 ? S("<ul class=\"tree\">\n") : S("<ul>\n"));
    while (i < n && at[i].level >= level) {
        out_raw(o, S("<li>"));
        tree_label(o, &at[i]);
        i++;
        if (i < n && at[i].level > level)
            i = branch(o, at, i, n, level + 1);
        out_raw(o, S("</li>\n"));
    }
    out_raw(o, S("</ul>\n"));
    return i;
}

void tree_view(Out *o, const TreeNode *at, size_t n)
{
    if (n)
        branch(o, at, 0, n, 0);
}
