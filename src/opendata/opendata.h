/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Published figures for other programs and other sites: SDMX, DDI and DCAT of editions, the interface for indicators with its own
 * description, charts in frames. Everything here shows what editions tell already; nothing reads answers. */
#ifndef OPENDATA_OPENDATA_H
#define OPENDATA_OPENDATA_H

#include "web/web.h"

extern const Route opendata_public_routes[], opendata_api_routes[], opendata_openapi_routes[], opendata_embed_routes[];

#endif
