/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pieces shared by the page frames; inside view only. */
#ifndef VIEW_FRAME_H
#define VIEW_FRAME_H

#include "view/component.h"

Str  frame_classes(Out *o, const Page *p);               /* of <html>: theme, text size, contrast */
void frame_reload(Out *o, Str to);                         /* where the page leads when no script runs: "60;url=/…" */
Str  frame_title(Out *o, const Page *p);                 /* "Lỗi: … – thước đo" */
Str  frame_absolute(Out *o, const Page *p, Str path);    /* path on site_url; empty when either is empty */
Str  frame_local(Out *o, Str path);                      /* "/en/about" when the page is English */
Str  frame_back(const Page *p);                          /* where a display link comes back to */
bool frame_is(Str value, const char *word);

#endif
