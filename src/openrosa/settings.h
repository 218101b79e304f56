/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The QR code that sets up ODK Collect. */
#ifndef OPENROSA_SETTINGS_H
#define OPENROSA_SETTINGS_H

#include "base/base.h"

typedef struct CollectSettings { Str server_url, user, project, icon; } CollectSettings;   /* icon: one letter */
Str collect_settings_json(Arena *a, const CollectSettings *s);
Str collect_settings_code(Arena *a, const CollectSettings *s);     /* what stands in the QR code */

#endif
