/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON (RFC 8259) of outsiders, read into a tree in an arena. Strict: valid UTF-8, one value, no name twice in
 * an object, limits on depth and count. Written by hand with the functions of buf.h. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/err.h"

typedef enum JsonKind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } JsonKind;

typedef struct Json Json;
struct Json {
    JsonKind kind;
    bool     truth;             /* JSON_BOOL */
    bool     whole;             /* JSON_NUMBER written without fraction and exponent that fits integer */
    uint32_t len;               /* members of an array or object */
    Str      key;               /* its name in the object around it */
    Str      text;              /* JSON_STRING: decoded, may hold NUL; JSON_NUMBER: as written */
    double   num;               /* JSON_NUMBER, always finite */
    int64_t  integer;
    const Json *first, *next;   /* first member; the next one beside it */
};

enum { JSON_DEPTH_MAX = 32, JSON_VALUES_MAX = 200000 };

/* Texts are slices of bytes where nothing was escaped: bytes must live as long as the tree.
 * ERR_INVALID names the byte; ERR_TOO_LARGE past the limits. */
MUST_USE Err json_parse(Arena *a, Str bytes, const Json **out);
/* The same for documents of this program that hold long lists: most values in place of JSON_VALUES_MAX. */
MUST_USE Err json_parse_many(Arena *a, Str bytes, size_t most, const Json **out);

/* The member of that name; NULL when there is none or obj is NULL or no object. */
const Json *json_get(const Json *obj, Str key);
const Json *json_at(const Json *array, size_t i);        /* NULL past the end or when it is no array */
/* Each is false, with *out untouched, for NULL and for values of another kind. */
bool json_str(const Json *j, Str *out);
bool json_int(const Json *j, int64_t *out);              /* whole numbers only */
bool json_num(const Json *j, double *out);
bool json_bool(const Json *j, bool *out);
bool json_is(const Json *j, JsonKind kind);
/* All members: JSON_EACH(member, object) { … member->key … } */
#define JSON_EACH(member, of) for (const Json *member = (of) ? (of)->first : NULL; member; member = member->next)

#endif
