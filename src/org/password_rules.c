/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which passwords are refused: length, lists, patterns, words around the account. */
#include "org/password.h"

#include "base/embed.h"

/* Lower case without marks and blanks: "Mật Khẩu" is "matkhau". */
static Str plain(Arena *a, Str s)
{
    return str_replace(a, text_fold(a, s), S(" "), S(""));
}

/* "P@ssw0rd" is "password". */
static Str unmasked(Arena *a, Str s)
{
    static const char from[] = "013457@$!", to[] = "oieastasi";
    char             *at     = arena_take(a, s.len + 1, 1, 1);
    for (size_t i = 0; i < s.len; i++) {
        const char *p = s.at[i] ? strchr(from, s.at[i]) : NULL;
        at[i]         = p ? to[p - from] : s.at[i];
    }
    return (Str){ at, s.len };
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Without digits and signs at both ends, at most six of them. */
static Str core(Str s)
{
    size_t from = 0, to = s.len;
    while (to > from && !is_letter(s.at[to - 1]))
        to--;
    while (from < to && !is_letter(s.at[from]))
        from++;
    return from + (s.len - to) <= 6 ? (Str){ s.at + from, to - from } : s;
}

static Str list_file(Str name)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, name))
            return data_files[i].bytes;
    return S("");
}

/* The next line of a list that is no comment; empty at the end. */
static Str next_word(Str *rest)
{
    while (rest->len) {
        StrPair p = str_cut(*rest, '\n');
        Str     w = str_trim(p.head);
        *rest     = p.tail;
        if (w.len && w.at[0] != '#')
            return w;
    }
    return S("");
}

static bool listed(Str s)
{
    Str rest = list_file(S("passwords/common.txt"));
    for (Str w; (w = next_word(&rest)).len;)
        if (str_eq(w, s))
            return true;
    return false;
}

static bool common(Arena *a, Str s)
{
    Str clear = unmasked(a, s);
    return listed(s) || listed(core(s)) || listed(clear) || listed(unmasked(a, core(s)));
}

/* Neighbours in the alphabet, among digits or on a row of the keyboard, either way. */
static bool neighbours(char x, char y)
{
    static const char rows[] = "1234567890 qwertyuiop asdfghjkl zxcvbnm";
    if (x == y || y == x + 1 || y == x - 1)
        return true;
    const char *p = x ? strchr(rows, x) : NULL;
    return p && (p[1] == y || (p > rows && p[-1] == y));
}

static bool is_run(Str s)
{
    size_t breaks = 0;
    for (size_t i = 1; i < s.len; i++)
        breaks += !neighbours(s.at[i - 1], s.at[i]);
    return breaks * 4 < s.len && s.len - breaks > 5;
}

static bool is_repeat(Str s)
{
    for (size_t block = 1; block <= 4 && block * 2 <= s.len; block++) {
        size_t i = block;
        while (i < s.len && s.at[i] == s.at[i - block])
            i++;
        if (i == s.len)
            return true;
    }
    return false;
}

/* Eight digits that read as a day: 30041975, 19750430. */
static bool is_day(Str s)
{
    int64_t n;
    if (s.len != 8 || !str_to_i64(s, &n) || n < 0)
        return false;
    int  y1 = (int)(n % 10000), m1 = (int)(n / 10000 % 100), d1 = (int)(n / 1000000);
    int  y2 = (int)(n / 10000), m2 = (int)(n / 100 % 100), d2 = (int)(n % 100);
    return (y1 >= 1900 && y1 < 2100 && !date_is_none(date_from_ymd(y1, m1, d1))) ||
           (y2 >= 1900 && y2 < 2100 && !date_is_none(date_from_ymd(y2, m2, d2)));
}

/* Takes every place of word out of s. */
static Str without(Arena *a, Str s, Str word)
{
    return word.len >= 4 ? str_replace(a, s, word, S("")) : s;
}

/* What is left when the words around the account are taken out is too little to be a password. */
static bool built_on_context(Arena *a, Str s, Str login, Str name)
{
    Str left = without(a, s, plain(a, login));
    left     = without(a, left, plain(a, name));
    for (Str rest = text_fold(a, name); rest.len;) {
        StrPair p = str_cut(rest, ' ');
        left      = without(a, left, p.head);
        rest      = p.tail;
    }
    for (size_t i = 0, from = 0; i <= login.len; i++)
        if (i == login.len || strchr("._-@", login.at[i])) {
            left = without(a, left, plain(a, (Str){ login.at + from, i - from }));
            from = i + 1;
        }
    Str list = list_file(S("passwords/context.txt"));
    for (Str w; (w = next_word(&list)).len;)
        left = without(a, left, w);
    return left.len < s.len && left.len < 6;
}

PasswordFault password_check(Arena scratch, Str password, Str login, Str name)
{
    size_t n = utf8_count(password);
    if (n < 8)
        return PASSWORD_SHORT;
    if (n > 128)
        return PASSWORD_LONG;
    Str s = plain(&scratch, password);
    if (common(&scratch, s))
        return PASSWORD_COMMON;
    if (is_run(s) || is_repeat(s) || is_day(s))
        return PASSWORD_PATTERN;
    if (built_on_context(&scratch, s, login, name) || built_on_context(&scratch, unmasked(&scratch, s), login, name))
        return PASSWORD_CONTEXT;
    return PASSWORD_GOOD;
}
