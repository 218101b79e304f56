/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's page of offline machines: what each told of itself, carry-out files in, receipts out. What is in a file is shown
 * before any of it is taken. */
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

/* ---- The file: first what is in it, then taking it ----------------------------------------------------------------------- */
static Err bytes_in(Ctx *c, const CarryIn *in, Str bytes, MachinesView *v)
{
    Err e = carry_in(c, in, bytes, &v->results);
    if (!err_is(e, ERR_INVALID))
        return e;
    field_error(c, &v->errors, S("file"), text_of(c->lang, "offline.machines.file.wrong"));
    return OK;
}

static Err file_in(Ctx *c, const CarryIn *in, Str path, int64_t size, MachinesView *v)
{
    int   fd = open(path.at, O_RDONLY | O_CLOEXEC);
    void *at = fd >= 0 ? mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (at == MAP_FAILED)
        return err_new(c->arena, ERR_IO, S("the uploaded file cannot be read"));
    Err e = bytes_in(c, in, (Str){ at, (size_t)size }, v);
    munmap(at, (size_t)size);
    return e;
}

/* In a write transaction of its own. */
static Err written(Ctx *c, Err e)
{
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

/* The bytes wait, sealed as they are, until the import or the next tidying. */
static Err file_wait(Ctx *c, const HttpPart *part, MachinesView *v)
{
    Sha256 sum;
    if (part->path.len)
        TRY(files_adopt(c->store, c->arena, part->path, &sum));
    else
        TRY(files_save(c->store, c->arena, part->bytes, &sum));
    v->file_sum = str_hex(c->arena, sum.at, sizeof sum.at);
    TRY(db_begin_write(c->db));
    return written(c, file_for_now(c->db, &sum));
}

/* The machine of the form; an error when there is none. */
static Err machine_chosen(Ctx *c, const Round *r, MachinesView *v, Device *out)
{
    DeviceRows devices;
    int64_t    chosen = 0;
    TRY(device_list(c->db, c->arena, r->id, &devices));
    str_to_i64(form_str(c, "device"), &chosen);
    for (size_t i = 0; i < devices.len; i++)
        if (devices.at[i].id.v == chosen)
            *out = devices.at[i];
    v->chosen = out->id;
    v->from   = out->login.len ? arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(out->name), STR_ARG(out->login)) : out->name;
    if (!out->id.v)
        field_error(c, &v->errors, S("device"), text_of(c->lang, "offline.machines.device.missing"));
    return OK;
}

static Err machines_action(Ctx *c)
{
    Round           r;
    Device          device = { 0 };
    MachinesView    v      = { 0 };
    const HttpPart *part   = form_file(c, "file");
    TRY(round_of_console(c, RIGHT_SUBMISSION_SETTLE, &r));
    TRY(machine_chosen(c, &r, &v, &device));
    if (!part || !part->size || part->size > FILE_MOST)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "offline.machines.file.missing"));
    if (v.errors.len)
        return machines_view(c, &r, &v, 422);
    CarryIn in = { &r, &device, false };
    TRY(part->path.len ? file_in(c, &in, part->path, part->size, &v) : bytes_in(c, &in, part->bytes, &v));
    if (!v.errors.len)
        TRY(file_wait(c, part, &v));
    v.looked = !v.errors.len;
    return machines_view(c, &r, &v, v.errors.len ? 422 : 200);
}

static Err import_action(Ctx *c)
{
    Round        r;
    Device       device = { 0 };
    MachinesView v      = { 0 };
    Sha256       sum;
    int64_t      size   = 0;
    Err          e      = OK;
    TRY(round_of_console(c, RIGHT_SUBMISSION_SETTLE, &r));
    TRY(machine_chosen(c, &r, &v, &device));
    bool named = str_unhex(form_str(c, "sum"), sum.at, sizeof sum.at);
    if (named)
        e = files_size(c->store, c->arena, sum, &size);
    if (!named || err_is(e, ERR_NOT_FOUND) || (!e && (size <= 0 || size > FILE_MOST)))
        field_error(c, &v.errors, S("file"), text_of(c->lang, "offline.machines.file.gone"));
    else
        TRY(e);
    if (!v.errors.len)
        TRY(file_in(c, &(CarryIn){ &r, &device, true }, files_path(c->store, c->arena, sum), size, &v));
    if (v.errors.len)
        return machines_view(c, &r, &v, 422);
    v.done = true;
    TRY(db_begin_write(c->db));
    TRY(written(c, audit_add(c, S("offline.carry_in"), S("device"), device.id.v, r.owner, arena_fmt(c->arena, "{\"records\":%zu}", v.results.len))));
    return machines_view(c, &r, &v, 200);
}

