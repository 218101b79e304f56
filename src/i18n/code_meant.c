/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words that people type for codes of the program: headings and kinds of spreadsheets. */
#include "i18n/i18n.h"

int text_code_meant(Arena scratch, Str typed, const char *prefix, Str (*code)(int), int n)
{
    Str fold = text_fold(&scratch, str_trim(typed));
    for (int i = 0; i < n; i++) {
        Arena here = scratch;
        Str   key  = str_concat(&here, str_from_c(prefix), code(i));
        if (str_eq(fold, text_fold(&here, code(i))))
            return i;
        for (int l = 0; l < LANG_COUNT; l++)
            if (str_eq(fold, text_fold(&here, text_find((Lang)l, key))))
                return i;
    }
    return -1;
}
