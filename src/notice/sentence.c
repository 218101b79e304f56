/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A notice in words. */
#include "notice/parts.h"

Str notice_sentence(Arena *a, Lang lang, const Notice *n, Str unit)
{
    const TextArg args[] = { ARG_S("title", n->title), ARG_S("unit", unit), ARG_S("word", n->word.len ? text_find(lang, n->word) : S("")),
                             ARG_S("day", n->day.day > 0 ? date_text(a, lang, n->day) : S("–")), ARG_N("n", n->n) };
    return text_fill(a, lang, text_find(lang, str_concat(a, S("notice.topic."), notice_topic_code(n->topic))), args, COUNT_OF(args));
}
