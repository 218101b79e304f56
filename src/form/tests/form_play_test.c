/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answer sequences: each file of tests/play holds a questionnaire, then sequences of "[steps]" and "[tree]". A line of the
 * tree is "path | value", "path -" for a node that is not relevant, with "! required" or "! constraint" behind it. */
#include "form_test_book.h"
#include "source_root.h"

#include <dirent.h>
#include <stdio.h>

static Str file_read(Arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    CHECK(f != NULL);
    if (!f)
        return S("");
    Buf    b = buf_new(a, 1 << 14);
    char   part[4096];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&b, (Str){ part, n });
    fclose(f);
    return buf_str(&b);
}

/* The JSON of form_play as lines of a tree. */
static Str tree_text(Arena *a, Str json)
{
    const Json *tree;
    Buf         b = buf_new(a, 1024);
    if (json_parse(a, json, &tree))
        return S("no JSON");
    JSON_EACH(j, tree) {
        bool relevant = false;
        Str  value = S(""), violation = S("");
        json_bool(json_get(j, S("relevant")), &relevant);
        json_str(json_get(j, S("value")), &value);
        json_str(json_get(j, S("violation")), &violation);
        buf_add(&b, j->key);
        if (relevant)
            buf_fmt(&b, " |%s%.*s", value.len ? " " : "", STR_ARG(value));
        else
            buf_lit(&b, " -");
        if (violation.len)
            buf_fmt(&b, " ! %.*s", STR_ARG(violation));
        buf_byte(&b, '\n');
    }
    return buf_str(&b);
}

static Str steps_json(Arena *a, Str lines)
{
    Buf  b     = buf_new(a, 256);
    bool first = true;
    buf_byte(&b, '[');
    while (lines.len) {
        StrPair cut = str_cut(lines, '\n');
        lines       = cut.tail;
        if (!cut.head.len)
            continue;
        if (!first)
            buf_byte(&b, ',');
        first = false;
        buf_json_str(&b, cut.head);
    }
    buf_byte(&b, ']');
    return buf_str(&b);
}

static StrPair cut_at(Str s, Str mark)
{
    size_t at;
    return str_find(s, mark, &at) ? (StrPair){ str_take(s, at), str_skip(s, at + mark.len) } : (StrPair){ s, S("") };
}

static int play_file(Arena *a, const char *name)
{
    char path[600];
    snprintf(path, sizeof path, "%s/src/form/tests/play/%s", SOURCE_ROOT, name);
    StrPair      parts = cut_at(file_read(a, path), S("[steps]\n"));
    FormProgram *p     = test_form(a, arena_c(a, str_skip(parts.head, cut_at(parts.head, S("\n")).head.len + 1)));
    int          count = 0;
    for (Str rest = parts.tail; p && rest.len; count++) {
        StrPair one = cut_at(rest, S("[steps]\n")), tree = cut_at(one.head, S("[tree]\n"));
        Buf     out = buf_new(a, 1024);
        rest        = one.tail;
        Err e = form_play(a, p, steps_json(a, tree.head), test_now(), &out);
        Str got = e ? str_concat(a, e->detail, S("\n")) : tree_text(a, buf_str(&out));
        if (!str_eq(str_trim(got), str_trim(tree.tail)))
            test_fail(name, count + 1, "after\n%.*sthe tree is\n%.*swant\n%.*s", STR_ARG(tree.head), STR_ARG(got), STR_ARG(tree.tail));
    }
    return count;
}

TEST(answers_put_in_one_after_the_other_give_the_expected_trees)
{
    DIR *d = opendir(SOURCE_ROOT "/src/form/tests/play");
    int  sequences = 0;
    CHECK(d != NULL);
    for (struct dirent *e; d && (e = readdir(d));)
        if (str_ends(str_from_c(e->d_name), S(".txt"))) {
            Arena work = *a;
            sequences += play_file(&work, e->d_name);
        }
    if (d)
        closedir(d);
    CHECK(sequences >= 25);
}
