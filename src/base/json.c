/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A recursive reader of about a microsecond per kilobyte of plain text: every submission passes through it. */
#include "base/json.h"
#include "base/utf8.h"

#include <math.h>

typedef struct Parser {
    Arena      *a;
    const char *at, *end, *begin;
    const char *why;            /* what was wrong at `at`; NULL while all is well */
    size_t      values, most;
    bool        past_limit;
} Parser;

static bool fail(Parser *p, const char *why)
{
    if (!p->why)
        p->why = why;
    return false;
}

static bool fail_limit(Parser *p, const char *why)
{
    p->past_limit = true;
    return fail(p, why);
}

static void skip_blank(Parser *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r'))
        p->at++;
}

static bool take(Parser *p, char c)
{
    if (p->at == p->end || *p->at != c)
        return false;
    p->at++;
    return true;
}

/* ---- Strings ------------------------------------------------------------------------------------ */

static bool take_hex4(Parser *p, int32_t *out)
{
    int32_t n = 0;
    if (p->end - p->at < 4)
        return fail(p, "\\u without four hex digits");
    for (int i = 0; i < 4; i++, p->at++) {
        char c = *p->at;
        int  d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (d < 0)
            return fail(p, "\\u without four hex digits");
        n = n << 4 | d;
    }
    *out = n;
    return true;
}

