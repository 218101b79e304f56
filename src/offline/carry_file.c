/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A carry-out file as assets/field/carry.js writes it: "TDCARRY1", the length of the list (4 bytes, little end first), the list as
 * JSON, then the sealed pieces in its order. It comes from anywhere: every length is checked against what is there. */
#include "offline/parts.h"

#include "base/json.h"

enum { FILE_START = 12, LIST_MOST = 16 << 20 };

typedef struct Pieces { Arena *a; Str rest; } Pieces;

static bool text_at(const Json *j, const char *name, size_t most, Str *out)
{
    return json_str(json_get(j, str_from_c(name)), out) && out->len && out->len <= most;
}

static bool piece_read(Pieces *p, const Json *j, CarryPiece *out)
{
    Str     iv;
    int64_t length;
    if (!text_at(j, "iv", 24, &iv) || !str_unhex(iv, out->iv, sizeof out->iv) || !json_int(json_get(j, S("length")), &length) || length < 0 ||
        (uint64_t)length > p->rest.len)
        return false;
    out->box = str_take(p->rest, (size_t)length);
    p->rest  = str_skip(p->rest, (size_t)length);
    return true;
}

static bool carried_read(Pieces *p, const Json *j, CarryRecord *out)
{
    const Json *wrapped = json_get(j, S("wrapped"));
    Str         kind;
    out->visit = json_str(json_get(j, S("kind")), &kind) && str_eq(kind, S("visit"));
    if (!text_at(j, "instance", 200, &out->instance) || !text_at(j, "form_id", 249, &out->form_id) || !text_at(wrapped, "point", 130, &out->point) ||
        !text_at(wrapped, "key", 96, &out->wrapped) || !piece_read(p, json_get(j, S("xml")), &out->xml))
        return false;
    JSON_EACH(f, json_get(j, S("files"))) {
        CarryFile *file = list_add(p->a, &out->files);
        if (!text_at(f, "name", 255, &file->name) || !piece_read(p, f, &file->piece))
            return false;
    }
    return true;
}

Err carry_read(Arena *a, Str bytes, CarryRecords *out)
{
    const uint8_t *at = (const uint8_t *)bytes.at;
    const Json    *list;
    CarryRecords   records = { 0 };
    if (bytes.len < FILE_START || !str_starts(bytes, S("TDCARRY1")))
        return err_new(a, ERR_INVALID, S("no carry-out file"));
    size_t length = (size_t)at[8] | (size_t)at[9] << 8 | (size_t)at[10] << 16 | (size_t)at[11] << 24;
    if (length > LIST_MOST || length > bytes.len - FILE_START)
        return err_new(a, ERR_INVALID, S("the file is cut off"));
    TRY(json_parse(a, str_take(str_skip(bytes, FILE_START), length), &list));
    Pieces p = { a, str_skip(bytes, FILE_START + length) };
    JSON_EACH(j, json_get(list, S("records"))) {
        CarryRecord *r = list_add(a, &records);
        if (!carried_read(&p, j, r))
            return err_fmt(a, ERR_INVALID, "record %zu is damaged or cut off", records.len);
    }
    if (p.rest.len)
        return err_new(a, ERR_INVALID, S("more bytes than the list says"));
    *out = records;
    return OK;
}
