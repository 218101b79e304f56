/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console pages of no single module: sign-in, people and rights, audit. */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include "web/web.h"

extern const Route admin_signin_routes[];        /* mounted at / */
extern const Route admin_people_routes[];        /* mounted at /console */
extern const Route admin_grant_routes[];
extern const Route admin_account_routes[];
extern const Route admin_audit_routes[];
extern const Route admin_unit_routes[];

#endif
