/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's page of offline machines: what each told of itself, carry-out files in, receipts out. A file may come twice: what is
 * here already is the same record, so there is nothing to confirm and nothing to double. */
#include "offline/parts.h"

#include "offline_machines.html.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILE_MOST = 512 << 20 };

/* ---- The page ------------------------------------------------------------------------------------------------------ */
static Err machines_view(Ctx *c, const Round *r, MachinesView *v, int status)
{
    DeviceRows devices;
    TRY(device_list(c->db, c->arena, r->id, &devices));
    v->r         = r;
    v->now       = c->now;
    v->token     = c->page.form_token;
    v->action    = right_has(c, RIGHT_SUBMISSION_SETTLE, r->owner) ? round_console_path(c, r, "/offline") : S("");
    v->back_href = round_console_path(c, r, "/devices");
    for (size_t i = 0; i < devices.len; i++) {
        MachineRow row = { .d = &devices.at[i] };
        Err        e   = offline_state_load(c->db, c->arena, devices.at[i].id, &row.s);
        if (e && !err_is(e, ERR_NOT_FOUND))
            return e;
        Str path          = arena_fmt(c->arena, "/offline/%lld/receipts", (long long)devices.at[i].id.v);
        row.told          = e == OK;
        row.receipts_href = round_console_path(c, r, arena_c(c->arena, path));
        *list_add(c->arena, &v->rows) = row;
    }
    c->page.error = v->errors.len > 0;
    Out o = page_begin(c, text_of(c->lang, "offline.machines.title"));
    page_crumb(c, text_of(c->lang, "phone.devices.title"), v->back_href);
    page_crumb(c, c->page.title, S(""));
    offline_machines_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err machines_page(Ctx *c)
{
    Round        r;
    MachinesView v = { 0 };
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    return machines_view(c, &r, &v, 200);
}

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

static Err record_take(Ctx *c, const Round *round, DeviceId device, const CarryRecord *r, CarryResult *out)
{
    size_t room = r->xml.box.len + (1 << 20);
    for (size_t i = 0; i < r->files.len; i++)
        room += r->files.at[i].piece.box.len + 4096;
    AUTO(arena_close) Arena a = arena_open(room);
    HttpPart    *files = arena_new(c->arena, HttpPart, r->files.len);
    Str          xml   = S("");
    FieldOutcome what  = FIELD_STORED;
    *out = (CarryResult){ .instance = arena_str(c->arena, r->instance), .files = (int64_t)r->files.len, .kind = CARRY_SEALED };
    if (!record_open(c, &a, r, &xml, files))
        return OK;
    Err e = field_import(c, round, device, xml, files, r->files.len, &what);
    if (err_is(e, ERR_NOT_FOUND) || err_is(e, ERR_INVALID)) {
        out->kind = CARRY_UNKNOWN;
        return OK;
    }
    TRY(e);
    out->kind = what == FIELD_STORED ? CARRY_NEW : what == FIELD_SAME ? CARRY_SAME : CARRY_CONFLICT;
    return OK;
}

/* ---- The file -------------------------------------------------------------------------------------------------------------- */
static Err take_all(Ctx *c, const Round *r, DeviceId device, Str bytes, MachinesView *v)
{
    CarryRecords records;
    Err          e = carry_read(c->arena, bytes, &records);
    if (e) {
        field_error(c, &v->errors, S("file"), text_of(c->lang, "offline.machines.file.wrong"));
        return OK;
    }
    for (size_t i = 0; i < records.len; i++)
        TRY(record_take(c, r, device, &records.at[i], list_add(c->arena, &v->results)));
    v->done = true;
    TRY(db_begin_write(c->db));
    e = audit_add(c, S("offline.carry_in"), S("device"), device.v, r->owner, arena_fmt(c->arena, "{\"records\":%zu}", records.len));
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

static Err take_file(Ctx *c, const Round *r, DeviceId device, const HttpPart *part, MachinesView *v)
{
    if (!part->path.len)
        return take_all(c, r, device, part->bytes, v);
    int   fd = open(part->path.at, O_RDONLY | O_CLOEXEC);
    void *at = fd >= 0 ? mmap(NULL, (size_t)part->size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (at == MAP_FAILED)
        return err_new(c->arena, ERR_IO, S("the uploaded file cannot be read"));
    Err e = take_all(c, r, device, (Str){ at, (size_t)part->size }, v);
    munmap(at, (size_t)part->size);
    return e;
}

static Err machines_action(Ctx *c)
{
    Round           r;
    DeviceRows      devices;
    DeviceId        device = { 0 };
    MachinesView    v      = { 0 };
    int64_t         chosen = 0;
    const HttpPart *part   = form_file(c, "file");
    TRY(round_of_console(c, RIGHT_SUBMISSION_SETTLE, &r));
    TRY(device_list(c->db, c->arena, r.id, &devices));
    str_to_i64(form_str(c, "device"), &chosen);
    for (size_t i = 0; i < devices.len; i++)
        if (devices.at[i].id.v == chosen)
            device = devices.at[i].id;
    v.chosen = device;
    if (!device.v)
        field_error(c, &v.errors, S("device"), text_of(c->lang, "offline.machines.device.missing"));
    if (!part || !part->size || part->size > FILE_MOST)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "offline.machines.file.missing"));
    if (!v.errors.len)
        TRY(take_file(c, &r, device, part, &v));
    return machines_view(c, &r, &v, v.errors.len ? 422 : 200);
}

/* ---- Receipts --------------------------------------------------------------------------------------------------------------- */
static Err receipts_file(Ctx *c)
{
    Round        r;
    OfflineNames names;
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    TRY(offline_names(c->db, c->arena, r.id, (DeviceId){ path_int(c, "device") }, &names));
    Buf b = buf_new(c->arena, 4096);
    buf_lit(&b, "{\"receipts\":[");
    for (size_t i = 0; i < names.len; i++) {
        FieldHeld held;
        TRY(field_held(c->db, c->arena, names.at[i].form_id, names.at[i].instance, &held));
        OfflineReceipt receipt = offline_receipt(c->arena, c->app, names.at[i].form_id, names.at[i].instance, &held);
        buf_add(&b, i ? S(",{\"instance\":") : S("{\"instance\":"));
        buf_json_str(&b, names.at[i].instance);
        buf_lit(&b, ",\"receipt\":");
        buf_json_str(&b, receipt.text);
        buf_lit(&b, ",\"signature\":");
        buf_json_str(&b, receipt.signature);
        buf_byte(&b, '}');
    }
    buf_lit(&b, "]}\n");
    return answer_file(c, S("application/json; charset=utf-8"), arena_fmt(c->arena, "bien-nhan-%.*s.json", STR_ARG(r.code)), buf_str(&b));
}

const Route offline_console_routes[] = {
    { GET,  "/rounds/{id}/offline",                   RIGHT_SUBMISSION_READ,   machines_page,   0 },
    { POST, "/rounds/{id}/offline",                   RIGHT_SUBMISSION_SETTLE, machines_action, ROUTE_UPLOAD | ROUTE_LARGE | ROUTE_NO_TX },
    { GET,  "/rounds/{id}/offline/{device}/receipts", RIGHT_SUBMISSION_READ,   receipts_file,   0 },
    { 0 },
};