/* ---- Receipts --------------------------------------------------------------------------------------------------------------- */
static void put_receipt(Buf *b, const char *what, Str name, const OfflineReceipt *r)
{
    buf_fmt(b, "%s{\"%s\":", b->at[b->len - 1] == '[' ? "" : ",", what);
    buf_json_str(b, name);
    buf_lit(b, ",\"receipt\":");
    buf_json_str(b, r->text);
    buf_fmt(b, ",\"signature\":\"%.*s\",\"signature_p256\":\"%.*s\"}", STR_ARG(r->signature), STR_ARG(r->p256));
}

static Err interview_receipts(Ctx *c, const Round *r, DeviceId device, Buf *b)
{
    HeldNames names;
    TRY(field_held_names(c->db, c->arena, r->id, device, &names));
    for (size_t i = 0; i < names.len; i++) {
        FieldHeld held;
        TRY(field_held(c->db, c->arena, collect_keys(c->app), names.at[i].form_id, names.at[i].instance, &held));
        OfflineReceipt receipt = offline_receipt(c->arena, c->app, names.at[i].form_id, names.at[i].instance, &held);
        put_receipt(b, "instance", names.at[i].instance, &receipt);
    }
    return OK;
}

/* Of all attempts of the machine's person: those that it does not know, it passes over. */
static Err visit_receipts(Ctx *c, const Round *r, DeviceId id, Buf *b)
{
    Device      device;
    FieldRound  f;
    FieldVisits visits = { 0 };
    TRY(device_load(c->db, c->arena, id, &device));
    Err e = field_round_load(c->db, c->arena, r->id, &f);
    if (err_is(e, ERR_NOT_FOUND) || !device.person.v)
        return OK;
    TRY(e);
    TRY(field_visits_of(c->db, c->arena, r->id, device.person, &visits));
    for (size_t i = 0; i < visits.len; i++) {
        int64_t ms, chance;
        id_parts(visits.at[i].x.id, &ms, &chance);
        OfflineReceipt receipt = offline_visit_receipt(c->arena, c->app, r->code, visits.at[i].code, &visits.at[i].x, f.erased_at.ms != 0);
        put_receipt(b, "visit", arena_fmt(c->arena, "%lld-%lld", (long long)ms, (long long)chance), &receipt);
    }
    return OK;
}

static Err receipts_file(Ctx *c)
{
    Round    r;
    DeviceId device = { path_int(c, "device") };
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    Buf b = buf_new(c->arena, 4096);
    buf_lit(&b, "{\"receipts\":[");
    TRY(interview_receipts(c, &r, device, &b));
    TRY(visit_receipts(c, &r, device, &b));
    buf_lit(&b, "]}\n");
    return answer_file(c, S("application/json; charset=utf-8"), arena_fmt(c->arena, "bien-nhan-%.*s.json", STR_ARG(r.code)), buf_str(&b));
}

const Route offline_console_routes[] = {
    { GET,  "/rounds/{id}/offline",                   RIGHT_SUBMISSION_READ,   machines_page,   0 },
    { POST, "/rounds/{id}/offline",                   RIGHT_SUBMISSION_SETTLE, machines_action, ROUTE_UPLOAD | ROUTE_LARGE | ROUTE_NO_TX },
    { POST, "/rounds/{id}/offline/import",            RIGHT_SUBMISSION_SETTLE, import_action,   ROUTE_NO_TX },
    { GET,  "/rounds/{id}/offline/{device}/receipts", RIGHT_SUBMISSION_READ,   receipts_file,   0 },
    { 0 },
};
