/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages of no single module: home, units, search, about, method, data, privacy, feeds. */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include "edition/edition.h"

extern const Route site_unit_routes[], site_home_routes[], site_text_routes[], site_search_routes[], site_feed_routes[], site_method_routes[];

#endif
