/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records of a carry-out file, one after the other: looked at, or taken. A file may come twice: what is here already is the same. */
#include "offline/parts.h"

/* ---- One record of a file --------------------------------------------------------------------------------------------- */
/* Its pieces in the open, in an arena of their size. */
static bool record_open(Ctx *c, Arena *a, const CarryRecord *r, Str *xml, HttpPart *files)
{
    uint8_t key[32];
    bool    good = carry_unwrap(a, c->app, r->point, r->wrapped, key) && carry_open(a, key, r->xml.iv, r->xml.box, xml);
    for (size_t i = 0; good && i < r->files.len; i++) {
        Str bytes;
        good     = carry_open(a, key, r->files.at[i].piece.iv, r->files.at[i].piece.box, &bytes);
        files[i] = (HttpPart){ .name = r->files.at[i].name, .file_name = r->files.at[i].name };
        files[i].bytes = good ? bytes : S("");
        files[i].size  = (int64_t)files[i].bytes.len;
    }
    memset(key, 0, sizeof key);
    return good;
}

/* ---- Interviews ------------------------------------------------------------------------------------------------ */
static Err looked(Ctx *c, const CarryIn *in, Str xml, const HttpPart *files, size_t n, CarryResult *out)
{
    FieldLook look;
    TRY(db_begin_read(c->db));
    Err e = field_look(c, in->round, xml, files, n, &look);
    db_rollback(c->db);
    TRY(e);
    out->title = look.title;
    out->code  = arena_str(c->arena, look.code);
    out->kind  = look.outcome == FIELD_STORED ? CARRY_NEW : look.outcome == FIELD_CONFLICT ? CARRY_CONFLICT : look.new_files ? CARRY_MORE : CARRY_SAME;
    return OK;
}

static Err interview(Ctx *c, const CarryIn *in, Str xml, const HttpPart *files, size_t n, CarryResult *out)
{
    FieldOutcome what = FIELD_STORED;
    Err          e    = looked(c, in, xml, files, n, out);
    if (!e && in->write)
        e = field_import(c, in->round, in->device->id, xml, files, n, &what);
    if (err_is(e, ERR_NOT_FOUND) || err_is(e, ERR_INVALID)) {
        out->kind = CARRY_UNKNOWN;
        return OK;
    }
    return e;
}

/* ---- Attempts -------------------------------------------------------------------------------------------------- */
static Err visit_taken(Ctx *c, const FieldVisit *v, VisitKind *out)
{
    Attempt x;
    TRY(db_begin_write(c->db));
    Err e = field_visit_add(c, v, out, &x);
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

static Err attempt(Ctx *c, const CarryIn *in, Str json, CarryResult *out)
{
    static const CarryKind kinds[VISIT_KIND_COUNT] = { CARRY_NEW, CARRY_SAME, CARRY_CONFLICT, CARRY_UNKNOWN, CARRY_FOREIGN, CARRY_WRONG };
    FieldVisit v;
    Str        round;
    VisitKind  kind;
    out->kind = CARRY_WRONG;
    if (!visit_read(c->arena, arena_str(c->arena, json), &round, &v))
        return OK;
    out->title = outcome_text(c->lang, v.x.outcome);
    out->code  = v.code;
    out->kind  = CARRY_UNKNOWN;
    if (!str_eq(round, in->round->code))
        return OK;
    v.round    = in->round->id;
    v.x.person = in->device->person;
    if (in->write) {
        TRY(visit_taken(c, &v, &kind));
    } else {
        TRY(db_begin_read(c->db));
        Err e = field_visit_look(c, &v, &kind);
        db_rollback(c->db);
        TRY(e);
    }
    out->kind = kinds[kind];
    return OK;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */
static Err record_in(Ctx *c, const CarryIn *in, const CarryRecord *r, CarryResult *out)
{
    size_t room = r->xml.box.len + (1 << 20);
    for (size_t i = 0; i < r->files.len; i++)
        room += r->files.at[i].piece.box.len + 4096;
    AUTO(arena_close) Arena a = arena_open(room);
    HttpPart *files = arena_new(c->arena, HttpPart, r->files.len);
    Str       xml   = S("");
    *out = (CarryResult){ .instance = arena_str(c->arena, r->instance), .files = (int64_t)r->files.len, .kind = CARRY_SEALED, .visit = r->visit };
    if (!record_open(c, &a, r, &xml, files))
        return OK;
    return r->visit ? attempt(c, in, xml, out) : interview(c, in, xml, files, r->files.len, out);
}

Err carry_in(Ctx *c, const CarryIn *in, Str bytes, CarryResults *out)
{
    CarryRecords records;
    TRY(carry_read(c->arena, bytes, &records));
    for (size_t i = 0; i < records.len; i++)
        TRY(record_in(c, in, &records.at[i], list_add(c->arena, out)));
    return OK;
}
