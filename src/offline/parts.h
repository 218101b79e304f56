/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of offline share; nobody else includes this. */
#ifndef OFFLINE_PARTS_H
#define OFFLINE_PARTS_H

#include "offline/offline.h"

/* ---- carry_key.c: what interviews are sealed with on their way ------------------------------------------ */
Str  carry_key(Arena *a, const AppInfo *app);                               /* hex of the public point, 04 x y */
/* An interview's key from its wrapping (both hex); false: not sealed for this installation, or changed. */
bool carry_unwrap(Arena *a, const AppInfo *app, Str point, Str wrapped, uint8_t out[32]);
bool carry_open(Arena *a, const uint8_t key[32], const uint8_t iv[12], Str box, Str *out);   /* false: changed */

/* ---- shell.c: the page itself, its worker and its manifest ---------------------------------------------- */
Err offline_page(Ctx *c);
Err offline_worker(Ctx *c);
Err offline_manifest(Ctx *c);

typedef struct ShellView { Str release, texts, help_phone; bool demo; } ShellView;      /* texts: JSON */

#endif
