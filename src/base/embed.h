/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files built into the program (schema/, data/), sorted by name. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/str.h"

typedef struct EmbeddedFile { Str name, bytes; } EmbeddedFile;   /* name relative to the folder */
extern const EmbeddedFile schema_files[], data_files[];
extern const size_t schema_files_count, data_files_count;

#endif
