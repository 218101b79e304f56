/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Versions of questionnaires a reader may see, page by page. */
#ifndef FORM_FORM_PAGE_LIST_H
#define FORM_FORM_PAGE_LIST_H

#include "form/form.h"
#include "org/scope_page.h"

MUST_USE Err form_page_list(Db *db, Arena *a, ScopePage *p, FormRows *out);       /* newest first */

#endif