/* A code point after "\u"; two surrogates make one. */
static bool take_point(Parser *p, int32_t *out)
{
    int32_t high, low;
    if (!take_hex4(p, &high))
        return false;
    *out = high;
    if (high < 0xD800 || high > 0xDFFF)
        return true;
    if (high > 0xDBFF || !take(p, '\\') || !take(p, 'u') || !take_hex4(p, &low) || low < 0xDC00 || low > 0xDFFF)
        return fail(p, "half of a surrogate pair");
    *out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

static bool take_escape(Parser *p, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    if (p->at == p->end)
        return fail(p, "text without end");
    char c = *p->at++;
    if (c == 'u') {
        int32_t cp;
        if (!take_point(p, &cp))
            return false;
        *to += utf8_put(*to, cp);
        return true;
    }
    const char *hit = c ? strchr(from, c) : NULL;
    if (!hit)
        return fail(p, "unknown escape");
    *(*to)++ = into[hit - from];
    return true;
}

static bool plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* After the opening quote. UTF-8 was checked for the whole before. */
static bool take_string(Parser *p, Str *out)
{
    const char *from = p->at;
    while (p->at < p->end && plain(*p->at))
        p->at++;
    if (p->at < p->end && *p->at == '"') {
        *out = (Str){ from, (size_t)(p->at++ - from) };
        return true;
    }
    /* With escapes: the decoded text is never longer than what is written. */
    const char *close = p->at;
    while (close < p->end && *close != '"')
        close += *close == '\\' && close + 1 < p->end ? 2 : 1;
    char *text = arena_take(p->a, (size_t)(close - from), 1, 1), *to = mempcpy(text, from, (size_t)(p->at - from));
    while (p->at < p->end && *p->at != '"') {
        if (plain(*p->at))
            *to++ = *p->at++;
        else if (*p->at++ != '\\')
            return fail(p, "control character in a text");
        else if (!take_escape(p, &to))
            return false;
    }
    *out = (Str){ text, (size_t)(to - text) };
    return take(p, '"') || fail(p, "text without end");
}

/* ---- Numbers ------------------------------------------------------------------------------------ */

static size_t take_digits(Parser *p)
{
    const char *from = p->at;
    while (p->at < p->end && *p->at >= '0' && *p->at <= '9')
        p->at++;
    return (size_t)(p->at - from);
}

static bool take_number(Parser *p, Json *j)
{
    const char *from  = p->at;
    bool        minus = take(p, '-');
    const char *first = p->at;
    size_t      ints  = take_digits(p);
    if (ints == 0 || (ints > 1 && *first == '0'))
        return fail(p, "no such number");
    j->whole = true;
    if (take(p, '.')) {
        j->whole = false;
        if (!take_digits(p))
            return fail(p, "no digit after the point");
    }
    if (take(p, 'e') || take(p, 'E')) {
        j->whole = false;
        if (!take(p, '+'))
            take(p, '-');
        if (!take_digits(p))
            return fail(p, "no digit in the exponent");
    }
    j->kind = JSON_NUMBER;
    j->text = (Str){ from, (size_t)(p->at - from) };
    if (j->whole)
        j->whole = str_to_i64(j->text, &j->integer);
    if (j->whole && !(minus && j->integer == 0)) {
        j->num = (double)j->integer;
        return true;
    }
    /* str_to_f64 reads up to 63 letters and refuses what overflows. */
    return str_to_f64(j->text, &j->num) || fail(p, "number too long or too large");
}

/* ---- Values ------------------------------------------------------------------------------------- */

static bool take_value(Parser *p, Json *j, int depth);

static bool key_twice(const Json *obj)
{
    for (const Json *x = obj->first; x; x = x->next)
        for (const Json *y = x->next; y; y = y->next)
            if (str_eq(x->key, y->key))
                return true;
    return false;
}

/* The same for many members: a keyed hash table, so that nobody can make it slow. */
static bool key_twice_many(Arena scratch, const Json *obj)
{
    size_t room = 64;
    while (room < 2 * (size_t)obj->len)
        room *= 2;
    const Str **table = arena_new(&scratch, const Str *, room);
    for (const Json *x = obj->first; x; x = x->next) {
        size_t i = str_hash(x->key) & (room - 1);
        for (; table[i]; i = (i + 1) & (room - 1))
            if (str_eq(*table[i], x->key))
                return true;
        table[i] = &x->key;
    }
    return false;
}

/* Members up to close; each is appended behind the one before. */
static bool take_members(Parser *p, Json *j, char close, int depth)
{
    const Json **link = &j->first;
    skip_blank(p);
    if (take(p, close))
        return true;
    do {
        Json *member = arena_new(p->a, Json, 1);
        skip_blank(p);
        if (close == '}') {
            if (!take(p, '"'))
                return fail(p, "a name in quotes is wanted");
            if (!take_string(p, &member->key))
                return false;
            skip_blank(p);
            if (!take(p, ':'))
                return fail(p, "':' is wanted");
        }
        if (!take_value(p, member, depth + 1))
            return false;
        *link = member;
        link  = &member->next;
        j->len++;
        skip_blank(p);
    } while (take(p, ','));
    if (!take(p, close))
        return fail(p, close == '}' ? "',' or '}' is wanted" : "',' or ']' is wanted");
    return true;
}

static bool take_word(Parser *p, const char *word, Json *j, JsonKind kind, bool truth)
{
    size_t n = strlen(word);
    if ((size_t)(p->end - p->at) < n || memcmp(p->at, word, n))
        return fail(p, "no such value");
    p->at += n;
    j->kind  = kind;
    j->truth = truth;
    return true;
}

static bool take_object(Parser *p, Json *j, int depth)
{
    j->kind = JSON_OBJECT;
    if (!take_members(p, j, '}', depth))
        return false;
    if (j->len > 16 ? key_twice_many(*p->a, j) : key_twice(j))
        return fail(p, "a name stands twice in this object");
    return true;
}

static bool take_value(Parser *p, Json *j, int depth)
{
    if (depth > JSON_DEPTH_MAX)
        return fail_limit(p, "nested too deep");
    if (p->values++ == p->most)
        return fail_limit(p, "too many values");
    skip_blank(p);
    if (p->at == p->end)
        return fail(p, "a value is wanted");
    switch (*p->at) {
    case '{':
        p->at++;
        return take_object(p, j, depth);
    case '[':
        p->at++;
        j->kind = JSON_ARRAY;
        return take_members(p, j, ']', depth);
    case '"':
        p->at++;
        j->kind = JSON_STRING;
        return take_string(p, &j->text);
    case 't': return take_word(p, "true", j, JSON_BOOL, true);
    case 'f': return take_word(p, "false", j, JSON_BOOL, false);
    case 'n': return take_word(p, "null", j, JSON_NULL, false);
    default:  return take_number(p, j);
    }
}

Err json_parse(Arena *a, Str bytes, const Json **out)
{
    return json_parse_many(a, bytes, JSON_VALUES_MAX, out);
}

Err json_parse_many(Arena *a, Str bytes, size_t most, const Json **out)
{
    size_t right = utf8_fault(bytes);
    if (right < bytes.len)
        return err_fmt(a, ERR_INVALID, "JSON, byte %zu: not UTF-8", right + 1);
    Parser p    = { .a = a, .at = bytes.at, .end = bytes.at + bytes.len, .begin = bytes.at, .most = most };
    Json  *root = arena_new(a, Json, 1);
    bool   good = take_value(&p, root, 1);
    skip_blank(&p);
    if (good && p.at < p.end)
        good = fail(&p, "something follows the value");
    if (!good)
        return err_fmt(a, p.past_limit ? ERR_TOO_LARGE : ERR_INVALID, "JSON, byte %zu: %s", (size_t)(p.at - p.begin) + 1, p.why);
    *out = root;
    return OK;
}

/* ---- Reading the tree --------------------------------------------------------------------------- */

bool json_is(const Json *j, JsonKind kind)
{
    return j && j->kind == kind;
}

const Json *json_get(const Json *obj, Str key)
{
    if (!json_is(obj, JSON_OBJECT))
        return NULL;
    JSON_EACH(member, obj)
        if (str_eq(member->key, key))
            return member;
    return NULL;
}

const Json *json_at(const Json *array, size_t i)
{
    if (!json_is(array, JSON_ARRAY))
        return NULL;
    const Json *member = array->first;
    while (member && i--)
        member = member->next;
    return member;
}

bool json_str(const Json *j, Str *out)
{
    if (!json_is(j, JSON_STRING))
        return false;
    *out = j->text;
    return true;
}

bool json_int(const Json *j, int64_t *out)
{
    if (!json_is(j, JSON_NUMBER) || !j->whole)
        return false;
    *out = j->integer;
    return true;
}

bool json_num(const Json *j, double *out)
{
    if (!json_is(j, JSON_NUMBER))
        return false;
    *out = j->num;
    return true;
}

bool json_bool(const Json *j, bool *out)
{
    if (!json_is(j, JSON_BOOL))
        return false;
    *out = j->truth;
    return true;
}
