/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys on P-256, the curve that every browser's WebCrypto has (Ed25519 came to Chromium with version 137). */
#ifndef OFFLINE_P256_H
#define OFFLINE_P256_H

#include "offline/parts.h"

#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>

enum { P256_BYTES = 32 };                                                       /* of a coordinate */

/* The installation's secret for a purpose, a number below the order of the curve. out is initialised for the curve. */
void p256_secret(const AppInfo *app, const char *purpose, struct ecc_scalar *out);
void p256_point(const struct ecc_point *p, uint8_t x[P256_BYTES], uint8_t y[P256_BYTES]);
Str  p256_key(Arena *a, const AppInfo *app, const char *purpose);               /* hex of the public point, 04 x y */
/* ECDSA with SHA-256: hex of r and s, as WebCrypto takes it. Another one each time. */
Str  p256_sign(Arena *a, const AppInfo *app, const char *purpose, Str text);

#endif
