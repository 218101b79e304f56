/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How choices stand on a page: side by side as an appearance asks, and long lists as a box to search by. */
#include "form/question.h"

enum { SEARCH_FROM = 200, SEARCH_ASKED_FROM = 16 };

bool form_list_searched(const FormNode *n, size_t count)
{
    bool asked = str_has_word(n->appearance, S("autocomplete")) || str_has_word(n->appearance, S("search"));
    return (n->type == Q_SELECT_ONE || n->type == Q_SELECT_MULTIPLE) && (count > SEARCH_FROM || (asked && count >= SEARCH_ASKED_FROM));
}

/* "columns-3", "compact-3": that many; the older words of ODK mean the same as the newer. A scale alone on its page is rows for the thumb;
 * among other questions its steps stand side by side where there is room. */
const char *form_layout(const FormNode *n, bool alone)
{
    static const char *const columns[] = { "", "pick-1", "pick-2", "pick-tile pick-3", "pick-tile pick-4", "pick-tile pick-5", "pick-tile pick-6",
                                           "pick-tile pick-7", "pick-tile pick-8", "pick-tile pick-9", "pick-tile pick-10" };
    for (StrPair cut = str_cut(n->appearance, ' '); cut.head.len || cut.tail.len; cut = str_cut(cut.tail, ' ')) {
        StrPair word = str_cut(cut.head, '-');
        int64_t k;
        if ((str_eq(word.head, S("columns")) || str_eq(word.head, S("compact")) || str_eq(word.head, S("quickcompact"))) && str_to_i64(word.tail, &k) &&
            k >= 1)
            return columns[k > 10 ? 10 : k];
        if (str_eq(cut.head, S("columns")))
            return "pick-auto";
        if (str_eq(cut.head, S("columns-pack")) || str_eq(cut.head, S("compact")) || str_eq(cut.head, S("quickcompact")) || str_eq(cut.head, S("horizontal")) ||
            str_eq(cut.head, S("horizontal-compact")))
            return "pick-pack";
        if (str_eq(cut.head, S("likert")) && n->type == Q_SELECT_ONE && !alone)
            return "pick-likert";
    }
    return "";
}

bool form_page_looks(const HttpFields *fields)
{
    for (size_t i = 0; i < fields->len; i++) {
        const HttpField *f = &fields->at[i];
        if (str_eq(f->name, S("look")) || str_eq(f->name, S("all")))
            return true;
        if (!str_starts(f->name, S("find.")) || !str_trim(f->value).len)
            continue;
        for (size_t k = 0; k < fields->len; k++)
            if (str_starts(fields->at[k].name, S("found.")) && str_eq(str_skip(fields->at[k].name, 6), str_skip(f->name, 5)) &&
                !str_eq(fields->at[k].value, str_trim(f->value)))
                return true;
    }
    return false;
}
