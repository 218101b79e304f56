/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table made by build-tools/catalogue.py; sorted by key bytes. */
#ifndef I18N_CATALOGUE_H
#define I18N_CATALOGUE_H

#include "i18n/i18n.h"

typedef struct CatalogueRow { const char *key; int key_len; Str text[LANG_COUNT]; } CatalogueRow;
extern const CatalogueRow catalogue_rows[];
extern const int catalogue_count;

#endif
