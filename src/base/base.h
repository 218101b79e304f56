/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Everything of base that other modules use every day. csv.h, xml.h, zip.h and json.h are included by name. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/str.h"

#endif
