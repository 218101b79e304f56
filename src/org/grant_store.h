/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What may.c asks of the rows of grants; nobody else includes this. */
#ifndef ORG_GRANT_STORE_H
#define ORG_GRANT_STORE_H

#include "org/org.h"

/* Active grants of a person who may sign in; none for a disabled account. */
MUST_USE Err active_grants(Db *db, Arena *a, PersonId person, Date today, Grants *out);
/* Adds those who hold the right by a grant in this very unit. */
MUST_USE Err unit_holders(Db *db, Arena *a, UnitId unit, Right right, Date today, Holders *add);

#endif
