/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Models of the audit pages. */
#ifndef ADMIN_AUDIT_PAGES_H
#define ADMIN_AUDIT_PAGES_H

#include "admin/parts.h"
#include "edition/edition.h"

typedef struct AuditLine { AuditRow row; Str unit, action, short_hash, actor, object; } AuditLine;    /* object: its name, or its kind and number */
typedef LIST(AuditLine) AuditLines;
typedef struct AuditPage {
    AuditLines lines;
    Str token, text, action, from, to, older;
    bool filtered, whole;                        /* whole: the viewer sees every unit */
} AuditPage;
typedef struct AuditVerdict { int64_t count, bad; } AuditVerdict;

#endif
