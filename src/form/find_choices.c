/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Searching a long list by letters with and without marks; letters are folded by ICU, on the offline page by the browser. */
#include "form/question.h"

int64_t form_find_choices(Arena *a, const FormList *list, const int32_t *left, size_t count, Lang l, Str typed, int32_t *out, size_t most)
{
    bool    marked = !str_eq(text_fold(a, typed), str_lower_ascii(a, typed));
    int    *rank   = arena_new(a, int, count);
    int64_t found  = 0;
    for (size_t i = 0; i < count; i++)
        rank[i] = text_match(*a, form_choice_label(&list->choices.at[left[i]], l), typed);
    for (int best = 3; best > (marked ? 1 : 0); best--)
        for (size_t i = 0; i < count; i++)
            if (rank[i] == best && (size_t)found++ < most)
                out[found - 1] = left[i];
    return found;
}
