/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Charts in frames and the page that hands out their addresses; inside opendata only. */
#ifndef OPENDATA_EMBED_H
#define OPENDATA_EMBED_H

#include "edition/look.h"
#include "opendata/parts.h"
#include "view/component.h"

typedef struct EmbedFrame { const EditionRow *e; Str title, page_href, site; } EmbedFrame;

/* One way to show an edition elsewhere. */
typedef struct EmbedOffer { Str id, title, src, code, choose_name; int height; Choices choose; Str choose_label; } EmbedOffer;
typedef struct EmbedOffers { const EditionRow *e; Str action, element, script; LIST(EmbedOffer) at; Str unit, item; } EmbedOffers;

#endif
