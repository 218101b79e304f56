/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Units, successions, people, grants, sign-in and sessions. */
#ifndef ORG_ORG_H
#define ORG_ORG_H

#include "org/password.h"
#include "org/person.h"
#include "org/session.h"
#include "org/totp.h"
#include "org/unit.h"

#endif
