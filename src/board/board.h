/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Dashboards for leaders: where a unit stands, what moved, what is weak, what runs now. */
#ifndef BOARD_BOARD_H
#define BOARD_BOARD_H

#include "web/web.h"

extern const Route board_routes[], panel_routes[];

#endif
