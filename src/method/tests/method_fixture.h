/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef METHOD_TESTS_METHOD_FIXTURE_H
#define METHOD_TESTS_METHOD_FIXTURE_H

#include "method/store.h"

/* The draft of a method of that unit; its id. */
int64_t method_fixture(Db *db, Arena *a, UnitId unit);

#endif
