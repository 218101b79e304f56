/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A tree written again as JSON reads as the same tree. */
#include "base/base.h"
#include "base/json.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write(Buf *b, const Json *j)
{
    switch (j->kind) {
    case JSON_NULL:   buf_lit(b, "null"); break;
    case JSON_BOOL:   buf_add(b, j->truth ? S("true") : S("false")); break;
    case JSON_NUMBER: buf_json_f64(b, j->num); break;
    case JSON_STRING: buf_json_str(b, j->text); break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        buf_byte(b, j->kind == JSON_ARRAY ? '[' : '{');
        JSON_EACH(member, j) {
            if (member != j->first)
                buf_byte(b, ',');
            if (j->kind == JSON_OBJECT) {
                buf_json_str(b, member->key);
                buf_byte(b, ':');
            }
            write(b, member);
        }
        buf_byte(b, j->kind == JSON_ARRAY ? ']' : '}');
    }
}

static void same(const Json *x, const Json *y)
{
    assert(x->kind == y->kind && x->len == y->len && str_eq(x->key, y->key) && x->truth == y->truth);
    assert(x->kind != JSON_STRING || str_eq(x->text, y->text));
    assert(x->kind != JSON_NUMBER || x->num == y->num);
    const Json *member = y->first;
    JSON_EACH(one, x) {
        same(one, member);
        assert(x->kind != JSON_OBJECT || json_get(x, one->key) == one);
        member = member->next;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 20);
    const Json *j, *again;
    if (json_parse(&a, (Str){ (const char *)data, size }, &j))
        return 0;
    Buf b = buf_new(&a, size);
    write(&b, j);
    Err e = json_parse(&a, buf_str(&b), &again);
    assert(!e);
    same(j, again);
    return 0;
}
