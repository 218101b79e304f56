/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page of one unit. */
#ifndef SITE_UNIT_PROFILE_H
#define SITE_UNIT_PROFILE_H

#include "web/web.h"

MUST_USE Err unit_profile_page(Ctx *c);

#endif
