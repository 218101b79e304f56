/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The questionnaire that fuzz targets of several modules read answers, rules and typed forms for: read once, kept for good. */
#ifndef FORM_FUZZ_PROGRAM_H
#define FORM_FUZZ_PROGRAM_H

#include "form/form.h"

#include <assert.h>

static inline const FormProgram *fuzz_program(void)
{
    static Arena        keep, work;
    static FormProgram *p;
    if (p)
        return p;
    keep = arena_open((size_t)1 << 28);
    work = arena_open((size_t)1 << 28);
    FormIssues issues = { 0 };
    Err        e      = form_read_xlsx(&keep, work, form_shipped_find(S("mot-cua"))->bytes, &issues, &p);
    assert(!e && p);
    return p;
}

#endif
