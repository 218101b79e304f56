/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the reader refuses: one case a code, with sheet, row and column; all faults at once, in order. */
#include "form_test_book.h"
TEST(form_read_x) { CHECK(true); }
