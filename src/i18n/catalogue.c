/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Languages, finding a text by its key and filling its places. */
#include "i18n/i18n.h"
#include "i18n/catalogue.h"

static const struct { Str code, own_name; } langs[LANG_COUNT] = {
    [LANG_VI] = { S_INIT("vi"), S_INIT("Tiếng Việt") },
    [LANG_EN] = { S_INIT("en"), S_INIT("English") },
};

Str lang_code(Lang l)
{
    return langs[l].code;
}

Str lang_own_name(Lang l)
{
    return langs[l].own_name;
}

bool lang_parse(Str code, Lang *out)
{
    for (int l = 0; l < LANG_COUNT; l++)
        if (str_eq(code, langs[l].code)) {
            *out = (Lang)l;
            return true;
        }
    return false;
}

/* The row of a key, or -1. */
static int row_find(Str key)
{
    int from = 0, to = catalogue_count;
    while (from < to) {
        int mid = from + (to - from) / 2;
        int c   = str_cmp((Str){ catalogue_rows[mid].key, (size_t)catalogue_rows[mid].key_len }, key);
        if (c == 0)
            return mid;
        if (c < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return -1;
}

Str text_find(Lang l, Str key)
{
    int row = row_find(key);
    return row < 0 ? S("") : catalogue_rows[row].text[l];
}

int text_id(const char *key)
{
    return row_find(str_from_c(key)) + 1;
}

Str text_by_id(Lang l, int id)
{
    return id < 1 || id > catalogue_count ? S("") : catalogue_rows[id - 1].text[l];
}

int text_next(Str prefix, int after)
{
    for (int id = after + 1; id <= catalogue_count; id++)
        if (str_starts(text_key(id), prefix))
            return id;
    return 0;
}

Str text_key(int id)
{
    return id < 1 || id > catalogue_count ? S("") : (Str){ catalogue_rows[id - 1].key, (size_t)catalogue_rows[id - 1].key_len };
}

static const TextArg *arg_find(const TextArg *args, size_t n, Str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_from_c(args[i].name), name))
            return &args[i];
    return NULL;
}

/* A place cut off behind its '{': its own braces belong to it ("{n|one unit|{n} units}"). False when it has no end. */
static bool place_cut(Str rest, StrPair *out)
{
    int depth = 0;
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] == '}' && depth-- == 0) {
            *out = (StrPair){ str_take(rest, i), str_skip(rest, i + 1) };
            return true;
        }
        depth += rest.at[i] == '{';
    }
    return false;
}

/* Writes what stands for the place between the braces; false when no argument has its name. */
static bool place_fill(Buf *b, Lang l, Str place, const TextArg *args, size_t n)
{
    StrPair        first = str_cut(place, '|');
    const TextArg *arg   = arg_find(args, n, first.head);
    if (!arg)
        return false;
    if (first.head.len == place.len) {
        buf_add(b, arg->kind == ARG_NUM ? num_text(b->a, l, arg->num) : arg->text);
        return true;
    }
    StrPair forms = str_cut(first.tail, '|');
    bool    one   = arg->kind == ARG_NUM ? arg->num == 1 || arg->num == -1 : str_eq(arg->text, S("1")) || str_eq(arg->text, S("-1"));
    Str     form  = forms.tail.len && !one ? forms.tail : forms.head;
    buf_add(b, str_has(form, S("{")) ? text_fill(b->a, l, form, args, n) : form);
    return true;
}

Str text_fill(Arena *a, Lang l, Str pattern, const TextArg *args, size_t n)
{
    Buf b = buf_new(a, pattern.len + 32);
    while (pattern.len) {
        StrPair open  = str_cut(pattern, '{');
        buf_add(&b, open.head);
        if (open.head.len == pattern.len)
            break;
        StrPair close = { 0 };
        if (!place_cut(open.tail, &close) || !place_fill(&b, l, close.head, args, n)) {
            buf_byte(&b, '{');
            pattern = open.tail;
        } else {
            pattern = close.tail;
        }
    }
    return buf_str(&b);
}
