/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside of the audit module: what is hashed. */
#ifndef AUDIT_AUDIT_CHAIN_H
#define AUDIT_AUDIT_CHAIN_H

#include "audit/audit.h"

/* SHA-256 over prev, seq and every field of e, each text with its length before it. */
Sha256 audit_hash(Arena scratch, const Sha256 *prev, int64_t seq, const AuditEvent *e);
/* "thuocdo-audit 1 <count> <root> <time>": what a checkpoint signs. */
Str    audit_checkpoint_text(Arena *a, int64_t count, const Sha256 *root, Time at);
/* Takes a signed line apart; false when it has another shape. sig: 64 bytes. */
bool   audit_checkpoint_parse(Str line, Str *out_text, int64_t *out_count, Sha256 *out_root, uint8_t sig[64]);

#endif
